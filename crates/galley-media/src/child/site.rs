//! A ZIP file as a web page: checked name by name, then unpacked into one file whose parts an index names.
//!
//! Nothing is ever unpacked under a name of its own, so no name can lead anywhere. They are checked all the same: a
//! bundle whose names mean one thing here and another elsewhere is refused, not guessed at.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Seek, Write};
use std::path::Path;

use zip::ZipArchive;

use super::inspect::broken;
use super::output::Output;
use crate::error::{MediaError, MediaErrorKind, Refusal};
use crate::protocol::Artifact;
use crate::site::{Site, SiteFile, site_mime};

/// Size of the ZIP file (`product.md` 11).
const MAX_PACKED: u64 = 500 << 20;
/// Files in it.
const MAX_FILES: usize = 10_000;
/// Bytes of all files together, whatever the ZIP file's size,
pub(crate) const MAX_UNPACKED: u64 = 1 << 30;
/// and, once they are more than this, so many times that size.
const SMALL: u64 = 64 << 20;
const MAX_GROWTH: u64 = 50;
/// Folders in folders.
const MAX_DEPTH: usize = 32;
/// Bytes of a path.
const MAX_NAME: usize = 512;
/// A page says within so many bytes where its head begins.
const LOOKED_AT: usize = 16 << 10;

/// What operating systems leave in ZIP files without being asked.
fn is_litter(name: &str) -> bool {
    let last = name.rsplit('/').next().unwrap_or_default();
    name.split('/').next() == Some("__MACOSX")
        || last.starts_with("._")
        || [".ds_store", "thumbs.db", "desktop.ini"].contains(&last.to_ascii_lowercase().as_str())
}

/// What makes an office document of a ZIP file, looked at before anything else.
const DOCUMENT: [&str; 2] = ["mimetype", "[Content_Types].xml"];

/// Makes one file of all of them, and its index. Makes nothing of a document.
pub(super) fn run(input: &Path, output: &mut Output) -> Result<(), MediaError> {
    let failed = |e: std::io::Error| MediaError::io("reading the file", &e);
    let file = File::open(input).map_err(failed)?;
    let packed = file.metadata().map_err(failed)?.len();
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|e| broken(&e))?;
    if DOCUMENT.iter().any(|name| archive.index_for_name(name).is_some()) {
        return Ok(());
    }
    if packed > MAX_PACKED {
        return Err(refused(Refusal::BundleSize, format!("{packed} bytes")));
    }
    if archive.len() > MAX_FILES {
        return Err(refused(Refusal::BundleFiles, format!("{} files", archive.len())));
    }
    let names = names(&mut archive)?;
    let (folder, main) = main_page(names.iter().map(|(name, _)| name.as_str()))?;
    // A name twice is not there twice for this reader, but may be for others.
    if archive.has_duplicate_names() {
        return Err(refused(Refusal::BundleNames, "a name twice"));
    }
    let mut site = Site { main, files: BTreeMap::new() };
    let most = MAX_UNPACKED.min(SMALL.max(packed.saturating_mul(MAX_GROWTH)));
    let mut to = BufWriter::new(output.create(Artifact::SiteFiles)?);
    let mut from = 0;
    for (name, index) in names {
        let length = unpack(&mut archive, index, &mut to, most - from)?;
        let Some(path) = name.strip_prefix(&folder).map(str::to_owned) else { continue };
        if site.files.insert(path, SiteFile { from, length: length.0, head: None }).is_some() {
            return Err(refused(Refusal::BundleNames, "a name twice"));
        }
        if let Some(file) = site.files.get_mut(&name[folder.len()..]) {
            file.head =
                Some(&length.1).filter(|_| site_mime(&name) == "text/html").and_then(|start| head(start));
        }
        from += length.0;
    }
    let written = to.into_inner().map_err(|e| MediaError::io("unpacking", e.error()))?;
    drop(written);
    output.told(Artifact::SiteFiles)?;
    let index = serde_json::to_vec(&site).map_err(|e| MediaError::new(MediaErrorKind::Io, e.to_string()))?;
    output.put(Artifact::Site, &index)
}

fn refused(refusal: Refusal, detail: impl Into<String>) -> MediaError {
    MediaError::new(MediaErrorKind::Refused(refusal), detail)
}

