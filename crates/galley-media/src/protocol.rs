//! What the two halves say to each other: one JSON request on stdin, JSON lines on stdout, and files in the
//! child's output folder under names both sides work out from numbers.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::compare::align::Sheet;
use crate::error::MediaError;
use crate::flavor::Flavor;
use crate::kind::FileKind;
use crate::limits::Protection;
use crate::page::PageInfo;
use crate::shape::{Part, Shape};
use crate::tools::Tool;

/// Name of the environment variable that carries [`ChildLimits`]; the only one the child gets.
pub(crate) const LIMITS_VARIABLE: &str = "GALLEY_MEDIA_LIMITS";

/// What the child sets as its own limits before it does anything else.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ChildLimits {
    pub memory_bytes: u64,
    pub cpu_seconds: u64,
    pub output_bytes: u64,
    /// For a tool, which may start threads and open more files than a decoder.
    #[serde(default)]
    pub tool: bool,
}

/// One job for one child.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Request {
    pub input: PathBuf,
    pub kind: FileKind,
    pub out: PathBuf,
    pub max_pages: u32,
    pub max_page_pixels: u64,
    pub max_page_side: f64,
    /// Tools that may be asked for a page which the engine here cannot draw right.
    #[serde(default)]
    pub helpers: Vec<Tool>,
    /// What such tools have drawn.
    #[serde(default)]
    pub drawn: Vec<Drawn>,
    pub task: Task,
}

/// A picture of a page, or of a part of it, that a tool is to draw.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Wanted {
    pub tool: Tool,
    /// The page is one of the newer file of a comparison.
    pub newer: bool,
    pub page: u32,
    /// Width and height of the page in points, as it is shown.
    pub points: (f64, f64),
    /// Width and height of the whole page in pixels.
    pub whole: (u32, u32),
    /// Left, top, width and height of the part.
    pub area: [u32; 4],
}

/// Such a picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Drawn {
    pub of: Wanted,
    /// A PPM; none if the tool could not, and the engine here has to.
    pub picture: Option<PathBuf>,
}

/// Pages count from 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "task", rename_all = "snake_case")]
pub(crate) enum Task {
    /// Page sizes, then what every page needs, the pages in `skip` excepted.
    Open { skip: Vec<u32> },
    /// Thumbnail and text of one page.
    Page { page: u32 },
    /// The tiles of columns `x0..x1` and rows `y0..y1` of a level, beginning with `first`.
    Tiles { page: u32, level: u8, x0: u32, x1: u32, y0: u32, y1: u32, first: (u32, u32) },
    /// A part of a page with shapes over it, longest side at most `side` pixels. `id` names the result.
    Excerpt { page: u32, id: u64, part: Part, shapes: Vec<Shape>, side: u32 },
    /// How a page differs from one of another file, both laid on the sheet.
    Compare { page: u32, newer: OtherPage, sheet: Sheet },
    /// What a person who prints wants to know.
    Preflight,
    /// The table of contents.
    Contents,
    /// A logo within each of these sizes in pixels; what kind of image it is, its first bytes say.
    Logo { sizes: Vec<(u32, u32)> },
    /// Which office document a package or compound file is.
    Inspect,
    /// Unpacking a package that is a web page; nothing comes of one that is a document.
    Site,
    /// Becoming another program, which then has no more rights than this child left it.
    Launch(Launch),
    /// Drawing every page at so many dots per inch and keeping nothing: for measuring what drawing costs.
    Draw { dpi: f64 },
    /// Nothing but reporting how the child is protected.
    Probe,
}

/// A program to become.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Launch {
    /// The program; none only reports how it would be protected.
    pub program: Option<PathBuf>,
    pub args: Vec<String>,
    pub variables: Vec<(String, String)>,
}

/// A line from the child.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(crate) enum Event {
    /// The limits are set; the file is not opened yet.
    Ready { protection: Protection },
    /// Which office document it is.
    Flavor { flavor: Flavor },
    /// The sizes of all pages.
    Info { pages: Vec<PageInfo> },
    /// Work on a page begins.
    Begin { page: u32 },
    /// A file is complete in the output folder.
    File { file: Artifact },
    /// Thumbnail and text of a page are complete.
    Page { page: u32 },
    /// A picture without which the page cannot be drawn right. Nothing else is made of the page.
    Wanted { wanted: Wanted },
    /// It cannot be done; nothing follows.
    Failed { error: MediaError },
    /// All is done; nothing follows.
    Done,
}

/// Something rendered, as it is kept in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub(crate) enum Artifact {
    Thumbnail {
        page: u32,
    },
    Text {
        page: u32,
    },
    Tile {
        page: u32,
        level: u8,
        x: u32,
        y: u32,
    },
    Excerpt {
        page: u32,
        id: u64,
    },
    Logo {
        number: u32,
    },
    Difference {
        older: u32,
        newer: u32,
    },
    Mask {
        older: u32,
        newer: u32,
    },
    Preflight,
    Contents,
    /// Which files a bundle has.
    Site,
    /// All of them, one after the other.
    SiteFiles,
}

/// A page of another file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct OtherPage {
    pub input: PathBuf,
    pub kind: FileKind,
    pub page: u32,
}

impl Request {
    /// The files that the child reads, with their kinds.
    pub(crate) fn inputs(&self) -> impl Iterator<Item = (&Path, FileKind)> {
        let other = match &self.task {
            Task::Compare { newer, .. } => Some((newer.input.as_path(), newer.kind)),
            _ => None,
        };
        let drawn = self.drawn.iter().filter_map(|drawn| Some((drawn.picture.as_deref()?, FileKind::Pnm)));
        std::iter::once((self.input.as_path(), self.kind)).chain(other).chain(drawn)
    }
}

impl Artifact {
    /// The file's name in the child's output folder.
    pub(crate) fn flat_name(self) -> String {
        match self {
            Self::Thumbnail { page } => format!("p{page}-thumbnail"),
            Self::Text { page } => format!("p{page}-text"),
            Self::Tile { page, level, x, y } => format!("p{page}-l{level}-{x}-{y}"),
            Self::Excerpt { page, id } => format!("p{page}-e{id}"),
            Self::Logo { number } => format!("logo-{number}"),
            Self::Difference { older, newer } => format!("d{older}-{newer}"),
            Self::Mask { older, newer } => format!("m{older}-{newer}"),
            Self::Preflight => "preflight".to_owned(),
            Self::Contents => "contents".to_owned(),
            Self::Site => "site".to_owned(),
            Self::SiteFiles => "site-files".to_owned(),
        }
    }

    /// The file's place below the folder of its source in the cache.
    pub(crate) fn cache_path(self) -> String {
        match self {
            Self::Thumbnail { page } => format!("p{page}/thumbnail"),
            Self::Text { page } => format!("p{page}/text"),
            Self::Tile { page, level, x, y } => format!("p{page}/l{level}/{x}_{y}"),
            Self::Excerpt { page, id } => format!("p{page}/e{id}"),
            Self::Logo { number } => format!("logo/{number}"),
            Self::Difference { older, newer } => format!("d{older}_{newer}/difference"),
            Self::Mask { older, newer } => format!("d{older}_{newer}/mask"),
            Self::Preflight => "preflight".to_owned(),
            Self::Contents => "contents".to_owned(),
            Self::Site => "site".to_owned(),
            Self::SiteFiles => "site-files".to_owned(),
        }
    }
}
