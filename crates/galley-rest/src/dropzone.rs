//! The dropzone of the account, for its administrators.

use crate::Api;
use crate::auth::Caller;
use crate::error::ApiError;
use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use galley_model::{Alert, Dropzone, Role, UserId, WorkspaceId};
use galley_service::{DropzoneInput, Service};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DropzoneIn {
    enabled: bool,
    owner_id: UserId,
    #[serde(default)]
    workspace_id: Option<WorkspaceId>,
    #[serde(default)]
    role: Option<Role>,
    #[serde(default)]
    alert: Option<Alert>,
    #[serde(default)]
    activate: bool,
    #[serde(default)]
    domains: Vec<String>,
    #[serde(default)]
    tell: Vec<String>,
}

fn view(service: &Service, zone: &Dropzone) -> Value {
    json!({
        "url": service.dropzone_url(&zone.code), "enabled": zone.enabled, "owner_id": zone.owner,
        "workspace_id": zone.workspace, "role": zone.role, "alert": zone.alert, "activate": zone.activate,
        "domains": zone.domains, "tell": zone.tell,
    })
}

pub(crate) async fn show(State(api): State<Api>, Caller(caller): Caller) -> Result<Json<Value>, ApiError> {
    api.run(move |service| {
        let zone = service.dropzone(&caller)?;
        Ok(Json(zone.map_or(Value::Null, |zone| view(service, &zone))))
    })
    .await
}

pub(crate) async fn set(
    State(api): State<Api>,
    Caller(caller): Caller,
    body: Result<Json<DropzoneIn>, JsonRejection>,
) -> Result<Json<Value>, ApiError> {
    let Json(body) = body?;
    let input = DropzoneInput {
        enabled: body.enabled,
        owner: body.owner_id,
        workspace: body.workspace_id,
        role: body.role.unwrap_or(Role::Reviewer),
        alert: body.alert.unwrap_or(Alert::OwnDefault),
        activate: body.activate,
        domains: body.domains,
        tell: body.tell,
    };
    api.run(move |service| Ok(Json(view(service, &service.set_dropzone(&caller, &input)?)))).await
}
