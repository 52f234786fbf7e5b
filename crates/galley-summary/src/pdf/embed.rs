//! Fonts as a PDF wants them: what is used of each, its widths, and which text its glyphs stand for.

use super::file::Objects;
use super::text::Used;
use crate::SummaryError;
use crate::fonts::Font;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Filter, Finish, Name, Rect, Ref, Str};
use rustybuzz::ttf_parser::{RawFace, Tag};
use std::io::{self, Write};

const UNICODE: SystemInfo<'static> =
    SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };

/// Bytes, compressed.
pub(super) fn deflate(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = ZlibEncoder::new(Vec::with_capacity(bytes.len() / 3), Compression::new(6));
    encoder.write_all(bytes)?;
    encoder.finish()
}

/// Writes a font under the name that sheets know it by.
pub(super) fn embed<W: Write>(
    objects: &mut Objects<W>,
    id: Ref,
    number: usize,
    font: &Font<'_>,
    used: &Used,
) -> Result<(), SummaryError> {
    let problem = |error: &dyn std::fmt::Display| SummaryError::Font(error.to_string());
    let subset = subsetter::subset(font.data, font.index, &used.glyphs).map_err(|e| problem(&e))?;
    let outlines = font.face.tables().cff.is_some();
    // Six letters and a plus sign say that it is a part of a font.
    let tag: String = (0..6).map(|at| char::from(b'A' + ((number / 26usize.pow(at)) % 26) as u8)).collect();
    let family = if number < 2 { "Inter" } else { "Fallback" };
    let name = format!("{tag}+{family}{}", if number == 1 { "-SemiBold" } else { "-Regular" });
    let (cid, descriptor, cmap, data) = (objects.id(), objects.id(), objects.id(), objects.id());

    objects.put(id, |chunk| {
        chunk
            .type0_font(id)
            .base_font(Name(name.as_bytes()))
            .encoding_predefined(Name(b"Identity-H"))
            .descendant_font(cid)
            .to_unicode(cmap);
    })?;
    objects.put(cid, |chunk| {
        let mut font = chunk.cid_font(cid);
        font.subtype(if outlines { CidFontType::Type0 } else { CidFontType::Type2 })
            .base_font(Name(name.as_bytes()))
            .system_info(UNICODE)
            .font_descriptor(descriptor)
            .default_width(0.0);
        if !outlines {
            font.cid_to_gid_map_predefined(Name(b"Identity"));
        }
        font.widths().consecutive(0, used.about.iter().map(|(width, _)| *width)).finish();
    })?;
    let scale = 1000.0 / font.face.units_per_em() as f32;
    let scaled = |n: i16| f32::from(n) * scale;
    let bounds = font.face.global_bounding_box();
    objects.put(descriptor, |chunk| {
        let mut about = chunk.font_descriptor(descriptor);
        about
            .name(Name(name.as_bytes()))
            .flags(FontFlags::SYMBOLIC)
            .bbox(Rect::new(
                scaled(bounds.x_min),
                scaled(bounds.y_min),
                scaled(bounds.x_max),
                scaled(bounds.y_max),
            ))
            .italic_angle(font.face.italic_angle())
            .ascent(scaled(font.face.ascender()))
            .descent(scaled(font.face.descender()))
            .cap_height(scaled(font.face.capital_height().unwrap_or(700)))
            .stem_v(if number == 1 { 130.0 } else { 80.0 });
        if outlines {
            about.font_file3(data)
        } else {
            about.font_file2(data)
        };
    })?;
    let mut map = UnicodeCmap::new(Name(b"Galley"), UNICODE);
    for (glyph, (_, text)) in (0u16..).zip(&used.about) {
        match text.as_str() {
            "" => map.pair(glyph, '\u{fffd}'),
            text => map.pair_with_multiple(glyph, text.chars()),
        }
    }
    let map = deflate(&map.finish())?;
    objects.put(cmap, |chunk| {
        chunk.stream(cmap, &map).filter(Filter::FlateDecode);
    })?;
    // A CFF font goes in without the tables around it.
    let program = if outlines {
        let whole = RawFace::parse(&subset, 0).map_err(|e| problem(&e))?;
        whole.table(Tag::from_bytes(b"CFF ")).ok_or_else(|| problem(&"it has no outlines"))?.to_vec()
    } else {
        subset
    };
    let bytes = deflate(&program)?;
    objects.put(data, |chunk| {
        let mut stream = chunk.stream(data, &bytes);
        stream.filter(Filter::FlateDecode);
        if outlines {
            stream.pair(Name(b"Subtype"), Name(b"CIDFontType0C"));
        }
    })?;
    Ok(())
}
