//! The folders of an account as one caller sees them.

use crate::{Missing, ServiceError, UserCaller};
use galley_model::{
    FolderFacts, FolderRelation, FolderRights, ShareRole, Workspace, WorkspaceId, folder_rights,
};
use galley_store::Read;
use std::collections::{HashMap, HashSet};

/// All folders of an account, those in the trash too, and how one caller stands to them.
pub(crate) struct Folders<'c> {
    caller: &'c UserCaller,
    by_name: Vec<Workspace>,
    place: HashMap<WorkspaceId, usize>,
    shares: HashMap<WorkspaceId, ShareRole>,
    items: HashSet<WorkspaceId>,
}

impl<'c> Folders<'c> {
    pub(crate) fn load(tx: &Read<'_>, caller: &'c UserCaller) -> Result<Folders<'c>, ServiceError> {
        let by_name = tx.workspaces(caller.account())?;
        let place = by_name.iter().enumerate().map(|(at, folder)| (folder.id, at)).collect();
        let (mut shares, mut items) = (HashMap::new(), HashSet::new());
        if !caller.profile().manages_all() {
            shares.extend(tx.shares_of_user(caller.id())?);
            items.extend(tx.folders_with_items(caller.id(), caller.person())?);
        }
        Ok(Folders { caller, by_name, place, shares, items })
    }

    fn any(&self, id: WorkspaceId) -> Option<&Workspace> {
        self.place.get(&id).and_then(|at| self.by_name.get(*at))
    }

    /// Folders around one, nearest first. No path is longer than there are folders, whatever the data says.
    fn above(&self, folder: &Workspace) -> Vec<&Workspace> {
        let (mut path, mut next) = (Vec::new(), folder.parent);
        while let Some(parent) = next.and_then(|id| self.any(id)).filter(|_| path.len() < self.by_name.len())
        {
            path.push(parent);
            next = parent.parent;
        }
        path
    }

    pub(crate) fn rights(&self, folder: &Workspace) -> FolderRights {
        let me = self.caller.id();
        let own = |folder: &Workspace| folder.owner == me || folder.creator == me;
        let relation = FolderRelation {
            profile: self.caller.profile(),
            own: own(folder),
            own_above: self.above(folder).into_iter().any(own),
            share: self.shares.get(&folder.id).copied(),
            has_items: self.items.contains(&folder.id),
        };
        folder_rights(&relation, FolderFacts { private: folder.private, below: folder.parent.is_some() })
    }

    /// The folder, if it is not in the trash and the caller sees it.
    pub(crate) fn seen(&self, id: WorkspaceId) -> Result<&Workspace, ServiceError> {
        self.any(id)
            .filter(|folder| folder.trashed_at.is_none() && self.rights(folder).see)
            .ok_or(ServiceError::NotFound(Missing::Workspace))
    }

    /// The folder, in the trash or not, if the caller sees it.
    pub(crate) fn seen_even_in_trash(&self, id: WorkspaceId) -> Result<&Workspace, ServiceError> {
        self.any(id)
            .filter(|folder| self.rights(folder).see)
            .ok_or(ServiceError::NotFound(Missing::Workspace))
    }

    /// The folder, if the caller has this right; one they merely see is forbidden.
    pub(crate) fn with(
        &self,
        id: WorkspaceId,
        right: impl FnOnce(&FolderRights) -> bool,
    ) -> Result<&Workspace, ServiceError> {
        let folder = self.seen(id)?;
        if right(&self.rights(folder)) { Ok(folder) } else { Err(ServiceError::Forbidden) }
    }

    /// A folder that is not in the trash, whoever sees it.
    pub(crate) fn living(&self, id: WorkspaceId) -> Option<&Workspace> {
        self.any(id).filter(|folder| folder.trashed_at.is_none())
    }

    /// A folder with all those below it, those in the trash too.
    pub(crate) fn tree(&self, root: WorkspaceId) -> Vec<WorkspaceId> {
        let mut found = vec![root];
        let mut next = 0;
        while let Some(parent) = found.get(next).copied() {
            next += 1;
            for child in self.by_name.iter().filter(|folder| folder.parent == Some(parent)) {
                if !found.contains(&child.id) {
                    found.push(child.id);
                }
            }
        }
        found
    }

    /// All that the caller sees, by name.
    pub(crate) fn into_seen(self) -> Vec<Workspace> {
        let seen: Vec<bool> = self
            .by_name
            .iter()
            .map(|folder| folder.trashed_at.is_none() && self.rights(folder).see)
            .collect();
        self.by_name.into_iter().zip(seen).filter(|(_, seen)| *seen).map(|(folder, _)| folder).collect()
    }
}

/// The folder for putting items into, if the caller may.
pub(crate) fn for_items(
    tx: &Read<'_>,
    caller: &UserCaller,
    id: WorkspaceId,
) -> Result<WorkspaceId, ServiceError> {
    Ok(Folders::load(tx, caller)?.with(id, |rights| rights.add_items)?.id)
}

/// These folders, and those below them where asked for. Whoever sees a folder may ask for what is below
/// it; which proofs they get is another question.
pub(crate) fn tree(
    tx: &Read<'_>,
    caller: &UserCaller,
    roots: &[WorkspaceId],
    below: bool,
) -> Result<Vec<WorkspaceId>, ServiceError> {
    let folders = Folders::load(tx, caller)?;
    let mut found: Vec<WorkspaceId> = Vec::new();
    for root in roots {
        let root = folders.seen(*root)?.id;
        let more = if below { folders.tree(root) } else { vec![root] };
        for folder in more {
            if !found.contains(&folder) {
                found.push(folder);
            }
        }
    }
    Ok(found)
}
