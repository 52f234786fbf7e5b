//! The standard lists of proofs (`product.md` 8.2). The original never published its numbers; these are ours.

/// A standard list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListView {
    /// All permitted proofs; the archive on request.
    AllItems,
    /// Everything outside the archive.
    ActiveItems,
    /// Neither locked nor archived.
    ActiveProofs,
    /// Locked, not archived.
    LockedProofs,
    /// In the archive.
    ArchivedProofs,
    /// Owned by the one who asks.
    MyProofs,
    /// With a decision of the one who asks pending.
    AwaitingDecision,
    /// Past the deadline and incomplete.
    LateProofs,
    /// Shared files.
    Files,
}

impl ListView {
    /// All of them, in the order of their numbers.
    pub const ALL: [ListView; 9] = [
        ListView::AllItems,
        ListView::ActiveItems,
        ListView::ActiveProofs,
        ListView::LockedProofs,
        ListView::ArchivedProofs,
        ListView::MyProofs,
        ListView::AwaitingDecision,
        ListView::LateProofs,
        ListView::Files,
    ];

    /// Number on the wire.
    pub const fn code(self) -> i64 {
        match self {
            ListView::AllItems => 1,
            ListView::ActiveItems => 2,
            ListView::ActiveProofs => 3,
            ListView::LockedProofs => 4,
            ListView::ArchivedProofs => 5,
            ListView::MyProofs => 6,
            ListView::AwaitingDecision => 7,
            ListView::LateProofs => 8,
            ListView::Files => 9,
        }
    }

    /// Name as people read it.
    pub const fn label(self) -> &'static str {
        match self {
            ListView::AllItems => "All items",
            ListView::ActiveItems => "Active items",
            ListView::ActiveProofs => "Active proofs",
            ListView::LockedProofs => "Locked proofs",
            ListView::ArchivedProofs => "Archived proofs",
            ListView::MyProofs => "My proofs",
            ListView::AwaitingDecision => "Proofs awaiting decision",
            ListView::LateProofs => "Late proofs",
            ListView::Files => "Files",
        }
    }

    /// The list with this number.
    pub fn from_code(code: i64) -> Option<ListView> {
        Self::ALL.into_iter().find(|view| view.code() == code)
    }

    /// The list with this number or name.
    pub fn parse(text: &str) -> Option<ListView> {
        let text = text.trim();
        match text.parse() {
            Ok(code) => ListView::from_code(code),
            Err(_) => Self::ALL.into_iter().find(|view| view.label().eq_ignore_ascii_case(text)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_lead_back() {
        for view in ListView::ALL {
            assert_eq!(ListView::from_code(view.code()), Some(view));
            assert_eq!(ListView::parse(&view.label().to_uppercase()), Some(view));
            assert_eq!(ListView::parse(&format!(" {} ", view.code())), Some(view));
        }
        assert_eq!((ListView::from_code(0), ListView::parse("folders")), (None, None));
    }
}
