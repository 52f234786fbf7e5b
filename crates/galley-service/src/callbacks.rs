//! Callbacks: who sets them, and what came of them.

use crate::accounts::reach;
use crate::proofs::editable;
use crate::{Service, ServiceError, UserCaller};
use galley_model::{
    AccountId, Callback, CallbackType, EventKind, MAX_CALLBACK_INTERVAL, ProofId, callback_host, is_public,
};
use galley_store::{Delivery, Read, Write};

/// Minutes between tries when nobody says.
const DEFAULT_INTERVAL: i64 = 5;

/// An address as a caller gives it.
#[derive(Clone, Debug, Default)]
pub struct CallbackInput {
    /// Where to. For a proof, none takes the account's callback of the same type.
    pub url: Option<String>,
    /// Minutes until a failed delivery is tried again; none takes 5.
    pub interval: Option<i64>,
}

/// The account, if the caller administers it: their own, or a satellite of it.
fn administered(
    tx: &Read<'_>,
    caller: &UserCaller,
    account: Option<AccountId>,
) -> Result<AccountId, ServiceError> {
    let account = reach(tx, caller, account)?.id;
    if caller.profile().administers() { Ok(account) } else { Err(ServiceError::Forbidden) }
}

impl Service {
    /// Callbacks of the account.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for other accounts, [`ServiceError::Forbidden`] for people who do
    /// not administer this one.
    pub fn account_callbacks(
        &self,
        caller: &UserCaller,
        account: Option<AccountId>,
    ) -> Result<Vec<Callback>, ServiceError> {
        self.store().read(|tx| Ok(tx.callbacks(administered(tx, caller, account)?, None)?))
    }

    /// Sets the account's callback of a type; it hears of every proof.
    ///
    /// # Errors
    /// As [`Service::account_callbacks`]; [`ServiceError::Invalid`] for addresses that cannot be called.
    pub fn set_account_callback(
        &self,
        caller: &UserCaller,
        account: Option<AccountId>,
        kind: CallbackType,
        input: &CallbackInput,
    ) -> Result<Callback, ServiceError> {
        self.store().write(|tx| {
            let account = administered(tx, caller, account)?;
            self.set_callback(tx, caller, account, None, kind, input)
        })
    }

    /// Removes the account's callback of a type. False when there was none.
    ///
    /// # Errors
    /// As [`Service::account_callbacks`].
    pub fn remove_account_callback(
        &self,
        caller: &UserCaller,
        account: Option<AccountId>,
        kind: CallbackType,
    ) -> Result<bool, ServiceError> {
        self.store().write(|tx| {
            let account = administered(tx, caller, account)?;
            self.remove_callback(tx, caller, account, None, kind)
        })
    }

    /// Callbacks of a proof itself.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Forbidden`] without edit rights: addresses may hold
    /// secrets.
    pub fn proof_callbacks(
        &self,
        caller: &UserCaller,
        proof: ProofId,
    ) -> Result<Vec<Callback>, ServiceError> {
        self.store().read(|tx| {
            let proof = editable(tx, caller, proof)?.proof;
            Ok(tx.callbacks(proof.account, Some(proof.id))?)
        })
    }

    /// Sets the callback of a type on one proof.
    ///
    /// # Errors
    /// As [`Service::proof_callbacks`]; [`ServiceError::Invalid`] for addresses that cannot be called and
    /// for types that only accounts have.
    pub fn set_proof_callback(
        &self,
        caller: &UserCaller,
        proof: ProofId,
        kind: CallbackType,
        input: &CallbackInput,
    ) -> Result<Callback, ServiceError> {
        self.store().write(|tx| {
            let proof = editable(tx, caller, proof)?.proof;
            only_of_accounts(kind)?;
            let set = self.set_callback(tx, caller, proof.account, Some(proof.id), kind, input)?;
            Ok(Callback { proof_name: Some(proof.name), ..set })
        })
    }

