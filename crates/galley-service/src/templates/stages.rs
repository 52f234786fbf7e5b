//! Stages of templates and the people on them.

use super::{person, stage};
use crate::error::bad_name;
use crate::reviewers::known_person;
use crate::{Missing, Service, ServiceError, UserCaller};
use galley_model::{
    AccountId, Alert, DayTime, DeadlineFrom, MAX_STAGES, Role, SYSTEM_STAGE, StageLocking, StartTrigger,
    Template, TemplateError, TemplateId, TemplatePerson, TemplatePersonId, TemplateRules, TemplateStage,
    TemplateStageId, Timestamp, clean_name, email_address,
};
use galley_store::{NewTemplatePerson, Write};

/// Most people on one stage of a template.
const MAX_PEOPLE: usize = 500;

/// The stage that another one follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TemplateStageRef {
    /// Among the stages made together with it, from 0.
    Place(usize),
    /// One that is there.
    Stage(TemplateStageId),
}

/// A stage of a template to be.
#[derive(Clone, Debug, Default)]
pub struct TemplateStageInput {
    /// Name as people read it; blank takes a number.
    pub name: String,
    /// What starts it.
    pub trigger: StartTrigger,
    /// The stage it follows; none is the one before it, unless it starts at once.
    pub parent: Option<TemplateStageRef>,
    /// When it starts, with [`StartTrigger::Date`].
    pub start: Option<DayTime>,
    /// What locks it.
    pub locking: StageLocking,
    /// When it is due.
    pub deadline: Option<DayTime>,
    /// What the deadline is counted from.
    pub deadline_from: DeadlineFrom,
    /// The first decision made is the decision of the stage.
    pub one_decision: bool,
    /// Seen only by its people and by those who may edit the proof.
    pub private: bool,
    /// People on it, one at least. Somebody named twice is on it once, as named first.
    pub people: Vec<TemplatePersonInput>,
}

/// Somebody to put on a stage of a template.
#[derive(Clone, Debug, Default)]
pub struct TemplatePersonInput {
    /// Address.
    pub email: String,
    /// What they may do; none takes their default.
    pub role: Option<Role>,
    /// How much mail they want.
    pub alert: Option<Alert>,
    /// Their decision alone counts on the stage.
    pub primary: bool,
}

/// Changes of a time. What is not given stays; all zero is no time.
#[derive(Clone, Copy, Debug, Default)]
pub struct TimeEdit {
    /// Business days.
    pub days: Option<i64>,
    /// Hour of the day.
    pub hour: Option<i64>,
    /// Minute of the hour.
    pub minute: Option<i64>,
}

impl TimeEdit {
    fn apply(self, before: Option<DayTime>) -> Result<Option<DayTime>, TemplateError> {
        let old = |part: fn(DayTime) -> u16| i64::from(before.map_or(0, part));
        DayTime::new(
            self.days.unwrap_or(old(|time| time.days)),
            self.hour.unwrap_or(old(DayTime::hour)),
            self.minute.unwrap_or(old(DayTime::minute_of_hour)),
        )
    }
}

/// Changes of a stage of a template. What is not given stays.
#[derive(Clone, Debug, Default)]
pub struct TemplateStageEdit {
    /// Name as people read it.
    pub name: Option<String>,
    /// What starts it.
    pub trigger: Option<StartTrigger>,
    /// The stage it follows.
    pub parent: Option<TemplateStageId>,
    /// When it starts, with [`StartTrigger::Date`].
    pub start: TimeEdit,
    /// What locks it.
    pub locking: Option<StageLocking>,
    /// When it is due.
    pub deadline: TimeEdit,
    /// The first decision made is the decision of the stage.
    pub one_decision: Option<bool>,
    /// Seen only by its people and by those who may edit the proof.
    pub private: Option<bool>,
}

/// Changes of somebody on a stage of a template. What is not given stays.
#[derive(Clone, Copy, Debug, Default)]
pub struct TemplatePersonEdit {
    /// Another stage of the template to move to.
    pub stage: Option<TemplateStageId>,
    /// What they may do.
    pub role: Option<Role>,
    /// How much mail they want.
    pub alert: Option<Alert>,
    /// Their decision alone counts on the stage, and nobody else's.
    pub primary: Option<bool>,
}

