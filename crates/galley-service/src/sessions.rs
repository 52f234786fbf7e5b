//! Logging in and out. A session lasts 24 hours from its last use (`methods.md`, section 2).

use crate::{Service, ServiceError, UserCaller, secrets};
use galley_model::{Account, Actor, EventKind, Timestamp, User, UserId, UserStatus};
use galley_store::StoreError;
use jiff::SignedDuration;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How long a session lasts from its last use.
pub const SESSION_HOURS: i64 = 24;

/// A session found in the database is trusted for so long without looking again, which bounds how
/// long a change made by another process (an administrator's command) goes unnoticed.
const TRUST_SECONDS: i64 = 5;

/// The end of a session is written again when it moved by this much: a busy session costs one write
/// in five minutes, and a crash shortens it by no more.
const WRITE_EVERY_SECONDS: i64 = 5 * 60;

/// More sessions in memory than any server has users; beyond that the cache starts anew.
const MAX_CACHED: usize = 10_000;

/// Sessions looked up lately, by SHA-256 of their id.
#[derive(Default)]
pub(crate) struct Cache {
    entries: Mutex<Entries>,
}

#[derive(Default)]
struct Entries {
    by_key: HashMap<[u8; 32], Entry>,
    /// Grows when users are forgotten: what was read from the database before that is not kept.
    forgotten: u64,
}

