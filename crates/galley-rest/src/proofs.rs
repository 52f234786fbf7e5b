//! Proofs for the app.

use crate::Api;
use crate::auth::Caller;
use crate::dto::{NewProofIn, ProofEditIn};
use crate::error::ApiError;
use crate::views::{DetailsView, ProofView};
use crate::web_pages::{Parts, SourceIn, parts, read_all};
use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use galley_model::{EventId, Proof, ProofId, Settings};
use galley_service::{ListPlace, ProofEdit, ProofFilter, ProofInput, ProofQuestion, ServiceError, Source};
use serde::Deserialize;
use serde_json::{Value, json};

pub(crate) type Id = Result<Path<ProofId>, PathRejection>;

#[derive(Deserialize)]
pub(crate) struct ListQuery {
    #[serde(default)]
    filter: String,
    #[serde(default)]
    q: String,
    cursor: Option<String>,
    limit: Option<i64>,
}

/// A cursor is the time and id of the last row: `1700000000000-42`.
fn place(cursor: Option<&str>) -> Result<ListPlace, ApiError> {
    let Some(cursor) = cursor.filter(|c| !c.is_empty()) else { return Ok(ListPlace::Offset(0)) };
    let parsed = cursor.split_once('-').and_then(|(at, id)| {
        at.parse::<i64>().ok()?;
        Some(ListPlace::After(ProofId(id.parse().ok()?)))
    });
    parsed.ok_or_else(|| ApiError::bad_request("This cursor does not come from a list of proofs."))
}

pub(crate) async fn list(
    State(api): State<Api>,
    Caller(caller): Caller,
    query: Result<Query<ListQuery>, QueryRejection>,
) -> Result<Json<Value>, ApiError> {
    let Query(query) = query?;
    let filter = match query.filter.as_str() {
        "" | "all" => ProofFilter::All,
        "open" => ProofFilter::Open,
        "closed" => ProofFilter::Closed,
        "late" => ProofFilter::Late,
        "mine" => ProofFilter::OwnedBy(caller.id()),
        "awaiting" => ProofFilter::Awaiting(caller.person()),
        "archived" => ProofFilter::Archived,
        other => return Err(ApiError::bad_request(format!("There is no filter '{other}'."))),
    };
    let (place, count) = (place(query.cursor.as_deref())?, query.cursor.is_none());
    let limit = query.limit.unwrap_or(30).clamp(1, 100);
    api.run(move |service| {
        let list = service.browse_proofs(&caller, &ProofQuestion::of(filter, &query.q), place, limit, count)?;
        let last = list.items.last().filter(|_| list.more);
        let cursor = last.map(|row| format!("{}-{}", row.proof.created_at.as_millisecond(), row.proof.id));
        let items: Vec<ProofView> = list.items.iter().map(|row| ProofView::listed(service, &caller, row)).collect();
        let mut body = json!({"items": items, "next_cursor": cursor});
        if let Some(n) = list.counts {
            body["counts"] = json!({
                "all": n.all, "open": n.open, "closed": n.closed, "late": n.late, "mine": n.mine, "awaiting": n.awaiting,
            });
        }
        Ok(Json(body))
    })
    .await
}

pub(crate) async fn show(
    State(api): State<Api>,
    Caller(caller): Caller,
    id: Id,
) -> Result<Json<DetailsView>, ApiError> {
    let Path(id) = id?;
    api.run(move |service| Ok(Json(DetailsView::new(service, &caller, &service.proof_details(&caller, id)?))))
        .await
}

