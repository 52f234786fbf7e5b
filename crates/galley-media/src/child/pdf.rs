//! PDF through hayro.

use std::cell::OnceCell;

use hayro::hayro_interpret::{InterpreterCache, InterpreterSettings, TransformExt};
use hayro::hayro_syntax::page::Page;
use hayro::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use hayro::kurbo::Affine;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::vello_cpu::peniko::ImageAlphaType;
use hayro::vello_cpu::{Pixels, Pixmap, RasterizerSettings, RenderContext, Resources, TargetInit};
use hayro::{RenderCache, RenderSettings};

use super::bitmap::{Area, Bitmap};
use super::engine::{Beyond, Document, Work};
use super::places::Places;
use super::{beyond, contents, labels, links, text};
use crate::error::{MediaError, MediaErrorKind};
use crate::page::{ContentsEntry, PageInfo, PageText};
use crate::protocol::Request;

const PX_PER_POINT: f64 = 96.0 / 72.0;
const MM_PER_POINT: f64 = 25.4 / 72.0;
/// Caches of decoded objects grow with every page; after this many they are begun anew.
const PAGES_PER_CACHE: u32 = 64;

struct PdfDocument<'a> {
    pdf: &'a Pdf,
    /// Looked for once somebody asks where a link leads.
    places: OnceCell<Places>,
    pages: &'a [Page<'a>],
    infos: Vec<PageInfo>,
    render_cache: RenderCache<'a>,
    text_cache: InterpreterCache<'a>,
    pages_in_cache: u32,
    settings: InterpreterSettings,
}

pub(super) fn with_document(request: &Request, data: Vec<u8>, work: &mut Work<'_>) -> Result<(), MediaError> {
    let pdf = Pdf::new(data).map_err(load_error)?;
    let pages = pdf.pages();
    if pages.is_empty() {
        return Err(MediaError::new(MediaErrorKind::Empty, "no pages"));
    }
    if pages.len() > request.max_pages as usize {
        return Err(MediaError::new(MediaErrorKind::TooManyPages, format!("{} pages", pages.len())));
    }
    let mut labels = labels::of(&pdf, pages.len());
    let mut infos = Vec::with_capacity(pages.len());
    for (number, page) in (1..).zip(pages.iter()) {
        let info = page_info(page, labels.remove(&number));
        let longest = info.width.max(info.height);
        if longest.is_nan() || longest > request.max_page_side {
            let size = format!("{} x {} px", info.width, info.height);
            return Err(MediaError::new(MediaErrorKind::TooLarge, size).on_page(number));
        }
        infos.push(info);
    }
    work(&mut PdfDocument {
        pdf: &pdf,
        places: OnceCell::new(),
        pages,
        infos,
        render_cache: RenderCache::new(),
        text_cache: InterpreterCache::new(),
        pages_in_cache: 0,
        settings: InterpreterSettings::default(),
    })
}

pub(super) fn load_error(error: LoadPdfError) -> MediaError {
    let kind = match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => MediaErrorKind::PasswordProtected,
        LoadPdfError::Decryption(DecryptionError::UnsupportedAlgorithm) => MediaErrorKind::Unsupported,
        LoadPdfError::Decryption(_) | LoadPdfError::Invalid => MediaErrorKind::Damaged,
    };
    MediaError::new(kind, format!("PDF: {error:?}"))
}

fn page_info(page: &Page<'_>, label: Option<String>) -> PageInfo {
    let (width, height) = page.render_dimensions();
    // Larger units exist for pages beyond 200 inches; rendering does not need to know them.
    let unit =
        page.raw().get::<f64>(b"UserUnit").filter(|unit| *unit > 0.0 && unit.is_finite()).unwrap_or(1.0);
    let (width, height) = (f64::from(width) * unit, f64::from(height) * unit);
    PageInfo {
        width: width * PX_PER_POINT,
        height: height * PX_PER_POINT,
        vector: true,
        physical_mm: Some((width * MM_PER_POINT, height * MM_PER_POINT)),
        label,
        animation: None,
    }
}

