//! `multipart/form-data` as it comes: bytes in, events out, memory bounded whatever is sent.
//!
//! Clients of old are careless with the format, and all of this is taken: a last boundary without
//! `--`, blanks before header names, bare line feeds, file names in quotes, without quotes or in the
//! extended notation.

use bytes::{Bytes, BytesMut};

/// Bytes of the headers of one part.
const MAX_HEADERS: usize = 16 << 10;
/// Bytes before the first boundary.
const MAX_PREAMBLE: usize = 64 << 10;
/// Bytes of a boundary. RFC 2046 allows 70.
const MAX_BOUNDARY: usize = 200;
/// Blanks between a boundary and the end of its line.
const MAX_PADDING: usize = 64;
/// Parts of one body.
const MAX_PARTS: usize = 200;

/// What a body consists of, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A part begins. Fields that are no files have no name here.
    Part {
        /// Name of the file as sent.
        filename: Option<String>,
    },
    /// Bytes of the part.
    Data(Bytes),
    /// The part ends.
    End,
}

/// The body is no `multipart/form-data`, or beyond a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before the first boundary, after so many bytes.
    Preamble(usize),
    Headers,
    Data,
    /// After the last boundary.
    Done,
}

/// What follows something that looks like a boundary.
enum After {
    /// Another part; the line ends after so many bytes, with a bare line feed or not.
    Part(usize, bool),
    /// The end of the body.
    End,
    /// It is no boundary.
    Nothing,
    /// More bytes will tell.
    Unknown,
}

/// Takes a body apart. Feed it with [`Parser::push`], end with [`Parser::finish`].
pub struct Parser {
    /// A line break, two hyphens and the boundary. The break is what the first boundary's line ends in.
    delimiter: Vec<u8>,
    buffer: BytesMut,
    state: State,
    parts: usize,
    /// Bytes at the beginning of the buffer that may belong to a boundary, but not to a part.
    skip: usize,
}

impl Parser {
    /// A parser for a body with this `Content-Type`.
    ///
    /// # Errors
    /// When it is another type or has no usable boundary.
    pub fn new(content_type: &str) -> Result<Parser, Malformed> {
        let mut parts = parameters(content_type);
        let (kind, _) = parts.next().ok_or(Malformed)?;
        if !kind.get(..10).is_some_and(|start| start.eq_ignore_ascii_case("multipart/")) {
            return Err(Malformed);
        }
        let boundary = parts.find(|(name, _)| name.eq_ignore_ascii_case("boundary"));
        let boundary =
            boundary.map(|(_, value)| value).filter(|value| (1..=MAX_BOUNDARY).contains(&value.len()));
        let delimiter = format!("\r\n--{}", boundary.ok_or(Malformed)?).into_bytes();
        Ok(Parser { delimiter, buffer: BytesMut::new(), state: State::Preamble(0), parts: 0, skip: 0 })
    }

    /// Takes the next bytes and appends what they complete to `events`.
    ///
    /// # Errors
    /// When the body cannot be read any further.
    pub fn push(&mut self, bytes: &[u8], events: &mut Vec<Event>) -> Result<(), Malformed> {
        if self.state == State::Done {
            return Ok(());
        }
        self.buffer.extend_from_slice(bytes);
        while self.step(events)? {}
        Ok(())
    }

    /// Says that no more bytes come. True when the body was complete: nothing of a part is missing.
    pub fn finish(mut self, events: &mut Vec<Event>) -> bool {
        match self.state {
            State::Done => true,
            State::Preamble(_) => false,
            // The last boundary lacked its hyphens, so what was to be the next part is nothing.
            State::Headers => self.buffer.iter().all(u8::is_ascii_whitespace),
            State::Data => {
                // The last boundary lacked everything after it.
                let at = find(&self.buffer, &self.delimiter, 0);
                let rest = at.map(|at| &self.buffer[at + self.delimiter.len()..]);
                let whole = rest.is_some_and(|rest| rest.iter().all(|b| b" \t\r-".contains(b)));
                if let (true, Some(at)) = (whole, at) {
                    self.emit(at, events);
                    events.push(Event::End);
                }
                whole
            }
        }
    }

