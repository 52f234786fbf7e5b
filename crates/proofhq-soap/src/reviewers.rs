//! Reviewers of a proof.

use crate::backend::{self, ServiceBackend, given, proof_id, reviewer_id};
use crate::dispatch::Handler;
use crate::faults;
use crate::proofs::ProgressObject;
use crate::reasons::{Reasons, RecipientDecisionReasonObject};
use galley_model::{Decision, Progress, ProofId, ProofKind, Reviewer, format_seconds, parse_decision};
use galley_service::{ReviewerEdit, ReviewerInput, UserCaller};
use soap::{AnyValue, ArrayItem, Fault, SoapObject, SoapRequest};
use std::sync::Arc;

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

/// Adds one reviewer to several proofs.
#[derive(SoapRequest)]
#[soap(
    operation = "addReviewerToProofs",
    answer = Vec<RecipientObject>,
    section = "Reviewers",
    since = "12.7"
)]
pub struct AddReviewerToProofs {
    /// Session to act in.
    #[soap(name = "SessionID", since = "12.7", required = "documented")]
    pub session_id: Option<String>,
    /// The proofs.
    #[soap(name = "FileIDs", since = "12.7", required)]
    pub file_ids: Vec<AnyValue>,
    /// E-mail address of the reviewer.
    #[soap(name = "RecipientEmail", since = "12.7", required)]
    pub recipient_email: String,
    /// Name to show.
    #[soap(name = "RecipientName", since = "12.7", required = "documented")]
    pub recipient_name: Option<String>,
    /// Job title.
    #[soap(name = "RecipientPosition", since = "12.7")]
    pub recipient_position: Option<String>,
    /// Deadline of this reviewer, `YYYY-MM-DD hh:mm`; empty for the deadline of each proof.
    #[soap(name = "RecipientDeadline", since = "12.7", required = "documented")]
    pub recipient_deadline: Option<String>,
    /// Role: 1, 3, 4, 5, 6 or 7.
    #[soap(name = "RecipientRole", since = "12.7", required)]
    pub recipient_role: String,
    /// Alert level: 0 to 6, or 9 for none.
    #[soap(name = "RecipientEmailNotifications", since = "12.7", required = "documented")]
    pub recipient_email_notifications: Option<String>,
    /// Whether to invite without a mail.
    #[soap(name = "SuppressNewProofNotification", since = "12.7")]
    pub suppress_new_proof_notification: Option<bool>,
    /// `true` if this reviewer's decision counts for all.
    #[soap(name = "PrimaryDecisionMaker", since = "12.7")]
    pub primary_decision_maker: Option<String>,
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

/// More people in one call are a mistake.
const MAX_PEOPLE: usize = 1000;

/// The people of a request; one who is sent without an address is a fault.
pub(crate) fn inputs(
    items: Vec<FileRecipientObject>,
    notify: bool,
    caller: &UserCaller,
) -> Result<Vec<ReviewerInput>, Fault> {
    if items.len() > MAX_PEOPLE {
        let text = format!("Parameter 'Recipients' may hold at most {MAX_PEOPLE} people.");
        return Err(faults::invalid_parameter(text));
    }
    let one = |item: FileRecipientObject| {
        Ok(ReviewerInput {
            role: backend::role("role", &item.role)?,
            alert: backend::alert("notifications", &item.notifications)?,
            deadline: backend::deadline("deadline", &item.deadline, caller)?,
            primary: backend::boolean("primary_decision_maker", &item.primary_decision_maker)?,
            email: item.email.ok_or_else(|| faults::missing_parameter("string", "email"))?,
            name: item.name,
            position: item.position,
            notify,
            ..ReviewerInput::default()
        })
    };
    items.into_iter().map(one).collect()
}

impl RecipientObject {
    /// A reviewer as the caller reads them. Links to a proof open it as that person, so they
    /// are shown only to whoever runs the proof and to the person themselves.
    pub(crate) fn of(
        backend: &ServiceBackend,
        caller: &UserCaller,
        reviewer: &Reviewer,
        progress: Progress,
        runs_proof: bool,
    ) -> Self {
        let own = reviewer.person == caller.person();
        let code = reviewer.code.as_deref().filter(|_| runs_proof || own);
        // `-` is what the original shows for people who do not decide.
        let decision = if reviewer.role.decides() { reviewer.decision.wire() } else { "-" };
        RecipientObject {
            id: reviewer.id.0,
            file_id: reviewer.proof.0,
            name: reviewer.name.clone(),
            email: reviewer.email.clone(),
            position: reviewer.position.clone(),
            role: reviewer.role.label().to_owned(),
            proof_url: code.map(|code| backend.viewer(code)).unwrap_or_default(),
            dowload_url: code.map(|code| backend.download(code)).unwrap_or_default(),
            decision: decision.to_owned(),
            deadline: reviewer.deadline.map(|at| format_seconds(at, &caller.zone)).unwrap_or_default(),
            email_notifications: reviewer.alert.label().to_owned(),
            replies_count: reviewer.replies,
            comments_count: reviewer.comments,
            primary_decision_maker: reviewer.primary.to_string(),
            stage_id: reviewer.stage.0,
            progress: ProgressObject::of(progress),
            wf_decision: backend::wf_decision(reviewer),
            ..RecipientObject::default()
        }
    }

