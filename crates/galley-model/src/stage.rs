//! Stages: groups of reviewers on one version of a proof, with rules of their own (`product.md` 3.13
//! and 4.1).
//!
//! Every proof has stages. Those of a proof with an automated workflow are made by people; those of
//! any other proof are made by Galley, one for each deadline that people on it have.

use crate::{DueStage, ProofId, ReviewerId, StageId, Tally, Timestamp, business_days_after};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// Name of the stages that Galley makes, with a number behind it from the second on.
pub const SYSTEM_STAGE: &str = "Stage";

/// More stages than this on one proof are a mistake.
pub const MAX_STAGES: usize = 100;

/// What starts a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StartTrigger {
    /// The proof is made.
    #[default]
    AtOnce,
    /// The deadline of the parent passes.
    ParentDeadline,
    /// A date comes.
    Date,
    /// All decisions on the parent are approved, with or without changes.
    ParentApprovedWithChanges,
    /// All decisions on the parent are approved.
    ParentApproved,
    /// All decisions on the parent are made.
    ParentDecided,
    /// Somebody starts it.
    ByHand,
}

impl StartTrigger {
    /// All triggers in the order of their codes.
    pub const ALL: [StartTrigger; 7] = [
        StartTrigger::AtOnce,
        StartTrigger::ParentDeadline,
        StartTrigger::Date,
        StartTrigger::ParentApprovedWithChanges,
        StartTrigger::ParentApproved,
        StartTrigger::ParentDecided,
        StartTrigger::ByHand,
    ];

    /// The published number, 1 to 7.
    pub const fn code(self) -> i64 {
        match self {
            StartTrigger::AtOnce => 1,
            StartTrigger::ParentDeadline => 2,
            StartTrigger::Date => 3,
            StartTrigger::ParentApprovedWithChanges => 4,
            StartTrigger::ParentApproved => 5,
            StartTrigger::ParentDecided => 6,
            StartTrigger::ByHand => 7,
        }
    }

    /// The trigger with this number.
    pub fn from_code(code: i64) -> Option<StartTrigger> {
        Self::ALL.into_iter().find(|trigger| trigger.code() == code)
    }

    /// Waits for something on another stage, and so is none for the first one.
    pub const fn needs_parent(self) -> bool {
        matches!(
            self,
            StartTrigger::ParentDeadline
                | StartTrigger::ParentApprovedWithChanges
                | StartTrigger::ParentApproved
                | StartTrigger::ParentDecided
        )
    }
}

/// What locks a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StageLocking {
    /// Somebody locks it.
    #[default]
    ByHand,
    /// A stage that follows it starts.
    NextStarts,
    /// All its decisions are made.
    AllDecided,
    /// Nothing, not even somebody.
    Never,
}

impl StageLocking {
    /// All of them in the order of their codes.
    pub const ALL: [StageLocking; 4] =
        [StageLocking::ByHand, StageLocking::NextStarts, StageLocking::AllDecided, StageLocking::Never];

    /// The published number, 1 to 4.
    pub const fn code(self) -> i64 {
        match self {
            StageLocking::ByHand => 1,
            StageLocking::NextStarts => 2,
            StageLocking::AllDecided => 3,
            StageLocking::Never => 4,
        }
    }

    /// The locking with this number.
    pub fn from_code(code: i64) -> Option<StageLocking> {
        Self::ALL.into_iter().find(|locking| locking.code() == code)
    }
}

/// What a deadline is counted from. The numbers of the original are not known; ours follow the order
/// in which its documentation names the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeadlineFrom {
    /// The making of the proof.
    #[default]
    Creation,
    /// The start of the stage.
    Start,
}

impl DeadlineFrom {
    /// 1 or 2.
    pub const fn code(self) -> i64 {
        match self {
            DeadlineFrom::Creation => 1,
            DeadlineFrom::Start => 2,
        }
    }

    /// The one with this number.
    pub fn from_code(code: i64) -> Option<DeadlineFrom> {
        [DeadlineFrom::Creation, DeadlineFrom::Start].into_iter().find(|from| from.code() == code)
    }
}

/// A deadline so many business days after something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelativeDeadline {
    /// Business days.
    pub days: u16,
    /// Minute of that day, in `zone`; 23:59 is 1439.
    pub minute: u16,
    /// Name of the time zone in which days are counted.
    pub zone: String,
}

