//! Callbacks: from events to requests, and from requests to deliveries.

mod payload;
mod summary;

use crate::Notifier;
use futures_util::StreamExt;
use futures_util::stream;
use galley_model::{CallbackType, Event, EventKind, Proof, Timestamp, next_delivery};
use galley_store::{Delivery, DeliveryOutcome, NewDelivery, StoreError, Write};
use jiff::SignedDuration;
use payload::Payload;

/// The name of this reader's cursor.
const READER: &str = "callbacks";

/// Events turned into deliveries in one transaction.
const EVENTS_AT_ONCE: i64 = 200;

/// Deliveries looked at in one round.
const DELIVERIES_AT_ONCE: i64 = 200;

/// Addresses called at the same time.
const ADDRESSES_AT_ONCE: usize = 16;

/// Delivered and dropped requests are shown for so long.
const KEEP: SignedDuration = SignedDuration::from_hours(24 * 30);

impl Notifier {
    /// One round: turns new events into deliveries and posts those that are due. Says when the next one is.
    ///
    /// # Errors
    /// [`StoreError`]. What a receiver does wrong is no error; it is written down with the delivery.
    pub async fn deliver_callbacks(&self) -> Result<Option<Timestamp>, StoreError> {
        while self.blocking(Notifier::read_for_callbacks).await? {}
        let due = self
            .blocking(|n| {
                let now = n.now();
                n.inner.store.write(|tx| tx.forget_deliveries(now - KEEP))?;
                n.inner.store.read(|tx| tx.due_deliveries(now, DELIVERIES_AT_ONCE))
            })
            .await?;
        // One request at a time per address, in the order of events; a dead address holds up no other.
        let mut queues: Vec<Vec<Delivery>> = Vec::new();
        for delivery in due {
            match queues.iter_mut().find(|queue| queue[0].url == delivery.url) {
                Some(queue) => queue.push(delivery),
                None => queues.push(vec![delivery]),
            }
        }
        let mut done =
            stream::iter(queues).map(|queue| self.deliver_all(queue)).buffer_unordered(ADDRESSES_AT_ONCE);
        while let Some(result) = done.next().await {
            result?;
        }
        self.blocking(|n| n.inner.store.read(|tx| tx.next_delivery_at())).await
    }

    /// Turns some events into deliveries. Whether there may be more.
    fn read_for_callbacks(&self) -> Result<bool, StoreError> {
        let news = self.inner.store.read(|tx| tx.events_after(tx.cursor(READER)?, 1))?;
        if news.is_empty() {
            return Ok(false);
        }
        let now = self.now();
        self.inner.store.write(|tx| {
            let events = tx.events_after(tx.cursor(READER)?, EVENTS_AT_ONCE)?;
            for event in &events {
                add_deliveries(tx, event, now)?;
                summary::add_delivery(tx, event, &self.inner.desk.public_url, now)?;
            }
            if let Some(last) = events.last() {
                tx.set_cursor(READER, last.id)?;
            }
            Ok(!events.is_empty())
        })
    }

    /// Posts to one address until a request fails; those behind it then wait as long as it does.
    async fn deliver_all(&self, queue: Vec<Delivery>) -> Result<(), StoreError> {
        let mut failed: Option<DeliveryOutcome> = None;
        for delivery in queue {
            let mut outcome = match &failed {
                Some(outcome) => outcome.clone(),
                None => self.deliver(&delivery).await,
            };
            let now = self.now();
            if outcome.problem.is_some() {
                outcome.next = next_delivery(delivery.happened, now, delivery.interval);
                failed = Some(outcome.clone());
            }
            self.blocking(move |n| n.inner.store.write(|tx| tx.note_delivery(delivery.id, &outcome, now)))
                .await?;
        }
        Ok(())
    }

    async fn deliver(&self, delivery: &Delivery) -> DeliveryOutcome {
        let headers =
            [("x-galley-delivery", delivery.id.to_string()), ("x-galley-event", delivery.kind.clone())];
        match self.inner.http.post_xml(&delivery.url, &headers, delivery.body.clone()).await {
            Ok(status) if (200..300).contains(&status) => {
                DeliveryOutcome { status: Some(i64::from(status)), problem: None, next: None }
            }
            Ok(status) => DeliveryOutcome {
                status: Some(i64::from(status)),
                problem: Some(match status {
                    300..400 => format!("The receiver answered {status}; redirects are not followed."),
                    _ => format!("The receiver answered {status}."),
                }),
                next: None,
            },
            Err(problem) => DeliveryOutcome { status: None, problem: Some(problem), next: None },
        }
    }
}

