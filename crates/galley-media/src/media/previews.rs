//! What is seen of a recording before it plays: the picture that stands for it, small ones for scrubbing, and the
//! outline of its sound.

use std::fs::File;
use std::io::{self, Read as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use rustix::fs::OFlags;

use super::convert::blocking;
use super::ffmpeg::{self, OUTLINE_HERTZ};
use super::film::{absolute, broken};
use super::plan::{Plan, RESULT};
use super::process::complaint;
use super::{Media, Picture, Source, picture};
use crate::error::{MediaError, MediaErrorKind};
use crate::film::{Container, Storyboard};
use crate::kind::FileKind;

/// Values in the outline of sound.
const OUTLINE: usize = 1600;

impl Media {
    /// The picture that stands for a recording, or for a moment of it.
    pub(super) async fn make_still(
        &self,
        source: &Source,
        container: Container,
        path: &Path,
    ) -> Result<(), MediaError> {
        let film = self.film(&source.whole()).await?;
        let mut made = Err(MediaError::new(MediaErrorKind::Damaged, "no frame"));
        // A file may be shorter than it says; then its first frame has to do.
        for at in [source.moment, Some(0)] {
            let folder = self.inner.cache.output_folder().await?;
            let plan = ffmpeg::still(container, &film, path, folder.path(), at);
            made = self.inner.run_tool(&plan, source.kind, path, folder.path()).await;
            if let Ok(file) = &made {
                self.inner.cache.take_prepared(file.clone(), &source.key).await?;
                return Ok(());
            }
        }
        made.map(|_| ()).map_err(broken)
    }

    /// Makes the small pictures of a video and the outline of its sound, as far as they are not there. What cannot
    /// be made of a file that plays is left out.
    ///
    /// # Errors
    /// If there is no room for them.
    pub async fn make_previews(&self, source: &Source) -> Result<(), MediaError> {
        let (film, path) = (self.film(source).await?, absolute(&source.path)?);
        let FileKind::Recording(container) = source.kind else { return Ok(()) };
        let cache = &self.inner.cache;
        if let Some(board) = Storyboard::of(&film)
            && cache.whole(&source.key, "storyboard").await?.is_none()
        {
            let folder = cache.output_folder().await?;
            let plan = ffmpeg::storyboard(container, &film, board, &path, folder.path());
            if let Some(made) = self.made_or_none(&plan, source, &path, folder.path()).await? {
                cache.take_whole(made, &source.key, "storyboard").await?;
            }
        }
        if film.sound && cache.whole(&source.key, "outline").await?.is_none() {
            let folder = cache.output_folder().await?;
            let plan = ffmpeg::samples(container, &film, &path, folder.path());
            let request = self.inner.request_of(&plan, source.kind, &path, folder.path()).await?;
            let ran = {
                let _background = self.inner.background.acquire().await;
                let _turn = self.inner.children.acquire().await;
                self.inner.launch_heard(&request, &self.allowance(&film), complaint).await?
            };
            let samples = folder.path().join(RESULT).join("samples");
            if ran.status.success() {
                let total = film.duration as f64 / 1e6 * f64::from(OUTLINE_HERTZ);
                let outline = blocking(move || {
                    outline(&samples, total as u64).map_err(|e| MediaError::io("reading samples", &e))
                });
                cache.put_whole(&source.key, "outline", outline.await?).await?;
            }
        }
        Ok(())
    }

    async fn made_or_none(
        &self,
        plan: &Plan,
        source: &Source,
        path: &Path,
        folder: &Path,
    ) -> Result<Option<PathBuf>, MediaError> {
        match self.inner.run_tool(plan, source.kind, path, folder).await {
            Ok(made) => Ok(Some(made)),
            Err(error) if matches!(error.kind(), MediaErrorKind::StorageFull | MediaErrorKind::Io) => {
                Err(error)
            }
            Err(error) => {
                tracing::info!(key = source.key, %error, "a preview of a recording could not be made");
                Ok(None)
            }
        }
    }

    /// The small pictures of a video in one; none if there are none.
    ///
    /// # Errors
    /// If the cache cannot be read.
    pub async fn storyboard(&self, source: &Source) -> Result<Option<Picture>, MediaError> {
        let Some(path) = self.inner.cache.whole(&source.key, "storyboard").await? else { return Ok(None) };
        self.inner.cache.read(&path).await?.map(picture).transpose()
    }

    /// How loud a recording is over its length, in even steps, each 0 to 255; none if that is not known.
    ///
    /// # Errors
    /// If the cache cannot be read.
    pub async fn outline(&self, source: &Source) -> Result<Option<Bytes>, MediaError> {
        let Some(path) = self.inner.cache.whole(&source.key, "outline").await? else { return Ok(None) };
        self.inner.cache.read(&path).await
    }
}

/// The loudest sample of each of [`OUTLINE`] parts, as 0 to 255. Samples are bytes around 128.
fn outline(samples: &Path, total: u64) -> io::Result<Vec<u8>> {
    let file = File::options().read(true).custom_flags(OFlags::NOFOLLOW.bits() as i32).open(samples)?;
    let total = total.max(file.metadata()?.len()).max(1);
    let mut loudest = vec![0u8; OUTLINE];
    let (mut reader, mut block, mut at) = (io::BufReader::new(file), vec![0u8; 64 << 10], 0u64);
    loop {
        let count = reader.read(&mut block)?;
        if count == 0 {
            return Ok(loudest);
        }
        for sample in &block[..count] {
            let part = (at * OUTLINE as u64 / total) as usize;
            let loud = sample.abs_diff(128).saturating_mul(2);
            if let Some(known) = loudest.get_mut(part) {
                *known = loud.max(*known);
            }
            at += 1;
        }
    }
}
