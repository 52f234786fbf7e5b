use crate::api_version::ApiVersion;
use crate::names;
use crate::xml::is_xml_char;

pub(crate) const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// The name of an element, kept as its end tag: what is written of it is one piece or a part of it, and an
/// answer consists of thousands. Made by [`tag!`](crate::tag).
#[derive(Clone, Copy, Debug)]
pub struct Tag<'a>(&'a str);

impl<'a> Tag<'a> {
    /// The element with this end tag, such as `</name>`.
    ///
    /// # Panics
    /// When it is none; in a constant, that does not compile.
    pub const fn with_end(end: &'a str) -> Tag<'a> {
        let bytes = end.as_bytes();
        assert!(bytes.len() > 3 && bytes[0] == b'<' && bytes[1] == b'/' && bytes[bytes.len() - 1] == b'>');
        Tag(end)
    }

    fn name(self) -> &'a str {
        &self.0[2..self.0.len() - 1]
    }

    fn name_and_bracket(self) -> &'a str {
        &self.0[2..]
    }
}

/// The [`Tag`] of a name.
#[macro_export]
macro_rules! tag {
    ($name:literal) => {
        const { $crate::Tag::with_end(concat!("</", $name, ">")) }
    };
}

/// Writes elements in no namespace, without white space between them.
pub struct Writer {
    out: String,
    version: ApiVersion,
}

impl Writer {
    /// A writer that has written nothing yet and writes the fields of `version`.
    pub fn new(version: ApiVersion) -> Writer {
        Writer { out: String::new(), version }
    }

    /// A writer that starts with the XML declaration.
    pub(crate) fn document(version: ApiVersion) -> Writer {
        let mut out = String::with_capacity(8 << 10);
        out.push_str(DECLARATION);
        Writer { out, version }
    }

    /// The API version written.
    pub fn version(&self) -> ApiVersion {
        self.version
    }

    /// What was written.
    pub fn finish(self) -> String {
        self.out
    }

    /// Opens an element.
    pub fn open(&mut self, tag: Tag<'_>) {
        self.out.push('<');
        self.out.push_str(tag.name_and_bracket());
    }

    /// Closes an element.
    pub fn close(&mut self, tag: Tag<'_>) {
        self.out.push_str(tag.0);
    }

    /// An element without content: `<name/>`.
    pub fn empty(&mut self, tag: Tag<'_>) {
        self.raw("<").raw(tag.name()).raw("/>");
    }

    /// An element that says it is null.
    pub fn nil(&mut self, tag: Tag<'_>) {
        self.raw("<").raw(tag.name()).raw(" xmlns:xsi=\"").raw(names::XSI).raw("\" xsi:nil=\"true\"/>");
    }

    /// An element with text; empty text makes an element without content.
    pub fn text(&mut self, tag: Tag<'_>, text: &str) {
        if text.is_empty() {
            return self.empty(tag);
        }
        self.open(tag);
        escape_into(&mut self.out, text);
        self.close(tag);
    }

    /// An element whose content needs no escaping.
    pub(crate) fn plain(&mut self, tag: Tag<'_>, value: &str) {
        self.open(tag);
        self.out.push_str(value);
        self.close(tag);
    }

    /// An element with a number.
    pub(crate) fn integer(&mut self, tag: Tag<'_>, value: i64) {
        self.open(tag);
        // 20 digits at most, written from the last to the first.
        let (mut digits, mut at, mut left) = ([0; 20], 20, value.unsigned_abs());
        loop {
            at -= 1;
            digits[at] = b'0' + (left % 10) as u8;
            left /= 10;
            if left == 0 {
                break;
            }
        }
        if value < 0 {
            self.out.push('-');
        }
        self.out.push_str(std::str::from_utf8(&digits[at..]).unwrap_or_default());
        self.close(tag);
    }

    pub(crate) fn raw(&mut self, text: &str) -> &mut Writer {
        self.out.push_str(text);
        self
    }

    pub(crate) fn attribute_text(&mut self, text: &str) -> &mut Writer {
        escape_attribute_into(&mut self.out, text);
        self
    }
}

/// Appends `text` as the text of an element. Characters that XML cannot hold at all become U+FFFD.
pub fn escape_into(out: &mut String, text: &str) {
    push_escaped(out, text, |found| match found {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        // As itself it would be read back as a line feed.
        '\r' => Some("&#13;"),
        other => (!is_xml_char(other)).then_some("\u{FFFD}"),
    });
}

/// Appends `text` as the value of an attribute in double quotes.
pub(crate) fn escape_attribute_into(out: &mut String, text: &str) {
    push_escaped(out, text, |found| match found {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '"' => Some("&quot;"),
        '\t' => Some("&#9;"),
        '\n' => Some("&#10;"),
        '\r' => Some("&#13;"),
        other => (!is_xml_char(other)).then_some("\u{FFFD}"),
    });
}

/// Most texts need nothing, which a look at their bytes tells faster than one at their characters:
/// suspicious are controls, the characters of markup, and the first byte of U+FFFE and U+FFFF.
fn push_escaped(out: &mut String, text: &str, replacement: impl Fn(char) -> Option<&'static str>) {
    let suspicious = |byte| matches!(byte, 0..0x20 | b'&' | b'<' | b'>' | b'"' | 0xEF);
    if !text.bytes().any(suspicious) {
        return out.push_str(text);
    }
    let mut done = 0;
    for (at, found) in text.char_indices() {
        if let Some(replacement) = replacement(found) {
            out.push_str(&text[done..at]);
            out.push_str(replacement);
            done = at + found.len_utf8();
        }
    }
    out.push_str(&text[done..]);
}
