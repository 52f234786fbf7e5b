//! Changing, locking and deleting proofs (`product.md` 3.4 to 3.11).

use super::{ProofDetails, check_texts, editable, list::details, seen_even_in_trash};
use crate::dropzone::activate;
use crate::error::bad_name;
use crate::reviewers::{ReviewerInput, no_workflow, place_person};
use crate::stages::{roll_up, set_primary};
use crate::{Missing, Service, ServiceError, UserCaller, people, workspaces};
use galley_model::{
    Alert, EventKind, Happening, Proof, ProofFlags, ProofId, ProofState, ReviewerId, Role, Timestamp, UserId,
    WorkspaceId, clean_name,
};
use galley_store::{ProofChanges, Write};

/// Changes of settings. What is not given stays.
#[derive(Clone, Debug, Default)]
pub struct SettingsEdit {
    /// Switches to set, with their new positions.
    pub flags: Vec<(ProofFlags, Option<bool>)>,
    /// Alert level for people who get none of their own.
    pub default_alert: Option<Option<Alert>>,
    /// Role for people who get none of their own.
    pub default_role: Option<Option<Role>>,
    /// Address of the link shown on the proof.
    pub custom_link_url: Option<String>,
    /// Text of that link.
    pub custom_link_label: Option<String>,
    /// Kind of Flash proof.
    pub swf: Option<String>,
    /// The caller's own reference.
    pub reference: Option<String>,
}

/// Changes of a proof. What is not given stays.
#[derive(Clone, Debug, Default)]
pub struct ProofEdit {
    /// Name as people read it.
    pub name: Option<String>,
    /// Who is responsible.
    pub owner: Option<UserId>,
    /// Subject of the invitation.
    pub subject: Option<String>,
    /// Message of the invitation.
    pub message: Option<String>,
    /// When it is due; `Some(None)` removes the deadline. The past is refused unless it is unchanged.
    pub deadline: Option<Option<Timestamp>>,
    /// Folder of the whole set; `Some(None)` takes it out of any.
    pub workspace: Option<Option<WorkspaceId>>,
    /// The reviewer whose decision alone counts; `Some(None)` is nobody.
    pub primary: Option<Option<ReviewerId>>,
    /// The proof has to have an automated workflow.
    pub workflow: bool,
    /// Tell a new owner nothing about it.
    pub silent_owner: bool,
    /// Settings.
    pub settings: SettingsEdit,
}

impl Service {
    /// Changes a proof.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Forbidden`], [`ServiceError::Invalid`].
    pub fn update_proof(
        &self,
        caller: &UserCaller,
        id: ProofId,
        edit: &ProofEdit,
    ) -> Result<ProofDetails, ServiceError> {
        let now = self.now();
        self.store().write(|tx| {
            let proof = editable(tx, caller, id)?.proof;
            if edit.workflow && !proof.automated {
                return Err(no_workflow());
            }
            self.apply(tx, caller, &proof, edit, now)?;
            let locks = |p: &Proof| p.settings.flags.has(ProofFlags::AUTO_LOCK);
            let switched_on = !locks(&proof) && tx.proof(id)?.is_some_and(|p| locks(&p));
            let happened = if switched_on { Happening::AutoLockEnabled } else { Happening::Look };
            roll_up(tx, id, happened, now)?;
            details(tx, caller, id, now)
        })
    }

    fn apply(
        &self,
        tx: &Write<'_>,
        caller: &UserCaller,
        proof: &Proof,
        edit: &ProofEdit,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let id = proof.id;
        let name = match &edit.name {
            Some(name) => clean_name(name).map_err(bad_name("name"))?,
            None => proof.name.clone(),
        };
        let deadline = edit.deadline.unwrap_or(proof.deadline);
        let moved = deadline != proof.deadline;
        if moved && proof.automated {
            return Err(ServiceError::Conflict("The stages of this proof have its deadlines.".to_owned()));
        }
        if moved && deadline.is_some_and(|d| d <= now) {
            return Err(ServiceError::Invalid("deadline", "The deadline has already passed.".to_owned()));
        }
        let owner = edit.owner.unwrap_or(proof.owner);
        let new_owner = if owner == proof.owner {
            None
        } else {
            Some(self.new_owner(tx, caller, proof, owner, !edit.silent_owner, now)?)
        };
        let settings = settings(proof, &edit.settings);
        let subject = edit.subject.as_deref().unwrap_or(&proof.subject).trim();
        let message = edit.message.as_deref().unwrap_or(&proof.message).trim();
        check_texts(subject, message, &settings)?;
        tx.update_proof(
            id,
            &ProofChanges { name: &name, owner, subject, message, deadline, settings: &settings },
        )?;
        if let Some(workspace) = edit.workspace {
            let stays = workspace == proof.workspace;
            let folder =
                workspace.filter(|_| !stays).map(|w| workspaces::for_items(tx, caller, w)).transpose()?;
            if !stays {
                tx.move_set(proof.set, folder)?;
            }
        }
        if let Some(primary) = edit.primary {
            for reviewer in tx.reviewers(id)?.iter().filter(|r| r.primary && Some(r.id) != primary) {
                set_primary(tx, proof, reviewer.id, reviewer.role, Some(false))?;
            }
            if let Some(reviewer) = primary {
                let known = tx.reviewer(reviewer)?.filter(|r| r.proof == id && r.role.decides());
                let known = known.ok_or(ServiceError::NotFound(Missing::Reviewer))?;
                set_primary(tx, proof, known.id, known.role, Some(true))?;
            }
        }
        let actor = caller.actor();
        tx.append(proof.account, Some(id), now, &actor, &EventKind::ProofUpdated { name })?;
        if moved {
            tx.append(proof.account, Some(id), now, &actor, &EventKind::DeadlineChanged { deadline })?;
        }
        if let Some(owner) = new_owner {
            tx.append(proof.account, Some(id), now, &actor, &EventKind::OwnerChanged { owner })?;
        }
        Ok(())
    }

