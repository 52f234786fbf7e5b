//! The job that makes a summary: gathers, draws, stores, and tells the log.

use super::gather::Gathered;
use crate::proofs::CODE_LENGTH;
use crate::worker::blocking;
use crate::{Missing, Service, ServiceError, UserCaller, secrets};
use galley_model::{
    Actor, EventKind, MAX_ATTEMPTS, Page, ProofId, SUMMARY_LIFE, Summary, SummaryId, SummaryKind,
    SummaryState, UserStatus, clean_file_name,
};
use galley_store::{LeasedJob, NewBlob, StoreError};
use galley_summary::{Picture, Pictures, SUMMARY_LIMITS, SYSTEM_FONTS, SummaryError, write_excel, write_pdf};
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::runtime::Handle;

/// Longest side of the picture of a page, in pixels.
const SIDE: u32 = 1400;
/// The same where there are many pages.
const SMALL_SIDE: u32 = 800;
/// More pages than this are many.
const MANY_PAGES: usize = 150;

/// What people read when the reason is none of their business.
const NOT_MADE: &str = "The server could not make this summary.";

impl Service {
    /// Does the job.
    pub(crate) async fn make_summary(&self, job: &LeasedJob) -> Result<(), ServiceError> {
        let id = SummaryId(job.subject);
        let service = self.clone();
        let Some(summary) = blocking(move || Ok(service.store().read(|tx| tx.summary(id))?)).await? else {
            return self.finish(job, |_| Ok(())).await;
        };
        // Whoever drops this future, because the server stops or the lease is lost, stops the thread too.
        let stop = Arc::new(AtomicBool::new(false));
        let _guard = StopOnDrop(stop.clone());
        let (service, asked, runtime) = (self.clone(), summary.clone(), Handle::current());
        let made = blocking(move || service.write_summary(&asked, runtime, stop)).await;
        let state = match made {
            Ok((blob, file_name, size)) => {
                let (service, summary) = (self.clone(), summary.clone());
                blocking(move || Ok(service.inner.blobs.keep_summary(blob, summary.id)?)).await?;
                let code = secrets::code(self.inner.random.as_ref(), CODE_LENGTH);
                SummaryState::Ready { code, file_name, size }
            }
            Err(ServiceError::NotFound(Missing::Proof) | ServiceError::NoSession) => {
                SummaryState::Failed { problem: "The proof cannot be seen any more.".to_owned() }
            }
            Err(error) if job.attempts < MAX_ATTEMPTS => return Err(error),
            Err(error) => {
                tracing::error!(?job, %error, "a summary is given up");
                SummaryState::Failed { problem: NOT_MADE.to_owned() }
            }
        };
        self.note_summary(job, summary, state).await
    }

    /// Ends a job whose worker died each time.
    pub(crate) async fn give_up_summary(&self, job: &LeasedJob) -> Result<(), ServiceError> {
        let (service, id) = (self.clone(), SummaryId(job.subject));
        match blocking(move || Ok(service.store().read(|tx| tx.summary(id))?)).await? {
            Some(summary) => {
                let state = SummaryState::Failed { problem: NOT_MADE.to_owned() };
                self.note_summary(job, summary, state).await
            }
            None => self.finish(job, |_| Ok(())).await,
        }
    }

    /// Ends the job with what came of it, and the event that readers of the log tell of.
    async fn note_summary(
        &self,
        job: &LeasedJob,
        summary: Summary,
        state: SummaryState,
    ) -> Result<(), ServiceError> {
        let now = self.now();
        self.finish(job, move |tx| {
            // A version was deleted for good meanwhile: what was made may show it.
            let over = tx.summary(summary.id)?.is_none_or(|found| found.ends_at <= now);
            let state = if over {
                SummaryState::Failed { problem: "The proof was deleted.".to_owned() }
            } else {
                state
            };
            let made = matches!(state, SummaryState::Ready { .. });
            let ends_at = now + SUMMARY_LIFE;
            if tx.finish_summary(summary.id, &state, ends_at, now)? {
                let kind = EventKind::SummaryFinished { summary: summary.id, format: summary.kind, made };
                tx.append(summary.account, Some(summary.proof), now, &Actor::system(), &kind)?;
            }
            Ok(())
        })
        .await
    }

