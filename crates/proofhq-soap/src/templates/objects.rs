//! Templates on the wire.

use super::code;
use crate::faults;
use galley_model::{
    Alert, DayTime, DeadlineFrom, Role, StageLocking, StartTrigger, Template, TemplatePerson, TemplateStage,
};
use galley_service::{TemplatePersonInput, TemplateStageInput, TemplateStageRef};
use soap::{Fault, SoapObject};

/// A template in short.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(
    name = "SOAPWorkflowTemplateBasicObject",
    array = "SOAPWorkflowTemplateBasicObjectArray",
    since = "16.24"
)]
pub struct WorkflowTemplateBasicObject {
    /// Its id.
    pub workflow_template_id: i64,
    /// User who owns it.
    pub owner_id: i64,
    /// Its name.
    pub name: String,
    /// Users it is shared with.
    pub shared_users: Vec<i64>,
}

/// A template.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPWorkflowTemplateObject", since = "16.24")]
pub struct WorkflowTemplateObject {
    /// Its id.
    pub workflow_template_id: i64,
    /// User who owns it.
    pub owner_id: i64,
    /// Its name.
    pub name: String,
    /// Its stages, in their order.
    pub stages: Vec<WorkflowStageObject>,
    /// Users it is shared with.
    pub shared_users: Vec<i64>,
}

/// A stage of a template.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPWorkflowStageObject", array = "SOAPWorkflowStageObjectArray", since = "16.24")]
pub struct WorkflowStageObject {
    /// Its id.
    pub stage_id: i64,
    /// Its name.
    pub name: String,
    /// Business days until it is due.
    pub deadline_days: i64,
    /// Hour of that day.
    pub deadline_hours: i64,
    /// Minute of that hour.
    pub deadline_minutes: i64,
    /// What starts it: 1 to 7.
    pub start_trigger: i64,
    /// Stage that it follows; 0 for none.
    pub start_dependent_stage_id: i64,
    /// Business days until it starts.
    pub start_dependent_days: i64,
    /// Hour of that day.
    pub start_dependent_hours: i64,
    /// Minute of that hour.
    pub start_dependent_minutes: i64,
    /// What locks it: 1 to 4.
    pub stage_locking: i64,
    /// Recipient whose decision counts for all.
    #[soap(nillable_since = "16.24")]
    pub stage_primary_decision_maker_recipient_id: Option<i64>,
    /// Whether the first decision is the only one.
    pub stage_one_decision_only: bool,
    /// Whether only its own people see it.
    pub stage_private: bool,
    /// People on it, in the order they were added.
    pub stage_reviewers: Vec<WorkflowRecipientObject>,
    /// What the deadline is counted from: 1 the making of the proof, 2 the start of the stage.
    #[soap(nillable_since = "16.24")]
    pub deadline_calculate_on: Option<i64>,
}

/// Somebody on a stage of a template.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPWorkflowRecipientObject", array = "SOAPWorkflowRecipientObjectArray", since = "16.24")]
pub struct WorkflowRecipientObject {
    /// Its id.
    pub recipient_id: i64,
    /// The stage.
    pub stage_id: i64,
    /// Full name.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// Job title.
    pub position: String,
    /// Number of the role.
    pub role: i64,
    /// Number of the alert level.
    pub email_notification: i64,
    /// Whether their decision counts for all.
    pub primary_decision_maker: bool,
}

/// Somebody to put on a stage of a template.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(
    name = "SOAPWorkflowRecipientRequestObject",
    array = "SOAPWorkflowRecipientRequestObjectArray",
    since = "16.24"
)]
pub struct WorkflowRecipientRequestObject {
    /// E-mail address.
    pub email: Option<String>,
    /// Role: 1, 3, 4, 5, 6 or 7; the person's own default when empty.
    pub role: Option<i64>,
    /// Alert level: 1 to 6, or 9 for none.
    pub email_notification: Option<i64>,
    /// Whether their decision counts for all.
    pub primary_decision_maker: Option<bool>,
}

