//! Workflow templates with their stages and people.

use crate::rows::{RowExt, millis};
use crate::{Read, StoreError, Write};
use galley_model::{
    AccountId, Alert, DayTime, DeadlineFrom, PersonId, Role, StageLocking, StartTrigger, Template,
    TemplateId, TemplatePerson, TemplatePersonId, TemplateRules, TemplateStage, TemplateStageId, Timestamp,
    UserId,
};
use rusqlite::{Row, params};

/// A template to be.
#[derive(Clone, Debug)]
pub struct NewTemplate<'a> {
    /// Its account.
    pub account: AccountId,
    /// Who answers for it.
    pub owner: UserId,
    /// Name as people read it.
    pub name: &'a str,
    /// Name of the time zone in which its days are counted.
    pub zone: &'a str,
}

/// Somebody to be put on a stage of a template.
#[derive(Clone, Copy, Debug)]
pub struct NewTemplatePerson {
    /// The stage.
    pub stage: TemplateStageId,
    /// Who it is.
    pub person: PersonId,
    /// What they may do.
    pub role: Role,
    /// How much mail they want.
    pub alert: Alert,
    /// Their decision alone counts on the stage.
    pub primary: bool,
}

const TEMPLATE: &str = "SELECT t.id, t.account_id, t.owner_id, t.name, t.zone FROM templates t";
const STAGE: &str =
    "SELECT s.id, s.template_id, s.name, s.start_trigger, s.parent_id, s.start_days, s.start_minute,
    s.locking, s.deadline_days, s.deadline_minute, s.deadline_from, s.one_decision, s.private
    FROM template_stages s";
const PERSON: &str =
    "SELECT x.id, x.stage_id, x.person_id, p.email, p.name, u.position, u.id, x.role, x.alert,
    x.decides_alone FROM template_people x JOIN template_stages s ON s.id = x.stage_id
    JOIN people p ON p.id = x.person_id LEFT JOIN users u ON u.person_id = p.id";

fn template(row: &Row<'_>) -> Result<Template, StoreError> {
    Ok(Template {
        id: TemplateId(row.col(0)?),
        account: AccountId(row.col(1)?),
        owner: UserId(row.col(2)?),
        name: row.col(3)?,
        zone: row.col(4)?,
        shared: Vec::new(),
        stages: Vec::new(),
    })
}

fn day_time(row: &Row<'_>, at: usize, what: &'static str) -> Result<Option<DayTime>, StoreError> {
    let number = |at| row.value_opt(at, what, |n| u16::try_from(n).ok());
    Ok(number(at)?.zip(number(at + 1)?).map(|(days, minute)| DayTime { days, minute }))
}

fn stage(row: &Row<'_>) -> Result<TemplateStage, StoreError> {
    Ok(TemplateStage {
        id: TemplateStageId(row.col(0)?),
        template: TemplateId(row.col(1)?),
        name: row.col(2)?,
        rules: TemplateRules {
            trigger: row.value(3, "template_stages.start_trigger", StartTrigger::from_code)?,
            parent: row.col::<Option<i64>>(4)?.map(TemplateStageId),
            start: day_time(row, 5, "template_stages.start")?,
            locking: row.value(7, "template_stages.locking", StageLocking::from_code)?,
            deadline: day_time(row, 8, "template_stages.deadline")?,
            deadline_from: row.value(10, "template_stages.deadline_from", DeadlineFrom::from_code)?,
            one_decision: row.col::<i64>(11)? != 0,
            private: row.col::<i64>(12)? != 0,
        },
        people: Vec::new(),
    })
}

fn person(row: &Row<'_>) -> Result<TemplatePerson, StoreError> {
    Ok(TemplatePerson {
        id: TemplatePersonId(row.col(0)?),
        stage: TemplateStageId(row.col(1)?),
        person: PersonId(row.col(2)?),
        email: row.col(3)?,
        name: row.col(4)?,
        position: row.col::<Option<String>>(5)?.unwrap_or_default(),
        user: row.col::<Option<i64>>(6)?.map(UserId),
        role: row.value(7, "template_people.role", Role::from_code)?,
        alert: row.value(8, "template_people.alert", Alert::from_code)?,
        primary: row.col::<i64>(9)? != 0,
    })
}

