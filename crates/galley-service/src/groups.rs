//! Groups of people (`product.md` 1.1, 2.1, 2.5).

use crate::error::bad_name;
use crate::proofs::editable;
use crate::reviewers::{known_person, place_person};
use crate::stages::roll_up;
use crate::{Missing, ReviewerInput, Service, ServiceError, UserCaller};
use galley_model::{
    AccountId, Alert, Contact, EventKind, Group, GroupId, GroupMember, GroupMemberId, GroupRights,
    MAX_GROUP_DESCRIPTION, MAX_GROUP_MEMBERS, MAX_GROUP_NAME, ProofId, Reviewer, Role, StageId, clean_name,
    email_address, group_rights,
};
use galley_store::{NewGroup, Read, Write};

/// Most rows that a list gives at once, however many are asked for.
const MAX_ROWS: i64 = 1000;

/// A group to be.
#[derive(Clone, Debug, Default)]
pub struct GroupInput {
    /// Name as people read it.
    pub name: String,
    /// Free text.
    pub description: String,
    /// Seen only by its owner and by administrators.
    pub private: bool,
    /// Its account; none is the caller's. No other can be had.
    pub account: Option<AccountId>,
}

/// Changes of a group. What is not given stays.
#[derive(Clone, Debug, Default)]
pub struct GroupEdit {
    /// Name as people read it.
    pub name: Option<String>,
    /// Free text.
    pub description: Option<String>,
    /// Seen only by its owner and by administrators.
    pub private: Option<bool>,
}

/// How somebody comes onto a proof with their group. What is not given stays, or is left to the proof
/// and the person.
#[derive(Clone, Copy, Debug, Default)]
pub struct MemberEdit {
    /// What they may do.
    pub role: Option<Role>,
    /// How much mail they want.
    pub alert: Option<Alert>,
}

fn rights(caller: &UserCaller, group: &Group) -> GroupRights {
    group_rights(caller.profile(), group.owner == caller.id(), group.private)
}

/// The group, if the caller sees it.
fn visible(tx: &Read<'_>, caller: &UserCaller, id: GroupId) -> Result<Group, ServiceError> {
    tx.group(caller.account(), id)?
        .filter(|group| rights(caller, group).see)
        .ok_or(ServiceError::NotFound(Missing::Group))
}

/// The group, if the caller may change it. One they merely see is forbidden.
fn editable_group(tx: &Read<'_>, caller: &UserCaller, id: GroupId) -> Result<Group, ServiceError> {
    let group = visible(tx, caller, id)?;
    if rights(caller, &group).edit { Ok(group) } else { Err(ServiceError::Forbidden) }
}

fn member(group: &Group, id: GroupMemberId) -> Result<GroupMember, ServiceError> {
    let found = group.members.iter().find(|member| member.id == id);
    found.cloned().ok_or(ServiceError::NotFound(Missing::GroupMember))
}

fn checked_name(name: &str) -> Result<String, ServiceError> {
    let name = clean_name(name).map_err(bad_name("name"))?;
    if name.chars().count() > MAX_GROUP_NAME {
        let text = format!("The name of a group may have at most {MAX_GROUP_NAME} characters.");
        return Err(ServiceError::Invalid("name", text));
    }
    Ok(name)
}

fn checked_description(text: &str) -> Result<&str, ServiceError> {
    let text = text.trim();
    if text.chars().count() > MAX_GROUP_DESCRIPTION {
        let text = format!("A description may have at most {MAX_GROUP_DESCRIPTION} characters.");
        return Err(ServiceError::Invalid("description", text));
    }
    Ok(text)
}

/// Guests are neither authors nor moderators.
fn checked_role(guest: bool, email: &str, role: Option<Role>) -> Result<(), ServiceError> {
    match role {
        Some(role) if guest && !role.for_guests() => {
            let text = format!("{email} has no login and cannot be {}.", role.label());
            Err(ServiceError::Invalid("role", text))
        }
        _ => Ok(()),
    }
}

impl Service {
    /// The group with its people, if the caller sees it.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`].
    pub fn group(&self, caller: &UserCaller, id: GroupId) -> Result<Group, ServiceError> {
        self.store().read(|tx| visible(tx, caller, id))
    }

