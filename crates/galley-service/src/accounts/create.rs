//! New accounts.

use super::{AccountLook, check_billing, look};
use crate::error::bad_name;
use crate::users::{Newcomer, UserEdit, add_login, known_zone};
use crate::{Service, ServiceError, UserCaller, secrets};
use galley_model::{
    Account, Actor, Address, EventKind, PasswordRules, Plan, Profile, Timestamp, clean_name, edited,
};
use galley_store::{AccountChanges, NewAccount, StoreError, Write};

/// An account to be, with its first user: the creator, a billing administrator.
#[derive(Clone, Debug, Default)]
pub struct AccountInput {
    /// Name of the organisation.
    pub name: String,
    /// IANA zone name; UTC when empty.
    pub time_zone: String,
    /// Address of the first user.
    pub email: String,
    /// Their given name.
    pub first_name: String,
    /// Their family name.
    pub last_name: String,
    /// Their password.
    pub password: String,
    /// Their OpenID.
    pub openid: Option<String>,
    /// Tell them by mail.
    pub notify: bool,
    /// No mail about proofs is sent.
    pub proof_mail_off: bool,
    /// Telephone of the organisation.
    pub telephone: String,
    /// Reference of the caller's own.
    pub reference: String,
}

/// Everything of an account that is there from the start.
struct Start<'a> {
    new: NewAccount<'a>,
    address: &'a Address,
    reference: &'a str,
    proof_mail_off: bool,
}

fn add(tx: &Write<'_>, start: &Start<'_>, actor: &Actor, now: Timestamp) -> Result<Account, ServiceError> {
    let new = &start.new;
    let id = tx.add_account(new, now)?;
    let changes = AccountChanges {
        name: new.name,
        address: start.address,
        reference: start.reference,
        proof_mail_off: start.proof_mail_off,
    };
    tx.update_account(id, &changes)?;
    let kind = EventKind::AccountCreated { name: new.name.to_owned(), hub: new.hub };
    tx.append(id, None, now, actor, &kind)?;
    Ok(tx.account(id)?.ok_or(StoreError::Corrupt("accounts"))?)
}

impl Service {
    /// Opens an account that depends on no other one. Billing administrators of the first account of the
    /// server may: those who run it. Where the server is open for it, so may anybody, on the smallest plan.
    ///
    /// # Errors
    /// [`ServiceError::NoSession`] for nobody in particular where the server is not open,
    /// [`ServiceError::Denied`] for everybody else, [`ServiceError::Conflict`] when the address has a
    /// login, [`ServiceError::Invalid`] for what cannot be. Nothing is created then.
    pub fn create_account(
        &self,
        caller: Option<&UserCaller>,
        input: &AccountInput,
    ) -> Result<AccountLook, ServiceError> {
        let open = self.config().open_sign_up;
        let runs_server = match caller {
            Some(caller) => {
                caller.profile() == Profile::BillingAdmin
                    && self.store().read(|tx| tx.first_account())? == Some(caller.account())
            }
            None => false,
        };
        match caller {
            Some(_) if !runs_server && !open => {
                return Err(ServiceError::Denied("only billing administrators of the server open accounts"));
            }
            None if !open => return Err(ServiceError::NoSession),
            _ => {}
        }
        let name = clean_name(&input.name).map_err(bad_name("organisation name"))?;
        let time_zone = match input.time_zone.trim() {
            "" => "UTC".to_owned(),
            zone => known_zone(zone)?,
        };
        let telephone = edited("", Some(&input.telephone)).map_err(bad_name("telephone"))?;
        let reference = edited("", Some(&input.reference)).map_err(bad_name("reference"))?;
        let hash = self.hash_new_password(&PasswordRules::default(), &input.password)?;
        let token = secrets::code(self.inner.random.as_ref(), crate::users::TOKEN_LENGTH);
        let creator = UserEdit {
            first_name: Some(input.first_name.clone()),
            last_name: Some(input.last_name.clone()),
            profile: Some(Profile::BillingAdmin),
            openid: input.openid.clone(),
            ..UserEdit::default()
        };
        let plan = if runs_server { Plan::UNLIMITED } else { Plan::STANDARD };
        let actor = caller.map_or_else(Actor::system, UserCaller::actor);
        let now = self.now();
        self.store().write(|tx| {
            let start = Start {
                new: NewAccount { hub: None, name: &name, time_zone: &time_zone, plan },
                address: &Address { telephone, ..Address::default() },
                reference: &reference,
                proof_mail_off: input.proof_mail_off,
            };
            let account = add(tx, &start, &actor, now)?;
            let first = Newcomer {
                email: &input.email,
                password_hash: Some(&hash),
                token: &token,
                edit: &creator,
                notify: input.notify,
            };
            add_login(tx, &actor, &account, &first, now)?;
            look(tx, account, now)
        })
    }

    /// Opens a satellite of the caller's account, on the same plan and at the same address. It has no
    /// users yet; administrators of the hub act in it.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] for who is no billing administrator and in a satellite,
    /// [`ServiceError::Invalid`] for the name and the zone.
    pub fn create_satellite(
        &self,
        caller: &UserCaller,
        name: &str,
        time_zone: &str,
        proof_mail_off: bool,
        reference: &str,
    ) -> Result<AccountLook, ServiceError> {
        check_billing(caller)?;
        let name = clean_name(name).map_err(bad_name("name"))?;
        let reference = edited("", Some(reference)).map_err(bad_name("reference"))?;
        let zone = match time_zone.trim() {
            "" => None,
            zone => Some(known_zone(zone)?),
        };
        let now = self.now();
        self.store().write(|tx| {
            let hub = super::reach(tx, caller, None)?;
            if hub.hub.is_some() {
                return Err(ServiceError::Denied("a satellite account has no satellites of its own"));
            }
            let start = Start {
                new: NewAccount {
                    hub: Some(hub.id),
                    name: &name,
                    time_zone: zone.as_deref().unwrap_or(&hub.time_zone),
                    plan: hub.plan,
                },
                address: &hub.address,
                reference: &reference,
                proof_mail_off,
            };
            let account = add(tx, &start, &caller.actor(), now)?;
            look(tx, account, now)
        })
    }
}
