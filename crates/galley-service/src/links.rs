//! Personal and team URLs: the way in for people without a login (`product.md` 7.1, 7.2).
//!
//! A link is looked up anew in every call, in the same transaction as what it allows: a reviewer who
//! was removed a moment ago has lost every right.

use crate::caller::rights_on;
use crate::decision_setup::setups;
use crate::stages::{Traces, letters, look};
use crate::worker::blocking;
use crate::{Missing, Original, Service, ServiceError, Shown, UserCaller};
use galley_model::{
    Actor, Blinds, Comment, CommentId, DecisionReason, DecisionSetup, Event, EventId, EventKind, FileId,
    Interactive, Page, Processing, Progress, Proof, ProofFlags, ProofId, ProofKind, ProofRights, Recording,
    Relation, Reviewer, Timestamp, ViewerMessages, WebPage,
};
use galley_store::Read;
use std::sync::Arc;

/// What somebody brings along: the code of the URL, and their session if they have one.
#[derive(Clone, Debug)]
pub struct Link {
    /// Secret part of the URL.
    pub code: String,
    /// Whose session came along.
    pub user: Option<Arc<UserCaller>>,
}

/// A link that leads to a proof.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The proof.
    pub proof: Proof,
    /// As whom; nobody in particular over a team URL.
    pub reviewer: Option<Reviewer>,
    /// The code was the team's.
    pub team: bool,
    /// The code is good for a while only.
    pub pass: bool,
    /// What may be done.
    pub rights: ProofRights,
    /// What of it is not seen.
    pub(crate) blinds: Blinds,
}

impl Opened {
    pub(crate) fn actor(&self) -> Actor {
        match &self.reviewer {
            Some(r) => {
                Actor { user: r.user, person: Some(r.person), reviewer: Some(r.id), name: r.name.clone() }
            }
            None => Actor {
                user: None,
                person: None,
                reviewer: None,
                name: "Somebody with the team link".to_owned(),
            },
        }
    }
}

/// A version to switch to.
#[derive(Clone, Debug)]
pub struct LinkVersion {
    /// The version.
    pub proof: Proof,
    /// The viewer's own code for it; none when they are not on it.
    pub code: Option<String>,
}

/// Everything a viewer shows at first.
#[derive(Clone, Debug)]
pub struct Opening {
    /// Where the link leads.
    pub opened: Opened,
    /// Pages known so far.
    pub pages: Vec<Page>,
    /// What is known of video or sound.
    pub recording: Option<Recording>,
    /// Web pages that it is made of, each with the file whose pages are its capture.
    pub websites: Vec<(FileId, WebPage)>,
    /// What is known of a page that is tried.
    pub interactive: Option<Interactive>,
    /// People on the proof.
    pub reviewers: Vec<Reviewer>,
    /// Their letters, in the same order.
    pub progress: Vec<Progress>,
    /// Versions one may switch to, oldest first.
    pub versions: Vec<LinkVersion>,
    /// Comments with replies, oldest first.
    pub comments: Vec<Comment>,
    /// Decisions as the account offers them.
    pub decisions: Vec<DecisionSetup>,
    /// Reasons that can be given with them.
    pub reasons: Vec<DecisionReason>,
    /// What the account has the viewer say; the greeting only when the link is opened for the first time.
    pub messages: ViewerMessages,
    /// How its account shows itself.
    pub shown: Shown,
    /// Newest event: what comes after it is news.
    pub last_event: EventId,
}

/// News for an open viewer.
#[derive(Clone, Debug)]
pub enum LinkUpdate {
    /// A comment is new or changed.
    Comment(Box<Comment>),
    /// A comment is gone.
    CommentDeleted(CommentId),
    /// Somebody decided, or people, state, name or deadline changed.
    Proof {
        /// The proof now.
        proof: Box<Proof>,
        /// People on it.
        reviewers: Vec<Reviewer>,
        /// Their letters, in the same order.
        progress: Vec<Progress>,
        /// It was a decision.
        decision: bool,
    },
    /// A page can be shown.
    Page(Page),
    /// The file is further on its way to pages.
    Processing,
}

/// Where a text was found.
#[derive(Clone, Debug)]
pub struct TextHit {
    /// Page, from 1.
    pub page: u32,
    /// `x, y, width, height` as fractions of the page.
    pub rects: Vec<[f64; 4]>,
    /// The words around.
    pub snippet: String,
}

/// What an archived proof does not let through: it is not opened before it is unarchived.
pub(crate) fn shown(opened: Opened) -> Result<Opened, ServiceError> {
    if opened.proof.archived_at.is_some() { Err(ServiceError::Archived) } else { Ok(opened) }
}

