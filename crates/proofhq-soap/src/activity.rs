//! What happened.

use soap::{SoapObject, SoapRequest};

/// Lists what happened lately, newest first, at most 25 entries a call.
#[derive(SoapRequest)]
#[soap(operation = "getActivity", answer = Vec<FileActivityObject>, section = "Proofs")]
pub struct GetActivity {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The proof; nothing for all proofs that the caller sees.
    #[soap(name = "FileID")]
    pub file_id: Option<i64>,
    /// Entries to skip.
    #[soap(name = "Offset")]
    pub offset: Option<i64>,
}

/// Something that happened to a proof.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPFileActivityObject", array = "SOAPFileActivityObjectArray")]
pub struct FileActivityObject {
    /// The proof.
    pub file_id: i64,
    /// Name of the proof.
    pub filename: String,
    /// When it was made, `YYYY-MM-DD hh:mm`.
    pub created_at: String,
    /// What happened.
    pub action: String,
    /// More about it.
    pub details: String,
}
