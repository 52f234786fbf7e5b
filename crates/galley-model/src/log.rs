//! The logs of an account (`product.md` 8.9), and which of them an event is in.

use crate::{Event, EventKind, UserId};

/// One of the logs of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActivityLog {
    /// Proofs and files, their people, comments and decisions.
    Proofs,
    /// Folders.
    Folders,
    /// What concerns one user: logins, name, password, profile.
    Profile,
    /// Users, contacts, groups, templates and settings.
    Account,
    /// Logins, good and failed ones.
    Authentication,
    /// Plans.
    Billing,
    /// Mails.
    Email,
}

impl ActivityLog {
    /// All logs, in the order of their numbers, which begin at 1.
    pub const ALL: [ActivityLog; 7] = [
        ActivityLog::Proofs,
        ActivityLog::Folders,
        ActivityLog::Profile,
        ActivityLog::Account,
        ActivityLog::Authentication,
        ActivityLog::Billing,
        ActivityLog::Email,
    ];

    /// The word that is stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            ActivityLog::Proofs => "proofs",
            ActivityLog::Folders => "folders",
            ActivityLog::Profile => "profile",
            ActivityLog::Account => "account",
            ActivityLog::Authentication => "authentication",
            ActivityLog::Billing => "billing",
            ActivityLog::Email => "email",
        }
    }

    /// A log by its word, in any letter case, or by its number.
    pub fn parse(text: &str) -> Option<ActivityLog> {
        let text = text.trim();
        if let Ok(number) = text.parse::<usize>() {
            return ActivityLog::ALL.get(number.checked_sub(1)?).copied();
        }
        ActivityLog::ALL.into_iter().find(|log| log.as_str().eq_ignore_ascii_case(text))
    }
}

impl Event {
    /// The logs that this is in; with [`ActivityLog::Profile`], of whom. None for what is only
    /// machinery.
    pub fn logs(&self) -> Vec<(ActivityLog, Option<UserId>)> {
        if self.kind.logged().is_none() {
            return Vec::new();
        }
        let account = (ActivityLog::Account, None);
        let profile = |user: &UserId| (ActivityLog::Profile, Some(*user));
        match &self.kind {
            EventKind::SessionOpened { user } => vec![(ActivityLog::Authentication, None), profile(user)],
            EventKind::LoginFailed { .. } => vec![(ActivityLog::Authentication, None)],
            EventKind::UserCreated { user, .. }
            | EventKind::UserUpdated { user, .. }
            | EventKind::UserProfileChanged { user, .. }
            | EventKind::UserActivated { user, .. }
            | EventKind::UserDeactivated { user, .. }
            | EventKind::UserPasswordChanged { user, .. }
            | EventKind::UserPasswordForgotten { user, .. }
            | EventKind::UserEmailChanged { user, .. } => vec![account, profile(user)],
            EventKind::PlanChanged { .. } => vec![(ActivityLog::Billing, None)],
            EventKind::WorkspaceCreated { .. }
            | EventKind::WorkspaceUpdated { .. }
            | EventKind::WorkspaceMoved { .. }
            | EventKind::WorkspaceShared { .. }
            | EventKind::WorkspaceTrashed { .. }
            | EventKind::WorkspaceRestored { .. } => vec![(ActivityLog::Folders, None)],
            EventKind::BatchFinished { .. } | EventKind::FileShared { .. } => {
                vec![(ActivityLog::Proofs, None)]
            }
            _ if self.proof.is_some() => vec![(ActivityLog::Proofs, None)],
            _ => vec![account],
        }
    }
}

impl EventKind {
    /// Title and details for the logs of the account: those of the activity list, and logins.
    pub fn logged(&self) -> Option<(&'static str, String)> {
        match self {
            EventKind::SessionOpened { .. } => Some(("Logged in", String::new())),
            EventKind::LoginFailed { email } => Some(("Login failed", email.clone())),
            other => other.activity(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AccountId, Actor, EventId, ProofId, Timestamp, WorkspaceId};

    fn logs(proof: Option<ProofId>, kind: EventKind) -> Vec<(ActivityLog, Option<UserId>)> {
        let (id, account) = (EventId(1), AccountId(1));
        Event { id, account, proof, at: Timestamp::UNIX_EPOCH, actor: Actor::system(), kind }.logs()
    }

    #[test]
    fn every_log_is_found_by_word_and_number() {
        for (index, log) in ActivityLog::ALL.into_iter().enumerate() {
            assert_eq!(ActivityLog::parse(log.as_str()), Some(log));
            assert_eq!(ActivityLog::parse(&log.as_str().to_uppercase()), Some(log));
            assert_eq!(ActivityLog::parse(&(index + 1).to_string()), Some(log));
        }
        for none in ["", "0", "8", "-1", "everything", "99999999999999999999"] {
            assert_eq!(ActivityLog::parse(none), None, "{none}");
        }
    }

    #[test]
    fn what_happens_is_in_the_log_of_its_subject() {
        use ActivityLog::*;
        let (user, proof) = (UserId(7), Some(ProofId(3)));
        let email = || "ann@example.com".to_owned();
        let folder = EventKind::WorkspaceCreated { workspace: WorkspaceId(1), name: "Spring".into() };
        let table = [
            (None, EventKind::SessionOpened { user }, vec![(Authentication, None), (Profile, Some(user))]),
            (None, EventKind::LoginFailed { email: email() }, vec![(Authentication, None)]),
            (
                None,
                EventKind::UserUpdated { user, email: email() },
                vec![(Account, None), (Profile, Some(user))],
            ),
            (None, EventKind::PlanChanged { plan: "Select".into() }, vec![(Billing, None)]),
            (None, folder, vec![(Folders, None)]),
            (None, EventKind::PasswordRulesChanged, vec![(Account, None)]),
            (proof, EventKind::ProofUnlocked, vec![(Proofs, None)]),
            (proof, EventKind::PageReady { page: 1 }, vec![]),
        ];
        for (proof, kind, expected) in table {
            assert_eq!(logs(proof, kind.clone()), expected, "{kind:?}");
        }
    }
}
