//! What there is to know of a proof's files for print.

use crate::Api;
use crate::auth::ByLink;
use crate::error::ApiError;
use axum::Json;
use axum::extract::State;
use galley_service::{Checked, Severity};
use serde_json::{Value, json};

pub(crate) async fn show(State(api): State<Api>, ByLink(link): ByLink) -> Result<Json<Value>, ApiError> {
    let Some(checked) = api.service.link_preflight(&link).await? else {
        return Ok(Json(json!({"state": "waiting", "warnings": 0, "files": []})));
    };
    let warning = |file: &Checked| {
        file.findings.iter().flatten().filter(|finding| finding.severity == Severity::Warning).count()
    };
    let warnings: usize = checked.iter().map(warning).sum();
    let files: Vec<Value> =
        checked.into_iter().map(|file| json!({"name": file.name, "findings": file.findings})).collect();
    Ok(Json(json!({"state": "ready", "warnings": warnings, "files": files})))
}
