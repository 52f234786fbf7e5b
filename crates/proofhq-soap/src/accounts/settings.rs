//! What accounts decide about themselves, and reading them.

use super::{
    AccountObject, AccountPasswordSettingsObject, AccountProofingDefaultsObject, MembershipObject,
    PlanObject, SatelliteAccountObject,
};
use crate::backend::{ServiceBackend, account_id, given};
use crate::dispatch::Handler;
use crate::faults;
use galley_model::{AccountId, AddressEdit, PasswordRules, ViewerMessages};
use galley_service::{AccountEdit, UserCaller};
use soap::{Fault, SoapRequest};
use std::sync::Arc;

/// Changes an account's name, address and options. What is not sent stays, what is sent empty is cleared; the name stays then. Administrators only.
#[derive(SoapRequest)]
#[soap(operation = "updateAccount", answer = AccountObject, section = "Accounts")]
pub struct UpdateAccount {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// Name of the organisation.
    #[soap(name = "OrganisationName")]
    pub organisation_name: Option<String>,
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
    /// Whether the account sends no mail about proofs.
    #[soap(name = "DisableProofEmails", since = "16.24")]
    pub disable_proof_emails: Option<bool>,
    /// Reference of your own, given back with the account.
    #[soap(name = "ReferenceID", since = "16.24")]
    pub reference_id: Option<String>,
    /// Account to act on; the caller's own when empty.
    #[soap(name = "AccountID", since = "16.24")]
    pub account_id: Option<i64>,
}

/// Sets what the account asks of passwords and what it does about guessing. What is not sent stays. Administrators only.
#[derive(SoapRequest)]
#[soap(operation = "setAccountPasswordSettings", answer = AccountPasswordSettingsObject, section = "Accounts")]
pub struct SetAccountPasswordSettings {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// Fewest characters, 1 to 100.
    #[soap(name = "PasswordLength")]
    pub password_length: Option<i64>,
    /// Fewest lower-case letters, up to 20.
    #[soap(name = "LowercaseCharacters")]
    pub lowercase_characters: Option<i64>,
    /// Fewest upper-case letters, up to 20.
    #[soap(name = "UppercaseCharacters")]
    pub uppercase_characters: Option<i64>,
    /// Fewest digits, up to 20.
    #[soap(name = "NumericCharacters")]
    pub numeric_characters: Option<i64>,
    /// Fewest characters that are neither letter nor digit, up to 20.
    #[soap(name = "SymbolCharacters")]
    pub symbol_characters: Option<i64>,
    /// How often one character may occur, up to 100; 0 for any number.
    #[soap(name = "CharactersRepetition")]
    pub characters_repetition: Option<i64>,
    /// Days after which a password has to be replaced, up to 3650; 0 for never.
    #[soap(name = "PasswordLifetime")]
    pub password_lifetime: Option<i64>,
    /// Failed logins in a row that lock a login, 1 to 100.
    #[soap(name = "BruteforceAttempts")]
    pub bruteforce_attempts: Option<i64>,
    /// Minutes for which it stays locked, 1 to 10080.
    #[soap(name = "BruteforceLockTime")]
    pub bruteforce_lock_time: Option<i64>,
}

/// Sets what the viewer says to reviewers. What is not sent stays, what is sent empty is cleared. Administrators only.
#[derive(SoapRequest)]
#[soap(operation = "setAccountProofingDefaults", answer = AccountProofingDefaultsObject, section = "Accounts")]
pub struct SetAccountProofingDefaults {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// Shown when a proof is opened for the first time; empty for nothing.
    #[soap(name = "OnLoadMessage")]
    pub on_load_message: Option<String>,
    /// Shown when a decision is made; empty for nothing.
    #[soap(name = "OnDecisionMessage")]
    pub on_decision_message: Option<String>,
    /// Label of the button that agrees; empty for OK.
    #[soap(name = "ConfirmButton")]
    pub confirm_button: Option<String>,
    /// Label of the button that does not.
    #[soap(name = "CancelButton")]
    pub cancel_button: Option<String>,
}

/// Returns an account with its users, plan and settings. Administrators only.
#[derive(SoapRequest)]
#[soap(operation = "getAccountDetails", answer = AccountObject, section = "Accounts")]
pub struct GetAccountDetails {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// Account to act on; the caller's own when empty.
    #[soap(name = "AccountID")]
    pub account_id: Option<i64>,
}

/// Lists the satellites of the caller's account. Administrators only.
#[derive(SoapRequest)]
#[soap(operation = "getSatelliteAccounts", answer = Vec<SatelliteAccountObject>, section = "Accounts")]
pub struct GetSatelliteAccounts {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
}

/// Copies how the caller's account shows itself (logo, accent colour, name, help links) to a satellite of it, replacing what the satellite had. Billing administrators only.
#[derive(SoapRequest)]
#[soap(operation = "copyAccountBranding", answer = bool, section = "Accounts", since = "12.7")]
pub struct CopyAccountBranding {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The satellite.
    #[soap(name = "SatelliteAccountID", required)]
    pub satellite_account_id: i64,
}

/// Sets the domain that an account goes by. It cannot be changed later. Administrators only.
#[derive(SoapRequest)]
#[soap(operation = "setAccountDomain", answer = AccountObject, section = "Accounts", since = "14.4")]
pub struct SetAccountDomain {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// Account to act on; the caller's own when empty.
    #[soap(name = "AccountID")]
    pub account_id: Option<i64>,
    /// Domain, such as proofs.example.com, or its first label alone.
    #[soap(name = "Domain", required)]
    pub domain: String,
}

