//! Opening, checking and closing sessions.

use crate::backend::{ServiceBackend, alert_code};
use crate::dispatch::{Handler, OpenHandler, Pace};
use crate::faults;
use galley_model::{ProofFlags, Settings, UNLIMITED};
use galley_service::{LoginResult, UserCaller};
use soap::{Fault, SoapObject, SoapRequest};
use std::sync::Arc;

/// Opens a session with e-mail address and password. The result carries the session id, limits of the account and defaults for new proofs.
#[derive(SoapRequest)]
#[soap(operation = "doLogin", answer = LoginObject, section = "Sessions")]
pub struct DoLogin {
    /// E-mail address of the user.
    #[soap(name = "Login", required = "documented")]
    pub login: Option<String>,
    /// Password of the user.
    #[soap(name = "Password", required = "documented")]
    pub password: Option<String>,
}

/// Opens a session with e-mail address and API token.
#[derive(SoapRequest)]
#[soap(operation = "getSessionId", answer = LoginObject, section = "Sessions")]
pub struct GetSessionId {
    /// E-mail address of the user.
    #[soap(name = "EmailAddress", required = "documented")]
    pub email_address: Option<String>,
    /// API token of the user.
    #[soap(name = "AuthToken", required = "documented")]
    pub auth_token: Option<String>,
}

/// Tells whether a session is alive, and keeps it alive.
#[derive(SoapRequest)]
#[soap(operation = "checkSession", answer = bool, section = "Sessions")]
pub struct CheckSession {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
}

/// Ends a session.
#[derive(SoapRequest)]
#[soap(operation = "doLogout", answer = bool, section = "Sessions")]
pub struct DoLogout {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
}

/// What a login gives: the session, limits and defaults for new proofs.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPLoginObject")]
pub struct LoginObject {
    /// Session id for all further calls.
    pub session: String,
    /// Id of the user.
    pub user_id: i64,
    /// Full name of the user.
    pub user_name: String,
    /// E-mail address of the user.
    pub user_email: String,
    /// Id of the account.
    pub organisation_id: i64,
    /// Name of the account.
    pub organisation_name: String,
    /// Storage of the account in megabytes.
    pub limit_storage: i64,
    /// Proofs that the account may create a month.
    pub limit_proofs: i64,
    /// Largest file in megabytes.
    pub max_file_size: i64,
    /// Default subject of invitations.
    pub default_subject: String,
    /// Default text of invitations.
    pub default_message: String,
    /// Host that takes uploads.
    #[soap(since = "16.24")]
    pub default_upload_host: String,
    /// Default alert level as a number.
    pub default_email_notifications: String,
    /// Whether new proofs need a login.
    pub default_authorized_only: bool,
    /// Whether people may add themselves to new proofs.
    pub default_enable_subscriptions: bool,
    /// Whether people who add themselves have to follow a link sent by mail.
    pub default_validate_subscriptions: bool,
    /// Whether new proofs lock themselves once all decisions are made.
    pub default_auto_lock: bool,
    /// Whether the first decision on new proofs is the only one.
    pub default_lock_after_first_decision: bool,
    /// Whether files of new proofs may be downloaded.
    pub default_enable_download: bool,
    /// Whether new proofs have a public link.
    pub default_enable_team_url: bool,
    /// Whether new proofs may be embedded.
    pub default_enable_embed_player: bool,
    /// Whether the viewer links to the dashboard.
    pub default_show_dashboard_link: bool,
    /// Whether the viewer links to the workspace.
    pub default_show_workspace_link: bool,
    /// Whether the viewer links to the details of the proof.
    pub default_show_details_page_link: bool,
    /// Whether the viewer links to other versions.
    pub default_show_versions_link: bool,
    /// Whether the viewer shows help.
    pub default_show_help_link: bool,
    /// Whether help includes the quick start.
    pub default_show_help_quick_start_link: bool,
    /// Whether help includes the user's guide.
    pub default_show_help_user_guide_link: bool,
    /// Whether help includes the welcome screen.
    pub default_show_help_welcome_screen_link: bool,
    /// Whether help includes the forum.
    pub default_show_help_forum_link: bool,
    /// Whether help includes the blog.
    pub default_show_help_blog_link: bool,
    /// Domain of the account.
    #[soap(since = "16.24")]
    pub domain: String,
    /// Whether the user may create workspaces.
    #[soap(since = "16.24")]
    pub can_create_folder: bool,
    /// Whether the user may create private workspaces.
    #[soap(since = "16.24")]
    pub can_create_private_folder: bool,
}

