//! Accounts on the wire.

use crate::backend::{ServiceBackend, minutes};
use crate::users::UserObject;
use galley_model::{PasswordRules, Plan, ViewerMessages};
use galley_service::{AccountLook, UserCaller, UserLook};
use soap::SoapObject;

/// An account.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPAccountObject")]
pub struct AccountObject {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Plan and usage.
    pub membership: MembershipObject,
    /// Its users.
    pub users: Vec<UserObject>,
    /// Street.
    pub street: String,
    /// City.
    pub city: String,
    /// State or region.
    pub state: String,
    /// Postal code.
    pub postcode: String,
    /// Country.
    pub country: String,
    /// Telephone.
    pub telephone: String,
    /// Mobile telephone.
    pub mobile: String,
    /// Fax.
    pub fax: String,
    /// Domain that it goes by.
    pub domain: String,
    /// What it asks of passwords.
    pub password_settings: AccountPasswordSettingsObject,
    /// What the viewer says to reviewers.
    pub proofing_defaults: AccountProofingDefaultsObject,
    /// Reference of the caller's own.
    #[soap(since = "16.24")]
    pub reference_id: String,
}

/// A satellite account.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPSatelliteAccountObject", array = "SOAPSatelliteAccountObjectArray")]
pub struct SatelliteAccountObject {
    /// Its id.
    pub id: i64,
    /// The hub.
    pub parent_account_id: i64,
    /// Its name.
    pub name: String,
    /// Plan and usage.
    pub membership: MembershipObject,
    /// Its users.
    pub users: Vec<UserObject>,
    /// Street.
    pub street: String,
    /// City.
    pub city: String,
    /// State or region.
    pub state: String,
    /// Postal code.
    pub postcode: String,
    /// Country.
    pub country: String,
    /// Telephone.
    pub telephone: String,
    /// Mobile telephone.
    pub mobile: String,
    /// Fax.
    pub fax: String,
    /// Domain that it goes by.
    pub domain: String,
    /// What it asks of passwords.
    pub password_settings: AccountPasswordSettingsObject,
    /// What the viewer says to reviewers.
    pub proofing_defaults: AccountProofingDefaultsObject,
    /// Reference of the caller's own.
    #[soap(since = "16.24")]
    pub reference_id: String,
}

/// A plan: limits of an account.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPPlanObject", array = "SOAPPlanObjectArray")]
pub struct PlanObject {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// What it costs: nothing.
    pub price: f64,
    /// Whether it has no limits.
    #[soap(since = "16.24")]
    pub enterprise: bool,
    /// Users that may be switched on at a time; 2147483647 for any number.
    #[soap(since = "16.24")]
    pub user_limit: i64,
    /// Storage in megabytes; 2147483647 for any amount.
    #[soap(since = "16.24")]
    pub storage_limit: i64,
    /// Proofs a month; 2147483647 for any number.
    #[soap(since = "16.24")]
    pub proof_limit: i64,
    /// Kind of plan: always 1.
    #[soap(since = "16.24")]
    #[soap(name = "type")]
    pub kind: i64,
}

/// The plan of an account and what it uses of it.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPMembershipObject")]
pub struct MembershipObject {
    /// Id of the account.
    pub id: i64,
    /// The plan.
    pub plan: PlanObject,
    /// Start of the month that proofs are counted in, `YYYY-MM-DD hh:mm`.
    pub start_at: String,
    /// End of that month.
    pub finish_at: String,
    /// Megabytes of originals.
    pub storage_usage: i64,
    /// Proofs made in that month.
    pub proofs_usage: i64,
    /// Users that are switched on.
    pub users_usage: i64,
    /// Storage in megabytes; 2147483647 for any amount.
    pub storage_limit: i64,
    /// Proofs a month; 2147483647 for any number.
    pub proofs_limit: i64,
    /// Users that may be switched on at a time; 2147483647 for any number.
    pub users_limit: i64,
}

/// What an account asks of passwords.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPAccountPasswordSettingsObject")]
pub struct AccountPasswordSettingsObject {
    /// Fewest characters.
    pub password_length: i64,
    /// Fewest lower-case letters.
    pub lcase_characters: i64,
    /// Fewest upper-case letters.
    pub ucase_characters: i64,
    /// Fewest digits.
    pub numeric_characters: i64,
    /// Fewest characters that are neither letter nor digit.
    pub symbol_characters: i64,
    /// How often one character may occur; 0 for any number.
    pub characters_repetition: i64,
    /// Days after which a password has to be replaced; 0 for never.
    pub password_lifetime: i64,
    /// Past passwords that may not be used again: always 0, as no operation sets it.
    pub password_repetition: i64,
    /// Failed logins in a row that lock a login.
    pub bruteforce_attempts: i64,
    /// Minutes for which it stays locked.
    pub bruteforce_lock_time: i64,
}

