//! Live updates as server-sent events. Each stream is a reader of the event log with a cursor of its
//! own: the browser names the last event it saw, and nothing is lost between two connections.

use crate::Api;
use crate::auth::{ByLink, Caller};
use crate::error::ApiError;
use crate::link_views::{CommentView, LinkProof, PageView, link_reviewers};
use crate::processing::WorkView;
use crate::views::overall;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures_util::stream::{self, Stream, StreamExt};
use galley_model::EventId;
use galley_service::{Link, LinkUpdate, Service, ServiceError};
use serde::Deserialize;
use serde_json::{Value, json};
use std::convert::Infallible;
use std::time::Duration;

/// Comments above and pings below keep proxies from closing a quiet stream.
const PING: Duration = Duration::from_secs(20);

#[derive(Deserialize)]
pub(crate) struct After {
    after: Option<EventId>,
}

/// The last event the browser saw: what it says itself when it reconnects, else the query.
fn cursor(headers: &HeaderMap, query: &After) -> Option<EventId> {
    let header = headers.get("last-event-id").and_then(|v| v.to_str().ok()?.parse().ok()).map(EventId);
    header.or(query.after)
}

fn event(name: &str, id: EventId, data: &Value) -> Event {
    Event::default().event(name).id(id.to_string()).data(data.to_string())
}

fn ping() -> KeepAlive {
    KeepAlive::new().interval(PING).event(Event::default().event("ping").data("{}"))
}

/// What a reader found: events to send and whether the stream ends with them.
struct Batch {
    events: Vec<Event>,
    cursor: EventId,
    over: bool,
}

/// Reads the log again each time something happened, from where it stopped.
fn follow(
    api: Api,
    start: EventId,
    read: impl Fn(&Service, EventId) -> Batch + Clone + Send + 'static,
) -> impl Stream<Item = Result<Event, Infallible>> {
    let seen = api.service.events();
    stream::unfold((api, seen, start, false), move |(api, mut seen, cursor, over)| {
        let read = read.clone();
        async move {
            if over {
                return None;
            }
            loop {
                seen.borrow_and_update();
                let (service, read) = (api.service.clone(), read.clone());
                let batch = tokio::task::spawn_blocking(move || read(&service, cursor)).await.ok()?;
                if !batch.events.is_empty() || batch.over {
                    return Some((stream::iter(batch.events), (api, seen, batch.cursor, batch.over)));
                }
                if batch.cursor > cursor {
                    return Some((stream::iter(Vec::new()), (api, seen, batch.cursor, false)));
                }
                seen.changed().await.ok()?;
            }
        }
    })
    .flatten()
    .map(Ok)
}

pub(crate) async fn link(
    State(api): State<Api>,
    ByLink(link): ByLink,
    query: Result<Query<After>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, ApiError> {
    let Query(query) = query?;
    let follow_link = link.clone();
    api.run(move |service| service.follow(&follow_link)).await?;
    let start = match cursor(&headers, &query) {
        Some(cursor) => cursor,
        None => api.run(|service| service.last_event()).await?,
    };
    let stream = follow(api, start, move |service, after| link_batch(service, &link, after));
    Ok(Sse::new(stream).keep_alive(ping()))
}

fn link_batch(service: &Service, link: &Link, after: EventId) -> Batch {
    let news = service.follow(link).and_then(|opened| Ok((service.link_updates(link, after)?, opened)));
    match news {
        Ok(((updates, cursor), opened)) => {
            let to_event = |update| {
                let (name, data) = match update {
                    LinkUpdate::Comment(comment) => {
                        ("comment", json!({"comment": CommentView::new(&opened, *comment)}))
                    }
                    LinkUpdate::CommentDeleted(id) => ("comment_deleted", json!({"id": id})),
                    LinkUpdate::Page(page) => {
                        let page_count = opened.proof.pages;
                        (
                            "page",
                            json!({
                                "page": PageView::new(&link.code, &page), "page_count": page_count,
                                "work": WorkView::of(&opened.proof),
                            }),
                        )
                    }
                    LinkUpdate::Processing => (
                        "processing",
                        json!({
                            "processing": opened.proof.processing, "processing_error": opened.proof.processing_error,
                            "page_count": opened.proof.pages, "work": WorkView::of(&opened.proof),
                            "cancelled": opened.proof.cancelled,
                        }),
                    ),
                    LinkUpdate::Proof { proof, reviewers, progress, decision } => {
                        let name = if decision { "decision" } else { "proof" };
                        let people = link_reviewers(&reviewers, &progress);
                        let overall = overall(proof.decision);
                        (
                            name,
                            json!({"proof": LinkProof::new(&proof, service.now()), "reviewers": people, "overall": overall}),
                        )
                    }
                };
                event(name, cursor, &data)
            };
            Batch { events: updates.into_iter().map(to_event).collect(), cursor, over: false }
        }
        Err(ServiceError::NotFound(_) | ServiceError::Gone | ServiceError::NoSession) => {
            Batch { events: vec![event("gone", after, &json!({}))], cursor: after, over: true }
        }
        // The browser comes back by itself and goes on from its last event.
        Err(_) => Batch { events: Vec::new(), cursor: after, over: true },
    }
}

pub(crate) async fn proofs(
    State(api): State<Api>,
    Caller(caller): Caller,
    query: Result<Query<After>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, ApiError> {
    let Query(query) = query?;
    let start = match cursor(&headers, &query) {
        Some(cursor) => cursor,
        None => api.run(|service| service.last_event()).await?,
    };
    let hello = stream::iter([Ok(event("hello", start, &json!({})))]);
    let changes = follow(api, start, move |service, after| match service.changed_proofs(&caller, after) {
        Ok((changed, cursor)) => {
            let events =
                changed.iter().map(|(id, kind)| event("proof", cursor, &json!({"id": id, "kind": kind})));
            Batch { events: events.collect(), cursor, over: false }
        }
        Err(_) => Batch { events: Vec::new(), cursor: after, over: true },
    });
    Ok(Sse::new(hello.chain(changes)).keep_alive(ping()))
}
