//! How two pages differ: pixels, regions and words. Pure rules; the child decodes, the server asks.
//!
//! Both pages are laid on one *sheet* ([`align`]), the pixels on it compared ([`pixels`]), what changed grouped
//! ([`regions`]), and the words compared on their own ([`words`]). Which page goes with which is said by
//! [`pages`].

pub(crate) mod align;
pub(crate) mod pages;
pub(crate) mod pixels;
pub(crate) mod regions;
pub(crate) mod words;

use serde::{Deserialize, Serialize};

pub use pages::PagePair;

/// A rectangle in fractions of a page's width and height, from its top left corner. What lies beside the page
/// leaves 0..1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Rect {
    /// Left edge.
    pub x: f64,
    /// Top edge.
    pub y: f64,
    /// Width.
    pub w: f64,
    /// Height.
    pub h: f64,
}

/// The same place on both pages.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// On the older page.
    pub older: Rect,
    /// On the newer page.
    pub newer: Rect,
}

/// How a page differs from one of another version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// Where the sheet lies on which both were compared, and with it the picture of what changed.
    pub sheet: Place,
    /// The pages are of different size.
    pub resized: bool,
    /// Share of the sheet that changed, 0..1.
    pub changed: f64,
    /// What changed, in reading order; few enough to step through.
    pub regions: Vec<Place>,
    /// Which words changed, in reading order; none if either page has no words.
    pub text: Option<Vec<TextChange>>,
    /// There are more changes of words than are told.
    pub more_text: bool,
}

/// Words that were replaced, removed or added.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TextChange {
    /// What the older page says; empty if words were added. Long texts are cut.
    pub removed: String,
    /// What the newer page says; empty if words were removed. Long texts are cut.
    pub added: String,
    /// Where the removed words stand on the older page, a rectangle for each line.
    pub older: Vec<Rect>,
    /// Where the added words stand on the newer page, a rectangle for each line.
    pub newer: Vec<Rect>,
}
