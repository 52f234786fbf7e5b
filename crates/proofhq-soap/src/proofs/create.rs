//! Creating proofs and versions.

use super::objects::FileObject;
use super::settings::switches;
use super::several::{Planned, framed, is_web, plan};
use crate::backend::{self, ServiceBackend, given};
use crate::dispatch::Handler;
use crate::faults;
use galley_model::{ProofFlags, ProofId, Settings};
use galley_service::{ProofInput, ReviewerInput, Source, SourcePart, UserCaller};
use soap::{Fault, SoapRequest};
use std::sync::Arc;

/// More addresses than this in one request are a mistake.
const MAX_RECIPIENTS: usize = 1000;

/// The parts that a new proof and a new version share, with the places where they differ.
macro_rules! creation {
    (
        $(#[$attribute:meta])* $name:ident since $base:tt, later $later:tt;
        $hash:tt $named:tt $source:tt { $($parent:tt)* } { $($combined:tt)* } { $($viewer:tt)* }
    ) => {
        $(#[$attribute])*
        pub struct $name {
            /// Session to act in.
            #[soap(name = "SessionID", since = $base, required = "documented")]
            pub session_id: Option<String>,
            $($parent)*
            /// User who is to own it; 0 or nothing means the caller.
            #[soap(name = "OwnerID", since = $base, required = "documented")]
            pub owner_id: Option<i64>,
            #[doc = $hash]
            #[soap(name = "Hash", since = $base, required)]
            pub hash: String,
            #[doc = $named]
            #[soap(name = "Name", since = $base, required)]
            pub name: String,
            #[doc = $source]
            #[soap(name = "SourceName", since = $base, required)]
            pub source_name: String,
            /// Subject of the invitation mail.
            #[soap(name = "Subject", since = $base)]
            pub subject: Option<String>,
            /// Text of the invitation mail; simple HTML is kept.
            #[soap(name = "Message", since = $base)]
            pub message: Option<String>,
            /// Time by which reviews are due, `YYYY-MM-DD hh:mm`; empty for none.
            #[soap(name = "Deadline", since = $base)]
            pub deadline: Option<String>,
            /// E-mail addresses to invite, parted by blanks, commas or semicolons.
            #[soap(name = "Recipients", since = $base)]
            pub recipients: Option<String>,
            /// Workspace to put it in; 0, -1 or nothing for none.
            #[soap(name = "WorkspaceId", since = $base)]
            pub workspace_id: Option<i64>,
            /// Batch that holds the proof back until it is finished; 0 for none.
            #[soap(name = "BatchID", since = $base)]
            pub batch_id: Option<i64>,
            /// Whether people may add themselves.
            #[soap(name = "EnableSubscriptions", since = $base)]
            pub enable_subscriptions: Option<bool>,
            /// Whether people who add themselves have to follow a link sent by mail.
            #[soap(name = "EnableSubscriptionsValidation", since = $base)]
            pub enable_subscriptions_validation: Option<bool>,
            /// Alert level of reviewers without one of their own: 1 to 5, or 9 for none.
            #[soap(name = "DefaultEmailNotifications", since = $base)]
            pub default_email_notifications: Option<String>,
            /// Role of people who add themselves: 1, 3, 4, 5, 6 or 7.
            #[soap(name = "DefaultRole", since = $base)]
            pub default_role: Option<String>,
            /// Whether only people who log in may see it.
            #[soap(name = "AuthorizedOnly", since = $base)]
            pub authorized_only: Option<bool>,
            /// Whether it locks itself once all decisions are made.
            #[soap(name = "EnableAutoLock", since = $base)]
            pub enable_auto_lock: Option<bool>,
            /// Whether the first decision is the only one.
            #[soap(name = "LockAfterFirstDecision", since = $base)]
            pub lock_after_first_decision: Option<bool>,
            /// Whether the original file may be downloaded.
            #[soap(name = "EnableDownload", since = $base)]
            pub enable_download: Option<bool>,
            /// Whether the public link works.
            #[soap(name = "EnableTeamURL", since = $base)]
            pub enable_team_url: Option<bool>,
            /// Whether the embedded player may be used.
            #[soap(name = "EnableEmbedPlayer", since = $base)]
            pub enable_embed_player: Option<bool>,
            /// Whether the viewer links to the dashboard.
            #[soap(name = "ShowDashboardLink", since = $base)]
            pub show_dashboard_link: Option<bool>,
            /// Whether the viewer links to the workspace.
            #[soap(name = "ShowWorkspaceLink", since = $base)]
            pub show_workspace_link: Option<bool>,
            /// Whether the viewer links to the details of the proof.
            #[soap(name = "ShowDetailsPageLink", since = $base)]
            pub show_details_page_link: Option<bool>,
            /// Whether the viewer links to other versions.
            #[soap(name = "ShowVersionsLink", since = $base)]
            pub show_versions_link: Option<bool>,
            /// Whether the viewer shows help.
            #[soap(name = "ShowHelpLink", since = $base)]
            pub show_help_link: Option<bool>,
            /// Whether help includes the quick start.
            #[soap(name = "ShowHelpQuickStartLink", since = $base)]
            pub show_help_quick_start_link: Option<bool>,
            /// Whether help includes the user's guide.
            #[soap(name = "ShowHelpUserGuideLink", since = $base)]
            pub show_help_user_guide_link: Option<bool>,
            /// Whether help includes the welcome screen.
            #[soap(name = "ShowHelpWelcomeScreenLink", since = $base)]
            pub show_help_welcome_screen_link: Option<bool>,
            /// Whether help includes the forum.
            #[soap(name = "ShowHelpForumLink", since = $base)]
            pub show_help_forum_link: Option<bool>,
            /// Whether help includes the blog.
            #[soap(name = "ShowHelpBlogLink", since = $base)]
            pub show_help_blog_link: Option<bool>,
            /// Address of a link of your own in the viewer.
            #[soap(name = "CustomLinkUrl", since = $base)]
            pub custom_link_url: Option<String>,
            /// Label of that link.
            #[soap(name = "CustomLinkLabel", since = $base)]
            pub custom_link_label: Option<String>,
            /// Whether to invite without a mail.
            #[soap(name = "SuppressNewProofNotification", since = $base)]
            pub suppress_new_proof_notification: Option<bool>,
            /// Kind of a Flash file. With `Hash` `web`, `interactive` has the site framed rather than captured.
            #[soap(name = "SWF", since = $base)]
            pub swf: Option<String>,
            /// Whether the viewer offers the functions of the dashboard.
            #[soap(name = "ShowDashboardFunctions", since = $base)]
            pub show_dashboard_functions: Option<bool>,
            /// Whether the viewer has a close button.
            #[soap(name = "ShowCloseIcon", since = $later)]
            pub show_close_icon: Option<bool>,
            /// Whether the viewer offers embedding.
            #[soap(name = "ShowPublishToTheWeb", since = $later)]
            pub show_publish_to_the_web: Option<bool>,
            /// Whether the viewer offers to print comments.
            #[soap(name = "ShowPrintComments", since = $later)]
            pub show_print_comments: Option<bool>,
            /// Whether the viewer offers alert settings.
            #[soap(name = "ShowEmailAlertSettings", since = $later)]
            pub show_email_alert_settings: Option<bool>,
            $($combined)*
            /// Whether decisions have to be signed.
            #[soap(name = "EnableElectronicSignatures", since = $later)]
            pub enable_electronic_signatures: Option<bool>,
            /// Whether deciders may ask for a confirmation mail.
            #[soap(name = "ShowSendDecisionConfirmationCheckbox", since = $later)]
            pub show_send_decision_confirmation_checkbox: Option<bool>,
            $($viewer)*
            /// Whether people who add themselves get no mail.
            #[soap(name = "DisableSubscriptionEmail", since = $later)]
            pub disable_subscription_email: Option<bool>,
            /// Whether comments cannot be had as a spreadsheet.
            #[soap(name = "DisableExcelSummary", since = $later)]
            pub disable_excel_summary: Option<bool>,
            /// Whether comments cannot be had as a PDF.
            #[soap(name = "DisablePdfSummary", since = $later)]
            pub disable_pdf_summary: Option<bool>,
            /// Whether the viewer shows the details of the proof.
            #[soap(name = "ShowProofDetails", since = $later)]
            pub show_proof_details: Option<bool>,
            /// Whether the viewer shows the stages.
            #[soap(name = "ShowProofWorkflow", since = $later)]
            pub show_proof_workflow: Option<bool>,
            /// Reference of your own, given back with the proof.
            #[soap(name = "ReferenceID", since = $later)]
            pub reference_id: Option<String>,
        }

        impl $name {
            fn input(&self, caller: &UserCaller, parent: Option<ProofId>) -> Result<ProofInput, Fault> {
                let mut flags = Settings::default().flags;
                let more = [
                    (ProofFlags::ELECTRONIC_SIGNATURES, self.enable_electronic_signatures),
                    (ProofFlags::NO_EXCEL_SUMMARY, self.disable_excel_summary),
                    (ProofFlags::NO_PDF_SUMMARY, self.disable_pdf_summary),
                ];
                for (flag, position) in
                    switches!(self, enable_auto_lock, lock_after_first_decision).into_iter().chain(more)
                {
                    flags = flags.set(flag, position);
                }
                let notify = self.suppress_new_proof_notification != Some(true);
                let reviewers = recipients(self.recipients.as_deref().unwrap_or_default(), notify)?;
                Ok(ProofInput {
                    parent,
                    source: if let Some(site) = framed(&self.hash, self.swf.as_deref(), &self.source_name) {
                        site
                    } else if is_web(&self.hash) {
                        Source::Parts(self.source_name.split_whitespace().map(SourcePart::page).collect())
                    } else {
                        Source::Upload
                    },
                    file_token: self.hash.trim().to_owned(),
                    name: Some(self.name.clone()),
                    source_name: Some(self.source_name.clone()),
                    // 0 is the documented way of a caller to name themselves, for versions too.
                    owner: Some(backend::user_id(self.owner_id).unwrap_or(caller.id())),
                    subject: self.subject.clone().unwrap_or_default(),
                    message: self.message.clone().unwrap_or_default(),
                    deadline: backend::deadline("Deadline", &self.deadline, caller)?,
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
                    // People named in the request are all who are meant. With none named, a new version
                    // goes to those who had the one before, as in the original's own dialogue.
                    copy_reviewers: parent.is_some() && reviewers.is_empty(),
                    reviewers,
                    notify,
                    batch: backend::batch_id(self.batch_id),
                    ..ProofInput::default()
                })
            }
        }
    };
}

creation! {
    /// Creates the first version of a proof from an uploaded file or from web pages. Pages are rendered after the answer.
    #[derive(SoapRequest)]
    #[soap(operation = "createProof", answer = FileObject, section = "Proofs")]
    CreateProof since "12.1", later "16.24";
    "File as named by the upload, or `web` to capture web pages."
    "Name of the proof."
    "File name with its extension; for web captures the addresses, parted by blanks."
    {} {} {
        /// Whether to use the classic viewer.
        #[soap(name = "ClassicProofViewer", since = "16.24")]
        pub classic_proof_viewer: Option<bool>,
    }
}

creation! {
    /// Creates the next version of a proof. Every version is a proof with an id of its own.
    #[derive(SoapRequest)]
    #[soap(operation = "createProofVersion", answer = FileObject, section = "Proofs")]
    CreateProofVersion since "12.1", later "16.24";
    "File as named by the upload, or `web` to capture web pages."
    "Name of the proof."
    "File name with its extension; for web captures the addresses, parted by blanks."
    {
        /// Version that this one follows.
        #[soap(name = "ParentFileID", required)]
        pub parent_file_id: String,
    } {} {}
}

creation! {
    /// Creates several proofs, or one of several files or web pages. Files are combined when there is one name
    /// for several of them.
    #[derive(SoapRequest)]
    #[soap(operation = "createProofs", answer = Vec<FileObject>, section = "Proofs", since = "13.2")]
    CreateProofs since "13.2", later "13.2";
    "Files as named by the upload, parted by blanks; or `web` to capture web pages."
    "Names of the proofs, parted by `|`; one name for several files combines them."
    "File names with their extensions, one for each file, or addresses of web pages, parted by blanks."
    {} {
        /// Whether to make one proof of all files. Without it, the number of names decides.
        #[soap(name = "CombinedProof", since = "13.2")]
        pub combined_proof: Option<bool>,
    } {
        /// Whether to use the classic viewer.
        #[soap(name = "ClassicProofViewer", since = "13.2")]
        pub classic_proof_viewer: Option<bool>,
    }
}

/// People in a text of addresses parted by blanks, commas or semicolons; everyone once.
pub(crate) fn recipients(text: &str, notify: bool) -> Result<Vec<ReviewerInput>, Fault> {
    let mut people: Vec<ReviewerInput> = Vec::new();
    let parts = text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';'));
    for email in parts.filter(|part| !part.is_empty()) {
        if people.iter().any(|known| galley_model::same_email(&known.email, email)) {
            continue;
        }
        if people.len() == MAX_RECIPIENTS {
            return Err(faults::invalid_parameter(format!(
                "Parameter 'Recipients' may hold at most {MAX_RECIPIENTS} addresses."
            )));
        }
        people.push(ReviewerInput { email: email.to_owned(), notify, ..ReviewerInput::default() });
    }
    Ok(people)
}

