//! Decisions as accounts offer them, and reasons.

use crate::backend::ServiceBackend;
use crate::dispatch::Handler;
use crate::faults;
use galley_model::{AccountId, Decision, DecisionReason, DecisionSetup, DecisionSetupEdit};
use galley_service::UserCaller;
use soap::{Fault, SoapObject, SoapRequest};
use std::sync::Arc;

/// Lists the decisions of an account.
#[derive(SoapRequest)]
#[soap(operation = "getDecisions", answer = Vec<DecisionObject>, section = "Decisions", since = "12.7")]
pub struct GetDecisions {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// Account whose decisions are asked for; the caller's own when empty.
    #[soap(name = "AccountID")]
    pub account_id: Option<i64>,
}

/// Changes how an account offers a decision; what is absent or empty stays. For administrators.
#[derive(SoapRequest)]
#[soap(operation = "updateDecision", answer = DecisionObject, section = "Decisions", since = "12.7")]
pub struct UpdateDecision {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The decision: 0 to 4.
    #[soap(name = "DecisionId", required)]
    pub decision_id: i64,
    /// Name that people read. Answers of this API keep the usual words, which programs compare.
    #[soap(name = "Name")]
    pub name: Option<String>,
    /// Whether people can choose it.
    #[soap(name = "Status")]
    pub status: Option<bool>,
    /// Whether people who choose it are asked for reasons.
    #[soap(name = "Reason")]
    pub reason: Option<bool>,
    /// Whether people who chose it are shown the account's message.
    #[soap(name = "PostMessage")]
    pub post_message: Option<bool>,
    /// Account whose decision it is; the caller's own when empty.
    #[soap(name = "AccountID")]
    pub account_id: Option<i64>,
}

/// Adds a reason that people can give with a decision. For administrators.
#[derive(SoapRequest)]
#[soap(operation = "createDecisionReason", answer = bool, section = "Decisions", since = "12.7")]
pub struct CreateDecisionReason {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// Name of the reason.
    #[soap(name = "Name", required)]
    pub name: String,
    /// Whether it comes with a box for a text.
    #[soap(name = "Text")]
    pub text: Option<bool>,
    /// Account to add it to; the caller's own when empty.
    #[soap(name = "AccountID")]
    pub account_id: Option<i64>,
}

/// Lists the reasons that people of an account can give with a decision.
#[derive(SoapRequest)]
#[soap(operation = "getDecisionReasons", answer = Vec<DecisionReasonObject>, section = "Decisions", since = "12.7")]
pub struct GetDecisionReasons {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// Account whose reasons are asked for; the caller's own when empty.
    #[soap(name = "AccountID")]
    pub account_id: Option<i64>,
}

/// A decision as an account offers it.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPDecisionObject", array = "SOAPDecisionObjectArray", since = "16.24")]
pub struct DecisionObject {
    /// Its number.
    pub id: i64,
    /// Name that people read.
    pub name: String,
    /// Whether people can choose it.
    pub status: bool,
    /// Whether people who choose it are asked for reasons.
    pub reason: bool,
    /// Whether people who chose it are shown the account's message.
    pub post_message: bool,
}

/// A reason that people can give with a decision.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPDecisionReasonObject", array = "SOAPDecisionReasonObjectArray", since = "16.24")]
pub struct DecisionReasonObject {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Whether it comes with a box for a text.
    pub text: bool,
}

impl From<DecisionSetup> for DecisionObject {
    fn from(setup: DecisionSetup) -> DecisionObject {
        DecisionObject {
            id: setup.decision.code(),
            name: setup.label,
            status: setup.offered,
            reason: setup.reasons,
            post_message: setup.post_message,
        }
    }
}

impl From<DecisionReason> for DecisionReasonObject {
    fn from(reason: DecisionReason) -> DecisionReasonObject {
        DecisionReasonObject { id: reason.id.0, name: reason.name, text: reason.text }
    }
}

/// An account that a call names; 0 and nothing mean the caller's.
pub(crate) fn account(id: Option<i64>) -> Option<AccountId> {
    id.filter(|id| *id != 0).map(AccountId)
}

impl Handler<ServiceBackend> for GetDecisions {
    fn handle(
        self,
        backend: &ServiceBackend,
        caller: &Arc<UserCaller>,
    ) -> Result<Vec<DecisionObject>, Fault> {
        let setups = backend.service.decision_setups(caller, account(self.account_id)).map_err(faults::of)?;
        Ok(setups.into_iter().map(Into::into).collect())
    }
}

impl Handler<ServiceBackend> for UpdateDecision {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<DecisionObject, Fault> {
        let decision = Decision::from_code(self.decision_id)
            .ok_or_else(|| faults::invalid_value("DecisionId", &self.decision_id.to_string()))?;
        let edit = DecisionSetupEdit {
            label: self.name.filter(|name| !name.trim().is_empty()),
            offered: self.status,
            reasons: self.reason,
            post_message: self.post_message,
        };
        let account = account(self.account_id);
        let setup =
            backend.service.update_decision_setup(caller, account, decision, &edit).map_err(faults::of)?;
        Ok(setup.into())
    }
}

impl Handler<ServiceBackend> for CreateDecisionReason {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<bool, Fault> {
        let (account, text) = (account(self.account_id), self.text.unwrap_or(false));
        backend.service.create_decision_reason(caller, account, &self.name, text).map_err(faults::of)?;
        Ok(true)
    }
}

impl Handler<ServiceBackend> for GetDecisionReasons {
    fn handle(
        self,
        backend: &ServiceBackend,
        caller: &Arc<UserCaller>,
    ) -> Result<Vec<DecisionReasonObject>, Fault> {
        let reasons =
            backend.service.decision_reasons(caller, account(self.account_id)).map_err(faults::of)?;
        Ok(reasons.into_iter().map(Into::into).collect())
    }
}
