//! Creating proofs with stages.

use super::objects::WorkflowProofObject;
use super::requests::{self, WorkflowProofStageRequestObject};
use crate::backend::{self, ServiceBackend, given};
use crate::dispatch::Handler;
use crate::faults;
use crate::proofs::{Planned, plan, shared_switches};
use galley_model::{ProofFlags, ProofId, Role, Settings, TemplateId};
use galley_service::{ProofInput, ReviewerInput, StageInput, UserCaller};
use soap::{Fault, SoapRequest};
use std::sync::Arc;

/// The parts that new proofs and new versions share, with or without a template. In braces are the parts
/// between the session and the file, those behind the file, and those behind the message.
macro_rules! creation {
    ($(#[$attribute:meta])* $name:ident { $($first:tt)* } { $($behind_file:tt)* } { $($behind_message:tt)* }) => {
        $(#[$attribute])*
        pub struct $name {
            /// Session to act in.
            #[soap(name = "SessionID", required = "documented")]
            pub session_id: Option<String>,
            $($first)*
            /// Files as named by the upload, parted by blanks; or `web` to capture web pages.
            #[soap(name = "Hash", required)]
            pub hash: String,
            /// Name of the proof; names of several are parted by `|`.
            #[soap(name = "Name", required)]
            pub name: String,
            /// File names with their extensions, or addresses of web pages, parted by blanks.
            #[soap(name = "SourceName", required)]
            pub source_name: String,
            $($behind_file)*
            /// Subject of the invitation mail.
            #[soap(name = "Subject")]
            pub subject: Option<String>,
            /// Text of the invitation mail; simple HTML is kept.
            #[soap(name = "Message")]
            pub message: Option<String>,
            $($behind_message)*
            /// Workspace to put it in; 0, -1 or nothing for none.
            #[soap(name = "WorkspaceId")]
            pub workspace_id: Option<i64>,
            /// Whether people may add themselves.
            #[soap(name = "EnableSubscriptions")]
            pub enable_subscriptions: Option<bool>,
            /// Whether people who add themselves have to follow a link sent by mail.
            #[soap(name = "EnableSubscriptionsValidation")]
            pub enable_subscriptions_validation: Option<bool>,
            /// Alert level of reviewers without one of their own: 1 to 5, or 9 for none.
            #[soap(name = "DefaultEmailNotifications")]
            pub default_email_notifications: Option<String>,
            /// Role of people who add themselves: 1, 3, 4, 5, 6 or 7.
            #[soap(name = "DefaultRole")]
            pub default_role: Option<String>,
            /// Whether only people who log in may see it.
            #[soap(name = "AuthorizedOnly")]
            pub authorized_only: Option<bool>,
            /// Whether it locks itself once all decisions on all stages are made.
            #[soap(name = "EnableAutoLock")]
            pub enable_auto_lock: Option<bool>,
            /// Whether the original file may be downloaded.
            #[soap(name = "EnableDownload")]
            pub enable_download: Option<bool>,
            /// Whether the public link works.
            #[soap(name = "EnableTeamURL")]
            pub enable_team_url: Option<bool>,
            /// Whether the embedded player may be used.
            #[soap(name = "EnableEmbedPlayer")]
            pub enable_embed_player: Option<bool>,
            /// Whether the viewer links to the dashboard.
            #[soap(name = "ShowDashboardLink")]
            pub show_dashboard_link: Option<bool>,
            /// Whether the viewer links to the workspace.
            #[soap(name = "ShowWorkspaceLink")]
            pub show_workspace_link: Option<bool>,
            /// Whether the viewer links to the details of the proof.
            #[soap(name = "ShowDetailsPageLink")]
            pub show_details_page_link: Option<bool>,
            /// Whether the viewer links to other versions.
            #[soap(name = "ShowVersionsLink")]
            pub show_versions_link: Option<bool>,
            /// Whether the viewer shows help.
            #[soap(name = "ShowHelpLink")]
            pub show_help_link: Option<bool>,
            /// Whether help includes the quick start.
            #[soap(name = "ShowHelpQuickStartLink")]
            pub show_help_quick_start_link: Option<bool>,
            /// Whether help includes the user's guide.
            #[soap(name = "ShowHelpUserGuideLink")]
            pub show_help_user_guide_link: Option<bool>,
            /// Whether help includes the welcome screen.
            #[soap(name = "ShowHelpWelcomeScreenLink")]
            pub show_help_welcome_screen_link: Option<bool>,
            /// Whether help includes the forum.
            #[soap(name = "ShowHelpForumLink")]
            pub show_help_forum_link: Option<bool>,
            /// Whether help includes the blog.
            #[soap(name = "ShowHelpBlogLink")]
            pub show_help_blog_link: Option<bool>,
            /// Address of a link of your own in the viewer.
            #[soap(name = "CustomLinkUrl")]
            pub custom_link_url: Option<String>,
            /// Label of that link.
            #[soap(name = "CustomLinkLabel")]
            pub custom_link_label: Option<String>,
            /// Whether to invite without a mail, also when a stage starts later.
            #[soap(name = "SuppressNewProofNotification")]
            pub suppress_new_proof_notification: Option<bool>,
            /// Kind of a Flash file.
            #[soap(name = "SWF")]
            pub swf: Option<String>,
            /// Whether the viewer offers the functions of the dashboard.
            #[soap(name = "ShowDashboardFunctions")]
            pub show_dashboard_functions: Option<bool>,
            /// Whether the viewer has a close button.
            #[soap(name = "ShowCloseIcon")]
            pub show_close_icon: Option<bool>,
            /// Whether the viewer offers embedding.
            #[soap(name = "ShowPublishToTheWeb")]
            pub show_publish_to_the_web: Option<bool>,
            /// Whether the viewer offers to print comments.
            #[soap(name = "ShowPrintComments")]
            pub show_print_comments: Option<bool>,
            /// Whether the viewer offers alert settings.
            #[soap(name = "ShowEmailAlertSettings")]
            pub show_email_alert_settings: Option<bool>,
            /// Whether to make one proof of all files.
            #[soap(name = "CombinedProof")]
            pub combined_proof: Option<bool>,
            /// Whether decisions have to be signed.
            #[soap(name = "EnableElectronicSignatures")]
            pub enable_electronic_signatures: Option<bool>,
            /// Whether people who add themselves get no mail.
            #[soap(name = "DisableSubscriptionEmail")]
            pub disable_subscription_email: Option<bool>,
            /// Whether comments cannot be had as a spreadsheet.
            #[soap(name = "DisableExcelSummary")]
            pub disable_excel_summary: Option<bool>,
            /// Whether comments cannot be had as a PDF.
            #[soap(name = "DisablePdfSummary")]
            pub disable_pdf_summary: Option<bool>,
            /// Whether the viewer shows the details of the proof.
            #[soap(name = "ShowProofDetails")]
            pub show_proof_details: Option<bool>,
            /// Whether the viewer shows the stages.
            #[soap(name = "ShowProofWorkflow")]
            pub show_proof_workflow: Option<bool>,
            /// Reference of your own, given back with the proof.
            #[soap(name = "ReferenceID")]
            pub reference_id: Option<String>,
        }

        impl $name {
            /// Whether people are told.
            fn notify(&self) -> bool {
                self.suppress_new_proof_notification != Some(true)
            }

            /// A proof with these stages; with none, those of the version before.
            fn input(
                &self,
                caller: &UserCaller,
                parent: Option<ProofId>,
                stages: Option<Vec<StageInput>>,
            ) -> Result<ProofInput, Fault> {
                let mut flags = Settings::default().flags;
                let more = [
                    (ProofFlags::ELECTRONIC_SIGNATURES, self.enable_electronic_signatures),
                    (ProofFlags::NO_EXCEL_SUMMARY, self.disable_excel_summary),
                    (ProofFlags::NO_PDF_SUMMARY, self.disable_pdf_summary),
                ];
                for (flag, position) in shared_switches!(self, enable_auto_lock).into_iter().chain(more) {
                    flags = flags.set(flag, position);
                }
                Ok(ProofInput {
                    parent,
                    // 0 is the documented way of a caller to name themselves, for versions too.
                    owner: Some(backend::user_id(self.owner_id).unwrap_or(caller.id())),
                    subject: self.subject.clone().unwrap_or_default(),
                    message: self.message.clone().unwrap_or_default(),
                    workspace: backend::workspace_id(self.workspace_id),
                    settings: Settings {
                        flags,
                        default_alert: backend::alert(
                            "DefaultEmailNotifications",
                            &self.default_email_notifications,
                        )?,
                        default_role: backend::role("DefaultRole", &self.default_role)?,
                        custom_link_url: given(&self.custom_link_url).unwrap_or_default().to_owned(),
                        custom_link_label: given(&self.custom_link_label).unwrap_or_default().to_owned(),
                        swf: given(&self.swf).unwrap_or_default().to_owned(),
                        reference: given(&self.reference_id).unwrap_or_default().to_owned(),
                    },
                    copy_reviewers: stages.is_none(),
                    stages,
                    workflow: true,
                    notify: self.notify(),
                    ..ProofInput::default()
                })
            }
        }
    };
}

creation! {
    /// Creates the first version of a proof whose people are organised in stages. Pages are rendered after the answer.
    #[derive(SoapRequest)]
    #[soap(
        operation = "createWorkflowProof",
        answer = Vec<WorkflowProofObject>,
        section = "Workflow",
        since = "14.4"
    )]
    CreateWorkflowProof {
        /// User who is to own it; 0 or nothing means the caller.
        #[soap(name = "OwnerID", required = "documented")]
        pub owner_id: Option<i64>,
    } {} {
        /// Stages with their people. None makes one stage with the owner; a new version takes those of the version before.
        #[soap(name = "Stages")]
        pub stages: Option<Vec<WorkflowProofStageRequestObject>>,
    }
}

