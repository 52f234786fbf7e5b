//! Reasons that people gave with their decisions.

use crate::backend::ServiceBackend;
use crate::faults;
use galley_model::{GivenReason, Proof, ProofId, ReviewerId};
use galley_service::UserCaller;
use soap::{Fault, SoapObject};

/// A reason given with a decision.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPRecipientDecisionReasonObject", array = "SOAPRecipientDecisionReasonObjectArray")]
pub struct RecipientDecisionReasonObject {
    /// The proof.
    pub file_id: i64,
    /// Name of the reason.
    pub reason_name: String,
    /// Reviewer who gave it.
    pub reviewer_id: i64,
    /// Further words.
    pub text: String,
}

/// Reasons that people gave with their decisions.
pub(crate) struct Reasons(Vec<GivenReason>);

impl Reasons {
    /// Those on these proofs.
    pub(crate) fn on(
        backend: &ServiceBackend,
        caller: &UserCaller,
        proofs: &[&Proof],
    ) -> Result<Reasons, Fault> {
        backend.service.given_reasons(caller, proofs).map(Reasons).map_err(faults::of)
    }

    /// Those of everybody on a proof.
    pub(crate) fn of_proof(&self, proof: ProofId) -> Vec<RecipientDecisionReasonObject> {
        self.0.iter().filter(|reason| reason.proof == proof).map(Into::into).collect()
    }

    /// Those of one person on a proof.
    pub(crate) fn of_reviewer(&self, reviewer: ReviewerId) -> Vec<RecipientDecisionReasonObject> {
        self.0.iter().filter(|reason| reason.reviewer == reviewer).map(Into::into).collect()
    }
}

impl From<&GivenReason> for RecipientDecisionReasonObject {
    fn from(reason: &GivenReason) -> RecipientDecisionReasonObject {
        RecipientDecisionReasonObject {
            file_id: reason.proof.0,
            reason_name: reason.name.clone(),
            reviewer_id: reason.reviewer.0,
            text: reason.text.clone(),
        }
    }
}
