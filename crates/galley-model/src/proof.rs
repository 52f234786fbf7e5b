//! States and settings of a proof (`product.md` 3.1, 3.4, 3.7, 3.13).

use crate::{Alert, Role, Tally, Timestamp};
use serde::{Deserialize, Serialize};

/// What can be done with a proof. Whether it is in the trash is kept apart: a trashed proof keeps
/// its state for the day it is restored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProofState {
    /// Comments and decisions are welcome.
    Active,
    /// Opens for reading only, and causes no mail.
    Locked,
}

impl ProofState {
    /// Text of the SOAP `status` field, also stored.
    pub const fn wire(self) -> &'static str {
        match self {
            ProofState::Active => "unlocked",
            ProofState::Locked => "locked",
        }
    }

    /// Reads what [`ProofState::wire`] wrote.
    pub fn parse(text: &str) -> Option<ProofState> {
        [ProofState::Active, ProofState::Locked].into_iter().find(|s| s.wire() == text)
    }
}

/// Switches of a proof, one bit each. The numbers are stored: never reuse one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct ProofFlags(pub u32);

impl ProofFlags {
    /// Only people with a login who are on the proof may open it.
    pub const AUTHORIZED_ONLY: ProofFlags = ProofFlags(1);
    /// People may add themselves.
    pub const SUBSCRIPTIONS: ProofFlags = ProofFlags(1 << 1);
    /// … and get in only through the link mailed to them.
    pub const VALIDATE_SUBSCRIPTIONS: ProofFlags = ProofFlags(1 << 2);
    /// Locks when the last required decision is made.
    pub const AUTO_LOCK: ProofFlags = ProofFlags(1 << 3);
    /// One decision is enough.
    pub const ONE_DECISION: ProofFlags = ProofFlags(1 << 4);
    /// The original may be downloaded.
    pub const DOWNLOAD: ProofFlags = ProofFlags(1 << 5);
    /// The team URL works.
    pub const TEAM_URL: ProofFlags = ProofFlags(1 << 6);
    /// Embedded player.
    pub const EMBED_PLAYER: ProofFlags = ProofFlags(1 << 7);
    /// Menu links of the original viewer, kept so that what is set reads back.
    pub const SHOW_DASHBOARD_LINK: ProofFlags = ProofFlags(1 << 8);
    /// See [`ProofFlags::SHOW_DASHBOARD_LINK`].
    pub const SHOW_WORKSPACE_LINK: ProofFlags = ProofFlags(1 << 9);
    /// See [`ProofFlags::SHOW_DASHBOARD_LINK`].
    pub const SHOW_DETAILS_PAGE_LINK: ProofFlags = ProofFlags(1 << 10);
    /// See [`ProofFlags::SHOW_DASHBOARD_LINK`].
    pub const SHOW_VERSIONS_LINK: ProofFlags = ProofFlags(1 << 11);
    /// See [`ProofFlags::SHOW_DASHBOARD_LINK`].
    pub const SHOW_HELP_LINK: ProofFlags = ProofFlags(1 << 12);
    /// See [`ProofFlags::SHOW_DASHBOARD_LINK`].
    pub const SHOW_HELP_QUICK_START_LINK: ProofFlags = ProofFlags(1 << 13);
    /// See [`ProofFlags::SHOW_DASHBOARD_LINK`].
    pub const SHOW_HELP_USER_GUIDE_LINK: ProofFlags = ProofFlags(1 << 14);
    /// See [`ProofFlags::SHOW_DASHBOARD_LINK`].
    pub const SHOW_HELP_WELCOME_SCREEN_LINK: ProofFlags = ProofFlags(1 << 15);
    /// See [`ProofFlags::SHOW_DASHBOARD_LINK`].
    pub const SHOW_HELP_FORUM_LINK: ProofFlags = ProofFlags(1 << 16);
    /// See [`ProofFlags::SHOW_DASHBOARD_LINK`].
    pub const SHOW_HELP_BLOG_LINK: ProofFlags = ProofFlags(1 << 17);
    /// See [`ProofFlags::SHOW_DASHBOARD_LINK`].
    pub const SHOW_DASHBOARD_FUNCTIONS: ProofFlags = ProofFlags(1 << 18);
    /// See [`ProofFlags::SHOW_DASHBOARD_LINK`].
    pub const SHOW_CLOSE_ICON: ProofFlags = ProofFlags(1 << 19);
    /// See [`ProofFlags::SHOW_DASHBOARD_LINK`].
    pub const SHOW_PUBLISH_TO_THE_WEB: ProofFlags = ProofFlags(1 << 20);
    /// See [`ProofFlags::SHOW_DASHBOARD_LINK`].
    pub const SHOW_PRINT_COMMENTS: ProofFlags = ProofFlags(1 << 21);
    /// See [`ProofFlags::SHOW_DASHBOARD_LINK`].
    pub const SHOW_EMAIL_ALERT_SETTINGS: ProofFlags = ProofFlags(1 << 22);
    /// Decisions have to be signed.
    pub const ELECTRONIC_SIGNATURES: ProofFlags = ProofFlags(1 << 23);
    /// Deciders are asked whether they want a confirmation mail.
    pub const SHOW_SEND_DECISION_CONFIRMATION: ProofFlags = ProofFlags(1 << 24);
    /// Asks for the viewer before last, kept so that what is set reads back.
    pub const CLASSIC_VIEWER: ProofFlags = ProofFlags(1 << 25);
    /// People who add themselves get no mail.
    pub const NO_SUBSCRIPTION_EMAIL: ProofFlags = ProofFlags(1 << 26);
    /// Comments cannot be had as a spreadsheet.
    pub const NO_EXCEL_SUMMARY: ProofFlags = ProofFlags(1 << 27);
    /// Comments cannot be had as a PDF.
    pub const NO_PDF_SUMMARY: ProofFlags = ProofFlags(1 << 28);
    /// See [`ProofFlags::SHOW_DASHBOARD_LINK`].
    pub const SHOW_PROOF_DETAILS: ProofFlags = ProofFlags(1 << 29);
    /// See [`ProofFlags::SHOW_DASHBOARD_LINK`].
    pub const SHOW_PROOF_WORKFLOW: ProofFlags = ProofFlags(1 << 30);

