//! What follows from what happens on a proof: roll-ups, starts and locks.

use super::layout::system_stage;
use crate::{Missing, ServiceError};
use galley_model::{
    Actor, Decision, DueStage, EventKind, Flow, Happening, Overall, Proof, ProofFlags, ProofId, ProofState,
    Reviewer, ReviewerId, Role, Stage, StageId, StageState, StageStep, Tally, Timestamp, advance, late_from,
    latest_deadline, next_look, proof_tally,
};
use galley_store::{JobKind, RollUp, Write};

/// Brings a proof up to date after something happened on it: the groups of a proof without an
/// automated workflow, the tallies of stages and proof, stages that start, what locks itself, and the
/// next time to look.
pub(crate) fn roll_up(
    tx: &Write<'_>,
    id: ProofId,
    happened: Happening,
    now: Timestamp,
) -> Result<Proof, ServiceError> {
    let missing = || ServiceError::NotFound(Missing::Proof);
    let proof = tx.proof(id)?.ok_or_else(missing)?;
    let mut stages = tally_up(tx, &proof, now)?;
    let mut runs = proof.state == ProofState::Active && proof.trashed_at.is_none();
    if runs {
        let flow = Flow { state: proof.state, flags: proof.settings.flags, stages: &stages };
        let steps = advance(&flow, happened, now);
        for step in steps {
            runs &= step != StageStep::LockProof;
            take(tx, &proof, &mut stages, step, now)?;
        }
    }
    let tally = proof_tally(stages.iter().map(Stage::counted));
    let due: Vec<DueStage> = stages.iter().map(Stage::due).collect();
    let changed = shown(tally.decision) != shown(proof.decision);
    let to = RollUp {
        tally,
        deadline: if proof.automated { latest_deadline(&due) } else { proof.deadline },
        late_from: late_from(&due),
        decision_changed_at: if changed { Some(now) } else { proof.decision_changed_at },
    };
    tx.set_roll_up(id, &to)?;
    if proof.automated {
        tx.schedule_job(JobKind::Stages, id.0, next_look(&stages).filter(|_| runs), now)?;
    }
    tx.proof(id)?.ok_or_else(missing)
}

/// Nobody deciding and nobody having decided read alike.
fn shown(decision: Overall) -> Decision {
    decision.unwrap_or(Decision::Pending)
}

/// The stages of a proof with tallies of what their people say now, which are written down.
pub(crate) fn tally_up(tx: &Write<'_>, proof: &Proof, now: Timestamp) -> Result<Vec<Stage>, ServiceError> {
    let mut people = tx.reviewers(proof.id)?;
    let mut stages = tx.stages(proof.id)?;
    if !proof.automated && regroup(tx, proof, &people, &stages, now)? {
        people = tx.reviewers(proof.id)?;
        stages = tx.stages(proof.id)?;
    }
    for stage in &mut stages {
        let deciders: Vec<_> = people.iter().filter(|r| r.stage == stage.id).map(Reviewer::decider).collect();
        let tally = Tally::of(&deciders, stage.rules.one_decision);
        if tally != stage.tally {
            if shown(tally.decision) != shown(stage.tally.decision) {
                stage.decided_at = Some(now);
            }
            stage.tally = tally;
            tx.set_stage_tally(stage.id, tally, stage.decided_at)?;
        }
    }
    Ok(stages)
}

/// Carries out one step.
fn take(
    tx: &Write<'_>,
    proof: &Proof,
    stages: &mut [Stage],
    step: StageStep,
    now: Timestamp,
) -> Result<(), ServiceError> {
    let kind = match step {
        StageStep::Start { stage, deadline } => {
            let Some(mut told) = tx.start_stage(stage, deadline, now)? else { return Ok(()) };
            // Who is put on a proof that is not released yet is told when it is.
            if proof.holds_back() {
                for reviewer in told.drain(..) {
                    tx.hold_reviewer(reviewer, true)?;
                }
            }
            let Some(stage) = stages.iter_mut().find(|s| s.id == stage) else { return Ok(()) };
            (stage.started_at, stage.deadline) = (Some(now), deadline);
            EventKind::StageStarted { stage: stage.id, name: stage.name.clone(), notify: told }
        }
        StageStep::Lock(stage) => {
            tx.set_stage_locked(stage, Some(now))?;
            let Some(stage) = stages.iter_mut().find(|s| s.id == stage) else { return Ok(()) };
            stage.locked_at = Some(now);
            EventKind::StageLocked { stage: stage.id, name: stage.name.clone(), automatic: true }
        }
        StageStep::LockProof => {
            tx.set_proof_state(proof.id, ProofState::Locked)?;
            EventKind::ProofLocked { automatic: true }
        }
    };
    tx.append(proof.account, Some(proof.id), now, &Actor::system(), &kind)?;
    Ok(())
}

/// A deadline with the people who have it.
type Group<'r> = (Option<Timestamp>, Vec<&'r Reviewer>);

