//! Identifiers. All are positive integers given out by the database; on the SOAP wire they are
//! `xsd:int`, so they stay below 2^31.

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

ids! {
    /// A tenant (called organisation on the wire).
    AccountId,
    /// A login.
    UserId,
    /// A person known to an account: a user, or a guest with an address only.
    PersonId,
    /// One version of a proof. Every version is a proof of its own (`file_id` on the wire).
    ProofId,
    /// The chain of versions a proof belongs to.
    SetId,
    /// An uploaded original.
    FileId,
    /// A search for the sub-pages of a web page.
    PageSearchId,
    /// Proofs that are made together and announced together.
    BatchId,
    /// A stage of one version of a proof.
    StageId,
    /// A workflow template.
    TemplateId,
    /// A stage of a workflow template.
    TemplateStageId,
    /// A person on a stage of a workflow template.
    TemplatePersonId,
    /// A person on one version of a proof (recipient on the wire).
    ReviewerId,
    /// A comment thread.
    CommentId,
    /// A reply to a comment.
    ReplyId,
    /// A folder (workspace on the wire).
    WorkspaceId,
    /// A label for proofs.
    TagId,
    /// A group of people.
    GroupId,
    /// A person in a group.
    GroupMemberId,
    /// A label for comments.
    ActionId,
    /// A reason to give with a decision.
    ReasonId,
    /// A summary of a proof as a file.
    SummaryId,
    /// An entry of the event log.
    EventId,
}
