//! Callbacks and their deliveries, and the places of the readers of the event log.

use crate::rows::{RowExt, millis};
use crate::{Read, StoreError, Write};
use galley_model::{
    AccountId, Callback, CallbackType, CommentId, Event, EventId, ProofId, ReplyId, ReviewerId, Timestamp,
};
use rusqlite::{Row, params};

/// A request to be posted to somebody's address.
#[derive(Clone, Debug)]
pub struct NewDelivery<'a> {
    /// Whose.
    pub account: AccountId,
    /// The proof it tells of, if any.
    pub proof: Option<ProofId>,
    /// Type of the message.
    pub kind: &'a str,
    /// Where to.
    pub url: &'a str,
    /// Minutes until a failed try is repeated.
    pub interval: i64,
    /// The message.
    pub body: &'a str,
    /// When that happened of which it tells.
    pub happened: Timestamp,
}

/// A request on its way, as an administrator sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Identifier.
    pub id: i64,
    /// Whose.
    pub account: AccountId,
    /// The proof it tells of, if any.
    pub proof: Option<ProofId>,
    /// Type of the message.
    pub kind: String,
    /// Where to.
    pub url: String,
    /// Minutes until a failed try is repeated.
    pub interval: i64,
    /// The message.
    pub body: String,
    /// Where it is.
    pub state: DeliveryState,
    /// How often it was tried.
    pub attempts: i64,
    /// When that happened of which it tells.
    pub happened: Timestamp,
    /// When it is tried next, while it waits.
    pub next: Timestamp,
    /// When it was delivered or dropped.
    pub finished: Option<Timestamp>,
    /// HTTP status of the last answer.
    pub status: Option<i64>,
    /// Why the last try failed.
    pub problem: Option<String>,
}

/// Where a delivery is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryState {
    /// To be tried.
    Waiting,
    /// Taken by the receiver.
    Delivered,
    /// Given up.
    Dropped,
}

impl DeliveryState {
    /// The word that is stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            DeliveryState::Waiting => "waiting",
            DeliveryState::Delivered => "delivered",
            DeliveryState::Dropped => "dropped",
        }
    }

    fn parse(text: &str) -> Option<DeliveryState> {
        [DeliveryState::Waiting, DeliveryState::Delivered, DeliveryState::Dropped]
            .into_iter()
            .find(|state| state.as_str() == text)
    }
}

/// What came of a try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryOutcome {
    /// HTTP status, when there was an answer.
    pub status: Option<i64>,
    /// Why it failed; none when it did not.
    pub problem: Option<String>,
    /// When it is tried again; none when it is done, one way or the other.
    pub next: Option<Timestamp>,
}

/// Something a reviewer said or did, with who they were on the proof. Also of what is deleted since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Who.
    pub reviewer: ReviewerId,
    /// Their name.
    pub author: String,
    /// Their address.
    pub email: String,
    /// Text of the comment or reply; empty for anything else.
    pub text: String,
}

const CALLBACK: &str = "SELECT c.account_id, c.proof_id, p.name, c.kind, c.url, c.retry_minutes
    FROM callbacks c LEFT JOIN proofs p ON p.id = c.proof_id";

fn callback(row: &Row<'_>) -> Result<Callback, StoreError> {
    Ok(Callback {
        account: AccountId(row.col(0)?),
        proof: Some(row.col::<i64>(1)?).filter(|id| *id != 0).map(ProofId),
        proof_name: row.col(2)?,
        kind: row.value(3, "callbacks.kind", CallbackType::from_code)?,
        url: row.col(4)?,
        interval: row.col(5)?,
    })
}

const DELIVERY: &str =
    "SELECT id, account_id, proof_id, kind, url, retry_minutes, body, state, attempts, happened_at,
    next_at, finished_at, status, problem FROM deliveries";

