//! How accounts offer decisions, and the reasons given with them.

use crate::rows::{RowExt, millis};
use crate::{Read, StoreError, Write};
use galley_model::{
    AccountId, Decision, DecisionReason, DecisionSetup, GivenReason, ProofId, ReasonId, ReviewerId, Timestamp,
};
use rusqlite::{Row, params};

fn setup(row: &Row<'_>) -> Result<DecisionSetup, StoreError> {
    Ok(DecisionSetup {
        decision: row.value(0, "decision_setups.decision", Decision::from_code)?,
        label: row.col(1)?,
        offered: row.col::<i64>(2)? != 0,
        reasons: row.col::<i64>(3)? != 0,
        post_message: row.col::<i64>(4)? != 0,
    })
}

fn reason(row: &Row<'_>) -> Result<DecisionReason, StoreError> {
    Ok(DecisionReason {
        id: ReasonId(row.col(0)?),
        account: AccountId(row.col(1)?),
        name: row.col(2)?,
        text: row.col::<i64>(3)? != 0,
    })
}

impl Read<'_> {
    /// Decisions that an account offers in another way than usual.
    pub fn decision_setups(&self, account: AccountId) -> Result<Vec<DecisionSetup>, StoreError> {
        self.all(
            "SELECT decision, label, offered, reasons, post_message FROM decision_setups WHERE account_id = ?1",
            [account.0],
            setup,
        )
    }

    /// Reasons of an account, in the order in which they were made.
    pub fn decision_reasons(&self, account: AccountId) -> Result<Vec<DecisionReason>, StoreError> {
        self.all(
            "SELECT id, account_id, name, text FROM decision_reasons WHERE account_id = ?1 ORDER BY id",
            [account.0],
            reason,
        )
    }

    /// Reasons that the people who are on these proofs of an account gave with their decisions.
    pub fn given_reasons(
        &self,
        account: AccountId,
        proofs: &[ProofId],
    ) -> Result<Vec<GivenReason>, StoreError> {
        let list = proofs.iter().map(|p| p.0.to_string()).collect::<Vec<_>>().join(",");
        if list.is_empty() {
            return Ok(Vec::new());
        }
        self.all(
            &format!(
                "SELECT r.proof_id, r.id, g.name, g.text FROM given_reasons g
                 JOIN reviewers r ON r.id = g.reviewer_id JOIN proofs p ON p.id = r.proof_id
                 WHERE g.proof_id IN ({list}) AND p.account_id = ?1 AND r.removed_at IS NULL
                 ORDER BY r.proof_id, r.id, g.position"
            ),
            [account.0],
            |row| {
                Ok(GivenReason {
                    proof: ProofId(row.col(0)?),
                    reviewer: ReviewerId(row.col(1)?),
                    name: row.col(2)?,
                    text: row.col(3)?,
                })
            },
        )
    }
}

impl Write<'_> {
    /// Writes how an account offers a decision.
    pub fn set_decision_setup(&self, account: AccountId, to: &DecisionSetup) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO decision_setups (account_id, decision, label, offered, reasons, post_message)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (account_id, decision) DO UPDATE SET label = excluded.label, offered = excluded.offered,
                 reasons = excluded.reasons, post_message = excluded.post_message",
            params![
                account.0,
                to.decision.code(),
                to.label,
                i64::from(to.offered),
                i64::from(to.reasons),
                i64::from(to.post_message)
            ],
        )?;
        Ok(())
    }

    /// Adds a reason.
    pub fn add_decision_reason(
        &self,
        account: AccountId,
        name: &str,
        text: bool,
        now: Timestamp,
    ) -> Result<ReasonId, StoreError> {
        self.insert(
            "INSERT INTO decision_reasons (account_id, name, name_key, text, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5) RETURNING id",
            params![account.0, name, name.to_lowercase(), i64::from(text), millis(now)],
        )
        .map(ReasonId)
    }

    /// Writes the reasons of somebody's decision, names with texts, in place of those of the one before.
    pub fn set_given_reasons(
        &self,
        reviewer: ReviewerId,
        reasons: &[(String, String)],
    ) -> Result<(), StoreError> {
        self.run("DELETE FROM given_reasons WHERE reviewer_id = ?1", [reviewer.0])?;
        for (position, (name, text)) in (1..).zip(reasons) {
            let position: i64 = position;
            self.run(
                "INSERT INTO given_reasons (reviewer_id, position, name, text, proof_id)
                 SELECT r.id, ?2, ?3, ?4, r.proof_id FROM reviewers r WHERE r.id = ?1",
                params![reviewer.0, position, name, text],
            )?;
        }
        Ok(())
    }
}
