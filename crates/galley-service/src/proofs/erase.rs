//! Deleting for good (`product.md` 3.11, "Empty trash").

use super::seen_even_in_trash;
use crate::jobs::TO_PAGES;
use crate::{Service, ServiceError, UserCaller};
use galley_model::{EventKind, FileId, ProofId, Timestamp, Urgency};
use galley_store::{JobKind, Write};

impl Service {
    /// Deletes a version, or its whole set, for good, whether it is in the trash or not. Nothing of it
    /// can be restored; its number is not given out again. The original goes with its last proof.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`]; [`ServiceError::Forbidden`] for those who may not empty the trash.
    pub fn erase_proof(
        &self,
        caller: &UserCaller,
        id: ProofId,
        all_versions: bool,
    ) -> Result<(), ServiceError> {
        let now = self.now();
        self.store().write(|tx| {
            let seen = seen_even_in_trash(tx, caller, id)?;
            if !(seen.rights.edit && caller.profile().administers()) {
                return Err(ServiceError::Forbidden);
            }
            let seen_set = seen.proof.set;
            let versions =
                if all_versions { tx.versions_and_trash(seen.proof.set)? } else { vec![seen.proof] };
            // They show other versions, too; nobody can tell which.
            tx.end_summaries(seen_set, now)?;
            for version in versions {
                let kind = EventKind::ProofDeleted { name: version.name.clone() };
                tx.append(version.account, Some(version.id), now, &caller.actor(), &kind)?;
                tx.erase_proof(version.id, version.set, now)?;
                forget_original(tx, version.file, now)?;
            }
            Ok::<(), ServiceError>(())
        })?;
        self.inner.work.notify_one();
        Ok(())
    }

    /// Removes the bytes and pages of an original of which no proof is left. The job for it may come
    /// too late: a proof may have been made of it again.
    pub(crate) fn erase_original(&self, file: FileId) -> Result<bool, ServiceError> {
        let unused = self.store().write(|tx| -> Result<bool, ServiceError> {
            let unused = !tx.file_is_used(file)?;
            if unused {
                tx.erase_file(file)?;
                // Who is still at it loses the lease, and with it the right to bring anything back.
                for kind in TO_PAGES {
                    tx.drop_job(kind, file.0)?;
                }
            }
            Ok(unused)
        })?;
        if unused {
            self.inner.blobs.remove(file)?;
        }
        Ok(unused)
    }
}

fn forget_original(tx: &Write<'_>, file: FileId, now: Timestamp) -> Result<(), ServiceError> {
    // The parts of a combined file first: the file itself knows them until it is erased.
    let parts = tx.parts(file)?.into_iter().map(|part| part.file.id);
    for file in parts.chain([file]) {
        if !tx.file_is_used(file)? {
            tx.add_job(JobKind::EraseFile, file.0, Urgency::Background.rank(), now, now)?;
        }
    }
    Ok(())
}
