//! Changing, moving, sharing and deleting workspaces.

use super::{WorkspaceObject, answer};
use crate::backend::{self, ServiceBackend, given, workspace_id};
use crate::dispatch::Handler;
use crate::faults;
use galley_model::{AccountId, ShareRole, UserId, WorkspaceId};
use galley_service::{Missing, ServiceError, ShareInput, UserCaller, WorkspaceEdit};
use soap::{Fault, SoapRequest};
use std::sync::Arc;

/// Changes the properties of a workspace; what is absent or empty stays.
#[derive(SoapRequest)]
#[soap(operation = "updateWorkspace", answer = WorkspaceObject, section = "Workspaces")]
pub struct UpdateWorkspace {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The workspace.
    #[soap(name = "WorkspaceID", required)]
    pub workspace_id: i64,
    /// Workspace to move it into; 0 or nothing leaves it where it is.
    #[soap(name = "ParentWorkspaceID")]
    pub parent_workspace_id: Option<i64>,
    /// Name of the workspace.
    #[soap(name = "Name")]
    pub name: Option<String>,
    /// What it is for.
    #[soap(name = "Description")]
    pub description: Option<String>,
    /// Client it is for.
    #[soap(name = "Client")]
    pub client: Option<String>,
    /// Project it belongs to.
    #[soap(name = "Project")]
    pub project: Option<String>,
    /// Whether it is private; below a private workspace it always is.
    #[soap(name = "Personal")]
    pub personal: Option<bool>,
    /// User who is to own it; 0 or nothing leaves the owner.
    #[soap(name = "OwnerID", since = "16.24")]
    pub owner_id: Option<i64>,
}

/// Moves a workspace, with everything in it, into another one or to the top level.
#[derive(SoapRequest)]
#[soap(operation = "moveWorkspace", answer = WorkspaceObject, section = "Workspaces", since = "16.24")]
pub struct MoveWorkspace {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The workspace.
    #[soap(name = "WorkspaceID", required)]
    pub workspace_id: i64,
    /// Workspace to move it into; 0 for the top level.
    #[soap(name = "ParentWorkspaceID", required)]
    pub parent_workspace_id: i64,
}

/// Moves a workspace into the trash, with the workspaces below it and all that is in them.
#[derive(SoapRequest)]
#[soap(operation = "deleteWorkspace", answer = bool, section = "Workspaces")]
pub struct DeleteWorkspace {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The workspace.
    #[soap(name = "WorkspaceID", required)]
    pub workspace_id: i64,
}

/// Takes a workspace out of the trash, with everything that went there together with it, and returns it.
#[derive(SoapRequest)]
#[soap(operation = "restoreWorkspace", answer = WorkspaceObject, section = "Workspaces", since = "14.4")]
pub struct RestoreWorkspace {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The workspace.
    #[soap(name = "WorkspaceID", required)]
    pub workspace_id: String,
}

/// Shares a workspace, and those below it, with users. They read what is in it now and later.
#[derive(SoapRequest)]
#[soap(operation = "shareWorkspace", answer = bool, section = "Workspaces", since = "12.7")]
pub struct ShareWorkspace {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The workspace.
    #[soap(name = "WorkspaceID", required)]
    pub workspace_id: i64,
    /// Accounts whose users are meant, parted by blanks, commas or semicolons.
    #[soap(name = "AccountIDs")]
    pub account_ids: Option<String>,
    /// Users, parted by blanks, commas or semicolons.
    #[soap(name = "UserIDs")]
    pub user_ids: Option<String>,
    /// 1 to read, 2 to add, edit and delete items too; nothing means 1.
    #[soap(name = "Role", since = "13.6")]
    pub role: Option<i64>,
}

impl Handler<ServiceBackend> for UpdateWorkspace {
    /// Programs with typed integers cannot leave out the parent, and before 16.24 they cannot know it: 0
    /// therefore leaves a workspace where it is. moveWorkspace brings it to the top level.
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<WorkspaceObject, Fault> {
        let text = |text: &Option<String>| given(text).map(str::to_owned);
        let edit = WorkspaceEdit {
            parent: workspace_id(self.parent_workspace_id).map(Some),
            owner: backend::user_id(self.owner_id),
            name: text(&self.name),
            description: text(&self.description),
            client: text(&self.client),
            project: text(&self.project),
            private: self.personal,
        };
        let id = WorkspaceId(self.workspace_id);
        answer(backend, caller, backend.service.update_workspace(caller, id, &edit))
    }
}

impl Handler<ServiceBackend> for MoveWorkspace {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<WorkspaceObject, Fault> {
        let parent = workspace_id(Some(self.parent_workspace_id));
        let edit = WorkspaceEdit { parent: Some(parent), ..WorkspaceEdit::default() };
        let id = WorkspaceId(self.workspace_id);
        answer(backend, caller, backend.service.update_workspace(caller, id, &edit))
    }
}

impl Handler<ServiceBackend> for DeleteWorkspace {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<bool, Fault> {
        backend.service.trash_workspace(caller, WorkspaceId(self.workspace_id)).map_err(faults::of)?;
        Ok(true)
    }
}

impl Handler<ServiceBackend> for RestoreWorkspace {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<WorkspaceObject, Fault> {
        let id = self.workspace_id.trim().parse().map(WorkspaceId);
        let id = id.map_err(|_| faults::of(ServiceError::NotFound(Missing::Workspace)))?;
        answer(backend, caller, backend.service.restore_workspace(caller, id))
    }
}

/// Most ids in a text.
const MAX_IDS: usize = 1000;

/// Numbers in a text, parted by blanks, commas or semicolons. The original does not say what parts them.
fn ids(part: &'static str, text: &Option<String>) -> Result<Vec<i64>, Fault> {
    let text = text.as_deref().unwrap_or_default();
    let parts = text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';')).filter(|id| !id.is_empty());
    let ids: Result<Vec<i64>, Fault> =
        parts.map(|id| id.parse().map_err(|_| faults::invalid_value(part, id))).collect();
    let ids = ids?;
    if ids.len() > MAX_IDS {
        return Err(faults::invalid_parameter(format!("Parameter '{part}' may hold at most {MAX_IDS} ids.")));
    }
    Ok(ids)
}

impl Handler<ServiceBackend> for ShareWorkspace {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<bool, Fault> {
        let input = ShareInput {
            accounts: ids("AccountIDs", &self.account_ids)?.into_iter().map(AccountId).collect(),
            users: ids("UserIDs", &self.user_ids)?.into_iter().map(UserId).collect(),
            role: match self.role {
                None | Some(0) => ShareRole::Read,
                Some(code) => ShareRole::from_code(code)
                    .ok_or_else(|| faults::invalid_value("Role", &code.to_string()))?,
            },
        };
        if input.accounts.is_empty() && input.users.is_empty() {
            return Err(faults::missing_parameter("string", "UserIDs"));
        }
        let id = WorkspaceId(self.workspace_id);
        backend.service.share_workspace(caller, id, &input).map_err(faults::of)?;
        Ok(true)
    }
}