/// What the viewer says, and how the account shows itself. Somebody who was here before has read the
/// greeting.
fn account_of(tx: &Read<'_>, proof: &Proof, first: bool) -> Result<(ViewerMessages, Shown), ServiceError> {
    let Some(account) = tx.account(proof.account)? else { return Ok(Default::default()) };
    let mut messages = account.messages;
    if !first {
        messages.on_load.clear();
    }
    Ok((messages, Shown { account: account.name, branding: tx.branding(proof.account)? }))
}
impl Service {
    /// Where a link leads.
    pub(crate) fn resolve(&self, tx: &Read<'_>, link: &Link) -> Result<Opened, ServiceError> {
        let missing = || ServiceError::NotFound(Missing::Link);
        let mut pass = false;
        let (proof, mut reviewer, team) = match tx.reviewer_by_code(&link.code)? {
            Some(reviewer) => (tx.proof(reviewer.proof)?.ok_or_else(missing)?, Some(reviewer), false),
            None => match tx.reviewer_by_pass(&link.code, self.now())? {
                Some(mut reviewer) => {
                    pass = true;
                    // Whoever came by a pass does not learn the code that lasts.
                    reviewer.code = Some(link.code.clone());
                    (tx.proof(reviewer.proof)?.ok_or_else(missing)?, Some(reviewer), false)
                }
                None => (tx.proof_by_team_code(&link.code)?.ok_or_else(missing)?, None, true),
            },
        };
        if proof.trashed_at.is_some() {
            return Err(ServiceError::Gone);
        }
        let user = link.user.as_deref().filter(|u| u.account() == proof.account);
        if team && let Some(user) = user {
            reviewer = tx.reviewer_of_person(proof.id, user.person())?;
        }
        let relation = match user.filter(|u| reviewer.as_ref().is_none_or(|r| r.person == u.person())) {
            Some(user) => Relation { public: team, ..user.relation(&proof, reviewer.as_ref()) },
            None => Relation {
                role: reviewer.as_ref().map(|r| r.role),
                stage: reviewer.as_ref().map(|r| r.stage_state).unwrap_or_default(),
                owner: reviewer.as_ref().is_some_and(|r| r.user == Some(proof.owner)),
                creator: reviewer.as_ref().is_some_and(|r| r.user == Some(proof.creator)),
                profile: None,
                share: None,
                public: team,
            },
        };
        let logged_in = user.is_some()
            && reviewer.is_some()
            && user.map(UserCaller::person) == reviewer.as_ref().map(|r| r.person);
        if proof.settings.flags.has(ProofFlags::AUTHORIZED_ONLY)
            && !logged_in
            && !relation.profile.is_some_and(galley_model::Profile::manages_all)
        {
            return Err(ServiceError::NoSession);
        }
        let rights = rights_on(&proof, &relation);
        if !rights.view {
            return Err(missing());
        }
        let (proof, blinds) = look(tx, proof, &rights, reviewer.as_ref())?;
        Ok(Opened { proof, reviewer, team, pass, rights, blinds })
    }

    /// Where a link leads, without opening it.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for unknown and revoked codes, [`ServiceError::Gone`] for the trash,
    /// [`ServiceError::NoSession`] when the proof requires a login.
    pub fn follow(&self, link: &Link) -> Result<Opened, ServiceError> {
        self.store().read(|tx| self.resolve(tx, link))
    }

    /// Opens a link: everything the viewer shows at first. The first time counts as opened.
    ///
    /// # Errors
    /// As [`Service::follow`].
    pub fn open_link(&self, link: &Link) -> Result<Opening, ServiceError> {
        let opened = shown(self.follow(link)?)?;
        // A shared file has no pages to open; its link fetches it.
        if opened.proof.kind == ProofKind::File {
            return Err(ServiceError::NotFound(Missing::Link));
        }
        if let Some(reviewer) = opened.reviewer.as_ref().filter(|r| r.opened_at.is_none()) {
            match self.mark_opened(&opened, reviewer) {
                // Looking must not need room on the disk; the next time counts.
                Err(ServiceError::StorageFull) => {
                    tracing::warn!("no room left to note that a proof was opened");
                }
                result => result?,
            }
        }
        self.hurry(&opened.proof)?;
        let first = opened.reviewer.as_ref().is_none_or(|reviewer| reviewer.opened_at.is_none());
        let now = self.now();
        self.store().read(|tx| {
            let opened = self.resolve(tx, link)?;
            let (reviewers, progress) = people(tx, &opened, now)?;
            let comments = tx.comments(opened.proof.id)?;
            let (messages, shown) = account_of(tx, &opened.proof, first)?;
            Ok(Opening {
                pages: tx.pages(opened.proof.file)?,
                recording: tx.recording(opened.proof.file)?,
                websites: tx
                    .made_of(opened.proof.file)?
                    .into_iter()
                    .filter_map(|(file, page)| Some((file, page?)))
                    .collect(),
                interactive: tx.interactive(opened.proof.file)?,
                progress,
                reviewers,
                versions: link_versions(tx, &opened)?,
                comments: comments.into_iter().filter_map(|c| opened.blinds.comment_seen(c)).collect(),
                decisions: setups(tx, opened.proof.account)?.into(),
                reasons: tx.decision_reasons(opened.proof.account)?,
                messages,
                shown,
                last_event: tx.last_event()?,
                opened,
            })
        })
    }

