//! What every format can do, so that tasks need not know formats and a second engine can take a first one's place.

use super::bitmap::{Area, Bitmap};
use super::{jpeg, pdf, png_file};
use crate::error::MediaError;
use crate::kind::FileKind;
use crate::page::{PageInfo, PageText};
use crate::protocol::Request;

/// An opened document. Pages count from 1; callers ask for existing pages, levels and areas only.
pub(super) trait Document {
    /// All pages, within the limits.
    fn pages(&self) -> &[PageInfo];
    /// A part of a level of a page, on white.
    fn render(&mut self, page: u32, level: u8, area: Area) -> Result<Bitmap, MediaError>;
    /// The whole page with its longest side at most `side` pixels, on white.
    fn thumbnail(&mut self, page: u32, side: u32) -> Result<Bitmap, MediaError>;
    /// The words of a page.
    fn text(&mut self, page: u32) -> Result<PageText, MediaError>;
}

/// What is done with a document once it is open.
pub(super) type Work<'w> = dyn FnMut(&mut dyn Document) -> Result<(), MediaError> + 'w;

/// Opens the request's document and works on it.
pub(super) fn with_document(request: &Request, data: Vec<u8>, work: &mut Work<'_>) -> Result<(), MediaError> {
    match request.kind {
        FileKind::Pdf => pdf::with_document(request, data, work),
        FileKind::Png => work(&mut png_file::open(request, &data)?),
        FileKind::Jpeg => {
            let mut document = jpeg::open(request, &data)?;
            drop(data);
            work(&mut document)
        }
    }
}
