//! One-time links: using one up leads to the viewer.

use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::{Edge, plain};

/// Only `GET` uses a link up: programs that look at links before people do ask with `HEAD`.
pub(super) async fn endpoint(State(edge): State<Edge>, Path(code): Path<String>) -> Response {
    let service = edge.inner.backend.service.clone();
    let used = tokio::task::spawn_blocking(move || service.use_one_time_code(&code)).await;
    let Ok(Ok(code)) = used else {
        return plain(StatusCode::GONE, "This link was used already, or it has ended. Ask for a new one.\n");
    };
    let Ok(address) = HeaderValue::from_str(&edge.inner.backend.viewer(&code)) else {
        return plain(StatusCode::INTERNAL_SERVER_ERROR, "This link cannot be followed.\n");
    };
    let mut response = StatusCode::SEE_OTHER.into_response();
    response.headers_mut().insert(header::LOCATION, address);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Says that there may be something, and uses nothing up.
pub(super) async fn look() -> StatusCode {
    StatusCode::NO_CONTENT
}