impl<'a> PdfDocument<'a> {
    fn page(&mut self, page: u32) -> Result<&'a Page<'a>, MediaError> {
        self.pages_in_cache += 1;
        if self.pages_in_cache > PAGES_PER_CACHE {
            self.pages_in_cache = 0;
            self.render_cache = RenderCache::new();
            self.text_cache = InterpreterCache::new();
        }
        let found = page.checked_sub(1).and_then(|index| self.pages.get(index as usize));
        found.ok_or_else(|| MediaError::new(MediaErrorKind::OutOfRange, "no such page"))
    }

    /// The part `area` of the page as it looks when it is `width` by `height` pixels as a whole.
    fn draw(&mut self, page: u32, (width, height): (u32, u32), area: Area) -> Result<Bitmap, MediaError> {
        let page = self.page(page)?;
        let too_large = |_| MediaError::new(MediaErrorKind::TooLarge, "a block of more than 65535 pixels");
        let columns = u16::try_from(area.width).map_err(too_large)?;
        let rows = u16::try_from(area.height).map_err(too_large)?;
        let (page_width, page_height) = page.render_dimensions();
        let scale = Affine::scale_non_uniform(
            f64::from(width) / f64::from(page_width),
            f64::from(height) / f64::from(page_height),
        );
        let corner = Affine::translate((-f64::from(area.x), -f64::from(area.y)));
        let transform = corner * scale * page.initial_transform(true).to_kurbo();

        let mut context = RenderContext::new(columns, rows);
        // Hinted glyphs change shape and place from level to level; a proof must not.
        let settings = RenderSettings { hinting: false, ..Default::default() };
        hayro::render_into(page, &self.render_cache, &self.settings, &settings, &mut context, transform);
        context.flush();
        let mut pixmap = Pixmap::new(columns, rows);
        let on_white = RasterizerSettings { target_init: TargetInit::Clear(WHITE), ..Default::default() };
        context.render_with(&mut pixmap, &mut Resources::default(), on_white);
        // Whatever is drawn on paper leaves no hole in it. In the same memory: a page has millions of pixels.
        pixmap.set_may_have_transparency(false);
        let (Pixels::Rgb8(data) | Pixels::Rgba8(data)) =
            pixmap.try_take_rgb8(ImageAlphaType::AlphaPremultiplied);
        Ok(Bitmap { width: area.width, height: area.height, data })
    }

    fn info(&self, page: u32) -> Result<&PageInfo, MediaError> {
        let found = page.checked_sub(1).and_then(|index| self.infos.get(index as usize));
        found.ok_or_else(|| MediaError::new(MediaErrorKind::OutOfRange, "no such page"))
    }
}

impl Document for PdfDocument<'_> {
    fn pages(&self) -> &[PageInfo] {
        &self.infos
    }

    fn render(&mut self, page: u32, level: u8, area: Area) -> Result<Bitmap, MediaError> {
        let size = self.info(page)?.pyramid().level_size(level);
        let size = size.ok_or_else(|| MediaError::new(MediaErrorKind::OutOfRange, "no such level"))?;
        self.draw(page, size, area)
    }

    fn thumbnail(&mut self, page: u32, side: u32) -> Result<Bitmap, MediaError> {
        let info = self.info(page)?;
        let (width, height) = info.fit(side);
        self.draw(page, (width, height), Area { x: 0, y: 0, width, height })
    }

    fn text(&mut self, page: u32) -> Result<PageText, MediaError> {
        let found = self.page(page)?;
        let words = text::of_page(found, &self.text_cache, &self.settings);
        let links = if found.raw().contains_key(b"Annots") {
            links::of_page(found, page, self.places.get_or_init(|| Places::of(self.pdf)))
        } else {
            Vec::new()
        };
        Ok(PageText { words, links })
    }

    fn contents(&mut self) -> Vec<ContentsEntry> {
        contents::of(self.pdf, self.places.get_or_init(|| Places::of(self.pdf)))
    }

    fn beyond(&mut self, page: u32) -> Option<Beyond> {
        beyond::of(self.pages.get(page.checked_sub(1)? as usize)?)
    }
}