/// The paths of all files that count, with their numbers in the archive.
fn names<R: Read + Seek>(archive: &mut ZipArchive<R>) -> Result<Vec<(String, usize)>, MediaError> {
    let mut names = Vec::with_capacity(archive.len());
    for index in 0..archive.len() {
        let entry = archive.by_index_data(index).map_err(|e| broken(&e))?;
        let decoded = entry.name().map_err(|e| broken(&e))?;
        // Many programs write UTF-8 and do not say so; what is no UTF-8 is of the old code page.
        let raw = std::str::from_utf8(entry.name_raw()).unwrap_or(&decoded);
        let path = path(raw).ok_or_else(|| refused(Refusal::BundleNames, format!("the name {raw:?}")))?;
        if entry.is_symlink()
            || entry.unix_mode().is_some_and(|mode| !matches!(mode & 0o170_000, 0 | 0o100_000 | 0o040_000))
        {
            return Err(refused(Refusal::BundleLinks, format!("{path:?} is no file")));
        }
        if path.ends_with('/') || path.is_empty() || is_litter(&path) {
            continue;
        }
        if entry.encrypted() {
            return Err(MediaError::new(MediaErrorKind::PasswordProtected, "an encrypted file in a bundle"));
        }
        names.push((path, index));
    }
    Ok(names)
}

/// A name as a path without steps that lead nowhere; none for one that is no path below a folder.
fn path(name: &str) -> Option<String> {
    // Old programs under Windows wrote their own separator.
    let name = name.replace('\\', "/");
    let drive = name.as_bytes().get(1) == Some(&b':');
    if name.len() > MAX_NAME || name.starts_with('/') || drive || name.chars().any(char::is_control) {
        return None;
    }
    let steps: Vec<&str> = name.split('/').filter(|step| *step != ".").collect();
    let (last, folders) = steps.split_last()?;
    let wrong = |step: &&str| step.is_empty() || *step == "..";
    if folders.iter().any(wrong) || *last == ".." || folders.len() > MAX_DEPTH {
        return None;
    }
    Some(steps.join("/"))
}

/// The folder of the main page, empty or with a slash at its end, and the page's name there: the one page at the top,
/// or of several the index; where there is nothing at the top but a single folder, in that.
fn main_page<'a>(names: impl Iterator<Item = &'a str> + Clone) -> Result<(String, String), MediaError> {
    let mut tops = names.clone().map(|name| name.split_once('/').map(|(folder, _)| folder));
    let folder = match tops.next() {
        Some(Some(first)) if tops.all(|top| top == Some(first)) => format!("{first}/"),
        _ => String::new(),
    };
    let mut pages: Vec<&str> = names
        .filter_map(|name| name.strip_prefix(&folder))
        .filter(|name| !name.contains('/') && site_mime(name) == "text/html")
        .collect();
    if pages.len() > 1 {
        let is_index =
            |page: &&str| ["index.html", "index.htm"].contains(&page.to_ascii_lowercase().as_str());
        if !pages.iter().any(is_index) {
            return Err(refused(Refusal::BundlePages, format!("{} pages", pages.len())));
        }
        pages.retain(is_index);
    }
    match pages[..] {
        [page] => Ok((folder, page.to_owned())),
        [] => Err(refused(Refusal::Archive, "no page")),
        _ => Err(refused(Refusal::BundlePages, "several index pages")),
    }
}

/// Unpacks one file to the end of another. Gives its length and its first bytes. What the archive says of lengths
/// need not be true, so bytes are counted.
fn unpack<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    index: usize,
    to: &mut impl Write,
    most: u64,
) -> Result<(u64, Vec<u8>), MediaError> {
    let mut entry = archive.by_index(index).map_err(|e| broken(&e))?;
    let (mut length, mut start) = (0_u64, Vec::new());
    let mut piece = vec![0; 64 << 10];
    loop {
        let read = entry
            .read(&mut piece)
            .map_err(|e| MediaError::new(MediaErrorKind::Damaged, format!("unpacking a bundle: {e}")))?;
        if read == 0 {
            return Ok((length, start));
        }
        length += read as u64;
        if length > most {
            return Err(refused(Refusal::BundleUnpacked, "it unpacks to too much"));
        }
        let wanted = LOOKED_AT.saturating_sub(start.len()).min(read);
        start.extend_from_slice(&piece[..wanted]);
        to.write_all(&piece[..read]).map_err(|e| MediaError::io("unpacking a bundle", &e))?;
    }
}

