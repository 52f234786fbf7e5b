//! What can go wrong with a file, in words a reviewer understands.

use std::fmt;
use std::io;

use serde::{Deserialize, Serialize};

use crate::tools::Tool;

/// Why a file is refused by what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// Of no kind that we know.
    Unknown,
    /// Encapsulated PostScript.
    Eps,
    /// A web page.
    Html,
    /// Flash, InDesign, Quark.
    Layout,
    /// A ZIP file that is no document.
    Archive,
    /// A ZIP file with several web pages, none of which is the first.
    BundlePages,
    /// Names in a ZIP file that lead out of it, or mean two things.
    BundleNames,
    /// Symbolic links and the like in a ZIP file.
    BundleLinks,
    /// Too many files in a ZIP file.
    BundleFiles,
    /// Too large a ZIP file.
    BundleSize,
    /// A ZIP file that unpacks to too much.
    BundleUnpacked,
    /// A template of an office program.
    Template,
    /// A presentation that starts by itself (PPS, PPSX).
    SlideShow,
    /// An OLE file that is no document we know.
    Compound,
}

impl Refusal {
    /// What to tell a person.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Unknown => {
                "Galley cannot read this kind of file. The upload page lists the kinds it reads."
            }
            Self::Eps => "Galley does not read EPS files. Save it as a PDF and upload that.",
            Self::Html => "Galley does not read web pages as files. Save the page as a PDF and upload that.",
            Self::Layout => "Galley does not read Flash or layout files. Export a PDF and upload that.",
            Self::Archive => {
                "This ZIP file is neither a document nor a web page: it has no HTML file at its top. \
                 Upload the files in it one by one."
            }
            Self::BundlePages => {
                "This ZIP file has several HTML files at its top. Call the first one index.html, or leave only one."
            }
            Self::BundleNames => {
                "This ZIP file has names that lead out of it, that are there twice or that no web server knows. \
                 Pack the folder of the web page anew."
            }
            Self::BundleLinks => {
                "This ZIP file has links in it in place of files. Pack the files themselves."
            }
            Self::BundleFiles => {
                "This ZIP file has more than 10,000 files. Leave out what the page does not need."
            }
            Self::BundleSize => "A ZIP file with a web page can have at most 500 MB.",
            Self::BundleUnpacked => {
                "This ZIP file unpacks to far more than its size, or to more than 1 GB, which no web page needs."
            }
            Self::Template => "Galley does not read templates. Save it as a document and upload that.",
            Self::SlideShow => "Galley does not read slide shows. Save it as a presentation and upload that.",
            Self::Compound => "Galley cannot read this document. Save it as a PDF and upload that.",
        }
    }
}

/// Why a file, a page or a tile could not be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaErrorKind {
    /// Not a format, or not a variant of a format, that we render.
    Unsupported,
    /// A kind of file that is refused, and why.
    Refused(Refusal),
    /// A tool is needed that this machine does not have.
    MissingTool(Tool),
    /// A tool refused to convert the file, or made nothing of it.
    Unconvertible,
    /// The file has no bytes, or the document no pages.
    Empty,
    /// The file is broken, cut off or not what its first bytes promise.
    Damaged,
    /// A password is needed to open the document.
    PasswordProtected,
    /// More bytes, pixels or metres than the limits allow.
    TooLarge,
    /// More pages than the limits allow.
    TooManyPages,
    /// The time limit ran out.
    TimedOut,
    /// The memory limit was reached.
    OutOfMemory,
    /// The renderer died.
    Crashed,
    /// No room is left for what was rendered.
    StorageFull,
    /// Reading, writing or starting the renderer failed.
    Io,
    /// Too much is waiting to be rendered already.
    Busy,
    /// There is no such page, level or tile.
    OutOfRange,
}

/// An error of this crate. Cheap to clone; what is for the log only stays in [`MediaError::detail`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediaError {
    kind: MediaErrorKind,
    page: Option<u32>,
    detail: String,
}

