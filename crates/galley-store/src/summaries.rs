//! Summaries of proofs: who asked for which, and where they are.

use crate::rows::{RowExt, millis};
use crate::{Read, StoreError, Write};
use galley_model::{
    AccountId, ProofId, SetId, Summary, SummaryId, SummaryKind, SummaryNews, SummaryState, Timestamp, UserId,
};
use rusqlite::{Row, params};

/// A summary to be.
#[derive(Clone, Debug)]
pub struct NewSummary<'a> {
    /// Whose.
    pub account: AccountId,
    /// Of what.
    pub proof: ProofId,
    /// Who asks.
    pub user: UserId,
    /// The kind of file.
    pub kind: SummaryKind,
    /// With all versions that they see.
    pub all_versions: bool,
    /// Who is told.
    pub news: &'a SummaryNews,
    /// When it is forgotten if nothing comes of it.
    pub ends_at: Timestamp,
}

const SUMMARY: &str = "SELECT s.id, s.account_id, s.proof_id, s.user_id, s.kind, s.all_versions, s.news,
    s.callback_url, s.retry_minutes, s.state, s.code, s.file_name, s.size, s.problem, s.pages_done,
    s.pages_expected, s.requested_at, s.finished_at, s.ends_at FROM summaries s";

fn summary(row: &Row<'_>) -> Result<Summary, StoreError> {
    let text = |at: usize| row.col::<Option<String>>(at).map(Option::unwrap_or_default);
    let news = match row.col::<String>(6)?.as_str() {
        "callback" => {
            SummaryNews::Callback { url: text(7)?, interval: row.col::<Option<i64>>(8)?.unwrap_or(1) }
        }
        "mail" => SummaryNews::Mail,
        "mail_if_slow" => SummaryNews::MailIfSlow,
        _ => return Err(StoreError::Corrupt("summaries.news")),
    };
    let state = match row.col::<String>(9)?.as_str() {
        "waiting" => SummaryState::Waiting,
        "ready" => SummaryState::Ready {
            code: text(10)?,
            file_name: text(11)?,
            size: row.value_opt(12, "summaries.size", |n| u64::try_from(n).ok())?.unwrap_or(0),
        },
        "failed" => SummaryState::Failed { problem: text(13)? },
        _ => return Err(StoreError::Corrupt("summaries.state")),
    };
    let pages = |at: usize| row.value(at, "summaries.pages", |n| u32::try_from(n).ok());
    Ok(Summary {
        id: SummaryId(row.col(0)?),
        account: AccountId(row.col(1)?),
        proof: ProofId(row.col(2)?),
        user: UserId(row.col(3)?),
        kind: row.word(4, "summaries.kind", SummaryKind::parse)?,
        all_versions: row.col::<i64>(5)? != 0,
        news,
        state,
        progress: (pages(14)?, pages(15)?),
        requested_at: row.time(16)?,
        finished_at: row.time_opt(17)?,
        ends_at: row.time(18)?,
    })
}

