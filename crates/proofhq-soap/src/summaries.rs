//! Print summaries: files with what was said about a proof, told of by a callback or a mail.

use crate::backend::{ServiceBackend, given, proof_id};
use crate::dispatch::Handler;
use crate::faults;
use galley_model::{ProofId, SummaryKind};
use galley_service::{ServiceError, SummaryInput, SummaryTell, UserCaller};
use soap::{Fault, SoapRequest};
use std::sync::Arc;

/// Asks for the comments of a proof as a PDF, as the caller sees them. When it is made, its address is posted
/// to `CallbackURL` as a document `callback` of the type `pdfprintsummary`; without one it is mailed to the
/// caller. Whoever has the address can fetch the file for seven days. True: it will be made.
#[derive(SoapRequest)]
#[soap(operation = "requestPDFPrintSummary", answer = bool, section = "Callbacks", since = "13.2")]
pub struct RequestPdfPrintSummary {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented", since = "13.2")]
    pub session_id: Option<String>,
    /// The proof.
    #[soap(name = "FileID", required, since = "13.2")]
    pub file_id: i64,
    /// Address that is told of it; nothing asks for a mail to the caller.
    #[soap(name = "CallbackURL", required = "documented", since = "13.2")]
    pub callback_url: Option<String>,
    /// Minutes until a failed delivery is tried again; after an hour it is tried hourly, after a day no more.
    /// Nothing is 5.
    #[soap(name = "CallbackRetryInterval", required = "documented", since = "13.2")]
    pub callback_retry_interval: Option<i64>,
    /// With all versions that the caller sees.
    #[soap(name = "AllVersions", since = "15.20")]
    pub all_versions: Option<bool>,
}

/// Asks for the comments of a proof as a spreadsheet, as the caller sees them. It is told of like a PDF, with
/// a document of the type `xlsprintsummary`.
#[derive(SoapRequest)]
#[soap(operation = "requestExcelPrintSummary", answer = bool, section = "Callbacks", since = "16.3")]
pub struct RequestExcelPrintSummary {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented", since = "16.3")]
    pub session_id: Option<String>,
    /// The proof.
    #[soap(name = "FileID", required, since = "16.3")]
    pub file_id: String,
    /// Address that is told of it; nothing asks for a mail to the caller.
    #[soap(name = "CallbackURL", required = "documented", since = "16.3")]
    pub callback_url: Option<String>,
    /// Minutes until a failed delivery is tried again; after an hour it is tried hourly, after a day no more.
    /// Nothing is 5.
    #[soap(name = "CallbackRetryInterval", required = "documented", since = "16.3")]
    pub callback_retry_interval: Option<i64>,
    /// With all versions that the caller sees.
    #[soap(name = "AllVersions", since = "16.3")]
    pub all_versions: Option<bool>,
}

fn request(
    backend: &ServiceBackend,
    caller: &UserCaller,
    proof: ProofId,
    kind: SummaryKind,
    (url, interval): (&Option<String>, Option<i64>),
    all_versions: Option<bool>,
) -> Result<bool, Fault> {
    let tell = match given(url) {
        Some(url) => SummaryTell::Callback { url: url.trim().to_owned(), interval },
        None => SummaryTell::Mail,
    };
    let input = SummaryInput { kind, all_versions: all_versions.unwrap_or(false), tell };
    match backend.service.request_summary(caller, proof, &input) {
        Ok(_) => Ok(true),
        Err(ServiceError::Denied(text)) => Err(faults::denied(text)),
        Err(error) => Err(faults::of(error)),
    }
}

impl Handler<ServiceBackend> for RequestPdfPrintSummary {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<bool, Fault> {
        let tell = (&self.callback_url, self.callback_retry_interval);
        request(backend, caller, ProofId(self.file_id), SummaryKind::Pdf, tell, self.all_versions)
    }
}

impl Handler<ServiceBackend> for RequestExcelPrintSummary {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<bool, Fault> {
        let proof = proof_id(&self.file_id)?;
        let tell = (&self.callback_url, self.callback_retry_interval);
        request(backend, caller, proof, SummaryKind::Excel, tell, self.all_versions)
    }
}
