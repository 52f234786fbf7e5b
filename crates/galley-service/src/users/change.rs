//! Adding and changing users.

use super::{UserLook, administered, check_last_administrator, check_room};
use crate::accounts::reach;
use crate::error::bad_name;
use crate::{Service, ServiceError, UserCaller, secrets};
use galley_model::{
    Account, AccountId, Actor, AddressEdit, Alert, EventKind, Profile, Role, Timestamp, User, UserId,
    UserRecord, UserStatus, edited, email_address, may_administer,
};
use galley_store::{NewPerson, NewUser, StoreError, UserChanges, Write};
use jiff::tz::TimeZone;

/// Length of an API token: 238 bits.
pub(crate) const TOKEN_LENGTH: usize = 40;

/// What is asked for a user. What is not given stays, or is the default of a new one.
#[derive(Clone, Debug, Default)]
pub struct UserEdit {
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// Job title.
    pub position: Option<String>,
    /// Account-wide rights.
    pub profile: Option<Profile>,
    /// Where they are.
    pub address: AddressEdit,
    /// OpenID.
    pub openid: Option<String>,
    /// Language of the interface.
    pub language: Option<String>,
    /// IANA zone name.
    pub time_zone: Option<String>,
    /// How they like dates.
    pub date_format: Option<String>,
    /// They may be sent news.
    pub marketing_mail: Option<bool>,
    /// Logs in through the API only.
    pub api_only: Option<bool>,
    /// They are told when a proof of theirs is ready.
    pub proof_ready_mail: Option<bool>,
    /// How much mail they want.
    pub default_alert: Option<Alert>,
    /// That is also to hold for the proofs they are on.
    pub alert_on_proofs: bool,
    /// Reference of the caller's own.
    pub reference: Option<String>,
}

/// The record after an edit.
fn apply(record: &UserRecord, edit: &UserEdit) -> Result<UserRecord, ServiceError> {
    let user = &record.user;
    let text = |field: &'static str, now: &str, to: &Option<String>| {
        edited(now, to.as_deref()).map_err(bad_name(field))
    };
    let time_zone = match edit.time_zone.as_deref().map(str::trim).filter(|zone| !zone.is_empty()) {
        Some(zone) => known_zone(zone)?,
        None => user.time_zone.clone(),
    };
    Ok(UserRecord {
        user: User {
            first_name: text("first name", &user.first_name, &edit.first_name)?,
            last_name: text("last name", &user.last_name, &edit.last_name)?,
            position: text("position", &user.position, &edit.position)?,
            profile: edit.profile.unwrap_or(user.profile),
            time_zone,
            default_alert: edit.default_alert.unwrap_or(user.default_alert),
            api_only: edit.api_only.unwrap_or(user.api_only),
            ..user.clone()
        },
        address: record.address.edited(&edit.address).map_err(bad_name("address"))?,
        openid: text("openid", &record.openid, &edit.openid)?,
        language: text("language", &record.language, &edit.language)?,
        date_format: text("date format", &record.date_format, &edit.date_format)?,
        marketing_mail: edit.marketing_mail.unwrap_or(record.marketing_mail),
        proof_ready_mail: edit.proof_ready_mail.unwrap_or(record.proof_ready_mail),
        reference: text("reference", &record.reference, &edit.reference)?,
        last_login: record.last_login,
    })
}

/// A zone that the server knows.
pub(crate) fn known_zone(name: &str) -> Result<String, ServiceError> {
    let shown: String = name.chars().take(40).collect();
    match TimeZone::get(name) {
        Ok(_) => Ok(name.to_owned()),
        Err(_) => Err(ServiceError::Invalid("time zone", format!("There is no time zone '{shown}'."))),
    }
}

fn write(tx: &Write<'_>, to: &UserRecord) -> Result<(), ServiceError> {
    let user = &to.user;
    tx.update_user(
        user.id,
        &UserChanges {
            first_name: &user.first_name,
            last_name: &user.last_name,
            position: &user.position,
            profile: user.profile,
            time_zone: &user.time_zone,
            default_alert: user.default_alert,
            api_only: user.api_only,
            address: &to.address,
            openid: &to.openid,
            language: &to.language,
            date_format: &to.date_format,
            marketing_mail: to.marketing_mail,
            proof_ready_mail: to.proof_ready_mail,
            reference: &to.reference,
        },
    )?;
    Ok(tx.set_person_name(user.person, &user.name())?)
}

/// A login to be added, its secrets hashed already.
pub(crate) struct Newcomer<'a> {
    pub email: &'a str,
    pub password_hash: Option<&'a str>,
    pub token: &'a str,
    pub edit: &'a UserEdit,
    pub notify: bool,
}

