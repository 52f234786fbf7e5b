//! New proofs and new versions (`product.md` 3.1, 3.6, 3.8).

use super::{check_texts, editable};
use crate::accounts::check_proof_room;
use crate::batches::{finish, open_batch};
use crate::error::bad_name;
use crate::interactive::same_mode;
use crate::reviewers::{ReviewerInput, no_workflow, place_person};
use crate::sources::{Resolved, Source, SourceFile, release};
use crate::stages::{StageInput, copied, lay_out, roll_up, system_stage};
use crate::{CustomInput, Missing, Service, ServiceError, UserCaller, custom, people, secrets, workspaces};
use galley_model::{
    Alert, BatchId, EventKind, Happening, MAX_NAME, Processing, Proof, ProofFlags, ProofId, ProofKind,
    ProofState, Reviewer, Role, Settings, StageId, TemplateId, Timestamp, Urgency, User, UserId, WorkspaceId,
    clean_name, counts_as_proof, next_version,
};
use galley_store::{NewProof, Read, Write};

/// Length of the secret in personal and team URLs: 131 bits.
pub(crate) const CODE_LENGTH: usize = 22;

/// More proofs at a time are a mistake (`product.md` 11, "Separate files per go").
const MAX_PROOFS: usize = 100;

/// A proof to be, or the next version of one.
#[derive(Clone, Debug, Default)]
pub struct ProofInput {
    /// The version before; none makes a new proof.
    pub parent: Option<ProofId>,
    /// What it is made of.
    pub source: Source,
    /// Name of the uploaded file (`filehash` on the wire) that it is made of, where it is made of one.
    pub file_token: String,
    /// Name as people read it; none takes the file's.
    pub name: Option<String>,
    /// File name with extension; none takes the uploaded one.
    pub source_name: Option<String>,
    /// Who is responsible; none is the caller.
    pub owner: Option<UserId>,
    /// Subject of the invitation.
    pub subject: String,
    /// Message of the invitation.
    pub message: String,
    /// When it is due. The past is refused. With stages, each of them has a deadline of its own and this
    /// one is not used.
    pub deadline: Option<Timestamp>,
    /// Folder of a new proof. For a version, moves the whole set.
    pub workspace: Option<WorkspaceId>,
    /// Switches and defaults.
    pub settings: Settings,
    /// People to put on it.
    pub reviewers: Vec<ReviewerInput>,
    /// For a version: also put on it everybody who was on the one before, as they were.
    pub copy_reviewers: bool,
    /// Tell them about it.
    pub notify: bool,
    /// A proof, or a file that is only shared.
    pub kind: ProofKind,
    /// The batch that holds it back.
    pub batch: Option<BatchId>,
    /// It was handed in at a dropzone and waits to be activated.
    pub submitted: bool,
    /// Stages with their people: the proof has an automated workflow. None makes a proof without one,
    /// unless it is the next version of a proof that has one and the people are copied; then the stages
    /// are copied with them.
    pub stages: Option<Vec<StageInput>>,
    /// The proof has to have an automated workflow: a version without stages of its own takes them from a
    /// version that has one.
    pub workflow: bool,
    /// Custom fields to set on it.
    pub custom: Vec<CustomInput>,
    /// The workflow template that the stages come from.
    pub template: Option<TemplateId>,
}

impl Service {
    /// Creates a proof, or the next version of one, of an uploaded file. Its pages follow.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for profiles that create nothing and for versions of proofs the
    /// caller may not edit; [`ServiceError::NotFound`] for unknown files, folders, owners and proofs;
    /// [`ServiceError::Conflict`] when the parent is not the newest version;
    /// [`ServiceError::Invalid`] for names, addresses and deadlines. Nothing is created then.
    pub fn create_proof(&self, caller: &UserCaller, input: &ProofInput) -> Result<Proof, ServiceError> {
        if !caller.profile().creates() {
            return Err(ServiceError::Forbidden);
        }
        let now = self.now();
        let proof = self.store().write(|tx| self.create_in(tx, caller, input, now))?;
        self.inner.work.notify_one();
        Ok(proof)
    }

