//! Web pages as PDF: what Chromium shows at a resolution, pixel for pixel, with the words over it unseen so that
//! they can be searched, and the links. And the pages of a site that links lead to.
//!
//! A page is hostile input. Each capture gets a browser of its own with an empty profile, in a process group that
//! is killed at the end, watched for time and memory. Its only way out is a proxy of ours, which looks every name
//! up, refuses private addresses and connects to the very address that it looked at.

mod browser;
mod devtools;
mod error;
mod framing;
mod page;
mod pdf;
mod png;
mod proxy;
mod site;

pub use browser::{find_browser, is_root, remove_leftovers};
pub use error::{CaptureError, CaptureErrorKind};
pub use galley_model::Resolution;
pub use proxy::{LocalFiles, Private};
pub use site::{Found, MAX_FOUND};

use browser::Browser;
use proxy::Proxy;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Semaphore, watch};
use tokio::time::Instant;

/// What the administrator decides about captures.
#[derive(Clone, Debug)]
pub struct Options {
    /// Chromium; none looks for it in the usual places.
    pub browser: Option<PathBuf>,
    /// Which addresses of private networks pages and what they load may come from.
    pub private: Private,
    /// Time for one page, from starting the browser to the finished file, a second start included.
    pub wall: Duration,
    /// Bytes that one page may load.
    pub download_bytes: u64,
    /// Private memory of the browser and all of its children, in bytes.
    pub memory_bytes: u64,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            browser: None,
            private: Private::Refused,
            wall: Duration::from_secs(60),
            download_bytes: 200 << 20,
            memory_bytes: 2 << 30,
        }
    }
}

/// What a browser does.
type Work<'a, T> = Pin<Box<dyn Future<Output = Result<T, CaptureError>> + Send + 'a>>;

/// How much of a page is captured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// All of it.
    Page,
    /// What is seen without scrolling.
    Screen,
}

/// Captures pages, one at a time: a browser takes as much of a machine as it is let. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Capturer {
    options: Options,
    turn: Arc<Semaphore>,
}

impl Capturer {
    /// A capturer. Nothing is started and nothing looked for before the first page.
    pub fn new(options: Options) -> Capturer {
        Capturer { options, turn: Arc::new(Semaphore::new(1)) }
    }

    /// The page at this address, which is http or https, as a PDF. Dropped, it leaves no process and no file.
    ///
    /// # Errors
    /// [`CaptureError`] with a sentence for whoever asked.
    pub async fn capture(&self, url: &str, resolution: Resolution) -> Result<Vec<u8>, CaptureError> {
        self.take(url, (resolution, Extent::Page), None).await
    }

    /// What is seen of the page without scrolling, as a PDF of one page.
    ///
    /// # Errors
    /// As [`Capturer::capture`].
    pub async fn first_screen(&self, url: &str, resolution: Resolution) -> Result<Vec<u8>, CaptureError> {
        self.take(url, (resolution, Extent::Screen), None).await
    }

    /// The same of a page that consists of these files and reaches nothing else.
    ///
    /// # Errors
    /// As [`Capturer::capture`].
    pub async fn first_screen_of(
        &self,
        files: Arc<dyn LocalFiles>,
        resolution: Resolution,
    ) -> Result<Vec<u8>, CaptureError> {
        let url = format!("http://{}/", proxy::LOCAL_HOST);
        self.take(&url, (resolution, Extent::Screen), Some(files)).await
    }

    async fn take(
        &self,
        url: &str,
        taken: (Resolution, Extent),
        files: Option<Arc<dyn LocalFiles>>,
    ) -> Result<Vec<u8>, CaptureError> {
        let page: Arc<str> = url.into();
        self.visit(url, files, move |browser, proxy| {
            let url = page.clone();
            Box::pin(async move { Ok(pdf::write(&page::shoot(browser, &url, taken, proxy).await?)) })
        })
        .await
    }