impl Read<'_> {
    /// The template with this id, with everything in it.
    pub fn template(&self, id: TemplateId) -> Result<Option<Template>, StoreError> {
        let found = self.first(&format!("{TEMPLATE} WHERE t.id = ?1"), [id.0], template)?;
        let Some(mut template) = found else { return Ok(None) };
        template.shared = self.all(
            "SELECT user_id FROM template_shares WHERE template_id = ?1 ORDER BY user_id",
            [id.0],
            |row| Ok(UserId(row.col(0)?)),
        )?;
        template.stages =
            self.all(&format!("{STAGE} WHERE s.template_id = ?1 ORDER BY s.id"), [id.0], stage)?;
        let people = self.all(&format!("{PERSON} WHERE s.template_id = ?1 ORDER BY x.id"), [id.0], person)?;
        for person in people {
            if let Some(stage) = template.stages.iter_mut().find(|stage| stage.id == person.stage) {
                stage.people.push(person);
            }
        }
        Ok(Some(template))
    }

    /// The template that has this stage.
    pub fn template_of_stage(&self, id: TemplateStageId) -> Result<Option<TemplateId>, StoreError> {
        self.first("SELECT template_id FROM template_stages WHERE id = ?1", [id.0], |row| {
            Ok(TemplateId(row.col(0)?))
        })
    }

    /// The template that has this person on a stage.
    pub fn template_of_person(&self, id: TemplatePersonId) -> Result<Option<TemplateId>, StoreError> {
        self.first(
            "SELECT s.template_id FROM template_people x JOIN template_stages s ON s.id = x.stage_id WHERE x.id = ?1",
            [id.0],
            |row| Ok(TemplateId(row.col(0)?)),
        )
    }

    /// Templates of an account by name, with whom they are shared, without stages.
    pub fn templates(&self, account: AccountId) -> Result<Vec<Template>, StoreError> {
        let mut templates = self.all(
            &format!("{TEMPLATE} WHERE t.account_id = ?1 ORDER BY t.name, t.id"),
            [account.0],
            template,
        )?;
        let shares = self.all(
            "SELECT h.template_id, h.user_id FROM template_shares h JOIN templates t ON t.id = h.template_id
             WHERE t.account_id = ?1 ORDER BY h.user_id",
            [account.0],
            |row| Ok((TemplateId(row.col(0)?), UserId(row.col(1)?))),
        )?;
        for (id, user) in shares {
            if let Some(template) = templates.iter_mut().find(|template| template.id == id) {
                template.shared.push(user);
            }
        }
        Ok(templates)
    }
}

