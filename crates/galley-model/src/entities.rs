//! The things an account holds, as values. How they are kept is the store's business.

use crate::{
    AccountId, Alert, BatchId, CommentId, Decider, Decision, FileId, Markup, Moment, Overall, PersonId,
    Processing, Progress, ProofId, ProofKind, ProofState, Rate, ReplyId, ReviewerActivity, ReviewerId, Role,
    Screen, SetId, Settings, StageId, StageState, TagId, TemplateId, Timecode, Timestamp, UserId, Work,
    WorkspaceId, is_late, reviewer_progress,
};

/// How long before a deadline a letter turns orange, in seconds (`product.md` 9.2).
pub const AT_RISK_SECONDS: i64 = 24 * 60 * 60;

/// One version of a proof, with the names and counts that every list of proofs shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Proof {
    /// Identifier (`file_id` on the wire).
    pub id: ProofId,
    /// The account it belongs to.
    pub account: AccountId,
    /// A proof, or a file that is only shared.
    pub kind: ProofKind,
    /// The batch that still holds it back: it is not processed, and nobody is told of it.
    pub batch: Option<BatchId>,
    /// Handed in at a dropzone and not activated yet: only those who run it see it, and nobody is told.
    pub submitted: bool,
    /// The chain of versions it is in.
    pub set: SetId,
    /// Number in that chain, from 1.
    pub version: i64,
    /// How many versions the chain has, those in the trash not counted.
    pub versions: i64,
    /// The version before.
    pub parent: Option<ProofId>,
    /// The original.
    pub file: FileId,
    /// Name as people read it.
    pub name: String,
    /// File name of the original as the caller gave it.
    pub source_name: String,
    /// Size of the original in bytes.
    pub size: u64,
    /// Pages known so far.
    pub pages: u32,
    /// Where the original is on its way to pages.
    pub processing: Processing,
    /// Why it failed, for people.
    pub processing_error: Option<String>,
    /// How far it is while it is on its way.
    pub work: Option<Work>,
    /// It failed because somebody called it off.
    pub cancelled: bool,
    /// Who uploaded it.
    pub creator: UserId,
    /// Their name.
    pub creator_name: String,
    /// Who is responsible for it.
    pub owner: UserId,
    /// Their name.
    pub owner_name: String,
    /// Their address.
    pub owner_email: String,
    /// Subject of its invitation, possibly empty.
    pub subject: String,
    /// Message of its invitation, possibly empty.
    pub message: String,
    /// When it is due; with an automated workflow the last deadline of its stages.
    pub deadline: Option<Timestamp>,
    /// The folder of the whole set.
    pub workspace: Option<WorkspaceId>,
    /// Its name.
    pub workspace_name: Option<String>,
    /// What can be done with it.
    pub state: ProofState,
    /// Switches and defaults.
    pub settings: Settings,
    /// Roll-up of the decisions.
    pub decision: Overall,
    /// When the roll-up last changed; none while it never did.
    pub decision_changed_at: Option<Timestamp>,
    /// Required decisions that are made.
    pub decisions_made: i64,
    /// Decisions that are required.
    pub decisions_required: i64,
    /// Comments, replies not counted.
    pub comments: i64,
    /// The reviewer whose decision alone counts.
    pub primary_decision_maker: Option<ReviewerId>,
    /// Secret part of the team URL.
    pub team_code: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was put into the trash.
    pub trashed_at: Option<Timestamp>,
    /// Its stages start by themselves, by rules that people gave them.
    pub automated: bool,
    /// The workflow template it was made of.
    pub template: Option<TemplateId>,
    /// Some of its stages are private.
    pub private_stages: bool,
    /// From when on it is late if nothing changes.
    pub late_from: Option<Timestamp>,
    /// When it was archived.
    pub archived_at: Option<Timestamp>,
    /// Running number of its set in the account: the job number.
    pub counter: i64,
}

impl Proof {
    /// Whether people are put on it without being told, until it is released.
    pub fn holds_back(&self) -> bool {
        self.batch.is_some() || self.submitted
    }

    /// Whether it is late at that moment.
    pub fn late(&self, now: Timestamp) -> bool {
        is_late(self.usable(), self.late_from, now)
    }

