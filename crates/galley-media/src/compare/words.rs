//! Which words of two pages differ, and where they stand.

use std::time::{Duration, Instant};

use similar::{Algorithm, DiffOp, capture_diff_slices_deadline};

use super::{Rect, TextChange};
use crate::page::Word;

/// After that much time the rest is told as one change: two pages of 50,000 words that have nothing in common.
const MAX_TIME: Duration = Duration::from_millis(400);
/// Changes told at most.
pub(crate) const MAX_CHANGES: usize = 500;
/// Characters of a change that are told.
const MAX_CHARS: usize = 400;
/// Rectangles of a change that are told.
const MAX_LINES: usize = 60;

/// The changes from the older page's words to the newer's in reading order, and whether there are more.
///
/// Only the words count, not where they stand: text that merely flows anew has not changed.
pub(crate) fn changes(older: &[Word], newer: &[Word]) -> (Vec<TextChange>, bool) {
    changes_until(older, newer, Instant::now() + MAX_TIME)
}

fn changes_until(older: &[Word], newer: &[Word], deadline: Instant) -> (Vec<TextChange>, bool) {
    let texts = |words: &[Word]| -> Vec<String> { words.iter().map(|word| word.t.clone()).collect() };
    let (old, new) = (texts(older), texts(newer));
    let ops = capture_diff_slices_deadline(Algorithm::Myers, &old, &new, Some(deadline));
    let spans = ops.into_iter().filter_map(|op| match op {
        DiffOp::Equal { .. } => None,
        DiffOp::Delete { old_index, old_len, new_index } => Some((old_index, old_len, new_index, 0)),
        DiffOp::Insert { old_index, new_index, new_len } => Some((old_index, 0, new_index, new_len)),
        DiffOp::Replace { old_index, old_len, new_index, new_len } => {
            Some((old_index, old_len, new_index, new_len))
        }
    });
    let mut joined: Vec<(usize, usize, usize, usize)> = Vec::new();
    for (old_at, old_len, new_at, new_len) in spans {
        match joined.last_mut() {
            // Deletion and insertion at the same place, told one after the other.
            Some(last) if last.0 + last.1 == old_at && last.2 + last.3 == new_at => {
                last.1 += old_len;
                last.3 += new_len;
            }
            _ => joined.push((old_at, old_len, new_at, new_len)),
        }
    }
    let more = joined.len() > MAX_CHANGES;
    joined.truncate(MAX_CHANGES);
    let change = |(old_at, old_len, new_at, new_len): (usize, usize, usize, usize)| {
        let (removed, added) = (&older[old_at..old_at + old_len], &newer[new_at..new_at + new_len]);
        TextChange { removed: text(removed), added: text(added), older: lines(removed), newer: lines(added) }
    };
    (joined.into_iter().map(change).collect(), more)
}

fn text(words: &[Word]) -> String {
    let mut text = String::new();
    for word in words {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&word.t);
        if let Some((cut, _)) = text.char_indices().nth(MAX_CHARS) {
            text.truncate(cut);
            text.push('…');
            break;
        }
    }
    text
}

