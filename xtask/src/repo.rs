//! Where things are in the repository, and whether they are up to date.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The root of the checkout.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// Where cargo builds to.
pub fn target_dir() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |folder| root().join(folder))
}

/// Whether this runs in continuous integration, where nothing may be skipped.
pub fn in_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| !value.is_empty() && value != "0" && value != "false")
}

/// Whether `stamp` holds the same bytes as `source`: the mark left by [`write_stamp`].
pub fn stamp_is_current(source: &Path, stamp: &Path) -> bool {
    matches!((fs::read(source), fs::read(stamp)), (Ok(now), Ok(then)) if now == then)
}

/// Remembers that something was made from this very `source`.
pub fn write_stamp(source: &Path, stamp: &Path) -> Result<(), String> {
    fs::copy(source, stamp).map(drop).map_err(|error| format!("cannot write {}: {error}", stamp.display()))
}

/// The youngest change below `folder`, leaving out entries of the given names.
pub fn newest(folder: &Path, skip: &[&str]) -> Option<SystemTime> {
    let mut newest = None;
    let mut pending = vec![folder.to_path_buf()];
    while let Some(folder) = pending.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries.flatten() {
            if skip.iter().any(|name| entry.file_name() == *name) {
                continue;
            }
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => pending.push(entry.path()),
                _ => newest = newest.max(entry.metadata().and_then(|data| data.modified()).ok()),
            }
        }
    }
    newest
}
