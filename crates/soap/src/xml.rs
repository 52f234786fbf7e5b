//! From text to a tree of elements. The tokens come from quick-xml; that they make well-formed XML
//! within the limits is checked here.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::Event;
use quick_xml::events::attributes::Attributes;

use crate::fault::{Fault, FaultCode};
use crate::limits::Limits;
use crate::names;
use crate::tree::{Document, MUST_UNDERSTAND, NIL, NONE, NOT_ROOT, Node, Ns, OTHER_ACTOR, REFERENCE};

impl<'a> Document<'a> {
    /// Parses `text`. Anything that is not well-formed or beyond a limit is `Bad Request`.
    pub(crate) fn parse(text: &'a str, limits: &Limits) -> Result<Document<'a>, Fault> {
        if !text.chars().all(is_xml_char) {
            return Err(Fault::bad_request());
        }
        let mut reader = Reader::from_str(text);
        reader.config_mut().check_comments = true;
        let mut builder = Builder::new(text, limits);
        let mut first = true;
        loop {
            let tag = usize::try_from(reader.buffer_position()).map_err(|_| Fault::bad_request())? + 1;
            // The reader lends out a tag only as long as its event lives; the input lives longer.
            let content = |len| text.get(tag..tag + len).ok_or_else(Fault::bad_request);
            match reader.read_event().map_err(|_| Fault::bad_request())? {
                Event::Start(start) => builder.open(content(start.len())?, start.name().0.len())?,
                Event::Empty(start) => {
                    builder.open(content(start.len())?, start.name().0.len())?;
                    builder.close();
                }
                Event::End(_) => builder.close(),
                Event::Text(piece) => builder.text(piece.into_inner())?,
                Event::CData(piece) => builder.cdata(piece.into_inner())?,
                Event::GeneralRef(reference) => {
                    let found = entity(&reference).ok_or_else(Fault::bad_request)?;
                    builder.char(found)?;
                }
                Event::Comment(_) => {}
                Event::PI(piece) if !piece.target().eq_ignore_ascii_case("xml") => {}
                Event::Decl(_) if first => {}
                Event::PI(_) | Event::Decl(_) => return Err(Fault::bad_request()),
                Event::DocType(_) => {
                    return Err(Fault::new(FaultCode::Server, "DTD are not supported by SOAP"));
                }
                Event::Eof => return builder.finish(),
            }
            first = false;
        }
    }
}

struct Builder<'a, 'l> {
    limits: &'l Limits,
    document: Document<'a>,
    /// Open elements, with the number of bindings that were in scope before each.
    open: Vec<(u32, usize)>,
    /// Prefix (empty for the default namespace) and namespace.
    bindings: Vec<(&'a str, Ns)>,
}

impl<'a, 'l> Builder<'a, 'l> {
    fn new(text: &str, limits: &'l Limits) -> Builder<'a, 'l> {
        // A third of the usual density, so that ordinary requests grow the vector at most twice.
        let guess = (text.len() / 64).clamp(8, 4096);
        Builder {
            limits,
            document: Document { nodes: Vec::with_capacity(guess), references: Vec::new(), ids: Vec::new() },
            open: Vec::with_capacity(8),
            bindings: Vec::with_capacity(8),
        }
    }

    fn open(&mut self, tag: &'a str, name_len: usize) -> Result<(), Fault> {
        let too_many =
            self.open.len() >= self.limits.depth || self.document.nodes.len() >= self.limits.elements;
        let second_root = self.open.is_empty() && !self.document.nodes.is_empty();
        if too_many || second_root {
            return Err(Fault::bad_request());
        }
        let scope = self.bindings.len();
        let (name, ns, flags) = self.read_start(tag, name_len)?;

        let index = u32::try_from(self.document.nodes.len()).map_err(|_| Fault::bad_request())?;
        if let Some(&(parent, _)) = self.open.last() {
            let parent = &mut self.document.nodes[parent as usize];
            // Text between elements carries no value.
            parent.text = Cow::Borrowed("");
            let last = std::mem::replace(&mut parent.last_child, index);
            match last {
                NONE => parent.first_child = index,
                last => self.document.nodes[last as usize].next = index,
            }
        }
        self.document.nodes.push(Node {
            name,
            text: Cow::Borrowed(""),
            first_child: NONE,
            last_child: NONE,
            next: NONE,
            ns,
            flags,
        });
        self.open.push((index, scope));
        Ok(())
    }