    /// Makes somebody else the owner of a proof, in the trash or not. Asks for nobody's right.
    pub(crate) fn hand_over(
        &self,
        tx: &Write<'_>,
        caller: &UserCaller,
        id: ProofId,
        heir: UserId,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let proof = tx.proof(id)?.ok_or(ServiceError::NotFound(Missing::Proof))?;
        self.apply(tx, caller, &proof, &ProofEdit { owner: Some(heir), ..ProofEdit::default() }, now)?;
        roll_up(tx, id, Happening::Look, now)?;
        Ok(())
    }

    /// Checks a new owner and puts them on the proof, where an owner always is.
    fn new_owner(
        &self,
        tx: &Write<'_>,
        caller: &UserCaller,
        proof: &Proof,
        owner: UserId,
        notify: bool,
        now: Timestamp,
    ) -> Result<String, ServiceError> {
        let owner = tx
            .user(owner)?
            .filter(|u| u.account == proof.account && people::may_own(u))
            .ok_or(ServiceError::NotFound(Missing::Owner))?;
        if tx.reviewer_of_person(proof.id, owner.person)?.is_none() {
            let input = ReviewerInput {
                email: owner.email.clone(),
                name: Some(owner.name()),
                role: Some(Role::Reviewer),
                notify,
                ..ReviewerInput::default()
            };
            place_person(tx, self.inner.random.as_ref(), caller, proof, &input, now)?;
        }
        Ok(owner.name())
    }

    /// Locks or unlocks a proof. Doing it twice changes nothing and is no event. Unlocking one that was handed
    /// in at a dropzone activates it.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Forbidden`].
    pub fn set_locked(&self, caller: &UserCaller, id: ProofId, locked: bool) -> Result<(), ServiceError> {
        let now = self.now();
        let (state, kind) = if locked {
            (ProofState::Locked, EventKind::ProofLocked { automatic: false })
        } else {
            (ProofState::Active, EventKind::ProofUnlocked)
        };
        self.store().write(|tx| {
            let proof = editable(tx, caller, id)?.proof;
            if proof.submitted && !locked {
                return activate(tx, &caller.actor(), id, now);
            }
            if proof.state != state {
                tx.set_proof_state(id, state)?;
                tx.append(proof.account, Some(id), now, &caller.actor(), &kind)?;
                // What became due while it was locked starts now.
                roll_up(tx, id, Happening::Look, now)?;
            }
            Ok(())
        })
    }

    /// Moves a version, or its whole set, into the trash. Everything stays and can be restored.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Forbidden`].
    pub fn trash_proof(
        &self,
        caller: &UserCaller,
        id: ProofId,
        all_versions: bool,
    ) -> Result<(), ServiceError> {
        let now = self.now();
        self.store().write(|tx| {
            let proof = editable(tx, caller, id)?.proof;
            let versions = if all_versions { tx.versions(proof.set)? } else { vec![proof] };
            for version in versions {
                tx.set_trashed(version.id, version.set, Some(now))?;
                tx.append(version.account, Some(version.id), now, &caller.actor(), &EventKind::ProofTrashed)?;
            }
            Ok(())
        })
    }

    /// Takes a version out of the trash, with the others of its set that went in at the same time.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Forbidden`].
    pub fn restore_proof(&self, caller: &UserCaller, id: ProofId) -> Result<ProofDetails, ServiceError> {
        let now = self.now();
        self.store().write(|tx| {
            let seen = seen_even_in_trash(tx, caller, id)?;
            if !seen.rights.edit {
                return Err(ServiceError::Forbidden);
            }
            if let Some(trashed_at) = seen.proof.trashed_at {
                let together = tx.versions_and_trash(seen.proof.set)?;
                for version in together.into_iter().filter(|v| v.trashed_at == Some(trashed_at)) {
                    tx.set_trashed(version.id, version.set, None)?;
                    tx.append(
                        version.account,
                        Some(version.id),
                        now,
                        &caller.actor(),
                        &EventKind::ProofRestored,
                    )?;
                    roll_up(tx, version.id, Happening::Look, now)?;
                }
            }
            details(tx, caller, id, now)
        })
    }
}

fn settings(proof: &Proof, edit: &SettingsEdit) -> galley_model::Settings {
    let mut settings = proof.settings.clone();
    for (flag, on) in &edit.flags {
        settings.flags = settings.flags.set(*flag, *on);
    }
    settings.flags = settings.flags.consistent();
    settings.default_alert = edit.default_alert.unwrap_or(settings.default_alert);
    settings.default_role = edit.default_role.unwrap_or(settings.default_role);
    for (to, from) in [
        (&mut settings.custom_link_url, &edit.custom_link_url),
        (&mut settings.custom_link_label, &edit.custom_link_label),
        (&mut settings.swf, &edit.swf),
        (&mut settings.reference, &edit.reference),
    ] {
        if let Some(text) = from {
            text.trim().clone_into(to);
        }
    }
    settings
}
