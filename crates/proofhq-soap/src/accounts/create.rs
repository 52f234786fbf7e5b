//! New accounts.

use super::{AccountObject, SatelliteAccountObject};
use crate::backend::{ServiceBackend, given};
use crate::dispatch::{Backend, Handler, OpenHandler};
use crate::faults;
use crate::users::confirmed;
use galley_service::{AccountInput, ServiceError, UserCaller};
use soap::{Fault, SoapRequest};
use std::sync::Arc;

/// Opens an account with its first user, a billing administrator. Billing administrators of the server's first account may; where the server allows sign-ups, everybody may, with or without a session.
#[derive(SoapRequest)]
#[soap(operation = "createAccount", answer = AccountObject, section = "Accounts")]
pub struct CreateAccount {
    /// Session to act in; empty to sign up.
    #[soap(name = "SessionID")]
    pub session_id: Option<String>,
    /// Time zone, such as Europe/Vienna; UTC when empty.
    #[soap(name = "Timezone")]
    pub timezone: Option<String>,
    /// Name of the organisation.
    #[soap(name = "OrganisationName")]
    pub organisation_name: Option<String>,
    /// E-mail address of the first user.
    #[soap(name = "EmailAddress")]
    pub email_address: Option<String>,
    /// Their first name.
    #[soap(name = "FirstName")]
    pub first_name: Option<String>,
    /// Their last name.
    #[soap(name = "LastName")]
    pub last_name: Option<String>,
    /// Their password.
    #[soap(name = "Password")]
    pub password: Option<String>,
    /// The password again.
    #[soap(name = "ConfirmPassword")]
    pub confirm_password: Option<String>,
    /// Whether to tell them by mail.
    #[soap(name = "SendConfirmationEmail")]
    pub send_confirmation_email: Option<bool>,
    /// Their OpenID.
    #[soap(name = "OpenID")]
    pub open_id: Option<String>,
    /// Taken and not used: nothing is paid for.
    #[soap(name = "Promocode")]
    pub promocode: Option<String>,
    /// Taken and not used: where the sign-up came from.
    #[soap(name = "UserAgent", since = "16.24")]
    pub user_agent: Option<String>,
    /// Whether the account sends no mail about proofs.
    #[soap(name = "DisableProofEmails", since = "16.24")]
    pub disable_proof_emails: Option<bool>,
    /// Telephone of the organisation.
    #[soap(name = "Telephone", since = "16.24")]
    pub telephone: Option<String>,
    /// Reference of your own, given back with the account.
    #[soap(name = "ReferenceID", since = "16.24")]
    pub reference_id: Option<String>,
}

/// Opens a satellite of the caller's account, on the same plan. Billing administrators only.
#[derive(SoapRequest)]
#[soap(operation = "createSatelliteAccount", answer = SatelliteAccountObject, section = "Accounts")]
pub struct CreateSatelliteAccount {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// Name of the satellite.
    #[soap(name = "Name", required)]
    pub name: String,
    /// Time zone, such as Europe/Vienna; that of the hub when empty.
    #[soap(name = "Timezone")]
    pub timezone: Option<String>,
    /// Taken and not used: nothing is paid for.
    #[soap(name = "Promocode")]
    pub promocode: Option<String>,
    /// Whether the account sends no mail about proofs.
    #[soap(name = "DisableProofEmails", since = "16.24")]
    pub disable_proof_emails: Option<bool>,
    /// Reference of your own, given back with the account.
    #[soap(name = "ReferenceID", since = "16.24")]
    pub reference_id: Option<String>,
}

/// A part that has to be there. This operation checks the session itself, so it also looks for parts
/// itself, after the session.
fn needed(part: &'static str, text: &Option<String>) -> Result<String, Fault> {
    given(text).map(str::to_owned).ok_or_else(|| faults::missing_parameter("string", part))
}

impl OpenHandler<ServiceBackend> for CreateAccount {
    fn handle(self, backend: &ServiceBackend) -> Result<AccountObject, Fault> {
        let caller = given(&self.session_id).map(|session| backend.caller(session)).transpose()?;
        if caller.is_none() && !backend.service.config().open_sign_up {
            return Err(faults::of(ServiceError::NoSession));
        }
        let input = AccountInput {
            name: needed("OrganisationName", &self.organisation_name)?,
            email: needed("EmailAddress", &self.email_address)?,
            first_name: needed("FirstName", &self.first_name)?,
            last_name: needed("LastName", &self.last_name)?,
            password: confirmed(&self.password, &self.confirm_password)?
                .map(str::to_owned)
                .ok_or_else(|| faults::missing_parameter("string", "Password"))?,
            time_zone: self.timezone.unwrap_or_default(),
            openid: self.open_id,
            notify: self.send_confirmation_email == Some(true),
            proof_mail_off: self.disable_proof_emails == Some(true),
            telephone: self.telephone.unwrap_or_default(),
            reference: self.reference_id.unwrap_or_default(),
        };
        let look = backend.service.create_account(caller.as_deref(), &input).map_err(faults::of)?;
        // Whoever signed up reads times as their first user will.
        let reader = match (caller, look.users.first()) {
            (Some(caller), _) => caller,
            (None, Some(first)) => {
                Arc::new(backend.service.act_as(first.record.user.id).map_err(faults::of)?)
            }
            (None, None) => return Err(faults::internal()),
        };
        Ok(AccountObject::of(backend, &reader, look))
    }
}

impl Handler<ServiceBackend> for CreateSatelliteAccount {
    fn handle(
        self,
        backend: &ServiceBackend,
        caller: &Arc<UserCaller>,
    ) -> Result<SatelliteAccountObject, Fault> {
        let look = backend
            .service
            .create_satellite(
                caller,
                &self.name,
                self.timezone.as_deref().unwrap_or_default(),
                self.disable_proof_emails == Some(true),
                self.reference_id.as_deref().unwrap_or_default(),
            )
            .map_err(faults::of)?;
        Ok(SatelliteAccountObject::of(backend, caller, look))
    }
}
