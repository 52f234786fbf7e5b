use std::borrow::Cow;

use crate::fault::Fault;
use crate::limits::Limits;

/// Turns the bytes of a body into text. The byte order mark decides, then the encoding named by the
/// XML declaration, then UTF-8. Known are UTF-8, UTF-16 (with a mark), US-ASCII, ISO-8859-1 and
/// windows-1252; UTF-8 is borrowed.
///
/// # Errors
/// `Bad Request` when the body is larger than [`Limits::body`], of another encoding, or not valid in
/// its own.
pub fn decode_text<'a>(body: &'a [u8], limits: &Limits) -> Result<Cow<'a, str>, Fault> {
    if body.len() > limits.body {
        return Err(Fault::bad_request());
    }
    match body {
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(rest),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        _ => match declared_encoding(body) {
            None => utf8(body),
            Some(name) if is_one_of(name, &["utf-8", "utf8"]) => utf8(body),
            Some(name) if is_one_of(name, &["us-ascii", "ascii"]) && body.is_ascii() => utf8(body),
            Some(name) if is_one_of(name, &["iso-8859-1", "iso8859-1", "iso_8859-1", "latin1"]) => {
                Ok(Cow::Owned(body.iter().map(|&byte| char::from(byte)).collect()))
            }
            Some(name) if is_one_of(name, &["windows-1252", "cp1252"]) => body
                .iter()
                .map(|&byte| windows_1252(byte))
                .collect::<Option<String>>()
                .map(Cow::Owned)
                .ok_or_else(Fault::bad_request),
            Some(_) => Err(Fault::bad_request()),
        },
    }
}

fn is_one_of(name: &[u8], known: &[&str]) -> bool {
    known.iter().any(|known| name.eq_ignore_ascii_case(known.as_bytes()))
}

fn utf8(body: &[u8]) -> Result<Cow<'_, str>, Fault> {
    std::str::from_utf8(body).map(Cow::Borrowed).map_err(|_| Fault::bad_request())
}

fn utf16(body: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Cow<'_, str>, Fault> {
    let (pairs, rest) = body.as_chunks::<2>();
    if !rest.is_empty() {
        return Err(Fault::bad_request());
    }
    char::decode_utf16(pairs.iter().map(|&pair| unit(pair)))
        .collect::<Result<String, _>>()
        .map(Cow::Owned)
        .map_err(|_| Fault::bad_request())
}

fn windows_1252(byte: u8) -> Option<char> {
    const HIGH: [u16; 32] = [
        0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,
        0x017D, 0, 0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A,
        0x0153, 0, 0x017E, 0x0178,
    ];
    match byte {
        0x80..=0x9F => {
            char::from_u32(u32::from(HIGH[usize::from(byte - 0x80)])).filter(|&found| found != '\0')
        }
        other => Some(char::from(other)),
    }
}

/// Value of `encoding` in the XML declaration. The declaration of every encoding that we read is
/// plain ASCII, and short.
fn declared_encoding(body: &[u8]) -> Option<&[u8]> {
    let head = body.get(..body.len().min(256))?.strip_prefix(b"<?xml")?;
    let end = head.windows(2).position(|pair| pair == b"?>")?;
    let head = &head[..end];
    let at = head.windows(8).position(|word| word == b"encoding")?;
    let rest = head[at + 8..].trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let (&quote, rest) = rest.split_first().filter(|(quote, _)| matches!(quote, b'"' | b'\''))?;
    let end = rest.iter().position(|&byte| byte == quote)?;
    Some(&rest[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(body: &[u8]) -> Option<String> {
        decode_text(body, &Limits::default()).ok().map(Cow::into_owned)
    }

    #[test]
    fn encodings() {
        let declared = |name: &str, rest: &[u8]| {
            let mut body = format!("<?xml version='1.0' encoding = '{name}'?>").into_bytes();
            body.extend_from_slice(rest);
            text(&body).map(|text| text[text.find("?>").map_or(0, |at| at + 2)..].to_owned())
        };
        assert_eq!(text(b"\xEF\xBB\xBFz\xC3\xA9"), Some("zé".into()));
        assert_eq!(text(b"\xFF\xFEz\0\xE9\0"), Some("zé".into()));
        assert_eq!(text(b"\xFE\xFF\0z\xD8\x3D\xDE\x00"), Some("z😀".into()));
        assert_eq!(text(b"\xFE\xFF\0z\xD8\x3D"), None);
        assert_eq!(text(b"\xFE\xFF\0"), None);
        assert_eq!(text(b"z\xE9"), None);
        assert_eq!(declared("UTF-8", "zé".as_bytes()), Some("zé".into()));
        assert_eq!(declared("iso-8859-1", b"z\xE9"), Some("zé".into()));
        assert_eq!(declared("Windows-1252", b"\x80\x93"), Some("€“".into()));
        assert_eq!(declared("windows-1252", b"\x81"), None);
        assert_eq!(declared("US-ASCII", b"z"), Some("z".into()));
        assert_eq!(declared("US-ASCII", b"z\xE9"), None);
        assert_eq!(declared("EBCDIC-CP-US", b"z"), None);
        assert_eq!(declared("UTF-7", b"z"), None);
    }

    #[test]
    fn size_is_limited() {
        let limits = Limits { body: 3, ..Limits::default() };
        assert!(decode_text(b"abc", &limits).is_ok());
        assert_eq!(decode_text(b"abcd", &limits), Err(Fault::bad_request()));
    }
}
