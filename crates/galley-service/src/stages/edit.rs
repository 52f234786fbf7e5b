//! Adding, changing, starting and locking stages.

use super::layout::{default_parent, draft, first_deadline, tell_added};
use super::{StageInput, StageRef, roll_up};
use crate::error::bad_name;
use crate::proofs::editable;
use crate::reviewers::{no_workflow, place_person};
use crate::{Missing, ReviewerInput, Service, ServiceError, UserCaller};
use galley_model::{
    DeadlineFrom, EventKind, Happening, MAX_STAGES, Proof, ProofId, ProofState, RelativeDeadline, Stage,
    StageId, StageLocking, StageState, StartTrigger, Timestamp, check_stages, clean_name, lock_by_hand,
};
use galley_store::{Read, Write};

/// Changes of a stage. What is not given stays.
#[derive(Clone, Debug, Default)]
pub struct StageEdit {
    /// Name as people read it.
    pub name: Option<String>,
    /// What starts it. On a stage that has started this changes nothing but what is read back.
    pub trigger: Option<StartTrigger>,
    /// The stage it follows.
    pub parent: Option<Option<StageId>>,
    /// The date of [`StartTrigger::Date`].
    pub start_at: Option<Option<Timestamp>>,
    /// What locks it.
    pub locking: Option<StageLocking>,
    /// When it is due; `Some(None)` removes the deadline. The past is refused unless it is unchanged.
    pub deadline: Option<Option<Timestamp>>,
    /// When it is due, as a number of business days from now on.
    pub relative: Option<RelativeDeadline>,
    /// What those days are counted from.
    pub deadline_from: Option<DeadlineFrom>,
    /// The first decision made is the decision of the stage.
    pub one_decision: Option<bool>,
    /// Seen only by its people and by those who may edit the proof.
    pub private: Option<bool>,
    /// Cannot be deleted.
    pub mandatory: Option<bool>,
}

/// The stage, if it is on this proof.
fn stage_on(tx: &Read<'_>, proof: ProofId, id: StageId) -> Result<Stage, ServiceError> {
    tx.stage(id)?.filter(|s| s.proof == proof).ok_or(ServiceError::NotFound(Missing::Stage))
}

/// The proof, if the caller may edit it and its stages are made by people.
fn automated(tx: &Read<'_>, caller: &UserCaller, id: ProofId) -> Result<Proof, ServiceError> {
    let proof = editable(tx, caller, id)?.proof;
    if proof.automated { Ok(proof) } else { Err(no_workflow()) }
}

impl StageEdit {
    /// The stage after the edit.
    fn apply(&self, mut stage: Stage, now: Timestamp) -> Result<Stage, ServiceError> {
        if let Some(name) = &self.name {
            stage.name = clean_name(name).map_err(bad_name("name"))?;
        }
        let rules = &mut stage.rules;
        rules.trigger = self.trigger.unwrap_or(rules.trigger);
        rules.parent = self.parent.unwrap_or(rules.parent);
        rules.start_at = self.start_at.unwrap_or(rules.start_at);
        rules.locking = self.locking.unwrap_or(rules.locking);
        rules.deadline_from = self.deadline_from.unwrap_or(rules.deadline_from);
        rules.one_decision = self.one_decision.unwrap_or(rules.one_decision);
        rules.private = self.private.unwrap_or(rules.private);
        rules.mandatory = self.mandatory.unwrap_or(rules.mandatory);
        if let Some(relative) = &self.relative {
            rules.relative = Some(relative.clone());
            stage.deadline = match (stage.started_at, rules.deadline_from) {
                (Some(_), _) => relative.after(now),
                (None, _) => first_deadline(rules, None, now)?,
            };
        } else if let Some(deadline) = self.deadline
            && deadline != stage.deadline
        {
            rules.relative = None;
            stage.deadline = first_deadline(rules, deadline, now)?;
        }
        Ok(stage)
    }
}

