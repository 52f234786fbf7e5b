//! Which mails follow from an event, and what alerts and messages say (`product.md` 6).

use super::desk::{Desk, by, versioned};
use super::letter::Letter;
use galley_model::{
    Alarm, Alert, Event, EventKind, PersonId, Reviewer, ReviewerId, StageId, StageState, Timestamp,
    alerts_at_once, effective_alert,
};
use galley_store::{Invitation, Read, StoreError, Write};

/// What the events of a proof find out about their subject.
enum Topic<'e> {
    Comment {
        author: ReviewerId,
        stages: Vec<StageId>,
        quotes: Vec<(String, String)>,
        anchor: String,
        /// Where on the proof, and what that is.
        place: Option<(&'static str, String)>,
    },
    Decision {
        reviewer: ReviewerId,
        name: &'e str,
        label: &'e str,
    },
}

impl Desk {
    /// Writes the mails that follow from an event.
    pub(super) fn write(&self, tx: &Write<'_>, event: &Event, now: Timestamp) -> Result<(), StoreError> {
        if let EventKind::BatchFinished { batch, invited, .. } = &event.kind {
            for reviewer in invited {
                let Some(place) = tx.reviewer(*reviewer)? else { continue };
                let (proof, batch) = (place.proof, Some(*batch));
                tx.add_invitation(&Invitation { reviewer: *reviewer, proof, event: event.id, batch })?;
            }
            return self.invite_batch(tx, *batch, event, now);
        }
        match &event.kind {
            EventKind::UserCreated { user, notify: true, .. } => return self.welcome(tx, event, *user, now),
            EventKind::UserEmailChanged { user, notify: true, .. } => {
                return self.new_address(tx, event, *user, now);
            }
            EventKind::UserPasswordForgotten { user, .. } => {
                return self.password_forgotten(tx, event, *user, now);
            }
            _ => {}
        }
        if let EventKind::SummaryFinished { summary, .. } = &event.kind {
            return self.summary_made(tx, event, *summary, now);
        }
        let Some(id) = event.proof else { return Ok(()) };
        match &event.kind {
            EventKind::ReviewerAdded { reviewer, notify: true, .. } => {
                let new = Invitation { reviewer: *reviewer, proof: id, event: event.id, batch: None };
                tx.add_invitation(&new)?;
                self.invite(tx, event, now)
            }
            // The others of its batch wait for it no longer.
            EventKind::ProofFailed { .. } => self.invite(tx, event, now),
            EventKind::StageStarted { notify, .. } => {
                for reviewer in notify {
                    let (proof, event) = (id, event.id);
                    tx.add_invitation(&Invitation { reviewer: *reviewer, proof, event, batch: None })?;
                }
                self.invite(tx, event, now)
            }
            EventKind::ProofActivated { invited } => self.activated(tx, event, invited, now),
            EventKind::ProofSubmitted { submitter, tell, .. } => {
                self.submitted(tx, event, *submitter, tell, now)
            }
            EventKind::ReviewerRemoved { reviewer, .. } => tx.remove_invitation(*reviewer),
            EventKind::ProofProcessed { .. } => {
                self.proof_made(tx, event, now)?;
                self.invite(tx, event, now)
            }
            EventKind::CommentAdded { comment, number, text } => {
                // One that was deleted since is nobody's news.
                let (Some(said), Some(found)) = (tx.said_in_comment(*comment)?, tx.comment(*comment)?) else {
                    return Ok(());
                };
                let page = found.page.map(|page| ("Page", page.to_string()));
                let place = found.moment.map(|moment| ("Time", moment.label)).or(page);
                let topic = Topic::Comment {
                    author: said.reviewer,
                    stages: vec![found.stage],
                    quotes: vec![(format!("{} (#{number})", said.author), text.clone())],
                    anchor: format!("#comment-{comment}"),
                    place,
                };
                self.alert(tx, event, &topic, now, |_| Alarm::Comment)
            }
            EventKind::ReplyAdded { comment, number, reply, text } => {
                let (Some(thread), Some(said), Some(found)) =
                    (tx.said_in_comment(*comment)?, tx.said_in_reply(*reply)?, tx.comment(*comment)?)
                else {
                    return Ok(());
                };
                let Some(answer) = found.replies.iter().find(|one| one.id == *reply) else { return Ok(()) };
                let topic = Topic::Comment {
                    author: said.reviewer,
                    stages: vec![found.stage, answer.stage],
                    quotes: vec![
                        (format!("{} (#{number})", thread.author), thread.text.clone()),
                        (said.author, text.clone()),
                    ],
                    anchor: format!("#comment-{comment}"),
                    place: None,
                };
                self.alert(tx, event, &topic, now, |to| Alarm::Reply { own_thread: to.id == thread.reviewer })
            }
            EventKind::CommentResolved { comment, .. } => self.settled(tx, event, *comment, true, now),
            EventKind::CommentReopened { comment, .. } => self.settled(tx, event, *comment, false, now),
            EventKind::DecisionMade { reviewer, name, decision, label, .. } if decision.made() => {
                let label = label.as_deref().unwrap_or(decision.label());
                let topic = Topic::Decision { reviewer: *reviewer, name, label };
                let last = tx.proof(id)?.is_some_and(|proof| {
                    proof.decisions_required > 0 && proof.decisions_made >= proof.decisions_required
                });
                self.alert(tx, event, &topic, now, |_| Alarm::Decision { last })
            }
            EventKind::ReviewerMessaged { reviewer, subject, body, .. } => {
                self.message(tx, event, *reviewer, subject, body, now)
            }
            _ => Ok(()),
        }
    }