impl Write<'_> {
    /// Adds a template without stages.
    pub fn add_template(&self, new: &NewTemplate<'_>, now: Timestamp) -> Result<TemplateId, StoreError> {
        self.insert(
            "INSERT INTO templates (account_id, owner_id, name, zone, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5) RETURNING id",
            params![new.account.0, new.owner.0, new.name, new.zone, millis(now)],
        )
        .map(TemplateId)
    }

    /// Writes name and owner of a template.
    pub fn update_template(&self, id: TemplateId, name: &str, owner: UserId) -> Result<(), StoreError> {
        self.run(
            "UPDATE templates SET name = ?2, owner_id = ?3 WHERE id = ?1",
            params![id.0, name, owner.0],
        )?;
        Ok(())
    }

    /// Deletes a template with everything in it. Proofs made of it stay as they are.
    pub fn delete_template(&self, id: TemplateId) -> Result<(), StoreError> {
        self.run("DELETE FROM templates WHERE id = ?1", [id.0])?;
        Ok(())
    }

    /// Shares a template with a user, who may have it already.
    pub fn share_template(&self, id: TemplateId, user: UserId) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO template_shares (template_id, user_id) VALUES (?1, ?2)
             ON CONFLICT (template_id, user_id) DO NOTHING",
            [id.0, user.0],
        )?;
        Ok(())
    }

    /// Takes a template away from a user.
    pub fn unshare_template(&self, id: TemplateId, user: UserId) -> Result<(), StoreError> {
        self.run("DELETE FROM template_shares WHERE template_id = ?1 AND user_id = ?2", [id.0, user.0])?;
        Ok(())
    }

    /// Adds a stage behind the others.
    pub fn add_template_stage(
        &self,
        template: TemplateId,
        name: &str,
        rules: &TemplateRules,
    ) -> Result<TemplateStageId, StoreError> {
        self.insert(
            "INSERT INTO template_stages (template_id, name, start_trigger, parent_id, start_days, start_minute,
                 locking, deadline_days, deadline_minute, deadline_from, one_decision, private)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) RETURNING id",
            params![
                template.0,
                name,
                rules.trigger.code(),
                rules.parent.map(|parent| parent.0),
                rules.start.map(|start| start.days),
                rules.start.map(|start| start.minute),
                rules.locking.code(),
                rules.deadline.map(|deadline| deadline.days),
                rules.deadline.map(|deadline| deadline.minute),
                rules.deadline_from.code(),
                i64::from(rules.one_decision),
                i64::from(rules.private)
            ],
        )
        .map(TemplateStageId)
    }

    /// Writes name and rules of a stage.
    pub fn update_template_stage(
        &self,
        id: TemplateStageId,
        name: &str,
        rules: &TemplateRules,
    ) -> Result<(), StoreError> {
        self.run(
            "UPDATE template_stages SET name = ?2, start_trigger = ?3, parent_id = ?4, start_days = ?5,
                 start_minute = ?6, locking = ?7, deadline_days = ?8, deadline_minute = ?9, deadline_from = ?10,
                 one_decision = ?11, private = ?12 WHERE id = ?1",
            params![
                id.0,
                name,
                rules.trigger.code(),
                rules.parent.map(|parent| parent.0),
                rules.start.map(|start| start.days),
                rules.start.map(|start| start.minute),
                rules.locking.code(),
                rules.deadline.map(|deadline| deadline.days),
                rules.deadline.map(|deadline| deadline.minute),
                rules.deadline_from.code(),
                i64::from(rules.one_decision),
                i64::from(rules.private)
            ],
        )?;
        Ok(())
    }

    /// Deletes a stage with its people. Stages that followed it follow nothing then.
    pub fn delete_template_stage(&self, id: TemplateStageId) -> Result<(), StoreError> {
        self.run("DELETE FROM template_stages WHERE id = ?1", [id.0])?;
        Ok(())
    }

    /// Puts somebody on a stage.
    pub fn add_template_person(&self, new: &NewTemplatePerson) -> Result<TemplatePersonId, StoreError> {
        self.insert(
            "INSERT INTO template_people (stage_id, person_id, role, alert, decides_alone)
             VALUES (?1, ?2, ?3, ?4, ?5) RETURNING id",
            params![new.stage.0, new.person.0, new.role.code(), new.alert.code(), i64::from(new.primary)],
        )
        .map(TemplatePersonId)
    }

    /// Writes what somebody on a stage is, and on which.
    pub fn update_template_person(
        &self,
        id: TemplatePersonId,
        to: &NewTemplatePerson,
    ) -> Result<(), StoreError> {
        self.run(
            "UPDATE template_people SET stage_id = ?2, role = ?3, alert = ?4, decides_alone = ?5 WHERE id = ?1",
            params![id.0, to.stage.0, to.role.code(), to.alert.code(), i64::from(to.primary)],
        )?;
        Ok(())
    }

    /// Nobody's decision alone counts on a stage any more.
    pub fn clear_template_primary(&self, stage: TemplateStageId) -> Result<(), StoreError> {
        self.run("UPDATE template_people SET decides_alone = 0 WHERE stage_id = ?1", [stage.0])?;
        Ok(())
    }

    /// Takes somebody off a stage.
    pub fn delete_template_person(&self, id: TemplatePersonId) -> Result<(), StoreError> {
        self.run("DELETE FROM template_people WHERE id = ?1", [id.0])?;
        Ok(())
    }
}
