//! Logins and accounts.

use crate::rows::{RowExt, millis};
use crate::{Read, StoreError, Write};
use galley_model::{Account, AccountId, PersonId, Profile, Role, Timestamp, User, UserId, UserStatus};
use rusqlite::{Row, params};

/// A login to be.
#[derive(Clone, Debug)]
pub struct NewUser<'a> {
    /// Its account.
    pub account: AccountId,
    /// The same human among the people of the account.
    pub person: PersonId,
    /// Address.
    pub email: &'a str,
    /// Given name.
    pub first_name: &'a str,
    /// Family name.
    pub last_name: &'a str,
    /// Job title.
    pub position: &'a str,
    /// Account-wide rights.
    pub profile: Profile,
    /// IANA zone name.
    pub time_zone: &'a str,
    /// Role when added without one.
    pub default_role: Role,
    /// Hash of the password, in PHC form.
    pub password_hash: Option<&'a str>,
    /// SHA-256 of the API token, in hexadecimal.
    pub api_token_hash: Option<&'a str>,
}

/// What a login is checked against.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// Whose.
    pub user: User,
    /// Hash of the password, in PHC form.
    pub password_hash: Option<String>,
    /// Failed attempts since the last success.
    pub failed_logins: i64,
}

pub(crate) const USER: &str = "u.id, u.account_id, u.person_id, u.email, u.first_name, u.last_name, u.position, u.profile, u.status, u.locked_until, u.time_zone, u.default_role";

pub(crate) fn user(row: &Row<'_>) -> Result<User, StoreError> {
    Ok(User {
        id: UserId(row.col(0)?),
        account: AccountId(row.col(1)?),
        person: PersonId(row.col(2)?),
        email: row.col(3)?,
        first_name: row.col(4)?,
        last_name: row.col(5)?,
        position: row.col(6)?,
        profile: row.value(7, "users.profile", Profile::from_code)?,
        status: row.word(8, "users.status", UserStatus::parse)?,
        locked_until: row.time_opt(9)?,
        time_zone: row.col(10)?,
        default_role: row.value(11, "users.default_role", Role::from_code)?,
    })
}

fn account(row: &Row<'_>) -> Result<Account, StoreError> {
    Ok(Account { id: AccountId(row.col(0)?), name: row.col(1)?, time_zone: row.col(2)? })
}

impl Read<'_> {
    /// The account with this id.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails; so for every function of the store.
    pub fn account(&self, id: AccountId) -> Result<Option<Account>, StoreError> {
        self.first("SELECT id, name, time_zone FROM accounts WHERE id = ?1", [id.0], account)
    }

    /// Whether there is any account yet.
    pub fn has_accounts(&self) -> Result<bool, StoreError> {
        Ok(self.number("SELECT COUNT(*) FROM (SELECT 1 FROM accounts LIMIT 1) AS any_account", [])? > 0)
    }

    /// The login with this id.
    pub fn user(&self, id: UserId) -> Result<Option<User>, StoreError> {
        self.first(&format!("SELECT {USER} FROM users u WHERE u.id = ?1"), [id.0], user)
    }

    /// All logins of an account, by name.
    pub fn users(&self, account: AccountId) -> Result<Vec<User>, StoreError> {
        self.all(
            &format!(
                "SELECT {USER} FROM users u WHERE u.account_id = ?1 ORDER BY u.first_name, u.last_name, u.id"
            ),
            [account.0],
            user,
        )
    }

    /// What a login with this address is checked against.
    pub fn credentials(&self, email: &str) -> Result<Option<Credentials>, StoreError> {
        self.first(
            &format!("SELECT {USER}, u.password_hash, u.failed_logins FROM users u WHERE u.email_key = ?1"),
            [email.trim().to_lowercase()],
            |row| {
                Ok(Credentials { user: user(row)?, password_hash: row.col(12)?, failed_logins: row.col(13)? })
            },
        )
    }

    /// The login that holds this API token.
    pub fn user_by_api_token(&self, email: &str, token_hash: &str) -> Result<Option<User>, StoreError> {
        self.first(
            &format!("SELECT {USER} FROM users u WHERE u.email_key = ?1 AND u.api_token_hash = ?2"),
            params![email.trim().to_lowercase(), token_hash],
            user,
        )
    }
}

impl Write<'_> {
    /// Adds an account.
    pub fn add_account(&self, name: &str, time_zone: &str, now: Timestamp) -> Result<AccountId, StoreError> {
        self.insert(
            "INSERT INTO accounts (name, time_zone, created_at) VALUES (?1, ?2, ?3) RETURNING id",
            params![name, time_zone, millis(now)],
        )
        .map(AccountId)
    }

    /// Adds a login.
    pub fn add_user(&self, new: &NewUser<'_>, now: Timestamp) -> Result<UserId, StoreError> {
        self.insert(
            "INSERT INTO users (account_id, person_id, email, email_key, first_name, last_name, position, profile,
                 status, time_zone, default_role, password_hash, api_token_hash, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14) RETURNING id",
            params![
                new.account.0, new.person.0, new.email, new.email.to_lowercase(), new.first_name, new.last_name,
                new.position, new.profile.code(), UserStatus::Activated.as_str(), new.time_zone,
                new.default_role.code(), new.password_hash, new.api_token_hash, millis(now),
            ],
        )
        .map(UserId)
    }

    /// Notes how logging in went: failed attempts so far, and until when further ones are refused.
    pub fn set_login_attempts(
        &self,
        user: UserId,
        failed: i64,
        locked_until: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        self.run(
            "UPDATE users SET failed_logins = ?2, locked_until = ?3 WHERE id = ?1",
            params![user.0, failed, locked_until.map(millis)],
        )?;
        Ok(())
    }
}
