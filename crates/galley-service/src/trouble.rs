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

/// Whose fault it is that a job did not work out, with the sentence for whoever waits for its result.
#[derive(Debug)]
enum Cause {
    /// What the job is about: trying again changes nothing.
    Subject(String),
    /// Something that may be over the next time. Of the server's own errors nobody else is told more than that.
    Passing(Option<String>),
    /// The disk is full.
    NoRoom,
}

/// Why a job did not work out.
#[derive(Debug)]
pub(crate) struct Trouble {
    cause: Cause,
    /// For an administrator.
    detail: String,
}

impl From<MediaError> for Trouble {
    fn from(error: MediaError) -> Self {
        let cause = match error.kind() {
            MediaErrorKind::StorageFull => Cause::NoRoom,
            _ if error.is_retryable() => Cause::Passing(Some(error.reason())),
            _ => Cause::Subject(error.reason()),
        };
        Trouble { cause, detail: error.to_string() }
    }
}

impl From<CaptureError> for Trouble {
    fn from(error: CaptureError) -> Self {
        let reason = error.reason();
        let cause = if error.is_retryable() { Cause::Passing(Some(reason)) } else { Cause::Subject(reason) };
        Trouble { cause, detail: error.to_string() }
    }
}

impl From<ServiceError> for Trouble {
    fn from(error: ServiceError) -> Self {
        let no_room = matches!(error, ServiceError::StorageFull);
        let cause = if no_room { Cause::NoRoom } else { Cause::Passing(None) };
        Trouble { cause, detail: error.to_string() }
    }
}

impl Service {
    /// Decides what becomes of a job that gave trouble. What is not the fault of its subject is tried again, a bounded
    /// number of times.
    pub(crate) async fn met(&self, job: &LeasedJob, trouble: Trouble) -> Result<(), ServiceError> {
        let Trouble { cause, detail } = trouble;
        match cause {
            Cause::NoRoom => {
                tracing::warn!(?job, detail, "a job waits for room on the disk");
                let (service, job, at) = (self.clone(), job.clone(), self.now() + NO_ROOM);
                blocking(move || Ok(service.store().write(|tx| tx.postpone_job(&job, &detail, at))?)).await
            }
            Cause::Passing(_) if job.attempts < MAX_ATTEMPTS => {
                tracing::warn!(?job, detail, "a job failed; trying again");
                let (service, job) = (self.clone(), job.clone());
                blocking(move || service.put_back(&job, &detail)).await
            }
            Cause::Passing(reason) => self.put_aside(job, &detail, reason).await,
            Cause::Subject(reason) => {
                tracing::info!(?job, detail, "nothing can be made of it");
                self.fail(job, reason).await
            }
        }
    }

    /// The same for a job that ended in an error of the server's own.
    pub(crate) async fn went_wrong(&self, job: &LeasedJob, error: ServiceError) -> Result<(), ServiceError> {
        tracing::error!(?job, %error, "a job failed");
        self.met(job, error.into()).await
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
