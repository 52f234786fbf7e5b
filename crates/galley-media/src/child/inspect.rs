//! What is in a ZIP or OLE file, found out before a program that trusts it gets it.

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::compound;
use crate::error::{MediaError, MediaErrorKind, Refusal};
use crate::flavor::Flavor;
use crate::kind::FileKind;

/// Files in a package; a presentation of a thousand slides has some thousands.
const MAX_ENTRIES: usize = 50_000;
/// A package may grow to so much, and so many times its own size on top.
const MAX_UNPACKED: u64 = 512 << 20;
const MAX_GROWTH: u64 = 4;
/// Lists of parts are read up to this size.
const MAX_LIST: u64 = 8 << 20;

/// Which document it is.
pub(super) fn flavor(kind: FileKind, data: &[u8]) -> Result<Flavor, MediaError> {
    match kind {
        FileKind::Package => package(data),
        FileKind::Compound => compound::flavor(data),
        other => Err(MediaError::new(MediaErrorKind::Unsupported, format!("{other:?} is no container"))),
    }
}

fn package(data: &[u8]) -> Result<Flavor, MediaError> {
    let mut archive = ZipArchive::new(Cursor::new(data)).map_err(|e| broken(&e))?;
    if archive.len() > MAX_ENTRIES {
        return Err(MediaError::new(
            MediaErrorKind::TooLarge,
            format!("{} files in a package", archive.len()),
        ));
    }
    let flavor = named_flavor(&mut archive)?;
    if is_encrypted(&mut archive) {
        return Err(MediaError::new(MediaErrorKind::PasswordProtected, "an encrypted package"));
    }
    unpack_to_nowhere(&mut archive, MAX_UNPACKED.saturating_add(MAX_GROWTH * data.len() as u64))?;
    Ok(flavor)
}

fn named_flavor(archive: &mut ZipArchive<Cursor<&[u8]>>) -> Result<Flavor, MediaError> {
    let refused = |refusal| MediaError::new(MediaErrorKind::Refused(refusal), "a package");
    if let Some(name) = part(archive, "mimetype") {
        let kind = name.trim().strip_prefix("application/vnd.oasis.opendocument.").unwrap_or_default();
        return match kind {
            "text" => Ok(Flavor::Odt),
            "spreadsheet" => Ok(Flavor::Ods),
            "presentation" => Ok(Flavor::Odp),
            "graphics" => Ok(Flavor::Odg),
            _ if kind.ends_with("-template") => Err(refused(Refusal::Template)),
            _ => Err(refused(Refusal::Archive)),
        };
    }
    let types = part(archive, "[Content_Types].xml").ok_or_else(|| refused(Refusal::Archive))?;
    let has = |ending: &str| types.contains(&format!("{ending}.main+xml"));
    if has("wordprocessingml.document") || has("ms-word.document.macroEnabled") {
        Ok(Flavor::Docx)
    } else if has("spreadsheetml.sheet") || has("ms-excel.sheet.macroEnabled") {
        Ok(Flavor::Xlsx)
    } else if has("presentationml.presentation") || has("ms-powerpoint.presentation.macroEnabled") {
        Ok(Flavor::Pptx)
    } else if has("presentationml.slideshow") || has("ms-powerpoint.slideshow.macroEnabled") {
        Err(refused(Refusal::SlideShow))
    } else if has("ml.template") || has(".template.macroEnabledTemplate") || has(".template.macroEnabled") {
        Err(refused(Refusal::Template))
    } else {
        Err(refused(Refusal::Archive))
    }
}

/// The text of a part, if there is one of reasonable size.
fn part(archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str) -> Option<String> {
    let mut text = Vec::new();
    archive.by_name(name).ok()?.take(MAX_LIST).read_to_end(&mut text).ok()?;
    Some(String::from_utf8_lossy(&text).into_owned())
}

fn is_encrypted(archive: &mut ZipArchive<Cursor<&[u8]>>) -> bool {
    part(archive, "META-INF/manifest.xml").is_some_and(|manifest| manifest.contains("encryption-data"))
}

/// Unpacks everything and counts: what a package says about its sizes need not be true.
fn unpack_to_nowhere(archive: &mut ZipArchive<Cursor<&[u8]>>, most: u64) -> Result<(), MediaError> {
    let mut left = most;
    let mut part = vec![0; 64 << 10];
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(|e| broken(&e))?;
        loop {
            let read = entry
                .read(&mut part)
                .map_err(|e| MediaError::new(MediaErrorKind::Damaged, format!("unpacking a package: {e}")))?;
            if read == 0 {
                break;
            }
            left = left.checked_sub(read as u64).ok_or_else(|| {
                MediaError::new(MediaErrorKind::TooLarge, format!("a package of more than {most} bytes"))
            })?;
        }
    }
    Ok(())
}

pub(super) fn broken(error: &ZipError) -> MediaError {
    let kind = match error {
        ZipError::InvalidPassword => MediaErrorKind::PasswordProtected,
        ZipError::UnsupportedArchive(what) if *what == ZipError::PASSWORD_REQUIRED => {
            MediaErrorKind::PasswordProtected
        }
        _ => MediaErrorKind::Damaged,
    };
    MediaError::new(kind, format!("ZIP: {error}"))
}
