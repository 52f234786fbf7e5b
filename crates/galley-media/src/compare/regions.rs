//! Changed pixels as a few rectangles that somebody can step through.

/// Cells at first: so many along the longest side, but none is smaller than [`MIN_CELL`] pixels. Changes closer
/// than about two cells (5 mm on A4) are one region, so that the letters of a word, and the lines of a
/// paragraph, stay together, on a leaflet as on a poster.
const CELLS: u32 = 120;
const MIN_CELL: u32 = 12;
/// Cells that far apart touch.
const REACH: usize = 2;
/// No more regions are told: nobody steps through more. Cells grow until there are few enough.
pub(crate) const MAX_REGIONS: usize = 200;
/// A region of fewer pixels is a speck of the renderer: less than a full stop of 4 point type.
const MIN_PIXELS: u32 = 3;
/// Regions whose tops are within so many pixels are of one line, and read from the left.
const LINE: u32 = 40;

/// A rectangle of pixels with what changed in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Region {
    pub x: u32,
    pub y: u32,
    pub width: u32,
    pub height: u32,
}

/// Changed pixels of a cell: how many, and the rectangle around them.
#[derive(Debug, Clone, Copy)]
struct Cell {
    pixels: u32,
    left: u32,
    top: u32,
    right: u32,
    bottom: u32,
}

impl Cell {
    const NONE: Self = Self { pixels: 0, left: u32::MAX, top: u32::MAX, right: 0, bottom: 0 };

    fn join(&mut self, other: &Self) {
        self.pixels = self.pixels.saturating_add(other.pixels);
        self.left = self.left.min(other.left);
        self.top = self.top.min(other.top);
        self.right = self.right.max(other.right);
        self.bottom = self.bottom.max(other.bottom);
    }
}

struct Grid {
    columns: usize,
    rows: usize,
    cells: Vec<Cell>,
}

impl Grid {
    fn of(map: &[u8], width: u32) -> Self {
        let height = u32::try_from(map.len() / width.max(1) as usize).unwrap_or(u32::MAX);
        let cell = width.max(height).div_ceil(CELLS).max(MIN_CELL);
        let (columns, rows) = (width.div_ceil(cell) as usize, height.div_ceil(cell) as usize);
        let mut cells = vec![Cell::NONE; columns * rows];
        for (y, row) in (0u32..).zip(map.chunks_exact(width.max(1) as usize)) {
            // Most rows are blank, and looking for a byte is quick.
            if !row.contains(&1) {
                continue;
            }
            let line = (y / cell) as usize * columns;
            for (x, _) in (0u32..).zip(row).filter(|(_, changed)| **changed == 1) {
                let pixel = Cell { pixels: 1, left: x, top: y, right: x, bottom: y };
                cells[line + (x / cell) as usize].join(&pixel);
            }
        }
        Self { columns, rows, cells }
    }

    /// The same with cells twice as large.
    fn coarser(&self) -> Self {
        let (columns, rows) = (self.columns.div_ceil(2), self.rows.div_ceil(2));
        let mut cells = vec![Cell::NONE; columns * rows];
        for (at, cell) in self.cells.iter().enumerate().filter(|(_, cell)| cell.pixels > 0) {
            let (x, y) = (at % self.columns / 2, at / self.columns / 2);
            cells[y * columns + x].join(cell);
        }
        Self { columns, rows, cells }
    }

    /// What touches, put together.
    fn groups(&self) -> Vec<Cell> {
        let mut seen = vec![false; self.cells.len()];
        let mut groups = Vec::new();
        let mut open = Vec::new();
        for start in 0..self.cells.len() {
            if seen[start] || self.cells[start].pixels == 0 {
                continue;
            }
            seen[start] = true;
            open.push(start);
            let mut group = Cell::NONE;
            while let Some(at) = open.pop() {
                group.join(&self.cells[at]);
                let (x, y) = (at % self.columns, at / self.columns);
                for near_y in y.saturating_sub(REACH)..(y + REACH + 1).min(self.rows) {
                    for near_x in x.saturating_sub(REACH)..(x + REACH + 1).min(self.columns) {
                        let near = near_y * self.columns + near_x;
                        if !seen[near] && self.cells[near].pixels > 0 {
                            seen[near] = true;
                            open.push(near);
                        }
                    }
                }
            }
            groups.push(group);
        }
        groups
    }
}

