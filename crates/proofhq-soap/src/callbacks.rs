//! Callbacks of accounts and proofs.

use crate::backend::{ServiceBackend, given};
use crate::dispatch::Handler;
use crate::faults;
use galley_model::{AccountId, Callback, CallbackType, ProofId};
use galley_service::{CallbackInput, ServiceError, UserCaller};
use soap::{Fault, SoapObject, SoapRequest};
use std::sync::Arc;

/// Lists the callbacks of the account.
#[derive(SoapRequest)]
#[soap(operation = "getAccountCallbacks", answer = Vec<CallbackObject>, section = "Callbacks")]
pub struct GetAccountCallbacks {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The account; 0 or nothing means the caller's.
    #[soap(name = "AccountID", since = "16.24")]
    pub account_id: Option<i64>,
}

/// Sets the address that hears of one type of event on every proof of the account.
#[derive(SoapRequest)]
#[soap(operation = "setAccountCallback", answer = CallbackObject, section = "Callbacks")]
pub struct SetAccountCallback {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// Type of event, by number (1 to 10, 20 to 23) or name.
    #[soap(name = "Type", required)]
    pub kind: String,
    /// Address that events are posted to.
    #[soap(name = "Url", required)]
    pub url: String,
    /// Minutes until a failed delivery is tried again; after an hour it is tried hourly, after a day no more.
    #[soap(name = "RetryInterval", required)]
    pub retry_interval: i64,
    /// The account; 0 or nothing means the caller's.
    #[soap(name = "AccountID", since = "13.5")]
    pub account_id: Option<i64>,
}

/// Removes the account's callback of one type; false if there was none.
#[derive(SoapRequest)]
#[soap(operation = "removeAccountCallback", answer = bool, section = "Callbacks", since = "16.24")]
pub struct RemoveAccountCallback {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented", since = "16.24")]
    pub session_id: Option<String>,
    /// Type of event, by number or name.
    #[soap(name = "Type", required, since = "16.24")]
    pub kind: String,
    /// The account; 0 or nothing means the caller's.
    #[soap(name = "AccountID", since = "16.24")]
    pub account_id: Option<i64>,
}

/// Removes a proof's callback of one type; false if there was none.
#[derive(SoapRequest)]
#[soap(operation = "removeProofCallback", answer = bool, section = "Callbacks", since = "16.24")]
pub struct RemoveProofCallback {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented", since = "16.24")]
    pub session_id: Option<String>,
    /// Type of event, by number or name.
    #[soap(name = "Type", required, since = "16.24")]
    pub kind: String,
    /// The proof.
    #[soap(name = "FileID", required, since = "16.24")]
    pub file_id: i64,
}

/// Lists the callbacks of a proof.
#[derive(SoapRequest)]
#[soap(operation = "getProofCallbacks", answer = Vec<CallbackObject>, section = "Callbacks")]
pub struct GetProofCallbacks {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The proof.
    #[soap(name = "FileID", required)]
    pub file_id: i64,
}

/// Sets the address that hears of one type of event on a proof.
#[derive(SoapRequest)]
#[soap(operation = "setProofCallback", answer = CallbackObject, section = "Callbacks")]
pub struct SetProofCallback {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The proof.
    #[soap(name = "FileID", required)]
    pub file_id: i64,
    /// Type of event, by number (1 to 10) or name.
    #[soap(name = "Type", required)]
    pub kind: String,
    /// Address that events are posted to; nothing takes that of the account's callback of this type.
    #[soap(name = "Url")]
    pub url: Option<String>,
    /// Minutes until a failed delivery is tried again; nothing takes the account's, or 5.
    #[soap(name = "RetryInterval")]
    pub retry_interval: Option<i64>,
}

/// A callback.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPCallbackObject", array = "SOAPCallbackObjectArray")]
pub struct CallbackObject {
    /// Name of the type of event.
    #[soap(name = "type")]
    pub kind: String,
    /// Address that events are posted to.
    #[soap(nillable_since = "16.24")]
    pub url: String,
    /// Minutes until a failed delivery is tried again.
    #[soap(nillable_since = "16.24")]
    pub interval: Option<i64>,
    /// Name of the proof; empty for a callback of the account.
    #[soap(nillable_since = "16.24")]
    pub proof_name: String,
}

impl From<Callback> for CallbackObject {
    fn from(callback: Callback) -> CallbackObject {
        CallbackObject {
            kind: callback.kind.name().to_owned(),
            url: callback.url,
            interval: Some(callback.interval),
            proof_name: callback.proof_name.unwrap_or_default(),
        }
    }
}

fn kind(text: &str) -> Result<CallbackType, Fault> {
    CallbackType::parse(text).ok_or_else(|| faults::invalid_value("Type", text))
}

fn account(id: Option<i64>) -> Option<AccountId> {
    id.filter(|id| *id != 0).map(AccountId)
}

/// Settings of the account are an administrator's.
fn settings_fault(error: ServiceError) -> Fault {
    match error {
        ServiceError::Forbidden => faults::no_settings(),
        error => faults::of(error),
    }
}

impl Handler<ServiceBackend> for GetAccountCallbacks {
    fn handle(
        self,
        backend: &ServiceBackend,
        caller: &Arc<UserCaller>,
    ) -> Result<Vec<CallbackObject>, Fault> {
        let found = backend.service.account_callbacks(caller, account(self.account_id));
        Ok(found.map_err(settings_fault)?.into_iter().map(CallbackObject::from).collect())
    }
}

impl Handler<ServiceBackend> for SetAccountCallback {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<CallbackObject, Fault> {
        let input = CallbackInput { url: Some(self.url), interval: Some(self.retry_interval) };
        let (kind, account) = (kind(&self.kind)?, account(self.account_id));
        let set = backend.service.set_account_callback(caller, account, kind, &input);
        set.map(CallbackObject::from).map_err(settings_fault)
    }
}

impl Handler<ServiceBackend> for RemoveAccountCallback {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<bool, Fault> {
        let (kind, account) = (kind(&self.kind)?, account(self.account_id));
        backend.service.remove_account_callback(caller, account, kind).map_err(settings_fault)
    }
}

impl Handler<ServiceBackend> for RemoveProofCallback {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<bool, Fault> {
        let (kind, proof) = (kind(&self.kind)?, ProofId(self.file_id));
        backend.service.remove_proof_callback(caller, proof, kind).map_err(faults::of)
    }
}

impl Handler<ServiceBackend> for GetProofCallbacks {
    fn handle(
        self,
        backend: &ServiceBackend,
        caller: &Arc<UserCaller>,
    ) -> Result<Vec<CallbackObject>, Fault> {
        let found = backend.service.proof_callbacks(caller, ProofId(self.file_id)).map_err(faults::of)?;
        Ok(found.into_iter().map(CallbackObject::from).collect())
    }
}

impl Handler<ServiceBackend> for SetProofCallback {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<CallbackObject, Fault> {
        let input = CallbackInput { url: given(&self.url).map(str::to_owned), interval: self.retry_interval };
        let (kind, proof) = (kind(&self.kind)?, ProofId(self.file_id));
        let set = backend.service.set_proof_callback(caller, proof, kind, &input).map_err(faults::of)?;
        Ok(set.into())
    }
}
