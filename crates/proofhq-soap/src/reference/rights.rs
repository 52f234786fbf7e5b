//! Who may call what, from the table that a test compares with the server.

use galley_model::Profile;

/// A row for each operation. What the columns are and what stands in them is said at its head.
pub const TABLE: &str = include_str!("rights.txt");

/// What an operation answers to whom: a `+` for an answer, anything else for a fault.
struct Row<'t> {
    owner: &'t str,
    author: &'t str,
    reviewer: &'t str,
    colleague: &'t str,
}

fn row(operation: &str) -> Option<Row<'static>> {
    TABLE.lines().filter(|line| !line.starts_with('#')).find_map(|line| {
        let mut cells = line.split_whitespace();
        if cells.next() != Some(operation) {
            return None;
        }
        Some(Row {
            owner: cells.next()?,
            author: cells.next()?,
            reviewer: cells.next()?,
            colleague: cells.next()?,
        })
    })
}

/// The profiles that get an answer.
fn allowed(cells: &str) -> Vec<&'static str> {
    let profiles = Profile::ALL.iter().zip(cells.chars());
    profiles.filter(|(_, cell)| *cell == '+').map(|(profile, _)| profile.label()).collect()
}

/// A sentence on who may call an operation, if the table has it.
pub fn sentence(operation: &str) -> Option<String> {
    let row = row(operation)?;
    let (colleagues, reviewers) = (allowed(row.colleague), allowed(row.reviewer));
    if colleagues.len() == Profile::ALL.len() {
        return Some("Everybody with a session may call it.".to_owned());
    }
    // The owner and the author of the test are managers.
    let manager = Profile::Manager.label();
    let mut who = Vec::new();
    if !colleagues.contains(&manager) {
        who.extend((row.owner == "+").then(|| "the owner".to_owned()));
        who.extend((row.author == "+" && row.owner == "+").then(|| "the author".to_owned()));
    }
    let added: Vec<_> = reviewers.iter().copied().filter(|one| !colleagues.contains(one)).collect();
    if !added.is_empty() {
        who.push(if reviewers.len() == Profile::ALL.len() {
            "everybody on the proof".to_owned()
        } else {
            format!("those on the proof who are {}", joined(&added, "or"))
        });
    }
    if !colleagues.is_empty() {
        who.push(format!("everybody in the account with the profile {}", joined(&colleagues, "or")));
    }
    let who: Vec<&str> = who.iter().map(String::as_str).collect();
    Some(if who.is_empty() {
        "Nobody may call it.".to_owned()
    } else {
        format!("May be called by {}.", joined(&who, "and"))
    })
}

/// Words with commas and a last one.
fn joined(words: &[&str], last: &str) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., end] => format!("{} {last} {end}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_read_as_people_write_them() {
        assert_eq!(joined(&["a"], "or"), "a");
        assert_eq!(joined(&["a", "b", "c"], "or"), "a, b or c");
    }
}
