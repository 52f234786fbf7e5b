//! Accounts, logins and the people an account knows (`product.md` 1.1).

use crate::{AccountId, PersonId, Profile, Role, Timestamp, UserId};
use serde::{Deserialize, Serialize};

/// A tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Identifier.
    pub id: AccountId,
    /// Name as people read it.
    pub name: String,
    /// IANA name of the zone in which guests see times.
    pub time_zone: String,
}

/// Whether a login may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UserStatus {
    /// May log in.
    Activated,
    /// Switched off by an administrator.
    Disabled,
}

impl UserStatus {
    /// Text of the SOAP user object. A login that is locked after failed attempts shows as `locked`.
    pub const fn as_str(self) -> &'static str {
        match self {
            UserStatus::Activated => "activated",
            UserStatus::Disabled => "disabled",
        }
    }

    /// Reads what [`UserStatus::as_str`] wrote.
    pub fn parse(text: &str) -> Option<UserStatus> {
        [UserStatus::Activated, UserStatus::Disabled].into_iter().find(|s| s.as_str() == text)
    }
}

/// A login of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Identifier.
    pub id: UserId,
    /// The account it belongs to.
    pub account: AccountId,
    /// The same human among the people of the account.
    pub person: PersonId,
    /// Address; unique on the server, without regard to case.
    pub email: String,
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// Job title, possibly empty.
    pub position: String,
    /// Account-wide rights.
    pub profile: Profile,
    /// Whether it may be used.
    pub status: UserStatus,
    /// Refuses logins until then, after too many failed attempts.
    pub locked_until: Option<Timestamp>,
    /// IANA name of the zone in which this person reads and writes times.
    pub time_zone: String,
    /// Role when somebody adds this person without naming one (`product.md` 2.5).
    pub default_role: Role,
}

impl User {
    /// Full name, or the address when no name is known.
    pub fn name(&self) -> String {
        let name = format!("{} {}", self.first_name, self.last_name);
        match name.trim() {
            "" => self.email.clone(),
            name => name.to_owned(),
        }
    }
}

/// Somebody an account knows: a user, or a guest with an address only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Identifier.
    pub id: PersonId,
    /// The account that knows them.
    pub account: AccountId,
    /// Address; unique in the account, without regard to case.
    pub email: String,
    /// Name as people read it.
    pub name: String,
    /// Their login in this account, when they have one.
    pub user: Option<UserId>,
    /// Role when somebody adds them without naming one.
    pub default_role: Role,
}
