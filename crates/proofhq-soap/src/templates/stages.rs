//! Stages of templates.

use super::objects::{
    WorkflowStageObject, WorkflowStageRequestObject, WorkflowStageRequestUpdateObject, WorkflowTemplateObject,
};
use super::{code, stage_id, template_id};
use crate::backend::ServiceBackend;
use crate::dispatch::Handler;
use crate::faults;
use galley_model::{StageLocking, StartTrigger, TemplateId, TemplateStageId};
use galley_service::{TemplateStageEdit, TemplateStageInput, TemplateStageRef, TimeEdit, UserCaller};
use soap::{Fault, SoapRequest};
use std::sync::Arc;

/// Adds a stage to a template, behind the others. For administrators.
#[derive(SoapRequest)]
#[soap(operation = "addTemplateStage", answer = WorkflowTemplateObject, section = "Templates", since = "14.4")]
pub struct AddTemplateStage {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The template.
    #[soap(name = "WorkflowTemplateID", required)]
    pub workflow_template_id: i64,
    /// The stage.
    #[soap(name = "Stage", required)]
    pub stage: WorkflowStageRequestObject,
}

/// Changes a stage of a template. For administrators.
#[derive(SoapRequest)]
#[soap(operation = "updateTemplateStage", answer = WorkflowStageObject, section = "Templates", since = "14.4")]
pub struct UpdateTemplateStage {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The template.
    #[soap(name = "WorkflowTemplateID", required)]
    pub workflow_template_id: String,
    /// The changes, with the id of the stage.
    #[soap(name = "Stage", required)]
    pub stage: WorkflowStageRequestUpdateObject,
}

/// Deletes a stage of a template with the recipients on it. For administrators.
#[derive(SoapRequest)]
#[soap(operation = "deleteTemplateStage", answer = bool, section = "Templates", since = "14.4")]
pub struct DeleteTemplateStage {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The template.
    #[soap(name = "WorkflowTemplateID", required)]
    pub workflow_template_id: String,
    /// The stage.
    #[soap(name = "StageID", required)]
    pub stage_id: String,
}

/// Deletes several stages of a template, all of them or none. For administrators.
#[derive(SoapRequest)]
#[soap(operation = "deleteTemplateStages", answer = bool, section = "Templates", since = "14.4")]
pub struct DeleteTemplateStages {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The template.
    #[soap(name = "WorkflowTemplateID", required)]
    pub workflow_template_id: String,
    /// The stages.
    #[soap(name = "StageIDs", required)]
    pub stage_ids: Vec<i64>,
}

impl Handler<ServiceBackend> for AddTemplateStage {
    fn handle(
        self,
        backend: &ServiceBackend,
        caller: &Arc<UserCaller>,
    ) -> Result<WorkflowTemplateObject, Fault> {
        let follows = self.stage.start_dependent_stage_id.filter(|id| *id != 0);
        let parent = follows.map(|id| TemplateStageRef::Stage(TemplateStageId(id)));
        let input = TemplateStageInput { parent, ..self.stage.input()? };
        let id = TemplateId(self.workflow_template_id);
        let template = backend.service.add_template_stage(caller, id, &input).map_err(faults::of)?;
        Ok(WorkflowTemplateObject::of(&template))
    }
}

impl Handler<ServiceBackend> for UpdateTemplateStage {
    fn handle(
        self,
        backend: &ServiceBackend,
        caller: &Arc<UserCaller>,
    ) -> Result<WorkflowStageObject, Fault> {
        let template = template_id(&self.workflow_template_id)?;
        let stage = self.stage;
        let id = stage.stage_id.ok_or_else(|| faults::missing_parameter("int", "stage_id"))?;
        let edit = TemplateStageEdit {
            name: stage.name.filter(|name| !name.trim().is_empty()),
            trigger: code("start_trigger", stage.start_trigger, StartTrigger::from_code)?,
            parent: stage.start_dependent_stage_id.filter(|id| *id != 0).map(TemplateStageId),
            start: TimeEdit {
                days: stage.start_dependent_days,
                hour: stage.start_dependent_hours,
                minute: stage.start_dependent_minutes,
            },
            locking: code("stage_locking", stage.stage_locking, StageLocking::from_code)?,
            deadline: TimeEdit {
                days: stage.deadline_days,
                hour: stage.deadline_hours,
                minute: stage.deadline_minutes,
            },
            one_decision: stage.stage_one_decision_only,
            private: stage.stage_private,
        };
        let stage = backend
            .service
            .update_template_stage(caller, template, TemplateStageId(id), &edit)
            .map_err(faults::of)?;
        Ok(WorkflowStageObject::of(&stage))
    }
}

impl Handler<ServiceBackend> for DeleteTemplateStage {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<bool, Fault> {
        let (template, id) = (template_id(&self.workflow_template_id)?, stage_id(&self.stage_id)?);
        backend.service.delete_template_stages(caller, template, &[id]).map_err(faults::of)?;
        Ok(true)
    }
}

impl Handler<ServiceBackend> for DeleteTemplateStages {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<bool, Fault> {
        if self.stage_ids.is_empty() {
            return Err(faults::missing_parameter("IntArray", "StageIDs"));
        }
        let ids: Vec<_> = self.stage_ids.iter().map(|id| TemplateStageId(*id)).collect();
        let template = template_id(&self.workflow_template_id)?;
        backend.service.delete_template_stages(caller, template, &ids).map_err(faults::of)?;
        Ok(true)
    }
}
