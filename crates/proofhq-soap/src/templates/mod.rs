//! Workflow templates.

mod manage;
mod objects;
mod read;
mod recipients;
mod stages;

pub use manage::{
    CreateWorkflowTemplate, DeleteWorkflowTemplate, ShareWorkflowTemplate, UnshareWorkflowTemplate,
    UpdateWorkflowTemplate,
};
pub use objects::{
    WorkflowRecipientObject, WorkflowRecipientRequestObject, WorkflowRecipientRequestUpdateObject,
    WorkflowStageObject, WorkflowStageRequestObject, WorkflowStageRequestUpdateObject,
    WorkflowTemplateBasicObject, WorkflowTemplateObject,
};
pub use read::{
    GetWorkflowTemplate, GetWorkflowTemplateStage, GetWorkflowTemplateStageRecipient, GetWorkflowTemplates,
};
pub use recipients::{
    AddTemplateStageRecipients, DeleteTemplateStageRecipient, DeleteTemplateStageRecipients,
    UpdateTemplateStageRecipient,
};
pub use stages::{AddTemplateStage, DeleteTemplateStage, DeleteTemplateStages, UpdateTemplateStage};

use crate::faults;
use galley_model::{TemplateId, TemplatePersonId, TemplateStageId};
use galley_service::{Missing, ServiceError};
use soap::Fault;

/// The number in a text. What is no number names nothing.
fn number(text: &str, missing: Missing) -> Result<i64, Fault> {
    text.trim().parse().map_err(|_| faults::of(ServiceError::NotFound(missing)))
}

fn template_id(text: &str) -> Result<TemplateId, Fault> {
    number(text, Missing::Template).map(TemplateId)
}

fn stage_id(text: &str) -> Result<TemplateStageId, Fault> {
    number(text, Missing::Stage).map(TemplateStageId)
}

fn person_id(text: &str) -> Result<TemplatePersonId, Fault> {
    number(text, Missing::Reviewer).map(TemplatePersonId)
}

/// A code that is sent; programs with types send 0 for what they have no value for.
fn code<T>(
    field: &'static str,
    code: Option<i64>,
    from_code: impl FnOnce(i64) -> Option<T>,
) -> Result<Option<T>, Fault> {
    let Some(code) = code.filter(|code| *code != 0) else { return Ok(None) };
    from_code(code).map(Some).ok_or_else(|| faults::invalid_value(field, &code.to_string()))
}
