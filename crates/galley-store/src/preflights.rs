//! What is known of files for print.

use crate::{Read, StoreError, Write};
use galley_model::FileId;
use rusqlite::params;

use crate::rows::RowExt;

impl Read<'_> {
    /// The facts of a file as JSON, if they were looked for.
    pub fn preflight(&self, file: FileId) -> Result<Option<String>, StoreError> {
        self.first("SELECT facts FROM preflights WHERE file_id = ?1", [file.0], |row| row.col(0))
    }
}

impl Write<'_> {
    /// Keeps the facts of a file as JSON.
    pub fn set_preflight(&self, file: FileId, facts: &str) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO preflights (file_id, facts) VALUES (?1, ?2)
             ON CONFLICT (file_id) DO UPDATE SET facts = excluded.facts",
            params![file.0, facts],
        )?;
        Ok(())
    }
}
