//! Accounts, hubs and satellites (`product.md` 1.1).

use crate::{Missing, ServiceError, UserCaller};
use galley_model::{Account, AccountId};
use galley_store::Read;

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
