//! Tables for every trigger and lock, and sequences of events that nobody thought of.

use super::*;
use crate::{DeadlineFrom, Decider, ProofId, RelativeDeadline, ReviewerId, Role, StageRules};
use proptest::prelude::*;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).expect("in range")
}

fn stage(id: i64, rules: StageRules) -> Stage {
    Stage {
        id: StageId(id),
        proof: ProofId(1),
        position: id,
        name: format!("Stage {id}"),
        rules,
        deadline: None,
        started_at: None,
        locked_at: None,
        primary: None,
        tally: Tally::default(),
        decided_at: None,
        comments: 0,
        people: 0,
    }
}

fn follows(parent: i64, trigger: StartTrigger) -> StageRules {
    StageRules { trigger, parent: Some(StageId(parent)), ..StageRules::default() }
}

fn people(decisions: &[Decision]) -> Vec<Decider> {
    let person = |(at, decision): (i64, &Decision)| Decider {
        role: Role::Approver,
        decision: *decision,
        decided_at: decision.made().then_some(at),
        primary: false,
    };
    (0..).zip(decisions).map(person).collect()
}

/// A first stage that runs, with these decisions on it, and a second one that waits for it.
fn pair(trigger: StartTrigger, decisions: &[Decision]) -> [Stage; 2] {
    let mut first = stage(1, StageRules::default());
    first.started_at = Some(at(0));
    first.tally = Tally::of(&people(decisions), false);
    [first, stage(2, follows(1, trigger))]
}

fn flow(stages: &[Stage]) -> Flow<'_> {
    Flow { state: ProofState::Active, flags: ProofFlags(0), stages }
}

fn starts(stages: &[Stage], happened: Happening, now: i64) -> Vec<i64> {
    let started = |step| match step {
        StageStep::Start { stage, .. } => Some(stage.0),
        _ => None,
    };
    advance(&flow(stages), happened, at(now)).into_iter().filter_map(started).collect()
}

use Decision::{Approved, ApprovedWithChanges, ChangesRequired, NotRelevant, Pending};
use StartTrigger::*;

#[test]
fn decisions_that_start_the_next_stage() {
    // decisions on the parent; started by trigger 4, 5, 6
    let table: [(&[Decision], bool, bool, bool); 11] = [
        (&[], false, false, false),
        (&[Pending], false, false, false),
        (&[Approved], true, true, true),
        (&[ApprovedWithChanges], true, false, true),
        (&[ChangesRequired], false, false, true),
        (&[NotRelevant], true, true, true),
        (&[Approved, Pending], false, false, false),
        (&[Approved, NotRelevant], true, true, true),
        (&[Approved, ApprovedWithChanges, NotRelevant], true, false, true),
        (&[Approved, ChangesRequired], false, false, true),
        (&[NotRelevant, Pending], false, false, false),
    ];
    for (decisions, four, five, six) in table {
        for (trigger, expected) in
            [(ParentApprovedWithChanges, four), (ParentApproved, five), (ParentDecided, six)]
        {
            let stages = pair(trigger, decisions);
            let started = starts(&stages, Happening::Decided(StageId(1)), 5) == [2];
            assert_eq!(started, expected, "{trigger:?} after {decisions:?}");
            for other in [AtOnce, ByHand] {
                let stages = pair(other, decisions);
                assert_eq!(
                    starts(&stages, Happening::Look, 5),
                    if other == AtOnce { vec![2] } else { vec![] }
                );
            }
        }
    }
}

#[test]
fn a_primary_decision_maker_or_one_decision_is_the_only_one_that_counts() {
    let mut one = people(&[Pending, Approved, ChangesRequired]);
    for (trigger, expected) in
        [(ParentApprovedWithChanges, true), (ParentApproved, true), (ParentDecided, true)]
    {
        let mut stages = pair(trigger, &[]);
        stages[0].tally = Tally::of(&one, true);
        assert_eq!(starts(&stages, Happening::Decided(StageId(1)), 5) == [2], expected, "{trigger:?}");
    }
    one[0].primary = true;
    for trigger in [ParentApprovedWithChanges, ParentApproved, ParentDecided] {
        let mut stages = pair(trigger, &[]);
        stages[0].tally = Tally::of(&one, false);
        assert_eq!(starts(&stages, Happening::Decided(StageId(1)), 5), [0; 0], "{trigger:?}");
    }
}

