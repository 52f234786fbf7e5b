//! The server's half: what is asked for, from the cache or from a child.

mod cache;
mod compare;
mod convert;
mod evict;
mod ffmpeg;
mod film;
mod flight;
mod logo;
mod open;
mod plan;
mod previews;
mod probe;
mod process;
mod second;
mod site;

use std::collections::HashMap;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::Semaphore;

use crate::error::{MediaError, MediaErrorKind};
use crate::kind::{FileKind, SNIFFED, sniff};
use crate::limits::{ChildCommand, MediaOptions, Protection};
use crate::page::{ContentsEntry, PageInfo, PageText, TILE};
use crate::preflight::Facts;
use crate::protocol::{Artifact, Event, Request, Task};
use crate::shape::{Part, Shape};
use crate::site::Site;
use crate::tools::Tools;
use cache::Cache;
use flight::{Flight, Flights, Unit};

pub use compare::PageOf;
pub use film::Playing;
pub use logo::LogoPicture;
pub use open::OpenEvent;
pub use site::{STAND_IN, Unpacked};

/// Renders that may wait for a child; more are refused as busy.
const MAX_WAITING: usize = 256;
/// Levels of up to this many pixels are rendered as a whole on a miss, others in blocks of [`BLOCK_TILES`].
const WHOLE_LEVEL_PIXELS: u64 = 16 << 20;
/// Columns and rows of tiles in a block.
const BLOCK_TILES: u32 = 4;
/// Longest side of an excerpt.
const EXCERPT_SIDE: u32 = 640;
/// Longest time a viewer waits for its turn.
const MAX_WAIT: Duration = Duration::from_secs(60);

/// A file to render.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Names the file in the cache: `[a-z0-9]{1,64}`, and never the same for other content.
    pub key: String,
    /// Where the file is.
    pub path: PathBuf,
    /// What [`crate::sniff`] says of it.
    pub kind: FileKind,
    /// The moment of a video that is meant, in microseconds after its first frame began; none for the whole file.
    pub moment: Option<u64>,
}

impl Source {
    /// A video as the one picture that is seen at this moment, in microseconds.
    #[must_use]
    pub fn at(&self, moment: u64) -> Source {
        Source { key: format!("{}at{moment}", self.key), moment: Some(moment), ..self.clone() }
    }

    /// The file that a moment is one of.
    fn whole(&self) -> Source {
        let suffix = self.moment.map(|moment| format!("at{moment}"));
        let key = suffix.and_then(|suffix| self.key.strip_suffix(&suffix));
        Source { key: key.unwrap_or(&self.key).to_owned(), moment: None, ..self.clone() }
    }
}

impl Source {
    /// Whether a tool makes something else of the file before it is decoded: slow work.
    pub fn is_converted(&self) -> bool {
        plan::is_converted(self.kind)
    }
}

/// An encoded picture to send to a browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The file.
    pub bytes: Bytes,
    /// `image/png` or `image/jpeg`, as the content demands.
    pub mime: &'static str,
}

/// Renders files through child processes and keeps the results. Clones share everything. Needs a tokio runtime.
#[derive(Clone)]
pub struct Media {
    inner: Arc<Inner>,
}

struct Inner {
    child: ChildCommand,
    options: MediaOptions,
    cache: Cache,
    /// One permit per child.
    children: Semaphore,
    /// One permit less: what is not asked for by a waiting viewer leaves room for what is.
    background: Semaphore,
    flights: Flights,
    opening: Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>,
    /// A permit for who makes a file that browsers play, which takes a processor for long.
    films: Semaphore,
    making: Mutex<HashMap<String, Arc<film::Making>>>,
    /// Indexes of bundles that were asked for last: a page asks for its files one by one.
    sites: Mutex<Vec<(String, Arc<Site>)>>,
}

/// Who waits for a child's work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Priority {
    Viewer,
    Background,
}

