//! Mails that say: there is something for you (`product.md` 6.2).

use super::desk::{About, By, Desk, by, versioned};
use super::letter::Letter;
use galley_model::{
    BatchId, Event, EventId, PersonId, Proof, ProofId, ProofKind, ProofState, Reviewer, Timecode, Timestamp,
    UserId,
};
use galley_store::{Invitation, Read, StoreError, Write};

impl Desk {
    /// Tells those who wait for it that there is a proof to look at, once its pages are there.
    pub(super) fn invite(&self, tx: &Write<'_>, event: &Event, now: Timestamp) -> Result<(), StoreError> {
        let Some(about) = self.about(tx, event)? else { return Ok(()) };
        let mut batches: Vec<BatchId> = Vec::new();
        for invitation in tx.invitations(about.proof.id)? {
            if let Some(batch) = invitation.batch {
                if !batches.contains(&batch) {
                    batches.push(batch);
                }
            } else if about.ready() {
                tx.remove_invitation(invitation.reviewer)?;
                if let Some(to) = about.invited(invitation.reviewer) {
                    let by = asker(tx, &invitation, event)?;
                    self.invitation(tx, &about, to, &by, event.at, now)?;
                }
            }
        }
        for batch in batches {
            self.invite_batch(tx, batch, event, now)?;
        }
        Ok(())
    }

