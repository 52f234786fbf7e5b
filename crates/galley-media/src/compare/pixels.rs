//! Which pixels of two pages differ to the eye.

use std::borrow::Cow;

use super::align::Spot;

/// Two colours closer than this (of 255, weighted as the eye sees them) are the same: what another encoder or
/// colour conversion makes of the same picture.
const TOLERANCE: i32 = 10;
/// What red, green and blue count for.
const WEIGHTS: [i32; 3] = [2, 4, 3];
const LIMIT: i32 = TOLERANCE * TOLERANCE * (WEIGHTS[0] + WEIGHTS[1] + WEIGHTS[2]);

/// Pixels of a page, and where they lie on the sheet.
pub(crate) struct Laid<'a> {
    /// RGB, 8 bits each, rows from the top.
    pub data: &'a [u8],
    pub width: u32,
    pub height: u32,
    /// Where its top left corner lies.
    pub at: Spot,
}

/// The pixels of a sheet that differ, one byte each: 1 or 0.
///
/// A pixel is the same if on both pages it is about what the other page has there or right beside it. So edges
/// that are smoothed differently, or moved by less than a pixel, are no difference, and a line that is there on
/// one page only is. Beside a page there is white paper.
pub(crate) fn changed(width: u32, height: u32, older: &Laid<'_>, newer: &Laid<'_>) -> Vec<u8> {
    let (columns, rows) = (width as usize, height as usize);
    let (a, b) = (on_sheet(older, columns, rows), on_sheet(newer, columns, rows));
    let length = columns * 3;
    let mut map = vec![0u8; columns * rows];
    let (mut around_a, mut around_b) = (Around::new(length), Around::new(length));
    for y in 0..rows {
        let row = y * length..(y + 1) * length;
        let (row_a, row_b) = (&a[row.clone()], &b[row]);
        if row_a == row_b {
            continue;
        }
        let (mut ready, out) = (false, &mut map[y * columns..(y + 1) * columns]);
        for (x, (p, q)) in row_a.chunks_exact(3).zip(row_b.chunks_exact(3)).enumerate() {
            if p == q || distance([p[0], p[1], p[2]], [q[0], q[1], q[2]]) <= LIMIT {
                continue;
            }
            if !ready {
                around_a.gather(&a, y, rows);
                around_b.gather(&b, y, rows);
                ready = true;
            }
            if around_b.is_beside(x, p) && around_a.is_beside(x, q) {
                continue;
            }
            out[x] = 1;
        }
    }
    map
}

/// Squared, in units of [`LIMIT`].
fn distance(p: [u8; 3], q: [u8; 3]) -> i32 {
    let part = |i: usize| {
        let d = i32::from(p[i]) - i32::from(q[i]);
        WEIGHTS[i] * d * d
    };
    part(0) + part(1) + part(2)
}

/// The pixels on white paper as large as the sheet.
fn on_sheet<'a>(page: &Laid<'a>, columns: usize, rows: usize) -> Cow<'a, [u8]> {
    if (page.width as usize, page.height as usize) == (columns, rows) && (page.at.x, page.at.y) == (0, 0) {
        return Cow::Borrowed(page.data);
    }
    let mut sheet = vec![255u8; columns * rows * 3];
    let (left, top) = (page.at.x as usize, page.at.y as usize);
    let own = page.width as usize;
    let shown = own.min(columns.saturating_sub(left)) * 3;
    for (y, row) in page.data.chunks_exact(own * 3).enumerate().take(rows.saturating_sub(top)) {
        let start = ((top + y) * columns + left) * 3;
        sheet[start..start + shown].copy_from_slice(&row[..shown]);
    }
    Cow::Owned(sheet)
}

/// The least and the most of every channel among a pixel and its eight neighbours, for a row.
struct Around {
    low: Vec<u8>,
    high: Vec<u8>,
    column_low: Vec<u8>,
    column_high: Vec<u8>,
}

impl Around {
    fn new(length: usize) -> Self {
        let row = || vec![0u8; length];
        Self { low: row(), high: row(), column_low: row(), column_high: row() }
    }

    fn gather(&mut self, data: &[u8], y: usize, rows: usize) {
        let length = self.low.len();
        let row = |y: usize| &data[y * length..(y + 1) * length];
        let (above, here, below) = (row(y.saturating_sub(1)), row(y), row((y + 1).min(rows - 1)));
        for (i, ((&p, &q), &r)) in above.iter().zip(here).zip(below).enumerate() {
            self.column_low[i] = p.min(q).min(r);
            self.column_high[i] = p.max(q).max(r);
        }
        self.low.copy_from_slice(&self.column_low);
        self.high.copy_from_slice(&self.column_high);
        let inner = length - 3;
        for (low, &left) in self.low[3..].iter_mut().zip(&self.column_low[..inner]) {
            *low = (*low).min(left);
        }
        for (low, &right) in self.low[..inner].iter_mut().zip(&self.column_low[3..]) {
            *low = (*low).min(right);
        }
        for (high, &left) in self.high[3..].iter_mut().zip(&self.column_high[..inner]) {
            *high = (*high).max(left);
        }
        for (high, &right) in self.high[..inner].iter_mut().zip(&self.column_high[3..]) {
            *high = (*high).max(right);
        }
    }

    /// Whether a colour is about what is found around column `x`.
    fn is_beside(&self, x: usize, color: &[u8]) -> bool {
        let nearest = |i: usize| color[i].clamp(self.low[x * 3 + i], self.high[x * 3 + i]);
        distance([color[0], color[1], color[2]], [nearest(0), nearest(1), nearest(2)]) <= LIMIT
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn spot(width: u32, height: u32) -> Spot {
        Spot { x: 0, y: 0, width, height }
    }

    fn laid(data: &[u8], width: u32, height: u32) -> Laid<'_> {
        Laid { data, width, height, at: spot(width, height) }
    }

