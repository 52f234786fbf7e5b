//! Sample proofs: a stranger asks for one and gets a mail with a personal link. Only where the
//! administrator of the server wants that: it mails people nobody knows.

use crate::error::bad_name;
use crate::people::may_own;
use crate::{ProofInput, ReviewerInput, Service, ServiceError, UserCaller};
use galley_model::{EventKind, Profile, ProofId, ProofState, Role, Timestamp, clean_name, email_address};
use galley_store::{NewPerson, PersonChanges, Write};
use jiff::SignedDuration;
use md5::{Digest, Md5};

/// An address gets one mail in so long.
const PER_ADDRESS: SignedDuration = SignedDuration::from_hours(24);

/// Addresses that get a mail in an hour.
const PER_HOUR: i64 = 60;

/// Characters of each name.
const MAX_NAME: usize = 60;

const SUBJECT: &str = "Your sample proof";

const MESSAGE: &str = "This proof is for you to try: draw on it, comment, and decide as you like. Nobody but the \
    people who sent it sees what you do. It was ordered with your address; if that was not you, you need not do anything.";

const AGAIN: &str = "You asked for your sample proof again. Here it is, as you left it.";

/// The artwork of sample proofs.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    /// Its file name.
    pub name: &'static str,
    /// The file.
    pub bytes: &'static [u8],
}

/// What a stranger says about themselves.
#[derive(Clone, Debug, Default)]
pub struct SampleOrder {
    /// Where the mail goes.
    pub email: String,
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// Where they work.
    pub organisation: String,
}

impl Service {
    /// Mails a personal link to a sample proof to an address.
    ///
    /// Everybody has a proof of their own, so that strangers see nothing of each other; all are made of one
    /// file, whose pages are rendered once. Who asks again after a day gets the link to theirs again. The
    /// proof is in the first account of the server and belongs to its first billing administrator.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] where the server sends none, and for more than 60 an hour;
    /// [`ServiceError::Conflict`] for an address that got a mail less than a day ago;
    /// [`ServiceError::Invalid`] for addresses and names. Nothing is sent then.
    pub fn order_sample(&self, order: &SampleOrder) -> Result<(), ServiceError> {
        let closed = ServiceError::Denied("this server sends no sample proofs");
        let Some(sample) = self.config().sample else { return Err(closed) };
        let email = email_address(&order.email).map_err(bad_name("email"))?;
        let name = full_name(&order.first_name, &order.last_name)?;
        let organisation = short("organisation name", &order.organisation)?;
        let now = self.now();
        // Before anything is written: most of what comes too often ends here.
        self.store().read(|tx| check_pace(tx, &email, now))?;
        let file_token = self.sample_file(&sample)?;
        self.store().write(|tx| -> Result<(), ServiceError> {
            let before = check_pace(tx, &email, now)?;
            let account = tx.first_account()?.map(|id| tx.account(id)).transpose()?.flatten();
            let account = account.ok_or(ServiceError::Denied("this server sends no sample proofs"))?;
            let users = tx.users(account.id)?.into_iter();
            let owner =
                users.filter(|u| u.profile == Profile::BillingAdmin && may_own(u)).min_by_key(|u| u.id);
            let owner = owner.ok_or(ServiceError::Denied("this server sends no sample proofs"))?;
            let caller = UserCaller::new(owner, account.name);
            if let Some(proof) = before
                && self.sent_again(tx, &caller, proof, &email, now)?
            {
                tx.note_sample(&email, proof, now)?;
                return Ok(());
            }
            // Somebody whom the account knows keeps the name that it knows them by.
            if tx.person_by_email(account.id, &email)?.is_none() {
                let shown = name.as_deref().unwrap_or(&email);
                let new = NewPerson {
                    account: account.id,
                    email: &email,
                    name: shown,
                    default_role: Role::ReviewerApprover,
                };
                let person = tx.add_person(&new, now)?;
                let changes = PersonChanges {
                    name: shown,
                    company: &organisation,
                    position: "",
                    address: &Default::default(),
                    default_role: Role::ReviewerApprover,
                    default_alert: None,
                };
                tx.update_person(person, &changes)?;
                let kind = EventKind::ContactAdded { person, email: email.clone() };
                tx.append(account.id, None, now, &caller.actor(), &kind)?;
            }
            let reviewer = ReviewerInput {
                email: email.clone(),
                role: Some(Role::ReviewerApprover),
                notify: true,
                ..ReviewerInput::default()
            };
            let input = ProofInput {
                file_token: file_token.clone(),
                name: Some("Sample proof".to_owned()),
                subject: SUBJECT.to_owned(),
                message: MESSAGE.to_owned(),
                reviewers: vec![reviewer],
                notify: true,
                ..ProofInput::default()
            };
            let proof = self.create_in(tx, &caller, &input, now)?;
            Ok(tx.note_sample(&email, proof.id, now)?)
        })?;
        self.inner.work.notify_one();
        Ok(())
    }

