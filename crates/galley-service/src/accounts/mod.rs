//! Accounts, hubs and satellites (`product.md` 1.1).

mod create;
mod plans;
mod settings;

pub use create::AccountInput;
pub(crate) use plans::check_proof_room;
pub use settings::AccountEdit;

use crate::users::UserLook;
use crate::{Missing, Service, ServiceError, UserCaller};
use galley_model::{Account, AccountId, Profile, Timestamp, plan_month};
use galley_store::{Read, Usage};
use jiff::tz::TimeZone;

/// What billing administrators alone may do; the original's words.
const BILLING: ServiceError = ServiceError::Denied("Creators and Billing administrator rights required");

/// An account with all that is shown of it.
#[derive(Clone, Debug)]
pub struct AccountLook {
    /// The account.
    pub account: Account,
    /// Its users.
    pub users: Vec<UserLook>,
    /// What it uses.
    pub usage: Usage,
    /// Start and end of the month that its proofs are counted in.
    pub month: (Timestamp, Timestamp),
}

/// The account to act on: the caller's own, or a satellite of it for who administers the hub. Every
/// other one is out of reach, whether it exists or not.
pub(crate) fn reach(
    tx: &Read<'_>,
    caller: &UserCaller,
    asked: Option<AccountId>,
) -> Result<Account, ServiceError> {
    let missing = || ServiceError::NotFound(Missing::Account);
    let account = tx.account(asked.unwrap_or(caller.account()))?.ok_or_else(missing)?;
    let satellite = account.hub == Some(caller.account()) && caller.profile().administers();
    if account.id == caller.account() || satellite { Ok(account) } else { Err(missing()) }
}

/// The account to administer. To everybody but administrators even their own is out of reach, as it is
/// in the original.
fn administered(
    tx: &Read<'_>,
    caller: &UserCaller,
    asked: Option<AccountId>,
) -> Result<Account, ServiceError> {
    if !caller.profile().administers() {
        return Err(ServiceError::NotFound(Missing::Account));
    }
    reach(tx, caller, asked)
}

pub(crate) fn check_billing(caller: &UserCaller) -> Result<(), ServiceError> {
    if caller.profile() == Profile::BillingAdmin { Ok(()) } else { Err(BILLING) }
}

/// The month of an account's plan, by the calendar of its zone.
fn month(account: &Account, now: Timestamp) -> (Timestamp, Timestamp) {
    let zone = TimeZone::get(&account.time_zone).unwrap_or(TimeZone::UTC);
    plan_month(account.plan_since, now, &zone)
}

/// Accounts with all that is shown of them, in the same order; two statements, however many.
fn looks(tx: &Read<'_>, accounts: Vec<Account>, now: Timestamp) -> Result<Vec<AccountLook>, ServiceError> {
    let ids: Vec<AccountId> = accounts.iter().map(|account| account.id).collect();
    let months: Vec<_> = accounts.iter().map(|account| month(account, now)).collect();
    let since: Vec<_> = ids.iter().zip(&months).map(|(id, month)| (*id, month.0)).collect();
    let usages = tx.usage(&since)?;
    let records = tx.user_records(&ids, "")?;
    let looks = accounts.into_iter().zip(months).map(|(account, month)| {
        let of_account = records.iter().filter(|record| record.user.account == account.id);
        let none = Usage { account: account.id, proofs: 0, bytes: 0, users: 0 };
        AccountLook {
            // Only administrators get to see accounts, and they may know everything.
            users: of_account.map(|record| UserLook { record: record.clone(), full: true }).collect(),
            usage: usages.iter().find(|usage| usage.account == account.id).copied().unwrap_or(none),
            account,
            month,
        }
    });
    Ok(looks.collect())
}

fn look(tx: &Read<'_>, account: Account, now: Timestamp) -> Result<AccountLook, ServiceError> {
    looks(tx, vec![account], now)?.pop().ok_or(ServiceError::NotFound(Missing::Account))
}

impl Service {
    /// An account, for its administrators and those of its hub.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for everybody and everything else.
    pub fn account_look(
        &self,
        caller: &UserCaller,
        asked: Option<AccountId>,
    ) -> Result<AccountLook, ServiceError> {
        let now = self.now();
        self.store().read(|tx| {
            let account = administered(tx, caller, asked)?;
            look(tx, account, now)
        })
    }

    /// Satellites of the caller's account, by name.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for who does not administer the account.
    pub fn satellites(&self, caller: &UserCaller) -> Result<Vec<AccountLook>, ServiceError> {
        if !caller.profile().administers() {
            return Err(ServiceError::Forbidden);
        }
        let now = self.now();
        self.store().read(|tx| {
            let accounts = tx.satellites(caller.account())?;
            looks(tx, accounts, now)
        })
    }
}
