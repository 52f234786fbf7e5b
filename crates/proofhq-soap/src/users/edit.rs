//! Adding and changing users.

use super::UserObject;
use crate::backend::{ServiceBackend, account_id, given};
use crate::dispatch::Handler;
use crate::faults;
use galley_model::{AddressEdit, Alert, Profile, UserId};
use galley_service::{UserCaller, UserEdit};
use soap::{Fault, SoapRequest};
use std::sync::Arc;

/// Adds a user to an account. A guest with that address becomes the user and keeps the proofs they are on.
#[derive(SoapRequest)]
#[soap(operation = "addUser", answer = UserObject, section = "Users")]
pub struct AddUser {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// Account to add the user to; the caller's own when empty.
    #[soap(name = "AccountID")]
    pub account_id: Option<i64>,
    /// E-mail address to log in with; unique on the server.
    #[soap(name = "EmailAddress", required)]
    pub email_address: String,
    /// First name.
    #[soap(name = "FirstName", required)]
    pub first_name: String,
    /// Last name.
    #[soap(name = "LastName", required)]
    pub last_name: String,
    /// Job title.
    #[soap(name = "Position")]
    pub position: Option<String>,
    /// Permission profile: 1 billing administrator, 2 administrator, 3 supervisor, 4 manager, 5 observer, 6 visitor.
    #[soap(name = "PermissionsID", required)]
    pub permissions_id: i64,
    /// Password; without one the user cannot log in with a password until one is set.
    #[soap(name = "Password")]
    pub password: Option<String>,
    /// The password again.
    #[soap(name = "ConfirmPassword")]
    pub confirm_password: Option<String>,
    /// Whether to tell the user by mail.
    #[soap(name = "SendConfirmationEmail")]
    pub send_confirmation_email: Option<bool>,
    /// OpenID.
    #[soap(name = "OpenID")]
    pub open_id: Option<String>,
    /// Time zone, such as Europe/Vienna; that of the account when empty.
    #[soap(name = "Timezone")]
    pub timezone: Option<String>,
    /// Whether the user accepts news by mail.
    #[soap(name = "ProductMarketingEmails")]
    pub product_marketing_emails: Option<bool>,
    /// Whether the user may only log in through the API.
    #[soap(name = "APIOnly")]
    pub api_only: Option<bool>,
    /// Whether the user is told when a proof is ready.
    #[soap(name = "SendProofReadyEmail", since = "16.24")]
    pub send_proof_ready_email: Option<bool>,
    /// Alert level: 1 to 5, or 9 for none.
    #[soap(name = "DefaultEmailNotifications", since = "16.24")]
    pub default_email_notifications: Option<i64>,
    /// Reference of your own, given back with the user.
    #[soap(name = "ReferenceID", since = "16.24")]
    pub reference_id: Option<String>,
}

/// Changes a user. What is not sent stays, what is sent empty is cleared.
#[derive(SoapRequest)]
#[soap(operation = "updateUser", answer = UserObject, section = "Users")]
pub struct UpdateUser {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The user, as listed by getUsers.
    #[soap(name = "UserID", required)]
    pub user_id: i64,
    /// First name.
    #[soap(name = "FirstName")]
    pub first_name: Option<String>,
    /// Last name.
    #[soap(name = "LastName")]
    pub last_name: Option<String>,
    /// Job title.
    #[soap(name = "Position")]
    pub position: Option<String>,
    /// Permission profile: 1 to 6.
    #[soap(name = "PermissionsID")]
    pub permissions_id: Option<i64>,
    /// Street.
    #[soap(name = "Street")]
    pub street: Option<String>,
    /// City.
    #[soap(name = "City")]
    pub city: Option<String>,
    /// State or region.
    #[soap(name = "State")]
    pub state: Option<String>,
    /// Postal code.
    #[soap(name = "Postcode")]
    pub postcode: Option<String>,
    /// Country, two letters.
    #[soap(name = "Country")]
    pub country: Option<String>,
    /// Telephone.
    #[soap(name = "Telephone")]
    pub telephone: Option<String>,
    /// Mobile telephone.
    #[soap(name = "Mobile")]
    pub mobile: Option<String>,
    /// Fax.
    #[soap(name = "Fax")]
    pub fax: Option<String>,
    /// Language.
    #[soap(name = "Language")]
    pub language: Option<String>,
    /// Time zone, such as Europe/Vienna.
    #[soap(name = "Timezone")]
    pub timezone: Option<String>,
    /// Date format.
    #[soap(name = "DateFormat")]
    pub date_format: Option<String>,
    /// OpenID.
    #[soap(name = "OpenID")]
    pub open_id: Option<String>,
    /// Whether the user accepts news by mail.
    #[soap(name = "ProductMarketingEmails")]
    pub product_marketing_emails: Option<bool>,
    /// Whether the user may only log in through the API.
    #[soap(name = "APIOnly")]
    pub api_only: Option<bool>,
    /// Account of the user; found by the user when empty.
    #[soap(name = "AccountID", since = "16.24")]
    pub account_id: Option<i64>,
    /// Whether the user is told when a proof is ready.
    #[soap(name = "SendProofReadyEmail", since = "16.24")]
    pub send_proof_ready_email: Option<bool>,
    /// Alert level: 1 to 5, or 9 for none.
    #[soap(name = "DefaultEmailNotifications", since = "16.24")]
    pub default_email_notifications: Option<i64>,
    /// Whether the alert level also holds for the proofs that the user is on.
    #[soap(name = "UpdateExistingProofsEmailNotifications", since = "16.24")]
    pub update_existing_proofs_email_notifications: Option<bool>,
    /// Reference of your own, given back with the user.
    #[soap(name = "ReferenceID", since = "16.24")]
    pub reference_id: Option<String>,
}

