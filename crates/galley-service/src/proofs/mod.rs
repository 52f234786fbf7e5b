//! Proofs and their versions.

mod archive;
mod create;
mod edit;
mod erase;
mod list;

pub(crate) use create::CODE_LENGTH;
pub use create::ProofInput;
pub use edit::{ProofEdit, SettingsEdit};
pub use list::{CountedProof, ListPlace, ListedProof, ProofDetails, ProofList, ProofQuestion, VersionEntry};

use crate::stages::look;
use crate::{Missing, Service, ServiceError, UserCaller};
use galley_model::{Blinds, Proof, ProofId, ProofRights, Reviewer, Settings};
use galley_store::Read;

/// A proof that the caller sees, with their place on it and their rights. Its decision and numbers are
/// those of the stages that they see.
pub(crate) struct Seen {
    pub proof: Proof,
    pub place: Option<Reviewer>,
    pub rights: ProofRights,
    /// What of it they do not see.
    pub blinds: Blinds,
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
    let share = caller.share(tx, &proof)?;
    let rights = caller.rights(&proof, place.as_ref(), share);
    if !rights.view {
        return Err(missing);
    }
    let (proof, blinds) = look(tx, proof, &rights, place.as_ref())?;
    Ok(Seen { proof, place, rights, blinds })
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

impl Service {
    /// The proof with its settings, if the caller sees it.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`].
    pub fn proof(&self, caller: &UserCaller, id: ProofId) -> Result<Proof, ServiceError> {
        self.store().read(|tx| Ok(seen(tx, caller, id)?.proof))
    }
}
