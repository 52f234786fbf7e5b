//! Mails about logins (`product.md` 6.2).

use super::desk::{Desk, by};
use super::letter::Letter;
use galley_model::{Event, Timestamp, UserId};
use galley_store::{NewMail, StoreError, Write};

impl Desk {
    /// Tells somebody that they have a login, and where they choose a password if they have none.
    pub(super) fn welcome(
        &self,
        tx: &Write<'_>,
        event: &Event,
        user: UserId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let Some(account) = tx.account(event.account)? else { return Ok(()) };
        let by = by(tx, event)?;
        let brand = self.brand(tx, &account)?;
        let link = tx.password_link_of(user, now)?;
        let (lead, button) = match link {
            Some((code, _)) => (
                format!(
                    "{} made it for you. Choose a password to sign in with; the link is good for a week.",
                    by.name
                ),
                ("Choose a password", self.choose(&code)),
            ),
            None => (
                format!("{} made it for you. They know the password, if they chose one.", by.name),
                ("Sign in", format!("{}/login", self.public_url)),
            ),
        };
        let letter = Letter {
            heading: format!("You have a login at {}", brand.name),
            lead,
            button: Some((button.0.to_owned(), button.1)),
            footer: format!("You get this mail because {} gave you a login at {}.", by.name, brand.name),
            brand,
            ..Letter::default()
        };
        self.to_login(tx, event, user, "user_invited", letter, by.email.as_deref(), now)
    }

    /// The way back in for somebody who forgot their password.
    pub(super) fn password_forgotten(
        &self,
        tx: &Write<'_>,
        event: &Event,
        user: UserId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let Some(account) = tx.account(event.account)? else { return Ok(()) };
        // A link that was used meanwhile is not needed any more.
        let Some((code, _)) = tx.password_link_of(user, now)? else { return Ok(()) };
        let brand = self.brand(tx, &account)?;
        let letter = Letter {
            heading: "Choose a new password".to_owned(),
            lead: "Somebody, hopefully you, asked for a new password. The link is good for a day, and once."
                .to_owned(),
            button: Some(("Choose a password".to_owned(), self.choose(&code))),
            footer: format!(
                "If you did not ask, you need not do anything: your password at {} stays as it is.",
                brand.name
            ),
            brand,
            ..Letter::default()
        };
        self.to_login(tx, event, user, "password_forgotten", letter, None, now)
    }

    /// Tells somebody at their new address that they sign in with it from now on.
    pub(super) fn new_address(
        &self,
        tx: &Write<'_>,
        event: &Event,
        user: UserId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let Some(account) = tx.account(event.account)? else { return Ok(()) };
        let by = by(tx, event)?;
        let brand = self.brand(tx, &account)?;
        let letter = Letter {
            heading: format!("Your login at {} has a new address", brand.name),
            lead: format!("{} changed it. Your password stays the same.", by.name),
            button: Some(("Sign in".to_owned(), format!("{}/login", self.public_url))),
            footer: format!("You get this mail because you have a login at {}.", brand.name),
            brand,
            ..Letter::default()
        };
        self.to_login(tx, event, user, "user_address_changed", letter, by.email.as_deref(), now)
    }

    fn choose(&self, code: &str) -> String {
        format!("{}/password/{code}", self.public_url)
    }

    #[allow(clippy::too_many_arguments, reason = "a mail is made of these")]
    fn to_login(
        &self,
        tx: &Write<'_>,
        event: &Event,
        user: UserId,
        kind: &str,
        mut letter: Letter,
        reply_to: Option<&str>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let Some(user) = tx.user(user)? else { return Ok(()) };
        letter.facts = vec![("E-mail".to_owned(), user.email.clone())];
        let mail = NewMail {
            account: user.account,
            proof: None,
            kind,
            to_name: &user.name(),
            to_email: &user.email,
            reply_to,
            subject: &letter.heading,
            text: &letter.text(),
            html: &letter.html(),
            send: self.send,
            happened: event.at,
        };
        tx.add_mail(&mail, now)?;
        Ok(())
    }
}
