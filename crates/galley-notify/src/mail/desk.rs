//! What every mail about a proof is made of.

use super::letter::{Brand, Letter};
use galley_model::{
    Account, Blinds, Event, Processing, Proof, ProofFlags, ProofId, ProofKind, ProofState, Relation,
    Reviewer, ReviewerId, Stage, Timestamp, User, UserStatus, proof_rights,
};
use galley_store::{NewMail, Read, StoreError, Write};
use jiff::tz::TimeZone;

/// Reviewers named in a mail.
const PEOPLE_SHOWN: usize = 12;

/// Turns events into mails.
pub(crate) struct Desk {
    /// Address under which people reach the server.
    pub public_url: String,
    /// Whether there is a mail server; otherwise mails are only kept.
    pub send: bool,
}

/// What every mail about a proof needs.
pub(super) struct About {
    pub account: Account,
    pub brand: Brand,
    pub proof: Proof,
    pub people: Vec<Reviewer>,
    /// Its stages, where some of them are private.
    pub stages: Vec<Stage>,
    /// Zone of guests.
    pub zone: TimeZone,
}

/// Who did something, for mails.
pub(super) struct By {
    pub name: String,
    pub email: Option<String>,
}

impl Desk {
    /// The proof of an event with all that mails say of it; none when it is gone or in the trash.
    pub(super) fn about(&self, tx: &Read<'_>, event: &Event) -> Result<Option<About>, StoreError> {
        match event.proof {
            Some(id) => self.about_proof(tx, id),
            None => Ok(None),
        }
    }

    pub(super) fn about_proof(&self, tx: &Read<'_>, id: ProofId) -> Result<Option<About>, StoreError> {
        let Some(proof) = tx.proof(id)? else { return Ok(None) };
        let Some(account) = tx.account(proof.account)? else { return Ok(None) };
        if proof.trashed_at.is_some() {
            return Ok(None);
        }
        let people = tx.reviewers(proof.id)?;
        let owner = tx.user(proof.owner)?.map_or_else(|| account.time_zone.clone(), |user| user.time_zone);
        let stages = if proof.private_stages { tx.stages(proof.id)? } else { Vec::new() };
        let brand = self.brand(tx, &account)?;
        Ok(Some(About { account, brand, proof, people, stages, zone: zone(&owner) }))
    }

    /// How an account shows itself in mails.
    pub(super) fn brand(&self, tx: &Read<'_>, account: &Account) -> Result<Brand, StoreError> {
        Ok(Brand::of(&account.name, &tx.branding(account.id)?, &self.public_url))
    }

    /// A letter with the parts that all have.
    pub(super) fn letter(&self, about: &About, to: &Reviewer, heading: String) -> Letter {
        Letter {
            brand: about.brand.clone(),
            heading,
            button: Some(match about.proof.kind {
                ProofKind::Proof => ("Go to proof".to_owned(), self.viewer(about, to)),
                ProofKind::File => ("Download".to_owned(), self.viewer(about, to)),
            }),
            footer: format!(
                "You get this mail as {} of this proof at {}. The link is yours alone: whoever has it comments \
                 and decides in your name.",
                to.role.label(),
                about.brand.name
            ),
            ..Letter::default()
        }
    }

    /// Where a reviewer sees a proof, or gets a file.
    pub(super) fn viewer(&self, about: &About, to: &Reviewer) -> String {
        let code = to.code.as_deref().unwrap_or_default();
        match about.proof.kind {
            ProofKind::Proof => format!("{}/proof/{code}", self.public_url),
            ProofKind::File => format!("{}/file/download?code={code}", self.public_url),
        }
    }

    pub(super) fn facts(
        &self,
        tx: &Read<'_>,
        about: &About,
        to: &Reviewer,
    ) -> Result<Vec<(String, String)>, StoreError> {
        let proof = &about.proof;
        let mut facts = vec![("Proof".to_owned(), proof.name.clone())];
        facts.push(("Version".to_owned(), proof.version.to_string()));
        if let Some(folder) = &proof.workspace_name {
            facts.push(("Folder".to_owned(), folder.clone()));
        }
        let general = if proof.automated { None } else { proof.deadline };
        if let Some(deadline) = to.deadline.or(to.stage_deadline).or(general) {
            let own = to.user.map(|user| tx.user(user)).transpose()?.flatten();
            let zone = own.map_or_else(|| about.zone.clone(), |user| zone(&user.time_zone));
            facts.push(("Deadline".to_owned(), moment(deadline, zone)));
        }
        facts.push(("Your role".to_owned(), to.role.label().to_owned()));
        Ok(facts)
    }

