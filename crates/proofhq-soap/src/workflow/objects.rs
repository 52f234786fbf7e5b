//! Proofs with stages and people in them, on the wire.

use crate::backend::{ServiceBackend, decision, wf_decision};
use crate::faults;
use crate::proofs::{FileLinkObject, FileObject, FileSettingsObject, ProgressObject, ProofStageObject};
use crate::reasons::RecipientDecisionReasonObject;
use galley_model::{Progress, ProofId, Reviewer, Stage};
use galley_service::{ProofDetails, UserCaller};
use soap::{Fault, SoapObject};

/// A version of a proof with an automated workflow.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPWorkflowProofObject", array = "SOAPWorkflowProofObjectArray", since = "16.24")]
pub struct WorkflowProofObject {
    /// Id of the version.
    pub proof_id: i64,
    /// `proof`, or `file` for a shared file.
    pub r#type: String,
    /// Name of the proof.
    pub filename: String,
    /// Size of the original in kilobytes.
    pub filesize: String,
    /// Number of the version, from 1.
    pub version: i64,
    /// How many versions there are.
    pub versions: i64,
    /// When it was created, `YYYY-MM-DD hh:mm`.
    pub upload_time: String,
    /// User who created it.
    pub uploader_id: i64,
    /// Full name of that user.
    pub uploader: String,
    /// User who owns it.
    pub owner_id: i64,
    /// Full name of the owner.
    pub owner: String,
    /// Its stages.
    pub stages: Vec<WorkflowProofStageObject>,
    /// Its workspace; 0 when it is in none.
    pub workspace_id: i64,
    /// Name of its workspace.
    pub workspace_name: String,
    /// Template that it was made from.
    #[soap(since = "16.7", nillable_since = "16.24")]
    pub workflow_template_id: Option<i64>,
    /// `unlocked` or `locked`.
    pub status: String,
    /// Overall decision in lower case.
    pub decision: String,
    /// Public link.
    pub team_url: String,
    /// Its settings.
    pub settings: FileSettingsObject,
    /// Address of the custom link.
    pub custom_link_url: String,
    /// Label of the custom link.
    pub custom_link_label: String,
    /// Links added to menus.
    pub menus_links: Vec<FileLinkObject>,
    /// Kind of a Flash file.
    pub swf: String,
    /// Reasons given with decisions.
    pub decision_reasons: Vec<RecipientDecisionReasonObject>,
    /// Whether it was made of several files.
    pub combined_proof: bool,
    /// Its code in links.
    pub token: String,
    /// How many pages it has.
    pub pages: i64,
    /// Reference of the caller's own.
    #[soap(nillable_since = "16.24")]
    pub reference_id: String,
}

/// A stage with its people.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPWorkflowProofStageObject", array = "SOAPWorkflowProofStageObjectArray", since = "16.24")]
pub struct WorkflowProofStageObject {
    /// People on it.
    pub stage_reviewers: Vec<WorkflowProofRecipientObject>,
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
    pub decision: String,
    /// When it started.
    pub stage_start_date: String,
    /// When its decision last changed.
    pub last_status_change_date: String,
    /// What the deadline is counted from: 1 creation of the proof, 2 start of the stage.
    #[soap(nillable_since = "16.24")]
    pub deadline_calculate_on: Option<i64>,
    /// Whether it is running.
    pub active: bool,
}

/// A person on a stage.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(
    name = "SOAPWorkflowProofRecipientObject",
    array = "SOAPWorkflowProofRecipientObjectArray",
    since = "14.4"
)]
pub struct WorkflowProofRecipientObject {
    /// Id of the reviewer on this proof.
    pub recipient_id: i64,
    /// Stage that they are on.
    pub stage_id: i64,
    /// Name to show.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// Job title.
    pub position: String,
    /// Role: 1, 3, 4, 5, 6 or 7.
    pub role: i64,
    /// Decision in lower case, `-` for people who do not decide.
    #[soap(since = "14.25")]
    pub decision: String,
    /// Alert level: 0 to 6, or 9 for none.
    pub email_notification: i64,
    /// Whether this reviewer's decision is that of the stage.
    pub primary_decision_maker: bool,
    /// Personal link; it opens the proof without a login.
    #[soap(since = "15.22")]
    pub proof_url: String,
    /// Decision on the scale of workflows.
    #[soap(since = "18.2")]
    pub wf_decision: Option<i64>,
}

