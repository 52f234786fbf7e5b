//! Actions on comments.

use crate::backend::ServiceBackend;
use crate::decisions::account;
use crate::dispatch::Handler;
use crate::faults;
use galley_model::{Action, ActionId, CommentId};
use galley_service::UserCaller;
use soap::{Fault, SoapObject, SoapRequest};
use std::sync::Arc;

/// Lists the actions of an account, those that are switched off too.
#[derive(SoapRequest)]
#[soap(operation = "getActions", answer = Vec<ActionObject>, section = "Comments")]
pub struct GetActions {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// Account whose actions are asked for; the caller's own when empty.
    #[soap(name = "AccountID")]
    pub account_id: Option<i64>,
}

/// Adds an action to the caller's account. For administrators.
#[derive(SoapRequest)]
#[soap(operation = "createAction", answer = bool, section = "Comments", since = "12.7")]
pub struct CreateAction {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// Name of the action.
    #[soap(name = "Name", required)]
    pub name: String,
    /// Whether it starts switched off.
    #[soap(name = "Disabled")]
    pub disabled: Option<bool>,
}

/// Returns the action on a comment; one with the id 0 and no name when there is none.
#[derive(SoapRequest)]
#[soap(operation = "getCommentAction", answer = ActionObject, section = "Comments")]
pub struct GetCommentAction {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The comment.
    #[soap(name = "CommentID", required)]
    pub comment_id: i64,
}

/// Puts an action on a comment in place of the one before.
#[derive(SoapRequest)]
#[soap(operation = "setCommentAction", answer = bool, section = "Comments")]
pub struct SetCommentAction {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The comment.
    #[soap(name = "CommentID", required)]
    pub comment_id: i64,
    /// The action, as listed by getActions; 0 takes the action off.
    #[soap(name = "ActionID", required)]
    pub action_id: i64,
}

/// An action.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPActionObject", array = "SOAPActionObjectArray")]
pub struct ActionObject {
    /// Its id.
    #[soap(name = "actionID")]
    pub action_id: i64,
    /// Its name.
    pub action: String,
    /// Whether it can be put on comments.
    pub enabled: bool,
}

impl From<Action> for ActionObject {
    fn from(action: Action) -> ActionObject {
        ActionObject { action_id: action.id.0, action: action.name, enabled: action.enabled }
    }
}

impl Handler<ServiceBackend> for GetActions {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<Vec<ActionObject>, Fault> {
        let actions = backend.service.actions(caller, account(self.account_id)).map_err(faults::of)?;
        Ok(actions.into_iter().map(Into::into).collect())
    }
}

impl Handler<ServiceBackend> for CreateAction {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<bool, Fault> {
        let enabled = self.disabled != Some(true);
        backend.service.create_action(caller, &self.name, enabled).map_err(faults::of)?;
        Ok(true)
    }
}

impl Handler<ServiceBackend> for GetCommentAction {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<ActionObject, Fault> {
        let id = CommentId(self.comment_id);
        let action = backend.service.comment_action(caller, id).map_err(faults::of)?;
        Ok(action.map(Into::into).unwrap_or_default())
    }
}

impl Handler<ServiceBackend> for SetCommentAction {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<bool, Fault> {
        let action = Some(self.action_id).filter(|id| *id != 0).map(ActionId);
        backend.service.set_comment_action(caller, CommentId(self.comment_id), action).map_err(faults::of)?;
        Ok(true)
    }
}
