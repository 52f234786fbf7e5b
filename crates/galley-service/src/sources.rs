//! What proofs are made of: one uploaded file, or several files and web pages that are combined
//! (`product.md` 3.1).
//!
//! A combined file is a file of its own whose pages are those of its parts, one after the other. Each part
//! is rendered by itself, so a file that was rendered before is not rendered again.

use crate::error::bad_name;
use crate::interactive::site_of;
use crate::{Missing, Service, ServiceError, secrets};
use galley_model::{
    Actor, EventKind, File, FileId, FilePart, Processing, Proof, ProofKind, Resolution, Step, Timestamp,
    Urgency, WebPage, Work, clean_file_name, web_address,
};
use galley_store::{JobKind, NewFile, Read, StoreError, Write};

/// A proof is made of so many files or web pages at most (`product.md` 11, "Combined").
pub const MAX_PARTS: usize = 50;

/// A combined proof has so many pages at most (`product.md` 11, "Pages").
const MAX_PAGES: u32 = 2000;

/// What a proof is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Source {
    /// One uploaded file, named in the input itself.
    #[default]
    Upload,
    /// Uploaded files and web pages, their pages one after the other.
    Parts(Vec<SourcePart>),
    /// A site that is framed and tried.
    Framed(String),
}

/// One of several things that a proof is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SourcePart {
    /// An uploaded file.
    File(SourceFile),
    /// A web page to capture.
    Page(WebPage),
}

impl SourcePart {
    /// A web page as it is seen when nobody says how.
    pub fn page(url: &str) -> SourcePart {
        SourcePart::Page(WebPage { url: url.to_owned(), resolution: Resolution::default() })
    }
}

/// An uploaded file among several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Name of the uploaded file (`filehash` on the wire).
    pub token: String,
    /// File name with extension; none takes the uploaded one.
    pub name: Option<String>,
}

/// A file to make a proof of.
pub(crate) struct Resolved {
    pub file: File,
    /// File name, or several of them.
    pub source_name: String,
}

impl Service {
    /// The file that a proof is to be made of. Combined files and captures are written down here.
    pub(crate) fn made_of(
        &self,
        tx: &Write<'_>,
        source: &Source,
        single: SourceFile,
        now: Timestamp,
    ) -> Result<Resolved, ServiceError> {
        let parts = match source {
            Source::Upload => vec![upload(tx, &single)?],
            Source::Parts(parts) => {
                check_count(parts.len())?;
                let one = |part: &SourcePart| match part {
                    SourcePart::File(file) => upload(tx, file),
                    SourcePart::Page(page) => self.web_page(tx, page, now),
                };
                parts.iter().map(one).collect::<Result<_, _>>()?
            }
            Source::Framed(url) => vec![self.framed_site(tx, url, now)?],
        };
        self.combined(tx, parts, now)
    }

    fn web_page(&self, tx: &Write<'_>, page: &WebPage, now: Timestamp) -> Result<FilePart, ServiceError> {
        let url = web_address(&page.url).map_err(bad_name("source"))?;
        let file = self.new_file(tx, &clean_file_name(&url), 0, now)?;
        tx.add_capture(file.id, &WebPage { url: url.clone(), ..*page })?;
        Ok(FilePart { file, name: url })
    }

    /// Parts as one file. A single one stays what it is.
    fn combined(
        &self,
        tx: &Write<'_>,
        parts: Vec<FilePart>,
        now: Timestamp,
    ) -> Result<Resolved, ServiceError> {
        if parts.len() > 1 {
            let size = parts.iter().map(|part| part.file.size).sum();
            let file = self.new_file(tx, "combined", size, now)?;
            let named: Vec<(FileId, &str)> =
                parts.iter().map(|part| (part.file.id, part.name.as_str())).collect();
            tx.add_parts(file.id, &named)?;
            for part in parts.iter().filter(|part| part.file.processing.is_none()) {
                tx.set_processing(part.file.id, Processing::Queued, None)?;
            }
            let names: Vec<&str> = parts.iter().map(|part| part.name.as_str()).collect();
            return Ok(Resolved { file, source_name: names.join(", ") });
        }
        let part = parts.into_iter().next().ok_or(ServiceError::NotFound(Missing::File))?;
        Ok(Resolved { file: part.file, source_name: part.name })
    }