#[test]
fn times_that_start_a_stage() {
    let mut stages = pair(ParentDeadline, &[Pending]);
    assert_eq!(starts(&stages, Happening::Look, 100), [0; 0], "the parent has no deadline");
    stages[0].deadline = Some(at(50));
    assert_eq!(next_look(&stages), Some(at(50)));
    assert_eq!(
        (starts(&stages, Happening::Look, 49), starts(&stages, Happening::Look, 50)),
        (vec![], vec![2])
    );
    stages[0].started_at = None;
    stages[0].rules.trigger = ByHand;
    assert_eq!((starts(&stages, Happening::Look, 99), next_look(&stages)), (vec![], None), "it never ran");

    let mut stages = pair(Date, &[]);
    stages[1].rules.start_at = Some(at(70));
    assert_eq!(next_look(&stages), Some(at(70)));
    assert_eq!(
        (starts(&stages, Happening::Look, 69), starts(&stages, Happening::Look, 70)),
        (vec![], vec![2])
    );
    stages[1].started_at = Some(at(70));
    assert_eq!((starts(&stages, Happening::Look, 80), next_look(&stages)), (vec![], None), "once");
}

#[test]
fn by_hand_only_when_a_hand_does_it() {
    let stages = pair(ByHand, &[Approved]);
    assert_eq!(starts(&stages, Happening::Decided(StageId(1)), 9), [0; 0]);
    assert_eq!(starts(&stages, Happening::StartedByHand(StageId(2)), 9), [2]);
    assert_eq!(starts(&stages, Happening::StartedByHand(StageId(1)), 9), [0; 0], "runs already");
}

#[test]
fn children_of_one_parent_start_together_and_chains_follow_through() {
    let mut stages = pair(ParentApproved, &[Approved]).to_vec();
    stages.push(stage(3, follows(1, ParentDecided)));
    stages.push(stage(4, follows(2, ParentDeadline)));
    stages[1].deadline = Some(at(1));
    assert_eq!(starts(&stages, Happening::Decided(StageId(1)), 5), [2, 3, 4]);
}

#[test]
fn locks() {
    let lock = |locking, decisions: &[Decision], happened| {
        let mut stages = pair(ParentDecided, decisions);
        stages[0].rules.locking = locking;
        let steps = advance(&flow(&stages), happened, at(5));
        steps.contains(&StageStep::Lock(StageId(1)))
    };
    let decided = Happening::Decided(StageId(1));
    // locking, decisions, what happens, locks
    let table: [(StageLocking, &[Decision], Happening, bool); 9] = [
        (StageLocking::ByHand, &[Approved], decided, false),
        (StageLocking::NextStarts, &[Approved], decided, true),
        (StageLocking::NextStarts, &[Pending], decided, false),
        (StageLocking::NextStarts, &[Pending], Happening::StartedByHand(StageId(2)), true),
        (StageLocking::AllDecided, &[ChangesRequired], decided, true),
        (StageLocking::AllDecided, &[Approved, Pending], decided, false),
        (StageLocking::AllDecided, &[Approved], Happening::PeopleChanged(StageId(1)), true),
        (StageLocking::AllDecided, &[Approved], Happening::Decided(StageId(2)), false),
        (StageLocking::Never, &[Approved], decided, false),
    ];
    for (locking, decisions, happened, locks) in table {
        assert_eq!(lock(locking, decisions, happened), locks, "{locking:?} {decisions:?} {happened:?}");
    }
}

#[test]
fn locking_by_hand() {
    for locking in StageLocking::ALL {
        let mut one = stage(1, StageRules { locking, ..StageRules::default() });
        assert_eq!(lock_by_hand(&one), Err(StageRefusal::Waiting));
        one.started_at = Some(at(1));
        let expected = if locking == StageLocking::Never { Err(StageRefusal::NeverLocks) } else { Ok(true) };
        assert_eq!(lock_by_hand(&one), expected, "{locking:?}");
        one.locked_at = Some(at(2));
        assert_eq!(lock_by_hand(&one), Ok(false), "locking twice changes nothing");
    }
}

