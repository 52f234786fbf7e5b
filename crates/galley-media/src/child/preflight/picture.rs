//! What the headers of a picture say. Pixels are not decoded.

use std::io::Cursor;

use image::codecs::{bmp, gif, ico, pnm, tga, webp};
use image::{ColorType, ImageDecoder};
use tiff::decoder::Decoder;
use tiff::tags::Tag;

use crate::child::{animation, jpeg};
use crate::kind::FileKind;
use crate::preflight::PictureFacts;

/// The facts, where the headers can be read.
pub(super) fn facts(kind: FileKind, data: &[u8]) -> Option<PictureFacts> {
    let file = Cursor::new(data);
    match kind {
        FileKind::Png => png(data),
        FileKind::Jpeg => jpeg::facts(data),
        FileKind::Tiff => tiff(data),
        FileKind::Gif => {
            let animated = animation::of_gif(data).is_some();
            Some(PictureFacts { animated, ..general(gif::GifDecoder::new(file).ok()?) })
        }
        FileKind::WebP => {
            let decoder = webp::WebPDecoder::new(file).ok()?;
            let animated = decoder.has_animation();
            Some(PictureFacts { animated, ..general(decoder) })
        }
        FileKind::Bmp => general(bmp::BmpDecoder::new(file).ok()?).into(),
        FileKind::Tga => general(tga::TgaDecoder::new(file).ok()?).into(),
        FileKind::Ico => general(ico::IcoDecoder::new(file).ok()?).into(),
        FileKind::Pnm => general(pnm::PnmDecoder::new(file).ok()?).into(),
        _ => None,
    }
}

fn general<D: ImageDecoder>(mut decoder: D) -> PictureFacts {
    let (width, height) = decoder.dimensions();
    let color = decoder.color_type();
    let wide = matches!(color, ColorType::L16 | ColorType::La16 | ColorType::Rgb16 | ColorType::Rgba16);
    PictureFacts {
        width,
        height,
        dpi: None,
        color: if color.has_color() { "RGB" } else { "Grey" }.to_owned(),
        bits: if wide { 16 } else { 8 },
        alpha: color.has_alpha(),
        profile: decoder.icc_profile().ok().flatten().is_some(),
        animated: false,
    }
}

fn png(data: &[u8]) -> Option<PictureFacts> {
    let reader = png::Decoder::new(Cursor::new(data)).read_info().ok()?;
    let info = reader.info();
    let per_inch = |per_metre: u32| f64::from(per_metre) * 0.0254;
    let dims = info.pixel_dims.filter(|dims| matches!(dims.unit, png::Unit::Meter));
    let (color, alpha) = match info.color_type {
        png::ColorType::Grayscale => ("Grey", false),
        png::ColorType::GrayscaleAlpha => ("Grey", true),
        png::ColorType::Rgb => ("RGB", false),
        png::ColorType::Rgba => ("RGB", true),
        png::ColorType::Indexed => ("Palette", false),
    };
    Some(PictureFacts {
        width: info.width,
        height: info.height,
        dpi: dims.map(|dims| (per_inch(dims.xppu), per_inch(dims.yppu))).filter(sound),
        color: color.to_owned(),
        bits: info.bit_depth as u8,
        alpha: alpha || info.trns.is_some(),
        profile: info.icc_profile.is_some() || info.srgb.is_some(),
        animated: info.animation_control.is_some_and(|control| control.num_frames > 1),
    })
}

fn tiff(data: &[u8]) -> Option<PictureFacts> {
    let mut decoder = Decoder::new(Cursor::new(data)).ok()?;
    let (width, height) = decoder.dimensions().ok()?;
    use tiff::ColorType as Color;
    let (color, bits, alpha) = match decoder.colortype().ok()? {
        Color::Gray(bits) => ("Grey", bits, false),
        Color::GrayA(bits) => ("Grey", bits, true),
        Color::RGB(bits) | Color::YCbCr(bits) => ("RGB", bits, false),
        Color::RGBA(bits) => ("RGB", bits, true),
        Color::CMYK(bits) => ("CMYK", bits, false),
        Color::CMYKA(bits) => ("CMYK", bits, true),
        Color::Palette(bits) => ("Palette", bits, false),
        _ => ("Other", 8, false),
    };
    let unit = decoder.get_tag_u32(Tag::ResolutionUnit).unwrap_or(2);
    let per_inch = match unit {
        2 => Some(1.0),
        3 => Some(2.54),
        _ => None,
    };
    let mut resolution = |tag| Some(decoder.get_tag_f64(tag).ok()? * per_inch?);
    let dpi = resolution(Tag::XResolution).zip(resolution(Tag::YResolution)).filter(sound);
    Some(PictureFacts {
        width,
        height,
        dpi,
        color: color.to_owned(),
        bits,
        alpha,
        profile: decoder.get_tag_u8_vec(Tag::IccProfile).is_ok(),
        animated: false,
    })
}

/// A resolution that can be meant.
pub(super) fn sound((x, y): &(f64, f64)) -> bool {
    [x, y].iter().all(|dpi| dpi.is_finite() && (1.0..=100_000.0).contains(*dpi))
}