/// Lists the plans that the caller's account may have. They are limits and cost nothing. Billing administrators only.
#[derive(SoapRequest)]
#[soap(operation = "getBillingPlans", answer = Vec<PlanObject>, section = "Accounts")]
pub struct GetBillingPlans {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
}

/// Gives an account another plan. Users beyond its limit are switched off. Billing administrators only.
#[derive(SoapRequest)]
#[soap(operation = "updateBillingPlan", answer = MembershipObject, section = "Accounts")]
pub struct UpdateBillingPlan {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The plan, as listed by getBillingPlans.
    #[soap(name = "PlanID", required)]
    pub plan_id: String,
    /// Account to act on; the caller's own when empty.
    #[soap(name = "AccountID")]
    pub account_id: Option<String>,
}

impl Handler<ServiceBackend> for UpdateAccount {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<AccountObject, Fault> {
        let edit = AccountEdit {
            name: self.organisation_name,
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
            proof_mail_off: self.disable_proof_emails,
            reference: self.reference_id,
        };
        let account = account_id(self.account_id);
        let look = backend.service.update_account(caller, account, &edit).map_err(faults::of)?;
        Ok(AccountObject::of(backend, caller, look))
    }
}

impl Handler<ServiceBackend> for SetAccountPasswordSettings {
    fn handle(
        self,
        backend: &ServiceBackend,
        caller: &Arc<UserCaller>,
    ) -> Result<AccountPasswordSettingsObject, Fault> {
        let change = |now: PasswordRules| PasswordRules {
            length: self.password_length.unwrap_or(now.length),
            lowercase: self.lowercase_characters.unwrap_or(now.lowercase),
            uppercase: self.uppercase_characters.unwrap_or(now.uppercase),
            digits: self.numeric_characters.unwrap_or(now.digits),
            symbols: self.symbol_characters.unwrap_or(now.symbols),
            repetition: self.characters_repetition.unwrap_or(now.repetition),
            lifetime_days: self.password_lifetime.unwrap_or(now.lifetime_days),
            attempts: self.bruteforce_attempts.unwrap_or(now.attempts),
            lock_minutes: self.bruteforce_lock_time.unwrap_or(now.lock_minutes),
        };
        let rules = backend.service.set_password_rules(caller, change).map_err(faults::of)?;
        Ok(AccountPasswordSettingsObject::of(&rules))
    }
}

impl Handler<ServiceBackend> for SetAccountProofingDefaults {
    fn handle(
        self,
        backend: &ServiceBackend,
        caller: &Arc<UserCaller>,
    ) -> Result<AccountProofingDefaultsObject, Fault> {
        let change = |now: ViewerMessages| ViewerMessages {
            on_load: self.on_load_message.unwrap_or(now.on_load),
            on_decision: self.on_decision_message.unwrap_or(now.on_decision),
            confirm: self.confirm_button.unwrap_or(now.confirm),
            cancel: self.cancel_button.unwrap_or(now.cancel),
        };
        let messages = backend.service.set_viewer_messages(caller, change).map_err(faults::of)?;
        Ok(AccountProofingDefaultsObject::of(messages))
    }
}

impl Handler<ServiceBackend> for GetAccountDetails {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<AccountObject, Fault> {
        let look = backend.service.account_look(caller, account_id(self.account_id)).map_err(faults::of)?;
        Ok(AccountObject::of(backend, caller, look))
    }
}

impl Handler<ServiceBackend> for GetSatelliteAccounts {
    fn handle(
        self,
        backend: &ServiceBackend,
        caller: &Arc<UserCaller>,
    ) -> Result<Vec<SatelliteAccountObject>, Fault> {
        let found = backend.service.satellites(caller).map_err(faults::of)?;
        Ok(found.into_iter().map(|look| SatelliteAccountObject::of(backend, caller, look)).collect())
    }
}

impl Handler<ServiceBackend> for CopyAccountBranding {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<bool, Fault> {
        let satellite = AccountId(self.satellite_account_id);
        backend.service.copy_branding(caller, satellite).map_err(faults::of)?;
        Ok(true)
    }
}

impl Handler<ServiceBackend> for SetAccountDomain {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<AccountObject, Fault> {
        let account = account_id(self.account_id);
        let look = backend.service.set_account_domain(caller, account, &self.domain).map_err(faults::of)?;
        Ok(AccountObject::of(backend, caller, look))
    }
}

impl Handler<ServiceBackend> for GetBillingPlans {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<Vec<PlanObject>, Fault> {
        let plans = backend.service.plans(caller).map_err(faults::of)?;
        Ok(plans.iter().map(PlanObject::of).collect())
    }
}

impl Handler<ServiceBackend> for UpdateBillingPlan {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<MembershipObject, Fault> {
        // Both ids are texts here; what is no number leads nowhere.
        let plan = self.plan_id.trim().parse().unwrap_or(0);
        let account = match given(&self.account_id) {
            Some(text) => account_id(Some(text.parse().unwrap_or(-1))),
            None => None,
        };
        let look = backend.service.set_plan(caller, account, plan).map_err(faults::of)?;
        Ok(MembershipObject::of(caller, &look))
    }
}
