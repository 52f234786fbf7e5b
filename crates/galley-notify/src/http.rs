//! A client that posts to addresses strangers named: only to the open internet, after looking at what
//! a name stands for; no redirects; nothing of an answer but its status.

use bytes::Bytes;
use galley_model::{callback_host, is_public};
use http::{HeaderValue, Request, Uri, header};
use http_body_util::Full;
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// A receiver that has not taken the connection by then is not there.
const CONNECT: Duration = Duration::from_secs(10);

/// Everything together must not take longer.
const WHOLE: Duration = Duration::from_secs(30);

/// Most bytes of an answer's head.
const MAX_HEAD: usize = 16 << 10;

/// See the module.
pub(crate) struct Client {
    allow_private: bool,
    tls: OnceLock<Arc<ClientConfig>>,
}

impl Client {
    pub(crate) fn new(allow_private: bool) -> Client {
        Client { allow_private, tls: OnceLock::new() }
    }

    /// Posts a document and gives the status of the answer. Errors are sentences for administrators.
    pub(crate) async fn post_xml(
        &self,
        url: &str,
        headers: &[(&'static str, String)],
        body: String,
    ) -> Result<u16, String> {
        let late = || format!("The receiver did not answer within {} seconds.", WHOLE.as_secs());
        tokio::time::timeout(WHOLE, self.post(url, headers, body)).await.map_err(|_| late())?
    }

    async fn post(&self, url: &str, headers: &[(&'static str, String)], body: String) -> Result<u16, String> {
        let host = callback_host(url).map_err(|error| format!("The address cannot be used: {error}."))?;
        let uri: Uri = url.parse().map_err(|_| "The address cannot be used.".to_owned())?;
        let https = uri.scheme_str().is_some_and(|scheme| scheme.eq_ignore_ascii_case("https"));
        let port = uri.port_u16().unwrap_or(if https { 443 } else { 80 });
        let stream = connect(&self.addresses(host, port).await?).await?;

        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
        let authority = uri.authority().map_or(host, |authority| authority.as_str());
        let mut request = Request::post(path)
            .header(header::HOST, authority)
            .header(header::CONTENT_TYPE, "text/xml; charset=utf-8")
            .header(header::USER_AGENT, concat!("Galley/", env!("CARGO_PKG_VERSION")))
            .header(header::CONNECTION, "close");
        for (name, value) in headers {
            if let Ok(value) = HeaderValue::from_str(value) {
                request = request.header(*name, value);
            }
        }
        let request = request
            .body(Full::new(Bytes::from(body)))
            .map_err(|_| "The address cannot be used.".to_owned())?;
        if !https {
            return exchange(stream, request).await;
        }
        let name = ServerName::try_from(host.to_owned())
            .map_err(|_| "The address has no name that a certificate can hold.".to_owned())?;
        let connector = TlsConnector::from(self.tls()?);
        let stream = connector
            .connect(name, stream)
            .await
            .map_err(|error| format!("The connection cannot be secured: {error}."))?;
        exchange(stream, request).await
    }

    /// Addresses of a host that may be called. It is these that are connected to, so that a name cannot
    /// mean something else a moment later.
    async fn addresses(&self, host: &str, port: u16) -> Result<Vec<SocketAddr>, String> {
        let found: Vec<SocketAddr> = match host.parse::<IpAddr>() {
            Ok(ip) => vec![SocketAddr::new(ip, port)],
            Err(_) => tokio::net::lookup_host((host, port))
                .await
                .map_err(|error| format!("The name {host} cannot be looked up: {error}."))?
                .collect(),
        };
        let Some(first) = found.first().copied() else {
            return Err(format!("The name {host} has no address."));
        };
        let allowed: Vec<SocketAddr> =
            found.into_iter().filter(|address| self.allow_private || is_public(address.ip())).collect();
        if allowed.is_empty() {
            return Err(format!(
                "{host} leads to the private address {}, and callbacks to those are not allowed.",
                first.ip()
            ));
        }
        Ok(allowed)
    }

    /// Certificates that this machine trusts, read once they are needed.
    fn tls(&self) -> Result<Arc<ClientConfig>, String> {
        if let Some(known) = self.tls.get() {
            return Ok(known.clone());
        }
        let mut roots = RootCertStore::empty();
        let found = rustls_native_certs::load_native_certs();
        for error in &found.errors {
            tracing::warn!(%error, "a certificate of this machine cannot be read");
        }
        roots.add_parsable_certificates(found.certs);
        let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| format!("TLS cannot be set up: {error}."))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(self.tls.get_or_init(|| Arc::new(config)).clone())
    }
}

async fn connect(addresses: &[SocketAddr]) -> Result<TcpStream, String> {
    let mut problem = "The receiver cannot be reached.".to_owned();
    for address in addresses {
        match tokio::time::timeout(CONNECT, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => problem = format!("The receiver cannot be reached: {error}."),
            Err(_) => problem = "The receiver does not take the connection.".to_owned(),
        }
    }
    Err(problem)
}

/// Sends the request and reads no more than the head of the answer.
async fn exchange<S>(stream: S, request: Request<Full<Bytes>>) -> Result<u16, String>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let broken = |error: hyper::Error| format!("The receiver broke off: {error}.");
    let mut builder = hyper::client::conn::http1::Builder::new();
    builder.max_buf_size(MAX_HEAD);
    let (mut sender, connection) =
        builder.handshake::<_, Full<Bytes>>(TokioIo::new(stream)).await.map_err(broken)?;
    // Dropped with this function, and the connection with it.
    let connection = async move {
        let _ = connection.await;
        std::future::pending::<()>().await;
    };
    tokio::select! {
        answer = sender.send_request(request) => Ok(answer.map_err(broken)?.status().as_u16()),
        () = connection => Err("The receiver broke off.".to_owned()),
    }
}
