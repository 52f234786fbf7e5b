//! What every format can do, so that tasks need not know formats and a second engine can take a first one's place.

use super::bitmap::{Area, Bitmap};
use super::svg::{self, Fonts};
use super::{jp2_file, jpeg, pdf, pixels, png_file, tiff_file};
use crate::error::{MediaError, MediaErrorKind};
use crate::kind::FileKind;
use crate::page::{ContentsEntry, PageInfo, PageText};
use crate::protocol::Request;

/// An opened document. Pages count from 1; callers ask for existing pages, levels and areas only.
pub(super) trait Document {
    /// All pages, within the limits.
    fn pages(&self) -> &[PageInfo];
    /// A part of a level of a page, on white.
    fn render(&mut self, page: u32, level: u8, area: Area) -> Result<Bitmap, MediaError>;
    /// The whole page with its longest side at most `side` pixels, on white.
    fn thumbnail(&mut self, page: u32, side: u32) -> Result<Bitmap, MediaError>;
    /// The words and links of a page.
    fn text(&mut self, page: u32) -> Result<PageText, MediaError>;
    /// The table of contents, if there is one.
    fn contents(&mut self) -> Vec<ContentsEntry> {
        Vec::new()
    }
    /// What is on a page that this engine does not draw right.
    fn beyond(&mut self, _page: u32) -> Option<Beyond> {
        None
    }
    /// The whole of a page will be asked for at this size, smaller ones before.
    fn announce(&mut self, _page: u32, _size: (u32, u32)) {}
    /// Whether the page was not drawn because a picture of it is wanted first.
    fn is_wanted(&self, _page: u32) -> bool {
        false
    }
}

/// What is on a page that the built-in engine does not draw right.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Beyond {
    /// Objects overprint, or knock out what is below them in a group.
    pub inks: bool,
    /// Notes that bring no picture of themselves, or one that is blended.
    pub notes: bool,
    /// Width and height of the page in points, as it is shown.
    pub points: (f64, f64),
}

/// What is done with a document once it is open.
pub(super) type Work<'w> = dyn FnMut(&mut dyn Document) -> Result<(), MediaError> + 'w;

/// What has to be had before the child gives up its rights.
#[derive(Clone, Default)]
pub(super) struct Supplies {
    /// For pictures that bring words and no fonts.
    pub fonts: Option<Fonts>,
}

impl Supplies {
    pub(super) fn of(request: &Request) -> Self {
        Self { fonts: request.inputs().any(|(_, kind)| kind == FileKind::Svg).then(svg::fonts) }
    }
}

/// Opens the request's document and works on it.
pub(super) fn with_document(
    request: &Request,
    supplies: Supplies,
    data: Vec<u8>,
    work: &mut Work<'_>,
) -> Result<(), MediaError> {
    let mut raster = match request.kind {
        FileKind::Pdf => return pdf::with_document(request, data, work),
        FileKind::Svg => return svg::with_document(request, &data, supplies.fonts.unwrap_or_default(), work),
        FileKind::Tiff => return work(&mut tiff_file::open(request, data)?),
        FileKind::Png => png_file::open(request, &data)?,
        FileKind::Jpeg => jpeg::open(request, &data)?,
        FileKind::Jp2 => jp2_file::open(request, &data)?,
        FileKind::Gif | FileKind::WebP | FileKind::Bmp | FileKind::Tga | FileKind::Ico | FileKind::Pnm => {
            pixels::open(request, &data)?
        }
        other => {
            return Err(MediaError::new(
                MediaErrorKind::Unsupported,
                format!("{other:?} is converted first"),
            ));
        }
    };
    drop(data);
    work(&mut raster)
}
