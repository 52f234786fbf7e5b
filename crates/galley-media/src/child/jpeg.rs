//! JPEG: gray, RGB, and CMYK with or without Adobe's inversion.

use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

use super::bitmap::Bitmap;
use super::color::{Samples, ToSrgb};
use super::raster::{RasterDocument, check_size};
use crate::error::{MediaError, MediaErrorKind};
use crate::preflight::PictureFacts;
use crate::protocol::Request;

/// Decodes the whole image.
pub(super) fn open(request: &Request, data: &[u8]) -> Result<RasterDocument, MediaError> {
    let headers = Headers::read(data)?;
    let side = u16::MAX as usize;
    let options = DecoderOptions::default().set_max_width(side).set_max_height(side);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(data), options);
    decoder.decode_headers().map_err(|e| broken(&e))?;
    let missing = || MediaError::new(MediaErrorKind::Damaged, "JPEG: no headers");
    let info = decoder.info().ok_or_else(missing)?;
    let (width, height) = (u32::from(info.width), u32::from(info.height));
    check_size(request, width, height)?;

    let stored = decoder.input_colorspace().ok_or_else(missing)?;
    let (samples, wanted) = match stored {
        ColorSpace::Luma => (Samples::Gray, ColorSpace::Luma),
        // Unconverted, because the decoder's own conversion knows neither profiles nor inversion.
        ColorSpace::CMYK | ColorSpace::YCCK => (Samples::Cmyk, stored),
        _ => (Samples::Rgb, ColorSpace::RGB),
    };
    decoder.set_options(options.jpeg_set_out_colorspace(wanted));
    let mut pixels = decoder.decode().map_err(|e| broken(&e))?;
    let row = width as usize * samples.count();
    if pixels.len() != row * height as usize {
        return Err(MediaError::new(
            MediaErrorKind::Damaged,
            format!("JPEG: {stored:?} gave too few pixels"),
        ));
    }
    if samples == Samples::Cmyk {
        to_ink(&mut pixels, stored == ColorSpace::YCCK, headers.adobe);
    }

    let icc = decoder.icc_profile();
    let data = ToSrgb::new(samples, icc.as_deref()).picture(pixels, width as usize);
    let exif = info.exif_data;
    Ok(RasterDocument::new(Bitmap { width, height, data }, headers.density, exif.as_deref()))
}

/// What the headers say.
pub(super) fn facts(data: &[u8]) -> Option<PictureFacts> {
    let headers = Headers::read(data).ok()?;
    let side = u16::MAX as usize;
    let options = DecoderOptions::default().set_max_width(side).set_max_height(side);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(data), options);
    decoder.decode_headers().ok()?;
    let info = decoder.info()?;
    let color = match decoder.input_colorspace()? {
        ColorSpace::Luma => "Grey",
        ColorSpace::CMYK | ColorSpace::YCCK => "CMYK",
        _ => "RGB",
    };
    let per_inch = |per_mm: f64| per_mm * 25.4;
    let dpi = headers.density.map(|(x, y)| (per_inch(x), per_inch(y)));
    Some(PictureFacts {
        width: u32::from(info.width),
        height: u32::from(info.height),
        dpi: dpi.filter(|(x, y)| [x, y].iter().all(|dpi| (1.0..=100_000.0).contains(*dpi))),
        color: color.to_owned(),
        bits: 8,
        alpha: false,
        profile: decoder.icc_profile().is_some(),
        animated: false,
    })
}

/// Turns stored samples into ink amounts. Programs that write Adobe's marker store CMYK inverted.
fn to_ink(pixels: &mut [u8], ycck: bool, adobe: bool) {
    for pixel in pixels.chunks_exact_mut(4) {
        if ycck {
            let [y, cb, cr] = [f32::from(pixel[0]), f32::from(pixel[1]) - 128.0, f32::from(pixel[2]) - 128.0];
            let rgb = [y + 1.402 * cr, y - 0.344_136 * cb - 0.714_136 * cr, y + 1.772 * cb];
            for (sample, value) in pixel.iter_mut().zip(rgb) {
                *sample = 255 - value.round().clamp(0.0, 255.0) as u8;
            }
        }
        if adobe {
            for sample in pixel {
                *sample = 255 - *sample;
            }
        }
    }
}

