//! The archive and the trash.

use super::objects::FileObject;
use crate::backend::{ServiceBackend, proof_id};
use crate::dispatch::Handler;
use crate::faults;
use galley_service::UserCaller;
use soap::{Fault, SoapRequest};
use std::sync::Arc;

/// Archives a proof with all its versions. An archived proof cannot be opened before it is unarchived.
#[derive(SoapRequest)]
#[soap(operation = "archiveProof", answer = bool, section = "Proofs", since = "14.19")]
pub struct ArchiveProof {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The proof.
    #[soap(name = "FileID", required)]
    pub file_id: String,
}

impl Handler<ServiceBackend> for ArchiveProof {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<bool, Fault> {
        backend.service.archive_proof(caller, proof_id(&self.file_id)?, true).map_err(faults::of)?;
        Ok(true)
    }
}

/// Takes a proof with all its versions out of the archive. Whoever sees it may.
#[derive(SoapRequest)]
#[soap(operation = "unarchiveProof", answer = bool, section = "Proofs", since = "14.19")]
pub struct UnarchiveProof {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The proof.
    #[soap(name = "FileID", required)]
    pub file_id: String,
}

impl Handler<ServiceBackend> for UnarchiveProof {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<bool, Fault> {
        backend.service.unarchive_proof(caller, proof_id(&self.file_id)?, true).map_err(faults::of)?;
        Ok(true)
    }
}

/// Archives one version of a proof.
#[derive(SoapRequest)]
#[soap(operation = "archiveProofVersion", answer = bool, section = "Proofs", since = "14.19")]
pub struct ArchiveProofVersion {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The proof.
    #[soap(name = "FileID", required)]
    pub file_id: String,
}

impl Handler<ServiceBackend> for ArchiveProofVersion {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<bool, Fault> {
        backend.service.archive_proof(caller, proof_id(&self.file_id)?, false).map_err(faults::of)?;
        Ok(true)
    }
}

/// Takes one version of a proof out of the archive. Whoever sees it may.
#[derive(SoapRequest)]
#[soap(operation = "unarchiveProofVersion", answer = bool, section = "Proofs", since = "14.19")]
pub struct UnarchiveProofVersion {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The proof.
    #[soap(name = "FileID", required)]
    pub file_id: String,
}

impl Handler<ServiceBackend> for UnarchiveProofVersion {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<bool, Fault> {
        backend.service.unarchive_proof(caller, proof_id(&self.file_id)?, false).map_err(faults::of)?;
        Ok(true)
    }
}

/// Takes a proof out of the trash, with the versions that went there together with it, and returns it.
#[derive(SoapRequest)]
#[soap(operation = "restoreProof", answer = FileObject, section = "Proofs", since = "14.4")]
pub struct RestoreProof {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The proof.
    #[soap(name = "FileID", required)]
    pub file_id: String,
}

impl Handler<ServiceBackend> for RestoreProof {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<FileObject, Fault> {
        let details = backend.service.restore_proof(caller, proof_id(&self.file_id)?).map_err(faults::of)?;
        Ok(FileObject::of(backend, caller, details.proof))
    }
}
