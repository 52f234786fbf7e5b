//! Folders.

use crate::rows::{RowExt, millis};
use crate::{Read, StoreError, Write};
use galley_model::{AccountId, ShareRole, Timestamp, UserId, Workspace, WorkspaceId};
use rusqlite::{Row, params};

/// A folder to be.
#[derive(Clone, Debug)]
pub struct NewWorkspace<'a> {
    /// Its account.
    pub account: AccountId,
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
    /// Seen only by its owner and people who manage everything.
    pub private: bool,
}

const WORKSPACE: &str =
    "SELECT id, account_id, parent_id, owner_id, name, description, client, project, private FROM workspaces";

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
    })
}

impl Read<'_> {
    /// The folder with this id in an account.
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

    /// All folders of an account, by name.
    pub fn workspaces(&self, account: AccountId) -> Result<Vec<Workspace>, StoreError> {
        self.all(&format!("{WORKSPACE} WHERE account_id = ?1 ORDER BY name, id"), [account.0], workspace)
    }
}

impl Write<'_> {
    /// Adds a folder.
    pub fn add_workspace(&self, new: &NewWorkspace<'_>, now: Timestamp) -> Result<WorkspaceId, StoreError> {
        self.insert(
            "INSERT INTO workspaces (account_id, parent_id, owner_id, name, description, client, project, private, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) RETURNING id",
            params![
                new.account.0, new.parent.map(|w| w.0), new.owner.0, new.name, new.description, new.client,
                new.project, i64::from(new.private), millis(now),
            ],
        )
        .map(WorkspaceId)
    }
}