    /// Writes the file; it gets its name later. Blocks, and lets the runtime draw the pages.
    fn write_summary(
        &self,
        summary: &Summary,
        runtime: Handle,
        stop: Arc<AtomicBool>,
    ) -> Result<(NewBlob, String, u64), ServiceError> {
        let caller = self.store().read(|tx| -> Result<_, ServiceError> {
            let user = tx.user(summary.user)?.filter(|user| user.status == UserStatus::Activated);
            let account = tx.account(summary.account)?;
            let (user, account) = user.zip(account).ok_or(ServiceError::NoSession)?;
            Ok(UserCaller::new(user, account.name))
        })?;
        let Gathered { content, proofs } = self.gather(&caller, summary)?;
        self.check_space()?;
        let unique = format!("summary-{}", secrets::hex(self.inner.random.as_ref(), 8));
        let mut out = Counted { blob: self.inner.blobs.begin(&unique)?, size: 0, failed: None };
        let written = match summary.kind {
            SummaryKind::Excel => write_excel(&content).and_then(|bytes| Ok(out.write_all(&bytes)?)),
            SummaryKind::Pdf => {
                let mut pages = Pages {
                    service: self,
                    summary: summary.id,
                    proofs,
                    runtime,
                    stop,
                    side: SIDE,
                    done: (0, 0),
                };
                let fonts = SYSTEM_FONTS.map(PathBuf::from);
                write_pdf(io::BufWriter::new(&mut out), &content, &mut pages, &fonts)
            }
        };
        if let Some(error) = out.failed {
            return Err(error.into());
        }
        written.map_err(|error| ServiceError::internal(&error))?;
        out.blob.sync()?;
        Ok((out.blob, file_name(&content, summary), out.size))
    }
}

fn file_name(content: &galley_summary::Summary, summary: &Summary) -> String {
    let first = content.versions.first();
    let name: String = first.map_or("", |version| version.name.as_str()).chars().take(120).collect();
    let version = match first {
        Some(version) if !summary.all_versions => format!(" V{}", version.number),
        _ => String::new(),
    };
    clean_file_name(&format!("{name}{version} summary.{}", summary.kind.extension()))
}

/// Sets the flag when it goes.
struct StopOnDrop(Arc<AtomicBool>);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// A file that knows its size. What the store says of a full disk is kept for the caller.
struct Counted {
    blob: NewBlob,
    size: u64,
    failed: Option<StoreError>,
}

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Err(error) = self.blob.write(bytes) {
            self.failed = Some(error);
            return Err(io::Error::other("the file cannot be written"));
        }
        self.size += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Draws pages for a summary.
struct Pages<'s> {
    service: &'s Service,
    summary: SummaryId,
    proofs: Vec<ProofId>,
    runtime: Handle,
    stop: Arc<AtomicBool>,
    side: u32,
    done: (u32, u32),
}

impl Pages<'_> {
    fn note(&self) {
        let (done, expected) = self.done;
        let noted = self.service.store().write(|tx| tx.set_summary_progress(self.summary, done, expected));
        if let Err(error) = noted {
            tracing::warn!(%error, "the progress of a summary is not noted");
        }
    }

    /// A page; of a video also when the frame begins that the number stands for.
    fn page(&self, version: usize, number: u32) -> Result<Option<(Page, Option<u64>)>, StoreError> {
        let Some(proof) = self.proofs.get(version) else { return Ok(None) };
        self.service.store().read(|tx| {
            let Some(proof) = tx.proof(*proof)? else { return Ok(None) };
            let recording = tx.recording(proof.file)?;
            let number_there = if recording.is_some() { 1 } else { number };
            let frame = super::frame_of_page(number);
            let moment = recording.filter(|r| r.picture).zip(frame).map(|(r, frame)| r.rate.begins(frame));
            let page = tx.page(proof.file, number_there)?.filter(|page| page.ready);
            Ok(page.map(|page| (page, moment)))
        })
    }

    fn draw(&self, page: &Page, moment: Option<u64>) -> Result<crate::Picture, ServiceError> {
        self.runtime.block_on(async {
            match moment {
                Some(moment) => self.service.frame_picture(page.file, moment, self.side).await,
                None => self.service.page_picture(page, self.side).await,
            }
        })
    }
}

impl Pictures for Pages<'_> {
    fn expect(&mut self, pictures: usize) {
        if pictures > MANY_PAGES {
            self.side = SMALL_SIDE;
        }
        self.done = (0, u32::try_from(pictures.min(SUMMARY_LIMITS.pictures)).unwrap_or(0));
        self.note();
    }

    fn picture(&mut self, version: usize, number: u32) -> Result<Option<Picture>, SummaryError> {
        if self.stop.load(Ordering::SeqCst) {
            return Err(SummaryError::CalledOff);
        }
        let page = self.page(version, number).map_err(io::Error::other)?;
        let drawn = page.map(|(page, moment)| (page.width, self.draw(&page, moment)));
        self.done.0 += 1;
        self.note();
        Ok(match drawn {
            Some((page_width, Ok(picture))) => Some(Picture { bytes: picture.bytes.to_vec(), page_width }),
            Some((_, Err(error))) => {
                tracing::warn!(summary = self.summary.0, version, number, %error, "a page is missing in a summary");
                None
            }
            None => None,
        })
    }
}
