//! The stages of proofs.

use crate::rows::{RowExt, millis};
use crate::{Read, StoreError, Write};
use galley_model::{
    CommentId, DeadlineFrom, Decision, PersonId, ProofId, RelativeDeadline, ReplyId, ReviewerId, Stage,
    StageId, StageLocking, StageRules, StartTrigger, Tally, Timestamp,
};
use rusqlite::{Row, params};

/// A stage to be.
#[derive(Clone, Debug)]
pub struct NewStage<'a> {
    /// The version.
    pub proof: ProofId,
    /// Place among the stages of the proof.
    pub position: i64,
    /// Name as people read it.
    pub name: &'a str,
    /// What people decided about it.
    pub rules: &'a StageRules,
    /// When it is due.
    pub deadline: Option<Timestamp>,
    /// When it started; none for one that waits.
    pub started_at: Option<Timestamp>,
}

/// What people on some stages made, whether or not it is still there.
#[derive(Clone, Debug, Default)]
pub struct StageTraces {
    /// Their places.
    pub reviewers: Vec<(ReviewerId, PersonId)>,
    /// Their comments.
    pub comments: Vec<CommentId>,
    /// Their replies.
    pub replies: Vec<ReplyId>,
}

const STAGE: &str = "SELECT s.id, s.proof_id, s.position, s.name, s.start_trigger, s.parent_id, s.start_at, s.locking,
    s.deadline, s.deadline_from, s.deadline_days, s.deadline_minute, s.deadline_zone, s.one_decision, s.private,
    s.mandatory, s.primary_id, s.started_at, s.locked_at, s.decision, s.decisions_made, s.decisions_required,
    s.decided_at,
    (SELECT COALESCE(SUM(r.comments), 0) FROM reviewers r WHERE r.stage_id = s.id),
    (SELECT COUNT(*) FROM reviewers r WHERE r.stage_id = s.id AND r.removed_at IS NULL)
    FROM stages s";

fn stage(row: &Row<'_>) -> Result<Stage, StoreError> {
    let relative = match (row.col::<Option<i64>>(10)?, row.col::<Option<i64>>(11)?) {
        (Some(days), Some(minute)) => Some(RelativeDeadline {
            days: u16::try_from(days).map_err(|_| StoreError::Corrupt("stages.deadline_days"))?,
            minute: u16::try_from(minute).map_err(|_| StoreError::Corrupt("stages.deadline_minute"))?,
            zone: row.col::<Option<String>>(12)?.unwrap_or_default(),
        }),
        _ => None,
    };
    let number = |n: i64| usize::try_from(n).ok();
    Ok(Stage {
        id: StageId(row.col(0)?),
        proof: ProofId(row.col(1)?),
        position: row.col(2)?,
        name: row.col(3)?,
        rules: StageRules {
            trigger: row.value(4, "stages.start_trigger", StartTrigger::from_code)?,
            parent: row.col::<Option<i64>>(5)?.map(StageId),
            start_at: row.time_opt(6)?,
            locking: row.value(7, "stages.locking", StageLocking::from_code)?,
            deadline_from: row.value(9, "stages.deadline_from", DeadlineFrom::from_code)?,
            relative,
            one_decision: row.col(13)?,
            private: row.col(14)?,
            mandatory: row.col(15)?,
        },
        deadline: row.time_opt(8)?,
        started_at: row.time_opt(17)?,
        locked_at: row.time_opt(18)?,
        primary: row.col::<Option<i64>>(16)?.map(ReviewerId),
        tally: Tally {
            decision: row.value_opt(19, "stages.decision", Decision::from_code)?,
            made: row.value(20, "stages.decisions_made", number)?,
            required: row.value(21, "stages.decisions_required", number)?,
        },
        decided_at: row.time_opt(22)?,
        comments: row.col(23)?,
        people: row.col(24)?,
    })
}

fn list(ids: impl IntoIterator<Item = i64>) -> String {
    ids.into_iter().map(|id| id.to_string()).collect::<Vec<_>>().join(",")
}