impl Read<'_> {
    /// The summary with this id.
    pub fn summary(&self, id: SummaryId) -> Result<Option<Summary>, StoreError> {
        self.first(&format!("{SUMMARY} WHERE s.id = ?1"), [id.0], summary)
    }

    /// The summary that can be had under this code now. None once its proof is in the trash.
    pub fn summary_by_code(&self, code: &str, now: Timestamp) -> Result<Option<Summary>, StoreError> {
        self.first(
            &format!(
                "{SUMMARY} JOIN proofs p ON p.id = s.proof_id WHERE s.code = ?1 AND s.state = 'ready'
                 AND s.ends_at > ?2 AND p.trashed_at IS NULL AND p.erased_at IS NULL"
            ),
            params![code, millis(now)],
            summary,
        )
    }

    /// Summaries of a proof that a user asked for, newest first.
    pub fn summaries_of(
        &self,
        proof: ProofId,
        user: UserId,
        now: Timestamp,
        limit: i64,
    ) -> Result<Vec<Summary>, StoreError> {
        self.all(
            &format!(
                "{SUMMARY} WHERE s.proof_id = ?1 AND s.user_id = ?2 AND s.ends_at > ?3 ORDER BY s.id DESC LIMIT ?4"
            ),
            params![proof.0, user.0, millis(now), limit],
            summary,
        )
    }

    /// How many summaries for a user are to be made.
    pub fn waiting_summaries(&self, user: UserId) -> Result<i64, StoreError> {
        self.number("SELECT COUNT(*) FROM summaries WHERE user_id = ?1 AND state = 'waiting'", [user.0])
    }

    /// Summaries whose time is over.
    pub fn ended_summaries(&self, now: Timestamp, limit: i64) -> Result<Vec<SummaryId>, StoreError> {
        self.all(
            "SELECT id FROM summaries WHERE ends_at <= ?1 ORDER BY ends_at LIMIT ?2",
            params![millis(now), limit],
            |row| Ok(SummaryId(row.col(0)?)),
        )
    }
}

impl Write<'_> {
    /// Adds a summary that is to be made.
    pub fn add_summary(&self, new: &NewSummary<'_>, now: Timestamp) -> Result<SummaryId, StoreError> {
        let (news, url, interval) = match new.news {
            SummaryNews::Callback { url, interval } => ("callback", Some(url), Some(interval)),
            SummaryNews::Mail => ("mail", None, None),
            SummaryNews::MailIfSlow => ("mail_if_slow", None, None),
        };
        self.insert(
            "INSERT INTO summaries (account_id, proof_id, user_id, kind, all_versions, news, callback_url,
                 retry_minutes, state, requested_at, ends_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'waiting', ?9, ?10) RETURNING id",
            params![
                new.account.0,
                new.proof.0,
                new.user.0,
                new.kind.as_str(),
                i64::from(new.all_versions),
                news,
                url,
                interval,
                millis(now),
                millis(new.ends_at)
            ],
        )
        .map(SummaryId)
    }

    /// Notes how far the making of a summary is.
    pub fn set_summary_progress(&self, id: SummaryId, done: u32, expected: u32) -> Result<(), StoreError> {
        self.run(
            "UPDATE summaries SET pages_done = ?2, pages_expected = ?3 WHERE id = ?1 AND state = 'waiting'",
            params![id.0, done, expected],
        )?;
        Ok(())
    }

    /// Notes what came of a summary. False when somebody else has, or it is gone.
    pub fn finish_summary(
        &self,
        id: SummaryId,
        state: &SummaryState,
        ends_at: Timestamp,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let (word, code, name, size, problem) = match state {
            SummaryState::Waiting => return Ok(false),
            SummaryState::Ready { code, file_name, size } => {
                ("ready", Some(code), Some(file_name), i64::try_from(*size).ok(), None)
            }
            SummaryState::Failed { problem } => ("failed", None, None, None, Some(problem)),
        };
        let changed = self.run(
            "UPDATE summaries SET state = ?2, code = ?3, file_name = ?4, size = ?5, problem = ?6, finished_at = ?7,
                 ends_at = ?8 WHERE id = ?1 AND state = 'waiting'",
            params![id.0, word, code, name, size, problem, millis(now), millis(ends_at)],
        )?;
        Ok(changed > 0)
    }

    /// Ends all summaries of the versions of a set at once: one of them was deleted for good.
    pub fn end_summaries(&self, set: SetId, now: Timestamp) -> Result<(), StoreError> {
        self.run(
            "UPDATE summaries SET ends_at = ?2 WHERE ends_at > ?2
             AND proof_id IN (SELECT id FROM proofs WHERE set_id = ?1)",
            params![set.0, millis(now)],
        )?;
        Ok(())
    }

    /// Forgets a summary.
    pub fn delete_summary(&self, id: SummaryId) -> Result<(), StoreError> {
        self.run("DELETE FROM summaries WHERE id = ?1", [id.0])?;
        Ok(())
    }
}
