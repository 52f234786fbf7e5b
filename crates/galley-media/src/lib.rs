//! Identifies files and turns them into pages, tiles, thumbnails and text.
//!
//! The server side is [`Media`]: it looks at no more of a file than its first bytes ([`sniff`]), starts a
//! child process for everything else and keeps what the child makes in a cache on disk. The child side is
//! [`child_main`]: it takes its limits, gives up every right it does not need, and only then opens the file.
//! What is not decoded here is first converted by a program ([`Tool`]) that a child of the same kind becomes.
//! A file that makes a decoder loop, crash or ask for all the memory costs one child and a clear
//! [`MediaError`], never the server.
//!
//! Coordinates: a page is measured in CSS pixels at 100 % ([`PageInfo`]); a [`Pyramid`] gives its zoom levels
//! in whole pixels, each half as large as the next; tiles are [`TILE`] pixels square.

mod child;
mod compare;
mod error;
mod film;
mod flavor;
mod formats;
mod kind;
mod limits;
mod media;
mod page;
mod preflight;
mod protocol;
mod shape;
mod site;
mod tools;

pub use child::{child_main, child_main_with};
pub use compare::{Difference, PagePair, Place, Rect, TextChange};
pub use error::{MediaError, MediaErrorKind, Refusal};
pub use film::{Container, Film, Playback, Storyboard};
pub use formats::{FORMATS, Format};
pub use kind::{FileKind, SNIFFED, sniff};
pub use limits::{ChildCommand, Limits, MediaOptions, Protection};
pub use media::{LogoPicture, Media, OpenEvent, PageOf, Picture, Playing, STAND_IN, Source, Unpacked};
pub use page::{Animation, ContentsEntry, LinkTarget, PageInfo, PageLink, PageText, Pyramid, TILE, Word};
pub use preflight::{
    Facts, Finding, FontUse, ImageUse, Named, PageBoxes, PdfFacts, PictureFacts, Severity, findings,
};
pub use shape::{Part, Shape, ShapeKind};
pub use site::{Site, SiteFile, SitePlace, site_mime};
pub use tools::{Tool, Tools};
