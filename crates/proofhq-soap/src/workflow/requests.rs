//! Stages and people as requests describe them.

use crate::backend::{self, given};
use crate::faults;
use galley_model::{
    Alert, DeadlineFrom, Decision, MAX_STAGES, ReviewerId, Role, StageId, StageLocking, StartTrigger,
    Timestamp,
};
use galley_service::{ReviewerEdit, ReviewerInput, StageEdit, StageInput, StageRef, UserCaller};
use soap::{Fault, SoapObject};

/// More people than this on one stage are a mistake.
pub(super) const MAX_PEOPLE: usize = 1000;

/// A stage to make.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(
    name = "SOAPWorkflowProofStageRequestObject",
    array = "SOAPWorkflowProofStageRequestObjectArray",
    since = "16.24"
)]
pub struct WorkflowProofStageRequestObject {
    /// Number of your own by which other stages of the same request refer to it; none refers by place, from 1.
    pub stage_id: Option<i64>,
    /// Its name.
    pub name: Option<String>,
    /// Date by which reviews are due, `YYYY-MM-DD`.
    pub deadline_date: Option<String>,
    /// Time of that day, `hh:mm`; none is the last minute.
    pub deadline_time: Option<String>,
    /// What starts it: 1 at once, 2 deadline of another stage, 3 date, 4 all approved or approved with changes, 5 all approved, 6 all decided, 7 by hand.
    pub start_trigger: Option<i64>,
    /// Stage that it follows; none is the one before it.
    pub start_dependent_stage_id: Option<i64>,
    /// Date on which it starts, `YYYY-MM-DD`.
    pub start_dependent_date: Option<String>,
    /// Time of that day, `hh:mm`.
    pub start_dependent_time: Option<String>,
    /// What locks it: 1 by hand, 2 start of a stage that follows, 3 all decisions made, 4 never.
    pub stage_locking: Option<i64>,
    /// Whether the first decision is the only one.
    pub stage_one_decision_only: Option<bool>,
    /// Whether only its own people see it, and those who may edit the proof.
    pub stage_private: Option<bool>,
    /// People on it, one at least.
    pub stage_reviewers: Option<Vec<WorkflowProofRecipientRequestObject>>,
    /// What the deadline is counted from: 1 creation of the proof, 2 start of the stage.
    #[soap(nillable_since = "16.24")]
    pub deadline_calculate_on: Option<i64>,
}

/// Changes of a stage. What is absent or empty stays.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPWorkflowProofStageRequestUpdateObject", since = "16.24")]
pub struct WorkflowProofStageRequestUpdateObject {
    /// Id of the stage.
    pub stage_id: Option<i64>,
    /// Its name.
    pub name: Option<String>,
    /// Date by which reviews are due, `YYYY-MM-DD`.
    pub deadline_date: Option<String>,
    /// Time of that day, `hh:mm`; none is the last minute.
    pub deadline_time: Option<String>,
    /// What starts it: 1 to 7.
    pub start_trigger: Option<i64>,
    /// Stage that it follows.
    pub start_dependent_stage_id: Option<i64>,
    /// Date on which it starts, `YYYY-MM-DD`.
    pub start_dependent_date: Option<String>,
    /// Time of that day, `hh:mm`.
    pub start_dependent_time: Option<String>,
    /// What locks it: 1 to 4.
    pub stage_locking: Option<i64>,
    /// Whether the first decision is the only one.
    pub stage_one_decision_only: Option<bool>,
    /// Whether only its own people see it, and those who may edit the proof.
    pub stage_private: Option<bool>,
    /// What the deadline is counted from: 1 creation of the proof, 2 start of the stage.
    pub deadline_calculate_on: Option<i64>,
    /// Whether it cannot be deleted.
    #[soap(since = "18.3")]
    pub mandatory: Option<bool>,
}

/// A person on a stage to make.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(
    name = "SOAPWorkflowProofRecipientRequestObject",
    array = "SOAPWorkflowProofRecipientRequestObjectArray",
    since = "16.24"
)]
pub struct WorkflowProofRecipientRequestObject {
    /// E-mail address.
    pub email: Option<String>,
    /// Role: 1, 3, 4, 5, 6 or 7.
    pub role: Option<i64>,
    /// Alert level: 0 to 6, or 9 for none.
    pub email_notification: Option<i64>,
    /// Whether this reviewer's decision is that of the stage.
    pub primary_decision_maker: Option<bool>,
}

