//! How far two pictures of a page are apart, as an eye would judge it: used by `examples/pixels.rs` and by the tests.

/// A pixel that differs by more than this in a channel, after smoothing, is bad.
const BAD: u32 = 48;
/// Edge length of a cell in pixels: half an inch at 96 dpi.
const CELL: usize = 48;

/// The share of a page that may be bad. Poppler draws stems of small type darker and up to a third of a pixel
/// elsewhere, which makes half of a hundredth bad on an ordinary page of type.
pub const MOST_OF_PAGE: f64 = 0.01;
/// The share of a cell that may be bad: a line or a note that is missing is little of a page and much of a cell.
pub const MOST_OF_CELL: f64 = 0.20;

/// Red, green, blue, row by row.
#[derive(Debug)]
pub struct Picture {
    pub width: usize,
    pub height: usize,
    pub rgb: Vec<u8>,
}

/// How far apart two pictures are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Apart {
    /// The share of the page that is bad.
    pub page: f64,
    /// The share of its worst cell.
    pub cell: f64,
}

impl Apart {
    pub fn is_near(self) -> bool {
        self.page <= MOST_OF_PAGE && self.cell <= MOST_OF_CELL
    }
}

impl Picture {
    /// Reads a binary PPM of 8 bits, as `pdftoppm`, `mutool` and Ghostscript write it.
    pub fn from_ppm(bytes: &[u8]) -> Option<Self> {
        let mut numbers = Vec::new();
        let mut rest = bytes.strip_prefix(b"P6")?;
        while numbers.len() < 3 {
            rest = rest.trim_ascii_start();
            if rest.first() == Some(&b'#') {
                let end = rest.iter().position(|&b| b == b'\n')?;
                rest = &rest[end..];
                continue;
            }
            let end = rest.iter().position(u8::is_ascii_whitespace)?;
            numbers.push(std::str::from_utf8(&rest[..end]).ok()?.parse::<usize>().ok()?);
            rest = &rest[end..];
        }
        let [width, height, 255] = numbers[..] else { return None };
        let rgb = rest.get(1..=width * height * 3)?.to_vec();
        Some(Self { width, height, rgb })
    }

    /// Each pixel as the mean of those around it.
    fn smoothed(&self) -> Vec<u8> {
        let (w, h) = (self.width, self.height);
        let mut out = vec![0; w * h * 3];
        for y in 0..h {
            let rows = y.saturating_sub(1)..(y + 2).min(h);
            for x in 0..w {
                let columns = x.saturating_sub(1)..(x + 2).min(w);
                let mut sum = [0u32; 3];
                for row in rows.clone() {
                    for column in columns.clone() {
                        let at = (row * w + column) * 3;
                        for (sum, &value) in sum.iter_mut().zip(&self.rgb[at..at + 3]) {
                            *sum += u32::from(value);
                        }
                    }
                }
                let count = (rows.len() * columns.len()) as u32;
                for (channel, sum) in sum.into_iter().enumerate() {
                    out[(y * w + x) * 3 + channel] = (sum / count) as u8;
                }
            }
        }
        out
    }

    /// Compares with another of the same size; none if it has another.
    pub fn apart(&self, other: &Self) -> Option<Apart> {
        if (self.width, self.height) != (other.width, other.height) {
            return None;
        }
        let (w, h) = (self.width, self.height);
        let (ours, theirs) = (self.smoothed(), other.smoothed());
        let columns = w.div_ceil(CELL);
        let mut cells = vec![0usize; columns * h.div_ceil(CELL)];
        for (at, (a, b)) in ours.chunks_exact(3).zip(theirs.chunks_exact(3)).enumerate() {
            if a.iter().zip(b).any(|(a, b)| u32::from(a.abs_diff(*b)) > BAD) {
                cells[at / w / CELL * columns + at % w / CELL] += 1;
            }
        }
        // Cells at the edges are smaller; a share of them would say more than is there.
        let worst = cells.iter().copied().max().unwrap_or(0);
        Some(Apart {
            page: cells.iter().sum::<usize>() as f64 / (w * h).max(1) as f64,
            cell: worst as f64 / (CELL * CELL) as f64,
        })
    }
}
