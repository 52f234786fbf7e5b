//! Dropzones: files that come from people without a login, and wait until somebody looks at them
//! (`product.md` 3.3).

use crate::error::bad_name;
use crate::proofs::CODE_LENGTH;
use crate::reviewers::{ReviewerInput, known_person};
use crate::{Missing, ProofInput, Service, ServiceError, UserCaller, people, secrets, workspaces};
use galley_model::{
    Actor, Alert, Dropzone, EventKind, Proof, ProofId, ProofState, Role, Timestamp, UserId, WorkspaceId,
    email_address,
};
use galley_store::Write;

/// More domains or addresses in the settings of a dropzone are a mistake.
const MAX_LIST: usize = 100;

/// What an administrator decides about the dropzone of an account.
#[derive(Clone, Debug)]
pub struct DropzoneInput {
    /// It takes files.
    pub enabled: bool,
    /// Who owns what is handed in: somebody who sees every proof.
    pub owner: UserId,
    /// Folder that it goes to.
    pub workspace: Option<WorkspaceId>,
    /// What whoever hands something in may do on it; neither author nor moderator.
    pub role: Role,
    /// How much mail they get about it.
    pub alert: Alert,
    /// It is active at once.
    pub activate: bool,
    /// Domains whose people may hand in; none lets everybody.
    pub domains: Vec<String>,
    /// Addresses that are told of it beside the owner.
    pub tell: Vec<String>,
}

impl Service {
    /// Address of a dropzone.
    pub fn dropzone_url(&self, code: &str) -> String {
        format!("{}/dropzone/{code}", self.inner.config.public_url)
    }

    /// The dropzone of the account, if it has one.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for people who do not administer the account.
    pub fn dropzone(&self, caller: &UserCaller) -> Result<Option<Dropzone>, ServiceError> {
        if !caller.profile().administers() {
            return Err(ServiceError::Forbidden);
        }
        Ok(self.store().read(|tx| tx.dropzone(caller.account()))?)
    }

    /// Sets the dropzone of the account up, or changes it. Its address stays.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for people who do not administer the account, [`ServiceError::NotFound`]
    /// for owners and folders, [`ServiceError::Invalid`].
    pub fn set_dropzone(&self, caller: &UserCaller, input: &DropzoneInput) -> Result<Dropzone, ServiceError> {
        if !caller.profile().administers() {
            return Err(ServiceError::Forbidden);
        }
        let now = self.now();
        self.store().write(|tx| {
            let owner = tx.user(input.owner)?.filter(|user| {
                user.account == caller.account() && people::may_own(user) && user.profile.manages_all()
            });
            let owner = owner.ok_or(ServiceError::NotFound(Missing::Owner))?;
            let workspace = input.workspace.map(|id| workspaces::for_items(tx, caller, id)).transpose()?;
            if !input.role.for_guests() {
                let text = format!("Whoever hands something in cannot be {}.", input.role.label());
                return Err(ServiceError::Invalid("role", text));
            }
            let code = match tx.dropzone(caller.account())? {
                Some(known) => known.code,
                None => secrets::code(self.inner.random.as_ref(), CODE_LENGTH),
            };
            let zone = Dropzone {
                account: caller.account(),
                code,
                enabled: input.enabled,
                owner: owner.id,
                workspace,
                role: input.role,
                alert: input.alert,
                activate: input.activate,
                domains: list("domains", &input.domains, |text| {
                    let domain = text.trim().trim_start_matches('@').to_lowercase();
                    email_address(&format!("somebody@{domain}")).map(|_| domain).ok()
                })?,
                tell: list("tell", &input.tell, |text| email_address(text).ok())?,
            };
            tx.set_dropzone(&zone)?;
            let kind = EventKind::DropzoneChanged { enabled: zone.enabled };
            tx.append(caller.account(), None, now, &caller.actor(), &kind)?;
            Ok(zone)
        })
    }

    /// Whether a dropzone would take so many files of this size together, in bytes, from somebody.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for an address that leads to none.
    pub fn dropzone_takes(
        &self,
        url: &str,
        email: &str,
        size: u64,
        count: i64,
    ) -> Result<bool, ServiceError> {
        let zone = self.store().read(|tx| tx.dropzone_by_code(code(url)))?;
        let zone = zone.ok_or(ServiceError::NotFound(Missing::Dropzone))?;
        let limit = self.inner.config.max_upload;
        Ok(email_address(email).is_ok() && zone.takes(email, size, count, limit).is_ok())
    }