impl Service {
    /// Adds a stage to a proof with an automated workflow, behind the others. It starts at once if what
    /// it waits for is there already.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Forbidden`], [`ServiceError::EmptyStage`],
    /// [`ServiceError::Invalid`], and [`ServiceError::Conflict`] for proofs without an automated
    /// workflow and for people who are on another stage.
    pub fn add_stage(
        &self,
        caller: &UserCaller,
        proof: ProofId,
        input: &StageInput,
    ) -> Result<StageId, ServiceError> {
        let now = self.now();
        self.store().write(|tx| {
            let target = automated(tx, caller, proof)?;
            let mut stages = tx.stages(proof)?;
            if stages.len() >= MAX_STAGES {
                let text = format!("A proof can have at most {MAX_STAGES} stages.");
                return Err(ServiceError::Conflict(text));
            }
            let last = stages.last();
            let mut stage = draft(tx, proof, last.map_or(1, |s| s.position + 1), input, now)?;
            stage.rules.parent = match input.parent {
                Some(StageRef::Stage(id)) => Some(stage_on(tx, proof, id)?.id),
                Some(StageRef::Place(place)) => {
                    Some(stages.get(place).ok_or(ServiceError::NotFound(Missing::Stage))?.id)
                }
                None => default_parent(input.trigger, last.map(|s| s.id)),
            };
            tx.update_stage(&stage)?;
            let id = stage.id;
            tell_added(tx, &target, &caller.actor(), &stage, now)?;
            stages.push(stage);
            // Whatever fails below takes the stage back with it.
            check_stages(&stages)?;
            roll_up(tx, proof, Happening::Look, now)?;
            for person in &input.reviewers {
                let person = ReviewerInput { stage: Some(id), ..person.clone() };
                place_person(tx, self.inner.random.as_ref(), caller, &target, &person, now)?;
            }
            roll_up(tx, proof, Happening::Look, now)?;
            Ok(id)
        })
    }

    /// Changes a stage. It starts at once if what it waits for now is there already.
    ///
    /// # Errors
    /// As [`Service::add_stage`].
    pub fn update_stage(
        &self,
        caller: &UserCaller,
        proof: ProofId,
        id: StageId,
        edit: &StageEdit,
    ) -> Result<(), ServiceError> {
        let now = self.now();
        self.store().write(|tx| {
            let target = automated(tx, caller, proof)?;
            let before = stage_on(tx, proof, id)?;
            let mut to = edit.apply(before.clone(), now)?;
            let mut stages = tx.stages(proof)?;
            if let Some(parent) = to.rules.parent {
                stage_on(tx, proof, parent)?;
            } else if to.rules.trigger.needs_parent() {
                let earlier = stages.iter().take_while(|s| s.id != id).last();
                to.rules.parent = default_parent(to.rules.trigger, earlier.map(|s| s.id));
            }
            for stage in stages.iter_mut().filter(|s| s.id == id) {
                stage.clone_from(&to);
            }
            check_stages(&stages)?;
            if to != before {
                tx.update_stage(&to)?;
                let kind = EventKind::StageUpdated { stage: id, name: to.name };
                tx.append(target.account, Some(proof), now, &caller.actor(), &kind)?;
                roll_up(tx, proof, Happening::Look, now)?;
            }
            Ok(())
        })
    }

    /// Starts a stage by hand, whatever it waits for. Starting one that runs changes nothing.
    ///
    /// # Errors
    /// As [`Service::add_stage`], and [`ServiceError::Locked`] on a locked proof.
    pub fn start_stage(&self, caller: &UserCaller, proof: ProofId, id: StageId) -> Result<(), ServiceError> {
        let now = self.now();
        self.store().write(|tx| {
            let target = automated(tx, caller, proof)?;
            stage_on(tx, proof, id)?;
            if target.state == ProofState::Locked {
                return Err(ServiceError::Locked);
            }
            roll_up(tx, proof, Happening::StartedByHand(id), now)?;
            Ok(())
        })
    }

    /// Locks a stage by hand, or unlocks it. Doing it twice changes nothing and is no event.
    ///
    /// # Errors
    /// As [`Service::add_stage`], and [`ServiceError::Conflict`] for a stage that has not started or is
    /// set never to lock.
    pub fn set_stage_locked(
        &self,
        caller: &UserCaller,
        proof: ProofId,
        id: StageId,
        locked: bool,
    ) -> Result<(), ServiceError> {
        let now = self.now();
        self.store().write(|tx| {
            let target = automated(tx, caller, proof)?;
            let stage = stage_on(tx, proof, id)?;
            if locked {
                lock_by_hand(&stage)?;
            }
            self.switch_stage(tx, caller, &target, &stage, locked, now)
        })
    }

    fn switch_stage(
        &self,
        tx: &Write<'_>,
        caller: &UserCaller,
        proof: &Proof,
        stage: &Stage,
        locked: bool,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let (id, name) = (stage.id, stage.name.clone());
        let kind = match (locked, stage.state()) {
            (true, StageState::Active) => EventKind::StageLocked { stage: id, name, automatic: false },
            (false, StageState::Locked) => EventKind::StageUnlocked { stage: id, name },
            _ => return Ok(()),
        };
        tx.set_stage_locked(id, locked.then_some(now))?;
        tx.append(proof.account, Some(proof.id), now, &caller.actor(), &kind)?;
        roll_up(tx, proof.id, Happening::Look, now)?;
        Ok(())
    }
}
