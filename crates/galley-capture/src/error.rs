//! Why a page was not captured.

use std::fmt;

/// What went wrong, as far as it makes a difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CaptureErrorKind {
    /// There is no Chromium on this machine.
    NoBrowser,
    /// The kernel lets Chromium build no sandbox.
    NoSandbox,
    /// The browser ended or did not start.
    Crashed,
    /// The page took longer than so many seconds.
    TimedOut(u64),
    /// The page loads more than so many megabytes.
    TooMuchData(u64),
    /// The page takes too much memory.
    OutOfMemory,
    /// The page is longer than so many pixels.
    TooLong(u32),
    /// The page would make too large a file.
    TooLarge,
    /// The page answered with this status.
    Status(u16),
    /// What is at the address is no web page but this type.
    NotAPage(String),
    /// The page cannot be reached; the sentence says why.
    Unreachable(String),
}

/// Why a page was not captured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaptureError {
    kind: CaptureErrorKind,
    detail: String,
}

impl CaptureError {
    pub(crate) fn new(kind: CaptureErrorKind, detail: impl Into<String>) -> CaptureError {
        CaptureError { kind, detail: detail.into() }
    }

    pub(crate) fn crashed(detail: impl fmt::Display) -> CaptureError {
        CaptureError::new(CaptureErrorKind::Crashed, detail.to_string())
    }

    /// What went wrong.
    pub fn kind(&self) -> &CaptureErrorKind {
        &self.kind
    }

    /// Whether another try may go better: the trouble is the browser's, not the page's.
    pub fn is_retryable(&self) -> bool {
        self.kind == CaptureErrorKind::Crashed
    }

    /// A sentence for whoever asked for the capture.
    pub fn reason(&self) -> String {
        match &self.kind {
            CaptureErrorKind::NoBrowser => {
                "This server cannot capture web pages: Chromium is not installed on it (Debian package \
                 chromium)."
                    .to_owned()
            }
            CaptureErrorKind::NoSandbox => {
                "This server cannot capture web pages: its system does not let Chromium build its sandbox."
                    .to_owned()
            }
            CaptureErrorKind::Crashed => "The browser broke down while it captured the page.".to_owned(),
            CaptureErrorKind::TimedOut(seconds) => format!("The page took longer than {seconds} seconds."),
            CaptureErrorKind::TooMuchData(megabytes) => {
                format!("The page loads more than {megabytes} megabytes.")
            }
            CaptureErrorKind::OutOfMemory => "The page takes too much memory.".to_owned(),
            CaptureErrorKind::TooLong(most) => format!("The page is longer than {most} pixels."),
            CaptureErrorKind::TooLarge => "The capture of the page is too large.".to_owned(),
            CaptureErrorKind::Status(status) => {
                let name = http::StatusCode::from_u16(*status).ok().and_then(|s| s.canonical_reason());
                let name = name.map(|name| format!(" ({name})")).unwrap_or_default();
                format!("The page answered {status}{name}.")
            }
            CaptureErrorKind::NotAPage(kind) => {
                format!("The address leads to no web page but to a file ({kind}). Upload the file instead.")
            }
            CaptureErrorKind::Unreachable(why) => why.clone(),
        }
    }
}

impl fmt::Display for CaptureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} [{}]", self.reason(), self.detail)
    }
}

impl std::error::Error for CaptureError {}