impl Handler<ServiceBackend> for CreateProofs {
    /// All of them or none.
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<Vec<FileObject>, Fault> {
        let mut shared = self.input(caller, None)?;
        shared.settings.flags =
            shared.settings.flags.set(ProofFlags::CLASSIC_VIEWER, self.classic_proof_viewer);
        let planned = plan(&self.hash, &self.name, &self.source_name, self.combined_proof)
            .map_err(faults::invalid_parameter)?;
        // Several pages in one proof are pictures; a site that is tried is a proof of its own.
        let tried = framed(&self.hash, self.swf.as_deref(), "").is_some();
        let one = |Planned { name, source }| {
            let source = match source {
                Source::Parts(parts) if tried => match &parts[..] {
                    [SourcePart::Page(page)] => Source::Framed(page.url.clone()),
                    _ => Source::Parts(parts),
                },
                other => other,
            };
            ProofInput { name: Some(name), source, ..shared.clone() }
        };
        let inputs: Vec<ProofInput> = planned.into_iter().map(one).collect();
        let proofs = backend.service.create_proofs(caller, &inputs).map_err(faults::of)?;
        FileObject::all(backend, caller, proofs)
    }
}

impl Handler<ServiceBackend> for CreateProof {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<FileObject, Fault> {
        let mut input = self.input(caller, None)?;
        let classic = self.classic_proof_viewer;
        input.settings.flags = input.settings.flags.set(ProofFlags::CLASSIC_VIEWER, classic);
        let proof = backend.service.create_proof(caller, &input).map_err(faults::of)?;
        FileObject::one(backend, caller, proof)
    }
}

impl Handler<ServiceBackend> for CreateProofVersion {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<FileObject, Fault> {
        let input = self.input(caller, Some(backend::proof_id(&self.parent_file_id)?))?;
        let proof = backend.service.create_proof(caller, &input).map_err(faults::of)?;
        FileObject::one(backend, caller, proof)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recipients_are_parted_by_whatever_clients_use() {
        let emails = |text| -> Vec<String> {
            recipients(text, true).expect("few").into_iter().map(|person| person.email).collect()
        };
        assert_eq!(emails(""), [""; 0]);
        assert_eq!(emails(" , ;\n"), [""; 0]);
        let all = ["ann@example.com", "bob@example.com", "eve@example.com"];
        assert_eq!(emails("ann@example.com bob@example.com;eve@example.com"), all);
        assert_eq!(emails("ann@example.com, bob@example.com,\teve@example.com,ANN@example.com"), all);
        let many: String = (0..=MAX_RECIPIENTS).map(|n| format!("p{n}@example.com ")).collect();
        assert!(recipients(&many, true).is_err());
    }
}
