//! People on stages of templates.

use super::objects::{
    WorkflowRecipientObject, WorkflowRecipientRequestObject, WorkflowRecipientRequestUpdateObject,
    WorkflowStageObject,
};
use super::{code, person_id, stage_id};
use crate::backend::ServiceBackend;
use crate::dispatch::Handler;
use crate::faults;
use galley_model::{Alert, Role, TemplatePersonId, TemplateStageId};
use galley_service::{TemplatePersonEdit, UserCaller};
use soap::{Fault, SoapRequest};
use std::sync::Arc;

/// Puts people on a stage of a template; who is on it already stays as they are. For administrators.
#[derive(SoapRequest)]
#[soap(operation = "addTemplateStageRecipients", answer = WorkflowStageObject, section = "Templates", since = "14.4")]
pub struct AddTemplateStageRecipients {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The stage.
    #[soap(name = "StageID", required)]
    pub stage_id: String,
    /// People to put on it.
    #[soap(name = "Recipients", required)]
    pub recipients: Vec<WorkflowRecipientRequestObject>,
}

/// Changes a recipient on a stage of a template. For administrators.
#[derive(SoapRequest)]
#[soap(operation = "updateTemplateStageRecipient", answer = WorkflowRecipientObject, section = "Templates", since = "14.4")]
pub struct UpdateTemplateStageRecipient {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The stage that they are on.
    #[soap(name = "StageID", required)]
    pub stage_id: String,
    /// The changes, with the id of the recipient.
    #[soap(name = "Recipient", required)]
    pub recipient: WorkflowRecipientRequestUpdateObject,
}

/// Takes a recipient off a stage of a template. For administrators.
#[derive(SoapRequest)]
#[soap(operation = "deleteTemplateStageRecipient", answer = bool, section = "Templates", since = "14.4")]
pub struct DeleteTemplateStageRecipient {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The stage.
    #[soap(name = "StageID", required)]
    pub stage_id: String,
    /// The recipient.
    #[soap(name = "RecipientID", required)]
    pub recipient_id: String,
}

/// Takes several recipients off a stage of a template, all of them or nobody. For administrators.
#[derive(SoapRequest)]
#[soap(operation = "deleteTemplateStageRecipients", answer = bool, section = "Templates", since = "14.4")]
pub struct DeleteTemplateStageRecipients {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The stage.
    #[soap(name = "StageID", required)]
    pub stage_id: String,
    /// The recipients.
    #[soap(name = "RecipientIDs", required)]
    pub recipient_ids: Vec<i64>,
}

impl Handler<ServiceBackend> for AddTemplateStageRecipients {
    fn handle(
        self,
        backend: &ServiceBackend,
        caller: &Arc<UserCaller>,
    ) -> Result<WorkflowStageObject, Fault> {
        if self.recipients.is_empty() {
            return Err(faults::missing_parameter("SOAPWorkflowRecipientRequestObjectArray", "Recipients"));
        }
        let people = self.recipients.iter().map(WorkflowRecipientRequestObject::input);
        let people = people.collect::<Result<Vec<_>, _>>()?;
        let id = stage_id(&self.stage_id)?;
        let stage = backend.service.add_template_people(caller, id, &people).map_err(faults::of)?;
        Ok(WorkflowStageObject::of(&stage))
    }
}

impl Handler<ServiceBackend> for UpdateTemplateStageRecipient {
    fn handle(
        self,
        backend: &ServiceBackend,
        caller: &Arc<UserCaller>,
    ) -> Result<WorkflowRecipientObject, Fault> {
        let stage = stage_id(&self.stage_id)?;
        let to = self.recipient;
        let id = to.recipient_id.ok_or_else(|| faults::missing_parameter("int", "recipient_id"))?;
        let edit = TemplatePersonEdit {
            stage: to.stage_id.filter(|id| *id != 0).map(TemplateStageId),
            role: code("role", to.role, Role::from_code)?,
            alert: code("email_notification", to.email_notification, Alert::from_code)?,
            primary: to.primary_decision_maker,
        };
        let person = backend
            .service
            .update_template_person(caller, stage, TemplatePersonId(id), &edit)
            .map_err(faults::of)?;
        Ok(WorkflowRecipientObject::of(&person))
    }
}

impl Handler<ServiceBackend> for DeleteTemplateStageRecipient {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<bool, Fault> {
        let (stage, id) = (stage_id(&self.stage_id)?, person_id(&self.recipient_id)?);
        backend.service.delete_template_people(caller, stage, &[id]).map_err(faults::of)?;
        Ok(true)
    }
}

impl Handler<ServiceBackend> for DeleteTemplateStageRecipients {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<bool, Fault> {
        if self.recipient_ids.is_empty() {
            return Err(faults::missing_parameter("IntArray", "RecipientIDs"));
        }
        let ids: Vec<_> = self.recipient_ids.iter().map(|id| TemplatePersonId(*id)).collect();
        let stage = stage_id(&self.stage_id)?;
        backend.service.delete_template_people(caller, stage, &ids).map_err(faults::of)?;
        Ok(true)
    }
}
