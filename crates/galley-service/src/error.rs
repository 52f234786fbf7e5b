//! How a use case says no.

use galley_model::{
    AdministrationError, DateError, MarkupError, NameError, PasswordError, RuleError, VersionError,
};
use galley_store::StoreError;
use thiserror::Error;

/// What was not found. What belongs to somebody else is not found either.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// A proof.
    Proof,
    /// A reviewer.
    Reviewer,
    /// A comment.
    Comment,
    /// A reply.
    Reply,
    /// A folder.
    Workspace,
    /// A user who could own something.
    Owner,
    /// An account.
    Account,
    /// A group of people.
    Group,
    /// Somebody in a group.
    GroupMember,
    /// A batch of proofs.
    Batch,
    /// A dropzone.
    Dropzone,
    /// A user.
    User,
    /// A guest contact.
    Contact,
    /// A plan.
    Plan,
    /// A label for comments.
    Action,
    /// An uploaded file.
    File,
    /// A page.
    Page,
    /// A personal or team URL.
    Link,
    /// A stage of a proof.
    Stage,
    /// A workflow template.
    Template,
    /// A tag.
    Tag,
    /// A standard list of proofs.
    View,
    /// A mail of the outbox.
    Mail,
    /// A logo.
    Logo,
    /// A summary of a proof.
    Summary,
    /// A search for the pages of a site.
    PageSearch,
}

impl Missing {
    /// The thing in words.
    pub const fn noun(self) -> &'static str {
        match self {
            Missing::Proof => "proof",
            Missing::Reviewer => "reviewer",
            Missing::Comment => "comment",
            Missing::Reply => "reply",
            Missing::Workspace => "folder",
            Missing::Owner => "owner",
            Missing::Account => "account",
            Missing::Group => "group",
            Missing::Action => "action",
            Missing::Template => "workflow template",
            Missing::GroupMember => "person in the group",
            Missing::Batch => "batch",
            Missing::Dropzone => "dropzone",
            Missing::User => "user",
            Missing::Contact => "guest contact",
            Missing::Plan => "plan",
            Missing::File => "uploaded file",
            Missing::Page => "page",
            Missing::Link => "link",
            Missing::Stage => "stage",
            Missing::Tag => "tag",
            Missing::View => "list view",
            Missing::Mail => "mail",
            Missing::Logo => "logo",
            Missing::Summary => "summary",
            Missing::PageSearch => "search",
        }
    }
}

/// Why a use case did nothing. Texts are sentences for the caller; they hold nothing internal.
#[derive(Debug, Error)]
pub enum ServiceError {
    /// No session, an unknown one, or one that ended.
    #[error("Please log in.")]
    NoSession,
    /// Address and password do not fit.
    #[error("The e-mail address or the password is not right.")]
    BadCredentials,
    /// Too many failed logins.
    #[error("This login is locked after too many failed attempts. Try again later.")]
    LoginLocked,
    /// The password is older than the account allows.
    #[error("This password has expired. Please choose another one.")]
    PasswordExpired,
    /// A login for the API alone was used on the web.
    #[error("This login works through the API only.")]
    ApiOnly,
    /// The caller sees it but may not do that.
    #[error("You do not have permission to do this.")]
    Forbidden,
    /// The caller may not do that, and the text says what it takes.
    #[error("{0}")]
    Denied(&'static str),
    /// It does not exist, or not for this caller.
    #[error("There is no such {}.", .0.noun())]
    NotFound(Missing),
    /// It is in the trash.
    #[error("This proof was moved to the trash.")]
    Gone,
    /// It is in the archive.
    #[error("This proof is archived. Unarchive it to open it.")]
    Archived,
    /// The proof is locked.
    #[error("This proof is locked. It can be read, but not changed.")]
    Locked,
    /// The stage somebody is on is locked.
    #[error("This stage is locked. It can be read, but not changed.")]
    StageLocked,
    /// The stage somebody is on has not started.
    #[error("This stage has not started yet.")]
    StageWaiting,
    /// A stage without people.
    #[error("The stage must contain at least one recipient.")]
    EmptyStage,
    /// A value cannot be used; the first text names it.
    #[error("{1}")]
    Invalid(&'static str, String),
    /// It does not fit what is there.
    #[error("{0}")]
    Conflict(String),
    /// An upload is larger than allowed.
    #[error("This file is larger than {} MB.", .0 / 1_000_000)]
    TooLarge(u64),
    /// An upload ended early or has no bytes.
    #[error("{0}")]
    Upload(&'static str),
    /// The disk is full.
    #[error("The server has no room left for this. Nothing was changed; please tell its administrator.")]
    StorageFull,
    /// Others are faster; worth another try.
    #[error("The server is busy. Please try again in a moment.")]
    Busy,
    /// Rendering failed; the text says why.
    #[error("{0}")]
    Media(String),
    /// A defect of the server. The cause is in its log.
    #[error("Something went wrong on the server. It was noted in its log.")]
    Internal,
}

impl ServiceError {
    /// Logs the cause and hides it from the caller.
    pub(crate) fn internal(cause: &dyn std::fmt::Display) -> ServiceError {
        tracing::error!(%cause, "internal error");
        ServiceError::Internal
    }
}

impl From<StoreError> for ServiceError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Full(cause) => {
                tracing::error!(%cause, "no room left");
                ServiceError::StorageFull
            }
            StoreError::Busy(cause) => {
                tracing::warn!(%cause, "database busy");
                ServiceError::Busy
            }
            other => ServiceError::internal(&other),
        }
    }
}

impl From<DateError> for ServiceError {
    fn from(error: DateError) -> Self {
        ServiceError::Invalid("deadline", format!("{error}."))
    }
}

impl From<VersionError> for ServiceError {
    fn from(error: VersionError) -> Self {
        ServiceError::Conflict(sentence(&error.to_string()))
    }
}

impl From<MarkupError> for ServiceError {
    fn from(error: MarkupError) -> Self {
        ServiceError::Invalid("markups", sentence(&error.to_string()))
    }
}

impl From<AdministrationError> for ServiceError {
    fn from(error: AdministrationError) -> Self {
        match error {
            AdministrationError::NotAdministrator => ServiceError::Forbidden,
            AdministrationError::BillingAdministrator => {
                ServiceError::Denied("only a billing administrator may do this with a billing administrator")
            }
            AdministrationError::LastAdministrator => ServiceError::Conflict(sentence(&error.to_string())),
        }
    }
}

impl From<PasswordError> for ServiceError {
    fn from(error: PasswordError) -> Self {
        ServiceError::Invalid("password", sentence(&error.to_string()))
    }
}

impl From<RuleError> for ServiceError {
    fn from(error: RuleError) -> Self {
        ServiceError::Invalid("password settings", sentence(&error.to_string()))
    }
}

/// A name that cannot be used, in the field that holds it.
pub(crate) fn bad_name(field: &'static str) -> impl Fn(NameError) -> ServiceError {
    move |error| ServiceError::Invalid(field, sentence(&error.to_string()))
}

pub(crate) fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", chars.as_str())
}
