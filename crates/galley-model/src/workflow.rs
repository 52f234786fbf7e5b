//! The stage engine (`product.md` 4.2): from stages, something that happened and the time to what
//! changes. It keeps nothing: callers write down the steps and ask again.

use crate::{
    Decision, ProofFlags, ProofState, Stage, StageId, StageLocking, StageState, StartTrigger, Tally,
    Timestamp, auto_lock_due, proof_tally,
};
use std::collections::HashSet;
use thiserror::Error;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happening {
    /// Time passed, a stage was added or changed, or the proof was made or unlocked.
    Look,
    /// Somebody on this stage made, changed or removed a decision.
    Decided(StageId),
    /// Somebody left this stage, or their role on it changed.
    PeopleChanged(StageId),
    /// Somebody with the right to starts this stage.
    StartedByHand(StageId),
    /// "Lock when all required decisions are made" was switched on.
    AutoLockEnabled,
}

/// What follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StageStep {
    /// A stage starts and has this deadline now.
    Start {
        /// The stage.
        stage: StageId,
        /// When it is due.
        deadline: Option<Timestamp>,
    },
    /// A stage locks itself.
    Lock(StageId),
    /// The proof locks itself.
    LockProof,
}

/// A proof as far as the engine needs to know it.
#[derive(Clone, Copy, Debug)]
pub struct Flow<'a> {
    /// Whether it is locked. A locked proof starts nothing by itself.
    pub state: ProofState,
    /// Its switches.
    pub flags: ProofFlags,
    /// Its stages in their order, with tallies that are up to date.
    pub stages: &'a [Stage],
}

/// Everything that follows from something that happened, in order.
///
/// A stage starts once: what has started is never looked at again. A decision taken back afterwards
/// leaves the stages that it started running.
pub fn advance(flow: &Flow<'_>, happened: Happening, now: Timestamp) -> Vec<StageStep> {
    let mut steps = Vec::new();
    if flow.state == ProofState::Locked {
        return steps;
    }
    let mut stages = flow.stages.to_vec();
    match happened {
        Happening::Decided(id) | Happening::PeopleChanged(id) => {
            if let Some(stage) = stages.iter_mut().find(|s| s.id == id)
                && stage.rules.locking == StageLocking::AllDecided
                && stage.state() == StageState::Active
                && stage.tally.complete()
            {
                stage.locked_at = Some(now);
                steps.push(StageStep::Lock(id));
            }
        }
        Happening::StartedByHand(id) => {
            if let Some(at) = stages.iter().position(|s| s.id == id && s.started_at.is_none()) {
                start(&mut stages, at, now, &mut steps);
            }
        }
        Happening::Look | Happening::AutoLockEnabled => {}
    }
    while let Some(at) = (0..stages.len()).find(|at| due_to_start(&stages, &stages[*at], now)) {
        start(&mut stages, at, now, &mut steps);
    }
    let asked = matches!(happened, Happening::Decided(_) | Happening::AutoLockEnabled);
    if asked && auto_lock_due(flow.state, flow.flags, proof_tally(stages.iter().map(Stage::counted))) {
        steps.push(StageStep::LockProof);
    }
    steps
}

fn start(stages: &mut [Stage], at: usize, now: Timestamp, steps: &mut Vec<StageStep>) {
    let stage = &mut stages[at];
    stage.started_at = Some(now);
    stage.deadline = deadline_at_start(stage, now);
    steps.push(StageStep::Start { stage: stage.id, deadline: stage.deadline });
    let parent = stage.rules.parent;
    let locks = |s: &&mut Stage| {
        Some(s.id) == parent && s.rules.locking == StageLocking::NextStarts && s.state() == StageState::Active
    };
    if let Some(parent) = stages.iter_mut().find(locks) {
        parent.locked_at = Some(now);
        steps.push(StageStep::Lock(parent.id));
    }
}

/// When a stage that starts now is due.
fn deadline_at_start(stage: &Stage, now: Timestamp) -> Option<Timestamp> {
    match (&stage.rules.relative, stage.rules.deadline_from) {
        (Some(rule), crate::DeadlineFrom::Start) => rule.after(now),
        _ => stage.deadline,
    }
}

