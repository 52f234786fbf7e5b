//! Users and people who may own proofs.

use crate::backend::{ServiceBackend, alert_code, role_code};
use crate::dispatch::Handler;
use crate::faults;
use galley_model::{AccountId, ProofFlags, Settings, Timestamp, User};
use galley_service::UserCaller;
use soap::{Fault, SoapObject, SoapRequest};
use std::sync::Arc;

/// Lists the users who may own proofs.
#[derive(SoapRequest)]
#[soap(operation = "getOwners", answer = Vec<ProfileObject>, section = "People")]
pub struct GetOwners {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
}

/// Lists the users of an account.
#[derive(SoapRequest)]
#[soap(operation = "getUsers", answer = Vec<UserObject>, section = "Users")]
pub struct GetUsers {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// Account whose users are asked for; the caller's own when empty.
    #[soap(name = "AccountID")]
    pub account_id: Option<i64>,
}

/// A user who may own proofs.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPProfileObject", array = "SOAPProfileObjectArray")]
pub struct ProfileObject {
    /// Its id.
    pub id: i64,
    /// E-mail address.
    pub email: String,
    /// Full name.
    pub name: String,
}

/// A user of an account.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPUserObject", array = "SOAPUserObjectArray")]
pub struct UserObject {
    /// Its id.
    pub id: i64,
    /// E-mail address.
    pub email: String,
    /// OpenID.
    pub openid: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Job title.
    pub position: String,
    /// `activated`, `disabled` or `locked`.
    pub status: String,
    /// Permission profile.
    pub permissions: PermissionsObject,
    /// Street.
    pub street: String,
    /// City.
    pub city: String,
    /// State or region.
    pub state: String,
    /// Postal code.
    pub postcode: String,
    /// Country, two letters.
    pub country: String,
    /// Telephone.
    pub telephone: String,
    /// Mobile telephone.
    pub mobile: String,
    /// Fax.
    pub fax: String,
    /// Time zone.
    pub date_timezone: String,
    /// Date format.
    pub date_format: String,
    /// Language.
    pub language: String,
    /// Defaults for new proofs.
    pub proofing_defaults: UserProofingDefaultsObject,
    /// Further e-mail addresses.
    pub email_aliases: Vec<UserEmailObject>,
    /// Whether they accept news by mail.
    #[soap(since = "12.7")]
    pub product_marketing_emails: bool,
    /// Whether they may only log in through the API.
    #[soap(since = "12.7")]
    pub api_only: bool,
    /// Whether they are told when a proof is ready.
    #[soap(since = "16.24")]
    pub send_proof_ready_email: bool,
    /// Token that getSessionId takes.
    #[soap(since = "15.18")]
    pub api_token: String,
    /// Reference of the caller's own.
    #[soap(since = "16.24")]
    pub reference_id: String,
    /// Default role on proofs.
    #[soap(since = "17.19")]
    pub default_proof_role: i64,
    /// When they last logged in.
    #[soap(since = "18.3")]
    pub last_login: String,
}

/// A permission profile.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPPermissionsObject")]
pub struct PermissionsObject {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
}

/// Defaults of a user for new proofs.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPUserProofingDefaultsObject")]
pub struct UserProofingDefaultsObject {
    /// Subject of invitations.
    pub subject: String,
    /// Text of invitations.
    pub message: String,
    /// Whether people may add themselves.
    pub subscriptions: bool,
    /// Role of people who add themselves.
    pub default_role: String,
    /// Whether people who add themselves have to follow a link sent by mail.
    pub validate_subscriptions: bool,
    /// Alert level.
    pub email_notifications: String,
    /// Whether only people who log in may see them.
    pub login_required: bool,
    /// Whether they lock themselves once all decisions are made.
    pub autoclose: bool,
    /// Whether the first decision is the only one.
    pub one_decision: bool,
    /// Whether the original file cannot be downloaded.
    pub block_download: bool,
}

/// A further e-mail address of a user.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPUserEmailObject", array = "SOAPUserEmailObjectArray")]
pub struct UserEmailObject {
    /// E-mail address.
    pub email: String,
    /// Whether it is confirmed.
    pub status: String,
}

impl Handler<ServiceBackend> for GetOwners {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<Vec<ProfileObject>, Fault> {
        let owners = backend.service.owners(caller).map_err(faults::of)?;
        let objects = owners.into_iter().map(|user| ProfileObject {
            id: user.id.0,
            name: user.name(),
            email: user.email,
        });
        Ok(objects.collect())
    }
}

impl Handler<ServiceBackend> for GetUsers {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<Vec<UserObject>, Fault> {
        let account = self.account_id.filter(|id| *id != 0).map(AccountId);
        let users = backend.service.users(caller, account).map_err(faults::of)?;
        let now = backend.service.now();
        Ok(users.into_iter().map(|user| UserObject::of(user, now)).collect())
    }
}

impl UserObject {
    fn of(user: User, now: Timestamp) -> UserObject {
        let locked = user.locked_until.is_some_and(|until| until > now);
        UserObject {
            id: user.id.0,
            status: if locked { "locked" } else { user.status.as_str() }.to_owned(),
            permissions: PermissionsObject { id: user.profile.code(), name: user.profile.label().to_owned() },
            email: user.email,
            first_name: user.first_name,
            last_name: user.last_name,
            position: user.position,
            date_timezone: user.time_zone,
            proofing_defaults: UserProofingDefaultsObject::of(&Settings::default()),
            ..UserObject::default()
        }
    }
}

impl UserProofingDefaultsObject {
    /// New proofs start alike for everybody.
    fn of(settings: &Settings) -> UserProofingDefaultsObject {
        let on = |flag| settings.flags.has(flag);
        UserProofingDefaultsObject {
            subscriptions: on(ProofFlags::SUBSCRIPTIONS),
            default_role: role_code(settings.default_role),
            validate_subscriptions: on(ProofFlags::VALIDATE_SUBSCRIPTIONS),
            email_notifications: alert_code(settings.default_alert),
            login_required: on(ProofFlags::AUTHORIZED_ONLY),
            autoclose: on(ProofFlags::AUTO_LOCK),
            one_decision: on(ProofFlags::ONE_DECISION),
            block_download: !on(ProofFlags::DOWNLOAD),
            ..UserProofingDefaultsObject::default()
        }
    }
}
