//! What happened. Use cases write one event with each change, in the same transaction; everything
//! that tells somebody something reads them.

use crate::{
    AccountId, ActionId, BatchId, CallbackType, CommentId, CustomChange, Decision, EventId, GroupId, Overall,
    PersonId, Profile, ProofId, ReplyId, ReviewerId, Role, ShareRole, StageId, SummaryId, SummaryKind, TagId,
    TemplateId, Timestamp, UserId, WorkspaceId,
};
use serde::{Deserialize, Serialize};

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// Their login, if they used one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub user: Option<UserId>,
    /// The person, if known.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub person: Option<PersonId>,
    /// Their place on the proof, if they have one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reviewer: Option<ReviewerId>,
    /// Name at that time; the server itself is `Galley`.
    pub name: String,
}

impl Actor {
    /// The server itself, for what no person did.
    pub fn system() -> Actor {
        Actor { user: None, person: None, reviewer: None, name: "Galley".to_owned() }
    }
}

/// What an account calls a decision, where that is not the usual name.
type Label = Option<String>;

/// What happened, with the facts a reader needs even after the thing is gone.
///
/// Who is to be told of a proof: somebody put on a stage that runs has `notify` in
/// [`EventKind::ReviewerAdded`]. Somebody put on a stage that has not started has `notify: false` there
/// whatever the caller wished; when the stage starts, [`EventKind::StageStarted`] names in `notify` all
/// who wait for word. The two together tell everybody once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names of the variants and fields are the documentation")]
pub enum EventKind {
    SessionOpened { user: UserId },
    LoginFailed { email: String },
    UserCreated { user: UserId, email: String, name: String, profile: Profile, notify: bool },
    UserUpdated { user: UserId, email: String },
    UserProfileChanged { user: UserId, email: String, profile: Profile },
    UserActivated { user: UserId, email: String },
    UserDeactivated { user: UserId, email: String },
    UserDeleted { user: UserId, email: String, heir: UserId },
    UserPasswordChanged { user: UserId, email: String },
    UserPasswordForgotten { user: UserId, email: String },
    UserEmailChanged { user: UserId, old: String, email: String, notify: bool },
    ContactAdded { person: PersonId, email: String },
    ContactEmailChanged { person: PersonId, old: String, email: String },
    AccountCreated { name: String, hub: Option<AccountId> },
    AccountUpdated { name: String },
    AccountDomainSet { domain: String },
    PasswordRulesChanged,
    ViewerMessagesChanged,
    BrandingChanged,
    PlanChanged { plan: String },
    WorkspaceCreated { workspace: WorkspaceId, name: String },
    WorkspaceUpdated { workspace: WorkspaceId, name: String },
    WorkspaceMoved { workspace: WorkspaceId, name: String, parent: Option<WorkspaceId> },
    WorkspaceShared { workspace: WorkspaceId, name: String, user: UserId, role: ShareRole },
    WorkspaceTrashed { workspace: WorkspaceId, name: String },
    WorkspaceRestored { workspace: WorkspaceId, name: String },
    TagCreated { tag: TagId, name: String },
    TagRenamed { tag: TagId, from: String, to: String },
    TagDeleted { tag: TagId, name: String },
    TagsAdded { names: Vec<String> },
    TagsRemoved { names: Vec<String> },
    ProofCreated { name: String, version: i64 },
    BatchStarted { batch: BatchId },
    BatchFinished { batch: BatchId, proofs: Vec<ProofId>, invited: Vec<ReviewerId> },
    FileShared { name: String },
    DropzoneChanged { enabled: bool },
    ProofSubmitted { name: String, submitter: ReviewerId, email: String, tell: Vec<String> },
    ProofActivated { invited: Vec<ReviewerId> },
    CustomDataChanged { changes: Vec<CustomChange> },
    ProofUpdated { name: String },
    DeadlineChanged { deadline: Option<Timestamp> },
    OwnerChanged { owner: String },
    ProofLocked { automatic: bool },
    ProofUnlocked,
    ProofTrashed,
    ProofRestored,
    ProofDeleted { name: String },
    ProofArchived { automatic: bool },
    ProofUnarchived,
    ProofProcessing { pages: u32 },
    PageReady { page: u32 },
    PageFailed { page: u32, reason: String },
    ProofProcessed { pages: u32 },
    ProofFailed { reason: String },
    ProcessingCancelled,
    ProcessingRetried,
    ProofOpened { reviewer: ReviewerId },
    ProofDownloaded,
    ReviewerAdded { reviewer: ReviewerId, name: String, email: String, role: Role, notify: bool },
    ReviewerUpdated { reviewer: ReviewerId, name: String, role: Role },
    ReviewerRemoved { reviewer: ReviewerId, name: String, email: String },
    DecisionMade { reviewer: ReviewerId, name: String, decision: Decision, overall: Overall, label: Label },
    CommentAdded { comment: CommentId, number: i64, text: String },
    CommentEdited { comment: CommentId, number: i64, text: String },
    CommentDeleted { comment: CommentId, number: i64 },
    CommentResolved { comment: CommentId, number: i64 },
    CommentReopened { comment: CommentId, number: i64 },
    ReplyAdded { comment: CommentId, number: i64, reply: ReplyId, text: String },
    ReplyDeleted { comment: CommentId, number: i64, reply: ReplyId },
    DecisionSetupChanged { decision: Decision, label: String },
    DecisionReasonCreated { name: String },
    ActionCreated { action: ActionId, name: String },
    CommentActionSet { comment: CommentId, number: i64, action: Option<String> },
    TemplateCreated { template: TemplateId, name: String },
    TemplateUpdated { template: TemplateId, name: String },
    TemplateDeleted { template: TemplateId, name: String },
    GroupCreated { group: GroupId, name: String },
    GroupUpdated { group: GroupId, name: String },
    GroupDeleted { group: GroupId, name: String },
    GroupMemberAdded { group: GroupId, name: String, email: String },
    GroupMemberUpdated { group: GroupId, name: String, email: String },
    GroupMemberRemoved { group: GroupId, name: String, email: String },
    CallbackSet { callback: CallbackType, host: String },
    CallbackRemoved { callback: CallbackType },
    StageAdded { stage: StageId, name: String },
    StageUpdated { stage: StageId, name: String },
    StageStarted { stage: StageId, name: String, notify: Vec<ReviewerId> },
    StageLocked { stage: StageId, name: String, automatic: bool },
    StageUnlocked { stage: StageId, name: String },
    ReviewerMessaged { reviewer: ReviewerId, name: String, subject: String, body: String },
    SummaryRequested { summary: SummaryId, format: SummaryKind, all_versions: bool },
    SummaryFinished { summary: SummaryId, format: SummaryKind, made: bool },
}

