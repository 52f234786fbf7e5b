//! The people on a proof.

use crate::error::bad_name;
use crate::proofs::{editable, seen};
use crate::secrets::{self, Random};
use crate::stages::{roll_up, set_primary, stage_for};
use crate::{Missing, Service, ServiceError, UserCaller};
use galley_model::{
    AccountId, Alert, Decision, EventKind, Happening, Person, Proof, ProofFlags, ProofId, ProofKind,
    Reviewer, ReviewerId, Role, StageId, StageState, Timestamp, clean_name, email_address,
};
use galley_store::{NewPerson, NewReviewer, ReviewerChanges, StoreError, Write};

/// Role of people nobody gave a role (`product.md` 2.5: the adder's default for new guests).
const GUEST_ROLE: Role = Role::ReviewerApprover;

/// More proofs in one call are a mistake.
const MAX_PROOFS: usize = 1000;

/// Somebody to put on a proof.
#[derive(Clone, Debug, Default)]
pub struct ReviewerInput {
    /// Address.
    pub email: String,
    /// Name on this proof; none takes what is known of them.
    pub name: Option<String>,
    /// What they may do; none takes the proof's or their default.
    pub role: Option<Role>,
    /// How much mail they want; none takes the proof's default.
    pub alert: Option<Alert>,
    /// When their part is due; none is the proof's deadline. With an automated workflow the deadline is
    /// that of the stage, and one of their own is refused.
    pub deadline: Option<Timestamp>,
    /// Job title.
    pub position: Option<String>,
    /// Their decision alone counts. Ignored for roles that do not decide.
    pub primary: Option<bool>,
    /// Tell them about it: now, or when their stage starts.
    pub notify: bool,
    /// The stage to put them on; none is the first one that runs.
    pub stage: Option<StageId>,
}

/// Changes of a reviewer. What is not given stays.
#[derive(Clone, Debug, Default)]
pub struct ReviewerEdit {
    /// Name on this proof.
    pub name: Option<String>,
    /// Job title.
    pub position: Option<String>,
    /// What they may do.
    pub role: Option<Role>,
    /// How much mail they want.
    pub alert: Option<Alert>,
    /// When their part is due; `Some(None)` is the proof's deadline.
    pub deadline: Option<Option<Timestamp>>,
    /// Their decision alone counts. Ignored for roles that do not decide.
    pub primary: Option<bool>,
    /// Their decision.
    pub decision: Option<Decision>,
    /// The stage to move them to.
    pub stage: Option<StageId>,
    /// The stage they have to be on for this edit; none is any.
    pub on_stage: Option<StageId>,
}