    /// Reviewers that were just put on proofs or changed, with their letters. One more statement,
    /// however many.
    pub(crate) fn list(
        backend: &ServiceBackend,
        caller: &UserCaller,
        reviewers: &[Reviewer],
        runs_proof: bool,
    ) -> Result<Vec<RecipientObject>, Fault> {
        let letters = backend.service.letters_of(reviewers).map_err(faults::of)?;
        let one = |(reviewer, progress): (&Reviewer, Progress)| {
            RecipientObject::of(backend, caller, reviewer, progress, runs_proof)
        };
        Ok(reviewers.iter().zip(letters).map(one).collect())
    }
}

impl Handler<ServiceBackend> for AddProofReviewer {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<RecipientObject, Fault> {
        let person = ReviewerInput {
            email: self.recipient_email,
            name: self.recipient_name,
            role: backend::role("RecipientRole", &Some(self.recipient_role))?,
            alert: backend::alert("RecipientEmailNotifications", &self.recipient_email_notifications)?,
            deadline: backend::deadline("RecipientDeadline", &self.recipient_deadline, caller)?,
            position: self.recipient_position,
            primary: backend::boolean("PrimaryDecisionMaker", &self.primary_decision_maker)?,
            notify: self.suppress_new_proof_notification != Some(true),
            ..ReviewerInput::default()
        };
        let proof = proof_id(&self.file_id)?;
        let added = backend.service.add_reviewers(caller, proof, &[person]).map_err(faults::of)?;
        RecipientObject::list(backend, caller, &added, true)?.pop().ok_or_else(faults::internal)
    }
}

impl Handler<ServiceBackend> for AddProofReviewers {
    /// All or nobody: one address that is none keeps the others off the proof too.
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<bool, Fault> {
        if self.recipients.is_empty() {
            return Err(faults::missing_parameter(FileRecipientObject::ARRAY.name, "Recipients"));
        }
        let notify = self.suppress_new_proof_notification != Some(true);
        let people = inputs(self.recipients, notify, caller)?;
        let proof = ProofId(self.file_id);
        backend.service.add_reviewers(caller, proof, &people).map_err(faults::of)?;
        Ok(true)
    }
}

/// A decision by number, by its usual text, or by the name that the account gives it.
fn decision(
    backend: &ServiceBackend,
    caller: &UserCaller,
    text: &Option<String>,
) -> Result<Option<Decision>, Fault> {
    let Some(text) = given(text) else { return Ok(None) };
    if let Some(decision) = Decision::parse(text) {
        return Ok(Some(decision));
    }
    let names = backend.service.decision_setups(caller, None).map_err(faults::of)?;
    let found = parse_decision(text, &names);
    found.map(Some).ok_or_else(|| faults::invalid_value("RecipientDecision", text))
}

impl Handler<ServiceBackend> for AddReviewerToProofs {
    /// On all of the proofs or on none.
    fn handle(
        self,
        backend: &ServiceBackend,
        caller: &Arc<UserCaller>,
    ) -> Result<Vec<RecipientObject>, Fault> {
        let mut proofs = Vec::with_capacity(self.file_ids.len());
        for id in &self.file_ids {
            let id = proof_id(&id.0)?;
            if !proofs.contains(&id) {
                proofs.push(id);
            }
        }
        if proofs.is_empty() {
            return Err(faults::missing_parameter("AnyTypeArray", "FileIDs"));
        }
        let person = ReviewerInput {
            email: self.recipient_email,
            name: self.recipient_name,
            role: backend::role("RecipientRole", &Some(self.recipient_role))?,
            alert: backend::alert("RecipientEmailNotifications", &self.recipient_email_notifications)?,
            deadline: backend::deadline("RecipientDeadline", &self.recipient_deadline, caller)?,
            position: self.recipient_position,
            primary: backend::boolean("PrimaryDecisionMaker", &self.primary_decision_maker)?,
            notify: self.suppress_new_proof_notification != Some(true),
            ..ReviewerInput::default()
        };
        let added = backend.service.add_reviewer_to_proofs(caller, &proofs, &person).map_err(faults::of)?;
        RecipientObject::list(backend, caller, &added, true)
    }
}

impl Handler<ServiceBackend> for UpdateProofReviewer {
    /// What is absent or empty stays: the documentation calls nearly every part required, and yet
    /// clients send a decision and nothing else.
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<RecipientObject, Fault> {
        let edit = ReviewerEdit {
            name: given(&self.recipient_name).map(str::to_owned),
            position: given(&self.recipient_position).map(str::to_owned),
            role: backend::role("RecipientRole", &self.recipient_role)?,
            alert: backend::alert("RecipientEmailNotifications", &self.recipient_email_notifications)?,
            deadline: backend::deadline("RecipientDeadline", &self.recipient_deadline, caller)?.map(Some),
            primary: backend::boolean("PrimaryDecisionMaker", &self.primary_decision_maker)?,
            decision: decision(backend, caller, &self.recipient_decision)?,
            ..ReviewerEdit::default()
        };
        let id = reviewer_id(&self.recipient_id)?;
        let reviewer = backend.service.update_reviewer(caller, id, &edit).map_err(faults::of)?;
        // A decision one makes oneself needs no right over the proof.
        let details = backend.service.proof_details(caller, reviewer.proof).map_err(faults::of)?;
        let reasons = Reasons::on(backend, caller, &[&details.proof])?;
        let list = RecipientObject::list(backend, caller, &[reviewer], details.rights.edit)?;
        let mut object = list.into_iter().next().ok_or_else(faults::internal)?;
        object.decision_reasons = reasons.of_reviewer(galley_model::ReviewerId(object.id));
        Ok(object)
    }
}

impl Handler<ServiceBackend> for DeleteProofReviewer {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<bool, Fault> {
        backend.service.remove_reviewer(caller, reviewer_id(&self.reviewer_id)?).map_err(faults::of)?;
        Ok(true)
    }
}

impl Handler<ServiceBackend> for GetProofReviewers {
    fn handle(
        self,
        backend: &ServiceBackend,
        caller: &Arc<UserCaller>,
    ) -> Result<Vec<RecipientObject>, Fault> {
        let details = backend.service.proof_details(caller, proof_id(&self.file_id)?).map_err(faults::of)?;
        let edit = details.rights.edit;
        let reasons = Reasons::on(backend, caller, &[&details.proof])?;
        let object = |(one, progress): (&Reviewer, &Progress)| RecipientObject {
            decision_reasons: reasons.of_reviewer(one.id),
            ..RecipientObject::of(backend, caller, one, *progress, edit)
        };
        let mut people: Vec<RecipientObject> =
            details.reviewers.iter().zip(&details.progress).map(object).collect();
        if details.proof.kind == ProofKind::File {
            // There is nothing to open: the personal link fetches the file.
            people.iter_mut().for_each(|one| one.proof_url.clone_from(&one.dowload_url));
        }
        Ok(people)
    }
}
