//! Pixels, and the file format that suits them.

use std::borrow::Cow;

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use crate::error::{MediaError, MediaErrorKind};

/// Quality of photographic tiles; below about 85 text over photographs shows ringing.
const JPEG_QUALITY: u8 = 88;
/// A tile of more colours than fit a palette is still kept exact if this share of its pixels repeats a
/// neighbour: screenshots, charts and vector art with soft edges.
const FLAT_SHARE: f64 = 0.85;
/// A gray picture never has more colours than fit a palette; with less of it flat than this it is a photograph.
const FLAT_SHARE_OF_GRAY: f64 = 0.5;
/// Colours in a palette.
const PALETTE: usize = 256;

/// A rectangle in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Area {
    pub x: u32,
    pub y: u32,
    pub width: u32,
    pub height: u32,
}

/// RGB, 8 bits each, rows from the top without padding.
pub(super) struct Bitmap {
    pub width: u32,
    pub height: u32,
    pub data: Vec<u8>,
}

impl Bitmap {
    /// The part of this bitmap within `area`, which must lie inside.
    pub(super) fn crop(&self, area: Area) -> Self {
        let row = area.width as usize * 3;
        let mut data = Vec::with_capacity(row * area.height as usize);
        for y in area.y..area.y + area.height {
            let start = (y as usize * self.width as usize + area.x as usize) * 3;
            data.extend_from_slice(&self.data[start..start + row]);
        }
        Self { width: area.width, height: area.height, data }
    }

    /// Encodes as PNG where that is exact and small (few colours, flat areas), else as JPEG.
    pub(super) fn encode(&self) -> Result<Vec<u8>, MediaError> {
        let content = Content::of(self);
        let is_photograph = content.gray && content.flat_share < FLAT_SHARE_OF_GRAY;
        if let Some(palette) = content.palette.as_ref().filter(|_| !is_photograph) {
            return self.png_with_palette(palette);
        }
        if content.flat_share >= FLAT_SHARE {
            return self.png_rgb();
        }
        self.jpeg(content.gray)
    }

    fn png_rgb(&self) -> Result<Vec<u8>, MediaError> {
        write_png(self, png::ColorType::Rgb, png::BitDepth::Eight, None, png::Filter::Adaptive, &self.data)
    }

    fn png_with_palette(&self, palette: &Palette) -> Result<Vec<u8>, MediaError> {
        let (depth, bits) = match palette.colors.len() {
            0..=2 => (png::BitDepth::One, 1),
            3..=4 => (png::BitDepth::Two, 2),
            5..=16 => (png::BitDepth::Four, 4),
            _ => (png::BitDepth::Eight, 8),
        };
        let packed: Cow<'_, [u8]> = if bits == 8 {
            Cow::Borrowed(&palette.indices)
        } else {
            let rows = palette.indices.chunks_exact(self.width as usize);
            let bytes = rows.flat_map(|row| row.chunks(8 / bits)).map(|pixels| {
                let byte = pixels.iter().fold(0, |byte, index| (byte << bits) | index);
                // The last byte of a row may have room to spare.
                byte << (8 - pixels.len() * bits)
            });
            Cow::Owned(bytes.collect())
        };
        let colors =
            palette.colors.iter().flat_map(|c| [(c >> 16) as u8, (c >> 8) as u8, *c as u8]).collect();
        write_png(self, png::ColorType::Indexed, depth, Some(colors), png::Filter::NoFilter, &packed)
    }

    fn jpeg(&self, gray: bool) -> Result<Vec<u8>, MediaError> {
        let too_large = |_| MediaError::new(MediaErrorKind::TooLarge, "a JPEG side is at most 65535 pixels");
        let width = u16::try_from(self.width).map_err(too_large)?;
        let height = u16::try_from(self.height).map_err(too_large)?;
        let mut bytes = Vec::new();
        let mut encoder = Encoder::new(&mut bytes, JPEG_QUALITY);
        encoder.set_sampling_factor(SamplingFactor::R_4_4_4);
        let encoded = if gray {
            let luma: Vec<u8> = self.data.chunks_exact(3).map(|p| p[0]).collect();
            encoder.encode(&luma, width, height, ColorType::Luma)
        } else {
            encoder.encode(&self.data, width, height, ColorType::Rgb)
        };
        encoded.map_err(|e| MediaError::new(MediaErrorKind::Io, format!("encoding a JPEG: {e}")))?;
        Ok(bytes)
    }
}

