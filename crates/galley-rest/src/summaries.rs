//! Summaries of proofs for the app: asked for, watched, downloaded.

use crate::Api;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::proofs::Id;
use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use galley_model::{Summary, SummaryId, SummaryKind, SummaryState};
use galley_service::{Service, SummaryInput, SummaryTell};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewSummaryIn {
    kind: SummaryKind,
    #[serde(default)]
    all_versions: bool,
}

fn view(service: &Service, summary: &Summary) -> Value {
    let (done, expected) = summary.progress;
    let mut view = json!({
        "id": summary.id,
        "kind": summary.kind,
        "all_versions": summary.all_versions,
        "requested_at": summary.requested_at,
        "ends_at": summary.ends_at,
        "pages_done": done,
        "pages_expected": expected,
    });
    match &summary.state {
        SummaryState::Waiting => view["state"] = json!("waiting"),
        SummaryState::Ready { file_name, size, .. } => {
            view["state"] = json!("ready");
            view["url"] = json!(service.summary_url(summary));
            view["file_name"] = json!(file_name);
            view["size"] = json!(size);
        }
        SummaryState::Failed { problem } => {
            view["state"] = json!("failed");
            view["problem"] = json!(problem);
        }
    }
    view
}

pub(crate) async fn request(
    State(api): State<Api>,
    Caller(caller): Caller,
    id: Id,
    body: Result<Json<NewSummaryIn>, JsonRejection>,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let (Path(id), Json(body)) = (id?, body?);
    let input = SummaryInput { kind: body.kind, all_versions: body.all_versions, tell: SummaryTell::Screen };
    api.run(move |service| {
        let summary = service.request_summary(&caller, id, &input)?;
        Ok((StatusCode::ACCEPTED, Json(view(service, &summary))))
    })
    .await
}

pub(crate) async fn list(
    State(api): State<Api>,
    Caller(caller): Caller,
    id: Id,
) -> Result<Json<Value>, ApiError> {
    let Path(id) = id?;
    api.run(move |service| {
        let items: Vec<Value> =
            service.summaries(&caller, id)?.iter().map(|summary| view(service, summary)).collect();
        Ok(Json(json!({"items": items})))
    })
    .await
}

pub(crate) async fn show(
    State(api): State<Api>,
    Caller(caller): Caller,
    id: Result<Path<SummaryId>, PathRejection>,
) -> Result<Json<Value>, ApiError> {
    let Path(id) = id?;
    api.run(move |service| Ok(Json(view(service, &service.summary(&caller, id)?)))).await
}