    fn close(&mut self) {
        if let Some((_, scope)) = self.open.pop() {
            self.bindings.truncate(scope);
        }
    }

    fn read_start(&mut self, tag: &'a str, name_len: usize) -> Result<(&'a str, Ns, u8), Fault> {
        let (prefix, name) = self.split_name(&tag[..name_len])?;
        if tag[name_len..].trim_ascii().is_empty() {
            return Ok((name, self.resolve(prefix, Ns::None), 0));
        }

        // Declarations first: they apply to the element they stand on, whatever their order.
        for (count, attribute) in Attributes::new(tag, name_len).enumerate() {
            let attribute = attribute.map_err(|_| Fault::bad_request())?;
            let key = attribute.key.0;
            if count >= self.limits.attributes {
                return Err(Fault::bad_request());
            }
            let value = attribute_value(attribute.value)?;
            if let Some(prefix) = key.strip_prefix("xmlns:") {
                self.split_name(prefix)?;
                self.bind(prefix, &value)?;
            } else if key == "xmlns" {
                self.bind("", &value)?;
            } else {
                self.split_name(key)?;
            }
        }

        let mut flags = 0;
        for attribute in Attributes::new(tag, name_len).with_checks(false) {
            let attribute = attribute.map_err(|_| Fault::bad_request())?;
            let key = attribute.key.0;
            let (prefix, local) = key.split_once(':').unwrap_or(("", key));
            if prefix == "xmlns" || key == "xmlns" {
                continue;
            }
            let ns = if prefix.is_empty() { Ns::None } else { self.resolve(prefix, Ns::Other) };
            flags |= self.read_attribute(ns, local, attribute.value)?;
        }
        Ok((name, self.resolve(prefix, Ns::None), flags))
    }

    fn read_attribute(&mut self, ns: Ns, local: &str, raw: Cow<'a, str>) -> Result<u8, Fault> {
        let index = u32::try_from(self.document.nodes.len()).map_err(|_| Fault::bad_request())?;
        let flag = match (ns, local) {
            (Ns::Xsi, "nil" | "null") if is_true(&raw) => NIL,
            (Ns::None, "href") | (Ns::Encoding, "ref") => {
                self.document.references.push((index, attribute_value(raw)?));
                REFERENCE
            }
            (Ns::None | Ns::Encoding, "id") => {
                self.document.ids.push((attribute_value(raw)?, index));
                0
            }
            (Ns::Encoding, "root") if !is_true(&raw) => NOT_ROOT,
            (Ns::Soap11 | Ns::Soap12, "mustUnderstand") if is_true(&raw) => MUST_UNDERSTAND,
            (Ns::Soap11, "actor") if !matches!(&*raw, "" | names::ACTOR_NEXT_11) => OTHER_ACTOR,
            (Ns::Soap12, "role") if !matches!(&*raw, "" | names::ROLE_NEXT_12 | names::ROLE_LAST_12) => {
                OTHER_ACTOR
            }
            _ => 0,
        };
        Ok(flag)
    }

    fn bind(&mut self, prefix: &'a str, uri: &str) -> Result<(), Fault> {
        if self.bindings.len() >= self.limits.namespaces {
            return Err(Fault::bad_request());
        }
        self.bindings.push((prefix, Ns::of(uri.trim_ascii())));
        Ok(())
    }

    /// An undeclared prefix is no reason to refuse a request: names count without their namespace.
    fn resolve(&self, prefix: &str, undeclared: Ns) -> Ns {
        self.bindings.iter().rev().find(|(known, _)| *known == prefix).map_or(undeclared, |&(_, ns)| ns)
    }

