//! Users on the wire.

use crate::backend::{ServiceBackend, alert_code, minutes, role_code};
use galley_model::{Profile, ProofFlags, Settings, User};
use galley_service::{UserCaller, UserLook};
use soap::SoapObject;

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
    /// Token that getSessionId takes. Only addUser shows it, once: no more than a hash of it is kept.
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

impl UserObject {
    /// A user as the caller may see them.
    pub(crate) fn of(backend: &ServiceBackend, caller: &UserCaller, look: UserLook) -> UserObject {
        let record = look.record;
        let user = record.user;
        let locked = user.locked_until.is_some_and(|until| until > backend.service.now());
        let mut object = UserObject {
            id: user.id.0,
            status: if locked { "locked" } else { user.status.as_str() }.to_owned(),
            permissions: PermissionsObject::of(user.profile),
            proofing_defaults: UserProofingDefaultsObject::of(&user),
            default_proof_role: user.default_role.code(),
            email: user.email,
            first_name: user.first_name,
            last_name: user.last_name,
            position: user.position,
            date_timezone: user.time_zone,
            openid: record.openid,
            date_format: record.date_format,
            language: record.language,
            reference_id: record.reference,
            ..UserObject::default()
        };
        if look.full {
            object.street = record.address.street;
            object.city = record.address.city;
            object.state = record.address.state;
            object.postcode = record.address.postcode;
            object.country = record.address.country;
            object.telephone = record.address.telephone;
            object.mobile = record.address.mobile;
            object.fax = record.address.fax;
            object.product_marketing_emails = record.marketing_mail;
            object.api_only = user.api_only;
            object.send_proof_ready_email = record.proof_ready_mail;
            object.last_login = minutes(record.last_login, caller);
        }
        object
    }
}

impl PermissionsObject {
    fn of(profile: Profile) -> PermissionsObject {
        PermissionsObject { id: profile.code(), name: profile.label().to_owned() }
    }
}

impl UserProofingDefaultsObject {
    /// New proofs start alike for everybody, but for the mail that a user wants.
    fn of(user: &User) -> UserProofingDefaultsObject {
        let settings = Settings::default();
        let on = |flag| settings.flags.has(flag);
        UserProofingDefaultsObject {
            subscriptions: on(ProofFlags::SUBSCRIPTIONS),
            default_role: role_code(settings.default_role),
            validate_subscriptions: on(ProofFlags::VALIDATE_SUBSCRIPTIONS),
            email_notifications: alert_code(Some(user.default_alert)),
            login_required: on(ProofFlags::AUTHORIZED_ONLY),
            autoclose: on(ProofFlags::AUTO_LOCK),
            one_decision: on(ProofFlags::ONE_DECISION),
            block_download: !on(ProofFlags::DOWNLOAD),
            ..UserProofingDefaultsObject::default()
        }
    }
}
