//! What an account decides about itself.

use super::{AccountLook, administered, look};
use crate::error::bad_name;
use crate::{Service, ServiceError, UserCaller};
use galley_model::{
    AccountId, AddressEdit, EventKind, PasswordRules, ViewerMessages, clean_name, domain_name, edited,
};
use galley_store::AccountChanges;

/// Longest message of the viewer and longest label of its buttons, in characters.
const MAX_MESSAGE: usize = 5_000;
const MAX_LABEL: usize = 100;

/// What is asked for an account. What is not given stays.
#[derive(Clone, Debug, Default)]
pub struct AccountEdit {
    /// Name of the organisation.
    pub name: Option<String>,
    /// Where it is.
    pub address: AddressEdit,
    /// No mail about proofs is sent.
    pub proof_mail_off: Option<bool>,
    /// Reference of the caller's own.
    pub reference: Option<String>,
}

fn bounded(field: &'static str, text: &str, most: usize) -> Result<String, ServiceError> {
    let text = text.trim();
    if text.chars().count() > most {
        return Err(ServiceError::Invalid(field, format!("The {field} may have at most {most} characters.")));
    }
    Ok(text.to_owned())
}

impl Service {
    /// Changes name, address and options of an account.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for who does not administer it, [`ServiceError::Invalid`].
    pub fn update_account(
        &self,
        caller: &UserCaller,
        asked: Option<AccountId>,
        edit: &AccountEdit,
    ) -> Result<AccountLook, ServiceError> {
        let now = self.now();
        self.store().write(|tx| {
            let mut account = administered(tx, caller, asked)?;
            if let Some(name) = edit.name.as_deref().filter(|name| !name.trim().is_empty()) {
                account.name = clean_name(name).map_err(bad_name("organisation name"))?;
            }
            account.address = account.address.edited(&edit.address).map_err(bad_name("address"))?;
            account.reference =
                edited(&account.reference, edit.reference.as_deref()).map_err(bad_name("reference"))?;
            account.proof_mail_off = edit.proof_mail_off.unwrap_or(account.proof_mail_off);
            let changes = AccountChanges {
                name: &account.name,
                address: &account.address,
                reference: &account.reference,
                proof_mail_off: account.proof_mail_off,
            };
            tx.update_account(account.id, &changes)?;
            let kind = EventKind::AccountUpdated { name: account.name.clone() };
            tx.append(account.id, None, now, &caller.actor(), &kind)?;
            look(tx, account, now)
        })
    }

    /// Gives an account the domain it goes by. Once it has one, it keeps it (`product.md` 9.4).
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for who does not administer it, [`ServiceError::Invalid`] for what is no
    /// domain, [`ServiceError::Conflict`] when another account has it or this one has another.
    pub fn set_account_domain(
        &self,
        caller: &UserCaller,
        asked: Option<AccountId>,
        domain: &str,
    ) -> Result<AccountLook, ServiceError> {
        let now = self.now();
        self.store().write(|tx| {
            let mut account = administered(tx, caller, asked)?;
            let domain = domain_name(domain).map_err(bad_name("domain"))?;
            if domain == account.domain {
                return look(tx, account, now);
            }
            if !account.domain.is_empty() {
                let text = "The domain of an account cannot be changed once it is set.";
                return Err(ServiceError::Conflict(text.to_owned()));
            }
            if tx.account_by_domain(&domain)?.is_some() {
                return Err(ServiceError::Conflict(format!("Another account has the domain {domain}.")));
            }
            tx.set_account_domain(account.id, &domain)?;
            let kind = EventKind::AccountDomainSet { domain: domain.clone() };
            tx.append(account.id, None, now, &caller.actor(), &kind)?;
            account.domain = domain;
            look(tx, account, now)
        })
    }

    /// Changes what the caller's account asks of passwords. It holds for passwords set from now on, and
    /// for every login.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for who does not administer it, [`ServiceError::Invalid`].
    pub fn set_password_rules(
        &self,
        caller: &UserCaller,
        change: impl FnOnce(PasswordRules) -> PasswordRules,
    ) -> Result<PasswordRules, ServiceError> {
        let now = self.now();
        self.store().write(|tx| {
            let account = administered(tx, caller, None)?;
            let rules = change(account.password_rules);
            rules.check()?;
            if rules != account.password_rules {
                tx.set_password_rules(account.id, &rules)?;
                tx.append(account.id, None, now, &caller.actor(), &EventKind::PasswordRulesChanged)?;
            }
            Ok(rules)
        })
    }

    /// Changes what the viewer says to reviewers of the caller's account.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for who does not administer it, [`ServiceError::Invalid`].
    pub fn set_viewer_messages(
        &self,
        caller: &UserCaller,
        change: impl FnOnce(ViewerMessages) -> ViewerMessages,
    ) -> Result<ViewerMessages, ServiceError> {
        let now = self.now();
        self.store().write(|tx| {
            let account = administered(tx, caller, None)?;
            let to = change(account.messages.clone());
            let messages = ViewerMessages {
                on_load: bounded("message", &to.on_load, MAX_MESSAGE)?,
                on_decision: bounded("message", &to.on_decision, MAX_MESSAGE)?,
                confirm: bounded("label", &to.confirm, MAX_LABEL)?,
                cancel: bounded("label", &to.cancel, MAX_LABEL)?,
            };
            if messages != account.messages {
                tx.set_viewer_messages(account.id, &messages)?;
                tx.append(account.id, None, now, &caller.actor(), &EventKind::ViewerMessagesChanged)?;
            }
            Ok(messages)
        })
    }
}
