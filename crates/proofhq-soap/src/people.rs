//! People who may own proofs, and the address book.

use crate::backend::ServiceBackend;
use crate::dispatch::Handler;
use crate::faults;
use galley_service::UserCaller;
use soap::{Fault, SoapObject, SoapRequest};
use std::sync::Arc;

/// Lists the users who may own proofs.
#[derive(SoapRequest)]
#[soap(operation = "getOwners", answer = Vec<ProfileObject>, section = "People")]
pub struct GetOwners {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
}

/// A user who may own proofs.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPProfileObject", array = "SOAPProfileObjectArray")]
pub struct ProfileObject {
    /// Its id.
    pub id: i64,
    /// E-mail address.
    pub email: String,
    /// Full name.
    pub name: String,
}

impl Handler<ServiceBackend> for GetOwners {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<Vec<ProfileObject>, Fault> {
        let owners = backend.service.owners(caller).map_err(faults::of)?;
        let objects = owners.into_iter().map(|user| ProfileObject {
            id: user.id.0,
            name: user.name(),
            email: user.email,
        });
        Ok(objects.collect())
    }
}
