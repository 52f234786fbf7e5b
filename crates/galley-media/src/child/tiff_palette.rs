//! Palettes of TIFF files, which the decoder does not know: it is made to read indices as gray.

use std::collections::HashSet;
use std::io::Cursor;

use tiff::ColorType;
use tiff::decoder::Decoder;
use tiff::tags::Tag;

use crate::error::{MediaError, MediaErrorKind};

const PHOTOMETRIC: u16 = 262;
const SHORT: u16 = 3;
const INDEXED: u16 = 3;
const BLACK_IS_ZERO: u16 = 1;
/// Directories that are looked at.
const MAX_DIRECTORIES: usize = 10_000;

/// The colours of a palette.
pub(super) struct Colors(Vec<[u8; 3]>);

impl Colors {
    /// The colour of an index; black beyond the palette.
    pub(super) fn get(&self, index: u8) -> [u8; 3] {
        self.0.get(usize::from(index)).copied().unwrap_or_default()
    }
}

/// Changes directories that say their pixels are indices so that they say gray, and gives their numbers.
pub(super) fn read_as_gray(data: &mut [u8]) -> HashSet<usize> {
    let little = data.starts_with(b"II");
    let mut changed = HashSet::new();
    let mut at = number(data, 4, 4, little);
    for index in 0..MAX_DIRECTORIES {
        let Some(start) = at.filter(|&start| start >= 8) else { break };
        let Some(count) = number(data, start, 2, little) else { break };
        for entry in (0..count).map(|entry| start + 2 + 12 * entry) {
            let is =
                |offset: usize, wanted: u16| number(data, entry + offset, 2, little) == Some(wanted.into());
            if is(0, PHOTOMETRIC) && is(2, SHORT) && is(8, INDEXED) {
                let low = entry + 8 + usize::from(!little);
                data[low] = BLACK_IS_ZERO as u8;
                changed.insert(index);
            }
        }
        at = number(data, start + 2 + 12 * count, 4, little);
    }
    changed
}

fn number(data: &[u8], at: usize, length: usize, little: bool) -> Option<usize> {
    let bytes = data.get(at..at.checked_add(length)?)?;
    let add = |sum: usize, byte: &u8| sum << 8 | usize::from(*byte);
    Some(if little { bytes.iter().rev().fold(0, add) } else { bytes.iter().fold(0, add) })
}

/// Reads the palette of the directory the decoder stands at: all reds, all greens, all blues.
pub(super) fn colors(decoder: &mut Decoder<Cursor<Vec<u8>>>, color: ColorType) -> Result<Colors, MediaError> {
    let missing = || MediaError::new(MediaErrorKind::Damaged, "TIFF: no palette");
    if color.bit_depth() > 8 {
        return Err(MediaError::new(MediaErrorKind::Unsupported, "TIFF: a palette beyond 8 bits"));
    }
    let map = decoder.find_tag_unsigned_vec::<u16>(Tag::ColorMap).ok().flatten().ok_or_else(missing)?;
    let size = 1usize << color.bit_depth();
    if map.len() < 3 * size {
        return Err(missing());
    }
    // Some programs write 8 bits where 16 belong.
    let shift = if map.iter().all(|&value| value < 256) { 0 } else { 8 };
    let color = |index: usize| [0, 1, 2].map(|channel| (map[channel * size + index] >> shift) as u8);
    Ok(Colors((0..size).map(color).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_there_is_changed() {
        let mut file = b"II\x2a\0\x08\0\0\0\x01\0\x06\x01\x03\0\x01\0\0\0\x03\0\0\0\0\0\0\0".to_vec();
        assert_eq!(read_as_gray(&mut file), HashSet::from([0]));
        assert_eq!(file[18], 1);
        assert!(read_as_gray(&mut file).is_empty());
        for hostile in [
            &b"II"[..],
            b"II\x2a\0\xff\xff\xff\xff",
            b"MM\0\x2a\0\0\0\x08\xff\xff",
            b"II\x2a\0\x08\0\0\0\0\0\x08\0\0\0",
        ] {
            assert!(read_as_gray(&mut hostile.to_vec()).is_empty(), "{hostile:?}");
        }
    }
}
