//! How much a file may cost, and what the child is protected by.

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::tools::Tools;

/// The program and arguments that end up in [`crate::child_main`].
#[derive(Debug, Clone)]
pub struct ChildCommand {
    /// Path of the program.
    pub program: PathBuf,
    /// Its arguments.
    pub args: Vec<String>,
}

/// How [`crate::Media`] works.
#[derive(Debug, Clone)]
pub struct MediaOptions {
    /// Children running at once. At least two are allowed, so that opening a long document does not keep
    /// viewers waiting.
    pub max_children: usize,
    /// Size of the cache on disk in bytes; what was not used for longest goes first. Thumbnails and text are
    /// kept longest.
    pub cache_limit_bytes: u64,
    /// What one file may cost.
    pub limits: Limits,
    /// Programs that convert what is not decoded here.
    pub tools: Tools,
}

impl Default for MediaOptions {
    fn default() -> Self {
        Self {
            max_children: 2,
            cache_limit_bytes: 10 << 30,
            limits: Limits::default(),
            tools: Tools::installed(),
        }
    }
}

/// What one file may cost. "Opening" is reading a whole document, its thumbnails and text; "rendering" is one
/// block of tiles or one page.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Time to open a document.
    pub open_wall: Duration,
    /// Time to render.
    pub render_wall: Duration,
    /// Longest time without any result while opening or rendering.
    pub step_wall: Duration,
    /// Processor seconds to open a document.
    pub open_cpu_seconds: u64,
    /// Processor seconds to render.
    pub render_cpu_seconds: u64,
    /// Address space of a child in bytes, the file's own size not counted.
    pub memory_bytes: u64,
    /// Size of one file that a child writes, in bytes.
    pub output_bytes: u64,
    /// Time for a tool to convert a document.
    pub convert_wall: Duration,
    /// Processor seconds for a tool to convert a document.
    pub convert_cpu_seconds: u64,
    /// Address space of a tool in bytes.
    pub convert_memory_bytes: u64,
    /// Size of one file that a tool writes, and of all of them together, in bytes.
    pub convert_output_bytes: u64,
    /// Time to make a recording playable for each second of it, in seconds; at least [`Limits::convert_wall`].
    pub film_factor: u64,
    /// Longest recording that is made playable.
    pub film_length: Duration,
    /// Size of a file in bytes.
    pub max_file_bytes: u64,
    /// Pages of a document.
    pub max_pages: u32,
    /// Pixels of an image.
    pub max_page_pixels: u64,
    /// Longest side of a page in CSS pixels.
    pub max_page_side: f64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            open_wall: Duration::from_secs(30 * 60),
            render_wall: Duration::from_secs(90),
            step_wall: Duration::from_secs(60),
            open_cpu_seconds: 20 * 60,
            render_cpu_seconds: 60,
            memory_bytes: 3 << 30,
            output_bytes: 64 << 20,
            convert_wall: Duration::from_secs(5 * 60),
            convert_cpu_seconds: 4 * 60,
            convert_memory_bytes: 6 << 30,
            convert_output_bytes: 2 << 30,
            film_factor: 20,
            film_length: Duration::from_secs(6 * 3600),
            max_file_bytes: 4 << 30,
            max_pages: 2000,
            max_page_pixels: 400_000_000,
            max_page_side: 200_000.0,
        }
    }
}

/// What a child is protected by on this machine, besides its resource limits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Protection {
    /// No way to gain rights through set-user-id programs.
    pub no_new_privs: bool,
    /// Landlock keeps it from every file but its input and its output folder.
    pub files: bool,
    /// Landlock keeps it from TCP as well (kernel 6.7 and later).
    pub tcp: bool,
    /// A seccomp filter leaves it reading, writing and memory: no sockets, no programs, no signals to others. A
    /// tool may start threads as well.
    pub system_calls: bool,
    /// It is in a network of its own without any connection; for tools only.
    #[serde(default)]
    pub own_network: bool,
}

impl Protection {
    /// Whether files and system calls are both fenced in.
    pub fn is_complete(&self) -> bool {
        self.no_new_privs && self.files && self.system_calls
    }
}
