//! The way of a file from upload to pages.

use serde::{Deserialize, Serialize};

/// Where a file is on its way to pages (`product.md` 3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Processing {
    /// Waits for a worker.
    Queued,
    /// A worker has it; pages may already be there.
    Processing,
    /// All pages are there.
    Ready,
    /// It will not become a proof; the file carries a reason.
    Failed,
}

impl Processing {
    /// Stable text for storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Processing::Queued => "queued",
            Processing::Processing => "processing",
            Processing::Ready => "ready",
            Processing::Failed => "failed",
        }
    }

    /// Reads what [`Processing::as_str`] wrote.
    pub fn parse(text: &str) -> Option<Processing> {
        [Processing::Queued, Processing::Processing, Processing::Ready, Processing::Failed]
            .into_iter()
            .find(|p| p.as_str() == text)
    }
}
