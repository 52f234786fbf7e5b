//! The addresses of the contract: `/soap` and its synonyms, uploads, downloads.
//!
//! This module reads bytes and writes bytes. What a request means is decided by the dispatcher.

mod body;
mod docs;
mod download;
mod once;
mod upload;
mod wsdl;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use crate::dispatch::Pace;
use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use galley_service::Service;
use soap::{ApiVersion, Fault, Limits, SoapVersion};
use tokio::runtime::Handle;
use tokio::sync::Semaphore;

use crate::{
    BASE, Dispatcher, Reply, ServiceBackend, VERSIONS, endpoint_address, endpoint_version, faults,
    version_segment,
};

/// Requests of at most this size are looked at on the spot; longer ones take long enough to read that
/// they must not keep a thread of the runtime.
const SMALL: usize = 4 << 10;

/// How the edge treats its clients.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Bounds of one SOAP request.
    pub limits: Limits,
    /// A sender who is silent for so long has gone.
    pub silence: Duration,
    /// A SOAP request that takes longer to arrive is dropped.
    pub patience: Duration,
    /// Uploads at the same time; the next ones wait for `silence` and are then sent away.
    pub uploads: usize,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            limits: Limits::default(),
            silence: Duration::from_secs(30),
            patience: Duration::from_secs(300),
            uploads: 32,
        }
    }
}

/// Everything the addresses need. Cheap to clone.
#[derive(Clone)]
pub struct Edge {
    inner: Arc<Inner>,
}

struct Inner {
    backend: ServiceBackend,
    dispatcher: Dispatcher<ServiceBackend>,
    options: Options,
    /// The WSDLs, written when first asked for.
    wsdls: wsdl::Library,
    /// The reference, likewise.
    shelf: docs::Shelf,
    uploads: Semaphore,
    /// Turns to answer briefly on a thread of the runtime, one of which is always left to everything else.
    brief: Semaphore,
}

/// All addresses but `/`, which belongs to the web application; see [`Edge::root`].
pub fn router(service: Service, options: Options) -> Router {
    Edge::new(service, options).router()
}

/// The WSDL of `version` of a server that people reach at `public_url`.
pub fn wsdl_text(public_url: &str, version: ApiVersion) -> String {
    crate::wsdl(&crate::registry(), version, &endpoint_address(public_url, version))
}

/// Whether the address asks for a WSDL: `?wsdl` in any letter case, with or without a value.
pub fn wants_wsdl(uri: &Uri) -> bool {
    let mut keys =
        uri.query().unwrap_or_default().split('&').map(|pair| pair.split('=').next().unwrap_or(pair));
    keys.any(|key| key.eq_ignore_ascii_case("wsdl"))
}

impl Edge {
    /// Puts the addresses on top of the use cases.
    pub fn new(service: Service, options: Options) -> Edge {
        let wsdls = wsdl::Library::new(service.config().public_url.clone());
        let inner = Inner {
            backend: ServiceBackend::new(service),
            dispatcher: Dispatcher::complete(),
            options,
            wsdls,
            shelf: docs::Shelf::default(),
            uploads: Semaphore::new(options.uploads),
            brief: Semaphore::new(spare_threads()),
        };
        Edge { inner: Arc::new(inner) }
    }

    /// All addresses but `/`.
    pub fn router(&self) -> Router {
        Router::new()
            .route("/soap", any(endpoint))
            .route("/soap/", any(endpoint))
            .route("/soap.php", any(endpoint))
            .route("/upload.php", any(upload::endpoint))
            .route("/soap/upload", any(upload::endpoint))
            .route("/file/download", get(download::endpoint))
            .route("/file/printup/code/{code}", get(download::summary))
            .route("/docs", get(docs::elsewhere))
            .route("/docs/api", get(docs::first_page))
            .route("/docs/api/", get(docs::elsewhere))
            .route("/docs/api/{page}", get(docs::page))
            .route("/proof/once/{code}", get(once::endpoint).head(once::look))
            .route("/{version}/soap", any(versioned))
            .route("/{version}/soap/", any(versioned))
            .route("/{version}/soap.php", any(versioned))
            .route("/{version}/soap.wsdl", any(versioned))
            .with_state(self.clone())
    }

    /// Answers a request to `/` if it is for the API: everything posted, and questions for the WSDL.
    /// Everything else comes back, for the web application.
    ///
    /// # Errors
    /// The request, untouched.
    pub async fn root(&self, request: Request) -> Result<Response, Box<Request>> {
        let reading = matches!(*request.method(), Method::GET | Method::HEAD);
        if *request.method() == Method::POST || (reading && wants_wsdl(request.uri())) {
            Ok(self.answer(BASE, request).await)
        } else {
            Err(Box::new(request))
        }
    }

