//! What the viewer calls: everything behind a personal or team URL.

use crate::Api;
use crate::auth::ByLink;
use crate::dto::{CommentEditIn, CommentIn, DecisionIn, ReplyIn};
use crate::error::ApiError;
use crate::link_views::{CommentView, LinkView};
use crate::views::overall;
use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use galley_model::{Comment, CommentId, ReplyId};
use galley_service::{CommentInput, Link, ReplyInput, Service, ServiceError};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
pub(crate) struct CommentPath {
    id: CommentId,
}

#[derive(Deserialize)]
pub(crate) struct ReplyPath {
    id: CommentId,
    reply: ReplyId,
}

type OneComment = Result<Path<CommentPath>, PathRejection>;

fn view(service: &Service, link: &Link, comment: Comment) -> Result<Json<CommentView>, ServiceError> {
    Ok(Json(CommentView::new(&service.follow(link)?, comment)))
}

pub(crate) async fn open(State(api): State<Api>, ByLink(link): ByLink) -> Result<Json<LinkView>, ApiError> {
    api.run(move |service| Ok(Json(LinkView::new(service, &link.code, service.open_link(&link)?)))).await
}

pub(crate) async fn unarchive(
    State(api): State<Api>,
    ByLink(link): ByLink,
) -> Result<Json<LinkView>, ApiError> {
    api.run(move |service| {
        service.unarchive_by_link(&link)?;
        Ok(Json(LinkView::new(service, &link.code, service.open_link(&link)?)))
    })
    .await
}

pub(crate) async fn add_comment(
    State(api): State<Api>,
    ByLink(link): ByLink,
    body: Result<Json<CommentIn>, JsonRejection>,
) -> Result<(StatusCode, Json<CommentView>), ApiError> {
    let Json(body) = body?;
    let input = CommentInput {
        client_id: body.client_id,
        text: body.text,
        page: body.page,
        moment: body.time.map(|time| (time.from, time.to)),
        screen: body.screen,
        markups: body.markups,
    };
    api.run(move |service| {
        let (comment, new) = service.add_comment(&link, &input)?;
        let status = if new { StatusCode::CREATED } else { StatusCode::OK };
        Ok((status, view(service, &link, comment)?))
    })
    .await
}

pub(crate) async fn edit_comment(
    State(api): State<Api>,
    ByLink(link): ByLink,
    path: OneComment,
    body: Result<Json<CommentEditIn>, JsonRejection>,
) -> Result<Json<CommentView>, ApiError> {
    let (Path(path), Json(body)) = (path?, body?);
    api.run(move |service| view(service, &link, service.edit_comment(&link, path.id, &body.text)?)).await
}

pub(crate) async fn delete_comment(
    State(api): State<Api>,
    ByLink(link): ByLink,
    path: OneComment,
) -> Result<StatusCode, ApiError> {
    let Path(path) = path?;
    api.run(move |service| service.delete_comment(&link, path.id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(crate) async fn resolve(
    State(api): State<Api>,
    ByLink(link): ByLink,
    path: OneComment,
) -> Result<Json<CommentView>, ApiError> {
    let Path(path) = path?;
    api.run(move |service| view(service, &link, service.resolve_comment(&link, path.id, true)?)).await
}

pub(crate) async fn reopen(
    State(api): State<Api>,
    ByLink(link): ByLink,
    path: OneComment,
) -> Result<Json<CommentView>, ApiError> {
    let Path(path) = path?;
    api.run(move |service| view(service, &link, service.resolve_comment(&link, path.id, false)?)).await
}

pub(crate) async fn reply(
    State(api): State<Api>,
    ByLink(link): ByLink,
    path: OneComment,
    body: Result<Json<ReplyIn>, JsonRejection>,
) -> Result<(StatusCode, Json<CommentView>), ApiError> {
    let (Path(path), Json(body)) = (path?, body?);
    let input = ReplyInput { client_id: body.client_id, text: body.text };
    api.run(move |service| {
        Ok((StatusCode::CREATED, view(service, &link, service.reply(&link, path.id, &input)?)?))
    })
    .await
}

pub(crate) async fn delete_reply(
    State(api): State<Api>,
    ByLink(link): ByLink,
    path: Result<Path<ReplyPath>, PathRejection>,
) -> Result<Json<CommentView>, ApiError> {
    let Path(path) = path?;
    api.run(move |service| view(service, &link, service.delete_reply(&link, path.id, path.reply)?)).await
}

pub(crate) async fn decide(
    State(api): State<Api>,
    ByLink(link): ByLink,
    body: Result<Json<DecisionIn>, JsonRejection>,
) -> Result<Json<Value>, ApiError> {
    let Json(body) = body?;
    let reasons: Vec<_> = body.reasons.into_iter().map(Into::into).collect();
    let outcome = api.run(move |service| service.decide_by_link(&link, body.decision, &reasons)).await?;
    Ok(Json(json!({
        "decision": outcome.decision, "overall": overall(outcome.overall), "state": outcome.state,
    })))
}