/// A person to put on a stage.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(
    name = "SOAPWorkflowProofAddRecipientRequestObject",
    array = "SOAPWorkflowProofAddRecipientRequestObjectArray",
    since = "16.24"
)]
pub struct WorkflowProofAddRecipientRequestObject {
    /// E-mail address.
    pub email: Option<String>,
    /// Role: 1, 3, 4, 5, 6 or 7.
    pub role: Option<i64>,
    /// Alert level: 0 to 6, or 9 for none.
    pub email_notification: Option<i64>,
    /// Name to show.
    pub name: Option<String>,
    /// Job title.
    pub position: Option<String>,
    /// Whether this reviewer's decision is that of the stage.
    pub primary_decision_maker: Option<bool>,
    /// The stage.
    pub stage_id: Option<i64>,
}

/// Changes of a person on a stage. What is absent or empty stays.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPWorkflowProofRecipientRequestUpdateObject", since = "16.24")]
pub struct WorkflowProofRecipientRequestUpdateObject {
    /// The reviewer.
    pub recipient_id: Option<i64>,
    /// Stage to move them to.
    pub stage_id: Option<i64>,
    /// Name to show.
    pub name: Option<String>,
    /// Job title.
    pub position: Option<String>,
    /// Decision, by number (0 to 4) or by name.
    pub decision: Option<String>,
    /// Role: 1, 3, 4, 5, 6 or 7.
    pub role: Option<i64>,
    /// Alert level: 0 to 6, or 9 for none.
    pub email_notification: Option<i64>,
    /// Whether this reviewer's decision is that of the stage.
    pub primary_decision_maker: Option<bool>,
}

/// A number that stands for something. Programs with types send 0 for what they have no value for.
fn coded<T>(
    part: &'static str,
    code: Option<i64>,
    read: impl FnOnce(i64) -> Option<T>,
) -> Result<Option<T>, Fault> {
    let Some(code) = code.filter(|code| *code != 0) else { return Ok(None) };
    read(code).map(Some).ok_or_else(|| faults::invalid_value(part, &code.to_string()))
}

/// The alert level of a part, where 0 is one too: the person's own default.
fn alert(code: Option<i64>) -> Result<Option<Alert>, Fault> {
    let Some(code) = code else { return Ok(None) };
    let found = Alert::from_code(code);
    found.map(Some).ok_or_else(|| faults::invalid_value("email_notification", &code.to_string()))
}

/// A time of which date and time of day are parts of their own. A date that has its time with it is
/// taken as it is.
fn moment(
    part: &'static str,
    date: &Option<String>,
    time: &Option<String>,
    caller: &UserCaller,
) -> Result<Option<Timestamp>, Fault> {
    let Some(date) = given(date) else { return Ok(None) };
    let text = match given(time) {
        Some(time) if !date.contains([' ', 'T']) => format!("{date} {time}"),
        _ => date.to_owned(),
    };
    backend::deadline(part, &Some(text), caller)
}

impl WorkflowProofRecipientRequestObject {
    fn input(&self, notify: bool) -> Result<ReviewerInput, Fault> {
        Ok(ReviewerInput {
            email: given(&self.email).ok_or_else(|| faults::missing_parameter("string", "email"))?.to_owned(),
            role: coded("role", self.role, Role::from_code)?,
            alert: alert(self.email_notification)?,
            primary: self.primary_decision_maker,
            notify,
            ..ReviewerInput::default()
        })
    }
}

impl WorkflowProofAddRecipientRequestObject {
    /// The person with their stage, which they cannot do without.
    pub(super) fn input(self, notify: bool) -> Result<ReviewerInput, Fault> {
        let stage = self.stage_id.filter(|id| *id != 0);
        Ok(ReviewerInput {
            email: given(&self.email).ok_or_else(|| faults::missing_parameter("string", "email"))?.to_owned(),
            role: coded("role", self.role, Role::from_code)?,
            alert: alert(self.email_notification)?,
            name: self.name,
            position: self.position,
            primary: self.primary_decision_maker,
            stage: Some(StageId(stage.ok_or_else(|| faults::missing_parameter("int", "stage_id"))?)),
            notify,
            ..ReviewerInput::default()
        })
    }
}

impl WorkflowProofRecipientRequestUpdateObject {
    /// The reviewer and what to change.
    pub(super) fn edit(&self) -> Result<(ReviewerId, ReviewerEdit), Fault> {
        let id = self.recipient_id.ok_or_else(|| faults::missing_parameter("int", "recipient_id"))?;
        let edit = ReviewerEdit {
            name: given(&self.name).map(str::to_owned),
            position: given(&self.position).map(str::to_owned),
            role: coded("role", self.role, Role::from_code)?,
            // 0 is what programs with types send for nothing; to take the own default, say it in addProofReviewer.
            alert: coded("email_notification", self.email_notification, Alert::from_code)?,
            primary: self.primary_decision_maker,
            decision: backend::parsed("decision", &self.decision, Decision::parse)?,
            stage: self.stage_id.filter(|id| *id != 0).map(StageId),
            ..ReviewerEdit::default()
        };
        Ok((ReviewerId(id), edit))
    }
}