    /// Whether the last boundary was met; what follows is of no interest.
    pub fn is_done(&self) -> bool {
        self.state == State::Done
    }

    /// One thing further; false when more bytes are needed.
    fn step(&mut self, events: &mut Vec<Event>) -> Result<bool, Malformed> {
        match self.state {
            State::Preamble(seen) => self.preamble(seen),
            State::Headers => self.headers(events),
            State::Data => Ok(self.data(events)),
            State::Done => {
                self.buffer.clear();
                Ok(false)
            }
        }
    }

    fn preamble(&mut self, seen: usize) -> Result<bool, Malformed> {
        let dashes = self.delimiter[2..].to_vec();
        let mut from = 0;
        while let Some(at) = find(&self.buffer, &dashes, from) {
            let line_start = if at == 0 { seen == 0 } else { self.buffer[at - 1] == b'\n' };
            let end = at + dashes.len();
            match after(&self.buffer[end..]) {
                After::Unknown => return Ok(false),
                After::Part(length, bare) if line_start => {
                    let _ = self.buffer.split_to(end + length);
                    if bare {
                        self.delimiter.remove(0);
                    }
                    self.state = State::Headers;
                    return Ok(true);
                }
                After::End if line_start => {
                    self.state = State::Done;
                    return Ok(true);
                }
                _ => from = at + 1,
            }
        }
        // Keep what may be the beginning of a boundary, and the line break before it.
        let drop = self.buffer.len().saturating_sub(dashes.len() + 1);
        let _ = self.buffer.split_to(drop);
        let seen = seen + drop;
        self.state = State::Preamble(seen);
        if seen > MAX_PREAMBLE { Err(Malformed) } else { Ok(false) }
    }

    fn headers(&mut self, events: &mut Vec<Event>) -> Result<bool, Malformed> {
        let mut line_start = 0;
        while let Some(length) = self.buffer[line_start..].iter().position(|byte| *byte == b'\n') {
            let line = &self.buffer[line_start..line_start + length];
            if line.is_empty() || line == b"\r" {
                if line_start > MAX_HEADERS {
                    return Err(Malformed);
                }
                // The line break that ends the headers may be the one that begins the next boundary:
                // that is how some clients write an empty part. It stays, and is never data.
                self.skip = match (self.delimiter[0], line) {
                    (b'\r', b"\r") => 2,
                    (b'\r', _) => 0,
                    _ => 1,
                };
                let head = self.buffer.split_to(line_start + length + 1 - self.skip);
                self.parts += 1;
                if self.parts > MAX_PARTS {
                    return Err(Malformed);
                }
                events.push(Event::Part { filename: filename(&text(&head)) });
                self.state = State::Data;
                return Ok(true);
            }
            line_start += length + 1;
        }
        if self.buffer.len() > MAX_HEADERS { Err(Malformed) } else { Ok(false) }
    }

    fn data(&mut self, events: &mut Vec<Event>) -> bool {
        let mut from = 0;
        while let Some(at) = find(&self.buffer, &self.delimiter, from) {
            let end = at + self.delimiter.len();
            match after(&self.buffer[end..]) {
                After::Unknown => {
                    self.emit(at, events);
                    return false;
                }
                After::Part(length, _) => {
                    self.emit(at, events);
                    let _ = self.buffer.split_to(self.delimiter.len() + length);
                    (self.state, self.skip) = (State::Headers, 0);
                }
                After::End => {
                    self.emit(at, events);
                    self.state = State::Done;
                }
                After::Nothing => {
                    from = at + 1;
                    continue;
                }
            }
            events.push(Event::End);
            return true;
        }
        // Only a tail that may be the beginning of a boundary stays.
        let keep = (1..self.delimiter.len().min(self.buffer.len() + 1))
            .rev()
            .find(|length| self.buffer.ends_with(&self.delimiter[..*length]))
            .unwrap_or(0);
        self.emit(self.buffer.len() - keep, events);
        false
    }

