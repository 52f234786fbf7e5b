//! Choosing a password by a link in a mail: whoever got a login without one, and whoever forgot theirs
//! (`product.md` 6.2 and 9.5).

use crate::sessions::LoginResult;
use crate::{Missing, Service, ServiceError, UserCaller, secrets};
use galley_model::{EventKind, PasswordRules, Timestamp, User, UserId, UserStatus};
use galley_store::{StoreError, Write};
use jiff::SignedDuration;

/// Letters and digits of a code.
const CODE_LENGTH: usize = 32;

/// How long an invitation is good for.
const INVITED: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How long a link for a forgotten password is good for.
const FORGOTTEN: SignedDuration = SignedDuration::from_hours(24);

/// An address is not mailed again within so long.
const PAUSE: SignedDuration = SignedDuration::from_mins(5);

/// Whose password a link is for.
#[derive(Clone, Debug)]
pub struct PasswordLink {
    /// The address they log in with.
    pub email: String,
    /// What the password has to be like.
    pub rules: PasswordRules,
}

impl Service {
    /// Lets a login that has no password choose one; the mail of the event that made it has the link.
    pub(crate) fn let_choose(
        &self,
        tx: &Write<'_>,
        user: UserId,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let code = secrets::code(self.inner.random.as_ref(), CODE_LENGTH);
        Ok(tx.add_password_link(&code, user, now, now + INVITED)?)
    }

    /// Has a link mailed by which whoever reads the mails of an address chooses another password. What
    /// they have stays good until they do.
    ///
    /// An address without a login, and one that asks again within five minutes, gets no mail; nobody is
    /// told, so that nobody learns who has a login.
    ///
    /// # Errors
    /// [`ServiceError`] when the database fails.
    pub fn ask_for_password(&self, email: &str) -> Result<(), ServiceError> {
        let code = secrets::code(self.inner.random.as_ref(), CODE_LENGTH);
        let now = self.now();
        self.store().write(|tx| {
            let Some(user) = tx.credentials(email)?.map(|found| found.user).filter(usable) else {
                return Ok(());
            };
            if tx.password_link_of(user.id, now)?.is_some_and(|(_, made)| made > now - PAUSE) {
                return Ok(());
            }
            tx.add_password_link(&code, user.id, now, now + FORGOTTEN)?;
            let kind = EventKind::UserPasswordForgotten { user: user.id, email: user.email.clone() };
            let actor = UserCaller::new(user.clone(), String::new()).actor();
            tx.append(user.account, None, now, &actor, &kind)?;
            Ok(())
        })
    }

    /// Whose password a link is for, and what it has to be like.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for a code that was used, has ended or never was.
    pub fn password_link(&self, code: &str) -> Result<PasswordLink, ServiceError> {
        let now = self.now();
        self.store().read(|tx| {
            let user = tx.user_by_password_link(code, now)?.filter(usable);
            let user = user.ok_or(ServiceError::NotFound(Missing::Link))?;
            let account = tx.account(user.account)?.ok_or(StoreError::Corrupt("accounts"))?;
            Ok(PasswordLink { email: user.email, rules: account.password_rules })
        })
    }

    /// Sets the password of the login that a link is for, and logs in. All links and sessions of that
    /// login end, and it is no longer locked after failures.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] as [`Service::password_link`]; [`ServiceError::Invalid`] when the
    /// account's rules refuse the password, and then the link stays good.
    pub fn choose_password(&self, code: &str, password: &str) -> Result<LoginResult, ServiceError> {
        let link = self.password_link(code)?;
        let hash = self.hash_new_password(&link.rules, password)?;
        let now = self.now();
        let user = self.store().write(|tx| -> Result<User, ServiceError> {
            // Of two that use the link at once, one does.
            let user = tx.user_by_password_link(code, now)?.filter(usable);
            let user = user.ok_or(ServiceError::NotFound(Missing::Link))?;
            tx.set_password(user.id, &hash, now)?;
            tx.set_login_attempts(user.id, 0, None)?;
            tx.delete_password_links(user.id)?;
            tx.delete_sessions(user.id, "")?;
            let kind = EventKind::UserPasswordChanged { user: user.id, email: user.email.clone() };
            let actor = UserCaller::new(user.clone(), String::new()).actor();
            tx.append(user.account, None, now, &actor, &kind)?;
            Ok(user)
        })?;
        self.inner.sessions.forget(&[user.id]);
        self.open_session(user)
    }
}

/// Whether a login is for the web at all.
fn usable(user: &User) -> bool {
    user.status == UserStatus::Activated && !user.api_only
}
