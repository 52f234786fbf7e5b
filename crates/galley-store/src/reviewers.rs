//! The people on a proof.

use crate::rows::{RowExt, millis};
use crate::{Read, StoreError, Write};
use galley_model::{
    Alert, Decision, PersonId, ProofId, Reviewer, ReviewerId, Role, StageId, StageState, Timestamp, UserId,
};
use rusqlite::{Row, params};

/// A person about to be on a proof.
#[derive(Clone, Debug)]
pub struct NewReviewer<'a> {
    /// The version.
    pub proof: ProofId,
    /// Who.
    pub person: PersonId,
    /// Name on this proof.
    pub name: &'a str,
    /// Job title.
    pub position: &'a str,
    /// What they may do.
    pub role: Role,
    /// How much mail they want.
    pub alert: Alert,
    /// When their part is due.
    pub deadline: Option<Timestamp>,
    /// Secret part of the personal URL.
    pub code: &'a str,
    /// The stage they join.
    pub stage: StageId,
    /// The proof is shared with them now, because that stage runs.
    pub sent: bool,
    /// They are to be told of it when that stage starts.
    pub waiting: bool,
}

/// What an edit leaves behind: every value, changed or not.
#[derive(Clone, Debug)]
pub struct ReviewerChanges<'a> {
    /// Name on this proof.
    pub name: &'a str,
    /// Job title.
    pub position: &'a str,
    /// What they may do.
    pub role: Role,
    /// How much mail they want.
    pub alert: Alert,
    /// When their part is due.
    pub deadline: Option<Timestamp>,
}

pub(crate) const REVIEWER: &str =
    "SELECT r.id, r.proof_id, r.person_id, u.id, r.name, q.email, r.position, r.role, r.alert,
    CASE WHEN p.automated = 1 THEN t.deadline ELSE r.deadline END, t.primary_id, r.decision, r.decided_at, r.code,
    r.sent_at, r.opened_at, r.comments, r.replies, t.id, t.started_at, t.locked_at, t.deadline
    FROM reviewers r JOIN people q ON q.id = r.person_id JOIN proofs p ON p.id = r.proof_id
    JOIN stages t ON t.id = r.stage_id
    LEFT JOIN users u ON u.person_id = r.person_id";

pub(crate) fn reviewer(row: &Row<'_>) -> Result<Reviewer, StoreError> {
    let id: i64 = row.col(0)?;
    Ok(Reviewer {
        id: ReviewerId(id),
        proof: ProofId(row.col(1)?),
        person: PersonId(row.col(2)?),
        user: row.col::<Option<i64>>(3)?.map(UserId),
        name: row.col(4)?,
        email: row.col(5)?,
        position: row.col(6)?,
        role: row.value(7, "reviewers.role", Role::from_code)?,
        alert: row.value(8, "reviewers.alert", Alert::from_code)?,
        deadline: row.time_opt(9)?,
        primary: row.col::<Option<i64>>(10)? == Some(id),
        decision: row.value(11, "reviewers.decision", Decision::from_code)?,
        decided_at: row.time_opt(12)?,
        code: row.col(13)?,
        sent_at: row.time_opt(14)?,
        opened_at: row.time_opt(15)?,
        comments: row.col(16)?,
        replies: row.col(17)?,
        stage: StageId(row.col(18)?),
        stage_state: match (row.time_opt(19)?, row.time_opt(20)?) {
            (None, _) => StageState::Waiting,
            (Some(_), None) => StageState::Active,
            (Some(_), Some(_)) => StageState::Locked,
        },
        stage_deadline: row.time_opt(21)?,
    })
}

