//! Reading templates.

use super::objects::{
    WorkflowRecipientObject, WorkflowStageObject, WorkflowTemplateBasicObject, WorkflowTemplateObject,
};
use super::{person_id, stage_id, template_id};
use crate::backend::{ServiceBackend, given};
use crate::dispatch::Handler;
use crate::faults;
use galley_model::AccountId;
use galley_service::UserCaller;
use soap::{Fault, SoapRequest};
use std::sync::Arc;

/// Lists the templates that the caller can use.
#[derive(SoapRequest)]
#[soap(operation = "getWorkflowTemplates", answer = Vec<WorkflowTemplateBasicObject>, section = "Templates", since = "14.4")]
pub struct GetWorkflowTemplates {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// Account whose templates are asked for; the caller's own when empty.
    #[soap(name = "AccountID")]
    pub account_id: Option<String>,
}

/// Returns a template with its stages and recipients.
#[derive(SoapRequest)]
#[soap(operation = "getWorkflowTemplate", answer = WorkflowTemplateObject, section = "Templates", since = "14.4")]
pub struct GetWorkflowTemplate {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The template.
    #[soap(name = "WorkflowTemplateID", required)]
    pub workflow_template_id: String,
}

/// Returns a stage of a template.
#[derive(SoapRequest)]
#[soap(operation = "getWorkflowTemplateStage", answer = WorkflowStageObject, section = "Templates", since = "14.4")]
pub struct GetWorkflowTemplateStage {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The stage.
    #[soap(name = "StageID", required)]
    pub stage_id: String,
}

/// Returns a recipient on a stage of a template.
#[derive(SoapRequest)]
#[soap(operation = "getWorkflowTemplateStageRecipient", answer = WorkflowRecipientObject, section = "Templates", since = "14.4")]
pub struct GetWorkflowTemplateStageRecipient {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The recipient.
    #[soap(name = "RecipientID", required)]
    pub recipient_id: String,
}

impl Handler<ServiceBackend> for GetWorkflowTemplates {
    fn handle(
        self,
        backend: &ServiceBackend,
        caller: &Arc<UserCaller>,
    ) -> Result<Vec<WorkflowTemplateBasicObject>, Fault> {
        let account = match given(&self.account_id) {
            None | Some("0") => None,
            Some(id) => Some(AccountId(id.parse().map_err(|_| faults::foreign_account())?)),
        };
        let templates = backend.service.templates(caller, account).map_err(faults::of)?;
        Ok(templates.iter().map(WorkflowTemplateBasicObject::of).collect())
    }
}

impl Handler<ServiceBackend> for GetWorkflowTemplate {
    fn handle(
        self,
        backend: &ServiceBackend,
        caller: &Arc<UserCaller>,
    ) -> Result<WorkflowTemplateObject, Fault> {
        let id = template_id(&self.workflow_template_id)?;
        Ok(WorkflowTemplateObject::of(&backend.service.template(caller, id).map_err(faults::of)?))
    }
}

impl Handler<ServiceBackend> for GetWorkflowTemplateStage {
    fn handle(
        self,
        backend: &ServiceBackend,
        caller: &Arc<UserCaller>,
    ) -> Result<WorkflowStageObject, Fault> {
        let id = stage_id(&self.stage_id)?;
        Ok(WorkflowStageObject::of(&backend.service.template_stage(caller, id).map_err(faults::of)?))
    }
}

impl Handler<ServiceBackend> for GetWorkflowTemplateStageRecipient {
    fn handle(
        self,
        backend: &ServiceBackend,
        caller: &Arc<UserCaller>,
    ) -> Result<WorkflowRecipientObject, Fault> {
        let id = person_id(&self.recipient_id)?;
        Ok(WorkflowRecipientObject::of(&backend.service.template_person(caller, id).map_err(faults::of)?))
    }
}
