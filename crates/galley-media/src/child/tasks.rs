//! The jobs a child does, whatever the format.

use super::bitmap::{Area, Bitmap};
use super::draw::{Place, draw};
use super::engine::Document;
use super::output::Output;
use crate::error::{MediaError, MediaErrorKind};
use crate::page::{PageInfo, Pyramid, TILE};
use crate::protocol::{Artifact, Event, Task};
use crate::shape::{Part, Shape};

/// Longest side of a thumbnail.
const THUMBNAIL_SIDE: u32 = 320;
/// Levels up to this longest side are made when a document is opened: what a screen shows first.
const SCREEN_SIDE: u32 = 2560;
/// Longest side of what is rendered at once; a larger area is rendered in blocks of this size.
pub(crate) const BLOCK_SIDE: u32 = 2048;
/// Areas of up to this many pixels are rendered at once whatever their sides.
pub(crate) const BLOCK_PIXELS: u64 = 16 << 20;

pub(super) fn run(task: &Task, document: &mut dyn Document, output: &mut Output) -> Result<(), MediaError> {
    match task {
        Task::Open { skip } => open(document, output, skip),
        Task::Page { page } => {
            pyramid_of(document, *page)?;
            page_basics(document, output, *page).map_err(|e| e.on_page(*page))
        }
        Task::Tiles { page, level, x0, x1, y0, y1, first } => {
            let pyramid = pyramid_of(document, *page)?;
            let (columns, rows) = pyramid.tiles(*level).ok_or_else(out_of_range)?;
            if x0 >= x1 || y0 >= y1 || *x1 > columns || *y1 > rows {
                return Err(out_of_range());
            }
            let block = Block { page: *page, level: *level, x0: *x0, x1: *x1, y0: *y0, y1: *y1 };
            tiles(document, output, &pyramid, block, Some(*first)).map_err(|e| e.on_page(*page))
        }
        Task::Excerpt { page, id, part, shapes, side } => {
            excerpt(document, output, *page, *id, *part, shapes, *side).map_err(|e| e.on_page(*page))
        }
        Task::Contents => {
            let contents = serde_json::to_vec(&document.contents())
                .map_err(|e| MediaError::new(MediaErrorKind::Io, format!("writing contents: {e}")))?;
            output.put(Artifact::Contents, &contents)
        }
        Task::Draw { dpi } => draw_all(document, output, *dpi),
        // Done before there is a document, or without one.
        Task::Inspect
        | Task::Launch(_)
        | Task::Logo { .. }
        | Task::Compare { .. }
        | Task::Preflight
        | Task::Site
        | Task::Probe => Ok(()),
    }
}

fn open(document: &mut dyn Document, output: &mut Output, skip: &[u32]) -> Result<(), MediaError> {
    let pages = document.pages().to_vec();
    let vector = pages.first().is_some_and(|p| p.vector);
    output.tell(&Event::Info { pages: pages.clone() })?;
    for (number, info) in (1..).zip(&pages) {
        if skip.contains(&number) {
            continue;
        }
        output.tell(&Event::Begin { page: number })?;
        let made = if number == 1 {
            first_page(document, output, info, vector)
        } else {
            page_basics(document, output, number)
        };
        match made {
            // The first page is what everybody waits for, so nothing else is made before it.
            Err(_) if document.is_wanted(number) => {
                if number == 1 {
                    break;
                }
            }
            made => made.map_err(|e| e.on_page(number))?,
        }
    }
    Ok(())
}

fn first_page(
    document: &mut dyn Document,
    output: &mut Output,
    info: &PageInfo,
    vector: bool,
) -> Result<(), MediaError> {
    let pyramid = info.pyramid();
    let screen = pyramid.largest_within(SCREEN_SIDE);
    if let Some(size) = pyramid.level_size(screen) {
        document.announce(1, size);
    }
    for level in 0..=screen {
        whole_level(document, output, &pyramid, level)?;
    }
    page_basics(document, output, 1)?;
    // An image is decoded as a whole, so the rest of it comes cheap now and dear later.
    if !vector {
        for level in screen + 1..=pyramid.max_level {
            whole_level(document, output, &pyramid, level)?;
        }
    }
    Ok(())
}

/// Thumbnail and text: what lists, search and the first look at a page need.
fn page_basics(document: &mut dyn Document, output: &mut Output, page: u32) -> Result<(), MediaError> {
    let thumbnail = document.thumbnail(page, THUMBNAIL_SIDE)?.encode()?;
    output.put(Artifact::Thumbnail { page }, &thumbnail)?;
    let text = serde_json::to_vec(&document.text(page)?)
        .map_err(|e| MediaError::new(MediaErrorKind::Io, format!("writing text: {e}")))?;
    output.put(Artifact::Text { page }, &text)?;
    output.tell(&Event::Page { page })
}

/// Draws every page and keeps nothing.
fn draw_all(document: &mut dyn Document, output: &mut Output, dpi: f64) -> Result<(), MediaError> {
    let sizes: Vec<f64> = document.pages().iter().map(|page| page.width.max(page.height)).collect();
    for (page, longest) in (1..).zip(sizes) {
        let side = (longest * dpi / 96.0).round().clamp(1.0, f64::from(MAX_SIDE));
        document.thumbnail(page, side as u32).map_err(|e| e.on_page(page))?;
        output.tell(&Event::Page { page })?;
    }
    Ok(())
}