    /// Creates several proofs at once: all of them, or none. Whoever is on more than one of them is told of
    /// all of theirs together.
    ///
    /// # Errors
    /// As [`Service::create_proof`], and [`ServiceError::Invalid`] for more than 100 proofs.
    pub fn create_proofs(
        &self,
        caller: &UserCaller,
        inputs: &[ProofInput],
    ) -> Result<Vec<Proof>, ServiceError> {
        if !caller.profile().creates() {
            return Err(ServiceError::Forbidden);
        }
        if inputs.len() > MAX_PROOFS {
            let text = format!("At most {MAX_PROOFS} proofs at a time.");
            return Err(ServiceError::Invalid("proofs", text));
        }
        let now = self.now();
        let proofs = self.store().write(|tx| {
            let together = inputs.len() > 1 && inputs.iter().all(|input| input.batch.is_none());
            let batch = together.then(|| tx.add_batch(caller.account(), caller.id(), now)).transpose()?;
            let mut made = Vec::with_capacity(inputs.len());
            for input in inputs {
                let input = ProofInput { batch: input.batch.or(batch), ..input.clone() };
                made.push(self.create_in(tx, caller, &input, now)?.id);
            }
            if let Some(batch) = batch {
                finish(tx, caller, batch, now)?;
            }
            let missing = || ServiceError::NotFound(Missing::Proof);
            made.into_iter().map(|id| tx.proof(id)?.ok_or_else(missing)).collect::<Result<Vec<_>, _>>()
        })?;
        self.inner.work.notify_one();
        Ok(proofs)
    }