/// Puts a person on a proof. Somebody who is on it already gets the role, alert and deadline that are
/// given: clients that list the owner among the recipients mean just that.
pub(crate) fn place_person(
    tx: &Write<'_>,
    random: &dyn Random,
    caller: &UserCaller,
    proof: &Proof,
    input: &ReviewerInput,
    now: Timestamp,
) -> Result<ReviewerId, ServiceError> {
    let email = email_address(&input.email).map_err(|_| {
        let shown: String = input.email.chars().take(80).collect();
        ServiceError::Invalid("email", format!("'{shown}' is not an e-mail address."))
    })?;
    let name = match input.name.as_deref().map(str::trim).filter(|n| !n.is_empty()) {
        Some(name) => Some(clean_name(name).map_err(bad_name("name"))?),
        None => None,
    };
    let person = known_person(tx, proof.account, &email, name.as_deref(), now)?;
    let role = match proof.kind {
        ProofKind::Proof => input.role.or(proof.settings.default_role).unwrap_or(person.default_role),
        // A shared file has people, but no roles: there is nothing to do but to fetch it.
        ProofKind::File => Role::ReadOnly,
    };
    check_role(proof, &person, role)?;
    if proof.automated && input.deadline.is_some() {
        return Err(stage_deadline());
    }
    if !proof.automated && input.stage.is_some() {
        return Err(no_workflow());
    }
    let place = tx.reviewer_of_person(proof.id, person.id)?;
    let id = match place {
        Some(place) => {
            if input.stage.is_some_and(|stage| stage != place.stage) {
                let text = format!("{email} is on another stage of this proof.");
                return Err(ServiceError::Conflict(text));
            }
            let edit = ReviewerEdit {
                name,
                position: input.position.clone().filter(|p| !p.is_empty()),
                role: input.role.map(|_| role),
                alert: input.alert,
                deadline: input.deadline.map(Some),
                primary: None,
                decision: None,
                stage: None,
                on_stage: None,
            };
            apply(tx, caller, &place, &edit, now)?;
            place.id
        }
        None => {
            let shown = name.unwrap_or_else(|| person.name.clone());
            let stage = stage_for(tx, proof, input.stage)?;
            let sent = stage.state() != StageState::Waiting;
            let id = tx.add_reviewer(
                &NewReviewer {
                    proof: proof.id,
                    person: person.id,
                    name: &shown,
                    position: input.position.as_deref().unwrap_or_default().trim(),
                    role,
                    alert: input
                        .alert
                        .or(proof.settings.default_alert)
                        .or(person.default_alert)
                        .unwrap_or(Alert::OwnDefault),
                    deadline: input.deadline,
                    code: &secrets::code(random, crate::proofs::CODE_LENGTH),
                    stage: stage.id,
                    sent,
                    waiting: input.notify && !sent,
                },
                now,
            )?;
            // Whoever joins a stage that waits is told when it starts. In a batch, those who are to be
            // told now are told when it is finished.
            let notify = input.notify && sent && !proof.holds_back();
            if sent && proof.holds_back() {
                tx.hold_reviewer(id, input.notify)?;
            }
            let kind = EventKind::ReviewerAdded { reviewer: id, name: shown, email, role, notify };
            tx.append(proof.account, Some(proof.id), now, &caller.actor(), &kind)?;
            id
        }
    };
    set_primary(tx, proof, id, role, input.primary)?;
    Ok(id)
}

/// The person with this address in an account; strangers become known.
pub(crate) fn known_person(
    tx: &Write<'_>,
    account: AccountId,
    email: &str,
    name: Option<&str>,
    now: Timestamp,
) -> Result<Person, ServiceError> {
    if let Some(person) = tx.person_by_email(account, email)? {
        return Ok(person);
    }
    let new = NewPerson { account, email, name: name.unwrap_or(email), default_role: GUEST_ROLE };
    tx.add_person(&new, now)?;
    Ok(tx.person_by_email(account, email)?.ok_or(StoreError::Corrupt("people"))?)
}

/// Guests are neither authors nor moderators, and never on a proof that requires a login.
fn check_role(proof: &Proof, person: &Person, role: Role) -> Result<(), ServiceError> {
    if proof.kind == ProofKind::File && role != Role::ReadOnly {
        return Err(ServiceError::Invalid("role", "A shared file is only read.".to_owned()));
    }
    if person.user.is_some() {
        return Ok(());
    }
    if !role.for_guests() {
        let text = format!("{} has no login and cannot be {}.", person.email, role.label());
        return Err(ServiceError::Invalid("role", text));
    }
    if proof.settings.flags.has(ProofFlags::AUTHORIZED_ONLY) {
        let text = format!("This proof requires a login, and {} has none.", person.email);
        return Err(ServiceError::Invalid("email", text));
    }
    Ok(())
}

/// Stages of proofs without an automated workflow are Galley's to make.
pub(crate) fn no_workflow() -> ServiceError {
    ServiceError::Conflict("This proof has no automated workflow.".to_owned())
}

fn stage_deadline() -> ServiceError {
    ServiceError::Conflict("The deadline of a stage is that of all its people.".to_owned())
}

