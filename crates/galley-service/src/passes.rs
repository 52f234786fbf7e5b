//! One-time links: a link that lets a reviewer in once, for as long as a working day lasts.

use crate::proofs::seen;
use crate::{Missing, Service, ServiceError, UserCaller, secrets};
use galley_model::{ProofId, ReviewerId};
use galley_store::NewPass;
use jiff::SignedDuration;

/// A one-time link that nobody used ends after so long.
const UNUSED_DAYS: i64 = 7;

/// What a used one turned into is good for so long.
const SESSION_HOURS: i64 = 12;

impl Service {
    /// A code that lets a reviewer of a proof in once.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for a proof that the caller does not see and for somebody who is not on
    /// it, [`ServiceError::Forbidden`] for other people's links without edit rights.
    pub fn one_time_code(
        &self,
        caller: &UserCaller,
        proof: ProofId,
        reviewer: ReviewerId,
    ) -> Result<String, ServiceError> {
        let code = secrets::code(self.inner.random.as_ref(), crate::proofs::CODE_LENGTH);
        let expires_at = self.now() + SignedDuration::from_hours(24 * UNUSED_DAYS);
        self.store().write(|tx| {
            let seen = seen(tx, caller, proof)?;
            let place = tx.reviewer(reviewer)?.filter(|r| r.proof == proof);
            let place = place.ok_or(ServiceError::NotFound(Missing::Reviewer))?;
            if !seen.rights.edit && place.person != caller.person() {
                return Err(ServiceError::Forbidden);
            }
            tx.add_pass(&NewPass { code: &code, reviewer, once: true, expires_at })?;
            Ok(code)
        })
    }

    /// Uses up a one-time code and answers the one that opens the viewer from now on, for a while.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for a code that was used, has ended or never was.
    pub fn use_one_time_code(&self, code: &str) -> Result<String, ServiceError> {
        let now = self.now();
        let session = secrets::code(self.inner.random.as_ref(), crate::proofs::CODE_LENGTH);
        let expires_at = now + SignedDuration::from_hours(SESSION_HOURS);
        let opened = self.store().write(|tx| -> Result<bool, ServiceError> {
            tx.delete_expired_passes(now)?;
            let Some(reviewer) = tx.use_pass(code, now)? else { return Ok(false) };
            tx.add_pass(&NewPass { code: &session, reviewer: reviewer.id, once: false, expires_at })?;
            Ok(true)
        })?;
        if opened { Ok(session) } else { Err(ServiceError::NotFound(Missing::Link)) }
    }
}
