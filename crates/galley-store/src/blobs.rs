//! The folder of originals. A file appears under its final name only when every byte of it is on
//! disk, so what is there is whole.

use crate::StoreError;
use galley_model::{FileId, SummaryId};
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The folder of originals. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Blobs {
    root: PathBuf,
    incoming: PathBuf,
    /// What names of half-finished files begin with.
    prefix: &'static str,
}

/// Half-finished files of workers beside the server.
const OF_WORKER: &str = "worker-";
/// They are so old when their worker is surely dead.
const LEFT: Duration = Duration::from_secs(24 * 3600);

impl Blobs {
    /// Opens or creates the folder. Half-finished uploads of an earlier run are removed.
    ///
    /// # Errors
    /// [`StoreError`] when the folder cannot be made.
    pub fn open(root: &Path) -> Result<Blobs, StoreError> {
        let incoming = root.join("incoming");
        fs::create_dir_all(&incoming)?;
        for entry in fs::read_dir(&incoming)? {
            let entry = entry?;
            // A worker may be writing this; what a dead one left goes when it is a day old.
            let of_worker = entry.file_name().to_string_lossy().starts_with(OF_WORKER);
            let old = || {
                entry
                    .metadata()
                    .and_then(|m| m.modified())
                    .is_ok_and(|at| at.elapsed().is_ok_and(|age| age > LEFT))
            };
            if !of_worker || old() {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(Blobs { root: root.to_owned(), incoming, prefix: "" })
    }

    /// Opens the folder for a worker beside the server. What the server is writing stays.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn beside(root: &Path) -> Result<Blobs, StoreError> {
        let incoming = root.join("incoming");
        fs::create_dir_all(&incoming)?;
        Ok(Blobs { root: root.to_owned(), incoming, prefix: OF_WORKER })
    }

    /// The folder itself, for asking about free space.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where the original with this id lies.
    pub fn path(&self, file: FileId) -> PathBuf {
        // 1000 files a folder: listings stay quick.
        self.root.join(format!("{:06}", file.0 / 1000)).join(file.0.to_string())
    }

    /// Starts an upload under a name that nothing else uses.
    ///
    /// # Errors
    /// [`StoreError::Full`] when there is no room.
    pub fn begin(&self, unique: &str) -> Result<NewBlob, StoreError> {
        let path = self.incoming.join(format!("{}{unique}", self.prefix));
        let file = File::create_new(&path)?;
        Ok(NewBlob { path, file: Some(file) })
    }

    /// Moves a finished upload to its final name. It is durable when this returns.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be moved; the upload is then removed.
    pub fn keep(&self, blob: NewBlob, file: FileId) -> Result<(), StoreError> {
        self.move_to(blob, &self.path(file))
    }

    /// Where the summary with this id lies.
    pub fn summary_path(&self, summary: SummaryId) -> PathBuf {
        self.root.join("summaries").join(summary.0.to_string())
    }

    /// Moves a finished summary to its final name. It is durable when this returns.
    ///
    /// # Errors
    /// As [`Blobs::keep`].
    pub fn keep_summary(&self, blob: NewBlob, summary: SummaryId) -> Result<(), StoreError> {
        self.move_to(blob, &self.summary_path(summary))
    }

    /// Removes a summary. One that is not there is fine.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn remove_summary(&self, summary: SummaryId) -> Result<(), StoreError> {
        match fs::remove_file(self.summary_path(summary)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    fn move_to(&self, mut blob: NewBlob, target: &Path) -> Result<(), StoreError> {
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder)?;
            blob.file = None;
            fs::rename(&blob.path, target)?;
            File::open(folder)?.sync_all()?;
        }
        Ok(())
    }

    /// Removes an original. One that is not there is fine.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn remove(&self, file: FileId) -> Result<(), StoreError> {
        match fs::remove_file(self.path(file)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }
}

/// An upload on its way. Dropped without [`Blobs::keep`], it leaves nothing behind.
#[derive(Debug)]
pub struct NewBlob {
    path: PathBuf,
    file: Option<File>,
}

impl NewBlob {
    /// Appends bytes.
    ///
    /// # Errors
    /// [`StoreError::Full`] when there is no room.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        match &mut self.file {
            Some(file) => Ok(file.write_all(bytes)?),
            None => Ok(()),
        }
    }

    /// Brings every byte to the disk.
    ///
    /// # Errors
    /// [`StoreError::Full`] when there is no room.
    pub fn sync(&mut self) -> Result<(), StoreError> {
        match &mut self.file {
            Some(file) => Ok(file.sync_all()?),
            None => Ok(()),
        }
    }
}

impl Drop for NewBlob {
    fn drop(&mut self) {
        // After `keep` the name is gone, and removing it fails, which is fine.
        let _ = fs::remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_upload_is_whole_and_a_dropped_one_is_gone() {
        let dir = tempfile::tempdir().expect("temporary folder");
        let blobs = Blobs::open(dir.path()).expect("opens");
        let mut kept = blobs.begin("a").expect("begins");
        kept.write(b"one").expect("writes");
        kept.write(b"two").expect("writes");
        kept.sync().expect("syncs");
        blobs.keep(kept, FileId(7)).expect("keeps");
        assert_eq!(fs::read(blobs.path(FileId(7))).expect("reads"), b"onetwo");

        let mut dropped = blobs.begin("b").expect("begins");
        dropped.write(b"x").expect("writes");
        drop(dropped);
        assert_eq!(fs::read_dir(dir.path().join("incoming")).expect("lists").count(), 0);

        blobs.remove(FileId(7)).expect("removes");
        blobs.remove(FileId(7)).expect("removing twice is fine");
    }

    #[test]
    fn leftovers_of_a_killed_run_are_removed_on_opening() {
        let dir = tempfile::tempdir().expect("temporary folder");
        let blobs = Blobs::open(dir.path()).expect("opens");
        std::mem::forget(blobs.begin("left").expect("begins"));
        Blobs::open(dir.path()).expect("opens again");
        assert_eq!(fs::read_dir(dir.path().join("incoming")).expect("lists").count(), 0);
    }
}
