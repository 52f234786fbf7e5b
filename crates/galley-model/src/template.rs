//! Workflow templates: stages with their people, to make proofs of (`product.md` 4.3).

use crate::{
    AccountId, Alert, DeadlineFrom, PersonId, PlanError, ProofId, ReviewerId, Role, Stage, StageId,
    StageLocking, StageRules, StartTrigger, Tally, TemplateId, TemplatePersonId, TemplateStageId, Timestamp,
    UserId, check_stages,
};
use thiserror::Error;

/// Longest time that a template can look ahead, in business days.
pub const MAX_TEMPLATE_DAYS: u16 = 3660;

/// A time so many business days after something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayTime {
    /// Business days.
    pub days: u16,
    /// Minute of that day; 23:59 is 1439.
    pub minute: u16,
}

impl DayTime {
    /// From days, hour of the day and minute of the hour. All zero is no time at all.
    ///
    /// # Errors
    /// [`TemplateError::NoSuchTime`].
    pub fn new(days: i64, hour: i64, minute: i64) -> Result<Option<DayTime>, TemplateError> {
        let within = |value: i64, most: i64| (0..=most).contains(&value);
        if !(within(days, i64::from(MAX_TEMPLATE_DAYS)) && within(hour, 23) && within(minute, 59)) {
            return Err(TemplateError::NoSuchTime);
        }
        if (days, hour, minute) == (0, 0, 0) {
            return Ok(None);
        }
        let number = |value: i64| u16::try_from(value).map_err(|_| TemplateError::NoSuchTime);
        Ok(Some(DayTime { days: number(days)?, minute: number(hour * 60 + minute)? }))
    }

    /// Hour of the day.
    pub const fn hour(self) -> u16 {
        self.minute / 60
    }

    /// Minute of the hour.
    pub const fn minute_of_hour(self) -> u16 {
        self.minute % 60
    }
}

/// A workflow template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// Identifier.
    pub id: TemplateId,
    /// The account it belongs to.
    pub account: AccountId,
    /// Who answers for it: an administrator.
    pub owner: UserId,
    /// Name as people read it.
    pub name: String,
    /// Name of the time zone in which its days are counted.
    pub zone: String,
    /// Users who may make proofs of it beside those who administer the account.
    pub shared: Vec<UserId>,
    /// Its stages, in their order.
    pub stages: Vec<TemplateStage>,
}

/// What people decided about a stage of a template.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct TemplateRules {
    /// What starts it.
    pub trigger: StartTrigger,
    /// The stage it follows.
    pub parent: Option<TemplateStageId>,
    /// When it starts, counted from the making of the proof, with [`StartTrigger::Date`].
    pub start: Option<DayTime>,
    /// What locks it.
    pub locking: StageLocking,
    /// When it is due.
    pub deadline: Option<DayTime>,
    /// What the deadline is counted from.
    pub deadline_from: DeadlineFrom,
    /// The first decision made is the decision of the stage.
    pub one_decision: bool,
    /// Seen only by its people and by those who may edit the proof.
    pub private: bool,
}

/// A stage of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateStage {
    /// Identifier.
    pub id: TemplateStageId,
    /// The template.
    pub template: TemplateId,
    /// Name as people read it.
    pub name: String,
    /// What people decided about it.
    pub rules: TemplateRules,
    /// People on it, in the order they were added.
    pub people: Vec<TemplatePerson>,
}

/// Somebody on a stage of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplatePerson {
    /// Identifier.
    pub id: TemplatePersonId,
    /// The stage.
    pub stage: TemplateStageId,
    /// Who it is.
    pub person: PersonId,
    /// Their address.
    pub email: String,
    /// Their name.
    pub name: String,
    /// Their job title, possibly empty.
    pub position: String,
    /// Their login, when they have one.
    pub user: Option<UserId>,
    /// What they may do.
    pub role: Role,
    /// How much mail they want.
    pub alert: Alert,
    /// Their decision alone counts on the stage.
    pub primary: bool,
}

/// Why a template cannot work.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TemplateError {
    /// Its stages could not work on any proof.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// A template without stages.
    #[error("a template needs a stage")]
    NoStage,
    /// A stage without people.
    #[error("stage '{0}' needs somebody on it")]
    Empty(String),
    /// A stage follows one that comes later, or itself.
    #[error("stage '{0}' can only follow a stage before it")]
    FollowsLater(String),
    /// Somebody on two stages.
    #[error("{0} is on two stages; one is all anybody can be on")]
    TwoStages(String),
    /// A primary decision maker who does not decide.
    #[error("{0} does not decide and cannot be the primary decision maker")]
    PrimaryDoesNotDecide(String),
    /// Two of them.
    #[error("stage '{0}' can have one primary decision maker")]
    TwoPrimary(String),
    /// A role for users only.
    #[error("{0} has no login and cannot be {1}")]
    GuestRole(String, &'static str),
    /// Days, hours or minutes that do not exist.
    #[error("a time is given by days, an hour up to 23 and a minute up to 59")]
    NoSuchTime,
}