impl MediaError {
    /// An error with what the log should know besides its kind.
    pub(crate) fn new(kind: MediaErrorKind, detail: impl Into<String>) -> Self {
        Self { kind, page: None, detail: detail.into() }
    }

    /// Something that a file needs besides itself is not there now; trying again may help.
    pub fn unavailable(detail: &str) -> Self {
        Self::new(MediaErrorKind::Io, detail)
    }

    /// The same error, said of one page.
    pub(crate) fn on_page(mut self, page: u32) -> Self {
        self.page = Some(page);
        self
    }

    /// An input or output error; a full disk is told apart.
    pub(crate) fn io(what: &str, error: &io::Error) -> Self {
        let kind = match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => MediaErrorKind::StorageFull,
            io::ErrorKind::FileTooLarge => MediaErrorKind::TooLarge,
            _ => MediaErrorKind::Io,
        };
        Self::new(kind, format!("{what}: {error}"))
    }

    /// Which kind of error this is.
    pub fn kind(&self) -> MediaErrorKind {
        self.kind
    }

    /// The page that caused it, counted from 1, where one did.
    pub fn page(&self) -> Option<u32> {
        self.page
    }

    /// Technical detail for logs. It may hold bytes of the file and paths; do not show it to users.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// Whether trying again later can help. Bound the attempts all the same.
    pub fn is_retryable(&self) -> bool {
        use MediaErrorKind as K;
        match self.kind {
            K::TimedOut | K::Crashed | K::StorageFull | K::Io | K::Busy => true,
            K::Refused(_) | K::MissingTool(_) | K::Unconvertible => false,
            K::Unsupported | K::Empty | K::Damaged | K::PasswordProtected => false,
            K::TooLarge | K::TooManyPages | K::OutOfMemory | K::OutOfRange => false,
        }
    }

    /// What to tell a person: what is wrong and, where there is something to do, what to do.
    pub fn reason(&self) -> String {
        use MediaErrorKind as K;
        let said = match self.kind {
            K::MissingTool(tool) => return missing(tool),
            K::Refused(refusal) => refusal.reason(),
            K::Unsupported => {
                "Galley cannot read this variant of the format. Save it as a PDF, PNG or JPEG and upload that."
            }
            K::Unconvertible => {
                "This document could not be converted. Open it where it was made, save it as a PDF and upload that."
            }
            K::Empty => "This file has no content. Check the original and upload it again.",
            K::Damaged => "This file is damaged or incomplete. Check the original and upload it again.",
            K::PasswordProtected => {
                "This file is protected with a password. Remove the protection and upload it again."
            }
            K::TooLarge => "This file is too large to be shown. Reduce its dimensions and upload it again.",
            K::TooManyPages => "This document has too many pages. Split it and upload the parts.",
            K::TimedOut => "Preparing this file took too long. Simplify it and upload it again.",
            K::OutOfMemory => {
                "This file needs more memory than is allowed. Reduce its dimensions or simplify it, \
                 and upload it again."
            }
            K::Crashed => "This file could not be rendered.",
            K::StorageFull => {
                "The server has no storage space left. Try again later or tell the administrator."
            }
            K::Io => "The file could not be read or stored. Try again later.",
            K::Busy => "The server is busy. Try again in a moment.",
            K::OutOfRange => "There is no such page or part of a page.",
        };
        match self.page {
            Some(page) => format!("Page {page}: {said}"),
            None => said.to_owned(),
        }
    }
}

fn missing(tool: Tool) -> String {
    format!(
        "This server needs {} for this kind of file and does not have it. The administrator can install the \
         package {}.",
        tool.name(),
        tool.package()
    )
}

impl fmt::Display for MediaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.kind)?;
        if let Some(page) = self.page {
            write!(f, " on page {page}")?;
        }
        if !self.detail.is_empty() {
            write!(f, ": {}", self.detail)?;
        }
        Ok(())
    }
}

impl std::error::Error for MediaError {}
