//! Logins.

use crate::accounts::json;
use crate::people::contains;
use crate::rows::{RowExt, millis};
use crate::{Read, StoreError, Write};
use galley_model::{
    AccountId, Address, Alert, PasswordRules, PersonId, Profile, ProofId, Role, Timestamp, User, UserId,
    UserRecord, UserStatus,
};
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

/// What an edit leaves behind: every value, changed or not.
#[derive(Clone, Debug)]
pub struct UserChanges<'a> {
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
    /// How much mail they want.
    pub default_alert: Alert,
    /// Logs in through the API only.
    pub api_only: bool,
    /// Where they are.
    pub address: &'a Address,
    /// OpenID.
    pub openid: &'a str,
    /// Language of the interface.
    pub language: &'a str,
    /// How they like dates.
    pub date_format: &'a str,
    /// They may be sent news.
    pub marketing_mail: bool,
    /// They are told when a proof of theirs is ready.
    pub proof_ready_mail: bool,
    /// Reference of the caller's own.
    pub reference: &'a str,
}

/// What a login is checked against.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// Whose.
    pub user: User,
    /// Hash of the password, in PHC form.
    pub password_hash: Option<String>,
    /// When it was set.
    pub password_set_at: Timestamp,
    /// Failed attempts since the last success.
    pub failed_logins: i64,
    /// What the account asks of passwords.
    pub rules: PasswordRules,
}

pub(crate) const USER: &str = "u.id, u.account_id, u.person_id, u.email, u.first_name, u.last_name, u.position, u.profile, u.status, u.locked_until, u.time_zone, u.default_role, u.default_alert, u.api_only";

/// Columns of [`USER`]: further ones follow from this index.
pub(crate) const USER_COLUMNS: usize = 14;

const RECORD: &str = "u.address, u.openid, u.language, u.date_format, u.marketing_mail, u.proof_ready_mail, u.reference, u.last_login";

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
        default_alert: row.value(12, "users.default_alert", Alert::from_code)?,
        api_only: row.col::<i64>(13)? != 0,
    })
}

fn record(row: &Row<'_>) -> Result<UserRecord, StoreError> {
    Ok(UserRecord {
        user: user(row)?,
        address: row.word(14, "users.address", |json| serde_json::from_str(json).ok())?,
        openid: row.col(15)?,
        language: row.col(16)?,
        date_format: row.col(17)?,
        marketing_mail: row.col::<i64>(18)? != 0,
        proof_ready_mail: row.col::<i64>(19)? != 0,
        reference: row.col(20)?,
        last_login: row.time_opt(21)?,
    })
}

