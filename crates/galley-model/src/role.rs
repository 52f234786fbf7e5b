//! Proof roles (`enumerations.md`, "Proof role"; `product.md` 2.4).

use serde::{Deserialize, Serialize};

/// What a reviewer may do on one version of a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Looks, measures, compares.
    ReadOnly,
    /// Comments.
    Reviewer,
    /// Decides.
    Approver,
    /// Comments and decides.
    ReviewerApprover,
    /// Comments, decides and edits the proof. Users only.
    Author,
    /// Like an author, and may delete other people's comments. Users only.
    Moderator,
}

impl Role {
    /// All roles in the order of their codes.
    pub const ALL: [Role; 6] = [
        Role::ReadOnly,
        Role::Reviewer,
        Role::Approver,
        Role::ReviewerApprover,
        Role::Author,
        Role::Moderator,
    ];

    /// The published number. 2 is not used.
    pub const fn code(self) -> i64 {
        match self {
            Role::ReadOnly => 1,
            Role::Reviewer => 3,
            Role::Approver => 4,
            Role::ReviewerApprover => 5,
            Role::Author => 6,
            Role::Moderator => 7,
        }
    }

    /// The role with this number.
    pub fn from_code(code: i64) -> Option<Role> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }

    /// The text that recipient objects carry.
    pub const fn label(self) -> &'static str {
        match self {
            Role::ReadOnly => "read only",
            Role::Reviewer => "reviewer",
            Role::Approver => "approver",
            Role::ReviewerApprover => "reviewer & approver",
            Role::Author => "author",
            Role::Moderator => "moderator",
        }
    }

    /// Reads a number or a label as clients send them; case and surrounding blanks do not matter.
    pub fn parse(text: &str) -> Option<Role> {
        let text = text.trim();
        if let Ok(code) = text.parse() {
            return Self::from_code(code);
        }
        Self::ALL.into_iter().find(|role| role.label().eq_ignore_ascii_case(text))
    }

    /// May write comments, replies and markups.
    pub const fn comments(self) -> bool {
        matches!(self, Role::Reviewer | Role::ReviewerApprover | Role::Author | Role::Moderator)
    }

    /// Counts as a decision maker.
    pub const fn decides(self) -> bool {
        matches!(self, Role::Approver | Role::ReviewerApprover | Role::Author | Role::Moderator)
    }

    /// Has edit rights on the proof.
    pub const fn edits(self) -> bool {
        matches!(self, Role::Author | Role::Moderator)
    }

    /// May be held by somebody without a login.
    pub const fn for_guests(self) -> bool {
        !self.edits()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_capability_matrix_of_product_2_4() {
        // role, comments, decides, edits, guests
        let table = [
            (Role::ReadOnly, false, false, false, true),
            (Role::Reviewer, true, false, false, true),
            (Role::Approver, false, true, false, true),
            (Role::ReviewerApprover, true, true, false, true),
            (Role::Author, true, true, true, false),
            (Role::Moderator, true, true, true, false),
        ];
        for (role, comments, decides, edits, guests) in table {
            assert_eq!(
                (role.comments(), role.decides(), role.edits(), role.for_guests()),
                (comments, decides, edits, guests),
                "{role:?}"
            );
        }
    }

    #[test]
    fn numbers_and_labels_are_read_alike() {
        for role in Role::ALL {
            assert_eq!(Role::parse(&role.code().to_string()), Some(role));
            assert_eq!(Role::parse(&format!(" {} ", role.label().to_uppercase())), Some(role));
        }
        for bad in ["", "2", "0", "8", "boss", "-1"] {
            assert_eq!(Role::parse(bad), None, "{bad}");
        }
    }
}
