//! First things: accounts and logins, made by the administrator's commands and by demo data.

use crate::{Service, ServiceError, UserCaller, secrets};
use galley_model::{AccountId, Plan, Profile, Role, User, UserId, email_address};
use galley_store::{NewAccount, NewPerson, NewUser, StoreError};

/// A login to be.
#[derive(Clone, Debug)]
pub struct UserInput {
    /// Address.
    pub email: String,
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// Job title.
    pub position: String,
    /// Account-wide rights.
    pub profile: Profile,
    /// Password; none for a login that only has a token.
    pub password: Option<String>,
    /// API token.
    pub api_token: Option<String>,
    /// IANA zone name.
    pub time_zone: String,
}

impl Service {
    /// Whether nobody has set up this server yet.
    ///
    /// # Errors
    /// [`ServiceError`] when the database fails.
    pub fn is_empty(&self) -> Result<bool, ServiceError> {
        Ok(!self.store().read(|tx| tx.has_accounts())?)
    }

    /// Adds an account. Not for callers from outside: it asks for nobody's right.
    ///
    /// # Errors
    /// [`ServiceError`] when the database fails.
    pub fn add_account(&self, name: &str, time_zone: &str) -> Result<AccountId, ServiceError> {
        let now = self.now();
        let new = NewAccount { hub: None, name, time_zone, plan: Plan::UNLIMITED };
        Ok(self.store().write(|tx| tx.add_account(&new, now))?)
    }

    /// Adds a login. Not for callers from outside: it asks for nobody's right.
    ///
    /// # Errors
    /// [`ServiceError::Conflict`] when the address has a login, [`ServiceError::Invalid`] when it is none.
    pub fn add_user(&self, account: AccountId, input: &UserInput) -> Result<User, ServiceError> {
        let email = email_address(&input.email).map_err(crate::error::bad_name("email"))?;
        let password_hash = input
            .password
            .as_deref()
            .map(|p| secrets::hash_password(self.inner.random.as_ref(), p))
            .transpose()?;
        let api_token_hash = input.api_token.as_deref().map(secrets::token_hash);
        let now = self.now();
        self.store().write(|tx| {
            if tx.credentials(&email)?.is_some() {
                return Err(ServiceError::Conflict(format!("{email} has a login already.")));
            }
            let name = format!("{} {}", input.first_name, input.last_name);
            let person = match tx.person_by_email(account, &email)? {
                Some(person) => person.id,
                None => tx.add_person(
                    &NewPerson {
                        account,
                        email: &email,
                        name: name.trim(),
                        default_role: Role::ReviewerApprover,
                    },
                    now,
                )?,
            };
            let id = tx.add_user(
                &NewUser {
                    account,
                    person,
                    email: &email,
                    first_name: &input.first_name,
                    last_name: &input.last_name,
                    position: &input.position,
                    profile: input.profile,
                    time_zone: &input.time_zone,
                    default_role: Role::ReviewerApprover,
                    password_hash: password_hash.as_deref(),
                    api_token_hash: api_token_hash.as_deref(),
                },
                now,
            )?;
            Ok(tx.user(id)?.ok_or(StoreError::Corrupt("users"))?)
        })
    }

    /// Acts as a user without a session. Not for callers from outside: it asks for nobody's right.
    ///
    /// # Errors
    /// [`ServiceError::NoSession`] for an unknown user.
    pub fn act_as(&self, user: UserId) -> Result<UserCaller, ServiceError> {
        self.store().read(|tx| {
            let user = tx.user(user)?.ok_or(ServiceError::NoSession)?;
            let account = tx.account(user.account)?.map(|a| a.name).unwrap_or_default();
            Ok(UserCaller::new(user, account))
        })
    }
}
