//! The people on a proof.

use crate::error::bad_name;
use crate::proofs::{editable, roll_up, seen};
use crate::secrets::{self, Random};
use crate::{Missing, Service, ServiceError, UserCaller};
use galley_model::{
    AccountId, Alert, Decision, EventKind, Person, Proof, ProofFlags, ProofId, ProofKind, Reviewer,
    ReviewerId, Role, Timestamp, clean_name, email_address,
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
    /// When their part is due; none is the proof's deadline.
    pub deadline: Option<Timestamp>,
    /// Job title.
    pub position: Option<String>,
    /// Their decision alone counts. Ignored for roles that do not decide.
    pub primary: Option<bool>,
    /// Tell them about it.
    pub notify: bool,
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
    let place = tx.reviewer_of_person(proof.id, person.id)?;
    let id = match place {
        Some(place) => {
            let edit = ReviewerEdit {
                name,
                position: input.position.clone().filter(|p| !p.is_empty()),
                role: input.role.map(|_| role),
                alert: input.alert,
                deadline: input.deadline.map(Some),
                primary: None,
                decision: None,
            };
            apply(tx, caller, &place, &edit, now)?;
            place.id
        }
        None => {
            let shown = name.unwrap_or_else(|| person.name.clone());
            let id = tx.add_reviewer(
                &NewReviewer {
                    proof: proof.id,
                    person: person.id,
                    name: &shown,
                    position: input.position.as_deref().unwrap_or_default().trim(),
                    role,
                    alert: input.alert.or(proof.settings.default_alert).unwrap_or(Alert::OwnDefault),
                    deadline: input.deadline,
                    code: &secrets::code(random, crate::proofs::CODE_LENGTH),
                },
                now,
            )?;
            // In a batch, those who are to be told are told when it is finished.
            let notify = input.notify && proof.batch.is_none();
            if proof.batch.is_some() {
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

fn set_primary(
    tx: &Write<'_>,
    proof: &Proof,
    id: ReviewerId,
    role: Role,
    primary: Option<bool>,
) -> Result<(), ServiceError> {
    let current = tx.proof(proof.id)?.and_then(|p| p.primary_decision_maker);
    match primary {
        Some(true) if role.decides() => tx.set_primary(proof.id, Some(id))?,
        Some(false) if current == Some(id) => tx.set_primary(proof.id, None)?,
        None if current == Some(id) && !role.decides() => tx.set_primary(proof.id, None)?,
        _ => {}
    }
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
            seen(tx, caller, proof)?;
            Ok(tx.reviewers(proof)?)
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
            roll_up(tx, proof, false, now)?;
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
                roll_up(tx, *proof, false, now)?;
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
            let own = place.person == caller.person();
            let only_decides = edit.name.is_none()
                && edit.position.is_none()
                && edit.role.is_none()
                && edit.alert.is_none()
                && edit.deadline.is_none()
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
            apply(tx, caller, &place, edit, now)?;
            let role = edit.role.unwrap_or(place.role);
            set_primary(tx, &seen.proof, id, role, edit.primary)?;
            match edit.decision.filter(|d| *d != place.decision) {
                Some(decision) => {
                    crate::decisions::decide(tx, &caller.actor(), &seen.proof, id, role, decision, now)?;
                }
                None => {
                    roll_up(tx, place.proof, false, now)?;
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
            tx.remove_reviewer(id, now)?;
            if seen.proof.primary_decision_maker == Some(id) {
                tx.set_primary(seen.proof.id, None)?;
            }
            let kind = EventKind::ReviewerRemoved { reviewer: id, name: place.name, email: place.email };
            tx.append(seen.proof.account, Some(seen.proof.id), now, &caller.actor(), &kind)?;
            roll_up(tx, seen.proof.id, false, now)?;
            Ok(())
        })
    }
}
