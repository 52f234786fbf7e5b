//! The only way from a browser to the internet: a proxy on loopback that looks a name up, looks at the address,
//! and connects to the address it looked at. A name cannot mean something else a moment later, and a redirect, a
//! picture or a frame is a request like any other.

use crate::error::CaptureError;
use bytes::Bytes;
use galley_model::{is_public, private_host};
use http::{Method, Request, Response, StatusCode, Uri, header};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Empty, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::AbortHandle;

const CONNECT: Duration = Duration::from_secs(10);

/// Connections of one page at a time.
const MAX_CONNECTIONS: usize = 256;

/// Hosts whose failures are remembered.
const MAX_PROBLEMS: usize = 1000;

/// Which addresses of private networks may be reached.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Private {
    /// None of them.
    #[default]
    Refused,
    /// These only.
    Only(Vec<SocketAddr>),
    /// All.
    Allowed,
}

impl Private {
    fn admits(&self, address: SocketAddr) -> bool {
        match self {
            Private::Refused => is_public(address.ip()),
            Private::Only(some) => is_public(address.ip()) || some.contains(&address),
            Private::Allowed => true,
        }
    }

    /// Why a page is not captured whose address says by itself that it is private. Names are looked up only when
    /// they are connected to.
    pub fn refusal(&self, url: &str) -> Option<String> {
        let host = private_host(url)?;
        let uri = url.parse::<Uri>().ok()?;
        let port = uri.port_u16().unwrap_or(if uri.scheme_str() == Some("https") { 443 } else { 80 });
        // What is no address is a name of this machine.
        let ip = bare(&host).parse().unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
        (!self.admits(SocketAddr::new(ip, port)))
            .then(|| format!("{host} is a private address, and pages from those are not captured."))
    }
}

/// Looks up where a host is.
type LookUp = Box<
    dyn Fn(String, u16) -> Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>> + Send + Sync,
>;

fn by_the_system(
    host: String,
    port: u16,
) -> Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>> {
    Box::pin(async move { Ok(tokio::net::lookup_host((host, port)).await?.collect()) })
}

impl FromStr for Private {
    type Err = String;

    /// `all`, or addresses with ports, parted by commas.
    fn from_str(text: &str) -> Result<Private, String> {
        if text.trim().eq_ignore_ascii_case("all") {
            return Ok(Private::Allowed);
        }
        let addresses = text.split(',').map(|one| one.trim().parse::<SocketAddr>()).collect::<Result<_, _>>();
        addresses
            .map(Private::Only)
            .map_err(|_| format!("neither `all` nor addresses like 10.1.2.3:443: {text}"))
    }
}

/// Files that a page consists of, in place of the internet.
pub trait LocalFiles: Send + Sync {
    /// Media type and content of what is at a path, which has no slash in front; empty for the first page. Called on
    /// a thread that may wait.
    fn file(&self, path: &str) -> Option<(&'static str, Vec<u8>)>;
}

/// Host of a page that consists of such files. Nobody can have it (RFC 2606).
pub(crate) const LOCAL_HOST: &str = "bundle.invalid";

/// A running proxy. It ends when it is dropped.
pub(crate) struct Proxy {
    address: SocketAddr,
    state: Arc<State>,
    task: AbortHandle,
    /// Dropped with the proxy, which ends the tunnels: they are tasks of their own.
    _open: watch::Sender<()>,
}

struct State {
    way: Way,
    /// All that can be reached, if there are any.
    local: Option<Arc<dyn LocalFiles>>,
    /// Bytes that may still come from outside.
    budget: AtomicU64,
    /// What was wrong with a host, for the sentence that people read.
    problems: Mutex<HashMap<String, String>>,
    /// Ends when the proxy does.
    open: watch::Receiver<()>,
}

impl Proxy {
    /// Opens a port on loopback.
    pub(crate) async fn start(
        private: Private,
        local: Option<Arc<dyn LocalFiles>>,
        budget: u64,
    ) -> Result<Proxy, CaptureError> {
        Proxy::with(Way::new(private), local, budget).await
    }

