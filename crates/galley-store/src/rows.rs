//! Columns to values of the model.

use crate::StoreError;
use galley_model::Timestamp;
use rusqlite::{Row, RowIndex, types::FromSql};

/// A time as it is stored.
pub(crate) fn millis(at: Timestamp) -> i64 {
    at.as_millisecond()
}

/// Typed access to a row that turns what does not fit into an error naming the column.
pub(crate) trait RowExt {
    fn col<T: FromSql>(&self, index: impl RowIndex) -> Result<T, StoreError>;
    /// A text as it lies in the row.
    fn text(&self, index: usize) -> Result<&str, StoreError>;
    fn time(&self, index: usize) -> Result<Timestamp, StoreError>;
    fn time_opt(&self, index: usize) -> Result<Option<Timestamp>, StoreError>;
    fn value<T>(
        &self,
        index: usize,
        what: &'static str,
        read: impl FnOnce(i64) -> Option<T>,
    ) -> Result<T, StoreError>;
    fn value_opt<T>(
        &self,
        index: usize,
        what: &'static str,
        read: impl FnOnce(i64) -> Option<T>,
    ) -> Result<Option<T>, StoreError>;
    fn word<T>(
        &self,
        index: usize,
        what: &'static str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, StoreError>;
}

impl RowExt for Row<'_> {
    fn col<T: FromSql>(&self, index: impl RowIndex) -> Result<T, StoreError> {
        Ok(self.get(index)?)
    }

    fn text(&self, index: usize) -> Result<&str, StoreError> {
        self.get_ref(index)?.as_str().map_err(|_| StoreError::Corrupt("text"))
    }

    fn time(&self, index: usize) -> Result<Timestamp, StoreError> {
        Timestamp::from_millisecond(self.get(index)?).map_err(|_| StoreError::Corrupt("time"))
    }

    fn time_opt(&self, index: usize) -> Result<Option<Timestamp>, StoreError> {
        match self.get::<_, Option<i64>>(index)? {
            Some(at) => Timestamp::from_millisecond(at).map(Some).map_err(|_| StoreError::Corrupt("time")),
            None => Ok(None),
        }
    }

    fn value<T>(
        &self,
        index: usize,
        what: &'static str,
        read: impl FnOnce(i64) -> Option<T>,
    ) -> Result<T, StoreError> {
        read(self.get(index)?).ok_or(StoreError::Corrupt(what))
    }

    fn value_opt<T>(
        &self,
        index: usize,
        what: &'static str,
        read: impl FnOnce(i64) -> Option<T>,
    ) -> Result<Option<T>, StoreError> {
        match self.get::<_, Option<i64>>(index)? {
            Some(number) => read(number).map(Some).ok_or(StoreError::Corrupt(what)),
            None => Ok(None),
        }
    }

    fn word<T>(
        &self,
        index: usize,
        what: &'static str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, StoreError> {
        let text = self.get_ref(index)?.as_str().map_err(|_| StoreError::Corrupt(what))?;
        read(text).ok_or(StoreError::Corrupt(what))
    }
}