/// Adds a stage behind the others of a template.
pub(super) fn add_stage(
    tx: &Write<'_>,
    template: &Template,
    input: &TemplateStageInput,
    parent: Option<TemplateStageId>,
    now: Timestamp,
) -> Result<TemplateStageId, ServiceError> {
    if template.stages.len() >= MAX_STAGES {
        let text = format!("A template can have at most {MAX_STAGES} stages.");
        return Err(ServiceError::Conflict(text));
    }
    let name = match input.name.trim() {
        "" if template.stages.is_empty() => SYSTEM_STAGE.to_owned(),
        "" => format!("{SYSTEM_STAGE} {}", template.stages.len() + 1),
        name => clean_name(name).map_err(bad_name("name"))?,
    };
    let before = template.stages.last().map(|stage| stage.id);
    let rules = TemplateRules {
        trigger: input.trigger,
        parent: parent.or(before.filter(|_| input.trigger != StartTrigger::AtOnce)),
        start: input.start,
        locking: input.locking,
        deadline: input.deadline,
        deadline_from: input.deadline_from,
        one_decision: input.one_decision,
        private: input.private,
    };
    let id = tx.add_template_stage(template.id, &name, &rules)?;
    put_people(tx, template.account, id, &[], &input.people, now)?;
    Ok(id)
}

/// Puts people on a stage; those who are on it are left as they are. Strangers become known.
fn put_people(
    tx: &Write<'_>,
    account: AccountId,
    stage: TemplateStageId,
    there: &[TemplatePerson],
    people: &[TemplatePersonInput],
    now: Timestamp,
) -> Result<(), ServiceError> {
    if there.len() + people.len() > MAX_PEOPLE {
        let text = format!("A stage of a template can have at most {MAX_PEOPLE} people.");
        return Err(ServiceError::Conflict(text));
    }
    let mut known: Vec<_> = there.iter().map(|person| person.person).collect();
    for input in people {
        let email = email_address(&input.email).map_err(|_| {
            let shown: String = input.email.chars().take(80).collect();
            ServiceError::Invalid("email", format!("'{shown}' is not an e-mail address."))
        })?;
        let person = known_person(tx, account, &email, None, now)?;
        if known.contains(&person.id) {
            continue;
        }
        known.push(person.id);
        tx.add_template_person(&NewTemplatePerson {
            stage,
            person: person.id,
            role: input.role.unwrap_or(person.default_role),
            alert: input.alert.unwrap_or(Alert::OwnDefault),
            primary: input.primary,
        })?;
    }
    Ok(())
}

impl Service {
    /// Adds a stage behind the others.
    ///
    /// # Errors
    /// As [`Service::create_template`].
    pub fn add_template_stage(
        &self,
        caller: &UserCaller,
        template: TemplateId,
        input: &TemplateStageInput,
    ) -> Result<Template, ServiceError> {
        let (template, _) = self.change_template(caller, template, |tx, template, now| {
            let parent = match input.parent {
                Some(TemplateStageRef::Stage(id)) => Some(stage(template, id)?.id),
                Some(TemplateStageRef::Place(place)) => {
                    let found = template.stages.get(place);
                    Some(found.ok_or(ServiceError::NotFound(Missing::Stage))?.id)
                }
                None => None,
            };
            add_stage(tx, template, input, parent, now)
        })?;
        Ok(template)
    }

    /// Changes a stage.
    ///
    /// # Errors
    /// As [`Service::create_template`].
    pub fn update_template_stage(
        &self,
        caller: &UserCaller,
        template: TemplateId,
        id: TemplateStageId,
        edit: &TemplateStageEdit,
    ) -> Result<TemplateStage, ServiceError> {
        let (template, ()) = self.change_template(caller, template, |tx, template, _| {
            let before = stage(template, id)?;
            let name = match &edit.name {
                Some(name) => clean_name(name).map_err(bad_name("name"))?,
                None => before.name.clone(),
            };
            let old = &before.rules;
            let trigger = edit.trigger.unwrap_or(old.trigger);
            let mut parent = match edit.parent {
                Some(id) => Some(stage(template, id)?.id),
                None => old.parent,
            };
            if parent.is_none() && trigger.needs_parent() {
                parent =
                    template.stages.iter().take_while(|stage| stage.id != id).last().map(|stage| stage.id);
            }
            let rules = TemplateRules {
                trigger,
                parent,
                start: edit.start.apply(old.start)?,
                locking: edit.locking.unwrap_or(old.locking),
                deadline: edit.deadline.apply(old.deadline)?,
                deadline_from: old.deadline_from,
                one_decision: edit.one_decision.unwrap_or(old.one_decision),
                private: edit.private.unwrap_or(old.private),
            };
            Ok(tx.update_template_stage(id, &name, &rules)?)
        })?;
        Ok(stage(&template, id)?.clone())
    }