creation! {
    /// Creates the next version of a proof whose people are organised in stages.
    #[derive(SoapRequest)]
    #[soap(
        operation = "createWorkflowProofVersion",
        answer = Vec<WorkflowProofObject>,
        section = "Workflow",
        since = "14.4"
    )]
    CreateWorkflowProofVersion {
        /// Version that this one follows.
        #[soap(name = "ParentFileID", required)]
        pub parent_file_id: i64,
        /// User who is to own it; 0 or nothing means the caller.
        #[soap(name = "OwnerID", required = "documented")]
        pub owner_id: Option<i64>,
    } {} {
        /// Stages with their people. None makes one stage with the owner; a new version takes those of the version before.
        #[soap(name = "Stages")]
        pub stages: Option<Vec<WorkflowProofStageRequestObject>>,
    }
}

creation! {
    /// Creates the first version of a proof with the stages and people of a workflow template.
    #[derive(SoapRequest)]
    #[soap(
        operation = "createWorkflowTemplateProof",
        answer = Vec<WorkflowProofObject>,
        section = "Workflow",
        since = "16.3"
    )]
    CreateWorkflowTemplateProof {
        /// User who is to own it; 0 or nothing means the caller.
        #[soap(name = "OwnerID")]
        pub owner_id: Option<i64>,
    } {
        /// The template.
        #[soap(name = "WorkflowTemplateID", required)]
        pub workflow_template_id: i64,
    } {}
}