    fn mark_opened(&self, opened: &Opened, reviewer: &Reviewer) -> Result<(), ServiceError> {
        let now = self.now();
        self.store().write(|tx| {
            if tx.set_opened(reviewer.id, now)? {
                let kind = EventKind::ProofOpened { reviewer: reviewer.id };
                tx.append(opened.proof.account, Some(opened.proof.id), now, &opened.actor(), &kind)?;
            }
            Ok(())
        })
    }

    /// What happened on the proof after an event, in order, and the event to go on from.
    ///
    /// # Errors
    /// As [`Service::follow`]: an open viewer learns in this way that its link died.
    pub fn link_updates(
        &self,
        link: &Link,
        after: EventId,
    ) -> Result<(Vec<LinkUpdate>, EventId), ServiceError> {
        let now = self.now();
        self.store().read(|tx| {
            let opened = shown(self.resolve(tx, link)?)?;
            let events = tx.proof_events(opened.proof.id, after, 200)?;
            let last = events.last().map_or(after, |e| e.id);
            let mut updates = Vec::new();
            let mut proof_changed = None;
            let traces = Traces::of(tx, opened.blinds.stages())?;
            for event in events.into_iter().filter(|event| !traces.hide(event)) {
                self.collect(tx, &opened, &event, &mut updates, &mut proof_changed)?;
            }
            if let Some(decision) = proof_changed {
                let (reviewers, progress) = people(tx, &opened, now)?;
                updates.push(LinkUpdate::Proof {
                    proof: Box::new(opened.proof),
                    reviewers,
                    progress,
                    decision,
                });
            }
            Ok((updates, last))
        })
    }

    /// Turns one event into news. The state of things is read now: an event that was overtaken by a
    /// later one in the same batch tells the newer state, which is harmless.
    fn collect(
        &self,
        tx: &Read<'_>,
        opened: &Opened,
        event: &Event,
        updates: &mut Vec<LinkUpdate>,
        proof: &mut Option<bool>,
    ) -> Result<(), ServiceError> {
        match &event.kind {
            EventKind::CommentAdded { comment, .. }
            | EventKind::CommentEdited { comment, .. }
            | EventKind::CommentResolved { comment, .. }
            | EventKind::CommentReopened { comment, .. }
            | EventKind::ReplyAdded { comment, .. }
            | EventKind::ReplyDeleted { comment, .. } => {
                if let Some(comment) = tx.comment(*comment)?.and_then(|c| opened.blinds.comment_seen(c)) {
                    updates.push(LinkUpdate::Comment(Box::new(comment)));
                }
            }
            EventKind::CommentDeleted { comment, .. } => updates.push(LinkUpdate::CommentDeleted(*comment)),
            EventKind::PageReady { page } | EventKind::PageFailed { page, .. } => {
                if let Some(page) = tx.page(opened.proof.file, *page)? {
                    updates.push(LinkUpdate::Page(page));
                }
            }
            EventKind::ProofProcessing { .. }
            | EventKind::ProofProcessed { .. }
            | EventKind::ProofFailed { .. }
            | EventKind::ProcessingCancelled
            | EventKind::ProcessingRetried => {
                updates.push(LinkUpdate::Processing);
            }
            EventKind::DecisionMade { .. } => *proof = Some(true),
            _ => *proof = Some(proof.unwrap_or(false)),
        }
        Ok(())
    }

    /// A page behind a link with the file it is on, for rendering.
    ///
    /// # Errors
    /// As [`Service::follow`], and [`ServiceError::NotFound`] for a page that is not there.
    pub fn link_page(&self, link: &Link, number: u32) -> Result<(Opened, Page), ServiceError> {
        self.store().read(|tx| {
            let opened = shown(self.resolve(tx, link)?)?;
            let page = tx.page(opened.proof.file, number)?.ok_or(ServiceError::NotFound(Missing::Page))?;
            Ok((opened, page))
        })
    }