/// Adds a login to an account. Somebody who is a guest there keeps what they are on.
pub(crate) fn add_login(
    tx: &Write<'_>,
    actor: &Actor,
    account: &Account,
    new: &Newcomer<'_>,
    now: Timestamp,
) -> Result<UserRecord, ServiceError> {
    let email = email_address(new.email).map_err(bad_name("email"))?;
    if tx.credentials(&email)?.is_some() {
        return Err(ServiceError::Conflict(format!("{email} has a login already.")));
    }
    check_room(tx, account)?;
    let person = match tx.person_by_email(account.id, &email)? {
        Some(person) => person.id,
        None => {
            let role = Role::ReviewerApprover;
            tx.add_person(
                &NewPerson { account: account.id, email: &email, name: &email, default_role: role },
                now,
            )?
        }
    };
    let id = tx.add_user(
        &NewUser {
            account: account.id,
            person,
            email: &email,
            first_name: "",
            last_name: "",
            position: "",
            profile: Profile::Manager,
            time_zone: &account.time_zone,
            default_role: Role::ReviewerApprover,
            password_hash: new.password_hash,
            api_token_hash: Some(&secrets::token_hash(new.token)),
        },
        now,
    )?;
    let fresh = tx.user_record(id)?.ok_or(StoreError::Corrupt("users"))?;
    let record = apply(&fresh, new.edit)?;
    write(tx, &record)?;
    let kind = EventKind::UserCreated {
        user: id,
        email,
        name: record.user.name(),
        profile: record.user.profile,
        notify: new.notify,
    };
    tx.append(account.id, None, now, actor, &kind)?;
    Ok(record)
}

impl Service {
    /// Adds a user to an account. Also gives the API token, which is never shown again.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for who does not administer users, [`ServiceError::Denied`] when an
    /// administrator makes a billing administrator, [`ServiceError::NotFound`] for an account out of
    /// reach, [`ServiceError::Conflict`] when the address has a login or the plan has no room,
    /// [`ServiceError::Invalid`] for what cannot be.
    pub fn create_user(
        &self,
        caller: &UserCaller,
        account: Option<AccountId>,
        email: &str,
        password: Option<&str>,
        edit: &UserEdit,
        notify: bool,
    ) -> Result<(UserLook, String), ServiceError> {
        may_administer(caller.profile(), None, edit.profile.unwrap_or(Profile::Manager))?;
        let account = self.store().read(|tx| reach(tx, caller, account))?;
        let password_hash =
            password.map(|text| self.hash_new_password(&account.password_rules, text)).transpose()?;
        let token = secrets::code(self.inner.random.as_ref(), TOKEN_LENGTH);
        let now = self.now();
        let record = self.store().write(|tx| {
            let account = reach(tx, caller, Some(account.id))?;
            let new =
                Newcomer { email, password_hash: password_hash.as_deref(), token: &token, edit, notify };
            let record = add_login(tx, &caller.actor(), &account, &new, now)?;
            if notify && password.is_none() {
                self.let_choose(tx, record.user.id, now)?;
            }
            Ok::<_, ServiceError>(record)
        })?;
        Ok((UserLook::of(caller, record), token))
    }

    /// Changes a user.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`], [`ServiceError::Denied`], [`ServiceError::NotFound`],
    /// [`ServiceError::Conflict`] when the last administrator would be none, [`ServiceError::Invalid`].
    pub fn update_user(
        &self,
        caller: &UserCaller,
        account: Option<AccountId>,
        id: UserId,
        edit: &UserEdit,
    ) -> Result<UserLook, ServiceError> {
        let now = self.now();
        let record = self.store().write(|tx| -> Result<UserRecord, ServiceError> {
            let (account, before) = administered(tx, caller, account, id)?;
            let after = apply(&before, edit)?;
            let (user, profile) = (&after.user, after.user.profile);
            may_administer(caller.profile(), Some(before.user.profile), profile)?;
            let moved = profile != before.user.profile;
            if moved {
                // Whoever becomes an administrator is one more; nobody else replaces the last one.
                let kept = profile == Profile::BillingAdmin
                    || (profile == Profile::Admin && before.user.profile == Profile::Admin);
                if !kept {
                    check_last_administrator(tx, &before.user)?;
                }
            }
            if after == before && !edit.alert_on_proofs {
                return Ok(before);
            }
            write(tx, &after)?;
            if edit.alert_on_proofs {
                tx.set_alerts_of_person(user.person, user.default_alert)?;
            }
            let (actor, email) = (caller.actor(), user.email.clone());
            tx.append(
                account.id,
                None,
                now,
                &actor,
                &EventKind::UserUpdated { user: id, email: email.clone() },
            )?;
            if moved {
                let kind = EventKind::UserProfileChanged { user: id, email, profile };
                tx.append(account.id, None, now, &actor, &kind)?;
            }
            Ok(after)
        })?;
        // What a session may do changes at once.
        self.inner.sessions.forget(&[id]);
        Ok(UserLook::of(caller, record))
    }

