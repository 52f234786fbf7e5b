//! Where lines may end, and which letters run from right to left.

use crate::fonts::invisible;
use std::ops::Range;

/// Where a text may be broken: the parts that stay together, each with the blanks behind it.
pub(super) fn units(text: &str) -> Vec<Range<usize>> {
    let mut units = Vec::new();
    let mut start = 0;
    let mut before: Option<char> = None;
    for (at, c) in text.char_indices() {
        let breaks = before.is_some_and(|b| {
            if c.is_whitespace() || invisible(c) {
                false
            } else if b.is_whitespace() && b != '\u{a0}' {
                true
            } else {
                (matches!(b, '-' | '/' | '–' | '—' | '\u{200b}') && !c.is_ascii_digit() && c != b)
                    || ((wide(b) || wide(c)) && !opens(b) && !closes(c))
            }
        });
        if breaks {
            units.push(start..at);
            start = at;
        }
        before = Some(c);
    }
    if start < text.len() {
        units.push(start..text.len());
    }
    units
}

/// Letters of scripts that are written without blanks.
fn wide(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}'
        | '\u{20000}'..='\u{3ffff}' | '\u{e00}'..='\u{e7f}')
}

fn opens(c: char) -> bool {
    matches!(c, '(' | '[' | '{' | '「' | '『' | '（' | '【' | '《' | '〈' | '“' | '‘')
}

/// What does not begin a line.
fn closes(c: char) -> bool {
    matches!(c, ')' | ']' | '}' | '」' | '』' | '）' | '】' | '》' | '〉' | '”' | '’' | '、' | '。' | '，' | '．' | '！' | '？'
        | '：' | '；' | ',' | '.' | '!' | '?' | ':' | ';' | 'ー' | '々' | 'っ' | 'ッ' | '\u{e30}'..='\u{e3a}' | '\u{e47}'..='\u{e4e}')
}

/// A letter of a script that runs from right to left, or something that makes text do so.
pub(super) fn rtl_letter(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{200f}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' | '\u{10800}'..='\u{10fff}'
        | '\u{1e800}'..='\u{1efff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaks() {
        let parts = |text: &'static str| units(text).into_iter().map(|r| &text[r]).collect::<Vec<_>>();
        assert_eq!(parts("one two  three"), ["one ", "two  ", "three"]);
        assert_eq!(parts("well-known and/or -5"), ["well-", "known ", "and/", "or ", "-5"]);
        assert_eq!(parts("漢字。「かな」x"), ["漢", "字。", "「か", "な」", "x"]);
    }
}
