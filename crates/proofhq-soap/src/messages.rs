//! Messages to reviewers.

use crate::backend::{ServiceBackend, given};
use crate::dispatch::Handler;
use crate::faults;
use galley_model::{ProofId, ReviewerId};
use galley_service::UserCaller;
use soap::{Fault, SoapRequest};
use std::sync::Arc;

/// Sends a mail to a reviewer, with their personal link.
#[derive(SoapRequest)]
#[soap(operation = "messageReviewer", answer = bool, section = "Reviewers", since = "14.4")]
pub struct MessageReviewer {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented", since = "14.4")]
    pub session_id: Option<String>,
    /// The proof.
    #[soap(name = "FileID", required, since = "14.4")]
    pub file_id: i64,
    /// The reviewer.
    #[soap(name = "ReviewerID", required, since = "14.4")]
    pub reviewer_id: i64,
    /// Subject of the mail; nothing takes one with the name of the proof.
    #[soap(name = "Subject", since = "14.4")]
    pub subject: Option<String>,
    /// Text of the mail; `a`, `i`, `span`, `div`, `p`, `font`, `u` and `br` may stand in it.
    #[soap(name = "Body", required, since = "14.4")]
    pub body: String,
}

impl Handler<ServiceBackend> for MessageReviewer {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<bool, Fault> {
        let (proof, reviewer) = (ProofId(self.file_id), ReviewerId(self.reviewer_id));
        let subject = given(&self.subject).unwrap_or_default();
        backend.service.message_reviewer(caller, proof, reviewer, subject, &self.body).map_err(faults::of)?;
        Ok(true)
    }
}
