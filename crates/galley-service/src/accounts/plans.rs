//! Plans and their limits (`product.md` 9.10). Nothing is paid for.

use super::{AccountLook, check_billing, look, month, reach};
use crate::{Missing, Service, ServiceError, UserCaller};
use galley_model::{Account, AccountId, EventKind, File, Plan, Timestamp, UserId, UserStatus, surplus_users};
use galley_store::{Read, Write};

/// Plans that an account may have. The one without limits is for the account that the server began with
/// and its satellites, and for who has it: others would lift the limits that they were given.
fn offered(tx: &Read<'_>, account: &Account) -> Result<Vec<Plan>, ServiceError> {
    let first = tx.first_account()?;
    let trusted = first == Some(account.id) || (account.hub.is_some() && first == account.hub);
    let unlimited = trusted || account.plan == Plan::UNLIMITED;
    Ok(Plan::ALL.into_iter().filter(|plan| unlimited || *plan != Plan::UNLIMITED).collect())
}

/// Refuses a proof that the plan has no room for. `counts`: it is one of those that the plan counts.
pub(crate) fn check_proof_room(
    tx: &Read<'_>,
    id: AccountId,
    file: &File,
    counts: bool,
    now: Timestamp,
) -> Result<(), ServiceError> {
    let account = tx.account(id)?.ok_or(ServiceError::NotFound(Missing::Account))?;
    let plan = account.plan;
    if plan.takes_proof(i64::MAX) && plan.takes_bytes(i64::MAX, 0) {
        return Ok(());
    }
    let usage = tx.usage(&[(id, month(&account, now).0)])?;
    let (proofs, bytes) = usage.first().map_or((0, 0), |usage| (usage.proofs, usage.bytes));
    if counts && !plan.takes_proof(proofs) {
        let text = format!("The plan {} has room for {} proofs a month.", plan.name, plan.proofs);
        return Err(ServiceError::Conflict(text));
    }
    let more = i64::try_from(file.size).unwrap_or(i64::MAX);
    if !plan.takes_bytes(bytes, more) {
        let text = format!("The plan {} has room for {} MB.", plan.name, plan.storage_mb);
        return Err(ServiceError::Conflict(text));
    }
    Ok(())
}

impl Service {
    /// Plans that the caller's account may have.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] for who is no billing administrator.
    pub fn plans(&self, caller: &UserCaller) -> Result<Vec<Plan>, ServiceError> {
        check_billing(caller)?;
        self.store().read(|tx| {
            let account = reach(tx, caller, None)?;
            offered(tx, &account)
        })
    }

    /// Gives an account another plan from now on. Users beyond its limit are switched off.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] for who is no billing administrator, [`ServiceError::NotFound`] for an
    /// account out of reach and an unknown plan.
    pub fn set_plan(
        &self,
        caller: &UserCaller,
        asked: Option<AccountId>,
        plan: i64,
    ) -> Result<AccountLook, ServiceError> {
        check_billing(caller)?;
        let now = self.now();
        let (look, switched_off) = self.store().write(|tx| -> Result<_, ServiceError> {
            let mut account = reach(tx, caller, asked)?;
            let plan = offered(tx, &account)?.into_iter().find(|offer| offer.id == plan);
            let plan = plan.ok_or(ServiceError::NotFound(Missing::Plan))?;
            let mut off = Vec::new();
            if plan != account.plan {
                tx.set_plan(account.id, &plan, now)?;
                let kind = EventKind::PlanChanged { plan: plan.name.to_owned() };
                tx.append(account.id, None, now, &caller.actor(), &kind)?;
                (account.plan, account.plan_since) = (plan, now);
                off = switch_off_surplus(tx, caller, &account, now)?;
            }
            Ok((look(tx, account, now)?, off))
        })?;
        self.inner.sessions.forget(&switched_off);
        Ok(look)
    }
}

fn switch_off_surplus(
    tx: &Write<'_>,
    caller: &UserCaller,
    account: &Account,
    now: Timestamp,
) -> Result<Vec<UserId>, ServiceError> {
    let surplus = surplus_users(&account.plan, &tx.active_users(account.id)?);
    for id in &surplus {
        let email = tx.user(*id)?.map(|user| user.email).unwrap_or_default();
        tx.set_user_status(*id, UserStatus::Disabled)?;
        tx.delete_sessions(*id, "")?;
        let kind = EventKind::UserDeactivated { user: *id, email };
        tx.append(account.id, None, now, &caller.actor(), &kind)?;
    }
    Ok(surplus)
}
