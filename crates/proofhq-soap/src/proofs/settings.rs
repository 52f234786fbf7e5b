//! Settings of a proof on the wire.

use galley_model::{Proof, ProofFlags};
use soap::SoapObject;

use crate::backend::{alert_code, role_code};

/// Settings of a proof.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPFileSettingsObject")]
pub struct FileSettingsObject {
    /// Alert level of reviewers without one of their own.
    pub default_email_notifications: String,
    /// Role of people who add themselves.
    pub default_role: String,
    /// Whether only people who log in may see it.
    pub authorized_only: bool,
    /// Whether people may add themselves.
    pub enable_subscriptions: bool,
    /// Whether people who add themselves have to follow a link sent by mail.
    pub validate_subscriptions: bool,
    /// Whether it locks itself once all decisions are made.
    pub auto_lock: bool,
    /// Whether the first decision is the only one.
    pub lock_after_first_decision: bool,
    /// Whether the original file may be downloaded.
    pub enable_download: bool,
    /// Whether the public link works.
    pub enable_team_url: bool,
    /// Whether it may be embedded.
    pub enable_embed_player: bool,
    /// Whether the viewer links to the dashboard.
    pub show_dashboard_link: bool,
    /// Whether the viewer links to the workspace.
    pub show_workspace_link: bool,
    /// Whether the viewer links to the details of the proof.
    pub show_details_page_link: bool,
    /// Whether the viewer links to other versions.
    pub show_versions_link: bool,
    /// Whether the viewer shows help.
    pub show_help_link: bool,
    /// Whether help includes the quick start.
    pub show_help_quick_start_link: bool,
    /// Whether help includes the user's guide.
    pub show_help_user_guide_link: bool,
    /// Whether help includes the welcome screen.
    pub show_help_welcome_screen_link: bool,
    /// Whether help includes the forum.
    pub show_help_forum_link: bool,
    /// Whether help includes the blog.
    pub show_help_blog_link: bool,
    /// Whether the viewer offers the functions of the dashboard.
    pub show_dashboard_functions: bool,
    /// Reviewer whose decision counts for all.
    pub primary_decision_maker: String,
    /// Whether the viewer has a close button.
    #[soap(since = "16.24")]
    pub show_close_icon: bool,
    /// Whether the viewer offers embedding.
    #[soap(since = "16.24")]
    pub show_publish_to_the_web: bool,
    /// Whether the viewer offers to print comments.
    #[soap(since = "16.24")]
    pub show_print_comments: bool,
    /// Whether the viewer offers alert settings.
    #[soap(since = "16.24")]
    pub show_email_alert_settings: bool,
    /// Whether decisions have to be signed.
    #[soap(since = "16.24")]
    pub electronic_signatures: bool,
    /// Whether deciders may ask for a confirmation mail.
    #[soap(since = "16.24")]
    pub show_send_decision_confirmation_checkbox: bool,
    /// Whether the viewer shows the details of the proof.
    #[soap(since = "16.24")]
    pub show_proof_details: bool,
    /// Whether the viewer shows the stages.
    #[soap(since = "16.24")]
    pub show_proof_workflow: bool,
}

impl FileSettingsObject {
    /// The settings of a proof. Role and alert level are the numbers that requests take, so that what
    /// was read can be sent back.
    pub(crate) fn of(proof: &Proof) -> FileSettingsObject {
        let settings = &proof.settings;
        let on = |flag| settings.flags.has(flag);
        FileSettingsObject {
            default_email_notifications: alert_code(settings.default_alert),
            default_role: role_code(settings.default_role),
            authorized_only: on(ProofFlags::AUTHORIZED_ONLY),
            enable_subscriptions: on(ProofFlags::SUBSCRIPTIONS),
            validate_subscriptions: on(ProofFlags::VALIDATE_SUBSCRIPTIONS),
            auto_lock: on(ProofFlags::AUTO_LOCK),
            lock_after_first_decision: on(ProofFlags::ONE_DECISION),
            enable_download: on(ProofFlags::DOWNLOAD),
            enable_team_url: on(ProofFlags::TEAM_URL),
            enable_embed_player: on(ProofFlags::EMBED_PLAYER),
            show_dashboard_link: on(ProofFlags::SHOW_DASHBOARD_LINK),
            show_workspace_link: on(ProofFlags::SHOW_WORKSPACE_LINK),
            show_details_page_link: on(ProofFlags::SHOW_DETAILS_PAGE_LINK),
            show_versions_link: on(ProofFlags::SHOW_VERSIONS_LINK),
            show_help_link: on(ProofFlags::SHOW_HELP_LINK),
            show_help_quick_start_link: on(ProofFlags::SHOW_HELP_QUICK_START_LINK),
            show_help_user_guide_link: on(ProofFlags::SHOW_HELP_USER_GUIDE_LINK),
            show_help_welcome_screen_link: on(ProofFlags::SHOW_HELP_WELCOME_SCREEN_LINK),
            show_help_forum_link: on(ProofFlags::SHOW_HELP_FORUM_LINK),
            show_help_blog_link: on(ProofFlags::SHOW_HELP_BLOG_LINK),
            show_dashboard_functions: on(ProofFlags::SHOW_DASHBOARD_FUNCTIONS),
            primary_decision_maker: proof.primary_decision_maker.map(|id| id.to_string()).unwrap_or_default(),
            show_close_icon: on(ProofFlags::SHOW_CLOSE_ICON),
            show_publish_to_the_web: on(ProofFlags::SHOW_PUBLISH_TO_THE_WEB),
            show_print_comments: on(ProofFlags::SHOW_PRINT_COMMENTS),
            show_email_alert_settings: on(ProofFlags::SHOW_EMAIL_ALERT_SETTINGS),
            electronic_signatures: on(ProofFlags::ELECTRONIC_SIGNATURES),
            show_send_decision_confirmation_checkbox: on(ProofFlags::SHOW_SEND_DECISION_CONFIRMATION),
            show_proof_details: on(ProofFlags::SHOW_PROOF_DETAILS),
            show_proof_workflow: on(ProofFlags::SHOW_PROOF_WORKFLOW),
        }
    }
}

