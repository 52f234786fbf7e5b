//! Text strings of a PDF: UTF-16 or UTF-8 with a byte order mark, or an encoding of its own.

/// What the bytes 0x18 to 0x1f and 0x80 to 0xa0 stand for where PDF's own encoding is not Latin 1
/// (ISO 32000-1, D.2).
const ACCENTS: [char; 8] = ['˘', 'ˇ', 'ˆ', '˙', '˝', '˛', '˚', '˜'];
const SIGNS: [char; 33] = [
    '•', '†', '‡', '…', '—', '–', 'ƒ', '⁄', '‹', '›', '−', '‰', '„', '“', '”', '‘', '’', '‚', '™', 'ﬁ', 'ﬂ',
    'Ł', 'Œ', 'Š', 'Ÿ', 'Ž', 'ı', 'ł', 'œ', 'š', 'ž', '\u{fffd}', '€',
];

/// The characters of a text string.
pub(super) fn decode(bytes: &[u8]) -> String {
    match bytes {
        [0xfe, 0xff, rest @ ..] => {
            let units: Vec<u16> =
                rest.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
            String::from_utf16_lossy(&units)
        }
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        bytes => bytes.iter().map(|&byte| character(byte)).collect(),
    }
}

fn character(byte: u8) -> char {
    match byte {
        0x18..=0x1f => ACCENTS[usize::from(byte - 0x18)],
        0x80..=0xa0 => SIGNS[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_all_encodings() {
        assert_eq!(decode(b"\xfe\xff\0A\x20\x13"), "A\u{2013}");
        assert_eq!(decode(b"\xef\xbb\xbf\xc3\xa4"), "ä");
        assert_eq!(decode(b"\xe4-"), "ä-");
        assert_eq!(decode(b"1\x85 \x8ctwo\x8d \xa03"), "1– „two“ €3");
        assert_eq!(decode(b"\x1a"), "ˆ");
    }
}
