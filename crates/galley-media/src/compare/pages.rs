//! Which page of the newer version goes with which of the older one.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use serde::{Deserialize, Serialize};

use crate::page::PageText;

/// A page of either version, or one of both that belong together. Pages count from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PagePair {
    /// In the older version; none for a page that was added.
    pub older: Option<u32>,
    /// In the newer version; none for a page that was removed.
    pub newer: Option<u32>,
}

/// Words that stand for a page: those with the smallest hashes.
const SKETCH: usize = 64;
/// Pages that share so much of their words are the same page.
const ALIKE: f32 = 0.5;
/// Above this many combinations pages go together by their numbers.
const MAX_COMBINATIONS: usize = 1 << 20;

/// What pages are recognised by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Gist {
    /// Hash of the thumbnail.
    picture: u64,
    /// The smallest hashes of its words, in order.
    words: Vec<u64>,
}

impl Gist {
    /// Of a page with this thumbnail and text.
    pub(crate) fn of(thumbnail: &[u8], text: &PageText) -> Self {
        let hash = |what: &dyn Fn(&mut DefaultHasher)| {
            let mut hasher = DefaultHasher::new();
            what(&mut hasher);
            hasher.finish()
        };
        let words: BTreeSet<u64> = text.words.iter().map(|word| hash(&|h| word.t.hash(h))).collect();
        Self { picture: hash(&|h| thumbnail.hash(h)), words: words.into_iter().take(SKETCH).collect() }
    }

    /// How sure it is that both are the same page: 0, or [`ALIKE`] to 1.
    fn likeness(&self, other: &Self) -> f32 {
        if self.picture == other.picture {
            return 1.0;
        }
        let (mut i, mut j, mut common, mut seen) = (0, 0, 0, 0);
        // The smallest hashes of both together are a sample of all words of both.
        while seen < SKETCH && i < self.words.len() && j < other.words.len() {
            seen += 1;
            match self.words[i].cmp(&other.words[j]) {
                std::cmp::Ordering::Less => i += 1,
                std::cmp::Ordering::Greater => j += 1,
                std::cmp::Ordering::Equal => (i, j, common) = (i + 1, j + 1, common + 1),
            }
        }
        let rest = (self.words.len() - i).max(other.words.len() - j);
        let of = (seen + rest).clamp(1, SKETCH);
        let share = common as f32 / of as f32;
        if share >= ALIKE { share } else { 0.0 }
    }
}

/// Pairs the pages of two versions, in order. Pages that are alike go together; what is left between two such
/// pairs goes together one by one, and what is then left was removed or added.
pub(crate) fn pair(older: &[Gist], newer: &[Gist]) -> Vec<PagePair> {
    let mut pairs = Vec::with_capacity(older.len().max(newer.len()));
    let (mut from_old, mut from_new) = (0, 0);
    for (old, new) in anchors(older, newer).into_iter().chain([(older.len(), newer.len())]) {
        let (olds, news) = (from_old..old, from_new..new);
        for n in 0..olds.len().max(news.len()) {
            pairs.push(PagePair {
                older: (n < olds.len()).then(|| number(from_old + n)),
                newer: (n < news.len()).then(|| number(from_new + n)),
            });
        }
        if old < older.len() && new < newer.len() {
            pairs.push(PagePair { older: Some(number(old)), newer: Some(number(new)) });
        }
        (from_old, from_new) = (old + 1, new + 1);
    }
    pairs
}

fn number(index: usize) -> u32 {
    u32::try_from(index + 1).unwrap_or(u32::MAX)
}

