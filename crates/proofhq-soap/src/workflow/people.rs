//! People on stages.

use super::objects::WorkflowProofRecipientObject;
use super::requests::{
    MAX_PEOPLE, WorkflowProofAddRecipientRequestObject, WorkflowProofRecipientRequestUpdateObject,
};
use crate::backend::ServiceBackend;
use crate::dispatch::Handler;
use crate::faults;
use galley_model::{ProofId, StageId};
use galley_service::UserCaller;
use soap::{ArrayItem, Fault, SoapRequest};
use std::sync::Arc;

/// Puts a person on a stage.
#[derive(SoapRequest)]
#[soap(
    operation = "addWorkflowProofReviewer",
    answer = WorkflowProofRecipientObject,
    section = "Workflow",
    since = "14.4"
)]
pub struct AddWorkflowProofReviewer {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The proof.
    #[soap(name = "FileID", required)]
    pub file_id: i64,
    /// The person with their stage.
    #[soap(name = "Recipient", required)]
    pub recipient: WorkflowProofAddRecipientRequestObject,
    /// Whether to invite without a mail.
    #[soap(name = "SuppressNewProofNotification")]
    pub suppress_new_proof_notification: Option<bool>,
}

/// Puts several people on stages.
#[derive(SoapRequest)]
#[soap(operation = "addWorkflowProofReviewers", answer = bool, section = "Workflow", since = "14.4")]
pub struct AddWorkflowProofReviewers {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The proof.
    #[soap(name = "FileID", required)]
    pub file_id: i64,
    /// People with their stages.
    #[soap(name = "Recipients", required)]
    pub recipients: Vec<WorkflowProofAddRecipientRequestObject>,
    /// Whether to invite without a mail.
    #[soap(name = "SuppressNewProofNotification")]
    pub suppress_new_proof_notification: Option<bool>,
}

/// Changes a person on a stage, moves them to another one, or records a decision.
#[derive(SoapRequest)]
#[soap(
    operation = "updateWorkflowProofReviewer",
    answer = WorkflowProofRecipientObject,
    section = "Workflow",
    since = "14.4"
)]
pub struct UpdateWorkflowProofReviewer {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// Stage that they are on.
    #[soap(name = "StageID", required)]
    pub stage_id: i64,
    /// The person and what to change.
    #[soap(name = "Recipient", required)]
    pub recipient: WorkflowProofRecipientRequestUpdateObject,
}

impl Handler<ServiceBackend> for AddWorkflowProofReviewer {
    fn handle(
        self,
        backend: &ServiceBackend,
        caller: &Arc<UserCaller>,
    ) -> Result<WorkflowProofRecipientObject, Fault> {
        let notify = self.suppress_new_proof_notification != Some(true);
        let person = self.recipient.input(notify)?;
        let proof = ProofId(self.file_id);
        let added = backend.service.add_reviewers(caller, proof, &[person]).map_err(faults::of)?;
        let reviewer = added.first().ok_or_else(faults::internal)?;
        Ok(WorkflowProofRecipientObject::of(backend, caller, reviewer, true))
    }
}

impl Handler<ServiceBackend> for AddWorkflowProofReviewers {
    /// All or nobody: one stage that is none keeps the others off the proof too.
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<bool, Fault> {
        if self.recipients.is_empty() {
            let ty = WorkflowProofAddRecipientRequestObject::ARRAY.name;
            return Err(faults::missing_parameter(ty, "Recipients"));
        }
        if self.recipients.len() > MAX_PEOPLE {
            let text = format!("Parameter 'Recipients' may hold at most {MAX_PEOPLE} people.");
            return Err(faults::invalid_parameter(text));
        }
        let notify = self.suppress_new_proof_notification != Some(true);
        let people: Vec<_> =
            self.recipients.into_iter().map(|person| person.input(notify)).collect::<Result<_, _>>()?;
        backend.service.add_reviewers(caller, ProofId(self.file_id), &people).map_err(faults::of)?;
        Ok(true)
    }
}

impl Handler<ServiceBackend> for UpdateWorkflowProofReviewer {
    fn handle(
        self,
        backend: &ServiceBackend,
        caller: &Arc<UserCaller>,
    ) -> Result<WorkflowProofRecipientObject, Fault> {
        let (id, mut edit) = self.recipient.edit()?;
        edit.on_stage = Some(StageId(self.stage_id));
        let reviewer = backend.service.update_reviewer(caller, id, &edit).map_err(faults::of)?;
        // A decision one makes oneself needs no right over the proof.
        let rights = backend.service.proof_details(caller, reviewer.proof).map_err(faults::of)?.rights;
        Ok(WorkflowProofRecipientObject::of(backend, caller, &reviewer, rights.edit))
    }
}
