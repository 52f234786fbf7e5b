//! Originals, for whoever holds a personal or team code.

use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use galley_service::{Link, Original, ServiceError};
use std::collections::HashMap;
use std::path::PathBuf;
use tokio::io::AsyncReadExt;

use super::{Edge, plain};

/// Bytes read from the disk at a time.
const PIECE: u64 = 64 << 10;

pub(super) async fn endpoint(
    State(edge): State<Edge>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let link = Link { code: query.get("code").cloned().unwrap_or_default(), user: None };
    let service = edge.inner.backend.service.clone();
    let found = tokio::task::spawn_blocking(move || service.link_original(&link)).await;
    let original = match found {
        Ok(Ok(original)) => original,
        Ok(Err(error)) => return refusal(&error),
        Err(error) => {
            tracing::error!(%error, "a download panicked");
            return refusal(&ServiceError::Internal);
        }
    };
    let sent = match original {
        Original::File { name, path } => send(path, &name, "application/octet-stream").await,
        Original::Archive { name, entries } => {
            let pieces = stream::unfold(galley_service::archive(entries), |mut pieces| async move {
                pieces.recv().await.map(|piece| (piece, pieces))
            });
            Ok(download_of(Body::from_stream(pieces), "application/zip", &name))
        }
    };
    sent.unwrap_or_else(|error| {
        tracing::error!(%error, "an original cannot be read");
        refusal(&ServiceError::Internal)
    })
}

/// A summary, for whoever holds its code.
pub(super) async fn summary(State(edge): State<Edge>, Path(code): Path<String>) -> Response {
    let service = edge.inner.backend.service.clone();
    let found = tokio::task::spawn_blocking(move || service.summary_file(&code)).await;
    let file = match found {
        Ok(Ok(file)) => file,
        Ok(Err(error)) => return refusal(&error),
        Err(error) => {
            tracing::error!(%error, "a download panicked");
            return refusal(&ServiceError::Internal);
        }
    };
    let mut response = send(file.path, &file.name, file.kind.mime()).await.unwrap_or_else(|error| {
        tracing::error!(%error, "a summary cannot be read");
        refusal(&ServiceError::Internal)
    });
    // The address is a secret, and what it leads to ends.
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    response
}

fn refusal(error: &ServiceError) -> Response {
    let status = match error {
        ServiceError::NotFound(_) => StatusCode::NOT_FOUND,
        ServiceError::Gone => StatusCode::GONE,
        ServiceError::NoSession | ServiceError::Forbidden => StatusCode::FORBIDDEN,
        ServiceError::Busy | ServiceError::StorageFull => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    };
    plain(status, format!("{error}\n"))
}

async fn send(path: PathBuf, name: &str, mime: &'static str) -> std::io::Result<Response> {
    let file = tokio::fs::File::open(&path).await?;
    let size = file.metadata().await?.len();
    let pieces = stream::try_unfold(file, |mut file| async move {
        let mut piece = Vec::with_capacity(64 << 10);
        let count = (&mut file).take(PIECE).read_to_end(&mut piece).await?;
        Ok::<_, std::io::Error>((count > 0).then(|| (bytes::Bytes::from(piece), file)))
    });
    let mut response = download_of(Body::from_stream(pieces), mime, name);
    response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(size));
    Ok(response)
}

fn download_of(body: Body, mime: &'static str, name: &str) -> Response {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(mime));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Ok(value) = HeaderValue::from_str(&disposition(name)) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

/// `attachment` with the name twice: plain for old programs, in UTF-8 for the rest (RFC 6266).
fn disposition(name: &str) -> String {
    let shown = |c: char| c == ' ' || (c.is_ascii_graphic() && c != '"' && c != '\\');
    let plain: String = name.chars().map(|c| if shown(c) { c } else { '_' }).collect();
    let mut encoded = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}
