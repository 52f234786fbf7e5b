//! The links of a page, and where they are.

use hayro::hayro_interpret::TransformExt;
use hayro::hayro_syntax::object::{Array, Dict, Name, Object, Rect as PdfRect};
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::{Affine, Rect};

use super::places::{Places, Target};
use crate::page::{LinkTarget, PageLink};

/// More links than any page that is meant to be read, and parts of one that goes over several lines.
const MAX_LINKS: usize = 2000;
const MAX_PARTS: usize = 32;
/// Flags of what is not shown (ISO 32000-1, 12.5.3): hidden, or not on a screen.
const UNSEEN: u32 = 1 << 1 | 1 << 5;

pub(super) fn of_page(page: &Page<'_>, number: u32, places: &Places) -> Vec<PageLink> {
    let Some(notes) = page.raw().get::<Array<'_>>(b"Annots") else { return Vec::new() };
    let frame = Frame::of(page);
    let mut links = Vec::new();
    for note in notes.iter::<Object<'_>>().take(MAX_LINKS).filter_map(Object::into_dict) {
        let is_link = note.get::<Name<'_>>(b"Subtype").is_some_and(|kind| kind.as_ref() == b"Link");
        let unseen = note.get::<u32>(b"F").unwrap_or(0) & UNSEEN != 0;
        if !is_link || unseen {
            continue;
        }
        let Some(target) = places.target(&note, number) else { continue };
        let to = match target {
            Target::Page(page) => LinkTarget::Page(page),
            Target::Address(address) => LinkTarget::Url(address),
        };
        for area in areas(&note).into_iter().filter_map(|area| frame.place(area)) {
            let [x, y, w, h] = area;
            links.push(PageLink { x, y, w, h, to: to.clone() });
        }
        if links.len() >= MAX_LINKS {
            break;
        }
    }
    links
}

/// The parts of a link in the page's own coordinates.
fn areas(note: &Dict<'_>) -> Vec<Rect> {
    let Some(whole) = note.get::<PdfRect>(b"Rect") else { return Vec::new() };
    let whole = Rect::new(whole.x0, whole.y0, whole.x1, whole.y1).abs();
    let corners: Vec<f64> = note
        .get::<Array<'_>>(b"QuadPoints")
        .map(|points| points.iter::<f64>().take(8 * MAX_PARTS).collect())
        .unwrap_or_default();
    let parts: Vec<Rect> = corners.chunks_exact(8).map(bounds).collect();
    // Parts outside of the whole are to be ignored with all others (ISO 32000-1, 12.5.6.5).
    let around = whole.inflate(1.0, 1.0);
    if parts.is_empty() || parts.iter().any(|part| around.union(*part) != around) {
        vec![whole]
    } else {
        parts
    }
}

fn bounds(corners: &[f64]) -> Rect {
    let point = |at: usize| (corners[2 * at], corners[2 * at + 1]);
    Rect::from_points(point(0), point(1)).union_pt(point(2)).union_pt(point(3))
}

/// How a page's coordinates become fractions of it as shown.
struct Frame {
    shown: Affine,
    width: f64,
    height: f64,
}

impl Frame {
    fn of(page: &Page<'_>) -> Self {
        let (width, height) = page.render_dimensions();
        Self {
            shown: page.initial_transform(true).to_kurbo(),
            width: f64::from(width),
            height: f64::from(height),
        }
    }

    /// Left, top, width and height of what can be seen of an area; none if nothing can.
    fn place(&self, area: Rect) -> Option<[f32; 4]> {
        let seen = self.shown.transform_rect_bbox(area);
        let seen = seen.intersect(Rect::new(0.0, 0.0, self.width, self.height));
        let sound = seen.is_finite() && seen.width() > 0.0 && seen.height() > 0.0;
        let part = |length: f64, whole: f64| (length / whole) as f32;
        sound.then(|| {
            [
                part(seen.x0, self.width),
                part(seen.y0, self.height),
                part(seen.width(), self.width),
                part(seen.height(), self.height),
            ]
        })
    }
}
