//! Two pages of two files: decoded one after the other, compared, and what is found told.

use super::bitmap::Bitmap;
use super::engine::{Document as _, Supplies, with_document};
use super::output::Output;
use super::second::Seconded;
use super::{content, tell_wanted};
use crate::compare::align::{Sheet, Spot};
use crate::compare::pixels::{Laid, changed};
use crate::compare::{Difference, regions, words};
use crate::error::{MediaError, MediaErrorKind};
use crate::page::PageText;
use crate::protocol::{Artifact, OtherPage, Request, Wanted};

/// Bits of a byte of the mask.
const PER_BYTE: usize = 8;

/// Red until a viewer wants another colour.
const MASK_COLOR: [u8; 3] = [229, 25, 45];

pub(super) fn run(
    request: &Request,
    supplies: Supplies,
    page: u32,
    newer: &OtherPage,
    sheet: &Sheet,
    output: &mut Output,
) -> Result<(), MediaError> {
    let mut wanted = Vec::new();
    let older = look(request, supplies.clone(), page, sheet.older, false, &mut wanted)?;
    let other = Request { input: newer.input.clone(), kind: newer.kind, ..request.clone() };
    let newer_seen = look(&other, supplies, newer.page, sheet.newer, true, &mut wanted)?;
    let (Some((old, old_text)), Some((new, new_text))) = (older, newer_seen) else {
        return tell_wanted(&wanted, Ok(()), output);
    };
    let mut map = changed(sheet.width, sheet.height, &laid(&old, sheet.older), &laid(&new, sheet.newer));
    drop((old, new));
    let found = regions::group(&mut map, sheet.width);
    let count = map.iter().filter(|&&pixel| pixel == 1).count();
    let (text, more_text) = if old_text.words.is_empty() || new_text.words.is_empty() {
        (None, false)
    } else {
        let (changes, more) = words::changes(&old_text.words, &new_text.words);
        (Some(changes), more)
    };
    let difference = Difference {
        sheet: sheet.whole(),
        resized: sheet.resized,
        changed: count as f64 / map.len().max(1) as f64,
        regions: found.iter().map(|r| sheet.place(r.x, r.y, r.width, r.height)).collect(),
        text,
        more_text,
    };
    let told = serde_json::to_vec(&difference)
        .map_err(|e| MediaError::new(MediaErrorKind::Io, format!("writing a difference: {e}")))?;
    // The mask first: whoever has the difference asks for it.
    output.put(Artifact::Mask { older: page, newer: newer.page }, &mask(&map, sheet)?)?;
    output.put(Artifact::Difference { older: page, newer: newer.page }, &told)
}

fn laid(page: &Bitmap, at: Spot) -> Laid<'_> {
    Laid { data: &page.data, width: page.width, height: page.height, at }
}

/// A page as large as its place on the sheet, and its words; none if a picture is wanted first.
fn look(
    request: &Request,
    supplies: Supplies,
    page: u32,
    at: Spot,
    newer: bool,
    wanted: &mut Vec<Wanted>,
) -> Result<Option<(Bitmap, PageText)>, MediaError> {
    let mut seen = None;
    let before = wanted.len();
    with_document(request, supplies, content(&request.input)?, &mut |document| {
        if page == 0 || page as usize > document.pages().len() {
            return Err(MediaError::new(MediaErrorKind::OutOfRange, "no such page"));
        }
        let mut seconded = Seconded::new(document, request, newer);
        let drawn = seconded.thumbnail(page, at.width.max(at.height));
        wanted.append(&mut seconded.wanted);
        let picture = match drawn {
            Err(_) if wanted.len() > before => return Ok(()),
            drawn => drawn.map_err(|e| e.on_page(page))?,
        };
        seen = Some((picture, document.text(page).map_err(|e| e.on_page(page))?));
        Ok(())
    })?;
    Ok(seen)
}

/// What changed as a picture as large as the sheet, transparent where nothing did. Changes are a pixel wider on
/// all sides: a hairline that came or went is to be seen on a page that is shown small.
fn mask(map: &[u8], sheet: &Sheet) -> Result<Vec<u8>, MediaError> {
    let (columns, rows) = (sheet.width as usize, sheet.height as usize);
    let row_bytes = columns.div_ceil(PER_BYTE);
    let mut packed = vec![0u8; row_bytes * rows];
    for (y, row) in map.chunks_exact(columns).enumerate().filter(|(_, row)| row.contains(&1)) {
        for (x, _) in row.iter().enumerate().filter(|(_, pixel)| **pixel == 1) {
            for near_y in y.saturating_sub(1)..(y + 2).min(rows) {
                for near_x in x.saturating_sub(1)..(x + 2).min(columns) {
                    packed[near_y * row_bytes + near_x / PER_BYTE] |= 128 >> (near_x % PER_BYTE);
                }
            }
        }
    }
    let failed = |e: png::EncodingError| MediaError::new(MediaErrorKind::Io, format!("encoding a mask: {e}"));
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, sheet.width, sheet.height);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::One);
    encoder.set_compression(png::Compression::Fast);
    encoder.set_filter(png::Filter::NoFilter);
    encoder.set_palette([[255; 3], MASK_COLOR].concat());
    encoder.set_trns(vec![0, 255]);
    let mut writer = encoder.write_header().map_err(failed)?;
    writer.write_image_data(&packed).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(bytes)
}