/// The proof that is asked for, without what it is made of.
fn input(body: NewProofIn, parent: Option<ProofId>) -> (ProofInput, Option<String>, Vec<SourceIn>) {
    let mut settings = Settings { default_role: body.default_role, ..Settings::default() };
    for (flag, on) in body.settings.flags() {
        settings.flags = settings.flags.set(flag, on);
    }
    let copy_reviewers = body.reviewers.is_none();
    let source = body.interactive_url.map_or(Source::Upload, Source::Framed);
    let input = ProofInput {
        parent,
        source,
        name: body.name,
        source_name: None,
        owner: None,
        subject: body.subject,
        message: body.message,
        deadline: body.deadline,
        workspace: body.workspace_id,
        settings,
        reviewers: body.reviewers.unwrap_or_default().into_iter().map(Into::into).collect(),
        copy_reviewers,
        notify: true,
        ..ProofInput::default()
    };
    (input, body.upload_id, body.sources)
}

/// Makes one proof: of an upload, or of all sources, one after the other.
async fn create_from(
    api: Api,
    caller: Caller,
    parent: Option<ProofId>,
    body: NewProofIn,
) -> Result<(StatusCode, Json<DetailsView>), ApiError> {
    let Caller(caller) = caller;
    let (input, upload, sources) = input(body, parent);
    let framed = matches!(input.source, Source::Framed(_));
    if [upload.is_some(), !sources.is_empty(), framed].into_iter().filter(|given| *given).count() != 1 {
        let text = "A proof is made of one of 'upload_id', 'sources' and 'interactive_url'.";
        return Err(ApiError::bad_request(text));
    }
    let sources = read_all(sources)?;
    api.run(move |service| {
        let input = match upload {
            Some(file_token) => ProofInput { file_token, ..input },
            None if framed => input,
            None => {
                let parts = parts(service, sources)?.into_iter().flat_map(|one| one.parts).collect();
                ProofInput { source: Source::Parts(parts), ..input }
            }
        };
        let proof = service.create_proof(&caller, &input)?;
        let details = service.proof_details(&caller, proof.id)?;
        Ok((StatusCode::CREATED, Json(DetailsView::new(service, &caller, &details))))
    })
    .await
}

/// Makes a proof of every source, and of each resolution of a web page: all of them or none.
pub(crate) async fn create_several(
    State(api): State<Api>,
    Caller(caller): Caller,
    body: Result<Json<NewProofIn>, JsonRejection>,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let (input, upload, sources) = input(body?.0, None);
    if upload.is_some() || sources.is_empty() || matches!(input.source, Source::Framed(_)) {
        return Err(ApiError::bad_request("Several proofs are made of 'sources'."));
    }
    let sources = read_all(sources)?;
    api.run(move |service| {
        let inputs: Vec<ProofInput> = parts(service, sources)?
            .into_iter()
            .flat_map(Parts::named)
            .map(|(name, part)| ProofInput { name, source: Source::Parts(vec![part]), ..input.clone() })
            .collect();
        let made = service.create_proofs(&caller, &inputs)?;
        let details = |proof: &Proof| {
            let details = service.proof_details(&caller, proof.id)?;
            Ok(DetailsView::new(service, &caller, &details))
        };
        let items: Vec<DetailsView> = made.iter().map(details).collect::<Result<_, ServiceError>>()?;
        Ok((StatusCode::CREATED, Json(json!({ "items": items }))))
    })
    .await
}

pub(crate) async fn create(
    State(api): State<Api>,
    caller: Caller,
    body: Result<Json<NewProofIn>, JsonRejection>,
) -> Result<(StatusCode, Json<DetailsView>), ApiError> {
    create_from(api, caller, None, body?.0).await
}

pub(crate) async fn create_version(
    State(api): State<Api>,
    caller: Caller,
    id: Id,
    body: Result<Json<NewProofIn>, JsonRejection>,
) -> Result<(StatusCode, Json<DetailsView>), ApiError> {
    create_from(api, caller, Some(id?.0), body?.0).await
}

pub(crate) async fn update(
    State(api): State<Api>,
    Caller(caller): Caller,
    id: Id,
    body: Result<Json<ProofEditIn>, JsonRejection>,
) -> Result<Json<DetailsView>, ApiError> {
    let (Path(id), Json(body)) = (id?, body?);
    let edit = ProofEdit {
        settings: body.settings.edit(),
        name: body.name,
        owner: body.owner_id,
        subject: body.subject,
        message: body.message,
        deadline: body.deadline,
        workspace: body.workspace_id,
        primary: None,
        silent_owner: false,
        ..ProofEdit::default()
    };
    api.run(move |service| {
        Ok(Json(DetailsView::new(service, &caller, &service.update_proof(&caller, id, &edit)?)))
    })
    .await
}

