//! Batches: proofs that are made together.

use crate::rows::{RowExt, millis};
use crate::{Read, StoreError, Write};
use galley_model::{AccountId, Batch, BatchId, ProofId, ReviewerId, Timestamp, UserId};
use rusqlite::params;

impl Read<'_> {
    /// The batch with this id.
    pub fn batch(&self, id: BatchId) -> Result<Option<Batch>, StoreError> {
        self.first("SELECT id, account_id, user_id, finished_at FROM batches WHERE id = ?1", [id.0], |row| {
            Ok(Batch {
                id: BatchId(row.col(0)?),
                account: AccountId(row.col(1)?),
                user: UserId(row.col(2)?),
                finished_at: row.time_opt(3)?,
            })
        })
    }

    /// Proofs and files of a batch that are not in the trash, in the order they were made.
    pub fn proofs_of_batch(&self, id: BatchId) -> Result<Vec<ProofId>, StoreError> {
        self.all(
            "SELECT id FROM proofs WHERE batch_id = ?1 AND trashed_at IS NULL ORDER BY id",
            [id.0],
            |row| Ok(ProofId(row.col(0)?)),
        )
    }
}

impl Write<'_> {
    /// Starts a batch.
    pub fn add_batch(&self, account: AccountId, user: UserId, now: Timestamp) -> Result<BatchId, StoreError> {
        self.insert(
            "INSERT INTO batches (account_id, user_id, created_at) VALUES (?1, ?2, ?3) RETURNING id",
            params![account.0, user.0, millis(now)],
        )
        .map(BatchId)
    }

    /// Finishes a batch: everybody who was held back on its proofs counts as told from now on. Those who
    /// are to be told are given back, in the order of proofs and of joining.
    pub fn finish_batch(&self, id: BatchId, now: Timestamp) -> Result<Vec<ReviewerId>, StoreError> {
        const HELD: &str = "held IS NOT NULL AND removed_at IS NULL
            AND proof_id IN (SELECT id FROM proofs WHERE batch_id = ?1 AND trashed_at IS NULL)";
        let told = self.all(
            &format!("SELECT id FROM reviewers WHERE held = 1 AND {HELD} ORDER BY proof_id, id"),
            [id.0],
            |row| Ok(ReviewerId(row.col(0)?)),
        )?;
        self.run(
            &format!("UPDATE reviewers SET sent_at = ?2, held = NULL WHERE {HELD}"),
            params![id.0, millis(now)],
        )?;
        self.run("UPDATE batches SET finished_at = ?2 WHERE id = ?1", params![id.0, millis(now)])?;
        Ok(told)
    }

    /// Holds somebody on a proof back until its batch is finished.
    pub fn hold_reviewer(&self, id: ReviewerId, tell: bool) -> Result<(), StoreError> {
        self.run(
            "UPDATE reviewers SET held = ?2, sent_at = NULL WHERE id = ?1",
            params![id.0, i64::from(tell)],
        )?;
        Ok(())
    }
}