/// Writes a delivery for every callback that wants to hear of an event. An address that is set for the
/// account and for the proof hears of it once.
fn add_deliveries(tx: &Write<'_>, event: &Event, now: Timestamp) -> Result<(), StoreError> {
    let Some(kind) = callback_type(&event.kind) else { return Ok(()) };
    let proof = event.proof.filter(|_| kind.of_proofs());
    let mut callbacks = tx.callbacks_for(event.account, proof, kind)?;
    if callbacks.is_empty() {
        return Ok(());
    }
    let mut known: Vec<String> = Vec::new();
    callbacks.retain(|callback| {
        let new = !known.contains(&callback.url);
        known.push(callback.url.clone());
        new
    });
    let Some(payload) = payload(tx, event)? else { return Ok(()) };
    let body = payload.document();
    for callback in &callbacks {
        let new = NewDelivery {
            account: event.account,
            proof,
            kind: payload.kind(),
            url: &callback.url,
            interval: callback.interval,
            body: &body,
            happened: event.at,
        };
        tx.add_delivery(&new, now)?;
    }
    Ok(())
}

/// The type of callback that tells of an event.
fn callback_type(kind: &EventKind) -> Option<CallbackType> {
    Some(match kind {
        EventKind::CommentAdded { .. } | EventKind::ReplyAdded { .. } => CallbackType::Comments,
        EventKind::CommentActionSet { .. } => CallbackType::Actions,
        EventKind::DecisionMade { .. } => CallbackType::Decisions,
        EventKind::ProofLocked { .. } | EventKind::ProofUnlocked => CallbackType::State,
        EventKind::ProofOpened { .. } => CallbackType::Opened,
        EventKind::ProofProcessed { .. } | EventKind::ProofFailed { .. } => CallbackType::Processed,
        EventKind::ProofTrashed => CallbackType::Trashed,
        EventKind::ProofDeleted { .. } => CallbackType::Deleted,
        EventKind::ProofArchived { .. } => CallbackType::Archived,
        EventKind::ProofUnarchived => CallbackType::Unarchived,
        EventKind::UserCreated { .. } => CallbackType::UserCreated,
        EventKind::UserActivated { .. } => CallbackType::UserActivated,
        EventKind::UserDeactivated { .. } => CallbackType::UserDeactivated,
        EventKind::UserDeleted { .. } => CallbackType::UserDeleted,
        _ => return None,
    })
}