creation! {
    /// Creates the next version of a proof with the stages and people of a workflow template.
    #[derive(SoapRequest)]
    #[soap(
        operation = "createWorkflowTemplateProofVersion",
        answer = Vec<WorkflowProofObject>,
        section = "Workflow",
        since = "16.3"
    )]
    CreateWorkflowTemplateProofVersion {
        /// Version that this one follows.
        #[soap(name = "ParentFileID", required)]
        pub parent_file_id: i64,
        /// User who is to own it; 0 or nothing means the caller.
        #[soap(name = "OwnerID")]
        pub owner_id: Option<i64>,
    } {
        /// The template.
        #[soap(name = "WorkflowTemplateID", required)]
        pub workflow_template_id: i64,
    } {}
}

/// The stage of a proof for which none was sent: whoever makes it is on it.
fn own_stage(caller: &UserCaller) -> StageInput {
    let me = ReviewerInput {
        email: caller.user.email.clone(),
        role: Some(Role::Reviewer),
        ..ReviewerInput::default()
    };
    StageInput { reviewers: vec![me], ..StageInput::default() }
}

/// The proofs of a request: one for each file, unless they are combined. All of them or none.
fn create(
    backend: &ServiceBackend,
    caller: &UserCaller,
    planned: Vec<Planned>,
    shared: &ProofInput,
) -> Result<Vec<WorkflowProofObject>, Fault> {
    let one = |Planned { name, source }| ProofInput { name: Some(name), source, ..shared.clone() };
    let inputs: Vec<ProofInput> = planned.into_iter().map(one).collect();
    let proofs = backend.service.create_proofs(caller, &inputs).map_err(faults::of)?;
    proofs.iter().map(|proof| WorkflowProofObject::read(backend, caller, proof.id)).collect()
}

