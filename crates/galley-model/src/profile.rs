//! Permission profiles: the account-wide rights of a user (`product.md` 2.1).

use serde::{Deserialize, Serialize};

/// The standard profiles. A user has exactly one; a guest has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// Everything, and the plan.
    BillingAdmin,
    /// Users and account settings.
    Admin,
    /// Every item of the account.
    Supervisor,
    /// Own items.
    Manager,
    /// What is shared with them.
    Observer,
    /// As an observer, without contacts and groups.
    Visitor,
}

impl Profile {
    /// All profiles, most rights first.
    pub const ALL: [Profile; 6] = [
        Profile::BillingAdmin,
        Profile::Admin,
        Profile::Supervisor,
        Profile::Manager,
        Profile::Observer,
        Profile::Visitor,
    ];

    /// Number on the wire. The original never published its own; these are ours.
    pub const fn code(self) -> i64 {
        match self {
            Profile::BillingAdmin => 1,
            Profile::Admin => 2,
            Profile::Supervisor => 3,
            Profile::Manager => 4,
            Profile::Observer => 5,
            Profile::Visitor => 6,
        }
    }

    /// The profile with this number.
    pub fn from_code(code: i64) -> Option<Profile> {
        Self::ALL.into_iter().find(|profile| profile.code() == code)
    }

    /// Name as people read it.
    pub const fn label(self) -> &'static str {
        match self {
            Profile::BillingAdmin => "Billing Administrator",
            Profile::Admin => "Administrator",
            Profile::Supervisor => "Supervisor",
            Profile::Manager => "Manager",
            Profile::Observer => "Observer",
            Profile::Visitor => "Visitor",
        }
    }

    /// May create proofs, files and folders.
    pub const fn creates(self) -> bool {
        matches!(self, Profile::BillingAdmin | Profile::Admin | Profile::Supervisor | Profile::Manager)
    }

    /// Sees and edits every item of the account.
    pub const fn manages_all(self) -> bool {
        matches!(self, Profile::BillingAdmin | Profile::Admin | Profile::Supervisor)
    }

    /// Manages users and account settings.
    pub const fn administers(self) -> bool {
        matches!(self, Profile::BillingAdmin | Profile::Admin)
    }

    /// Sees contacts and groups.
    pub const fn sees_contacts(self) -> bool {
        !matches!(self, Profile::Visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_capability_table_of_product_2_1() {
        // profile, creates, manages all, administers, sees contacts
        let table = [
            (Profile::BillingAdmin, true, true, true, true),
            (Profile::Admin, true, true, true, true),
            (Profile::Supervisor, true, true, false, true),
            (Profile::Manager, true, false, false, true),
            (Profile::Observer, false, false, false, true),
            (Profile::Visitor, false, false, false, false),
        ];
        for (profile, creates, all, administers, contacts) in table {
            assert_eq!(
                (profile.creates(), profile.manages_all(), profile.administers(), profile.sees_contacts()),
                (creates, all, administers, contacts),
                "{profile:?}"
            );
            assert_eq!(Profile::from_code(profile.code()), Some(profile));
        }
    }
}