#[test]
fn the_proof_locks_with_the_last_required_decision_of_all_stages() {
    let mut stages = pair(ByHand, &[Approved]);
    let locks = |stages: &[Stage], happened| {
        let flow = Flow { flags: ProofFlags::AUTO_LOCK, ..flow(stages) };
        advance(&flow, happened, at(5)).contains(&StageStep::LockProof)
    };
    let decided = Happening::Decided(StageId(1));
    assert!(locks(&stages, decided));
    assert!(locks(&stages, Happening::AutoLockEnabled));
    assert!(!locks(&stages, Happening::Look), "unlocked by hand, it stays so until somebody decides");
    stages[1].tally = Tally::of(&people(&[Approved]), false);
    assert!(!locks(&stages, decided), "a stage that has not started still needs its decision");
    stages[1].started_at = Some(at(1));
    assert!(locks(&stages, decided));
}

#[test]
fn relative_deadlines_are_known_when_the_stage_starts() {
    let relative = Some(RelativeDeadline { days: 1, minute: 60, zone: "UTC".to_owned() });
    let mut stages = pair(ParentApproved, &[Approved]);
    stages[1].rules.relative.clone_from(&relative);
    stages[1].rules.deadline_from = DeadlineFrom::Start;
    let deadline = |stages: &[Stage]| match advance(&flow(stages), Happening::Look, at(7)).first() {
        Some(StageStep::Start { deadline, .. }) => *deadline,
        other => panic!("{other:?}"),
    };
    // 1970-01-01 is a Thursday.
    assert_eq!(deadline(&stages), Some(at(86_400 + 3600)));
    stages[1].rules.deadline_from = DeadlineFrom::Creation;
    stages[1].deadline = Some(at(500));
    assert_eq!(deadline(&stages), Some(at(500)), "counted from the creation it was known before");
}

#[test]
fn stages_that_cannot_work_are_refused() {
    let named = |trigger: StartTrigger, parent: Option<i64>| StageRules {
        trigger,
        parent: parent.map(StageId),
        ..StageRules::default()
    };
    for trigger in StartTrigger::ALL {
        let mut first = stage(1, named(trigger, None));
        first.rules.start_at = Some(at(1));
        let expected = if trigger.needs_parent() { Err(PlanError::FirstWaits) } else { Ok(()) };
        assert_eq!(check_stages(&[first]), expected, "{trigger:?}");
    }
    let one = stage(1, StageRules::default());
    let two = |rules| check_stages(&[one.clone(), stage(2, rules)]);
    assert_eq!(two(named(ParentDecided, Some(1))), Ok(()));
    assert_eq!(two(named(ParentDecided, None)), Err(PlanError::NoParent("Stage 2".to_owned())));
    assert_eq!(two(named(ParentDecided, Some(7))), Err(PlanError::NoParent("Stage 2".to_owned())));
    assert_eq!(two(named(ParentDecided, Some(2))), Err(PlanError::Circle("Stage 2".to_owned())));
    assert_eq!(two(named(Date, Some(1))), Err(PlanError::NoDate("Stage 2".to_owned())));
    let circle = [one.clone(), stage(2, named(ByHand, Some(3))), stage(3, named(ByHand, Some(2)))];
    assert_eq!(check_stages(&circle), Err(PlanError::Circle("Stage 2".to_owned())));
    let both = Stage {
        primary: Some(ReviewerId(1)),
        ..stage(1, StageRules { one_decision: true, ..StageRules::default() })
    };
    assert_eq!(check_stages(&[both]), Err(PlanError::PrimaryAndOneDecision("Stage 1".to_owned())));
}

/// A proof in a test: the stages, and who is on them.
#[derive(Clone, Debug)]
struct World {
    stages: Vec<Stage>,
    people: Vec<Vec<Decider>>,
    now: i64,
    auto_lock: bool,
    locked: bool,
}

#[derive(Clone, Debug)]
enum Act {
    Decide(usize, usize, Decision),
    Remove(usize, usize),
    Wait(i64),
    Start(usize),
    Lock(usize),
    Unlock(usize),
    LockProof(bool),
}

impl World {
    fn tally(&mut self) {
        for (stage, people) in self.stages.iter_mut().zip(&self.people) {
            stage.tally = Tally::of(people, stage.rules.one_decision);
        }
    }

