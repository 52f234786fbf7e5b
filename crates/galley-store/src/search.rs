//! Words by which sets of proofs are found: the beginning of a word is enough, every keyword has to fit.

use crate::rows::RowExt;
use crate::{Read, StoreError, Write};
use galley_model::{AccountId, SetId, words_of};
use rusqlite::params;
use rusqlite::types::Value;
use std::collections::BTreeSet;

/// A word that somebody looks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keyword {
    /// Its lower-case form.
    pub text: String,
    /// Look in names only, not in subjects, messages, tags and names of creators.
    pub in_names: bool,
}

/// Keywords that found no more sets than this are looked up; others are tested on the way down a list.
const FEW: i64 = 2000;

/// As many, where several keywords have to fit: together they may be rare though each is common.
const MANY: i64 = 20_000;

/// Rows that a page of a list has, about.
const PAGE: f64 = 50.0;

/// Words of one text that are kept; the rest of a long message finds nothing.
const MAX_WORDS: usize = 200;

/// Names of the values of a keyword in a statement: from, and up to. Further keywords are not looked at.
const SLOTS: [(&str, &str); 8] = [
    ("k0", "z0"),
    ("k1", "z1"),
    ("k2", "z2"),
    ("k3", "z3"),
    ("k4", "z4"),
    ("k5", "z5"),
    ("k6", "z6"),
    ("k7", "z7"),
];

/// A condition in a statement and the values it mentions.
pub(crate) type Condition = (String, Vec<(&'static str, Value)>);

fn end(word: &str) -> String {
    format!("{word}\u{10FFFF}")
}

fn names_only(keyword: &Keyword) -> &'static str {
    if keyword.in_names { " AND k.in_name = 1" } else { "" }
}

/// What the set of `p` has to fulfil to be found by these keywords.
pub(crate) fn conditions(keywords: &[Keyword]) -> Vec<Condition> {
    let condition = |(keyword, (from, to)): (&Keyword, (&'static str, &'static str))| {
        let text = format!(
            "EXISTS (SELECT 1 FROM words k WHERE k.set_id = p.set_id AND k.word >= @{from} AND k.word < @{to}{})",
            names_only(keyword)
        );
        let values = vec![(from, keyword.text.clone().into()), (to, end(&keyword.text).into())];
        (text, values)
    };
    keywords.iter().zip(SLOTS).map(condition).collect()
}

impl Read<'_> {
    /// The versions found by the rarest of these keywords, as a query for candidates. None when there
    /// are no keywords, or all of them find so much that going down the list finds enough soon.
    pub(crate) fn rarest(
        &self,
        account: AccountId,
        keywords: &[Keyword],
    ) -> Result<Option<String>, StoreError> {
        let keywords = &keywords[..keywords.len().min(SLOTS.len())];
        let limit = if keywords.len() > 1 { MANY } else { FEW };
        let mut counts = Vec::new();
        for keyword in keywords {
            counts.push(self.number(
                &format!(
                    "SELECT COUNT(*) FROM (SELECT 1 FROM words k WHERE k.account_id = ?1 AND k.word >= ?2
                     AND k.word < ?3{} LIMIT {limit}) AS some",
                    names_only(keyword)
                ),
                params![account.0, keyword.text, end(&keyword.text)],
            )?);
        }
        let mut best =
            (0..counts.len()).min_by_key(|index| counts[*index]).map(|index| (counts[index], index));
        if let Some((least, _)) = best
            && least >= FEW
        {
            // Rows that going down the list passes before a page is full, if keywords have nothing to do
            // with each other.
            let all = self.listed(account)? as f64;
            let share: f64 = counts.iter().map(|count| (*count as f64 / all).min(1.0)).product();
            if limit == FEW || least >= MANY || least as f64 > PAGE / share {
                best = None;
            }
        }
        Ok(best.map(|(_, index)| {
            let (from, to) = SLOTS[index];
            // The other keywords are asked of the words alone: only what all of them find is looked up.
            let mut others = String::new();
            for (other, (from, to)) in SLOTS.iter().enumerate().take(keywords.len()) {
                if other != index {
                    others += &format!(
                        " AND EXISTS (SELECT 1 FROM words o WHERE o.set_id = k.set_id AND o.word >= @{from}
                         AND o.word < @{to}{})",
                        if keywords[other].in_names { " AND o.in_name = 1" } else { "" }
                    );
                }
            }
            format!(
                "SELECT y.id FROM proofs y WHERE y.set_id IN (SELECT k.set_id FROM words k
                 WHERE k.account_id = @account AND k.word >= @{from} AND k.word < @{to}{}{others})",
                names_only(&keywords[index])
            )
        }))
    }
}

impl Write<'_> {
    /// Brings the words of a set up to date, after anything that has a text of it changed.
    pub(crate) fn index_words(&self, set: SetId) -> Result<(), StoreError> {
        let mut account = 0;
        let (mut names, mut others) = (BTreeSet::new(), BTreeSet::new());
        let texts = self.all(
            "SELECT p.account_id, p.name, p.subject, p.message, u.first_name, u.last_name
             FROM proofs p JOIN users u ON u.id = p.creator_id WHERE p.set_id = ?1 AND p.erased_at IS NULL",
            [set.0],
            |row| {
                let text = |at| row.col::<String>(at);
                Ok((row.col::<i64>(0)?, text(1)?, [text(2)?, text(3)?, text(4)?, text(5)?]))
            },
        )?;
        for (owner, name, rest) in texts {
            account = owner;
            names.extend(words_of(&name));
            for text in rest {
                others.extend(words_of(&text).into_iter().take(MAX_WORDS));
            }
        }
        let tags = self.all(
            "SELECT t.name FROM set_tags s JOIN tags t ON t.id = s.tag_id WHERE s.set_id = ?1",
            [set.0],
            |row| row.col::<String>(0),
        )?;
        others.extend(tags.iter().flat_map(|tag| words_of(tag)));
        let wanted: BTreeSet<(String, i64)> =
            names.into_iter().map(|word| (word, 1)).chain(others.into_iter().map(|word| (word, 0))).collect();
        let known: BTreeSet<(String, i64)> = self
            .all("SELECT word, in_name FROM words WHERE set_id = ?1", [set.0], |row| {
                Ok((row.col(0)?, row.col(1)?))
            })?
            .into_iter()
            .collect();
        for (word, in_name) in known.difference(&wanted) {
            self.run(
                "DELETE FROM words WHERE set_id = ?1 AND word = ?2 AND in_name = ?3",
                params![set.0, word, in_name],
            )?;
        }
        for (word, in_name) in wanted.difference(&known) {
            self.run(
                "INSERT INTO words (account_id, word, in_name, set_id) VALUES (?1, ?2, ?3, ?4)",
                params![account, word, in_name, set.0],
            )?;
        }
        Ok(())
    }

    /// Words of everything, for a database from before there were words.
    pub(crate) fn index_all_words(&self) -> Result<(), StoreError> {
        for set in self.all("SELECT id FROM sets ORDER BY id", [], |row| Ok(SetId(row.col(0)?)))? {
            self.index_words(set)?;
        }
        Ok(())
    }
}
