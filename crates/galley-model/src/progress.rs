//! The four progress letters: sent, opened, commented, decided (`product.md` 3.12).

use crate::{Decision, Role, Timestamp};
use serde::{Deserialize, Serialize};

/// How a letter is shown. Ordered from best to worst, so that the worst of several is their maximum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Letter {
    /// Nobody has that to do.
    Hidden,
    /// Done.
    Green,
    /// To do; time enough.
    White,
    /// To do, and the deadline is near.
    Orange,
    /// To do, and the deadline has passed.
    Red,
}

/// The four letters of a person or a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Progress {
    /// The invitation is out.
    pub sent: Letter,
    /// The viewer was opened.
    pub opened: Letter,
    /// A comment or reply was written.
    pub commented: Letter,
    /// A decision was made.
    pub decided: Letter,
}

/// What one reviewer has done so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReviewerActivity {
    /// Their role.
    pub role: Role,
    /// The proof was shared with them.
    pub sent: bool,
    /// They opened it.
    pub opened: bool,
    /// They wrote something.
    pub commented: bool,
    /// What they decided.
    pub decision: Decision,
    /// Another person's decision stands for the whole stage (primary decision maker, one decision).
    pub settled: bool,
    /// When it is due for them.
    pub deadline: Option<Timestamp>,
}

/// Letters of one reviewer. `at_risk` is how many seconds before the deadline orange starts.
pub fn reviewer_progress(person: &ReviewerActivity, now: Timestamp, at_risk: i64) -> Progress {
    let open = match person.deadline {
        Some(deadline) if now >= deadline => Letter::Red,
        Some(deadline) if now.as_second() >= deadline.as_second() - at_risk => Letter::Orange,
        _ => Letter::White,
    };
    let letter = |applies: bool, done: bool| match (applies, done) {
        (false, _) => Letter::Hidden,
        (true, true) => Letter::Green,
        (true, false) => open,
    };
    Progress {
        sent: letter(true, person.sent),
        opened: letter(true, person.opened),
        commented: letter(person.role.comments(), person.commented),
        decided: letter(person.role.decides(), person.decision.made() || person.settled),
    }
}

/// Letters of a stage or a proof: each is as far as the person who is most behind.
pub fn proof_progress(people: impl IntoIterator<Item = Progress>) -> Progress {
    let start = Progress {
        sent: Letter::Hidden,
        opened: Letter::Hidden,
        commented: Letter::Hidden,
        decided: Letter::Hidden,
    };
    people.into_iter().fold(start, |a, b| Progress {
        sent: a.sent.max(b.sent),
        opened: a.opened.max(b.opened),
        commented: a.commented.max(b.commented),
        decided: a.decided.max(b.decided),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person() -> ReviewerActivity {
        ReviewerActivity {
            role: Role::ReviewerApprover,
            sent: true,
            opened: false,
            commented: false,
            decision: Decision::Pending,
            settled: false,
            deadline: Timestamp::from_second(100_000).ok(),
        }
    }

    #[test]
    fn colours_follow_the_deadline() {
        let day = 86_400;
        for (now, expected) in [
            (1_000, Letter::White),
            (13_600, Letter::Orange),
            (99_999, Letter::Orange),
            (100_000, Letter::Red),
        ] {
            let now = Timestamp::from_second(now).expect("in range");
            let progress = reviewer_progress(&person(), now, day);
            assert_eq!(progress.opened, expected, "{now}");
            assert_eq!(progress.sent, Letter::Green);
        }
        let undated = ReviewerActivity { deadline: None, ..person() };
        let late = Timestamp::from_second(200_000).expect("in range");
        assert_eq!(reviewer_progress(&undated, late, day).opened, Letter::White);
    }

    #[test]
    fn letters_that_do_not_apply_are_hidden() {
        let now = Timestamp::UNIX_EPOCH;
        let reader = ReviewerActivity { role: Role::ReadOnly, ..person() };
        let progress = reviewer_progress(&reader, now, 0);
        assert_eq!((progress.commented, progress.decided), (Letter::Hidden, Letter::Hidden));
        let approver = ReviewerActivity { role: Role::Approver, ..person() };
        let progress = reviewer_progress(&approver, now, 0);
        assert_eq!((progress.commented, progress.decided), (Letter::Hidden, Letter::White));
    }

    #[test]
    fn a_decision_that_settles_the_proof_completes_everybody() {
        let settled = ReviewerActivity { settled: true, ..person() };
        assert_eq!(reviewer_progress(&settled, Timestamp::UNIX_EPOCH, 0).decided, Letter::Green);
    }

    #[test]
    fn a_proof_is_as_far_as_its_slowest_person() {
        let done = ReviewerActivity { opened: true, ..person() };
        let now = Timestamp::from_second(200_000).expect("in range");
        let both = [done, person()].map(|p| reviewer_progress(&p, now, 0));
        assert_eq!(proof_progress(both).opened, Letter::Red);
        assert_eq!(proof_progress([both[0]]).opened, Letter::Green);
        assert_eq!(proof_progress([]).sent, Letter::Hidden);
    }
}