impl EventKind {
    /// The `kind` tag of the serialised form.
    pub const fn name(&self) -> &'static str {
        match self {
            EventKind::SessionOpened { .. } => "session_opened",
            EventKind::LoginFailed { .. } => "login_failed",
            EventKind::UserCreated { .. } => "user_created",
            EventKind::UserUpdated { .. } => "user_updated",
            EventKind::UserProfileChanged { .. } => "user_profile_changed",
            EventKind::UserActivated { .. } => "user_activated",
            EventKind::UserDeactivated { .. } => "user_deactivated",
            EventKind::UserDeleted { .. } => "user_deleted",
            EventKind::UserPasswordChanged { .. } => "user_password_changed",
            EventKind::UserPasswordForgotten { .. } => "user_password_forgotten",
            EventKind::UserEmailChanged { .. } => "user_email_changed",
            EventKind::ContactAdded { .. } => "contact_added",
            EventKind::ContactEmailChanged { .. } => "contact_email_changed",
            EventKind::AccountCreated { .. } => "account_created",
            EventKind::AccountUpdated { .. } => "account_updated",
            EventKind::AccountDomainSet { .. } => "account_domain_set",
            EventKind::PasswordRulesChanged => "password_rules_changed",
            EventKind::ViewerMessagesChanged => "viewer_messages_changed",
            EventKind::BrandingChanged => "branding_changed",
            EventKind::PlanChanged { .. } => "plan_changed",
            EventKind::WorkspaceCreated { .. } => "workspace_created",
            EventKind::WorkspaceUpdated { .. } => "workspace_updated",
            EventKind::WorkspaceMoved { .. } => "workspace_moved",
            EventKind::WorkspaceShared { .. } => "workspace_shared",
            EventKind::WorkspaceTrashed { .. } => "workspace_trashed",
            EventKind::WorkspaceRestored { .. } => "workspace_restored",
            EventKind::TagCreated { .. } => "tag_created",
            EventKind::TagRenamed { .. } => "tag_renamed",
            EventKind::TagDeleted { .. } => "tag_deleted",
            EventKind::TagsAdded { .. } => "tags_added",
            EventKind::TagsRemoved { .. } => "tags_removed",
            EventKind::ProofCreated { .. } => "proof_created",
            EventKind::BatchStarted { .. } => "batch_started",
            EventKind::BatchFinished { .. } => "batch_finished",
            EventKind::FileShared { .. } => "file_shared",
            EventKind::DropzoneChanged { .. } => "dropzone_changed",
            EventKind::ProofSubmitted { .. } => "proof_submitted",
            EventKind::ProofActivated { .. } => "proof_activated",
            EventKind::CustomDataChanged { .. } => "custom_data_changed",
            EventKind::ProofUpdated { .. } => "proof_updated",
            EventKind::DeadlineChanged { .. } => "deadline_changed",
            EventKind::OwnerChanged { .. } => "owner_changed",
            EventKind::ProofLocked { .. } => "proof_locked",
            EventKind::ProofUnlocked => "proof_unlocked",
            EventKind::ProofTrashed => "proof_trashed",
            EventKind::ProofRestored => "proof_restored",
            EventKind::ProofDeleted { .. } => "proof_deleted",
            EventKind::ProofArchived { .. } => "proof_archived",
            EventKind::ProofUnarchived => "proof_unarchived",
            EventKind::ProofProcessing { .. } => "proof_processing",
            EventKind::PageReady { .. } => "page_ready",
            EventKind::PageFailed { .. } => "page_failed",
            EventKind::ProofProcessed { .. } => "proof_processed",
            EventKind::ProofFailed { .. } => "proof_failed",
            EventKind::ProcessingCancelled => "processing_cancelled",
            EventKind::ProcessingRetried => "processing_retried",
            EventKind::ProofOpened { .. } => "proof_opened",
            EventKind::ProofDownloaded => "proof_downloaded",
            EventKind::ReviewerAdded { .. } => "reviewer_added",
            EventKind::ReviewerUpdated { .. } => "reviewer_updated",
            EventKind::ReviewerRemoved { .. } => "reviewer_removed",
            EventKind::DecisionMade { .. } => "decision_made",
            EventKind::CommentAdded { .. } => "comment_added",
            EventKind::CommentEdited { .. } => "comment_edited",
            EventKind::CommentDeleted { .. } => "comment_deleted",
            EventKind::CommentResolved { .. } => "comment_resolved",
            EventKind::CommentReopened { .. } => "comment_reopened",
            EventKind::ReplyAdded { .. } => "reply_added",
            EventKind::ReplyDeleted { .. } => "reply_deleted",
            EventKind::DecisionSetupChanged { .. } => "decision_setup_changed",
            EventKind::DecisionReasonCreated { .. } => "decision_reason_created",
            EventKind::ActionCreated { .. } => "action_created",
            EventKind::CommentActionSet { .. } => "comment_action_set",
            EventKind::TemplateCreated { .. } => "template_created",
            EventKind::TemplateUpdated { .. } => "template_updated",
            EventKind::TemplateDeleted { .. } => "template_deleted",
            EventKind::GroupCreated { .. } => "group_created",
            EventKind::GroupUpdated { .. } => "group_updated",
            EventKind::GroupDeleted { .. } => "group_deleted",
            EventKind::GroupMemberAdded { .. } => "group_member_added",
            EventKind::GroupMemberUpdated { .. } => "group_member_updated",
            EventKind::GroupMemberRemoved { .. } => "group_member_removed",
            EventKind::CallbackSet { .. } => "callback_set",
            EventKind::CallbackRemoved { .. } => "callback_removed",
            EventKind::StageAdded { .. } => "stage_added",
            EventKind::StageUpdated { .. } => "stage_updated",
            EventKind::StageStarted { .. } => "stage_started",
            EventKind::StageLocked { .. } => "stage_locked",
            EventKind::StageUnlocked { .. } => "stage_unlocked",
            EventKind::ReviewerMessaged { .. } => "reviewer_messaged",
            EventKind::SummaryRequested { .. } => "summary_requested",
            EventKind::SummaryFinished { .. } => "summary_finished",
        }
    }

    /// Title and details for the activity list of a proof; none for what is only machinery.
    pub fn activity(&self) -> Option<(&'static str, String)> {
        Some(match self {
            EventKind::SessionOpened { .. }
            | EventKind::LoginFailed { .. }
            | EventKind::BatchStarted { .. }
            | EventKind::ProofProcessing { .. }
            | EventKind::PageReady { .. }
            | EventKind::SummaryFinished { made: true, .. } => return None,
            EventKind::UserCreated { name, email, profile, .. } => {
                ("User created", format!("{} ({})", display(name, email), profile.label()))
            }
            EventKind::UserUpdated { email, .. } => ("User changed", email.clone()),
            EventKind::UserProfileChanged { email, profile, .. } => {
                ("Profile changed", format!("{email}: {}", profile.label()))
            }
            EventKind::UserActivated { email, .. } => ("User activated", email.clone()),
            EventKind::UserDeactivated { email, .. } => ("User deactivated", email.clone()),
            EventKind::UserDeleted { email, .. } => ("User deleted", email.clone()),
            EventKind::UserPasswordChanged { email, .. } => ("Password changed", email.clone()),
            EventKind::UserPasswordForgotten { email, .. } => {
                ("Link to choose a password asked for", email.clone())
            }
            EventKind::UserEmailChanged { old, email, .. } => ("E-mail changed", format!("{old}: {email}")),
            EventKind::ContactAdded { email, .. } => ("Contact added", email.clone()),
            EventKind::ContactEmailChanged { old, email, .. } => {
                ("Contact e-mail changed", format!("{old}: {email}"))
            }
            EventKind::AccountCreated { name, .. } => ("Account created", name.clone()),
            EventKind::AccountUpdated { name } => ("Account changed", name.clone()),
            EventKind::AccountDomainSet { domain } => ("Domain set", domain.clone()),
            EventKind::PasswordRulesChanged => ("Password rules changed", String::new()),
            EventKind::ViewerMessagesChanged => ("Messages changed", String::new()),
            EventKind::BrandingChanged => ("Branding changed", String::new()),
            EventKind::PlanChanged { plan } => ("Plan changed", plan.clone()),
            EventKind::WorkspaceCreated { name, .. } => ("Folder created", name.clone()),
            EventKind::WorkspaceUpdated { name, .. } => ("Folder details changed", name.clone()),
            EventKind::WorkspaceMoved { name, .. } => ("Folder moved", name.clone()),
            EventKind::WorkspaceShared { name, .. } => ("Folder shared", name.clone()),
            EventKind::WorkspaceTrashed { name, .. } => ("Folder moved to trash", name.clone()),
            EventKind::WorkspaceRestored { name, .. } => ("Folder restored from trash", name.clone()),
            EventKind::TagCreated { name, .. } => ("Tag created", name.clone()),
            EventKind::TagRenamed { from, to, .. } => ("Tag renamed", format!("{from}: {to}")),
            EventKind::TagDeleted { name, .. } => ("Tag deleted", name.clone()),
            EventKind::TagsAdded { names } => ("Tags added", names.join(", ")),
            EventKind::TagsRemoved { names } => ("Tags removed", names.join(", ")),
            EventKind::ProofCreated { name, version: 1 } => ("Proof created", name.clone()),
            EventKind::ProofCreated { name, version } => {
                ("New version", format!("{name}, version {version}"))
            }
            EventKind::BatchFinished { proofs, .. } => match proofs.len() {
                1 => ("Batch finished", "1 proof".to_owned()),
                count => ("Batch finished", format!("{count} proofs")),
            },
            EventKind::FileShared { name } => ("File shared", name.clone()),
            EventKind::DropzoneChanged { enabled: true } => ("Dropzone changed", "open".to_owned()),
            EventKind::DropzoneChanged { enabled: false } => ("Dropzone changed", "closed".to_owned()),
            EventKind::ProofSubmitted { name, email, .. } => ("Handed in", format!("{name} by {email}")),
            EventKind::ProofActivated { .. } => ("Proof activated", String::new()),
            EventKind::CustomDataChanged { changes } => {
                let one = |change: &CustomChange| format!("{}: {}", change.field, change.after);
                let all = changes.iter().map(one).collect::<Vec<_>>().join("; ");
                ("Custom fields changed", all.chars().take(200).collect())
            }
            EventKind::ProofUpdated { name } => ("Proof details changed", name.clone()),
            EventKind::DeadlineChanged { deadline: Some(at) } => {
                ("Deadline changed", at.strftime("%Y-%m-%d %H:%M UTC").to_string())
            }
            EventKind::DeadlineChanged { deadline: None } => ("Deadline removed", String::new()),
            EventKind::OwnerChanged { owner } => ("Owner changed", owner.clone()),
            EventKind::ProofLocked { automatic: true } => ("Proof locked", "automatically".to_owned()),
            EventKind::ProofLocked { automatic: false } => ("Proof locked", String::new()),
            EventKind::ProofUnlocked => ("Proof unlocked", String::new()),
            EventKind::ProofTrashed => ("Moved to trash", String::new()),
            EventKind::ProofRestored => ("Restored from trash", String::new()),
            EventKind::ProofDeleted { name } => ("Deleted for good", name.clone()),
            EventKind::ProofArchived { automatic: true } => ("Proof archived", "automatically".to_owned()),
            EventKind::ProofArchived { automatic: false } => ("Proof archived", String::new()),
            EventKind::ProofUnarchived => ("Proof unarchived", String::new()),
            EventKind::PageFailed { page, reason } => {
                ("Page could not be rendered", format!("page {page}: {reason}"))
            }
            EventKind::ProofProcessed { pages: 1 } => ("Proof ready", "1 page".to_owned()),
            EventKind::ProofProcessed { pages } => ("Proof ready", format!("{pages} pages")),
            EventKind::ProofFailed { reason } => ("Proof failed", reason.clone()),
            EventKind::ProcessingCancelled => ("Processing cancelled", String::new()),
            EventKind::ProcessingRetried => ("Processing started again", String::new()),
            EventKind::ProofOpened { .. } => ("Proof opened", String::new()),
            EventKind::ProofDownloaded => ("Original downloaded", String::new()),
            EventKind::ReviewerAdded { name, email, role, .. } => {
                ("Reviewer added", format!("{} ({})", display(name, email), role.label()))
            }
            EventKind::ReviewerUpdated { name, role, .. } => {
                ("Reviewer changed", format!("{name} ({})", role.label()))
            }
            EventKind::ReviewerRemoved { name, email, .. } => ("Reviewer removed", display(name, email)),
            EventKind::DecisionMade { name, decision: Decision::Pending, .. } => {
                ("Decision removed", name.clone())
            }
            // The usual name says what an account's own one means.
            EventKind::DecisionMade { name, decision, label: Some(label), .. } => {
                ("Decision made", format!("{name}: {label} ({})", decision.label()))
            }
            EventKind::DecisionMade { name, decision, .. } => {
                ("Decision made", format!("{name}: {}", decision.label()))
            }
            EventKind::CommentAdded { number, text, .. } => ("Comment added", excerpt(*number, text)),
            EventKind::CommentEdited { number, text, .. } => ("Comment edited", excerpt(*number, text)),
            EventKind::CommentDeleted { number, .. } => ("Comment deleted", format!("#{number}")),
            EventKind::CommentResolved { number, .. } => ("Comment resolved", format!("#{number}")),
            EventKind::CommentReopened { number, .. } => ("Comment reopened", format!("#{number}")),
            EventKind::ReplyAdded { number, text, .. } => ("Reply added", excerpt(*number, text)),
            EventKind::ReplyDeleted { number, .. } => ("Reply deleted", format!("#{number}")),
            EventKind::DecisionSetupChanged { decision, label } => {
                ("Decision settings changed", format!("{} ({label})", decision.label()))
            }
            EventKind::DecisionReasonCreated { name } => ("Decision reason added", name.clone()),
            EventKind::ActionCreated { name, .. } => ("Action added", name.clone()),
            EventKind::CommentActionSet { number, action: Some(action), .. } => {
                ("Action set", format!("#{number} {action}"))
            }
            EventKind::CommentActionSet { number, action: None, .. } => {
                ("Action removed", format!("#{number}"))
            }
            EventKind::TemplateCreated { name, .. } => ("Workflow template created", name.clone()),
            EventKind::TemplateUpdated { name, .. } => ("Workflow template changed", name.clone()),
            EventKind::TemplateDeleted { name, .. } => ("Workflow template deleted", name.clone()),
            EventKind::GroupCreated { name, .. } => ("Group created", name.clone()),
            EventKind::GroupUpdated { name, .. } => ("Group changed", name.clone()),
            EventKind::GroupDeleted { name, .. } => ("Group deleted", name.clone()),
            EventKind::GroupMemberAdded { name, email, .. } => {
                ("Added to group", format!("{email} ({name})"))
            }
            EventKind::GroupMemberUpdated { name, email, .. } => {
                ("Changed in group", format!("{email} ({name})"))
            }
            EventKind::GroupMemberRemoved { name, email, .. } => {
                ("Removed from group", format!("{email} ({name})"))
            }
            EventKind::CallbackSet { callback, host } => {
                ("Callback set", format!("{} to {host}", callback.name()))
            }
            EventKind::CallbackRemoved { callback } => ("Callback removed", callback.name().to_owned()),
            EventKind::StageAdded { name, .. } => ("Stage added", name.clone()),
            EventKind::StageUpdated { name, .. } => ("Stage changed", name.clone()),
            EventKind::StageStarted { name, .. } => ("Stage started", name.clone()),
            EventKind::StageLocked { name, automatic: true, .. } => {
                ("Stage locked", format!("{name}, automatically"))
            }
            EventKind::StageLocked { name, automatic: false, .. } => ("Stage locked", name.clone()),
            EventKind::StageUnlocked { name, .. } => ("Stage unlocked", name.clone()),
            EventKind::ReviewerMessaged { name, subject, .. } => {
                ("Message sent", format!("{name}: {subject}"))
            }
            EventKind::SummaryRequested { format, all_versions: true, .. } => {
                ("Summary requested", format!("{}, all versions", format.label()))
            }
            EventKind::SummaryRequested { format, .. } => ("Summary requested", format.label().to_owned()),
            EventKind::SummaryFinished { format, .. } => ("Summary failed", format.label().to_owned()),
        })
    }
}

