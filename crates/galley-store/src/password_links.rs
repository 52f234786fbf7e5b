//! Links by which somebody chooses a password.

use crate::rows::{RowExt, millis};
use crate::users::{USER, user};
use crate::{Read, StoreError, Write};
use galley_model::{Timestamp, User, UserId};
use rusqlite::params;

impl Read<'_> {
    /// The login that may choose a password by this code now.
    pub fn user_by_password_link(&self, code: &str, now: Timestamp) -> Result<Option<User>, StoreError> {
        self.first(
            &format!(
                "SELECT {USER} FROM password_links l JOIN users u ON u.id = l.user_id
                 WHERE l.code = ?1 AND l.expires_at > ?2 AND u.deleted_at IS NULL"
            ),
            params![code, millis(now)],
            user,
        )
    }

    /// The newest code of a login that is still good, and when it was made.
    pub fn password_link_of(
        &self,
        user: UserId,
        now: Timestamp,
    ) -> Result<Option<(String, Timestamp)>, StoreError> {
        self.first(
            "SELECT code, made_at FROM password_links WHERE user_id = ?1 AND expires_at > ?2
             ORDER BY made_at DESC, code LIMIT 1",
            params![user.0, millis(now)],
            |row| Ok((row.col(0)?, row.time(1)?)),
        )
    }
}

impl Write<'_> {
    /// Gives out a code, and removes those that have ended.
    pub fn add_password_link(
        &self,
        code: &str,
        user: UserId,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        self.run("DELETE FROM password_links WHERE expires_at <= ?1", [millis(now)])?;
        self.run(
            "INSERT INTO password_links (code, user_id, made_at, expires_at) VALUES (?1, ?2, ?3, ?4)",
            params![code, user.0, millis(now), millis(expires_at)],
        )?;
        Ok(())
    }

    /// Makes all codes of a login useless.
    pub fn delete_password_links(&self, user: UserId) -> Result<(), StoreError> {
        self.run("DELETE FROM password_links WHERE user_id = ?1", [user.0])?;
        Ok(())
    }
}
