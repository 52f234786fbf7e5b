//! What administrators look at.

use crate::Api;
use crate::auth::Caller;
use crate::error::ApiError;
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use galley_service::{Delivery, Mail};
use serde::Deserialize;
use serde_json::{Value, json};

/// Rows of a page.
const PAGE: i64 = 50;

#[derive(Deserialize)]
pub(crate) struct Place {
    #[serde(default)]
    before: Option<i64>,
}

fn delivery(one: &Delivery) -> Value {
    json!({
        "id": one.id, "proof_id": one.proof, "type": one.kind, "url": one.url, "state": one.state.as_str(),
        "attempts": one.attempts, "happened_at": one.happened, "next_at": one.next,
        "finished_at": one.finished, "status": one.status, "problem": one.problem, "body": one.body,
    })
}

/// Rows with the place to go on from; none when these are the last.
fn page(rows: Vec<Value>) -> Json<Value> {
    let full = rows.len() == usize::try_from(PAGE).unwrap_or(0);
    let next = rows.last().filter(|_| full).map(|row| row["id"].clone());
    Json(json!({ "items": rows, "next": next }))
}

pub(crate) async fn deliveries(
    State(api): State<Api>,
    Caller(caller): Caller,
    place: Result<Query<Place>, QueryRejection>,
) -> Result<Json<Value>, ApiError> {
    let Query(place) = place?;
    let found = api.run(move |service| service.deliveries(&caller, place.before, PAGE)).await?;
    Ok(page(found.iter().map(delivery).collect()))
}

fn mail(one: &Mail) -> Value {
    json!({
        "id": one.id, "proof_id": one.proof, "kind": one.kind, "to_name": one.to_name, "to_email": one.to_email,
        "subject": one.subject, "state": one.state.as_str(), "attempts": one.attempts,
        "happened_at": one.happened, "next_at": one.next, "finished_at": one.finished, "problem": one.problem,
    })
}

pub(crate) async fn mails(
    State(api): State<Api>,
    Caller(caller): Caller,
    place: Result<Query<Place>, QueryRejection>,
) -> Result<Json<Value>, ApiError> {
    let Query(place) = place?;
    let found = api.run(move |service| service.mails(&caller, place.before, PAGE)).await?;
    Ok(page(found.iter().map(mail).collect()))
}

pub(crate) async fn one_mail(
    State(api): State<Api>,
    Caller(caller): Caller,
    path: Result<Path<i64>, PathRejection>,
) -> Result<Json<Value>, ApiError> {
    let Path(id) = path?;
    let found = api.run(move |service| service.mail(&caller, id)).await?;
    let mut view = mail(&found);
    view["text"] = found.text.into();
    view["html"] = found.html.into();
    Ok(Json(view))
}

pub(crate) async fn retry_mail(
    State(api): State<Api>,
    Caller(caller): Caller,
    path: Result<Path<i64>, PathRejection>,
) -> Result<StatusCode, ApiError> {
    let Path(id) = path?;
    api.run(move |service| service.retry_mail(&caller, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
