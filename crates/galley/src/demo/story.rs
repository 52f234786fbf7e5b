//! The demo story as it stands in `demo/demo.json` (its schema is in `demo/README.md`).

use galley_model::{Alert, Decision, Markup, Profile, ProofState, Role};
use serde::Deserialize;

/// The story, part of the binary.
const STORY: &str = include_str!("../../../../demo/demo.json");

#[derive(Deserialize)]
pub(crate) struct Story {
    pub account: Account,
    pub password: String,
    pub api_tokens: Vec<ApiToken>,
    pub users: Vec<User>,
    pub guests: Vec<Guest>,
    pub workspaces: Vec<Workspace>,
    pub proofs: Vec<Proof>,
}

#[derive(Deserialize)]
pub(crate) struct Account {
    pub name: String,
    pub time_zone: String,
}

#[derive(Deserialize)]
pub(crate) struct ApiToken {
    pub email: String,
    pub token: String,
}

#[derive(Deserialize)]
pub(crate) struct User {
    pub email: String,
    pub first_name: String,
    pub last_name: String,
    pub profile: Profile,
    pub login_label: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Guest {
    pub email: String,
    pub name: String,
}

#[derive(Deserialize)]
pub(crate) struct Workspace {
    pub key: String,
    pub name: String,
    pub parent: Option<String>,
    pub owner: String,
    pub private: bool,
    pub description: String,
}

#[derive(Deserialize)]
pub(crate) struct Proof {
    pub name: String,
    pub workspace: String,
    pub owner: String,
    pub settings: Settings,
    pub versions: Vec<Version>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Settings {
    pub auto_lock: bool,
    pub one_decision: bool,
    pub enable_download: bool,
    pub enable_team_url: bool,
}

#[derive(Deserialize)]
pub(crate) struct Version {
    pub file: String,
    pub uploaded_hours_ago: f64,
    pub deadline_days: Option<f64>,
    pub state: ProofState,
    pub subject: String,
    pub message: String,
    pub reviewers: Vec<Reviewer>,
    pub comments: Vec<Comment>,
}

#[derive(Deserialize)]
pub(crate) struct Reviewer {
    pub email: String,
    pub role: Role,
    pub alert: Alert,
    pub decision: Decision,
    pub opened_hours_ago: Option<f64>,
    pub decided_hours_ago: Option<f64>,
    pub position: Option<String>,
    pub primary_decision_maker: Option<bool>,
}

#[derive(Deserialize)]
pub(crate) struct Comment {
    pub author: String,
    pub hours_ago: f64,
    pub page: u32,
    pub text: String,
    pub resolved_by: Option<String>,
    pub markups: Vec<Markup>,
    pub replies: Vec<Reply>,
}

#[derive(Deserialize)]
pub(crate) struct Reply {
    pub author: String,
    pub hours_ago: f64,
    pub text: String,
}

impl Story {
    pub(crate) fn read() -> Result<Story, String> {
        serde_json::from_str(STORY).map_err(|error| format!("demo/demo.json: {error}"))
    }
}
