//! The stages of a new proof.

use crate::error::bad_name;
use crate::{ReviewerInput, ServiceError};
use galley_model::{
    DeadlineFrom, EventKind, MAX_STAGES, Proof, ProofId, RelativeDeadline, Reviewer, SYSTEM_STAGE, Stage,
    StageId, StageLocking, StageRules, StartTrigger, Timestamp, check_stages, clean_name,
};
use galley_store::{NewStage, Read, Write};

/// The stage that another one follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StageRef {
    /// Among the stages made together with it, from 0.
    Place(usize),
    /// One that is there.
    Stage(StageId),
}

/// A stage to be.
#[derive(Clone, Debug, Default)]
pub struct StageInput {
    /// Name as people read it; blank takes a number.
    pub name: String,
    /// What starts it.
    pub trigger: StartTrigger,
    /// The stage it follows; none is the one before it, unless it starts at once.
    pub parent: Option<StageRef>,
    /// The date of [`StartTrigger::Date`].
    pub start_at: Option<Timestamp>,
    /// What locks it.
    pub locking: StageLocking,
    /// When it is due. The past is refused.
    pub deadline: Option<Timestamp>,
    /// When it is due, as a number of business days; this goes before `deadline`.
    pub relative: Option<RelativeDeadline>,
    /// What those days are counted from.
    pub deadline_from: DeadlineFrom,
    /// The first decision made is the decision of the stage.
    pub one_decision: bool,
    /// Seen only by its people and by those who may edit the proof.
    pub private: bool,
    /// Cannot be deleted.
    pub mandatory: bool,
    /// People to put on it, one at least. Everybody can be on one stage only.
    pub reviewers: Vec<ReviewerInput>,
}

/// Makes a stage of an input, not yet in its place in the tree.
pub(super) fn draft(
    tx: &Write<'_>,
    proof: ProofId,
    position: i64,
    input: &StageInput,
    now: Timestamp,
) -> Result<Stage, ServiceError> {
    let name = match input.name.trim() {
        "" => system_name(position),
        name => clean_name(name).map_err(bad_name("name"))?,
    };
    if input.reviewers.is_empty() {
        return Err(ServiceError::EmptyStage);
    }
    let rules = StageRules {
        trigger: input.trigger,
        parent: None,
        start_at: input.start_at,
        locking: input.locking,
        deadline_from: input.deadline_from,
        relative: input.relative.clone(),
        one_decision: input.one_decision,
        private: input.private,
        mandatory: input.mandatory,
    };
    let deadline = first_deadline(&rules, input.deadline, now)?;
    let id =
        tx.add_stage(&NewStage { proof, position, name: &name, rules: &rules, deadline, started_at: None })?;
    tx.stage(id)?.ok_or(ServiceError::NotFound(crate::Missing::Stage))
}

/// The deadline of a stage that has not started: none yet when it is counted from its start.
pub(super) fn first_deadline(
    rules: &StageRules,
    date: Option<Timestamp>,
    now: Timestamp,
) -> Result<Option<Timestamp>, ServiceError> {
    match (&rules.relative, rules.deadline_from) {
        (Some(rule), from) => {
            let Some(at) = rule.after(now) else {
                return Err(ServiceError::Invalid("deadline", "The deadline is too far away.".to_owned()));
            };
            Ok((from == DeadlineFrom::Creation).then_some(at))
        }
        (None, _) if date.is_some_and(|at| at <= now) => {
            Err(ServiceError::Invalid("deadline", "The deadline has already passed.".to_owned()))
        }
        (None, _) => Ok(date),
    }
}

fn system_name(position: i64) -> String {
    if position <= 1 { SYSTEM_STAGE.to_owned() } else { format!("{SYSTEM_STAGE} {position}") }
}

