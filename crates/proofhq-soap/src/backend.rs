//! The use cases behind the contract, and how their values look on the wire.

use std::sync::Arc;

use galley_model::{
    AccountId, Alert, BatchId, CommentId, Decision, Overall, Proof, ProofId, Reviewer, ReviewerId, Role,
    StageId, Timestamp, UserId, WorkspaceId, format_long, format_minutes, parse_deadline,
};
use galley_service::{Missing, Service, ServiceError, UserCaller};
use soap::{ApiVersion, Fault};

use crate::dispatch::Backend;
use crate::faults;

/// The use cases of a server.
#[derive(Clone)]
pub struct ServiceBackend {
    /// The use cases.
    pub service: Service,
    /// The version that is called; none is not known, which counts as the newest.
    pub version: Option<ApiVersion>,
}

impl Backend for ServiceBackend {
    type Caller = Arc<UserCaller>;

    fn caller(&self, session_id: &str) -> Result<Arc<UserCaller>, Fault> {
        self.service.session(session_id).map_err(faults::of)
    }

    fn called_at(&self, version: ApiVersion) -> Option<ServiceBackend> {
        Some(ServiceBackend { version: Some(version), ..self.clone() })
    }

    fn known_caller(&self, session_id: &str) -> Option<Arc<UserCaller>> {
        self.service.cached_session(session_id)
    }
}

impl ServiceBackend {
    /// The use cases, whichever version is called.
    pub fn new(service: Service) -> ServiceBackend {
        ServiceBackend { service, version: None }
    }

    /// Whether the version that is called has what came with this one.
    pub(crate) fn has(&self, since: ApiVersion) -> bool {
        self.version.is_none_or(|version| since <= version)
    }

    /// Address of the viewer behind a personal or team code.
    pub(crate) fn viewer(&self, code: &str) -> String {
        self.service.proof_url(code)
    }

    /// Address of the original behind a personal or team code.
    pub(crate) fn download(&self, code: &str) -> String {
        format!("{}/file/download?code={code}", self.service.config().public_url)
    }

    /// Address that opens the viewer as a reviewer, once.
    pub(crate) fn one_time(&self, code: &str) -> String {
        format!("{}/proof/once/{code}", self.service.config().public_url)
    }

    /// Address of a picture of the first page for whoever holds the code.
    pub(crate) fn thumbnail(&self, code: &str) -> String {
        format!("{}/api/v1/links/{code}/pages/1/thumbnail", self.service.config().public_url)
    }

    /// Address of a comment for whoever holds the code.
    pub(crate) fn comment(&self, code: &str, id: CommentId) -> String {
        format!("{}#comment-{id}", self.viewer(code))
    }

    /// The caller's own code on a proof, else the team's.
    pub(crate) fn code(&self, caller: &UserCaller, proof: &Proof) -> Result<String, Fault> {
        let reviewers = self.service.reviewers(caller, proof.id).map_err(faults::of)?;
        let own = reviewers.into_iter().find(|reviewer| reviewer.person == caller.person());
        Ok(own.and_then(|reviewer| reviewer.code).unwrap_or_else(|| proof.team_code.clone()))
    }
}

/// A time in the caller's zone, or nothing.
pub(crate) fn minutes(at: Option<Timestamp>, caller: &UserCaller) -> String {
    at.map(|at| format_minutes(at, &caller.zone)).unwrap_or_default()
}

/// A time as stages carry it, in the caller's zone, or nothing.
pub(crate) fn long_date(at: Option<Timestamp>, caller: &UserCaller) -> String {
    at.map(|at| format_long(at, &caller.zone)).unwrap_or_default()
}

/// A decision on the scale of workflows; none for people who do not decide. That scale knows no
/// approval with changes, and approved is what it is.
pub(crate) fn wf_decision(reviewer: &Reviewer) -> Option<i64> {
    let code = match reviewer.decision {
        Decision::Pending => 0,
        Decision::ChangesRequired => 2,
        Decision::Approved | Decision::ApprovedWithChanges => 3,
        Decision::NotRelevant => 4,
    };
    reviewer.role.decides().then_some(code)
}

