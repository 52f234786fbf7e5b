//! Deleting, locking and unlocking proofs.

use crate::backend::{ServiceBackend, proof_id};
use crate::dispatch::Handler;
use crate::faults;
use galley_service::UserCaller;
use soap::{Fault, SoapRequest};
use std::sync::Arc;

/// Deletes a proof.
#[derive(SoapRequest)]
#[soap(operation = "deleteProof", answer = bool, section = "Proofs")]
pub struct DeleteProof {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The proof.
    #[soap(name = "FileID", required)]
    pub file_id: String,
    /// Whether to delete it for good, in the trash or not; only administrators may.
    #[soap(name = "Permanent", since = "16.24")]
    pub permanent: Option<bool>,
    /// Whether to include every version.
    #[soap(name = "AllVersions", since = "16.24")]
    pub all_versions: Option<bool>,
}

/// Locks a proof.
#[derive(SoapRequest)]
#[soap(operation = "lockProof", answer = bool, section = "Proofs")]
pub struct LockProof {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The proof.
    #[soap(name = "FileID", required)]
    pub file_id: String,
}

/// Unlocks a proof.
#[derive(SoapRequest)]
#[soap(operation = "unlockProof", answer = bool, section = "Proofs")]
pub struct UnlockProof {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The proof.
    #[soap(name = "FileID", required)]
    pub file_id: String,
}

impl Handler<ServiceBackend> for DeleteProof {
    /// Every version is a proof with an id of its own, so the one named goes into the trash and no other,
    /// unless all are asked for.
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<bool, Fault> {
        let (id, all) = (proof_id(&self.file_id)?, self.all_versions == Some(true));
        let done = if self.permanent == Some(true) {
            backend.service.erase_proof(caller, id, all)
        } else {
            backend.service.trash_proof(caller, id, all)
        };
        done.map_err(faults::of)?;
        Ok(true)
    }
}

impl Handler<ServiceBackend> for LockProof {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<bool, Fault> {
        backend.service.set_locked(caller, proof_id(&self.file_id)?, true).map_err(faults::of)?;
        Ok(true)
    }
}

impl Handler<ServiceBackend> for UnlockProof {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<bool, Fault> {
        backend.service.set_locked(caller, proof_id(&self.file_id)?, false).map_err(faults::of)?;
        Ok(true)
    }
}
