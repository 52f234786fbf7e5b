//! Results on disk: `<dir>/r<revision>/<key>/p<page>/…`, and `<dir>/.tmp/` on the same file system, where
//! children write before a rename makes a file visible as a whole.

use std::fs;
use std::io::{self, Read};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use rustix::fs::{AtFlags, CWD, OFlags, Timespec, Timestamps, UTIME_NOW, UTIME_OMIT, utimensat};
use tempfile::TempDir;

use super::evict;
use crate::compare::PagePair;
use crate::error::{MediaError, MediaErrorKind};
use crate::page::PageInfo;
use crate::protocol::Artifact;

/// Goes up when the same file is rendered differently than before; the cache of an older one is removed.
const REVISION: &str = "r3";
/// Left by a process that is no more, if it is this old.
const STALE: Duration = Duration::from_secs(24 * 3600);
/// Nothing a child makes is larger; text and page lists are far below.
const MAX_READ: u64 = 256 << 20;

#[derive(Clone)]
pub(super) struct Cache {
    shared: Arc<Shared>,
}

struct Shared {
    files: PathBuf,
    temporary: PathBuf,
    limit: u64,
    /// What is on disk, roughly: counted once at the start and kept up by what is added and evicted here.
    used: AtomicU64,
    evicting: AtomicBool,
}

impl Cache {
    pub(super) fn new(folder: &Path, limit: u64) -> io::Result<Self> {
        let files = folder.join(REVISION);
        let temporary = folder.join(".tmp");
        fs::create_dir_all(&files)?;
        fs::create_dir_all(&temporary)?;
        let shared =
            Shared { files, temporary, limit, used: AtomicU64::new(0), evicting: AtomicBool::new(true) };
        let cache = Self { shared: Arc::new(shared) };
        remove_stale(&cache.shared.temporary)?;
        let (counting, folder) = (cache.clone(), folder.to_owned());
        // Counting reads every folder, which nobody should wait for.
        std::thread::spawn(move || {
            remove_other_revisions(&folder);
            let used = evict::used(&counting.shared.files);
            counting.shared.used.fetch_add(used, Ordering::Relaxed);
            counting.shared.evicting.store(false, Ordering::Release);
            counting.evict_if_full();
        });
        Ok(cache)
    }

    /// Where something is or would be.
    pub(super) fn path(&self, key: &str, artifact: Artifact) -> Result<PathBuf, MediaError> {
        Ok(self.folder(key)?.join(artifact.cache_path()))
    }

    fn folder(&self, key: &str) -> Result<PathBuf, MediaError> {
        if !(is_sound(key) || pair_of(key).is_some()) {
            return Err(MediaError::new(MediaErrorKind::Io, format!("{key:?} is no cache key")));
        }
        Ok(self.shared.files.join(key))
    }

    /// The file's content if it is there, and notes that it was used.
    pub(super) async fn read(&self, path: &Path) -> Result<Option<Bytes>, MediaError> {
        let path = path.to_owned();
        blocking(move || read_and_touch(&path)).await
    }

    pub(super) async fn exists(&self, key: &str, artifact: Artifact) -> Result<bool, MediaError> {
        let path = self.path(key, artifact)?;
        blocking(move || Ok(fs::symlink_metadata(&path).is_ok_and(|m| m.is_file() && m.len() > 0))).await
    }

    /// A folder for a child to write to; removed when dropped.
    pub(super) async fn output_folder(&self) -> Result<TempDir, MediaError> {
        let temporary = self.shared.temporary.clone();
        blocking(move || tempfile::Builder::new().prefix("child-").tempdir_in(temporary)).await
    }

    /// Moves a child's file to its place. The child is not trusted to have written a plain file.
    pub(super) async fn take(&self, out: &Path, key: &str, artifact: Artifact) -> Result<(), MediaError> {
        let (from, to) = (out.join(artifact.flat_name()), self.path(key, artifact)?);
        let length = blocking(move || {
            let found = fs::symlink_metadata(&from)?;
            if !found.is_file() || found.nlink() != 1 {
                return Err(io::Error::other("the child made no plain file"));
            }
            move_into_place(&from, &to)?;
            Ok(found.len())
        })
        .await?;
        self.added(length);
        Ok(())
    }

    /// Where the converted form of a file is, if it is there; notes that it was used.
    pub(super) async fn prepared(&self, key: &str) -> Result<Option<PathBuf>, MediaError> {
        self.whole(key, "prepared").await
    }