impl LoginObject {
    fn of(backend: &ServiceBackend, login: LoginResult) -> LoginObject {
        let (caller, account, settings) = (login.caller, login.account, Settings::default());
        let url = backend.service.config().public_url.as_str();
        let creates = caller.profile().creates();
        let on = |flag| settings.flags.has(flag);
        LoginObject {
            session: login.session,
            user_id: caller.id().0,
            user_name: caller.user.name(),
            user_email: caller.user.email.clone(),
            organisation_id: caller.account().0,
            organisation_name: caller.account_name.clone(),
            limit_storage: account.plan.storage_mb,
            limit_proofs: account.plan.proofs,
            max_file_size: i64::try_from(backend.service.config().max_upload >> 20).unwrap_or(UNLIMITED),
            // Files are uploaded where everything else is.
            default_upload_host: url.split_once("://").map_or(url, |(_, host)| host).to_owned(),
            domain: account.domain,
            can_create_folder: creates,
            can_create_private_folder: creates,
            default_email_notifications: alert_code(Some(caller.user.default_alert)),
            default_authorized_only: on(ProofFlags::AUTHORIZED_ONLY),
            default_enable_subscriptions: on(ProofFlags::SUBSCRIPTIONS),
            default_validate_subscriptions: on(ProofFlags::VALIDATE_SUBSCRIPTIONS),
            default_auto_lock: on(ProofFlags::AUTO_LOCK),
            default_lock_after_first_decision: on(ProofFlags::ONE_DECISION),
            default_enable_download: on(ProofFlags::DOWNLOAD),
            default_enable_team_url: on(ProofFlags::TEAM_URL),
            default_enable_embed_player: on(ProofFlags::EMBED_PLAYER),
            default_show_dashboard_link: on(ProofFlags::SHOW_DASHBOARD_LINK),
            default_show_workspace_link: on(ProofFlags::SHOW_WORKSPACE_LINK),
            default_show_details_page_link: on(ProofFlags::SHOW_DETAILS_PAGE_LINK),
            default_show_versions_link: on(ProofFlags::SHOW_VERSIONS_LINK),
            default_show_help_link: on(ProofFlags::SHOW_HELP_LINK),
            default_show_help_quick_start_link: on(ProofFlags::SHOW_HELP_QUICK_START_LINK),
            default_show_help_user_guide_link: on(ProofFlags::SHOW_HELP_USER_GUIDE_LINK),
            default_show_help_welcome_screen_link: on(ProofFlags::SHOW_HELP_WELCOME_SCREEN_LINK),
            default_show_help_forum_link: on(ProofFlags::SHOW_HELP_FORUM_LINK),
            default_show_help_blog_link: on(ProofFlags::SHOW_HELP_BLOG_LINK),
            ..LoginObject::default()
        }
    }
}

impl OpenHandler<ServiceBackend> for DoLogin {
    /// Without address or password the answer is the one for wrong ones.
    fn handle(self, backend: &ServiceBackend) -> Result<LoginObject, Fault> {
        let (login, password) = (self.login.unwrap_or_default(), self.password.unwrap_or_default());
        let result = backend.service.login(login.trim(), &password).map_err(faults::of)?;
        Ok(LoginObject::of(backend, result))
    }
}

impl OpenHandler<ServiceBackend> for GetSessionId {
    fn handle(self, backend: &ServiceBackend) -> Result<LoginObject, Fault> {
        let (email, token) = (self.email_address.unwrap_or_default(), self.auth_token.unwrap_or_default());
        let result = backend.service.login_with_token(email.trim(), token.trim()).map_err(faults::of)?;
        Ok(LoginObject::of(backend, result))
    }
}

impl Handler<ServiceBackend> for CheckSession {
    const PACE: Option<fn(&CheckSession) -> Pace> = Some(|_| Pace::AtOnce);

    fn handle(self, _: &ServiceBackend, _: &Arc<UserCaller>) -> Result<bool, Fault> {
        Ok(true)
    }
}

impl Handler<ServiceBackend> for DoLogout {
    fn handle(self, backend: &ServiceBackend, _: &Arc<UserCaller>) -> Result<bool, Fault> {
        backend.service.logout(&self.session_id.unwrap_or_default()).map_err(faults::of)?;
        Ok(true)
    }
}
