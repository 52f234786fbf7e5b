//! Single facts about a proof, and its deadline.

use super::objects::FileObject;
use crate::backend::{self, ServiceBackend};
use crate::dispatch::Handler;
use crate::faults;
use galley_model::{ProofId, ReviewerId};
use galley_service::{ProofEdit, UserCaller};
use soap::{Fault, SoapRequest};
use std::sync::Arc;

/// Returns the id of the proof that a link leads to. Only administrators may ask.
#[derive(SoapRequest)]
#[soap(operation = "decodeProofID", answer = i64, section = "Proofs")]
pub struct DecodeProofID {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// Code in the link, or the whole link.
    #[soap(name = "EncodedProofID", required)]
    pub encoded_proof_id: String,
}

/// Changes the deadline of a proof and returns the proof.
#[derive(SoapRequest)]
#[soap(operation = "updateProofDeadline", answer = FileObject, section = "Proofs", since = "12.7")]
pub struct UpdateProofDeadline {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The proof.
    #[soap(name = "FileID", required)]
    pub file_id: i64,
    /// Time by which reviews are due, `YYYY-MM-DD hh:mm`; empty to remove the deadline.
    #[soap(name = "Deadline")]
    pub deadline: Option<String>,
}

/// Returns the running number of a proof in its account. All versions of a proof have the same.
#[derive(SoapRequest)]
#[soap(operation = "getProofJobNumber", answer = String, section = "Proofs", since = "16.3")]
pub struct GetProofJobNumber {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The proof.
    #[soap(name = "FileID", required)]
    pub file_id: i64,
}

/// Returns a link that opens a proof as one of its reviewers, once and within seven days.
#[derive(SoapRequest)]
#[soap(operation = "getProofReviewerOneTimeURL", answer = String, section = "Proofs", since = "16.3")]
pub struct GetProofReviewerOneTimeURL {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The proof.
    #[soap(name = "FileID", required)]
    pub file_id: i64,
    /// The reviewer, as listed by getProofReviewers.
    #[soap(name = "RecipientID", required)]
    pub recipient_id: i64,
}

impl Handler<ServiceBackend> for DecodeProofID {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<i64, Fault> {
        let text = self.encoded_proof_id.trim().trim_end_matches('/');
        let path = text.split(['?', '#']).next().unwrap_or_default();
        let code = path.rsplit('/').next().unwrap_or_default();
        Ok(backend.service.proof_of_code(caller, code).map_err(faults::of)?.0)
    }
}

impl Handler<ServiceBackend> for UpdateProofDeadline {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<FileObject, Fault> {
        let deadline = backend::deadline("Deadline", &self.deadline, caller)?;
        let edit = ProofEdit { deadline: Some(deadline), ..ProofEdit::default() };
        let details =
            backend.service.update_proof(caller, ProofId(self.file_id), &edit).map_err(faults::of)?;
        Ok(FileObject::of(backend, caller, details.proof))
    }
}

impl Handler<ServiceBackend> for GetProofJobNumber {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<String, Fault> {
        let proof = backend.service.proof(caller, ProofId(self.file_id)).map_err(faults::of)?;
        Ok(proof.counter.to_string())
    }
}

impl Handler<ServiceBackend> for GetProofReviewerOneTimeURL {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<String, Fault> {
        let (proof, reviewer) = (ProofId(self.file_id), ReviewerId(self.recipient_id));
        let code = backend.service.one_time_code(caller, proof, reviewer).map_err(faults::of)?;
        Ok(backend.one_time(&code))
    }
}
