//! Sharing folders.

use super::folders::Folders;
use crate::{Missing, Service, ServiceError, UserCaller};
use galley_model::{AccountId, EventKind, ShareRole, UserId, UserStatus, WorkspaceId};

/// With whom a folder is shared, and how.
#[derive(Clone, Debug)]
pub struct ShareInput {
    /// Everybody with a login in these accounts; only the caller's own is known.
    pub accounts: Vec<AccountId>,
    /// These users.
    pub users: Vec<UserId>,
    /// What they may do in it.
    pub role: ShareRole,
}

impl Service {
    /// Shares a folder, and those below it, with users. They read what is in it now and later; with
    /// [`ShareRole::Edit`], profiles that create may add, edit and delete items. Owner and creator have
    /// it anyway. Each new share is an event, which the mail about it follows.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for a folder, user or account out of the caller's sight,
    /// [`ServiceError::Forbidden`] without the right to edit it. Nothing is shared then.
    pub fn share_workspace(
        &self,
        caller: &UserCaller,
        id: WorkspaceId,
        input: &ShareInput,
    ) -> Result<(), ServiceError> {
        let now = self.now();
        self.store().write(|tx| {
            let folders = Folders::load(tx, caller)?;
            let folder = folders.with(id, |rights| rights.edit)?;
            if input.accounts.iter().any(|account| *account != caller.account()) {
                return Err(ServiceError::NotFound(Missing::Account));
            }
            let mut users = Vec::new();
            for id in &input.users {
                let user = tx.user(*id)?.filter(|u| u.account == caller.account());
                users.push(user.ok_or(ServiceError::NotFound(Missing::User))?);
            }
            if !input.accounts.is_empty() {
                let everybody = tx.users(caller.account())?.into_iter();
                users.extend(everybody.filter(|u| u.status == UserStatus::Activated));
            }
            let tree = folders.tree(id);
            let mut done = Vec::new();
            for user in users {
                if user.id == folder.owner || user.id == folder.creator || done.contains(&user.id) {
                    continue;
                }
                done.push(user.id);
                let before = tx.share_of(id, user.id)?;
                tx.share_workspaces(id, &tree, user.id, input.role)?;
                if before != Some(input.role) {
                    let kind = EventKind::WorkspaceShared {
                        workspace: id,
                        name: folder.name.clone(),
                        user: user.id,
                        role: input.role,
                    };
                    tx.append(caller.account(), None, now, &caller.actor(), &kind)?;
                }
            }
            Ok(())
        })
    }
}
