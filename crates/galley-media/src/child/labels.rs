//! What a PDF calls its pages: a tree of ranges, each with a prefix, a style and a first number.

use std::collections::{BTreeMap, HashMap};

use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{Array, Dict, Name, String as PdfString};

use super::pdf_text::decode;

/// Nodes of the tree that are looked at; real ones have a handful.
const MAX_NODES: usize = 4096;
/// Characters of a label.
const MAX_LENGTH: usize = 32;

struct Range {
    prefix: String,
    style: u8,
    first: u32,
}

/// The labels of pages by number, counted from 1. Empty if the document gives none, or the plain numbers.
pub(super) fn of(pdf: &Pdf, pages: usize) -> HashMap<u32, String> {
    let catalog = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id());
    let Some(root) = catalog.and_then(|catalog| catalog.get::<Dict<'_>>(b"PageLabels")) else {
        return HashMap::new();
    };
    let ranges = ranges(root);
    let mut labels = HashMap::new();
    for index in 0..pages as u32 {
        let Some((start, range)) = ranges.range(..=index).next_back() else { continue };
        let label = range.label(index - start);
        if label != (index + 1).to_string() && !label.is_empty() {
            labels.insert(index + 1, label);
        }
    }
    labels
}

fn ranges(root: Dict<'_>) -> BTreeMap<u32, Range> {
    let mut ranges = BTreeMap::new();
    let mut nodes = vec![root];
    for _ in 0..MAX_NODES {
        let Some(node) = nodes.pop() else { break };
        if let Some(kids) = node.get::<Array<'_>>(b"Kids") {
            nodes.extend(kids.iter::<Dict<'_>>().take(MAX_NODES.saturating_sub(nodes.len())));
        }
        if let Some(pairs) = node.get::<Array<'_>>(b"Nums") {
            let mut pairs = pairs.flex_iter();
            while let (Some(start), Some(range)) = (pairs.next::<u32>(), pairs.next::<Dict<'_>>()) {
                if ranges.len() >= MAX_NODES {
                    return ranges;
                }
                ranges.insert(start, Range::read(&range));
            }
        }
    }
    ranges
}

impl Range {
    fn read(dict: &Dict<'_>) -> Self {
        let prefix = dict.get::<PdfString<'_>>(b"P").map(|p| decode(p.as_bytes())).unwrap_or_default();
        let style = dict.get::<Name<'_>>(b"S").and_then(|s| s.as_str().bytes().next()).unwrap_or(0);
        Self { prefix, style, first: dict.get::<u32>(b"St").unwrap_or(1) }
    }

    fn label(&self, offset: u32) -> String {
        let number = self.first.saturating_add(offset);
        let counted = match self.style {
            b'D' => number.to_string(),
            b'R' => roman(number).to_uppercase(),
            b'r' => roman(number),
            b'A' => letters(number).to_uppercase(),
            b'a' => letters(number),
            _ => String::new(),
        };
        self.prefix.chars().chain(counted.chars()).filter(|c| !c.is_control()).take(MAX_LENGTH).collect()
    }
}

fn roman(mut number: u32) -> String {
    const DIGITS: [(u32, &str); 13] = [
        (1000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ];
    // Beyond this the numeral is longer than any label is allowed to be.
    if number > 30_000 {
        return number.to_string();
    }
    let mut text = String::new();
    for (value, digits) in DIGITS {
        while number >= value {
            text.push_str(digits);
            number -= value;
        }
    }
    text
}

/// a to z, then aa to zz, then aaa: the letter repeats.
fn letters(number: u32) -> String {
    let Some(index) = number.checked_sub(1) else { return String::new() };
    let letter = char::from(b'a' + (index % 26) as u8);
    let times = (index / 26 + 1).min(MAX_LENGTH as u32);
    std::iter::repeat_n(letter, times as usize).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_in_every_style() {
        assert_eq!([1, 4, 9, 14, 40, 1994].map(roman), ["i", "iv", "ix", "xiv", "xl", "mcmxciv"]);
        assert_eq!([1, 26, 27, 52, 53].map(letters), ["a", "z", "aa", "zz", "aaa"]);
        assert_eq!(letters(u32::MAX).len(), MAX_LENGTH);
        assert_eq!(roman(u32::MAX), u32::MAX.to_string());
        let range = Range { prefix: "A-\u{7}".into(), style: b'D', first: u32::MAX };
        assert_eq!(range.label(5), format!("A-{}", u32::MAX));
    }
}
