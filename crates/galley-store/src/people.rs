//! The people an account knows.

use crate::accounts::json;
use crate::rows::{RowExt, millis};
use crate::{Read, StoreError, Write};
use galley_model::{
    AccountId, Address, Alert, Contact, ContactKind, GroupId, Person, PersonId, Role, Timestamp, UserId,
    UserStatus,
};
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

/// What is known of a guest beside name and address: every value, changed or not.
#[derive(Clone, Debug)]
pub struct PersonChanges<'a> {
    /// Name as people read it.
    pub name: &'a str,
    /// Company.
    pub company: &'a str,
    /// Job title.
    pub position: &'a str,
    /// Where they are.
    pub address: &'a Address,
    /// Role when added without one.
    pub default_role: Role,
    /// How much mail they want.
    pub default_alert: Option<Alert>,
}

const PERSON: &str =
    "SELECT p.id, p.account_id, p.email, p.name, u.id, COALESCE(u.default_role, p.default_role), p.default_alert
    FROM people p LEFT JOIN users u ON u.person_id = p.id";

fn person(row: &Row<'_>) -> Result<Person, StoreError> {
    Ok(Person {
        id: PersonId(row.col(0)?),
        account: AccountId(row.col(1)?),
        email: row.col(2)?,
        name: row.col(3)?,
        user: row.col::<Option<i64>>(4)?.map(UserId),
        default_role: row.value(5, "people.default_role", Role::from_code)?,
        default_alert: row.value_opt(6, "people.default_alert", Alert::from_code)?,
    })
}

/// People of an account: users and guests.
const OWN: &str = "SELECT p.account_id AS account_id, CASE WHEN u.id IS NULL THEN 'guest' ELSE 'user' END AS kind, p.email AS email,
    CASE WHEN u.id IS NULL OR TRIM(u.first_name || u.last_name) = '' THEN p.name
        ELSE TRIM(u.first_name || ' ' || u.last_name) END AS name,
    CASE WHEN u.id IS NULL THEN p.company ELSE a.name END AS company, COALESCE(u.position, p.position) AS position,
    COALESCE(u.address, p.address) AS address, COALESCE(u.default_role, p.default_role) AS default_role, p.email_key AS email_key
    FROM people p JOIN accounts a ON a.id = p.account_id LEFT JOIN users u ON u.person_id = p.id
    WHERE p.deleted_at IS NULL";

/// Users of accounts, as their hub or satellites know them.
const MEMBERS: &str = "SELECT u.account_id AS account_id, 'member' AS kind, u.email AS email,
    CASE WHEN TRIM(u.first_name || u.last_name) = '' THEN u.email ELSE TRIM(u.first_name || ' ' || u.last_name) END AS name,
    a.name AS company, u.position AS position, u.address AS address, u.default_role AS default_role, u.email_key AS email_key
    FROM users u JOIN accounts a ON a.id = u.account_id WHERE u.deleted_at IS NULL AND u.status = ?1";

fn contact(row: &Row<'_>) -> Result<Contact, StoreError> {
    Ok(Contact {
        account: AccountId(row.col(0)?),
        kind: row.word(1, "contacts.kind", |kind| {
            [ContactKind::User, ContactKind::Member, ContactKind::Guest]
                .into_iter()
                .find(|k| k.as_str() == kind)
        })?,
        email: row.col(2)?,
        name: row.col(3)?,
        company: row.col(4)?,
        position: row.col(5)?,
        address: row.word(6, "people.address", |json| serde_json::from_str(json).ok())?,
        default_role: row.value(7, "people.default_role", Role::from_code)?,
    })
}

const CONTACT: &str = "account_id, kind, email, name, company, position, address, default_role";

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
                "{PERSON} WHERE p.account_id = ?1 AND p.deleted_at IS NULL AND (p.email_key LIKE ?2 ESCAPE '\\' OR LOWER(p.name) LIKE ?2 ESCAPE '\\')
                 ORDER BY p.name, p.id LIMIT ?3"
            ),
            params![account.0, contains(text), limit],
            person,
        )
    }
}

