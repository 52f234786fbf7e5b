//! Deleting users.

use super::{administered, check_last_administrator};
use crate::{Missing, Service, ServiceError, UserCaller, people};
use galley_model::{AccountId, EventKind, Role, UserId, UserRecord};

impl Service {
    /// Deletes a user. Their proofs, folders, groups and templates go to the heir, who joins the proofs as an owner does;
    /// comments and decisions stay, under the name of a guest. Their sessions end.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`], [`ServiceError::Denied`], [`ServiceError::NotFound`] also for an heir
    /// who may not own proofs in that account, [`ServiceError::Conflict`] for the last administrator.
    pub fn delete_user(
        &self,
        caller: &UserCaller,
        account: Option<AccountId>,
        id: UserId,
        heir: UserId,
    ) -> Result<(), ServiceError> {
        let now = self.now();
        self.store().write(|tx| -> Result<(), ServiceError> {
            let (account, UserRecord { user, .. }) = administered(tx, caller, account, id)?;
            let heir = tx
                .user(heir)?
                .filter(|heir| heir.id != id && heir.account == account.id && people::may_own(heir))
                .ok_or(ServiceError::NotFound(Missing::Owner))?;
            check_last_administrator(tx, &user)?;
            for proof in tx.owned_proofs(id)? {
                self.hand_over(tx, caller, proof, heir.id, now)?;
            }
            tx.hand_over_workspaces(id, heir.id)?;
            tx.hand_over_groups(id, heir.id)?;
            tx.delete_sessions(id, "")?;
            // Guests are neither authors nor moderators.
            tx.replace_roles_of_person(
                user.person,
                &[Role::Author, Role::Moderator],
                Role::ReviewerApprover,
            )?;
            tx.delete_user(id, now)?;
            let kind = EventKind::UserDeleted { user: id, email: user.email, heir: heir.id };
            tx.append(account.id, None, now, &caller.actor(), &kind)?;
            Ok(())
        })?;
        self.inner.sessions.forget(&[id]);
        Ok(())
    }
}