    /// Makes a proof of a file that somebody hands in at a dropzone. It waits for its owner to activate it,
    /// unless the dropzone does so itself. Gives the owner as whom it was made, too.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for addresses and files, [`ServiceError::Invalid`] for e-mail addresses,
    /// [`ServiceError::Conflict`] for what the dropzone does not take.
    pub fn submit_to_dropzone(
        &self,
        url: &str,
        email: &str,
        file_token: &str,
        source_name: &str,
    ) -> Result<(Proof, UserCaller), ServiceError> {
        let email = email_address(email).map_err(bad_name("email"))?;
        let now = self.now();
        let made = self.store().write(|tx| {
            let zone = tx.dropzone_by_code(code(url))?.ok_or(ServiceError::NotFound(Missing::Dropzone))?;
            let file = tx.file_by_token(file_token)?.ok_or(ServiceError::NotFound(Missing::File))?;
            zone.takes(&email, file.size, 1, self.inner.config.max_upload)
                .map_err(|refusal| ServiceError::Conflict(refusal.text().to_owned()))?;
            // The owner may have been switched off or lost the right since.
            let owner = tx.user(zone.owner)?.filter(|user| people::may_own(user) && user.profile.creates());
            let closed = || ServiceError::Conflict("This dropzone takes no files at the moment.".to_owned());
            let owner = owner.ok_or_else(closed)?;
            let account = tx.account(zone.account)?.map(|account| account.name).unwrap_or_default();
            let caller = UserCaller::new(owner, account);
            let input = ProofInput {
                file_token: file_token.to_owned(),
                source_name: Some(source_name.to_owned()),
                workspace: zone.workspace,
                submitted: true,
                reviewers: vec![ReviewerInput {
                    email: email.clone(),
                    role: Some(zone.role),
                    alert: Some(zone.alert),
                    // Whoever hands it in knows of it.
                    notify: false,
                    ..ReviewerInput::default()
                }],
                ..ProofInput::default()
            };
            let proof = self.create_in(tx, &caller, &input, now)?;
            let person = known_person(tx, zone.account, &email, None, now)?;
            let place = tx.reviewer_of_person(proof.id, person.id)?;
            let place = place.ok_or(ServiceError::NotFound(Missing::Reviewer))?;
            let actor =
                Actor { user: None, person: Some(person.id), reviewer: Some(place.id), name: person.name };
            let kind = EventKind::ProofSubmitted {
                name: proof.name.clone(),
                submitter: place.id,
                email,
                tell: zone.tell,
            };
            tx.append(zone.account, Some(proof.id), now, &actor, &kind)?;
            if zone.activate {
                activate(tx, &Actor::system(), proof.id, now)?;
            }
            let missing = ServiceError::NotFound(Missing::Proof);
            Ok::<_, ServiceError>((tx.proof(proof.id)?.ok_or(missing)?, caller))
        })?;
        self.inner.work.notify_one();
        Ok(made)
    }
}

/// Activates a proof that was handed in: it opens for its people, and those who were put on it are told.
pub(crate) fn activate(
    tx: &Write<'_>,
    actor: &Actor,
    id: ProofId,
    now: Timestamp,
) -> Result<(), ServiceError> {
    let proof = tx.proof(id)?.ok_or(ServiceError::NotFound(Missing::Proof))?;
    tx.set_proof_state(id, ProofState::Active)?;
    let invited = tx.activate_proof(id, now)?;
    tx.append(proof.account, Some(id), now, actor, &EventKind::ProofActivated { invited })?;
    Ok(())
}

/// The code in the address of a dropzone: its last part, or all of it.
fn code(url: &str) -> &str {
    let path = url.trim().split(['?', '#']).next().unwrap_or_default();
    path.trim_end_matches('/').rsplit('/').next().unwrap_or_default()
}

/// A list of texts that can be used, each once.
fn list(
    field: &'static str,
    texts: &[String],
    clean: impl Fn(&str) -> Option<String>,
) -> Result<Vec<String>, ServiceError> {
    let mut found: Vec<String> = Vec::new();
    for text in texts.iter().filter(|text| !text.trim().is_empty()) {
        let shown: String = text.chars().take(80).collect();
        let bad = || ServiceError::Invalid(field, format!("'{shown}' cannot be used in '{field}'."));
        let one = clean(text).ok_or_else(bad)?;
        if !found.contains(&one) {
            found.push(one);
        }
    }
    if found.len() > MAX_LIST {
        return Err(ServiceError::Invalid(field, format!("'{field}' holds at most {MAX_LIST} entries.")));
    }
    Ok(found)
}