    async fn answer(&self, version: ApiVersion, request: Request) -> Response {
        match *request.method() {
            Method::POST => self.call(version, request).await,
            Method::GET | Method::HEAD
                if wants_wsdl(request.uri()) || request.uri().path().ends_with(".wsdl") =>
            {
                self.inner.wsdls.document(version).answer(request.headers())
            }
            Method::GET | Method::HEAD => {
                let address = endpoint_address(&self.inner.backend.service.config().public_url, version);
                plain(StatusCode::OK, format!("SOAP API, version {version}. Its WSDL is at {address}?wsdl\n"))
            }
            _ => {
                let mut response = plain(StatusCode::METHOD_NOT_ALLOWED, "SOAP requests are posted.\n");
                response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD, POST"));
                response
            }
        }
    }

    /// A SOAP request from its first byte to the answer.
    async fn call(&self, version: ApiVersion, request: Request) -> Response {
        let (head, body) = request.into_parts();
        let options = &self.inner.options;
        let zipped = match body::encoding(&head.headers) {
            Ok(zipped) => zipped,
            Err(body::Unknown) => return fault(Fault::bad_request(), 500),
        };
        let bytes = match body::read(&head.headers, body, options).await {
            Ok(bytes) => bytes,
            Err(body::Refused::TooLarge) => return fault(Fault::bad_request(), 500),
            Err(body::Refused::Gone) => return fault(Fault::bad_request(), 408),
        };
        let zip_answer = body::accepts_gzip(&head.headers);
        if !zipped && bytes.len() <= SMALL {
            let inner = &self.inner;
            // Compression is no brief work.
            let turn = if zip_answer { None } else { inner.brief.try_acquire().ok() };
            let slowest = if turn.is_some() { Pace::Brief } else { Pace::AtOnce };
            let work = || {
                inner.dispatcher.dispatch_at_once(&inner.backend, version, &bytes, &options.limits, slowest)
            };
            match catch_unwind(AssertUnwindSafe(work)) {
                Ok(Some(reply)) => return envelope(reply, false),
                Ok(None) => {}
                Err(_) => return panicked(),
            }
        }
        let edge = self.clone();
        let work = move || {
            let inner = &edge.inner;
            let limits = &inner.options.limits;
            let inflated = if zipped { body::inflate(&bytes, limits.body) } else { Some(bytes) };
            let Some(bytes) = inflated else { return fault(Fault::bad_request(), 500) };
            envelope(inner.dispatcher.dispatch(&inner.backend, version, &bytes, limits), zip_answer)
        };
        tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| panicked())
    }
}

/// The answer when an operation panicked; the panic itself is in the log.
fn panicked() -> Response {
    tracing::error!("an operation panicked");
    fault(faults::internal(), 500)
}

/// Threads of the runtime but one; none where there is a single one.
fn spare_threads() -> usize {
    Handle::try_current().map_or(0, |runtime| runtime.metrics().num_workers().saturating_sub(1))
}

async fn endpoint(State(edge): State<Edge>, request: Request) -> Response {
    edge.answer(BASE, request).await
}

/// Addresses such as `/16_24_0/soap`. Anything else that ends like them is no page of anybody's.
async fn versioned(State(edge): State<Edge>, Path(segment): Path<String>, request: Request) -> Response {
    if let Some(version) = endpoint_version(&segment) {
        return edge.answer(version, request).await;
    }
    let (first, last) =
        (version_segment(BASE), VERSIONS.last().copied().map_or_else(String::new, version_segment));
    plain(
        StatusCode::NOT_FOUND,
        format!(
            "There is no such version of the API. Versions are /{first}/soap to /{last}/soap; /soap is the first.\n"
        ),
    )
}

fn envelope(reply: Reply, zip: bool) -> Response {
    match &reply.fault {
        None => tracing::debug!(operation = reply.operation, "answered"),
        Some(fault) => tracing::debug!(operation = reply.operation, %fault, "answered with a fault"),
    }
    respond(reply.answer.status, reply.answer.content_type, reply.answer.body, zip)
}

/// A fault about a request that was not read.
fn fault(fault: Fault, status: u16) -> Response {
    let answer = fault.answer(SoapVersion::V11);
    respond(status, answer.content_type, answer.body, false)
}

fn respond(status: u16, content_type: &'static str, body: Vec<u8>, zip: bool) -> Response {
    let zipped = if zip { body::deflate(&body) } else { None };
    let encoded = zipped.is_some();
    let mut response = Body::from(zipped.unwrap_or(body)).into_response();
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    if encoded {
        gzip_headers(headers);
    }
    response
}

fn gzip_headers(headers: &mut HeaderMap) {
    headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
}

fn plain(status: StatusCode, text: impl Into<Body>) -> Response {
    let mut response = (status, text.into()).into_response();
    let kind = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}