impl Media {
    /// Uses (and creates) `cache_dir`. What earlier processes left unfinished there is removed.
    ///
    /// # Errors
    /// If the folder cannot be created or written.
    pub fn new(child: ChildCommand, cache_dir: PathBuf, options: MediaOptions) -> io::Result<Self> {
        let cache = Cache::new(&cache_dir, options.cache_limit_bytes)?;
        let children = options.max_children.max(2);
        let inner = Inner {
            child,
            options,
            cache,
            children: Semaphore::new(children),
            background: Semaphore::new(children - 1),
            flights: Flights::default(),
            opening: Mutex::default(),
            films: Semaphore::new(1),
            making: Mutex::default(),
            sites: Mutex::default(),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// A tile of a page, from the cache or rendered now. `page` counts from 1 and `info` is what opening the
    /// file said of it; `level`, `x` and `y` are as in [`PageInfo::pyramid`].
    ///
    /// # Errors
    /// `OutOfRange` if there is no such page, level or tile; `Busy` if too much is being rendered; else what
    /// went wrong with the file. An error that would come again is answered from memory for a while.
    pub async fn tile(
        &self,
        source: &Source,
        page: u32,
        info: &PageInfo,
        level: u8,
        x: u32,
        y: u32,
    ) -> Result<Picture, MediaError> {
        let pyramid = info.pyramid();
        let out_of_range =
            || MediaError::new(MediaErrorKind::OutOfRange, format!("tile {page}/{level}/{x}/{y}"));
        let (width, height) = pyramid.level_size(level).ok_or_else(out_of_range)?;
        let (columns, rows) = (width.div_ceil(TILE), height.div_ceil(TILE));
        if page == 0 || x >= columns || y >= rows {
            return Err(out_of_range());
        }
        let artifact = Artifact::Tile { page, level, x, y };
        if let Some(picture) = self.cached_picture(source, artifact).await? {
            return Ok(picture);
        }
        // While an image is being opened all tiles of its first page are on their way already.
        if !info.vector
            && page == 1
            && let Some(flight) = self.inner.flights.under_way(&Unit::opening(source))
            && let Ok(picture) = self.land(source, artifact, flight).await
        {
            return Ok(picture);
        }
        let whole = !info.vector || u64::from(width) * u64::from(height) <= WHOLE_LEVEL_PIXELS;
        let span = |at: u32, count: u32| {
            let start = if whole { 0 } else { at / BLOCK_TILES * BLOCK_TILES };
            (start, if whole { count } else { (start + BLOCK_TILES).min(count) })
        };
        let ((x0, x1), (y0, y1)) = (span(x, columns), span(y, rows));
        let task = Task::Tiles { page, level, x0, x1, y0, y1, first: (x, y) };
        self.render(source, artifact, Unit::tiles(source, page, level, x0, y0), task).await
    }

    /// A small picture of a page, longest side at most 320 pixels. `page` counts from 1.
    ///
    /// # Errors
    /// As for [`Media::tile`].
    pub async fn thumbnail(&self, source: &Source, page: u32) -> Result<Picture, MediaError> {
        let artifact = Artifact::Thumbnail { page };
        if let Some(picture) = self.cached_picture(source, artifact).await? {
            return Ok(picture);
        }
        self.render(source, artifact, Unit::page(source, page), Task::Page { page }).await
    }

    /// Shapes over the part of a page around them (the whole page if there are none), longest side at most 640
    /// pixels. `page` counts from 1; `id` names the picture in the cache and never stands for other shapes.
    ///
    /// # Errors
    /// As for [`Media::tile`].
    pub async fn excerpt(
        &self,
        source: &Source,
        page: u32,
        id: u64,
        shapes: &[Shape],
    ) -> Result<Picture, MediaError> {
        let artifact = Artifact::Excerpt { page, id };
        if let Some(picture) = self.cached_picture(source, artifact).await? {
            return Ok(picture);
        }
        let (part, shapes) = (Part::around(shapes), shapes.to_vec());
        let task = Task::Excerpt { page, id, part, shapes, side: EXCERPT_SIDE };
        self.render(source, artifact, Unit::excerpt(source, page, id), task).await
    }

    /// A whole page, longest side at most `side` pixels. `page` counts from 1.
    ///
    /// # Errors
    /// As for [`Media::tile`].
    pub async fn page(&self, source: &Source, page: u32, side: u32) -> Result<Picture, MediaError> {
        // Ids of excerpts are those of comments and never have the highest bit.
        let id = 1 << 63 | u64::from(side);
        let artifact = Artifact::Excerpt { page, id };
        if let Some(picture) = self.cached_picture(source, artifact).await? {
            return Ok(picture);
        }
        let task = Task::Excerpt { page, id, part: Part::around(&[]), shapes: Vec::new(), side };
        self.render(source, artifact, Unit::excerpt(source, page, id), task).await
    }

    /// The words of a page with their boxes, and its links; none for images. `page` counts from 1.
    ///
    /// # Errors
    /// As for [`Media::tile`].
    pub async fn text(&self, source: &Source, page: u32) -> Result<PageText, MediaError> {
        let artifact = Artifact::Text { page };
        let path = self.inner.cache.path(&source.key, artifact)?;
        let bytes = match self.inner.cache.read(&path).await? {
            Some(bytes) => bytes,
            None => {
                let flight = self.start(source, Unit::page(source, page), Task::Page { page })?;
                self.land_bytes(source, artifact, flight).await?
            }
        };
        serde_json::from_slice(&bytes)
            .map_err(|e| MediaError::new(MediaErrorKind::Io, format!("cached text: {e}")))
    }

    /// What a person who prints wants to know of a file; what it was converted to where it had to be.
    ///
    /// # Errors
    /// As for [`Media::tile`].
    pub async fn preflight(&self, source: &Source) -> Result<Facts, MediaError> {
        let path = self.inner.cache.path(&source.key, Artifact::Preflight)?;
        let bytes = match self.inner.cache.read(&path).await? {
            Some(bytes) => bytes,
            None => {
                self.land_at(&path, self.start(source, Unit::preflight(source), Task::Preflight)?).await?
            }
        };
        serde_json::from_slice(&bytes)
            .map_err(|e| MediaError::new(MediaErrorKind::Io, format!("cached facts: {e}")))
    }

    /// The table of contents that a document brings, in reading order; empty for most.
    ///
    /// # Errors
    /// As for [`Media::tile`].
    pub async fn contents(&self, source: &Source) -> Result<Vec<ContentsEntry>, MediaError> {
        let path = self.inner.cache.path(&source.key, Artifact::Contents)?;
        let bytes = match self.inner.cache.read(&path).await? {
            Some(bytes) => bytes,
            None => self.land_at(&path, self.start(source, Unit::contents(source), Task::Contents)?).await?,
        };
        serde_json::from_slice(&bytes)
            .map_err(|e| MediaError::new(MediaErrorKind::Io, format!("cached contents: {e}")))
    }

    /// Removes everything cached for a file. Works that are under way may leave a little behind.
    ///
    /// # Errors
    /// If a folder cannot be removed.
    pub async fn forget(&self, key: &str) -> Result<(), MediaError> {
        lock(&self.inner.sites).retain(|(of, _)| of != key);
        self.inner.cache.forget(key).await
    }

    /// Counts what the cache takes on the disk anew, for caches that several processes share.
    pub fn recount(&self) {
        self.inner.cache.recount();
    }

    /// Forgets what went wrong with a file, so that it is tried again at once.
    pub fn forget_failures(&self, key: &str) {
        self.inner.flights.forget_failures(key);
    }

    /// The programs that convert what is not decoded here.
    pub fn tools(&self) -> &Tools {
        &self.inner.options.tools
    }

    /// What protects children on this machine, as reported by one.
    ///
    /// # Errors
    /// If a child cannot be started or does not answer.
    pub async fn protection(&self) -> Result<Protection, MediaError> {
        let mut found = None;
        let request = self.request(FileKind::Pdf, PathBuf::from("/dev/null"), Task::Probe);
        let on_event = |event: &Event| {
            if let Event::Ready { protection } = event {
                found = Some(*protection);
            }
        };
        self.inner.run(Priority::Viewer, "probe", request, on_event).await?;
        found.ok_or_else(|| MediaError::new(MediaErrorKind::Crashed, "the child said nothing"))
    }

    async fn cached_picture(
        &self,
        source: &Source,
        artifact: Artifact,
    ) -> Result<Option<Picture>, MediaError> {
        let path = self.inner.cache.path(&source.key, artifact)?;
        self.inner.cache.read(&path).await?.map(picture).transpose()
    }

    async fn render(
        &self,
        source: &Source,
        artifact: Artifact,
        unit: Unit,
        task: Task,
    ) -> Result<Picture, MediaError> {
        let flight = self.start(source, unit, task)?;
        self.land(source, artifact, flight).await
    }

    /// Starts a child for the unit, or joins the one that is at it.
    fn start(&self, source: &Source, unit: Unit, task: Task) -> Result<Flight, MediaError> {
        let media = self.clone();
        let source = source.clone();
        self.inner.flights.join_or_start(unit, MAX_WAITING, move |progress| async move {
            let request = media.request_for(&source, task).await?;
            let on_event = |event: &Event| {
                if matches!(event, Event::File { .. }) {
                    progress.step();
                }
            };
            media.inner.run(Priority::Viewer, &source.key, request, on_event).await
        })
    }

    async fn land(&self, source: &Source, artifact: Artifact, flight: Flight) -> Result<Picture, MediaError> {
        picture(self.land_bytes(source, artifact, flight).await?)
    }

    /// Waits until the file is there, which may be long before the child is done.
    async fn land_bytes(
        &self,
        source: &Source,
        artifact: Artifact,
        flight: Flight,
    ) -> Result<Bytes, MediaError> {
        self.land_at(&self.inner.cache.path(&source.key, artifact)?, flight).await
    }

    async fn land_at(&self, path: &std::path::Path, mut flight: Flight) -> Result<Bytes, MediaError> {
        loop {
            let outcome = flight.outcome();
            if let Some(bytes) = self.inner.cache.read(path).await? {
                return Ok(bytes);
            }
            match outcome {
                None => flight.changed().await,
                Some(Err(error)) => return Err(error),
                Some(Ok(())) => return Err(MediaError::new(MediaErrorKind::Io, "a result is missing")),
            }
        }
    }

    /// Looks at size and first bytes, converts what has to be, then puts the request together.
    async fn request_for(&self, source: &Source, task: Task) -> Result<Request, MediaError> {
        let (path, kind) = self.decodable(source).await?;
        Ok(self.request(kind, path, task))
    }

    fn request(&self, kind: FileKind, input: PathBuf, task: Task) -> Request {
        let limits = &self.inner.options.limits;
        Request {
            input,
            kind,
            out: PathBuf::new(),
            max_pages: limits.max_pages,
            max_page_pixels: limits.max_page_pixels,
            max_page_side: limits.max_page_side,
            helpers: self.inner.options.tools.that_draw(),
            drawn: Vec::new(),
            task,
        }
    }
}

fn check_file(path: &std::path::Path, kind: FileKind, limit: u64) -> Result<(), MediaError> {
    use std::io::Read;
    let failed = |e: io::Error| MediaError::io("reading the file", &e);
    let file = std::fs::File::open(path).map_err(failed)?;
    let length = file.metadata().map_err(failed)?.len();
    if length == 0 {
        return Err(MediaError::new(MediaErrorKind::Empty, "0 bytes"));
    }
    if length > limit {
        return Err(MediaError::new(MediaErrorKind::TooLarge, format!("{length} bytes")));
    }
    let mut head = Vec::with_capacity(SNIFFED);
    file.take(SNIFFED as u64).read_to_end(&mut head).map_err(failed)?;
    match sniff(&head, &format!("file.{}", kind.extension())) {
        Ok(found) if found == kind => Ok(()),
        Ok(_) => Err(MediaError::new(MediaErrorKind::Unsupported, "the file is of another kind than said")),
        Err(refusal) => Err(MediaError::new(MediaErrorKind::Refused(refusal), "by its first bytes")),
    }
}

fn picture(bytes: Bytes) -> Result<Picture, MediaError> {
    match sniff(&bytes[..bytes.len().min(SNIFFED)], "") {
        Ok(kind @ (FileKind::Png | FileKind::Jpeg)) => Ok(Picture { bytes, mime: kind.mime() }),
        _ => Err(MediaError::new(MediaErrorKind::Io, "a cached picture is none")),
    }
}

/// Locks; a panic elsewhere does not matter to what these locks guard.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