fn due_to_start(stages: &[Stage], stage: &Stage, now: Timestamp) -> bool {
    if stage.started_at.is_some() {
        return false;
    }
    let parent = stage.rules.parent.and_then(|id| stages.iter().find(|s| s.id == id));
    // A parent that has not started has no decisions and no deadline to wait for.
    let parent = parent.filter(|p| p.started_at.is_some());
    match stage.rules.trigger {
        StartTrigger::AtOnce => true,
        StartTrigger::ByHand => false,
        StartTrigger::Date => stage.rules.start_at.is_some_and(|at| at <= now),
        StartTrigger::ParentDeadline => parent.and_then(|p| p.deadline).is_some_and(|at| at <= now),
        trigger => parent.is_some_and(|p| decided(trigger, p.tally)),
    }
}

/// Whether the decisions on the parent are those that a trigger waits for. Nobody deciding is none of
/// them: then somebody starts the next stage by hand.
///
/// The decision of a stage is the worst of its people's, so that one look at it is a look at all of
/// them; with a primary decision maker or one decision required it is the only one that counts.
fn decided(trigger: StartTrigger, parent: Tally) -> bool {
    match (trigger, parent.decision) {
        (
            StartTrigger::ParentApprovedWithChanges,
            Some(Decision::ApprovedWithChanges | Decision::Approved | Decision::NotRelevant),
        )
        | (StartTrigger::ParentApproved, Some(Decision::Approved | Decision::NotRelevant)) => true,
        (StartTrigger::ParentDecided, _) => parent.complete(),
        _ => false,
    }
}

/// When to look again because of the time alone.
pub fn next_look(stages: &[Stage]) -> Option<Timestamp> {
    let at = |stage: &Stage| match stage.rules.trigger {
        StartTrigger::Date => stage.rules.start_at,
        StartTrigger::ParentDeadline => {
            let parent = stages.iter().find(|s| Some(s.id) == stage.rules.parent)?;
            parent.started_at.and(parent.deadline)
        }
        _ => None,
    };
    stages.iter().filter(|s| s.started_at.is_none()).filter_map(at).min()
}

/// Why a stage is not locked by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum StageRefusal {
    /// It has not started.
    #[error("this stage has not started yet")]
    Waiting,
    /// Its rules say never.
    #[error("this stage is set never to lock")]
    NeverLocks,
}

/// Whether locking a stage by hand changes it. Locking a locked one does not.
///
/// # Errors
/// [`StageRefusal`] when it cannot be locked.
pub fn lock_by_hand(stage: &Stage) -> Result<bool, StageRefusal> {
    match (stage.state(), stage.rules.locking) {
        (StageState::Waiting, _) => Err(StageRefusal::Waiting),
        (StageState::Locked, _) => Ok(false),
        (StageState::Active, StageLocking::Never) => Err(StageRefusal::NeverLocks),
        (StageState::Active, _) => Ok(true),
    }
}

/// Why stages do not fit together.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PlanError {
    /// The first stage waits for another one.
    #[error("the first stage starts at once, on a date or by hand")]
    FirstWaits,
    /// A trigger waits for another stage, and none is named.
    #[error("stage '{0}' needs a stage to wait for")]
    NoParent(String),
    /// A date trigger without a date.
    #[error("stage '{0}' needs a date to start on")]
    NoDate(String),
    /// Stages wait for each other.
    #[error("stage '{0}' would wait for itself")]
    Circle(String),
    /// One decision and a primary decision maker.
    #[error("stage '{0}' cannot have both a primary decision maker and only one decision")]
    PrimaryAndOneDecision(String),
}

/// Whether these stages of one proof, in their order, can work.
///
/// # Errors
/// The first thing that cannot.
pub fn check_stages(stages: &[Stage]) -> Result<(), PlanError> {
    for (at, stage) in stages.iter().enumerate() {
        let name = || stage.name.clone();
        let parent = stage.rules.parent.filter(|id| stages.iter().any(|s| s.id == *id));
        if stage.rules.trigger.needs_parent() {
            if at == 0 {
                return Err(PlanError::FirstWaits);
            }
            if parent.is_none() {
                return Err(PlanError::NoParent(name()));
            }
        }
        if stage.rules.trigger == StartTrigger::Date && stage.rules.start_at.is_none() {
            return Err(PlanError::NoDate(name()));
        }
        if stage.rules.one_decision && stage.primary.is_some() {
            return Err(PlanError::PrimaryAndOneDecision(name()));
        }
        let (mut seen, mut next) = (HashSet::from([stage.id]), parent);
        while let Some(id) = next {
            if !seen.insert(id) {
                return Err(PlanError::Circle(name()));
            }
            next = stages.iter().find(|s| s.id == id).and_then(|s| s.rules.parent);
        }
    }
    Ok(())
}

#[cfg(test)]
#[path = "workflow_tests.rs"]
mod tests;
