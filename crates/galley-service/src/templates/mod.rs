//! Workflow templates (`product.md` 4.3).

mod edit;
mod stages;

pub use edit::{TemplateEdit, TemplateInput};
pub use stages::{
    TemplatePersonEdit, TemplatePersonInput, TemplateStageEdit, TemplateStageInput, TemplateStageRef,
    TimeEdit,
};

use crate::accounts::reach;
use crate::error::sentence;
use crate::stages::{StageInput, StageRef};
use crate::{Missing, ReviewerInput, Service, ServiceError, UserCaller};
use galley_model::{
    AccountId, Alert, DayTime, RelativeDeadline, StartTrigger, Template, TemplateError, TemplateId,
    TemplatePerson, TemplatePersonId, TemplateStage, TemplateStageId, Timestamp, business_days_after,
};
use galley_store::Read;
use jiff::tz::TimeZone;

impl From<TemplateError> for ServiceError {
    fn from(error: TemplateError) -> Self {
        match error {
            TemplateError::Empty(_) => ServiceError::EmptyStage,
            error => ServiceError::Invalid("template", sentence(&error.to_string())),
        }
    }
}

fn missing() -> ServiceError {
    ServiceError::NotFound(Missing::Template)
}

/// Whoever administers the account sees all of its templates; others see those that they own or that
/// are shared with them.
fn sees(caller: &UserCaller, template: &Template) -> bool {
    caller.profile().administers() || template.owner == caller.id() || template.shared.contains(&caller.id())
}

/// The template, if the caller may use it.
fn visible(tx: &Read<'_>, caller: &UserCaller, id: TemplateId) -> Result<Template, ServiceError> {
    let template = tx.template(id)?.ok_or_else(missing)?;
    match reach(tx, caller, Some(template.account)) {
        Ok(_) if sees(caller, &template) => Ok(template),
        Ok(_) | Err(ServiceError::NotFound(_)) => Err(missing()),
        Err(error) => Err(error),
    }
}

/// The template, if the caller may change it. One they merely use is forbidden.
fn editable_template(tx: &Read<'_>, caller: &UserCaller, id: TemplateId) -> Result<Template, ServiceError> {
    let template = visible(tx, caller, id)?;
    if caller.profile().administers() { Ok(template) } else { Err(ServiceError::Forbidden) }
}

fn stage(template: &Template, id: TemplateStageId) -> Result<&TemplateStage, ServiceError> {
    let found = template.stages.iter().find(|stage| stage.id == id);
    found.ok_or(ServiceError::NotFound(Missing::Stage))
}

fn person(template: &Template, id: TemplatePersonId) -> Result<&TemplatePerson, ServiceError> {
    let found = template.stages.iter().flat_map(|stage| &stage.people).find(|person| person.id == id);
    found.ok_or(ServiceError::NotFound(Missing::Reviewer))
}

/// The template that has a stage, if the caller may use it. None of it is found otherwise.
fn of_stage(tx: &Read<'_>, caller: &UserCaller, id: TemplateStageId) -> Result<Template, ServiceError> {
    let missing = || ServiceError::NotFound(Missing::Stage);
    let template = tx.template_of_stage(id)?.ok_or_else(missing)?;
    visible(tx, caller, template).map_err(|error| match error {
        ServiceError::NotFound(_) => missing(),
        error => error,
    })
}

impl Service {
    /// Templates that the caller may use, by name, without their stages. No account means the caller's.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for an account out of reach.
    pub fn templates(
        &self,
        caller: &UserCaller,
        account: Option<AccountId>,
    ) -> Result<Vec<Template>, ServiceError> {
        self.store().read(|tx| {
            let account = reach(tx, caller, account)?.id;
            let mut templates = tx.templates(account)?;
            templates.retain(|template| sees(caller, template));
            Ok(templates)
        })
    }

    /// The template with its stages and people.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`].
    pub fn template(&self, caller: &UserCaller, id: TemplateId) -> Result<Template, ServiceError> {
        self.store().read(|tx| visible(tx, caller, id))
    }

    /// One stage of a template.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`].
    pub fn template_stage(
        &self,
        caller: &UserCaller,
        id: TemplateStageId,
    ) -> Result<TemplateStage, ServiceError> {
        self.store().read(|tx| Ok(stage(&of_stage(tx, caller, id)?, id)?.clone()))
    }

    /// One person on a stage of a template.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`].
    pub fn template_person(
        &self,
        caller: &UserCaller,
        id: TemplatePersonId,
    ) -> Result<TemplatePerson, ServiceError> {
        let missing = || ServiceError::NotFound(Missing::Reviewer);
        self.store().read(|tx| {
            let template = tx.template_of_person(id)?.ok_or_else(missing)?;
            let template = visible(tx, caller, template).map_err(|error| match error {
                ServiceError::NotFound(_) => missing(),
                error => error,
            })?;
            Ok(person(&template, id)?.clone())
        })
    }

    /// The stages of a template for a proof that is made now.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Invalid`] when a day of it is too far away.
    pub fn stages_of_template(
        &self,
        caller: &UserCaller,
        id: TemplateId,
        notify: bool,
    ) -> Result<Vec<StageInput>, ServiceError> {
        let now = self.now();
        let template = self.store().read(|tx| visible(tx, caller, id))?;
        (0..template.stages.len()).map(|at| stage_input(&template, at, notify, now)).collect()
    }
}

/// A stage of a template as a stage of a proof made now.
fn stage_input(
    template: &Template,
    at: usize,
    notify: bool,
    now: Timestamp,
) -> Result<StageInput, ServiceError> {
    let stage = &template.stages[at];
    let rules = &stage.rules;
    let start = |time: DayTime| {
        let zone = TimeZone::get(&template.zone).unwrap_or(TimeZone::UTC);
        business_days_after(now, time.days, time.minute, &zone)
            .ok_or_else(|| ServiceError::Invalid("start", "The start of a stage is too far away.".to_owned()))
    };
    let dated = rules.trigger == StartTrigger::Date;
    let parent = rules.parent.and_then(|id| template.stages.iter().position(|stage| stage.id == id));
    let reviewers = stage.people.iter().map(|person| ReviewerInput {
        email: person.email.clone(),
        name: Some(person.name.clone()),
        role: Some(person.role),
        alert: Some(person.alert).filter(|alert| *alert != Alert::OwnDefault),
        position: Some(person.position.clone()),
        primary: person.primary.then_some(true),
        notify,
        ..ReviewerInput::default()
    });
    Ok(StageInput {
        name: stage.name.clone(),
        trigger: rules.trigger,
        parent: parent.map(StageRef::Place),
        start_at: rules.start.filter(|_| dated).map(start).transpose()?,
        locking: rules.locking,
        deadline: None,
        relative: rules.deadline.map(|time| RelativeDeadline {
            days: time.days,
            minute: time.minute,
            zone: template.zone.clone(),
        }),
        deadline_from: rules.deadline_from,
        one_decision: rules.one_decision,
        private: rules.private,
        mandatory: false,
        reviewers: reviewers.collect(),
    })
}
