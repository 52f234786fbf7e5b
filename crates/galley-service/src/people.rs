//! Users, and the people an account knows.

use crate::{Service, ServiceError, UserCaller};
use galley_model::{Person, User, UserStatus};

impl Service {
    /// Users who may own proofs: those who may create them.
    ///
    /// # Errors
    /// [`ServiceError`] when the database fails.
    pub fn owners(&self, caller: &UserCaller) -> Result<Vec<User>, ServiceError> {
        let users = self.store().read(|tx| tx.users(caller.account()))?;
        Ok(users.into_iter().filter(may_own).collect())
    }

    /// Up to 20 people whose name or address contains the text. People who may not see contacts get none.
    ///
    /// # Errors
    /// [`ServiceError`] when the database fails.
    pub fn find_people(&self, caller: &UserCaller, text: &str) -> Result<Vec<Person>, ServiceError> {
        if !caller.profile().sees_contacts() {
            return Ok(Vec::new());
        }
        Ok(self.store().read(|tx| tx.people(caller.account(), text, 20))?)
    }
}

/// Whether a user may be the owner of a proof or folder.
pub(crate) fn may_own(user: &User) -> bool {
    user.status == UserStatus::Activated && user.profile.creates()
}
