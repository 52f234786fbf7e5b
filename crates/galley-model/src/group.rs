//! Groups: named lists of people who are put on proofs together (`product.md` 1.1, 2.1, 2.5).

use crate::{AccountId, Alert, GroupId, GroupMemberId, PersonId, Profile, Role, UserId};

/// Longest name of a group in characters.
pub const MAX_GROUP_NAME: usize = 128;
/// Longest description of a group in characters.
pub const MAX_GROUP_DESCRIPTION: usize = 2000;
/// Most people in one group.
pub const MAX_GROUP_MEMBERS: usize = 1000;

/// A named list of people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Identifier.
    pub id: GroupId,
    /// The account it belongs to.
    pub account: AccountId,
    /// Who made it.
    pub owner: UserId,
    /// Name as people read it.
    pub name: String,
    /// Free text, possibly empty.
    pub description: String,
    /// Seen only by its owner and by administrators.
    pub private: bool,
    /// People in it, in the order they were added.
    pub members: Vec<GroupMember>,
}

/// Somebody in a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupMember {
    /// Identifier.
    pub id: GroupMemberId,
    /// The group.
    pub group: GroupId,
    /// Who it is.
    pub person: PersonId,
    /// Their address.
    pub email: String,
    /// Their name.
    pub name: String,
    /// Their login, when they have one.
    pub user: Option<UserId>,
    /// Role when the group is put on a proof; none leaves it to the proof and the person.
    pub role: Option<Role>,
    /// Alert level when the group is put on a proof.
    pub alert: Alert,
}

/// What somebody may do with a group of their account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupRights {
    /// See it and put it on proofs.
    pub see: bool,
    /// Change it, its people, and delete it.
    pub edit: bool,
}

/// The rights that a profile gives on a group. The documentation contradicts itself on private groups;
/// this is the stricter reading: they show to their owner and to administrators, not to their members.
pub const fn group_rights(profile: Profile, owner: bool, private: bool) -> GroupRights {
    let see = owner || profile.administers() || (!private && profile.sees_contacts());
    GroupRights { see, edit: see && (profile.manages_all() || (owner && profile.creates())) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Profile::{Admin, BillingAdmin, Manager, Observer, Supervisor, Visitor};

    #[test]
    fn who_sees_and_edits_groups() {
        // profile, owner, private, sees, edits
        let table = [
            (BillingAdmin, false, true, true, true),
            (Admin, false, true, true, true),
            (Supervisor, false, true, false, false),
            (Supervisor, false, false, true, true),
            (Supervisor, true, true, true, true),
            (Manager, false, false, true, false),
            (Manager, false, true, false, false),
            (Manager, true, true, true, true),
            (Observer, false, false, true, false),
            (Observer, false, true, false, false),
            // Somebody who made a group and may create nothing any more.
            (Observer, true, true, true, false),
            (Visitor, false, false, false, false),
        ];
        for (profile, owner, private, see, edit) in table {
            let rights = group_rights(profile, owner, private);
            assert_eq!(rights, GroupRights { see, edit }, "{profile:?} owner {owner} private {private}");
        }
    }

    #[test]
    fn nobody_edits_what_they_do_not_see() {
        for profile in Profile::ALL {
            for (owner, private) in [(false, false), (false, true), (true, false), (true, true)] {
                let rights = group_rights(profile, owner, private);
                assert!(!rights.edit || rights.see, "{profile:?}");
            }
        }
    }
}