/// Moves somebody to another stage of the same proof. Whoever has not been told of the proof yet is
/// told now, if the new stage runs.
fn move_person(
    tx: &Write<'_>,
    caller: &UserCaller,
    proof: &Proof,
    place: &Reviewer,
    to: StageId,
    now: Timestamp,
) -> Result<(), ServiceError> {
    if !proof.automated {
        let text = "People of this proof are on stages by their deadlines.";
        return Err(ServiceError::Conflict(text.to_owned()));
    }
    let stage = stage_for(tx, proof, Some(to))?;
    // A primary decision maker is that of one stage.
    set_primary(tx, proof, place.id, place.role, Some(false))?;
    let sent = (stage.state() != StageState::Waiting).then_some(now);
    let (reviewer, name, email, role) = (place.id, place.name.clone(), place.email.clone(), place.role);
    let kind = match tx.move_reviewer(place.id, to, sent)? {
        true => EventKind::ReviewerAdded { reviewer, name, email, role, notify: true },
        false => EventKind::ReviewerUpdated { reviewer, name, role },
    };
    tx.append(proof.account, Some(proof.id), now, &caller.actor(), &kind)?;
    // Both stages have other people now; the caller looks at the one left behind.
    roll_up(tx, proof.id, Happening::PeopleChanged(to), now)?;
    Ok(())
}

/// Writes changes of a reviewer other than the decision.
fn apply(
    tx: &Write<'_>,
    caller: &UserCaller,
    place: &Reviewer,
    edit: &ReviewerEdit,
    now: Timestamp,
) -> Result<(), ServiceError> {
    let name = match edit.name.as_deref().map(str::trim).filter(|n| !n.is_empty()) {
        Some(name) => clean_name(name).map_err(bad_name("name"))?,
        None => place.name.clone(),
    };
    let role = edit.role.unwrap_or(place.role);
    let to = ReviewerChanges {
        name: &name,
        position: edit.position.as_deref().unwrap_or(&place.position),
        role,
        alert: edit.alert.unwrap_or(place.alert),
        deadline: edit.deadline.unwrap_or(place.deadline),
    };
    let changed = to.name != place.name
        || to.position != place.position
        || to.role != place.role
        || to.alert != place.alert
        || to.deadline != place.deadline;
    if changed {
        tx.update_reviewer(place.id, &to)?;
        let kind = EventKind::ReviewerUpdated { reviewer: place.id, name: name.clone(), role };
        tx.append(caller.account(), Some(place.proof), now, &caller.actor(), &kind)?;
    }
    Ok(())
}

/// The reviewer and their proof, if the caller sees the proof.
pub(crate) fn seen_reviewer(
    tx: &galley_store::Read<'_>,
    caller: &UserCaller,
    id: ReviewerId,
) -> Result<(Reviewer, crate::proofs::Seen), ServiceError> {
    let missing = || ServiceError::NotFound(Missing::Reviewer);
    let reviewer = tx.reviewer(id)?.ok_or_else(missing)?;
    match seen(tx, caller, reviewer.proof) {
        Ok(seen) if seen.blinds.hide(reviewer.stage) => Err(missing()),
        Ok(seen) => Ok((reviewer, seen)),
        Err(ServiceError::NotFound(_)) => Err(missing()),
        Err(error) => Err(error),
    }
}

impl Service {
    /// People on a proof, in the order they were added.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`].
    pub fn reviewers(&self, caller: &UserCaller, proof: ProofId) -> Result<Vec<Reviewer>, ServiceError> {
        self.store().read(|tx| {
            let seen = seen(tx, caller, proof)?;
            Ok(seen.blinds.reviewers_seen(tx.reviewers(proof)?))
        })
    }

    /// Puts people on a proof: all of them, or none when one cannot be.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Forbidden`], [`ServiceError::Invalid`].
    pub fn add_reviewers(
        &self,
        caller: &UserCaller,
        proof: ProofId,
        people: &[ReviewerInput],
    ) -> Result<Vec<Reviewer>, ServiceError> {
        let now = self.now();
        self.store().write(|tx| {
            let target = editable(tx, caller, proof)?.proof;
            let mut added = Vec::new();
            for person in people {
                added.push(place_person(tx, self.inner.random.as_ref(), caller, &target, person, now)?);
            }
            roll_up(tx, proof, Happening::Look, now)?;
            let everybody = tx.reviewers(proof)?;
            Ok(added.iter().filter_map(|id| everybody.iter().find(|r| r.id == *id).cloned()).collect())
        })
    }