/// The message about an event; none when the proof is not there any more.
fn payload(tx: &Write<'_>, event: &Event) -> Result<Option<Payload>, StoreError> {
    let user = match &event.kind {
        EventKind::UserCreated { user, email, .. } => Some(("user_created", user, email)),
        EventKind::UserActivated { user, email } => Some(("user_activated", user, email)),
        EventKind::UserDeactivated { user, email } => Some(("user_deactivated", user, email)),
        EventKind::UserDeleted { user, email, .. } => Some(("user_deleted", user, email)),
        _ => None,
    };
    if let Some((kind, user, email)) = user {
        let fields = Payload::new(kind).id("user_id", user.0).text("email", email);
        return Ok(Some(fields.id("account_id", event.account.0).time("timestamp", event.at)));
    }
    if let (EventKind::ProofDeleted { name }, Some(id)) = (&event.kind, event.proof) {
        // Nothing is left of it but what the event says.
        let fields = Payload::new("deleted").id("file_id", id.0).text("name", name);
        let fields = fields.text("state", "").text("status", "");
        return Ok(Some(fields.id("folder_id", 0).text("folder_name", "")));
    }
    let Some(proof) = event.proof.map(|id| tx.proof(id)).transpose()?.flatten() else { return Ok(None) };
    Ok(match &event.kind {
        EventKind::CommentAdded { comment, text, .. } => tx.said_in_comment(*comment)?.map(|said| {
            let fields = Payload::new("comment").id("comment_id", comment.0).id("file_id", proof.id.0);
            // The text of the event: it may be another one by now.
            let fields = fields.text("author", &said.author).text("comment", text).text("action", "");
            fields
                .time("timestamp", event.at)
                .text("proof_name", &proof.name)
                .id("recipient_id", said.reviewer.0)
                .text("author_email", &said.email)
                .folder(&proof)
        }),
        EventKind::ReplyAdded { comment, reply, text, .. } => {
            let thread = tx.said_in_comment(*comment)?;
            let action = tx.comment_action(*comment)?.map(|action| action.name).unwrap_or_default();
            tx.said_in_reply(*reply)?.map(|said| {
                let fields = Payload::new("reply").id("reply_id", reply.0).id("comment_id", comment.0);
                let fields = fields.id("file_id", proof.id.0).text("author", &said.author);
                fields
                    .text("comment", thread.as_ref().map_or("", |thread| &thread.text))
                    .text("reply", text)
                    .text("action", &action)
                    .time("timestamp", event.at)
                    .text("proof_name", &proof.name)
                    .id("recipient_id", said.reviewer.0)
                    .text("author_email", &said.email)
                    .folder(&proof)
            })
        }
        // Author and text are those of the comment; the action may be empty, for one that was taken off.
        EventKind::CommentActionSet { comment, action, .. } => tx.said_in_comment(*comment)?.map(|said| {
            let fields = Payload::new("action").id("comment_id", comment.0).id("file_id", proof.id.0);
            fields
                .text("author", &said.author)
                .text("comment", &said.text)
                .text("action", action.as_deref().unwrap_or_default())
                .time("timestamp", event.at)
                .text("proof_name", &proof.name)
                .id("recipient_id", said.reviewer.0)
                .text("author_email", &said.email)
                .folder(&proof)
        }),
        EventKind::DecisionMade { reviewer, name, decision, overall, .. } => {
            tx.said_by(*reviewer)?.map(|said| {
                let status = overall.unwrap_or(galley_model::Decision::Pending).wire();
                let fields = Payload::new("decision").id("file_id", proof.id.0).text("name", &proof.name);
                fields
                    .text("author", name)
                    .text("author_email", &said.email)
                    .id("recipient_id", reviewer.0)
                    .text("decision", decision.wire())
                    .text("status", status)
                    .time("timestamp", event.at)
                    .folder(&proof)
            })
        }
        EventKind::ProofLocked { .. } => Some(of_proof("state", &proof, "locked").folder(&proof)),
        EventKind::ProofUnlocked => Some(of_proof("state", &proof, "unlocked").folder(&proof)),
        EventKind::ProofOpened { reviewer } => tx.said_by(*reviewer)?.map(|said| {
            of_proof("opened", &proof, proof.state.wire())
                .folder(&proof)
                .id("recipient_id", said.reviewer.0)
                .text("author", &said.author)
                .text("author_email", &said.email)
        }),
        EventKind::ProofProcessed { .. } => Some(
            of_proof("processed", &proof, proof.state.wire())
                .folder(&proof)
                .text("success", "true")
                .text("error", ""),
        ),
        EventKind::ProofFailed { reason } => Some(
            of_proof("processed", &proof, proof.state.wire())
                .folder(&proof)
                .text("success", "false")
                .text("error", reason),
        ),
        EventKind::ProofTrashed => Some(of_proof("trashed", &proof, proof.state.wire()).folder(&proof)),
        EventKind::ProofArchived { .. } => {
            Some(of_proof("archived", &proof, proof.state.wire()).folder(&proof))
        }
        EventKind::ProofUnarchived => Some(of_proof("unarchived", &proof, proof.state.wire()).folder(&proof)),
        _ => None,
    })
}

/// What every message about a proof as a whole begins with.
fn of_proof(kind: &'static str, proof: &Proof, state: &str) -> Payload {
    let status = proof.decision.unwrap_or(galley_model::Decision::Pending).wire();
    let fields = Payload::new(kind).id("file_id", proof.id.0).text("name", &proof.name);
    fields.text("state", state).text("status", status)
}
