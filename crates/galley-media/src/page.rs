//! Pages, their zoom levels and their words.

use serde::{Deserialize, Serialize};

/// Edge length of a tile in pixels. Tiles at the right and bottom edge are smaller.
pub const TILE: u32 = 512;

/// A vector page can be seen at up to 1600 %.
const MAX_VECTOR_ZOOM: f64 = 16.0;
/// The longest side of the largest level of a vector page, unless the page is larger than that at 100 %.
const MAX_VECTOR_SIDE: f64 = 65_536.0;

/// What is known of a page before it is rendered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PageInfo {
    /// Width in CSS pixels at 100 %: for a PDF points × 96/72 after rotation and crop box, for an image its
    /// pixels after the EXIF orientation.
    pub width: f64,
    /// Height in CSS pixels at 100 %.
    pub height: f64,
    /// Whether the page can be rendered sharply beyond 100 %.
    pub vector: bool,
    /// Width and height on paper in millimetres: always known for a PDF, for an image if it states a resolution.
    pub physical_mm: Option<(f64, f64)>,
    /// What the document calls this page ("iv", "A-3"), if it says so.
    pub label: Option<String>,
    /// Set if the page is the first frame of an animation, which browsers play.
    #[serde(default)]
    pub animation: Option<Animation>,
}

/// A picture that moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Animation {
    /// Number of frames, at least two.
    pub frames: u32,
    /// How long all of them take, in milliseconds.
    pub milliseconds: u32,
}

impl PageInfo {
    /// Width and height in pixels with the longest side at `side`.
    pub(crate) fn fit(&self, side: u32) -> (u32, u32) {
        let scale = f64::from(side) / self.width.max(self.height);
        let fit = |length: f64| ((length * scale).round() as u32).clamp(1, side.max(1));
        (fit(self.width), fit(self.height))
    }

    /// The zoom levels of this page.
    pub fn pyramid(&self) -> Pyramid {
        let longest = self.width.max(self.height);
        let zoom = if self.vector { (MAX_VECTOR_SIDE / longest).clamp(1.0, MAX_VECTOR_ZOOM) } else { 1.0 };
        let side = |length: f64| ((length * zoom).ceil() as u32).max(1);
        let (width, height) = (side(self.width), side(self.height));
        let mut max_level = 0;
        while width.max(height).div_ceil(1 << max_level) > TILE {
            max_level += 1;
        }
        Pyramid { width, height, max_level }
    }
}

/// The zoom levels of a page. Level `max_level` is the largest, every level below has half its size, and
/// level 0 fits into one tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pyramid {
    /// Width in pixels at `max_level`.
    pub width: u32,
    /// Height in pixels at `max_level`.
    pub height: u32,
    /// Number of the largest level.
    pub max_level: u8,
}

impl Pyramid {
    /// Width and height of a level in pixels; `None` if there is no such level.
    pub fn level_size(&self, level: u8) -> Option<(u32, u32)> {
        let shift = u32::from(self.max_level.checked_sub(level)?);
        let half = |length: u32| length.div_ceil(1 << shift).max(1);
        Some((half(self.width), half(self.height)))
    }

    /// Columns and rows of tiles on a level; `None` if there is no such level.
    pub fn tiles(&self, level: u8) -> Option<(u32, u32)> {
        let (width, height) = self.level_size(level)?;
        Some((width.div_ceil(TILE), height.div_ceil(TILE)))
    }

    /// The largest level whose longest side is at most `side` pixels; 0 if none is.
    pub(crate) fn largest_within(&self, side: u32) -> u8 {
        (0..=self.max_level)
            .rev()
            .find(|&level| self.level_size(level).is_some_and(|(w, h)| w.max(h) <= side))
            .unwrap_or(0)
    }
}

/// The text of a page as words with boxes, in reading order, and its links.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PageText {
    /// The words. Those of one line follow each other.
    pub words: Vec<Word>,
    /// The links in the order of the file; one over several lines comes in parts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<PageLink>,
}

/// A link and where it is. Positions and sizes are fractions of the page's width and height, from its top left corner
/// as shown; nothing of it is outside the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PageLink {
    /// Left edge, 0..1.
    pub x: f32,
    /// Top edge, 0..1.
    pub y: f32,
    /// Width, 0..1.
    pub w: f32,
    /// Height, 0..1.
    pub h: f32,
    /// Where it leads.
    #[serde(flatten)]
    pub to: LinkTarget,
}

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkTarget {
    /// A page of the same file, counted from 1.
    Page(u32),
    /// An absolute address: `https:`, `http:`, `mailto:` or `tel:`.
    Url(String),
}

/// An entry of a document's own table of contents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContentsEntry {
    /// One line, up to 300 characters.
    pub title: String,
    /// The page it leads to, counted from 1; none if it only heads others, or leads out of the document.
    pub page: Option<u32>,
    /// How deep it stands, 0 at the top.
    pub level: u8,
}

/// A word and where it stands. Positions and sizes are fractions of the page's width and height, from its top
/// left corner as shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Word {
    /// The text.
    pub t: String,
    /// Left edge, 0..1.
    pub x: f32,
    /// Top edge, 0..1.
    pub y: f32,
    /// Width, 0..1.
    pub w: f32,
    /// Height, 0..1.
    pub h: f32,
    /// Number of the line on this page, from 0.
    pub l: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(width: f64, height: f64, vector: bool) -> PageInfo {
        PageInfo { width, height, vector, physical_mm: None, label: None, animation: None }
    }

    #[test]
    fn a_vector_page_goes_to_1600_percent() {
        let a4 = page(793.7, 1122.5, true).pyramid();
        assert_eq!((a4.width, a4.height, a4.max_level), (12_700, 17_960, 6));
        assert_eq!(a4.level_size(6), Some((12_700, 17_960)));
        assert_eq!(a4.level_size(2), Some((794, 1123)));
        assert_eq!(a4.level_size(0), Some((199, 281)));
        assert_eq!(a4.tiles(0), Some((1, 1)));
        assert_eq!(a4.tiles(3), Some((4, 5)));
        assert_eq!(a4.level_size(7), None);
        assert_eq!(a4.tiles(255), None);
    }

    #[test]
    fn huge_vector_pages_are_capped_but_never_below_their_size() {
        let banner = page(19_200.0, 19_200.0, true).pyramid();
        assert_eq!((banner.width, banner.max_level), (65_536, 7));
        let wall = page(150_000.0, 300.0, true).pyramid();
        assert_eq!((wall.width, wall.height, wall.max_level), (150_000, 300, 9));
    }

    #[test]
    fn an_image_is_its_own_largest_level() {
        let photo = page(12_000.0, 9_000.0, false).pyramid();
        assert_eq!((photo.width, photo.height, photo.max_level), (12_000, 9_000, 5));
        let dot = page(1.0, 1.0, false).pyramid();
        assert_eq!((dot.width, dot.height, dot.max_level), (1, 1, 0));
        assert_eq!(page(512.0, 10.0, false).pyramid().max_level, 0);
        assert_eq!(page(513.0, 10.0, false).pyramid().max_level, 1);
    }

    #[test]
    fn level_for_a_screen() {
        let a4 = page(793.7, 1122.5, true).pyramid();
        assert_eq!(a4.largest_within(2560), 3);
        assert_eq!(a4.largest_within(1), 0);
        assert_eq!(a4.largest_within(u32::MAX), 6);
    }
}