/// A rectangle around the words of each line.
fn lines(words: &[Word]) -> Vec<Rect> {
    let mut lines: Vec<(u32, Rect)> = Vec::new();
    for word in words {
        let (x, y, w, h) = (f64::from(word.x), f64::from(word.y), f64::from(word.w), f64::from(word.h));
        let count = lines.len();
        match lines.last_mut() {
            Some((line, rect)) if *line == word.l => {
                let (right, bottom) = ((rect.x + rect.w).max(x + w), (rect.y + rect.h).max(y + h));
                (rect.x, rect.y) = (rect.x.min(x), rect.y.min(y));
                (rect.w, rect.h) = (right - rect.x, bottom - rect.y);
            }
            _ if count >= MAX_LINES => break,
            _ => lines.push((word.l, Rect { x, y, w, h })),
        }
    }
    lines.into_iter().map(|(_, rect)| rect).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Words of a text; every line of it is a line of the page.
    fn words(text: &str) -> Vec<Word> {
        let line = |(l, line): (usize, &str)| {
            let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
            words.into_iter().enumerate().map(move |(n, t)| Word {
                t,
                x: n as f32 / 10.0,
                y: l as f32 / 10.0,
                w: 0.05,
                h: 0.02,
                l: l as u32,
            })
        };
        text.lines().enumerate().flat_map(line).collect()
    }

    fn told(older: &str, newer: &str) -> Vec<(String, String)> {
        changes(&words(older), &words(newer)).0.into_iter().map(|c| (c.removed, c.added)).collect()
    }

    #[test]
    fn words_are_replaced_removed_and_added() {
        type Case = (&'static str, &'static str, &'static [(&'static str, &'static str)]);
        let cases: [Case; 6] = [
            ("doors open at nine", "doors open at nine", &[]),
            ("doors open at nine", "doors open at ten", &[("nine", "ten")]),
            ("the old harbour bar", "the harbour bar", &[("old", "")]),
            ("the harbour bar", "the harbour bar tonight", &[("", "tonight")]),
            ("a b c d e f", "a x c d y f", &[("b", "x"), ("e", "y")]),
            ("one two", "three four", &[("one two", "three four")]),
        ];
        for (older, newer, expected) in cases {
            let found = told(older, newer);
            let found: Vec<(&str, &str)> = found.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
            assert_eq!(found, expected, "{older} -> {newer}");
        }
    }

    #[test]
    fn text_that_flows_anew_has_not_changed() {
        assert_eq!(told("doors open\nat nine", "doors open at\nnine"), []);
    }

    #[test]
    fn a_change_over_two_lines_has_two_rectangles() {
        let (found, more) = changes(&words("stay a\nb here"), &words("stay here"));
        assert!(!more && found.len() == 1 && found[0].newer.is_empty());
        let tops: Vec<f64> = found[0].older.iter().map(|r| (r.y * 10.0).round()).collect();
        assert_eq!(tops, [0.0, 1.0]);
    }

    #[test]
    fn a_huge_page_takes_bounded_time_and_is_told_in_bounds() {
        let page = |salt: u32| -> Vec<Word> {
            let word = |n: u32| {
                let t = format!("w{}", (n.wrapping_mul(2_654_435_761) ^ salt) % 5000);
                Word { t, x: 0.0, y: 0.0, w: 0.1, h: 0.1, l: n }
            };
            (0..50_000).map(word).collect()
        };
        let start = Instant::now();
        let (found, more) = changes(&page(0), &page(0x5bd1_e995));
        // Twenty times the limit, for machines that do other things.
        assert!(start.elapsed() < MAX_TIME * 20, "{:?}", start.elapsed());
        assert!(!found.is_empty() && found.len() <= MAX_CHANGES && (more || found.len() < MAX_CHANGES));
        let longest = found.iter().map(|c| c.removed.chars().count().max(c.older.len())).max();
        assert!(longest.unwrap() <= MAX_CHARS + 1);
    }

    proptest! {
        #[test]
        fn the_changes_lead_from_one_text_to_the_other(
            older in prop::collection::vec(0u8..6, 0..40),
            newer in prop::collection::vec(0u8..6, 0..40),
        ) {
            let text = |v: &[u8]| v.iter().map(|n| format!("w{n}")).collect::<Vec<_>>().join(" ");
            let (found, _) = changes(&words(&text(&older)), &words(&text(&newer)));
            let count = |texts: Vec<&str>| texts.iter().map(|t| t.split_whitespace().count()).sum::<usize>();
            let removed = count(found.iter().map(|c| c.removed.as_str()).collect());
            let added = count(found.iter().map(|c| c.added.as_str()).collect());
            prop_assert_eq!(older.len() - removed, newer.len() - added);
            prop_assert_eq!(found.is_empty(), older == newer);
        }
    }
}
