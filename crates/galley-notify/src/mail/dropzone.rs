//! Mails about what people hand in at a dropzone (`product.md` 3.3 and 6.2).

use super::desk::{About, By, Desk};
use super::letter::Letter;
use galley_model::{Event, ReviewerId, Timestamp};
use galley_store::{Invitation, NewMail, StoreError, Write};

impl Desk {
    /// Thanks the one who handed something in, with the link that is theirs, and tells the owner of the
    /// dropzone and whoever else the dropzone names.
    pub(super) fn submitted(
        &self,
        tx: &Write<'_>,
        event: &Event,
        submitter: ReviewerId,
        tell: &[String],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let Some(about) = self.about(tx, event)? else { return Ok(()) };
        let Some(from) = about.people.iter().find(|one| one.id == submitter) else { return Ok(()) };
        let (name, account) = (about.proof.name.clone(), about.brand.name.clone());
        let thanks = Letter {
            lead: match about.proof.holds_back() {
                true => format!(
                    "Thank you: {account} has your file. It can be reviewed as soon as somebody there opens it."
                ),
                false => format!("Thank you: {account} has your file, and the review has begun."),
            },
            ..self.letter(&about, from, name.clone())
        };
        let nobody = By { name: String::new(), email: None };
        let subject = format!("Received: {name}");
        self.post(tx, &about, from, "dropzone_received", &subject, &thanks, &nobody, event.at, now)?;

        let owner = tx.user(about.proof.owner)?;
        let mut told: Vec<(String, String)> =
            owner.into_iter().map(|user| (user.email.clone(), user.name())).collect();
        for address in tell {
            if !told.iter().any(|(known, _)| known.eq_ignore_ascii_case(address)) {
                told.push((address.clone(), String::new()));
            }
        }
        let by = By { name: from.name.clone(), email: Some(from.email.clone()) };
        for (address, to) in told.iter().filter(|(address, _)| !address.eq_ignore_ascii_case(&from.email)) {
            self.tell_of_submission(tx, &about, (address, to), &by, event.at, now)?;
        }
        Ok(())
    }

    fn tell_of_submission(
        &self,
        tx: &Write<'_>,
        about: &About,
        (address, name): (&str, &str),
        by: &By,
        happened: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        if about.account.proof_mail_off {
            return Ok(());
        }
        let proof = &about.proof;
        let from = by.email.as_deref().unwrap_or_default();
        let letter = Letter {
            brand: about.brand.clone(),
            heading: proof.name.clone(),
            lead: match proof.holds_back() {
                true => format!(
                    "{} handed this in at the dropzone. It waits for somebody to open it for review.",
                    by.name
                ),
                false => format!("{} handed this in at the dropzone. It is open for review.", by.name),
            },
            button: Some(("See details".to_owned(), format!("{}/proofs/{}", self.public_url, proof.id))),
            facts: [("Proof", proof.name.as_str()), ("File", &proof.source_name), ("From", from)]
                .into_iter()
                .chain(proof.workspace_name.as_deref().map(|folder| ("Folder", folder)))
                .map(|(what, value)| (what.to_owned(), value.to_owned()))
                .collect(),
            footer: format!(
                "You get this mail because the dropzone of {} names you to be told. The details are for people with a login.",
                about.brand.name
            ),
            ..Letter::default()
        };
        let mail = NewMail {
            account: about.account.id,
            proof: Some(proof.id),
            kind: "dropzone_submitted",
            to_name: name,
            to_email: address,
            reply_to: by.email.as_deref(),
            subject: &format!("Handed in: {}", proof.name),
            text: &letter.text(),
            html: &letter.html(),
            send: self.send,
            happened,
        };
        tx.add_mail(&mail, now)?;
        Ok(())
    }

    /// Invites those who were on a proof before it was opened for review.
    pub(super) fn activated(
        &self,
        tx: &Write<'_>,
        event: &Event,
        invited: &[ReviewerId],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let Some(proof) = event.proof else { return Ok(()) };
        for reviewer in invited {
            tx.add_invitation(&Invitation { reviewer: *reviewer, proof, event: event.id, batch: None })?;
        }
        self.invite(tx, event, now)
    }
}
