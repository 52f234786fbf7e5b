//! Creating, changing, sharing and deleting templates.

use super::objects::{WorkflowStageRequestObject, WorkflowTemplateObject, stages_together};
use super::template_id;
use crate::backend::{ServiceBackend, user_id};
use crate::dispatch::Handler;
use crate::faults;
use galley_model::{AccountId, UserId};
use galley_service::{TemplateEdit, TemplateInput, UserCaller};
use soap::{Fault, SoapRequest};
use std::sync::Arc;

/// Creates a template. For administrators.
#[derive(SoapRequest)]
#[soap(operation = "createWorkflowTemplate", answer = WorkflowTemplateObject, section = "Templates", since = "14.4")]
pub struct CreateWorkflowTemplate {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// Name of the template.
    #[soap(name = "Name", required)]
    pub name: String,
    /// Account to create it in; the caller's own when empty.
    #[soap(name = "AccountID")]
    pub account_id: Option<i64>,
    /// Administrator who is to own it; 0 or nothing means the caller.
    #[soap(name = "OwnerID")]
    pub owner_id: Option<i64>,
    /// Its stages, in their order.
    #[soap(name = "Stages", required)]
    pub stages: Vec<WorkflowStageRequestObject>,
    /// Users who may make proofs of it beside administrators.
    #[soap(name = "SharedUsers")]
    pub shared_users: Vec<i64>,
}

/// Changes a template; what is absent or empty stays. For administrators.
#[derive(SoapRequest)]
#[soap(operation = "updateWorkflowTemplate", answer = WorkflowTemplateObject, section = "Templates", since = "14.4")]
pub struct UpdateWorkflowTemplate {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The template.
    #[soap(name = "WorkflowTemplateID", required)]
    pub workflow_template_id: String,
    /// Name of the template.
    #[soap(name = "Name")]
    pub name: Option<String>,
    /// Administrator who is to own it; 0 or nothing leaves the owner.
    #[soap(name = "OwnerID")]
    pub owner_id: Option<i64>,
    /// Users who may make proofs of it beside administrators, in place of those before.
    #[soap(name = "SharedUsers")]
    pub shared_users: Vec<i64>,
}

/// Shares a template with more users. For administrators.
#[derive(SoapRequest)]
#[soap(operation = "shareWorkflowTemplate", answer = WorkflowTemplateObject, section = "Templates", since = "14.4")]
pub struct ShareWorkflowTemplate {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The template.
    #[soap(name = "WorkflowTemplateID", required)]
    pub workflow_template_id: String,
    /// Users to share it with.
    #[soap(name = "SharedUsers", required)]
    pub shared_users: Vec<i64>,
}

/// Takes a template away from users. For administrators.
#[derive(SoapRequest)]
#[soap(operation = "unshareWorkflowTemplate", answer = WorkflowTemplateObject, section = "Templates", since = "14.4")]
pub struct UnshareWorkflowTemplate {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The template.
    #[soap(name = "WorkflowTemplateID", required)]
    pub workflow_template_id: String,
    /// Users to take it away from.
    #[soap(name = "SharedUsers", required)]
    pub shared_users: Vec<i64>,
}

/// Deletes a template. Proofs made of it stay as they are. For administrators.
#[derive(SoapRequest)]
#[soap(operation = "deleteWorkflowTemplate", answer = bool, section = "Templates", since = "14.4")]
pub struct DeleteWorkflowTemplate {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The template.
    #[soap(name = "WorkflowTemplateID", required)]
    pub workflow_template_id: String,
}

fn users(ids: &[i64]) -> Vec<UserId> {
    ids.iter().map(|id| UserId(*id)).collect()
}

/// Users to share a template with, or to take it away from.
fn some_users(ids: &[i64]) -> Result<Vec<UserId>, Fault> {
    if ids.is_empty() {
        return Err(faults::missing_parameter("IntArray", "SharedUsers"));
    }
    Ok(users(ids))
}

impl Handler<ServiceBackend> for CreateWorkflowTemplate {
    fn handle(
        self,
        backend: &ServiceBackend,
        caller: &Arc<UserCaller>,
    ) -> Result<WorkflowTemplateObject, Fault> {
        if self.stages.is_empty() {
            return Err(faults::missing_parameter("SOAPWorkflowStageRequestObjectArray", "Stages"));
        }
        let input = TemplateInput {
            account: self.account_id.filter(|id| *id != 0).map(AccountId),
            owner: user_id(self.owner_id),
            stages: stages_together(&self.stages)?,
            shared: users(&self.shared_users),
            name: self.name,
        };
        let template = backend.service.create_template(caller, &input).map_err(faults::of)?;
        Ok(WorkflowTemplateObject::of(&template))
    }
}

impl Handler<ServiceBackend> for UpdateWorkflowTemplate {
    fn handle(
        self,
        backend: &ServiceBackend,
        caller: &Arc<UserCaller>,
    ) -> Result<WorkflowTemplateObject, Fault> {
        let id = template_id(&self.workflow_template_id)?;
        let edit = TemplateEdit {
            name: self.name.filter(|name| !name.trim().is_empty()),
            owner: user_id(self.owner_id),
            // An empty list is what clients send for no value; unshareWorkflowTemplate empties it.
            shared: Some(users(&self.shared_users)).filter(|users| !users.is_empty()),
        };
        let template = backend.service.update_template(caller, id, &edit).map_err(faults::of)?;
        Ok(WorkflowTemplateObject::of(&template))
    }
}

impl Handler<ServiceBackend> for ShareWorkflowTemplate {
    fn handle(
        self,
        backend: &ServiceBackend,
        caller: &Arc<UserCaller>,
    ) -> Result<WorkflowTemplateObject, Fault> {
        let (id, users) = (template_id(&self.workflow_template_id)?, some_users(&self.shared_users)?);
        let template = backend.service.share_template(caller, id, &users, true).map_err(faults::of)?;
        Ok(WorkflowTemplateObject::of(&template))
    }
}

impl Handler<ServiceBackend> for UnshareWorkflowTemplate {
    fn handle(
        self,
        backend: &ServiceBackend,
        caller: &Arc<UserCaller>,
    ) -> Result<WorkflowTemplateObject, Fault> {
        let (id, users) = (template_id(&self.workflow_template_id)?, some_users(&self.shared_users)?);
        let template = backend.service.share_template(caller, id, &users, false).map_err(faults::of)?;
        Ok(WorkflowTemplateObject::of(&template))
    }
}

impl Handler<ServiceBackend> for DeleteWorkflowTemplate {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<bool, Fault> {
        let id = template_id(&self.workflow_template_id)?;
        backend.service.delete_template(caller, id).map_err(faults::of)?;
        Ok(true)
    }
}
