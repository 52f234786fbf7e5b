//! Decisions and their roll-up (`product.md` 3.14).

use crate::Role;
use serde::{Deserialize, Serialize};

/// What a decision maker said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// Nothing yet.
    Pending,
    /// Not good: changes, and another look.
    ChangesRequired,
    /// Good once the changes are made.
    ApprovedWithChanges,
    /// Good.
    Approved,
    /// No opinion needed.
    NotRelevant,
}

impl Decision {
    /// All decisions in the order of their codes.
    pub const ALL: [Decision; 5] = [
        Decision::Pending,
        Decision::ChangesRequired,
        Decision::ApprovedWithChanges,
        Decision::Approved,
        Decision::NotRelevant,
    ];

    /// The published number.
    pub const fn code(self) -> i64 {
        match self {
            Decision::Pending => 0,
            Decision::ChangesRequired => 1,
            Decision::ApprovedWithChanges => 2,
            Decision::Approved => 3,
            Decision::NotRelevant => 4,
        }
    }

    /// The decision with this number.
    pub fn from_code(code: i64) -> Option<Decision> {
        Self::ALL.into_iter().find(|decision| decision.code() == code)
    }

    /// Default name as people read it.
    pub const fn label(self) -> &'static str {
        match self {
            Decision::Pending => "Pending",
            Decision::ChangesRequired => "Changes required",
            Decision::ApprovedWithChanges => "Approved with changes",
            Decision::Approved => "Approved",
            Decision::NotRelevant => "Not relevant",
        }
    }

    /// Lower-case text as reviewer and proof objects carry it.
    pub const fn wire(self) -> &'static str {
        match self {
            Decision::Pending => "pending",
            Decision::ChangesRequired => "changes required",
            Decision::ApprovedWithChanges => "approved with changes",
            Decision::Approved => "approved",
            Decision::NotRelevant => "not relevant",
        }
    }

    /// Reads a number or a text in any case. `changes requested` and `not approved` are texts that
    /// newer objects of the original used for the same answer.
    pub fn parse(text: &str) -> Option<Decision> {
        let text = text.trim();
        if let Ok(code) = text.parse() {
            return Self::from_code(code);
        }
        if ["changes requested", "not approved", "rejected"].iter().any(|t| t.eq_ignore_ascii_case(text)) {
            return Some(Decision::ChangesRequired);
        }
        Self::ALL.into_iter().find(|decision| decision.wire().eq_ignore_ascii_case(text))
    }

    /// A decision was made.
    pub const fn made(self) -> bool {
        !matches!(self, Decision::Pending)
    }

    /// Worst first. Changes required outranks Pending: the documentation leaves that pair open, and
    /// one "no" is news that must not wait for the others.
    const fn severity(self) -> u8 {
        match self {
            Decision::ChangesRequired => 4,
            Decision::Pending => 3,
            Decision::ApprovedWithChanges => 2,
            Decision::Approved => 1,
            Decision::NotRelevant => 0,
        }
    }
}

/// The result for a whole proof: a decision, or none when nobody on it decides.
pub type Overall = Option<Decision>;

/// One person's part in the roll-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decider {
    /// Only deciding roles count.
    pub role: Role,
    /// What they said.
    pub decision: Decision,
    /// When they said it, in milliseconds; orders decisions under "only one decision required".
    pub decided_at: Option<i64>,
    /// The one whose decision alone sets the result.
    pub primary: bool,
}

/// The roll-up of one stage.
///
/// * nobody decides: none;
/// * a primary decision maker: that person's decision;
/// * one decision required: the earliest decision made;
/// * otherwise the worst of all, "not relevant" counting only when everybody said so.
pub fn overall_decision(people: &[Decider], one_decision: bool) -> Overall {
    let deciders: Vec<&Decider> = people.iter().filter(|p| p.role.decides()).collect();
    if deciders.is_empty() {
        return None;
    }
    if let Some(primary) = deciders.iter().find(|p| p.primary) {
        return Some(primary.decision);
    }
    if one_decision {
        let first = deciders.iter().filter(|p| p.decision.made()).min_by_key(|p| p.decided_at);
        return Some(first.map_or(Decision::Pending, |p| p.decision));
    }
    deciders.iter().map(|p| p.decision).max_by_key(|d| d.severity())
}

/// How many decisions are required, and how many of those are made: with a primary decision maker
/// or one decision required that is one, otherwise everybody's who decides.
pub fn required_decisions(people: &[Decider], one_decision: bool) -> (usize, usize) {
    let deciders: Vec<&Decider> = people.iter().filter(|p| p.role.decides()).collect();
    let primary = deciders.iter().find(|p| p.primary);
    match (deciders.len(), primary) {
        (0, _) => (0, 0),
        (_, Some(primary)) => (usize::from(primary.decision.made()), 1),
        _ if one_decision => (usize::from(deciders.iter().any(|p| p.decision.made())), 1),
        (all, None) => (deciders.iter().filter(|p| p.decision.made()).count(), all),
    }
}

/// What a stage, or a whole proof, has come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Tally {
    /// The decision.
    pub decision: Overall,
    /// Required decisions that are made.
    pub made: usize,
    /// Decisions that are required.
    pub required: usize,
}

impl Tally {
    /// Of the people on one stage.
    pub fn of(people: &[Decider], one_decision: bool) -> Tally {
        let (made, required) = required_decisions(people, one_decision);
        Tally { decision: overall_decision(people, one_decision), made, required }
    }

    /// Somebody decides here, and everything required is there.
    pub const fn complete(&self) -> bool {
        self.required > 0 && self.made == self.required
    }

    /// The same before anybody has decided anything.
    #[must_use]
    pub fn pending(self) -> Tally {
        Tally { decision: self.decision.map(|_| Decision::Pending), made: 0, ..self }
    }
}