fn write_png(
    bitmap: &Bitmap,
    color: png::ColorType,
    depth: png::BitDepth,
    palette: Option<Vec<u8>>,
    filter: png::Filter,
    data: &[u8],
) -> Result<Vec<u8>, MediaError> {
    let failed = |e: png::EncodingError| MediaError::new(MediaErrorKind::Io, format!("encoding a PNG: {e}"));
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, bitmap.width, bitmap.height);
    encoder.set_color(color);
    encoder.set_depth(depth);
    // A few per cent more bytes than the usual level for half of its time.
    encoder.set_deflate_compression(png::DeflateCompression::Level(2));
    encoder.set_filter(filter);
    if let Some(palette) = palette {
        encoder.set_palette(palette);
    }
    let mut writer = encoder.write_header().map_err(failed)?;
    writer.write_image_data(data).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(bytes)
}

struct Palette {
    /// 0xRRGGBB each.
    colors: Vec<u32>,
    /// One per pixel.
    indices: Vec<u8>,
}

/// What the choice of a file format depends on.
struct Content {
    palette: Option<Palette>,
    flat_share: f64,
    gray: bool,
}

impl Content {
    fn of(bitmap: &Bitmap) -> Self {
        let columns = bitmap.width as usize;
        let mut finder = PaletteFinder::new(bitmap.data.len() / 3);
        // Pixels of a row and of the one above as numbers: comparing those is quick. None is as large as `NO_COLOR`.
        let (mut row, mut above) = (vec![NO_COLOR; columns], vec![NO_COLOR; columns]);
        let (mut gray, mut flat, mut before) = (true, 0usize, NO_COLOR);
        let mut known: &[u8] = &[];
        for pixels in bitmap.data.chunks_exact((columns * 3).max(1)) {
            // Paper, mostly, and what stands upright.
            if pixels == known {
                flat += columns;
                finder.repeat_row(columns);
                continue;
            }
            known = pixels;
            for (number, pixel) in row.iter_mut().zip(pixels.chunks_exact(3)) {
                *number = u32::from_be_bytes([0, pixel[0], pixel[1], pixel[2]]);
            }
            let mut at = 0;
            for run in row.chunk_by(|a, b| a == b) {
                let color = run[0];
                flat += run.len() - 1 + usize::from(color == before || color == above[at]);
                gray &= is_gray(color);
                finder.add(color, run.len());
                (at, before) = (at + run.len(), color);
            }
            std::mem::swap(&mut row, &mut above);
        }
        let pixels = (bitmap.data.len() / 3).max(1);
        Self { palette: finder.finish(), flat_share: flat as f64 / pixels as f64, gray }
    }
}

fn is_gray(color: u32) -> bool {
    color == (color & 0xff) * 0x01_01_01
}

/// What no pixel is.
const NO_COLOR: u32 = u32::MAX;

/// Gathers colours in an open-addressed table until there are too many.
struct PaletteFinder {
    slots: Vec<Option<(u32, u8)>>,
    colors: Vec<u32>,
    indices: Vec<u8>,
    overflow: bool,
}

impl PaletteFinder {
    const SLOTS: usize = 1024;

    fn new(pixels: usize) -> Self {
        Self {
            slots: vec![None; Self::SLOTS],
            colors: Vec::new(),
            indices: Vec::with_capacity(pixels),
            overflow: false,
        }
    }

    /// Takes in once more the last pixels, a whole row of them.
    fn repeat_row(&mut self, columns: usize) {
        if !self.overflow {
            let start = self.indices.len() - columns;
            self.indices.extend_from_within(start..);
        }
    }