/// What the viewer says to reviewers of an account.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPAccountProofingDefaultsObject")]
pub struct AccountProofingDefaultsObject {
    /// Shown when a proof is opened for the first time.
    pub on_load_message: String,
    /// Shown when a decision is made.
    pub on_decision_message: String,
    /// Label of the button that agrees.
    pub confirm_button: String,
    /// Label of the button that does not.
    pub cancel_button: String,
}

/// Membership and users of an account as they are shown.
fn parts(
    backend: &ServiceBackend,
    caller: &UserCaller,
    look: &AccountLook,
    users: Vec<UserLook>,
) -> (MembershipObject, Vec<UserObject>) {
    let users = users.into_iter().map(|user| UserObject::of(backend, caller, user)).collect();
    (MembershipObject::of(caller, look), users)
}

impl AccountObject {
    pub(crate) fn of(backend: &ServiceBackend, caller: &UserCaller, mut look: AccountLook) -> AccountObject {
        let users = std::mem::take(&mut look.users);
        let (membership, users) = parts(backend, caller, &look, users);
        let account = look.account;
        AccountObject {
            id: account.id.0,
            name: account.name,
            membership,
            users,
            street: account.address.street,
            city: account.address.city,
            state: account.address.state,
            postcode: account.address.postcode,
            country: account.address.country,
            telephone: account.address.telephone,
            mobile: account.address.mobile,
            fax: account.address.fax,
            domain: account.domain,
            password_settings: AccountPasswordSettingsObject::of(&account.password_rules),
            proofing_defaults: AccountProofingDefaultsObject::of(account.messages),
            reference_id: account.reference,
        }
    }
}

impl SatelliteAccountObject {
    pub(crate) fn of(backend: &ServiceBackend, caller: &UserCaller, mut look: AccountLook) -> Self {
        let users = std::mem::take(&mut look.users);
        let (membership, users) = parts(backend, caller, &look, users);
        let account = look.account;
        SatelliteAccountObject {
            id: account.id.0,
            parent_account_id: account.hub.map_or(0, |hub| hub.0),
            name: account.name,
            membership,
            users,
            street: account.address.street,
            city: account.address.city,
            state: account.address.state,
            postcode: account.address.postcode,
            country: account.address.country,
            telephone: account.address.telephone,
            mobile: account.address.mobile,
            fax: account.address.fax,
            domain: account.domain,
            password_settings: AccountPasswordSettingsObject::of(&account.password_rules),
            proofing_defaults: AccountProofingDefaultsObject::of(account.messages),
            reference_id: account.reference,
        }
    }
}

impl PlanObject {
    pub(crate) fn of(plan: &Plan) -> PlanObject {
        PlanObject {
            id: plan.id,
            name: plan.name.to_owned(),
            price: 0.0,
            enterprise: *plan == Plan::UNLIMITED,
            user_limit: plan.users,
            storage_limit: plan.storage_mb,
            proof_limit: plan.proofs,
            kind: 1,
        }
    }
}

impl MembershipObject {
    pub(crate) fn of(caller: &UserCaller, look: &AccountLook) -> MembershipObject {
        let plan = &look.account.plan;
        MembershipObject {
            id: look.account.id.0,
            plan: PlanObject::of(plan),
            start_at: minutes(Some(look.month.0), caller),
            finish_at: minutes(Some(look.month.1), caller),
            // What was begun is used.
            storage_usage: look.usage.bytes / 1_000_000 + i64::from(look.usage.bytes % 1_000_000 > 0),
            proofs_usage: look.usage.proofs,
            users_usage: look.usage.users,
            storage_limit: plan.storage_mb,
            proofs_limit: plan.proofs,
            users_limit: plan.users,
        }
    }
}

impl AccountPasswordSettingsObject {
    pub(crate) fn of(rules: &PasswordRules) -> AccountPasswordSettingsObject {
        AccountPasswordSettingsObject {
            password_length: rules.length,
            lcase_characters: rules.lowercase,
            ucase_characters: rules.uppercase,
            numeric_characters: rules.digits,
            symbol_characters: rules.symbols,
            characters_repetition: rules.repetition,
            password_lifetime: rules.lifetime_days,
            password_repetition: 0,
            bruteforce_attempts: rules.attempts,
            bruteforce_lock_time: rules.lock_minutes,
        }
    }
}

impl AccountProofingDefaultsObject {
    pub(crate) fn of(messages: ViewerMessages) -> AccountProofingDefaultsObject {
        AccountProofingDefaultsObject {
            on_load_message: messages.on_load,
            on_decision_message: messages.on_decision,
            confirm_button: messages.confirm,
            cancel_button: messages.cancel,
        }
    }
}
