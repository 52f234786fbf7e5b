//! What a file is, judged by its first bytes.

use serde::{Deserialize, Serialize};

use crate::error::Refusal;
use crate::film::{self, Container};

/// A format that becomes pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// Portable Document Format, any version; also what Illustrator saves with a PDF inside.
    Pdf,
    /// Portable Network Graphics.
    Png,
    /// JPEG, baseline or progressive; gray, RGB or CMYK.
    Jpeg,
    /// GIF, also with several frames.
    Gif,
    /// WebP, also with several frames.
    WebP,
    /// TIFF, also with several pages.
    Tiff,
    /// Windows bitmap.
    Bmp,
    /// Truevision TGA. Has no signature: the name has to say so as well.
    Tga,
    /// Windows icon or cursor.
    Ico,
    /// PBM, PGM, PPM and PAM.
    Pnm,
    /// JPEG 2000, in a JP2 file or as a bare code stream.
    Jp2,
    /// Scalable Vector Graphics.
    Svg,
    /// Photoshop document, also the large kind.
    Psd,
    /// HEIC: a still picture compressed with H.265.
    Heic,
    /// AVIF: a still picture compressed with AV1.
    Avif,
    /// JPEG XL.
    Jxl,
    /// PostScript, not encapsulated.
    PostScript,
    /// A ZIP file, which Word, Excel, PowerPoint and OpenDocument files are.
    Package,
    /// An OLE compound file, which older Word, Excel and PowerPoint files are.
    Compound,
    /// Rich Text Format.
    Rtf,
    /// Comma-separated values. Text by its bytes, a table by its name.
    Csv,
    /// Plain text. Text by its bytes, and by its name.
    Text,
    /// Video or sound, told apart only when it is looked into.
    Recording(Container),
}

impl FileKind {
    /// The media type to serve the original with.
    pub fn mime(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Gif => "image/gif",
            Self::WebP => "image/webp",
            Self::Tiff => "image/tiff",
            Self::Bmp => "image/bmp",
            Self::Tga => "image/x-tga",
            Self::Ico => "image/vnd.microsoft.icon",
            Self::Pnm => "image/x-portable-anymap",
            Self::Jp2 => "image/jp2",
            Self::Svg => "image/svg+xml",
            Self::Psd => "image/vnd.adobe.photoshop",
            Self::Heic => "image/heic",
            Self::Avif => "image/avif",
            Self::Jxl => "image/jxl",
            Self::PostScript => "application/postscript",
            Self::Package => "application/zip",
            Self::Compound => "application/x-ole-storage",
            Self::Rtf => "application/rtf",
            Self::Csv => "text/csv",
            Self::Text => "text/plain",
            Self::Recording(container) => container.mime(),
        }
    }

    /// The usual file name extension, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Gif => "gif",
            Self::WebP => "webp",
            Self::Tiff => "tif",
            Self::Bmp => "bmp",
            Self::Tga => "tga",
            Self::Ico => "ico",
            Self::Pnm => "pnm",
            Self::Jp2 => "jp2",
            Self::Svg => "svg",
            Self::Psd => "psd",
            Self::Heic => "heic",
            Self::Avif => "avif",
            Self::Jxl => "jxl",
            Self::PostScript => "ps",
            Self::Package => "zip",
            Self::Compound => "ole",
            Self::Rtf => "rtf",
            Self::Csv => "csv",
            Self::Text => "txt",
            Self::Recording(container) => container.extension(),
        }
    }
}

/// How much of a file [`sniff`] wants to see, in bytes.
pub const SNIFFED: usize = 4096;

/// Readers accept a PDF whose header comes a little late, after a mail header or a byte order mark for instance.
const PDF_HEADER_WITHIN: usize = 1024;

