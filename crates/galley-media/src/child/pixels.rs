//! GIF, WebP, BMP, TGA, icons and PNM: what the `image` crate decodes as a whole.

use std::io::Cursor;

use image::codecs::{bmp, gif, ico, pnm, tga, webp};
use image::metadata::Orientation;
use image::{ColorType, ImageDecoder, ImageError, Limits};

use super::animation;
use super::bitmap::Bitmap;
use super::color::{Samples, ToSrgb, high_bytes};
use super::raster::{RasterDocument, check_size};
use crate::error::{MediaError, MediaErrorKind};
use crate::kind::FileKind;
use crate::protocol::Request;

/// Decodes the picture, of an animation the first frame.
pub(super) fn open(request: &Request, data: &[u8]) -> Result<RasterDocument, MediaError> {
    let file = Cursor::new(data);
    match request.kind {
        FileKind::Gif => {
            let document = decode(request, gif::GifDecoder::new(file))?;
            Ok(document.animated(animation::of_gif(data)))
        }
        FileKind::WebP => {
            let mut decoder = webp::WebPDecoder::new(file).map_err(|e| broken(&e))?;
            // What a browser lays the frames on is up to it; we have white paper.
            if decoder.has_animation() {
                decoder.set_background_color(image::Rgba([255; 4])).map_err(|e| broken(&e))?;
            }
            Ok(decode(request, Ok(decoder))?.animated(animation::of_webp(data)))
        }
        FileKind::Bmp => decode(request, bmp::BmpDecoder::new(file)),
        FileKind::Tga => decode(request, tga::TgaDecoder::new(file)),
        FileKind::Ico => decode(request, ico::IcoDecoder::new(file)),
        FileKind::Pnm => decode(request, pnm::PnmDecoder::new(file)),
        other => Err(MediaError::new(MediaErrorKind::Unsupported, format!("{other:?} is decoded elsewhere"))),
    }
}

fn decode<D: ImageDecoder>(
    request: &Request,
    decoder: Result<D, ImageError>,
) -> Result<RasterDocument, MediaError> {
    let mut decoder = decoder.map_err(|e| broken(&e))?;
    let (width, height) = decoder.dimensions();
    check_size(request, width, height)?;
    // Memory is limited for the process as a whole.
    decoder.set_limits(Limits::no_limits()).map_err(|e| broken(&e))?;
    let (samples, wide) = match decoder.color_type() {
        ColorType::L8 => (Samples::Gray, false),
        ColorType::La8 => (Samples::GrayAlpha, false),
        ColorType::Rgb8 => (Samples::Rgb, false),
        ColorType::Rgba8 => (Samples::Rgba, false),
        ColorType::L16 => (Samples::Gray, true),
        ColorType::La16 => (Samples::GrayAlpha, true),
        ColorType::Rgb16 => (Samples::Rgb, true),
        ColorType::Rgba16 => (Samples::Rgba, true),
        other => return Err(MediaError::new(MediaErrorKind::Unsupported, format!("samples of {other:?}"))),
    };
    // Neither a broken profile nor a broken EXIF block is a reason not to show a picture.
    let icc = decoder.icc_profile().ok().flatten();
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let length = usize::try_from(decoder.total_bytes());
    let length =
        length.map_err(|_| MediaError::new(MediaErrorKind::TooLarge, "more than can be addressed"))?;
    let mut pixels = vec![0; length];
    decoder.read_image(&mut pixels).map_err(|e| broken(&e))?;
    if wide {
        pixels = high_bytes(&pixels);
    }
    let data = ToSrgb::new(samples, icc.as_deref()).picture(pixels, width as usize);
    if data.len() != width as usize * height as usize * 3 {
        return Err(MediaError::new(MediaErrorKind::Damaged, "rows are missing"));
    }
    Ok(RasterDocument::turned(Bitmap { width, height, data }, None, orientation))
}

fn broken(error: &ImageError) -> MediaError {
    let kind = match error {
        ImageError::Unsupported(_) => MediaErrorKind::Unsupported,
        ImageError::Limits(_) => MediaErrorKind::TooLarge,
        _ => MediaErrorKind::Damaged,
    };
    MediaError::new(kind, error.to_string())
}