/// Whether a template can work: as the stages of a proof have to, and as templates have to.
///
/// # Errors
/// The first thing that cannot.
pub fn check_template(template: &Template) -> Result<(), TemplateError> {
    if template.stages.is_empty() {
        return Err(TemplateError::NoStage);
    }
    let mut known: Vec<&str> = Vec::new();
    for (at, stage) in template.stages.iter().enumerate() {
        if stage.people.is_empty() {
            return Err(TemplateError::Empty(stage.name.clone()));
        }
        let earlier = &template.stages[..at];
        if stage.rules.parent.is_some_and(|id| !earlier.iter().any(|before| before.id == id)) {
            return Err(TemplateError::FollowsLater(stage.name.clone()));
        }
        if stage.people.iter().filter(|person| person.primary).count() > 1 {
            return Err(TemplateError::TwoPrimary(stage.name.clone()));
        }
        for person in &stage.people {
            check_person(person)?;
            if known.iter().any(|email| crate::same_email(email, &person.email)) {
                return Err(TemplateError::TwoStages(person.email.clone()));
            }
            known.push(&person.email);
        }
    }
    let stages: Vec<Stage> = template.stages.iter().map(as_proof_stage).collect();
    Ok(check_stages(&stages)?)
}

fn check_person(person: &TemplatePerson) -> Result<(), TemplateError> {
    if person.user.is_none() && !person.role.for_guests() {
        return Err(TemplateError::GuestRole(person.email.clone(), person.role.label()));
    }
    if person.primary && !person.role.decides() {
        return Err(TemplateError::PrimaryDoesNotDecide(person.email.clone()));
    }
    Ok(())
}

