//! The outbox, and people who wait to be told of a proof.

use crate::rows::{RowExt, millis};
use crate::{Read, StoreError, Write};
use galley_model::{AccountId, ActivityLog, BatchId, EventId, ProofId, ReviewerId, Timestamp};
use rusqlite::{Row, params};

/// A mail to be sent.
#[derive(Clone, Debug)]
pub struct NewMail<'a> {
    /// Whose.
    pub account: AccountId,
    /// The proof it is about, if any.
    pub proof: Option<ProofId>,
    /// What kind of mail.
    pub kind: &'a str,
    /// Name of the recipient.
    pub to_name: &'a str,
    /// Address of the recipient.
    pub to_email: &'a str,
    /// Whom an answer goes to.
    pub reply_to: Option<&'a str>,
    /// Subject.
    pub subject: &'a str,
    /// Plain text.
    pub text: &'a str,
    /// HTML.
    pub html: &'a str,
    /// Whether it is sent; otherwise it is only kept.
    pub send: bool,
    /// When that happened of which it tells.
    pub happened: Timestamp,
}

/// A mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// Identifier.
    pub id: i64,
    /// Whose.
    pub account: AccountId,
    /// The proof it is about, if any.
    pub proof: Option<ProofId>,
    /// What kind of mail.
    pub kind: String,
    /// Name of the recipient.
    pub to_name: String,
    /// Address of the recipient.
    pub to_email: String,
    /// Whom an answer goes to.
    pub reply_to: Option<String>,
    /// Subject.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// HTML.
    pub html: String,
    /// Where it is.
    pub state: MailState,
    /// How often it was tried.
    pub attempts: i64,
    /// When that happened of which it tells.
    pub happened: Timestamp,
    /// When it is tried next, while it waits.
    pub next: Timestamp,
    /// When it was sent or put aside.
    pub finished: Option<Timestamp>,
    /// Why the last try failed.
    pub problem: Option<String>,
}

/// Somebody who waits to be told of a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Who.
    pub reviewer: ReviewerId,
    /// Of what.
    pub proof: ProofId,
    /// The entry of the log that asked for it.
    pub event: EventId,
    /// The batch whose proofs are told of together.
    pub batch: Option<BatchId>,
}

/// Where a mail is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailState {
    /// To be sent.
    Waiting,
    /// Taken by the mail server.
    Sent,
    /// Put aside after too many tries.
    Parked,
    /// Never to be sent: there was no mail server.
    Kept,
}

impl MailState {
    /// The word that is stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            MailState::Waiting => "waiting",
            MailState::Sent => "sent",
            MailState::Parked => "parked",
            MailState::Kept => "kept",
        }
    }

    fn parse(text: &str) -> Option<MailState> {
        [MailState::Waiting, MailState::Sent, MailState::Parked, MailState::Kept]
            .into_iter()
            .find(|state| state.as_str() == text)
    }
}

/// How many mails there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MailCounts {
    /// To be sent.
    pub waiting: i64,
    /// Of these, tried before.
    pub failing: i64,
    /// Put aside.
    pub parked: i64,
    /// Kept for want of a mail server.
    pub kept: i64,
}

/// Columns of a mail, of the table that a statement calls `x`.
pub(crate) const MAIL_COLUMNS: &str = "x.id, x.account_id, x.proof_id, x.kind, x.to_name, x.to_email, x.reply_to,
    x.subject, x.text_body, x.html_body, x.state, x.attempts, x.happened_at, x.next_at, x.finished_at, x.problem";

pub(crate) fn mail(row: &Row<'_>) -> Result<Mail, StoreError> {
    Ok(Mail {
        id: row.col(0)?,
        account: AccountId(row.col(1)?),
        proof: row.col::<Option<i64>>(2)?.map(ProofId),
        kind: row.col(3)?,
        to_name: row.col(4)?,
        to_email: row.col(5)?,
        reply_to: row.col(6)?,
        subject: row.col(7)?,
        text: row.col(8)?,
        html: row.col(9)?,
        state: row.word(10, "mails.state", MailState::parse)?,
        attempts: row.col(11)?,
        happened: row.time(12)?,
        next: row.time(13)?,
        finished: row.time_opt(14)?,
        problem: row.col(15)?,
    })
}

const INVITATION: &str = "SELECT reviewer_id, proof_id, event_id, batch_id FROM invitations";

fn invitation(row: &Row<'_>) -> Result<Invitation, StoreError> {
    Ok(Invitation {
        reviewer: ReviewerId(row.col(0)?),
        proof: ProofId(row.col(1)?),
        event: EventId(row.col(2)?),
        batch: row.col::<Option<i64>>(3)?.map(BatchId),
    })
}

