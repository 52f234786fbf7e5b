//! Handing files in at a dropzone, without a session.

use crate::backend::ServiceBackend;
use crate::dispatch::OpenHandler;
use crate::faults;
use crate::proofs::FileObject;
use soap::{Fault, SoapRequest};

/// Tells whether a dropzone would take files from somebody.
#[derive(SoapRequest)]
#[soap(operation = "validateDropzoneSubmission", answer = bool, section = "Dropzone", since = "14.4")]
pub struct ValidateDropzoneSubmission {
    /// Address of the dropzone.
    #[soap(name = "DropzoneURL", since = "14.4", required)]
    pub dropzone_url: String,
    /// E-mail address of whoever hands in.
    #[soap(name = "UploaderEmail", since = "14.4", required)]
    pub uploader_email: String,
    /// Size of all files together, in bytes.
    #[soap(name = "UploadSize", since = "14.4")]
    pub upload_size: Option<i64>,
    /// How many files; one when nobody says.
    #[soap(name = "UploadFilesCount", since = "14.4")]
    pub upload_files_count: Option<i64>,
}

/// Hands a file in at a dropzone. The proof is locked, and seen only by those who run the dropzone, until one
/// of them unlocks it, which also tells its people. A dropzone may be set up to do so at once.
#[derive(SoapRequest)]
#[soap(operation = "createDropzoneProof", answer = FileObject, section = "Dropzone", since = "14.4")]
pub struct CreateDropzoneProof {
    /// File as named by the upload.
    #[soap(name = "Hash", since = "14.4", required)]
    pub hash: String,
    /// E-mail address of whoever hands it in; they are put on the proof.
    #[soap(name = "UploaderEmail", since = "14.4", required)]
    pub uploader_email: String,
    /// Address of the dropzone.
    #[soap(name = "DropzoneURL", since = "14.4", required)]
    pub dropzone_url: String,
    /// File name with its extension.
    #[soap(name = "SourceName", since = "14.4", required)]
    pub source_name: String,
}

impl OpenHandler<ServiceBackend> for ValidateDropzoneSubmission {
    fn handle(self, backend: &ServiceBackend) -> Result<bool, Fault> {
        let size = self.upload_size.unwrap_or(0);
        let size = u64::try_from(size).map_err(|_| faults::invalid_value("UploadSize", &size.to_string()))?;
        let count = self.upload_files_count.unwrap_or(1);
        let service = &backend.service;
        service.dropzone_takes(&self.dropzone_url, &self.uploader_email, size, count).map_err(faults::of)
    }
}

impl OpenHandler<ServiceBackend> for CreateDropzoneProof {
    /// The public link is left out of the answer while it leads nowhere: whoever hands something in is not
    /// its owner.
    fn handle(self, backend: &ServiceBackend) -> Result<FileObject, Fault> {
        let (url, email) = (&self.dropzone_url, &self.uploader_email);
        let made = backend.service.submit_to_dropzone(url, email, self.hash.trim(), &self.source_name);
        let (proof, owner) = made.map_err(faults::of)?;
        let submitted = proof.submitted;
        let mut answer = FileObject::of(backend, &owner, proof);
        if submitted {
            answer.team_url.clear();
            answer.token.clear();
        }
        Ok(answer)
    }
}