/// The profile with a number.
fn profile(code: i64) -> Result<Profile, Fault> {
    Profile::from_code(code).ok_or_else(|| faults::invalid_value("PermissionsID", &code.to_string()))
}

/// The alert level of a person: not the ones that only make sense on a proof.
fn personal_alert(code: Option<i64>) -> Result<Option<Alert>, Fault> {
    let Some(code) = code else { return Ok(None) };
    Alert::from_code(code)
        .filter(|alert| !matches!(alert, Alert::OwnDefault | Alert::FinalDecision))
        .map(Some)
        .ok_or_else(|| faults::invalid_value("DefaultEmailNotifications", &code.to_string()))
}

/// A password, sent once or twice. No password is nothing.
pub(crate) fn confirmed<'p>(
    password: &'p Option<String>,
    again: &Option<String>,
) -> Result<Option<&'p str>, Fault> {
    let Some(password) = password.as_deref().filter(|text| !text.is_empty()) else { return Ok(None) };
    match again.as_deref() {
        Some(again) if !again.is_empty() && again != password => {
            Err(faults::invalid_parameter("Parameters 'Password' and 'ConfirmPassword' differ."))
        }
        _ => Ok(Some(password)),
    }
}

impl Handler<ServiceBackend> for AddUser {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<UserObject, Fault> {
        let edit = UserEdit {
            profile: Some(profile(self.permissions_id)?),
            default_alert: personal_alert(self.default_email_notifications)?,
            first_name: Some(self.first_name),
            last_name: Some(self.last_name),
            position: self.position,
            openid: self.open_id,
            time_zone: self.timezone,
            marketing_mail: self.product_marketing_emails,
            api_only: self.api_only,
            proof_ready_mail: self.send_proof_ready_email,
            reference: self.reference_id,
            ..UserEdit::default()
        };
        let password = confirmed(&self.password, &self.confirm_password)?;
        let notify = self.send_confirmation_email == Some(true);
        let account = account_id(self.account_id);
        let (look, token) = backend
            .service
            .create_user(caller, account, &self.email_address, password, &edit, notify)
            .map_err(faults::of)?;
        Ok(UserObject { api_token: token, ..UserObject::of(backend, caller, look) })
    }
}

impl Handler<ServiceBackend> for UpdateUser {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<UserObject, Fault> {
        let edit = UserEdit {
            profile: self.permissions_id.filter(|id| *id != 0).map(profile).transpose()?,
            default_alert: personal_alert(self.default_email_notifications)?,
            alert_on_proofs: self.update_existing_proofs_email_notifications == Some(true),
            first_name: self.first_name,
            last_name: self.last_name,
            position: self.position,
            address: AddressEdit {
                street: self.street,
                city: self.city,
                state: self.state,
                postcode: self.postcode,
                country: self.country,
                telephone: self.telephone,
                mobile: self.mobile,
                fax: self.fax,
            },
            language: self.language,
            time_zone: given(&self.timezone).map(str::to_owned),
            date_format: self.date_format,
            openid: self.open_id,
            marketing_mail: self.product_marketing_emails,
            api_only: self.api_only,
            proof_ready_mail: self.send_proof_ready_email,
            reference: self.reference_id,
        };
        let (account, user) = (account_id(self.account_id), UserId(self.user_id));
        let look = backend.service.update_user(caller, account, user, &edit).map_err(faults::of)?;
        Ok(UserObject::of(backend, caller, look))
    }
}