/// What the first bytes of a file say it is, [`SNIFFED`] of them or all there are. A name decides only between
/// what bytes cannot tell apart: tables, text and TGA.
///
/// # Errors
/// Why a file is refused that is of a kind we know and do not show, or of none that we know.
pub fn sniff(head: &[u8], name: &str) -> Result<FileKind, Refusal> {
    if let Some(kind) = by_signature(head) {
        return Ok(kind);
    }
    if head.starts_with(b"\xc5\xd0\xd3\xc6") {
        return Err(Refusal::Eps);
    }
    if head.starts_with(b"%!") {
        let first = head.split(|&b| b == b'\n' || b == b'\r').next().unwrap_or_default();
        let encapsulated = contains(first, b"EPSF");
        return if encapsulated { Err(Refusal::Eps) } else { Ok(FileKind::PostScript) };
    }
    // Only now: what begins like something else is not a PDF that begins late.
    if contains(&head[..head.len().min(PDF_HEADER_WITHIN)], b"%PDF-") {
        return Ok(FileKind::Pdf);
    }
    let extension = name.rsplit_once('.').map(|(_, e)| e.to_ascii_lowercase()).unwrap_or_default();
    match extension.as_str() {
        "tga" | "targa" if is_tga(head) => return Ok(FileKind::Tga),
        "swf" | "indd" | "qxp" | "qxd" => return Err(Refusal::Layout),
        _ => {}
    }
    if is_text(head) {
        let text = String::from_utf8_lossy(head);
        let start = text.trim_start_matches('\u{feff}').trim_start().to_ascii_lowercase();
        if is_svg(&start) {
            return Ok(FileKind::Svg);
        }
        if start.starts_with("<!doctype html") || start.starts_with("<html") {
            return Err(Refusal::Html);
        }
        match extension.as_str() {
            "csv" | "tsv" => return Ok(FileKind::Csv),
            "txt" | "text" | "md" | "log" => return Ok(FileKind::Text),
            _ => {}
        }
    }
    Err(Refusal::Unknown)
}

fn by_signature(head: &[u8]) -> Option<FileKind> {
    const SIGNATURES: &[(&[u8], FileKind)] = &[
        (b"\x89PNG\r\n\x1a\n", FileKind::Png),
        (b"\xff\xd8\xff", FileKind::Jpeg),
        (b"GIF87a", FileKind::Gif),
        (b"GIF89a", FileKind::Gif),
        (b"II\x2a\0", FileKind::Tiff),
        (b"MM\0\x2a", FileKind::Tiff),
        (b"II\x2b\0\x08\0", FileKind::Tiff),
        (b"MM\0\x2b\0\x08", FileKind::Tiff),
        (b"\0\0\0\x0cjP  \r\n\x87\n", FileKind::Jp2),
        (b"\xff\x4f\xff\x51", FileKind::Jp2),
        (b"8BPS\0\x01", FileKind::Psd),
        (b"8BPS\0\x02", FileKind::Psd),
        (b"\xff\x0a", FileKind::Jxl),
        (b"\0\0\0\x0cJXL \r\n\x87\n", FileKind::Jxl),
        (b"PK\x03\x04", FileKind::Package),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileKind::Compound),
        (b"{\\rtf", FileKind::Rtf),
    ];
    if let Some((_, kind)) = SIGNATURES.iter().find(|(signature, _)| head.starts_with(signature)) {
        return Some(*kind);
    }
    if head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP") {
        return Some(FileKind::WebP);
    }
    if head.get(4..8) == Some(b"ftyp")
        && let Some(kind) = by_brand(head)
    {
        return Some(kind);
    }
    if head.starts_with(b"BM") && is_bmp(head) {
        return Some(FileKind::Bmp);
    }
    if is_ico(head) {
        return Some(FileKind::Ico);
    }
    if is_pnm(head) {
        return Some(FileKind::Pnm);
    }
    film::container(head).map(FileKind::Recording)
}

