//! Mini proofs: HTML that shows the viewer inside another page.

use crate::backend::{ServiceBackend, given, reviewer_id};
use crate::dispatch::Handler;
use crate::faults;
use galley_model::ProofId;
use galley_service::{EmbedLink, UserCaller};
use soap::{Fault, SoapObject, SoapRequest};
use std::sync::Arc;

/// Longest address to return to, in bytes.
const MAX_REFERER: usize = 2000;

/// Returns HTML that shows a proof inside another page, for everybody and read-only.
#[derive(SoapRequest)]
#[soap(operation = "getProofEmbedCode", answer = String, section = "Proofs")]
pub struct GetProofEmbedCode {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The proof.
    #[soap(name = "FileID", required)]
    pub file_id: i64,
    /// Address that the close button leads to; further parameters in it are joined with `%26`.
    #[soap(name = "Referer", since = "16.24")]
    pub referer: Option<String>,
}

/// Returns HTML that shows a proof inside another page, as the caller. They have to be on the proof.
#[derive(SoapRequest)]
#[soap(operation = "getPersonalProofEmbedCode", answer = String, section = "Proofs")]
pub struct GetPersonalProofEmbedCode {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The proof.
    #[soap(name = "FileID", required)]
    pub file_id: i64,
    /// Address that the close button leads to; further parameters in it are joined with `%26`.
    #[soap(name = "Referer", since = "16.24")]
    pub referer: Option<String>,
}

/// Returns HTML that shows a proof inside another page, as one of its reviewers.
#[derive(SoapRequest)]
#[soap(operation = "getProofReviewerEmbedCode", answer = String, section = "Proofs")]
pub struct GetProofReviewerEmbedCode {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The proof.
    #[soap(name = "FileID", required)]
    pub file_id: i64,
    /// The reviewer, as listed by getProofReviewers.
    #[soap(name = "ReviewerID", required)]
    pub reviewer_id: String,
    /// Address that the close button leads to; further parameters in it are joined with `%26`.
    #[soap(name = "Referer", since = "16.24")]
    pub referer: Option<String>,
}

/// Lists the HTML of a proof for everybody and for each reviewer; without edit rights only the own one.
#[derive(SoapRequest)]
#[soap(operation = "getProofEmbedCodes", answer = Vec<FileEmbedCodeObject>, section = "Proofs")]
pub struct GetProofEmbedCodes {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The proof.
    #[soap(name = "FileID", required)]
    pub file_id: i64,
    /// Address that the close button leads to; further parameters in it are joined with `%26`.
    #[soap(name = "Referer", since = "16.24")]
    pub referer: Option<String>,
}

/// HTML that shows a proof inside another page.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPFileEmbedCodeObject", array = "SOAPFileEmbedCodeObjectArray")]
pub struct FileEmbedCodeObject {
    /// The proof.
    pub file_id: i64,
    /// Reviewer as whom it opens; 0 for everybody.
    pub reviewer_id: i64,
    /// `team` for everybody, `personal` for a reviewer.
    pub r#type: String,
    /// The HTML.
    pub code: String,
    /// The address in it.
    pub url: String,
}

/// The end of an address that brings the viewer back: `?referer=…`, or nothing. What would end the value
/// or the attribute that it is in is escaped; escapes that the caller made stay.
fn query(referer: &Option<String>) -> Result<String, Fault> {
    let Some(address) = given(referer) else { return Ok(String::new()) };
    let lower = address.to_ascii_lowercase();
    let web = lower.starts_with("https://") || lower.starts_with("http://");
    if !web || address.len() > MAX_REFERER {
        return Err(faults::invalid_value("Referer", address));
    }
    let mut query = String::from("?referer=");
    for byte in address.bytes() {
        match byte {
            b'&' | b'#' | b'"' | b'\'' | b'<' | b'>' | b'`' | b'\\' | 0..=b' ' | 0x7F.. => {
                query.push_str(&format!("%{byte:02X}"));
            }
            plain => query.push(char::from(plain)),
        }
    }
    Ok(query)
}

fn address(backend: &ServiceBackend, link: &EmbedLink, query: &str) -> String {
    format!("{}/viewer/{}{query}", backend.service.config().public_url, link.code)
}

fn html(address: &str) -> String {
    format!(
        "<iframe src=\"{address}\" width=\"800\" height=\"600\" frameborder=\"0\" allowfullscreen></iframe>"
    )
}

impl Handler<ServiceBackend> for GetProofEmbedCode {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<String, Fault> {
        let query = query(&self.referer)?;
        let links = backend.service.embed_links(caller, ProofId(self.file_id)).map_err(faults::of)?;
        let link = links.iter().find(|link| link.reviewer.is_none()).ok_or_else(faults::forbidden)?;
        Ok(html(&address(backend, link, &query)))
    }
}

impl Handler<ServiceBackend> for GetPersonalProofEmbedCode {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<String, Fault> {
        let query = query(&self.referer)?;
        let link = backend.service.embed_link(caller, ProofId(self.file_id), None).map_err(faults::of)?;
        Ok(html(&address(backend, &link, &query)))
    }
}

impl Handler<ServiceBackend> for GetProofReviewerEmbedCode {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<String, Fault> {
        let query = query(&self.referer)?;
        let id = ProofId(self.file_id);
        // The proof first: who does not see it learns nothing about reviewers.
        backend.service.embed_links(caller, id).map_err(faults::of)?;
        let reviewer = reviewer_id(&self.reviewer_id)?;
        let link = backend.service.embed_link(caller, id, Some(reviewer)).map_err(faults::of)?;
        Ok(html(&address(backend, &link, &query)))
    }
}

impl Handler<ServiceBackend> for GetProofEmbedCodes {
    fn handle(
        self,
        backend: &ServiceBackend,
        caller: &Arc<UserCaller>,
    ) -> Result<Vec<FileEmbedCodeObject>, Fault> {
        let query = query(&self.referer)?;
        let links = backend.service.embed_links(caller, ProofId(self.file_id)).map_err(faults::of)?;
        let object = |link: EmbedLink| {
            let url = address(backend, &link, &query);
            FileEmbedCodeObject {
                file_id: self.file_id,
                reviewer_id: link.reviewer.map_or(0, |id| id.0),
                r#type: if link.reviewer.is_some() { "personal" } else { "team" }.to_owned(),
                code: html(&url),
                url,
            }
        };
        Ok(links.into_iter().map(object).collect())
    }
}
