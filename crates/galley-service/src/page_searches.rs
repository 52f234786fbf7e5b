//! Addresses of web pages as people type them, and searches for the sub-pages of a site: asked for, made by a job
//! like a capture, and kept only until whoever asked has picked from what was found.

use crate::worker::blocking;
use crate::{Missing, Service, ServiceError, UserCaller};
use galley_capture::{Found, find_browser};
use galley_model::{
    FoundPage, MAX_RESOLUTIONS, MAX_WEB_PAGES, PageSearch, PageSearchId, PageSearchState, Resolution,
    Timestamp, Urgency, WebPage, typed_web_address,
};
use galley_store::{JobKind, LeasedJob, Write};
use jiff::SignedDuration;
use std::time::Duration;
use tokio::sync::watch;

/// A search that nobody picked from is forgotten after this.
const KEPT: SignedDuration = SignedDuration::from_hours(1);

/// How often the progress of a search is written down at most.
const WRITE_EVERY: Duration = Duration::from_millis(500);

impl Service {
    /// Whether there is a browser to capture web pages with.
    pub fn captures_pages(&self) -> bool {
        find_browser(self.inner.config.captures.browser.as_deref()).is_some()
    }

    /// The address that somebody means who typed this, if its page may be captured.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] with a sentence for that somebody.
    pub fn check_web_address(&self, typed: &str) -> Result<String, ServiceError> {
        let invalid = |text: String| ServiceError::Invalid("url", text);
        let url = typed_web_address(typed).map_err(|error| invalid(error.to_string()))?;
        match self.inner.config.captures.private.refusal(&url) {
            Some(refusal) => Err(invalid(refusal)),
            None => Ok(url),
        }
    }

    /// Web pages as they are to be captured: each address at each of its resolutions; at the usual one if it has
    /// none.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] for more than 20 addresses, for more than six resolutions of one, and as
    /// [`Service::check_web_address`].
    pub fn web_pages(&self, wanted: &[(String, Vec<Resolution>)]) -> Result<Vec<Vec<WebPage>>, ServiceError> {
        if wanted.len() > MAX_WEB_PAGES {
            let text = format!("At most {MAX_WEB_PAGES} web addresses at a time.");
            return Err(ServiceError::Invalid("url", text));
        }
        let pages = |(typed, resolutions): &(String, Vec<Resolution>)| {
            if resolutions.len() > MAX_RESOLUTIONS {
                let text = format!("At most {MAX_RESOLUTIONS} resolutions of one address.");
                return Err(ServiceError::Invalid("resolutions", text));
            }
            let url = self.check_web_address(typed)?;
            let usual = [Resolution::default()];
            let all = if resolutions.is_empty() { &usual[..] } else { resolutions };
            Ok(all.iter().map(|resolution| WebPage { url: url.clone(), resolution: *resolution }).collect())
        };
        wanted.iter().map(pages).collect()
    }

    /// Has the sub-pages of a web page looked for. An earlier search of the same user ends: people pick from one
    /// at a time.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for profiles that create nothing; [`ServiceError::Invalid`] as
    /// [`Service::check_web_address`].
    pub fn find_pages(&self, caller: &UserCaller, typed: &str) -> Result<PageSearch, ServiceError> {
        if !caller.profile().creates() {
            return Err(ServiceError::Forbidden);
        }
        let url = self.check_web_address(typed)?;
        let now = self.now();
        let search = self.store().write(|tx| {
            for earlier in tx.page_searches_of(caller.id())? {
                forget(tx, earlier)?;
            }
            let id = tx.add_page_search(caller.id(), &url, now)?;
            tx.add_job(JobKind::FindPages, id.0, Urgency::Awaited.rank(), now, now)?;
            tx.page_search(id)?.ok_or(ServiceError::NotFound(Missing::PageSearch))
        })?;
        self.inner.work.notify_one();
        Ok(search)
    }

