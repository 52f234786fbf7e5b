//! How far a proof is on its way to pages; calling that off, and trying again.

use crate::Api;
use crate::auth::{ByLink, Caller};
use crate::error::ApiError;
use crate::link_views::LinkView;
use crate::proofs::Id;
use crate::views::DetailsView;
use axum::Json;
use axum::extract::{Path, State};
use galley_model::{Proof, ProofId, Step};
use galley_service::{Link, Service, ServiceError, UserCaller};
use serde::Serialize;
use std::sync::Arc;

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

/// Does something about a proof and answers what it is then.
async fn of_proof(
    api: Api,
    caller: Arc<UserCaller>,
    id: Id,
    change: fn(&Service, &UserCaller, ProofId) -> Result<(), ServiceError>,
) -> Result<Json<DetailsView>, ApiError> {
    let Path(id) = id?;
    api.run(move |service| {
        change(service, &caller, id)?;
        Ok(Json(DetailsView::new(service, &caller, &service.proof_details(&caller, id)?)))
    })
    .await
}

/// The same from the viewer.
async fn of_link(
    api: Api,
    link: Link,
    change: fn(&Service, &Link) -> Result<(), ServiceError>,
) -> Result<Json<LinkView>, ApiError> {
    api.run(move |service| {
        change(service, &link)?;
        Ok(Json(LinkView::new(service, &link.code, service.open_link(&link)?)))
    })
    .await
}

pub(crate) async fn cancel(
    State(api): State<Api>,
    Caller(caller): Caller,
    id: Id,
) -> Result<Json<DetailsView>, ApiError> {
    of_proof(api, caller, id, Service::cancel_processing).await
}

pub(crate) async fn retry(
    State(api): State<Api>,
    Caller(caller): Caller,
    id: Id,
) -> Result<Json<DetailsView>, ApiError> {
    of_proof(api, caller, id, Service::retry_processing).await
}

pub(crate) async fn cancel_by_link(
    State(api): State<Api>,
    ByLink(link): ByLink,
) -> Result<Json<LinkView>, ApiError> {
    of_link(api, link, Service::cancel_by_link).await
}

pub(crate) async fn retry_by_link(
    State(api): State<Api>,
    ByLink(link): ByLink,
) -> Result<Json<LinkView>, ApiError> {
    of_link(api, link, Service::retry_by_link).await
}
