//! Switching users on and off, their passwords and addresses, deleting them.

use crate::backend::{ServiceBackend, account_id};
use crate::dispatch::Handler;
use crate::faults;
use galley_model::UserId;
use galley_service::{Missing, ServiceError, UserCaller};
use soap::{Fault, SoapRequest};
use std::sync::Arc;

/// Switches a user on again, and unlocks one that is locked after failed logins.
#[derive(SoapRequest)]
#[soap(operation = "activateUser", answer = bool, section = "Users")]
pub struct ActivateUser {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The user, as listed by getUsers.
    #[soap(name = "UserID", required)]
    pub user_id: i64,
    /// Account of the user; found by the user when empty.
    #[soap(name = "AccountID", since = "16.24")]
    pub account_id: Option<i64>,
}

/// Switches a user off without deleting anything. Their sessions end at once.
#[derive(SoapRequest)]
#[soap(operation = "deactivateUser", answer = bool, section = "Users")]
pub struct DeactivateUser {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The user, as listed by getUsers.
    #[soap(name = "UserID", required)]
    pub user_id: i64,
    /// Account of the user; found by the user when empty.
    #[soap(name = "AccountID", since = "16.24")]
    pub account_id: Option<i64>,
}

/// Gives a user another password. Their other sessions end.
#[derive(SoapRequest)]
#[soap(operation = "updateUserPassword", answer = bool, section = "Users")]
pub struct UpdateUserPassword {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The user, as listed by getUsers.
    #[soap(name = "UserID", required)]
    pub user_id: i64,
    /// The new password; it has to satisfy the password settings of the account.
    #[soap(name = "Password", required)]
    pub password: String,
    /// Account of the user; found by the user when empty.
    #[soap(name = "AccountID", since = "16.24")]
    pub account_id: Option<i64>,
}

/// Deletes a user and hands their proofs and workspaces to another one. Their comments stay.
#[derive(SoapRequest)]
#[soap(operation = "deleteUser", answer = bool, section = "Users")]
pub struct DeleteUser {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The user, as listed by getUsers.
    #[soap(name = "UserID", required)]
    pub user_id: i64,
    /// User of the same account who takes over what the deleted one owns.
    #[soap(name = "NewOwnerID", required)]
    pub new_owner_id: i64,
    /// Account of the user; found by the user when empty.
    #[soap(name = "AccountID", since = "16.24")]
    pub account_id: Option<i64>,
}

/// Gives a user another e-mail address to log in with. It holds at once.
#[derive(SoapRequest)]
#[soap(operation = "updateUserEmail", answer = bool, section = "Users")]
pub struct UpdateUserEmail {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The user, as listed by getUsers.
    #[soap(name = "UserID", required)]
    pub user_id: String,
    /// The new address.
    #[soap(name = "NewEmail", required)]
    pub new_email: String,
    /// Whether to tell the user by mail, at the new address.
    #[soap(name = "Confirm")]
    pub confirm: Option<bool>,
    /// Account of the user; found by the user when empty.
    #[soap(name = "AccountID", since = "16.24")]
    pub account_id: Option<i64>,
}

impl Handler<ServiceBackend> for ActivateUser {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<bool, Fault> {
        let account = account_id(self.account_id);
        backend.service.set_user_active(caller, account, UserId(self.user_id), true).map_err(faults::of)?;
        Ok(true)
    }
}

impl Handler<ServiceBackend> for DeactivateUser {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<bool, Fault> {
        let account = account_id(self.account_id);
        backend.service.set_user_active(caller, account, UserId(self.user_id), false).map_err(faults::of)?;
        Ok(true)
    }
}

impl Handler<ServiceBackend> for UpdateUserPassword {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<bool, Fault> {
        let account = account_id(self.account_id);
        let user = UserId(self.user_id);
        backend.service.set_user_password(caller, account, user, &self.password).map_err(faults::of)?;
        Ok(true)
    }
}

impl Handler<ServiceBackend> for DeleteUser {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<bool, Fault> {
        let account = account_id(self.account_id);
        let (user, heir) = (UserId(self.user_id), UserId(self.new_owner_id));
        backend.service.delete_user(caller, account, user, heir).map_err(faults::of)?;
        Ok(true)
    }
}

impl Handler<ServiceBackend> for UpdateUserEmail {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<bool, Fault> {
        let account = account_id(self.account_id);
        let missing = || faults::of(ServiceError::NotFound(Missing::User));
        let user = self.user_id.trim().parse().map(UserId).map_err(|_| missing())?;
        let notify = self.confirm == Some(true);
        backend.service.set_user_email(caller, account, user, &self.new_email, notify).map_err(faults::of)?;
        Ok(true)
    }
}
