//! Mail: from events to an outbox, and from there to a mail server.

mod desk;
mod dropzone;
mod invitations;
mod letter;
mod letters;
mod logins;
mod smtp;
mod summaries;
mod threads;

use crate::Notifier;
use galley_model::{LogoSize, Timestamp, mail_retry};
use galley_store::StoreError;
use jiff::SignedDuration;

pub(crate) use desk::Desk;
pub(crate) use smtp::Sender;

/// The name of this reader's cursor.
const READER: &str = "mail";

/// Events turned into mails in one transaction.
const EVENTS_AT_ONCE: i64 = 100;

/// Mails sent in one round.
const MAILS_AT_ONCE: i64 = 50;

/// Where logos are, below the public address.
const LOGOS: &str = "/api/v1/branding/logos/";

/// Mails that are done with are shown for so long.
const KEEP: SignedDuration = SignedDuration::from_hours(24 * 90);

impl Notifier {
    /// One round: turns new events into mails and sends those that are due. Says when the next one is.
    ///
    /// # Errors
    /// [`StoreError`]. What a mail server refuses is no error; it is written down with the mail.
    pub async fn deliver_mail(&self) -> Result<Option<Timestamp>, StoreError> {
        while self.blocking(Notifier::read_for_mail).await? {}
        let due = self
            .blocking(|n| {
                let now = n.now();
                n.inner.store.write(|tx| tx.forget_mails(now - KEEP))?;
                n.inner.store.read(|tx| tx.due_mails(now, MAILS_AT_ONCE))
            })
            .await?;
        if let Some(sender) = &self.inner.sender {
            for mail in due {
                let html = mail.html.clone();
                let logo = self.blocking(move |n| n.logo_in(&html)).await?;
                let (problem, next) = match sender.send(&mail, logo).await {
                    Ok(()) => (None, None),
                    Err(refusal) => {
                        let wait = if refusal.for_good { None } else { mail_retry(mail.attempts + 1) };
                        tracing::warn!(mail = mail.id, problem = refusal.problem, "a mail was not sent");
                        (Some(refusal.problem), wait)
                    }
                };
                self.blocking(move |n| {
                    let now = n.now();
                    let next = next.map(|wait| now + wait);
                    n.inner.store.write(|tx| tx.note_mail(mail.id, problem.as_deref(), next, now))
                })
                .await?;
            }
        }
        self.blocking(|n| n.inner.store.read(|tx| tx.next_mail_at())).await
    }

    /// The logo that a mail shows: its address and its bytes. None when it has none, or one that is gone.
    fn logo_in(&self, html: &str) -> Result<Option<(String, Vec<u8>)>, StoreError> {
        let start = format!("{}{LOGOS}", self.inner.desk.public_url);
        let Some((_, rest)) = html.split_once(&start) else { return Ok(None) };
        let Some((code, _)) = rest.split_once('/') else { return Ok(None) };
        let found = self.inner.store.read(|tx| tx.logo_image(code, LogoSize::Email))?;
        Ok(found.map(|bytes| (format!("{start}{code}/email"), bytes)))
    }

    /// Turns some events into mails. Whether there may be more.
    fn read_for_mail(&self) -> Result<bool, StoreError> {
        let news = self.inner.store.read(|tx| tx.events_after(tx.cursor(READER)?, 1))?;
        if news.is_empty() {
            return Ok(false);
        }
        let now = self.now();
        self.inner.store.write(|tx| {
            let events = tx.events_after(tx.cursor(READER)?, EVENTS_AT_ONCE)?;
            for event in &events {
                self.inner.desk.write(tx, event, now)?;
            }
            if let Some(last) = events.last() {
                tx.set_cursor(READER, last.id)?;
            }
            Ok(!events.is_empty())
        })
    }
}
