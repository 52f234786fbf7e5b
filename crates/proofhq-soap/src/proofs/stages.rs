//! Stages and progress on the wire.

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
    /// Stage whose deadline starts it.
    pub start_dependent_stage_id: i64,
    /// Date on which it starts.
    pub start_dependent_date: String,
    /// What locks it: 1 to 4.
    pub stage_locking: i64,
    /// Reviewer whose decision counts for all.
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
    /// When its status last changed.
    #[soap(since = "14.3")]
    pub last_status_change_date: String,
    /// What the deadline is counted from.
    #[soap(nillable_since = "16.24")]
    pub deadline_calculate_on: Option<i64>,
    /// Whether it is running.
    pub active: bool,
}

/// How far a review is, one colour number a step.
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
