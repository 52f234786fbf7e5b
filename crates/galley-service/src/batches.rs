//! Batches: proofs that are made together. They are not processed, and nobody is told of them, before the
//! batch is finished; then everybody gets one mail about all of theirs (`product.md` 6.3).

use crate::proofs::editable;
use crate::reviewers::{ReviewerInput, place_person};
use crate::sources::release;
use crate::stages::roll_up;
use crate::{Missing, Service, ServiceError, UserCaller};
use galley_model::{Batch, BatchId, EventKind, Happening, Timestamp, Urgency};
use galley_store::{Read, Write};

/// More proofs in one batch are a mistake.
const MAX_PROOFS: usize = 1000;

/// The batch, if the caller started it or manages everything. A finished one takes nothing more.
pub(crate) fn open_batch(tx: &Read<'_>, caller: &UserCaller, id: BatchId) -> Result<Batch, ServiceError> {
    let batch = seen_batch(tx, caller, id)?;
    if batch.finished_at.is_some() {
        return Err(ServiceError::Conflict("This batch is finished. Start a new one.".to_owned()));
    }
    if tx.proofs_of_batch(id)?.len() >= MAX_PROOFS {
        return Err(ServiceError::Conflict(format!("A batch holds at most {MAX_PROOFS} proofs.")));
    }
    Ok(batch)
}

fn seen_batch(tx: &Read<'_>, caller: &UserCaller, id: BatchId) -> Result<Batch, ServiceError> {
    let batch = tx.batch(id)?.filter(|batch| batch.account == caller.account());
    let own = |batch: &Batch| batch.user == caller.id() || caller.profile().manages_all();
    batch.filter(own).ok_or(ServiceError::NotFound(Missing::Batch))
}

/// Sends the proofs of a batch to the renderer and says who is to be told.
pub(crate) fn finish(
    tx: &Write<'_>,
    caller: &UserCaller,
    batch: BatchId,
    now: Timestamp,
) -> Result<(), ServiceError> {
    let proofs = tx.proofs_of_batch(batch)?;
    let invited = tx.finish_batch(batch, now)?;
    let kind = EventKind::BatchFinished { batch, proofs: proofs.clone(), invited };
    tx.append(caller.account(), None, now, &caller.actor(), &kind)?;
    for id in proofs {
        if let Some(proof) = tx.proof(id)? {
            release(tx, &proof, Urgency::Bulk, now)?;
        }
    }
    Ok(())
}

impl Service {
    /// Starts a batch.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for profiles that create nothing.
    pub fn create_batch(&self, caller: &UserCaller) -> Result<BatchId, ServiceError> {
        if !caller.profile().creates() {
            return Err(ServiceError::Forbidden);
        }
        let now = self.now();
        self.store().write(|tx| {
            let batch = tx.add_batch(caller.account(), caller.id(), now)?;
            tx.append(caller.account(), None, now, &caller.actor(), &EventKind::BatchStarted { batch })?;
            Ok(batch)
        })
    }

    /// Puts people on every proof of a batch: all of them, or none when one cannot be.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for batches of others, [`ServiceError::Conflict`] for a batch that is
    /// finished or empty, [`ServiceError::Forbidden`], [`ServiceError::Invalid`].
    pub fn add_batch_reviewers(
        &self,
        caller: &UserCaller,
        id: BatchId,
        people: &[ReviewerInput],
    ) -> Result<(), ServiceError> {
        let now = self.now();
        self.store().write(|tx| {
            let batch = seen_batch(tx, caller, id)?;
            if batch.finished_at.is_some() {
                return Err(ServiceError::Conflict("This batch is finished. Start a new one.".to_owned()));
            }
            let proofs = tx.proofs_of_batch(id)?;
            if proofs.is_empty() {
                return Err(ServiceError::Conflict("This batch has no proof yet.".to_owned()));
            }
            for proof in proofs {
                let target = editable(tx, caller, proof)?.proof;
                for person in people {
                    place_person(tx, self.inner.random.as_ref(), caller, &target, person, now)?;
                }
                roll_up(tx, proof, Happening::Look, now)?;
            }
            Ok(())
        })
    }

    /// Finishes a batch: its proofs go to the renderer, and its people are told. Finishing it again
    /// changes nothing.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for batches of others.
    pub fn finish_batch(&self, caller: &UserCaller, id: BatchId) -> Result<(), ServiceError> {
        let now = self.now();
        self.store().write(|tx| {
            let batch = seen_batch(tx, caller, id)?;
            if batch.finished_at.is_some() {
                return Ok(());
            }
            finish(tx, caller, id, now)
        })?;
        self.inner.work.notify_one();
        Ok(())
    }
}
