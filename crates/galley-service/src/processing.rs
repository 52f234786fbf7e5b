//! From uploaded bytes to pages: the worker that opens files.

use crate::sources::{announce, settle_combined};
use crate::{Missing, Service, ServiceError, secrets};
use galley_media::{
    FileKind, Format, MediaError, MediaErrorKind, OpenEvent, PageInfo, Refusal, SNIFFED, Source, sniff,
};
use galley_model::{EventKind, File, FileId, Page, Processing};
use galley_store::{JobKind, LeasedJob, StoreError, Write};
use jiff::SignedDuration;
use std::io::Read as _;
use std::time::Duration;
use tokio::sync::{mpsc, watch};

/// A lease lasts so long unless it is renewed; a worker that died is replaced after that.
const LEASE_SECONDS: i64 = 60;
const RENEW_EVERY: Duration = Duration::from_secs(20);

/// A file that broke its child is tried so often, then it has failed.
pub(crate) const MAX_ATTEMPTS: i64 = 3;

/// Uploads that no proof was made of are kept so long.
const UNUSED_UPLOAD_DAYS: i64 = 7;

/// Does the jobs of a server.
pub struct Worker {
    service: Service,
    at_once: usize,
}

/// Runs blocking work on a thread made for it.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ServiceError> + Send + 'static,
) -> Result<T, ServiceError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => Err(ServiceError::internal(&error)),
    }
}

impl Worker {
    /// A worker that does up to `at_once` jobs at the same time.
    pub fn new(service: Service, at_once: usize) -> Worker {
        Worker { service, at_once: at_once.max(1) }
    }

    /// Works until the sender says true or is dropped, then lets running jobs go: their leases end and
    /// whoever comes next takes them up.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let service = self.service.clone();
        let released = blocking(move || {
            let now = service.now();
            galley_capture::remove_leftovers();
            service.store().write(|tx| -> Result<usize, ServiceError> {
                tx.add_job(JobKind::Housekeeping, 0, 9, now, now)?;
                tx.add_job(JobKind::ArchiveIdle, 0, 9, now, now)?;
                Ok(tx.release_jobs()?)
            })
        });
        match released.await {
            Ok(0) => {}
            Ok(count) => tracing::info!(count, "taking up jobs of an earlier run"),
            Err(error) => tracing::error!(%error, "cannot read the job queue"),
        }
        let mut running = tokio::task::JoinSet::new();
        loop {
            while running.len() < self.at_once {
                match self.lease().await {
                    Ok(Some(job)) => {
                        let service = self.service.clone();
                        running.spawn(async move { service.do_job(job).await });
                    }
                    Ok(None) => break,
                    Err(error) => {
                        tracing::error!(%error, "cannot take a job");
                        break;
                    }
                }
            }
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                () = self.service.inner.work.notified() => {}
                Some(_) = running.join_next() => {}
                () = tokio::time::sleep(Duration::from_secs(5)) => {}
            }
        }
    }

    async fn lease(&self) -> Result<Option<LeasedJob>, ServiceError> {
        let service = self.service.clone();
        blocking(move || {
            let now = service.now();
            let lease = secrets::hex(service.inner.random.as_ref(), 8);
            let until = now + SignedDuration::from_secs(LEASE_SECONDS);
            Ok(service.store().write(|tx| tx.lease_job(&lease, now, until))?)
        })
        .await
    }
}

impl Service {
    async fn do_job(&self, job: LeasedJob) {
        let work = async {
            match job.kind {
                JobKind::OpenFile => self.open_file(&job).await,
                JobKind::Capture => self.capture(&job).await,
                JobKind::Housekeeping => self.tidy_up(&job).await,
                JobKind::Stages => {
                    let (service, job) = (self.clone(), job.clone());
                    blocking(move || service.start_stages_of(&job)).await
                }
                JobKind::ArchiveIdle => self.archive_idle(&job).await,
                JobKind::EraseFile => self.erase_file(&job).await,
                JobKind::Summary => self.make_summary(&job).await,
                JobKind::MakePlayable => self.make_playable(&job).await,
            }
        };
        let renewing = async {
            loop {
                tokio::time::sleep(RENEW_EVERY).await;
                let (service, job) = (self.clone(), job.clone());
                let renewed = blocking(move || {
                    let until = service.now() + SignedDuration::from_secs(LEASE_SECONDS);
                    Ok(service.store().write(|tx| tx.renew_job(&job, until))?)
                });
                if let Ok(false) = renewed.await {
                    return;
                }
            }
        };
        tokio::select! {
            result = work => if let Err(error) = result {
                tracing::error!(?job, %error, "job failed; it is tried again when its lease ends");
            },
            () = renewing => tracing::warn!(?job, "lost the lease of a job"),
        }
    }

