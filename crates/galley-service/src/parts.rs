//! The files that a proof is made of: itself, or those it combines.

use crate::links::shown;
use crate::worker::blocking;
use crate::{Link, Missing, Service, ServiceError};
use galley_media::ContentsEntry;
use galley_model::{FileId, Page, Processing, Proof};
use galley_store::Read;

/// A file of a proof, and its pages there.
pub(crate) struct Part {
    pub file: FileId,
    /// None if the proof is made of this file alone.
    pub name: Option<String>,
    /// In order; they follow each other in the proof.
    pub pages: Vec<Page>,
}

impl Service {
    /// The files of a proof that passes a check, or none while they are being rendered.
    ///
    /// # Errors
    /// As [`Service::follow`], and [`ServiceError::NotFound`] for a proof that could not be rendered.
    pub(crate) async fn link_parts(
        &self,
        link: &Link,
        check: impl FnOnce(&Read<'_>, &Proof) -> Result<(), ServiceError> + Send + 'static,
    ) -> Result<Option<Vec<Part>>, ServiceError> {
        let (service, link) = (self.clone(), link.clone());
        blocking(move || {
            service.store().read(|tx| {
                let proof = shown(service.resolve(tx, &link)?)?.proof;
                check(tx, &proof)?;
                match proof.processing {
                    Processing::Failed => return Err(ServiceError::NotFound(Missing::File)),
                    Processing::Ready => {}
                    _ => return Ok(None),
                }
                let pages = tx.pages(proof.file)?;
                let parts = tx.parts(proof.file)?;
                if parts.is_empty() {
                    return Ok(Some(vec![Part { file: proof.file, name: None, pages }]));
                }
                let mut pages = pages.into_iter().peekable();
                let part = |part: galley_model::FilePart| {
                    let (file, mut next) = (part.file.id, 1);
                    // The same file may come twice in a row.
                    let mut taken = Vec::new();
                    while let Some(page) = pages.next_if(|page| page.file == file && page.file_page == next) {
                        taken.push(page);
                        next += 1;
                    }
                    Part { file, name: Some(part.name), pages: taken }
                };
                Ok(Some(parts.into_iter().map(part).collect()))
            })
        })
        .await
    }

    /// The table of contents of a proof, in reading order: what its file brings, or of a combined proof its files, each
    /// with what it brings below it. Empty for one file that brings none, and none while the pages are being made.
    ///
    /// # Errors
    /// As [`Service::follow`], and [`ServiceError::NotFound`] for a proof that could not be rendered.
    pub async fn link_contents(&self, link: &Link) -> Result<Option<Vec<ContentsEntry>>, ServiceError> {
        let Some(parts) = self.link_parts(link, |_, _| Ok(())).await? else { return Ok(None) };
        let mut contents = Vec::new();
        for part in parts {
            let first = part.pages.first().map(|page| page.number);
            let below = u8::from(part.name.is_some());
            if let Some(title) = part.name {
                contents.push(ContentsEntry { title, page: first, level: 0 });
            }
            let source = self.readable(part.file).await?;
            // A file whose table cannot be read is shown without.
            for entry in self.inner.media.contents(&source).await.unwrap_or_default() {
                let page = entry.page.zip(first).map(|(page, first)| first + page - 1);
                contents.push(ContentsEntry { page, level: entry.level + below, ..entry });
            }
        }
        Ok(Some(contents))
    }
}
