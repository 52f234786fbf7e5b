//! Two versions of a proof beside each other: which pages belong together, and how they differ.

use crate::Api;
use crate::auth::ByLink;
use crate::error::ApiError;
use crate::files::picture;
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use galley_service::{Comparison, Medium, Opened};
use serde::Deserialize;
use serde_json::{Value, json};

/// Files never change, but how they are compared may get better.
const DAY: u32 = 86_400;

#[derive(Deserialize)]
pub(crate) struct OtherPath {
    other: String,
}

#[derive(Deserialize)]
pub(crate) struct PairPath {
    other: String,
    older: u32,
    newer: u32,
}

pub(crate) async fn show(
    State(api): State<Api>,
    ByLink(link): ByLink,
    path: Result<Path<OtherPath>, PathRejection>,
) -> Result<Json<Value>, ApiError> {
    let Path(at) = path?;
    let comparison = api.run(move |service| service.comparison(&link, &at.other)).await?;
    let pairs = api.service.page_pairs(&comparison).await?;
    let version = |opened: &Opened, medium: Medium| {
        json!({
            "medium": match medium {
                Medium::Pages => "pages",
                Medium::Video => "video",
                Medium::Audio => "audio",
                Medium::Interactive => "interactive",
            },
            "version": opened.proof.version,
            "name": opened.proof.name,
            "processing": opened.proof.processing,
        })
    };
    Ok(Json(json!({
        "older": version(&comparison.older, comparison.older_medium),
        "newer": version(&comparison.newer, comparison.newer_medium),
        "settled": comparison.settled(),
        "pages": pairs,
    })))
}

async fn comparison(
    api: &Api,
    ByLink(link): ByLink,
    at: PairPath,
) -> Result<(Comparison, PairPath), ApiError> {
    api.run(move |service| Ok((service.comparison(&link, &at.other)?, at))).await
}

pub(crate) async fn difference(
    State(api): State<Api>,
    link: ByLink,
    path: Result<Path<PairPath>, PathRejection>,
) -> Result<Response, ApiError> {
    let (comparison, at) = comparison(&api, link, path?.0).await?;
    let (older, newer) = api.service.two_pages(&comparison, at.older, at.newer).await?;
    let mut response = Json(api.service.difference(&older, &newer).await?).into_response();
    let cache = HeaderValue::from_static("private, max-age=86400");
    response.headers_mut().insert(header::CACHE_CONTROL, cache);
    Ok(response)
}

pub(crate) async fn mask(
    State(api): State<Api>,
    link: ByLink,
    path: Result<Path<PairPath>, PathRejection>,
) -> Result<Response, ApiError> {
    let (comparison, at) = comparison(&api, link, path?.0).await?;
    let (older, newer) = api.service.two_pages(&comparison, at.older, at.newer).await?;
    Ok(picture(api.service.difference_mask(&older, &newer).await?, DAY))
}
