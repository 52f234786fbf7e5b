//! Users and people who may own proofs.

use soap::{SoapObject, SoapRequest};

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