    /// Groups that the caller sees, by name, with their people. People who may not see contacts get none.
    /// A limit of 0 asks for everything, which is capped at 1000.
    ///
    /// # Errors
    /// [`ServiceError`] when the database fails.
    pub fn groups(&self, caller: &UserCaller, offset: i64, limit: i64) -> Result<Vec<Group>, ServiceError> {
        if !caller.profile().sees_contacts() {
            return Ok(Vec::new());
        }
        let limit = if limit <= 0 { MAX_ROWS } else { limit.min(MAX_ROWS) };
        let owner = (!caller.profile().administers()).then(|| caller.id());
        Ok(self.store().read(|tx| tx.groups(caller.account(), owner, offset.max(0), limit))?)
    }

    /// Groups that the caller sees, by name, with their people as the address book shows them. A fixed
    /// number of statements.
    ///
    /// # Errors
    /// [`ServiceError`] when the database fails.
    pub fn people_groups(&self, caller: &UserCaller) -> Result<Vec<(Group, Vec<Contact>)>, ServiceError> {
        let groups = self.groups(caller, 0, 0)?;
        let ids: Vec<GroupId> = groups.iter().map(|group| group.id).collect();
        let contacts = self.store().read(|tx| tx.group_contacts(caller.account(), &ids))?;
        let with_people = |group: Group| {
            let people = contacts.iter().filter(|(id, _)| *id == group.id).map(|(_, one)| one.clone());
            let people = people.collect();
            (group, people)
        };
        Ok(groups.into_iter().map(with_people).collect())
    }

    /// Creates a group without anybody in it; it belongs to the caller.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for profiles that create nothing, [`ServiceError::NotFound`] for
    /// another account, [`ServiceError::Invalid`].
    pub fn create_group(&self, caller: &UserCaller, input: &GroupInput) -> Result<Group, ServiceError> {
        if !caller.profile().creates() {
            return Err(ServiceError::Forbidden);
        }
        if input.account.is_some_and(|id| id != caller.account()) {
            return Err(ServiceError::NotFound(Missing::Account));
        }
        let name = checked_name(&input.name)?;
        let description = checked_description(&input.description)?;
        let now = self.now();
        self.store().write(|tx| {
            let new = NewGroup {
                account: caller.account(),
                owner: caller.id(),
                name: &name,
                description,
                private: input.private,
            };
            let group = tx.add_group(&new, now)?;
            let kind = EventKind::GroupCreated { group, name: name.clone() };
            tx.append(caller.account(), None, now, &caller.actor(), &kind)?;
            visible(tx, caller, group)
        })
    }

    /// Changes a group.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Forbidden`], [`ServiceError::Invalid`].
    pub fn update_group(
        &self,
        caller: &UserCaller,
        id: GroupId,
        edit: &GroupEdit,
    ) -> Result<Group, ServiceError> {
        let now = self.now();
        self.store().write(|tx| {
            let group = editable_group(tx, caller, id)?;
            let name = edit.name.as_deref().map(checked_name).transpose()?;
            let description = edit.description.as_deref().map(checked_description).transpose()?;
            let name = name.unwrap_or_else(|| group.name.clone());
            let description = description.unwrap_or(&group.description);
            tx.update_group(id, &name, description, edit.private.unwrap_or(group.private))?;
            let kind = EventKind::GroupUpdated { group: id, name };
            tx.append(group.account, None, now, &caller.actor(), &kind)?;
            visible(tx, caller, id)
        })
    }

    /// Deletes a group. Its people stay known to the account, and on the proofs they were put on.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Forbidden`].
    pub fn delete_group(&self, caller: &UserCaller, id: GroupId) -> Result<(), ServiceError> {
        let now = self.now();
        self.store().write(|tx| {
            let group = editable_group(tx, caller, id)?;
            tx.delete_group(id)?;
            let kind = EventKind::GroupDeleted { group: id, name: group.name };
            tx.append(group.account, None, now, &caller.actor(), &kind)?;
            Ok(())
        })
    }