    /// Hands on so many bytes from the beginning of the buffer.
    fn emit(&mut self, length: usize, events: &mut Vec<Event>) {
        let mut bytes = self.buffer.split_to(length);
        let skipped = self.skip.min(length);
        let _ = bytes.split_to(skipped);
        self.skip -= skipped;
        if !bytes.is_empty() {
            events.push(Event::Data(bytes.freeze()));
        }
    }
}

fn after(rest: &[u8]) -> After {
    if rest.starts_with(b"--") {
        return After::End;
    }
    let padding = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    if padding > MAX_PADDING {
        return After::Nothing;
    }
    match &rest[padding..] {
        [] | [b'\r'] => After::Unknown,
        [b'-'] if padding == 0 => After::Unknown,
        [b'\n', ..] => After::Part(padding + 1, true),
        [b'\r', b'\n', ..] => After::Part(padding + 2, false),
        _ => After::Nothing,
    }
}

fn find(haystack: &[u8], needle: &[u8], from: usize) -> Option<usize> {
    let first = *needle.first()?;
    let mut at = from;
    while let Some(next) = haystack.get(at..)?.iter().position(|byte| *byte == first) {
        at += next;
        if haystack[at..].starts_with(needle) {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// Header bytes as text: UTF-8, or what browsers of old sent.
fn text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}

/// The file name in the headers of a part; `filename*` is the better one of two.
fn filename(head: &str) -> Option<String> {
    let mut disposition: Option<String> = None;
    let mut in_disposition = false;
    for line in head.lines() {
        let name = line.trim_start().split(':').next().unwrap_or_default();
        let header = line.contains(':') && !name.is_empty() && name.bytes().all(is_token);
        if header {
            in_disposition = name.eq_ignore_ascii_case("content-disposition") && disposition.is_none();
            if in_disposition {
                disposition = line.split_once(':').map(|(_, value)| value.trim().to_owned());
            }
        } else if in_disposition && let Some(value) = &mut disposition {
            // A folded header: this line goes on where the last one ended.
            value.push(' ');
            value.push_str(line.trim());
        }
    }
    let disposition = disposition?;
    let mut plain = None;
    for (name, value) in parameters(&disposition) {
        if name.eq_ignore_ascii_case("filename*") {
            if let Some(decoded) = extended(&value) {
                return Some(decoded);
            }
        } else if name.eq_ignore_ascii_case("filename") && plain.is_none() {
            plain = Some(value);
        }
    }
    plain
}

fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// Names and values of `a; b=c; d="e"`; what has no value has an empty one.
fn parameters(text: &str) -> impl Iterator<Item = (&str, String)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches([' ', '\t', ';']);
        if rest.is_empty() {
            return None;
        }
        let end = rest.find([';', '=']).unwrap_or(rest.len());
        let name = rest[..end].trim();
        rest = &rest[end..];
        let Some(value) = rest.strip_prefix('=') else { return Some((name, String::new())) };
        let value = value.trim_start();
        let Some(quoted) = value.strip_prefix('"') else {
            let end = value.find(';').unwrap_or(value.len());
            rest = &value[end..];
            return Some((name, value[..end].trim().to_owned()));
        };
        // Only a quote is ever escaped: a backslash of its own is part of a path.
        let mut found = String::new();
        let mut chars = quoted.char_indices();
        let mut end = quoted.len();
        while let Some((at, c)) = chars.next() {
            match c {
                '\\' if quoted[at + 1..].starts_with('"') => {
                    found.push('"');
                    chars.next();
                }
                '"' => {
                    end = at + 1;
                    break;
                }
                c => found.push(c),
            }
        }
        rest = &quoted[end..];
        Some((name, found))
    })
}

/// `UTF-8'en'a%20name` (RFC 8187).
fn extended(value: &str) -> Option<String> {
    let mut parts = value.splitn(3, '\'');
    let (charset, _, encoded) = (parts.next()?, parts.next()?, parts.next()?);
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
            let (high, low) = (digit(rest.next())?, digit(rest.next())?);
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    if charset.eq_ignore_ascii_case("utf-8") {
        String::from_utf8(bytes).ok()
    } else {
        Some(bytes.into_iter().map(char::from).collect())
    }
}

#[cfg(test)]
mod tests;
