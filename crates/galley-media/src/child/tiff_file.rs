//! TIFF: every page, every depth that fits into bytes, palettes, inks.

use std::io::Cursor;

use image::metadata::Orientation;
use tiff::decoder::{Decoder, DecodingResult, Limits};
use tiff::tags::Tag;
use tiff::{ColorType, TiffError};

use super::bitmap::{Area, Bitmap};
use super::color::{Samples, ToSrgb};
use super::engine::Document;
use super::raster::{RasterDocument, check_size};
use super::tiff_palette::{self, Colors};
use crate::error::{MediaError, MediaErrorKind};
use crate::page::{PageInfo, PageText};
use crate::protocol::Request;

/// Values of a tag are read up to this size; the largest real ones are profiles and lists of strips.
const MAX_TAG: usize = 64 << 20;

/// A TIFF whose pages are decoded one at a time.
pub(super) struct TiffDocument {
    decoder: Decoder<Cursor<Vec<u8>>>,
    infos: Vec<PageInfo>,
    places: Vec<Place>,
    current: Option<(u32, RasterDocument)>,
}

/// Where a page is, and what is not asked twice.
struct Place {
    /// Number of its directory, from 0.
    index: usize,
    orientation: Orientation,
    density: Option<(f64, f64)>,
    indexed: bool,
}

/// Reads the sizes of all pages.
pub(super) fn open(request: &Request, mut data: Vec<u8>) -> Result<TiffDocument, MediaError> {
    let indexed = tiff_palette::read_as_gray(&mut data);
    let mut limits = Limits::unlimited();
    limits.ifd_value_size = MAX_TAG;
    let mut decoder = Decoder::new(Cursor::new(data)).map_err(|e| broken(&e))?.with_limits(limits);
    let (mut infos, mut places) = (Vec::new(), Vec::new());
    for index in 0.. {
        let (width, height) = decoder.dimensions().map_err(|e| broken(&e))?;
        check_size(request, width, height).map_err(|e| e.on_page(infos.len() as u32 + 1))?;
        let subfile: Option<u32> = decoder.find_tag_unsigned(Tag::NewSubfileType).ok().flatten();
        // A smaller copy of another page, or a mask.
        if subfile.unwrap_or(0) & 0b101 == 0 || index == 0 {
            let place = place(&mut decoder, index, indexed.contains(&index));
            let turned = place.orientation.to_exif() >= 5;
            let turn = |(a, b): (f64, f64)| if turned { (b, a) } else { (a, b) };
            let (w, h) = (f64::from(width), f64::from(height));
            let (page_width, page_height) = turn((w, h));
            infos.push(PageInfo {
                width: page_width,
                height: page_height,
                vector: false,
                physical_mm: place.density.map(|(x, y)| turn((w / x, h / y))),
                label: None,
                animation: None,
            });
            places.push(place);
        }
        if infos.len() > request.max_pages as usize || index > 4 * request.max_pages as usize {
            return Err(MediaError::new(MediaErrorKind::TooManyPages, format!("{index} directories")));
        }
        if !decoder.more_images() {
            break;
        }
        decoder.next_image().map_err(|e| broken(&e))?;
    }
    Ok(TiffDocument { decoder, infos, places, current: None })
}

fn place(decoder: &mut Decoder<Cursor<Vec<u8>>>, index: usize, indexed: bool) -> Place {
    let orientation: Option<u8> = decoder.find_tag_unsigned(Tag::Orientation).ok().flatten();
    let unit: Option<u16> = decoder.find_tag_unsigned(Tag::ResolutionUnit).ok().flatten();
    let unit_in_mm = match unit {
        None | Some(2) => Some(25.4),
        Some(3) => Some(10.0),
        Some(_) => None,
    };
    let mut density = |tag| Some(decoder.get_tag_f64(tag).ok()? / unit_in_mm?);
    let density = density(Tag::XResolution).zip(density(Tag::YResolution));
    let density = density.filter(|(x, y)| x.is_finite() && y.is_finite() && *x > 0.0 && *y > 0.0);
    let orientation = orientation.and_then(Orientation::from_exif).unwrap_or(Orientation::NoTransforms);
    Place { index, orientation, density, indexed }
}

