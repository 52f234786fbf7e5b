//! Bytes: uploads, tiles, thumbnails, text, downloads.

use crate::Api;
use crate::auth::{ByLink, Caller};
use crate::error::ApiError;
use axum::Json;
use axum::body::Body;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use galley_model::ProofId;
use galley_service::{Original, Picture, ServiceError};
use http_body_util::BodyExt;
use serde::Deserialize;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::time::Duration;
use tokio::io::AsyncReadExt;

/// An upload that sends nothing for so long is over.
const SILENCE: Duration = Duration::from_secs(60);

#[derive(Deserialize)]
pub(crate) struct UploadQuery {
    #[serde(default)]
    filename: String,
}

pub(crate) async fn upload(
    State(api): State<Api>,
    Caller(caller): Caller,
    query: Result<Query<UploadQuery>, QueryRejection>,
    headers: HeaderMap,
    mut body: Body,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let Query(query) = query?;
    if !caller.profile().creates() {
        return Err(ServiceError::Forbidden.into());
    }
    let limit = api.service.config().max_upload;
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|n| n > limit) {
        return Err(ServiceError::TooLarge(limit).into());
    }
    let mut sink = api.service.receive_upload(&query.filename);
    loop {
        let frame = match tokio::time::timeout(SILENCE, body.frame()).await {
            Ok(None) => break,
            Ok(Some(Ok(frame))) => frame,
            Ok(Some(Err(_))) | Err(_) => {
                return Err(ServiceError::Upload("The upload ended before the file was complete.").into());
            }
        };
        if let Ok(bytes) = frame.into_data()
            && !sink.write(bytes).await
        {
            break;
        }
    }
    let file = sink.finish().await?;
    let body = json!({"upload_id": file.token, "filename": file.name, "size": file.size, "md5": file.md5});
    Ok((StatusCode::CREATED, Json(body)))
}

/// A picture that never changes under its address: browsers keep it for themselves.
pub(crate) fn picture(picture: Picture, max_age: u32) -> Response {
    let cache = format!("private, max-age={max_age}{}", if max_age > 86_400 { ", immutable" } else { "" });
    let mut response = Body::from(picture.bytes).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(picture.mime));
    if let Ok(cache) = HeaderValue::from_str(&cache) {
        headers.insert(header::CACHE_CONTROL, cache);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

const FOREVER: u32 = 31_536_000;

pub(crate) async fn thumbnail(
    State(api): State<Api>,
    Caller(caller): Caller,
    id: Result<Path<ProofId>, PathRejection>,
) -> Result<Response, ApiError> {
    let Path(id) = id?;
    let page = api.run(move |service| service.thumbnail(&caller, id)).await?;
    // The id names one version, and a version's file never changes; a failed page may be rendered later.
    Ok(picture(api.service.page_thumbnail(&page).await?, 86_400))
}

#[derive(Deserialize)]
pub(crate) struct TilePath {
    page: u32,
    level: u8,
    x: u32,
    y: u32,
}

pub(crate) async fn tile(
    State(api): State<Api>,
    ByLink(link): ByLink,
    path: Result<Path<TilePath>, PathRejection>,
) -> Result<Response, ApiError> {
    let Path(at) = path?;
    let (_, page) = api.run(move |service| service.link_page(&link, at.page)).await?;
    Ok(picture(api.service.tile(&page, at.level, at.x, at.y).await?, FOREVER))
}

#[derive(Deserialize)]
pub(crate) struct PagePath {
    page: u32,
}

pub(crate) async fn page_thumbnail(
    State(api): State<Api>,
    ByLink(link): ByLink,
    path: Result<Path<PagePath>, PathRejection>,
) -> Result<Response, ApiError> {
    let Path(at) = path?;
    let (_, page) = api.run(move |service| service.link_page(&link, at.page)).await?;
    Ok(picture(api.service.page_thumbnail(&page).await?, FOREVER))
}

/// The original of a picture that moves. It is a file that somebody sent, so nothing in it may run.
pub(crate) async fn animation(
    State(api): State<Api>,
    ByLink(link): ByLink,
    path: Result<Path<PagePath>, PathRejection>,
) -> Result<Response, ApiError> {
    let Path(at) = path?;
    let (_, page) = api.run(move |service| service.link_page(&link, at.page)).await?;
    let (path, mime) = api.service.animation(&page).await?;
    let mut response = attachment(path, "").await?;
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_DISPOSITION);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(mime));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=86400"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    Ok(response)
}