    /// The pages of the same domain that links on this page lead to, and those that links on those lead to. What was
    /// found so far is sent as it is found; when the time runs out, it is all there is. Dropped, it leaves no
    /// process and no file.
    ///
    /// # Errors
    /// [`CaptureError`] when nothing was found because the page itself cannot be seen.
    pub async fn find_pages(&self, url: &str, found: &watch::Sender<Found>) -> Result<(), CaptureError> {
        found.send_replace(Found::default());
        let (page, news): (Arc<str>, _) = (url.into(), found.clone());
        let outcome = self.visit(url, None, move |browser, proxy| {
            let (url, news) = (page.clone(), news.clone());
            Box::pin(async move { site::explore(browser, &url, proxy, &news).await })
        });
        match outcome.await {
            Err(error) if found.borrow().pages.is_empty() => Err(error),
            // What there is helps whoever asked.
            Err(_) => {
                found.send_modify(|found| found.more = true);
                Ok(())
            }
            Ok(()) => Ok(()),
        }
    }

    /// Has a browser do something, twice if it ends by itself.
    async fn visit<T>(
        &self,
        url: &str,
        files: Option<Arc<dyn LocalFiles>>,
        work: impl for<'a> Fn(&'a mut Browser, &'a Proxy) -> Work<'a, T>,
    ) -> Result<T, CaptureError> {
        let program = find_browser(self.options.browser.as_deref())
            .ok_or_else(|| CaptureError::new(CaptureErrorKind::NoBrowser, "no program found"))?;
        let _turn = self.turn.acquire().await;
        let until = Instant::now() + self.options.wall;
        let outcome = match self.attempt(&program, until, files.clone(), &work).await {
            // Chromium ends by itself now and then, mostly while it starts on a busy machine, and whoever waits
            // should not wait for the queue's next try because of that.
            Err(error) if error.kind() == &CaptureErrorKind::Crashed => {
                tracing::info!(url, %error, "the browser is started once more");
                self.attempt(&program, until, files, &work).await
            }
            outcome => outcome,
        };
        if let Err(error) = &outcome {
            tracing::info!(url, %error, "a page was not captured");
        }
        outcome
    }

    /// Whether a page of `own`, an origin such as `https://proofs.example.com`, may frame the page at this address,
    /// which is https, and whether that can be reached at all.
    ///
    /// # Errors
    /// [`CaptureError`] with a sentence for whoever asked.
    pub async fn check_framing(&self, url: &str, own: &str) -> Result<(), CaptureError> {
        framing::check(url, own, &self.options.private).await
    }

    /// One browser from its start to its end, which is there at this time at the latest.
    async fn attempt<T>(
        &self,
        program: &Path,
        until: Instant,
        files: Option<Arc<dyn LocalFiles>>,
        work: &impl for<'a> Fn(&'a mut Browser, &'a Proxy) -> Work<'a, T>,
    ) -> Result<T, CaptureError> {
        let proxy = Proxy::start(self.options.private.clone(), files, self.options.download_bytes).await?;
        let mut browser = Browser::start(program, proxy.address(), self.options.memory_bytes)?;
        let outcome = tokio::select! {
            outcome = tokio::time::timeout_at(until, work(&mut browser, &proxy)) => outcome.ok(),
            () = proxy.exhausted() => Some(Err(CaptureError::crashed("cut off"))),
        };
        let outcome = outcome.unwrap_or_else(|| {
            let kind = CaptureErrorKind::TimedOut(self.options.wall.as_secs());
            Err(CaptureError::new(kind, format!("last asked for {}", browser.devtools.doing)))
        });
        let outcome = match (outcome, browser.verdict(), proxy.is_exhausted()) {
            // A page that was cut off looks finished.
            (_, _, true) => Err(CaptureError::new(
                CaptureErrorKind::TooMuchData(self.options.download_bytes >> 20),
                "the download limit was reached",
            )),
            (Err(_), Some(kind), _) => Err(CaptureError::new(kind, "killed by the watch")),
            (Err(error), None, _) if error.kind() == &CaptureErrorKind::Crashed => {
                Err(browser.explain(error).await)
            }
            (outcome, _, _) => outcome,
        };
        browser.close().await;
        outcome
    }
}
