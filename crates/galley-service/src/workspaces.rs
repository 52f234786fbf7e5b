//! Folders (`product.md` 8.5).

use crate::error::bad_name;
use crate::{Missing, Service, ServiceError, UserCaller};
use galley_model::{EventKind, Profile, Workspace, WorkspaceId, clean_name};
use galley_store::{NewWorkspace, Read, StoreError};

/// A folder to be.
#[derive(Clone, Debug, Default)]
pub struct WorkspaceInput {
    /// The folder it is in.
    pub parent: Option<WorkspaceId>,
    /// Name as people read it.
    pub name: String,
    /// Free text.
    pub description: String,
    /// Client name.
    pub client: String,
    /// Project name.
    pub project: String,
    /// Seen only by its owner and people who manage everything.
    pub private: bool,
}

/// Public folders show to everybody but observers and visitors; private ones to their owner and to
/// people who manage everything.
fn sees(caller: &UserCaller, folder: &Workspace) -> bool {
    let profile = caller.profile();
    folder.owner == caller.id()
        || profile.manages_all()
        || (!folder.private && !matches!(profile, Profile::Observer | Profile::Visitor))
}

/// The folder, if the caller sees it.
pub(crate) fn visible(
    tx: &Read<'_>,
    caller: &UserCaller,
    id: WorkspaceId,
) -> Result<Workspace, ServiceError> {
    tx.workspace(caller.account(), id)?
        .filter(|folder| sees(caller, folder))
        .ok_or(ServiceError::NotFound(Missing::Workspace))
}

/// These folders, and those below them where asked for. Whoever sees a folder may ask for what is below
/// it; which proofs they get is another question.
pub(crate) fn tree(
    tx: &Read<'_>,
    caller: &UserCaller,
    roots: &[WorkspaceId],
    below: bool,
) -> Result<Vec<WorkspaceId>, ServiceError> {
    let mut found = Vec::new();
    for root in roots {
        let root = visible(tx, caller, *root)?.id;
        if !found.contains(&root) {
            found.push(root);
        }
    }
    if below {
        let all = tx.workspaces(caller.account())?;
        let mut next = 0;
        while let Some(parent) = found.get(next).copied() {
            next += 1;
            for child in all.iter().filter(|folder| folder.parent == Some(parent)) {
                if !found.contains(&child.id) {
                    found.push(child.id);
                }
            }
        }
    }
    Ok(found)
}

impl Service {
    /// Folders that the caller sees, by name.
    ///
    /// # Errors
    /// [`ServiceError`] when the database fails.
    pub fn workspaces(&self, caller: &UserCaller) -> Result<Vec<Workspace>, ServiceError> {
        let all = self.store().read(|tx| tx.workspaces(caller.account()))?;
        Ok(all.into_iter().filter(|folder| sees(caller, folder)).collect())
    }

    /// Creates a folder; it belongs to the caller. A private parent makes it private.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for profiles that create nothing, [`ServiceError::NotFound`] for an
    /// unknown parent, [`ServiceError::Invalid`] for the name.
    pub fn create_workspace(
        &self,
        caller: &UserCaller,
        input: &WorkspaceInput,
    ) -> Result<Workspace, ServiceError> {
        if !caller.profile().creates() {
            return Err(ServiceError::Forbidden);
        }
        let name = clean_name(&input.name).map_err(bad_name("name"))?;
        let now = self.now();
        self.store().write(|tx| {
            let parent = input.parent.map(|id| visible(tx, caller, id)).transpose()?;
            let new = NewWorkspace {
                account: caller.account(),
                parent: parent.as_ref().map(|p| p.id),
                owner: caller.id(),
                name: &name,
                description: &input.description,
                client: &input.client,
                project: &input.project,
                private: input.private || parent.is_some_and(|p| p.private),
            };
            let id = tx.add_workspace(&new, now)?;
            let kind = EventKind::WorkspaceCreated { workspace: id, name: name.clone() };
            tx.append(caller.account(), None, now, &caller.actor(), &kind)?;
            Ok(tx.workspace(caller.account(), id)?.ok_or(StoreError::Corrupt("workspaces"))?)
        })
    }
}
