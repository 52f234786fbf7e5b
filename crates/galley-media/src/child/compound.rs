//! OLE compound files: just enough to tell from the names at the top which document it is.

use crate::error::{MediaError, MediaErrorKind, Refusal};
use crate::flavor::Flavor;

/// Directory entries that are looked at; documents have some dozens.
const MAX_ENTRIES: usize = 1 << 16;
const ENTRY: usize = 128;
/// Numbers above this mark ends and free space.
const LAST_SECTOR: u32 = 0xffff_fffa;

struct Compound<'a> {
    data: &'a [u8],
    sector: usize,
    table: Vec<u32>,
}

/// Which document it is.
pub(super) fn flavor(data: &[u8]) -> Result<Flavor, MediaError> {
    let names = names(data).ok_or_else(|| MediaError::new(MediaErrorKind::Damaged, "OLE: no directory"))?;
    let has = |name: &str| names.iter().any(|found| found == name);
    if has("EncryptedPackage") {
        return Err(MediaError::new(MediaErrorKind::PasswordProtected, "an encrypted package"));
    }
    if has("WordDocument") {
        Ok(Flavor::Doc)
    } else if has("PowerPoint Document") {
        Ok(Flavor::Ppt)
    } else if has("Workbook") || has("Book") {
        Ok(Flavor::Xls)
    } else {
        Err(MediaError::new(MediaErrorKind::Refused(Refusal::Compound), format!("OLE: {names:?}")))
    }
}

/// Names at the top of the tree; those of embedded documents are further down.
fn names(data: &[u8]) -> Option<Vec<String>> {
    let shift = u16_at(data, 30)?;
    if !(7..=12).contains(&shift) {
        return None;
    }
    let mut file = Compound { data, sector: 1 << shift, table: Vec::new() };
    for at in 0..109 {
        match u32_at(data, 76 + 4 * at)? {
            number if number < LAST_SECTOR => {
                let numbers: Vec<u32> =
                    file.sector(number)?.chunks_exact(4).filter_map(|b| u32_at(b, 0)).collect();
                file.table.extend(numbers);
            }
            _ => break,
        }
    }
    let directory = file.chain(u32_at(data, 48)?)?;
    let entry = |number: u32| directory.get(number as usize * ENTRY..)?.get(..ENTRY);
    let mut names = Vec::new();
    let mut waiting = vec![u32_at(entry(0)?, 76)?];
    while let Some(number) = waiting.pop() {
        let Some(found) = entry(number) else { continue };
        names.push(name(found)?);
        if names.len() > MAX_ENTRIES.min(directory.len() / ENTRY) {
            return None;
        }
        waiting.extend([u32_at(found, 68)?, u32_at(found, 72)?]);
    }
    Some(names)
}

impl Compound<'_> {
    fn sector(&self, number: u32) -> Option<&[u8]> {
        let start = (number as usize + 1).checked_mul(self.sector)?;
        self.data.get(start..start.checked_add(self.sector)?)
    }

    /// The sectors that follow one another from `first`.
    fn chain(&self, first: u32) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut next = first;
        while next < LAST_SECTOR {
            bytes.extend_from_slice(self.sector(next)?);
            if bytes.len() > MAX_ENTRIES * ENTRY {
                return None;
            }
            next = *self.table.get(next as usize)?;
        }
        Some(bytes)
    }
}

fn name(entry: &[u8]) -> Option<String> {
    let length = usize::from(u16_at(entry, 64)?).clamp(2, 64) - 2;
    let units: Vec<u16> = entry[..length].chunks_exact(2).filter_map(|b| u16_at(b, 0)).collect();
    Some(String::from_utf16_lossy(&units))
}

fn u16_at(data: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(data.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(data: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(data.get(at..at + 4)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_files_have_no_directory() {
        let mut looped = vec![0; 2048];
        looped[..8].copy_from_slice(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
        looped[30] = 9;
        for data in [&b""[..], &[0; 100], &[0xff; 1000], &looped] {
            assert_eq!(flavor(data).map_err(|e| e.kind()), Err(MediaErrorKind::Damaged));
        }
    }
}
