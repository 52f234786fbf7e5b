//! All addresses of the server.

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use galley_rest::Options;
use galley_service::{Link, Service};
use proofhq_soap::http::Edge;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};

use crate::hear_out::hear_out;

/// The whole server.
pub(crate) fn router(service: Service, options: Options) -> Router {
    // Pictures, video and sound are compressed already, and players ask for parts of what is stored; live streams
    // must not wait for a full block.
    let worthwhile = SizeAbove::new(1024)
        .and(NotForContentType::IMAGES)
        .and(NotForContentType::SSE)
        .and(NotForContentType::const_new("video/"))
        .and(NotForContentType::const_new("audio/"))
        .and(NotForContentType::const_new("application/octet-stream"));
    let api = galley_rest::router(service.clone(), options)
        .layer(CompressionLayer::new().compress_when(worthwhile));
    let edge = Edge::new(service.clone(), proofhq_soap::http::Options::default());
    Router::new()
        .nest("/api/v1", api)
        .merge(edge.router())
        .route("/", any(root).with_state(edge))
        .route("/", get(async |h: axum::http::HeaderMap| galley_web::app_page(&h)))
        .merge(galley_web::router_without_root())
        .route("/viewer/{code}", get(mini_proof).with_state(service.clone()))
        .merge(health(service))
        .fallback(async || galley_web::not_found())
        .layer(middleware::from_fn(log_failures))
        .layer(middleware::from_fn(hear_out))
}

/// The one address that people and programs share.
async fn root(State(edge): State<Edge>, request: Request) -> Response {
    match edge.root(request).await {
        Ok(answer) => answer,
        Err(request) => match *request.method() {
            Method::GET | Method::HEAD => galley_web::app_page(request.headers()),
            _ => StatusCode::METHOD_NOT_ALLOWED.into_response(),
        },
    }
}

/// The viewer inside somebody else's page, while the proof allows it.
async fn mini_proof(
    State(service): State<Service>,
    Path(code): Path<String>,
    headers: axum::http::HeaderMap,
) -> Response {
    let link = Link { code, user: None };
    match tokio::task::spawn_blocking(move || service.may_embed(&link)).await {
        Ok(Ok(true)) => galley_web::embedded_viewer_page(&headers),
        Ok(Ok(false)) => galley_web::not_found(),
        _ => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

fn health(service: Service) -> Router {
    Router::new().route("/healthz", get(async || "ok\n")).route("/readyz", get(ready)).with_state(service)
}

async fn ready(State(service): State<Service>) -> Response {
    match tokio::task::spawn_blocking(move || service.ready()).await {
        Ok(Ok(())) => "ready\n".into_response(),
        _ => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response(),
    }
}

/// A line in the log for every answer that means a defect or a lack of room.
async fn log_failures(request: Request, next: Next) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let response = next.run(request).await;
    // SOAP faults are 500 by definition; the service has logged those that are defects.
    let soap =
        response.headers().get("content-type").is_some_and(|t| t.as_bytes().ends_with(b"xml; charset=utf-8"));
    if response.status().is_server_error() && !soap {
        // Links are secrets: only the first two parts of an address are logged.
        let place: Vec<&str> = path.splitn(5, '/').take(4).collect();
        tracing::warn!(%method, place = place.join("/"), status = response.status().as_u16(), "request failed");
    }
    response
}
