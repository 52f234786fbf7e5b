//! Web pages that are tried rather than looked at (`product.md` 5.8): bundles that were uploaded, and sites that are
//! framed.
//!
//! The scripts of a bundle see the address that they came from. So that is not the link of a reviewer, which is worth
//! a decision, but a key that stands for it and is good for the files of the bundle alone.

use crate::links::{Link, shown};
use crate::proofs::CODE_LENGTH;
use crate::worker::blocking;
use crate::{Missing, Service, ServiceError, Source, SourcePart, UserCaller, secrets};
use galley_capture::{LocalFiles, Resolution};
use galley_media::{MediaError, STAND_IN, SiteFile, SitePlace, Source as MediaSource, Unpacked, site_mime};
use galley_model::{
    FileId, FilePart, Interactive, PICTURED, Proof, ProofId, Screen, Step, Timestamp, UserStatus,
    clean_file_name, framed_address,
};
use galley_store::{LeasedJob, Read, SiteKey, StoreError, Write};
use jiff::SignedDuration;
use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// A key ends after so long, and then the viewer asks for another one.
const KEY_HOURS: i64 = 12;

/// The screen that a picture of a site shows.
const FIRST_SCREEN: Resolution = Resolution { width: PICTURED.0, height: PICTURED.1 };

/// Time for the picture of a bundle.
const PICTURE_WALL: Duration = Duration::from_secs(15);
/// The largest file of a bundle that its picture may need.
const MAX_PICTURED_FILE: u64 = 64 << 20;

/// The files of a bundle, for the browser that takes a picture of it.
struct Files(Unpacked);

impl LocalFiles for Files {
    fn file(&self, path: &str) -> Option<(&'static str, Vec<u8>)> {
        let Some(SitePlace::File(name, part)) = self.0.site.at(path) else { return None };
        if part.length > MAX_PICTURED_FILE {
            return None;
        }
        let mut content = vec![0; usize::try_from(part.length).ok()?];
        File::open(&self.0.path).ok()?.read_exact_at(&mut content, part.from).ok()?;
        Some((site_mime(name), content))
    }
}

/// A file of a bundle, for a browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundleFile {
    /// The file that it is a part of.
    pub path: PathBuf,
    /// Which part.
    pub part: SiteFile,
    /// Media type.
    pub mime: &'static str,
}

/// What is at an address of a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BundlePlace {
    /// A file.
    File(BundleFile),
    /// A folder whose address lacks the slash at its end.
    Folder,
    /// Nothing.
    Nothing,
}

impl Service {
    /// Unpacks a bundle and notes that it is one. Other files are left alone.
    pub(crate) async fn look_for_site(&self, id: FileId, source: &MediaSource) -> Result<bool, MediaError> {
        if self.inner.media.site(source).await?.is_none() {
            return Ok(false);
        }
        let service = self.clone();
        let noted = blocking(move || {
            Ok(service.store().write(|tx| tx.set_interactive(id, &Interactive::default()))?)
        });
        if let Err(error) = noted.await {
            // Without the note it would be a proof of one strange picture: another try is better.
            return Err(MediaError::unavailable(&error.to_string()));
        }
        Ok(true)
    }

    /// Takes a picture of the first screen of a bundle, where there is a browser. Without one, something neutral
    /// stands for it.
    pub(crate) async fn picture_site(&self, id: FileId, source: &MediaSource) {
        let Ok(Some(unpacked)) = self.inner.media.site(source).await else { return };
        let taken = self.inner.capturer.first_screen_of(Arc::new(Files(unpacked)), FIRST_SCREEN);
        // A bundle whose scripts never rest has been opened all the same.
        let kept = match tokio::time::timeout(PICTURE_WALL, taken).await {
            Ok(Ok(pdf)) => self.inner.media.keep_first_screen(source, pdf).await.map_err(|e| e.to_string()),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err("it took too long".to_owned()),
        };
        if let Err(error) = kept {
            tracing::info!(file = id.0, error, "no picture of a bundle");
        }
    }

    /// The file of a site that is to be framed, whose bytes are a picture to come.
    pub(crate) fn framed_site(
        &self,
        tx: &Write<'_>,
        url: &str,
        now: Timestamp,
    ) -> Result<FilePart, ServiceError> {
        let url = framed_address(url).map_err(|_| {
            let text = "An interactive proof needs an address with https and fewer than 1,000 characters.";
            ServiceError::Invalid("source", text.to_owned())
        })?;
        let file = self.new_file(tx, &clean_file_name(&url), 0, now)?;
        tx.set_interactive(file.id, &Interactive { url: Some(url.clone()) })?;
        Ok(FilePart { file, name: url })
    }

    /// Looks whether a site can be framed, and takes a picture that stands for it. False for the job of anything
    /// else.
    pub(crate) async fn frame_site(&self, job: &LeasedJob) -> Result<bool, ServiceError> {
        let (service, id) = (self.clone(), FileId(job.subject));
        let found = blocking(move || {
            service.store().read(|tx| Ok::<_, ServiceError>((tx.file(id)?, site_of(tx, id)?)))
        });
        let (Some(_), Some(url)) = found.await? else { return Ok(false) };
        self.begin_step(job, id, Step::Capturing).await?;
        if let Err(error) = self.inner.capturer.check_framing(&url, &origin(&self.config().public_url)).await
        {
            tracing::info!(file = id.0, %error, "a site cannot be framed");
            self.fail(job, error.reason()).await?;
            return Ok(true);
        }
        let picture = match self.inner.capturer.first_screen(&url, FIRST_SCREEN).await {
            Ok(pdf) => pdf,
            Err(error) => {
                // The site is there all the same.
                tracing::info!(file = id.0, %error, "no picture of a site");
                STAND_IN.to_vec()
            }
        };
        let (service, job) = (self.clone(), job.clone());
        blocking(move || service.keep_capture(&job, id, &picture)).await?;
        self.inner.work.notify_one();
        Ok(true)
    }