async fn set_locked(api: Api, caller: Caller, id: Id, locked: bool) -> Result<Json<DetailsView>, ApiError> {
    let (Path(id), Caller(caller)) = (id?, caller);
    api.run(move |service| {
        service.set_locked(&caller, id, locked)?;
        Ok(Json(DetailsView::new(service, &caller, &service.proof_details(&caller, id)?)))
    })
    .await
}

pub(crate) async fn lock(
    State(api): State<Api>,
    caller: Caller,
    id: Id,
) -> Result<Json<DetailsView>, ApiError> {
    set_locked(api, caller, id, true).await
}

pub(crate) async fn unlock(
    State(api): State<Api>,
    caller: Caller,
    id: Id,
) -> Result<Json<DetailsView>, ApiError> {
    set_locked(api, caller, id, false).await
}

async fn set_archived(
    api: Api,
    caller: Caller,
    id: Id,
    archived: bool,
) -> Result<Json<DetailsView>, ApiError> {
    let (Path(id), Caller(caller)) = (id?, caller);
    api.run(move |service| {
        if archived {
            service.archive_proof(&caller, id, true)?;
        } else {
            service.unarchive_proof(&caller, id, true)?;
        }
        Ok(Json(DetailsView::new(service, &caller, &service.proof_details(&caller, id)?)))
    })
    .await
}

pub(crate) async fn archive(
    State(api): State<Api>,
    caller: Caller,
    id: Id,
) -> Result<Json<DetailsView>, ApiError> {
    set_archived(api, caller, id, true).await
}

pub(crate) async fn unarchive(
    State(api): State<Api>,
    caller: Caller,
    id: Id,
) -> Result<Json<DetailsView>, ApiError> {
    set_archived(api, caller, id, false).await
}

#[derive(Deserialize)]
pub(crate) struct TrashQuery {
    #[serde(default)]
    all_versions: bool,
}

pub(crate) async fn trash(
    State(api): State<Api>,
    Caller(caller): Caller,
    id: Id,
    query: Result<Query<TrashQuery>, QueryRejection>,
) -> Result<StatusCode, ApiError> {
    let (Path(id), Query(query)) = (id?, query?);
    api.run(move |service| service.trash_proof(&caller, id, query.all_versions)).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(crate) async fn restore(
    State(api): State<Api>,
    Caller(caller): Caller,
    id: Id,
) -> Result<Json<DetailsView>, ApiError> {
    let Path(id) = id?;
    api.run(move |service| Ok(Json(DetailsView::new(service, &caller, &service.restore_proof(&caller, id)?))))
        .await
}

#[derive(Deserialize)]
pub(crate) struct ActivityQuery {
    before: Option<EventId>,
    limit: Option<i64>,
}

pub(crate) async fn activity(
    State(api): State<Api>,
    Caller(caller): Caller,
    id: Id,
    query: Result<Query<ActivityQuery>, QueryRejection>,
) -> Result<Json<Value>, ApiError> {
    let (Path(id), Query(query)) = (id?, query?);
    let limit = query.limit.unwrap_or(50).clamp(1, 200);
    api.run(move |service| {
        let entries = service.activity(&caller, Some(id), query.before, 0, limit)?;
        let full = entries.len() as i64 == limit;
        let next = entries.last().filter(|_| full).map(|e| e.id);
        let items: Vec<Value> = entries
            .iter()
            .map(|e| json!({"id": e.id, "at": e.at, "actor": e.actor, "action": e.action, "details": e.details}))
            .collect();
        Ok(Json(json!({"items": items, "next_before": next})))
    })
    .await
}
