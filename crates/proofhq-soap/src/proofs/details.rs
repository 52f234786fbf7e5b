//! Reading one proof.

use super::objects::{FileObject, ImageObject};
use crate::backend::ServiceBackend;
use crate::dispatch::{Handler, Pace};
use crate::faults;
use galley_model::{Processing, ProofId, ProofKind};
use galley_service::{Link, UserCaller};
use soap::{Fault, SoapRequest};
use std::sync::Arc;

/// Returns a proof.
#[derive(SoapRequest)]
#[soap(operation = "getProofDetails", answer = FileObject, section = "Proofs")]
pub struct GetProofDetails {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The proof.
    #[soap(name = "FileID", required)]
    pub file_id: i64,
}

/// Tells whether a proof is `unlocked` or `locked`.
#[derive(SoapRequest)]
#[soap(operation = "getProofStatus", answer = String, section = "Proofs")]
pub struct GetProofStatus {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The proof.
    #[soap(name = "FileID", required)]
    pub file_id: i64,
}

/// Returns the public link of a version.
#[derive(SoapRequest)]
#[soap(operation = "getProofURL", answer = String, section = "Proofs")]
pub struct GetProofURL {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The proof.
    #[soap(name = "FileID", required)]
    pub file_id: i64,
}

/// Lists all versions of a proof.
#[derive(SoapRequest)]
#[soap(operation = "getProofVersions", answer = Vec<FileObject>, section = "Proofs")]
pub struct GetProofVersions {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The proof.
    #[soap(name = "FileID", required)]
    pub file_id: i64,
}

/// Returns a thumbnail of a proof.
#[derive(SoapRequest)]
#[soap(operation = "getProofThumbnail", answer = ImageObject, section = "Proofs")]
pub struct GetProofThumbnail {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The proof.
    #[soap(name = "FileID", required)]
    pub file_id: i64,
    /// Size of the thumbnail.
    #[soap(name = "Type")]
    pub size: Option<i64>,
}

/// Returns an address from which the original file can be fetched without logging in.
#[derive(SoapRequest)]
#[soap(operation = "getProofDownloadURL", answer = String, section = "Proofs")]
pub struct GetProofDownloadURL {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The proof.
    #[soap(name = "FileID", required)]
    pub file_id: i64,
}

impl Handler<ServiceBackend> for GetProofDetails {
    const PACE: Option<fn(&GetProofDetails) -> Pace> = Some(|_| Pace::Brief);

    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<FileObject, Fault> {
        let proof = backend.service.proof(caller, ProofId(self.file_id)).map_err(faults::of)?;
        FileObject::one(backend, caller, proof)
    }
}

/// Whether "status" is the lock state or the decision is not documented. The field `status` of a proof
/// is the lock state, and the decision has a field of another name, so the lock state it is.
impl Handler<ServiceBackend> for GetProofStatus {
    const PACE: Option<fn(&GetProofStatus) -> Pace> = Some(|_| Pace::Brief);

    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<String, Fault> {
        let proof = backend.service.proof(caller, ProofId(self.file_id)).map_err(faults::of)?;
        Ok(proof.state.wire().to_owned())
    }
}

impl Handler<ServiceBackend> for GetProofURL {
    const PACE: Option<fn(&GetProofURL) -> Pace> = Some(|_| Pace::Brief);

    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<String, Fault> {
        let proof = backend.service.proof(caller, ProofId(self.file_id)).map_err(faults::of)?;
        Ok(backend.viewer(&proof.team_code))
    }
}

impl Handler<ServiceBackend> for GetProofVersions {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<Vec<FileObject>, Fault> {
        let versions = backend.service.versions(caller, ProofId(self.file_id)).map_err(faults::of)?;
        FileObject::all(backend, caller, versions.into_iter().map(|version| version.proof).collect())
    }
}

/// What `Type` may ask for is not documented; there is one size.
impl Handler<ServiceBackend> for GetProofThumbnail {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<ImageObject, Fault> {
        let id = ProofId(self.file_id);
        let proof = backend.service.proof(caller, id).map_err(faults::of)?;
        if let (Processing::Failed, Some(reason)) = (proof.processing, proof.processing_error) {
            return Err(faults::not_found(reason));
        }
        let page = backend.service.thumbnail(caller, id).map_err(faults::of)?;
        // Handlers run on threads that may wait, beside the runtime that renders.
        let runtime = tokio::runtime::Handle::try_current().map_err(|_| faults::internal())?;
        let picture = runtime.block_on(backend.service.page_thumbnail(&page)).map_err(faults::of)?;
        Ok(ImageObject::of(&picture))
    }
}

impl Handler<ServiceBackend> for GetProofDownloadURL {
    /// The address has to work for whoever fetches it without logging in. An address that would not
    /// is not given out: the proof may require a login, or have its public link off.
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<String, Fault> {
        download_link(backend, caller, ProofId(self.file_id))
    }
}

/// The address of an original, for whoever fetches it.
pub(crate) fn download_link(
    backend: &ServiceBackend,
    caller: &Arc<UserCaller>,
    id: ProofId,
) -> Result<String, Fault> {
    backend.service.original(caller, id).map_err(faults::of)?;
    let proof = backend.service.proof(caller, id).map_err(faults::of)?;
    // What is shared as a file is for everybody with its link.
    let code = match proof.kind {
        ProofKind::Proof => backend.code(caller, &proof)?,
        ProofKind::File => proof.team_code,
    };
    let link = Link { code, user: None };
    match backend.service.follow(&link) {
        Ok(opened) if opened.rights.download => Ok(backend.download(&link.code)),
        _ => Err(faults::no_open_link()),
    }
}
