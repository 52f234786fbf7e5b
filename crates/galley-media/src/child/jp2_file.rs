//! JPEG 2000.

use hayro_jpeg2000::{ColorSpace, DecodeSettings, DecoderContext, Image};

use super::bitmap::Bitmap;
use super::color::{Samples, ToSrgb};
use super::raster::{RasterDocument, check_size};
use crate::error::{MediaError, MediaErrorKind};
use crate::protocol::Request;

/// Decodes the whole image.
pub(super) fn open(request: &Request, data: &[u8]) -> Result<RasterDocument, MediaError> {
    // Not strict, like every other reader; what is missing of the image is an error all the same.
    let image = Image::new(data, &DecodeSettings::default()).map_err(|e| broken(&e))?;
    let (width, height) = (image.width(), image.height());
    check_size(request, width, height)?;
    let (samples, icc) = match (image.color_space(), image.has_alpha()) {
        (ColorSpace::Gray, alpha) => (with_alpha(1, alpha), None),
        (ColorSpace::RGB, alpha) => (with_alpha(3, alpha), None),
        (ColorSpace::CMYK, alpha) => (with_alpha(4, alpha), None),
        (ColorSpace::Icc { profile, num_channels }, alpha) => {
            (with_alpha(*num_channels, alpha), Some(profile.clone()))
        }
        (ColorSpace::Unknown { num_channels }, alpha) => (with_alpha(*num_channels, alpha), None),
    };
    let unsupported = || MediaError::new(MediaErrorKind::Unsupported, "JPEG 2000: unusual channels");
    let (samples, channels) = samples.ok_or_else(unsupported)?;
    let mut context = DecoderContext::default();
    let decoded = image.decode(&mut context).map_err(|e| broken(&e))?;
    if decoded.components().len() != channels {
        return Err(unsupported());
    }
    let pixels = decoded.data_u8();
    let row = width as usize * channels;
    if pixels.len() != row * height as usize {
        return Err(MediaError::new(MediaErrorKind::Damaged, "JPEG 2000: too few pixels"));
    }
    let mut to_srgb = ToSrgb::new(samples, icc.as_deref());
    let mut rgb = Vec::with_capacity(width as usize * height as usize * 3);
    let mut plain = Vec::new();
    for row in pixels.chunks_exact(row) {
        plain.clear();
        plain.extend(row.chunks_exact(channels).flat_map(|pixel| &pixel[..samples.count()]));
        to_srgb.row(&plain, &mut rgb);
    }
    Ok(RasterDocument::new(Bitmap { width, height, data: rgb }, None, None))
}

/// How samples lie, and how many there are of a pixel. Nobody prints inks on glass: their alpha is left out.
fn with_alpha(colors: u8, alpha: bool) -> Option<(Samples, usize)> {
    match (colors, alpha) {
        (1, false) => Some((Samples::Gray, 1)),
        (1, true) => Some((Samples::GrayAlpha, 2)),
        (3, false) => Some((Samples::Rgb, 3)),
        (3, true) => Some((Samples::Rgba, 4)),
        (4, false) => Some((Samples::Cmyk, 4)),
        (4, true) => Some((Samples::Cmyk, 5)),
        _ => None,
    }
}

fn broken(error: &dyn std::fmt::Display) -> MediaError {
    MediaError::new(MediaErrorKind::Damaged, format!("JPEG 2000: {error}"))
}
