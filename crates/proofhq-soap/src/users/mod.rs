//! Users of an account.
//!
//! The numbers of permission profiles were never published by the original; these are ours: 1 billing
//! administrator, 2 administrator, 3 supervisor, 4 manager, 5 observer, 6 visitor.

mod edit;
mod manage;
mod objects;

pub(crate) use edit::confirmed;
pub use edit::{AddUser, UpdateUser};
pub use manage::{ActivateUser, DeactivateUser, DeleteUser, UpdateUserEmail, UpdateUserPassword};
pub use objects::{PermissionsObject, UserEmailObject, UserObject, UserProofingDefaultsObject};

use crate::backend::{ServiceBackend, account_id};
use crate::dispatch::Handler;
use crate::faults;
use galley_model::UserId;
use galley_service::UserCaller;
use soap::{Fault, SoapRequest};
use std::sync::Arc;

/// Lists the users of an account.
#[derive(SoapRequest)]
#[soap(operation = "getUsers", answer = Vec<UserObject>, section = "Users")]
pub struct GetUsers {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// Account whose users are asked for; the caller's own when empty.
    #[soap(name = "AccountID")]
    pub account_id: Option<i64>,
}

/// Returns one user. Address, telephones and mail settings are shown to administrators and to the user themselves.
#[derive(SoapRequest)]
#[soap(operation = "getUserDetails", answer = UserObject, section = "Users")]
pub struct GetUserDetails {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The user, as listed by getUsers.
    #[soap(name = "UserID", required)]
    pub user_id: i64,
}

/// Lists the users whose e-mail address contains a phrase.
#[derive(SoapRequest)]
#[soap(operation = "findUsersByEmail", answer = Vec<UserObject>, section = "Users")]
pub struct FindUsersByEmail {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// Part of an address to look for.
    #[soap(name = "EmailPhrase", required)]
    pub email_phrase: String,
    /// Account whose users are asked for; the caller's own when empty.
    #[soap(name = "AccountID")]
    pub account_id: Option<i64>,
}

impl Handler<ServiceBackend> for GetUsers {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<Vec<UserObject>, Fault> {
        let account = account_id(self.account_id);
        let looks = backend.service.user_looks(caller, account).map_err(faults::of)?;
        Ok(looks.into_iter().map(|look| UserObject::of(backend, caller, look)).collect())
    }
}

impl Handler<ServiceBackend> for GetUserDetails {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<UserObject, Fault> {
        let look = backend.service.user_look(caller, UserId(self.user_id)).map_err(faults::of)?;
        Ok(UserObject::of(backend, caller, look))
    }
}

impl Handler<ServiceBackend> for FindUsersByEmail {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<Vec<UserObject>, Fault> {
        let account = account_id(self.account_id);
        let found = backend.service.find_users(caller, account, &self.email_phrase).map_err(faults::of)?;
        Ok(found.into_iter().map(|look| UserObject::of(backend, caller, look)).collect())
    }
}
