//! Sample proofs that strangers ordered.

use crate::rows::{RowExt, millis};
use crate::{Read, StoreError, Write};
use galley_model::{ProofId, Timestamp};
use rusqlite::params;

impl Read<'_> {
    /// The sample proof of an address, and when it was ordered last.
    pub fn sample_order(&self, email: &str) -> Result<Option<(ProofId, Timestamp)>, StoreError> {
        self.first(
            "SELECT proof_id, ordered_at FROM sample_orders WHERE email_key = ?1",
            [email.trim().to_lowercase()],
            |row| Ok((ProofId(row.col(0)?), row.time(1)?)),
        )
    }

    /// The sample proof that was ordered last by anybody.
    pub fn last_sample(&self) -> Result<Option<ProofId>, StoreError> {
        self.first("SELECT proof_id FROM sample_orders ORDER BY ordered_at DESC LIMIT 1", [], |row| {
            Ok(ProofId(row.col(0)?))
        })
    }

    /// How many addresses ordered since a time.
    pub fn sample_orders_since(&self, since: Timestamp) -> Result<i64, StoreError> {
        self.number("SELECT COUNT(*) FROM sample_orders WHERE ordered_at > ?1", [millis(since)])
    }
}

impl Write<'_> {
    /// Notes that an address ordered a sample.
    pub fn note_sample(&self, email: &str, proof: ProofId, now: Timestamp) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO sample_orders (email_key, proof_id, ordered_at) VALUES (?1, ?2, ?3)
             ON CONFLICT (email_key) DO UPDATE SET proof_id = excluded.proof_id, ordered_at = excluded.ordered_at",
            params![email.trim().to_lowercase(), proof.0, millis(now)],
        )?;
        Ok(())
    }
}
