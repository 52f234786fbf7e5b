//! The users of an account and who may administer them (`product.md` 2.1, 9.6).

mod change;
mod remove;

pub use change::UserEdit;
pub(crate) use change::{Newcomer, TOKEN_LENGTH, add_login, known_zone};

use crate::accounts::reach;
use crate::{Missing, Service, ServiceError, UserCaller, secrets};
use galley_model::{
    Account, AccountId, PasswordRules, User, UserId, UserRecord, UserStatus, keeps_administrators,
    may_administer,
};
use galley_store::Read;

/// A user as somebody gets to see them.
#[derive(Clone, Debug)]
pub struct UserLook {
    /// Everything that is known.
    pub record: UserRecord,
    /// The onlooker may know all of it: an administrator, or the user themselves. To everybody else
    /// address, telephones, mail settings and logins are nobody's business.
    pub full: bool,
}

impl UserLook {
    pub(crate) fn of(caller: &UserCaller, record: UserRecord) -> UserLook {
        let full = caller.profile().administers() || record.user.id == caller.id();
        UserLook { record, full }
    }
}

/// A user in reach of the caller, with their account: of the caller's own, or of a satellite for those
/// who administer its hub. With an account given, the user must be in that one.
pub(crate) fn reach_user(
    tx: &Read<'_>,
    caller: &UserCaller,
    account: Option<AccountId>,
    id: UserId,
) -> Result<(Account, UserRecord), ServiceError> {
    let missing = || ServiceError::NotFound(Missing::User);
    let asked = account.map(|account| reach(tx, caller, Some(account))).transpose()?;
    let record = tx.user_record(id)?.ok_or_else(missing)?;
    let account = match asked {
        Some(account) if account.id == record.user.account => account,
        Some(_) => return Err(missing()),
        None => reach(tx, caller, Some(record.user.account)).map_err(|error| match error {
            ServiceError::NotFound(_) => missing(),
            other => other,
        })?,
    };
    Ok((account, record))
}

/// A user whom the caller may change as they are now.
fn administered(
    tx: &Read<'_>,
    caller: &UserCaller,
    account: Option<AccountId>,
    id: UserId,
) -> Result<(Account, UserRecord), ServiceError> {
    // Whoever administers nobody learns nothing about ids.
    may_administer(caller.profile(), None, galley_model::Profile::Visitor)?;
    let (account, record) = reach_user(tx, caller, account, id)?;
    let profile = record.user.profile;
    may_administer(caller.profile(), Some(profile), profile)?;
    Ok((account, record))
}

/// Refuses to take administrator permission from the last user of an account who has it.
fn check_last_administrator(tx: &Read<'_>, user: &User) -> Result<(), ServiceError> {
    if user.status != UserStatus::Activated {
        return Ok(());
    }
    let others: Vec<_> = tx
        .active_users(user.account)?
        .into_iter()
        .filter(|(id, _)| *id != user.id)
        .map(|(_, profile)| profile)
        .collect();
    Ok(keeps_administrators(user.profile, &others)?)
}

/// Refuses one more active user where the plan has no room for one.
fn check_room(tx: &Read<'_>, account: &Account) -> Result<(), ServiceError> {
    let active = i64::try_from(tx.active_users(account.id)?.len()).unwrap_or(i64::MAX);
    if account.plan.takes_user(active) {
        return Ok(());
    }
    let text = format!("The plan {} has room for {} users.", account.plan.name, account.plan.users);
    Err(ServiceError::Conflict(text))
}

impl Service {
    /// Users of an account.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for an account out of the caller's reach.
    pub fn user_looks(
        &self,
        caller: &UserCaller,
        account: Option<AccountId>,
    ) -> Result<Vec<UserLook>, ServiceError> {
        self.find_users(caller, account, "")
    }

    /// Users of an account whose address contains a text.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for an account out of the caller's reach.
    pub fn find_users(
        &self,
        caller: &UserCaller,
        account: Option<AccountId>,
        text: &str,
    ) -> Result<Vec<UserLook>, ServiceError> {
        self.store().read(|tx| {
            let account = match account {
                Some(id) if id != caller.account() => reach(tx, caller, Some(id))?.id,
                _ => caller.account(),
            };
            let records = tx.user_records(&[account], text)?;
            Ok(records.into_iter().map(|record| UserLook::of(caller, record)).collect())
        })
    }

    /// One user.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`].
    pub fn user_look(&self, caller: &UserCaller, id: UserId) -> Result<UserLook, ServiceError> {
        let (_, record) = self.store().read(|tx| reach_user(tx, caller, None, id))?;
        Ok(UserLook::of(caller, record))
    }

    /// What is stored of a password that satisfies the rules.
    pub(crate) fn hash_new_password(
        &self,
        rules: &PasswordRules,
        password: &str,
    ) -> Result<String, ServiceError> {
        rules.accept(password)?;
        secrets::hash_password(self.inner.random.as_ref(), password)
    }
}