/// The stage of a proof that a stage of a template would become, as far as the rules for stages look.
fn as_proof_stage(stage: &TemplateStage) -> Stage {
    let rules = &stage.rules;
    Stage {
        id: StageId(stage.id.0),
        proof: ProofId(0),
        position: 0,
        name: stage.name.clone(),
        rules: StageRules {
            trigger: rules.trigger,
            parent: rules.parent.map(|id| StageId(id.0)),
            start_at: rules.start.map(|_| Timestamp::UNIX_EPOCH),
            locking: rules.locking,
            deadline_from: rules.deadline_from,
            one_decision: rules.one_decision,
            private: rules.private,
            ..StageRules::default()
        },
        deadline: None,
        started_at: None,
        locked_at: None,
        primary: stage.people.iter().find(|person| person.primary).map(|person| ReviewerId(person.id.0)),
        tally: Tally::default(),
        decided_at: None,
        comments: 0,
        people: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn person(id: i64, role: Role, primary: bool) -> TemplatePerson {
        TemplatePerson {
            id: TemplatePersonId(id),
            stage: TemplateStageId(0),
            person: PersonId(id),
            email: format!("p{id}@example.com"),
            name: String::new(),
            position: String::new(),
            user: Some(UserId(id)),
            role,
            alert: Alert::OwnDefault,
            primary,
        }
    }

    fn stage(id: i64, trigger: StartTrigger, parent: Option<i64>) -> TemplateStage {
        TemplateStage {
            id: TemplateStageId(id),
            template: TemplateId(1),
            name: format!("S{id}"),
            rules: TemplateRules {
                trigger,
                parent: parent.map(TemplateStageId),
                start: DayTime::new(1, 9, 0).expect("a time"),
                ..TemplateRules::default()
            },
            people: vec![person(id, Role::Approver, false)],
        }
    }

    fn template(stages: Vec<TemplateStage>) -> Template {
        Template {
            id: TemplateId(1),
            account: AccountId(1),
            owner: UserId(1),
            name: "T".to_owned(),
            zone: "UTC".to_owned(),
            shared: Vec::new(),
            stages,
        }
    }

    #[test]
    fn triggers_and_the_stages_they_wait_for() {
        use StartTrigger::{AtOnce, ByHand, Date, ParentApproved, ParentDeadline, ParentDecided};
        let table = [
            (vec![], Err(TemplateError::NoStage)),
            (vec![stage(1, AtOnce, None)], Ok(())),
            (vec![stage(1, Date, None)], Ok(())),
            (vec![stage(1, ByHand, None)], Ok(())),
            (vec![stage(1, ParentDeadline, None)], Err(PlanError::FirstWaits.into())),
            (vec![stage(1, ParentDecided, None)], Err(PlanError::FirstWaits.into())),
            (vec![stage(1, AtOnce, None), stage(2, ParentApproved, Some(1))], Ok(())),
            (
                vec![stage(1, AtOnce, None), stage(2, ParentApproved, None)],
                Err(PlanError::NoParent("S2".to_owned()).into()),
            ),
            (
                vec![stage(1, AtOnce, None), stage(2, ParentApproved, Some(3)), stage(3, AtOnce, None)],
                Err(TemplateError::FollowsLater("S2".to_owned())),
            ),
            (
                vec![stage(1, AtOnce, None), stage(2, ParentApproved, Some(2))],
                Err(TemplateError::FollowsLater("S2".to_owned())),
            ),
            (vec![stage(1, AtOnce, Some(9))], Err(TemplateError::FollowsLater("S1".to_owned()))),
        ];
        for (row, (stages, expected)) in table.into_iter().enumerate() {
            assert_eq!(check_template(&template(stages)), expected, "row {row}");
        }
        let undated = TemplateStage {
            rules: TemplateRules { start: None, ..stage(1, Date, None).rules },
            ..stage(1, Date, None)
        };
        assert_eq!(check_template(&template(vec![undated])), Err(PlanError::NoDate("S1".to_owned()).into()));
    }

    #[test]
    fn people_of_a_stage() {
        let with = |people: Vec<TemplatePerson>, one_decision: bool| {
            let stage = stage(1, StartTrigger::AtOnce, None);
            let rules = TemplateRules { one_decision, ..stage.rules };
            check_template(&template(vec![TemplateStage { people, rules, ..stage }]))
        };
        let guest = |role| TemplatePerson { user: None, ..person(1, role, false) };
        let mail = || "p1@example.com".to_owned();
        let table = [
            (with(vec![], false), Err(TemplateError::Empty("S1".to_owned()))),
            (with(vec![person(1, Role::Approver, true)], false), Ok(())),
            (
                with(vec![person(1, Role::Approver, true)], true),
                Err(PlanError::PrimaryAndOneDecision("S1".to_owned()).into()),
            ),
            (
                with(vec![person(1, Role::Reviewer, true)], false),
                Err(TemplateError::PrimaryDoesNotDecide(mail())),
            ),
            (
                with(vec![person(1, Role::Approver, true), person(2, Role::Approver, true)], false),
                Err(TemplateError::TwoPrimary("S1".to_owned())),
            ),
            (with(vec![guest(Role::ReviewerApprover)], false), Ok(())),
            (with(vec![guest(Role::Author)], false), Err(TemplateError::GuestRole(mail(), "author"))),
        ];
        for (row, (found, expected)) in table.into_iter().enumerate() {
            assert_eq!(found, expected, "row {row}");
        }
        let mut second = stage(2, StartTrigger::AtOnce, None);
        second.people[0].email = "P1@example.com".to_owned();
        assert_eq!(
            check_template(&template(vec![stage(1, StartTrigger::AtOnce, None), second])),
            Err(TemplateError::TwoStages("P1@example.com".to_owned()))
        );
    }

    #[test]
    fn times_are_days_hours_and_minutes() {
        let table = [
            ((0, 0, 0), Ok(None)),
            ((2, 18, 30), Ok(Some(DayTime { days: 2, minute: 1110 }))),
            ((0, 0, 1), Ok(Some(DayTime { days: 0, minute: 1 }))),
            ((3660, 23, 59), Ok(Some(DayTime { days: 3660, minute: 1439 }))),
            ((3661, 0, 0), Err(TemplateError::NoSuchTime)),
            ((-1, 0, 0), Err(TemplateError::NoSuchTime)),
            ((1, 24, 0), Err(TemplateError::NoSuchTime)),
            ((1, 0, 60), Err(TemplateError::NoSuchTime)),
        ];
        for ((days, hour, minute), expected) in table {
            let found = DayTime::new(days, hour, minute);
            assert_eq!(found, expected, "{days} {hour} {minute}");
            if let Ok(Some(time)) = found {
                let back = (i64::from(time.days), i64::from(time.hour()), i64::from(time.minute_of_hour()));
                assert_eq!(back, (days, hour, minute));
            }
        }
    }

    fn any_stage() -> impl Strategy<Value = (usize, Option<i64>, usize, bool, bool)> {
        (0..7usize, proptest::option::of(0..6i64), 0..6usize, any::<bool>(), any::<bool>())
    }

    proptest! {
        /// A template that passes gives every stage that waits an earlier stage to wait for, and nobody
        /// a place on two stages or a decision they cannot make.
        #[test]
        fn what_passes_can_start_from_the_front(drawn in proptest::collection::vec(any_stage(), 0..6)) {
            let stages: Vec<TemplateStage> = (1..).zip(drawn).map(|(id, (trigger, parent, role, primary, one))| {
                let mut stage = stage(id, StartTrigger::ALL[trigger], parent);
                stage.rules.one_decision = one;
                stage.people = vec![person(id % 4, Role::ALL[role], primary)];
                stage
            }).collect();
            let template = template(stages);
            if check_template(&template).is_ok() {
                prop_assert!(!template.stages[0].rules.trigger.needs_parent());
                for (at, stage) in template.stages.iter().enumerate() {
                    let before: Vec<_> = template.stages[..at].iter().map(|s| s.id).collect();
                    prop_assert!(stage.rules.parent.is_none_or(|id| before.contains(&id)));
                    prop_assert!(!stage.rules.trigger.needs_parent() || stage.rules.parent.is_some());
                    let primary = stage.people.iter().find(|p| p.primary);
                    prop_assert!(primary.is_none_or(|p| p.role.decides() && !stage.rules.one_decision));
                    let twice = template.stages[..at].iter().any(|s| s.people[0].email == stage.people[0].email);
                    prop_assert!(!twice);
                }
            }
        }
    }
}
