//! The formats that become proofs, for people to read.

use crate::tools::{Tool, Tools};

/// A format, or a family of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Format {
    /// What people call it.
    pub name: &'static str,
    /// File name extensions, without the dot.
    pub extensions: &'static [&'static str],
    /// What converts it first; none if it is decoded by Galley itself.
    pub tool: Option<Tool>,
}

const fn own(name: &'static str, extensions: &'static [&'static str]) -> Format {
    Format { name, extensions, tool: None }
}

const fn by(tool: Tool, name: &'static str, extensions: &'static [&'static str]) -> Format {
    Format { name, extensions, tool: Some(tool) }
}

/// Everything Galley can show, given the tools.
pub const FORMATS: &[Format] = &[
    own("PDF", &["pdf"]),
    own("Illustrator (saved with PDF)", &["ai", "ait"]),
    own("JPEG", &["jpg", "jpeg", "jpe"]),
    own("PNG", &["png"]),
    own("GIF", &["gif"]),
    own("WebP", &["webp"]),
    own("TIFF", &["tif", "tiff"]),
    own("SVG", &["svg"]),
    own("BMP", &["bmp", "dib"]),
    own("TGA", &["tga"]),
    own("Icon", &["ico", "cur"]),
    own("PNM", &["pnm", "pbm", "pgm", "ppm", "pam"]),
    own("JPEG 2000", &["jp2", "j2k", "jpx", "jpf"]),
    by(Tool::Vips, "Photoshop", &["psd", "psb"]),
    by(Tool::Vips, "HEIC", &["heic", "heif"]),
    by(Tool::Vips, "AVIF", &["avif"]),
    by(Tool::Vips, "JPEG XL", &["jxl"]),
    by(Tool::Writer, "Word", &["docx", "docm", "doc"]),
    by(Tool::Calc, "Excel", &["xlsx", "xlsm", "xls"]),
    by(Tool::Impress, "PowerPoint", &["pptx", "pptm", "ppt"]),
    by(Tool::Writer, "OpenDocument text", &["odt"]),
    by(Tool::Calc, "OpenDocument spreadsheet", &["ods"]),
    by(Tool::Impress, "OpenDocument presentation and drawing", &["odp", "odg"]),
    by(Tool::Writer, "RTF", &["rtf"]),
    by(Tool::Calc, "CSV", &["csv", "tsv"]),
    by(Tool::Writer, "Plain text", &["txt", "text", "md", "log"]),
    by(Tool::Ghostscript, "PostScript", &["ps"]),
    by(Tool::Ffmpeg, "MP4", &["mp4", "m4v"]),
    by(Tool::Ffmpeg, "QuickTime", &["mov", "qt"]),
    by(Tool::Ffmpeg, "Matroska and WebM", &["mkv", "webm"]),
    by(Tool::Ffmpeg, "AVI", &["avi"]),
    by(Tool::Ffmpeg, "MPEG", &["mpg", "mpeg", "vob", "ts", "mts", "m2ts"]),
    by(Tool::Ffmpeg, "Windows Media", &["wmv", "asf", "wma"]),
    by(Tool::Ffmpeg, "Flash video", &["flv"]),
    by(Tool::Ffmpeg, "3GP", &["3gp", "3g2"]),
    by(Tool::Ffmpeg, "Ogg", &["ogg", "oga", "ogv", "opus"]),
    by(Tool::Ffmpeg, "MP3", &["mp3"]),
    by(Tool::Ffmpeg, "WAV", &["wav"]),
    by(Tool::Ffmpeg, "AIFF", &["aif", "aiff", "aifc"]),
    by(Tool::Ffmpeg, "AAC", &["m4a", "aac"]),
    by(Tool::Ffmpeg, "FLAC", &["flac"]),
    own("Web page in a ZIP file", &["zip"]),
];

impl Format {
    /// Whether this machine can show it.
    pub fn is_available(&self, tools: &Tools) -> bool {
        self.tool.is_none_or(|tool| tools.program(tool).is_some())
    }
}