    /// Removes the callback of a type from one proof. False when there was none.
    ///
    /// # Errors
    /// As [`Service::set_proof_callback`].
    pub fn remove_proof_callback(
        &self,
        caller: &UserCaller,
        proof: ProofId,
        kind: CallbackType,
    ) -> Result<bool, ServiceError> {
        self.store().write(|tx| {
            let proof = editable(tx, caller, proof)?.proof;
            only_of_accounts(kind)?;
            self.remove_callback(tx, caller, proof.account, Some(proof.id), kind)
        })
    }

    /// What was posted to callback addresses of the account, newest first.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for people who do not administer the account.
    pub fn deliveries(
        &self,
        caller: &UserCaller,
        before: Option<i64>,
        limit: i64,
    ) -> Result<Vec<Delivery>, ServiceError> {
        let before = before.unwrap_or(i64::MAX);
        self.store().read(|tx| {
            let account = administered(tx, caller, None)?;
            Ok(tx.deliveries(account, before, limit.clamp(1, 200))?)
        })
    }

    fn set_callback(
        &self,
        tx: &Write<'_>,
        caller: &UserCaller,
        account: AccountId,
        proof: Option<ProofId>,
        kind: CallbackType,
        input: &CallbackInput,
    ) -> Result<Callback, ServiceError> {
        let inherited = match proof {
            Some(_) => tx.callbacks(account, None)?.into_iter().find(|one| one.kind == kind),
            None => None,
        };
        let given = input.url.as_deref().map(str::trim).filter(|url| !url.is_empty());
        let url = given.map(str::to_owned).or_else(|| inherited.as_ref().map(|one| one.url.clone()));
        let url = url.ok_or_else(|| {
            ServiceError::Invalid("Url", "Required string parameter 'Url' is not present.".to_owned())
        })?;
        let host = self.callable(&url)?.to_owned();
        let interval = input.interval.or(inherited.map(|one| one.interval)).unwrap_or(DEFAULT_INTERVAL);
        check_interval(interval)?;
        let now = self.now();
        let callback = Callback { account, proof, proof_name: None, kind, url, interval };
        tx.set_callback(&callback, now)?;
        tx.append(account, proof, now, &caller.actor(), &EventKind::CallbackSet { callback: kind, host })?;
        Ok(callback)
    }

    fn remove_callback(
        &self,
        tx: &Write<'_>,
        caller: &UserCaller,
        account: AccountId,
        proof: Option<ProofId>,
        kind: CallbackType,
    ) -> Result<bool, ServiceError> {
        let removed = tx.remove_callback(account, proof, kind)?;
        if removed {
            let kind = EventKind::CallbackRemoved { callback: kind };
            tx.append(account, proof, self.now(), &caller.actor(), &kind)?;
        }
        Ok(removed)
    }

    /// The host of an address, if it can be called. Names are looked up when it is, not now.
    pub(crate) fn callable<'u>(&self, url: &'u str) -> Result<&'u str, ServiceError> {
        let host = callback_host(url)
            .map_err(|error| ServiceError::Invalid("Url", crate::error::sentence(&error.to_string())))?;
        let private = host.parse().is_ok_and(|ip| !is_public(ip))
            || host.trim_end_matches('.').eq_ignore_ascii_case("localhost");
        if private && !self.config().allow_private_callbacks {
            let text = "A callback address must be one of the open internet; this one is private.";
            return Err(ServiceError::Invalid("Url", text.to_owned()));
        }
        Ok(host)
    }
}

/// Minutes between tries that somebody may ask for.
pub(crate) fn check_interval(minutes: i64) -> Result<(), ServiceError> {
    if (1..=MAX_CALLBACK_INTERVAL).contains(&minutes) {
        return Ok(());
    }
    let text = format!("A retry interval is 1 to {MAX_CALLBACK_INTERVAL} minutes.");
    Err(ServiceError::Invalid("RetryInterval", text))
}

fn only_of_accounts(kind: CallbackType) -> Result<(), ServiceError> {
    if kind.of_proofs() {
        return Ok(());
    }
    let text = format!("A proof has no callback of type {}; an account has.", kind.code());
    Err(ServiceError::Invalid("Type", text))
}
