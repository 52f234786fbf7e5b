//! Shapes over pixels.

use super::bitmap::{Area, Bitmap};
use crate::shape::{Shape, ShapeKind};

/// How a page lies under the bitmap that is drawn on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// Width and height of the whole page in pixels.
    pub page: (u32, u32),
    /// The part of it that the bitmap shows.
    pub area: Area,
    /// Pixels to a CSS pixel at 100 %.
    pub scale: f64,
}

/// Thinner lines would not be seen in a small picture.
const THINNEST: f64 = 2.0;

/// Draws a shape. What lies outside of the bitmap is left out.
pub(super) fn draw(bitmap: &mut Bitmap, place: &Place, shape: &Shape) {
    let opacity = shape.opacity.clamp(0.0, 1.0);
    let half = (shape.width * place.scale).clamp(THINNEST, 200.0) / 2.0;
    let points: Vec<[f64; 2]> = shape
        .points
        .iter()
        .filter(|p| p.iter().all(|c| c.is_finite() && c.abs() < 100.0))
        .map(|[x, y]| {
            let (width, height) = place.page;
            [x * f64::from(width) - f64::from(place.area.x), y * f64::from(height) - f64::from(place.area.y)]
        })
        .collect();
    let Some((first, last)) = points.first().copied().zip(points.last().copied()) else { return };
    let mut mask = Mask::new(bitmap);
    match shape.kind {
        ShapeKind::Area => mask.fill(first, last),
        ShapeKind::Box => {
            let corners = [first, [last[0], first[1]], last, [first[0], last[1]], first];
            mask.lines(&corners, half);
        }
        ShapeKind::Line => mask.lines(&points, half),
        ShapeKind::Arrow => {
            mask.lines(&points, half);
            let tail = points.iter().rev().find(|p| **p != last).copied().unwrap_or(first);
            for barb in barbs(tail, last, half) {
                mask.lines(&[last, barb], half);
            }
        }
        ShapeKind::Dot => {
            for point in points {
                mask.lines(&[point, point], half.max(6.0));
            }
        }
    }
    mask.blend(bitmap, shape.color, opacity);
}

/// The ends of the two lines that make an arrow's head.
fn barbs(tail: [f64; 2], head: [f64; 2], half: f64) -> [[f64; 2]; 2] {
    let (dx, dy) = (tail[0] - head[0], tail[1] - head[1]);
    let length = dx.hypot(dy).max(f64::EPSILON);
    let size = (half * 8.0).max(10.0).min(length.max(10.0));
    let (ux, uy) = (dx / length * size, dy / length * size);
    let (sin, cos) = 0.5f64.sin_cos();
    [
        [head[0] + ux * cos - uy * sin, head[1] + ux * sin + uy * cos],
        [head[0] + ux * cos + uy * sin, head[1] - ux * sin + uy * cos],
    ]
}

/// How much of each pixel is covered, so that a line that crosses itself is no darker there.
struct Mask {
    width: usize,
    height: usize,
    cover: Vec<u8>,
}

impl Mask {
    fn new(bitmap: &Bitmap) -> Mask {
        let (width, height) = (bitmap.width as usize, bitmap.height as usize);
        Mask { width, height, cover: vec![0; width * height] }
    }

    /// First and last pixel of a span that is inside; `None` if none is.
    fn inside(low: f64, high: f64, length: usize) -> Option<(usize, usize)> {
        let last = length.checked_sub(1)? as f64;
        (high >= 0.0 && low <= last).then(|| (low.max(0.0) as usize, high.min(last) as usize))
    }

    fn put(&mut self, x: usize, y: usize, cover: f64) {
        let pixel = &mut self.cover[y * self.width + x];
        *pixel = (*pixel).max((cover.clamp(0.0, 1.0) * 255.0) as u8);
    }

    fn fill(&mut self, a: [f64; 2], b: [f64; 2]) {
        let span = |axis: usize| (a[axis].min(b[axis]).round(), a[axis].max(b[axis]).round() - 1.0);
        let ((x0, x1), (y0, y1)) = (span(0), span(1));
        let (Some((x0, x1)), Some((y0, y1))) =
            (Self::inside(x0, x1, self.width), Self::inside(y0, y1, self.height))
        else {
            return;
        };
        for y in y0..=y1 {
            self.cover[y * self.width + x0..=y * self.width + x1].fill(255);
        }
    }

    fn lines(&mut self, points: &[[f64; 2]], half: f64) {
        for pair in points.windows(2) {
            self.line(pair[0], pair[1], half);
        }
    }

