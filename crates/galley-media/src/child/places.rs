//! Where links and entries of a table of contents lead.

use std::collections::HashMap;

use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{
    Array, Dict, MaybeRef, Name, Object, ObjectIdentifier, String as PdfString,
};

use super::pdf_text;

/// Names of places, and nodes of their tree, that are looked at. The PDF reference has about 20,000.
const MAX_NAMES: usize = 100_000;
/// Bytes of a web address; browsers take no more.
const MAX_ADDRESS: usize = 2048;
/// What a person may be sent to. Anything else does something on their machine.
const SCHEMES: [&str; 4] = ["https://", "http://", "mailto:", "tel:"];

/// Where something leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// A page, counted from 1.
    Page(u32),
    /// A web address, or one to write to or to call.
    Address(String),
}

/// The places of a document that have names or are pages.
pub(super) struct Places {
    pages: HashMap<ObjectIdentifier, u32>,
    count: u32,
    named: HashMap<Vec<u8>, u32>,
}

impl Places {
    pub(super) fn of(pdf: &Pdf) -> Self {
        let pages = pdf.pages();
        let ids = (1..).zip(pages.iter()).filter_map(|(number, page)| Some((page.raw().obj_id()?, number)));
        let mut places = Self { pages: ids.collect(), count: pages.len() as u32, named: HashMap::new() };
        if let Some(catalog) = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id()) {
            if let Some(all) = catalog.get::<Dict<'_>>(b"Dests") {
                for name in all.keys().take(MAX_NAMES) {
                    places.name(name.as_ref(), all.get::<Object<'_>>(name.as_ref()));
                }
            }
            let tree = catalog.get::<Dict<'_>>(b"Names").and_then(|names| names.get::<Dict<'_>>(b"Dests"));
            if let Some(root) = tree {
                places.name_all(root);
            }
        }
        places
    }

    fn name_all(&mut self, root: Dict<'_>) {
        let mut nodes = vec![root];
        for _ in 0..MAX_NAMES {
            let Some(node) = nodes.pop() else { return };
            if let Some(kids) = node.get::<Array<'_>>(b"Kids") {
                nodes.extend(kids.iter::<Dict<'_>>().take(MAX_NAMES.saturating_sub(nodes.len())));
            }
            if let Some(pairs) = node.get::<Array<'_>>(b"Names") {
                let mut pairs = pairs.flex_iter();
                while let (Some(name), Some(place)) =
                    (pairs.next::<PdfString<'_>>(), pairs.next::<Object<'_>>())
                {
                    if self.named.len() >= MAX_NAMES {
                        return;
                    }
                    self.name(name.as_bytes(), Some(place));
                }
            }
        }
    }

    fn name(&mut self, name: &[u8], place: Option<Object<'_>>) {
        // A place may stand in a dictionary of its own. A name for a name would be a circle at worst.
        let place = match place {
            Some(Object::Dict(dict)) => dict.get::<Array<'_>>(b"D"),
            Some(Object::Array(array)) => Some(array),
            _ => None,
        };
        if let Some(page) = place.and_then(|place| self.page(&place)) {
            self.named.insert(name.to_vec(), page);
        }
    }

    /// The page that an explicit place begins with: a reference, or as some programs write it, its index.
    fn page(&self, place: &Array<'_>) -> Option<u32> {
        let index = match place.raw_iter().next()? {
            MaybeRef::Ref(page) => return self.pages.get(&page.into()).copied(),
            MaybeRef::NotRef(index) => index.into_i32()?,
        };
        u32::try_from(index).ok().filter(|index| *index < self.count).map(|index| index + 1)
    }

    fn place(&self, place: Object<'_>) -> Option<u32> {
        match place {
            Object::Array(array) => self.page(&array),
            Object::Name(name) => self.named.get(name.as_ref()).copied(),
            Object::String(name) => self.named.get(name.as_bytes()).copied(),
            _ => None,
        }
    }

    /// Where a link or an entry on page `here` leads, if that is a page of this document or an address.
    pub(super) fn target(&self, of: &Dict<'_>, here: u32) -> Option<Target> {
        if let Some(place) = of.get::<Object<'_>>(b"Dest") {
            return self.place(place).map(Target::Page);
        }
        let action = of.get::<Dict<'_>>(b"A")?;
        match action.get::<Name<'_>>(b"S")?.as_ref() {
            b"GoTo" => self.place(action.get::<Object<'_>>(b"D")?).map(Target::Page),
            b"URI" => address(action.get::<PdfString<'_>>(b"URI")?.as_bytes()).map(Target::Address),
            b"Named" => {
                let page = match action.get::<Name<'_>>(b"N")?.as_ref() {
                    b"NextPage" => here + 1,
                    b"PrevPage" => here - 1,
                    b"FirstPage" => 1,
                    b"LastPage" => self.count,
                    _ => return None,
                };
                (1..=self.count).contains(&page).then_some(Target::Page(page))
            }
            _ => None,
        }
    }
}

/// An address that may be opened, whole and without what does not belong into one.
fn address(bytes: &[u8]) -> Option<String> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => pdf_text::decode(bytes),
    };
    let text = text.trim();
    if text.is_empty()
        || text.len() > MAX_ADDRESS
        || text.chars().any(|c| c.is_control() || c.is_whitespace())
    {
        return None;
    }
    let begins = |with: &str| text.get(..with.len()).is_some_and(|head| head.eq_ignore_ascii_case(with));
    if SCHEMES.into_iter().any(begins) {
        Some(text.to_owned())
    } else {
        begins("www.").then(|| format!("http://{text}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_for_people_are_kept() {
        let kept = ["https://example.com/a?b#c", "HTTP://example.com", "mailto:a@example.com", "tel:+1555"];
        for text in kept {
            assert_eq!(address(text.as_bytes()).as_deref(), Some(text));
        }
        assert_eq!(address(b" www.example.com ").as_deref(), Some("http://www.example.com"));
        let dropped =
            ["", "javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "../a.pdf", "http"];
        for text in dropped.into_iter().chain(["https://example.com/a b", "https://example.com/\u{1}"]) {
            assert_eq!(address(text.as_bytes()), None, "{text}");
        }
        assert_eq!(address(format!("https://{}", "a".repeat(MAX_ADDRESS)).as_bytes()), None);
    }
}