    /// A key under which the files of the bundle behind a link are served, for as long as the link lives and half a
    /// day at most. Asked for again, it is the same.
    ///
    /// # Errors
    /// As [`Service::follow`], and [`ServiceError::NotFound`] for what is no bundle.
    pub fn bundle_key(&self, link: &Link) -> Result<String, ServiceError> {
        let now = self.now();
        let key = secrets::code(self.inner.random.as_ref(), CODE_LENGTH);
        self.store().write(|tx| {
            bundle_of(tx, &shown(self.resolve(tx, link)?)?.proof)?;
            let session = link.user.as_deref().map(UserCaller::session_hash).unwrap_or_default().to_owned();
            let of = SiteKey { code: link.code.clone(), session };
            Ok(tx.keep_site_key(&key, &of, now, now + SignedDuration::from_hours(KEY_HOURS))?)
        })
    }

    /// What is at a path of a bundle.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for a key that has ended or whose link has, [`ServiceError::Media`] when the
    /// bundle cannot be unpacked again.
    pub async fn bundle_file(&self, key: &str, path: &str) -> Result<BundlePlace, ServiceError> {
        let (service, key) = (self.clone(), key.to_owned());
        let file = blocking(move || service.bundle_by_key(&key)).await?;
        let source = self.readable(file).await?;
        let unpacked = self.inner.media.site(&source).await?;
        let unpacked = unpacked.ok_or(ServiceError::NotFound(Missing::File))?;
        Ok(match unpacked.site.at(path) {
            Some(SitePlace::File(name, part)) => {
                BundlePlace::File(BundleFile { mime: site_mime(name), part, path: unpacked.path })
            }
            Some(SitePlace::Folder) => BundlePlace::Folder,
            None => BundlePlace::Nothing,
        })
    }

    fn bundle_by_key(&self, key: &str) -> Result<FileId, ServiceError> {
        let now = self.now();
        self.store().read(|tx| {
            let of = tx.site_key(key, now)?.ok_or(ServiceError::NotFound(Missing::Link))?;
            let user = match of.session.as_str() {
                "" => None,
                hash => tx
                    .session(hash)?
                    .filter(|s| s.expires_at > now && s.user.status == UserStatus::Activated)
                    .map(|s| Arc::new(UserCaller::new(s.user, s.account_name).in_session(hash.to_owned()))),
            };
            let opened = shown(self.resolve(tx, &Link { code: of.code, user })?)?;
            bundle_of(tx, &opened.proof)
        })
    }
}

/// The site that a file is a picture of, to be framed.
pub(crate) fn site_of(tx: &Read<'_>, file: FileId) -> Result<Option<String>, StoreError> {
    Ok(tx.interactive(file)?.and_then(|interactive| interactive.url))
}

/// What a version is made of: web pages stay what they were in the version before, captured or framed
/// (`product.md` 3.8, "Interactive").
pub(crate) fn same_mode(
    tx: &Read<'_>,
    parent: Option<ProofId>,
    asked: &Source,
) -> Result<Source, StoreError> {
    let Some(parent) = parent.map(|id| tx.proof(id)).transpose()?.flatten() else { return Ok(asked.clone()) };
    let (framed, captured) = (site_of(tx, parent.file)?.is_some(), tx.capture(parent.file)?.is_some());
    Ok(match asked {
        Source::Parts(parts) if framed => match &parts[..] {
            [SourcePart::Page(page)] => Source::Framed(page.url.clone()),
            _ => asked.clone(),
        },
        Source::Framed(url) if captured => Source::Parts(vec![SourcePart::page(url)]),
        other => other.clone(),
    })
}

/// The origin of an address of ours.
fn origin(url: &str) -> String {
    let end = url.find("://").map_or(0, |at| at + 3);
    let length = url[end..].find('/').map_or(url.len(), |at| end + at);
    url[..length].to_owned()
}

/// The file of a proof, if it is a bundle.
fn bundle_of(tx: &Read<'_>, proof: &Proof) -> Result<FileId, ServiceError> {
    match tx.interactive(proof.file)? {
        Some(Interactive { url: None }) => Ok(proof.file),
        _ => Err(ServiceError::NotFound(Missing::File)),
    }
}

/// The screen that a comment on a proof is about, if that has screens.
pub(crate) fn checked_screen(
    tx: &Write<'_>,
    proof: &Proof,
    screen: Option<&Screen>,
) -> Result<Option<Screen>, ServiceError> {
    let Some(screen) = screen else { return Ok(None) };
    if tx.interactive(proof.file)?.is_none() {
        let text = "Only comments on interactive proofs have a screen.".to_owned();
        return Err(ServiceError::Invalid("screen", text));
    }
    if !screen.is_sound() {
        return Err(ServiceError::Invalid("screen", "There is no such screen.".to_owned()));
    }
    Ok(Some(screen.clone()))
}

/// What asks for pages of paper is not asked of a proof that is tried.
pub(crate) fn check_has_pages(tx: &Read<'_>, proof: &Proof, what: &str) -> Result<(), ServiceError> {
    match tx.interactive(proof.file)? {
        None => Ok(()),
        Some(_) => Err(ServiceError::Conflict(format!("An interactive proof cannot be {what}."))),
    }
}