fn delivery(row: &Row<'_>) -> Result<Delivery, StoreError> {
    Ok(Delivery {
        id: row.col(0)?,
        account: AccountId(row.col(1)?),
        proof: row.col::<Option<i64>>(2)?.map(ProofId),
        kind: row.col(3)?,
        url: row.col(4)?,
        interval: row.col(5)?,
        body: row.col(6)?,
        state: row.word(7, "deliveries.state", DeliveryState::parse)?,
        attempts: row.col(8)?,
        happened: row.time(9)?,
        next: row.time(10)?,
        finished: row.time_opt(11)?,
        status: row.col(12)?,
        problem: row.col(13)?,
    })
}

fn said(row: &Row<'_>) -> Result<Said, StoreError> {
    Ok(Said { reviewer: ReviewerId(row.col(0)?), author: row.col(1)?, email: row.col(2)?, text: row.col(3)? })
}

/// The number that stands for the scope of a callback.
fn scope(proof: Option<ProofId>) -> i64 {
    proof.map_or(0, |id| id.0)
}

impl Read<'_> {
    /// The last event that this reader has dealt with.
    pub fn cursor(&self, reader: &str) -> Result<EventId, StoreError> {
        self.number("SELECT event_id FROM cursors WHERE reader = ?1", [reader]).map(EventId)
    }

    /// Entries of the log after this one, of every account, oldest first.
    pub fn events_after(&self, after: EventId, limit: i64) -> Result<Vec<Event>, StoreError> {
        self.all(
            &format!("{} WHERE id > ?1 ORDER BY id LIMIT ?2", crate::events::EVENT),
            [after.0, limit],
            crate::events::event,
        )
    }

    /// Callbacks of a proof, or of the account itself, by type.
    pub fn callbacks(&self, account: AccountId, proof: Option<ProofId>) -> Result<Vec<Callback>, StoreError> {
        self.all(
            &format!("{CALLBACK} WHERE c.account_id = ?1 AND c.proof_id = ?2 ORDER BY c.kind"),
            [account.0, scope(proof)],
            callback,
        )
    }

    /// Callbacks that want to hear of something: the account's, then the proof's.
    pub fn callbacks_for(
        &self,
        account: AccountId,
        proof: Option<ProofId>,
        kind: CallbackType,
    ) -> Result<Vec<Callback>, StoreError> {
        self.all(
            &format!(
                "{CALLBACK} WHERE c.account_id = ?1 AND c.proof_id IN (0, ?2) AND c.kind = ?3 ORDER BY c.proof_id"
            ),
            [account.0, scope(proof), kind.code()],
            callback,
        )
    }

    /// Deliveries of an account before this one, newest first.
    pub fn deliveries(
        &self,
        account: AccountId,
        before: i64,
        limit: i64,
    ) -> Result<Vec<Delivery>, StoreError> {
        self.all(
            &format!("{DELIVERY} WHERE account_id = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3"),
            [account.0, before, limit],
            delivery,
        )
    }

    /// Deliveries that are due, in the order in which their events happened.
    pub fn due_deliveries(&self, now: Timestamp, limit: i64) -> Result<Vec<Delivery>, StoreError> {
        self.all(
            &format!("{DELIVERY} WHERE state = 'waiting' AND next_at <= ?1 ORDER BY next_at, id LIMIT ?2"),
            [millis(now), limit],
            delivery,
        )
    }

    /// When the next delivery is due.
    pub fn next_delivery_at(&self) -> Result<Option<Timestamp>, StoreError> {
        let at = self.first("SELECT MIN(next_at) FROM deliveries WHERE state = 'waiting'", [], |row| {
            row.time_opt(0)
        })?;
        Ok(at.flatten())
    }

    /// How many deliveries wait, how many of these have failed before, and how many were given up.
    pub fn delivery_counts(&self) -> Result<(i64, i64, i64), StoreError> {
        let waiting = self.number("SELECT COUNT(*) FROM deliveries WHERE state = 'waiting'", [])?;
        let failing =
            self.number("SELECT COUNT(*) FROM deliveries WHERE state = 'waiting' AND attempts > 0", [])?;
        let dropped = self.number("SELECT COUNT(*) FROM deliveries WHERE state = 'dropped'", [])?;
        Ok((waiting, failing, dropped))
    }

    /// Who wrote a comment, and what.
    pub fn said_in_comment(&self, id: CommentId) -> Result<Option<Said>, StoreError> {
        self.first(
            "SELECT c.reviewer_id, c.author, q.email, c.text FROM comments c
             JOIN reviewers r ON r.id = c.reviewer_id JOIN people q ON q.id = r.person_id WHERE c.id = ?1",
            [id.0],
            said,
        )
    }

    /// Who wrote a reply, and what.
    pub fn said_in_reply(&self, id: ReplyId) -> Result<Option<Said>, StoreError> {
        self.first(
            "SELECT y.reviewer_id, y.author, q.email, y.text FROM replies y
             JOIN reviewers r ON r.id = y.reviewer_id JOIN people q ON q.id = r.person_id WHERE y.id = ?1",
            [id.0],
            said,
        )
    }

    /// Who a reviewer is, or was.
    pub fn said_by(&self, id: ReviewerId) -> Result<Option<Said>, StoreError> {
        self.first(
            "SELECT r.id, r.name, q.email, '' FROM reviewers r JOIN people q ON q.id = r.person_id WHERE r.id = ?1",
            [id.0],
            said,
        )
    }
}