    /// What can be done with it now: in the archive, what can be done with a locked one.
    pub fn usable(&self) -> ProofState {
        if self.archived_at.is_some() { ProofState::Locked } else { self.state }
    }
}

/// A person on one version of a proof.
#[derive(Clone, Debug, PartialEq)]
pub struct Reviewer {
    /// Identifier.
    pub id: ReviewerId,
    /// The version.
    pub proof: ProofId,
    /// Who.
    pub person: PersonId,
    /// Their login in this account, when they have one.
    pub user: Option<UserId>,
    /// Name on this proof.
    pub name: String,
    /// Address.
    pub email: String,
    /// Job title, possibly empty.
    pub position: String,
    /// What they may do.
    pub role: Role,
    /// How much mail they want.
    pub alert: Alert,
    /// When their part is due: their own deadline or, with an automated workflow, that of their stage.
    /// None is the proof's deadline.
    pub deadline: Option<Timestamp>,
    /// The stage they are on.
    pub stage: StageId,
    /// Where it stands.
    pub stage_state: StageState,
    /// When it is due: the deadline that counts for them.
    pub stage_deadline: Option<Timestamp>,
    /// Their decision alone counts on their stage.
    pub primary: bool,
    /// What they decided.
    pub decision: Decision,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// Secret part of the personal URL. None once they were removed.
    pub code: Option<String>,
    /// When the proof was shared with them; none while their stage has not started.
    pub sent_at: Option<Timestamp>,
    /// When they first opened it.
    pub opened_at: Option<Timestamp>,
    /// Comments they wrote.
    pub comments: i64,
    /// Replies they wrote.
    pub replies: i64,
}

impl Reviewer {
    /// Their part in the roll-up.
    pub fn decider(&self) -> Decider {
        Decider {
            role: self.role,
            decision: self.decision,
            decided_at: self.decided_at.map(|at| at.as_millisecond()),
            primary: self.primary,
        }
    }

    /// Their progress letters. `settled`: somebody else's decision stands for their whole stage.
    pub fn progress(&self, settled: bool, now: Timestamp) -> Progress {
        let activity = ReviewerActivity {
            role: self.role,
            sent: self.sent_at.is_some(),
            opened: self.opened_at.is_some(),
            commented: self.comments + self.replies > 0,
            decision: self.decision,
            settled,
            deadline: self.stage_deadline,
        };
        reviewer_progress(&activity, now, AT_RISK_SECONDS)
    }
}

/// A comment thread.
#[derive(Clone, Debug, PartialEq)]
pub struct Comment {
    /// Identifier.
    pub id: CommentId,
    /// The version it is on.
    pub proof: ProofId,
    /// Running number on that version; never used again.
    pub number: i64,
    /// Who wrote it.
    pub reviewer: ReviewerId,
    /// The stage they are on, or were on last.
    pub stage: StageId,
    /// Their name at that time.
    pub author: String,
    /// What they wrote; empty when the markup says it all.
    pub text: String,
    /// Page, from 1; none for a general comment.
    pub page: Option<u32>,
    /// Where in a recording; none for the whole of it, and on what has pages.
    pub moment: Option<Moment>,
    /// The screen of a page that is tried; none for the whole of it, and on everything else.
    pub screen: Option<Screen>,
    /// What they drew.
    pub markups: Vec<Markup>,
    /// When.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub edited_at: Option<Timestamp>,
    /// Who resolved it.
    pub resolved_by: Option<String>,
    /// Replies, oldest first.
    pub replies: Vec<Reply>,
}

/// An answer to a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// Identifier.
    pub id: ReplyId,
    /// The thread.
    pub comment: CommentId,
    /// Who wrote it.
    pub reviewer: ReviewerId,
    /// The stage they are on, or were on last.
    pub stage: StageId,
    /// Their name at that time.
    pub author: String,
    /// What they wrote.
    pub text: String,
    /// When.
    pub created_at: Timestamp,
}

/// A folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workspace {
    /// Identifier.
    pub id: WorkspaceId,
    /// The account it belongs to.
    pub account: AccountId,
    /// The folder it is in.
    pub parent: Option<WorkspaceId>,
    /// Whose it is.
    pub owner: UserId,
    /// Name as people read it.
    pub name: String,
    /// Free text, possibly empty.
    pub description: String,
    /// Client name, possibly empty.
    pub client: String,
    /// Project name, possibly empty.
    pub project: String,
    /// Seen only by those it is shared with and by people who manage everything.
    pub private: bool,
    /// Who made it.
    pub creator: UserId,
    /// When it was put into the trash.
    pub trashed_at: Option<Timestamp>,
}