    /// A line with round ends: pixels as far from it as half its width, with soft edges.
    fn line(&mut self, a: [f64; 2], b: [f64; 2], half: f64) {
        let reach = half + 1.0;
        let span = |axis: usize| (a[axis].min(b[axis]) - reach, a[axis].max(b[axis]) + reach);
        let ((x0, x1), (y0, y1)) = (span(0), span(1));
        let (Some((x0, x1)), Some((y0, y1))) =
            (Self::inside(x0, x1, self.width), Self::inside(y0, y1, self.height))
        else {
            return;
        };
        let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
        let square = dx * dx + dy * dy;
        for y in y0..=y1 {
            for x in x0..=x1 {
                let (px, py) = (x as f64 + 0.5 - a[0], y as f64 + 0.5 - a[1]);
                let along = if square > 0.0 { ((px * dx + py * dy) / square).clamp(0.0, 1.0) } else { 0.0 };
                let distance = (px - along * dx).hypot(py - along * dy);
                let cover = half + 0.5 - distance;
                if cover > 0.0 {
                    self.put(x, y, cover);
                }
            }
        }
    }

    fn blend(&self, bitmap: &mut Bitmap, color: [u8; 3], opacity: f64) {
        let pixels = bitmap.data.chunks_exact_mut(3).zip(&self.cover);
        for (pixel, cover) in pixels.filter(|(_, cover)| **cover > 0) {
            let share = f64::from(*cover) / 255.0 * opacity;
            for (sample, wanted) in pixel.iter_mut().zip(color) {
                *sample = (f64::from(*sample) * (1.0 - share) + f64::from(wanted) * share).round() as u8;
            }
        }
        debug_assert_eq!(self.cover.len(), self.width * self.height);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RED: [u8; 3] = [255, 0, 0];

    /// 40 × 40 white pixels of a page of 100 × 100, beginning at 20, 20, with a shape over them.
    fn drawn(kind: ShapeKind, points: &[[f64; 2]], opacity: f64) -> Bitmap {
        let mut bitmap = Bitmap { width: 40, height: 40, data: vec![255; 40 * 40 * 3] };
        let area = Area { x: 20, y: 20, width: 40, height: 40 };
        let shape = Shape { kind, points: points.to_vec(), color: RED, width: 4.0, opacity };
        draw(&mut bitmap, &Place { page: (100, 100), area, scale: 1.0 }, &shape);
        bitmap
    }

    fn at(bitmap: &Bitmap, x: usize, y: usize) -> [u8; 3] {
        let at = (y * 40 + x) * 3;
        [bitmap.data[at], bitmap.data[at + 1], bitmap.data[at + 2]]
    }

    const WHITE: [u8; 3] = [255; 3];

    #[test]
    fn a_box_is_an_outline_and_an_area_is_filled() {
        let corners = [[0.3, 0.3], [0.5, 0.5]];
        let outline = drawn(ShapeKind::Box, &corners, 1.0);
        assert_eq!((at(&outline, 10, 20), at(&outline, 29, 20), at(&outline, 20, 10)), (RED, RED, RED));
        assert_eq!((at(&outline, 20, 20), at(&outline, 2, 2)), (WHITE, WHITE));
        let area = drawn(ShapeKind::Area, &corners, 0.5);
        assert_eq!(at(&area, 20, 20), [255, 128, 128]);
        assert_eq!((at(&area, 9, 9), at(&area, 31, 31)), (WHITE, WHITE));
    }

    #[test]
    fn a_line_that_crosses_itself_is_not_darker_there() {
        let cross = drawn(ShapeKind::Line, &[[0.3, 0.3], [0.5, 0.5], [0.3, 0.5], [0.5, 0.3]], 0.5);
        assert_eq!(at(&cross, 20, 20), [255, 128, 128]);
    }

    #[test]
    fn an_arrow_has_a_head_and_a_dot_is_round() {
        let points = [[0.25, 0.4], [0.5, 0.4]];
        let (line, arrow) = (drawn(ShapeKind::Line, &points, 1.0), drawn(ShapeKind::Arrow, &points, 1.0));
        let red = |bitmap: &Bitmap| bitmap.data.chunks(3).filter(|p| p == &RED).count();
        assert!(red(&arrow) > red(&line) + 20);
        assert_eq!((at(&line, 22, 24), at(&arrow, 22, 24)), (WHITE, RED));
        let dot = drawn(ShapeKind::Dot, &[[0.4, 0.4]], 1.0);
        assert_eq!((at(&dot, 20, 20), at(&dot, 24, 20), at(&dot, 27, 20)), (RED, RED, WHITE));
    }

    #[test]
    fn what_is_outside_or_no_number_harms_nothing() {
        for points in [
            vec![],
            vec![[9.0, 9.0]],
            vec![[-5.0, 0.4], [5.0, 0.4]],
            vec![[f64::NAN, 0.4], [0.4, f64::INFINITY], [0.4, 1e300]],
        ] {
            for kind in [ShapeKind::Box, ShapeKind::Area, ShapeKind::Line, ShapeKind::Arrow, ShapeKind::Dot] {
                drawn(kind, &points, 7.0);
            }
        }
        assert_eq!(at(&drawn(ShapeKind::Line, &[[-5.0, 0.4], [5.0, 0.4]], 1.0), 0, 20), RED);
    }
}
