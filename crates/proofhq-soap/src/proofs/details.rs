//! Reading one proof.

use super::objects::{FileObject, ImageObject};
use soap::SoapRequest;

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

/// Returns the status of a proof.
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
