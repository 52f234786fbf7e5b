//! A logo in the sizes that are needed. Unlike pages it keeps what one sees through.

use std::io::Cursor;

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::codecs::gif::GifDecoder;
use image::{DynamicImage, ImageDecoder, Limits};
use png::{ColorType, Transformations};

use super::color::{Samples, ToSrgb};
use super::engine::Document;
use super::output::Output;
use super::raster::check_size;
use super::{bitmap::Area, jpeg};
use crate::error::{MediaError, MediaErrorKind};
use crate::kind::{LogoKind, sniff_logo};
use crate::protocol::{Artifact, Request};

/// RGBA, 8 bits each.
struct Pixels {
    width: u32,
    height: u32,
    data: Vec<u8>,
}

/// Decodes the request's file and puts out an image for each of the sizes.
pub(super) fn run(
    request: &Request,
    data: &[u8],
    sizes: &[(u32, u32)],
    output: &mut Output,
) -> Result<(), MediaError> {
    let pixels = match sniff_logo(data) {
        Some(LogoKind::Png) => png(request, data)?,
        Some(LogoKind::Jpeg) => photo(request, data)?,
        Some(LogoKind::Gif) => gif(request, data)?,
        None => return Err(MediaError::new(MediaErrorKind::Unsupported, "neither PNG, JPEG nor GIF")),
    };
    if pixels.data.chunks_exact(4).all(|pixel| pixel[3] == 0) {
        return Err(MediaError::new(MediaErrorKind::Empty, "a logo that cannot be seen"));
    }
    for (number, &(width, height)) in (0..).zip(sizes) {
        output.put(Artifact::Logo { number }, &encode(&within(&pixels, width, height)?)?)?;
    }
    Ok(())
}

fn png(request: &Request, data: &[u8]) -> Result<Pixels, MediaError> {
    let mut decoder = png::Decoder::new(Cursor::new(data));
    decoder.set_transformations(Transformations::EXPAND | Transformations::ALPHA | Transformations::STRIP_16);
    let header = decoder.read_header_info().map_err(|e| broken(&e))?;
    let (width, height) = (header.width, header.height);
    check_size(request, width, height)?;
    let mut reader = decoder.read_info().map_err(|e| broken(&e))?;
    let icc = reader.info().icc_profile.as_deref().map(<[u8]>::to_vec);
    let gray = reader.output_color_type().0 == ColorType::GrayscaleAlpha;
    let size = reader.output_buffer_size();
    let mut all = vec![0; size.ok_or_else(|| MediaError::new(MediaErrorKind::TooLarge, "an image"))?];
    reader.next_frame(&mut all).map_err(|e| broken(&e))?;
    let count = if gray { 2 } else { 4 };
    let samples = if gray { Samples::Gray } else { Samples::Rgb };
    let plain: Vec<u8> = all.chunks_exact(count).flat_map(|p| p[..count - 1].iter().copied()).collect();
    let mut colors = Vec::with_capacity(all.len() / count * 3);
    ToSrgb::new(samples, icc.as_deref()).row(&plain, &mut colors);
    let alpha = all.chunks_exact(count).map(|pixel| pixel[count - 1]);
    let data = colors.chunks_exact(3).zip(alpha).flat_map(|(c, a)| [c[0], c[1], c[2], a]).collect();
    whole(Pixels { width, height, data })
}

fn photo(request: &Request, data: &[u8]) -> Result<Pixels, MediaError> {
    let mut document = jpeg::open(request, data)?;
    let info = document.pages()[0].clone();
    let level = info.pyramid().max_level;
    let (width, height) = (info.width as u32, info.height as u32);
    let bitmap = document.render(1, level, Area { x: 0, y: 0, width, height })?;
    let data = bitmap.data.chunks_exact(3).flat_map(|c| [c[0], c[1], c[2], 255]).collect();
    whole(Pixels { width, height, data })
}

/// The first picture of a GIF.
fn gif(request: &Request, data: &[u8]) -> Result<Pixels, MediaError> {
    let mut decoder = GifDecoder::new(Cursor::new(data)).map_err(|e| broken(&e))?;
    let (width, height) = decoder.dimensions();
    check_size(request, width, height)?;
    decoder.set_limits(Limits::default()).map_err(|e| broken(&e))?;
    let image = DynamicImage::from_decoder(decoder).map_err(|e| broken(&e))?.into_rgba8();
    whole(Pixels { width, height, data: image.into_raw() })
}

fn broken(error: &dyn std::fmt::Display) -> MediaError {
    MediaError::new(MediaErrorKind::Damaged, format!("logo: {error}"))
}

fn whole(pixels: Pixels) -> Result<Pixels, MediaError> {
    if pixels.data.len() == pixels.width as usize * pixels.height as usize * 4 {
        return Ok(pixels);
    }
    Err(MediaError::new(MediaErrorKind::Damaged, "rows are missing"))
}

/// Made smaller, where it is too large.
fn within(from: &Pixels, width: u32, height: u32) -> Result<Pixels, MediaError> {
    let failed = |e: &dyn std::fmt::Display| MediaError::new(MediaErrorKind::Io, format!("resizing: {e}"));
    let scale =
        (f64::from(width) / f64::from(from.width)).min(f64::from(height) / f64::from(from.height)).min(1.0);
    let fit = |length: u32, most: u32| ((f64::from(length) * scale).round() as u32).clamp(1, most);
    let (width, height) = (fit(from.width, width), fit(from.height, height));
    let source =
        ImageRef::new(from.width, from.height, &from.data, PixelType::U8x4).map_err(|e| failed(&e))?;
    let mut target = Image::new(width, height, PixelType::U8x4);
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
    Resizer::new().resize(&source, &mut target, &options).map_err(|e| failed(&e))?;
    Ok(Pixels { width, height, data: target.into_vec() })
}

fn encode(pixels: &Pixels) -> Result<Vec<u8>, MediaError> {
    let failed = |e: png::EncodingError| MediaError::new(MediaErrorKind::Io, format!("encoding a PNG: {e}"));
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, pixels.width, pixels.height);
    encoder.set_color(ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::High);
    let mut writer = encoder.write_header().map_err(failed)?;
    writer.write_image_data(&pixels.data).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(bytes)
}