/// The file of a new version, which is one proof: several files are combined.
fn plan_version(hash: &str, name: &str, source_name: &str) -> Result<Vec<Planned>, Fault> {
    let several = hash.split_whitespace().nth(1).is_some();
    let planned =
        plan(hash, name, source_name, several.then_some(true)).map_err(faults::invalid_parameter)?;
    match planned.len() {
        1 => Ok(planned),
        _ => Err(faults::invalid_parameter("A new version is one proof.")),
    }
}

impl Handler<ServiceBackend> for CreateWorkflowProof {
    fn handle(
        self,
        backend: &ServiceBackend,
        caller: &Arc<UserCaller>,
    ) -> Result<Vec<WorkflowProofObject>, Fault> {
        let asked = requests::stages(self.stages.as_deref().unwrap_or_default(), caller, self.notify())?;
        let stages = if asked.is_empty() { vec![own_stage(caller)] } else { asked };
        let shared = self.input(caller, None, Some(stages))?;
        let planned = plan(&self.hash, &self.name, &self.source_name, self.combined_proof)
            .map_err(faults::invalid_parameter)?;
        create(backend, caller, planned, &shared)
    }
}

impl Handler<ServiceBackend> for CreateWorkflowProofVersion {
    fn handle(
        self,
        backend: &ServiceBackend,
        caller: &Arc<UserCaller>,
    ) -> Result<Vec<WorkflowProofObject>, Fault> {
        let asked = requests::stages(self.stages.as_deref().unwrap_or_default(), caller, self.notify())?;
        // Without any, those of the version before with their people.
        let stages = Some(asked).filter(|stages| !stages.is_empty());
        let shared = self.input(caller, Some(ProofId(self.parent_file_id)), stages)?;
        let planned = plan_version(&self.hash, &self.name, &self.source_name)?;
        create(backend, caller, planned, &shared)
    }
}

impl Handler<ServiceBackend> for CreateWorkflowTemplateProof {
    fn handle(
        self,
        backend: &ServiceBackend,
        caller: &Arc<UserCaller>,
    ) -> Result<Vec<WorkflowProofObject>, Fault> {
        let template = TemplateId(self.workflow_template_id);
        let stages =
            backend.service.stages_of_template(caller, template, self.notify()).map_err(faults::of)?;
        let shared = self.input(caller, None, Some(stages))?;
        let planned = plan(&self.hash, &self.name, &self.source_name, self.combined_proof)
            .map_err(faults::invalid_parameter)?;
        create(backend, caller, planned, &ProofInput { template: Some(template), ..shared })
    }
}

impl Handler<ServiceBackend> for CreateWorkflowTemplateProofVersion {
    /// The people are those of the template; who was on the version before and is not among them is not
    /// on this one.
    fn handle(
        self,
        backend: &ServiceBackend,
        caller: &Arc<UserCaller>,
    ) -> Result<Vec<WorkflowProofObject>, Fault> {
        let template = TemplateId(self.workflow_template_id);
        let stages =
            backend.service.stages_of_template(caller, template, self.notify()).map_err(faults::of)?;
        let shared = self.input(caller, Some(ProofId(self.parent_file_id)), Some(stages))?;
        let planned = plan_version(&self.hash, &self.name, &self.source_name)?;
        create(backend, caller, planned, &ProofInput { template: Some(template), ..shared })
    }
}