/// HEIC and AVIF share a container with video; the brands tell them apart.
fn by_brand(head: &[u8]) -> Option<FileKind> {
    let length = u32::from_be_bytes(head.get(..4)?.try_into().ok()?) as usize;
    let brands = head.get(8..length.min(head.len()))?;
    let mut avif = false;
    for (at, brand) in brands.chunks_exact(4).enumerate() {
        match brand {
            // The second four bytes are a version number.
            _ if at == 1 => {}
            b"heic" | b"heix" | b"heim" | b"heis" => return Some(FileKind::Heic),
            b"avif" => avif = true,
            _ => {}
        }
    }
    avif.then_some(FileKind::Avif)
}

/// "BM" is also how sentences begin: the header that follows has one of few lengths.
fn is_bmp(head: &[u8]) -> bool {
    let length = head.get(14..18).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]));
    matches!(length, Some(12 | 16 | 40 | 52 | 56 | 64 | 108 | 124))
}

fn is_ico(head: &[u8]) -> bool {
    let [0, 0, 1 | 2, 0, count, 0, _, _, _, reserved, ..] = head else { return false };
    (1..=64).contains(count) && *reserved == 0 && head.len() >= 22
}

fn is_pnm(head: &[u8]) -> bool {
    let [b'P', b'1'..=b'7', space, rest @ ..] = head else { return false };
    space.is_ascii_whitespace()
        && rest.first().is_some_and(|&b| b.is_ascii_digit() || b"#WH \n\r".contains(&b))
}

/// No signature, but a header whose fields have few values.
fn is_tga(head: &[u8]) -> bool {
    let Some(h) = head.get(..18) else { return false };
    matches!(h[1], 0 | 1)
        && matches!(h[2], 1 | 2 | 3 | 9 | 10 | 11)
        && matches!(h[16], 8 | 15 | 16 | 24 | 32)
        && (h[12] | h[13]) != 0
        && (h[14] | h[15]) != 0
}

/// Whether these are characters: UTF-8, or one byte each as older programs write, and no control codes.
fn is_text(head: &[u8]) -> bool {
    let control = |&b: &u8| b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0c);
    !head.is_empty() && !head.iter().any(|b| control(b) || *b == 0x7f)
}

