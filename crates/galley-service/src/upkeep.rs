//! What the server does by itself now and then.

use crate::worker::blocking;
use crate::{Service, ServiceError};
use galley_model::{FileId, Timestamp, Urgency};
use galley_store::{LeasedJob, StoreError, Write};
use jiff::SignedDuration;

/// Uploads that no proof was made of are kept so long.
const UNUSED_UPLOAD_DAYS: i64 = 7;

impl Service {
    /// Removes ended sessions and uploads that nobody used, and comes back in an hour.
    pub(crate) async fn tidy_up(&self, job: &LeasedJob) -> Result<(), ServiceError> {
        let (service, job) = (self.clone(), job.clone());
        blocking(move || {
            let now = service.now();
            let before = now - SignedDuration::from_hours(24 * UNUSED_UPLOAD_DAYS);
            let unused = service.store().read(|tx| tx.unused_files(before, 1000))?;
            for file in unused {
                if service.store().write(|tx| tx.delete_unused_file(file.id))? {
                    service.inner.blobs.remove(file.id)?;
                }
            }
            service.remove_ended_summaries()?;
            service.forget_page_searches(now)?;
            service.store().write(|tx| {
                tx.delete_expired_sessions(now)?;
                tx.delete_expired_passes(now)?;
                tx.delete_expired_site_keys(now)?;
                Ok(come_back(tx, &job, now)?)
            })
        })
        .await
    }

    /// Archives what nobody touched for long, and comes back in an hour.
    pub(crate) async fn archive_idle(&self, job: &LeasedJob) -> Result<(), ServiceError> {
        let (service, job) = (self.clone(), job.clone());
        blocking(move || {
            let count = service.archive_idle_proofs()?;
            if count > 0 {
                tracing::info!(count, "archived versions that nobody touched for 60 days");
            }
            let now = service.now();
            Ok(service.store().write(|tx| come_back(tx, &job, now))?)
        })
        .await
    }

    /// Removes an original whose proofs were deleted for good, with everything rendered of it.
    pub(crate) async fn erase_file(&self, job: &LeasedJob) -> Result<(), ServiceError> {
        let (service, id) = (self.clone(), FileId(job.subject));
        if blocking(move || service.erase_original(id)).await? {
            self.inner.media.forget(&id.0.to_string()).await?;
        }
        self.finish(job, |_| Ok(())).await
    }
}

/// Ends a job that is done now and then, and has it done again in an hour.
fn come_back(tx: &Write<'_>, job: &LeasedJob, now: Timestamp) -> Result<(), StoreError> {
    tx.finish_job(job)?;
    tx.add_job(job.kind, job.subject, Urgency::Background.rank(), now + SignedDuration::from_hours(1), now)
}