/// A part of a page with shapes over it, from the largest level on which it is small enough.
fn excerpt(
    document: &mut dyn Document,
    output: &mut Output,
    page: u32,
    id: u64,
    part: Part,
    shapes: &[Shape],
    side: u32,
) -> Result<(), MediaError> {
    let pyramid = pyramid_of(document, page)?;
    let info_width = document.pages().get(page as usize - 1).ok_or_else(out_of_range)?.width;
    let place = |level: u8| {
        let (width, height) = pyramid.level_size(level)?;
        let span = |low: f64, high: f64, length: u32| {
            let from = ((low * f64::from(length)) as u32).min(length - 1);
            (from, ((high * f64::from(length)).ceil() as u32).clamp(from + 1, length) - from)
        };
        let ((x, w), (y, h)) = (span(part.x0, part.x1, width), span(part.y0, part.y1, height));
        let scale = f64::from(width) / info_width;
        Some(Place { page: (width, height), area: Area { x, y, width: w, height: h }, scale })
    };
    let fits = |level: &u8| place(*level).is_some_and(|p| p.area.width.max(p.area.height) <= side);
    let level = (0..=pyramid.max_level).rev().find(fits).unwrap_or(0);
    let place = place(level).ok_or_else(out_of_range)?;
    let mut bitmap = document.render(page, level, place.area)?;
    for shape in shapes {
        draw(&mut bitmap, &place, shape);
    }
    output.put(Artifact::Excerpt { page, id }, &bitmap.encode()?)
}

/// Columns `x0..x1` and rows `y0..y1` of tiles.
#[derive(Clone, Copy)]
struct Block {
    page: u32,
    level: u8,
    x0: u32,
    x1: u32,
    y0: u32,
    y1: u32,
}

fn whole_level(
    document: &mut dyn Document,
    output: &mut Output,
    pyramid: &Pyramid,
    level: u8,
) -> Result<(), MediaError> {
    let (x1, y1) = pyramid.tiles(level).ok_or_else(out_of_range)?;
    tiles(document, output, pyramid, Block { page: 1, level, x0: 0, x1, y0: 0, y1 }, None)
}

fn tiles(
    document: &mut dyn Document,
    output: &mut Output,
    pyramid: &Pyramid,
    block: Block,
    first: Option<(u32, u32)>,
) -> Result<(), MediaError> {
    let (width, height) = pyramid.level_size(block.level).ok_or_else(out_of_range)?;
    let area_of = |b: Block| {
        let (x, y) = (b.x0 * TILE, b.y0 * TILE);
        Area { x, y, width: (b.x1 * TILE).min(width) - x, height: (b.y1 * TILE).min(height) - y }
    };
    let whole = area_of(block);
    if u64::from(whole.width) * u64::from(whole.height) <= BLOCK_PIXELS
        && whole.width.max(whole.height) <= MAX_SIDE
    {
        let bitmap = document.render(block.page, block.level, whole)?;
        return cut(output, &bitmap, block, first);
    }
    let step = BLOCK_SIDE / TILE;
    let mut parts = Vec::new();
    for y0 in (block.y0..block.y1).step_by(step as usize) {
        for x0 in (block.x0..block.x1).step_by(step as usize) {
            parts.push(Block {
                x0,
                x1: (x0 + step).min(block.x1),
                y0,
                y1: (y0 + step).min(block.y1),
                ..block
            });
        }
    }
    let wanted =
        |b: &Block| first.is_some_and(|(x, y)| (b.x0..b.x1).contains(&x) && (b.y0..b.y1).contains(&y));
    parts.sort_by_key(|part| !wanted(part));
    for part in parts {
        let bitmap = document.render(part.page, part.level, area_of(part))?;
        cut(output, &bitmap, part, first)?;
    }
    Ok(())
}

/// Renderers count pixels of a side in 16 bits.
const MAX_SIDE: u32 = 32_768;

fn cut(
    output: &mut Output,
    bitmap: &Bitmap,
    block: Block,
    first: Option<(u32, u32)>,
) -> Result<(), MediaError> {
    let mut places: Vec<(u32, u32)> =
        (block.y0..block.y1).flat_map(|y| (block.x0..block.x1).map(move |x| (x, y))).collect();
    // Nearest to the wanted tile first: those are what the viewer waits for.
    if let Some((x, y)) = first {
        places.sort_by_key(|place| place.0.abs_diff(x).max(place.1.abs_diff(y)));
    }
    for (x, y) in places {
        let (left, top) = ((x - block.x0) * TILE, (y - block.y0) * TILE);
        let area = Area {
            x: left,
            y: top,
            width: TILE.min(bitmap.width - left),
            height: TILE.min(bitmap.height - top),
        };
        let bytes = bitmap.crop(area).encode()?;
        output.put(Artifact::Tile { page: block.page, level: block.level, x, y }, &bytes)?;
    }
    Ok(())
}

fn pyramid_of(document: &dyn Document, page: u32) -> Result<Pyramid, MediaError> {
    let index = page.checked_sub(1).ok_or_else(out_of_range)?;
    Ok(document.pages().get(index as usize).ok_or_else(out_of_range)?.pyramid())
}

fn out_of_range() -> MediaError {
    MediaError::new(MediaErrorKind::OutOfRange, "")
}