impl Write<'_> {
    /// Notes how far a reader is.
    pub fn set_cursor(&self, reader: &str, event: EventId) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO cursors (reader, event_id) VALUES (?1, ?2)
             ON CONFLICT (reader) DO UPDATE SET event_id = excluded.event_id",
            params![reader, event.0],
        )?;
        Ok(())
    }

    /// Sets the callback of this type, in the place of the one that is there.
    pub fn set_callback(&self, callback: &Callback, now: Timestamp) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO callbacks (account_id, proof_id, kind, url, retry_minutes, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (account_id, proof_id, kind)
                 DO UPDATE SET url = excluded.url, retry_minutes = excluded.retry_minutes",
            params![
                callback.account.0,
                scope(callback.proof),
                callback.kind.code(),
                callback.url,
                callback.interval,
                millis(now)
            ],
        )?;
        Ok(())
    }

    /// Removes the callback of this type. False when there was none.
    pub fn remove_callback(
        &self,
        account: AccountId,
        proof: Option<ProofId>,
        kind: CallbackType,
    ) -> Result<bool, StoreError> {
        let removed = self.run(
            "DELETE FROM callbacks WHERE account_id = ?1 AND proof_id = ?2 AND kind = ?3",
            [account.0, scope(proof), kind.code()],
        )?;
        Ok(removed > 0)
    }

    /// Adds a delivery; it is due at once.
    pub fn add_delivery(&self, new: &NewDelivery<'_>, now: Timestamp) -> Result<i64, StoreError> {
        self.insert(
            "INSERT INTO deliveries (account_id, proof_id, kind, url, retry_minutes, body, state, happened_at, next_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'waiting', ?7, ?8) RETURNING id",
            params![
                new.account.0,
                new.proof.map(|id| id.0),
                new.kind,
                new.url,
                new.interval,
                new.body,
                millis(new.happened),
                millis(now)
            ],
        )
    }

    /// Writes down what came of a try.
    pub fn note_delivery(
        &self,
        id: i64,
        outcome: &DeliveryOutcome,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let state = match (&outcome.problem, outcome.next) {
            (None, _) => DeliveryState::Delivered,
            (Some(_), Some(_)) => DeliveryState::Waiting,
            (Some(_), None) => DeliveryState::Dropped,
        };
        let finished = (state != DeliveryState::Waiting).then(|| millis(now));
        self.run(
            "UPDATE deliveries SET state = ?2, attempts = attempts + 1, next_at = COALESCE(?3, next_at),
                 finished_at = ?4, status = ?5, problem = ?6 WHERE id = ?1 AND state = 'waiting'",
            params![id, state.as_str(), outcome.next.map(millis), finished, outcome.status, outcome.problem],
        )?;
        Ok(())
    }

    /// Forgets deliveries that ended before a time.
    pub fn forget_deliveries(&self, before: Timestamp) -> Result<usize, StoreError> {
        self.run("DELETE FROM deliveries WHERE state <> 'waiting' AND finished_at < ?1", [millis(before)])
    }
}
