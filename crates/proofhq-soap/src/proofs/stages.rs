//! Stages and progress on the wire.

use crate::backend::long_date;
use galley_model::{Decision, Letter, Overall, Progress, Stage, StageState};
use galley_service::UserCaller;
use soap::SoapObject;

/// A stage of a proof.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPProofStageObject", array = "SOAPProofStageObjectArray", since = "13.7")]
pub struct ProofStageObject {
    /// The proof.
    pub file_id: i64,
    /// Id of the stage.
    pub stage_id: i64,
    /// Its name.
    pub name: String,
    /// How far it is.
    pub progress: ProgressObject,
    /// When reviews are due, in the date format of the account.
    pub deadline_date: String,
    /// What starts it: 1 to 7.
    pub start_trigger: i64,
    /// Stage that it follows; 0 when it follows none.
    pub start_dependent_stage_id: i64,
    /// Date on which it starts.
    pub start_dependent_date: String,
    /// What locks it: 1 to 4.
    pub stage_locking: i64,
    /// Reviewer whose decision is that of the stage.
    #[soap(nillable_since = "16.24")]
    pub stage_primary_decision_maker_recipient_id: Option<i64>,
    /// Whether the first decision is the only one.
    pub stage_one_decision_only: bool,
    /// Whether only its own people see it.
    pub stage_private: bool,
    /// How many comments it has.
    pub comments_count: i64,
    /// How many reviewers it has.
    pub recipients_count: i64,
    /// Its decision.
    #[soap(since = "14.3")]
    pub decision: String,
    /// When it started.
    #[soap(since = "14.3")]
    pub stage_start_date: String,
    /// When its decision last changed.
    #[soap(since = "14.3")]
    pub last_status_change_date: String,
    /// What the deadline is counted from: 1 creation of the proof, 2 start of the stage.
    #[soap(nillable_since = "16.24")]
    pub deadline_calculate_on: Option<i64>,
    /// Whether it is running.
    pub active: bool,
}

/// How far a review is, one number a step: 0 nobody has that to do, 1 to do, 2 the deadline is near, 3 the deadline has passed, 4 done.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPProgressObject", since = "16.24")]
pub struct ProgressObject {
    /// The proof was sent.
    pub sent: i64,
    /// The proof was opened.
    pub opened: i64,
    /// A comment was made.
    pub comment_made: i64,
    /// A decision was made.
    pub decision_made: i64,
}

/// A decision of a stage, with a word that the original leaves incomplete. `-` is its sign for nobody
/// deciding.
fn stage_decision(decision: Overall) -> &'static str {
    match decision {
        None => "-",
        Some(Decision::ApprovedWithChanges) => "Approved with change",
        Some(decision) => decision.label(),
    }
}

impl ProofStageObject {
    /// A stage as the caller reads it.
    pub(crate) fn of(caller: &UserCaller, stage: &Stage, progress: Progress) -> ProofStageObject {
        ProofStageObject {
            file_id: stage.proof.0,
            stage_id: stage.id.0,
            name: stage.name.clone(),
            progress: ProgressObject::of(progress),
            deadline_date: long_date(stage.deadline, caller),
            start_trigger: stage.rules.trigger.code(),
            start_dependent_stage_id: stage.rules.parent.map_or(0, |id| id.0),
            start_dependent_date: long_date(stage.rules.start_at, caller),
            stage_locking: stage.rules.locking.code(),
            stage_primary_decision_maker_recipient_id: stage.primary.map(|id| id.0),
            stage_one_decision_only: stage.rules.one_decision,
            stage_private: stage.rules.private,
            comments_count: stage.comments,
            recipients_count: stage.people,
            decision: stage_decision(stage.counted().decision).to_owned(),
            stage_start_date: long_date(stage.started_at, caller),
            last_status_change_date: long_date(stage.decided_at, caller),
            deadline_calculate_on: Some(stage.rules.deadline_from.code()),
            active: stage.state() == StageState::Active,
        }
    }
}

impl ProgressObject {
    /// Letters as numbers. The original's numbers are not known; these grow with how much it matters,
    /// and the highest is done.
    pub(crate) fn of(progress: Progress) -> ProgressObject {
        let number = |letter| match letter {
            Letter::Hidden => 0,
            Letter::White => 1,
            Letter::Orange => 2,
            Letter::Red => 3,
            Letter::Green => 4,
        };
        ProgressObject {
            sent: number(progress.sent),
            opened: number(progress.opened),
            comment_made: number(progress.commented),
            decision_made: number(progress.decided),
        }
    }
}
