//! Opening a document: sizes first, then every page, going on where it stopped.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::flight::Unit;
use super::{Media, Priority, Source, lock};
use crate::error::{MediaError, MediaErrorKind};
use crate::page::PageInfo;
use crate::protocol::{Artifact, Event, Task};

/// Pages that may fail before the document is given up.
const MAX_FAILED_PAGES: usize = 20;
/// Times a page is tried on which a child crashes: the first crash may have had another cause.
const MAX_TRIES: u32 = 2;

/// What happens while a file is opened.
#[derive(Debug, Clone, PartialEq)]
pub enum OpenEvent {
    /// The pages and their sizes are known. Comes first, and once.
    Info {
        /// All pages in order.
        pages: Vec<PageInfo>,
    },
    /// Thumbnail and text of a page are there; for page 1 also the tiles that a screen shows first.
    Page {
        /// Counted from 1.
        number: u32,
    },
    /// A page cannot be rendered. The others go on.
    PageFailed {
        /// Counted from 1.
        number: u32,
        /// Why.
        error: MediaError,
    },
}

impl Media {
    /// Opens a file: pages and sizes first, then page 1, then thumbnail and text of every other page in order.
    /// `on_event` is called as things happen and must not block. Opening again goes on where it stopped: what
    /// is cached is only told. Dropping the future ends all work on it, children and tools included.
    ///
    /// # Errors
    /// What is wrong with the file. A single bad page is told as an event and is an error only if no page
    /// could be rendered or very many could not.
    pub async fn open(
        &self,
        source: &Source,
        on_event: impl FnMut(OpenEvent) + Send,
    ) -> Result<(), MediaError> {
        let turn = Arc::clone(lock(&self.inner.opening).entry(source.key.clone()).or_default());
        let _turn = turn.lock().await;
        let landing = self.inner.flights.announce(Unit::opening(source));
        let progress = landing.progress.clone();
        let preparing = self.inner.flights.called_off_with(Unit::preparing(source));
        let mut opening = Opening { media: self, source, on_event, state: OpenState::default() };
        let outcome = opening.run(&move || progress.step()).await;
        preparing.over();
        landing.finish(outcome.clone());
        let mut opening = lock(&self.inner.opening);
        // This one and the map's: nobody else waits.
        if opening.get(&source.key).is_some_and(|turn| Arc::strong_count(turn) <= 2) {
            opening.remove(&source.key);
        }
        outcome
    }
}

struct Opening<'a, F> {
    media: &'a Media,
    source: &'a Source,
    on_event: F,
    state: OpenState,
}

#[derive(Default)]
struct OpenState {
    pages: Option<Vec<PageInfo>>,
    done: BTreeSet<u32>,
    failed: BTreeMap<u32, MediaError>,
    tries: BTreeMap<u32, u32>,
    current: Option<u32>,
}

impl OpenState {
    fn skip(&self) -> Vec<u32> {
        self.done.iter().chain(self.failed.keys()).copied().collect()
    }

    fn has(&self, page: u32) -> bool {
        self.pages.as_ref().is_some_and(|pages| (1..=pages.len()).contains(&(page as usize)))
    }

    fn is_complete(&self) -> bool {
        self.pages.as_ref().is_some_and(|pages| self.done.len() + self.failed.len() >= pages.len())
    }
}

impl<F: FnMut(OpenEvent) + Send> Opening<'_, F> {
    async fn run(&mut self, on_file: &(dyn Fn() + Send + Sync)) -> Result<(), MediaError> {
        self.tell_cached().await?;
        while !self.state.is_complete() {
            let task = Task::Open { skip: self.state.skip() };
            let request = self.media.request_for(self.source, task).await?;
            self.state.current = None;
            let (state, tell) = (&mut self.state, &mut self.on_event);
            let on_event = |event: &Event| {
                if matches!(event, Event::File { .. }) {
                    on_file();
                }
                hear(state, tell, event);
            };
            let inner = &self.media.inner;
            let ran = inner.run(Priority::Background, &self.source.key, request, on_event).await;
            match ran {
                Ok(()) if self.state.is_complete() => {}
                Ok(()) => return Err(MediaError::new(MediaErrorKind::Crashed, "pages are missing")),
                Err(error) => self.page_failed(error)?,
            }
        }
        match self.state.failed.values().next() {
            Some(error) if self.state.done.is_empty() => Err(error.clone()),
            _ => Ok(()),
        }
    }

    async fn tell_cached(&mut self) -> Result<(), MediaError> {
        let (cache, key) = (&self.media.inner.cache, &self.source.key);
        let Some(pages) = cache.info(key).await? else { return Ok(()) };
        let count = pages.len() as u32;
        hear(&mut self.state, &mut self.on_event, &Event::Info { pages });
        for page in 1..=count {
            let thumbnail = cache.exists(key, Artifact::Thumbnail { page }).await?;
            if thumbnail && cache.exists(key, Artifact::Text { page }).await? {
                hear(&mut self.state, &mut self.on_event, &Event::Page { page });
            }
        }
        Ok(())
    }

    /// Decides whether the document can go on without the page that was being worked on.
    fn page_failed(&mut self, error: MediaError) -> Result<(), MediaError> {
        use MediaErrorKind as K;
        let of_the_page = matches!(
            error.kind(),
            K::Crashed | K::TimedOut | K::OutOfMemory | K::Damaged | K::TooLarge | K::Unsupported
        );
        let Some(page) = self.state.current.filter(|page| of_the_page && !self.state.done.contains(page))
        else {
            return Err(error);
        };
        let tries = self.state.tries.entry(page).or_default();
        *tries += 1;
        if error.kind() == K::Crashed && *tries < MAX_TRIES {
            return Ok(());
        }
        let error = error.on_page(page);
        self.state.failed.insert(page, error.clone());
        (self.on_event)(OpenEvent::PageFailed { number: page, error: error.clone() });
        if self.state.failed.len() > MAX_FAILED_PAGES { Err(error) } else { Ok(()) }
    }
}

/// Takes in what the child says and passes on what is new to the caller.
fn hear(state: &mut OpenState, tell: &mut impl FnMut(OpenEvent), event: &Event) {
    match event {
        Event::Info { pages } if state.pages.is_none() => {
            state.pages = Some(pages.clone());
            tell(OpenEvent::Info { pages: pages.clone() });
        }
        Event::Begin { page } => state.current = Some(*page),
        Event::Page { page } if state.has(*page) && state.done.insert(*page) => {
            tell(OpenEvent::Page { number: *page });
        }
        _ => {}
    }
}