    pub(crate) fn new_file(
        &self,
        tx: &Write<'_>,
        name: &str,
        size: u64,
        now: Timestamp,
    ) -> Result<File, ServiceError> {
        let token = secrets::hex(self.inner.random.as_ref(), 16);
        let id = tx.add_file(&NewFile { token: &token, name, size, md5: "" }, now)?;
        Ok(tx.file(id)?.ok_or(StoreError::Corrupt("files"))?)
    }
}

fn upload(tx: &Write<'_>, source: &SourceFile) -> Result<FilePart, ServiceError> {
    let file = tx.file_by_token(&source.token)?.ok_or(ServiceError::NotFound(Missing::File))?;
    let name = clean_file_name(source.name.as_deref().unwrap_or(&file.name));
    Ok(FilePart { file, name })
}

fn check_count(count: usize) -> Result<(), ServiceError> {
    match count {
        0 => Err(ServiceError::NotFound(Missing::File)),
        1..=MAX_PARTS => Ok(()),
        _ => {
            let text = format!("A proof is made of at most {MAX_PARTS} files and web pages.");
            Err(ServiceError::Invalid("source", text))
        }
    }
}

/// Sends the file of a proof to the renderer. One that has its pages, or that failed, tells so at once.
pub(crate) fn release(
    tx: &Write<'_>,
    proof: &Proof,
    urgency: Urgency,
    now: Timestamp,
) -> Result<(), ServiceError> {
    if proof.kind == ProofKind::File {
        return Ok(());
    }
    let file = tx.file(proof.file)?.ok_or(StoreError::Corrupt("proofs.file_id"))?;
    let kind = match file.processing {
        Some(Processing::Ready) => EventKind::ProofProcessed { pages: file.pages },
        Some(Processing::Failed) => {
            EventKind::ProofFailed { reason: file.processing_error.unwrap_or_default() }
        }
        None | Some(Processing::Queued | Processing::Processing) => {
            let parts = tx.parts(file.id)?;
            for part in &parts {
                start(tx, &part.file, urgency, now)?;
            }
            return if parts.is_empty() {
                start(tx, &file, urgency, now)
            } else {
                Ok(settle(tx, file.id, now)?)
            };
        }
    };
    tx.append(proof.account, Some(proof.id), now, &Actor::system(), &kind)?;
    Ok(())
}

/// Gives a file to a worker, unless it was through its hands already. It may be queued without a job, when a
/// proof in a batch made it wait; a second job is not added.
fn start(tx: &Write<'_>, file: &File, urgency: Urgency, now: Timestamp) -> Result<(), ServiceError> {
    if matches!(file.processing, Some(Processing::Ready | Processing::Failed)) {
        return Ok(());
    }
    let kind = if is_captured(tx, file)? { JobKind::Capture } else { JobKind::OpenFile };
    tx.set_processing(file.id, file.processing.unwrap_or(Processing::Queued), None)?;
    Ok(tx.add_job(kind, file.id.0, urgency.rank(), now, now)?)
}

/// Whether a web page has to be captured before there are bytes to open.
fn is_captured(tx: &Read<'_>, file: &File) -> Result<bool, StoreError> {
    Ok(file.size == 0 && (tx.capture(file.id)?.is_some() || site_of(tx, file.id)?.is_some()))
}

/// Combined files that wait for this one are on their way from now on.
pub(crate) fn start_combined(tx: &Write<'_>, part: FileId, now: Timestamp) -> Result<(), StoreError> {
    for combined in tx.combined_of(part)? {
        if tx.file(combined)?.is_some_and(|file| waits(&file)) {
            tx.set_processing(combined, Processing::Processing, None)?;
            note_parts(tx, combined, now)?;
        }
    }
    Ok(())
}

