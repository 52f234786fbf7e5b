//! People on a proof, for the app.

use crate::Api;
use crate::auth::Caller;
use crate::dto::{NewReviewerIn, ReviewerEditIn};
use crate::error::ApiError;
use crate::proofs::Id;
use crate::views::ReviewerView;
use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use galley_model::{Reviewer, ReviewerId};
use galley_service::{Missing, Service, ServiceError, UserCaller};

type ReviewerPath = Result<Path<ReviewerId>, PathRejection>;

/// The reviewer as the caller sees them, letters and all.
fn view(service: &Service, caller: &UserCaller, reviewer: &Reviewer) -> Result<ReviewerView, ServiceError> {
    let details = service.proof_details(caller, reviewer.proof)?;
    let at = details.reviewers.iter().position(|r| r.id == reviewer.id);
    let at = at.ok_or(ServiceError::NotFound(Missing::Reviewer))?;
    let (r, progress) = (&details.reviewers[at], details.progress[at]);
    Ok(ReviewerView::new(service, caller, &details.proof, r, progress, details.rights.edit))
}

pub(crate) async fn add(
    State(api): State<Api>,
    Caller(caller): Caller,
    id: Id,
    body: Result<Json<NewReviewerIn>, JsonRejection>,
) -> Result<(StatusCode, Json<ReviewerView>), ApiError> {
    let (Path(id), Json(body)) = (id?, body?);
    api.run(move |service| {
        let added = service.add_reviewers(&caller, id, &[body.into()])?;
        let reviewer = added.first().ok_or(ServiceError::NotFound(Missing::Reviewer))?;
        Ok((StatusCode::CREATED, Json(view(service, &caller, reviewer)?)))
    })
    .await
}

pub(crate) async fn update(
    State(api): State<Api>,
    Caller(caller): Caller,
    id: ReviewerPath,
    body: Result<Json<ReviewerEditIn>, JsonRejection>,
) -> Result<Json<ReviewerView>, ApiError> {
    let (Path(id), Json(body)) = (id?, body?);
    api.run(move |service| {
        let reviewer = service.update_reviewer(&caller, id, &body.into())?;
        Ok(Json(view(service, &caller, &reviewer)?))
    })
    .await
}

pub(crate) async fn remove(
    State(api): State<Api>,
    Caller(caller): Caller,
    id: ReviewerPath,
) -> Result<StatusCode, ApiError> {
    let Path(id) = id?;
    api.run(move |service| service.remove_reviewer(&caller, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
