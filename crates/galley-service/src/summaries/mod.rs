//! Summaries of proofs as files: asked for, made by a job as whoever asked may see the proof, and had for a
//! while over a link that cannot be guessed.

mod gather;
mod make;

use crate::callbacks::check_interval;
use crate::proofs::seen;
use crate::{Missing, Service, ServiceError, UserCaller};
use galley_model::{
    EventKind, MAX_WAITING_SUMMARIES, ProofFlags, ProofId, SUMMARY_LIFE, Summary, SummaryId, SummaryKind,
    SummaryNews, SummaryState, Urgency,
};
use galley_store::{JobKind, NewSummary};
use std::path::PathBuf;

/// Summaries of a proof that are listed.
const SHOWN: i64 = 20;

/// Minutes between tries when nobody says.
const DEFAULT_INTERVAL: i64 = 5;

/// What to make a summary of, and who is told.
#[derive(Clone, Debug)]
pub struct SummaryInput {
    /// The kind of file.
    pub kind: SummaryKind,
    /// With all versions that the caller sees.
    pub all_versions: bool,
    /// Who is told: an address with minutes between tries (none: 5), or the caller.
    pub tell: SummaryTell,
}

/// Who is told of a summary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SummaryTell {
    /// A program.
    Callback {
        /// Where to.
        url: String,
        /// Minutes until a failed delivery is tried again; none takes 5.
        interval: Option<i64>,
    },
    /// The caller, by mail.
    Mail,
    /// The caller, who waits for it and gets a mail if that takes long.
    Screen,
}

/// A summary to download.
#[derive(Clone, Debug)]
pub struct SummaryFile {
    /// Name to save it under.
    pub name: String,
    /// What it is.
    pub kind: SummaryKind,
    /// Where it lies.
    pub path: PathBuf,
}

impl Service {
    /// Asks for a summary of a proof that the caller sees. It is made as they see the proof then. The same
    /// asked again while it waits is made once.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`]; [`ServiceError::Denied`] where such summaries are switched off for the
    /// proof; [`ServiceError::Invalid`] for addresses that cannot be called; [`ServiceError::Busy`] when the
    /// caller waits for too many.
    pub fn request_summary(
        &self,
        caller: &UserCaller,
        proof: ProofId,
        input: &SummaryInput,
    ) -> Result<Summary, ServiceError> {
        let now = self.now();
        let summary = self.store().write(|tx| {
            let seen = seen(tx, caller, proof)?;
            let (flag, text) = match input.kind {
                SummaryKind::Pdf => (ProofFlags::NO_PDF_SUMMARY, "this proof has no PDF summary"),
                SummaryKind::Excel => (ProofFlags::NO_EXCEL_SUMMARY, "this proof has no Excel summary"),
            };
            if seen.proof.settings.flags.has(flag) {
                return Err(ServiceError::Denied(text));
            }
            let news = match &input.tell {
                SummaryTell::Callback { url, interval } => {
                    let interval = interval.unwrap_or(DEFAULT_INTERVAL);
                    self.callable(url)?;
                    check_interval(interval)?;
                    SummaryNews::Callback { url: url.clone(), interval }
                }
                SummaryTell::Mail => SummaryNews::Mail,
                SummaryTell::Screen => SummaryNews::MailIfSlow,
            };
            let same = |one: &Summary| {
                one.state == SummaryState::Waiting
                    && (one.kind, one.all_versions, &one.news) == (input.kind, input.all_versions, &news)
            };
            if let Some(known) = tx.summaries_of(proof, caller.id(), now, SHOWN)?.into_iter().find(same) {
                return Ok(known);
            }
            if tx.waiting_summaries(caller.id())? >= MAX_WAITING_SUMMARIES {
                return Err(ServiceError::Busy);
            }
            let new = NewSummary {
                account: seen.proof.account,
                proof,
                user: caller.id(),
                kind: input.kind,
                all_versions: input.all_versions,
                news: &news,
                ends_at: now + SUMMARY_LIFE,
            };
            let id = tx.add_summary(&new, now)?;
            tx.add_job(JobKind::Summary, id.0, Urgency::Asked.rank(), now, now)?;
            let kind = EventKind::SummaryRequested {
                summary: id,
                format: input.kind,
                all_versions: input.all_versions,
            };
            tx.append(seen.proof.account, Some(proof), now, &caller.actor(), &kind)?;
            tx.summary(id)?.ok_or(ServiceError::NotFound(Missing::Summary))
        })?;
        self.inner.work.notify_one();
        Ok(summary)
    }

    /// A summary that the caller asked for.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], also once its time is over or the caller does not see the proof any more.
    pub fn summary(&self, caller: &UserCaller, id: SummaryId) -> Result<Summary, ServiceError> {
        let now = self.now();
        self.store().read(|tx| {
            let found = tx.summary(id)?.filter(|one| one.user == caller.id() && one.ends_at > now);
            let found = found.ok_or(ServiceError::NotFound(Missing::Summary))?;
            seen(tx, caller, found.proof)?;
            Ok(found)
        })
    }

    /// Summaries of a proof that the caller asked for and that are not over, newest first.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`].
    pub fn summaries(&self, caller: &UserCaller, proof: ProofId) -> Result<Vec<Summary>, ServiceError> {
        let now = self.now();
        self.store().read(|tx| {
            seen(tx, caller, proof)?;
            Ok(tx.summaries_of(proof, caller.id(), now, SHOWN)?)
        })
    }

    /// The file that a code leads to.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is none, when its time is over and when its proof was deleted.
    pub fn summary_file(&self, code: &str) -> Result<SummaryFile, ServiceError> {
        let missing = ServiceError::NotFound(Missing::Summary);
        let Some(found) = self.store().read(|tx| tx.summary_by_code(code, self.now()))? else {
            return Err(missing);
        };
        let path = self.inner.blobs.summary_path(found.id);
        match found.state {
            SummaryState::Ready { file_name, .. } => {
                Ok(SummaryFile { name: file_name, kind: found.kind, path })
            }
            _ => Err(missing),
        }
    }

    /// Address of a summary that is ready. Whoever has it has the file, until it ends.
    pub fn summary_url(&self, summary: &Summary) -> Option<String> {
        match &summary.state {
            SummaryState::Ready { code, .. } => {
                Some(format!("{}/file/printup/code/{code}", self.config().public_url))
            }
            _ => None,
        }
    }

    /// Removes summaries whose time is over.
    pub(crate) fn remove_ended_summaries(&self) -> Result<(), ServiceError> {
        let now = self.now();
        for id in self.store().read(|tx| tx.ended_summaries(now, 1000))? {
            self.inner.blobs.remove_summary(id)?;
            self.store().write(|tx| tx.delete_summary(id))?;
        }
        Ok(())
    }
}

/// The number under which a summary has the frame of a recording. Page 1 is the one that stands for all of it.
fn frame_page(frame: u64) -> u32 {
    u32::try_from(frame).ok().and_then(|frame| frame.checked_add(2)).unwrap_or(1)
}

/// The frame that a number stands for.
fn frame_of_page(page: u32) -> Option<u64> {
    page.checked_sub(2).map(u64::from)
}
