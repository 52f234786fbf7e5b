//! What people do to jobs: calling off, trying again, waiting in front of them.

use crate::proofs::editable;
use crate::sources::{announce_by, release, settle_combined, waits};
use crate::{Link, Missing, Opened, Service, ServiceError, UserCaller};
use galley_model::{Actor, EventKind, FileId, Processing, Proof, ProofId, ProofKind, Timestamp, Urgency};
use galley_store::{Job, JobKind, Read, StoreError, Write};

/// What a proof says whose processing was called off.
const CANCELLED: &str = "Processing was cancelled.";

/// What an administrator's list shows at most.
const SHOWN: i64 = 10_000;

/// Jobs that lead from a file to pages.
pub(crate) const TO_PAGES: [JobKind; 3] = [JobKind::OpenFile, JobKind::Capture, JobKind::MakePlayable];

impl Service {
    /// Stops making the pages of a proof. What is under way is killed; the proof has failed until somebody tries
    /// again.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`]; [`ServiceError::Forbidden`] for those who may not edit the proof;
    /// [`ServiceError::Conflict`] when nothing is being done, or when somebody else's proof waits for the same
    /// file.
    pub fn cancel_processing(&self, caller: &UserCaller, id: ProofId) -> Result<(), ServiceError> {
        let now = self.now();
        self.store().write(|tx| {
            let proof = editable(tx, caller, id)?.proof;
            cancel(tx, &proof, &caller.actor(), |other| editable(tx, caller, other).is_ok(), now)
        })
    }

    /// Makes the pages of a proof again that failed or was called off.
    ///
    /// # Errors
    /// As [`Service::cancel_processing`]; [`ServiceError::Conflict`] when it has not failed.
    pub fn retry_processing(&self, caller: &UserCaller, id: ProofId) -> Result<(), ServiceError> {
        let now = self.now();
        self.store().write(|tx| {
            let proof = editable(tx, caller, id)?.proof;
            retry(tx, &proof, &caller.actor(), now)
        })?;
        self.inner.work.notify_one();
        Ok(())
    }

    /// The same as [`Service::cancel_processing`] from the viewer.
    ///
    /// # Errors
    /// As there, and as [`Service::follow`].
    pub fn cancel_by_link(&self, link: &Link) -> Result<(), ServiceError> {
        let now = self.now();
        self.store().write(|tx| {
            let opened = self.resolve(tx, link)?;
            if !opened.rights.edit {
                return Err(ServiceError::Forbidden);
            }
            let may = |other| link.user.as_deref().is_some_and(|user| editable(tx, user, other).is_ok());
            cancel(tx, &opened.proof, &actor(&opened, link), may, now)
        })
    }

    /// The same as [`Service::retry_processing`] from the viewer.
    ///
    /// # Errors
    /// As there, and as [`Service::follow`].
    pub fn retry_by_link(&self, link: &Link) -> Result<(), ServiceError> {
        let now = self.now();
        self.store().write(|tx| {
            let opened = self.resolve(tx, link)?;
            if !opened.rights.edit {
                return Err(ServiceError::Forbidden);
            }
            retry(tx, &opened.proof, &actor(&opened, link), now)
        })?;
        self.inner.work.notify_one();
        Ok(())
    }

    /// Somebody looks at a proof: its file goes before those that nobody looks at. Writes only when that changes
    /// anything.
    pub(crate) fn hurry(&self, proof: &Proof) -> Result<(), ServiceError> {
        if !matches!(proof.processing, Processing::Queued | Processing::Processing) {
            return Ok(());
        }
        let rank = Urgency::Awaited.rank();
        let waiting = self.store().read(|tx| -> Result<Vec<(JobKind, i64)>, StoreError> {
            let mut waiting = Vec::new();
            for file in files_of(tx, proof.file)? {
                for kind in TO_PAGES {
                    if tx.can_be_raised(kind, file.0, rank)? {
                        waiting.push((kind, file.0));
                    }
                }
            }
            Ok(waiting)
        })?;
        if waiting.is_empty() {
            return Ok(());
        }
        let raised = self.store().write(|tx| -> Result<(), ServiceError> {
            Ok(waiting.iter().try_for_each(|(kind, file)| tx.raise_job(*kind, *file, rank))?)
        });
        match raised {
            // Looking must not need room on the disk.
            Err(ServiceError::StorageFull) => Ok(()),
            other => other,
        }
    }

    /// Jobs that are not done, oldest first, for whoever runs the server.
    ///
    /// # Errors
    /// [`ServiceError`] when the database fails.
    pub fn jobs(&self) -> Result<Vec<Job>, ServiceError> {
        Ok(self.store().read(|tx| tx.jobs(SHOWN))?)
    }