    /// Where something that belongs to the whole of a file is, if it is there; notes that it was used.
    pub(super) async fn whole(&self, key: &str, name: &'static str) -> Result<Option<PathBuf>, MediaError> {
        let path = self.folder(key)?.join(name);
        blocking(move || {
            let there = fs::symlink_metadata(&path).is_ok_and(|m| m.is_file() && m.len() > 0);
            if there {
                touch(&path);
            }
            Ok(there.then_some(path))
        })
        .await
    }

    /// Keeps what a tool made of a file.
    pub(super) async fn take_prepared(&self, from: PathBuf, key: &str) -> Result<PathBuf, MediaError> {
        self.take_whole(from, key, "prepared").await
    }

    /// The same under another name. The tool is not trusted to have written a plain file.
    pub(super) async fn take_whole(
        &self,
        from: PathBuf,
        key: &str,
        name: &'static str,
    ) -> Result<PathBuf, MediaError> {
        let to = self.folder(key)?.join(name);
        let kept = to.clone();
        let length = blocking(move || {
            let found = fs::symlink_metadata(&from)?;
            if !found.is_file() || found.nlink() != 1 {
                return Err(io::Error::other("the tool made no plain file"));
            }
            move_into_place(&from, &to)?;
            Ok(found.len())
        })
        .await?;
        self.added(length);
        Ok(kept)
    }

    /// The pages of a file that was opened before.
    pub(super) async fn info(&self, key: &str) -> Result<Option<Vec<PageInfo>>, MediaError> {
        let bytes = self.read(&self.folder(key)?.join("info")).await?;
        Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
    }

    pub(super) async fn put_info(&self, key: &str, pages: &[PageInfo]) -> Result<(), MediaError> {
        self.put(key, "info", &pages).await
    }

    /// Which pages of two files go together, if that was found out before.
    pub(super) async fn pairs(&self, key: &str) -> Result<Option<Vec<PagePair>>, MediaError> {
        let bytes = self.read(&self.folder(key)?.join("pairs")).await?;
        Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
    }

    pub(super) async fn put_pairs(&self, key: &str, pairs: &[PagePair]) -> Result<(), MediaError> {
        self.put(key, "pairs", &pairs).await
    }

    /// Keeps what was found out on this side.
    async fn put(
        &self,
        key: &str,
        name: &str,
        what: &(impl serde::Serialize + Sync),
    ) -> Result<(), MediaError> {
        let bytes =
            serde_json::to_vec(what).map_err(|e| MediaError::new(MediaErrorKind::Io, e.to_string()))?;
        self.put_whole(key, name, bytes).await
    }

    /// Keeps something that belongs to the whole of a file.
    pub(super) async fn put_whole(&self, key: &str, name: &str, bytes: Vec<u8>) -> Result<(), MediaError> {
        let (to, temporary) = (self.folder(key)?.join(name), self.shared.temporary.clone());
        let length = bytes.len() as u64;
        blocking(move || {
            let mut file = tempfile::Builder::new().prefix("info-").tempfile_in(temporary)?;
            io::Write::write_all(&mut file, &bytes)?;
            move_into_place(file.path(), &to)
        })
        .await?;
        self.added(length);
        Ok(())
    }

    /// Removes what is cached of a file, and what was found out by comparing it with others.
    pub(super) async fn forget(&self, key: &str) -> Result<(), MediaError> {
        let (own, key, files) = (self.folder(key)?, key.to_owned(), self.shared.files.clone());
        let removed = blocking(move || {
            let names = fs::read_dir(&files)?.flatten().map(|entry| entry.file_name());
            // Moments of a video have folders of their own, named after its.
            let moments = format!("{key}at");
            let is_part = |name: &std::ffi::OsStr| {
                let Some(name) = name.to_str() else { return false };
                name.starts_with(&moments) || pair_of(name).is_some_and(|(a, b)| a == key || b == key)
            };
            let pairs = names.filter(|name| is_part(name)).map(|name| files.join(name));
            let mut used = 0;
            for folder in pairs.chain([own]) {
                used += evict::used(&folder);
                match fs::remove_dir_all(&folder) {
                    Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
                    _ => {}
                }
            }
            Ok(used)
        })
        .await?;
        self.removed(removed);
        Ok(())
    }

