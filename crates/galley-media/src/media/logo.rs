//! Logos: small files that come as bytes and leave as bytes.

use std::io::Write;
use std::path::PathBuf;

use bytes::Bytes;

use super::{Media, Priority};
use crate::error::{MediaError, MediaErrorKind};
use crate::kind::{FileKind, sniff_logo};
use crate::protocol::{Artifact, Request, Task};

/// Most pixels of a logo as it is uploaded.
const MAX_PIXELS: u64 = 40_000_000;

/// A logo in one size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogoPicture {
    /// A PNG.
    pub bytes: Bytes,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

impl Media {
    /// A logo (PNG, JPEG or the first picture of a GIF, whatever it is called) in each of these sizes: at
    /// most so many pixels across and down, never larger than it came. `key` is as in [`super::Source`] and
    /// used once.
    ///
    /// # Errors
    /// `Unsupported` for everything else, `Empty` for a logo that cannot be seen; else what is wrong with
    /// the file.
    pub async fn logo(
        &self,
        key: &str,
        bytes: Bytes,
        sizes: &[(u32, u32)],
    ) -> Result<Vec<LogoPicture>, MediaError> {
        if bytes.is_empty() {
            return Err(MediaError::new(MediaErrorKind::Empty, "0 bytes"));
        }
        if sniff_logo(&bytes).is_none() {
            return Err(MediaError::new(MediaErrorKind::Unsupported, "neither PNG, JPEG nor GIF"));
        }
        let folder = self.inner.cache.output_folder().await?;
        let input = folder.path().join("upload");
        let path = input.clone();
        let written =
            tokio::task::spawn_blocking(move || std::fs::File::create_new(&path)?.write_all(&bytes));
        let written = written.await.map_err(|e| MediaError::new(MediaErrorKind::Io, e.to_string()))?;
        written.map_err(|e| MediaError::io("keeping a logo", &e))?;
        let request = Request {
            max_page_pixels: MAX_PIXELS,
            ..self.request(FileKind::Png, PathBuf::from(&input), Task::Logo { sizes: sizes.to_vec() })
        };
        let made = self.inner.run(Priority::Viewer, key, request, |_| {}).await;
        let pictures = match made {
            Ok(()) => self.made(key, sizes.len()).await,
            Err(error) => Err(error),
        };
        self.forget(key).await?;
        pictures
    }

    async fn made(&self, key: &str, count: usize) -> Result<Vec<LogoPicture>, MediaError> {
        let mut pictures = Vec::with_capacity(count);
        for number in (0..).take(count) {
            let path = self.inner.cache.path(key, Artifact::Logo { number })?;
            let found = self.inner.cache.read(&path).await?.and_then(picture);
            pictures.push(found.ok_or_else(|| MediaError::new(MediaErrorKind::Io, "a logo is missing"))?);
        }
        Ok(pictures)
    }
}

/// What a child made is looked at as if a stranger had sent it: a PNG, and how large its header says.
fn picture(bytes: Bytes) -> Option<LogoPicture> {
    if crate::kind::sniff(&bytes, "") != Ok(FileKind::Png) || bytes.get(12..16)? != b"IHDR" {
        return None;
    }
    let number = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    Some(LogoPicture { width: number(16)?, height: number(20)?, bytes })
}
