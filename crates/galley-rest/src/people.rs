//! People and folders, for the app.

use crate::Api;
use crate::auth::Caller;
use crate::dto::NewWorkspaceIn;
use crate::error::ApiError;
use axum::Json;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use galley_model::Workspace;
use galley_service::WorkspaceInput;
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
pub(crate) struct PeopleQuery {
    #[serde(default)]
    q: String,
}

pub(crate) async fn find(
    State(api): State<Api>,
    Caller(caller): Caller,
    query: Result<Query<PeopleQuery>, QueryRejection>,
) -> Result<Json<Value>, ApiError> {
    let Query(query) = query?;
    let people = api.run(move |service| service.find_people(&caller, &query.q)).await?;
    let items: Vec<Value> = people
        .iter()
        .map(|p| {
            let kind = if p.user.is_some() { "user" } else { "guest" };
            json!({"email": p.email, "name": p.name, "kind": kind, "default_role": p.default_role})
        })
        .collect();
    Ok(Json(json!({"items": items})))
}

pub(crate) async fn owners(State(api): State<Api>, Caller(caller): Caller) -> Result<Json<Value>, ApiError> {
    let owners = api.run(move |service| service.owners(&caller)).await?;
    let items: Vec<Value> =
        owners.iter().map(|u| json!({"id": u.id, "email": u.email, "name": u.name()})).collect();
    Ok(Json(json!({"items": items})))
}

fn view(folder: &Workspace) -> Value {
    json!({
        "id": folder.id, "name": folder.name, "parent_id": folder.parent, "private": folder.private,
        "description": folder.description,
    })
}

pub(crate) async fn workspaces(
    State(api): State<Api>,
    Caller(caller): Caller,
) -> Result<Json<Value>, ApiError> {
    let folders = api.run(move |service| service.workspaces(&caller)).await?;
    Ok(Json(json!({"items": folders.iter().map(view).collect::<Vec<_>>()})))
}

pub(crate) async fn create_workspace(
    State(api): State<Api>,
    Caller(caller): Caller,
    body: Result<Json<NewWorkspaceIn>, JsonRejection>,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let Json(body) = body?;
    let input = WorkspaceInput {
        parent: body.parent_id,
        name: body.name,
        description: body.description,
        private: body.private,
        ..WorkspaceInput::default()
    };
    let folder = api.run(move |service| service.create_workspace(&caller, &input)).await?;
    Ok((StatusCode::CREATED, Json(view(&folder))))
}
