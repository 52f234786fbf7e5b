//! Folders and their shares.

use crate::rows::{RowExt, millis};
use crate::{Read, StoreError, Write};
use galley_model::{AccountId, PersonId, SetId, ShareRole, Timestamp, UserId, Workspace, WorkspaceId};
use rusqlite::{Row, params};

/// A folder to be.
#[derive(Clone, Debug)]
pub struct NewWorkspace<'a> {
    /// Its account.
    pub account: AccountId,
    /// Who makes it.
    pub creator: UserId,
    /// What it is.
    pub details: WorkspaceDetails<'a>,
}

/// What a folder is, in full.
#[derive(Clone, Debug)]
pub struct WorkspaceDetails<'a> {
    /// The folder it is in.
    pub parent: Option<WorkspaceId>,
    /// Whose it is.
    pub owner: UserId,
    /// Name as people read it.
    pub name: &'a str,
    /// Free text.
    pub description: &'a str,
    /// Client name.
    pub client: &'a str,
    /// Project name.
    pub project: &'a str,
    /// Seen only by those it is shared with and by people who manage everything.
    pub private: bool,
}

const WORKSPACE: &str =
    "SELECT id, account_id, parent_id, owner_id, name, description, client, project, private,
    COALESCE(creator_id, owner_id), trashed_at FROM workspaces";

fn workspace(row: &Row<'_>) -> Result<Workspace, StoreError> {
    Ok(Workspace {
        id: WorkspaceId(row.col(0)?),
        account: AccountId(row.col(1)?),
        parent: row.col::<Option<i64>>(2)?.map(WorkspaceId),
        owner: UserId(row.col(3)?),
        name: row.col(4)?,
        description: row.col(5)?,
        client: row.col(6)?,
        project: row.col(7)?,
        private: row.col::<i64>(8)? != 0,
        creator: UserId(row.col(9)?),
        trashed_at: row.time_opt(10)?,
    })
}

/// Ids as a list for `IN`; an empty one holds nothing.
fn list(ids: &[WorkspaceId]) -> String {
    if ids.is_empty() {
        return "NULL".to_owned();
    }
    ids.iter().map(|id| id.0.to_string()).collect::<Vec<_>>().join(",")
}

impl Read<'_> {
    /// The folder with this id in an account, in the trash or not.
    pub fn workspace(&self, account: AccountId, id: WorkspaceId) -> Result<Option<Workspace>, StoreError> {
        self.first(&format!("{WORKSPACE} WHERE account_id = ?1 AND id = ?2"), [account.0, id.0], workspace)
    }

    /// What a user may do in a folder that is shared with them; the most, when it is shared twice.
    pub fn share_of(&self, folder: WorkspaceId, user: UserId) -> Result<Option<ShareRole>, StoreError> {
        let role = self.number(
            "SELECT COALESCE(MAX(role), 0) FROM workspace_shares WHERE workspace_id = ?1 AND user_id = ?2",
            [folder.0, user.0],
        );
        Ok(ShareRole::from_code(role?))
    }

    /// Folders that are shared with a user.
    pub fn shares_of_user(&self, user: UserId) -> Result<Vec<(WorkspaceId, ShareRole)>, StoreError> {
        self.all(
            "SELECT workspace_id, MAX(role) FROM workspace_shares WHERE user_id = ?1 GROUP BY workspace_id",
            [user.0],
            |row| {
                let role = row.value(1, "workspace_shares.role", ShareRole::from_code)?;
                Ok((WorkspaceId(row.col(0)?), role))
            },
        )
    }

    /// All folders of an account, those in the trash too, by name.
    pub fn workspaces(&self, account: AccountId) -> Result<Vec<Workspace>, StoreError> {
        self.all(&format!("{WORKSPACE} WHERE account_id = ?1 ORDER BY name, id"), [account.0], workspace)
    }

    /// Folders in which something is that this user owns, made or is on.
    pub fn folders_with_items(&self, user: UserId, person: PersonId) -> Result<Vec<WorkspaceId>, StoreError> {
        self.all(
            "SELECT DISTINCT s.workspace_id FROM sets s JOIN proofs p ON p.set_id = s.id
             WHERE s.workspace_id IS NOT NULL AND p.trashed_at IS NULL AND p.id IN (
                 SELECT r.proof_id FROM reviewers r WHERE r.person_id = ?2 AND r.removed_at IS NULL
                 UNION SELECT o.id FROM proofs o WHERE o.owner_id = ?1
                 UNION SELECT c.id FROM proofs c WHERE c.creator_id = ?1)",
            [user.0, person.0],
            |row| Ok(WorkspaceId(row.col(0)?)),
        )
    }

    /// Sets in these folders.
    pub fn sets_in(&self, folders: &[WorkspaceId]) -> Result<Vec<SetId>, StoreError> {
        self.all(
            &format!("SELECT id FROM sets WHERE workspace_id IN ({}) ORDER BY id", list(folders)),
            [],
            |row| Ok(SetId(row.col(0)?)),
        )
    }
}

