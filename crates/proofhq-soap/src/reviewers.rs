//! Reviewers of a proof.

use crate::proofs::ProgressObject;
use soap::{SoapObject, SoapRequest};

/// Adds a reviewer to a proof.
#[derive(SoapRequest)]
#[soap(operation = "addProofReviewer", answer = RecipientObject, section = "Reviewers")]
pub struct AddProofReviewer {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The proof.
    #[soap(name = "FileID", required)]
    pub file_id: String,
    /// E-mail address of the reviewer.
    #[soap(name = "RecipientEmail", required)]
    pub recipient_email: String,
    /// Name to show.
    #[soap(name = "RecipientName")]
    pub recipient_name: Option<String>,
    /// Job title.
    #[soap(name = "RecipientPosition")]
    pub recipient_position: Option<String>,
    /// Deadline of this reviewer, `YYYY-MM-DD hh:mm`.
    #[soap(name = "RecipientDeadline")]
    pub recipient_deadline: Option<String>,
    /// Role: 1, 3, 4, 5, 6 or 7.
    #[soap(name = "RecipientRole", required)]
    pub recipient_role: String,
    /// Alert level: 0 to 6, or 9 for none.
    #[soap(name = "RecipientEmailNotifications")]
    pub recipient_email_notifications: Option<String>,
    /// Whether to invite without a mail.
    #[soap(name = "SuppressNewProofNotification")]
    pub suppress_new_proof_notification: Option<bool>,
    /// `true` if this reviewer's decision counts for all.
    #[soap(name = "PrimaryDecisionMaker")]
    pub primary_decision_maker: Option<String>,
}

/// Adds several reviewers to a proof.
#[derive(SoapRequest)]
#[soap(operation = "addProofReviewers", answer = bool, section = "Reviewers")]
pub struct AddProofReviewers {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The proof.
    #[soap(name = "FileID", required)]
    pub file_id: i64,
    /// People to add.
    #[soap(name = "Recipients", required)]
    pub recipients: Vec<FileRecipientObject>,
    /// Whether to add them without a mail.
    #[soap(name = "SuppressNewProofNotification", since = "16.24")]
    pub suppress_new_proof_notification: Option<bool>,
}

/// Changes a reviewer or records a decision.
#[derive(SoapRequest)]
#[soap(operation = "updateProofReviewer", answer = RecipientObject, section = "Reviewers")]
pub struct UpdateProofReviewer {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The reviewer, as listed by getProofReviewers.
    #[soap(name = "RecipientID", required)]
    pub recipient_id: String,
    /// Decision, by number (0 to 4) or by name.
    #[soap(name = "RecipientDecision", required = "documented")]
    pub recipient_decision: Option<String>,
    /// Deadline of this reviewer, `YYYY-MM-DD hh:mm`.
    #[soap(name = "RecipientDeadline", required = "documented")]
    pub recipient_deadline: Option<String>,
    /// Name to show.
    #[soap(name = "RecipientName", required = "documented")]
    pub recipient_name: Option<String>,
    /// Job title.
    #[soap(name = "RecipientPosition", required = "documented")]
    pub recipient_position: Option<String>,
    /// Role: 1, 3, 4, 5, 6 or 7.
    #[soap(name = "RecipientRole", required = "documented")]
    pub recipient_role: Option<String>,
    /// Alert level: 0 to 6, or 9 for none.
    #[soap(name = "RecipientEmailNotifications", required = "documented")]
    pub recipient_email_notifications: Option<String>,
    /// `true` if this reviewer's decision counts for all.
    #[soap(name = "PrimaryDecisionMaker")]
    pub primary_decision_maker: Option<String>,
}

/// Removes a reviewer from a proof.
#[derive(SoapRequest)]
#[soap(operation = "deleteProofReviewer", answer = bool, section = "Reviewers")]
pub struct DeleteProofReviewer {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The reviewer, as listed by getProofReviewers.
    #[soap(name = "ReviewerID", required)]
    pub reviewer_id: String,
}

/// Lists the reviewers of a proof.
#[derive(SoapRequest)]
#[soap(operation = "getProofReviewers", answer = Vec<RecipientObject>, section = "Reviewers")]
pub struct GetProofReviewers {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The proof.
    #[soap(name = "FileID", required)]
    pub file_id: String,
}

/// A reviewer of a proof.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPRecipientObject", array = "SOAPRecipientObjectArray")]
pub struct RecipientObject {
    /// Id of the reviewer on this proof.
    pub id: i64,
    /// The proof.
    #[soap(since = "16.24")]
    pub file_id: i64,
    /// Its name.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// Job title.
    pub position: String,
    /// Role as text.
    pub role: String,
    /// Personal link; it opens the proof without a login.
    pub proof_url: String,
    /// Link to the original file. The name is spelled this way on the wire.
    pub dowload_url: String,
    /// Decision in lower case.
    pub decision: String,
    /// Own deadline, `YYYY-MM-DD hh:mm:ss`, or empty.
    pub deadline: String,
    /// Alert level as text.
    pub email_notifications: String,
    /// How many replies they wrote.
    pub replies_count: i64,
    /// How many comments they wrote.
    pub comments_count: i64,
    /// `true` if this reviewer's decision counts for all.
    pub primary_decision_maker: String,
    /// Reasons given with decisions.
    pub decision_reasons: Vec<RecipientDecisionReasonObject>,
    /// Stage that they are on.
    #[soap(since = "13.17")]
    pub stage_id: i64,
    /// How far it is.
    #[soap(since = "13.17")]
    pub progress: ProgressObject,
    /// Decision on the scale of workflows.
    #[soap(since = "18.2")]
    pub wf_decision: Option<i64>,
}

/// A reason given with a decision.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPRecipientDecisionReasonObject", array = "SOAPRecipientDecisionReasonObjectArray")]
pub struct RecipientDecisionReasonObject {
    /// The proof.
    pub file_id: i64,
    /// Name of the reason.
    pub reason_name: String,
    /// Reviewer who gave it.
    pub reviewer_id: i64,
    /// Further words.
    pub text: String,
}

/// A reviewer to add.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPFileRecipientObject", array = "SOAPFileRecipientObjectArray")]
pub struct FileRecipientObject {
    /// Name to show.
    pub name: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Role: 1, 3, 4, 5, 6 or 7.
    pub role: Option<String>,
    /// Alert level: 0 to 6, or 9 for none.
    pub notifications: Option<String>,
    /// Own deadline, with or without seconds.
    pub deadline: Option<String>,
    /// Job title.
    pub position: Option<String>,
    /// `true` if this reviewer's decision counts for all.
    pub primary_decision_maker: Option<String>,
}
