//! The archive (`product.md` 3.10): what nobody touches for long goes there, and anybody gets it out.

use super::{editable, seen};
use crate::{Link, Service, ServiceError, UserCaller};
use galley_model::{Actor, EventKind, Proof, ProofId, ProofState, Timestamp};
use galley_store::Write;
use jiff::SignedDuration;

/// Days without activity after which a proof is archived.
const IDLE_DAYS: i64 = 60;

/// Sets looked at in one transaction, so that others get their turn.
const BATCH: i64 = 100;

fn put(
    tx: &Write<'_>,
    proof: &Proof,
    actor: &Actor,
    automatic: bool,
    now: Timestamp,
) -> Result<(), ServiceError> {
    if proof.archived_at.is_none() {
        tx.set_archived(proof.id, proof.set, Some(now))?;
        let kind = EventKind::ProofArchived { automatic };
        tx.append(proof.account, Some(proof.id), now, actor, &kind)?;
    }
    Ok(())
}

fn take(tx: &Write<'_>, proof: &Proof, actor: &Actor, now: Timestamp) -> Result<(), ServiceError> {
    if proof.archived_at.is_some() {
        tx.set_archived(proof.id, proof.set, None)?;
        tx.append(proof.account, Some(proof.id), now, actor, &EventKind::ProofUnarchived)?;
    }
    Ok(())
}

impl Service {
    /// Puts a version, or its whole set, into the archive. It keeps its lock state. Doing it twice
    /// changes nothing and is no event.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Forbidden`] without edit rights.
    pub fn archive_proof(
        &self,
        caller: &UserCaller,
        id: ProofId,
        all_versions: bool,
    ) -> Result<(), ServiceError> {
        let now = self.now();
        self.store().write(|tx| {
            let proof = editable(tx, caller, id)?.proof;
            let versions = if all_versions { tx.versions(proof.set)? } else { vec![proof] };
            versions.iter().try_for_each(|version| put(tx, version, &caller.actor(), false, now))
        })
    }

    /// Takes a version, or its whole set, out of the archive. Whoever sees it may.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`].
    pub fn unarchive_proof(
        &self,
        caller: &UserCaller,
        id: ProofId,
        all_versions: bool,
    ) -> Result<(), ServiceError> {
        let now = self.now();
        self.store().write(|tx| {
            let proof = seen(tx, caller, id)?.proof;
            let versions = if all_versions { tx.versions(proof.set)? } else { vec![proof] };
            versions.iter().try_for_each(|version| take(tx, version, &caller.actor(), now))
        })
    }

    /// Takes the version behind a link out of the archive. Whoever holds the link may, guests too.
    ///
    /// # Errors
    /// As [`Service::follow`].
    pub fn unarchive_by_link(&self, link: &Link) -> Result<(), ServiceError> {
        let now = self.now();
        self.store().write(|tx| {
            let opened = self.resolve(tx, link)?;
            take(tx, &opened.proof, &opened.actor(), now)
        })
    }

    /// Archives and locks the sets to which nothing has happened for 60 days. Answers how many
    /// versions that were. Locking that comes with it is part of the same event.
    ///
    /// # Errors
    /// [`ServiceError`] when the database fails; what was archived before stays so.
    pub fn archive_idle_proofs(&self) -> Result<usize, ServiceError> {
        let mut archived = 0;
        loop {
            let now = self.now();
            let before = now - SignedDuration::from_hours(24 * IDLE_DAYS);
            let sets = self.store().read(|tx| tx.idle_sets(before, BATCH))?;
            if sets.is_empty() {
                return Ok(archived);
            }
            archived += self.store().write(|tx| -> Result<usize, ServiceError> {
                let mut count = 0;
                for set in &sets {
                    for version in tx.versions(*set)?.iter().filter(|v| v.archived_at.is_none()) {
                        if version.state == ProofState::Active {
                            tx.set_proof_state(version.id, ProofState::Locked)?;
                        }
                        put(tx, version, &Actor::system(), true, now)?;
                        count += 1;
                    }
                    tx.set_untouchable(*set)?;
                }
                Ok(count)
            })?;
        }
    }
}
