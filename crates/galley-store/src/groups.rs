//! Groups and the people in them.

use crate::rows::{RowExt, millis};
use crate::{Read, StoreError, Write};
use galley_model::{
    AccountId, Alert, Group, GroupId, GroupMember, GroupMemberId, PersonId, Role, Timestamp, UserId,
};
use rusqlite::{Row, params};

/// A group to be.
#[derive(Clone, Debug)]
pub struct NewGroup<'a> {
    /// Its account.
    pub account: AccountId,
    /// Who makes it.
    pub owner: UserId,
    /// Name as people read it.
    pub name: &'a str,
    /// Free text.
    pub description: &'a str,
    /// Seen only by its owner and by administrators.
    pub private: bool,
}

const GROUP: &str =
    "SELECT g.id, g.account_id, g.owner_id, g.name, g.description, g.private FROM contact_groups g";
const MEMBER: &str = "SELECT m.id, m.group_id, m.person_id, p.email, p.name, u.id, m.role, m.alert
    FROM contact_group_members m JOIN people p ON p.id = m.person_id LEFT JOIN users u ON u.person_id = p.id";

fn group(row: &Row<'_>) -> Result<Group, StoreError> {
    Ok(Group {
        id: GroupId(row.col(0)?),
        account: AccountId(row.col(1)?),
        owner: UserId(row.col(2)?),
        name: row.col(3)?,
        description: row.col(4)?,
        private: row.col::<i64>(5)? != 0,
        members: Vec::new(),
    })
}

fn member(row: &Row<'_>) -> Result<GroupMember, StoreError> {
    Ok(GroupMember {
        id: GroupMemberId(row.col(0)?),
        group: GroupId(row.col(1)?),
        person: PersonId(row.col(2)?),
        email: row.col(3)?,
        name: row.col(4)?,
        user: row.col::<Option<i64>>(5)?.map(UserId),
        role: row.value_opt(6, "contact_group_members.role", Role::from_code)?,
        alert: row.value(7, "contact_group_members.alert", Alert::from_code)?,
    })
}

impl Read<'_> {
    /// The group with this id in an account, with its people.
    pub fn group(&self, account: AccountId, id: GroupId) -> Result<Option<Group>, StoreError> {
        let found =
            self.first(&format!("{GROUP} WHERE g.account_id = ?1 AND g.id = ?2"), [account.0, id.0], group)?;
        let Some(mut group) = found else { return Ok(None) };
        group.members = self.all(&format!("{MEMBER} WHERE m.group_id = ?1 ORDER BY m.id"), [id.0], member)?;
        Ok(Some(group))
    }

    /// Groups of an account with their people, by name: the public ones and those of this owner, or all.
    pub fn groups(
        &self,
        account: AccountId,
        owner: Option<UserId>,
        offset: i64,
        limit: i64,
    ) -> Result<Vec<Group>, StoreError> {
        // A subquery, so that the people of exactly these groups come with the second statement.
        let page = "WHERE g.account_id = ?1 AND (g.private = 0 OR ?2 = -1 OR g.owner_id = ?2)
            ORDER BY g.name, g.id LIMIT ?3 OFFSET ?4";
        let values = params![account.0, owner.map_or(-1, |user| user.0), limit, offset];
        let mut groups = self.all(&format!("{GROUP} {page}"), values, group)?;
        let sql = format!(
            "{MEMBER} JOIN (SELECT g.id FROM contact_groups g {page}) AS page ON page.id = m.group_id ORDER BY m.id"
        );
        for member in self.all(&sql, values, member)? {
            if let Some(group) = groups.iter_mut().find(|group| group.id == member.group) {
                group.members.push(member);
            }
        }
        Ok(groups)
    }
}

impl Write<'_> {
    /// Adds a group.
    pub fn add_group(&self, new: &NewGroup<'_>, now: Timestamp) -> Result<GroupId, StoreError> {
        self.insert(
            "INSERT INTO contact_groups (account_id, owner_id, name, description, private, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6) RETURNING id",
            params![
                new.account.0,
                new.owner.0,
                new.name,
                new.description,
                i64::from(new.private),
                millis(now)
            ],
        )
        .map(GroupId)
    }

    /// Writes name, description and visibility of a group.
    pub fn update_group(
        &self,
        id: GroupId,
        name: &str,
        description: &str,
        private: bool,
    ) -> Result<(), StoreError> {
        self.run(
            "UPDATE contact_groups SET name = ?2, description = ?3, private = ?4 WHERE id = ?1",
            params![id.0, name, description, i64::from(private)],
        )?;
        Ok(())
    }

    /// Deletes a group. Its people stay known to the account.
    pub fn delete_group(&self, id: GroupId) -> Result<(), StoreError> {
        self.run("DELETE FROM contact_groups WHERE id = ?1", [id.0])?;
        Ok(())
    }

    /// Adds somebody to a group.
    pub fn add_group_member(
        &self,
        group: GroupId,
        person: PersonId,
        role: Option<Role>,
        alert: Alert,
    ) -> Result<GroupMemberId, StoreError> {
        self.insert(
            "INSERT INTO contact_group_members (group_id, person_id, role, alert) VALUES (?1, ?2, ?3, ?4) RETURNING id",
            params![group.0, person.0, role.map(Role::code), alert.code()],
        )
        .map(GroupMemberId)
    }

    /// Writes role and alert level of somebody in a group.
    pub fn update_group_member(
        &self,
        id: GroupMemberId,
        role: Option<Role>,
        alert: Alert,
    ) -> Result<(), StoreError> {
        self.run(
            "UPDATE contact_group_members SET role = ?2, alert = ?3 WHERE id = ?1",
            params![id.0, role.map(Role::code), alert.code()],
        )?;
        Ok(())
    }

    /// Takes somebody out of a group.
    pub fn remove_group_member(&self, id: GroupMemberId) -> Result<(), StoreError> {
        self.run("DELETE FROM contact_group_members WHERE id = ?1", [id.0])?;
        Ok(())
    }
}