/// A stage to add to a template.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(
    name = "SOAPWorkflowStageRequestObject",
    array = "SOAPWorkflowStageRequestObjectArray",
    since = "14.4"
)]
pub struct WorkflowStageRequestObject {
    /// Number of your own by which other stages of the same request refer to it.
    pub stage_id: Option<i64>,
    /// Its name.
    pub name: Option<String>,
    /// Business days until it is due; nothing for no deadline.
    pub deadline_days: Option<i64>,
    /// Hour of that day.
    pub deadline_hours: Option<i64>,
    /// Minute of that hour.
    pub deadline_minutes: Option<i64>,
    /// What starts it: 1 to 7; at once when empty.
    pub start_trigger: Option<i64>,
    /// Stage that it follows: the number or, where no stage has one, the position from 1 of a stage of the
    /// same request, or the id of one that is there. The stage before it when empty.
    pub start_dependent_stage_id: Option<i64>,
    /// Business days until it starts, with trigger 3.
    pub start_dependent_days: Option<i64>,
    /// Hour of that day.
    pub start_dependent_hours: Option<i64>,
    /// Minute of that hour.
    pub start_dependent_minutes: Option<i64>,
    /// What locks it: 1 to 4; by hand when empty.
    pub stage_locking: Option<i64>,
    /// Whether the first decision is the only one.
    pub stage_one_decision_only: Option<bool>,
    /// Whether only its own people see it.
    pub stage_private: Option<bool>,
    /// People on it, one at least.
    pub stage_reviewers: Vec<WorkflowRecipientRequestObject>,
    /// What the deadline is counted from: 1 the making of the proof, 2 the start of the stage.
    #[soap(nillable_since = "16.24")]
    pub deadline_calculate_on: Option<i64>,
}

/// Changes of a stage of a template; what is absent, empty or no number of its kind stays.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPWorkflowStageRequestUpdateObject", since = "16.24")]
pub struct WorkflowStageRequestUpdateObject {
    /// The stage.
    pub stage_id: Option<i64>,
    /// Its name.
    pub name: Option<String>,
    /// Business days until it is due; with hour and minute all zero there is no deadline.
    pub deadline_days: Option<i64>,
    /// Hour of that day.
    pub deadline_hours: Option<i64>,
    /// Minute of that hour.
    pub deadline_minutes: Option<i64>,
    /// What starts it: 1 to 7.
    pub start_trigger: Option<i64>,
    /// Stage that it follows.
    pub start_dependent_stage_id: Option<i64>,
    /// Business days until it starts, with trigger 3.
    pub start_dependent_days: Option<i64>,
    /// Hour of that day.
    pub start_dependent_hours: Option<i64>,
    /// Minute of that hour.
    pub start_dependent_minutes: Option<i64>,
    /// What locks it: 1 to 4.
    pub stage_locking: Option<i64>,
    /// Whether the first decision is the only one.
    pub stage_one_decision_only: Option<bool>,
    /// Whether only its own people see it.
    pub stage_private: Option<bool>,
}

/// Changes of somebody on a stage of a template; what is absent or empty stays.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPWorkflowRecipientRequestUpdateObject", since = "16.24")]
pub struct WorkflowRecipientRequestUpdateObject {
    /// The recipient.
    pub recipient_id: Option<i64>,
    /// Another stage of the template to move to.
    pub stage_id: Option<i64>,
    /// Role: 1, 3, 4, 5, 6 or 7.
    pub role: Option<i64>,
    /// Alert level: 1 to 6, or 9 for none.
    pub email_notification: Option<i64>,
    /// Whether their decision counts for all.
    pub primary_decision_maker: Option<bool>,
}

impl WorkflowTemplateBasicObject {
    pub(super) fn of(template: &Template) -> WorkflowTemplateBasicObject {
        WorkflowTemplateBasicObject {
            workflow_template_id: template.id.0,
            owner_id: template.owner.0,
            name: template.name.clone(),
            shared_users: template.shared.iter().map(|user| user.0).collect(),
        }
    }
}

impl WorkflowTemplateObject {
    pub(super) fn of(template: &Template) -> WorkflowTemplateObject {
        WorkflowTemplateObject {
            workflow_template_id: template.id.0,
            owner_id: template.owner.0,
            name: template.name.clone(),
            stages: template.stages.iter().map(WorkflowStageObject::of).collect(),
            shared_users: template.shared.iter().map(|user| user.0).collect(),
        }
    }
}

/// Days, hour and minute; zeros without a time.
fn parts(time: Option<DayTime>) -> (i64, i64, i64) {
    let part = |of: fn(DayTime) -> u16| time.map_or(0, |time| i64::from(of(time)));
    (part(|time| time.days), part(DayTime::hour), part(DayTime::minute_of_hour))
}