    /// How far a search of the caller's is, and what it found.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], also once it was forgotten.
    pub fn page_search(
        &self,
        caller: &UserCaller,
        id: PageSearchId,
    ) -> Result<(PageSearch, Vec<FoundPage>), ServiceError> {
        self.store().read(|tx| {
            let search = tx.page_search(id)?.filter(|search| search.user == caller.id());
            Ok((search.ok_or(ServiceError::NotFound(Missing::PageSearch))?, tx.found_pages(id)?))
        })
    }

    /// Calls off a search of the caller's, and forgets what it found.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`].
    pub fn forget_page_search(&self, caller: &UserCaller, id: PageSearchId) -> Result<(), ServiceError> {
        self.store().write(|tx| {
            let search = tx.page_search(id)?.filter(|search| search.user == caller.id());
            search.ok_or(ServiceError::NotFound(Missing::PageSearch))?;
            forget(tx, id)
        })
    }

    /// Forgets searches that nobody came back to.
    pub(crate) fn forget_page_searches(&self, now: Timestamp) -> Result<(), ServiceError> {
        let old = self.store().read(|tx| tx.page_searches_before(now - KEPT))?;
        old.into_iter().try_for_each(|id| self.store().write(|tx| forget(tx, id)))
    }

    /// Does the job. Done again after a crash, it begins anew.
    pub(crate) async fn search_pages(&self, job: &LeasedJob) -> Result<(), ServiceError> {
        let (service, id) = (self.clone(), PageSearchId(job.subject));
        let Some(search) = blocking(move || Ok(service.store().read(|tx| tx.page_search(id))?)).await? else {
            return self.finish(job, |_| Ok(())).await;
        };
        let (news, mut found) = watch::channel(Found::default());
        let outcome = {
            let look = self.inner.capturer.find_pages(&search.url, &news);
            tokio::pin!(look);
            loop {
                tokio::select! {
                    outcome = &mut look => break outcome,
                    () = async {
                        tokio::time::sleep(WRITE_EVERY).await;
                        // The sender lives as long as this.
                        let _ = found.changed().await;
                    } => {
                        let so_far = found.borrow_and_update().clone();
                        self.note_search(job, &PageSearchState::Searching, so_far).await?;
                    }
                }
            }
        };
        let found = news.borrow().clone();
        match outcome {
            Ok(()) => self.end_search(job, PageSearchState::Done, found).await,
            Err(error) => self.met(job, error.into()).await,
        }
    }

    /// Ends a search that comes to nothing.
    pub(crate) async fn end_page_search(&self, job: &LeasedJob, problem: String) -> Result<(), ServiceError> {
        self.end_search(job, PageSearchState::Failed(problem), Found::default()).await
    }

    async fn end_search(
        &self,
        job: &LeasedJob,
        state: PageSearchState,
        found: Found,
    ) -> Result<(), ServiceError> {
        let id = PageSearchId(job.subject);
        self.finish(job, move |tx| tx.set_page_search(id, &state, &found.pages, (found.looked, found.more)))
            .await
    }

    /// Writes down what was found so far. Whoever lost the job writes nothing.
    async fn note_search(
        &self,
        job: &LeasedJob,
        state: &PageSearchState,
        found: Found,
    ) -> Result<(), ServiceError> {
        let (service, job, state) = (self.clone(), job.clone(), state.clone());
        blocking(move || {
            service.store().write(|tx| {
                if tx.holds_job(&job)? {
                    let progress = (found.looked, found.more);
                    tx.set_page_search(PageSearchId(job.subject), &state, &found.pages, progress)?;
                }
                Ok(())
            })
        })
        .await
    }
}

/// Forgets a search, and ends the job that makes it: whoever is at it notices.
fn forget(tx: &Write<'_>, id: PageSearchId) -> Result<(), ServiceError> {
    tx.drop_job(JobKind::FindPages, id.0)?;
    Ok(tx.delete_page_search(id)?)
}
