//! Actions: labels of an account that can be put on comments (`product.md` 1.1, 5.3).

use crate::{AccountId, ActionId};

/// Actions that an account starts with.
pub const FIRST_ACTIONS: [&str; 3] = ["To do", "In progress", "Done"];
/// Most actions that an account can have.
pub const MAX_ACTIONS: usize = 200;

/// A label for comments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// Identifier.
    pub id: ActionId,
    /// The account.
    pub account: AccountId,
    /// Name as people read it.
    pub name: String,
    /// It can be put on comments. One that is switched off stays where it is.
    pub enabled: bool,
}
