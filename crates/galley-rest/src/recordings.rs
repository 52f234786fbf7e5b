//! Video and sound for the viewer: what is known of it, how far it is, and the bytes that play.

use crate::Api;
use crate::auth::ByLink;
use crate::error::ApiError;
use crate::stream::{growing, whole};
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::response::{IntoResponse, Response};
use galley_model::Recording;
use galley_service::{Missing, PlayState, Playing, ServiceError};
use serde::Serialize;
use serde_json::{Value, json};

/// How frames are counted. For sound a frame is a millisecond.
#[derive(Serialize)]
pub(crate) struct RecordingView {
    /// Frames, and the seconds they take.
    rate: (u32, u32),
    frames: u64,
    /// When the first frame is seen in what plays.
    starts_seconds: f64,
    /// Number of the first frame by its timecode, and whether numbers are dropped.
    first_frame: u64,
    drop_frame: bool,
    picture: bool,
    sound: bool,
    mime: String,
}

impl RecordingView {
    pub(crate) fn new(recording: &Recording) -> RecordingView {
        RecordingView {
            rate: recording.rate.fraction(),
            frames: recording.frames,
            starts_seconds: recording.starts as f64 / 1e6,
            first_frame: recording.timecode.first,
            drop_frame: recording.timecode.drop,
            picture: recording.picture,
            sound: recording.sound,
            mime: recording.mime.clone(),
        }
    }
}

pub(crate) async fn show(State(api): State<Api>, ByLink(link): ByLink) -> Result<Json<Value>, ApiError> {
    let code = link.code.clone();
    let (file, recording) = api.run(move |service| service.link_recording(&link)).await?;
    let (state, percent, problem) = match api.service.play_state(file).await? {
        PlayState::Whole => ("whole", None, None),
        PlayState::Growing(percent) => ("growing", Some(percent), None),
        PlayState::Waiting(percent) => ("waiting", percent, None),
        PlayState::Failed(reason) => ("failed", None, Some(reason)),
    };
    let at = format!("/api/v1/links/{code}/recording");
    let board = api.service.storyboard(file).await?.map(|(board, _)| {
        json!({
            "url": format!("{at}/storyboard"), "width": board.width, "height": board.height,
            "count": board.count, "columns": board.columns,
        })
    });
    let outline = api.service.outline(file).await?.map(|_| format!("{at}/outline"));
    Ok(Json(json!({
        "state": state, "percent": percent, "problem": problem, "recording": RecordingView::new(&recording),
        // Another address for another file: what a browser keeps of one it does not take for the other.
        "media_url": format!("{at}/media?{state}"), "storyboard": board, "outline_url": outline,
    })))
}

/// What plays. It is a file that somebody sent, so nothing in it may run.
pub(crate) async fn media(
    State(api): State<Api>,
    ByLink(link): ByLink,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let (file, recording) = api.run(move |service| service.link_recording(&link)).await?;
    let playable = api.service.playable(file, &recording).await?;
    let mut response = match playable.playing {
        Playing::Whole(path) => whole(path, &method, &headers).await?,
        Playing::Growing(file, ends) => growing(file, ends),
    };
    let mime = HeaderValue::from_str(&playable.mime).map_err(|_| ServiceError::Internal)?;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, mime);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    Ok(response)
}

pub(crate) async fn storyboard(State(api): State<Api>, ByLink(link): ByLink) -> Result<Response, ApiError> {
    let (file, _) = api.run(move |service| service.link_recording(&link)).await?;
    let missing = ServiceError::NotFound(Missing::Page);
    let (_, picture) = api.service.storyboard(file).await?.ok_or(missing)?;
    let mut response = Body::from(picture.bytes).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(picture.mime));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=86400"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    Ok(response)
}

pub(crate) async fn outline(State(api): State<Api>, ByLink(link): ByLink) -> Result<Response, ApiError> {
    let (file, _) = api.run(move |service| service.link_recording(&link)).await?;
    let values = api.service.outline(file).await?.ok_or(ServiceError::NotFound(Missing::Page))?;
    let mut response = Json(json!({"values": values})).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=86400"));
    Ok(response)
}
