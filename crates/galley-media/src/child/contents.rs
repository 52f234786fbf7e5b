//! The table of contents that a PDF brings: a tree of titles, each with its place.

use std::collections::HashSet;

use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{Dict, ObjRef, String as PdfString};

use super::pdf_text::decode;
use super::places::{Places, Target};
use crate::page::ContentsEntry;

/// Entries of a table that somebody is to find something in.
const MAX_ENTRIES: usize = 5000;
/// What lies deeper is shown at this depth.
const MAX_LEVEL: u8 = 11;
/// Characters of a title.
const MAX_TITLE: usize = 300;

/// The entries in reading order.
pub(super) fn of(pdf: &Pdf, places: &Places) -> Vec<ContentsEntry> {
    let catalog = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id());
    let root = catalog.and_then(|catalog| catalog.get::<Dict<'_>>(b"Outlines"));
    let mut entries = Vec::new();
    let mut seen: HashSet<ObjRef> = HashSet::new();
    let first = root.and_then(|root| follow(&root, b"First", &mut seen));
    let mut waiting: Vec<(Dict<'_>, u8)> = first.map(|first| (first, 0)).into_iter().collect();
    while let Some((item, level)) = waiting.pop() {
        if entries.len() >= MAX_ENTRIES {
            break;
        }
        if let Some(next) = follow(&item, b"Next", &mut seen) {
            waiting.push((next, level));
        }
        let title = item.get::<PdfString<'_>>(b"Title").map(|title| title_of(title.as_bytes()));
        let page = match places.target(&item, 1) {
            Some(Target::Page(page)) => Some(page),
            _ => None,
        };
        let title = title.filter(|title| !title.is_empty());
        let below = if title.is_some() { (level + 1).min(MAX_LEVEL) } else { level };
        if let Some(title) = title {
            entries.push(ContentsEntry { title, page, level });
        }
        if let Some(first) = follow(&item, b"First", &mut seen) {
            waiting.push((first, below));
        }
    }
    entries
}

/// The next entry. A damaged table may lead back to itself; what is not referred to by a number cannot.
fn follow<'a>(from: &Dict<'a>, key: &[u8], seen: &mut HashSet<ObjRef>) -> Option<Dict<'a>> {
    let known = from.get_ref(key).is_some_and(|to| !seen.insert(to));
    if known { None } else { from.get(key) }
}

fn title_of(bytes: &[u8]) -> String {
    let text = decode(bytes);
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty()).collect();
    words.join(" ").chars().take(MAX_TITLE).collect()
}
