//! What becomes of a job that did not work out: again a little later, put aside, or an answer to whoever waits.

use crate::sources::{announce, settle_combined};
use crate::worker::blocking;
use crate::{Service, ServiceError};
use galley_capture::CaptureError;
use galley_media::{MediaError, MediaErrorKind};
use galley_model::{EventKind, FileId, MAX_ATTEMPTS, Processing};
use galley_store::{JobKind, LeasedJob};
use jiff::SignedDuration;

/// What the server could not do by itself it tries again after this.
const UPKEEP_AGAIN: SignedDuration = SignedDuration::from_hours(1);

/// No room on the disk is nobody's fault; the job waits so long and was not tried.
const NO_ROOM: SignedDuration = SignedDuration::from_secs(30);

/// What an administrator reads of a job whose worker never came back.
const LEFT_DEAD: &str = "the process that did this ended without a word each time";

/// What people read of it.
const POISON: &str = "Galley broke off again and again while it was preparing this file, so the file was put aside. \
    Try again, or save the file anew and upload that.";

/// What people read of a search for pages that broke off each time.
const POISON_SEARCH: &str = "The browser broke down again and again while it looked for pages.";

/// Whose fault it is that a job did not work out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cause {
    /// What the job is about: trying again changes nothing.
    Subject,
    /// Something that may be over the next time.
    Passing,
    /// The disk is full.
    NoRoom,
}

/// Why a job did not work out.
#[derive(Debug)]
pub(crate) struct Trouble {
    cause: Cause,
    /// For an administrator.
    detail: String,
    /// For whoever waits for the result.
    reason: String,
}

impl From<MediaError> for Trouble {
    fn from(error: MediaError) -> Self {
        let cause = match error.kind() {
            MediaErrorKind::StorageFull => Cause::NoRoom,
            _ if error.is_retryable() => Cause::Passing,
            _ => Cause::Subject,
        };
        Trouble { cause, detail: error.to_string(), reason: error.reason() }
    }
}

impl From<CaptureError> for Trouble {
    fn from(error: CaptureError) -> Self {
        let cause = if error.is_retryable() { Cause::Passing } else { Cause::Subject };
        Trouble { cause, detail: error.to_string(), reason: error.reason() }
    }
}

impl Service {
    /// Decides what becomes of a job that gave trouble.
    pub(crate) async fn met(&self, job: &LeasedJob, trouble: Trouble) -> Result<(), ServiceError> {
        let Trouble { cause, detail, reason } = trouble;
        match cause {
            Cause::NoRoom => Err(ServiceError::StorageFull),
            Cause::Passing if job.attempts < MAX_ATTEMPTS => {
                tracing::warn!(?job, detail, "a job failed; trying again");
                let (service, job) = (self.clone(), job.clone());
                blocking(move || service.put_back(&job, &detail)).await
            }
            Cause::Passing => self.put_aside(job, &detail, Some(reason)).await,
            Cause::Subject => {
                tracing::info!(?job, detail, "nothing can be made of it");
                self.fail(job, reason).await
            }
        }
    }

    /// What is not the file's fault is tried again, a bounded number of times.
    pub(crate) async fn went_wrong(&self, job: &LeasedJob, error: ServiceError) -> Result<(), ServiceError> {
        tracing::error!(?job, %error, "a job failed");
        if matches!(error, ServiceError::StorageFull) {
            let (service, job, at) = (self.clone(), job.clone(), self.now() + NO_ROOM);
            return blocking(move || {
                Ok(service.store().write(|tx| tx.postpone_job(&job, &error.to_string(), at))?)
            })
            .await;
        }
        if job.attempts < MAX_ATTEMPTS {
            let (service, job) = (self.clone(), job.clone());
            return blocking(move || service.put_back(&job, &error.to_string())).await;
        }
        self.put_aside(job, &error.to_string(), None).await
    }

    /// Gives up a job whose workers ended without a word.
    pub(crate) async fn left_dead(&self, job: &LeasedJob) -> Result<(), ServiceError> {
        self.put_aside(job, LEFT_DEAD, None).await
    }

    /// Puts a failed job back for a little later.
    fn put_back(&self, job: &LeasedJob, detail: &str) -> Result<(), ServiceError> {
        let retry = self.now() + SignedDuration::from_secs(2 * job.attempts);
        self.store().write(|tx| tx.fail_job(job, detail, Some(retry)))?;
        Ok(())
    }

    /// Gives up a job that was tried too often. Upkeep is never given up, only tried less often.
    async fn put_aside(
        &self,
        job: &LeasedJob,
        detail: &str,
        reason: Option<String>,
    ) -> Result<(), ServiceError> {
        tracing::error!(?job, detail, "a job is put aside");
        match job.kind {
            JobKind::OpenFile | JobKind::Capture | JobKind::MakePlayable => {
                self.park(job, detail, reason.unwrap_or_else(|| POISON.to_owned())).await
            }
            JobKind::Summary => self.give_up_summary(job).await,
            JobKind::FindPages => {
                self.end_page_search(job, reason.unwrap_or_else(|| POISON_SEARCH.to_owned())).await
            }
            JobKind::Housekeeping | JobKind::Stages | JobKind::ArchiveIdle | JobKind::EraseFile => {
                let (service, job, detail) = (self.clone(), job.clone(), detail.to_owned());
                blocking(move || {
                    let at = service.now() + UPKEEP_AGAIN;
                    service.store().write(|tx| tx.fail_job(&job, &detail, Some(at)))?;
                    Ok(())
                })
                .await
            }
        }
    }

    /// Puts a file aside that was tried too often: its job stays for an administrator to see, its proofs say why.
    async fn park(&self, job: &LeasedJob, detail: &str, reason: String) -> Result<(), ServiceError> {
        let (service, job, detail, now) = (self.clone(), job.clone(), detail.to_owned(), self.now());
        blocking(move || {
            service.store().write(|tx| {
                let id = FileId(job.subject);
                if tx.fail_job(&job, &detail, None)? {
                    tx.set_processing(id, Processing::Failed, Some(&reason))?;
                    announce(tx, id, &EventKind::ProofFailed { reason }, now)?;
                    settle_combined(tx, id, now)?;
                }
                Ok(())
            })
        })
        .await
    }

    /// Ends a job that nothing can be made of: its proofs, or the search, say why.
    pub(crate) async fn fail(&self, job: &LeasedJob, reason: String) -> Result<(), ServiceError> {
        if job.kind == JobKind::FindPages {
            return self.end_page_search(job, reason).await;
        }
        let (id, now) = (FileId(job.subject), self.now());
        self.finish(job, move |tx| {
            tx.set_processing(id, Processing::Failed, Some(&reason))?;
            announce(tx, id, &EventKind::ProofFailed { reason }, now)?;
            settle_combined(tx, id, now)
        })
        .await
    }
}