/// A decision as proofs carry it. Where nobody decides yet it is pending, as in every documented answer:
/// clients of old poll for that word.
pub(crate) fn decision(overall: Overall) -> String {
    overall.unwrap_or(Decision::Pending).wire().to_owned()
}

/// The number of an alert level; without one everybody's own default applies, which is a level too.
pub(crate) fn alert_code(alert: Option<Alert>) -> String {
    alert.unwrap_or(Alert::OwnDefault).code().to_string()
}

/// The number of a role, or nothing.
pub(crate) fn role_code(role: Option<Role>) -> String {
    role.map(|role| role.code().to_string()).unwrap_or_default()
}

/// Text of a part that was sent with something in it. Clients send empty elements for what they have
/// no value for.
pub(crate) fn given(text: &Option<String>) -> Option<&str> {
    text.as_deref().map(str::trim).filter(|text| !text.is_empty())
}

/// The id of a proof in a text. What is no number names no proof.
pub(crate) fn proof_id(text: &str) -> Result<ProofId, Fault> {
    let missing = || faults::of(ServiceError::NotFound(Missing::Proof));
    text.trim().parse().map(ProofId).map_err(|_| missing())
}

/// The id of a reviewer in a text.
pub(crate) fn reviewer_id(text: &str) -> Result<ReviewerId, Fault> {
    text.trim().parse().map(ReviewerId).map_err(|_| faults::invalid_recipient())
}

/// The id of a stage in a text.
pub(crate) fn stage_id(text: &str) -> Result<StageId, Fault> {
    text.trim().parse().map(StageId).map_err(|_| faults::invalid_stage())
}

/// The id of a user; 0 and nothing mean nobody in particular.
pub(crate) fn user_id(id: Option<i64>) -> Option<UserId> {
    id.filter(|id| *id != 0).map(UserId)
}

/// The id of an account; 0 and nothing mean the caller's own.
pub(crate) fn account_id(id: Option<i64>) -> Option<AccountId> {
    id.filter(|id| *id != 0).map(AccountId)
}

/// The id of a workspace; 0, -1 and nothing mean none.
pub(crate) fn workspace_id(id: Option<i64>) -> Option<WorkspaceId> {
    id.filter(|id| !matches!(id, 0 | -1)).map(WorkspaceId)
}

/// The id of a batch; 0 and nothing mean none.
pub(crate) fn batch_id(id: Option<i64>) -> Option<BatchId> {
    id.filter(|id| *id != 0).map(BatchId)
}

/// A role by number or label.
pub(crate) fn role(part: &'static str, text: &Option<String>) -> Result<Option<Role>, Fault> {
    parsed(part, text, Role::parse)
}

/// An alert level by number or label.
pub(crate) fn alert(part: &'static str, text: &Option<String>) -> Result<Option<Alert>, Fault> {
    parsed(part, text, Alert::parse)
}

/// `true` or `false` in a part that is declared as text.
pub(crate) fn boolean(part: &'static str, text: &Option<String>) -> Result<Option<bool>, Fault> {
    parsed(part, text, |text| match text.to_ascii_lowercase().as_str() {
        "true" | "t" | "yes" | "1" => Some(true),
        "false" | "f" | "no" | "0" => Some(false),
        _ => None,
    })
}

/// A deadline in the caller's zone.
pub(crate) fn deadline(
    part: &'static str,
    text: &Option<String>,
    caller: &UserCaller,
) -> Result<Option<Timestamp>, Fault> {
    let Some(text) = given(text) else { return Ok(None) };
    parse_deadline(text, &caller.zone).map_err(|_| faults::invalid_value(part, text))
}

/// A value of a part, where there is one.
pub(crate) fn parsed<T>(
    part: &'static str,
    text: &Option<String>,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Result<Option<T>, Fault> {
    let Some(text) = given(text) else { return Ok(None) };
    parse(text).map(Some).ok_or_else(|| faults::invalid_value(part, text))
}