impl WorkflowProofStageRequestObject {
    /// The stage without the one it follows.
    pub(super) fn input(&self, caller: &UserCaller, notify: bool) -> Result<StageInput, Fault> {
        let people = self.stage_reviewers.as_deref().unwrap_or_default();
        if people.len() > MAX_PEOPLE {
            let text = format!("'stage_reviewers' may hold at most {MAX_PEOPLE} people.");
            return Err(faults::invalid_parameter(text));
        }
        Ok(StageInput {
            name: given(&self.name).unwrap_or_default().to_owned(),
            trigger: coded("start_trigger", self.start_trigger, StartTrigger::from_code)?.unwrap_or_default(),
            start_at: moment(
                "start_dependent_date",
                &self.start_dependent_date,
                &self.start_dependent_time,
                caller,
            )?,
            locking: coded("stage_locking", self.stage_locking, StageLocking::from_code)?.unwrap_or_default(),
            deadline: moment("deadline_date", &self.deadline_date, &self.deadline_time, caller)?,
            deadline_from: coded(
                "deadline_calculate_on",
                self.deadline_calculate_on,
                DeadlineFrom::from_code,
            )?
            .unwrap_or_default(),
            one_decision: self.stage_one_decision_only.unwrap_or(false),
            private: self.stage_private.unwrap_or(false),
            reviewers: people.iter().map(|person| person.input(notify)).collect::<Result<_, _>>()?,
            ..StageInput::default()
        })
    }

    /// Number of the stage that it follows.
    pub(super) fn follows(&self) -> Option<i64> {
        self.start_dependent_stage_id.filter(|id| *id != 0)
    }
}

/// The stages of a new proof. They refer to each other by the numbers that the request gives them or,
/// where it gives none, by their places from 1: ids they get only now.
pub(super) fn stages(
    items: &[WorkflowProofStageRequestObject],
    caller: &UserCaller,
    notify: bool,
) -> Result<Vec<StageInput>, Fault> {
    if items.len() > MAX_STAGES {
        let text = format!("Parameter 'Stages' may hold at most {MAX_STAGES} stages.");
        return Err(faults::invalid_parameter(text));
    }
    let numbers: Vec<Option<i64>> = items.iter().map(|item| item.stage_id.filter(|id| *id != 0)).collect();
    let numbered = numbers.iter().any(Option::is_some);
    let place = |number: i64| {
        let place = if numbered {
            numbers.iter().position(|one| *one == Some(number))
        } else {
            usize::try_from(number).ok().and_then(|n| n.checked_sub(1)).filter(|n| *n < items.len())
        };
        place.ok_or_else(|| faults::invalid_value("start_dependent_stage_id", &number.to_string()))
    };
    let one = |item: &WorkflowProofStageRequestObject| {
        let parent = item.follows().map(place).transpose()?.map(StageRef::Place);
        Ok(StageInput { parent, ..item.input(caller, notify)? })
    };
    items.iter().map(one).collect()
}

impl WorkflowProofStageRequestUpdateObject {
    /// The stage and what to change.
    pub(super) fn edit(&self, caller: &UserCaller) -> Result<(StageId, StageEdit), Fault> {
        let id = self.stage_id.ok_or_else(|| faults::missing_parameter("int", "stage_id"))?;
        let start =
            moment("start_dependent_date", &self.start_dependent_date, &self.start_dependent_time, caller)?;
        let deadline = moment("deadline_date", &self.deadline_date, &self.deadline_time, caller)?;
        let edit = StageEdit {
            name: given(&self.name).map(str::to_owned),
            trigger: coded("start_trigger", self.start_trigger, StartTrigger::from_code)?,
            parent: self.start_dependent_stage_id.filter(|id| *id != 0).map(|id| Some(StageId(id))),
            start_at: start.map(Some),
            locking: coded("stage_locking", self.stage_locking, StageLocking::from_code)?,
            deadline: deadline.map(Some),
            deadline_from: coded(
                "deadline_calculate_on",
                self.deadline_calculate_on,
                DeadlineFrom::from_code,
            )?,
            one_decision: self.stage_one_decision_only,
            private: self.stage_private,
            mandatory: self.mandatory,
            ..StageEdit::default()
        };
        Ok((StageId(id), edit))
    }
}