    /// Tells people of their proofs of a batch: each of all of theirs in one mail, once these are there or
    /// never will be.
    pub(super) fn invite_batch(
        &self,
        tx: &Write<'_>,
        batch: BatchId,
        event: &Event,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let waiting = tx.invitations_of_batch(batch)?;
        let mut proofs: Vec<About> = Vec::new();
        let mut gone: Vec<ProofId> = Vec::new();
        for invitation in &waiting {
            let known = proofs.iter().any(|one| one.proof.id == invitation.proof);
            if !known && !gone.contains(&invitation.proof) {
                match self.about_proof(tx, invitation.proof)? {
                    Some(about) => proofs.push(about),
                    None => gone.push(invitation.proof),
                }
            }
        }
        // Who they are, with their place on each proof.
        let mut people: Vec<(PersonId, Vec<Place<'_>>)> = Vec::new();
        for invitation in &waiting {
            let about = proofs.iter().find(|one| one.proof.id == invitation.proof);
            let place = about.and_then(|about| {
                about.people.iter().find(|one| one.id == invitation.reviewer).map(|place| (about, place))
            });
            let Some((about, place)) = place else {
                tx.remove_invitation(invitation.reviewer)?;
                continue;
            };
            match people.iter_mut().find(|(person, _)| *person == place.person) {
                Some((_, places)) => places.push((about, place, invitation)),
                None => people.push((place.person, vec![(about, place, invitation)])),
            }
        }
        for (_, places) in people {
            if places.iter().any(|(about, ..)| !about.settled()) {
                continue;
            }
            for (.., invitation) in &places {
                tx.remove_invitation(invitation.reviewer)?;
            }
            let ready: Vec<(&About, &Reviewer)> = places
                .iter()
                .filter(|(about, place, _)| about.ready() && about.invited(place.id).is_some())
                .map(|(about, place, _)| (*about, *place))
                .collect();
            let by = asker(tx, places[0].2, event)?;
            match ready.as_slice() {
                [] => {}
                [(about, to)] => self.invitation(tx, about, to, &by, event.at, now)?,
                many => self.invitation_to_many(tx, many, &by, event.at, now)?,
            }
        }
        Ok(())
    }

    /// One mail about several proofs, with a personal link to each.
    fn invitation_to_many(
        &self,
        tx: &Write<'_>,
        places: &[(&About, &Reviewer)],
        by: &By,
        happened: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let Some((first, to)) = places.first() else { return Ok(()) };
        let same = |text: fn(&Proof) -> &str| {
            let one = text(&first.proof);
            let all = places.iter().all(|(about, _)| text(&about.proof) == one);
            Some(one.to_owned()).filter(|text| all && !text.is_empty())
        };
        let mut items = Vec::new();
        for (about, place) in places {
            let mut details: Vec<String> = self
                .facts(tx, about, place)?
                .into_iter()
                .skip(1)
                .map(|(name, value)| format!("{name}: {value}"))
                .collect();
            details.truncate(4);
            items.push((about.proof.name.clone(), details.join(" · "), self.viewer(about, place)));
        }
        let count = places.len();
        let letter = Letter {
            lead: format!("{} asks you to look at {count} proofs.", by.name),
            message: same(|proof| &proof.message),
            items,
            button: None,
            ..self.letter(first, to, format!("{count} new proofs"))
        };
        let subject =
            same(|proof| &proof.subject).unwrap_or_else(|| format!("{count} new proofs from {}", by.name));
        self.post(tx, first, to, "new_proofs", &subject, &letter, by, happened, now)
    }

    fn invitation(
        &self,
        tx: &Write<'_>,
        about: &About,
        to: &Reviewer,
        by: &By,
        happened: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let proof = &about.proof;
        let own = to.user.is_some_and(|user| user == proof.creator || user == proof.owner);
        if own && !wants_proof_made(tx, to.user)? {
            return Ok(());
        }
        if proof.kind == ProofKind::File {
            let letter = Letter {
                lead: format!("{} shares this file with you.", by.name),
                message: Some(proof.message.clone()).filter(|text| !text.is_empty()),
                facts: vec![("Size".to_owned(), size(proof.size))],
                footer: format!(
                    "You get this mail because {} shares a file with you at {}.",
                    by.name, about.brand.name
                ),
                ..self.letter(about, to, proof.name.clone())
            };
            let own = Some(proof.subject.clone()).filter(|subject| !subject.is_empty());
            let subject = own.unwrap_or_else(|| format!("File: {}", proof.name));
            return self.post(tx, about, to, "file_shared", &subject, &letter, by, happened, now);
        }
        let (kind, what) =
            if proof.version > 1 { ("new_version", "New version") } else { ("new_proof", "New proof") };
        let lead = match proof.version {
            1 => format!("{} asks you to look at this proof.", by.name),
            version => format!("{} asks you to look at version {version} of this proof.", by.name),
        };
        let letter = Letter {
            lead,
            message: Some(proof.message.clone()).filter(|text| !text.is_empty()),
            thumbnail: self.thumbnail(about, to),
            facts: self.facts(tx, about, to)?,
            link: self.download(about, to),
            ..self.letter(about, to, proof.name.clone())
        }
        .with_people(about, &about.blinds(to, tx)?);
        let subject = match proof.subject.as_str() {
            "" => format!("{what}: {}", versioned(proof)),
            own => own.to_owned(),
        };
        self.post(tx, about, to, kind, &subject, &letter, by, happened, now)
    }

    /// Tells the creator, and the owner if that is somebody else, that the pages are there.
    pub(super) fn proof_made(&self, tx: &Write<'_>, event: &Event, now: Timestamp) -> Result<(), StoreError> {
        let Some(about) = self.about(tx, event)? else { return Ok(()) };
        let proof = &about.proof;
        if proof.usable() != ProofState::Active || tx.has_mail(proof.id, "proof_made")? {
            return Ok(());
        }
        let mut users: Vec<UserId> = vec![proof.creator];
        if proof.owner != proof.creator {
            users.push(proof.owner);
        }
        let custom = match proof.subject.as_str() {
            "" => String::new(),
            own => format!(" – {own}"),
        };
        let subject = format!("Proof made: {} (Version {}){custom}", proof.name, proof.version);
        for user in users {
            let Some(to) = about.people.iter().find(|one| one.user == Some(user)) else { continue };
            if !wants_proof_made(tx, to.user)? {
                continue;
            }
            let mut facts = self.facts(tx, &about, to)?;
            facts.push(match tx.recording(proof.file)? {
                Some(of) => ("Length".to_owned(), Timecode::default().label(of.rate, of.frames)),
                None if tx.interactive(proof.file)?.is_some() => {
                    ("Kind".to_owned(), "Interactive".to_owned())
                }
                None if proof.pages == 1 => ("Pages".to_owned(), "1 page".to_owned()),
                None => ("Pages".to_owned(), format!("{} pages", proof.pages)),
            });
            let letter = Letter {
                lead: "Your proof is ready.".to_owned(),
                thumbnail: self.thumbnail(&about, to),
                facts,
                ..self.letter(&about, to, proof.name.clone())
            }
            .with_people(&about, &about.blinds(to, tx)?);
            let by = By { name: String::new(), email: None };
            self.post(tx, &about, to, "proof_made", &subject, &letter, &by, event.at, now)?;
        }
        Ok(())
    }
}

/// A proof, somebody's place on it, and what asked to tell them.
type Place<'p> = (&'p About, &'p Reviewer, &'p Invitation);

/// Whether a user wants to hear that a proof of theirs has its pages. Who does not is not invited to it
/// either (`product.md` 6.2).
fn wants_proof_made(tx: &Read<'_>, user: Option<UserId>) -> Result<bool, StoreError> {
    let record = user.map(|user| tx.user_record(user)).transpose()?.flatten();
    Ok(record.is_none_or(|record| record.proof_ready_mail))
}

/// A size as people read it.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} KB", bytes / 1_000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
    }
}

/// Who asked for an invitation; the event at hand when the log does not say.
fn asker(tx: &Read<'_>, invitation: &Invitation, event: &Event) -> Result<By, StoreError> {
    let before = EventId(invitation.event.0 - 1);
    match tx.events_after(before, 1)?.into_iter().next() {
        Some(asked) if asked.id == invitation.event => by(tx, &asked),
        _ => by(tx, event),
    }
}