    /// Tries a job again that waits or was put aside, as if it were new.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is no such job; [`ServiceError::Conflict`] when it is being done.
    pub fn retry_job(&self, id: i64) -> Result<(), ServiceError> {
        let now = self.now();
        self.store().write(|tx| {
            let job = tx.job(id)?.ok_or(ServiceError::NotFound(Missing::File))?;
            if !tx.retry_job(id, now)? {
                return Err(ServiceError::Conflict("This job is being done.".to_owned()));
            }
            if TO_PAGES.contains(&job.kind) {
                let file = FileId(job.subject);
                let mut again = tx.combined_of(file)?;
                again.insert(0, file);
                for file in again {
                    if tx.file(file)?.is_some_and(|file| file.processing == Some(Processing::Failed)) {
                        tx.set_processing(file, Processing::Queued, None)?;
                        announce_by(tx, file, &Actor::system(), &EventKind::ProcessingRetried, now)?;
                    }
                }
            }
            Ok(())
        })
    }

    /// Forgets a job. A file that waits for it will not become a proof unless somebody tries again.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is no such job.
    pub fn drop_job(&self, id: i64) -> Result<(), ServiceError> {
        let now = self.now();
        self.store().write(|tx| {
            let job = tx.job(id)?.ok_or(ServiceError::NotFound(Missing::File))?;
            tx.drop_job(job.kind, job.subject)?;
            let file = FileId(job.subject);
            if TO_PAGES.contains(&job.kind) && tx.file(file)?.is_some_and(|file| waits(&file)) {
                tx.set_cancelled(file, CANCELLED)?;
                announce_by(tx, file, &Actor::system(), &EventKind::ProcessingCancelled, now)?;
                settle_combined(tx, file, now)?;
            }
            Ok(())
        })
    }
}

/// Whoever comes along a link, by their login where the link is nobody else's.
fn actor(opened: &Opened, link: &Link) -> Actor {
    let user = link.user.as_deref().filter(|user| user.account() == opened.proof.account);
    match user.filter(|user| opened.reviewer.as_ref().is_none_or(|r| r.person == user.person())) {
        Some(user) if opened.reviewer.is_none() => user.actor(),
        _ => opened.actor(),
    }
}

/// The files that jobs are about: the parts of a combined one, else the file itself.
fn files_of(tx: &Read<'_>, file: FileId) -> Result<Vec<FileId>, StoreError> {
    let parts: Vec<FileId> = tx.parts(file)?.into_iter().map(|part| part.file.id).collect();
    Ok(if parts.is_empty() { vec![file] } else { parts })
}

fn cancel(
    tx: &Write<'_>,
    proof: &Proof,
    actor: &Actor,
    may: impl Fn(ProofId) -> bool,
    now: Timestamp,
) -> Result<(), ServiceError> {
    let busy = matches!(proof.processing, Processing::Queued | Processing::Processing);
    if proof.kind == ProofKind::File || !busy {
        return Err(ServiceError::Conflict("The pages of this proof are not being made.".to_owned()));
    }
    let mut ended = vec![proof.file];
    for file in files_of(tx, proof.file)? {
        if !tx.file(file)?.is_some_and(|file| waits(&file)) {
            continue;
        }
        for one in tx.combined_of(file)?.into_iter().chain([file]) {
            if !ended.contains(&one) && tx.file(one)?.is_some_and(|file| waits(&file)) {
                ended.push(one);
            }
        }
    }
    for file in &ended {
        for other in tx.proofs_of_file(*file)? {
            if other != proof.id && tx.proof(other)?.is_some() && !may(other) {
                let text = "Another proof waits for the same file, and you may not change that one.";
                return Err(ServiceError::Conflict(text.to_owned()));
            }
        }
    }
    for file in ended {
        for kind in TO_PAGES {
            tx.drop_job(kind, file.0)?;
        }
        tx.set_cancelled(file, CANCELLED)?;
        announce_by(tx, file, actor, &EventKind::ProcessingCancelled, now)?;
    }
    Ok(())
}

fn retry(tx: &Write<'_>, proof: &Proof, actor: &Actor, now: Timestamp) -> Result<(), ServiceError> {
    if proof.kind == ProofKind::File || proof.processing != Processing::Failed {
        return Err(ServiceError::Conflict(
            "There is nothing to try again: this proof has not failed.".to_owned(),
        ));
    }
    let mut again = vec![proof.file];
    again.extend(files_of(tx, proof.file)?.into_iter().filter(|file| *file != proof.file));
    for file in again {
        if tx.file(file)?.is_some_and(|file| file.processing == Some(Processing::Failed)) {
            tx.set_processing(file, Processing::Queued, None)?;
            announce_by(tx, file, actor, &EventKind::ProcessingRetried, now)?;
        }
    }
    release(tx, proof, Urgency::Asked, now)
}