/// The switches that every request for a proof has, and their positions; `$auto_lock` is called
/// differently in different requests.
macro_rules! shared_switches {
    ($request:expr, $auto_lock:ident) => {
        vec![
            (ProofFlags::AUTHORIZED_ONLY, $request.authorized_only),
            (ProofFlags::SUBSCRIPTIONS, $request.enable_subscriptions),
            (ProofFlags::VALIDATE_SUBSCRIPTIONS, $request.enable_subscriptions_validation),
            (ProofFlags::AUTO_LOCK, $request.$auto_lock),
            (ProofFlags::DOWNLOAD, $request.enable_download),
            (ProofFlags::TEAM_URL, $request.enable_team_url),
            (ProofFlags::EMBED_PLAYER, $request.enable_embed_player),
            (ProofFlags::SHOW_DASHBOARD_LINK, $request.show_dashboard_link),
            (ProofFlags::SHOW_WORKSPACE_LINK, $request.show_workspace_link),
            (ProofFlags::SHOW_DETAILS_PAGE_LINK, $request.show_details_page_link),
            (ProofFlags::SHOW_VERSIONS_LINK, $request.show_versions_link),
            (ProofFlags::SHOW_HELP_LINK, $request.show_help_link),
            (ProofFlags::SHOW_HELP_QUICK_START_LINK, $request.show_help_quick_start_link),
            (ProofFlags::SHOW_HELP_USER_GUIDE_LINK, $request.show_help_user_guide_link),
            (ProofFlags::SHOW_HELP_WELCOME_SCREEN_LINK, $request.show_help_welcome_screen_link),
            (ProofFlags::SHOW_HELP_FORUM_LINK, $request.show_help_forum_link),
            (ProofFlags::SHOW_HELP_BLOG_LINK, $request.show_help_blog_link),
            (ProofFlags::SHOW_DASHBOARD_FUNCTIONS, $request.show_dashboard_functions),
            (ProofFlags::SHOW_CLOSE_ICON, $request.show_close_icon),
            (ProofFlags::SHOW_PUBLISH_TO_THE_WEB, $request.show_publish_to_the_web),
            (ProofFlags::SHOW_PRINT_COMMENTS, $request.show_print_comments),
            (ProofFlags::SHOW_EMAIL_ALERT_SETTINGS, $request.show_email_alert_settings),
            (ProofFlags::NO_SUBSCRIPTION_EMAIL, $request.disable_subscription_email),
            (ProofFlags::SHOW_PROOF_DETAILS, $request.show_proof_details),
            (ProofFlags::SHOW_PROOF_WORKFLOW, $request.show_proof_workflow),
        ]
    };
}
pub(crate) use shared_switches;

/// The same with those that requests for proofs without stages have; `$one_decision` is called
/// differently too.
macro_rules! switches {
    ($request:expr, $auto_lock:ident, $one_decision:ident) => {{
        let mut switches = super::settings::shared_switches!($request, $auto_lock);
        switches.extend([
            (ProofFlags::ONE_DECISION, $request.$one_decision),
            (ProofFlags::SHOW_SEND_DECISION_CONFIRMATION, $request.show_send_decision_confirmation_checkbox),
        ]);
        switches
    }};
}
pub(super) use switches;