    pub(crate) fn create_in(
        &self,
        tx: &Write<'_>,
        caller: &UserCaller,
        input: &ProofInput,
        now: Timestamp,
    ) -> Result<Proof, ServiceError> {
        let single = SourceFile { token: input.file_token.clone(), name: input.source_name.clone() };
        let source = same_mode(tx, input.parent, &input.source)?;
        let Resolved { file, source_name } = self.made_of(tx, &source, single, now)?;
        // An address is a name as well, but may be longer than one.
        let fallback: String = source_name.chars().take(MAX_NAME).collect();
        let name = clean_name(input.name.as_deref().filter(|n| !n.trim().is_empty()).unwrap_or(&fallback))
            .map_err(bad_name("name"))?;
        let workflow = input.stages.is_some();
        if !workflow && input.deadline.is_some_and(|deadline| deadline <= now) {
            return Err(ServiceError::Invalid("deadline", "The deadline has already passed.".to_owned()));
        }
        let workspace = input.workspace.map(|id| workspaces::for_items(tx, caller, id)).transpose()?;
        let parent = input.parent.map(|id| editable(tx, caller, id)).transpose()?.map(|seen| seen.proof);
        let owner = owner(tx, caller, input.owner, parent.as_ref())?;
        let batch = input.batch.map(|id| open_batch(tx, caller, id)).transpose()?;
        if parent.as_ref().is_some_and(|parent| parent.kind == ProofKind::File) {
            return Err(ServiceError::Conflict("A shared file has no versions.".to_owned()));
        }

        let follows = match &parent {
            Some(parent) => {
                next_version(parent.version, newest(tx, parent)?)?;
                // Numbers of versions in the trash stay taken.
                Some((parent.set, tx.highest_version(parent.set)? + 1, parent.id))
            }
            None => None,
        };
        let stages = match (&input.stages, &parent) {
            (Some(stages), _) => Some(stages.clone()),
            (None, Some(parent)) if parent.automated && input.copy_reviewers => {
                Some(copied(tx, parent, |r| as_before(r, input.notify))?)
            }
            (None, _) if input.workflow => return Err(no_workflow()),
            (None, _) => None,
        };
        let version = follows.map_or(1, |(_, version, _)| version);
        let counts = input.kind == ProofKind::Proof && counts_as_proof(version);
        check_proof_room(tx, caller.account(), &file, counts, now)?;
        let settings = Settings { flags: input.settings.flags.consistent(), ..input.settings.clone() };
        check_texts(&input.subject, &input.message, &settings)?;
        if input.kind == ProofKind::Proof && file.processing.is_none() {
            tx.set_processing(file.id, Processing::Queued, None)?;
        }
        let id = tx.add_proof(
            &NewProof {
                account: caller.account(),
                kind: input.kind,
                batch: batch.map(|batch| batch.id),
                submitted: input.submitted,
                follows,
                workspace,
                file: file.id,
                name: &name,
                source_name: &source_name,
                creator: caller.id(),
                owner: owner.id,
                subject: input.subject.trim(),
                message: input.message.trim(),
                deadline: input.deadline.filter(|_| stages.is_none()),
                settings: &settings,
                automated: stages.is_some(),
                template: input.template,
                team_code: &secrets::code(self.inner.random.as_ref(), CODE_LENGTH),
            },
            now,
        )?;
        if let Some(parent) = &parent {
            tx.copy_custom_data(parent.id, id)?;
        }
        if let (Some(parent), Some(_)) = (&parent, workspace) {
            tx.move_set(parent.set, workspace)?;
        }
        let actor = caller.actor();
        let created = match input.kind {
            ProofKind::Proof => EventKind::ProofCreated { name, version },
            ProofKind::File => EventKind::FileShared { name },
        };
        tx.append(caller.account(), Some(id), now, &actor, &created)?;
        let staged = match &stages {
            Some(stages) => self.start_workflow(tx, caller, id, stages, now)?,
            None => {
                let one = settings.flags.has(ProofFlags::ONE_DECISION);
                system_stage(tx, id, 1, input.deadline, one, now)?;
                Vec::new()
            }
        };
        let copied_from = parent.as_ref().filter(|_| stages.is_none());
        let people = people_for(tx, caller, &owner, copied_from, input)?;
        for person in in_one_place(people, staged)? {
            let proof = tx.proof(id)?.ok_or(ServiceError::NotFound(Missing::Proof))?;
            place_person(tx, self.inner.random.as_ref(), caller, &proof, &person, now)?;
        }
        if !input.custom.is_empty() {
            let proof = tx.proof(id)?.ok_or(ServiceError::NotFound(Missing::Proof))?;
            custom::set(tx, caller, &proof, &input.custom, now)?;
        }
        if let Some(parent) = parent.filter(|p| p.state == ProofState::Active) {
            tx.set_proof_state(parent.id, ProofState::Locked)?;
            tx.append(
                caller.account(),
                Some(parent.id),
                now,
                &actor,
                &EventKind::ProofLocked { automatic: true },
            )?;
        }
        let proof = roll_up(tx, id, Happening::Look, now)?;
        if proof.batch.is_none() {
            release(tx, &proof, Urgency::Asked, now)?;
        }
        tx.proof(id)?.ok_or(ServiceError::NotFound(Missing::Proof))
    }

    /// Makes the stages of a proof, starts those that start at once, and gives their people.
    fn start_workflow(
        &self,
        tx: &Write<'_>,
        caller: &UserCaller,
        proof: ProofId,
        inputs: &[StageInput],
        now: Timestamp,
    ) -> Result<Vec<(StageId, ReviewerInput)>, ServiceError> {
        let stages = lay_out(tx, proof, inputs, now)?;
        for stage in &stages {
            let kind = EventKind::StageAdded { stage: stage.id, name: stage.name.clone() };
            tx.append(caller.account(), Some(proof), now, &caller.actor(), &kind)?;
        }
        // Before anybody is on them, so that people join stages that run already and are told at once.
        roll_up(tx, proof, Happening::Look, now)?;
        let people = stages
            .iter()
            .zip(inputs)
            .flat_map(|(stage, input)| input.reviewers.iter().map(|person| (stage.id, person.clone())));
        Ok(people.collect())
    }
}