    /// Removes ended sessions and uploads that nobody used, and comes back in an hour.
    async fn tidy_up(&self, job: &LeasedJob) -> Result<(), ServiceError> {
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
            service.store().write(|tx| {
                tx.delete_expired_sessions(now)?;
                tx.delete_expired_passes(now)?;
                tx.finish_job(&job)?;
                tx.add_job(JobKind::Housekeeping, 0, 9, now + SignedDuration::from_hours(1), now)?;
                Ok(())
            })
        })
        .await
    }

    /// Archives what nobody touched for long, and comes back in an hour.
    async fn archive_idle(&self, job: &LeasedJob) -> Result<(), ServiceError> {
        let (service, job) = (self.clone(), job.clone());
        blocking(move || {
            let count = service.archive_idle_proofs()?;
            if count > 0 {
                tracing::info!(count, "archived versions that nobody touched for 60 days");
            }
            let now = service.now();
            service.store().write(|tx| {
                tx.finish_job(&job)?;
                tx.add_job(JobKind::ArchiveIdle, 0, 9, now + SignedDuration::from_hours(1), now)?;
                Ok(())
            })
        })
        .await
    }

    /// Removes an original whose proofs were deleted for good, with everything rendered of it.
    async fn erase_file(&self, job: &LeasedJob) -> Result<(), ServiceError> {
        let (service, id) = (self.clone(), FileId(job.subject));
        if blocking(move || service.erase_original(id)).await? {
            self.inner.media.forget(&id.0.to_string()).await?;
        }
        self.finish(job, |_| Ok(())).await
    }

    async fn open_file(&self, job: &LeasedJob) -> Result<(), ServiceError> {
        let id = FileId(job.subject);
        let service = self.clone();
        let Some(file) = blocking(move || Ok(service.store().read(|tx| tx.file(id))?)).await? else {
            return self.finish(job, |_| Ok(())).await;
        };
        let source = match self.source(id).await? {
            Ok(source) => source,
            Err(refusal) => return self.fail(job, &file, refusal.reason().to_owned()).await,
        };
        let (sender, mut receiver) = mpsc::unbounded_channel();
        let opening = async {
            self.look_into(id, &source).await?;
            let told = self.inner.media.open(&source, move |event| {
                let _ = sender.send(event);
            });
            told.await
        };
        let noting = async {
            while let Some(event) = receiver.recv().await {
                self.note(id, event).await?;
            }
            Ok::<(), ServiceError>(())
        };
        let (opened, noted) = tokio::join!(opening, noting);
        noted?;
        let now = self.now();
        match opened {
            Ok(()) if matches!(source.kind, FileKind::Recording(_)) => {
                self.finish(job, move |tx| tx.add_job(JobKind::MakePlayable, id.0, 2, now, now)).await
            }
            Ok(()) => {
                self.finish(job, move |tx| {
                    let pages = tx.file(id)?.map_or(0, |f| f.pages);
                    tx.set_processing(id, Processing::Ready, None)?;
                    announce(tx, id, &EventKind::ProofProcessed { pages }, now)?;
                    settle_combined(tx, id, now)
                })
                .await?;
                self.examine(id, &source).await;
                Ok(())
            }
            Err(error) if error.is_retryable() && job.attempts < MAX_ATTEMPTS => {
                tracing::warn!(file = id.0, attempt = job.attempts, %error, "opening a file failed; trying again");
                let (service, job, text) = (self.clone(), job.clone(), error.reason());
                blocking(move || service.put_back(&job, &text)).await
            }
            Err(error) => {
                tracing::info!(file = id.0, detail = error.detail(), "file cannot become a proof");
                self.fail(job, &file, error.reason()).await
            }
        }
    }

    /// Puts a failed job back for a little later.
    pub(crate) fn put_back(&self, job: &LeasedJob, reason: &str) -> Result<(), ServiceError> {
        let retry = self.now() + SignedDuration::from_secs(2 * job.attempts);
        Ok(self.store().write(|tx| tx.fail_job(job, reason, Some(retry)))?)
    }

    /// Writes down what a child found out.
    async fn note(&self, id: FileId, event: OpenEvent) -> Result<(), ServiceError> {
        let (service, now) = (self.clone(), self.now());
        blocking(move || {
            service.store().write(|tx| {
                match event {
                    OpenEvent::Info { pages } => {
                        let pages: Vec<Page> =
                            pages.iter().zip(1..).map(|(info, number)| page(info, id, number)).collect();
                        tx.set_pages(id, &pages)?;
                        tx.set_processing(id, Processing::Processing, None)?;
                        let count = u32::try_from(pages.len()).unwrap_or(u32::MAX);
                        announce(tx, id, &EventKind::ProofProcessing { pages: count }, now)?;
                    }
                    OpenEvent::Page { number } => {
                        if tx.set_page_ready(id, number)? {
                            announce(tx, id, &EventKind::PageReady { page: number }, now)?;
                        }
                    }
                    OpenEvent::PageFailed { number, error } => {
                        let reason = error.reason();
                        tx.set_page_error(id, number, &reason)?;
                        announce(tx, id, &EventKind::PageFailed { page: number, reason }, now)?;
                    }
                }
                Ok(())
            })
        })
        .await
    }

    /// Ends a job together with what it led to. A worker that lost its lease changes nothing.
    pub(crate) async fn finish(
        &self,
        job: &LeasedJob,
        result: impl FnOnce(&Write<'_>) -> Result<(), StoreError> + Send + 'static,
    ) -> Result<(), ServiceError> {
        let (service, job) = (self.clone(), job.clone());
        blocking(move || {
            service.store().write(|tx| {
                if tx.finish_job(&job)? {
                    result(tx)?;
                }
                Ok(())
            })
        })
        .await
    }

    pub(crate) async fn fail(
        &self,
        job: &LeasedJob,
        file: &File,
        reason: String,
    ) -> Result<(), ServiceError> {
        let (id, now) = (file.id, self.now());
        self.finish(job, move |tx| {
            tx.set_processing(id, Processing::Failed, Some(&reason))?;
            announce(tx, id, &EventKind::ProofFailed { reason }, now)?;
            settle_combined(tx, id, now)
        })
        .await
    }

    /// The original as the renderer wants it, or why it is of no kind we read.
    pub(crate) async fn source(&self, id: FileId) -> Result<Result<Source, Refusal>, ServiceError> {
        let (service, path) = (self.clone(), self.inner.blobs.path(id));
        blocking(move || {
            let mut head = Vec::with_capacity(SNIFFED);
            std::fs::File::open(&path)
                .and_then(|file| file.take(SNIFFED as u64).read_to_end(&mut head))
                .map_err(StoreError::from)?;
            let kind = match sniff(&head, "") {
                // Bytes do not tell; the name may.
                Err(_) => {
                    let file = service.store().read(|tx| tx.file(id))?;
                    sniff(&head, &file.map(|file| file.name).unwrap_or_default())
                }
                known => known,
            };
            Ok(kind.map(|kind| Source { key: id.0.to_string(), path, kind, moment: None }))
        })
        .await
    }

    pub(crate) async fn readable(&self, id: FileId) -> Result<Source, ServiceError> {
        self.source(id).await?.map_err(|_| ServiceError::NotFound(Missing::Page))
    }

    /// The formats that this server makes proofs of, and those it could with the tool that they need.
    pub fn formats(&self) -> impl Iterator<Item = (&'static Format, bool)> {
        galley_media::FORMATS.iter().map(|format| (format, format.is_available(self.inner.media.tools())))
    }
}

