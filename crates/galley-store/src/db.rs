//! Connections and transactions.
//!
//! One connection writes, a few read; SQLite's write-ahead log lets them work at the same time.
//! All calls block: callers in asynchronous code move them to a blocking thread.

use crate::{StoreError, migrations};
use galley_model::EventId;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, Params, Row};
use std::cell::Cell;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Readers kept open. More only queue for two cores.
const READERS: usize = 4;

type Watcher = Box<dyn Fn(EventId) + Send + Sync>;

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    path: PathBuf,
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
    watcher: Mutex<Option<Watcher>>,
    statements: AtomicU64,
}

impl Store {
    /// Opens or creates the database at `path` and brings its schema up to date.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be opened, or was written by a newer Galley.
    pub fn open(path: &Path) -> Result<Store, StoreError> {
        let mut writer = connect(path)?;
        migrations::migrate(&mut writer)?;
        Ok(Store {
            inner: Arc::new(Inner {
                path: path.to_owned(),
                writer: Mutex::new(writer),
                readers: Mutex::new(Vec::new()),
                watcher: Mutex::new(None),
                statements: AtomicU64::new(0),
            }),
        })
    }

    /// Calls this with the newest event after each transaction that wrote one.
    pub fn watch_events(&self, watcher: impl Fn(EventId) + Send + Sync + 'static) {
        *lock(&self.inner.watcher) = Some(Box::new(watcher));
    }

    /// Opens an eye on what is committed, by this process or another.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be opened once more.
    pub fn watch_commits(&self) -> Result<CommitWatch, StoreError> {
        Ok(CommitWatch { conn: connect(&self.inner.path)?, seen: None })
    }

    /// Statements run since the start; tests compare this before and after a call.
    pub fn statements(&self) -> u64 {
        self.inner.statements.load(Ordering::Relaxed)
    }

    /// Reads from one consistent snapshot.
    ///
    /// # Errors
    /// What `work` returns, or [`StoreError`].
    pub fn read<T, E: From<StoreError>>(&self, work: impl FnOnce(&Read<'_>) -> Result<T, E>) -> Result<T, E> {
        let pooled = lock(&self.inner.readers).pop();
        let conn = match pooled {
            Some(conn) => conn,
            None => connect(&self.inner.path)?,
        };
        // Prepared once: preparing these two costs more than the answer to a small question. A panic of `work`
        // closes the connection, and with it the transaction.
        let bound = |sql| -> rusqlite::Result<usize> { conn.prepare_cached(sql)?.execute([]) };
        bound("BEGIN").map_err(StoreError::from)?;
        let result = work(&Read { conn: &conn, statements: &self.inner.statements });
        let ended = bound("ROLLBACK");
        let mut readers = lock(&self.inner.readers);
        if ended.is_ok() && readers.len() < READERS {
            readers.push(conn);
        }
        result
    }

    /// Writes in one transaction, alone: everything `work` does is kept, or nothing of it.
    ///
    /// # Errors
    /// What `work` returns, or [`StoreError`]; then nothing was written.
    pub fn write<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&Write<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let (value, event) = {
            let mut conn = lock(&self.inner.writer);
            let tx = conn
                .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)
                .map_err(StoreError::from)?;
            let write = Write {
                read: Read { conn: &tx, statements: &self.inner.statements },
                newest_event: Cell::new(None),
            };
            let value = work(&write)?;
            let event = write.newest_event.get();
            tx.commit().map_err(StoreError::from)?;
            (value, event)
        };
        if let Some(event) = event
            && let Some(watcher) = lock(&self.inner.watcher).as_ref()
        {
            watcher(event);
        }
        Ok(value)
    }
}

/// Tells whether anything was committed since it was asked last. Asking reads shared memory, no file.
pub struct CommitWatch {
    conn: Connection,
    seen: Option<i64>,
}

impl CommitWatch {
    /// Whether anything was committed since the last call; the first call says yes.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub fn changed(&mut self) -> Result<bool, StoreError> {
        let now: i64 = self.conn.query_row("PRAGMA data_version", [], |row| row.get(0))?;
        Ok(self.seen.replace(now) != Some(now))
    }
}

/// A panic in one caller's closure rolled its transaction back; the connection behind the lock is fine.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn connect(path: &Path) -> Result<Connection, StoreError> {
    let conn = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    conn.busy_timeout(Duration::from_secs(10))?;
    // FULL: what was acknowledged survives a power cut, not only a killed process. Mapping spares a call
    // of the system for every page of a large database that the small cache does not hold.
    conn.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
         PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8000;
         PRAGMA mmap_size = 1073741824; PRAGMA journal_size_limit = 67108864;",
    )?;
    // Plans do not depend on what is bound: otherwise every `LIMIT ?` is planned anew in every call.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    conn.set_prepared_statement_cache_capacity(256);
    Ok(conn)
}

/// A transaction that reads.
pub struct Read<'a> {
    conn: &'a Connection,
    statements: &'a AtomicU64,
}

impl Read<'_> {
    fn count(&self) {
        self.statements.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn all<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl Fn(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        self.count();
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query(params)?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(read(row)?);
        }
        Ok(found)
    }

    pub(crate) fn first<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl Fn(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        self.count();
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query(params)?;
        rows.next()?.map(read).transpose()
    }

    /// The first row that `read` makes something of; no row after it is read.
    pub(crate) fn find<T>(
        &self,
        sql: &str,
        params: impl Params,
        mut read: impl FnMut(&Row<'_>) -> Result<Option<T>, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        self.count();
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query(params)?;
        while let Some(row) = rows.next()? {
            if let Some(found) = read(row)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    pub(crate) fn number(&self, sql: &str, params: impl Params) -> Result<i64, StoreError> {
        Ok(self.first(sql, params, |row| Ok(row.get(0)?))?.unwrap_or(0))
    }
}

/// A transaction that writes. Everything a [`Read`] can, it can too.
pub struct Write<'a> {
    read: Read<'a>,
    pub(crate) newest_event: Cell<Option<EventId>>,
}

impl<'a> Write<'a> {
    /// A transaction that belongs to somebody else, for migrations.
    pub(crate) fn on(conn: &'a Connection, statements: &'a AtomicU64) -> Write<'a> {
        Write { read: Read { conn, statements }, newest_event: Cell::new(None) }
    }
}

impl<'a> Deref for Write<'a> {
    type Target = Read<'a>;

    fn deref(&self) -> &Read<'a> {
        &self.read
    }
}

impl Write<'_> {
    /// Runs a statement and says how many rows it changed.
    pub(crate) fn run(&self, sql: &str, params: impl Params) -> Result<usize, StoreError> {
        self.count();
        Ok(self.conn.prepare_cached(sql)?.execute(params)?)
    }

    /// Runs an `INSERT … RETURNING id`.
    pub(crate) fn insert(&self, sql: &str, params: impl Params) -> Result<i64, StoreError> {
        self.count();
        Ok(self.conn.prepare_cached(sql)?.query_row(params, |row| row.get(0))?)
    }
}