    /// The conditions of `product.md` 4.2 word by word, over the people and not over tallies.
    fn fired(&self, at_stage: usize) -> bool {
        let stage = &self.stages[at_stage];
        let parent = self.stages.iter().position(|s| Some(s.id) == stage.rules.parent);
        let running = parent.filter(|p| self.stages[*p].started_at.is_some());
        let deciders = |p: usize| -> Vec<Decider> {
            let all: Vec<_> = self.people[p].iter().filter(|d| d.role.decides()).copied().collect();
            if let Some(primary) = all.iter().find(|d| d.primary) {
                return vec![*primary];
            }
            let one = self.stages[p].rules.one_decision;
            let first = all.iter().filter(|d| d.decision.made()).min_by_key(|d| d.decided_at);
            if one && !all.is_empty() {
                return vec![*first.unwrap_or(&all[0])];
            }
            all
        };
        let every = |allowed: &[Decision]| {
            running.is_some_and(|p| {
                let all = deciders(p);
                !all.is_empty() && all.iter().all(|d| allowed.contains(&d.decision))
            })
        };
        match stage.rules.trigger {
            AtOnce => true,
            ByHand => false,
            Date => stage.rules.start_at.is_some_and(|t| t <= at(self.now)),
            ParentDeadline => {
                running.and_then(|p| self.stages[p].deadline).is_some_and(|t| t <= at(self.now))
            }
            ParentApprovedWithChanges => every(&[Approved, ApprovedWithChanges, NotRelevant]),
            ParentApproved => every(&[Approved, NotRelevant]),
            ParentDecided => every(&[Approved, ApprovedWithChanges, NotRelevant, ChangesRequired]),
        }
    }

    fn act(&mut self, act: &Act) {
        let count = self.stages.len();
        let happened = match act {
            Act::Decide(s, p, decision) => {
                let s = s % count;
                if self.locked || self.stages[s].state() != StageState::Active || self.people[s].is_empty() {
                    return;
                }
                let p = p % self.people[s].len();
                let when = decision.made().then_some(self.now);
                self.people[s][p] = Decider { decision: *decision, decided_at: when, ..self.people[s][p] };
                Happening::Decided(self.stages[s].id)
            }
            Act::Remove(s, p) => {
                let s = s % count;
                if self.people[s].is_empty() {
                    return;
                }
                let p = p % self.people[s].len();
                self.people[s].remove(p);
                Happening::PeopleChanged(self.stages[s].id)
            }
            Act::Wait(seconds) => {
                self.now += seconds;
                Happening::Look
            }
            Act::Start(s) => Happening::StartedByHand(self.stages[s % count].id),
            Act::Lock(s) => {
                if lock_by_hand(&self.stages[s % count]) == Ok(true) {
                    self.stages[s % count].locked_at = Some(at(self.now));
                }
                Happening::Look
            }
            Act::Unlock(s) => {
                self.stages[s % count].locked_at = None;
                Happening::Look
            }
            Act::LockProof(locked) => {
                self.locked = *locked;
                Happening::Look
            }
        };
        self.follow(happened);
    }

    fn flow(&self) -> Flow<'_> {
        Flow {
            state: if self.locked { ProofState::Locked } else { ProofState::Active },
            flags: if self.auto_lock { ProofFlags::AUTO_LOCK } else { ProofFlags(0) },
            stages: &self.stages,
        }
    }

    fn follow(&mut self, happened: Happening) {
        self.tally();
        let steps = advance(&self.flow(), happened, at(self.now));
        assert!(!self.locked || steps.is_empty(), "a locked proof does nothing by itself");
        for step in steps {
            match step {
                StageStep::Start { stage, deadline } => {
                    let i = self.stages.iter().position(|s| s.id == stage).expect("known");
                    assert!(self.stages[i].started_at.is_none(), "started twice");
                    let by_hand = happened == Happening::StartedByHand(stage);
                    assert!(by_hand || self.fired(i), "nothing started {:?}", self.stages[i]);
                    self.stages[i].started_at = Some(at(self.now));
                    self.stages[i].deadline = deadline;
                }
                StageStep::Lock(stage) => {
                    let one = self.stages.iter_mut().find(|s| s.id == stage).expect("known");
                    assert_eq!(one.state(), StageState::Active, "locked twice");
                    assert!(matches!(one.rules.locking, StageLocking::NextStarts | StageLocking::AllDecided));
                    one.locked_at = Some(at(self.now));
                }
                StageStep::LockProof => {
                    for (stage, people) in self.stages.iter().zip(&self.people) {
                        let decides = people.iter().any(|d| d.role.decides());
                        assert!(!decides || (stage.started_at.is_some() && stage.tally.complete()));
                    }
                    self.locked = true;
                }
            }
        }
        if !self.locked {
            for i in 0..self.stages.len() {
                assert!(self.stages[i].started_at.is_some() || !self.fired(i), "overdue: {i}");
            }
            assert_eq!(
                advance(&self.flow(), Happening::Look, at(self.now)),
                [],
                "looking again does nothing"
            );
        }
    }
}