/// Writes down and tells how many parts of a combined file are done.
fn note_parts(tx: &Write<'_>, combined: FileId, now: Timestamp) -> Result<(), StoreError> {
    let parts = tx.parts(combined)?;
    let done = parts.iter().filter(|part| !waits(&part.file)).count();
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let work = Work { step: Step::Rendering, done: count(done), total: count(parts.len()) };
    if tx.set_work(combined, &work)? {
        announce(tx, combined, &EventKind::ProofProcessing { pages: 0 }, now)?;
    }
    Ok(())
}

/// Whether a file is not through yet.
pub(crate) fn waits(file: &File) -> bool {
    !matches!(file.processing, Some(Processing::Ready | Processing::Failed))
}

/// Completes the combined files that waited for this one.
pub(crate) fn settle_combined(tx: &Write<'_>, part: FileId, now: Timestamp) -> Result<(), StoreError> {
    tx.combined_of(part)?.into_iter().try_for_each(|combined| settle(tx, combined, now))
}

/// Completes a combined file when all of its parts are there, or when one never will be.
fn settle(tx: &Write<'_>, combined: FileId, now: Timestamp) -> Result<(), StoreError> {
    if !tx.file(combined)?.is_some_and(|file| waits(&file)) {
        return Ok(());
    }
    let parts = tx.parts(combined)?;
    let in_state = |state| parts.iter().filter(move |part| part.file.processing == Some(state));
    if let Some(part) = in_state(Processing::Failed).next() {
        let reason = part.file.processing_error.as_deref().unwrap_or_default();
        return fail(tx, combined, format!("{}: {reason}", part.name), now);
    }
    if in_state(Processing::Ready).count() < parts.len() {
        let begun = tx.file(combined)?.is_some_and(|file| file.processing == Some(Processing::Processing));
        return if begun { note_parts(tx, combined, now) } else { Ok(()) };
    }
    for part in &parts {
        let reason = if tx.recording(part.file.id)?.is_some() {
            Some("Video and sound cannot be combined with other files. Make a proof of it alone.")
        } else if tx.interactive(part.file.id)?.is_some() {
            Some("Interactive pages cannot be combined with other files. Make a proof of it alone.")
        } else {
            None
        };
        if let Some(reason) = reason {
            return fail(tx, combined, format!("{}: {reason}", part.name), now);
        }
    }
    let pages = parts.iter().map(|part| part.file.pages).fold(0, u32::saturating_add);
    if pages > MAX_PAGES {
        let reason = format!("The files have {pages} pages together. A proof has at most {MAX_PAGES}.");
        return fail(tx, combined, reason, now);
    }
    let ids: Vec<FileId> = parts.iter().map(|part| part.file.id).collect();
    let pages = tx.join_pages(combined, &ids)?;
    tx.set_processing(combined, Processing::Ready, None)?;
    announce(tx, combined, &EventKind::ProofProcessed { pages }, now)
}

fn fail(tx: &Write<'_>, file: FileId, reason: String, now: Timestamp) -> Result<(), StoreError> {
    tx.set_processing(file, Processing::Failed, Some(&reason))?;
    announce(tx, file, &EventKind::ProofFailed { reason }, now)
}

/// Tells everybody who looks at a proof of this file. One that a batch holds back tells it later.
pub(crate) fn announce(
    tx: &Write<'_>,
    file: FileId,
    kind: &EventKind,
    now: Timestamp,
) -> Result<(), StoreError> {
    announce_by(tx, file, &Actor::system(), kind, now)
}

/// The same of what somebody did.
pub(crate) fn announce_by(
    tx: &Write<'_>,
    file: FileId,
    actor: &Actor,
    kind: &EventKind,
    now: Timestamp,
) -> Result<(), StoreError> {
    for id in tx.proofs_of_file(file)? {
        if let Some(proof) =
            tx.proof(id)?.filter(|proof| proof.kind == ProofKind::Proof && proof.batch.is_none())
        {
            tx.append(proof.account, Some(id), now, actor, kind)?;
        }
    }
    Ok(())
}
