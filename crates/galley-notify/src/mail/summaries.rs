//! The mail that a summary is made, to whoever asked for it.

use super::desk::{Desk, moment, versioned, zone};
use super::letter::Letter;
use galley_model::{Event, SummaryId, SummaryState, Timestamp, UserStatus};
use galley_store::{NewMail, StoreError, Write};

impl Desk {
    /// Tells whoever asked for a summary that it can be had, or why not. They asked for it, so no switch and
    /// no level silences it.
    pub(super) fn summary_made(
        &self,
        tx: &Write<'_>,
        event: &Event,
        id: SummaryId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let Some(summary) = tx.summary(id)?.filter(|summary| summary.mails()) else { return Ok(()) };
        let Some(user) = tx.user(summary.user)?.filter(|user| user.status == UserStatus::Activated) else {
            return Ok(());
        };
        let (Some(proof), Some(account)) = (tx.proof(summary.proof)?, tx.account(summary.account)?) else {
            return Ok(());
        };
        let mut facts = vec![("Proof".to_owned(), proof.name.clone())];
        if summary.all_versions {
            facts.push(("Versions".to_owned(), "All".to_owned()));
        } else {
            facts.push(("Version".to_owned(), proof.version.to_string()));
        }
        let kind = summary.kind.label();
        let (heading, lead, button) = match &summary.state {
            SummaryState::Ready { code, .. } => {
                let until = moment(summary.ends_at, zone(&user.time_zone));
                facts.push(("Can be downloaded until".to_owned(), until));
                let url = format!("{}/file/printup/code/{code}", self.public_url);
                let lead = "The summary you asked for is ready.".to_owned();
                (format!("{kind} summary ready"), lead, Some((format!("Download {kind}"), url)))
            }
            SummaryState::Failed { problem } => (
                format!("{kind} summary failed"),
                format!("The summary you asked for was not made. {problem}"),
                None,
            ),
            SummaryState::Waiting => return Ok(()),
        };
        let subject = format!("{heading}: {}", versioned(&proof));
        let brand = self.brand(tx, &account)?;
        let letter = Letter {
            heading,
            lead,
            button,
            facts,
            footer: format!(
                "You get this mail because you asked for a summary at {}. Whoever has the link has the file.",
                brand.name
            ),
            brand,
            ..Letter::default()
        };
        let mail = NewMail {
            account: account.id,
            proof: Some(proof.id),
            kind: "summary",
            to_name: &user.name(),
            to_email: &user.email,
            reply_to: None,
            subject: &subject,
            text: &letter.text(),
            html: &letter.html(),
            send: self.send,
            happened: event.at,
        };
        tx.add_mail(&mail, now)?;
        Ok(())
    }
}
