//! Pixels, and the file format that suits them.

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use crate::error::{MediaError, MediaErrorKind};

/// Quality of photographic tiles; below about 85 text over photographs shows ringing.
const JPEG_QUALITY: u8 = 88;
/// A tile of more colours than fit a palette is still kept exact if this share of its pixels repeats a
/// neighbour: screenshots, charts and vector art with soft edges.
const FLAT_SHARE: f64 = 0.85;
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
        if let Some(palette) = &content.palette {
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
        let per_byte = 8 / bits;
        let row_bytes = (self.width as usize).div_ceil(per_byte);
        let mut packed = vec![0u8; row_bytes * self.height as usize];
        for (row, indices) in
            packed.chunks_exact_mut(row_bytes).zip(palette.indices.chunks_exact(self.width as usize))
        {
            for (x, index) in indices.iter().enumerate() {
                row[x / per_byte] |= index << (8 - bits - (x % per_byte) * bits);
            }
        }
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
    encoder.set_compression(png::Compression::Balanced);
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
        let (mut colored, mut flat, mut before) = (0u8, 0usize, NO_COLOR);
        for pixels in bitmap.data.chunks_exact((columns * 3).max(1)) {
            for (number, pixel) in row.iter_mut().zip(pixels.chunks_exact(3)) {
                *number = u32::from_be_bytes([0, pixel[0], pixel[1], pixel[2]]);
                colored |= (pixel[0] ^ pixel[1]) | (pixel[1] ^ pixel[2]);
            }
            let first = row.first().is_some_and(|&first| first == before || first == above[0]);
            let rest = row.windows(2).zip(above.iter().skip(1));
            let rest = rest.map(|(pair, above)| usize::from(pair[0] == pair[1] || pair[1] == *above));
            flat += usize::from(first) + rest.sum::<usize>();
            before = row.last().copied().unwrap_or(NO_COLOR);
            finder.add_row(&row);
            std::mem::swap(&mut row, &mut above);
        }
        let pixels = (bitmap.data.len() / 3).max(1);
        Self { palette: finder.finish(), flat_share: flat as f64 / pixels as f64, gray: colored == 0 }
    }
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

    fn add_row(&mut self, row: &[u32]) {
        for run in row.chunk_by(|a, b| a == b) {
            if self.overflow {
                return;
            }
            if let [color, ..] = run {
                self.add(*color, run.len());
            }
        }
    }

    /// Takes in pixels of a colour that follow each other.
    fn add(&mut self, color: u32, count: usize) {
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