    fn split_name(&self, name: &'a str) -> Result<(&'a str, &'a str), Fault> {
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        let fits = name.len() <= self.limits.name && is_name(local);
        let good =
            fits && (prefix.is_empty() != name.contains(':')) && (prefix.is_empty() || is_name(prefix));
        if good { Ok((prefix, local)) } else { Err(Fault::bad_request()) }
    }

    fn text(&mut self, piece: Cow<'a, str>) -> Result<(), Fault> {
        if piece.contains("]]>") {
            return Err(Fault::bad_request());
        }
        self.append(normalize_line_ends(piece))
    }

    fn cdata(&mut self, piece: Cow<'a, str>) -> Result<(), Fault> {
        if self.open.is_empty() {
            return Err(Fault::bad_request());
        }
        self.append(normalize_line_ends(piece))
    }

    fn char(&mut self, found: char) -> Result<(), Fault> {
        let limit = self.limits.text;
        match self.current() {
            None => Err(Fault::bad_request()),
            Some(node) if node.first_child != NONE => Ok(()),
            Some(node) if node.text.len() + found.len_utf8() > limit => Err(Fault::bad_request()),
            Some(node) => {
                node.text.to_mut().push(found);
                Ok(())
            }
        }
    }

    fn append(&mut self, piece: Cow<'a, str>) -> Result<(), Fault> {
        let limit = self.limits.text;
        match self.current() {
            None if piece.trim_ascii().is_empty() => Ok(()),
            None => Err(Fault::bad_request()),
            Some(node) if node.first_child != NONE => Ok(()),
            Some(node) if node.text.len() + piece.len() > limit => Err(Fault::bad_request()),
            Some(node) => {
                if node.text.is_empty() {
                    node.text = piece;
                } else {
                    node.text.to_mut().push_str(&piece);
                }
                Ok(())
            }
        }
    }

    fn current(&mut self) -> Option<&mut Node<'a>> {
        let &(index, _) = self.open.last()?;
        self.document.nodes.get_mut(index as usize)
    }

    fn finish(mut self) -> Result<Document<'a>, Fault> {
        if !self.open.is_empty() || self.document.nodes.is_empty() {
            return Err(Fault::bad_request());
        }
        self.document.ids.sort();
        Ok(self.document)
    }
}

fn is_true(value: &str) -> bool {
    matches!(value.trim_ascii(), "1" | "true")
}

fn is_name(name: &str) -> bool {
    let mut chars = name.chars();
    let first = chars.next().is_some_and(|first| first.is_alphabetic() || first == '_');
    // Combining marks and joiners stand inside names of many languages.
    first && chars.all(|next| next.is_alphanumeric() || matches!(next, '_' | '-' | '.') || !next.is_ascii())
}

pub(crate) fn is_xml_char(found: char) -> bool {
    matches!(found, '\t' | '\n' | '\r' | '\u{20}'..='\u{FFFD}' | '\u{10000}'..)
}

fn entity(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let (digits, radix) = number.strip_prefix('x').map_or((number, 10), |hex| (hex, 16));
        let plain = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_alphanumeric());
        let code = plain.then(|| u32::from_str_radix(digits, radix).ok()).flatten()?;
        return char::from_u32(code).filter(|&found| is_xml_char(found));
    }
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}

fn attribute_value(raw: Cow<'_, str>) -> Result<Cow<'_, str>, Fault> {
    if raw.contains('<') {
        return Err(Fault::bad_request());
    }
    if !raw.contains('&') {
        return Ok(raw);
    }
    let mut value = String::with_capacity(raw.len());
    let mut rest = &*raw;
    while let Some(at) = rest.find('&') {
        value.push_str(&rest[..at]);
        let (name, after) = rest[at + 1..].split_once(';').ok_or_else(Fault::bad_request)?;
        value.push(entity(name).ok_or_else(Fault::bad_request)?);
        rest = after;
    }
    value.push_str(rest);
    Ok(Cow::Owned(value))
}

fn normalize_line_ends(piece: Cow<'_, str>) -> Cow<'_, str> {
    if piece.contains('\r') { Cow::Owned(piece.replace("\r\n", "\n").replace('\r', "\n")) } else { piece }
}