/// A label for proofs, known to the whole account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// Identifier.
    pub id: TagId,
    /// Name as people read it.
    pub name: String,
}

/// Proofs that are made together. Until the batch is finished they are not processed, and nobody is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Identifier.
    pub id: BatchId,
    /// The account it belongs to.
    pub account: AccountId,
    /// Who started it.
    pub user: UserId,
    /// When it was finished.
    pub finished_at: Option<Timestamp>,
}

/// An uploaded original.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Identifier.
    pub id: FileId,
    /// The unguessable name under which a client refers to it (`filehash` on the wire).
    pub token: String,
    /// Cleaned file name.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// Lower-case hexadecimal MD5 of the bytes.
    pub md5: String,
    /// Where it is on its way to pages; none before a proof is made of it.
    pub processing: Option<Processing>,
    /// Why it failed, for people.
    pub processing_error: Option<String>,
    /// Pages known so far.
    pub pages: u32,
}

/// A file among those that a combined one is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilePart {
    /// The file.
    pub file: File,
    /// Its name in the combined one.
    pub name: String,
}

/// A page of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// Number, from 1.
    pub number: u32,
    /// The file that is rendered: the one the page belongs to, or a part of it when it is combined.
    pub file: FileId,
    /// The page of that file, from 1.
    pub file_page: u32,
    /// CSS pixels at 100 %: 96 to the inch for vector pages, native pixels for images.
    pub width: f64,
    /// See [`Page::width`].
    pub height: f64,
    /// Sharp at any zoom.
    pub vector: bool,
    /// Width and height in millimetres, where the file says so.
    pub physical_mm: Option<(f64, f64)>,
    /// Page label of the document, such as `iv`.
    pub label: Option<String>,
    /// How long all frames take that a browser plays, in milliseconds; none for what stands still.
    pub animation_ms: Option<u32>,
    /// Thumbnail and text are there.
    pub ready: bool,
    /// Why this page alone could not be rendered, for people.
    pub error: Option<String>,
}

/// What is known of a file that plays: video, or sound alone. It has one page, which stands for it in lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recording {
    /// Frames per second; [`Rate::SOUND`] for sound alone.
    pub rate: Rate,
    /// How frames are called.
    pub timecode: Timecode,
    /// How many there are.
    pub frames: u64,
    /// When the first one is seen in what browsers play, in microseconds from its beginning.
    pub starts: u64,
    /// There is something to see.
    pub picture: bool,
    /// There is something to hear.
    pub sound: bool,
    /// Media type of what browsers play.
    pub mime: String,
}

impl Recording {
    /// A frame of it, or those from one to another; none if they are not in there.
    pub fn moment(&self, from: u64, to: Option<u64>) -> Option<Moment> {
        Moment::of(self.rate, self.timecode, self.frames, from, to)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A proof about which nothing is special.
    pub(crate) fn proof() -> Proof {
        Proof {
            id: ProofId(1),
            account: AccountId(1),
            set: SetId(1),
            version: 1,
            versions: 1,
            submitted: false,
            parent: None,
            file: FileId(1),
            name: String::new(),
            source_name: String::new(),
            size: 1,
            pages: 1,
            processing: Processing::Ready,
            processing_error: None,
            work: None,
            cancelled: false,
            creator: UserId(1),
            creator_name: String::new(),
            owner: UserId(1),
            owner_name: String::new(),
            subject: String::new(),
            message: String::new(),
            deadline: None,
            workspace: None,
            workspace_name: None,
            state: ProofState::Active,
            settings: Settings::default(),
            decision: None,
            decisions_made: 0,
            decisions_required: 0,
            comments: 0,
            primary_decision_maker: None,
            team_code: String::new(),
            created_at: Timestamp::UNIX_EPOCH,
            trashed_at: None,
            archived_at: None,
            counter: 1,
            automated: true,
            template: None,
            private_stages: true,
            late_from: None,
            decision_changed_at: None,
            kind: ProofKind::Proof,
            batch: None,
            owner_email: String::new(),
        }
    }
}
