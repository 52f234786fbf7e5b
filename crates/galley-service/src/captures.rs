//! Web pages become files: a job captures the page, and what it made is then opened like an upload.

use crate::worker::blocking;
use crate::{Service, ServiceError, secrets};
use galley_model::{FileId, Step, Urgency};
use galley_store::{JobKind, LeasedJob};
use md5::{Digest, Md5};

impl Service {
    /// Captures a web page into the file that was made for it. Done again after a crash, it replaces what the
    /// first try left.
    pub(crate) async fn capture(&self, job: &LeasedJob) -> Result<(), ServiceError> {
        let (service, id) = (self.clone(), FileId(job.subject));
        if self.frame_site(job).await? {
            return Ok(());
        }
        let found = blocking(move || {
            service.store().read(|tx| Ok::<_, ServiceError>((tx.file(id)?, tx.capture(id)?)))
        });
        let (Some(_), Some(page)) = found.await? else {
            return self.finish(job, |_| Ok(())).await;
        };
        self.begin_step(job, id, Step::Capturing).await?;
        match self.inner.capturer.capture(&page.url, page.resolution).await {
            Ok(pdf) => {
                let (service, job) = (self.clone(), job.clone());
                blocking(move || service.keep_capture(&job, id, &pdf)).await?;
                self.inner.work.notify_one();
                Ok(())
            }
            Err(error) => self.met(job, error.into()).await,
        }
    }

    /// Makes a capture durable, and has it opened.
    pub(crate) fn keep_capture(&self, job: &LeasedJob, id: FileId, pdf: &[u8]) -> Result<(), ServiceError> {
        self.check_space()?;
        let mut blob = self.inner.blobs.begin(&secrets::hex(self.inner.random.as_ref(), 16))?;
        blob.write(pdf)?;
        blob.sync()?;
        let md5: String = Md5::digest(pdf).iter().map(|byte| format!("{byte:02x}")).collect();
        let now = self.now();
        self.store().write(|tx| {
            // Whoever lost the lease leaves the file to the one who has it.
            if tx.finish_job(job)? {
                self.inner.blobs.keep(blob, id)?;
                tx.set_captured(id, pdf.len() as u64, &md5)?;
                tx.add_job(JobKind::OpenFile, id.0, Urgency::Asked.rank(), now, now)?;
            }
            Ok(())
        })
    }
}
