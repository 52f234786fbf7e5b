//! The people an account knows.

use crate::rows::{RowExt, millis};
use crate::{Read, StoreError, Write};
use galley_model::{AccountId, Person, PersonId, Role, Timestamp, UserId};
use rusqlite::{Row, params};

/// Somebody the account did not know so far.
#[derive(Clone, Debug)]
pub struct NewPerson<'a> {
    /// The account.
    pub account: AccountId,
    /// Address.
    pub email: &'a str,
    /// Name as people read it.
    pub name: &'a str,
    /// Role when added without one.
    pub default_role: Role,
}

const PERSON: &str =
    "SELECT p.id, p.account_id, p.email, p.name, u.id, COALESCE(u.default_role, p.default_role)
    FROM people p LEFT JOIN users u ON u.person_id = p.id";

fn person(row: &Row<'_>) -> Result<Person, StoreError> {
    Ok(Person {
        id: PersonId(row.col(0)?),
        account: AccountId(row.col(1)?),
        email: row.col(2)?,
        name: row.col(3)?,
        user: row.col::<Option<i64>>(4)?.map(UserId),
        default_role: row.value(5, "people.default_role", Role::from_code)?,
    })
}

impl Read<'_> {
    /// The person with this address in an account.
    pub fn person_by_email(&self, account: AccountId, email: &str) -> Result<Option<Person>, StoreError> {
        self.first(
            &format!("{PERSON} WHERE p.account_id = ?1 AND p.email_key = ?2"),
            params![account.0, email.trim().to_lowercase()],
            person,
        )
    }

    /// Up to `limit` people whose name or address contains the text, by name.
    pub fn people(&self, account: AccountId, text: &str, limit: i64) -> Result<Vec<Person>, StoreError> {
        self.all(
            &format!(
                "{PERSON} WHERE p.account_id = ?1 AND (p.email_key LIKE ?2 ESCAPE '\\' OR LOWER(p.name) LIKE ?2 ESCAPE '\\')
                 ORDER BY p.name, p.id LIMIT ?3"
            ),
            params![account.0, contains(text), limit],
            person,
        )
    }
}

/// A LIKE pattern that finds the text anywhere, its own wildcards taken literally.
pub(crate) fn contains(text: &str) -> String {
    let escaped = text.trim().to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{escaped}%")
}

impl Write<'_> {
    /// Adds a person.
    pub fn add_person(&self, new: &NewPerson<'_>, now: Timestamp) -> Result<PersonId, StoreError> {
        self.insert(
            "INSERT INTO people (account_id, email, email_key, name, default_role, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6) RETURNING id",
            params![
                new.account.0,
                new.email,
                new.email.to_lowercase(),
                new.name,
                new.default_role.code(),
                millis(now)
            ],
        )
        .map(PersonId)
    }
}
