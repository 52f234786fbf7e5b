//! What a file is, judged by its first bytes.

use serde::{Deserialize, Serialize};

/// A format this crate renders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// Portable Document Format, any version.
    Pdf,
    /// Portable Network Graphics.
    Png,
    /// JPEG, baseline or progressive; gray, RGB or CMYK.
    Jpeg,
}

impl FileKind {
    /// The media type to serve the original with.
    pub fn mime(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
        }
    }

    /// The usual file name extension, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Png => "png",
            Self::Jpeg => "jpg",
        }
    }

    /// Whether pages can be rendered sharply at any size.
    pub(crate) fn is_vector(self) -> bool {
        matches!(self, Self::Pdf)
    }
}

/// Readers accept a PDF whose header comes a little late, after a mail header or a byte order mark for instance.
const PDF_HEADER_WITHIN: usize = 1024;

/// What the first bytes of a file say it is; `None` is nothing we support. 1 KiB is enough to decide.
pub fn sniff(head: &[u8]) -> Option<FileKind> {
    if head.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Some(FileKind::Png);
    }
    if head.starts_with(&[0xff, 0xd8, 0xff]) {
        return Some(FileKind::Jpeg);
    }
    let head = &head[..head.len().min(PDF_HEADER_WITHIN)];
    head.windows(5).any(|w| w == b"%PDF-").then_some(FileKind::Pdf)
}

/// A format that logos may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LogoKind {
    Png,
    Jpeg,
    Gif,
}

/// What the first bytes of a logo say it is. No SVG, which is a program as much as a picture.
pub(crate) fn sniff_logo(head: &[u8]) -> Option<LogoKind> {
    match sniff(&head[..head.len().min(8)]) {
        Some(FileKind::Png) => Some(LogoKind::Png),
        Some(FileKind::Jpeg) => Some(LogoKind::Jpeg),
        _ => (head.starts_with(b"GIF87a") || head.starts_with(b"GIF89a")).then_some(LogoKind::Gif),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_the_bytes_say() {
        assert_eq!(sniff(b"%PDF-1.7\n"), Some(FileKind::Pdf));
        assert_eq!(sniff(b"\xef\xbb\xbf\n%PDF-2.0"), Some(FileKind::Pdf));
        assert_eq!(sniff(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), Some(FileKind::Png));
        assert_eq!(sniff(&[0xff, 0xd8, 0xff, 0xe0, 0, 16]), Some(FileKind::Jpeg));
        for other in [&b""[..], b"%PD", b"GIF89a", b"PK\x03\x04", b"\x89PNG", b"<html>"] {
            assert_eq!(sniff(other), None, "{other:?}");
        }
        let mut late = vec![b' '; 2000];
        late.extend(b"%PDF-1.4");
        assert_eq!(sniff(&late), None);
    }

    #[test]
    fn names_are_the_usual_ones() {
        assert_eq!(serde_json::to_string(&FileKind::Jpeg).unwrap(), "\"jpeg\"");
        assert_eq!((FileKind::Jpeg.mime(), FileKind::Jpeg.extension()), ("image/jpeg", "jpg"));
    }
}