impl Read<'_> {
    /// Stages of a proof in their order.
    pub fn stages(&self, proof: ProofId) -> Result<Vec<Stage>, StoreError> {
        self.all(&format!("{STAGE} WHERE s.proof_id = ?1 ORDER BY s.position, s.id"), [proof.0], stage)
    }

    /// Stages of several proofs, in the order of proofs and their own.
    pub fn stages_of(&self, proofs: &[ProofId]) -> Result<Vec<Stage>, StoreError> {
        let list = list(proofs.iter().map(|p| p.0));
        if list.is_empty() {
            return Ok(Vec::new());
        }
        self.all(
            &format!("{STAGE} WHERE s.proof_id IN ({list}) ORDER BY s.proof_id, s.position, s.id"),
            [],
            stage,
        )
    }

    /// The stage with this id.
    pub fn stage(&self, id: StageId) -> Result<Option<Stage>, StoreError> {
        self.first(&format!("{STAGE} WHERE s.id = ?1"), [id.0], stage)
    }

    /// What people on these stages made.
    pub fn stage_traces(&self, stages: &[StageId]) -> Result<StageTraces, StoreError> {
        let list = list(stages.iter().map(|s| s.0));
        if list.is_empty() {
            return Ok(StageTraces::default());
        }
        Ok(StageTraces {
            reviewers: self.all(
                &format!("SELECT id, person_id FROM reviewers WHERE stage_id IN ({list})"),
                [],
                |row| Ok((ReviewerId(row.col(0)?), PersonId(row.col(1)?))),
            )?,
            comments: self.all(
                &format!(
                    "SELECT c.id FROM comments c JOIN reviewers r ON r.id = c.reviewer_id WHERE r.stage_id IN ({list})"
                ),
                [],
                |row| Ok(CommentId(row.col(0)?)),
            )?,
            replies: self.all(
                &format!(
                    "SELECT y.id FROM replies y JOIN reviewers r ON r.id = y.reviewer_id WHERE r.stage_id IN ({list})"
                ),
                [],
                |row| Ok(ReplyId(row.col(0)?)),
            )?,
        })
    }
}

