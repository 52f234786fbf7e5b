//! Reading, adding, changing and locking stages.

use super::objects::WorkflowProofStageObject;
use super::requests::{WorkflowProofStageRequestObject, WorkflowProofStageRequestUpdateObject};
use crate::backend::{ServiceBackend, proof_id, stage_id};
use crate::dispatch::Handler;
use crate::faults;
use crate::proofs::ProofStageObject;
use galley_model::{ProofId, StageId};
use galley_service::{StageInput, StageRef, UserCaller};
use soap::{Fault, SoapRequest};
use std::sync::Arc;

/// Returns one stage of a proof. A proof without an automated workflow has stages too, one for each deadline.
#[derive(SoapRequest)]
#[soap(operation = "getProofStage", answer = ProofStageObject, section = "Workflow", since = "13.7")]
pub struct GetProofStage {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The proof.
    #[soap(name = "FileID", required)]
    pub file_id: i64,
    /// The stage.
    #[soap(name = "StageID", required)]
    pub stage_id: i64,
}

/// Lists the stages of a proof that the caller sees.
#[derive(SoapRequest)]
#[soap(operation = "getProofStages", answer = Vec<ProofStageObject>, section = "Workflow", since = "13.7")]
pub struct GetProofStages {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The proof.
    #[soap(name = "FileID", required)]
    pub file_id: i64,
}

/// Adds a stage to a proof with an automated workflow.
#[derive(SoapRequest)]
#[soap(operation = "addWorkflowStage", answer = WorkflowProofStageObject, section = "Workflow", since = "14.4")]
pub struct AddWorkflowStage {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The proof.
    #[soap(name = "FileID", required)]
    pub file_id: i64,
    /// The stage with its people.
    #[soap(name = "Stage", required)]
    pub stage: WorkflowProofStageRequestObject,
}

/// Changes a stage of a proof with an automated workflow.
#[derive(SoapRequest)]
#[soap(
    operation = "updateWorkflowProofStage",
    answer = WorkflowProofStageObject,
    section = "Workflow",
    since = "14.4"
)]
pub struct UpdateWorkflowProofStage {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The proof.
    #[soap(name = "FileID", required)]
    pub file_id: i64,
    /// The stage and what to change.
    #[soap(name = "Stage", required)]
    pub stage: WorkflowProofStageRequestUpdateObject,
}

/// Locks one stage of a proof: its people can no longer comment or decide.
#[derive(SoapRequest)]
#[soap(operation = "lockWorkflowProofStage", answer = bool, section = "Workflow", since = "14.4")]
pub struct LockWorkflowProofStage {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The proof.
    #[soap(name = "FileID", required)]
    pub file_id: String,
    /// The stage.
    #[soap(name = "StageID", required)]
    pub stage_id: String,
}

impl Handler<ServiceBackend> for GetProofStage {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<ProofStageObject, Fault> {
        let details = backend.service.proof_details(caller, ProofId(self.file_id)).map_err(faults::of)?;
        let found = details.stages.iter().find(|(stage, _)| stage.id.0 == self.stage_id);
        let (stage, progress) = found.ok_or_else(faults::invalid_stage)?;
        Ok(ProofStageObject::of(caller, stage, *progress))
    }
}

impl Handler<ServiceBackend> for GetProofStages {
    fn handle(
        self,
        backend: &ServiceBackend,
        caller: &Arc<UserCaller>,
    ) -> Result<Vec<ProofStageObject>, Fault> {
        let details = backend.service.proof_details(caller, ProofId(self.file_id)).map_err(faults::of)?;
        Ok(details
            .stages
            .iter()
            .map(|(stage, progress)| ProofStageObject::of(caller, stage, *progress))
            .collect())
    }
}

/// A stage of a proof after it was made or changed.
fn read(
    backend: &ServiceBackend,
    caller: &UserCaller,
    proof: ProofId,
    id: StageId,
) -> Result<WorkflowProofStageObject, Fault> {
    let details = backend.service.proof_details(caller, proof).map_err(faults::of)?;
    let stages = WorkflowProofStageObject::all(backend, caller, &details);
    stages.into_iter().find(|stage| stage.stage_id == id.0).ok_or_else(faults::invalid_stage)
}

impl Handler<ServiceBackend> for AddWorkflowStage {
    fn handle(
        self,
        backend: &ServiceBackend,
        caller: &Arc<UserCaller>,
    ) -> Result<WorkflowProofStageObject, Fault> {
        let proof = ProofId(self.file_id);
        let parent = self.stage.follows().map(|id| StageRef::Stage(StageId(id)));
        let input = StageInput { parent, ..self.stage.input(caller, true)? };
        let id = backend.service.add_stage(caller, proof, &input).map_err(faults::of)?;
        read(backend, caller, proof, id)
    }
}

impl Handler<ServiceBackend> for UpdateWorkflowProofStage {
    /// What is absent or empty stays, as in the sample of the original, which sends five fields.
    fn handle(
        self,
        backend: &ServiceBackend,
        caller: &Arc<UserCaller>,
    ) -> Result<WorkflowProofStageObject, Fault> {
        let proof = ProofId(self.file_id);
        let (id, edit) = self.stage.edit(caller)?;
        backend.service.update_stage(caller, proof, id, &edit).map_err(faults::of)?;
        read(backend, caller, proof, id)
    }
}

impl Handler<ServiceBackend> for LockWorkflowProofStage {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<bool, Fault> {
        let (proof, stage) = (proof_id(&self.file_id)?, stage_id(&self.stage_id)?);
        backend.service.set_stage_locked(caller, proof, stage, true).map_err(faults::of)?;
        Ok(true)
    }
}