fn page(info: &PageInfo, file: FileId, number: u32) -> Page {
    Page {
        number,
        file,
        file_page: number,
        width: info.width,
        height: info.height,
        vector: info.vector,
        physical_mm: info.physical_mm,
        label: info.label.clone(),
        animation_ms: info.animation.map(|animation| animation.milliseconds),
        ready: false,
        error: None,
    }
}

/// What the renderer knows of a page.
pub(crate) fn page_info(page: &Page) -> PageInfo {
    PageInfo {
        width: page.width,
        height: page.height,
        vector: page.vector,
        physical_mm: page.physical_mm,
        label: page.label.clone(),
        animation: None,
    }
}

/// Zoom levels of a page: width and height at the highest level, that level, and the side of a tile.
pub fn page_pyramid(page: &Page) -> (u32, u32, u8, u32) {
    let pyramid = page_info(page).pyramid();
    (pyramid.width, pyramid.height, pyramid.max_level, galley_media::TILE)
}

impl From<MediaError> for ServiceError {
    fn from(error: MediaError) -> Self {
        match error.kind() {
            MediaErrorKind::OutOfRange => ServiceError::NotFound(Missing::Page),
            MediaErrorKind::Busy => ServiceError::Busy,
            MediaErrorKind::StorageFull => ServiceError::StorageFull,
            MediaErrorKind::Io => ServiceError::internal(&error),
            _ => ServiceError::Media(error.reason()),
        }
    }
}