impl RelativeDeadline {
    /// The deadline, counted from here. A zone that nobody knows is UTC.
    pub fn after(&self, from: Timestamp) -> Option<Timestamp> {
        let zone = TimeZone::get(&self.zone).unwrap_or(TimeZone::UTC);
        business_days_after(from, self.days, self.minute, &zone)
    }
}

/// What people decided about a stage.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct StageRules {
    /// What starts it.
    pub trigger: StartTrigger,
    /// The stage it follows in the tree of stages. Triggers that wait for another stage wait for this
    /// one, and its start may lock this one.
    pub parent: Option<StageId>,
    /// The date of [`StartTrigger::Date`].
    pub start_at: Option<Timestamp>,
    /// What locks it.
    pub locking: StageLocking,
    /// What its deadline is counted from.
    pub deadline_from: DeadlineFrom,
    /// Its deadline, where it is not a date but a number of days.
    pub relative: Option<RelativeDeadline>,
    /// The first decision made is the decision of the stage.
    pub one_decision: bool,
    /// Seen only by its people and by those who may edit the proof.
    pub private: bool,
    /// Cannot be deleted.
    pub mandatory: bool,
}

/// Where a stage stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StageState {
    /// It has not started.
    Waiting,
    /// Its people may comment and decide.
    #[default]
    Active,
    /// Its people may read.
    Locked,
}

/// A stage of one version of a proof.
#[derive(Clone, Debug, PartialEq)]
pub struct Stage {
    /// Identifier.
    pub id: StageId,
    /// The version.
    pub proof: ProofId,
    /// Place among the stages of the proof, from 1.
    pub position: i64,
    /// Name as people read it.
    pub name: String,
    /// What people decided about it.
    pub rules: StageRules,
    /// When it is due. None as well while it depends on a start that has not come.
    pub deadline: Option<Timestamp>,
    /// When it started.
    pub started_at: Option<Timestamp>,
    /// When it was locked; none while it is not.
    pub locked_at: Option<Timestamp>,
    /// The reviewer whose decision alone is that of the stage.
    pub primary: Option<ReviewerId>,
    /// What its people have decided.
    pub tally: Tally,
    /// When its decision last changed.
    pub decided_at: Option<Timestamp>,
    /// Comments that its people wrote, also those who are gone.
    pub comments: i64,
    /// People on it.
    pub people: i64,
}

impl Stage {
    /// Where it stands.
    pub fn state(&self) -> StageState {
        match (self.started_at, self.locked_at) {
            (None, _) => StageState::Waiting,
            (Some(_), None) => StageState::Active,
            (Some(_), Some(_)) => StageState::Locked,
        }
    }

    /// Its part in the lateness of the proof.
    pub fn due(&self) -> DueStage {
        DueStage { open: self.state() == StageState::Active, deadline: self.deadline, tally: self.tally }
    }

    /// Its part in the decision of the proof: what was said on a stage that has not started does not
    /// count yet.
    pub fn counted(&self) -> Tally {
        if self.started_at.is_some() { self.tally } else { self.tally.pending() }
    }

    /// One person's decision stands for all of its people (primary decision maker, one decision).
    pub fn settled(&self) -> bool {
        (self.rules.one_decision || self.primary.is_some()) && self.tally.complete()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_contract() {
        for (code, trigger) in (1..).zip(StartTrigger::ALL) {
            assert_eq!((trigger.code(), StartTrigger::from_code(code)), (code, Some(trigger)));
        }
        for (code, locking) in (1..).zip(StageLocking::ALL) {
            assert_eq!((locking.code(), StageLocking::from_code(code)), (code, Some(locking)));
        }
        for code in [0, 8, -1] {
            assert_eq!(StartTrigger::from_code(code), None);
        }
        assert_eq!((StageLocking::from_code(5), DeadlineFrom::from_code(3)), (None, None));
    }

    #[test]
    fn relative_deadlines_belong_to_a_zone() {
        let rule = RelativeDeadline { days: 1, minute: 9 * 60, zone: "Europe/Vienna".to_owned() };
        let friday: Timestamp = "2026-03-06T22:30:00Z".parse().expect("a time");
        let due = rule.after(friday).expect("in range");
        assert_eq!(due.to_string(), "2026-03-09T08:00:00Z", "Monday at nine in Vienna");
        let saturday: Timestamp = "2026-03-06T23:30:00Z".parse().expect("a time");
        assert_eq!(rule.after(saturday), Some(due), "it is Saturday there already");
    }
}