impl Read<'_> {
    /// The address book of an account: its users and guests, and the users of its hub and satellites
    /// whom it does not know already, by name.
    pub fn contacts(&self, account: AccountId, offset: i64, limit: i64) -> Result<Vec<Contact>, StoreError> {
        self.all(
            &format!(
                "SELECT {CONTACT} FROM ({OWN} AND p.account_id = ?2 UNION ALL {MEMBERS}
                     AND (a.hub_id = ?2 OR a.id = (SELECT hub_id FROM accounts WHERE id = ?2))
                     AND NOT EXISTS (SELECT 1 FROM people k WHERE k.account_id = ?2 AND k.email_key = u.email_key)
                 ) AS contacts ORDER BY name, email_key LIMIT ?3 OFFSET ?4"
            ),
            params![UserStatus::Activated.as_str(), account.0, limit, offset],
            contact,
        )
    }

    /// Somebody in the address book of an account.
    pub fn contact(&self, account: AccountId, email: &str) -> Result<Option<Contact>, StoreError> {
        self.first(
            &format!("SELECT {CONTACT} FROM ({OWN} AND p.account_id = ?1 AND p.email_key = ?2) AS contacts"),
            params![account.0, email.trim().to_lowercase()],
            contact,
        )
    }

    /// People of these groups of an account, in the order of groups and members.
    pub fn group_contacts(
        &self,
        account: AccountId,
        groups: &[GroupId],
    ) -> Result<Vec<(GroupId, Contact)>, StoreError> {
        let list = groups.iter().map(|id| id.0.to_string()).collect::<Vec<_>>().join(",");
        if list.is_empty() {
            return Ok(Vec::new());
        }
        let columns = CONTACT.split(", ").map(|column| format!("c.{column}")).collect::<Vec<_>>().join(", ");
        self.all(
            &format!(
                "SELECT {columns}, m.group_id FROM ({OWN} AND p.account_id = ?1) AS c
                 JOIN people k ON k.account_id = ?1 AND k.email_key = c.email_key
                 JOIN contact_group_members m ON m.person_id = k.id
                 WHERE m.group_id IN ({list}) ORDER BY m.group_id, m.id"
            ),
            [account.0],
            |row| Ok((GroupId(row.col(8)?), contact(row)?)),
        )
    }

    /// Users of these accounts that are switched on, as others know them.
    pub fn members(&self, accounts: &[AccountId]) -> Result<Vec<Contact>, StoreError> {
        let list = accounts.iter().map(|id| id.0.to_string()).collect::<Vec<_>>().join(",");
        if list.is_empty() {
            return Ok(Vec::new());
        }
        self.all(
            &format!(
                "SELECT {CONTACT} FROM ({MEMBERS} AND a.id IN ({list})) AS contacts ORDER BY name, email_key"
            ),
            [UserStatus::Activated.as_str()],
            contact,
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

    /// Writes what is known of a person.
    pub fn update_person(&self, id: PersonId, to: &PersonChanges<'_>) -> Result<(), StoreError> {
        self.run(
            "UPDATE people SET name = ?2, company = ?3, position = ?4, address = ?5, default_role = ?6,
                 default_alert = ?7 WHERE id = ?1",
            params![
                id.0,
                to.name,
                to.company,
                to.position,
                json(to.address, "people.address")?,
                to.default_role.code(),
                to.default_alert.map(Alert::code)
            ],
        )?;
        Ok(())
    }

    /// Gives a person another name.
    pub fn set_person_name(&self, id: PersonId, name: &str) -> Result<(), StoreError> {
        self.run("UPDATE people SET name = ?2 WHERE id = ?1", params![id.0, name])?;
        Ok(())
    }

    /// Gives a person another address.
    pub fn set_person_email(&self, id: PersonId, email: &str) -> Result<(), StoreError> {
        self.run(
            "UPDATE people SET email = ?2, email_key = ?3 WHERE id = ?1",
            params![id.0, email, email.to_lowercase()],
        )?;
        Ok(())
    }

    /// Sets how much mail a person gets about every proof they are on.
    pub fn set_alerts_of_person(&self, id: PersonId, alert: Alert) -> Result<(), StoreError> {
        self.run(
            "UPDATE reviewers SET alert = ?2 WHERE person_id = ?1 AND removed_at IS NULL",
            [id.0, alert.code()],
        )?;
        Ok(())
    }

    /// Gives a person another role on every proof where they have one of these.
    pub fn replace_roles_of_person(&self, id: PersonId, from: &[Role], to: Role) -> Result<(), StoreError> {
        let list = from.iter().map(|role| role.code().to_string()).collect::<Vec<_>>().join(",");
        self.run(
            &format!("UPDATE reviewers SET role = ?2 WHERE person_id = ?1 AND removed_at IS NULL AND role IN ({list})"),
            [id.0, to.code()],
        )?;
        Ok(())
    }
}
