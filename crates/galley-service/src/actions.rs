//! Actions on comments (`product.md` 5.3).

use crate::accounts::reach;
use crate::error::bad_name;
use crate::proofs::{Seen, seen};
use crate::{Missing, Service, ServiceError, UserCaller};
use galley_model::{
    AccountId, Action, ActionId, Comment, CommentId, EventKind, MAX_ACTIONS, ProofState, clean_name,
};
use galley_store::Read;

/// The comment and its proof, if the caller sees them.
pub(crate) fn seen_comment(
    tx: &Read<'_>,
    caller: &UserCaller,
    id: CommentId,
) -> Result<(Comment, Seen), ServiceError> {
    let missing = || ServiceError::NotFound(Missing::Comment);
    let comment = tx.comment(id)?.ok_or_else(missing)?;
    match seen(tx, caller, comment.proof) {
        Ok(seen) => {
            let comment = seen.blinds.comment_seen(comment).ok_or_else(missing)?;
            Ok((comment, seen))
        }
        Err(ServiceError::NotFound(_)) => Err(missing()),
        Err(error) => Err(error),
    }
}

impl Service {
    /// Actions of an account, those that are switched off too. No account means the caller's.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for an account out of reach.
    pub fn actions(
        &self,
        caller: &UserCaller,
        account: Option<AccountId>,
    ) -> Result<Vec<Action>, ServiceError> {
        self.store().read(|tx| Ok(tx.actions(reach(tx, caller, account)?.id)?))
    }

    /// Adds an action to the caller's account.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for everybody but administrators, [`ServiceError::Invalid`],
    /// [`ServiceError::Conflict`] when it is there already.
    pub fn create_action(&self, caller: &UserCaller, name: &str, enabled: bool) -> Result<(), ServiceError> {
        if !caller.profile().administers() {
            return Err(ServiceError::Forbidden);
        }
        let name = clean_name(name).map_err(bad_name("name"))?;
        let (account, now) = (caller.account(), self.now());
        self.store().write(|tx| {
            let known = tx.actions(account)?;
            if known.iter().any(|action| action.name.to_lowercase() == name.to_lowercase()) {
                return Err(ServiceError::Conflict(format!("There is an action '{name}' already.")));
            }
            if known.len() >= MAX_ACTIONS {
                return Err(ServiceError::Conflict(format!("There can be {MAX_ACTIONS} actions at most.")));
            }
            let action = tx.add_action(account, &name, enabled, now)?;
            tx.append(account, None, now, &caller.actor(), &EventKind::ActionCreated { action, name })?;
            Ok(())
        })
    }

    /// The action on a comment.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`].
    pub fn comment_action(
        &self,
        caller: &UserCaller,
        comment: CommentId,
    ) -> Result<Option<Action>, ServiceError> {
        self.store().read(|tx| {
            seen_comment(tx, caller, comment)?;
            Ok(tx.comment_action(comment)?)
        })
    }

    /// Puts an action on a comment in place of the one before, or takes it off.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Forbidden`] without edit rights on the proof,
    /// [`ServiceError::Locked`], [`ServiceError::Conflict`] for an action that is switched off.
    pub fn set_comment_action(
        &self,
        caller: &UserCaller,
        comment: CommentId,
        action: Option<ActionId>,
    ) -> Result<(), ServiceError> {
        let now = self.now();
        self.store().write(|tx| {
            let (comment, seen) = seen_comment(tx, caller, comment)?;
            if !seen.rights.edit {
                return Err(ServiceError::Forbidden);
            }
            if seen.proof.usable() == ProofState::Locked {
                return Err(ServiceError::Locked);
            }
            let before = tx.comment_action(comment.id)?;
            if before.as_ref().map(|action| action.id) == action {
                return Ok(());
            }
            let action = match action {
                Some(id) => {
                    let known = tx.actions(seen.proof.account)?.into_iter().find(|action| action.id == id);
                    Some(known.ok_or(ServiceError::NotFound(Missing::Action))?)
                }
                None => None,
            };
            if let Some(off) = action.as_ref().filter(|action| !action.enabled) {
                return Err(ServiceError::Conflict(format!("The action '{}' is switched off.", off.name)));
            }
            tx.set_comment_action(comment.id, action.as_ref().map(|action| action.id))?;
            let kind = EventKind::CommentActionSet {
                comment: comment.id,
                number: comment.number,
                action: action.map(|action| action.name),
            };
            tx.append(seen.proof.account, Some(seen.proof.id), now, &caller.actor(), &kind)?;
            Ok(())
        })
    }
}
