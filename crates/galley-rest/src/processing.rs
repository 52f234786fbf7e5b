//! How far a proof is on its way to pages; calling that off, and trying again.

use crate::Api;
use crate::auth::{ByLink, Caller};
use crate::error::ApiError;
use crate::link_views::LinkView;
use crate::proofs::Id;
use crate::views::DetailsView;
use axum::Json;
use axum::extract::{Path, State};
use galley_model::{Proof, Step};
use serde::Serialize;

/// What is being done with a file, and how far it is.
#[derive(Serialize)]
pub(crate) struct WorkView {
    step: Step,
    done: u32,
    total: u32,
    /// How much of the step is done, from 0 to 1; null while nobody knows.
    fraction: Option<f64>,
}

impl WorkView {
    pub(crate) fn of(proof: &Proof) -> Option<WorkView> {
        let work = proof.work?;
        Some(WorkView { step: work.step, done: work.done, total: work.total, fraction: work.fraction() })
    }
}

pub(crate) async fn cancel(
    State(api): State<Api>,
    Caller(caller): Caller,
    id: Id,
) -> Result<Json<DetailsView>, ApiError> {
    let Path(id) = id?;
    api.run(move |service| {
        service.cancel_processing(&caller, id)?;
        Ok(Json(DetailsView::new(service, &caller, &service.proof_details(&caller, id)?)))
    })
    .await
}

pub(crate) async fn retry(
    State(api): State<Api>,
    Caller(caller): Caller,
    id: Id,
) -> Result<Json<DetailsView>, ApiError> {
    let Path(id) = id?;
    api.run(move |service| {
        service.retry_processing(&caller, id)?;
        Ok(Json(DetailsView::new(service, &caller, &service.proof_details(&caller, id)?)))
    })
    .await
}

pub(crate) async fn cancel_by_link(
    State(api): State<Api>,
    ByLink(link): ByLink,
) -> Result<Json<LinkView>, ApiError> {
    api.run(move |service| {
        service.cancel_by_link(&link)?;
        Ok(Json(LinkView::new(service, &link.code, service.open_link(&link)?)))
    })
    .await
}

pub(crate) async fn retry_by_link(
    State(api): State<Api>,
    ByLink(link): ByLink,
) -> Result<Json<LinkView>, ApiError> {
    api.run(move |service| {
        service.retry_by_link(&link)?;
        Ok(Json(LinkView::new(service, &link.code, service.open_link(&link)?)))
    })
    .await
}
