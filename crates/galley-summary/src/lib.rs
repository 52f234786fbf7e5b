//! Summaries of proofs and their comments, as files to hand on: a PDF that shows the pages with numbered
//! markups beside the comments on them, and a spreadsheet with a row for each comment and reply.
//!
//! What goes into a summary is decided elsewhere; this crate knows how it looks. Nothing is read but fonts
//! of the machine, for scripts that the bundled font (Inter) does not have. A PDF is written piece by piece,
//! so that memory holds one page of it however many there are.

mod content;
mod excel;
mod fonts;
mod pdf;
mod words;

pub use content::{
    Comment, Mark, MarkKind, Picture, Reply, Reviewer, Stage, Summary, Tone, Verdict, Version,
};
pub use excel::write_excel;
pub use fonts::SYSTEM_FONTS;
pub use pdf::{Pictures, write_pdf};

use std::io;

/// What a PDF holds at most, so that its size and the time it takes are bounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Sheets; what would come after them is left out.
    pub sheets: usize,
    /// Pages with a picture.
    pub pictures: usize,
    /// Bytes of all pictures; those that would come after them are left out.
    pub picture_bytes: usize,
}

/// The limits of every PDF.
pub const SUMMARY_LIMITS: Limits = Limits { sheets: 4000, pictures: 600, picture_bytes: 256 << 20 };

/// Why a summary was not written.
#[derive(Debug, thiserror::Error)]
pub enum SummaryError {
    /// The file cannot be written.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// Whoever asked for it does not want it any more.
    #[error("the summary was called off")]
    CalledOff,
    /// A font cannot be put into the file.
    #[error("a font cannot be embedded: {0}")]
    Font(String),
    /// The spreadsheet cannot be written.
    #[error("the spreadsheet cannot be written: {0}")]
    Excel(String),
}