impl Write<'_> {
    /// Adds a folder. It is shared with whom the folder around it is shared with.
    pub fn add_workspace(&self, new: &NewWorkspace<'_>, now: Timestamp) -> Result<WorkspaceId, StoreError> {
        let to = &new.details;
        let id = self.insert(
            "INSERT INTO workspaces (account_id, parent_id, owner_id, name, description, client, project, private,
                 created_at, creator_id)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) RETURNING id",
            params![
                new.account.0, to.parent.map(|w| w.0), to.owner.0, to.name, to.description, to.client,
                to.project, i64::from(to.private), millis(now), new.creator.0,
            ],
        )?;
        if let Some(parent) = to.parent {
            self.inherit_shares(parent, &[WorkspaceId(id)])?;
        }
        Ok(WorkspaceId(id))
    }

    /// Writes the outcome of an edit.
    pub fn update_workspace(&self, id: WorkspaceId, to: &WorkspaceDetails<'_>) -> Result<(), StoreError> {
        self.run(
            "UPDATE workspaces SET parent_id = ?2, owner_id = ?3, name = ?4, description = ?5, client = ?6,
                 project = ?7, private = ?8 WHERE id = ?1",
            params![
                id.0,
                to.parent.map(|w| w.0),
                to.owner.0,
                to.name,
                to.description,
                to.client,
                to.project,
                i64::from(to.private),
            ],
        )?;
        Ok(())
    }

    /// Makes folders private.
    pub fn hide_workspaces(&self, folders: &[WorkspaceId]) -> Result<(), StoreError> {
        self.run(&format!("UPDATE workspaces SET private = 1 WHERE id IN ({})", list(folders)), [])?;
        Ok(())
    }

    /// Puts folders into the trash, or takes them out.
    pub fn set_workspaces_trashed(
        &self,
        folders: &[WorkspaceId],
        at: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        let sql = format!("UPDATE workspaces SET trashed_at = ?1 WHERE id IN ({})", list(folders));
        self.run(&sql, [at.map(millis)])?;
        Ok(())
    }

    /// Shares a folder and those below it with a user. Sharing again changes the role.
    pub fn share_workspaces(
        &self,
        origin: WorkspaceId,
        folders: &[WorkspaceId],
        user: UserId,
        role: ShareRole,
    ) -> Result<(), StoreError> {
        for folder in folders {
            self.run(
                "INSERT INTO workspace_shares (workspace_id, user_id, origin, role) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (workspace_id, user_id, origin) DO UPDATE SET role = excluded.role",
                [folder.0, user.0, origin.0, role.code()],
            )?;
        }
        Ok(())
    }

    /// Shares folders with whom the folder around them is shared with.
    pub fn inherit_shares(&self, parent: WorkspaceId, folders: &[WorkspaceId]) -> Result<(), StoreError> {
        for folder in folders {
            self.run(
                "INSERT INTO workspace_shares (workspace_id, user_id, origin, role)
                 SELECT ?2, user_id, origin, role FROM workspace_shares WHERE workspace_id = ?1",
                [parent.0, folder.0],
            )?;
        }
        Ok(())
    }

    /// Ends the shares of these folders that were given in none of them.
    pub fn drop_inherited_shares(&self, folders: &[WorkspaceId]) -> Result<(), StoreError> {
        let list = list(folders);
        self.run(
            &format!(
                "DELETE FROM workspace_shares WHERE workspace_id IN ({list}) AND origin NOT IN ({list})"
            ),
            [],
        )?;
        Ok(())
    }
}
