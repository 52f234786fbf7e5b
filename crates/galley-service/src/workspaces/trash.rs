//! Folders into the trash and out of it, with everything in them.

use super::folders::Folders;
use super::{reshare, stored};
use crate::{Service, ServiceError, UserCaller};
use galley_model::{EventKind, Workspace, WorkspaceId};
use galley_store::WorkspaceDetails;

impl Service {
    /// Moves a folder into the trash, with the folders below it and all that is in them.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`]; [`ServiceError::Forbidden`] without the right to delete it.
    pub fn trash_workspace(&self, caller: &UserCaller, id: WorkspaceId) -> Result<(), ServiceError> {
        let now = self.now();
        self.store().write(|tx| {
            let folders = Folders::load(tx, caller)?;
            let folder = folders.with(id, |rights| rights.delete)?;
            let tree: Vec<WorkspaceId> =
                folders.tree(id).into_iter().filter(|below| folders.living(*below).is_some()).collect();
            tx.set_workspaces_trashed(&tree, Some(now))?;
            for set in tx.sets_in(&tree)? {
                for version in tx.versions(set)? {
                    tx.set_trashed(version.id, set, Some(now))?;
                    let kind = EventKind::ProofTrashed;
                    tx.append(version.account, Some(version.id), now, &caller.actor(), &kind)?;
                }
            }
            let kind = EventKind::WorkspaceTrashed { workspace: id, name: folder.name.clone() };
            tx.append(caller.account(), None, now, &caller.actor(), &kind)?;
            Ok(())
        })
    }

    /// Takes a folder out of the trash, with everything that went there together with it. Without the
    /// folder it was in, it comes back at the top. One that is not in the trash stays as it is.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`]; [`ServiceError::Forbidden`] for those who neither administer the
    /// account nor might delete it.
    pub fn restore_workspace(&self, caller: &UserCaller, id: WorkspaceId) -> Result<Workspace, ServiceError> {
        let now = self.now();
        self.store().write(|tx| {
            let folders = Folders::load(tx, caller)?;
            let folder = folders.seen_even_in_trash(id)?;
            if !(caller.profile().administers() || folders.rights(folder).delete) {
                return Err(ServiceError::Forbidden);
            }
            let Some(at) = folder.trashed_at else { return Ok(folder.clone()) };
            let mut tree = Vec::new();
            for below in folders.tree(id) {
                let together = tx.workspace(caller.account(), below)?.and_then(|f| f.trashed_at) == Some(at);
                if together {
                    tree.push(below);
                }
            }
            tx.set_workspaces_trashed(&tree, None)?;
            if folder.parent.is_some_and(|parent| folders.living(parent).is_none()) {
                let details = WorkspaceDetails {
                    parent: None,
                    owner: folder.owner,
                    name: &folder.name,
                    description: &folder.description,
                    client: &folder.client,
                    project: &folder.project,
                    private: folder.private,
                };
                tx.update_workspace(id, &details)?;
                reshare(tx, None, &folders.tree(id))?;
            }
            for set in tx.sets_in(&tree)? {
                for version in tx.versions_and_trash(set)? {
                    if version.trashed_at == Some(at) {
                        tx.set_trashed(version.id, set, None)?;
                        let kind = EventKind::ProofRestored;
                        tx.append(version.account, Some(version.id), now, &caller.actor(), &kind)?;
                    }
                }
            }
            let kind = EventKind::WorkspaceRestored { workspace: id, name: folder.name.clone() };
            tx.append(caller.account(), None, now, &caller.actor(), &kind)?;
            stored(tx, caller, id)
        })
    }
}