    async fn with(way: Way, local: Option<Arc<dyn LocalFiles>>, budget: u64) -> Result<Proxy, CaptureError> {
        let listener = TcpListener::bind("127.0.0.1:0").await.map_err(CaptureError::crashed)?;
        let address = listener.local_addr().map_err(CaptureError::crashed)?;
        let (budget, problems) = (AtomicU64::new(budget), Mutex::default());
        let (sender, open) = watch::channel(());
        let state = Arc::new(State { way, local, budget, problems, open });
        let task = tokio::spawn(accept(listener, state.clone())).abort_handle();
        Ok(Proxy { address, state, task, _open: sender })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Whether everything that may be loaded was.
    pub(crate) fn is_exhausted(&self) -> bool {
        self.state.budget.load(Ordering::Relaxed) == 0
    }

    /// Waits until everything that may be loaded was.
    pub(crate) async fn exhausted(&self) {
        while !self.is_exhausted() {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// What was wrong with a host.
    pub(crate) fn problem(&self, host: &str) -> Option<String> {
        self.state.problems.lock().unwrap_or_else(PoisonError::into_inner).get(&bare(host)).cloned()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // The connections are tasks of that task.
        self.task.abort();
    }
}

/// A host as it is looked up: without the brackets of an IPv6 address, in lower case.
fn bare(host: &str) -> String {
    host.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase()
}

async fn accept(listener: TcpListener, state: Arc<State>) {
    let mut connections = tokio::task::JoinSet::new();
    let turns = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    loop {
        let Ok(turn) = turns.clone().acquire_owned().await else { return };
        let Ok((stream, _)) = listener.accept().await else { continue };
        let state = state.clone();
        connections.spawn(async move {
            let service = service_fn(|request| answer(state.clone(), request));
            let connection = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .with_upgrades();
            // What goes wrong is a request that failed, which the page shows or does not.
            let _ = connection.await;
            drop(turn);
        });
        while connections.try_join_next().is_some() {}
    }
}

/// What makes a request fail without an answer, so that the browser shows nothing in the place.
#[derive(Debug)]
struct Refused;

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("refused")
    }
}

impl std::error::Error for Refused {}

type Body = BoxBody<Bytes, io::Error>;

async fn answer(state: Arc<State>, request: Request<Incoming>) -> Result<Response<Body>, Refused> {
    let host = bare(request.uri().host().ok_or(Refused)?);
    let tunnel = request.method() == Method::CONNECT;
    let port = request.uri().port_u16().unwrap_or(if tunnel { 443 } else { 80 });
    if !tunnel && request.uri().scheme_str() != Some("http") {
        return Err(Refused);
    }
    if let Some(files) = &state.local {
        if tunnel || host != LOCAL_HOST {
            return if tunnel { Ok(status(StatusCode::FORBIDDEN)) } else { Err(Refused) };
        }
        return from_files(files.clone(), request.uri().path()).await;
    }
    let upstream = match state.way.connect(&host, port).await {
        Ok(upstream) => upstream,
        Err(problem) => {
            tracing::debug!(host, port, problem, "a page does not get what it asked for");
            let mut problems = state.problems.lock().unwrap_or_else(PoisonError::into_inner);
            if problems.len() < MAX_PROBLEMS {
                problems.insert(host, problem);
            }
            drop(problems);
            return if tunnel { Ok(status(StatusCode::FORBIDDEN)) } else { Err(Refused) };
        }
    };
    if tunnel { Ok(open_tunnel(state, request, upstream)) } else { forward(state, request, upstream).await }
}

fn status(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Empty::new().map_err(|never| match never {}).boxed());
    *response.status_mut() = status;
    response
}

async fn from_files(files: Arc<dyn LocalFiles>, path: &str) -> Result<Response<Body>, Refused> {
    let path = decoded(path.trim_start_matches('/'));
    let found = tokio::task::spawn_blocking(move || files.file(&path)).await.map_err(|_| Refused)?;
    let Some((mime, content)) = found else { return Ok(status(StatusCode::NOT_FOUND)) };
    let mut response = Response::new(Full::new(Bytes::from(content)).map_err(|never| match never {}).boxed());
    response.headers_mut().insert(header::CONTENT_TYPE, http::HeaderValue::from_static(mime));
    Ok(response)
}

/// A path without percent signs. What is no UTF-8 then is no path of a file.
fn decoded(path: &str) -> String {
    let digit = |byte: Option<&u8>| byte.and_then(|b| char::from(*b).to_digit(16));
    let (bytes, mut plain, mut at) = (path.as_bytes(), Vec::with_capacity(path.len()), 0);
    while let Some(&byte) = bytes.get(at) {
        match (byte, digit(bytes.get(at + 1)), digit(bytes.get(at + 2))) {
            (b'%', Some(high), Some(low)) => {
                plain.push((high * 16 + low) as u8);
                at += 3;
            }
            _ => {
                plain.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8(plain).unwrap_or_default()
}

fn open_tunnel(state: Arc<State>, request: Request<Incoming>, upstream: TcpStream) -> Response<Body> {
    tokio::spawn(async move {
        let Ok(upgraded) = hyper::upgrade::on(request).await else { return };
        let (mut down_read, mut down_write) = tokio::io::split(TokioIo::new(upgraded));
        let (mut up_read, mut up_write) = upstream.into_split();
        let mut closed = state.open.clone();
        tokio::select! {
            // Who asks may be silent for good while the answer still comes.
            () = async {
                let _ = tokio::io::copy(&mut down_read, &mut up_write).await;
                let _ = up_write.shutdown().await;
                std::future::pending::<()>().await;
            } => {}
            _ = pour(&state, &mut up_read, &mut down_write) => {}
            // A host that never hangs up must not outlive the capture.
            _ = closed.changed() => {}
        }
        let _ = down_write.shutdown().await;
    });
    status(StatusCode::OK)
}

/// Copies as long as the page may load more.
async fn pour(
    state: &State,
    from: &mut (impl AsyncRead + Unpin),
    to: &mut (impl AsyncWrite + Unpin),
) -> io::Result<()> {
    let mut piece = vec![0; 32 << 10];
    loop {
        let length = from.read(&mut piece).await?;
        if length == 0 || !state.spend(length) {
            return Ok(());
        }
        to.write_all(&piece[..length]).await?;
    }
}

async fn forward(
    state: Arc<State>,
    request: Request<Incoming>,
    upstream: TcpStream,
) -> Result<Response<Body>, Refused> {
    let (mut head, body) = request.into_parts();
    let authority = head.uri.authority().map(ToString::to_string).ok_or(Refused)?;
    let path = head.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
    head.uri = Uri::from_str(&path).map_err(|_| Refused)?;
    without_hops(&mut head.headers);
    head.headers.insert(header::HOST, authority.parse().map_err(|_| Refused)?);
    head.version = http::Version::HTTP_11;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(upstream)).await.map_err(|_| Refused)?;
    tokio::spawn(connection);
    let response = sender.send_request(Request::from_parts(head, body)).await.map_err(|_| Refused)?;
    let (mut head, body) = response.into_parts();
    without_hops(&mut head.headers);
    let body = body.map_err(io::Error::other).map_frame(move |frame| {
        // Nothing more comes through once the budget is spent; the capture then fails as a whole.
        frame.map_data(|data| if state.spend(data.len()) { data } else { Bytes::new() })
    });
    Ok(Response::from_parts(head, body.boxed()))
}

/// Headers that are for the next hop only.
fn without_hops(headers: &mut http::HeaderMap) {
    for name in ["connection", "proxy-connection", "keep-alive", "proxy-authorization", "te", "upgrade"] {
        headers.remove(name);
    }
}

impl State {
    /// Counts bytes. False when there are more than may be.
    fn spend(&self, bytes: usize) -> bool {
        let left = |budget: u64| Some(budget.saturating_sub(bytes as u64));
        self.budget
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, left)
            .is_ok_and(|before| before > bytes as u64)
    }
}

/// How anything outside is reached.
pub(crate) struct Way {
    private: Private,
    look_up: LookUp,
}

impl Way {
    pub(crate) fn new(private: Private) -> Way {
        Way { private, look_up: Box::new(by_the_system) }
    }

    /// Connects to a host as far as it may be reached. Errors are sentences.
    pub(crate) async fn connect(&self, host: &str, port: u16) -> Result<TcpStream, String> {
        let found: Vec<SocketAddr> = match host.parse::<IpAddr>() {
            Ok(ip) => vec![SocketAddr::new(ip, port)],
            Err(_) => match tokio::time::timeout(CONNECT, (self.look_up)(host.to_owned(), port)).await {
                Ok(Ok(found)) => found,
                _ => return Err(format!("The name {host} cannot be looked up.")),
            },
        };
        let Some(first) = found.first().copied() else {
            return Err(format!("The name {host} has no address."));
        };
        let mut problem =
            format!("{host} is the private address {}, and pages from those are not captured.", first.ip());
        for address in found.into_iter().filter(|address| self.private.admits(*address)) {
            problem = match tokio::time::timeout(CONNECT, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => return Ok(stream),
                Ok(Err(error)) => format!("{host} cannot be reached: {error}."),
                Err(_) => format!("{host} does not take the connection."),
            };
        }
        Err(problem)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicUsize;

    /// A server that says its name and counts who connects.
    async fn server(name: &'static str) -> (SocketAddr, Arc<AtomicUsize>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a socket");
        let address = listener.local_addr().expect("an address");
        let count = Arc::new(AtomicUsize::new(0));
        let touched = count.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                touched.fetch_add(1, Ordering::SeqCst);
                let mut head = [0; 1024];
                let _ = stream.read(&mut head).await;
                let length = name.len();
                let text =
                    format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{name}");
                let _ = stream.write_all(text.as_bytes()).await;
            }
        });
        (address, count)
    }

