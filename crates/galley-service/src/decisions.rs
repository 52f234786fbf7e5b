//! Deciding.

use crate::decision_setup::{give_reasons, offered};
use crate::proofs::roll_up;
use crate::{Service, ServiceError};
use galley_model::{
    Actor, Decision, EventKind, Overall, PickedReason, Proof, ProofState, ReviewerId, Role, Timestamp,
    overall_decision,
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
    if proof.state == ProofState::Locked {
        return Err(ServiceError::Locked);
    }
    if !role.decides() {
        return Err(ServiceError::Forbidden);
    }
    let setup = offered(tx, proof.account, decision)?;
    tx.set_decision(reviewer, decision, decision.made().then_some(now))?;
    // Reasons belong to the decision that they were given with.
    tx.set_given_reasons(reviewer, &[])?;
    let everybody = tx.reviewers(proof.id)?;
    let name = everybody.iter().find(|r| r.id == reviewer).map(|r| r.name.clone()).unwrap_or_default();
    let people: Vec<_> = everybody.iter().map(galley_model::Reviewer::decider).collect();
    let overall = overall_decision(&people, proof.settings.flags.has(galley_model::ProofFlags::ONE_DECISION));
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
    let proof = roll_up(tx, proof.id, true, now)?;
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
