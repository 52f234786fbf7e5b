//! What viewers ask for of a page: its pictures, its words, and what moves.

use std::path::PathBuf;

use crate::processing::page_info;
use crate::{Missing, Service, ServiceError};
use galley_media::{FileKind, LinkTarget, PageText, Picture};
use galley_model::Page;

impl Service {
    /// A tile of a page as an encoded picture.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] outside the page's pyramid, [`ServiceError::Busy`] when too much is
    /// being rendered, [`ServiceError::Media`] when it cannot be.
    pub async fn tile(&self, page: &Page, level: u8, x: u32, y: u32) -> Result<Picture, ServiceError> {
        let source = self.readable(page.file).await?;
        Ok(self.inner.media.tile(&source, page.file_page, &page_info(page), level, x, y).await?)
    }

    /// The thumbnail of a page as an encoded picture.
    ///
    /// # Errors
    /// As [`Service::tile`].
    pub async fn page_thumbnail(&self, page: &Page) -> Result<Picture, ServiceError> {
        let source = self.readable(page.file).await?;
        Ok(self.inner.media.thumbnail(&source, page.file_page).await?)
    }

    /// A whole page as an encoded picture, longest side at most `side` pixels.
    ///
    /// # Errors
    /// As [`Service::tile`].
    pub(crate) async fn page_picture(&self, page: &Page, side: u32) -> Result<Picture, ServiceError> {
        let source = self.readable(page.file).await?;
        Ok(self.inner.media.page(&source, page.file_page, side).await?)
    }

    /// The original of a page that moves, for a browser to play, and its media type.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for a page that stands still.
    pub async fn animation(&self, page: &Page) -> Result<(PathBuf, &'static str), ServiceError> {
        let source = self.readable(page.file).await?;
        let plays = matches!(source.kind, FileKind::Gif | FileKind::WebP | FileKind::Png);
        if plays && page.animation_ms.is_some() {
            Ok((source.path, source.kind.mime()))
        } else {
            Err(ServiceError::NotFound(Missing::Page))
        }
    }

    /// The words and links of a page. Links lead to pages of the proof.
    ///
    /// # Errors
    /// As [`Service::tile`].
    pub async fn page_text(&self, page: &Page) -> Result<PageText, ServiceError> {
        let source = self.readable(page.file).await?;
        let mut text = self.inner.media.text(&source, page.file_page).await?;
        // The pages of a file follow each other, in a combined proof as well.
        let before = page.number.saturating_sub(page.file_page);
        for link in &mut text.links {
            if let LinkTarget::Page(number) = &mut link.to {
                *number += before;
            }
        }
        Ok(text)
    }
}
