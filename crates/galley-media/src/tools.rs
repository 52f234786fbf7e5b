//! Programs that convert what is not decoded here, and where they are on this machine.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// A program that turns a kind of file into one that is decoded here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tool {
    /// LibreOffice with its word processor.
    Writer,
    /// LibreOffice with its spreadsheets.
    Calc,
    /// LibreOffice with its presentations and drawings.
    Impress,
    /// libvips, for pictures.
    Vips,
    /// Ghostscript, for PostScript.
    Ghostscript,
    /// FFmpeg, for video and sound.
    Ffmpeg,
    /// Poppler, for pages of PDFs with notes that bring no picture of themselves.
    Poppler,
}

impl Tool {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Writer, Self::Calc, Self::Impress, Self::Vips, Self::Ghostscript, Self::Ffmpeg, Self::Poppler];

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Writer => "LibreOffice Writer",
            Self::Calc => "LibreOffice Calc",
            Self::Impress => "LibreOffice Impress",
            Self::Vips => "libvips",
            Self::Ghostscript => "Ghostscript",
            Self::Ffmpeg => "FFmpeg",
            Self::Poppler => "Poppler",
        }
    }

    /// The Debian package that brings it.
    pub fn package(self) -> &'static str {
        match self {
            Self::Writer => "libreoffice-writer-nogui",
            Self::Calc => "libreoffice-calc-nogui",
            Self::Impress => "libreoffice-impress-nogui",
            Self::Vips => "libvips-tools",
            Self::Ghostscript => "ghostscript",
            Self::Ffmpeg => "ffmpeg",
            Self::Poppler => "poppler-utils",
        }
    }

    /// The pages of PDFs that it draws in place of the engine that is built in, if any.
    pub fn draws(self) -> Option<&'static str> {
        match self {
            Self::Ghostscript => Some("PDF pages that overprint or knock out"),
            Self::Poppler => Some("PDF pages with notes that have to be drawn"),
            _ => None,
        }
    }

    /// The file beside the program without which it cannot do this kind of document.
    fn part(self) -> Option<&'static str> {
        match self {
            Self::Writer => Some("libswlo.so"),
            Self::Calc => Some("libsclo.so"),
            Self::Impress => Some("libsdlo.so"),
            Self::Ffmpeg => Some("ffprobe"),
            Self::Vips | Self::Ghostscript | Self::Poppler => None,
        }
    }

    fn find(self) -> Option<PathBuf> {
        let (name, folders): (&str, &[&str]) = match self {
            Self::Writer | Self::Calc | Self::Impress => {
                ("soffice.bin", &["/usr/lib/libreoffice/program", "/usr/lib64/libreoffice/program"])
            }
            Self::Vips => ("vips", &["/usr/bin", "/usr/local/bin"]),
            Self::Ghostscript => ("gs", &["/usr/bin", "/usr/local/bin"]),
            Self::Ffmpeg => ("ffmpeg", &["/usr/bin", "/usr/local/bin"]),
            Self::Poppler => ("pdftoppm", &["/usr/bin", "/usr/local/bin"]),
        };
        let complete = |folder: &&&str| {
            let folder = Path::new(folder);
            folder.join(name).is_file() && self.part().is_none_or(|part| folder.join(part).is_file())
        };
        folders.iter().find(complete).map(|folder| Path::new(folder).join(name))
    }
}

/// The tools that may be used.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tools(BTreeMap<Tool, PathBuf>);

impl Tools {
    /// Those found in the usual places of this machine. Looking takes less than a millisecond.
    pub fn installed() -> Self {
        Self(Tool::ALL.into_iter().filter_map(|tool| Some((tool, tool.find()?))).collect())
    }

    /// No tools at all.
    pub fn none() -> Self {
        Self::default()
    }

    /// The same with another program for a tool.
    #[must_use]
    pub fn with(mut self, tool: Tool, program: PathBuf) -> Self {
        self.0.insert(tool, program);
        self
    }

    /// Those that draw pages of PDFs.
    pub(crate) fn that_draw(&self) -> Vec<Tool> {
        self.0.keys().copied().filter(|tool| tool.draws().is_some()).collect()
    }

    /// Where a tool is.
    pub fn program(&self, tool: Tool) -> Option<&Path> {
        self.0.get(&tool).map(PathBuf::as_path)
    }
}
