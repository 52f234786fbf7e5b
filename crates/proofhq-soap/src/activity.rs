//! What happened.

use crate::backend::{ServiceBackend, minutes};
use crate::dispatch::Handler;
use crate::faults;
use galley_model::ProofId;
use galley_service::UserCaller;
use soap::{Fault, SoapObject, SoapRequest};
use std::sync::Arc;

/// Entries of one call.
const ROWS: i64 = 25;

/// Lists what happened lately, newest first, at most 25 entries a call.
#[derive(SoapRequest)]
#[soap(operation = "getActivity", answer = Vec<FileActivityObject>, section = "Proofs")]
pub struct GetActivity {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The proof; nothing for all proofs that the caller sees.
    #[soap(name = "FileID")]
    pub file_id: Option<i64>,
    /// Entries to skip.
    #[soap(name = "Offset")]
    pub offset: Option<i64>,
}

/// Something that happened to a proof.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPFileActivityObject", array = "SOAPFileActivityObjectArray")]
pub struct FileActivityObject {
    /// The proof.
    pub file_id: i64,
    /// Name of the proof.
    pub filename: String,
    /// When it was made, `YYYY-MM-DD hh:mm`.
    pub created_at: String,
    /// What happened.
    pub action: String,
    /// Who did it, and more about it.
    pub details: String,
}

impl Handler<ServiceBackend> for GetActivity {
    fn handle(
        self,
        backend: &ServiceBackend,
        caller: &Arc<UserCaller>,
    ) -> Result<Vec<FileActivityObject>, Fault> {
        let proof = self.file_id.filter(|id| *id != 0).map(ProofId);
        let offset = self.offset.unwrap_or(0);
        let entries = backend.service.activity(caller, proof, None, offset, ROWS).map_err(faults::of)?;
        let objects = entries.into_iter().map(|entry| FileActivityObject {
            file_id: entry.proof.0,
            filename: entry.proof_name,
            created_at: minutes(Some(entry.at), caller),
            action: entry.action.to_owned(),
            // The object has no field for who did it.
            details: match entry.details.as_str() {
                "" => entry.actor,
                details => format!("{}: {details}", entry.actor),
            },
        });
        Ok(objects.collect())
    }
}