impl Read<'_> {
    /// People on a proof, in the order they were added.
    pub fn reviewers(&self, proof: ProofId) -> Result<Vec<Reviewer>, StoreError> {
        self.all(
            &format!("{REVIEWER} WHERE r.proof_id = ?1 AND r.removed_at IS NULL ORDER BY r.id"),
            [proof.0],
            reviewer,
        )
    }

    /// People on several proofs, in the order of proofs and of joining.
    pub fn reviewers_of(&self, proofs: &[ProofId]) -> Result<Vec<Reviewer>, StoreError> {
        let list = proofs.iter().map(|p| p.0.to_string()).collect::<Vec<_>>().join(",");
        if list.is_empty() {
            return Ok(Vec::new());
        }
        self.all(
            &format!(
                "{REVIEWER} WHERE r.proof_id IN ({list}) AND r.removed_at IS NULL ORDER BY r.proof_id, r.id"
            ),
            [],
            reviewer,
        )
    }

    /// A person's places on several proofs.
    pub fn places_of(&self, proofs: &[ProofId], person: PersonId) -> Result<Vec<Reviewer>, StoreError> {
        let list = proofs.iter().map(|p| p.0.to_string()).collect::<Vec<_>>().join(",");
        if list.is_empty() {
            return Ok(Vec::new());
        }
        self.all(
            &format!(
                "{REVIEWER} WHERE r.proof_id IN ({list}) AND r.person_id = ?1 AND r.removed_at IS NULL ORDER BY r.proof_id"
            ),
            [person.0],
            reviewer,
        )
    }

    /// The reviewer with this id who is still on the proof.
    pub fn reviewer(&self, id: ReviewerId) -> Result<Option<Reviewer>, StoreError> {
        self.first(&format!("{REVIEWER} WHERE r.id = ?1 AND r.removed_at IS NULL"), [id.0], reviewer)
    }

    /// The reviewer whose personal URL has this code.
    pub fn reviewer_by_code(&self, code: &str) -> Result<Option<Reviewer>, StoreError> {
        self.first(&format!("{REVIEWER} WHERE r.code = ?1 AND r.removed_at IS NULL"), [code], reviewer)
    }

    /// This person's place on a proof.
    pub fn reviewer_of_person(
        &self,
        proof: ProofId,
        person: PersonId,
    ) -> Result<Option<Reviewer>, StoreError> {
        self.first(
            &format!("{REVIEWER} WHERE r.proof_id = ?1 AND r.person_id = ?2 AND r.removed_at IS NULL"),
            [proof.0, person.0],
            reviewer,
        )
    }
}

impl Read<'_> {
    /// Addresses of everybody who is on a proof or was.
    pub fn addresses_on(&self, proof: ProofId) -> Result<Vec<(ReviewerId, String)>, StoreError> {
        self.all(
            "SELECT r.id, q.email FROM reviewers r JOIN people q ON q.id = r.person_id WHERE r.proof_id = ?1",
            [proof.0],
            |row| Ok((ReviewerId(row.col(0)?), row.col(1)?)),
        )
    }
}

impl Write<'_> {
    /// Puts a person on a proof.
    pub fn add_reviewer(&self, new: &NewReviewer<'_>, now: Timestamp) -> Result<ReviewerId, StoreError> {
        self.insert(
            "INSERT INTO reviewers (proof_id, person_id, name, position, role, alert, deadline, code, added_at, sent_at,
                 stage_id, waiting)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) RETURNING id",
            params![
                new.proof.0, new.person.0, new.name, new.position, new.role.code(), new.alert.code(),
                new.deadline.map(millis), new.code, millis(now),
                new.sent.then(|| millis(now)), new.stage.0, new.waiting,
            ],
        )
        .map(ReviewerId)
    }

    /// Writes the outcome of an edit.
    pub fn update_reviewer(&self, id: ReviewerId, to: &ReviewerChanges<'_>) -> Result<(), StoreError> {
        self.run(
            "UPDATE reviewers SET name = ?2, position = ?3, role = ?4, alert = ?5, deadline = ?6 WHERE id = ?1",
            params![id.0, to.name, to.position, to.role.code(), to.alert.code(), to.deadline.map(millis)],
        )?;
        Ok(())
    }

    /// Takes a person off a proof; the personal URL dies with it, comments stay.
    pub fn remove_reviewer(&self, id: ReviewerId, now: Timestamp) -> Result<(), StoreError> {
        self.run("UPDATE reviewers SET removed_at = ?2, code = NULL WHERE id = ?1", [id.0, millis(now)])?;
        Ok(())
    }

    /// Writes a decision; no time means it was taken back.
    pub fn set_decision(
        &self,
        id: ReviewerId,
        decision: Decision,
        at: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        self.run(
            "UPDATE reviewers SET decision = ?2, decided_at = ?3 WHERE id = ?1",
            params![id.0, decision.code(), at.map(millis)],
        )?;
        Ok(())
    }

    /// Notes the first opening. False when it was opened before.
    pub fn set_opened(&self, id: ReviewerId, now: Timestamp) -> Result<bool, StoreError> {
        let changed = self.run(
            "UPDATE reviewers SET opened_at = ?2 WHERE id = ?1 AND opened_at IS NULL",
            [id.0, millis(now)],
        )?;
        Ok(changed > 0)
    }
}
