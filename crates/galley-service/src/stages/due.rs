//! Stages that a time starts.

use super::roll_up;
use crate::{Service, ServiceError};
use galley_model::{Happening, ProofId, Timestamp};
use galley_store::{JobKind, LeasedJob, Write};

/// Looks at a proof because of the time. Whether a stage has started is read in the transaction that
/// starts it, so that it starts once however often anybody looks.
fn look_again(tx: &Write<'_>, id: ProofId, now: Timestamp) -> Result<(), ServiceError> {
    if tx.proof(id)?.is_some() {
        roll_up(tx, id, Happening::Look, now)?;
    }
    Ok(())
}

impl Service {
    /// Starts every stage that is due by now: the work of the job, at once. How many proofs were looked
    /// at.
    ///
    /// # Errors
    /// [`ServiceError`] when the database fails.
    pub fn start_due_stages(&self) -> Result<usize, ServiceError> {
        let now = self.now();
        let due = self.store().read(|tx| tx.due_subjects(JobKind::Stages, now))?;
        for id in &due {
            self.store().write(|tx| look_again(tx, ProofId(*id), now))?;
        }
        Ok(due.len())
    }

    /// Does the job of one proof: ends it, looks, and leaves the next one, all or nothing. Whoever lost
    /// the lease does nothing.
    pub(crate) fn start_stages_of(&self, job: &LeasedJob) -> Result<(), ServiceError> {
        let now = self.now();
        self.store().write(|tx| {
            if tx.finish_job(job)? {
                look_again(tx, ProofId(job.subject), now)?;
            }
            Ok(())
        })
    }
}
