//! PNG: every colour type and depth, row by row.

use std::io::Cursor;

use png::{ColorType, DecodingError, Transformations};

use super::animation;
use super::bitmap::Bitmap;
use super::color::{Samples, ToSrgb};
use super::raster::{RasterDocument, check_size};
use crate::error::{MediaError, MediaErrorKind};
use crate::protocol::Request;

/// Decodes the whole image.
pub(super) fn open(request: &Request, data: &[u8]) -> Result<RasterDocument, MediaError> {
    let mut decoder = png::Decoder::new(Cursor::new(data));
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
    let header = decoder.read_header_info().map_err(|e| broken(&e))?;
    let (width, height) = (header.width, header.height);
    check_size(request, width, height)?;

    let mut reader = decoder.read_info().map_err(|e| broken(&e))?;
    let info = reader.info();
    let icc = info.icc_profile.as_deref().map(<[u8]>::to_vec);
    let interlaced = info.interlaced;
    let frames = info.animation_control.map_or(0, |control| control.num_frames);
    let density = info
        .pixel_dims
        .filter(|d| matches!(d.unit, png::Unit::Meter))
        .map(|d| (f64::from(d.xppu) / 1000.0, f64::from(d.yppu) / 1000.0));
    let samples = match reader.output_color_type().0 {
        ColorType::Grayscale => Samples::Gray,
        ColorType::GrayscaleAlpha => Samples::GrayAlpha,
        ColorType::Rgb => Samples::Rgb,
        ColorType::Rgba => Samples::Rgba,
        ColorType::Indexed => {
            return Err(MediaError::new(MediaErrorKind::Damaged, "a palette without colours"));
        }
    };
    let mut to_srgb = ToSrgb::new(samples, icc.as_deref());
    let mut rgb = Vec::with_capacity(width as usize * height as usize * 3);
    if interlaced {
        let size = reader.output_buffer_size();
        let size = size.ok_or_else(|| MediaError::new(MediaErrorKind::TooLarge, "an interlaced image"))?;
        let mut all = vec![0; size];
        reader.next_frame(&mut all).map_err(|e| broken(&e))?;
        for row in all.chunks_exact(width as usize * samples.count()) {
            to_srgb.row(row, &mut rgb);
        }
    } else {
        while let Some(row) = reader.next_row().map_err(|e| broken(&e))? {
            to_srgb.row(row.data(), &mut rgb);
        }
    }
    if rgb.len() != width as usize * height as usize * 3 {
        return Err(MediaError::new(MediaErrorKind::Damaged, "rows are missing"));
    }
    // Only after the pixels, because the orientation may come after them.
    let exif = reader.finish().ok().and_then(|()| reader.info().exif_metadata.as_deref().map(<[u8]>::to_vec));
    let exif = exif.or_else(|| reader.info().exif_metadata.as_deref().map(<[u8]>::to_vec));
    let document = RasterDocument::new(Bitmap { width, height, data: rgb }, density, exif.as_deref());
    Ok(document.animated(animation::of_png(data, frames)))
}

fn broken(error: &DecodingError) -> MediaError {
    let kind = match error {
        DecodingError::LimitsExceeded => MediaErrorKind::TooLarge,
        DecodingError::IoError(_) | DecodingError::Format(_) | DecodingError::Parameter(_) => {
            MediaErrorKind::Damaged
        }
    };
    MediaError::new(kind, format!("PNG: {error}"))
}