impl TiffDocument {
    fn page(&mut self, page: u32) -> Result<&mut RasterDocument, MediaError> {
        if self.current.as_ref().is_none_or(|(number, _)| *number != page) {
            // The pixels of two pages need not be held at once.
            self.current = None;
            let place = page.checked_sub(1).and_then(|index| self.places.get(index as usize));
            let place = place.ok_or_else(|| MediaError::new(MediaErrorKind::OutOfRange, "no such page"))?;
            self.decoder.seek_to_image(place.index).map_err(|e| broken(&e))?;
            let bitmap = decode(&mut self.decoder, place.indexed)?;
            let raster = RasterDocument::turned(bitmap, place.density, place.orientation);
            self.current = Some((page, raster));
        }
        match &mut self.current {
            Some((_, raster)) => Ok(raster),
            None => Err(MediaError::new(MediaErrorKind::OutOfRange, "no such page")),
        }
    }
}

impl Document for TiffDocument {
    fn pages(&self) -> &[PageInfo] {
        &self.infos
    }

    fn render(&mut self, page: u32, level: u8, area: Area) -> Result<Bitmap, MediaError> {
        self.page(page)?.render(1, level, area)
    }

    fn thumbnail(&mut self, page: u32, side: u32) -> Result<Bitmap, MediaError> {
        self.page(page)?.thumbnail(1, side)
    }

    fn text(&mut self, _page: u32) -> Result<PageText, MediaError> {
        Ok(PageText::default())
    }
}

/// Decodes the directory the decoder stands at.
fn decode(decoder: &mut Decoder<Cursor<Vec<u8>>>, indexed: bool) -> Result<Bitmap, MediaError> {
    let (width, height) = decoder.dimensions().map_err(|e| broken(&e))?;
    let color = decoder.colortype().map_err(|e| broken(&e))?;
    let colors = indexed.then(|| tiff_palette::colors(decoder, color)).transpose()?;
    let icc = decoder.get_tag_u8_vec(Tag::IccProfile).ok();
    let planar = decoder.find_tag_unsigned::<u16>(Tag::PlanarConfiguration).ok().flatten() == Some(2);
    let associated = decoder
        .find_tag_unsigned_vec::<u16>(Tag::ExtraSamples)
        .ok()
        .flatten()
        .is_some_and(|extra| extra.first() == Some(&1));
    let stored = Stored::of(color)?;
    let mut result = DecodingResult::U8(Vec::new());
    let layout = decoder.read_image_to_buffer(&mut result).map_err(|e| broken(&e))?;
    let mut bytes = eight_bits(result)?;
    if planar && layout.planes > 1 {
        bytes = interleave(&bytes, layout.planes);
    }
    let length = width as usize * height as usize;
    if stored.bits < 8 {
        bytes = unpack(&bytes, width as usize * stored.channels, stored.bits, colors.is_some());
    }
    if bytes.len() < length * stored.channels {
        return Err(MediaError::new(MediaErrorKind::Damaged, "TIFF: rows are missing"));
    }

    let mut rgb = Vec::with_capacity(length * 3);
    let rows = bytes.chunks_exact(width as usize * stored.channels).take(height as usize);
    if let Some(colors) = &colors {
        rows.for_each(|row| colors.row(row, &mut rgb));
        return Ok(Bitmap { width, height, data: rgb });
    }
    let mut to_srgb = ToSrgb::new(stored.samples, icc.as_deref());
    let kept = stored.samples.count();
    let mut plain = Vec::new();
    for row in rows {
        plain.clear();
        plain.extend(row.chunks_exact(stored.channels).flat_map(|pixel| &pixel[..kept]));
        if stored.ycc {
            plain.chunks_exact_mut(3).for_each(ycc_to_rgb);
        }
        if associated && matches!(stored.samples, Samples::Rgba | Samples::GrayAlpha) {
            plain.chunks_exact_mut(kept).for_each(unmultiply);
        }
        to_srgb.row(&plain, &mut rgb);
    }
    Ok(Bitmap { width, height, data: rgb })
}

/// How the samples of a pixel lie in the file.
struct Stored {
    /// What is taken of them.
    samples: Samples,
    /// How many there are; those beyond `samples` are left out.
    channels: usize,
    bits: u8,
    ycc: bool,
}