    /// Deletes stages of a template with the people on them: all of them, or none.
    ///
    /// # Errors
    /// As [`Service::create_template`]: one stage has to stay, and no stage may be left waiting for one
    /// that is gone.
    pub fn delete_template_stages(
        &self,
        caller: &UserCaller,
        template: TemplateId,
        ids: &[TemplateStageId],
    ) -> Result<(), ServiceError> {
        self.change_template(caller, template, |tx, template, _| {
            for id in ids {
                tx.delete_template_stage(stage(template, *id)?.id)?;
            }
            Ok(())
        })?;
        Ok(())
    }

    /// Puts people on a stage. Who is on it already stays as they are.
    ///
    /// # Errors
    /// As [`Service::create_template`].
    pub fn add_template_people(
        &self,
        caller: &UserCaller,
        id: TemplateStageId,
        people: &[TemplatePersonInput],
    ) -> Result<TemplateStage, ServiceError> {
        let template = self.template_of(caller, id)?;
        let (template, ()) = self.change_template(caller, template, |tx, template, now| {
            put_people(tx, template.account, id, &stage(template, id)?.people, people, now)
        })?;
        Ok(stage(&template, id)?.clone())
    }

    /// Changes somebody on a stage.
    ///
    /// # Errors
    /// As [`Service::create_template`].
    pub fn update_template_person(
        &self,
        caller: &UserCaller,
        at: TemplateStageId,
        id: TemplatePersonId,
        edit: &TemplatePersonEdit,
    ) -> Result<TemplatePerson, ServiceError> {
        let template = self.template_of(caller, at)?;
        let (template, ()) = self.change_template(caller, template, |tx, template, _| {
            let before = on_stage(template, at, id)?;
            let target = stage(template, edit.stage.unwrap_or(at))?;
            let role = edit.role.unwrap_or(before.role);
            if edit.primary == Some(true) {
                tx.clear_template_primary(target.id)?;
            }
            let to = NewTemplatePerson {
                stage: target.id,
                person: before.person,
                role,
                alert: edit.alert.unwrap_or(before.alert),
                // Whoever no longer decides, or comes from another stage, is not the one who decides here.
                primary: edit
                    .primary
                    .unwrap_or(before.primary && role.decides() && target.id == before.stage),
            };
            Ok(tx.update_template_person(id, &to)?)
        })?;
        Ok(person(&template, id)?.clone())
    }

    /// Takes people off a stage: all of them, or nobody.
    ///
    /// # Errors
    /// As [`Service::create_template`]: somebody has to stay.
    pub fn delete_template_people(
        &self,
        caller: &UserCaller,
        at: TemplateStageId,
        ids: &[TemplatePersonId],
    ) -> Result<(), ServiceError> {
        let template = self.template_of(caller, at)?;
        self.change_template(caller, template, |tx, template, _| {
            for id in ids {
                tx.delete_template_person(on_stage(template, at, *id)?.id)?;
            }
            Ok(())
        })?;
        Ok(())
    }

    /// The template that has a stage, if the caller may use it.
    fn template_of(&self, caller: &UserCaller, id: TemplateStageId) -> Result<TemplateId, ServiceError> {
        self.store().read(|tx| Ok(super::of_stage(tx, caller, id)?.id))
    }
}

/// Somebody on a stage. The stage is part of the question: who is on another one is not found.
fn on_stage(
    template: &Template,
    at: TemplateStageId,
    id: TemplatePersonId,
) -> Result<&TemplatePerson, ServiceError> {
    let found = person(template, id)?;
    if found.stage == at { Ok(found) } else { Err(ServiceError::NotFound(Missing::Reviewer)) }
}
