//! The data folder: one place with everything, used by one server at a time.

use galley_media::{ChildCommand, Limits, Media, MediaOptions, Tools};
use galley_service::{Clock, Config, OsRandom, Service};
use galley_store::{Blobs, Store};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The folder of originals.
const FILES: &str = "files";

/// What the renderer is given.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rendering {
    pub at_once: usize,
    pub cache: u64,
}

/// A data folder that this process alone has. The lock goes with the value.
pub(crate) struct DataFolder {
    path: PathBuf,
    /// None beside a server that has it.
    lock: Option<File>,
}

impl DataFolder {
    /// Opens or creates the folder and locks it.
    pub(crate) fn open(path: &Path) -> Result<DataFolder, String> {
        let problem =
            |what: &str, error: &dyn std::fmt::Display| format!("cannot {what} {}: {error}", path.display());
        fs::DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(|e| problem("create", &e))?;
        let path = path.canonicalize().map_err(|e| problem("open", &e))?;
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(path.join("lock"))
            .map_err(|e| problem("open", &e))?;
        match lock.try_lock() {
            Ok(()) => Ok(DataFolder { path, lock: Some(lock) }),
            Err(TryLockError::WouldBlock) => {
                Err(format!("another galley is running on {}; stop it first", path.display()))
            }
            Err(TryLockError::Error(error)) => Err(problem("lock", &error)),
        }
    }

    /// Opens a folder that a server may be using at the same time.
    pub(crate) fn beside(path: &Path) -> Result<DataFolder, String> {
        let path = path.canonicalize().map_err(|error| format!("cannot open {}: {error}", path.display()))?;
        if !path.join("galley.db").is_file() {
            return Err(format!("there is no database in {}; galley serve makes it", path.display()));
        }
        Ok(DataFolder { path, lock: None })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether there is a database yet.
    pub(crate) fn is_new(&self) -> bool {
        !self.path.join("galley.db").exists()
    }

    /// The use cases on this folder, and the database for what reads its event log.
    pub(crate) fn service(
        &self,
        clock: Arc<dyn Clock>,
        config: Config,
        rendering: Rendering,
    ) -> Result<(Service, Store), String> {
        let files = self.path.join(FILES);
        let blobs = if self.lock.is_some() { Blobs::open(&files) } else { Blobs::beside(&files) };
        let blobs = blobs.map_err(|e| e.to_string())?;
        service_with(blobs, &self.path, clock, config, rendering)
    }
}

/// How this program starts the half of itself that opens files.
pub(crate) fn media_child() -> Result<ChildCommand, String> {
    let program =
        std::env::current_exe().map_err(|e| format!("cannot find the galley program itself: {e}"))?;
    Ok(ChildCommand { program, args: vec!["media-child".to_owned()] })
}

/// The use cases on a folder that somebody has locked.
pub(crate) fn service_in(
    path: &Path,
    clock: Arc<dyn Clock>,
    config: Config,
    rendering: Rendering,
) -> Result<(Service, Store), String> {
    let blobs = Blobs::open(&path.join(FILES)).map_err(|e| e.to_string())?;
    service_with(blobs, path, clock, config, rendering)
}

fn service_with(
    blobs: Blobs,
    path: &Path,
    clock: Arc<dyn Clock>,
    config: Config,
    rendering: Rendering,
) -> Result<(Service, Store), String> {
    let store = Store::open(&path.join("galley.db")).map_err(|e| e.to_string())?;
    let child = media_child()?;
    let options = MediaOptions {
        max_children: rendering.at_once.max(2),
        cache_limit_bytes: rendering.cache,
        limits: Limits::default(),
        tools: Tools::installed(),
    };
    let media =
        Media::new(child, path.join("cache"), options).map_err(|e| format!("cannot open the cache: {e}"))?;
    let service = Service::new(store.clone(), blobs, media, clock, Arc::new(OsRandom), config);
    Ok((service, store))
}
