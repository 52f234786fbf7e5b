//! Accounts, logins and the people an account knows (`product.md` 1.1).

use crate::{AccountId, Address, Alert, PasswordRules, PersonId, Plan, Profile, Role, Timestamp, UserId};
use serde::{Deserialize, Serialize};

/// A tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Identifier.
    pub id: AccountId,
    /// The hub that this account is a satellite of.
    pub hub: Option<AccountId>,
    /// Name as people read it.
    pub name: String,
    /// IANA name of the zone in which guests see times.
    pub time_zone: String,
    /// Where it is.
    pub address: Address,
    /// Domain that it goes by, possibly empty; unique on the server, without regard to case.
    pub domain: String,
    /// Reference of the caller's own, possibly empty.
    pub reference: String,
    /// No mail about proofs is sent.
    pub proof_mail_off: bool,
    /// What it asks of passwords.
    pub password_rules: PasswordRules,
    /// What the viewer says to reviewers.
    pub messages: ViewerMessages,
    /// What it may use.
    pub plan: Plan,
    /// Since when it has that plan.
    pub plan_since: Timestamp,
}

/// What the viewer says to reviewers of an account; an empty text is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ViewerMessages {
    /// Shown when a proof is opened.
    pub on_load: String,
    /// Shown when a decision is made.
    pub on_decision: String,
    /// Label of the button that agrees.
    pub confirm: String,
    /// Label of the button that does not.
    pub cancel: String,
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
    /// How much mail they want where a proof does not say.
    pub default_alert: Alert,
    /// Logs in through the API only, never on the web.
    pub api_only: bool,
}

/// Everything that is known of a login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserRecord {
    /// The login itself.
    pub user: User,
    /// Where they are.
    pub address: Address,
    /// OpenID, possibly empty; kept so that what is set reads back.
    pub openid: String,
    /// Language of the interface, possibly empty.
    pub language: String,
    /// How they like dates, possibly empty; kept so that what is set reads back.
    pub date_format: String,
    /// They may be sent news about the product.
    pub marketing_mail: bool,
    /// They are told when a proof of theirs has its pages.
    pub proof_ready_mail: bool,
    /// Reference of the caller's own, possibly empty.
    pub reference: String,
    /// When they last logged in.
    pub last_login: Option<Timestamp>,
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
    /// How much mail they want when somebody adds them without saying; none is their own default.
    pub default_alert: Option<Alert>,
}

/// How a contact stands to the account that lists it (`product.md` 1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContactKind {
    /// A login of the account.
    User,
    /// A login of the hub or of a satellite.
    Member,
    /// An address without a login.
    Guest,
}

impl ContactKind {
    /// Text on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            ContactKind::User => "user",
            ContactKind::Member => "member",
            ContactKind::Guest => "guest",
        }
    }
}

/// Somebody in the address book of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// The account whose login or guest it is.
    pub account: AccountId,
    /// How they stand to the account that asks.
    pub kind: ContactKind,
    /// Address.
    pub email: String,
    /// Name as people read it.
    pub name: String,
    /// Company; that of a login is its account.
    pub company: String,
    /// Job title, possibly empty.
    pub position: String,
    /// Where they are.
    pub address: Address,
    /// Role when somebody adds them without naming one.
    pub default_role: Role,
}
