//! Messages to reviewers, and the outbox of an account.

use crate::proofs::editable;
use crate::{Missing, Service, ServiceError, UserCaller};
use galley_model::{EventKind, ProofId, ProofState, ReviewerId, message_text};
use galley_store::Mail;

/// Longest subject in characters.
const MAX_SUBJECT: usize = 500;

/// Longest message in characters.
const MAX_BODY: usize = 20_000;

impl Service {
    /// Sends a mail to a reviewer, with their personal link. Locked proofs are silent.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Forbidden`] without edit rights,
    /// [`ServiceError::Locked`], [`ServiceError::Invalid`].
    pub fn message_reviewer(
        &self,
        caller: &UserCaller,
        proof: ProofId,
        reviewer: ReviewerId,
        subject: &str,
        body: &str,
    ) -> Result<(), ServiceError> {
        let now = self.now();
        let subject: String = subject.split_whitespace().collect::<Vec<_>>().join(" ");
        if subject.chars().count() > MAX_SUBJECT {
            let text = format!("A subject can have at most {MAX_SUBJECT} characters.");
            return Err(ServiceError::Invalid("Subject", text));
        }
        if body.chars().count() > MAX_BODY {
            return Err(ServiceError::Invalid(
                "Body",
                "A message can have at most 20,000 characters.".to_owned(),
            ));
        }
        if message_text(body).is_empty() {
            return Err(ServiceError::Invalid("Body", "A message needs a text.".to_owned()));
        }
        self.store().write(|tx| {
            let proof = editable(tx, caller, proof)?.proof;
            let place = tx
                .reviewer(reviewer)?
                .filter(|place| place.proof == proof.id)
                .ok_or(ServiceError::NotFound(Missing::Reviewer))?;
            if proof.usable() != ProofState::Active {
                return Err(ServiceError::Locked);
            }
            let kind = EventKind::ReviewerMessaged {
                reviewer,
                name: place.name,
                subject: subject.clone(),
                body: body.to_owned(),
            };
            tx.append(proof.account, Some(proof.id), now, &caller.actor(), &kind)?;
            Ok(())
        })
    }

    /// Mails of the account, newest first.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for people who do not administer the account.
    pub fn mails(
        &self,
        caller: &UserCaller,
        before: Option<i64>,
        limit: i64,
    ) -> Result<Vec<Mail>, ServiceError> {
        administers(caller)?;
        let before = before.unwrap_or(i64::MAX);
        Ok(self.store().read(|tx| tx.mails(caller.account(), before, limit.clamp(1, 200)))?)
    }

    /// One mail of the account.
    ///
    /// # Errors
    /// As [`Service::mails`], and [`ServiceError::NotFound`].
    pub fn mail(&self, caller: &UserCaller, id: i64) -> Result<Mail, ServiceError> {
        administers(caller)?;
        self.store().read(|tx| tx.mail(caller.account(), id))?.ok_or(ServiceError::NotFound(Missing::Mail))
    }

    /// Puts a mail that was put aside back into the outbox.
    ///
    /// # Errors
    /// As [`Service::mail`]; what was not put aside is not found.
    pub fn retry_mail(&self, caller: &UserCaller, id: i64) -> Result<(), ServiceError> {
        administers(caller)?;
        let now = self.now();
        let found = self.store().write(|tx| tx.retry_mail(caller.account(), id, now))?;
        if found { Ok(()) } else { Err(ServiceError::NotFound(Missing::Mail)) }
    }
}

fn administers(caller: &UserCaller) -> Result<(), ServiceError> {
    if caller.profile().administers() { Ok(()) } else { Err(ServiceError::Forbidden) }
}
