//! How two pages are laid on each other.

use serde::{Deserialize, Serialize};

use super::{Place, Rect};
use crate::page::PageInfo;

/// Vector pages are compared at 150 dpi: fine enough for hairlines and small type, and twice what a screen
/// shows of a whole page.
const PX_PER_CSS: f64 = 150.0 / 96.0;
/// Most pixels of a sheet. Larger pages (from about A2) are compared at less than 150 dpi, so that the memory
/// is bounded: three bytes a pixel for each page and five for what is worked out.
pub(crate) const MAX_PIXELS: f64 = (16 << 20) as f64;
/// Renderers count pixels in 16 bits.
const MAX_SIDE: f64 = 32_000.0;
/// Widths to heights that differ by less are the same shape.
const SAME_SHAPE: f64 = 0.01;
/// Added on both sides together, in CSS pixels: 9 mm each. What is more is another format.
const MAX_BLEED: f64 = 68.0;
/// Sizes that differ by less (CSS pixels) are the same: programs round differently.
const SAME_SIZE: f64 = 1.5;

/// A rectangle on the sheet in pixels. A page may stand out by a pixel once it is rendered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Spot {
    pub x: u32,
    pub y: u32,
    pub width: u32,
    pub height: u32,
}

/// What both pages are laid on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sheet {
    pub width: u32,
    pub height: u32,
    pub older: Spot,
    pub newer: Spot,
    /// The pages are of different size.
    pub resized: bool,
}

impl Sheet {
    /// Where as much was added or taken on all sides of a vector page, as bleed is, pages share their middle.
    /// Other pages of the same shape are laid on each other whole, whatever their size. The rest keep their
    /// scale and share a corner, as a web page does that grew longer.
    pub(crate) fn of(older: &PageInfo, newer: &PageInfo) -> Self {
        let (old, new) = (Size::of(older), Size::of(newer));
        let resized =
            (old.width - new.width).abs() > SAME_SIZE || (old.height - new.height).abs() > SAME_SIZE;
        let bled = resized && older.vector && newer.vector && old.is_trimmed_like(new);
        let ((a, b), centred) = if bled {
            ((old.times(PX_PER_CSS), new.times(PX_PER_CSS)), true)
        } else if old.has_shape_of(new) {
            // A picture is not blown up: that would show as a change of everything.
            let side = match (older.vector, newer.vector) {
                (true, true) => old.longest().max(new.longest()) * PX_PER_CSS,
                (true, false) => new.longest(),
                (false, true) => old.longest(),
                (false, false) => old.longest().min(new.longest()),
            };
            ((old.times(side / old.longest()), new.times(side / new.longest())), false)
        } else if older.vector == newer.vector {
            let scale = if older.vector { PX_PER_CSS } else { 1.0 };
            ((old.times(scale), new.times(scale)), false)
        } else {
            let width = if older.vector { new.width } else { old.width };
            ((old.times(width / old.width), new.times(width / new.width)), false)
        };
        let whole = Size { width: a.width.max(b.width), height: a.height.max(b.height) };
        let fit = (MAX_PIXELS / (whole.width * whole.height)).sqrt().min(MAX_SIDE / whole.longest()).min(1.0);
        let (a, b) = (a.times(fit).pixels(), b.times(fit).pixels());
        let (width, height) = (a.0.max(b.0), a.1.max(b.1));
        let spot = |(w, h): (u32, u32)| {
            let (x, y) = if centred { ((width - w) / 2, (height - h) / 2) } else { (0, 0) };
            Spot { x, y, width: w, height: h }
        };
        Self { width, height, older: spot(a), newer: spot(b), resized }
    }

    /// A rectangle of the sheet as it lies on both pages.
    pub(crate) fn place(&self, x: u32, y: u32, width: u32, height: u32) -> Place {
        let on = |spot: &Spot| Rect {
            x: (f64::from(x) - f64::from(spot.x)) / f64::from(spot.width),
            y: (f64::from(y) - f64::from(spot.y)) / f64::from(spot.height),
            w: f64::from(width) / f64::from(spot.width),
            h: f64::from(height) / f64::from(spot.height),
        };
        Place { older: on(&self.older), newer: on(&self.newer) }
    }

    /// Where all of it lies.
    pub(crate) fn whole(&self) -> Place {
        self.place(0, 0, self.width, self.height)
    }
}

#[derive(Debug, Clone, Copy)]
struct Size {
    width: f64,
    height: f64,
}