/// Makes a stage as Galley makes them for proofs without an automated workflow: it runs already.
pub(crate) fn system_stage(
    tx: &Write<'_>,
    proof: ProofId,
    position: i64,
    deadline: Option<Timestamp>,
    one_decision: bool,
    now: Timestamp,
) -> Result<StageId, ServiceError> {
    let rules = StageRules { one_decision, ..StageRules::default() };
    let name = system_name(position);
    let new = NewStage { proof, position, name: &name, rules: &rules, deadline, started_at: Some(now) };
    Ok(tx.add_stage(&new)?)
}

/// The parent of a stage where none was named.
pub(super) fn default_parent(trigger: StartTrigger, before: Option<StageId>) -> Option<StageId> {
    before.filter(|_| trigger != StartTrigger::AtOnce)
}

/// Makes the stages of a new proof with an automated workflow, in their order. None has started.
pub(crate) fn lay_out(
    tx: &Write<'_>,
    proof: ProofId,
    inputs: &[StageInput],
    now: Timestamp,
) -> Result<Vec<Stage>, ServiceError> {
    if inputs.is_empty() {
        return Err(ServiceError::EmptyStage);
    }
    if inputs.len() > MAX_STAGES {
        let text = format!("A proof can have at most {MAX_STAGES} stages.");
        return Err(ServiceError::Invalid("stages", text));
    }
    let mut stages = Vec::with_capacity(inputs.len());
    for (position, input) in (1..).zip(inputs) {
        stages.push(draft(tx, proof, position, input, now)?);
    }
    let ids: Vec<StageId> = stages.iter().map(|s: &Stage| s.id).collect();
    for (at, input) in inputs.iter().enumerate() {
        stages[at].rules.parent = match input.parent {
            Some(StageRef::Place(place)) => {
                let known = ids.get(place).copied();
                Some(known.ok_or(ServiceError::NotFound(crate::Missing::Stage))?)
            }
            Some(StageRef::Stage(_)) => return Err(ServiceError::NotFound(crate::Missing::Stage)),
            None => default_parent(input.trigger, at.checked_sub(1).map(|before| ids[before])),
        };
    }
    check_stages(&stages)?;
    for stage in stages.iter().filter(|s| s.rules.parent.is_some()) {
        tx.update_stage(stage)?;
    }
    Ok(stages)
}

/// Says that a stage is there.
pub(super) fn tell_added(
    tx: &Write<'_>,
    proof: &Proof,
    actor: &galley_model::Actor,
    stage: &Stage,
    now: Timestamp,
) -> Result<(), ServiceError> {
    let kind = EventKind::StageAdded { stage: stage.id, name: stage.name.clone() };
    tx.append(proof.account, Some(proof.id), now, actor, &kind)?;
    Ok(())
}

/// The stages of a version with their people, for the version that follows it. Deadlines that are
/// dates are copied as they are, so that one which has passed is refused like any other.
pub(crate) fn copied(
    tx: &Read<'_>,
    from: &Proof,
    person: impl Fn(Reviewer) -> ReviewerInput,
) -> Result<Vec<StageInput>, ServiceError> {
    let stages = tx.stages(from.id)?;
    let people = tx.reviewers(from.id)?;
    let place = |id: StageId| stages.iter().position(|s| s.id == id).map(StageRef::Place);
    let inputs = stages.iter().map(|stage| StageInput {
        name: stage.name.clone(),
        trigger: stage.rules.trigger,
        parent: stage.rules.parent.and_then(place),
        start_at: stage.rules.start_at,
        locking: stage.rules.locking,
        deadline: stage.deadline.filter(|_| stage.rules.relative.is_none()),
        relative: stage.rules.relative.clone(),
        deadline_from: stage.rules.deadline_from,
        one_decision: stage.rules.one_decision,
        private: stage.rules.private,
        mandatory: stage.rules.mandatory,
        reviewers: people.iter().filter(|r| r.stage == stage.id).cloned().map(&person).collect(),
    });
    Ok(inputs.collect())
}
