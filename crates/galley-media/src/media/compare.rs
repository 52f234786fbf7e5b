//! How pages of two files differ: worked out once by a child, then read from the cache.

use bytes::Bytes;

use super::flight::Unit;
use super::{MAX_WAITING, Media, Picture, Priority, Source, picture};
use crate::compare::align::Sheet;
use crate::compare::pages::{Gist, pair};
use crate::compare::{Difference, PagePair};
use crate::error::{MediaError, MediaErrorKind};
use crate::page::PageInfo;
use crate::protocol::{Artifact, Event, OtherPage, Task};

/// A page to compare.
#[derive(Debug, Clone, PartialEq)]
pub struct PageOf {
    /// The file it is in.
    pub source: Source,
    /// Its number there, from 1.
    pub page: u32,
    /// What opening the file said of it.
    pub info: PageInfo,
}

impl Media {
    /// How a page differs from one of another version: regions on both pages, and words where both have some.
    /// Worked out once, also if many ask at the same time.
    ///
    /// # Errors
    /// As for [`Media::tile`], for either page.
    pub async fn difference(&self, older: &PageOf, newer: &PageOf) -> Result<Difference, MediaError> {
        let found = Artifact::Difference { older: older.page, newer: newer.page };
        let bytes = self.compared(older, newer, found).await?;
        serde_json::from_slice(&bytes)
            .map_err(|e| MediaError::new(MediaErrorKind::Io, format!("cached difference: {e}")))
    }

    /// What changed as a picture to lay over [`Difference::sheet`], transparent where nothing did.
    ///
    /// # Errors
    /// As for [`Media::tile`], for either page.
    pub async fn difference_mask(&self, older: &PageOf, newer: &PageOf) -> Result<Picture, MediaError> {
        picture(self.compared(older, newer, Artifact::Mask { older: older.page, newer: newer.page }).await?)
    }

    /// Which pages of two documents belong together. Pages are those that `older` and `newer` list, each of
    /// some file; `keys` are those of the documents, under which the answer is kept if `complete` says that
    /// all of their pages have been opened. A page that could not be is recognised by its number.
    ///
    /// # Errors
    /// If the cache cannot be read.
    pub async fn pair_pages(
        &self,
        keys: (&str, &str),
        older: &[(Source, u32)],
        newer: &[(Source, u32)],
        complete: bool,
    ) -> Result<Vec<PagePair>, MediaError> {
        let key = format!("{}-{}", keys.0, keys.1);
        if complete && let Some(pairs) = self.inner.cache.pairs(&key).await? {
            return Ok(pairs);
        }
        let ((older, all_older), (newer, all_newer)) = (self.gists(older).await?, self.gists(newer).await?);
        let paired = tokio::task::spawn_blocking(move || pair(&older, &newer)).await;
        let pairs = paired.map_err(|e| MediaError::new(MediaErrorKind::Io, e.to_string()))?;
        // What was guessed without a picture is looked at again the next time.
        if complete && all_older && all_newer {
            self.inner.cache.put_pairs(&key, &pairs).await?;
        }
        Ok(pairs)
    }

    /// What tells pages from each other, and whether all of their thumbnails were there.
    async fn gists(&self, pages: &[(Source, u32)]) -> Result<(Vec<Gist>, bool), MediaError> {
        let (mut gists, mut all) = (Vec::with_capacity(pages.len()), true);
        for (number, (source, page)) in (0u32..).zip(pages) {
            let thumbnail = self.inner.cache.path(&source.key, Artifact::Thumbnail { page: *page })?;
            // A thumbnail that was evicted is made anew when somebody looks at it, not for this.
            let thumbnail = self.inner.cache.read(&thumbnail).await?;
            all &= thumbnail.is_some();
            let thumbnail = thumbnail.unwrap_or_else(|| Bytes::from(number.to_be_bytes().to_vec()));
            let text = self.inner.cache.path(&source.key, Artifact::Text { page: *page })?;
            let text = self.inner.cache.read(&text).await?;
            let text = text.and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default();
            gists.push(Gist::of(&thumbnail, &text));
        }
        Ok((gists, all))
    }

    async fn compared(
        &self,
        older: &PageOf,
        newer: &PageOf,
        artifact: Artifact,
    ) -> Result<Bytes, MediaError> {
        let key = format!("{}-{}", older.source.key, newer.source.key);
        let path = self.inner.cache.path(&key, artifact)?;
        if let Some(bytes) = self.inner.cache.read(&path).await? {
            return Ok(bytes);
        }
        let unit = Unit::difference(&key, older.page, newer.page);
        let (media, pages, pair_key) = (self.clone(), (older.clone(), newer.clone()), key.clone());
        let flight = self.inner.flights.join_or_start(unit, MAX_WAITING, move |progress| async move {
            let (older, newer) = pages;
            let (input, kind) = media.decodable(&newer.source).await?;
            let sheet = Sheet::of(&older.info, &newer.info);
            let newer = OtherPage { input, kind, page: newer.page };
            let request =
                media.request_for(&older.source, Task::Compare { page: older.page, newer, sheet }).await?;
            let on_event = |event: &Event| {
                if matches!(event, Event::File { .. }) {
                    progress.step();
                }
            };
            media.inner.run(Priority::Viewer, &pair_key, request, on_event).await
        })?;
        self.land_at(&path, flight).await
    }
}