impl Size {
    fn of(page: &PageInfo) -> Self {
        Self { width: page.width.max(1.0), height: page.height.max(1.0) }
    }

    fn longest(self) -> f64 {
        self.width.max(self.height)
    }

    fn times(self, scale: f64) -> Self {
        Self { width: self.width * scale, height: self.height * scale }
    }

    fn pixels(self) -> (u32, u32) {
        ((self.width.round() as u32).max(1), (self.height.round() as u32).max(1))
    }

    fn has_shape_of(self, other: Self) -> bool {
        let (a, b) = (self.width * other.height, other.width * self.height);
        (a - b).abs() <= SAME_SHAPE * a.max(b)
    }

    fn is_trimmed_like(self, other: Self) -> bool {
        let (across, down) = (self.width - other.width, self.height - other.height);
        let most = across.abs().max(down.abs());
        across * down > 0.0 && most <= MAX_BLEED && (across - down).abs() <= (most * 0.1).max(2.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn page(width: f64, height: f64, vector: bool) -> PageInfo {
        PageInfo { width, height, vector, physical_mm: None, label: None, animation: None }
    }

    fn sheet(a: (f64, f64, bool), b: (f64, f64, bool)) -> ((u32, u32), Spot, Spot, bool) {
        let s = Sheet::of(&page(a.0, a.1, a.2), &page(b.0, b.1, b.2));
        ((s.width, s.height), s.older, s.newer, s.resized)
    }

    fn at(x: u32, y: u32, width: u32, height: u32) -> Spot {
        Spot { x, y, width, height }
    }

    #[test]
    fn pages_are_laid_on_each_other() {
        let a4 = (793.7, 1122.5, true);
        let whole = at(0, 0, 1240, 1754);
        assert_eq!(sheet(a4, a4), ((1240, 1754), whole, whole, false));
        // Rounded differently by another program.
        assert!(!sheet(a4, (794.0, 1122.0, true)).3);
        // A3 is A4 drawn larger.
        let a3 = sheet(a4, (1122.5, 1587.4, true));
        assert_eq!((a3.0, a3.1, a3.3), ((1754, 2480), at(0, 0, 1754, 2480), true));
        // The same photograph at half its size.
        let photo = sheet((3000.0, 2000.0, false), (1500.0, 1000.0, false));
        assert_eq!((photo.0, photo.1, photo.2), ((1500, 1000), at(0, 0, 1500, 1000), at(0, 0, 1500, 1000)));
        // A picture of a page, and the page.
        assert_eq!(sheet((1000.0, 1414.0, false), a4).0, (1000, 1414));
        // 3 mm of bleed on all sides.
        let bleed = sheet(a4, (793.7 + 22.7, 1122.5 + 22.7, true));
        assert_eq!((bleed.0, bleed.1, bleed.2), ((1276, 1789), at(18, 17, 1240, 1754), at(0, 0, 1276, 1789)));
        // A web page that grew.
        let web = sheet((1440.0, 3000.0, false), (1440.0, 3200.0, false));
        assert_eq!((web.0, web.1, web.2), ((1440, 3200), at(0, 0, 1440, 3000), at(0, 0, 1440, 3200)));
    }

    #[test]
    fn a_poster_takes_no_more_than_its_share_of_memory() {
        let a0 = (3178.6, 4493.9, true);
        let ((width, height), ..) = sheet(a0, a0);
        assert!(f64::from(width) * f64::from(height) <= MAX_PIXELS * 1.01, "{width} x {height}");
        assert!(width > 3400, "{width}");
    }

    proptest! {
        #[test]
        fn every_page_lies_on_the_sheet(
            a in (0.5f64..200_000.0, 0.5f64..200_000.0, any::<bool>()),
            b in (0.5f64..200_000.0, 0.5f64..200_000.0, any::<bool>()),
        ) {
            let s = Sheet::of(&page(a.0, a.1, a.2), &page(b.0, b.1, b.2));
            for spot in [s.older, s.newer] {
                prop_assert!(spot.width >= 1 && spot.height >= 1);
                prop_assert!(spot.x + spot.width <= s.width && spot.y + spot.height <= s.height);
            }
            prop_assert!(f64::from(s.width) * f64::from(s.height) <= MAX_PIXELS + f64::from(s.width + s.height));
            let whole = s.whole();
            prop_assert!(whole.older.x <= 0.0 && whole.older.x + whole.older.w >= 1.0 - 1e-9);
        }
    }
}