fn display(name: &str, email: &str) -> String {
    if name.is_empty() || name == email { email.to_owned() } else { format!("{name} <{email}>") }
}

fn excerpt(number: i64, text: &str) -> String {
    let short: String = text.chars().take(200).collect();
    let dots = if short.len() < text.len() { "…" } else { "" };
    format!("#{number} {short}{dots}").trim_end().to_owned()
}

/// An entry of the log.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Grows with time; readers keep it as their cursor.
    pub id: EventId,
    /// Whose log it is in.
    pub account: AccountId,
    /// The proof it is about, if any.
    pub proof: Option<ProofId>,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// What.
    pub kind: EventKind,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tag_is_the_name() {
        let samples = [
            EventKind::ProofUnlocked,
            EventKind::ProofLocked { automatic: true },
            EventKind::CommentAdded { comment: CommentId(1), number: 1, text: "x".into() },
            EventKind::DecisionMade {
                reviewer: ReviewerId(1),
                name: "A".into(),
                decision: Decision::Approved,
                overall: None,
                label: Some("Print it".into()),
            },
        ];
        for kind in samples {
            let json = serde_json::to_value(&kind).expect("serialises");
            assert_eq!(json["kind"], kind.name());
            assert_eq!(serde_json::from_value::<EventKind>(json).expect("reads back"), kind);
        }
    }

    #[test]
    fn decisions_logged_before_they_had_labels_still_read() {
        let old = r#"{"kind":"decision_made","reviewer":1,"name":"A","decision":"approved","overall":null}"#;
        let kind: EventKind = serde_json::from_str(old).expect("reads");
        assert_eq!(kind.activity(), Some(("Decision made", "A: Approved".to_owned())));
    }

    #[test]
    fn long_comments_are_cut_in_the_activity_list() {
        let kind = EventKind::CommentAdded { comment: CommentId(1), number: 7, text: "é".repeat(500) };
        let (_, details) = kind.activity().expect("shown");
        assert_eq!(details.chars().count(), 3 + 200 + 1);
    }
}