    /// Mails the link to a sample that somebody has already. False when that one cannot be used any more.
    fn sent_again(
        &self,
        tx: &Write<'_>,
        caller: &UserCaller,
        proof: ProofId,
        email: &str,
        now: Timestamp,
    ) -> Result<bool, ServiceError> {
        let proof = tx.proof(proof)?.filter(|proof| {
            proof.account == caller.account()
                && proof.trashed_at.is_none()
                && proof.usable() == ProofState::Active
        });
        let person = tx.person_by_email(caller.account(), email)?;
        let (Some(proof), Some(person)) = (proof, person) else { return Ok(false) };
        let Some(place) = tx.reviewer_of_person(proof.id, person.id)? else { return Ok(false) };
        let kind = EventKind::ReviewerMessaged {
            reviewer: place.id,
            name: place.name,
            subject: SUBJECT.to_owned(),
            body: AGAIN.to_owned(),
        };
        tx.append(proof.account, Some(proof.id), now, &caller.actor(), &kind)?;
        Ok(true)
    }

    /// The artwork among the originals: that of the last sample while it is the same one, else a new one.
    fn sample_file(&self, sample: &Sample) -> Result<String, ServiceError> {
        let digest: String = Md5::digest(sample.bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        let known = self.store().read(|tx| -> Result<_, ServiceError> {
            let Some(proof) = tx.last_sample()?.map(|id| tx.proof(id)).transpose()?.flatten() else {
                return Ok(None);
            };
            Ok(tx.file(proof.file)?)
        })?;
        let same = known.filter(|file| file.md5 == digest && self.inner.blobs.path(file.id).is_file());
        if let Some(file) = same {
            return Ok(file.token);
        }
        let mut upload = self.begin_upload(sample.name)?;
        upload.write(sample.bytes)?;
        Ok(upload.finish()?.token)
    }
}

/// Refuses what comes too often. Gives the sample that the address has.
fn check_pace(
    tx: &galley_store::Read<'_>,
    email: &str,
    now: Timestamp,
) -> Result<Option<ProofId>, ServiceError> {
    let before = tx.sample_order(email)?;
    if before.is_some_and(|(_, at)| at > now - PER_ADDRESS) {
        let text = "A sample proof went to this address less than a day ago.";
        return Err(ServiceError::Conflict(text.to_owned()));
    }
    if tx.sample_orders_since(now - SignedDuration::from_hours(1))? >= PER_HOUR {
        return Err(ServiceError::Denied(
            "too many sample proofs were ordered in the last hour; try again later",
        ));
    }
    Ok(before.map(|(proof, _)| proof))
}

/// A text of a stranger, of at most 60 characters.
fn short(field: &'static str, text: &str) -> Result<String, ServiceError> {
    if text.trim().is_empty() {
        return Ok(String::new());
    }
    let text = clean_name(text).map_err(bad_name(field))?;
    if text.chars().count() > MAX_NAME {
        let text = format!("This text may have at most {MAX_NAME} characters.");
        return Err(ServiceError::Invalid(field, text));
    }
    Ok(text)
}

/// A name that stands in a mail. Nothing that a mail program makes a link of: this server must not be
/// the one that advertises somebody else's address.
fn full_name(first: &str, last: &str) -> Result<Option<String>, ServiceError> {
    let (first, last) = (short("first name", first)?, short("last name", last)?);
    let name = format!("{first} {last}").trim().to_owned();
    let dot = name
        .split_once('.')
        .is_some_and(|_| name.split('.').skip(1).any(|rest| rest.starts_with(|c: char| c.is_alphanumeric())));
    if dot || name.contains(['@', ':', '/', '\\', '<', '>']) {
        return Err(ServiceError::Invalid("name", "This does not read like a name.".to_owned()));
    }
    Ok(Some(name).filter(|name| !name.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_stand_in_mails() {
        for (first, last, name) in [
            ("Ann", "Berg", Some("Ann Berg")),
            (" Ann ", "", Some("Ann")),
            ("", "", None),
            ("J. R.", "Smith Jr.", Some("J. R. Smith Jr.")),
            ("Ann\r\nBcc: x", "Berg", None),
        ] {
            let found = full_name(first, last).ok().flatten();
            assert_eq!(found.as_deref(), name, "{first} {last}");
        }
        for evil in ["win.example.com", "https://example.com", "a@example.com", "<b>x</b>", "Bcc: x"] {
            assert!(full_name(evil, "").is_err() && full_name("Ann", evil).is_err(), "{evil}");
        }
        assert!(full_name(&"x".repeat(61), "").is_err());
    }
}