impl Read<'_> {
    /// Mails of an account before this one, newest first.
    pub fn mails(&self, account: AccountId, before: i64, limit: i64) -> Result<Vec<Mail>, StoreError> {
        self.all(
            &format!("SELECT {MAIL_COLUMNS} FROM mails x WHERE account_id = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3"),
            [account.0, before, limit],
            mail,
        )
    }

    /// One mail of an account.
    pub fn mail(&self, account: AccountId, id: i64) -> Result<Option<Mail>, StoreError> {
        self.first(
            &format!("SELECT {MAIL_COLUMNS} FROM mails x WHERE account_id = ?1 AND id = ?2"),
            [account.0, id],
            mail,
        )
    }

    /// Whether there is a mail of this kind about a proof.
    pub fn has_mail(&self, proof: ProofId, kind: &str) -> Result<bool, StoreError> {
        let found = self
            .number("SELECT COUNT(*) FROM mails WHERE proof_id = ?1 AND kind = ?2", params![proof.0, kind])?;
        Ok(found > 0)
    }

    /// Mails that are due, oldest first.
    pub fn due_mails(&self, now: Timestamp, limit: i64) -> Result<Vec<Mail>, StoreError> {
        self.all(
            &format!("SELECT {MAIL_COLUMNS} FROM mails x WHERE state = 'waiting' AND next_at <= ?1 ORDER BY next_at, id LIMIT ?2"),
            [millis(now), limit],
            mail,
        )
    }

    /// When the next mail is due.
    pub fn next_mail_at(&self) -> Result<Option<Timestamp>, StoreError> {
        let at =
            self.first("SELECT MIN(next_at) FROM mails WHERE state = 'waiting'", [], |row| row.time_opt(0))?;
        Ok(at.flatten())
    }

    /// How many mails there are.
    pub fn mail_counts(&self) -> Result<MailCounts, StoreError> {
        let count =
            |condition: &str| self.number(&format!("SELECT COUNT(*) FROM mails WHERE {condition}"), []);
        Ok(MailCounts {
            waiting: count("state = 'waiting'")?,
            failing: count("state = 'waiting' AND attempts > 0")?,
            parked: count("state = 'parked'")?,
            kept: count("state = 'kept'")?,
        })
    }

    /// People who wait to be told of a proof.
    pub fn invitations(&self, proof: ProofId) -> Result<Vec<Invitation>, StoreError> {
        self.all(&format!("{INVITATION} WHERE proof_id = ?1 ORDER BY reviewer_id"), [proof.0], invitation)
    }

    /// People who wait to be told of proofs of a batch.
    pub fn invitations_of_batch(&self, batch: BatchId) -> Result<Vec<Invitation>, StoreError> {
        self.all(&format!("{INVITATION} WHERE batch_id = ?1 ORDER BY reviewer_id"), [batch.0], invitation)
    }
}

impl Write<'_> {
    /// Puts a mail into the outbox.
    pub fn add_mail(&self, new: &NewMail<'_>, now: Timestamp) -> Result<i64, StoreError> {
        let state = if new.send { MailState::Waiting } else { MailState::Kept };
        let id = self.insert(
            "INSERT INTO mails (account_id, proof_id, kind, to_name, to_email, reply_to, subject, text_body, html_body,
                 state, happened_at, next_at, finished_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) RETURNING id",
            params![
                new.account.0,
                new.proof.map(|id| id.0),
                new.kind,
                new.to_name,
                new.to_email,
                new.reply_to,
                new.subject,
                new.text,
                new.html,
                state.as_str(),
                millis(new.happened),
                millis(now),
                (!new.send).then(|| millis(now)),
            ],
        )?;
        self.log(new.account, ActivityLog::Email, None, id)?;
        Ok(id)
    }

    /// Writes down what came of a try: why it failed, if it did, and when it is tried again, if it is.
    pub fn note_mail(
        &self,
        id: i64,
        problem: Option<&str>,
        next: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let state = match (problem, next) {
            (None, _) => MailState::Sent,
            (Some(_), Some(_)) => MailState::Waiting,
            (Some(_), None) => MailState::Parked,
        };
        let finished = (state != MailState::Waiting).then(|| millis(now));
        self.run(
            "UPDATE mails SET state = ?2, attempts = attempts + 1, next_at = COALESCE(?3, next_at),
                 finished_at = ?4, problem = ?5 WHERE id = ?1 AND state = 'waiting'",
            params![id, state.as_str(), next.map(millis), finished, problem],
        )?;
        Ok(())
    }

    /// Puts a mail that was put aside back into the outbox. False when it is not one.
    pub fn retry_mail(&self, account: AccountId, id: i64, now: Timestamp) -> Result<bool, StoreError> {
        let changed = self.run(
            "UPDATE mails SET state = 'waiting', attempts = 0, next_at = ?3, finished_at = NULL
             WHERE account_id = ?1 AND id = ?2 AND state = 'parked'",
            [account.0, id, millis(now)],
        )?;
        Ok(changed > 0)
    }

    /// Forgets mails that ended before a time, up to the first that did not: the log of mails loses its
    /// end and nothing in the middle.
    pub fn forget_mails(&self, before: Timestamp) -> Result<usize, StoreError> {
        let kept = self.first(
            "SELECT id FROM mails WHERE state = 'waiting' OR finished_at >= ?1 ORDER BY id LIMIT 1",
            [millis(before)],
            |row| row.col(0),
        )?;
        let kept: i64 = kept.unwrap_or(i64::MAX);
        let gone = self.run("DELETE FROM mails WHERE id < ?1", [kept])?;
        if gone > 0 {
            self.run(
                "DELETE FROM log_entries WHERE account_id IN (SELECT id FROM accounts) AND log = 'email'
                     AND user_id = 0 AND ref_id < ?1",
                [kept],
            )?;
        }
        Ok(gone)
    }

    /// Somebody is to be told of a proof once it has its pages.
    pub fn add_invitation(&self, new: &Invitation) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO invitations (reviewer_id, proof_id, event_id, batch_id) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (reviewer_id) DO NOTHING",
            params![new.reviewer.0, new.proof.0, new.event.0, new.batch.map(|id| id.0)],
        )?;
        Ok(())
    }

    /// Somebody was told, or is not to be any more.
    pub fn remove_invitation(&self, reviewer: ReviewerId) -> Result<(), StoreError> {
        self.run("DELETE FROM invitations WHERE reviewer_id = ?1", [reviewer.0])?;
        Ok(())
    }
}
