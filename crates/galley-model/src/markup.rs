//! Markups: what reviewers draw (`product.md` 5.2). Coordinates are fractions of the page, so that
//! they hold at every zoom and rotation.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Most markups of one comment.
pub const MAX_MARKUPS: usize = 50;
/// Most points of one freehand line.
pub const MAX_POINTS: usize = 2000;

/// The tools.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MarkupKind {
    /// Two opposite corners.
    Rectangle,
    /// Tail, then head.
    Arrow,
    /// Two ends.
    Line,
    /// Two points or more.
    Freehand,
    /// Two opposite corners of a filled area.
    Highlight,
    /// One point.
    Pin,
}

impl MarkupKind {
    /// Name in XML and in texts.
    pub const fn as_str(self) -> &'static str {
        match self {
            MarkupKind::Rectangle => "rectangle",
            MarkupKind::Arrow => "arrow",
            MarkupKind::Line => "line",
            MarkupKind::Freehand => "freehand",
            MarkupKind::Highlight => "highlight",
            MarkupKind::Pin => "pin",
        }
    }

    const fn points(self) -> std::ops::RangeInclusive<usize> {
        match self {
            MarkupKind::Pin => 1..=1,
            MarkupKind::Freehand => 2..=MAX_POINTS,
            _ => 2..=2,
        }
    }
}

/// One drawn thing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Markup {
    /// The tool.
    pub kind: MarkupKind,
    /// Page, counted from 1.
    pub page: u32,
    /// `[x, y]` as fractions of the page's width and height.
    pub points: Vec<[f64; 2]>,
    /// `#rrggbb`.
    pub color: String,
    /// Line width in CSS pixels at 100 %, 1 to 20.
    pub width: f64,
    /// 0 (invisible) to 1.
    pub opacity: f64,
}

/// Why markups cannot be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum MarkupError {
    /// More than [`MAX_MARKUPS`].
    #[error("a comment can have at most 50 markups")]
    TooMany,
    /// Points missing or too many for the tool.
    #[error("a markup has the wrong number of points")]
    Points,
    /// A coordinate far outside the page, or not a number.
    #[error("a markup lies outside its page")]
    Outside,
    /// The proof has no such page.
    #[error("a markup is on a page that the proof does not have")]
    Page,
    /// Colour, width or opacity out of range.
    #[error("a markup has a colour, width or opacity that does not exist")]
    Style,
}

/// Checks what a browser sent and brings it into range: coordinates that a drawing hand carried
/// slightly over the edge are moved to the edge.
///
/// # Errors
/// [`MarkupError`] for the first thing that cannot be kept.
pub fn validate_markups(markups: Vec<Markup>, pages: u32) -> Result<Vec<Markup>, MarkupError> {
    if markups.len() > MAX_MARKUPS {
        return Err(MarkupError::TooMany);
    }
    markups.into_iter().map(|markup| validate(markup, pages)).collect()
}

fn validate(mut markup: Markup, pages: u32) -> Result<Markup, MarkupError> {
    if markup.page == 0 || markup.page > pages {
        return Err(MarkupError::Page);
    }
    if !markup.kind.points().contains(&markup.points.len()) {
        return Err(MarkupError::Points);
    }
    for point in &mut markup.points {
        for coordinate in point {
            if !coordinate.is_finite() || *coordinate < -0.5 || *coordinate > 1.5 {
                return Err(MarkupError::Outside);
            }
            // Six digits are a tenth of a pixel on the largest page, and keep stored text short.
            *coordinate = (coordinate.clamp(0.0, 1.0) * 1e6).round() / 1e6;
        }
    }
    let colour_ok = markup.color.len() == 7
        && markup.color.starts_with('#')
        && markup.color[1..].bytes().all(|b| b.is_ascii_hexdigit());
    if !colour_ok || !(1.0..=20.0).contains(&markup.width) || !(0.0..=1.0).contains(&markup.opacity) {
        return Err(MarkupError::Style);
    }
    markup.color.make_ascii_lowercase();
    Ok(markup)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rectangle() -> Markup {
        Markup {
            kind: MarkupKind::Rectangle,
            page: 1,
            points: vec![[0.1, 0.2], [0.5, 0.6]],
            color: "#FF0000".into(),
            width: 2.0,
            opacity: 1.0,
        }
    }

    #[test]
    fn what_can_be_kept_and_what_not() {
        type Change = fn(&mut Markup);
        let table: [(Change, Option<MarkupError>); 12] = [
            (|_| (), None),
            (|m| m.points[0][0] = -0.01, None),
            (|m| m.points[0][0] = -3.0, Some(MarkupError::Outside)),
            (|m| m.points[0][1] = f64::NAN, Some(MarkupError::Outside)),
            (|m| m.page = 0, Some(MarkupError::Page)),
            (|m| m.page = 4, Some(MarkupError::Page)),
            (|m| m.points.push([0.1, 0.1]), Some(MarkupError::Points)),
            (|m| m.kind = MarkupKind::Pin, Some(MarkupError::Points)),
            (|m| m.color = "red".into(), Some(MarkupError::Style)),
            (|m| m.color = "#ééé".into(), Some(MarkupError::Style)),
            (|m| m.width = 0.0, Some(MarkupError::Style)),
            (|m| m.opacity = f64::NAN, Some(MarkupError::Style)),
        ];
        for (i, (change, error)) in table.into_iter().enumerate() {
            let mut markup = rectangle();
            change(&mut markup);
            assert_eq!(validate_markups(vec![markup], 3).err(), error, "row {i}");
        }
        assert_eq!(validate_markups(vec![rectangle(); 51], 3), Err(MarkupError::TooMany));
    }

    proptest! {
        #[test]
        fn kept_markups_lie_on_the_page_and_stay(points in proptest::collection::vec(proptest::array::uniform2(-0.4f64..1.4), 2..50)) {
            let freehand = Markup { kind: MarkupKind::Freehand, points, ..rectangle() };
            let kept = validate_markups(vec![freehand], 1).expect("in range");
            prop_assert!(kept[0].points.iter().flatten().all(|c| (0.0..=1.0).contains(c)));
            prop_assert_eq!(validate_markups(kept.clone(), 1).expect("in range"), kept);
        }
    }
}
