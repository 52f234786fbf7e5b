//! Groups of people.

use crate::backend::{self, ServiceBackend, alert_code, role_code};
use crate::dispatch::Handler;
use crate::faults;
use crate::people::ContactObject;
use crate::reviewers::RecipientObject;
use galley_model::{AccountId, Contact, Group, GroupId, GroupMember, GroupMemberId, ProofId, StageId};
use galley_service::{GroupEdit, GroupInput, MemberEdit, UserCaller};
use soap::{Fault, SoapObject, SoapRequest};
use std::sync::Arc;

/// Creates a group without members.
#[derive(SoapRequest)]
#[soap(operation = "addGroup", answer = GroupObject, section = "Groups", since = "16.3")]
pub struct AddGroup {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// Name of the group, at most 128 characters.
    #[soap(name = "Name", required)]
    pub name: String,
    /// What it is for.
    #[soap(name = "Description")]
    pub description: Option<String>,
    /// Whether only its creator and administrators see it.
    #[soap(name = "Private")]
    pub private: Option<bool>,
    /// Account to create it in; the caller's own when empty.
    #[soap(name = "AccountID")]
    pub account_id: Option<i64>,
}

/// Changes a group; what is absent or empty stays.
#[derive(SoapRequest)]
#[soap(operation = "updateGroup", answer = GroupObject, section = "Groups", since = "16.3")]
pub struct UpdateGroup {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The group.
    #[soap(name = "GroupID", required)]
    pub group_id: i64,
    /// Name of the group, at most 128 characters.
    #[soap(name = "Name")]
    pub name: Option<String>,
    /// What it is for.
    #[soap(name = "Description")]
    pub description: Option<String>,
    /// Whether only its creator and administrators see it.
    #[soap(name = "Private")]
    pub private: Option<bool>,
}

/// Returns a group with its members.
#[derive(SoapRequest)]
#[soap(operation = "getGroup", answer = GroupObject, section = "Groups", since = "16.3")]
pub struct GetGroup {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The group.
    #[soap(name = "GroupID", required)]
    pub group_id: i64,
}

/// Puts somebody into a group. Somebody who is in it gets the role and alert level that are given.
#[derive(SoapRequest)]
#[soap(operation = "addGroupMember", answer = GroupMemberObject, section = "Groups", since = "16.3")]
pub struct AddGroupMember {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The group.
    #[soap(name = "GroupID", required)]
    pub group_id: i64,
    /// E-mail address of the person.
    #[soap(name = "Email", required)]
    pub email: String,
    /// Role on proofs that get the group: 1, 3, 4, 5, 6 or 7; empty leaves it to the proof and the person.
    #[soap(name = "DefaultRole")]
    pub default_role: Option<String>,
    /// Alert level on proofs that get the group: 0 to 6, or 9 for none.
    #[soap(name = "DefaultEmailAlert")]
    pub default_email_alert: Option<String>,
}

/// Changes role and alert level of somebody in a group; what is absent or empty stays.
#[derive(SoapRequest)]
#[soap(operation = "updateGroupMember", answer = GroupMemberObject, section = "Groups", since = "16.3")]
pub struct UpdateGroupMember {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The group.
    #[soap(name = "GroupID", required)]
    pub group_id: i64,
    /// The member, as listed in the group.
    #[soap(name = "MemberID", required)]
    pub member_id: i64,
    /// Role on proofs that get the group: 1, 3, 4, 5, 6 or 7.
    #[soap(name = "DefaultRole")]
    pub default_role: Option<String>,
    /// Alert level on proofs that get the group: 0 to 6, or 9 for none.
    #[soap(name = "DefaultEmailAlert")]
    pub default_email_alert: Option<String>,
}

/// Takes somebody out of a group.
#[derive(SoapRequest)]
#[soap(operation = "deleteGroupMember", answer = bool, section = "Groups", since = "16.3")]
pub struct DeleteGroupMember {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The group.
    #[soap(name = "GroupID", required)]
    pub group_id: i64,
    /// The member, as listed in the group.
    #[soap(name = "MemberID", required)]
    pub member_id: i64,
}

/// Deletes a group. Its members stay where they are.
#[derive(SoapRequest)]
#[soap(operation = "deleteGroup", answer = bool, section = "Groups", since = "16.3")]
pub struct DeleteGroup {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The group.
    #[soap(name = "GroupID", required)]
    pub group_id: i64,
}

/// Lists the groups that the caller sees, by name.
#[derive(SoapRequest)]
#[soap(operation = "getGroups", answer = Vec<GroupObject>, section = "Groups", since = "16.3")]
pub struct GetGroups {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// Rows to skip.
    #[soap(name = "StartFrom")]
    pub start_from: Option<i64>,
    /// Most rows to return; 0 for all.
    #[soap(name = "ItemsPerPage")]
    pub items_per_page: Option<i64>,
}

/// Lists the groups that the caller sees with their people as the address book shows them.
#[derive(SoapRequest)]
#[soap(operation = "getPeopleGroups", answer = Vec<ContactGroupObject>, section = "People")]
pub struct GetPeopleGroups {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
}

/// A group with its people.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPContactGroupObject", array = "SOAPContactGroupObjectArray")]
pub struct ContactGroupObject {
    /// `public` or `private`.
    #[soap(name = "type")]
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Its people.
    pub people: Vec<ContactObject>,
}

/// Puts everybody of a group on a proof and returns those who were not on it.
#[derive(SoapRequest)]
#[soap(operation = "addGroupToProof", answer = Vec<RecipientObject>, section = "Reviewers", since = "16.3")]
pub struct AddGroupToProof {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The proof.
    #[soap(name = "FileID", required)]
    pub file_id: i64,
    /// The group.
    #[soap(name = "GroupID", required)]
    pub group_id: i64,
    /// Stage to put them on; with 0 or nothing they join the first one that runs.
    #[soap(name = "StageID")]
    pub stage_id: Option<i64>,
}