    fn differ(a: &[u8], b: &[u8], width: u32, height: u32) -> Vec<u8> {
        changed(width, height, &laid(a, width, height), &laid(b, width, height))
    }

    fn paper(width: u32, height: u32) -> Vec<u8> {
        vec![255; (width * height * 3) as usize]
    }

    fn fill(data: &mut [u8], columns: u32, (x0, y0, w, h): (u32, u32, u32, u32), color: [u8; 3]) {
        for y in y0..y0 + h {
            for x in x0..x0 + w {
                let at = ((y * columns + x) * 3) as usize;
                data[at..at + 3].copy_from_slice(&color);
            }
        }
    }

    /// A black bar whose left edge is at `x` (in quarters of a pixel), smoothed.
    fn bar(x: u32) -> Vec<u8> {
        let mut page = paper(40, 10);
        let (whole, part) = (x / 4, x % 4);
        fill(&mut page, 40, (whole, 0, 1, 10), [(part * 255 / 4) as u8; 3]);
        fill(&mut page, 40, (whole + 1, 0, 10, 10), [0; 3]);
        fill(&mut page, 40, (whole + 11, 0, 1, 10), [255 - (part * 255 / 4) as u8; 3]);
        page
    }

    fn count(map: &[u8]) -> usize {
        map.iter().filter(|&&p| p == 1).count()
    }

    #[test]
    fn smoothing_is_no_difference_and_moving_is() {
        for moved in 1..=4 {
            assert_eq!(count(&differ(&bar(40), &bar(40 + moved), 40, 10)), 0, "by {moved}/4 pixel");
        }
        for pixels in 2..=5 {
            let found = count(&differ(&bar(40), &bar(40 + 4 * pixels), 40, 10));
            assert!(found > 0, "by {pixels} pixels");
        }
    }

    #[test]
    fn a_hairline_is_seen_when_it_comes_and_when_it_goes() {
        let (clean, mut ruled) = (paper(20, 20), paper(20, 20));
        fill(&mut ruled, 20, (0, 9, 20, 1), [0; 3]);
        assert_eq!(count(&differ(&clean, &ruled, 20, 20)), 20);
        assert_eq!(count(&differ(&ruled, &clean, 20, 20)), 20);
    }

    #[test]
    fn colours_differ_from_where_the_eye_sees_it() {
        // Change of colour of a field: how much, and whether it counts.
        let cases: [([i32; 3], bool); 6] = [
            ([3, 3, 3], false),
            ([8, 8, 8], false),
            ([12, 12, 12], true),
            ([0, 20, 0], true),
            ([0, 0, 12], false),
            ([30, 0, 0], true),
        ];
        for (by, seen) in cases {
            let mut b = paper(10, 10);
            let color = [0, 1, 2].map(|i| (200 - by[i]) as u8);
            let mut a = paper(10, 10);
            fill(&mut a, 10, (0, 0, 10, 10), [200; 3]);
            fill(&mut b, 10, (0, 0, 10, 10), color);
            assert_eq!(count(&differ(&a, &b, 10, 10)), if seen { 100 } else { 0 }, "{by:?}");
        }
    }

    #[test]
    fn paper_beside_a_page_is_white() {
        let (small, mut large) = (paper(6, 6), paper(10, 10));
        let on = |data: &[u8], spot: Spot, other: &[u8]| {
            let a = Laid { data, width: spot.width, height: spot.height, at: spot };
            changed(10, 10, &a, &laid(other, 10, 10))
        };
        let middle = Spot { x: 2, y: 2, width: 6, height: 6 };
        assert_eq!(count(&on(&small, middle, &large)), 0);
        fill(&mut large, 10, (0, 0, 2, 10), [0; 3]);
        assert_eq!(count(&on(&small, middle, &large)), 20);
        // A page rendered a pixel larger than it was laid out.
        let a = Laid { data: &large, width: 10, height: 10, at: spot(9, 9) };
        assert_eq!(changed(9, 9, &a, &a), vec![0; 81]);
    }

    proptest! {
        #[test]
        fn a_page_does_not_differ_from_itself(data in prop::collection::vec(any::<u8>(), 12 * 9 * 3)) {
            prop_assert_eq!(count(&differ(&data, &data, 12, 9)), 0);
        }

        #[test]
        fn it_does_not_matter_which_is_first(
            a in prop::collection::vec(any::<u8>(), 12 * 9 * 3),
            b in prop::collection::vec(any::<u8>(), 12 * 9 * 3),
        ) {
            prop_assert_eq!(differ(&a, &b, 12, 9), differ(&b, &a, 12, 9));
        }

        #[test]
        fn a_changed_rectangle_is_found_in_full(x in 0u32..20, y in 0u32..20, w in 1u32..12, h in 1u32..12) {
            let (a, mut b) = (paper(32, 32), paper(32, 32));
            fill(&mut b, 32, (x, y, w, h), [10, 60, 200]);
            let map = differ(&a, &b, 32, 32);
            for (at, &p) in map.iter().enumerate() {
                let (px, py) = (at as u32 % 32, at as u32 / 32);
                let inside = (x..x + w).contains(&px) && (y..y + h).contains(&py);
                prop_assert_eq!(p == 1, inside, "{}, {}", px, py);
            }
        }
    }
}
