//! What comes in as JSON.

use crate::web_pages::SourceIn;
use galley_model::{
    Alert, Decision, Markup, PickedReason, ProofFlags, ReasonId, Role, Screen, Timestamp, UserId, WorkspaceId,
};
use galley_service::{ReviewerEdit, ReviewerInput, SettingsEdit};
use serde::{Deserialize, Deserializer};

/// Tells a field that is null from one that is absent.
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(deserializer).map(Some)
}

#[derive(Deserialize)]
pub(crate) struct Login {
    pub email: String,
    pub password: String,
}

#[derive(Deserialize)]
pub(crate) struct Forgotten {
    pub email: String,
}

#[derive(Deserialize)]
pub(crate) struct ChosenPassword {
    pub password: String,
}

#[derive(Deserialize)]
pub(crate) struct NewPassword {
    pub email: String,
    pub password: String,
    pub new_password: String,
}

#[derive(Deserialize, Default)]
pub(crate) struct SettingsIn {
    auto_lock: Option<bool>,
    one_decision: Option<bool>,
    enable_download: Option<bool>,
    enable_team_url: Option<bool>,
    authorized_only: Option<bool>,
}

impl SettingsIn {
    pub(crate) fn flags(&self) -> Vec<(ProofFlags, Option<bool>)> {
        vec![
            (ProofFlags::AUTO_LOCK, self.auto_lock),
            (ProofFlags::ONE_DECISION, self.one_decision),
            (ProofFlags::DOWNLOAD, self.enable_download),
            (ProofFlags::TEAM_URL, self.enable_team_url),
            (ProofFlags::AUTHORIZED_ONLY, self.authorized_only),
        ]
    }

    pub(crate) fn edit(&self) -> SettingsEdit {
        SettingsEdit { flags: self.flags(), ..SettingsEdit::default() }
    }
}

/// What a proof is made of is an upload, or one or several sources.
#[derive(Deserialize)]
pub(crate) struct NewProofIn {
    pub upload_id: Option<String>,
    #[serde(default)]
    pub sources: Vec<SourceIn>,
    /// A site to frame, in place of an upload.
    pub interactive_url: Option<String>,
    pub name: Option<String>,
    #[serde(default)]
    pub subject: String,
    #[serde(default)]
    pub message: String,
    pub deadline: Option<Timestamp>,
    pub workspace_id: Option<WorkspaceId>,
    pub default_role: Option<Role>,
    #[serde(default)]
    pub settings: SettingsIn,
    pub reviewers: Option<Vec<NewReviewerIn>>,
}

#[derive(Deserialize)]
pub(crate) struct NewReviewerIn {
    pub email: String,
    pub name: Option<String>,
    pub role: Option<Role>,
    pub alert: Option<Alert>,
    pub deadline: Option<Timestamp>,
    pub position: Option<String>,
    pub primary_decision_maker: Option<bool>,
}

impl From<NewReviewerIn> for ReviewerInput {
    fn from(from: NewReviewerIn) -> Self {
        ReviewerInput {
            email: from.email,
            name: from.name,
            role: from.role,
            alert: from.alert,
            deadline: from.deadline,
            position: from.position,
            primary: from.primary_decision_maker,
            notify: true,
            ..ReviewerInput::default()
        }
    }
}

#[derive(Deserialize)]
pub(crate) struct ProofEditIn {
    pub name: Option<String>,
    pub subject: Option<String>,
    pub message: Option<String>,
    #[serde(default, deserialize_with = "present")]
    pub deadline: Option<Option<Timestamp>>,
    #[serde(default, deserialize_with = "present")]
    pub workspace_id: Option<Option<WorkspaceId>>,
    pub owner_id: Option<UserId>,
    #[serde(default)]
    pub settings: SettingsIn,
}

#[derive(Deserialize)]
pub(crate) struct ReviewerEditIn {
    name: Option<String>,
    role: Option<Role>,
    alert: Option<Alert>,
    #[serde(default, deserialize_with = "present")]
    deadline: Option<Option<Timestamp>>,
    position: Option<String>,
    primary_decision_maker: Option<bool>,
    decision: Option<Decision>,
}

impl From<ReviewerEditIn> for ReviewerEdit {
    fn from(from: ReviewerEditIn) -> Self {
        ReviewerEdit {
            name: from.name,
            position: from.position,
            role: from.role,
            alert: from.alert,
            deadline: from.deadline,
            primary: from.primary_decision_maker,
            decision: from.decision,
            ..ReviewerEdit::default()
        }
    }
}

#[derive(Deserialize)]
pub(crate) struct CommentIn {
    pub client_id: Option<String>,
    #[serde(default)]
    pub text: String,
    pub page: Option<u32>,
    pub time: Option<TimeIn>,
    pub screen: Option<Screen>,
    #[serde(default)]
    pub markups: Vec<Markup>,
}

/// Frames of a video from 0, or milliseconds of sound.
#[derive(Deserialize)]
pub(crate) struct TimeIn {
    pub from: u64,
    pub to: Option<u64>,
}

#[derive(Deserialize)]
pub(crate) struct CommentEditIn {
    pub text: String,
}

#[derive(Deserialize)]
pub(crate) struct ReplyIn {
    pub client_id: Option<String>,
    pub text: String,
}

#[derive(Deserialize)]
pub(crate) struct DecisionIn {
    pub decision: Decision,
    #[serde(default)]
    pub reasons: Vec<ReasonIn>,
}

#[derive(Deserialize)]
pub(crate) struct ReasonIn {
    id: ReasonId,
    #[serde(default)]
    text: String,
}

impl From<ReasonIn> for PickedReason {
    fn from(from: ReasonIn) -> Self {
        PickedReason { id: from.id, text: from.text }
    }
}

#[derive(Deserialize)]
pub(crate) struct NewWorkspaceIn {
    pub name: String,
    pub parent_id: Option<WorkspaceId>,
    #[serde(default)]
    pub description: String,
    #[serde(default)]
    pub private: bool,
}