pub(crate) async fn page_text(
    State(api): State<Api>,
    ByLink(link): ByLink,
    path: Result<Path<PagePath>, PathRejection>,
) -> Result<Response, ApiError> {
    let Path(at) = path?;
    let (_, page) = api.run(move |service| service.link_page(&link, at.page)).await?;
    let text = api.service.page_text(&page).await?;
    let body = json!({"page": page.number, "width": page.width, "height": page.height, "words": text.words});
    Ok(for_a_day(body))
}

/// The links of a page, which viewers want of every page they show; its words are a hundred times that.
pub(crate) async fn page_links(
    State(api): State<Api>,
    ByLink(link): ByLink,
    path: Result<Path<PagePath>, PathRejection>,
) -> Result<Response, ApiError> {
    let Path(at) = path?;
    let (_, page) = api.run(move |service| service.link_page(&link, at.page)).await?;
    let text = api.service.page_text(&page).await?;
    Ok(for_a_day(json!({"page": page.number, "links": text.links})))
}

/// The table of contents of a proof. `ready` is false while there are pages to be made.
pub(crate) async fn contents(State(api): State<Api>, ByLink(link): ByLink) -> Result<Json<Value>, ApiError> {
    let found = api.service.link_contents(&link).await?;
    Ok(Json(json!({"ready": found.is_some(), "entries": found.unwrap_or_default()})))
}

fn for_a_day(body: Value) -> Response {
    let mut response = Json(body).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=86400"));
    response
}

#[derive(Deserialize)]
pub(crate) struct SearchQuery {
    #[serde(default)]
    q: String,
}

pub(crate) async fn search(
    State(api): State<Api>,
    ByLink(link): ByLink,
    query: Result<Query<SearchQuery>, QueryRejection>,
) -> Result<Json<Value>, ApiError> {
    let Query(query) = query?;
    let hits = api.service.search_link(link, &query.q).await?;
    let hits: Vec<Value> = hits
        .iter()
        .map(|hit| {
            let rects: Vec<Value> =
                hit.rects.iter().map(|[x, y, w, h]| json!({"x": x, "y": y, "w": w, "h": h})).collect();
            json!({"page": hit.page, "rects": rects, "snippet": hit.snippet})
        })
        .collect();
    Ok(Json(json!({"hits": hits})))
}

pub(crate) async fn download(State(api): State<Api>, ByLink(link): ByLink) -> Result<Response, ApiError> {
    match api.run(move |service| service.link_original(&link)).await? {
        Original::File { name, path } => attachment(path, &name).await,
        Original::Archive { name, entries } => {
            let pieces = stream::unfold(galley_service::archive(entries), |mut pieces| async move {
                pieces.recv().await.map(|piece| (piece, pieces))
            });
            Ok(download_of(Body::from_stream(pieces), "application/zip", &name))
        }
    }
}

/// A file as a download, in pieces.
async fn attachment(path: PathBuf, name: &str) -> Result<Response, ApiError> {
    let unreadable = |error: std::io::Error| {
        tracing::error!(%error, "an original cannot be read");
        ApiError::from(ServiceError::Internal)
    };
    let file = tokio::fs::File::open(&path).await.map_err(unreadable)?;
    let size = file.metadata().await.map_err(unreadable)?.len();
    let pieces = stream::try_unfold(file, |mut file| async move {
        let mut piece = Vec::with_capacity(64 << 10);
        let count = (&mut file).take(64 << 10).read_to_end(&mut piece).await?;
        Ok::<_, std::io::Error>((count > 0).then(|| (bytes::Bytes::from(piece), file)))
    });
    let mut response = download_of(Body::from_stream(pieces), "application/octet-stream", name);
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
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii_graphic() && c != '"' && c != '\\' || c == ' ' { c } else { '_' })
        .collect();
    let utf8: String = name
        .bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() || b"-._~".contains(&b) {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{utf8}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn download_names_survive_every_browser() {
        assert_eq!(
            disposition("a \"b\".pdf"),
            "attachment; filename=\"a _b_.pdf\"; filename*=UTF-8''a%20%22b%22.pdf"
        );
        assert_eq!(disposition("Zoë.pdf"), "attachment; filename=\"Zo_.pdf\"; filename*=UTF-8''Zo%C3%AB.pdf");
    }
}
