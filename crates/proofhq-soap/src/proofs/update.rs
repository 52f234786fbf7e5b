//! Changing the settings of a proof.

use super::objects::FileObject;
use super::settings::switches;
use crate::backend::{self, ServiceBackend, given};
use crate::dispatch::Handler;
use crate::faults;
use galley_model::{ProofFlags, ProofId};
use galley_service::{ProofEdit, SettingsEdit, UserCaller};
use soap::{Fault, SoapRequest};
use std::sync::Arc;

/// Changes the settings of a proof.
#[derive(SoapRequest)]
#[soap(operation = "updateProof", answer = FileObject, section = "Proofs")]
pub struct UpdateProof {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The proof.
    #[soap(name = "FileID", required)]
    pub file_id: i64,
    /// User who is to own it; 0 or nothing leaves the owner.
    #[soap(name = "OwnerID", required = "documented")]
    pub owner_id: Option<i64>,
    /// Name of the proof.
    #[soap(name = "Name", required)]
    pub name: String,
    /// Subject of the invitation mail.
    #[soap(name = "Subject")]
    pub subject: Option<String>,
    /// Text of the invitation mail; simple HTML is kept.
    #[soap(name = "Message")]
    pub message: Option<String>,
    /// Workspace to put it in; 0 or -1 for none, nothing to leave it where it is.
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
    /// Whether it locks itself once all decisions are made.
    #[soap(name = "EnableAutoclose")]
    pub enable_autoclose: Option<bool>,
    /// Whether the first decision is the only one.
    #[soap(name = "EnableOneDecision")]
    pub enable_one_decision: Option<bool>,
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
    /// Kind of a Flash file.
    #[soap(name = "SWF")]
    pub swf: Option<String>,
    /// Whether the viewer offers the functions of the dashboard.
    #[soap(name = "ShowDashboardFunctions")]
    pub show_dashboard_functions: Option<bool>,
    /// Reviewer whose decision counts for all; 0 for nobody.
    #[soap(name = "PrimaryDecisionMakerReviewerID")]
    pub primary_decision_maker_reviewer_id: Option<String>,
    /// Whether the viewer has a close button.
    #[soap(name = "ShowCloseIcon", since = "16.24")]
    pub show_close_icon: Option<bool>,
    /// Whether the viewer offers embedding.
    #[soap(name = "ShowPublishToTheWeb", since = "16.24")]
    pub show_publish_to_the_web: Option<bool>,
    /// Whether the viewer offers to print comments.
    #[soap(name = "ShowPrintComments", since = "16.24")]
    pub show_print_comments: Option<bool>,
    /// Whether the viewer offers alert settings.
    #[soap(name = "ShowEmailAlertSettings", since = "16.24")]
    pub show_email_alert_settings: Option<bool>,
    /// Whether deciders may ask for a confirmation mail.
    #[soap(name = "ShowSendDecisionConfirmationCheckbox", since = "16.24")]
    pub show_send_decision_confirmation_checkbox: Option<bool>,
    /// Whether a new owner gets no mail.
    #[soap(name = "SuppressNewOwnerNotification", since = "16.24")]
    pub suppress_new_owner_notification: Option<bool>,
    /// Whether people who add themselves get no mail.
    #[soap(name = "DisableSubscriptionEmail", since = "16.24")]
    pub disable_subscription_email: Option<bool>,
    /// Whether the viewer shows the details of the proof.
    #[soap(name = "ShowProofDetails", since = "16.24")]
    pub show_proof_details: Option<bool>,
    /// Whether the viewer shows the stages.
    #[soap(name = "ShowProofWorkflow", since = "16.24")]
    pub show_proof_workflow: Option<bool>,
    /// Reference of your own, given back with the proof.
    #[soap(name = "ReferenceID", since = "16.24")]
    pub reference_id: Option<String>,
}

/// What is absent or empty stays as it is. The documentation of the original says that everything left
/// out is lost, yet its own sample sends seven parts (`OwnerID` 0 among them), and nobody who renames a
/// proof means to give it away and reset its settings. Whoever does send everything gets what they sent.
impl Handler<ServiceBackend> for UpdateProof {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<FileObject, Fault> {
        let primary = match given(&self.primary_decision_maker_reviewer_id) {
            None => None,
            Some("0") => Some(None),
            Some(id) => Some(Some(backend::reviewer_id(id)?)),
        };
        let text = |text: &Option<String>| given(text).map(str::to_owned);
        let edit = ProofEdit {
            name: Some(self.name.clone()),
            owner: backend::user_id(self.owner_id),
            subject: text(&self.subject),
            message: text(&self.message),
            deadline: None,
            workspace: self.workspace_id.map(|id| backend::workspace_id(Some(id))),
            primary,
            silent_owner: self.suppress_new_owner_notification == Some(true),
            settings: SettingsEdit {
                flags: switches!(self, enable_autoclose, enable_one_decision),
                default_alert: backend::alert(
                    "DefaultEmailNotifications",
                    &self.default_email_notifications,
                )?
                .map(Some),
                default_role: backend::role("DefaultRole", &self.default_role)?.map(Some),
                custom_link_url: text(&self.custom_link_url),
                custom_link_label: text(&self.custom_link_label),
                swf: text(&self.swf),
                reference: text(&self.reference_id),
            },
            ..ProofEdit::default()
        };
        let details =
            backend.service.update_proof(caller, ProofId(self.file_id), &edit).map_err(faults::of)?;
        FileObject::one(backend, caller, details.proof)
    }
}
