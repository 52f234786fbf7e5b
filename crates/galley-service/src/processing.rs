//! From uploaded bytes to pages: opening files.

use crate::sources::{announce, settle_combined, start_combined};
use crate::worker::blocking;
use crate::{Missing, Service, ServiceError};
use galley_media::{
    FileKind, Format, MediaError, MediaErrorKind, OpenEvent, PageInfo, Refusal, SNIFFED, Source, sniff,
};
use galley_model::{EventKind, FileId, Page, Processing, Step, Timestamp, Urgency, Work};
use galley_store::{JobKind, Lane, LeasedJob, StoreError, Write};
use std::io::Read as _;
use std::time::Duration;
use tokio::sync::{Notify, mpsc};

/// The first things that happen with a file are written down at once: somebody may wait for its first page. From
/// then on what happens is gathered for so long.
const AT_ONCE: u32 = 4;
const NOTE_EVERY: Duration = Duration::from_millis(250);

impl Service {
    pub(crate) async fn open_file(&self, job: &LeasedJob) -> Result<(), ServiceError> {
        let id = FileId(job.subject);
        let service = self.clone();
        if blocking(move || Ok(service.store().read(|tx| tx.file(id))?)).await?.is_none() {
            return self.finish(job, |_| Ok(())).await;
        }
        let source = match self.source(id).await? {
            Ok(source) => source,
            Err(refusal) => return self.fail(job, refusal.reason().to_owned()).await,
        };
        let converted = source.is_converted();
        if converted && job.lane != Lane::Convert {
            let (service, job) = (self.clone(), job.clone());
            blocking(move || Ok(service.store().write(|tx| tx.move_job(&job, Lane::Convert))?)).await?;
            self.inner.work.notify_one();
            return Ok(());
        }
        self.begin_step(job, id, if converted { Step::Converting } else { Step::Opening }).await?;
        if job.attempts == 1 {
            self.inner.media.forget_failures(&source.key);
        }
        let (sender, mut receiver) = mpsc::unbounded_channel();
        let done = Notify::new();
        let opening = async {
            self.look_into(id, &source).await?;
            if self.look_for_site(id, &source).await? {
                self.picture_site(id, &source).await;
            }
            let opened = self.inner.media.open(&source, move |event| {
                let _ = sender.send(event);
            });
            let opened = opened.await;
            done.notify_one();
            opened
        };
        let noting = async {
            let (mut events, mut notes) = (Vec::new(), 0);
            while receiver.recv_many(&mut events, 1000).await > 0 {
                self.note(job, id, std::mem::take(&mut events)).await?;
                notes += 1;
                if notes > AT_ONCE {
                    tokio::select! {
                        () = tokio::time::sleep(NOTE_EVERY) => {}
                        () = done.notified() => done.notify_one(),
                    }
                }
            }
            Ok::<(), ServiceError>(())
        };
        let (opened, noted) = tokio::join!(opening, noting);
        noted?;
        let now = self.now();
        match opened {
            Ok(()) if matches!(source.kind, FileKind::Recording(_)) => {
                self.finish(job, move |tx| {
                    tx.add_job(JobKind::MakePlayable, id.0, Urgency::Asked.rank(), now, now)
                })
                .await
            }
            Ok(()) => {
                self.finish(job, move |tx| {
                    let pages = tx.file(id)?.map_or(0, |f| f.pages);
                    tx.set_processing(id, Processing::Ready, None)?;
                    announce(tx, id, &EventKind::ProofProcessed { pages }, now)?;
                    settle_combined(tx, id, now)
                })
                .await?;
                // Not a part of the job, which has ended: its lease is not kept any more.
                let service = self.clone();
                tokio::spawn(async move { service.examine(id, &source).await });
                Ok(())
            }
            Err(error) => self.met(job, error.into()).await,
        }
    }

    /// Writes down and tells what is being done with a file now.
    pub(crate) async fn begin_step(
        &self,
        job: &LeasedJob,
        id: FileId,
        step: Step,
    ) -> Result<(), ServiceError> {
        let (service, job, now) = (self.clone(), job.clone(), self.now());
        blocking(move || {
            service.store().write(|tx| {
                if !tx.holds_job(&job)? {
                    return Ok(());
                }
                tx.set_processing(id, Processing::Processing, None)?;
                if tx.set_work(id, &Work { step, done: 0, total: 0 })? {
                    let pages = tx.file(id)?.map_or(0, |file| file.pages);
                    announce(tx, id, &EventKind::ProofProcessing { pages }, now)?;
                }
                Ok(start_combined(tx, id, now)?)
            })
        })
        .await
    }

    /// Writes down what a child found out. What comes after the lease was lost is not written.
    async fn note(&self, job: &LeasedJob, id: FileId, events: Vec<OpenEvent>) -> Result<(), ServiceError> {
        let (service, job, now) = (self.clone(), job.clone(), self.now());
        blocking(move || {
            service.store().write(|tx| {
                if !tx.holds_job(&job)? {
                    return Ok(());
                }
                for event in events {
                    note(tx, id, event, now)?;
                }
                let (done, total) = (tx.pages_done(id)?, tx.file(id)?.map_or(0, |file| file.pages));
                tx.set_work(id, &Work { step: Step::Rendering, done, total })?;
                Ok(())
            })
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

fn note(tx: &Write<'_>, id: FileId, event: OpenEvent, now: Timestamp) -> Result<(), StoreError> {
    match event {
        OpenEvent::Info { pages } => {
            let pages: Vec<Page> =
                pages.iter().zip(1..).map(|(info, number)| page(info, id, number)).collect();
            tx.set_pages(id, &pages)?;
            let total = u32::try_from(pages.len()).unwrap_or(u32::MAX);
            tx.set_work(id, &Work { step: Step::Rendering, done: 0, total })?;
            announce(tx, id, &EventKind::ProofProcessing { pages: total }, now)
        }
        OpenEvent::Page { number } => match tx.set_page_ready(id, number)? {
            true => announce(tx, id, &EventKind::PageReady { page: number }, now),
            false => Ok(()),
        },
        OpenEvent::PageFailed { number, error } => {
            let reason = error.reason();
            tx.set_page_error(id, number, &reason)?;
            announce(tx, id, &EventKind::PageFailed { page: number, reason }, now)
        }
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
