//! Web pages in ZIP files: unpacked by a child when they are first asked for, and kept in the cache.

use std::path::PathBuf;
use std::sync::Arc;

use super::flight::Unit;
use super::{MAX_WAITING, Media, Priority, Source, check_file, lock};
use crate::error::{MediaError, MediaErrorKind};
use crate::kind::FileKind;
use crate::media::convert::blocking;
use crate::protocol::{Artifact, Task};
use crate::site::Site;

/// Indexes kept in memory.
const REMEMBERED: usize = 8;

/// A picture that stands for an interactive page where there is none of its first screen.
pub const STAND_IN: &[u8] = include_bytes!("site.svg");

/// A bundle that can be served.
#[derive(Debug, Clone)]
pub struct Unpacked {
    /// Its files, and where they lie.
    pub site: Arc<Site>,
    /// The file that they lie in.
    pub path: PathBuf,
}

impl Media {
    /// The web page that a ZIP file is, unpacked; none for every other file. Evicted, it is unpacked again.
    ///
    /// # Errors
    /// Why a ZIP file is neither a web page nor a document.
    pub async fn site(&self, source: &Source) -> Result<Option<Unpacked>, MediaError> {
        if source.kind != FileKind::Package {
            return Ok(None);
        }
        if let Some(known) = self.unpacked(source).await? {
            return Ok(Some(known));
        }
        let media = self.clone();
        let of = source.clone();
        let mut flight =
            self.inner.flights.join_or_start(Unit::site(source), MAX_WAITING, move |_| async move {
                let path = super::film::absolute(&of.path)?;
                let (kind, limit) = (of.kind, media.inner.options.limits.max_file_bytes);
                let looked_at = path.clone();
                blocking(move || check_file(&looked_at, kind, limit)).await?;
                let request = media.request(kind, path, Task::Site);
                media.inner.run(Priority::Viewer, &of.key, request, |_| ()).await
            })?;
        loop {
            match flight.outcome() {
                None => flight.changed().await,
                Some(Err(error)) => return Err(error),
                Some(Ok(())) => return self.unpacked(source).await,
            }
        }
    }

    /// What lies in the cache.
    async fn unpacked(&self, source: &Source) -> Result<Option<Unpacked>, MediaError> {
        let cache = &self.inner.cache;
        let Some(path) = cache.whole(&source.key, "site-files").await? else { return Ok(None) };
        let known =
            lock(&self.inner.sites).iter().find(|(key, _)| *key == source.key).map(|(_, s)| s.clone());
        if let Some(site) = known {
            return Ok(Some(Unpacked { site, path }));
        }
        let Some(bytes) = cache.read(&cache.path(&source.key, Artifact::Site)?).await? else {
            return Ok(None);
        };
        let site: Site = serde_json::from_slice(&bytes)
            .map_err(|e| MediaError::new(MediaErrorKind::Io, format!("the index of a bundle: {e}")))?;
        let site = Arc::new(site);
        let mut sites = lock(&self.inner.sites);
        sites.retain(|(key, _)| *key != source.key);
        sites.insert(0, (source.key.clone(), site.clone()));
        sites.truncate(REMEMBERED);
        Ok(Some(Unpacked { site, path }))
    }

    /// Keeps a picture of the first screen of a bundle, a PDF or PNG file, for lists and summaries.
    ///
    /// # Errors
    /// If it cannot be written.
    pub async fn keep_first_screen(&self, source: &Source, picture: Vec<u8>) -> Result<(), MediaError> {
        self.inner.cache.put_whole(&source.key, "prepared", picture).await
    }

    /// The same of a picture that shows nothing in particular.
    pub(super) async fn stand_in(&self, source: &Source) -> Result<(), MediaError> {
        self.inner.cache.put_whole(&source.key, "prepared", STAND_IN.to_vec()).await
    }
}