/// A group.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPGroupObject", array = "SOAPGroupObjectArray", since = "16.24")]
pub struct GroupObject {
    /// Its id.
    pub group_id: i64,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Whether only its creator and administrators see it.
    pub private: bool,
    /// Its members, in the order they were added.
    pub members: Vec<GroupMemberObject>,
}

/// Somebody in a group.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPGroupMemberObject", array = "SOAPGroupMemberObjectArray", since = "16.24")]
pub struct GroupMemberObject {
    /// The group.
    pub group_id: i64,
    /// Id of the member.
    pub member_id: i64,
    /// E-mail address.
    pub email: String,
    /// Number of the role; empty when the proof and the person decide.
    pub default_role: String,
    /// Number of the alert level.
    pub default_email_notification: String,
}

impl GroupObject {
    fn of(group: &Group) -> GroupObject {
        GroupObject {
            group_id: group.id.0,
            name: group.name.clone(),
            description: group.description.clone(),
            private: group.private,
            members: group.members.iter().map(GroupMemberObject::of).collect(),
        }
    }
}

impl GroupMemberObject {
    fn of(member: &GroupMember) -> GroupMemberObject {
        GroupMemberObject {
            group_id: member.group.0,
            member_id: member.id.0,
            email: member.email.clone(),
            default_role: role_code(member.role),
            default_email_notification: alert_code(Some(member.alert)),
        }
    }
}

fn how(role: &Option<String>, alert: &Option<String>) -> Result<MemberEdit, Fault> {
    Ok(MemberEdit {
        role: backend::role("DefaultRole", role)?,
        alert: backend::alert("DefaultEmailAlert", alert)?,
    })
}

impl Handler<ServiceBackend> for AddGroup {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<GroupObject, Fault> {
        let input = GroupInput {
            name: self.name,
            description: self.description.unwrap_or_default(),
            private: self.private.unwrap_or(false),
            account: self.account_id.filter(|id| *id != 0).map(AccountId),
        };
        Ok(GroupObject::of(&backend.service.create_group(caller, &input).map_err(faults::of)?))
    }
}

impl Handler<ServiceBackend> for UpdateGroup {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<GroupObject, Fault> {
        let given = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        let edit =
            GroupEdit { name: given(self.name), description: given(self.description), private: self.private };
        let group =
            backend.service.update_group(caller, GroupId(self.group_id), &edit).map_err(faults::of)?;
        Ok(GroupObject::of(&group))
    }
}

impl Handler<ServiceBackend> for GetGroup {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<GroupObject, Fault> {
        let group = backend.service.group(caller, GroupId(self.group_id)).map_err(faults::of)?;
        Ok(GroupObject::of(&group))
    }
}

impl Handler<ServiceBackend> for AddGroupMember {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<GroupMemberObject, Fault> {
        let how = how(&self.default_role, &self.default_email_alert)?;
        let group = GroupId(self.group_id);
        let member = backend.service.add_group_member(caller, group, &self.email, how).map_err(faults::of)?;
        Ok(GroupMemberObject::of(&member))
    }
}

impl Handler<ServiceBackend> for UpdateGroupMember {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<GroupMemberObject, Fault> {
        let how = how(&self.default_role, &self.default_email_alert)?;
        let (group, id) = (GroupId(self.group_id), GroupMemberId(self.member_id));
        let member = backend.service.update_group_member(caller, group, id, how).map_err(faults::of)?;
        Ok(GroupMemberObject::of(&member))
    }
}

impl Handler<ServiceBackend> for DeleteGroupMember {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<bool, Fault> {
        let (group, id) = (GroupId(self.group_id), GroupMemberId(self.member_id));
        backend.service.remove_group_member(caller, group, id).map_err(faults::of)?;
        Ok(true)
    }
}

impl Handler<ServiceBackend> for DeleteGroup {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<bool, Fault> {
        backend.service.delete_group(caller, GroupId(self.group_id)).map_err(faults::of)?;
        Ok(true)
    }
}

impl Handler<ServiceBackend> for GetGroups {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<Vec<GroupObject>, Fault> {
        let (offset, limit) = (self.start_from.unwrap_or(0), self.items_per_page.unwrap_or(0));
        let groups = backend.service.groups(caller, offset, limit).map_err(faults::of)?;
        Ok(groups.iter().map(GroupObject::of).collect())
    }
}

impl Handler<ServiceBackend> for AddGroupToProof {
    fn handle(
        self,
        backend: &ServiceBackend,
        caller: &Arc<UserCaller>,
    ) -> Result<Vec<RecipientObject>, Fault> {
        let stage = self.stage_id.filter(|id| *id != 0).map(StageId);
        let (proof, group) = (ProofId(self.file_id), GroupId(self.group_id));
        let added = backend.service.add_group_to_proof(caller, proof, group, stage).map_err(faults::of)?;
        // Only people with edit rights come this far.
        RecipientObject::list(backend, caller, &added, true)
    }
}

impl Handler<ServiceBackend> for GetPeopleGroups {
    fn handle(
        self,
        backend: &ServiceBackend,
        caller: &Arc<UserCaller>,
    ) -> Result<Vec<ContactGroupObject>, Fault> {
        let groups = backend.service.people_groups(caller).map_err(faults::of)?;
        let object = |(group, people): (Group, Vec<Contact>)| ContactGroupObject {
            kind: if group.private { "private" } else { "public" }.to_owned(),
            name: group.name,
            people: people.into_iter().map(ContactObject::of).collect(),
        };
        Ok(groups.into_iter().map(object).collect())
    }
}