    /// Switches a user on or off. Somebody switched off loses all sessions; switched on, a login is not
    /// locked either. What is so already stays so and is no event.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`], [`ServiceError::Denied`], [`ServiceError::NotFound`],
    /// [`ServiceError::Conflict`] for the last administrator and where the plan has no room.
    pub fn set_user_active(
        &self,
        caller: &UserCaller,
        account: Option<AccountId>,
        id: UserId,
        active: bool,
    ) -> Result<(), ServiceError> {
        let now = self.now();
        self.store().write(|tx| -> Result<(), ServiceError> {
            let (account, UserRecord { user, .. }) = administered(tx, caller, account, id)?;
            let was = user.status == UserStatus::Activated;
            match (was, active) {
                (true, true) => return Ok(tx.set_user_status(id, UserStatus::Activated)?),
                (false, false) => return Ok(()),
                (false, true) => check_room(tx, &account)?,
                (true, false) => check_last_administrator(tx, &user)?,
            }
            let email = user.email;
            let kind = if active {
                tx.set_user_status(id, UserStatus::Activated)?;
                EventKind::UserActivated { user: id, email }
            } else {
                tx.set_user_status(id, UserStatus::Disabled)?;
                tx.delete_sessions(id, "")?;
                EventKind::UserDeactivated { user: id, email }
            };
            tx.append(account.id, None, now, &caller.actor(), &kind)?;
            Ok(())
        })?;
        self.inner.sessions.forget(&[id]);
        Ok(())
    }

    /// Gives a user another password. All their sessions end, but for the one that does it.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`], [`ServiceError::Denied`], [`ServiceError::NotFound`],
    /// [`ServiceError::Invalid`] when the account's rules refuse the password.
    pub fn set_user_password(
        &self,
        caller: &UserCaller,
        account: Option<AccountId>,
        id: UserId,
        password: &str,
    ) -> Result<(), ServiceError> {
        let (found, _) = self.store().read(|tx| administered(tx, caller, account, id))?;
        let hash = self.hash_new_password(&found.password_rules, password)?;
        let now = self.now();
        self.store().write(|tx| -> Result<(), ServiceError> {
            let (account, record) = administered(tx, caller, account, id)?;
            tx.set_password(id, &hash, now)?;
            tx.delete_sessions(id, caller.session_hash())?;
            let kind = EventKind::UserPasswordChanged { user: id, email: record.user.email };
            tx.append(account.id, None, now, &caller.actor(), &kind)?;
            Ok(())
        })?;
        self.inner.sessions.forget(&[id]);
        Ok(())
    }

    /// Gives a user another address to log in with. `notify`: tell them at the new one.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`], [`ServiceError::Denied`], [`ServiceError::NotFound`],
    /// [`ServiceError::Conflict`] when somebody else has the address, [`ServiceError::Invalid`].
    pub fn set_user_email(
        &self,
        caller: &UserCaller,
        account: Option<AccountId>,
        id: UserId,
        email: &str,
        notify: bool,
    ) -> Result<(), ServiceError> {
        let now = self.now();
        self.store().write(|tx| -> Result<(), ServiceError> {
            let (account, UserRecord { user, .. }) = administered(tx, caller, account, id)?;
            let email = email_address(email).map_err(bad_name("email"))?;
            if email == user.email {
                return Ok(());
            }
            if tx.credentials(&email)?.is_some_and(|other| other.user.id != id) {
                return Err(ServiceError::Conflict(format!("{email} has a login already.")));
            }
            if tx.person_by_email(account.id, &email)?.is_some_and(|other| other.id != user.person) {
                return Err(ServiceError::Conflict(format!("{email} is another contact's address.")));
            }
            tx.set_user_email(id, &email)?;
            tx.set_person_email(user.person, &email)?;
            let kind = EventKind::UserEmailChanged { user: id, old: user.email, email, notify };
            tx.append(account.id, None, now, &caller.actor(), &kind)?;
            Ok(())
        })?;
        self.inner.sessions.forget(&[id]);
        Ok(())
    }
}