/// Pages that surely belong together: the most alike of all ways to pair pages in order.
fn anchors(older: &[Gist], newer: &[Gist]) -> Vec<(usize, usize)> {
    let (rows, columns) = (older.len(), newer.len());
    if rows * columns > MAX_COMBINATIONS {
        return Vec::new();
    }
    let width = columns + 1;
    // best[i][j]: of the pages from i and j on.
    let mut best = vec![0f32; (rows + 1) * width];
    let mut alike = vec![0f32; rows * columns];
    for i in (0..rows).rev() {
        for j in (0..columns).rev() {
            let likeness = older[i].likeness(&newer[j]);
            // Among equals the page at the same place wins: many pages of a form look alike.
            let likeness = if likeness > 0.0 && i == j { likeness + 0.01 } else { likeness };
            alike[i * columns + j] = likeness;
            let together = if likeness > 0.0 { likeness + best[(i + 1) * width + j + 1] } else { 0.0 };
            best[i * width + j] = together.max(best[(i + 1) * width + j]).max(best[i * width + j + 1]);
        }
    }
    let mut found = Vec::new();
    let (mut i, mut j) = (0, 0);
    while i < rows && j < columns {
        let here = best[i * width + j];
        let likeness = alike[i * columns + j];
        if likeness > 0.0 && here <= likeness + best[(i + 1) * width + j + 1] {
            found.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if here <= best[(i + 1) * width + j] {
            i += 1;
        } else {
            j += 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Word;
    use proptest::prelude::*;

    /// A page of 80 words of its own; with `*` a tenth of them changed, with `?` a picture without words.
    fn gist(name: &str) -> Gist {
        let own = name.trim_end_matches('*');
        let changed = name.len() - own.len();
        let word = |n: usize| {
            let t = if n < changed * 8 { format!("{name}{n}") } else { format!("{own}{n}") };
            Word { t, x: 0.0, y: 0.0, w: 0.0, h: 0.0, l: 0 }
        };
        let words = if own.starts_with('?') { Vec::new() } else { (0..80).map(word).collect() };
        Gist::of(name.as_bytes(), &PageText { words, links: Vec::new() })
    }

    fn paired(older: &str, newer: &str) -> String {
        let gists = |names: &str| names.split_whitespace().map(gist).collect::<Vec<_>>();
        let side = |n: Option<u32>| n.map_or("-".to_owned(), |n| n.to_string());
        let pairs = pair(&gists(older), &gists(newer));
        pairs.iter().map(|p| format!("{}{}", side(p.older), side(p.newer))).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn pages_find_each_other() {
        let cases = [
            ("a", "a", "11"),
            ("a b c", "a* b c*", "11 22 33"),
            ("a b c", "x y z", "11 22 33"),
            ("a b c", "a x b c", "11 -2 23 34"),
            ("a b c d", "a c* d", "11 2- 32 43"),
            ("a b c", "a x c", "11 22 33"),
            ("a b c", "x a b c y", "-1 12 23 34 -5"),
            ("?a ?b", "?a ?x ?b", "11 -2 23"),
            ("?a ?b", "?x ?y", "11 22"),
            ("a a a", "a a", "11 22 3-"),
            ("", "a b", "-1 -2"),
            ("a b", "", "1- 2-"),
            ("", "", ""),
        ];
        for (older, newer, expected) in cases {
            assert_eq!(paired(older, newer), expected, "{older} -> {newer}");
        }
    }

    proptest! {
        #[test]
        fn every_page_comes_once_and_in_order(
            older in prop::collection::vec(0u8..8, 0..12),
            newer in prop::collection::vec(0u8..8, 0..12),
        ) {
            let gists = |v: &[u8]| v.iter().map(|n| gist(&format!("p{n}"))).collect::<Vec<_>>();
            let pairs = pair(&gists(&older), &gists(&newer));
            let olds: Vec<u32> = pairs.iter().filter_map(|p| p.older).collect();
            let news: Vec<u32> = pairs.iter().filter_map(|p| p.newer).collect();
            prop_assert_eq!(olds, (1..=older.len() as u32).collect::<Vec<_>>());
            prop_assert_eq!(news, (1..=newer.len() as u32).collect::<Vec<_>>());
            prop_assert!(pairs.iter().all(|p| p.older.is_some() || p.newer.is_some()));
        }
    }
}
