//! Dropzones.

use crate::rows::{RowExt, millis};
use crate::{Read, StoreError, Write};
use galley_model::{AccountId, Alert, Dropzone, ProofId, ReviewerId, Role, Timestamp, UserId, WorkspaceId};
use rusqlite::{Row, params};

const DROPZONE: &str =
    "SELECT account_id, code, enabled, owner_id, workspace_id, role, alert, activate, domains,
    tell FROM dropzones";

fn dropzone(row: &Row<'_>) -> Result<Dropzone, StoreError> {
    let list = |index| row.word(index, "dropzones.domains", |json| serde_json::from_str(json).ok());
    Ok(Dropzone {
        account: AccountId(row.col(0)?),
        code: row.col(1)?,
        enabled: row.col::<i64>(2)? != 0,
        owner: UserId(row.col(3)?),
        workspace: row.col::<Option<i64>>(4)?.map(WorkspaceId),
        role: row.value(5, "dropzones.role", Role::from_code)?,
        alert: row.value(6, "dropzones.alert", Alert::from_code)?,
        activate: row.col::<i64>(7)? != 0,
        domains: list(8)?,
        tell: list(9)?,
    })
}

impl Read<'_> {
    /// The dropzone of an account.
    pub fn dropzone(&self, account: AccountId) -> Result<Option<Dropzone>, StoreError> {
        self.first(&format!("{DROPZONE} WHERE account_id = ?1"), [account.0], dropzone)
    }

    /// The dropzone whose address has this code.
    pub fn dropzone_by_code(&self, code: &str) -> Result<Option<Dropzone>, StoreError> {
        self.first(&format!("{DROPZONE} WHERE code = ?1"), [code], dropzone)
    }
}

impl Write<'_> {
    /// Writes the dropzone of an account; its code stays what it was.
    pub fn set_dropzone(&self, to: &Dropzone) -> Result<(), StoreError> {
        let json = |list| serde_json::to_string(list).map_err(|_| StoreError::Corrupt("dropzones.domains"));
        self.run(
            "INSERT INTO dropzones (account_id, code, enabled, owner_id, workspace_id, role, alert, activate,
                 domains, tell) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
             ON CONFLICT (account_id) DO UPDATE SET enabled = excluded.enabled, owner_id = excluded.owner_id,
                 workspace_id = excluded.workspace_id, role = excluded.role, alert = excluded.alert,
                 activate = excluded.activate, domains = excluded.domains, tell = excluded.tell",
            params![
                to.account.0,
                to.code,
                i64::from(to.enabled),
                to.owner.0,
                to.workspace.map(|w| w.0),
                to.role.code(),
                to.alert.code(),
                i64::from(to.activate),
                json(&to.domains)?,
                json(&to.tell)?,
            ],
        )?;
        Ok(())
    }

    /// Activates a proof that was handed in. Those who were held back on it count as told from now on, and
    /// those who are to be told are given back.
    pub fn activate_proof(&self, id: ProofId, now: Timestamp) -> Result<Vec<ReviewerId>, StoreError> {
        self.run("UPDATE proofs SET submitted = 0 WHERE id = ?1", [id.0])?;
        let told = self.all(
            "SELECT id FROM reviewers WHERE proof_id = ?1 AND held = 1 AND removed_at IS NULL ORDER BY id",
            [id.0],
            |row| Ok(ReviewerId(row.col(0)?)),
        )?;
        self.run(
            "UPDATE reviewers SET sent_at = ?2, held = NULL
             WHERE proof_id = ?1 AND held IS NOT NULL AND removed_at IS NULL",
            params![id.0, millis(now)],
        )?;
        Ok(told)
    }
}
