//! Who may do what with a folder and what is in it (`product.md` 8.5).

use crate::Profile;
use serde::{Deserialize, Serialize};

/// What somebody with whom a folder is shared may do in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShareRole {
    /// Read the items.
    Read,
    /// Add, edit and delete items too.
    Edit,
}

impl ShareRole {
    /// Number on the wire.
    pub const fn code(self) -> i64 {
        match self {
            ShareRole::Read => 1,
            ShareRole::Edit => 2,
        }
    }

    /// The role with this number.
    pub fn from_code(code: i64) -> Option<ShareRole> {
        [ShareRole::Read, ShareRole::Edit].into_iter().find(|role| role.code() == code)
    }
}

/// How somebody of the same account stands to a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FolderRelation {
    /// Their profile.
    pub profile: Profile,
    /// They own or made it.
    pub own: bool,
    /// They own or made a folder above it.
    pub own_above: bool,
    /// It is shared with them.
    pub share: Option<ShareRole>,
    /// They see something that is in it.
    pub has_items: bool,
}

/// What a folder is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FolderFacts {
    /// Shown only to those it is shared with.
    pub private: bool,
    /// It is in another folder.
    pub below: bool,
}

/// What somebody may do with a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct FolderRights {
    /// See that it is there.
    pub see: bool,
    /// See everything in it; others see what is theirs or shared with them.
    pub see_all: bool,
    /// Put items into it.
    pub add_items: bool,
    /// Delete what others put into it.
    pub delete_items: bool,
    /// Make folders in it.
    pub add_folders: bool,
    /// Delete it with everything in it.
    pub delete: bool,
    /// Change its details, move and share it.
    pub edit: bool,
}

/// The rights that follow from a relation.
///
/// Owner and creator have the whole folder. A public folder is everybody's to use who creates at all; a
/// private one is theirs whom it is shared with as far as that goes. Managing profiles do everything but
/// delete a private folder that is not below another one: that only its owner and its creator may.
pub fn folder_rights(relation: &FolderRelation, facts: FolderFacts) -> FolderRights {
    let (manages, creates) = (relation.profile.manages_all(), relation.profile.creates());
    let uses = manages || relation.own || (creates && !facts.private);
    let granted = relation.share == Some(ShareRole::Edit);
    FolderRights {
        see: relation.own
            || manages
            || relation.share.is_some()
            || relation.has_items
            || (creates && !facts.private),
        see_all: manages || relation.own || relation.share.is_some(),
        add_items: creates && (uses || granted),
        delete_items: creates && (manages || relation.own || granted),
        add_folders: creates && uses,
        delete: creates
            && (relation.own || relation.own_above || (manages && (!facts.private || facts.below))),
        edit: creates && uses,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NONE: FolderRelation = FolderRelation {
        profile: Profile::Visitor,
        own: false,
        own_above: false,
        share: None,
        has_items: false,
    };

    fn row(rights: FolderRights) -> [bool; 7] {
        [
            rights.see,
            rights.see_all,
            rights.add_items,
            rights.delete_items,
            rights.add_folders,
            rights.delete,
            rights.edit,
        ]
    }

    /// The table of 8.5: see the folder, see all items, add items, delete items, add sub-folders, delete
    /// (of a sub-folder), edit details.
    #[test]
    fn the_table_of_public_and_private_folders() {
        const Y: bool = true;
        const N: bool = false;
        let table = [
            (Profile::BillingAdmin, N, [Y, Y, Y, Y, Y, Y, Y]),
            (Profile::Admin, N, [Y, Y, Y, Y, Y, Y, Y]),
            (Profile::Supervisor, N, [Y, Y, Y, Y, Y, Y, Y]),
            (Profile::Manager, N, [Y, N, Y, N, Y, N, Y]),
            (Profile::Observer, N, [N, N, N, N, N, N, N]),
            (Profile::Visitor, N, [N, N, N, N, N, N, N]),
            (Profile::BillingAdmin, Y, [Y, Y, Y, Y, Y, Y, Y]),
            (Profile::Admin, Y, [Y, Y, Y, Y, Y, Y, Y]),
            (Profile::Supervisor, Y, [Y, Y, Y, Y, Y, Y, Y]),
            (Profile::Manager, Y, [N, N, N, N, N, N, N]),
            (Profile::Observer, Y, [N, N, N, N, N, N, N]),
            (Profile::Visitor, Y, [N, N, N, N, N, N, N]),
        ];
        for (profile, private, expected) in table {
            let found =
                folder_rights(&FolderRelation { profile, ..NONE }, FolderFacts { private, below: true });
            assert_eq!(row(found), expected, "{profile:?} private: {private}");
        }
    }

    #[test]
    fn shares_open_a_private_folder() {
        let facts = FolderFacts { private: true, below: false };
        let manager = FolderRelation { profile: Profile::Manager, ..NONE };
        let read = folder_rights(&FolderRelation { share: Some(ShareRole::Read), ..manager }, facts);
        assert_eq!(row(read), [true, true, false, false, false, false, false]);
        let edit = folder_rights(&FolderRelation { share: Some(ShareRole::Edit), ..manager }, facts);
        assert_eq!(row(edit), [true, true, true, true, false, false, false]);
        let observer = FolderRelation { profile: Profile::Observer, share: Some(ShareRole::Edit), ..NONE };
        assert_eq!(row(folder_rights(&observer, facts)), [true, true, false, false, false, false, false]);
        let item = folder_rights(&FolderRelation { has_items: true, ..manager }, facts);
        assert_eq!(row(item), [true, false, false, false, false, false, false]);
    }

    #[test]
    fn who_deletes_a_folder() {
        let admin = FolderRelation { profile: Profile::Admin, ..NONE };
        let manager = FolderRelation { profile: Profile::Manager, ..NONE };
        let own = FolderRelation { own: true, ..manager };
        let above = FolderRelation { own_above: true, ..manager };
        // relation, private, below, may delete
        let table = [
            (admin, false, false, true),
            (admin, true, false, false),
            (admin, true, true, true),
            (manager, false, false, false),
            (own, true, false, true),
            (own, false, false, true),
            (above, false, true, true),
        ];
        for (relation, private, below, expected) in table {
            let rights = folder_rights(&relation, FolderFacts { private, below });
            assert_eq!(rights.delete, expected, "{relation:?} {private} {below}");
        }
    }

    proptest! {
        #[test]
        fn nobody_changes_what_they_do_not_see(
            p in 0..Profile::ALL.len(), own: bool, own_above: bool, share in 0..3i64, has_items: bool,
            private: bool, below: bool,
        ) {
            let profile = Profile::ALL[p];
            let relation = FolderRelation { profile, own, own_above, share: ShareRole::from_code(share), has_items };
            let rights = folder_rights(&relation, FolderFacts { private, below });
            let any = rights.see_all || rights.add_items || rights.delete_items || rights.add_folders || rights.edit;
            prop_assert!(!any || rights.see);
            prop_assert!(profile.creates() || !(rights.add_items || rights.delete_items || rights.delete || rights.edit));
        }
    }
}
