//! E-mail alert levels (`enumerations.md`, "Email notification (alert) codes").

use serde::{Deserialize, Serialize};

/// How much mail a reviewer wants about comments and decisions on a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alert {
    /// The person's own default decides.
    OwnDefault,
    /// Every comment, reply and decision, at once.
    All,
    /// Replies to the person's own comments.
    Replies,
    /// One summary a day.
    Daily,
    /// One summary an hour.
    Hourly,
    /// Decisions, at once.
    Decisions,
    /// The last required decision.
    FinalDecision,
    /// None.
    Disabled,
}

impl Alert {
    /// All levels in the order of their codes.
    pub const ALL: [Alert; 8] = [
        Alert::OwnDefault,
        Alert::All,
        Alert::Replies,
        Alert::Daily,
        Alert::Hourly,
        Alert::Decisions,
        Alert::FinalDecision,
        Alert::Disabled,
    ];

    /// The published number; 7 and 8 are not used.
    pub const fn code(self) -> i64 {
        match self {
            Alert::OwnDefault => 0,
            Alert::All => 1,
            Alert::Replies => 2,
            Alert::Daily => 3,
            Alert::Hourly => 4,
            Alert::Decisions => 5,
            Alert::FinalDecision => 6,
            Alert::Disabled => 9,
        }
    }

    /// The level with this number.
    pub fn from_code(code: i64) -> Option<Alert> {
        Self::ALL.into_iter().find(|alert| alert.code() == code)
    }

    /// The text that recipient objects carry.
    pub const fn label(self) -> &'static str {
        match self {
            Alert::OwnDefault => "use the user's own personal setting",
            Alert::All => "all new comments and replies",
            Alert::Replies => "replies to my comments",
            Alert::Daily => "daily summary",
            Alert::Hourly => "hourly summary",
            Alert::Decisions => "decisions only",
            Alert::FinalDecision => "final decision",
            Alert::Disabled => "disabled",
        }
    }

    /// Reads a number or a label; `none` is what one family of clients sends for disabled.
    pub fn parse(text: &str) -> Option<Alert> {
        let text = text.trim();
        if let Ok(code) = text.parse() {
            return Self::from_code(code);
        }
        if text.eq_ignore_ascii_case("none") {
            return Some(Alert::Disabled);
        }
        Self::ALL.into_iter().find(|alert| alert.label().eq_ignore_ascii_case(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_labels_are_read_alike() {
        for alert in Alert::ALL {
            assert_eq!(Alert::parse(&alert.code().to_string()), Some(alert));
            assert_eq!(Alert::parse(alert.label()), Some(alert));
        }
        assert_eq!(Alert::parse("7"), None);
        assert_eq!(Alert::parse("None"), Some(Alert::Disabled));
    }
}