    /// A picture of the first page, unless only people with a session see it.
    pub(super) fn thumbnail(&self, about: &About, to: &Reviewer) -> Option<String> {
        let open = !about.proof.settings.flags.has(ProofFlags::AUTHORIZED_ONLY) && about.proof.pages > 0;
        let code = to.code.as_deref().filter(|_| open)?;
        Some(format!("{}/api/v1/links/{code}/pages/1/thumbnail", self.public_url))
    }

    pub(super) fn download(&self, about: &About, to: &Reviewer) -> Option<(String, String)> {
        let flags = about.proof.settings.flags;
        let open = flags.has(ProofFlags::DOWNLOAD) && !flags.has(ProofFlags::AUTHORIZED_ONLY);
        let code = to.code.as_deref().filter(|_| open)?;
        Some((
            format!("Download {}", about.proof.source_name),
            format!("{}/file/download?code={code}", self.public_url),
        ))
    }

    #[allow(clippy::too_many_arguments, reason = "a mail is made of these")]
    pub(super) fn post(
        &self,
        tx: &Write<'_>,
        about: &About,
        to: &Reviewer,
        kind: &str,
        subject: &str,
        letter: &Letter,
        by: &By,
        happened: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        // The switch of the account silences everything but what somebody writes by hand.
        if about.account.proof_mail_off && kind != "message" {
            return Ok(());
        }
        let login: Option<User> = to.user.map(|user| tx.user(user)).transpose()?.flatten();
        if login.is_some_and(|user| user.status == UserStatus::Disabled) {
            return Ok(());
        }
        let mail = NewMail {
            account: about.account.id,
            proof: Some(about.proof.id),
            kind,
            to_name: &to.name,
            to_email: &to.email,
            reply_to: by.email.as_deref(),
            subject,
            text: &letter.text(),
            html: &letter.html(),
            send: self.send,
            happened,
        };
        tx.add_mail(&mail, now)?;
        Ok(())
    }
}

impl About {
    /// There is something to look at.
    pub(super) fn ready(&self) -> bool {
        self.proof.kind == ProofKind::File || self.proof.processing == Processing::Ready
    }

    /// There is, or there never will be.
    pub(super) fn settled(&self) -> bool {
        self.ready() || self.proof.processing == Processing::Failed
    }

    /// What a reviewer does not see.
    pub(super) fn blinds(&self, to: &Reviewer, tx: &Read<'_>) -> Result<Blinds, StoreError> {
        if self.stages.is_empty() {
            return Ok(Blinds::default());
        }
        let login = to.user.map(|user| tx.user(user)).transpose()?.flatten();
        let relation = Relation {
            profile: login.map(|user| user.profile),
            owner: to.user == Some(self.proof.owner),
            creator: to.user == Some(self.proof.creator),
            role: Some(to.role),
            ..Relation::default()
        };
        let rights = proof_rights(&relation, self.proof.state, self.proof.settings.flags);
        Ok(Blinds::new(&rights, Some(to.stage), &self.stages))
    }

    /// The reviewer, if they are still there and the proof is not silent: a locked one is.
    pub(super) fn invited(&self, id: ReviewerId) -> Option<&Reviewer> {
        self.people.iter().find(|one| one.id == id).filter(|_| self.proof.usable() == ProofState::Active)
    }
}

impl Letter {
    /// With the people on the proof and what they decided.
    pub(super) fn with_people(mut self, about: &About, blinds: &Blinds) -> Letter {
        let people = blinds.reviewers_seen(about.people.clone());
        self.people = people
            .iter()
            .take(PEOPLE_SHOWN)
            .map(|one| {
                let decision = if one.role.decides() { one.decision.label() } else { "–" };
                (one.name.clone(), one.role.label().to_owned(), decision.to_owned())
            })
            .collect();
        self.more_people = people.len().saturating_sub(PEOPLE_SHOWN);
        self
    }
}

/// Name with the version, where there is more than one.
pub(super) fn versioned(proof: &Proof) -> String {
    match proof.version {
        1 => proof.name.clone(),
        version => format!("{} (Version {version})", proof.name),
    }
}

pub(super) fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

/// A time as people read it: Monday 9 March 2026, 18:00 CET.
pub(super) fn moment(at: Timestamp, zone: TimeZone) -> String {
    at.to_zoned_datetime(zone).strftime("%A %-d %B %Y, %H:%M %Z").to_string()
}

/// Who did what an event tells of.
pub(super) fn by(tx: &Read<'_>, event: &Event) -> Result<By, StoreError> {
    let actor = &event.actor;
    let email = match (actor.reviewer, actor.user) {
        (Some(reviewer), _) => tx.said_by(reviewer)?.map(|said| said.email),
        (None, Some(user)) => tx.user(user)?.map(|user| user.email),
        (None, None) => None,
    };
    Ok(By { name: actor.name.clone(), email })
}