    /// Puts one person on several proofs: on all of them, or on none.
    ///
    /// # Errors
    /// As [`Service::add_reviewers`], and [`ServiceError::Invalid`] for more than 1000 proofs.
    pub fn add_reviewer_to_proofs(
        &self,
        caller: &UserCaller,
        proofs: &[ProofId],
        person: &ReviewerInput,
    ) -> Result<Vec<Reviewer>, ServiceError> {
        if proofs.len() > MAX_PROOFS {
            let text = format!("At most {MAX_PROOFS} proofs at a time.");
            return Err(ServiceError::Invalid("proofs", text));
        }
        let now = self.now();
        self.store().write(|tx| {
            let mut added = Vec::new();
            for proof in proofs {
                let target = editable(tx, caller, *proof)?.proof;
                let id = place_person(tx, self.inner.random.as_ref(), caller, &target, person, now)?;
                roll_up(tx, *proof, Happening::Look, now)?;
                added.push(tx.reviewer(id)?.ok_or(ServiceError::NotFound(Missing::Reviewer))?);
            }
            Ok(added)
        })
    }

    /// Changes a reviewer. Editing needs edit rights on the proof; one's own decision one may always
    /// change while the proof is active.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Forbidden`], [`ServiceError::Locked`] for decisions
    /// on a locked proof, [`ServiceError::Invalid`].
    pub fn update_reviewer(
        &self,
        caller: &UserCaller,
        id: ReviewerId,
        edit: &ReviewerEdit,
    ) -> Result<Reviewer, ServiceError> {
        let now = self.now();
        self.store().write(|tx| {
            let (place, seen) = seen_reviewer(tx, caller, id)?;
            if edit.on_stage.is_some_and(|stage| stage != place.stage) {
                return Err(ServiceError::NotFound(Missing::Stage));
            }
            let own = place.person == caller.person();
            let only_decides = edit.name.is_none()
                && edit.position.is_none()
                && edit.role.is_none()
                && edit.alert.is_none()
                && edit.deadline.is_none()
                && edit.stage.is_none()
                && edit.primary.is_none();
            if !(seen.rights.edit || (own && only_decides)) {
                return Err(ServiceError::Forbidden);
            }
            if let Some(role) = edit.role {
                let person = tx
                    .person_by_email(seen.proof.account, &place.email)?
                    .ok_or(ServiceError::NotFound(Missing::Reviewer))?;
                check_role(&seen.proof, &person, role)?;
            }
            if seen.proof.automated && edit.deadline.is_some() {
                return Err(stage_deadline());
            }
            apply(tx, caller, &place, edit, now)?;
            if let Some(stage) = edit.stage.filter(|stage| *stage != place.stage) {
                move_person(tx, caller, &seen.proof, &place, stage, now)?;
            }
            let role = edit.role.unwrap_or(place.role);
            set_primary(tx, &seen.proof, id, role, edit.primary)?;
            match edit.decision.filter(|d| *d != place.decision) {
                Some(decision) => {
                    crate::decisions::decide(tx, &caller.actor(), &seen.proof, id, role, decision, now)?;
                }
                None => {
                    roll_up(tx, place.proof, Happening::PeopleChanged(place.stage), now)?;
                }
            }
            tx.reviewer(id)?.ok_or(ServiceError::NotFound(Missing::Reviewer))
        })
    }

    /// Takes a person off a proof. Their personal URL dies at once, their comments stay, their
    /// decision no longer counts. The owner and the creator stay.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Forbidden`], [`ServiceError::Conflict`].
    pub fn remove_reviewer(&self, caller: &UserCaller, id: ReviewerId) -> Result<(), ServiceError> {
        let now = self.now();
        self.store().write(|tx| {
            let (place, seen) = seen_reviewer(tx, caller, id)?;
            if !seen.rights.edit {
                return Err(ServiceError::Forbidden);
            }
            if place.user.is_some_and(|user| user == seen.proof.owner || user == seen.proof.creator) {
                return Err(ServiceError::Conflict(
                    "The owner and the creator stay on their proof.".to_owned(),
                ));
            }
            set_primary(tx, &seen.proof, id, place.role, Some(false))?;
            tx.remove_reviewer(id, now)?;
            let kind = EventKind::ReviewerRemoved { reviewer: id, name: place.name, email: place.email };
            tx.append(seen.proof.account, Some(seen.proof.id), now, &caller.actor(), &kind)?;
            roll_up(tx, seen.proof.id, Happening::PeopleChanged(place.stage), now)?;
            Ok(())
        })
    }
}
