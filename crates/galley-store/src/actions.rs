//! Actions: labels for comments.

use crate::rows::{RowExt, millis};
use crate::{Read, StoreError, Write};
use galley_model::{AccountId, Action, ActionId, CommentId, ProofId, Timestamp};
use rusqlite::{Row, params};

const ACTION: &str = "SELECT a.id, a.account_id, a.name, a.enabled FROM actions a";

fn action(row: &Row<'_>) -> Result<Action, StoreError> {
    Ok(Action {
        id: ActionId(row.col(0)?),
        account: AccountId(row.col(1)?),
        name: row.col(2)?,
        enabled: row.col::<i64>(3)? != 0,
    })
}

impl Read<'_> {
    /// Actions of an account, in the order in which they were made.
    pub fn actions(&self, account: AccountId) -> Result<Vec<Action>, StoreError> {
        self.all(&format!("{ACTION} WHERE a.account_id = ?1 ORDER BY a.id"), [account.0], action)
    }

    /// The action on a comment.
    pub fn comment_action(&self, comment: CommentId) -> Result<Option<Action>, StoreError> {
        self.first(
            &format!("{ACTION} JOIN comments c ON c.action_id = a.id WHERE c.id = ?1"),
            [comment.0],
            action,
        )
    }
}

impl Read<'_> {
    /// Names of the actions on the comments of a proof.
    pub fn actions_on(&self, proof: ProofId) -> Result<Vec<(CommentId, String)>, StoreError> {
        self.all(
            "SELECT c.id, a.name FROM comments c JOIN actions a ON a.id = c.action_id WHERE c.proof_id = ?1",
            [proof.0],
            |row| Ok((CommentId(row.col(0)?), row.col(1)?)),
        )
    }
}

impl Write<'_> {
    /// Adds an action.
    pub fn add_action(
        &self,
        account: AccountId,
        name: &str,
        enabled: bool,
        now: Timestamp,
    ) -> Result<ActionId, StoreError> {
        self.insert(
            "INSERT INTO actions (account_id, name, name_key, enabled, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5) RETURNING id",
            params![account.0, name, name.to_lowercase(), i64::from(enabled), millis(now)],
        )
        .map(ActionId)
    }

    /// Puts an action on a comment, or takes it off.
    pub fn set_comment_action(&self, comment: CommentId, action: Option<ActionId>) -> Result<(), StoreError> {
        self.run(
            "UPDATE comments SET action_id = ?2 WHERE id = ?1",
            params![comment.0, action.map(|action| action.0)],
        )?;
        Ok(())
    }
}
