//! Summaries: files with what was said about a proof, made when somebody asks (`product.md` 5.13).

use crate::{AccountId, ProofId, SummaryId, Timestamp, UserId};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// A summary can be had for so long, over a link that needs no login.
pub const SUMMARY_LIFE: SignedDuration = SignedDuration::from_hours(24 * 7);

/// Most summaries of one user that may wait to be made.
pub const MAX_WAITING_SUMMARIES: i64 = 20;

/// Most versions of a proof in one summary; the newest ones.
pub const MAX_SUMMARY_VERSIONS: usize = 50;

/// Kinds of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SummaryKind {
    /// Pages with their comments beside them.
    Pdf,
    /// A row for each comment and reply.
    Excel,
}

impl SummaryKind {
    /// Both.
    pub const ALL: [SummaryKind; 2] = [SummaryKind::Pdf, SummaryKind::Excel];

    /// The word that is stored, and that the JSON API says.
    pub const fn as_str(self) -> &'static str {
        match self {
            SummaryKind::Pdf => "pdf",
            SummaryKind::Excel => "excel",
        }
    }

    /// Reads that word.
    pub fn parse(text: &str) -> Option<SummaryKind> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// Name as people read it.
    pub const fn label(self) -> &'static str {
        match self {
            SummaryKind::Pdf => "PDF",
            SummaryKind::Excel => "Excel",
        }
    }

    /// The end of names of such files.
    pub const fn extension(self) -> &'static str {
        match self {
            SummaryKind::Pdf => "pdf",
            SummaryKind::Excel => "xlsx",
        }
    }

    /// What such a file is, on the web.
    pub const fn mime(self) -> &'static str {
        match self {
            SummaryKind::Pdf => "application/pdf",
            SummaryKind::Excel => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// Who is told that a summary is made, or cannot be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SummaryNews {
    /// A program at an address.
    Callback {
        /// Where to.
        url: String,
        /// Minutes until a failed delivery is tried again.
        interval: i64,
    },
    /// Whoever asked, by mail.
    Mail,
    /// Whoever asked, by mail, if it took so long that they will have left.
    MailIfSlow,
}

/// Somebody who waits in front of a screen is gone after this.
pub const SUMMARY_PATIENCE: SignedDuration = SignedDuration::from_mins(1);

/// Where a summary is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SummaryState {
    /// It is to be made, or being made.
    Waiting,
    /// It is there.
    Ready {
        /// Secret part of its address.
        code: String,
        /// Name to save it under.
        file_name: String,
        /// Bytes.
        size: u64,
    },
    /// It was not made.
    Failed {
        /// Why, for people.
        problem: String,
    },
}

/// A summary that somebody asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Identifier.
    pub id: SummaryId,
    /// Whose.
    pub account: AccountId,
    /// Of what.
    pub proof: ProofId,
    /// Who asked, and whose view of the proof it shows.
    pub user: UserId,
    /// The kind of file.
    pub kind: SummaryKind,
    /// With all versions that they see.
    pub all_versions: bool,
    /// Who is told.
    pub news: SummaryNews,
    /// Where it is.
    pub state: SummaryState,
    /// Pages drawn so far, and how many there will be at most; 0 when that is not known.
    pub progress: (u32, u32),
    /// When it was asked for.
    pub requested_at: Timestamp,
    /// When it was made, or given up.
    pub finished_at: Option<Timestamp>,
    /// When its link ends.
    pub ends_at: Timestamp,
}

impl Summary {
    /// Whoever asked is told by mail.
    pub fn mails(&self) -> bool {
        match self.news {
            SummaryNews::Callback { .. } => false,
            SummaryNews::Mail => true,
            SummaryNews::MailIfSlow => {
                self.finished_at.is_some_and(|at| at.duration_since(self.requested_at) > SUMMARY_PATIENCE)
            }
        }
    }
}