    async fn ask(proxy: &Proxy, request: &str) -> String {
        let mut stream = TcpStream::connect(proxy.address()).await.expect("the proxy");
        stream.write_all(request.as_bytes()).await.expect("sends");
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        String::from_utf8_lossy(&answer).into_owned()
    }

    #[tokio::test]
    async fn a_name_that_changes_its_meaning_leads_nowhere_private() {
        let (open, visits) = server("open").await;
        let (inner, touched) = server("inner").await;
        let asked = Arc::new(AtomicUsize::new(0));
        let count = asked.clone();
        // Every other look-up finds the private one: whoever looks once to check and again to connect ends there.
        let look_up: LookUp = Box::new(move |host, _| {
            let even = count.fetch_add(1, Ordering::SeqCst).is_multiple_of(2);
            let found = match host.as_str() {
                "both.test" => vec![inner, open],
                _ if even => vec![open],
                _ => vec![inner],
            };
            Box::pin(std::future::ready(Ok(found)))
        });
        let proxy = Proxy::with(Way { private: Private::Only(vec![open]), look_up }, None, 1 << 20)
            .await
            .expect("a proxy");
        let get = "GET http://rebind.test/ HTTP/1.1\r\nhost: rebind.test\r\nconnection: close\r\n\r\n";
        let connect = "CONNECT rebind.test:443 HTTP/1.1\r\nhost: rebind.test\r\nconnection: close\r\n\r\n";
        assert!(ask(&proxy, get).await.ends_with("open"));
        assert_eq!(asked.load(Ordering::SeqCst), 1, "one look-up for a connection");
        assert_eq!(ask(&proxy, get).await, "", "the second meaning is refused");
        assert!(proxy.problem("rebind.test").is_some_and(|why| why.contains("is the private address")));
        asked.store(1, Ordering::SeqCst);
        assert!(ask(&proxy, connect).await.starts_with("HTTP/1.1 403"), "no tunnel either");
        let both = get.replace("rebind", "both");
        assert!(
            ask(&proxy, &both).await.ends_with("open"),
            "of several addresses the one that may be reached"
        );
        assert_eq!((visits.load(Ordering::SeqCst), touched.load(Ordering::SeqCst)), (2, 0));
    }

    #[test]
    fn addresses_that_say_they_are_private_are_refused_before_anything_starts() {
        let only: Private = "127.0.0.1:8080,10.1.2.3:443".parse().expect("addresses");
        for (url, none, some) in [
            ("http://127.0.0.1:8080/", false, true),
            ("http://localhost:8080/", false, true),
            ("http://127.0.0.1/", false, false),
            ("https://10.1.2.3/", false, true),
            ("http://10.1.2.3/", false, false),
            ("http://[::1]:8080/", false, false),
            ("https://example.com/", true, true),
        ] {
            assert_eq!(Private::Refused.refusal(url).is_none(), none, "{url}");
            assert_eq!(only.refusal(url).is_none(), some, "{url}");
            assert_eq!(Private::Allowed.refusal(url), None, "{url}");
        }
    }
}
