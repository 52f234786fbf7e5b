//! Forms of new proofs in JSON.
//!
//! What the original's forms hold is not documented. The names here are those of its published form of
//! proofing options, with what these leave out under names in the same style. A name that is not known is a
//! fault, so that nobody believes in something that had no effect.

use crate::backend::{self, given};
use crate::faults;
use galley_model::{
    Alert, CustomKind, DeadlineFrom, ProofFlags, RelativeDeadline, Role, Settings, StageLocking,
    StartTrigger, Timestamp,
};
use galley_service::{CustomInput, ProofInput, ReviewerInput, StageInput, StageRef, UserCaller};
use serde::Deserialize;
use serde_json::Value;
use soap::Fault;

/// Longest form, in bytes.
const MAX_FORM: usize = 1 << 20;

/// More people in one form are a mistake.
const MAX_PEOPLE: usize = 1000;

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct Form {
    /// Name of the proof; several are parted by `|`.
    pub name: Option<String>,
    /// File name with extension; several, and addresses of web pages, are parted by blanks.
    pub source_name: Option<String>,
    /// Make one proof of several files.
    pub combined_proof: Option<bool>,
    owner_id: Option<i64>,
    workspace_id: Option<i64>,
    reference_id: Option<String>,
    subject: Option<String>,
    message: Option<String>,
    has_message: Option<bool>,
    suppress_new_proof_notification: Option<bool>,
    can_download: Option<bool>,
    has_public_sharing: Option<bool>,
    is_automated_workflow: Option<bool>,
    stage_based_visibility: Option<i64>,
    templates: Vec<Value>,
    customfields: Vec<CustomIn>,
    stages: Vec<StageIn>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CustomIn {
    section: String,
    name: String,
    #[serde(rename = "type")]
    kind: Option<i64>,
    #[serde(default)]
    multiple: bool,
    #[serde(default)]
    value: Value,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct StageIn {
    name: Option<String>,
    position: Option<i64>,
    parent_position: Option<i64>,
    activate_on: Option<i64>,
    activate_on_date: Option<String>,
    activate_on_decision: Option<Value>,
    lock_on: Option<i64>,
    is_private: Option<bool>,
    is_mandatory: Option<bool>,
    is_one_approval: Option<bool>,
    deadline_date: Option<String>,
    deadline_time: Option<String>,
    deadline_calculate_on: Option<i64>,
    deadline_business_days: Option<u16>,
    recipients: Vec<RecipientIn>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RecipientIn {
    email: String,
    name: Option<String>,
    role: Option<i64>,
    notifications: Option<i64>,
    recipient_id: Option<Value>,
    #[serde(rename = "isPrimaryDecisionMaker")]
    primary: Option<bool>,
}

fn bad(text: impl Into<String>) -> Fault {
    faults::invalid_parameter(format!("The form cannot be used: {}", text.into()))
}

/// A value by its number; none when there is none.
fn coded<T>(
    part: &'static str,
    code: Option<i64>,
    read: impl FnOnce(i64) -> Option<T>,
) -> Result<Option<T>, Fault> {
    let Some(code) = code else { return Ok(None) };
    read(code).map(Some).ok_or_else(|| faults::invalid_value(part, &code.to_string()))
}

impl Form {
    /// Reads a form.
    pub(super) fn parse(text: &str) -> Result<Form, Fault> {
        if text.len() > MAX_FORM {
            return Err(bad("it is longer than 1 MB."));
        }
        serde_json::from_str(text).map_err(|error| {
            let said: String = error.to_string().chars().take(300).collect();
            bad(format!("{said}."))
        })
    }

    /// The proof that it asks for, without what it is made of.
    pub(super) fn input(&self, caller: &UserCaller) -> Result<ProofInput, Fault> {
        if !self.templates.is_empty() {
            return Err(bad(
                "'templates' is not read here; make the proof with createWorkflowTemplateProof.",
            ));
        }
        if self.stage_based_visibility.is_some_and(|how| how != 0) {
            return Err(bad("'stageBasedVisibility' can only be 0."));
        }
        if self.stages.iter().map(|stage| stage.recipients.len()).sum::<usize>() > MAX_PEOPLE {
            return Err(bad(format!("it has more than {MAX_PEOPLE} recipients.")));
        }
        let notify = self.suppress_new_proof_notification != Some(true);
        let text = |text: &Option<String>| given(text).unwrap_or_default().to_owned();
        // Without a message of its own, the mail is the usual one.
        let own = self.has_message != Some(false);
        let mut flags = Settings::default().flags;
        flags = flags.set(ProofFlags::DOWNLOAD, self.can_download);
        flags = flags.set(ProofFlags::TEAM_URL, self.has_public_sharing);
        let mut input = ProofInput {
            owner: backend::user_id(self.owner_id),
            subject: if own { text(&self.subject) } else { String::new() },
            message: if own { text(&self.message) } else { String::new() },
            workspace: backend::workspace_id(self.workspace_id),
            custom: self.customfields.iter().map(CustomIn::input).collect::<Result<_, _>>()?,
            notify,
            ..ProofInput::default()
        };
        if self.is_automated_workflow == Some(true) {
            input.stages = Some(self.workflow(caller, notify)?);
        } else {
            match self.stages.as_slice() {
                [] => {}
                [stage] => {
                    flags = flags.set(ProofFlags::ONE_DECISION, stage.is_one_approval);
                    input.deadline = stage.deadline(caller)?;
                    input.reviewers = stage.people(notify)?;
                }
                _ => return Err(bad("several stages need 'isAutomatedWorkflow'.")),
            }
        }
        input.settings = Settings { flags, reference: text(&self.reference_id), ..Settings::default() };
        Ok(input)
    }

    /// The stages in the order of their positions, which need not be the order in which they are sent.
    fn workflow(&self, caller: &UserCaller, notify: bool) -> Result<Vec<StageInput>, Fault> {
        if self.stages.is_empty() {
            return Err(bad("'isAutomatedWorkflow' needs 'stages'."));
        }
        let mut placed: Vec<(i64, &StageIn)> = Vec::new();
        for (stage, number) in self.stages.iter().zip(1..) {
            let position = stage.position.unwrap_or(number);
            if placed.iter().any(|(taken, _)| *taken == position) {
                return Err(bad(format!("two stages have the position {position}.")));
            }
            placed.push((position, stage));
        }
        placed.sort_by_key(|(position, _)| *position);
        let place = |position: i64| placed.iter().position(|(taken, _)| *taken == position);
        placed.iter().map(|(_, stage)| stage.input(caller, notify, place)).collect()
    }
}

impl StageIn {
    fn deadline(&self, caller: &UserCaller) -> Result<Option<Timestamp>, Fault> {
        let Some(date) = given(&self.deadline_date) else { return Ok(None) };
        let text = match given(&self.deadline_time) {
            Some(time) => format!("{date} {time}"),
            None => date.to_owned(),
        };
        backend::deadline("deadlineDate", &Some(text), caller)
    }

    fn people(&self, notify: bool) -> Result<Vec<ReviewerInput>, Fault> {
        self.recipients.iter().map(|one| one.input(notify)).collect()
    }

    fn input(
        &self,
        caller: &UserCaller,
        notify: bool,
        place: impl Fn(i64) -> Option<usize>,
    ) -> Result<StageInput, Fault> {
        if self.activate_on_decision.as_ref().is_some_and(|decision| !decision.is_null()) {
            return Err(bad("'activateOnDecision' is not read; say it with 'activateOn', 4 to 6."));
        }
        let parent = match self.parent_position {
            None => None,
            Some(position) => Some(
                place(position)
                    .map(StageRef::Place)
                    .ok_or_else(|| bad(format!("no stage has the position {position}.")))?,
            ),
        };
        // A number of days goes with a time of the day alone.
        let relative = match self.deadline_business_days {
            None => None,
            Some(days) => {
                let time = given(&self.deadline_time).unwrap_or("23:59");
                let minute = minute(time).ok_or_else(|| faults::invalid_value("deadlineTime", time))?;
                let zone = caller.zone.iana_name().unwrap_or("UTC").to_owned();
                Some(RelativeDeadline { days, minute, zone })
            }
        };
        Ok(StageInput {
            name: self.name.clone().unwrap_or_default(),
            trigger: coded("activateOn", self.activate_on, StartTrigger::from_code)?.unwrap_or_default(),
            parent,
            start_at: backend::deadline("activateOnDate", &self.activate_on_date, caller)?,
            locking: coded("lockOn", self.lock_on, StageLocking::from_code)?.unwrap_or_default(),
            deadline: self.deadline(caller)?,
            relative,
            deadline_from: coded("deadlineCalculateOn", self.deadline_calculate_on, DeadlineFrom::from_code)?
                .unwrap_or_default(),
            one_decision: self.is_one_approval == Some(true),
            private: self.is_private == Some(true),
            mandatory: self.is_mandatory == Some(true),
            reviewers: self.people(notify)?,
        })
    }
}

/// `hh:mm` as the minute of a day.
fn minute(time: &str) -> Option<u16> {
    let (hour, minute) = time.split_once(':')?;
    let number = |text: &str| {
        let digits = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse::<u16>().ok()).flatten()
    };
    let (hour, minute) = (number(hour)?, number(minute)?);
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

impl RecipientIn {
    fn input(&self, notify: bool) -> Result<ReviewerInput, Fault> {
        if self.recipient_id.as_ref().is_some_and(|id| !id.is_null()) {
            return Err(bad("'recipient_id' is not read; people are named by 'email'."));
        }
        Ok(ReviewerInput {
            email: self.email.clone(),
            name: self.name.clone(),
            role: coded("role", self.role, Role::from_code)?,
            alert: coded("notifications", self.notifications, Alert::from_code)?,
            primary: self.primary,
            notify,
            ..ReviewerInput::default()
        })
    }
}

impl CustomIn {
    fn input(&self) -> Result<CustomInput, Fault> {
        let kind = coded("type", self.kind.filter(|code| *code != 0), CustomKind::from_code)?;
        let mut options = Vec::new();
        let value = match &self.value {
            Value::Null => None,
            Value::String(text) => Some(text.clone()),
            Value::Bool(value) => Some(value.to_string()),
            Value::Number(value) => Some(value.to_string()),
            Value::Array(values) => {
                for value in values {
                    let option = value.as_str().ok_or_else(|| bad("options are texts."))?;
                    options.push((option.to_owned(), true));
                }
                None
            }
            Value::Object(_) => return Err(bad("the value of a custom field is no object.")),
        };
        Ok(CustomInput {
            section: self.section.clone(),
            field: self.name.clone(),
            kind,
            multiple: self.multiple,
            value,
            options,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_of_a_day() {
        for (text, expected) in [
            ("00:00", Some(0)),
            ("9:05", Some(545)),
            ("23:59", Some(1439)),
            ("24:00", None),
            ("12:60", None),
            ("12", None),
            ("+1:00", None),
            ("012:00", None),
            ("", None),
        ] {
            assert_eq!(minute(text), expected, "{text}");
        }
    }
}
