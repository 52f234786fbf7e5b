//! Sessions. Only a hash of the session id is kept.

use crate::rows::{RowExt, millis};
use crate::users::{USER, USER_COLUMNS, user};
use crate::{Read, StoreError, Write};
use galley_model::{Timestamp, User, UserId};
use rusqlite::params;

/// Whose session it is, and until when.
#[derive(Clone, Debug)]
pub struct SessionUser {
    /// The login.
    pub user: User,
    /// Name of the account.
    pub account_name: String,
    /// When it ends unless it is used.
    pub expires_at: Timestamp,
}

impl Read<'_> {
    /// The session with this hash, ended or not.
    pub fn session(&self, token_hash: &str) -> Result<Option<SessionUser>, StoreError> {
        self.first(
            &format!(
                "SELECT {USER}, s.expires_at, a.name FROM sessions s JOIN users u ON u.id = s.user_id
                 JOIN accounts a ON a.id = u.account_id WHERE s.token_hash = ?1"
            ),
            [token_hash],
            |row| {
                Ok(SessionUser {
                    user: user(row)?,
                    expires_at: row.time(USER_COLUMNS)?,
                    account_name: row.col(USER_COLUMNS + 1)?,
                })
            },
        )
    }
}

impl Write<'_> {
    /// Starts a session.
    pub fn add_session(
        &self,
        token_hash: &str,
        user: UserId,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO sessions (token_hash, user_id, created_at, expires_at) VALUES (?1, ?2, ?3, ?4)",
            params![token_hash, user.0, millis(now), millis(expires_at)],
        )?;
        Ok(())
    }

    /// Moves the end of a session.
    pub fn extend_session(&self, token_hash: &str, expires_at: Timestamp) -> Result<(), StoreError> {
        self.run(
            "UPDATE sessions SET expires_at = ?2 WHERE token_hash = ?1 AND expires_at < ?2",
            params![token_hash, millis(expires_at)],
        )?;
        Ok(())
    }

    /// Ends a session.
    pub fn delete_session(&self, token_hash: &str) -> Result<(), StoreError> {
        self.run("DELETE FROM sessions WHERE token_hash = ?1", [token_hash])?;
        Ok(())
    }

    /// Ends all sessions of a login but the one with this hash.
    pub fn delete_sessions(&self, user: UserId, except: &str) -> Result<usize, StoreError> {
        self.run("DELETE FROM sessions WHERE user_id = ?1 AND token_hash <> ?2", params![user.0, except])
    }

    /// Removes sessions that ended before now.
    pub fn delete_expired_sessions(&self, now: Timestamp) -> Result<usize, StoreError> {
        self.run("DELETE FROM sessions WHERE expires_at <= ?1", [millis(now)])
    }
}
