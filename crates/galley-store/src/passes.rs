//! Codes that stand for a reviewer for a while: one-time links, and what they turn into when used.

use crate::reviewers::{REVIEWER, reviewer};
use crate::rows::millis;
use crate::{Read, StoreError, Write};
use galley_model::{Reviewer, ReviewerId, Timestamp};
use rusqlite::params;

/// A code to be.
#[derive(Clone, Copy, Debug)]
pub struct NewPass<'a> {
    /// The code.
    pub code: &'a str,
    /// Whom it stands for.
    pub reviewer: ReviewerId,
    /// It can be used once, and opens nothing by itself.
    pub once: bool,
    /// When it ends.
    pub expires_at: Timestamp,
}

impl Read<'_> {
    /// The reviewer for whom this code stands now.
    pub fn reviewer_by_pass(&self, code: &str, now: Timestamp) -> Result<Option<Reviewer>, StoreError> {
        self.first(
            &format!(
                "{REVIEWER} JOIN passes a ON a.reviewer_id = r.id
                 WHERE a.code = ?1 AND a.once = 0 AND a.expires_at > ?2 AND r.removed_at IS NULL"
            ),
            params![code, millis(now)],
            reviewer,
        )
    }
}

impl Write<'_> {
    /// Gives out a code.
    pub fn add_pass(&self, new: &NewPass<'_>) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO passes (code, reviewer_id, once, expires_at) VALUES (?1, ?2, ?3, ?4)",
            params![new.code, new.reviewer.0, i64::from(new.once), millis(new.expires_at)],
        )?;
        Ok(())
    }

    /// Uses up a one-time code: the reviewer it stood for, if it was still good.
    pub fn use_pass(&self, code: &str, now: Timestamp) -> Result<Option<Reviewer>, StoreError> {
        let found = self.first(
            &format!(
                "{REVIEWER} JOIN passes a ON a.reviewer_id = r.id
                 WHERE a.code = ?1 AND a.once = 1 AND a.expires_at > ?2 AND r.removed_at IS NULL"
            ),
            params![code, millis(now)],
            reviewer,
        )?;
        self.run("DELETE FROM passes WHERE code = ?1 AND once = 1", [code])?;
        Ok(found)
    }

    /// Removes codes that have ended.
    pub fn delete_expired_passes(&self, now: Timestamp) -> Result<usize, StoreError> {
        self.run("DELETE FROM passes WHERE expires_at <= ?1", [millis(now)])
    }
}
