//! Files that are only shared, and what became of links and menus.

use crate::backend::{self, ServiceBackend, given};
use crate::dispatch::Handler;
use crate::faults;
use crate::proofs::{FileObject, download_link, recipients};
use galley_model::{ProofId, ProofKind, Settings};
use galley_service::{ProofInput, UserCaller};
use soap::{Fault, SoapObject, SoapRequest};
use std::sync::Arc;

/// Tells what a message brought as files. No message can bring one: files are sent to `upload.php`, which
/// answers with the same objects. So this is always an empty list.
#[derive(SoapRequest)]
#[soap(operation = "doUpload", answer = Vec<FileUploadObject>, section = "Upload")]
pub struct DoUpload {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
}

/// What became of an uploaded file.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPFileUploadObject", array = "SOAPFileUploadObjectArray")]
pub struct FileUploadObject {
    /// What createProof and createFile take as `Hash`.
    pub filehash: String,
    /// Name of the file.
    pub filename: String,
    /// MD5 of the bytes in hexadecimal digits.
    pub md5: String,
    /// Why it was not stored, 1 to 8; empty when it was.
    pub errorcode: String,
    /// The same in words.
    pub errorstring: String,
}

/// Shares an uploaded file of any type as a download, without making a proof of it.
#[derive(SoapRequest)]
#[soap(operation = "createFile", answer = FileObject, section = "Files")]
pub struct CreateFile {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// User who is to own it; 0 or nothing means the caller.
    #[soap(name = "OwnerID")]
    pub owner_id: Option<i64>,
    /// File as named by the upload.
    #[soap(name = "Hash", required)]
    pub hash: String,
    /// Name to show; without one, the name of the file.
    #[soap(name = "Name")]
    pub name: Option<String>,
    /// File name with its extension.
    #[soap(name = "SourceName", required)]
    pub source_name: String,
    /// Subject of the mail.
    #[soap(name = "Subject")]
    pub subject: Option<String>,
    /// Text of the mail; simple HTML is kept.
    #[soap(name = "Message")]
    pub message: Option<String>,
    /// Kept and given back, but without effect: a file is not due.
    #[soap(name = "Deadline")]
    pub deadline: Option<String>,
    /// E-mail addresses to share it with, parted by blanks, commas or semicolons.
    #[soap(name = "Recipients")]
    pub recipients: Option<String>,
    /// Workspace to put it in; 0, -1 or nothing for none.
    #[soap(name = "WorkspaceId")]
    pub workspace_id: Option<i64>,
    /// Batch that holds it back until it is finished; 0 for none.
    #[soap(name = "BatchID")]
    pub batch_id: Option<i64>,
    /// Kind of a Flash file.
    #[soap(name = "SWF")]
    pub swf: Option<String>,
    /// Whether to share it without a mail.
    #[soap(name = "SuppressNewFileNotification")]
    pub suppress_new_file_notification: Option<bool>,
}

/// Returns an address from which a shared file can be fetched without logging in.
#[derive(SoapRequest)]
#[soap(operation = "getFileDownloadLink", answer = String, section = "Files", until = "12.7")]
pub struct GetFileDownloadLink {
    /// Session to act in.
    #[soap(name = "SessionID")]
    pub session_id: Option<String>,
    /// The file.
    #[soap(name = "FileID", required)]
    pub file_id: i64,
}

/// Checks the session, and no more: since this version no file can be named. Use getProofDownloadURL.
#[derive(SoapRequest)]
#[soap(operation = "getFileDownloadLink", answer = bool, section = "Files", since = "12.7")]
pub struct GetFileDownloadLinkLater {
    /// Session to act in.
    #[soap(name = "SessionID", since = "12.7", required = "documented")]
    pub session_id: Option<String>,
}

impl Handler<ServiceBackend> for DoUpload {
    fn handle(self, _: &ServiceBackend, _: &Arc<UserCaller>) -> Result<Vec<FileUploadObject>, Fault> {
        Ok(Vec::new())
    }
}

impl Handler<ServiceBackend> for CreateFile {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<FileObject, Fault> {
        let notify = self.suppress_new_file_notification != Some(true);
        let input = ProofInput {
            kind: ProofKind::File,
            file_token: self.hash.trim().to_owned(),
            name: self.name,
            source_name: Some(self.source_name),
            owner: backend::user_id(self.owner_id),
            subject: self.subject.unwrap_or_default(),
            message: self.message.unwrap_or_default(),
            deadline: backend::deadline("Deadline", &self.deadline, caller)?,
            workspace: backend::workspace_id(self.workspace_id),
            batch: backend::batch_id(self.batch_id),
            settings: Settings {
                swf: given(&self.swf).unwrap_or_default().to_owned(),
                ..Settings::default()
            },
            reviewers: recipients(self.recipients.as_deref().unwrap_or_default(), notify)?,
            notify,
            ..ProofInput::default()
        };
        let file = backend.service.create_proof(caller, &input).map_err(faults::of)?;
        FileObject::one(backend, caller, file)
    }
}

impl Handler<ServiceBackend> for GetFileDownloadLink {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<String, Fault> {
        download_link(backend, caller, ProofId(self.file_id))
    }
}

impl Handler<ServiceBackend> for GetFileDownloadLinkLater {
    fn handle(self, _: &ServiceBackend, _: &Arc<UserCaller>) -> Result<bool, Fault> {
        Ok(true)
    }
}

/// Operations that the original retired: they declare a session and nothing to do with it.
macro_rules! retired {
    ($($(#[$doc:meta])* $name:ident $operation:tt;)*) => {$(
        $(#[$doc])*
        #[derive(SoapRequest)]
        #[soap(operation = $operation, answer = bool, section = "Deprecated")]
        pub struct $name {
            /// Session to act in.
            #[soap(name = "SessionID", required = "documented")]
            pub session_id: Option<String>,
        }

        impl Handler<ServiceBackend> for $name {
            fn handle(self, _: &ServiceBackend, _: &Arc<UserCaller>) -> Result<bool, Fault> {
                Ok(true)
            }
        }
    )*};
}

retired! {
    /// Retired: checks the session, and no more. Menus of the viewer take no links any longer.
    DeleteProofLink "deleteProofLink";
    /// Retired: checks the session, and no more. Menus of the viewer take no links any longer.
    AddProofLinks "addProofLinks";
    /// Retired: checks the session, and no more. Menus of the viewer have no links any longer.
    GetProofLinks "getProofLinks";
    /// Retired: checks the session, and no more. Menus of the viewer cannot be set any longer.
    SetProofMenus "setProofMenus";
}