impl WorkflowProofRecipientObject {
    /// A person as the caller reads them; their personal link is for themselves and for whoever runs the
    /// proof.
    pub(super) fn of(
        backend: &ServiceBackend,
        caller: &UserCaller,
        reviewer: &Reviewer,
        runs_proof: bool,
    ) -> WorkflowProofRecipientObject {
        let shown = runs_proof || reviewer.person == caller.person();
        let code = reviewer.code.as_deref().filter(|_| shown);
        WorkflowProofRecipientObject {
            recipient_id: reviewer.id.0,
            stage_id: reviewer.stage.0,
            name: reviewer.name.clone(),
            email: reviewer.email.clone(),
            position: reviewer.position.clone(),
            role: reviewer.role.code(),
            decision: if reviewer.role.decides() { reviewer.decision.wire() } else { "-" }.to_owned(),
            email_notification: reviewer.alert.code(),
            primary_decision_maker: reviewer.primary,
            proof_url: code.map(|code| backend.viewer(code)).unwrap_or_default(),
            wf_decision: wf_decision(reviewer),
        }
    }
}

impl WorkflowProofStageObject {
    fn of(
        caller: &UserCaller,
        stage: &Stage,
        progress: Progress,
        people: Vec<WorkflowProofRecipientObject>,
    ) -> WorkflowProofStageObject {
        let plain = ProofStageObject::of(caller, stage, progress);
        WorkflowProofStageObject {
            stage_reviewers: people,
            file_id: plain.file_id,
            stage_id: plain.stage_id,
            name: plain.name,
            progress: plain.progress,
            deadline_date: plain.deadline_date,
            start_trigger: plain.start_trigger,
            start_dependent_stage_id: plain.start_dependent_stage_id,
            start_dependent_date: plain.start_dependent_date,
            stage_locking: plain.stage_locking,
            stage_primary_decision_maker_recipient_id: plain.stage_primary_decision_maker_recipient_id,
            stage_one_decision_only: plain.stage_one_decision_only,
            stage_private: plain.stage_private,
            comments_count: plain.comments_count,
            recipients_count: plain.recipients_count,
            decision: plain.decision,
            stage_start_date: plain.stage_start_date,
            last_status_change_date: plain.last_status_change_date,
            deadline_calculate_on: plain.deadline_calculate_on,
            active: plain.active,
        }
    }

    /// The stages of a proof that the caller sees.
    pub(super) fn all(
        backend: &ServiceBackend,
        caller: &UserCaller,
        details: &ProofDetails,
    ) -> Vec<WorkflowProofStageObject> {
        let stage = |(stage, progress): &(Stage, Progress)| {
            let on_it = details.reviewers.iter().filter(|r| r.stage == stage.id);
            let person = |r| WorkflowProofRecipientObject::of(backend, caller, r, details.rights.edit);
            WorkflowProofStageObject::of(caller, stage, *progress, on_it.map(person).collect())
        };
        details.stages.iter().map(stage).collect()
    }
}

impl WorkflowProofObject {
    /// A proof as the caller reads it. Read anew, so that its stages are those after what was done.
    pub(super) fn read(
        backend: &ServiceBackend,
        caller: &UserCaller,
        id: ProofId,
    ) -> Result<WorkflowProofObject, Fault> {
        let details = backend.service.proof_details(caller, id).map_err(faults::of)?;
        Ok(WorkflowProofObject::of(backend, caller, &details))
    }

    pub(super) fn of(
        backend: &ServiceBackend,
        caller: &UserCaller,
        details: &ProofDetails,
    ) -> WorkflowProofObject {
        let proof = &details.proof;
        let plain = FileObject::of(backend, caller, proof.clone());
        WorkflowProofObject {
            proof_id: plain.file_id,
            r#type: plain.r#type,
            filename: plain.filename,
            filesize: plain.filesize,
            version: plain.version,
            versions: plain.versions,
            upload_time: plain.upload_time,
            uploader_id: proof.creator.0,
            uploader: plain.uploader,
            owner_id: plain.owner_id,
            owner: plain.owner,
            stages: WorkflowProofStageObject::all(backend, caller, details),
            workspace_id: plain.workspace_id.unwrap_or_default(),
            workspace_name: plain.workspace_name,
            workflow_template_id: proof.template.map(|id| id.0),
            status: plain.status,
            decision: decision(proof.decision),
            team_url: plain.team_url,
            settings: plain.settings,
            custom_link_url: plain.custom_link_url,
            custom_link_label: plain.custom_link_label,
            menus_links: plain.menus_links,
            swf: plain.swf,
            decision_reasons: plain.decision_reasons,
            combined_proof: details.combined,
            token: plain.token,
            pages: plain.pages,
            reference_id: plain.reference_id,
        }
    }
}
