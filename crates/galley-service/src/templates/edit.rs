//! Making, changing, sharing and deleting templates.

use super::stages::{TemplateStageInput, TemplateStageRef, add_stage};
use super::{editable_template, missing};
use crate::accounts::reach;
use crate::error::bad_name;
use crate::{Missing, Service, ServiceError, UserCaller};
use galley_model::{
    AccountId, EventKind, Template, TemplateError, TemplateId, Timestamp, UserId, UserStatus, check_template,
    clean_name,
};
use galley_store::{NewTemplate, Read, Write};

/// Most users a template can be shared with in one call.
const MAX_SHARES: usize = 1000;

/// A template to be.
#[derive(Clone, Debug, Default)]
pub struct TemplateInput {
    /// Its account; none is the caller's.
    pub account: Option<AccountId>,
    /// Name as people read it.
    pub name: String,
    /// Who answers for it; none is the caller.
    pub owner: Option<UserId>,
    /// Its stages, one at least.
    pub stages: Vec<TemplateStageInput>,
    /// Users who may make proofs of it beside those who administer the account.
    pub shared: Vec<UserId>,
}

/// Changes of a template. What is not given stays.
#[derive(Clone, Debug, Default)]
pub struct TemplateEdit {
    /// Name as people read it.
    pub name: Option<String>,
    /// Who answers for it.
    pub owner: Option<UserId>,
    /// Users who may make proofs of it, in place of those before.
    pub shared: Option<Vec<UserId>>,
}

/// A user who may own templates of an account: one who administers it.
fn owner(tx: &Read<'_>, account: AccountId, id: UserId) -> Result<UserId, ServiceError> {
    let eligible = tx.user(id)?.filter(|user| {
        user.account == account && user.status == UserStatus::Activated && user.profile.administers()
    });
    eligible.map(|user| user.id).ok_or(ServiceError::NotFound(Missing::Owner))
}

/// Shares a template with users of its account.
fn share(tx: &Write<'_>, account: AccountId, id: TemplateId, users: &[UserId]) -> Result<(), ServiceError> {
    if users.len() > MAX_SHARES {
        let text = format!("A template can be shared with {MAX_SHARES} users at once.");
        return Err(ServiceError::Invalid("users", text));
    }
    for user in users {
        tx.user(*user)?
            .filter(|user| user.account == account)
            .ok_or(ServiceError::NotFound(Missing::User))?;
        tx.share_template(id, *user)?;
    }
    Ok(())
}

/// The template after a change, if it can work.
pub(super) fn checked(tx: &Read<'_>, id: TemplateId) -> Result<Template, ServiceError> {
    let template = tx.template(id)?.ok_or_else(missing)?;
    check_template(&template)?;
    Ok(template)
}

impl Service {
    /// Creates a template.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for an account out of reach, owners who may not own it and unknown
    /// users, [`ServiceError::Forbidden`] for everybody but administrators, [`ServiceError::EmptyStage`],
    /// [`ServiceError::Invalid`]. Nothing is created then.
    pub fn create_template(
        &self,
        caller: &UserCaller,
        input: &TemplateInput,
    ) -> Result<Template, ServiceError> {
        let now = self.now();
        self.store().write(|tx| {
            let account = reach(tx, caller, input.account)?.id;
            if !caller.profile().administers() {
                return Err(ServiceError::Forbidden);
            }
            let name = clean_name(&input.name).map_err(bad_name("name"))?;
            let owner = owner(tx, account, input.owner.unwrap_or(caller.id()))?;
            let new = NewTemplate { account, owner, name: &name, zone: &caller.user.time_zone };
            let id = tx.add_template(&new, now)?;
            let mut made = Vec::new();
            for stage in &input.stages {
                let parent = match stage.parent {
                    Some(TemplateStageRef::Place(place)) => {
                        let earlier = made.get(place).copied();
                        Some(earlier.ok_or_else(|| TemplateError::FollowsLater(stage.name.clone()))?)
                    }
                    Some(TemplateStageRef::Stage(_)) => return Err(ServiceError::NotFound(Missing::Stage)),
                    None => None,
                };
                let so_far = tx.template(id)?.ok_or_else(missing)?;
                made.push(add_stage(tx, &so_far, stage, parent, now)?);
            }
            share(tx, account, id, &input.shared)?;
            let template = checked(tx, id)?;
            let kind = EventKind::TemplateCreated { template: id, name };
            tx.append(account, None, now, &caller.actor(), &kind)?;
            Ok(template)
        })
    }

    /// Changes a template. Proofs made of it stay as they are.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] also for owners who may not own it and unknown users,
    /// [`ServiceError::Forbidden`] for everybody but administrators, [`ServiceError::Invalid`].
    pub fn update_template(
        &self,
        caller: &UserCaller,
        id: TemplateId,
        edit: &TemplateEdit,
    ) -> Result<Template, ServiceError> {
        let (template, ()) = self.change_template(caller, id, |tx, template, _| {
            let name = match &edit.name {
                Some(name) => clean_name(name).map_err(bad_name("name"))?,
                None => template.name.clone(),
            };
            let owner = match edit.owner.filter(|id| *id != template.owner) {
                Some(id) => owner(tx, template.account, id)?,
                None => template.owner,
            };
            tx.update_template(template.id, &name, owner)?;
            if let Some(shared) = &edit.shared {
                for user in &template.shared {
                    tx.unshare_template(template.id, *user)?;
                }
                share(tx, template.account, template.id, shared)?;
            }
            Ok(())
        })?;
        Ok(template)
    }

    /// Shares a template with more users, or takes it away from some.
    ///
    /// # Errors
    /// As [`Service::update_template`].
    pub fn share_template(
        &self,
        caller: &UserCaller,
        id: TemplateId,
        users: &[UserId],
        shared: bool,
    ) -> Result<Template, ServiceError> {
        let (template, ()) = self.change_template(caller, id, |tx, template, _| {
            if shared {
                return share(tx, template.account, template.id, users);
            }
            for user in users {
                if !template.shared.contains(user) {
                    return Err(ServiceError::NotFound(Missing::User));
                }
                tx.unshare_template(template.id, *user)?;
            }
            Ok(())
        })?;
        Ok(template)
    }

    /// Deletes a template. Proofs made of it stay as they are.
    ///
    /// # Errors
    /// As [`Service::update_template`].
    pub fn delete_template(&self, caller: &UserCaller, id: TemplateId) -> Result<(), ServiceError> {
        let now = self.now();
        self.store().write(|tx| {
            let template = editable_template(tx, caller, id)?;
            tx.delete_template(id)?;
            let kind = EventKind::TemplateDeleted { template: id, name: template.name };
            tx.append(template.account, None, now, &caller.actor(), &kind)?;
            Ok(())
        })
    }

    /// Changes a template and takes the change back when it could not work any more.
    pub(super) fn change_template<T>(
        &self,
        caller: &UserCaller,
        id: TemplateId,
        change: impl FnOnce(&Write<'_>, &Template, Timestamp) -> Result<T, ServiceError>,
    ) -> Result<(Template, T), ServiceError> {
        let now = self.now();
        self.store().write(|tx| {
            let before = editable_template(tx, caller, id)?;
            let result = change(tx, &before, now)?;
            let after = checked(tx, id)?;
            if after != before {
                let kind = EventKind::TemplateUpdated { template: id, name: after.name.clone() };
                tx.append(after.account, None, now, &caller.actor(), &kind)?;
            }
            Ok((after, result))
        })
    }
}
