//! Creating, changing and reading proofs.

mod archive;
mod create;
mod details;
mod facts;
mod form;
mod from_json;
mod objects;
mod settings;
mod several;
mod stages;
mod state;
mod update;

pub use archive::{ArchiveProof, ArchiveProofVersion, RestoreProof, UnarchiveProof, UnarchiveProofVersion};
pub(crate) use create::recipients;
pub use create::{CreateProof, CreateProofVersion, CreateProofs};
pub(crate) use details::download_link;
pub use details::{
    GetProofDetails, GetProofDownloadURL, GetProofStatus, GetProofThumbnail, GetProofURL, GetProofVersions,
};
pub use facts::{DecodeProofID, GetProofJobNumber, GetProofReviewerOneTimeURL, UpdateProofDeadline};
pub use from_json::{CreateProofFromJSON, CreateProofsFromJSON};
pub use objects::{FileLinkObject, FileObject, ImageObject};
pub use settings::FileSettingsObject;
pub(crate) use settings::shared_switches;
pub(crate) use several::{Planned, plan};
pub use stages::{ProgressObject, ProofStageObject};
pub use state::{DeleteProof, LockProof, UnlockProof};
pub use update::UpdateProof;
