//! What a summary says.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Everything that goes into a summary, as its reader may see it.
#[derive(Clone, Debug)]
pub struct Summary {
    /// Name of the account.
    pub account: String,
    /// Who asked for it.
    pub asked_by: String,
    /// When it is made.
    pub made_at: Timestamp,
    /// The zone in which its reader reads times.
    pub zone: TimeZone,
    /// The versions of the proof in it, newest first; never empty.
    pub versions: Vec<Version>,
}

/// One version of a proof.
#[derive(Clone, Debug)]
pub struct Version {
    /// Name of the proof.
    pub name: String,
    /// Number of the version.
    pub number: i64,
    /// Name of the original.
    pub file_name: String,
    /// Size of the original in bytes.
    pub size: u64,
    /// Name of the folder it is in.
    pub folder: Option<String>,
    /// Whose it is.
    pub owner: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it is due.
    pub deadline: Option<Timestamp>,
    /// It is past that, and not decided.
    pub late: bool,
    /// Active, locked, archived.
    pub state: &'static str,
    /// What was decided over all; none without decision makers.
    pub decision: Option<Verdict>,
    /// Decisions made.
    pub decisions_made: i64,
    /// Decisions asked for.
    pub decisions_required: i64,
    /// Pages.
    pub pages: u32,
    /// Groups of reviewers.
    pub stages: Vec<Stage>,
    /// Comments in the order in which they were written.
    pub comments: Vec<Comment>,
}

/// A decision in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// What the account calls it.
    pub label: String,
    /// What it means.
    pub tone: Tone,
}

/// What a decision means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Nothing is decided.
    Open,
    /// Good.
    Good,
    /// Good once changed.
    Nearly,
    /// Not good.
    Bad,
    /// Neither.
    Neutral,
}

/// A group of reviewers.
#[derive(Clone, Debug)]
pub struct Stage {
    /// Its name; empty where a proof has but one that nobody made.
    pub name: String,
    /// Its decision.
    pub decision: Option<Verdict>,
    /// When it is due.
    pub deadline: Option<Timestamp>,
    /// Not started, active, locked.
    pub state: &'static str,
    /// Only its people and editors see it.
    pub private: bool,
    /// The people.
    pub reviewers: Vec<Reviewer>,
}

/// Somebody on a proof.
#[derive(Clone, Debug)]
pub struct Reviewer {
    /// Name.
    pub name: String,
    /// Address.
    pub email: String,
    /// What they may do.
    pub role: String,
    /// Their decision alone counts.
    pub primary: bool,
    /// How far they are, in words: decided, commented, opened, sent.
    pub progress: &'static str,
    /// What they decided; none for people who do not decide.
    pub decision: Option<Verdict>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// Comments they wrote.
    pub comments: i64,
    /// Replies they wrote.
    pub replies: i64,
}

/// A comment with its replies.
#[derive(Clone, Debug)]
pub struct Comment {
    /// Number on its version.
    pub number: i64,
    /// Who wrote it.
    pub author: String,
    /// Their address.
    pub email: String,
    /// When.
    pub created_at: Timestamp,
    /// It was changed later.
    pub edited: bool,
    /// Page, from 1; none for one about the whole.
    pub page: Option<u32>,
    /// What that page is called if it is none, such as the timecode of a frame.
    pub place: Option<String>,
    /// What they wrote; empty when what they drew says it all.
    pub text: String,
    /// What they drew.
    pub marks: Vec<Mark>,
    /// Label that was put on it.
    pub action: Option<String>,
    /// Who resolved it.
    pub resolved_by: Option<String>,
    /// Answers, oldest first.
    pub replies: Vec<Reply>,
}

/// An answer to a comment.
#[derive(Clone, Debug)]
pub struct Reply {
    /// Who wrote it.
    pub author: String,
    /// Their address.
    pub email: String,
    /// When.
    pub created_at: Timestamp,
    /// What they wrote.
    pub text: String,
}

/// What a markup's points mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkKind {
    /// The outline between two opposite corners.
    Box,
    /// The area between two opposite corners.
    Area,
    /// A line through all points.
    Line,
    /// A line with a head at the last point.
    Arrow,
    /// One point.
    Pin,
}

/// Something drawn on a page.
#[derive(Clone, Debug)]
pub struct Mark {
    /// What the points mean.
    pub kind: MarkKind,
    /// Page, from 1.
    pub page: u32,
    /// `[x, y]` as fractions of the page, from its top left corner.
    pub points: Vec<[f64; 2]>,
    /// Red, green, blue.
    pub color: [u8; 3],
    /// Width of lines in CSS pixels of the page.
    pub width: f64,
    /// From 0, invisible, to 1.
    pub opacity: f64,
}

/// A page as a picture.
#[derive(Clone, Debug)]
pub struct Picture {
    /// A JPEG, or a PNG without transparency and interlacing.
    pub bytes: Vec<u8>,
    /// Width of the page in CSS pixels, which widths of lines are measured in.
    pub page_width: f64,
}

impl Version {
    /// Comments that nobody resolved.
    pub fn open_comments(&self) -> usize {
        self.comments.iter().filter(|comment| comment.resolved_by.is_none()).count()
    }
}
