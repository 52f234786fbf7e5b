//! Proofs and their versions.

mod create;
mod edit;
mod list;

pub(crate) use create::CODE_LENGTH;
pub use create::ProofInput;
pub use edit::{ProofEdit, SettingsEdit};
pub use list::{ListPlace, ListedProof, ProofDetails, ProofList, VersionEntry};

use crate::{Missing, Service, ServiceError, UserCaller};
use galley_model::{
    Actor, Decider, Decision, EventKind, Proof, ProofFlags, ProofId, ProofRights, ProofState, Reviewer,
    Settings, Timestamp, auto_lock_due, overall_decision, required_decisions,
};
use galley_store::{Read, Write};

/// A proof that the caller sees, with their place on it and their rights.
pub(crate) struct Seen {
    pub proof: Proof,
    pub place: Option<Reviewer>,
    pub rights: ProofRights,
}

/// The proof, if the caller sees it and it is not in the trash.
pub(crate) fn seen(tx: &Read<'_>, caller: &UserCaller, id: ProofId) -> Result<Seen, ServiceError> {
    let seen = seen_even_in_trash(tx, caller, id)?;
    if seen.proof.trashed_at.is_some() {
        return Err(ServiceError::NotFound(Missing::Proof));
    }
    Ok(seen)
}

pub(crate) fn seen_even_in_trash(
    tx: &Read<'_>,
    caller: &UserCaller,
    id: ProofId,
) -> Result<Seen, ServiceError> {
    let missing = ServiceError::NotFound(Missing::Proof);
    let Some(proof) = tx.proof(id)?.filter(|p| p.account == caller.account()) else { return Err(missing) };
    let place = tx.reviewer_of_person(id, caller.person())?;
    let rights = caller.rights(&proof, place.as_ref());
    if rights.view { Ok(Seen { proof, place, rights }) } else { Err(missing) }
}

/// The proof, if the caller may edit it. One they merely see is forbidden.
pub(crate) fn editable(tx: &Read<'_>, caller: &UserCaller, id: ProofId) -> Result<Seen, ServiceError> {
    let seen = seen(tx, caller, id)?;
    if seen.rights.edit { Ok(seen) } else { Err(ServiceError::Forbidden) }
}

/// Texts of a proof are of a size that mails and pages can show.
pub(crate) fn check_texts(subject: &str, message: &str, settings: &Settings) -> Result<(), ServiceError> {
    for (field, text, limit) in [
        ("subject", subject, 1000),
        ("message", message, 50_000),
        ("custom_link_url", settings.custom_link_url.as_str(), 2000),
        ("custom_link_label", settings.custom_link_label.as_str(), 255),
        ("swf", settings.swf.as_str(), 40),
        ("reference", settings.reference.as_str(), 255),
    ] {
        if text.chars().nth(limit).is_some() {
            let shown = field.replace('_', " ");
            return Err(ServiceError::Invalid(
                field,
                format!("The {shown} has more than {limit} characters."),
            ));
        }
    }
    Ok(())
}

/// Whether one person's decision has settled the proof for everybody.
pub(crate) fn settled(proof: &Proof) -> bool {
    let one = proof.settings.flags.has(ProofFlags::ONE_DECISION) || proof.primary_decision_maker.is_some();
    one && proof.decisions_required > 0 && proof.decisions_made == proof.decisions_required
}

/// Brings the roll-up of a proof up to date after anything it depends on changed.
/// With `decided`, a decision was just made and may complete a proof that locks itself.
pub(crate) fn roll_up(
    tx: &Write<'_>,
    id: ProofId,
    decided: bool,
    now: Timestamp,
) -> Result<Proof, ServiceError> {
    let missing = || ServiceError::NotFound(Missing::Proof);
    let proof = tx.proof(id)?.ok_or_else(missing)?;
    let people: Vec<Decider> = tx.reviewers(id)?.iter().map(Reviewer::decider).collect();
    let one = proof.settings.flags.has(ProofFlags::ONE_DECISION);
    let overall = overall_decision(&people, one);
    let (made, required) = required_decisions(&people, one);
    tx.set_overall(id, overall, made, required)?;
    if overall.unwrap_or(Decision::Pending) != proof.decision.unwrap_or(Decision::Pending) {
        tx.set_decision_changed(id, now)?;
    }
    if decided && auto_lock_due(proof.state, proof.settings.flags, &people) {
        tx.set_proof_state(id, ProofState::Locked)?;
        tx.append(
            proof.account,
            Some(id),
            now,
            &Actor::system(),
            &EventKind::ProofLocked { automatic: true },
        )?;
    }
    tx.proof(id)?.ok_or_else(missing)
}

impl Service {
    /// The proof with its settings, if the caller sees it.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`].
    pub fn proof(&self, caller: &UserCaller, id: ProofId) -> Result<Proof, ServiceError> {
        self.store().read(|tx| Ok(seen(tx, caller, id)?.proof))
    }
}