/// Whether the root element is `svg`, after declarations and comments.
fn is_svg(start: &str) -> bool {
    let mut rest = start;
    loop {
        rest = rest.trim_start();
        let end = match rest {
            _ if rest.starts_with("<?") => rest.find("?>").map(|at| at + 2),
            _ if rest.starts_with("<!--") => rest.find("-->").map(|at| at + 3),
            _ if rest.starts_with("<!doctype svg") => {
                if rest.find('[').is_some_and(|open| rest.find('>').is_none_or(|gt| open < gt)) {
                    rest.find("]").and_then(|at| rest[at..].find('>').map(|gt| at + gt + 1))
                } else {
                    rest.find('>').map(|at| at + 1)
                }
            }
            _ => break,
        };
        match end {
            Some(end) => rest = &rest[end..],
            // An end beyond what was looked at: the document type says it all the same.
            None => return rest.starts_with("<!doctype svg"),
        }
    }
    let name = rest.strip_prefix('<').unwrap_or_default();
    let name = name.split(|c: char| c.is_whitespace() || c == '>' || c == '/').next().unwrap_or_default();
    name == "svg" || name.ends_with(":svg")
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|w| w == part)
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
    match by_signature(&head[..head.len().min(8)]) {
        Some(FileKind::Png) => Some(LogoKind::Png),
        Some(FileKind::Jpeg) => Some(LogoKind::Jpeg),
        Some(FileKind::Gif) => Some(LogoKind::Gif),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_decides() {
        let cases: &[(&[u8], FileKind)] = &[
            (b"%PDF-1.7\n", FileKind::Pdf),
            (b"\xef\xbb\xbf\n%PDF-2.0", FileKind::Pdf),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", FileKind::Png),
            (&[0xff, 0xd8, 0xff, 0xe0, 0, 16], FileKind::Jpeg),
            (b"GIF89a\x01", FileKind::Gif),
            (b"RIFF\0\0\0\0WEBPVP8 ", FileKind::WebP),
            (b"MM\0\x2a\0\0\0\x08", FileKind::Tiff),
            (b"BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0", FileKind::Bmp),
            (b"P6 1 1 255\n", FileKind::Pnm),
            (b"P5\n# made by hand\n", FileKind::Pnm),
            (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", FileKind::Heic),
            (b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf", FileKind::Avif),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", FileKind::Svg),
            (b"<?xml version='1.0'?>\n<!-- a > b -->\n<!DOCTYPE svg PUBLIC 'x' 'y' [<!ENTITY a 'b'>]>\n<svg>", FileKind::Svg),
            (b"%!PS-Adobe-3.0\n%%Title: x", FileKind::PostScript),
            (b"PK\x03\x04", FileKind::Package),
            (b"{\\rtf1\\ansi", FileKind::Rtf),
        ];
        for (head, kind) in cases {
            assert_eq!(sniff(head, "liar.txt"), Ok(*kind), "{:?}", String::from_utf8_lossy(head));
        }
    }

    #[test]
    fn what_is_refused_says_why() {
        let cases: &[(&[u8], &str, Refusal)] = &[
            (b"%!PS-Adobe-3.0 EPSF-3.0\n", "logo.eps", Refusal::Eps),
            (b"\xc5\xd0\xd3\xc6\x20\0\0\0", "logo.eps", Refusal::Eps),
            (b"<!DOCTYPE html>\n<svg>", "page.svg", Refusal::Html),
            (b"FWS\x05\0", "film.swf", Refusal::Layout),
            (b"", "empty.txt", Refusal::Unknown),
            (b"%PD", "a.pdf", Refusal::Unknown),
            (b"\x89PNG", "a.png", Refusal::Unknown),
            (b"BM is how this sentence begins", "a.bmp", Refusal::Unknown),
            (b"P4ssword", "a.pbm", Refusal::Unknown),
            (b"<notsvg>", "a.svg", Refusal::Unknown),
            (b"plain words", "a.pdf", Refusal::Unknown),
            (b"\0\0\0\x18ftypmif1\0\0\0\0mif1miaf", "still.mp4", Refusal::Unknown),
            (b"#EXTM3U\n#EXT-X-VERSION:3\n", "film.mp4", Refusal::Unknown),
            (b"ffconcat version 1.0\nfile /etc/passwd\n", "film.mkv", Refusal::Unknown),
        ];
        for (head, name, refusal) in cases {
            assert_eq!(sniff(head, name), Err(*refusal), "{name}");
        }
        let mut late = vec![b' '; 2000];
        late.extend(b"%PDF-1.4");
        assert_eq!(sniff(&late, "late"), Err(Refusal::Unknown));
    }

    #[test]
    fn a_name_decides_what_bytes_cannot() {
        assert_eq!(sniff(b"a,b\n1,2\n", "Table.CSV"), Ok(FileKind::Csv));
        assert_eq!(sniff("Ärger\n".as_bytes(), "notes.txt"), Ok(FileKind::Text));
        assert_eq!(sniff(b"a\0b", "notes.txt"), Err(Refusal::Unknown));
        let tga = b"\0\0\x02\0\0\0\0\0\0\0\0\0\x04\0\x04\0\x18\0";
        assert_eq!(sniff(tga, "a.tga"), Ok(FileKind::Tga));
        assert_eq!(sniff(tga, "a.dat"), Err(Refusal::Unknown));
    }

    #[test]
    fn names_are_the_usual_ones() {
        assert_eq!(serde_json::to_string(&FileKind::Jpeg).unwrap(), "\"jpeg\"");
        assert_eq!((FileKind::Jpeg.mime(), FileKind::Jpeg.extension()), ("image/jpeg", "jpg"));
    }
}
