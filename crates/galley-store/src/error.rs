//! What can go wrong below the rules.

use std::io;
use thiserror::Error;

/// A failure of the database or of the data folder. Its text is for the log, never for a caller.
#[derive(Debug, Error)]
pub enum StoreError {
    /// There is no room left.
    #[error("the disk is full: {0}")]
    Full(String),
    /// Another writer held the database for too long.
    #[error("the database is busy: {0}")]
    Busy(String),
    /// A row breaks a uniqueness rule.
    #[error("not unique: {0}")]
    Conflict(String),
    /// The database was written by a newer Galley.
    #[error("the database has schema version {found}; this Galley knows up to {known}")]
    NewerSchema {
        /// Version found.
        found: i64,
        /// Newest version this program knows.
        known: i64,
    },
    /// A stored value does not read back.
    #[error("unreadable value in {0}")]
    Corrupt(&'static str),
    /// Anything else the database says.
    #[error("database: {0}")]
    Database(rusqlite::Error),
    /// Anything else the file system says.
    #[error("data folder: {0}")]
    Io(io::Error),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => StoreError::Full(error.to_string()),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Busy(error.to_string()),
            Some(ErrorCode::ConstraintViolation) if error.to_string().contains("UNIQUE") => {
                StoreError::Conflict(error.to_string())
            }
            _ => StoreError::Database(error),
        }
    }
}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreError::Full(error.to_string()),
            _ => StoreError::Io(error),
        }
    }
}
