//! Whether a site lets itself be framed: asked as a browser would ask, by the same way out as everything of a page.

use crate::error::{CaptureError, CaptureErrorKind};
use crate::proxy::{Private, Way};
use bytes::Bytes;
use galley_model::may_be_framed;
use http::{HeaderMap, Request, Uri, header};
use http_body_util::Empty;
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use std::str::FromStr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio_rustls::TlsConnector;

/// Redirects that are followed, each to https.
const MAX_STEPS: usize = 5;
/// Time for all of them together.
const WALL: Duration = Duration::from_secs(20);
/// Most bytes of an answer's head. The rest is not read.
const MAX_HEAD: usize = 32 << 10;

/// Asks for the page at an address, and whether a page of `own`, an origin, may frame it.
///
/// # Errors
/// [`CaptureError`] with a sentence for whoever wants to frame it.
pub(crate) async fn check(url: &str, own: &str, private: &Private) -> Result<(), CaptureError> {
    let late = || CaptureError::new(CaptureErrorKind::TimedOut(WALL.as_secs()), "looking for its headers");
    tokio::time::timeout(WALL, follow(url, own, private)).await.map_err(|_| late())?
}

fn no(sentence: impl Into<String>) -> CaptureError {
    CaptureError::new(CaptureErrorKind::Unreachable(sentence.into()), "to be framed")
}

async fn follow(url: &str, own: &str, private: &Private) -> Result<(), CaptureError> {
    let mut uri = Uri::from_str(url.split('#').next().unwrap_or_default())
        .map_err(|_| no("The address cannot be used."))?;
    for _ in 0..=MAX_STEPS {
        let (status, headers) = head_of(&uri, private).await?;
        let origin = format!("https://{}", uri.authority().map_or("", |a| a.as_str()));
        match status {
            301 | 302 | 303 | 307 | 308 => {
                let to = headers.get(header::LOCATION).and_then(|value| value.to_str().ok());
                uri = next(&uri, to.unwrap_or_default())
                    .ok_or_else(|| no("The page leads on to an address that is not safe (https)."))?;
            }
            200..400 => return framed(own, &origin, &headers),
            _ => return Err(CaptureError::new(CaptureErrorKind::Status(status), "to be framed")),
        }
    }
    Err(no("The page redirects without end."))
}

fn framed(own: &str, origin: &str, headers: &HeaderMap) -> Result<(), CaptureError> {
    let all = |name: &str| -> Vec<&str> {
        headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect()
    };
    let (policies, options) = (all("content-security-policy"), all("x-frame-options"));
    if may_be_framed(own, origin, &policies, &options) {
        return Ok(());
    }
    Err(no(
        "This site does not let other pages show it. Open the website itself, or make a static capture of it.",
    ))
}

/// Where a redirect leads: to https, or nowhere.
fn next(from: &Uri, to: &str) -> Option<Uri> {
    let to = to.split('#').next().unwrap_or_default();
    let authority = from.authority()?.as_str();
    let path = from.path();
    let whole = match to {
        "" => return None,
        _ if to.starts_with("//") => format!("https:{to}"),
        _ if to.starts_with('/') => format!("https://{authority}{to}"),
        _ if to.starts_with('?') => format!("https://{authority}{path}{to}"),
        _ if to.get(..8).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://")) => to.to_owned(),
        // What has a scheme, has another one.
        _ if to.split(['/', '?']).next().is_some_and(|step| step.contains(':')) => return None,
        _ => {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            format!("https://{authority}{folder}/{to}")
        }
    };
    Uri::from_str(&whole).ok().filter(|uri| uri.host().is_some_and(|host| !host.is_empty()))
}

/// Status and headers of the answer.
async fn head_of(uri: &Uri, private: &Private) -> Result<(u16, HeaderMap), CaptureError> {
    let host = uri.host().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
    let stream = Way::new(private.clone()).connect(&bare, uri.port_u16().unwrap_or(443)).await.map_err(no)?;
    let name = ServerName::try_from(bare).map_err(|_| no("The address cannot be used."))?;
    let secured = TlsConnector::from(tls()?).connect(name, stream).await;
    let secured = secured.map_err(|error| no(format!("No safe connection to {host}: {error}.")))?;
    let broken = |error: hyper::Error| no(format!("{host} broke off: {error}."));
    let mut builder = hyper::client::conn::http1::Builder::new();
    builder.max_buf_size(MAX_HEAD);
    let (mut sender, connection) =
        builder.handshake::<_, Empty<Bytes>>(TokioIo::new(secured)).await.map_err(broken)?;
    let request = Request::get(uri.path_and_query().map_or("/", |path| path.as_str()))
        .header(header::HOST, uri.authority().map_or(host, |a| a.as_str()))
        .header(
            header::USER_AGENT,
            concat!("Mozilla/5.0 (compatible; Galley/", env!("CARGO_PKG_VERSION"), ")"),
        )
        .header(header::ACCEPT, "text/html,*/*;q=0.8")
        .header(header::CONNECTION, "close")
        .body(Empty::new())
        .map_err(|_| no("The address cannot be used."))?;
    let connection = async move {
        let _ = connection.await;
        std::future::pending::<()>().await;
    };
    // Dropped with this function, and the connection with it: no body is read.
    tokio::select! {
        answer = sender.send_request(request) => {
            let answer = answer.map_err(broken)?;
            Ok((answer.status().as_u16(), answer.headers().clone()))
        }
        () = connection => Err(no(format!("{host} broke off."))),
    }
}

/// Certificates that this machine trusts, read once they are needed.
fn tls() -> Result<Arc<ClientConfig>, CaptureError> {
    static KNOWN: OnceLock<Arc<ClientConfig>> = OnceLock::new();
    if let Some(known) = KNOWN.get() {
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
        .map_err(CaptureError::crashed)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(KNOWN.get_or_init(|| Arc::new(config)).clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirects_lead_to_https_or_nowhere() {
        let from = Uri::from_static("https://a.example.com:8443/b/c?d");
        let table = [
            ("https://other.example.com/x#y", Some("https://other.example.com/x")),
            ("HTTPS://other.example.com/", Some("https://other.example.com/")),
            ("//cdn.example.com/x", Some("https://cdn.example.com/x")),
            ("/x?y", Some("https://a.example.com:8443/x?y")),
            ("?e=f", Some("https://a.example.com:8443/b/c?e=f")),
            ("x", Some("https://a.example.com:8443/b/x")),
            ("http://a.example.com/", None),
            ("file:///etc/passwd", None),
            ("javascript:alert(1)", None),
            ("", None),
        ];
        for (to, expected) in table {
            let found = next(&from, to).map(|uri| uri.to_string());
            assert_eq!(found.as_deref(), expected, "{to}");
        }
    }

    #[tokio::test]
    async fn private_addresses_are_not_asked() {
        for url in
            ["https://127.0.0.1:9/", "https://10.1.2.3/", "https://[::1]/", "https://169.254.169.254/latest"]
        {
            let error = check(url, "https://proofs.example.com", &Private::Refused).await.unwrap_err();
            assert!(error.reason().contains("private address"), "{url}: {}", error.reason());
        }
    }
}