    /// Counts what is on disk anew: other processes add to it, too.
    pub(super) fn recount(&self) {
        let cache = self.clone();
        std::thread::spawn(move || {
            let used = evict::used(&cache.shared.files);
            cache.shared.used.store(used, Ordering::Relaxed);
            cache.evict_if_full();
        });
    }

    fn added(&self, bytes: u64) {
        self.shared.used.fetch_add(bytes, Ordering::Relaxed);
        self.evict_if_full();
    }

    fn removed(&self, bytes: u64) {
        let less = |used: u64| Some(used.saturating_sub(bytes));
        // The closure never gives up, so the update cannot fail.
        let _ = self.shared.used.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
    }

    fn evict_if_full(&self) {
        let shared = &self.shared;
        if shared.used.load(Ordering::Relaxed) <= shared.limit || shared.evicting.swap(true, Ordering::AcqRel)
        {
            return;
        }
        let cache = self.clone();
        std::thread::spawn(move || {
            let before = evict::evict(&cache.shared.files, cache.shared.limit);
            tracing::debug!(found = before.found, kept = before.kept, "evicted from the media cache");
            // The walk counted exactly; what came meanwhile is counted again at the next walk.
            cache.shared.used.store(before.kept, Ordering::Relaxed);
            cache.shared.evicting.store(false, Ordering::Release);
        });
    }
}

/// The key of one file.
fn is_sound(key: &str) -> bool {
    (1..=64).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
}

/// The keys of two files that were compared.
fn pair_of(key: &str) -> Option<(&str, &str)> {
    key.split_once('-').filter(|(a, b)| is_sound(a) && is_sound(b))
}

async fn blocking<T, W>(work: W) -> Result<T, MediaError>
where
    T: Send + 'static,
    W: FnOnce() -> io::Result<T> + Send + 'static,
{
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result.map_err(|e| MediaError::io("media cache", &e)),
        Err(error) => Err(MediaError::new(MediaErrorKind::Io, error.to_string())),
    }
}

fn read_and_touch(path: &Path) -> io::Result<Option<Bytes>> {
    // Following no link: whatever a child may have managed to leave, only files in the cache are served.
    let opened = fs::OpenOptions::new().read(true).custom_flags(OFlags::NOFOLLOW.bits() as i32).open(path);
    let file = match opened {
        Ok(file) => file,
        Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        Err(e) => return Err(e),
    };
    let mut bytes = Vec::with_capacity(file.metadata()?.len().min(MAX_READ) as usize);
    file.take(MAX_READ).read_to_end(&mut bytes)?;
    // A file without content is what a power cut leaves of a rename; it is made anew.
    if bytes.is_empty() {
        return Ok(None);
    }
    touch(path);
    Ok(Some(Bytes::from(bytes)))
}

/// Eviction goes by this; failing to note it is no reason not to serve the file.
fn touch(path: &Path) {
    let times = Timestamps {
        last_access: Timespec { tv_sec: 0, tv_nsec: UTIME_OMIT },
        last_modification: Timespec { tv_sec: 0, tv_nsec: UTIME_NOW },
    };
    let _ = utimensat(CWD, path, &times, AtFlags::SYMLINK_NOFOLLOW);
}

fn move_into_place(from: &Path, to: &Path) -> io::Result<()> {
    match fs::rename(from, to) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => {
            if let Some(parent) = to.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::rename(from, to)
        }
        other => other,
    }
}

/// Removes what processes that died left in `temporary`. What others are writing now is younger than that.
fn remove_stale(temporary: &Path) -> io::Result<()> {
    let now = tempfile::tempfile_in(temporary)?.metadata()?.modified()?;
    for entry in fs::read_dir(temporary)?.flatten() {
        let modified = entry.metadata().and_then(|m| m.modified());
        if modified.is_ok_and(|modified| now.duration_since(modified).is_ok_and(|age| age > STALE)) {
            // Another process may have removed it first.
            let _ = fs::remove_dir_all(entry.path()).or_else(|_| fs::remove_file(entry.path()));
        }
    }
    Ok(())
}

fn remove_other_revisions(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let Some(number) = name.to_str().and_then(|name| name.strip_prefix('r')) else { continue };
        if number.parse::<u32>().is_ok()
            && name != REVISION
            && let Err(error) = fs::remove_dir_all(entry.path())
        {
            tracing::warn!(%error, "cannot remove the media cache of another revision");
        }
    }
}
