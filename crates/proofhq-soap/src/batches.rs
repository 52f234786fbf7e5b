//! Batches of proofs.

use crate::backend::{ServiceBackend, batch_id};
use crate::dispatch::Handler;
use crate::faults;
use crate::reviewers::{FileRecipientObject, inputs};
use galley_model::BatchId;
use galley_service::{Missing, ServiceError, UserCaller};
use soap::{ArrayItem, Fault, SoapRequest};
use std::sync::Arc;

/// Starts a batch. Proofs made in it are neither rendered nor announced before it is finished.
#[derive(SoapRequest)]
#[soap(operation = "createBatch", answer = i64, section = "Batches")]
pub struct CreateBatch {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
}

/// Finishes a batch: its proofs are rendered, and everybody on them is told with one mail.
#[derive(SoapRequest)]
#[soap(operation = "finishBatch", answer = bool, section = "Batches")]
pub struct FinishBatch {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The batch.
    #[soap(name = "BatchID", required)]
    pub batch_id: i64,
}

/// Adds reviewers to every proof that a batch has so far.
#[derive(SoapRequest)]
#[soap(operation = "addBatchProofReviewers", answer = bool, section = "Batches")]
pub struct AddBatchProofReviewers {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The batch, not finished yet.
    #[soap(name = "BatchID", required)]
    pub batch_id: String,
    /// People to add.
    #[soap(name = "Recipients", required)]
    pub recipients: Vec<FileRecipientObject>,
}

impl Handler<ServiceBackend> for CreateBatch {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<i64, Fault> {
        backend.service.create_batch(caller).map(|id| id.0).map_err(faults::of)
    }
}

impl Handler<ServiceBackend> for FinishBatch {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<bool, Fault> {
        backend.service.finish_batch(caller, BatchId(self.batch_id)).map_err(faults::of)?;
        Ok(true)
    }
}

impl Handler<ServiceBackend> for AddBatchProofReviewers {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<bool, Fault> {
        let missing = || faults::of(ServiceError::NotFound(Missing::Batch));
        let id = batch_id(self.batch_id.trim().parse().ok()).ok_or_else(missing)?;
        if self.recipients.is_empty() {
            return Err(faults::missing_parameter(FileRecipientObject::ARRAY.name, "Recipients"));
        }
        let people = inputs(self.recipients, true, caller)?;
        backend.service.add_batch_reviewers(caller, id, &people).map_err(faults::of)?;
        Ok(true)
    }
}
