//! Proofs whose people are organised in stages.

mod create;
mod objects;
mod people;
mod requests;
mod stages;
mod update;

pub use create::{
    CreateWorkflowProof, CreateWorkflowProofVersion, CreateWorkflowTemplateProof,
    CreateWorkflowTemplateProofVersion,
};
pub use objects::{WorkflowProofObject, WorkflowProofRecipientObject, WorkflowProofStageObject};
pub use people::{AddWorkflowProofReviewer, AddWorkflowProofReviewers, UpdateWorkflowProofReviewer};
pub use requests::{
    WorkflowProofAddRecipientRequestObject, WorkflowProofRecipientRequestObject,
    WorkflowProofRecipientRequestUpdateObject, WorkflowProofStageRequestObject,
    WorkflowProofStageRequestUpdateObject,
};
pub use stages::{
    AddWorkflowStage, GetProofStage, GetProofStages, LockWorkflowProofStage, UpdateWorkflowProofStage,
};
pub use update::UpdateWorkflowProof;
