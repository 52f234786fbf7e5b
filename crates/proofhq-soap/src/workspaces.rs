//! Workspaces.

use soap::{SoapObject, SoapRequest};

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
