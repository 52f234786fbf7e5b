//! Making room: what was not used for longest goes first, thumbnails and text last of all.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Share of the limit that is left occupied, so that eviction is not needed again at once.
const KEEP_PERCENT: u64 = 80;
/// Folders are three deep: file, page, level.
const MAX_DEPTH: usize = 4;

pub(super) struct Evicted {
    pub found: u64,
    pub kept: u64,
}

struct Entry {
    /// Sorts tiles before thumbnails and text before page lists.
    rank: u8,
    used: SystemTime,
    bytes: u64,
    path: PathBuf,
}

/// Bytes in files below a folder.
pub(super) fn used(folder: &Path) -> u64 {
    let mut sum = 0;
    walk(folder, 0, &mut |entry| sum += entry.bytes);
    sum
}

/// Removes files below `folder` until they take less than `limit` by a margin.
pub(super) fn evict(folder: &Path, limit: u64) -> Evicted {
    let mut entries = Vec::new();
    walk(folder, 0, &mut |entry| entries.push(entry));
    let found: u64 = entries.iter().map(|e| e.bytes).sum();
    let mut kept = found;
    if found <= limit {
        return Evicted { found, kept };
    }
    entries.sort_by_key(|e| (e.rank, e.used));
    let goal = limit / 100 * KEEP_PERCENT;
    for entry in entries {
        if kept <= goal {
            break;
        }
        if fs::remove_file(&entry.path).is_ok() {
            kept -= entry.bytes;
            // Fails while other files are in there, which is as it should be.
            let _ = entry.path.parent().map(fs::remove_dir);
        }
    }
    Evicted { found, kept }
}

fn walk(folder: &Path, depth: usize, found: &mut dyn FnMut(Entry)) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let Ok(metadata) = entry.metadata() else { continue };
        if metadata.is_dir() && depth < MAX_DEPTH {
            walk(&entry.path(), depth + 1, found);
        } else if metadata.is_file() {
            let rank = match entry.file_name().to_str() {
                Some("info" | "film") => 2,
                Some(
                    "thumbnail" | "text" | "prepared" | "difference" | "mask" | "pairs" | "preflight"
                    | "contents" | "play" | "storyboard" | "outline" | "site" | "site-files",
                ) => 1,
                _ => 0,
            };
            let used = metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
            found(Entry { rank, used, bytes: metadata.len(), path: entry.path() });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn put(folder: &Path, name: &str, bytes: usize, age: u64) -> PathBuf {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, vec![1; bytes]).unwrap();
        let base = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000 - age);
        fs::File::options().write(true).open(&path).unwrap().set_modified(base).unwrap();
        path
    }

    #[test]
    fn oldest_tiles_go_first_and_thumbnails_last() {
        let dir = tempfile::tempdir().unwrap();
        let old_thumbnail = put(dir.path(), "k/p1/thumbnail", 100, 900);
        let old_tile = put(dir.path(), "k/p1/l3/0_0", 500, 800);
        let new_tile = put(dir.path(), "k/p1/l3/1_0", 400, 10);
        assert_eq!(used(dir.path()), 1000);
        let after = evict(dir.path(), 700);
        assert_eq!((after.found, after.kept), (1000, 500));
        assert!(old_thumbnail.exists() && new_tile.exists() && !old_tile.exists());

        let after = evict(dir.path(), 450);
        assert_eq!(after.kept, 100);
        assert!(old_thumbnail.exists() && !new_tile.exists());
        assert!(!dir.path().join("k/p1/l3").exists(), "empty folders go as well");

        evict(dir.path(), 50);
        assert!(!old_thumbnail.exists());
    }

    #[test]
    fn nothing_goes_while_there_is_room() {
        let dir = tempfile::tempdir().unwrap();
        let tile = put(dir.path(), "k/p1/l0/0_0", 500, 1);
        assert_eq!(evict(dir.path(), 500).kept, 500);
        assert!(tile.exists());
    }
}
