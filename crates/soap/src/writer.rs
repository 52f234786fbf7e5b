use crate::api_version::ApiVersion;
use crate::names;
use crate::xml::is_xml_char;

pub(crate) const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

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

    /// How many bytes were written.
    pub(crate) fn len(&self) -> usize {
        self.out.len()
    }

    /// Makes room for about so many bytes more, within reason.
    pub(crate) fn expect(&mut self, more: usize) {
        const REASON: usize = 1 << 20;
        self.out.reserve(more.saturating_add(more / 8).min(REASON));
    }

    /// Opens an element.
    pub fn open(&mut self, name: &str) {
        self.out.reserve(name.len() + 2);
        self.out.push('<');
        self.out.push_str(name);
        self.out.push('>');
    }

    /// Closes an element.
    pub fn close(&mut self, name: &str) {
        self.out.reserve(name.len() + 3);
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
    }

    /// An element without content: `<name/>`.
    pub fn empty(&mut self, name: &str) {
        self.raw("<").raw(name).raw("/>");
    }

    /// An element that says it is null.
    pub fn nil(&mut self, name: &str) {
        self.raw("<").raw(name).raw(" xmlns:xsi=\"").raw(names::XSI).raw("\" xsi:nil=\"true\"/>");
    }

    /// An element with text; empty text makes an element without content.
    pub fn text(&mut self, name: &str, text: &str) {
        if text.is_empty() {
            return self.empty(name);
        }
        self.open(name);
        escape_into(&mut self.out, text);
        self.close(name);
    }

    /// An element whose content needs no escaping.
    pub(crate) fn plain(&mut self, name: &str, value: &str) {
        self.open(name);
        self.out.push_str(value);
        self.close(name);
    }

    /// An element with a number.
    pub(crate) fn integer(&mut self, name: &str, value: i64) {
        self.open(name);
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
        self.close(name);
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
    // Without a way out half-way many bytes are looked at together.
    if !text.bytes().fold(false, |found, byte| found | suspicious(byte)) {
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
