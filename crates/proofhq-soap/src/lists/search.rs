//! Lists of proofs that have something in common: an owner, a workspace, a reviewer, a name.

use super::page;
use crate::backend::{self, ServiceBackend, given};
use crate::dispatch::Handler;
use crate::faults;
use crate::proofs::FileObject;
use galley_model::{Proof, WorkspaceId};
use galley_service::{ProofQuestion, ServiceError, UserCaller};
use soap::{Fault, SoapRequest};
use std::sync::Arc;

/// More workspaces than this in one request are a mistake.
const MAX_WORKSPACES: usize = 1000;

/// Lists the proofs that a user owns, as far as the caller sees them.
#[derive(SoapRequest)]
#[soap(operation = "getProofsByOwnership", answer = Vec<FileObject>, section = "Proofs")]
pub struct GetProofsByOwnership {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The owner; 0 or nothing means the caller.
    #[soap(name = "UserID")]
    pub user_id: Option<i64>,
}

/// Finds proofs by name, those in the archive too. The name of an old version leads to the newest one.
#[derive(SoapRequest)]
#[soap(operation = "searchByProofName", answer = Vec<FileObject>, section = "Proofs", since = "16.3")]
pub struct SearchByProofName {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// Words, each of which has to begin a word of the name; letter case does not matter.
    #[soap(name = "ProofName", required)]
    pub proof_name: String,
    /// Rows to skip.
    #[soap(name = "StartFrom")]
    pub start_from: Option<i64>,
    /// Most rows to return; 0 for all, of which 1000 are returned at once.
    #[soap(name = "ItemsPerPage")]
    pub items_per_page: Option<i64>,
    /// Whether the whole name has to be this one.
    #[soap(name = "ExactMatch")]
    pub exact_match: Option<bool>,
}

/// Lists the proofs in a workspace, as far as the caller sees them.
#[derive(SoapRequest)]
#[soap(operation = "getProofsByWorkspace", answer = Vec<FileObject>, section = "Proofs", since = "16.3")]
pub struct GetProofsByWorkspace {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The workspace.
    #[soap(name = "WorkspaceID", required)]
    pub workspace_id: i64,
    /// Rows to skip.
    #[soap(name = "StartFrom")]
    pub start_from: Option<i64>,
    /// Most rows to return; 0 for all, of which 1000 are returned at once.
    #[soap(name = "ItemsPerPage")]
    pub items_per_page: Option<i64>,
    /// Whether to include the workspaces below it.
    #[soap(name = "IncludeSubfolders")]
    pub include_subfolders: Option<bool>,
}

/// Lists the proofs in several workspaces, as far as the caller sees them.
#[derive(SoapRequest)]
#[soap(operation = "getProofsByWorkspaces", answer = Vec<FileObject>, section = "Proofs", since = "16.3")]
pub struct GetProofsByWorkspaces {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The workspaces.
    #[soap(name = "WorkspaceIDs", required)]
    pub workspace_ids: Vec<i64>,
    /// Rows to skip.
    #[soap(name = "StartFrom")]
    pub start_from: Option<i64>,
    /// Most rows to return; 0 for all, of which 1000 are returned at once.
    #[soap(name = "ItemsPerPage")]
    pub items_per_page: Option<i64>,
    /// Whether to include the workspaces below them.
    #[soap(name = "IncludeSubfolders")]
    pub include_subfolders: Option<bool>,
}

/// Lists the proofs on which somebody with this address is a reviewer, as far as the caller sees them.
#[derive(SoapRequest)]
#[soap(operation = "getProofsByRecipientEmail", answer = Vec<FileObject>, section = "Proofs", since = "16.24")]
pub struct GetProofsByRecipientEmail {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// E-mail address of the reviewer.
    #[soap(name = "Email", required)]
    pub email: String,
    /// Rows to skip.
    #[soap(name = "StartFrom")]
    pub start_from: Option<i64>,
    /// Most rows to return; 0 for all, of which 1000 are returned at once.
    #[soap(name = "ItemsPerPage")]
    pub items_per_page: Option<i64>,
}

fn objects(
    backend: &ServiceBackend,
    caller: &UserCaller,
    proofs: Result<Vec<Proof>, ServiceError>,
) -> Result<Vec<FileObject>, Fault> {
    Ok(FileObject::plain(backend, caller, proofs.map_err(faults::of)?))
}

impl Handler<ServiceBackend> for GetProofsByOwnership {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<Vec<FileObject>, Fault> {
        objects(backend, caller, backend.service.list_owned(caller, backend::user_id(self.user_id)))
    }
}

impl Handler<ServiceBackend> for SearchByProofName {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<Vec<FileObject>, Fault> {
        let exact = self.exact_match == Some(true);
        let question = ProofQuestion {
            with_archived: true,
            text: if exact { "" } else { &self.proof_name },
            in_names: true,
            exact_name: exact.then_some(self.proof_name.as_str()),
            ..ProofQuestion::default()
        };
        if !exact && galley_model::keywords(&self.proof_name).is_empty() {
            return Err(faults::invalid_value("ProofName", &self.proof_name));
        }
        let (place, limit) = page(self.start_from, self.items_per_page);
        objects(backend, caller, backend.service.list_proofs(caller, &question, place, limit))
    }
}

impl Handler<ServiceBackend> for GetProofsByWorkspace {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<Vec<FileObject>, Fault> {
        let (place, limit) = page(self.start_from, self.items_per_page);
        let below = self.include_subfolders == Some(true);
        let folders = [WorkspaceId(self.workspace_id)];
        objects(backend, caller, backend.service.list_in_folders(caller, &folders, below, place, limit))
    }
}

impl Handler<ServiceBackend> for GetProofsByWorkspaces {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<Vec<FileObject>, Fault> {
        if self.workspace_ids.is_empty() {
            return Err(faults::missing_parameter("IntArray", "WorkspaceIDs"));
        }
        if self.workspace_ids.len() > MAX_WORKSPACES {
            let text = format!("Parameter 'WorkspaceIDs' may hold at most {MAX_WORKSPACES} ids.");
            return Err(faults::invalid_parameter(text));
        }
        let (place, limit) = page(self.start_from, self.items_per_page);
        let below = self.include_subfolders == Some(true);
        let folders: Vec<WorkspaceId> = self.workspace_ids.iter().copied().map(WorkspaceId).collect();
        objects(backend, caller, backend.service.list_in_folders(caller, &folders, below, place, limit))
    }
}

impl Handler<ServiceBackend> for GetProofsByRecipientEmail {
    /// An address that nobody has is on no proof.
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<Vec<FileObject>, Fault> {
        let email = Some(self.email);
        let question = ProofQuestion { recipient: given(&email), ..ProofQuestion::default() };
        let (place, limit) = page(self.start_from, self.items_per_page);
        objects(backend, caller, backend.service.list_proofs(caller, &question, place, limit))
    }
}