/// Somebody of the version before as they were there. A deadline of their own belonged to that version.
fn as_before(r: Reviewer, notify: bool) -> ReviewerInput {
    ReviewerInput {
        email: r.email,
        name: Some(r.name),
        role: Some(r.role),
        alert: Some(r.alert),
        deadline: None,
        position: Some(r.position),
        primary: Some(r.primary),
        notify,
        stage: None,
    }
}

/// Everybody in order, those with a stage last. Whoever is on a stage is nowhere else; two stages are
/// one too many (`product.md` 4.5).
fn in_one_place(
    mut people: Vec<ReviewerInput>,
    staged: Vec<(StageId, ReviewerInput)>,
) -> Result<Vec<ReviewerInput>, ServiceError> {
    let same = |a: &ReviewerInput, b: &ReviewerInput| galley_model::same_email(&a.email, &b.email);
    people.retain(|person| !staged.iter().any(|(_, other)| same(person, other)));
    for (stage, person) in staged {
        if people.iter().any(|p| p.stage.is_some_and(|s| s != stage) && same(p, &person)) {
            let shown: String = person.email.chars().take(80).collect();
            return Err(ServiceError::Conflict(format!(
                "{shown} is on two stages; one is all anybody can be on."
            )));
        }
        people.push(ReviewerInput { stage: Some(stage), ..person });
    }
    Ok(people)
}

/// Everybody to put on a new proof, in order: those of the version before, creator and owner, those
/// invited. Being invited as well gives creator and owner the role of the invitation.
fn people_for(
    tx: &Read<'_>,
    caller: &UserCaller,
    owner: &User,
    parent: Option<&Proof>,
    input: &ProofInput,
) -> Result<Vec<ReviewerInput>, ServiceError> {
    let mut people: Vec<ReviewerInput> = Vec::new();
    if let Some(parent) = parent.filter(|_| input.copy_reviewers) {
        people.extend(tx.reviewers(parent.id)?.into_iter().map(|r| as_before(r, input.notify)));
    }
    for user in [&caller.user, owner] {
        let known = people.iter().any(|p| galley_model::same_email(&p.email, &user.email));
        if !known {
            // Comments without blocking: an owner who should decide is invited with a deciding role.
            people.push(ReviewerInput {
                email: user.email.clone(),
                name: Some(user.name()),
                role: Some(Role::Reviewer),
                alert: Some(Alert::OwnDefault),
                position: Some(user.position.clone()),
                ..ReviewerInput::default()
            });
        }
    }
    people.extend_from_slice(&input.reviewers);
    Ok(people)
}

/// Who owns a new proof: the one asked for, else the owner of the version before while they may,
/// else the caller (`product.md` 3.8, "Owner").
fn owner(
    tx: &Read<'_>,
    caller: &UserCaller,
    asked: Option<UserId>,
    parent: Option<&Proof>,
) -> Result<User, ServiceError> {
    let eligible = |id: UserId| -> Result<Option<User>, ServiceError> {
        Ok(tx.user(id)?.filter(|u| u.account == caller.account() && people::may_own(u)))
    };
    if let Some(id) = asked {
        return eligible(id)?.ok_or(ServiceError::NotFound(Missing::Owner));
    }
    match parent {
        Some(parent) => Ok(eligible(parent.owner)?.unwrap_or_else(|| caller.user.clone())),
        None => Ok(caller.user.clone()),
    }
}

/// Number of the newest version of a set that is not in the trash.
fn newest(tx: &Read<'_>, of: &Proof) -> Result<i64, ServiceError> {
    Ok(tx.versions(of.set)?.last().map_or(of.version, |p| p.version))
}
