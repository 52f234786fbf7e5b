//! An image as a document of one page.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::metadata::Orientation;

use super::bitmap::{Area, Bitmap};
use super::engine::Document;
use crate::error::{MediaError, MediaErrorKind};
use crate::page::{Animation, PageInfo, PageText, Pyramid};
use crate::protocol::Request;

/// A decoded image, and the smaller levels asked for so far.
pub(super) struct RasterDocument {
    pages: [PageInfo; 1],
    pyramid: Pyramid,
    /// By level; the largest is always there.
    levels: Vec<Option<Bitmap>>,
}

/// Refuses an image by what its header says, before memory is taken for it.
pub(super) fn check_size(request: &Request, width: u32, height: u32) -> Result<(), MediaError> {
    if width == 0 || height == 0 {
        return Err(MediaError::new(MediaErrorKind::Damaged, "an image without pixels"));
    }
    let pixels = u64::from(width) * u64::from(height);
    let longest = f64::from(width.max(height));
    if pixels > request.max_page_pixels || longest > request.max_page_side {
        return Err(MediaError::new(
            MediaErrorKind::TooLarge,
            format!("an image of {width} x {height} pixels"),
        ));
    }
    Ok(())
}

impl RasterDocument {
    /// `density` is pixels per millimetre across and down, as stored; `exif` starts with the TIFF header.
    pub(super) fn new(stored: Bitmap, density: Option<(f64, f64)>, exif: Option<&[u8]>) -> Self {
        let orientation = exif.and_then(Orientation::from_exif_chunk).unwrap_or(Orientation::NoTransforms);
        Self::turned(stored, density, orientation)
    }

    /// The same with the orientation already known.
    pub(super) fn turned(stored: Bitmap, density: Option<(f64, f64)>, orientation: Orientation) -> Self {
        let physical = density
            .filter(|(x, y)| x.is_finite() && y.is_finite() && *x > 0.0 && *y > 0.0)
            .map(|(x, y)| (f64::from(stored.width) / x, f64::from(stored.height) / y));
        let turned = is_turned(orientation);
        let bitmap = orient(stored, orientation);
        let info = PageInfo {
            width: f64::from(bitmap.width),
            height: f64::from(bitmap.height),
            vector: false,
            physical_mm: physical.map(|(w, h)| if turned { (h, w) } else { (w, h) }),
            label: None,
            animation: None,
        };
        let pyramid = info.pyramid();
        let mut levels: Vec<Option<Bitmap>> = (0..pyramid.max_level).map(|_| None).collect();
        levels.push(Some(bitmap));
        Self { pages: [info], pyramid, levels }
    }

    /// The same picture as the first frame of an animation.
    pub(super) fn animated(mut self, animation: Option<Animation>) -> Self {
        self.pages[0].animation = animation;
        self
    }

    fn level(&mut self, level: u8) -> Result<&Bitmap, MediaError> {
        let wanted = usize::from(level.min(self.pyramid.max_level));
        let known = (wanted..self.levels.len()).find(|&l| self.levels[l].is_some()).unwrap_or(wanted);
        for smaller in (wanted..known).rev() {
            let (width, height) = self.pyramid.level_size(smaller as u8).unwrap_or((1, 1));
            let made =
                self.levels[smaller + 1].as_ref().map(|larger| halve(larger, width, height)).transpose()?;
            self.levels[smaller] = made;
        }
        self.levels[wanted].as_ref().ok_or_else(|| MediaError::new(MediaErrorKind::OutOfRange, "a level"))
    }
}

impl Document for RasterDocument {
    fn pages(&self) -> &[PageInfo] {
        &self.pages
    }

    fn render(&mut self, _page: u32, level: u8, area: Area) -> Result<Bitmap, MediaError> {
        Ok(self.level(level)?.crop(area))
    }

    fn thumbnail(&mut self, _page: u32, side: u32) -> Result<Bitmap, MediaError> {
        // Half of the next larger level and more: fine enough to resize from, small enough to be quick.
        let from = (self.pyramid.largest_within(side) + 1).min(self.pyramid.max_level);
        let larger = self.level(from)?;
        let scale = f64::from(side) / f64::from(larger.width.max(larger.height));
        if scale >= 1.0 {
            return Ok(larger.crop(Area { x: 0, y: 0, width: larger.width, height: larger.height }));
        }
        let fit = |length: u32| ((f64::from(length) * scale).round() as u32).max(1);
        resize(larger, fit(larger.width), fit(larger.height))
    }

    fn text(&mut self, _page: u32) -> Result<PageText, MediaError> {
        Ok(PageText::default())
    }
}

/// The same picture at another size.
pub(super) fn resize(from: &Bitmap, width: u32, height: u32) -> Result<Bitmap, MediaError> {
    filtered(from, width, height, FilterType::Lanczos3)
}

/// The next smaller level. Hamming's filter asks for a third of what Lanczos' does, and at half the size it is as
/// sharp to the eye.
fn halve(from: &Bitmap, width: u32, height: u32) -> Result<Bitmap, MediaError> {
    filtered(from, width, height, FilterType::Hamming)
}

fn filtered(from: &Bitmap, width: u32, height: u32, filter: FilterType) -> Result<Bitmap, MediaError> {
    let failed = |e: &dyn std::fmt::Display| MediaError::new(MediaErrorKind::Io, format!("resizing: {e}"));
    let source =
        ImageRef::new(from.width, from.height, &from.data, PixelType::U8x3).map_err(|e| failed(&e))?;
    let mut target = Image::new(width, height, PixelType::U8x3);
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(filter));
    Resizer::new().resize(&source, &mut target, &options).map_err(|e| failed(&e))?;
    Ok(Bitmap { width, height, data: target.into_vec() })
}

/// Whether width and height change places.
fn is_turned(orientation: Orientation) -> bool {
    matches!(
        orientation,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    )
}

/// Turns pixels as they are stored into pixels as they are to be seen.
fn orient(stored: Bitmap, orientation: Orientation) -> Bitmap {
    if orientation == Orientation::NoTransforms {
        return stored;
    }
    let (w, h) = (stored.width as usize, stored.height as usize);
    let (width, height) = if is_turned(orientation) { (h, w) } else { (w, h) };
    let mut data = Vec::with_capacity(stored.data.len());
    for y in 0..height {
        for x in 0..width {
            // Where the pixel that is to be seen at x, y is stored.
            let (sx, sy) = match orientation {
                Orientation::NoTransforms => (x, y),
                Orientation::FlipHorizontal => (w - 1 - x, y),
                Orientation::Rotate180 => (w - 1 - x, h - 1 - y),
                Orientation::FlipVertical => (x, h - 1 - y),
                Orientation::Rotate90FlipH => (y, x),
                Orientation::Rotate90 => (y, h - 1 - x),
                Orientation::Rotate270FlipH => (w - 1 - y, h - 1 - x),
                Orientation::Rotate270 => (w - 1 - y, x),
            };
            let start = (sy * w + sx) * 3;
            data.extend_from_slice(&stored.data[start..start + 3]);
        }
    }
    Bitmap { width: width as u32, height: height as u32, data }
}