impl Stored {
    fn of(color: ColorType) -> Result<Self, MediaError> {
        let (samples, channels, ycc) = match color {
            ColorType::Gray(_) | ColorType::Palette(_) => (Samples::Gray, 1, false),
            ColorType::GrayA(_) | ColorType::Multiband { num_samples: 2, .. } => {
                (Samples::GrayAlpha, 2, false)
            }
            ColorType::RGB(_) => (Samples::Rgb, 3, false),
            ColorType::YCbCr(8) => (Samples::Rgb, 3, true),
            ColorType::RGBA(_) => (Samples::Rgba, 4, false),
            ColorType::CMYK(_) => (Samples::Cmyk, 4, false),
            ColorType::CMYKA(_) => (Samples::Cmyk, 5, false),
            other => return Err(MediaError::new(MediaErrorKind::Unsupported, format!("TIFF: {other:?}"))),
        };
        let bits = color.bit_depth();
        if !matches!(bits, 1 | 2 | 4 | 8 | 16) {
            return Err(MediaError::new(MediaErrorKind::Unsupported, format!("TIFF: {bits} bits")));
        }
        Ok(Self { samples, channels, bits, ycc })
    }
}

fn eight_bits(result: DecodingResult) -> Result<Vec<u8>, MediaError> {
    match result {
        DecodingResult::U8(bytes) => Ok(bytes),
        DecodingResult::U16(words) => Ok(words.into_iter().map(|word| (word >> 8) as u8).collect()),
        _ => Err(MediaError::new(MediaErrorKind::Unsupported, "TIFF: samples that are no bytes or words")),
    }
}

fn interleave(planes: &[u8], count: usize) -> Vec<u8> {
    let length = planes.len() / count;
    (0..length).flat_map(|at| (0..count).map(move |plane| planes[plane * length + at])).collect()
}

/// Rows of `samples` samples of less than a byte each, spread over the range of a byte unless they are indices.
fn unpack(packed: &[u8], samples: usize, bits: u8, indices: bool) -> Vec<u8> {
    let per_byte = usize::from(8 / bits);
    let most = (1u16 << bits) - 1;
    let scale = if indices { 1 } else { 255 / most };
    let row_bytes = samples.div_ceil(per_byte).max(1);
    let mut all = Vec::with_capacity(packed.len() * per_byte);
    for row in packed.chunks_exact(row_bytes) {
        all.extend((0..samples).map(|at| {
            let shift = 8 - usize::from(bits) * (at % per_byte + 1);
            ((u16::from(row[at / per_byte]) >> shift & most) * scale) as u8
        }));
    }
    all
}

fn ycc_to_rgb(pixel: &mut [u8]) {
    let [y, cb, cr] = [f32::from(pixel[0]), f32::from(pixel[1]) - 128.0, f32::from(pixel[2]) - 128.0];
    let rgb = [y + 1.402 * cr, y - 0.344_136 * cb - 0.714_136 * cr, y + 1.772 * cb];
    for (sample, value) in pixel.iter_mut().zip(rgb) {
        *sample = value.round().clamp(0.0, 255.0) as u8;
    }
}

/// Colours that were multiplied with the alpha behind them, as they were before.
fn unmultiply(pixel: &mut [u8]) {
    if let Some((alpha, colors)) = pixel.split_last_mut()
        && *alpha != 0
    {
        for color in colors {
            *color = (u16::from(*color) * 255 / u16::from(*alpha)).min(255) as u8;
        }
    }
}

fn broken(error: &TiffError) -> MediaError {
    let kind = match error {
        TiffError::UnsupportedError(_) => MediaErrorKind::Unsupported,
        TiffError::LimitsExceeded | TiffError::IntSizeError => MediaErrorKind::TooLarge,
        _ => MediaErrorKind::Damaged,
    };
    MediaError::new(kind, format!("TIFF: {error}"))
}

/// Makes the palette's colours available to [`decode`].
impl Colors {
    fn row(&self, indices: &[u8], rgb: &mut Vec<u8>) {
        rgb.extend(indices.iter().flat_map(|&index| self.get(index)));
    }
}
