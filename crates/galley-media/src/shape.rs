//! Shapes to draw over a page.

use serde::{Deserialize, Serialize};

/// What a shape's points mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShapeKind {
    /// The outline between two opposite corners.
    Box,
    /// The area between two opposite corners.
    Area,
    /// A line through all points.
    Line,
    /// A line through all points, with a head at the last.
    Arrow,
    /// A disc at each point.
    Dot,
}

/// A shape over a page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Shape {
    /// What the points mean.
    pub kind: ShapeKind,
    /// `[x, y]` as fractions of the page's width and height, from its top left corner.
    pub points: Vec<[f64; 2]>,
    /// Red, green, blue.
    pub color: [u8; 3],
    /// Width of lines in CSS pixels at 100 %.
    pub width: f64,
    /// From 0, invisible, to 1.
    pub opacity: f64,
}

/// Left, top, right and bottom of a part of a page, as fractions of its width and height.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// Left edge.
    pub x0: f64,
    /// Top edge.
    pub y0: f64,
    /// Right edge.
    pub x1: f64,
    /// Bottom edge.
    pub y1: f64,
}

/// Share of the page around shapes that is shown with them, at least.
const MARGIN: f64 = 0.04;
/// The smallest part shown has this share of the page's width and height: less would not tell where it is.
const SMALLEST: f64 = 0.2;

impl Part {
    /// The part of a page that shows all of the shapes and what is around them; the whole page if there are none.
    pub fn around(shapes: &[Shape]) -> Part {
        let points = || shapes.iter().flat_map(|shape| &shape.points);
        let span = |axis: usize| {
            let low = points().map(|p| p[axis]).fold(f64::INFINITY, f64::min).clamp(0.0, 1.0);
            let high = points().map(|p| p[axis]).fold(f64::NEG_INFINITY, f64::max).clamp(0.0, 1.0);
            if points().next().is_none() || low > high {
                return (0.0, 1.0);
            }
            let margin = ((high - low) * 0.15).max(MARGIN).max((SMALLEST - (high - low)) / 2.0);
            let (low, high) = (low - margin, high + margin);
            // A part at the edge keeps its size as far as the page goes.
            let shift = (-low).max(0.0) - (high - 1.0).max(0.0);
            ((low + shift).max(0.0), (high + shift).min(1.0))
        };
        let ((x0, x1), (y0, y1)) = (span(0), span(1));
        Part { x0, y0, x1, y1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(points: &[[f64; 2]]) -> Shape {
        Shape { kind: ShapeKind::Line, points: points.to_vec(), color: [0; 3], width: 1.0, opacity: 1.0 }
    }

    fn near(part: Part, expected: [f64; 4]) {
        let found = [part.x0, part.y0, part.x1, part.y1];
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-9), "{found:?} {expected:?}");
    }

    #[test]
    fn parts_show_shapes_with_what_is_around_them() {
        near(Part::around(&[]), [0.0, 0.0, 1.0, 1.0]);
        near(Part::around(&[shape(&[])]), [0.0, 0.0, 1.0, 1.0]);
        // A point in the middle gets the smallest part, one in a corner too.
        near(Part::around(&[shape(&[[0.5, 0.5]])]), [0.4, 0.4, 0.6, 0.6]);
        near(Part::around(&[shape(&[[0.0, 1.0]])]), [0.0, 0.8, 0.2, 1.0]);
        // A tenth and a half of the size on each side.
        near(Part::around(&[shape(&[[0.2, 0.3], [0.6, 0.7]])]), [0.14, 0.24, 0.66, 0.76]);
        near(Part::around(&[shape(&[[0.0, 0.0], [1.0, 1.0]])]), [0.0, 0.0, 1.0, 1.0]);
        near(Part::around(&[shape(&[[0.5, 0.5]]), shape(&[[0.1, 0.5]])]), [0.04, 0.4, 0.56, 0.6]);
        // What lies outside is pulled in.
        near(Part::around(&[shape(&[[5.0, -3.0]])]), [0.8, 0.0, 1.0, 0.2]);
        let odd = Part::around(&[shape(&[[f64::NAN, f64::INFINITY]])]);
        assert!(odd.x0 >= 0.0 && odd.x1 <= 1.0 && odd.x0 < odd.x1);
    }
}
