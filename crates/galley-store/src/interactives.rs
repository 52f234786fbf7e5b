//! Web pages that are tried, and the keys under which their files are served.

use crate::rows::{RowExt, millis};
use crate::{Read, StoreError, Write};
use galley_model::{FileId, Interactive, Timestamp};
use rusqlite::params;

/// What a key of a bundle stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteKey {
    /// Code of the link.
    pub code: String,
    /// Hash of the session that came along; empty without one.
    pub session: String,
}

impl Read<'_> {
    /// What is known of a file that is tried; none for what has pages, and before it was looked into.
    pub fn interactive(&self, file: FileId) -> Result<Option<Interactive>, StoreError> {
        self.first("SELECT url FROM interactives WHERE file_id = ?1", [file.0], |row| {
            Ok(Interactive { url: row.col(0)? })
        })
    }

    /// What a key stands for now.
    pub fn site_key(&self, key: &str, now: Timestamp) -> Result<Option<SiteKey>, StoreError> {
        self.first(
            "SELECT code, session FROM site_keys WHERE key = ?1 AND expires_at > ?2",
            params![key, millis(now)],
            |row| Ok(SiteKey { code: row.col(0)?, session: row.col(1)? }),
        )
    }
}

impl Write<'_> {
    /// Notes that a file is tried.
    pub fn set_interactive(&self, file: FileId, of: &Interactive) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO interactives (file_id, url) VALUES (?1, ?2)
             ON CONFLICT (file_id) DO UPDATE SET url = excluded.url",
            params![file.0, of.url],
        )?;
        Ok(())
    }

    /// Gives out a key, or the one that stands for the same already, good until then.
    pub fn keep_site_key(
        &self,
        key: &str,
        of: &SiteKey,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<String, StoreError> {
        self.delete_expired_site_keys(now)?;
        let kept = self.first(
            "INSERT INTO site_keys (key, code, session, expires_at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (code, session) DO UPDATE SET expires_at = excluded.expires_at RETURNING key",
            params![key, of.code, of.session, millis(expires_at)],
            |row| row.col(0),
        )?;
        kept.ok_or(StoreError::Corrupt("site_keys"))
    }

    /// Removes keys that have ended.
    pub fn delete_expired_site_keys(&self, now: Timestamp) -> Result<usize, StoreError> {
        self.run("DELETE FROM site_keys WHERE expires_at <= ?1", [millis(now)])
    }
}
