//! Deciding.

use crate::decision_setup::{give_reasons, offered};
use crate::stages::{roll_up, running, tally_up};
use crate::{Missing, Service, ServiceError};
use galley_model::{
    Actor, Decision, EventKind, Happening, Overall, PickedReason, Proof, ProofState, ReviewerId, Role, Stage,
    Timestamp, proof_tally,
};
use galley_store::Write;

/// What a decision led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecisionOutcome {
    /// What was decided.
    pub decision: Decision,
    /// The roll-up afterwards.
    pub overall: Overall,
    /// The state afterwards: a proof may lock itself.
    pub state: ProofState,
}

/// Writes a decision, its event and what follows from it.
pub(crate) fn decide(
    tx: &Write<'_>,
    actor: &Actor,
    proof: &Proof,
    reviewer: ReviewerId,
    role: Role,
    decision: Decision,
    now: Timestamp,
) -> Result<DecisionOutcome, ServiceError> {
    if proof.usable() == ProofState::Locked {
        return Err(ServiceError::Locked);
    }
    if !role.decides() {
        return Err(ServiceError::Forbidden);
    }
    let place = tx.reviewer(reviewer)?.ok_or(ServiceError::NotFound(Missing::Reviewer))?;
    running(place.stage_state)?;
    let setup = offered(tx, proof.account, decision)?;
    tx.set_decision(reviewer, decision, decision.made().then_some(now))?;
    // Reasons belong to the decision that they were given with.
    tx.set_given_reasons(reviewer, &[])?;
    let stages = tally_up(tx, proof, now)?;
    let overall = proof_tally(stages.iter().map(Stage::counted)).decision;
    let name = place.name;
    // Before the lock that may follow from it, so that readers hear of things in their order.
    tx.append(
        proof.account,
        Some(proof.id),
        now,
        actor,
        &EventKind::DecisionMade {
            reviewer,
            name,
            decision,
            overall,
            label: setup.custom_label().map(str::to_owned),
        },
    )?;
    let proof = roll_up(tx, proof.id, Happening::Decided(place.stage), now)?;
    Ok(DecisionOutcome { decision, overall: proof.decision, state: proof.state })
}

impl Service {
    /// Makes, changes or (with pending) removes the decision of whoever holds a personal URL, with the
    /// reasons they picked.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for a dead link, [`ServiceError::Locked`],
    /// [`ServiceError::Forbidden`] for roles that do not decide, and [`ServiceError::Invalid`] for
    /// decisions that are not in use and reasons that cannot be given.
    pub fn decide_by_link(
        &self,
        link: &crate::Link,
        decision: Decision,
        reasons: &[PickedReason],
    ) -> Result<DecisionOutcome, ServiceError> {
        let now = self.now();
        self.store().write(|tx| {
            let opened = self.resolve(tx, link)?;
            let reviewer = opened.reviewer.as_ref().ok_or(ServiceError::Forbidden)?;
            if reviewer.decision == decision && reasons.is_empty() {
                let (overall, state) = (opened.proof.decision, opened.proof.state);
                return Ok(DecisionOutcome { decision, overall, state });
            }
            let outcome =
                decide(tx, &opened.actor(), &opened.proof, reviewer.id, reviewer.role, decision, now)?;
            if !reasons.is_empty() {
                give_reasons(tx, opened.proof.account, reviewer.id, decision, reasons)?;
            }
            Ok(outcome)
        })
    }
}
