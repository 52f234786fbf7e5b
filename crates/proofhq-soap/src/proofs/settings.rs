//! Settings of a proof on the wire.

use soap::SoapObject;

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