    /// Defaults of a new proof: downloads and the team URL on, everything in the viewer shown, the rest off.
    pub const DEFAULT: ProofFlags = ProofFlags(
        Self::DOWNLOAD.0
            | Self::TEAM_URL.0
            | Self::EMBED_PLAYER.0
            | Self::SHOW_DASHBOARD_LINK.0
            | Self::SHOW_WORKSPACE_LINK.0
            | Self::SHOW_DETAILS_PAGE_LINK.0
            | Self::SHOW_VERSIONS_LINK.0
            | Self::SHOW_HELP_LINK.0
            | Self::SHOW_HELP_QUICK_START_LINK.0
            | Self::SHOW_HELP_USER_GUIDE_LINK.0
            | Self::SHOW_HELP_WELCOME_SCREEN_LINK.0
            | Self::SHOW_HELP_FORUM_LINK.0
            | Self::SHOW_HELP_BLOG_LINK.0
            | Self::SHOW_DASHBOARD_FUNCTIONS.0
            | Self::SHOW_CLOSE_ICON.0
            | Self::SHOW_PUBLISH_TO_THE_WEB.0
            | Self::SHOW_PRINT_COMMENTS.0
            | Self::SHOW_EMAIL_ALERT_SETTINGS.0
            | Self::SHOW_SEND_DECISION_CONFIRMATION.0
            | Self::SHOW_PROOF_DETAILS.0
            | Self::SHOW_PROOF_WORKFLOW.0,
    );

    /// Whether this switch is on.
    pub const fn has(self, flag: ProofFlags) -> bool {
        self.0 & flag.0 == flag.0
    }

    /// With this switch as given; unchanged when nothing is given.
    #[must_use]
    pub const fn set(self, flag: ProofFlags, on: Option<bool>) -> ProofFlags {
        match on {
            Some(true) => ProofFlags(self.0 | flag.0),
            Some(false) => ProofFlags(self.0 & !flag.0),
            None => self,
        }
    }

    /// Rules between switches: "login required" forces subscriptions off (`product.md` 3.1).
    #[must_use]
    pub const fn consistent(self) -> ProofFlags {
        if self.has(Self::AUTHORIZED_ONLY) {
            ProofFlags(self.0 & !(Self::SUBSCRIPTIONS.0 | Self::VALIDATE_SUBSCRIPTIONS.0))
        } else {
            self
        }
    }
}

/// What stands behind an id of a proof: a proof, or a file that is only shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProofKind {
    /// Pages to review.
    #[default]
    Proof,
    /// A file of any type to download (`product.md` 7.8). It has people and a link, but no pages, no
    /// comments and no decisions.
    File,
}

impl ProofKind {
    /// Text of the SOAP `type` field, also stored.
    pub const fn wire(self) -> &'static str {
        match self {
            ProofKind::Proof => "proof",
            ProofKind::File => "file",
        }
    }

    /// Reads what [`ProofKind::wire`] wrote.
    pub fn parse(text: &str) -> Option<ProofKind> {
        [ProofKind::Proof, ProofKind::File].into_iter().find(|kind| kind.wire() == text)
    }
}

/// Settings of a proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The switches.
    pub flags: ProofFlags,
    /// Alert level for people who get none of their own.
    pub default_alert: Option<Alert>,
    /// Role for people who get none of their own.
    pub default_role: Option<Role>,
    /// Address of the link shown on the proof, possibly empty.
    pub custom_link_url: String,
    /// Text of that link, possibly empty.
    pub custom_link_label: String,
    /// Kind of Flash proof, kept so that what is set reads back.
    pub swf: String,
    /// The caller's own reference, given back with the proof; possibly empty.
    pub reference: String,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            flags: ProofFlags::DEFAULT,
            default_alert: None,
            default_role: None,
            custom_link_url: String::new(),
            custom_link_label: String::new(),
            swf: String::new(),
            reference: String::new(),
        }
    }
}