    /// Takes in pixels of a colour that follow each other.
    fn add(&mut self, color: u32, count: usize) {
        if self.overflow {
            return;
        }
        let mut slot = color.wrapping_mul(0x9e37_79b1) as usize >> 7 & (Self::SLOTS - 1);
        let index = loop {
            match self.slots[slot] {
                Some((known, index)) if known == color => break index,
                Some(_) => slot = (slot + 1) & (Self::SLOTS - 1),
                None if self.colors.len() == PALETTE => {
                    self.overflow = true;
                    return;
                }
                None => {
                    let index = self.colors.len() as u8;
                    self.colors.push(color);
                    self.slots[slot] = Some((color, index));
                    break index;
                }
            }
        };
        self.indices.resize(self.indices.len() + count, index);
    }

    fn finish(self) -> Option<Palette> {
        (!self.overflow).then_some(Palette { colors: self.colors, indices: self.indices })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What a decoder makes of a PNG.
    fn decoded(bytes: &[u8]) -> (png::ColorType, png::BitDepth, Vec<u8>) {
        let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
        let info = decoder.read_header_info().unwrap();
        let stored = (info.color_type, info.bit_depth);
        decoder.set_transformations(png::Transformations::EXPAND);
        let mut reader = decoder.read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let length = reader.next_frame(&mut pixels).unwrap().buffer_size();
        pixels.truncate(length);
        (stored.0, stored.1, pixels)
    }

    /// Bands of colours as wide as a number says, one row after another. None of them is gray.
    fn banded(width: u32, height: u32, colors: usize, band: usize) -> Bitmap {
        let color = |at: usize| [at as u8, (at * 13 % 241) as u8, !(at as u8)];
        let pixels = (0..(width * height) as usize).flat_map(|at| color(at / band % colors));
        Bitmap { width, height, data: pixels.collect() }
    }

    proptest! {
        #[test]
        fn few_colors_are_kept_exactly(width in 1u32..40, height in 1u32..12, colors in 1usize..=256, band in 1usize..90) {
            let bitmap = banded(width, height, colors, band);
            let (_, _, pixels) = decoded(&bitmap.encode().unwrap());
            prop_assert_eq!(pixels, bitmap.data);
        }
    }

    #[test]
    fn a_palette_takes_no_more_bits_than_it_needs() {
        use png::BitDepth::{Eight, Four, One, Two};
        for (colors, depth) in
            [(1, One), (2, One), (3, Two), (4, Two), (5, Four), (16, Four), (17, Eight), (256, Eight)]
        {
            let (color, found, _) = decoded(&banded(37, 23, colors, 1).encode().unwrap());
            assert_eq!((color, found), (png::ColorType::Indexed, depth), "{colors} colours");
        }
    }

    #[test]
    fn what_a_tile_is_kept_as() {
        let pixel = |at: u32| [(at >> 4) as u8, (at >> 2) as u8, at as u8];
        let of = |pixel: &dyn Fn(u32) -> [u8; 3]| {
            let data = (0..64 * 64).flat_map(pixel).collect();
            Bitmap { width: 64, height: 64, data }.encode().unwrap()
        };
        // Each colour for eight pixels on end: too many for a palette, but flat.
        let flat = of(&|at| pixel(at / 8));
        assert_eq!(decoded(&flat).0, png::ColorType::Rgb);
        // A photograph.
        let noise = of(&|at| pixel(at.wrapping_mul(2_654_435_761) >> 9));
        assert!(noise.starts_with(b"\xff\xd8"));
        let components = |jpeg: &[u8]| {
            let frame = jpeg.windows(2).position(|marker| marker == b"\xff\xc0").unwrap();
            jpeg[frame + 9]
        };
        assert_eq!(components(&noise), 3);
        // The same in gray has no more than 256 colours, and is a photograph all the same. A soft edge is not.
        let gray = of(&|at| [(at.wrapping_mul(2_654_435_761) >> 9) as u8; 3]);
        assert!(gray.starts_with(b"\xff\xd8"));
        assert_eq!(components(&gray), 1);
        let edge = of(&|at| [if at % 64 < 8 { at as u8 } else { 255 }; 3]);
        assert_eq!(decoded(&edge).0, png::ColorType::Indexed);
    }
}
