//! Folders (`product.md` 8.5).

mod folders;
mod share;
mod trash;

pub(crate) use folders::{for_items, tree};
pub use share::ShareInput;

use crate::error::bad_name;
use crate::{Missing, Service, ServiceError, UserCaller, people};
use folders::Folders;
use galley_model::{EventKind, User, UserId, Workspace, WorkspaceId, clean_name};
use galley_store::{NewWorkspace, Read, StoreError, WorkspaceDetails, Write};

/// Longest description, in characters.
const MAX_DESCRIPTION: usize = 4000;

/// Longest name of a client or project, in characters.
const MAX_LABEL: usize = 255;

/// A folder to be.
#[derive(Clone, Debug, Default)]
pub struct WorkspaceInput {
    /// The folder it is in.
    pub parent: Option<WorkspaceId>,
    /// Whose it is; none is the caller.
    pub owner: Option<UserId>,
    /// Name as people read it.
    pub name: String,
    /// Free text.
    pub description: String,
    /// Client name.
    pub client: String,
    /// Project name.
    pub project: String,
    /// Seen only by those it is shared with and by people who manage everything.
    pub private: bool,
}

/// Changes of a folder. What is not given stays.
#[derive(Clone, Debug, Default)]
pub struct WorkspaceEdit {
    /// The folder it is in; `Some(None)` is none.
    pub parent: Option<Option<WorkspaceId>>,
    /// Whose it is.
    pub owner: Option<UserId>,
    /// Name as people read it.
    pub name: Option<String>,
    /// Free text.
    pub description: Option<String>,
    /// Client name.
    pub client: Option<String>,
    /// Project name.
    pub project: Option<String>,
    /// Seen only by those it is shared with and by people who manage everything.
    pub private: Option<bool>,
}

fn owner(tx: &Read<'_>, caller: &UserCaller, id: UserId) -> Result<User, ServiceError> {
    tx.user(id)?
        .filter(|u| u.account == caller.account() && people::may_own(u))
        .ok_or(ServiceError::NotFound(Missing::Owner))
}

fn short(field: &'static str, text: &str, most: usize) -> Result<(), ServiceError> {
    if text.chars().count() <= most {
        return Ok(());
    }
    Err(ServiceError::Invalid(field, format!("The {field} may have at most {most} characters.")))
}

fn checked(details: &WorkspaceDetails<'_>) -> Result<(), ServiceError> {
    short("description", details.description, MAX_DESCRIPTION)?;
    short("client", details.client, MAX_LABEL)?;
    short("project", details.project, MAX_LABEL)
}

fn stored(tx: &Read<'_>, caller: &UserCaller, id: WorkspaceId) -> Result<Workspace, ServiceError> {
    Ok(tx.workspace(caller.account(), id)?.ok_or(StoreError::Corrupt("workspaces"))?)
}

impl Service {
    /// Folders that the caller sees, by name.
    ///
    /// # Errors
    /// [`ServiceError`] when the database fails.
    pub fn workspaces(&self, caller: &UserCaller) -> Result<Vec<Workspace>, ServiceError> {
        self.store().read(|tx| Ok(Folders::load(tx, caller)?.into_seen()))
    }

    /// Creates a folder. A private parent makes it private, and it is shared with whom its parent is
    /// shared with.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for profiles that create nothing and in folders where the caller may
    /// not; [`ServiceError::NotFound`] for an unknown parent or owner; [`ServiceError::Invalid`] for texts.
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
            let folders = Folders::load(tx, caller)?;
            let parent = input.parent.map(|id| folders.with(id, |rights| rights.add_folders)).transpose()?;
            let details = WorkspaceDetails {
                parent: parent.map(|p| p.id),
                owner: input.owner.map_or(Ok(caller.id()), |id| owner(tx, caller, id).map(|u| u.id))?,
                name: &name,
                description: input.description.trim(),
                client: input.client.trim(),
                project: input.project.trim(),
                private: input.private || parent.is_some_and(|p| p.private),
            };
            checked(&details)?;
            let new = NewWorkspace { account: caller.account(), creator: caller.id(), details };
            let id = tx.add_workspace(&new, now)?;
            let kind = EventKind::WorkspaceCreated { workspace: id, name: name.clone() };
            tx.append(caller.account(), None, now, &caller.actor(), &kind)?;
            stored(tx, caller, id)
        })
    }

    /// Changes a folder. One that becomes private takes those below it along; below a private one it is
    /// private whatever is asked for. Moving drops the shares it had from the folders around it and takes
    /// over those of its new place.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`]; [`ServiceError::Forbidden`] without the right to edit it, or to make
    /// folders in its new place; [`ServiceError::Conflict`] for a place inside itself;
    /// [`ServiceError::Invalid`] for texts.
    pub fn update_workspace(
        &self,
        caller: &UserCaller,
        id: WorkspaceId,
        edit: &WorkspaceEdit,
    ) -> Result<Workspace, ServiceError> {
        let now = self.now();
        self.store().write(|tx| {
            let folders = Folders::load(tx, caller)?;
            let folder = folders.with(id, |rights| rights.edit)?;
            let tree = folders.tree(id);
            let parent = edit.parent.unwrap_or(folder.parent);
            let moved = parent != folder.parent;
            if moved && let Some(to) = parent {
                folders.with(to, |rights| rights.add_folders)?;
                if tree.contains(&to) {
                    return Err(ServiceError::Conflict("A folder cannot be moved into itself.".to_owned()));
                }
            }
            let name = match &edit.name {
                Some(name) => clean_name(name).map_err(bad_name("name"))?,
                None => folder.name.clone(),
            };
            let hidden = parent.and_then(|to| folders.living(to)).is_some_and(|p| p.private);
            let details = WorkspaceDetails {
                parent,
                owner: match edit.owner.filter(|new| *new != folder.owner) {
                    Some(new) => owner(tx, caller, new)?.id,
                    None => folder.owner,
                },
                name: &name,
                description: edit.description.as_deref().unwrap_or(&folder.description).trim(),
                client: edit.client.as_deref().unwrap_or(&folder.client).trim(),
                project: edit.project.as_deref().unwrap_or(&folder.project).trim(),
                private: hidden || edit.private.unwrap_or(folder.private),
            };
            checked(&details)?;
            tx.update_workspace(id, &details)?;
            if details.private {
                tx.hide_workspaces(&tree)?;
            }
            if moved {
                reshare(tx, parent, &tree)?;
            }
            let kind = if moved {
                EventKind::WorkspaceMoved { workspace: id, name: name.clone(), parent }
            } else {
                EventKind::WorkspaceUpdated { workspace: id, name: name.clone() }
            };
            tx.append(caller.account(), None, now, &caller.actor(), &kind)?;
            stored(tx, caller, id)
        })
    }
}

fn reshare(tx: &Write<'_>, parent: Option<WorkspaceId>, tree: &[WorkspaceId]) -> Result<(), ServiceError> {
    tx.drop_inherited_shares(tree)?;
    if let Some(parent) = parent {
        tx.inherit_shares(parent, tree)?;
    }
    Ok(())
}