    /// Puts somebody into a group; strangers become known to the account. Somebody who is in it already
    /// gets the role and alert level that are given.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Forbidden`], [`ServiceError::Invalid`] for the address
    /// and for roles that guests cannot have, [`ServiceError::Conflict`] when the group is full.
    pub fn add_group_member(
        &self,
        caller: &UserCaller,
        id: GroupId,
        email: &str,
        how: MemberEdit,
    ) -> Result<GroupMember, ServiceError> {
        let now = self.now();
        self.store().write(|tx| {
            let group = editable_group(tx, caller, id)?;
            let email = email_address(email).map_err(bad_name("email"))?;
            let person = known_person(tx, group.account, &email, None, now)?;
            if let Some(member) = group.members.iter().find(|member| member.person == person.id) {
                return change_member(tx, caller, &group, member, how, now);
            }
            if group.members.len() >= MAX_GROUP_MEMBERS {
                let text = format!("A group may have at most {MAX_GROUP_MEMBERS} people.");
                return Err(ServiceError::Conflict(text));
            }
            checked_role(person.user.is_none(), &person.email, how.role)?;
            let added =
                tx.add_group_member(id, person.id, how.role, how.alert.unwrap_or(Alert::OwnDefault))?;
            let kind = EventKind::GroupMemberAdded { group: id, name: group.name, email: person.email };
            tx.append(group.account, None, now, &caller.actor(), &kind)?;
            member(&visible(tx, caller, id)?, added)
        })
    }

    /// Changes how somebody comes onto a proof with their group.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Forbidden`], [`ServiceError::Invalid`].
    pub fn update_group_member(
        &self,
        caller: &UserCaller,
        group: GroupId,
        id: GroupMemberId,
        how: MemberEdit,
    ) -> Result<GroupMember, ServiceError> {
        let now = self.now();
        self.store().write(|tx| {
            let group = editable_group(tx, caller, group)?;
            change_member(tx, caller, &group, &member(&group, id)?, how, now)
        })
    }

    /// Takes somebody out of a group.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Forbidden`].
    pub fn remove_group_member(
        &self,
        caller: &UserCaller,
        group: GroupId,
        id: GroupMemberId,
    ) -> Result<(), ServiceError> {
        let now = self.now();
        self.store().write(|tx| {
            let group = editable_group(tx, caller, group)?;
            let member = member(&group, id)?;
            tx.remove_group_member(id)?;
            let kind =
                EventKind::GroupMemberRemoved { group: group.id, name: group.name, email: member.email };
            tx.append(group.account, None, now, &caller.actor(), &kind)?;
            Ok(())
        })
    }

    /// Puts everybody of a group on a proof, with the role and alert level they have in the group. Who is
    /// on the proof already stays as they are. All or nobody. Answers with the people who are new. No stage
    /// is the one that people join who are put on a proof without one.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Forbidden`] without edit rights on the proof,
    /// [`ServiceError::Invalid`] when somebody cannot be on it.
    pub fn add_group_to_proof(
        &self,
        caller: &UserCaller,
        proof: ProofId,
        group: GroupId,
        stage: Option<StageId>,
    ) -> Result<Vec<Reviewer>, ServiceError> {
        let now = self.now();
        self.store().write(|tx| {
            let target = editable(tx, caller, proof)?.proof;
            let group = visible(tx, caller, group)?;
            if let Some(stage) = stage {
                let known = tx.stage(stage)?.filter(|known| known.proof == proof);
                known.ok_or(ServiceError::NotFound(Missing::Stage))?;
            }
            let before = tx.reviewers(proof)?;
            for member in group.members {
                if before.iter().any(|reviewer| reviewer.person == member.person) {
                    continue;
                }
                let input = ReviewerInput {
                    email: member.email,
                    role: member.role,
                    alert: Some(member.alert).filter(|alert| *alert != Alert::OwnDefault),
                    notify: true,
                    stage,
                    ..ReviewerInput::default()
                };
                place_person(tx, self.inner.random.as_ref(), caller, &target, &input, now)?;
            }
            roll_up(tx, proof, galley_model::Happening::Look, now)?;
            let after = tx.reviewers(proof)?;
            Ok(after.into_iter().filter(|one| !before.iter().any(|known| known.id == one.id)).collect())
        })
    }
}

fn change_member(
    tx: &Write<'_>,
    caller: &UserCaller,
    group: &Group,
    of: &GroupMember,
    how: MemberEdit,
    now: galley_model::Timestamp,
) -> Result<GroupMember, ServiceError> {
    checked_role(of.user.is_none(), &of.email, how.role)?;
    tx.update_group_member(of.id, how.role.or(of.role), how.alert.unwrap_or(of.alert))?;
    let (name, email) = (group.name.clone(), of.email.clone());
    let kind = EventKind::GroupMemberUpdated { group: group.id, name, email };
    tx.append(group.account, None, now, &caller.actor(), &kind)?;
    member(&visible(tx, caller, group.id)?, of.id)
}