/// What the decoder does not tell of the segments before the first scan.
#[derive(Debug, Default, PartialEq)]
struct Headers {
    /// Whether Adobe's marker is there.
    adobe: bool,
    /// Pixels per millimetre across and down.
    density: Option<(f64, f64)>,
}

impl Headers {
    /// Walks the segments. The image data must be ended as well: a decoder would fill what is cut off with
    /// gray, and nobody should approve that.
    fn read(data: &[u8]) -> Result<Self, MediaError> {
        let cut_off = || MediaError::new(MediaErrorKind::Damaged, "JPEG: cut off");
        let mut headers = Self::default();
        let mut at = 2;
        loop {
            let head = data.get(at..at + 4).ok_or_else(cut_off)?;
            if head[0] != 0xff {
                return Err(MediaError::new(MediaErrorKind::Damaged, "JPEG: no marker where one must be"));
            }
            let marker = head[1];
            // Fill bytes and markers without content.
            if marker == 0xff || marker == 0x01 || (0xd0..=0xd7).contains(&marker) {
                at += if marker == 0xff { 1 } else { 2 };
                continue;
            }
            if marker == 0xda {
                let ended = data[at..].windows(2).rev().any(|pair| pair == [0xff, 0xd9]);
                return if ended { Ok(headers) } else { Err(cut_off()) };
            }
            let length = usize::from(u16::from_be_bytes([head[2], head[3]])).max(2);
            let content = data.get(at + 4..at + 2 + length).ok_or_else(cut_off)?;
            match marker {
                0xe0 => headers.density = headers.density.or_else(|| jfif_density(content)),
                0xee => headers.adobe |= content.starts_with(b"Adobe"),
                _ => {}
            }
            at += 2 + length;
        }
    }
}

fn jfif_density(content: &[u8]) -> Option<(f64, f64)> {
    let fields = content.strip_prefix(b"JFIF\0")?.get(2..7)?;
    let unit_in_mm = match fields[0] {
        1 => 25.4,
        2 => 10.0,
        _ => return None,
    };
    let density = |high: u8, low: u8| f64::from(u16::from_be_bytes([high, low])) / unit_in_mm;
    Some((density(fields[1], fields[2]), density(fields[3], fields[4])))
}

fn broken(error: &zune_jpeg::errors::DecodeErrors) -> MediaError {
    use zune_jpeg::errors::DecodeErrors as E;
    let kind = match error {
        E::Unsupported(_) => MediaErrorKind::Unsupported,
        E::LargeDimensions(_) => MediaErrorKind::TooLarge,
        _ => MediaErrorKind::Damaged,
    };
    MediaError::new(kind, format!("JPEG: {error:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adobe_samples_are_turned_over() {
        let mut white = [255, 255, 255, 255];
        to_ink(&mut white, false, true);
        assert_eq!(white, [0, 0, 0, 0]);
        let mut plain = [10, 20, 30, 40];
        to_ink(&mut plain, false, false);
        assert_eq!(plain, [10, 20, 30, 40]);
        // Stored inverted white in YCCK: no luma, no chroma, full K sample.
        let mut ycck = [0, 128, 128, 255];
        to_ink(&mut ycck, true, true);
        assert_eq!(ycck, [0, 0, 0, 0]);
    }

    #[test]
    fn headers_never_run_past_the_end() {
        let hostile: [&[u8]; 6] = [
            b"",
            &[0xff, 0xd8],
            &[0xff, 0xd8, 0xff, 0xff, 0xff, 0xff],
            &[0xff, 0xd8, 0xff, 0xe0, 0, 0, 0, 0],
            &[0xff, 0xd8, 0xff, 0xe0, 0xff, 0xff, 0, 0],
            &[0xff, 0xd8, 0xff, 0xda, 0, 2, 1, 2, 3],
        ];
        for data in hostile {
            assert_eq!(Headers::read(data).map_err(|e| e.kind()), Err(MediaErrorKind::Damaged), "{data:?}");
        }
    }
}