/// Whether a proof that locks itself has all required decisions, those of stages that have not started
/// included. Locking an already locked proof is no event, so a locked one is never due.
pub fn auto_lock_due(state: ProofState, flags: ProofFlags, tally: Tally) -> bool {
    state == ProofState::Active && flags.has(ProofFlags::AUTO_LOCK) && tally.complete()
}

/// A stage's part in the lateness of its proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DueStage {
    /// It has started and is not locked.
    pub open: bool,
    /// When it is due.
    pub deadline: Option<Timestamp>,
    /// What its people have decided.
    pub tally: Tally,
}

/// From when on a proof is late if nothing changes: the first deadline of an open stage on which
/// something is still required of somebody. Where nobody decides at all, every stage stays
/// outstanding until it is locked.
pub fn late_from(stages: &[DueStage]) -> Option<Timestamp> {
    let nobody = stages.iter().all(|s| s.tally.required == 0);
    let outstanding = |s: &&DueStage| s.open && (nobody || s.tally.made < s.tally.required);
    stages.iter().filter(outstanding).filter_map(|s| s.deadline).min()
}

/// The deadline of a proof with an automated workflow: the last one of its stages.
pub fn latest_deadline(stages: &[DueStage]) -> Option<Timestamp> {
    stages.iter().filter_map(|s| s.deadline).max()
}

/// Late: the proof is active, and a deadline with work outstanding has passed.
pub fn is_late(state: ProofState, late_from: Option<Timestamp>, now: Timestamp) -> bool {
    state == ProofState::Active && late_from.is_some_and(|at| at <= now)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(made: usize, required: usize) -> Tally {
        Tally { decision: None, made, required }
    }

    #[test]
    fn auto_lock_table() {
        let on = ProofFlags::AUTO_LOCK;
        let table = [
            (ProofState::Active, on, tally(1, 1), true),
            (ProofState::Active, on, tally(1, 2), false),
            (ProofState::Active, on, tally(0, 0), false),
            (ProofState::Active, ProofFlags(0), tally(1, 1), false),
            (ProofState::Locked, on, tally(1, 1), false),
        ];
        for (i, (state, flags, tally, due)) in table.into_iter().enumerate() {
            assert_eq!(auto_lock_due(state, flags, tally), due, "row {i}");
        }
    }

    #[test]
    fn lateness_table() {
        let at = |second| Timestamp::from_second(second).ok();
        let stage =
            |open, deadline, made, required| DueStage { open, deadline, tally: tally(made, required) };
        let table: [(&[DueStage], Option<Timestamp>); 8] = [
            (&[], None),
            (&[stage(true, None, 0, 1)], None),
            (&[stage(true, at(9), 0, 1)], at(9)),
            (&[stage(true, at(9), 1, 1)], None),
            (&[stage(true, at(9), 0, 0)], at(9)),
            (&[stage(true, at(5), 0, 0), stage(true, at(9), 0, 1)], at(9)),
            (&[stage(true, at(9), 0, 1), stage(true, at(7), 0, 1)], at(7)),
            (&[stage(false, at(5), 0, 1), stage(true, at(9), 0, 1)], at(9)),
        ];
        for (i, (stages, expected)) in table.into_iter().enumerate() {
            assert_eq!(late_from(stages), expected, "row {i}");
        }
        let now = Timestamp::from_second(9).expect("in range");
        assert!(is_late(ProofState::Active, at(9), now));
        assert!(!is_late(ProofState::Active, at(10), now));
        assert!(!is_late(ProofState::Locked, at(9), now));
        assert!(!is_late(ProofState::Active, None, now));
    }

    #[test]
    fn login_required_forces_subscriptions_off() {
        let all = ProofFlags(u32::MAX).consistent();
        assert!(!all.has(ProofFlags::SUBSCRIPTIONS) && !all.has(ProofFlags::VALIDATE_SUBSCRIPTIONS));
        let open = ProofFlags::SUBSCRIPTIONS.consistent();
        assert!(open.has(ProofFlags::SUBSCRIPTIONS));
    }

    #[test]
    fn a_switch_not_given_stays() {
        let flags = ProofFlags::DEFAULT;
        assert_eq!(flags.set(ProofFlags::DOWNLOAD, None), flags);
        assert!(!flags.set(ProofFlags::DOWNLOAD, Some(false)).has(ProofFlags::DOWNLOAD));
        assert!(flags.set(ProofFlags::AUTO_LOCK, Some(true)).has(ProofFlags::AUTO_LOCK));
    }
}
