//! What people drew, over the picture of a page, with the numbers of their comments.

use super::book::Book;
use super::canvas::{Area, FAINT, WHITE};
use super::text::bold;
use crate::content::{Mark, MarkKind};
use std::io::Write;

/// Radius of a number's disc.
const DISC: f32 = 6.5;

/// What a comment has on a page.
pub(super) struct Marked<'c> {
    pub number: i64,
    pub resolved: bool,
    pub marks: Vec<&'c Mark>,
}

impl<W: Write> Book<'_, W> {
    /// Draws marks over a page in this place, whose width in CSS pixels is given.
    pub fn marks(&mut self, marked: &[Marked<'_>], place: Area, page_width: f32) {
        let scale = place.w / page_width;
        self.on().clip(place);
        for mark in marked.iter().flat_map(|one| &one.marks) {
            self.mark(mark, place, scale);
        }
        self.on().restore();
        let mut taken: Vec<(f32, f32)> = Vec::new();
        for one in marked {
            for mark in &one.marks {
                let (x, y) = free(anchor(mark, place), place, &taken);
                taken.push((x, y));
                let number = self.text.line(&one.number.to_string(), bold(size(one.number)), 40.0);
                let color = if one.resolved { FAINT } else { mark.color };
                let canvas = self.on();
                canvas.disc(x, y, DISC + 1.0, WHITE);
                canvas.disc(x, y, DISC, dark(color));
                canvas.text_around(&number, x, y + size(one.number) * 0.36, WHITE);
            }
        }
    }

    fn mark(&mut self, mark: &Mark, place: Area, scale: f32) {
        let points: Vec<(f32, f32)> = mark.points.iter().map(|point| at(*point, place)).collect();
        let Some((first, last)) = points.first().copied().zip(points.last().copied()) else { return };
        // On a small picture of a large page a thin line would not be seen.
        let width = (mark.width as f32 * scale).clamp(0.9, 12.0);
        let corners = [first, (last.0, first.1), last, (first.0, last.1)];
        let canvas = self.on();
        canvas.faded(mark.opacity as f32);
        match mark.kind {
            MarkKind::Box => canvas.strokes(&corners, width, mark.color, true),
            MarkKind::Area => canvas.polygon(&corners, mark.color),
            MarkKind::Line => canvas.strokes(&points, width, mark.color, false),
            MarkKind::Arrow => {
                let before = points.iter().rev().copied().find(|point| *point != last).unwrap_or(first);
                let (dx, dy) = (last.0 - before.0, last.1 - before.1);
                let length = dx.hypot(dy).max(0.01);
                let (ux, uy) = (dx / length, dy / length);
                let head = (width * 3.5).max(6.0).min(length);
                let neck = (last.0 - ux * head, last.1 - uy * head);
                let mut shaft = points.clone();
                if let Some(end) = shaft.last_mut() {
                    *end = (last.0 - ux * head * 0.8, last.1 - uy * head * 0.8);
                }
                canvas.strokes(&shaft, width, mark.color, false);
                let half = head * 0.5;
                let tip = [
                    last,
                    (neck.0 - uy * half, neck.1 + ux * half),
                    (neck.0 + uy * half, neck.1 - ux * half),
                ];
                canvas.polygon(&tip, mark.color);
            }
            MarkKind::Pin => {}
        }
        canvas.restore();
    }
}

/// Where a fraction of the page is on the sheet.
fn at([x, y]: [f64; 2], place: Area) -> (f32, f32) {
    let inside = |n: f64| if n.is_finite() { n.clamp(-0.5, 1.5) as f32 } else { 0.0 };
    (place.x + inside(x) * place.w, place.y + inside(y) * place.h)
}

/// Where the number of a mark goes: a pin's place, the tail of an arrow, the top left corner of the rest.
fn anchor(mark: &Mark, place: Area) -> (f32, f32) {
    let points = || mark.points.iter().map(|point| at(*point, place));
    match mark.kind {
        MarkKind::Pin | MarkKind::Arrow | MarkKind::Line => points().next().unwrap_or((place.x, place.y)),
        MarkKind::Box | MarkKind::Area => {
            let left = points().map(|p| p.0).fold(f32::INFINITY, f32::min);
            let top = points().map(|p| p.1).fold(f32::INFINITY, f32::min);
            (left, top)
        }
    }
}

/// A place near this one that is on the page and has no other number.
fn free((x, y): (f32, f32), place: Area, taken: &[(f32, f32)]) -> (f32, f32) {
    let edge = DISC + 1.0;
    let within = |n: f32, low: f32, length: f32| {
        n.clamp(low + edge.min(length / 2.0), low + (length - edge).max(length / 2.0))
    };
    let step = 2.0 * DISC + 1.5;
    let (x, y) = (within(x, place.x, place.w), within(y, place.y, place.h));
    let offsets = [
        (0.0, 0.0),
        (1.0, 0.0),
        (0.0, 1.0),
        (-1.0, 0.0),
        (0.0, -1.0),
        (1.0, 1.0),
        (2.0, 0.0),
        (0.0, 2.0),
        (2.0, 1.0),
    ];
    let spots = offsets
        .map(|(dx, dy)| (within(x + dx * step, place.x, place.w), within(y + dy * step, place.y, place.h)));
    let clear = |spot: &(f32, f32)| taken.iter().all(|t| (t.0 - spot.0).hypot(t.1 - spot.1) >= step - 2.0);
    spots.into_iter().find(clear).unwrap_or(spots[0])
}

/// Size of a number in its disc.
pub(super) fn size(number: i64) -> f32 {
    match number {
        0..100 => 7.5,
        100..1000 => 5.8,
        _ => 4.4,
    }
}

/// A colour on which white can be read.
pub(super) fn dark(color: [u8; 3]) -> [u8; 3] {
    let [r, g, b] = color.map(f32::from);
    let light = 0.299 * r + 0.587 * g + 0.114 * b;
    if light <= 135.0 { color } else { [r, g, b].map(|part| (part * 135.0 / light) as u8) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: Area = Area { x: 10.0, y: 20.0, w: 100.0, h: 50.0 };

    #[test]
    fn numbers_stay_on_the_page_and_apart() {
        let mut taken = Vec::new();
        for _ in 0..6 {
            let spot = free((0.0, 0.0), PLACE, &taken);
            assert!(spot.0 >= 17.0 && spot.1 >= 27.0, "{spot:?}");
            assert!(
                taken.iter().all(|t: &(f32, f32)| (t.0 - spot.0).hypot(t.1 - spot.1) > 10.0),
                "{spot:?} {taken:?}"
            );
            taken.push(spot);
        }
        // A picture smaller than a disc.
        let tiny = Area { w: 2.0, h: 2.0, ..PLACE };
        assert_eq!(free((0.0, 0.0), tiny, &[]), (11.0, 21.0));
    }

    #[test]
    fn odd_points_are_somewhere() {
        for point in [[f64::NAN, 0.0], [f64::INFINITY, -9e99]] {
            let (x, y) = at(point, PLACE);
            assert!(x.is_finite() && y.is_finite());
        }
        assert_eq!(at([0.5, 1.0], PLACE), (60.0, 70.0));
    }

    #[test]
    fn white_can_be_read_on_every_number() {
        for color in [[255, 255, 255], [255, 255, 0], [0, 255, 255], [10, 10, 10]] {
            let [r, g, b] = dark(color).map(f32::from);
            assert!(0.299 * r + 0.587 * g + 0.114 * b <= 136.0);
        }
    }
}