    /// The original behind a link. The download is noted.
    ///
    /// # Errors
    /// As [`Service::follow`], and [`ServiceError::NotFound`] when downloads are off.
    pub fn link_original(&self, link: &Link) -> Result<Original, ServiceError> {
        let now = self.now();
        self.store().write(|tx| {
            let opened = self.resolve(tx, link)?;
            if !opened.rights.download {
                return Err(ServiceError::NotFound(Missing::File));
            }
            let original = self.original_of(tx, &opened.proof)?;
            let id = opened.proof.id;
            tx.append(opened.proof.account, Some(id), now, &opened.actor(), &EventKind::ProofDownloaded)?;
            Ok(original)
        })
    }

    /// Pages on which a text occurs, at most 500 times. Blank text is found nowhere.
    ///
    /// # Errors
    /// As [`Service::follow`]; [`ServiceError::Archived`].
    pub async fn search_link(&self, link: Link, text: &str) -> Result<Vec<TextHit>, ServiceError> {
        let service = self.clone();
        let (opened, pages) = blocking(move || {
            service.store().read(|tx| {
                let opened = shown(service.resolve(tx, &link)?)?;
                let pages = tx.pages(opened.proof.file)?;
                Ok::<_, ServiceError>((opened, pages))
            })
        })
        .await?;
        let wanted: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
        let mut hits = Vec::new();
        if wanted.is_empty() || opened.proof.processing == Processing::Failed {
            return Ok(hits);
        }
        // What is not there yet has no text yet, and one page without text is no reason to find nothing.
        for page in pages.into_iter().filter(|page| page.ready) {
            let Ok(text) = self.page_text(&page).await else { continue };
            find_in_page(&text.words, &wanted, page.number, &mut hits);
            if hits.len() >= 500 {
                hits.truncate(500);
                break;
            }
        }
        Ok(hits)
    }
}

/// People on a proof as far as they are seen, with their letters.
fn people(
    tx: &Read<'_>,
    opened: &Opened,
    now: Timestamp,
) -> Result<(Vec<Reviewer>, Vec<Progress>), ServiceError> {
    let reviewers = opened.blinds.reviewers_seen(tx.reviewers(opened.proof.id)?);
    let progress = letters(&tx.stages(opened.proof.id)?, &reviewers, now);
    Ok((reviewers, progress))
}

/// Finds the wanted words one after the other: the first one may start, and the last one may end,
/// in the middle of a word on the page.
fn find_in_page(words: &[galley_media::Word], wanted: &[String], page: u32, hits: &mut Vec<TextHit>) {
    let lower: Vec<String> = words.iter().map(|w| w.t.to_lowercase()).collect();
    let last = wanted.len() - 1;
    for start in 0..words.len().saturating_sub(last) {
        let fits = wanted.iter().enumerate().all(|(i, want)| {
            let word = &lower[start + i];
            match (i == 0, i == last) {
                (true, true) => word.contains(want.as_str()),
                (true, false) => word.ends_with(want.as_str()),
                (false, true) => word.starts_with(want.as_str()),
                (false, false) => word == want,
            }
        });
        if fits {
            let found = &words[start..=start + last];
            let around = &words[start.saturating_sub(5)..(start + last + 6).min(words.len())];
            hits.push(TextHit {
                page,
                rects: found.iter().map(|w| [w.x, w.y, w.w, w.h].map(f64::from)).collect(),
                snippet: around.iter().map(|w| w.t.as_str()).collect::<Vec<_>>().join(" "),
            });
        }
    }
}

/// Versions one may switch to: with a place on them, or over the team URL where one came by it.
fn link_versions(tx: &Read<'_>, opened: &Opened) -> Result<Vec<LinkVersion>, ServiceError> {
    let all = tx.versions(opened.proof.set)?;
    let ids: Vec<ProofId> = all.iter().map(|p| p.id).collect();
    let person = opened.reviewer.as_ref().map(|r| r.person);
    let places: Vec<Reviewer> =
        tx.reviewers_of(&ids)?.into_iter().filter(|r| Some(r.person) == person).collect();
    let versions = all.into_iter().map(|proof| {
        let place = match &opened.reviewer {
            Some(me) if opened.pass => Some(me).filter(|r| r.proof == proof.id),
            _ => places.iter().find(|r| r.proof == proof.id),
        };
        let own = place.and_then(|r| r.code.clone());
        let team = opened.team && proof.settings.flags.has(ProofFlags::TEAM_URL);
        let code = own.or_else(|| team.then(|| proof.team_code.clone()));
        LinkVersion { proof, code }
    });
    Ok(versions.collect())
}