    /// Tells everybody whose level says so, but whoever did it.
    fn alert(
        &self,
        tx: &Write<'_>,
        event: &Event,
        topic: &Topic<'_>,
        now: Timestamp,
        alarm: impl Fn(&Reviewer) -> Alarm,
    ) -> Result<(), StoreError> {
        let Some(about) = self.about(tx, event)? else { return Ok(()) };
        let proof = &about.proof;
        let (author, stages) = match topic {
            Topic::Comment { author, stages, .. } => (*author, stages.clone()),
            Topic::Decision { reviewer, .. } => {
                let place = about.people.iter().find(|one| one.id == *reviewer);
                (*reviewer, place.map(|place| place.stage).into_iter().collect())
            }
        };
        let actor: Option<PersonId> = event.actor.person;
        let by = by(tx, event)?;
        for to in &about.people {
            let silent = match topic {
                Topic::Comment { .. } => to.stage_state != StageState::Active,
                // Their stage may have locked itself with this very decision.
                Topic::Decision { .. } => to.stage_state == StageState::Waiting,
            };
            let blinds = about.blinds(to, tx)?;
            if silent || stages.iter().any(|stage| blinds.hide(*stage)) {
                continue;
            }
            let own = to.id == author || Some(to.person) == actor || Some(to.id) == event.actor.reviewer;
            if own || !alerts_at_once(level(tx, to)?, alarm(to)) {
                continue;
            }
            let (kind, subject, letter) = match topic {
                Topic::Comment { quotes, anchor, place, .. } => {
                    let reply = quotes.len() > 1;
                    let (kind, what) =
                        if reply { ("reply", "New reply") } else { ("comment", "New comment") };
                    let mut facts = self.facts(tx, &about, to)?;
                    if let Some((what, place)) = place {
                        facts.push(((*what).to_owned(), place.clone()));
                    }
                    let plain = self.letter(&about, to, format!("{what} on {}", proof.name));
                    let button = plain.button.map(|(_, url)| {
                        (format!("Go to {}", if reply { "reply" } else { "comment" }), url + anchor)
                    });
                    let lead = match (reply, quotes.last()) {
                        (true, Some((author, _))) => format!("{author} replied."),
                        _ => String::new(),
                    };
                    let letter = Letter { lead, quotes: quotes.clone(), facts, button, ..plain };
                    (kind, format!("{what}: {}", versioned(proof)), letter)
                }
                Topic::Decision { name, label, .. } => {
                    let facts = self.facts(tx, &about, to)?;
                    let letter = Letter {
                        lead: format!("{name}: {label}"),
                        facts,
                        ..self.letter(&about, to, format!("Decision on {}", proof.name))
                    }
                    .with_people(&about, &about.blinds(to, tx)?);
                    let subject = format!("{name}: {label} – {}", versioned(proof));
                    ("decision", subject, letter)
                }
            };
            self.post(tx, &about, to, kind, &subject, &letter, &by, event.at, now)?;
        }
        Ok(())
    }

    /// Somebody's own words to one reviewer.
    fn message(
        &self,
        tx: &Write<'_>,
        event: &Event,
        reviewer: ReviewerId,
        subject: &str,
        body: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let Some(about) = self.about(tx, event)? else { return Ok(()) };
        let Some(to) = about.people.iter().find(|one| one.id == reviewer) else { return Ok(()) };
        let by = by(tx, event)?;
        let letter = Letter {
            lead: format!("{} wrote to you about this proof.", by.name),
            message: Some(body.to_owned()),
            facts: self.facts(tx, &about, to)?,
            ..self.letter(&about, to, about.proof.name.clone())
        };
        let own = Some(subject).filter(|subject| !subject.is_empty()).map(str::to_owned);
        let subject = own.unwrap_or_else(|| format!("Message about {}", versioned(&about.proof)));
        self.post(tx, &about, to, "message", &subject, &letter, &by, event.at, now)
    }
}

/// How much mail a reviewer wants.
fn level(tx: &Read<'_>, to: &Reviewer) -> Result<Alert, StoreError> {
    if to.alert != Alert::OwnDefault {
        return Ok(to.alert);
    }
    let own = to.user.map(|user| tx.user(user)).transpose()?.flatten().map(|user| user.default_alert);
    Ok(effective_alert(to.alert, own))
}