/// The roll-up of a proof: the worst of its stages on which somebody decides, and all that they
/// require. A stage that has not started comes in as [`Tally::pending`].
pub fn proof_tally(stages: impl IntoIterator<Item = Tally>) -> Tally {
    stages.into_iter().fold(Tally::default(), |all, stage| Tally {
        decision: all.decision.into_iter().chain(stage.decision).max_by_key(|d| d.severity()),
        made: all.made + stage.made,
        required: all.required + stage.required,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use Decision::*;
    use proptest::prelude::*;

    fn person(decision: Decision) -> Decider {
        Decider {
            role: Role::ReviewerApprover,
            decision,
            decided_at: decision.made().then_some(1),
            primary: false,
        }
    }

    #[test]
    fn worst_case_table() {
        let table: [(&[Decision], Overall); 9] = [
            (&[], None),
            (&[Pending], Some(Pending)),
            (&[Approved, Approved, Pending], Some(Pending)),
            (&[Approved, Approved, ChangesRequired], Some(ChangesRequired)),
            (&[ChangesRequired, Pending], Some(ChangesRequired)),
            (&[Approved, ApprovedWithChanges], Some(ApprovedWithChanges)),
            (&[Approved, NotRelevant], Some(Approved)),
            (&[NotRelevant, NotRelevant], Some(NotRelevant)),
            (&[NotRelevant, Pending], Some(Pending)),
        ];
        for (decisions, expected) in table {
            let people: Vec<_> = decisions.iter().map(|d| person(*d)).collect();
            assert_eq!(overall_decision(&people, false), expected, "{decisions:?}");
        }
    }

    #[test]
    fn people_who_do_not_decide_do_not_count() {
        let reader = Decider { role: Role::Reviewer, ..person(Pending) };
        assert_eq!(overall_decision(&[reader], false), None);
        assert_eq!(overall_decision(&[reader, person(Approved)], false), Some(Approved));
        assert_eq!(required_decisions(&[reader, person(Approved)], false), (1, 1));
    }

    #[test]
    fn the_primary_decision_maker_alone_counts() {
        let primary = Decider { primary: true, ..person(Approved) };
        assert_eq!(overall_decision(&[person(ChangesRequired), primary], false), Some(Approved));
        assert_eq!(required_decisions(&[person(Pending), primary], false), (1, 1));
    }

    #[test]
    fn with_one_decision_the_earliest_counts() {
        let late = Decider { decided_at: Some(9), ..person(Approved) };
        let early = Decider { decided_at: Some(2), ..person(ChangesRequired) };
        assert_eq!(overall_decision(&[late, early, person(Pending)], true), Some(ChangesRequired));
        assert_eq!(overall_decision(&[person(Pending)], true), Some(Pending));
    }

    #[test]
    fn a_proof_is_what_its_worst_stage_is() {
        let stage = |decisions: &[Decision]| {
            Tally::of(&decisions.iter().map(|d| person(*d)).collect::<Vec<_>>(), false)
        };
        let table: [(&[Tally], Overall, usize, usize); 6] = [
            (&[], None, 0, 0),
            (&[stage(&[])], None, 0, 0),
            (&[stage(&[Approved]), stage(&[])], Some(Approved), 1, 1),
            (&[stage(&[Approved]), stage(&[Pending, Approved])], Some(Pending), 2, 3),
            (&[stage(&[Approved]), stage(&[Approved]).pending()], Some(Pending), 1, 2),
            (&[stage(&[ChangesRequired]), stage(&[Approved]).pending()], Some(ChangesRequired), 1, 2),
        ];
        for (i, (stages, decision, made, required)) in table.into_iter().enumerate() {
            assert_eq!(proof_tally(stages.iter().copied()), Tally { decision, made, required }, "row {i}");
        }
    }

    #[test]
    fn texts_and_numbers_are_read_alike() {
        for decision in Decision::ALL {
            assert_eq!(Decision::parse(&decision.code().to_string()), Some(decision));
            assert_eq!(Decision::parse(decision.label()), Some(decision));
        }
        assert_eq!(Decision::parse("maybe"), None);
    }

    fn any_people() -> impl Strategy<Value = Vec<Decider>> {
        proptest::collection::vec(
            (0..6usize, 0..5usize, 0..100i64).prop_map(|(role, decision, at)| {
                let decision = Decision::ALL[decision];
                Decider {
                    role: Role::ALL[role],
                    decision,
                    decided_at: decision.made().then_some(at),
                    primary: false,
                }
            }),
            0..12,
        )
    }

    proptest! {
        #[test]
        fn order_of_people_never_matters(mut people in any_people()) {
            let before = overall_decision(&people, false);
            people.reverse();
            prop_assert_eq!(before, overall_decision(&people, false));
        }

        #[test]
        fn one_stage_is_the_whole_proof(people in any_people(), one in any::<bool>()) {
            let tally = Tally::of(&people, one);
            prop_assert_eq!(proof_tally([tally]), tally);
        }

        #[test]
        fn a_stage_that_waits_leaves_no_proof_complete(people in any_people(), one in any::<bool>()) {
            let tally = Tally::of(&people, one);
            let all = proof_tally([tally, tally.pending()]);
            prop_assert!(!all.complete());
            prop_assert_eq!(all.required, 2 * tally.required);
            prop_assert!(matches!(all.decision, None | Some(Pending | ChangesRequired)));
        }

        #[test]
        fn all_required_made_means_not_pending(people in any_people(), one in any::<bool>()) {
            let (made, required) = required_decisions(&people, one);
            prop_assert!(made <= required);
            if required > 0 && made == required {
                prop_assert_ne!(overall_decision(&people, one), Some(Pending));
            }
        }
    }
}
