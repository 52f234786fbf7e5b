//! Two versions of a proof beside each other.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::links::shown;
use crate::processing::page_info;
use crate::{Link, Missing, Opened, Service, ServiceError};
use galley_media::{Difference, PageOf, PagePair, Picture, Source};
use galley_model::{FileId, Page, Processing, Proof};
use galley_store::Read;

/// What a version is to somebody who compares it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Medium {
    /// Pages that stand still; what nobody has looked at yet counts among them.
    Pages,
    /// Pictures that move.
    Video,
    /// Sound without pictures.
    Audio,
    /// A page that is tried.
    Interactive,
}

impl Medium {
    fn of(tx: &Read<'_>, proof: &Proof) -> Result<Medium, ServiceError> {
        if tx.interactive(proof.file)?.is_some() {
            return Ok(Medium::Interactive);
        }
        Ok(match tx.recording(proof.file)? {
            Some(recording) if recording.picture => Medium::Video,
            Some(_) => Medium::Audio,
            None => Medium::Pages,
        })
    }
}

/// Two versions that somebody may see both of.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The older one.
    pub older: Opened,
    /// The newer one.
    pub newer: Opened,
    /// What the older one is.
    pub older_medium: Medium,
    /// What the newer one is.
    pub newer_medium: Medium,
    /// Pages of the older one known so far.
    pub older_pages: Vec<Page>,
    /// Pages of the newer one known so far.
    pub newer_pages: Vec<Page>,
}

impl Comparison {
    /// Both are rendered as far as they ever will be.
    pub fn settled(&self) -> bool {
        let settled = |p: Processing| matches!(p, Processing::Ready | Processing::Failed);
        settled(self.older.proof.processing) && settled(self.newer.proof.processing)
    }

    /// Both have pages, so that one by one they can be laid upon each other. The picture that stands for a film or a
    /// site is not one of them.
    pub fn paged(&self) -> bool {
        [self.older_medium, self.newer_medium] == [Medium::Pages; 2]
    }
}

impl Service {
    /// Two versions of a proof, each behind a link of its own: whoever compares may look at both anyway.
    ///
    /// # Errors
    /// As [`Service::follow`] for either link, and [`ServiceError::NotFound`] when they do not lead to two
    /// versions of the same proof.
    pub fn comparison(&self, link: &Link, other: &str) -> Result<Comparison, ServiceError> {
        let other = Link { code: other.to_owned(), user: link.user.clone() };
        self.store().read(|tx| {
            let mut both = [shown(self.resolve(tx, link)?)?, shown(self.resolve(tx, &other)?)?];
            if both[0].proof.set != both[1].proof.set || both[0].proof.id == both[1].proof.id {
                return Err(ServiceError::NotFound(Missing::Proof));
            }
            both.sort_by_key(|opened| opened.proof.version);
            let [older, newer] = both;
            Ok(Comparison {
                older_medium: Medium::of(tx, &older.proof)?,
                newer_medium: Medium::of(tx, &newer.proof)?,
                older_pages: tx.pages(older.proof.file)?,
                newer_pages: tx.pages(newer.proof.file)?,
                older,
                newer,
            })
        })
    }

    /// Which pages belong together, in order; none unless both versions have pages.
    ///
    /// # Errors
    /// [`ServiceError::Media`] when what was rendered cannot be read.
    pub async fn page_pairs(&self, comparison: &Comparison) -> Result<Vec<PagePair>, ServiceError> {
        if !comparison.paged() {
            return Ok(Vec::new());
        }
        let mut sources: HashMap<FileId, Source> = HashMap::new();
        for page in comparison.older_pages.iter().chain(&comparison.newer_pages) {
            if let Entry::Vacant(place) = sources.entry(page.file) {
                place.insert(self.readable(page.file).await?);
            }
        }
        let of = |pages: &[Page]| -> Vec<(Source, u32)> {
            pages.iter().map(|page| (sources[&page.file].clone(), page.file_page)).collect()
        };
        let key = |opened: &Opened| opened.proof.file.0.to_string();
        let (older, newer) = (of(&comparison.older_pages), of(&comparison.newer_pages));
        let keys = (key(&comparison.older), key(&comparison.newer));
        let complete = comparison.settled();
        Ok(self.inner.media.pair_pages((&keys.0, &keys.1), &older, &newer, complete).await?)
    }

    /// Two pages to compare, by their numbers in the older and in the newer version.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for a page that is not there, [`ServiceError::Conflict`] unless both versions have
    /// pages.
    pub async fn two_pages(
        &self,
        comparison: &Comparison,
        older: u32,
        newer: u32,
    ) -> Result<(PageOf, PageOf), ServiceError> {
        if !comparison.paged() {
            let text = "Only versions that both have pages can be compared page by page.";
            return Err(ServiceError::Conflict(text.to_owned()));
        }
        Ok((
            self.page_of(&comparison.older_pages, older).await?,
            self.page_of(&comparison.newer_pages, newer).await?,
        ))
    }

    async fn page_of(&self, pages: &[Page], number: u32) -> Result<PageOf, ServiceError> {
        let page = pages.iter().find(|page| page.number == number);
        let page = page.ok_or(ServiceError::NotFound(Missing::Page))?;
        let source = self.readable(page.file).await?;
        Ok(PageOf { source, page: page.file_page, info: page_info(page) })
    }

    /// How two pages differ.
    ///
    /// # Errors
    /// As [`Service::tile`], for either page.
    pub async fn difference(&self, older: &PageOf, newer: &PageOf) -> Result<Difference, ServiceError> {
        Ok(self.inner.media.difference(older, newer).await?)
    }

    /// What differs as a picture to lay over the pages.
    ///
    /// # Errors
    /// As [`Service::tile`], for either page.
    pub async fn difference_mask(&self, older: &PageOf, newer: &PageOf) -> Result<Picture, ServiceError> {
        Ok(self.inner.media.difference_mask(older, newer).await?)
    }
}