impl WorkflowStageObject {
    pub(super) fn of(stage: &TemplateStage) -> WorkflowStageObject {
        let rules = &stage.rules;
        let (deadline, start) = (parts(rules.deadline), parts(rules.start));
        let primary = stage.people.iter().find(|person| person.primary);
        WorkflowStageObject {
            stage_id: stage.id.0,
            name: stage.name.clone(),
            deadline_days: deadline.0,
            deadline_hours: deadline.1,
            deadline_minutes: deadline.2,
            start_trigger: rules.trigger.code(),
            start_dependent_stage_id: rules.parent.map_or(0, |parent| parent.0),
            start_dependent_days: start.0,
            start_dependent_hours: start.1,
            start_dependent_minutes: start.2,
            stage_locking: rules.locking.code(),
            stage_primary_decision_maker_recipient_id: primary.map(|person| person.id.0),
            stage_one_decision_only: rules.one_decision,
            stage_private: rules.private,
            stage_reviewers: stage.people.iter().map(WorkflowRecipientObject::of).collect(),
            deadline_calculate_on: Some(rules.deadline_from.code()),
        }
    }
}

impl WorkflowRecipientObject {
    pub(super) fn of(person: &TemplatePerson) -> WorkflowRecipientObject {
        WorkflowRecipientObject {
            recipient_id: person.id.0,
            stage_id: person.stage.0,
            name: person.name.clone(),
            email: person.email.clone(),
            position: person.position.clone(),
            role: person.role.code(),
            email_notification: person.alert.code(),
            primary_decision_maker: person.primary,
        }
    }
}

impl WorkflowRecipientRequestObject {
    pub(super) fn input(&self) -> Result<TemplatePersonInput, Fault> {
        let email = self.email.clone().filter(|email| !email.trim().is_empty());
        Ok(TemplatePersonInput {
            email: email.ok_or_else(|| faults::missing_parameter("string", "email"))?,
            role: code("role", self.role, Role::from_code)?,
            alert: code("email_notification", self.email_notification, Alert::from_code)?,
            primary: self.primary_decision_maker.unwrap_or(false),
        })
    }
}

impl WorkflowStageRequestObject {
    /// The stage without the one it follows.
    pub(super) fn input(&self) -> Result<TemplateStageInput, Fault> {
        let time = |field: &'static str, days: Option<i64>, hour: Option<i64>, minute: Option<i64>| {
            let (days, hour, minute) = (days.unwrap_or(0), hour.unwrap_or(0), minute.unwrap_or(0));
            DayTime::new(days, hour, minute)
                .map_err(|_| faults::invalid_value(field, &format!("{days} {hour}:{minute}")))
        };
        let people = self.stage_reviewers.iter().map(WorkflowRecipientRequestObject::input);
        Ok(TemplateStageInput {
            name: self.name.clone().unwrap_or_default(),
            trigger: code("start_trigger", self.start_trigger, StartTrigger::from_code)?.unwrap_or_default(),
            parent: None,
            start: time(
                "start_dependent_days",
                self.start_dependent_days,
                self.start_dependent_hours,
                self.start_dependent_minutes,
            )?,
            locking: code("stage_locking", self.stage_locking, StageLocking::from_code)?.unwrap_or_default(),
            deadline: time("deadline_days", self.deadline_days, self.deadline_hours, self.deadline_minutes)?,
            deadline_from: code(
                "deadline_calculate_on",
                self.deadline_calculate_on,
                DeadlineFrom::from_code,
            )?
            .unwrap_or_default(),
            one_decision: self.stage_one_decision_only.unwrap_or(false),
            private: self.stage_private.unwrap_or(false),
            people: people.collect::<Result<_, _>>()?,
        })
    }
}

/// Stages made together. One follows another by the number that the request gives that one or, where no
/// stage has a number, by its position.
pub(super) fn stages_together(
    stages: &[WorkflowStageRequestObject],
) -> Result<Vec<TemplateStageInput>, Fault> {
    let numbered = stages.iter().any(|stage| stage.stage_id.is_some_and(|id| id != 0));
    let place = |number: i64| {
        if numbered {
            stages.iter().position(|stage| stage.stage_id == Some(number))
        } else {
            usize::try_from(number).ok().and_then(|at| at.checked_sub(1)).filter(|at| *at < stages.len())
        }
    };
    let input = |stage: &WorkflowStageRequestObject| {
        let parent = match stage.start_dependent_stage_id.filter(|id| *id != 0) {
            Some(id) => {
                let place = place(id)
                    .ok_or_else(|| faults::invalid_value("start_dependent_stage_id", &id.to_string()))?;
                Some(TemplateStageRef::Place(place))
            }
            None => None,
        };
        Ok(TemplateStageInput { parent, ..stage.input()? })
    };
    stages.iter().map(input).collect()
}