/// Puts changed pixels (1 in `map`, rows of `width`) together to regions in reading order, at most
/// [`MAX_REGIONS`]. Specks are taken out of the map.
pub(crate) fn group(map: &mut [u8], width: u32) -> Vec<Region> {
    let mut grid = Grid::of(map, width);
    let (specks, mut groups): (Vec<Cell>, Vec<Cell>) =
        grid.groups().into_iter().partition(|group| group.pixels < MIN_PIXELS);
    for speck in &specks {
        for y in speck.top..=speck.bottom {
            let row = y as usize * width as usize;
            map[row + speck.left as usize..=row + speck.right as usize].fill(0);
        }
    }
    if groups.len() > MAX_REGIONS {
        if !specks.is_empty() {
            grid = Grid::of(map, width);
        }
        while groups.len() > MAX_REGIONS {
            grid = grid.coarser();
            groups = grid.groups();
        }
    }
    groups.sort_by_key(|group| (group.top / LINE, group.left, group.top));
    let region = |group: Cell| Region {
        x: group.left,
        y: group.top,
        width: group.right - group.left + 1,
        height: group.bottom - group.top + 1,
    };
    groups.into_iter().map(region).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn map(width: u32, height: u32, boxes: &[(u32, u32, u32, u32)]) -> Vec<u8> {
        let mut map = vec![0; (width * height) as usize];
        for &(x0, y0, w, h) in boxes {
            for y in y0..(y0 + h).min(height) {
                let row = (y * width) as usize;
                map[row + x0 as usize..row + (x0 + w).min(width) as usize].fill(1);
            }
        }
        map
    }

    fn boxes(regions: &[Region]) -> Vec<(u32, u32, u32, u32)> {
        regions.iter().map(|r| (r.x, r.y, r.width, r.height)).collect()
    }

    #[test]
    fn what_is_close_is_one_and_what_is_far_is_two() {
        // Two words beside each other; a heading far above; a speck that is nothing.
        let mut pixels =
            map(600, 400, &[(100, 300, 40, 12), (150, 302, 30, 10), (50, 20, 200, 30), (500, 200, 1, 1)]);
        assert_eq!(boxes(&group(&mut pixels, 600)), [(50, 20, 200, 30), (100, 300, 80, 12)]);
        assert_eq!(pixels[200 * 600 + 500], 0, "specks leave the map");
    }

    #[test]
    fn regions_come_as_one_reads() {
        let mut pixels =
            map(600, 300, &[(400, 104, 50, 10), (20, 110, 50, 10), (20, 200, 50, 10), (300, 10, 9, 9)]);
        let found = boxes(&group(&mut pixels, 600));
        assert_eq!(found, [(300, 10, 9, 9), (20, 110, 50, 10), (400, 104, 50, 10), (20, 200, 50, 10)]);
    }

    #[test]
    fn a_page_full_of_dots_has_few_regions() {
        let dots: Vec<_> = (0..40).flat_map(|y| (0..40).map(move |x| (x * 50, y * 50, 2, 2))).collect();
        let found = group(&mut map(2000, 2000, &dots), 2000);
        assert!((1..=MAX_REGIONS).contains(&found.len()), "{}", found.len());
    }

    proptest! {
        #[test]
        fn every_change_is_in_a_region_and_no_region_is_blank(
            changes in prop::collection::vec((0u32..280, 0u32..180, 2u32..60, 2u32..40), 0..30)
        ) {
            let mut pixels = map(300, 200, &changes);
            let found = group(&mut pixels, 300);
            prop_assert!(found.len() <= MAX_REGIONS);
            prop_assert_eq!(found.is_empty(), changes.is_empty());
            for (at, _) in pixels.iter().enumerate().filter(|(_, p)| **p == 1) {
                let (x, y) = (at as u32 % 300, at as u32 / 300);
                let inside = |r: &Region| (r.x..r.x + r.width).contains(&x) && (r.y..r.y + r.height).contains(&y);
                prop_assert!(found.iter().any(inside), "{}, {}", x, y);
            }
        }

        #[test]
        fn any_map_has_a_bounded_number_of_regions(dots in prop::collection::vec((0u32..1000, 0u32..1000), 0..800)) {
            let dots: Vec<_> = dots.into_iter().map(|(x, y)| (x, y, 2, 2)).collect();
            prop_assert!(group(&mut map(1000, 1000, &dots), 1000).len() <= MAX_REGIONS);
        }
    }
}