impl Read<'_> {
    /// The login with this id; none when it was deleted.
    pub fn user(&self, id: UserId) -> Result<Option<User>, StoreError> {
        self.first(
            &format!("SELECT {USER} FROM users u WHERE u.id = ?1 AND u.deleted_at IS NULL"),
            [id.0],
            user,
        )
    }

    /// All logins of an account, by name.
    pub fn users(&self, account: AccountId) -> Result<Vec<User>, StoreError> {
        self.all(
            &format!(
                "SELECT {USER} FROM users u WHERE u.account_id = ?1 AND u.deleted_at IS NULL
                 ORDER BY u.first_name, u.last_name, u.id"
            ),
            [account.0],
            user,
        )
    }

    /// Everything about the login with this id.
    pub fn user_record(&self, id: UserId) -> Result<Option<UserRecord>, StoreError> {
        self.first(
            &format!("SELECT {USER}, {RECORD} FROM users u WHERE u.id = ?1 AND u.deleted_at IS NULL"),
            [id.0],
            record,
        )
    }

    /// Everything about the logins of these accounts whose address contains the text, by account and name.
    pub fn user_records(&self, accounts: &[AccountId], text: &str) -> Result<Vec<UserRecord>, StoreError> {
        let list = accounts.iter().map(|id| id.0.to_string()).collect::<Vec<_>>().join(",");
        if list.is_empty() {
            return Ok(Vec::new());
        }
        self.all(
            &format!(
                "SELECT {USER}, {RECORD} FROM users u WHERE u.account_id IN ({list}) AND u.deleted_at IS NULL
                     AND u.email_key LIKE ?1 ESCAPE '\\'
                 ORDER BY u.account_id, u.first_name, u.last_name, u.id"
            ),
            [contains(text)],
            record,
        )
    }

    /// Logins of an account that are switched on, with their rights.
    pub fn active_users(&self, account: AccountId) -> Result<Vec<(UserId, Profile)>, StoreError> {
        self.all(
            "SELECT id, profile FROM users WHERE account_id = ?1 AND status = ?2 AND deleted_at IS NULL",
            params![account.0, UserStatus::Activated.as_str()],
            |row| Ok((UserId(row.col(0)?), row.value(1, "users.profile", Profile::from_code)?)),
        )
    }

    /// What a login with this address is checked against.
    pub fn credentials(&self, email: &str) -> Result<Option<Credentials>, StoreError> {
        self.first(
            &format!(
                "SELECT {USER}, u.password_hash, u.password_set_at, u.failed_logins, a.password_rules
                 FROM users u JOIN accounts a ON a.id = u.account_id WHERE u.email_key = ?1"
            ),
            [email.trim().to_lowercase()],
            |row| {
                Ok(Credentials {
                    user: user(row)?,
                    password_hash: row.col(USER_COLUMNS)?,
                    password_set_at: row.time(USER_COLUMNS + 1)?,
                    failed_logins: row.col(USER_COLUMNS + 2)?,
                    rules: row.word(USER_COLUMNS + 3, "accounts.password_rules", |json| {
                        serde_json::from_str(json).ok()
                    })?,
                })
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

    /// Proofs that a login owns, those in the trash too.
    pub fn owned_proofs(&self, user: UserId) -> Result<Vec<ProofId>, StoreError> {
        self.all("SELECT id FROM proofs WHERE owner_id = ?1 ORDER BY id", [user.0], |row| {
            Ok(ProofId(row.col(0)?))
        })
    }
}

impl Write<'_> {
    /// Adds a login.
    pub fn add_user(&self, new: &NewUser<'_>, now: Timestamp) -> Result<UserId, StoreError> {
        self.insert(
            "INSERT INTO users (account_id, person_id, email, email_key, first_name, last_name, position, profile,
                 status, time_zone, default_role, password_hash, api_token_hash, password_set_at, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?14) RETURNING id",
            params![
                new.account.0, new.person.0, new.email, new.email.to_lowercase(), new.first_name, new.last_name,
                new.position, new.profile.code(), UserStatus::Activated.as_str(), new.time_zone,
                new.default_role.code(), new.password_hash, new.api_token_hash, millis(now),
            ],
        )
        .map(UserId)
    }

    /// Writes the outcome of an edit.
    pub fn update_user(&self, id: UserId, to: &UserChanges<'_>) -> Result<(), StoreError> {
        self.run(
            "UPDATE users SET first_name = ?2, last_name = ?3, position = ?4, profile = ?5, time_zone = ?6,
                 default_alert = ?7, api_only = ?8, address = ?9, openid = ?10, language = ?11, date_format = ?12,
                 marketing_mail = ?13, proof_ready_mail = ?14, reference = ?15 WHERE id = ?1",
            params![
                id.0, to.first_name, to.last_name, to.position, to.profile.code(), to.time_zone,
                to.default_alert.code(), i64::from(to.api_only), json(to.address, "users.address")?, to.openid,
                to.language, to.date_format, i64::from(to.marketing_mail), i64::from(to.proof_ready_mail),
                to.reference,
            ],
        )?;
        Ok(())
    }

    /// Switches a login on or off. Switched on, it is not locked either.
    pub fn set_user_status(&self, id: UserId, to: UserStatus) -> Result<(), StoreError> {
        self.run(
            "UPDATE users SET status = ?2, failed_logins = 0, locked_until = NULL WHERE id = ?1",
            params![id.0, to.as_str()],
        )?;
        Ok(())
    }

    /// Gives a login another password, which also unlocks it.
    pub fn set_password(&self, id: UserId, hash: &str, now: Timestamp) -> Result<(), StoreError> {
        self.run(
            "UPDATE users SET password_hash = ?2, password_set_at = ?3, failed_logins = 0, locked_until = NULL
             WHERE id = ?1",
            params![id.0, hash, millis(now)],
        )?;
        Ok(())
    }

    /// Gives a login another address.
    pub fn set_user_email(&self, id: UserId, email: &str) -> Result<(), StoreError> {
        self.run(
            "UPDATE users SET email = ?2, email_key = ?3 WHERE id = ?1",
            params![id.0, email, email.to_lowercase()],
        )?;
        Ok(())
    }

    /// Deletes a login: nobody logs in with it, its address is free, and its person is a guest from now
    /// on. The row stays for the names of uploaders; a stand-in takes the person's place in it.
    pub fn delete_user(&self, id: UserId, now: Timestamp) -> Result<(), StoreError> {
        let nobody = format!("deleted user {id}");
        let stand_in = self.insert(
            "INSERT INTO people (account_id, email, email_key, name, default_role, created_at, deleted_at)
             SELECT account_id, ?2, ?2, '', default_role, ?3, ?3 FROM users WHERE id = ?1 RETURNING id",
            params![id.0, nobody, millis(now)],
        )?;
        self.run(
            "UPDATE users SET person_id = ?2, email_key = ?3, status = ?4, password_hash = NULL, api_token_hash = NULL,
                 deleted_at = ?5 WHERE id = ?1",
            params![id.0, stand_in, nobody, UserStatus::Disabled.as_str(), millis(now)],
        )?;
        Ok(())
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

    /// Notes that somebody logged in.
    pub fn set_logged_in(&self, user: UserId, now: Timestamp) -> Result<(), StoreError> {
        self.run(
            "UPDATE users SET failed_logins = 0, locked_until = NULL, last_login = ?2 WHERE id = ?1",
            [user.0, millis(now)],
        )?;
        Ok(())
    }

    /// Hands all folders of a login to another one.
    pub fn hand_over_workspaces(&self, from: UserId, to: UserId) -> Result<(), StoreError> {
        self.run("UPDATE workspaces SET owner_id = ?2 WHERE owner_id = ?1", [from.0, to.0])?;
        Ok(())
    }

    /// Hands all groups and workflow templates of a login to another one.
    pub fn hand_over_groups(&self, from: UserId, to: UserId) -> Result<(), StoreError> {
        self.run("UPDATE contact_groups SET owner_id = ?2 WHERE owner_id = ?1", [from.0, to.0])?;
        self.run("UPDATE templates SET owner_id = ?2 WHERE owner_id = ?1", [from.0, to.0])?;
        Ok(())
    }
}