impl Cache {
    fn lock(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets all sessions of these users. Called after the change that ended them is written.
    pub(crate) fn forget(&self, users: &[UserId]) {
        let mut entries = self.lock();
        entries.forgotten += 1;
        entries.by_key.retain(|_, entry| !users.contains(&entry.caller.id()));
    }
}

struct Entry {
    caller: Arc<UserCaller>,
    looked_up: Timestamp,
}

/// A fresh session.
#[derive(Clone, Debug)]
pub struct LoginResult {
    /// The session id: 26 lower-case letters and digits, as the original's. Shown once, kept as a hash.
    pub session: String,
    /// Whose it is.
    pub caller: Arc<UserCaller>,
    /// Their account.
    pub account: Account,
}

fn key(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

fn hours(n: i64) -> SignedDuration {
    SignedDuration::from_hours(n)
}

impl Service {
    /// Opens a session for an address and a password.
    ///
    /// # Errors
    /// [`ServiceError::BadCredentials`], [`ServiceError::LoginLocked`] after as many failures in a row as
    /// the account allows, [`ServiceError::PasswordExpired`].
    pub fn login(&self, email: &str, password: &str) -> Result<LoginResult, ServiceError> {
        let user = self.check_password(email, password)?;
        self.open_session(user)
    }

    /// The same on the web, where logins for the API alone get no session.
    ///
    /// # Errors
    /// As [`Service::login`], and [`ServiceError::ApiOnly`].
    pub fn login_on_web(&self, email: &str, password: &str) -> Result<LoginResult, ServiceError> {
        let user = self.check_password(email, password)?;
        if user.api_only { Err(ServiceError::ApiOnly) } else { self.open_session(user) }
    }

    fn check_password(&self, email: &str, password: &str) -> Result<User, ServiceError> {
        let now = self.now();
        let found = self.store().read(|tx| tx.credentials(email))?;
        let stored = found.as_ref().and_then(|c| c.password_hash.as_deref());
        let matches = secrets::verify_password(password, stored);
        let Some(found) = found else { return Err(ServiceError::BadCredentials) };
        if found.user.locked_until.is_some_and(|until| until > now) {
            return Err(ServiceError::LoginLocked);
        }
        if matches && found.user.status == UserStatus::Activated {
            return match found.rules.expired(found.password_set_at, now) {
                true => Err(ServiceError::PasswordExpired),
                false => Ok(found.user),
            };
        }
        self.store().write(|tx| -> Result<(), ServiceError> {
            // Read again inside the transaction: attempts made at the same time all count.
            let failed = tx.credentials(email)?.map_or(0, |c| c.failed_logins) + 1;
            let lock = found.rules.locks(failed);
            let until = lock.then(|| now + SignedDuration::from_mins(found.rules.lock_minutes));
            tx.set_login_attempts(found.user.id, if lock { 0 } else { failed }, until)?;
            let kind = EventKind::LoginFailed { email: found.user.email.clone() };
            tx.append(found.user.account, None, now, &Actor::system(), &kind)?;
            Ok(())
        })?;
        Err(ServiceError::BadCredentials)
    }

    /// Replaces a password by whoever knows it, which is also how one that expired is replaced. All
    /// sessions of that login end.
    ///
    /// # Errors
    /// [`ServiceError::BadCredentials`], [`ServiceError::LoginLocked`], [`ServiceError::Invalid`] when
    /// the account's rules refuse the new one.
    pub fn change_password(&self, email: &str, old: &str, new: &str) -> Result<(), ServiceError> {
        match self.check_password(email, old) {
            Ok(_) | Err(ServiceError::PasswordExpired) => {}
            Err(error) => return Err(error),
        }
        let found = self.store().read(|tx| tx.credentials(email))?.ok_or(ServiceError::BadCredentials)?;
        if old == new {
            return Err(ServiceError::Invalid("password", "The new password is the old one.".to_owned()));
        }
        let hash = self.hash_new_password(&found.rules, new)?;
        let (now, user) = (self.now(), found.user);
        self.store().write(|tx| -> Result<(), ServiceError> {
            tx.set_password(user.id, &hash, now)?;
            tx.delete_sessions(user.id, "")?;
            let kind = EventKind::UserPasswordChanged { user: user.id, email: user.email.clone() };
            let actor = UserCaller::new(user.clone(), String::new()).actor();
            tx.append(user.account, None, now, &actor, &kind)?;
            Ok(())
        })?;
        self.inner.sessions.forget(&[user.id]);
        Ok(())
    }

    /// Opens a session for an address and the API token of that user.
    ///
    /// # Errors
    /// [`ServiceError::BadCredentials`].
    pub fn login_with_token(&self, email: &str, token: &str) -> Result<LoginResult, ServiceError> {
        let hash = secrets::token_hash(token);
        let user = self.store().read(|tx| tx.user_by_api_token(email, &hash))?;
        match user {
            Some(user) if user.status == UserStatus::Activated => self.open_session(user),
            _ => Err(ServiceError::BadCredentials),
        }
    }

    pub(crate) fn open_session(&self, user: User) -> Result<LoginResult, ServiceError> {
        let now = self.now();
        let session = secrets::code(self.inner.random.as_ref(), 26).to_lowercase();
        let account = self.store().write(|tx| -> Result<Account, ServiceError> {
            // Checked again inside the transaction: a login switched off meanwhile gets no session.
            let user = tx.user(user.id)?.filter(|user| user.status == UserStatus::Activated);
            let user = user.ok_or(ServiceError::BadCredentials)?;
            tx.set_logged_in(user.id, now)?;
            tx.add_session(&secrets::token_hash(&session), user.id, now, now + hours(SESSION_HOURS))?;
            let actor = UserCaller::new(user.clone(), String::new()).actor();
            tx.append(user.account, None, now, &actor, &EventKind::SessionOpened { user: user.id })?;
            Ok(tx.account(user.account)?.ok_or(StoreError::Corrupt("accounts"))?)
        })?;
        let caller = UserCaller::new(user, account.name.clone()).in_session(secrets::token_hash(&session));
        Ok(LoginResult { session, caller: Arc::new(caller), account })
    }

    /// Whose session this is, if that is known without asking the database. Never blocks for long;
    /// the use counts as one.
    pub fn cached_session(&self, session: &str) -> Option<Arc<UserCaller>> {
        let now = self.now();
        let entries = self.inner.sessions.lock();
        let entry = entries.by_key.get(&key(session))?;
        let fresh = now.as_second() - entry.looked_up.as_second() < TRUST_SECONDS && now >= entry.looked_up;
        fresh.then(|| entry.caller.clone())
    }

    /// Whose session this is. Using it moves its end to 24 hours from now.
    ///
    /// # Errors
    /// [`ServiceError::NoSession`] when it is unknown or has ended.
    pub fn session(&self, session: &str) -> Result<Arc<UserCaller>, ServiceError> {
        if let Some(caller) = self.cached_session(session) {
            return Ok(caller);
        }
        let now = self.now();
        let hash = secrets::token_hash(session);
        let forgotten = self.inner.sessions.lock().forgotten;
        let found = self.store().read(|tx| tx.session(&hash))?;
        let Some(found) = found.filter(|s| s.expires_at > now && s.user.status == UserStatus::Activated)
        else {
            self.inner.sessions.lock().by_key.remove(&key(session));
            return Err(ServiceError::NoSession);
        };
        let end = now + hours(SESSION_HOURS);
        if end.as_second() - found.expires_at.as_second() >= WRITE_EVERY_SECONDS {
            self.store().write(|tx| tx.extend_session(&hash, end))?;
        }
        let caller = Arc::new(UserCaller::new(found.user, found.account_name).in_session(hash));
        let mut entries = self.inner.sessions.lock();
        if entries.by_key.len() >= MAX_CACHED {
            entries.by_key.clear();
        }
        if entries.forgotten == forgotten {
            entries.by_key.insert(key(session), Entry { caller: caller.clone(), looked_up: now });
        }
        Ok(caller)
    }

    /// Ends a session. One that is unknown is fine.
    ///
    /// # Errors
    /// [`ServiceError`] when the database fails.
    pub fn logout(&self, session: &str) -> Result<(), ServiceError> {
        self.inner.sessions.lock().by_key.remove(&key(session));
        self.store().write(|tx| tx.delete_session(&secrets::token_hash(session)))?;
        Ok(())
    }
}