/// How many bytes of a page come before its scripts: up to its head, or as far as the first thing in it that is not
/// there for the page as a whole. None for pages of two bytes a character.
fn head(start: &[u8]) -> Option<u64> {
    if start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff") || start.contains(&0) {
        return None;
    }
    let mut at = if start.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let mut end = at;
    loop {
        at += start[at..].iter().take_while(|b| b.is_ascii_whitespace()).count();
        let rest = &start[at..];
        let close = |mark: &[u8]| rest.windows(mark.len()).position(|w| w == mark).map(|n| n + mark.len());
        let is = |tag: &[u8]| {
            rest.len() > tag.len()
                && rest[..tag.len()].eq_ignore_ascii_case(tag)
                && !rest[tag.len()].is_ascii_alphanumeric()
        };
        let (length, last) = match () {
            () if rest.starts_with(b"<!--") => (close(b"-->"), false),
            () if is(b"<!doctype") || is(b"<html") || rest.starts_with(b"<?") => (close(b">"), false),
            () if is(b"<head") => (close(b">"), true),
            () => return Some(end as u64),
        };
        let Some(length) = length else { return Some(end as u64) };
        at += length;
        end = at;
        if last {
            return Some(end as u64);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_paths_below_a_folder_or_nothing() {
        let long = "x".repeat(513);
        let deep = "d/".repeat(33) + "x";
        let table = [
            ("a.html", Some("a.html")),
            ("./a/./b.css", Some("a/b.css")),
            ("a\\b\\c.js", Some("a/b/c.js")),
            ("folder/", Some("folder/")),
            ("ünïcode/ß.png", Some("ünïcode/ß.png")),
            ("..a/b..", Some("..a/b..")),
            ("../a", None),
            ("a/../b", None),
            ("a/..", None),
            ("..\\a", None),
            ("/etc/passwd", None),
            ("\\\\server\\share", None),
            ("C:\\a.html", None),
            ("a//b", None),
            ("a\0b", None),
            ("a\nb", None),
            ("a\u{85}b", None),
            (long.as_str(), None),
            (deep.as_str(), None),
        ];
        for (name, expected) in table {
            assert_eq!(path(name).as_deref(), expected, "{name:?}");
        }
    }

    #[test]
    fn one_page_is_the_main_one() {
        let main = |names: &[&str]| main_page(names.iter().copied()).map_err(|e| e.kind());
        let refusal = |refusal| Err(MediaErrorKind::Refused(refusal));
        let found = |folder: &str, page: &str| Ok((folder.to_owned(), page.to_owned()));
        assert_eq!(main(&["banner.html", "a.js", "sub/other.html"]), found("", "banner.html"));
        assert_eq!(main(&["site/Page.HTM", "site/a.js"]), found("site/", "Page.HTM"));
        assert_eq!(main(&["index.html", "about.html"]), found("", "index.html"));
        assert_eq!(main(&["a.html", "b.html"]), refusal(Refusal::BundlePages));
        assert_eq!(main(&["index.html", "index.htm"]), refusal(Refusal::BundlePages));
        assert_eq!(main(&["a/index.html", "b/index.html"]), refusal(Refusal::Archive));
        assert_eq!(main(&["a/b/index.html"]), refusal(Refusal::Archive));
        assert_eq!(main(&["photo.jpg"]), refusal(Refusal::Archive));
        assert_eq!(main(&[]), refusal(Refusal::Archive));
    }

    #[test]
    fn a_script_goes_behind_what_makes_a_page_one() {
        let table: [(&[u8], Option<&[u8]>); 9] = [
            (b"<!DOCTYPE html><html><head><title>a", Some(b"<!DOCTYPE html><html><head>")),
            (
                b"\xef\xbb\xbf<!doctype html>\n<!-- <head> -->\n<HTML lang=en>\n<HEAD >x",
                Some(b"\xef\xbb\xbf<!doctype html>\n<!-- <head> -->\n<HTML lang=en>\n<HEAD >"),
            ),
            (b"<!doctype html>\n<header>x", Some(b"<!doctype html>")),
            (b"<p>hello", Some(b"")),
            (b"", Some(b"")),
            (b"<!doctype html", Some(b"")),
            (b"<!doctype html><!-- no end", Some(b"<!doctype html>")),
            (b"\xff\xfe<\0h\0", None),
            (b"<\0h\0t\0m\0", None),
        ];
        for (page, before) in table {
            assert_eq!(head(page), before.map(|b| b.len() as u64), "{:?}", String::from_utf8_lossy(page));
        }
    }
}