impl Write<'_> {
    /// Adds a stage.
    pub fn add_stage(&self, new: &NewStage<'_>) -> Result<StageId, StoreError> {
        let rules = new.rules;
        let id = self.insert(
            "INSERT INTO stages (proof_id, position, name, start_trigger, parent_id, start_at, locking, deadline,
                 deadline_from, deadline_days, deadline_minute, deadline_zone, one_decision, private, mandatory,
                 started_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16) RETURNING id",
            params![
                new.proof.0, new.position, new.name, rules.trigger.code(), rules.parent.map(|p| p.0),
                rules.start_at.map(millis), rules.locking.code(), new.deadline.map(millis),
                rules.deadline_from.code(), rules.relative.as_ref().map(|r| r.days),
                rules.relative.as_ref().map(|r| r.minute), rules.relative.as_ref().map(|r| r.zone.as_str()),
                rules.one_decision, rules.private, rules.mandatory, new.started_at.map(millis),
            ],
        )?;
        self.count_private_stages(new.proof)?;
        Ok(StageId(id))
    }

    /// Writes what people decided about a stage: name, rules, deadline, primary decision maker.
    pub fn update_stage(&self, to: &Stage) -> Result<(), StoreError> {
        let rules = &to.rules;
        self.run(
            "UPDATE stages SET position = ?2, name = ?3, start_trigger = ?4, parent_id = ?5, start_at = ?6,
                 locking = ?7, deadline = ?8, deadline_from = ?9, deadline_days = ?10, deadline_minute = ?11,
                 deadline_zone = ?12, one_decision = ?13, private = ?14, mandatory = ?15, primary_id = ?16
             WHERE id = ?1",
            params![
                to.id.0,
                to.position,
                to.name,
                rules.trigger.code(),
                rules.parent.map(|p| p.0),
                rules.start_at.map(millis),
                rules.locking.code(),
                to.deadline.map(millis),
                rules.deadline_from.code(),
                rules.relative.as_ref().map(|r| r.days),
                rules.relative.as_ref().map(|r| r.minute),
                rules.relative.as_ref().map(|r| r.zone.as_str()),
                rules.one_decision,
                rules.private,
                rules.mandatory,
                to.primary.map(|r| r.0),
            ],
        )?;
        self.count_private_stages(to.proof)
    }

    fn count_private_stages(&self, proof: ProofId) -> Result<(), StoreError> {
        self.run(
            "UPDATE proofs SET private_stages = (SELECT COUNT(*) FROM stages WHERE proof_id = ?1 AND private = 1)
             WHERE id = ?1",
            [proof.0],
        )?;
        Ok(())
    }

    /// Deletes a stage. Whoever was on it is on `heir` then, and what followed it follows nothing.
    pub fn delete_stage(&self, stage: &Stage, heir: StageId) -> Result<(), StoreError> {
        self.run("UPDATE reviewers SET stage_id = ?2 WHERE stage_id = ?1", [stage.id.0, heir.0])?;
        self.run("UPDATE stages SET parent_id = NULL WHERE parent_id = ?1", [stage.id.0])?;
        self.run("DELETE FROM stages WHERE id = ?1", [stage.id.0])?;
        self.count_private_stages(stage.proof)
    }

    /// Starts a stage: its people have the proof from now on. Gives those who are to be told, none
    /// when the stage runs already.
    pub fn start_stage(
        &self,
        id: StageId,
        deadline: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Option<Vec<ReviewerId>>, StoreError> {
        let started = self.run(
            "UPDATE stages SET started_at = ?2, deadline = ?3 WHERE id = ?1 AND started_at IS NULL",
            params![id.0, millis(now), deadline.map(millis)],
        )?;
        if started == 0 {
            return Ok(None);
        }
        let told = self.all(
            "SELECT id FROM reviewers WHERE stage_id = ?1 AND removed_at IS NULL AND waiting = 1 ORDER BY id",
            [id.0],
            |row| Ok(ReviewerId(row.col(0)?)),
        )?;
        self.run(
            "UPDATE reviewers SET sent_at = COALESCE(sent_at, ?2), waiting = 0 WHERE stage_id = ?1",
            [id.0, millis(now)],
        )?;
        Ok(Some(told))
    }

    /// Locks a stage, or unlocks it.
    pub fn set_stage_locked(&self, id: StageId, at: Option<Timestamp>) -> Result<(), StoreError> {
        self.run("UPDATE stages SET locked_at = ?2 WHERE id = ?1", params![id.0, at.map(millis)])?;
        Ok(())
    }

    /// Writes the roll-up of a stage.
    pub fn set_stage_tally(
        &self,
        id: StageId,
        tally: Tally,
        decided_at: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        self.run(
            "UPDATE stages SET decision = ?2, decisions_made = ?3, decisions_required = ?4, decided_at = ?5
             WHERE id = ?1",
            params![
                id.0,
                tally.decision.map(Decision::code),
                tally.made as i64,
                tally.required as i64,
                decided_at.map(millis)
            ],
        )?;
        Ok(())
    }

    /// Moves a reviewer to another stage of the same proof. With a time, the proof is shared with them
    /// from then on. True when somebody still has to tell them of it.
    pub fn move_reviewer(
        &self,
        id: ReviewerId,
        to: StageId,
        sent: Option<Timestamp>,
    ) -> Result<bool, StoreError> {
        let waits = self.number("SELECT waiting FROM reviewers WHERE id = ?1", [id.0])? == 1;
        self.run(
            "UPDATE reviewers SET stage_id = ?2, sent_at = COALESCE(sent_at, ?3),
                 waiting = CASE WHEN ?3 IS NULL THEN waiting ELSE 0 END WHERE id = ?1",
            params![id.0, to.0, sent.map(millis)],
        )?;
        Ok(waits && sent.is_some())
    }
}
