//! Creating proofs from forms in JSON.

use super::form::Form;
use super::objects::FileObject;
use super::several::{Planned, is_web, plan};
use crate::backend::{ServiceBackend, given};
use crate::dispatch::Handler;
use crate::faults;
use galley_service::{ProofInput, Source, SourceFile, SourcePart, UserCaller};
use soap::{Fault, SoapRequest};
use std::sync::Arc;

/// Creates a proof from a form in JSON. The form is an object with these members, all of which may be left out:
/// `name`, `sourceName`, `ownerId`, `workspaceId`, `referenceId`, `subject`, `message`, `hasMessage`,
/// `suppressNewProofNotification`, `canDownload`, `hasPublicSharing`, `isAutomatedWorkflow`, `customfields`
/// (each with `section`, `name`, `type`, `multiple`, `value`) and `stages` (each with `name`, `position`,
/// `parentPosition`, `activateOn`, `activateOnDate`, `lockOn`, `isPrivate`, `isMandatory`, `isOneApproval`,
/// `deadlineDate`, `deadlineTime`, `deadlineCalculateOn`, `deadlineBusinessDays` and `recipients`, each with
/// `email`, `name`, `role`, `notifications`, `isPrimaryDecisionMaker`). Other members are a fault.
#[derive(SoapRequest)]
#[soap(operation = "createProofFromJSON", answer = FileObject, section = "Proofs", since = "16.3")]
pub struct CreateProofFromJSON {
    /// Session to act in.
    #[soap(name = "SessionID", since = "16.3", required = "documented")]
    pub session_id: Option<String>,
    /// The form.
    #[soap(name = "Form", since = "16.3", required)]
    pub form: String,
    /// File as named by the upload, several parted by blanks to combine them, or `web`.
    #[soap(name = "Hash", since = "16.3", required)]
    pub hash: String,
}

/// Creates several proofs from one form in JSON, as createProofFromJSON reads it. Names are parted by `|` and
/// file names by blanks; one name for several files combines them.
#[derive(SoapRequest)]
#[soap(operation = "createProofsFromJSON", answer = Vec<FileObject>, section = "Proofs", since = "16.3")]
pub struct CreateProofsFromJSON {
    /// Session to act in.
    #[soap(name = "SessionID", since = "16.3", required = "documented")]
    pub session_id: Option<String>,
    /// The form.
    #[soap(name = "Form", since = "16.3", required)]
    pub form: String,
    /// Files as named by the upload, parted by blanks, or `web`.
    #[soap(name = "Hash", since = "16.3", required)]
    pub hash: String,
}

/// What a form without file names is made of: files as they were uploaded.
fn unnamed(form: &Form, hash: &str) -> Result<Vec<SourcePart>, Fault> {
    if is_web(hash) {
        let text = "The form cannot be used: web pages are named in 'sourceName'.";
        return Err(faults::invalid_parameter(text));
    }
    if form.name.as_deref().is_some_and(|name| name.contains('|')) {
        let text = "The form cannot be used: several names need 'sourceName'.";
        return Err(faults::invalid_parameter(text));
    }
    let file = |token: &str| SourcePart::File(SourceFile { token: token.to_owned(), name: None });
    Ok(hash.split_whitespace().map(file).collect())
}

fn planned(name: &str, source: Source, shared: &ProofInput) -> ProofInput {
    ProofInput { name: Some(name.to_owned()), source, ..shared.clone() }
}

impl Handler<ServiceBackend> for CreateProofFromJSON {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<FileObject, Fault> {
        let form = Form::parse(&self.form)?;
        let shared = form.input(caller)?;
        let name = given(&form.name).unwrap_or_default();
        let input = match given(&form.source_name) {
            None => planned(name, Source::Parts(unnamed(&form, &self.hash)?), &shared),
            Some(sources) => {
                // One proof, whatever its name: what it is made of is combined.
                let plan = plan(&self.hash, "one", sources, Some(true)).map_err(faults::invalid_parameter)?;
                let Planned { source, .. } = plan.into_iter().next().ok_or_else(faults::internal)?;
                planned(name, source, &shared)
            }
        };
        let proof = backend.service.create_proof(caller, &input).map_err(faults::of)?;
        Ok(FileObject::of(backend, caller, proof))
    }
}

impl Handler<ServiceBackend> for CreateProofsFromJSON {
    /// All of them or none.
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<Vec<FileObject>, Fault> {
        let form = Form::parse(&self.form)?;
        let shared = form.input(caller)?;
        let inputs: Vec<ProofInput> = match (given(&form.source_name), given(&form.name)) {
            (Some(sources), Some(names)) => plan(&self.hash, names, sources, form.combined_proof)
                .map_err(faults::invalid_parameter)?
                .into_iter()
                .map(|Planned { name, source }| planned(&name, source, &shared))
                .collect(),
            (Some(_), None) => {
                let text = "The form cannot be used: 'sourceName' needs 'name'.";
                return Err(faults::invalid_parameter(text));
            }
            (None, name) => {
                let files = unnamed(&form, &self.hash)?;
                let combined = form.combined_proof.unwrap_or(name.is_some());
                let sources: Vec<Source> = if combined {
                    vec![Source::Parts(files)]
                } else {
                    files.into_iter().map(|file| Source::Parts(vec![file])).collect()
                };
                sources.into_iter().map(|source| planned(name.unwrap_or_default(), source, &shared)).collect()
            }
        };
        let proofs = backend.service.create_proofs(caller, &inputs).map_err(faults::of)?;
        Ok(FileObject::plain(backend, caller, proofs))
    }
}