/// Makes the stages of a proof without an automated workflow fit its people: one for each deadline
/// (`product.md` 3.13), in the order in which the first person of each joined. Whoever has none of
/// their own has that of the proof. True when anything changed.
fn regroup(
    tx: &Write<'_>,
    proof: &Proof,
    people: &[Reviewer],
    stages: &[Stage],
    now: Timestamp,
) -> Result<bool, ServiceError> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for person in people {
        let deadline = person.deadline.or(proof.deadline);
        match groups.iter_mut().find(|(of, _)| *of == deadline) {
            Some((_, group)) => group.push(person),
            None => groups.push((deadline, vec![person])),
        }
    }
    if groups.is_empty() {
        groups.push((proof.deadline, Vec::new()));
    }
    // A stage keeps its deadline where it can; else a group keeps the stage it is on, so that the only
    // stage of a proof stays the same when the deadline of the proof changes.
    let mut free: Vec<&Stage> = stages.iter().collect();
    let mut take_free =
        |wanted: &dyn Fn(&Stage) -> bool| free.iter().position(|s| wanted(s)).map(|at| free.remove(at));
    let mut homes: Vec<Option<&Stage>> =
        groups.iter().map(|(deadline, _)| take_free(&|s| s.deadline == *deadline)).collect();
    for (home, (_, group)) in homes.iter_mut().zip(&groups) {
        if home.is_none() {
            let sits = group.first().map(|r| r.stage);
            *home = take_free(&|s| Some(s.id) == sits).or_else(|| take_free(&|_| true));
        }
    }
    let one_decision = proof.settings.flags.has(ProofFlags::ONE_DECISION);
    let mut next = stages.iter().map(|s| s.position).max().unwrap_or(0);
    let (mut changed, mut heir) = (false, None);
    for (home, (deadline, group)) in homes.iter().zip(&groups) {
        let primary = proof.primary_decision_maker.filter(|id| group.iter().any(|r| r.id == *id));
        let id = match home {
            Some(stage) => {
                let rules = galley_model::StageRules { one_decision, ..stage.rules.clone() };
                let to = Stage { deadline: *deadline, primary, rules, ..(*stage).clone() };
                if to != **stage {
                    tx.update_stage(&to)?;
                    changed = true;
                }
                stage.id
            }
            None => {
                next += 1;
                let id = system_stage(tx, proof.id, next, *deadline, one_decision, now)?;
                if let (Some(primary), Some(stage)) = (primary, tx.stage(id)?) {
                    tx.update_stage(&Stage { primary: Some(primary), ..stage })?;
                }
                changed = true;
                id
            }
        };
        for person in group.iter().filter(|r| r.stage != id) {
            tx.move_reviewer(person.id, id, Some(now))?;
            changed = true;
        }
        heir.get_or_insert(id);
    }
    if let Some(heir) = heir {
        for stage in free {
            tx.delete_stage(stage, heir)?;
            changed = true;
        }
    }
    Ok(changed)
}

/// The stage that a person joins: the one asked for or, with none asked for, the first one that runs,
/// else the first one.
pub(crate) fn stage_for(
    tx: &Write<'_>,
    proof: &Proof,
    asked: Option<StageId>,
) -> Result<Stage, ServiceError> {
    let stages = tx.stages(proof.id)?;
    let missing = || ServiceError::NotFound(Missing::Stage);
    let at = match asked {
        Some(id) => stages.iter().position(|s| s.id == id),
        None => stages.iter().position(|s| s.state() == StageState::Active).or(Some(0)),
    };
    at.and_then(|at| stages.into_iter().nth(at)).ok_or_else(missing)
}

/// Makes somebody the primary decision maker, or no longer: of their stage with an automated workflow,
/// else of the proof, whose stages follow with the roll-up. Not given, somebody who may no longer
/// decide loses that place.
pub(crate) fn set_primary(
    tx: &Write<'_>,
    proof: &Proof,
    id: ReviewerId,
    role: Role,
    primary: Option<bool>,
) -> Result<(), ServiceError> {
    let to = |current: Option<ReviewerId>| match primary {
        Some(true) if role.decides() => Some(id),
        Some(false) if current == Some(id) => None,
        None if current == Some(id) && !role.decides() => None,
        _ => current,
    };
    if !proof.automated {
        let current = tx.proof(proof.id)?.and_then(|p| p.primary_decision_maker);
        if to(current) != current {
            tx.set_primary(proof.id, to(current))?;
        }
        return Ok(());
    }
    let Some(place) = tx.reviewer(id)? else { return Ok(()) };
    let Some(stage) = tx.stage(place.stage)? else { return Ok(()) };
    let primary = to(stage.primary);
    if primary == stage.primary {
        return Ok(());
    }
    if primary.is_some() && stage.rules.one_decision {
        return Err(galley_model::PlanError::PrimaryAndOneDecision(stage.name).into());
    }
    Ok(tx.update_stage(&Stage { primary, ..stage })?)
}