fn any_stage(index: i64) -> impl Strategy<Value = (Stage, Vec<Decider>)> {
    let decider = (0..6usize, any::<bool>()).prop_map(|(role, primary)| Decider {
        role: Role::ALL[role],
        decision: Pending,
        decided_at: None,
        primary,
    });
    let rules =
        (0..7usize, 1..=index.max(1), 0..200i64, 0..4usize, any::<bool>(), proptest::option::of(0..200i64));
    (rules, proptest::collection::vec(decider, 0..4)).prop_map(
        move |((trigger, parent, start_at, locking, one_decision, deadline), mut people)| {
            let trigger = StartTrigger::ALL[trigger];
            let trigger = if index == 0 && trigger.needs_parent() { AtOnce } else { trigger };
            let mut one = stage(
                index + 1,
                StageRules {
                    trigger,
                    parent: (index > 0).then_some(StageId(parent)),
                    start_at: Some(at(start_at)),
                    locking: StageLocking::ALL[locking],
                    one_decision,
                    ..StageRules::default()
                },
            );
            one.deadline = deadline.map(at);
            // One primary decision maker at most, and none beside "one decision".
            let mut free = !one_decision;
            for person in &mut people {
                person.primary &= free && person.role.decides();
                free &= !person.primary;
            }
            (one, people)
        },
    )
}

fn any_world() -> impl Strategy<Value = World> {
    let stages = (any_stage(0), any_stage(1), any_stage(2), any_stage(3));
    (stages, any::<bool>()).prop_map(|((a, b, c, d), auto_lock)| {
        let (stages, people) = [a, b, c, d].into_iter().unzip();
        World { stages, people, now: 0, auto_lock, locked: false }
    })
}

fn any_act() -> impl Strategy<Value = Act> {
    prop_oneof![
        6 => (0..4usize, 0..4usize, 0..5usize).prop_map(|(s, p, d)| Act::Decide(s, p, Decision::ALL[d])),
        1 => (0..4usize, 0..4usize).prop_map(|(s, p)| Act::Remove(s, p)),
        3 => (1..80i64).prop_map(Act::Wait),
        1 => (0..4usize).prop_map(Act::Start),
        1 => (0..4usize).prop_map(Act::Lock),
        1 => (0..4usize).prop_map(Act::Unlock),
        1 => any::<bool>().prop_map(Act::LockProof),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// No stage runs whose trigger never fired, none that fired waits, and each fires once: all this
    /// is asserted while the world follows the steps.
    #[test]
    fn whatever_happens_the_rules_hold(mut world in any_world(), acts in proptest::collection::vec(any_act(), 0..40)) {
        world.follow(Happening::Look);
        for act in &acts {
            world.act(act);
        }
    }

    #[test]
    fn not_relevant_holds_nothing_back(decisions in proptest::collection::vec(0..5usize, 1..6)) {
        let said: Vec<Decision> = decisions.iter().map(|d| Decision::ALL[*d]).collect();
        let approved: Vec<Decision> =
            said.iter().map(|d| if *d == NotRelevant { Approved } else { *d }).collect();
        for trigger in [ParentApprovedWithChanges, ParentApproved, ParentDecided] {
            let happened = Happening::Decided(StageId(1));
            let with = starts(&pair(trigger, &said), happened, 5);
            prop_assert_eq!(with, starts(&pair(trigger, &approved), happened, 5), "{:?}", said);
        }
    }

    #[test]
    fn the_next_look_is_never_too_late(mut world in any_world()) {
        world.follow(Happening::Look);
        let quiet_until = next_look(&world.stages).map_or(1000, |t| t.as_second());
        prop_assert!(quiet_until > 0, "what is due now has started");
        world.tally();
        let before = advance(&world.flow(), Happening::Look, at(quiet_until - 1));
        prop_assert_eq!(before, []);
    }
}
