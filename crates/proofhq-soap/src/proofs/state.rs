//! Deleting, locking and unlocking proofs.

use soap::SoapRequest;

/// Deletes a proof.
#[derive(SoapRequest)]
#[soap(operation = "deleteProof", answer = bool, section = "Proofs")]
pub struct DeleteProof {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The proof.
    #[soap(name = "FileID", required)]
    pub file_id: String,
    /// Whether to bypass the trash.
    #[soap(name = "Permanent", since = "16.24")]
    pub permanent: Option<bool>,
    /// Whether to include every version.
    #[soap(name = "AllVersions", since = "16.24")]
    pub all_versions: Option<bool>,
}

/// Locks a proof.
#[derive(SoapRequest)]
#[soap(operation = "lockProof", answer = bool, section = "Proofs")]
pub struct LockProof {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The proof.
    #[soap(name = "FileID", required)]
    pub file_id: String,
}

/// Unlocks a proof.
#[derive(SoapRequest)]
#[soap(operation = "unlockProof", answer = bool, section = "Proofs")]
pub struct UnlockProof {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The proof.
    #[soap(name = "FileID", required)]
    pub file_id: String,
}
