//! Workspaces.

mod change;

pub use change::{DeleteWorkspace, MoveWorkspace, RestoreWorkspace, ShareWorkspace, UpdateWorkspace};

use crate::backend::{self, ServiceBackend, workspace_id};
use crate::dispatch::Handler;
use crate::faults;
use galley_model::{Workspace, WorkspaceId};
use galley_service::{ServiceError, UserCaller, WorkspaceInput};
use soap::{Fault, SoapObject, SoapRequest};
use std::collections::HashMap;
use std::sync::Arc;

/// Lists the workspaces that the caller sees.
#[derive(SoapRequest)]
#[soap(operation = "getWorkspaces", answer = Vec<WorkspaceObject>, section = "Workspaces")]
pub struct GetWorkspaces {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
}

/// Creates a workspace.
#[derive(SoapRequest)]
#[soap(operation = "createWorkspace", answer = WorkspaceObject, section = "Workspaces")]
pub struct CreateWorkspace {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// Workspace to create it in; 0 for the top level.
    #[soap(name = "ParentWorkspaceID")]
    pub parent_workspace_id: Option<i64>,
    /// Name of the workspace.
    #[soap(name = "Name", required)]
    pub name: String,
    /// What it is for.
    #[soap(name = "Description")]
    pub description: Option<String>,
    /// Client it is for.
    #[soap(name = "Client")]
    pub client: Option<String>,
    /// Project it belongs to.
    #[soap(name = "Project")]
    pub project: Option<String>,
    /// Whether it is private.
    #[soap(name = "Personal")]
    pub personal: Option<bool>,
    /// User who is to own it; 0 or nothing means the caller.
    #[soap(name = "OwnerID", since = "16.24")]
    pub owner_id: Option<i64>,
}

/// A workspace.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPWorkspaceObject", array = "SOAPWorkspaceObjectArray")]
pub struct WorkspaceObject {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Depth below the top level.
    pub root_level: i64,
    /// What it is for.
    pub description: String,
    /// Client it is for.
    pub client: String,
    /// Project it belongs to.
    pub project: String,
    /// Whether it is private.
    pub personal: bool,
    /// Workspace that holds it.
    #[soap(since = "16.24", nillable_since = "16.24")]
    pub parent_workspace_id: Option<i64>,
    /// User who owns it.
    #[soap(since = "16.24")]
    pub owner_id: i64,
}

/// Levels above each workspace. One whose holder the caller does not see is at the top for them.
struct Levels(HashMap<WorkspaceId, Option<WorkspaceId>>);

impl Levels {
    fn of(folders: &[Workspace]) -> Levels {
        Levels(folders.iter().map(|folder| (folder.id, folder.parent)).collect())
    }

    fn level(&self, id: WorkspaceId) -> i64 {
        let mut level = 0;
        let mut at = id;
        // No path is longer than there are workspaces, whatever the data says.
        for _ in 0..self.0.len() {
            match self.0.get(&at).copied().flatten().filter(|parent| self.0.contains_key(parent)) {
                Some(parent) => (level, at) = (level + 1, parent),
                None => break,
            }
        }
        level
    }
}

impl WorkspaceObject {
    fn of(folder: &Workspace, levels: &Levels) -> WorkspaceObject {
        WorkspaceObject {
            id: folder.id.0,
            name: folder.name.clone(),
            root_level: levels.level(folder.id),
            description: folder.description.clone(),
            client: folder.client.clone(),
            project: folder.project.clone(),
            personal: folder.private,
            parent_workspace_id: folder.parent.filter(|parent| levels.0.contains_key(parent)).map(|id| id.0),
            owner_id: folder.owner.0,
        }
    }
}

impl Handler<ServiceBackend> for GetWorkspaces {
    fn handle(
        self,
        backend: &ServiceBackend,
        caller: &Arc<UserCaller>,
    ) -> Result<Vec<WorkspaceObject>, Fault> {
        let folders = backend.service.workspaces(caller).map_err(faults::of)?;
        let levels = Levels::of(&folders);
        Ok(folders.iter().map(|folder| WorkspaceObject::of(folder, &levels)).collect())
    }
}

impl Handler<ServiceBackend> for CreateWorkspace {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<WorkspaceObject, Fault> {
        let input = WorkspaceInput {
            parent: workspace_id(self.parent_workspace_id),
            owner: backend::user_id(self.owner_id),
            name: self.name,
            description: self.description.unwrap_or_default(),
            client: self.client.unwrap_or_default(),
            project: self.project.unwrap_or_default(),
            private: self.personal.unwrap_or(false),
        };
        answer(backend, caller, backend.service.create_workspace(caller, &input))
    }
}

/// The changed folder, with its level among those that the caller sees.
fn answer(
    backend: &ServiceBackend,
    caller: &UserCaller,
    folder: Result<Workspace, ServiceError>,
) -> Result<WorkspaceObject, Fault> {
    let folder = folder.map_err(faults::of)?;
    let levels = Levels::of(&backend.service.workspaces(caller).map_err(faults::of)?);
    Ok(WorkspaceObject::of(&folder, &levels))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_count_what_the_caller_sees() {
        let levels = Levels(HashMap::from([
            (WorkspaceId(1), None),
            (WorkspaceId(2), Some(WorkspaceId(1))),
            (WorkspaceId(3), Some(WorkspaceId(2))),
            (WorkspaceId(4), Some(WorkspaceId(99))),
            (WorkspaceId(5), Some(WorkspaceId(5))),
        ]));
        let found: Vec<i64> = [1, 2, 3, 4].map(|id| levels.level(WorkspaceId(id))).into();
        assert_eq!(found, [0, 1, 2, 0]);
        assert!(levels.level(WorkspaceId(5)) <= 5, "a circle ends");
    }
}
