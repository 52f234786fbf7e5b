//! What happened, for people.

use crate::proofs::seen;
use crate::stages::Traces;
use crate::{ListPlace, ProofQuestion, Service, ServiceError, UserCaller};
use galley_model::{EventId, ProofId, Timestamp, UserStatus};

/// An entry of the activity list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActivityEntry {
    /// Place in the log.
    pub id: EventId,
    /// The proof it is about.
    pub proof: ProofId,
    /// Its name today.
    pub proof_name: String,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: String,
    /// What, in a few words.
    pub action: &'static str,
    /// More about it, possibly empty.
    pub details: String,
}

/// A proof about which something happened, and the kind of the first event.
pub type ChangedProof = (ProofId, &'static str);

/// Proofs that an activity list without a proof looks at: the newest ones the caller sees.
const RECENT_PROOFS: i64 = 200;

impl Service {
    /// Activity on one proof, or on those the caller sees, newest first.
    ///
    /// Entries that are only machinery are left out, so that fewer than `limit` may come; `offset`
    /// counts shown entries.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`].
    pub fn activity(
        &self,
        caller: &UserCaller,
        proof: Option<ProofId>,
        before: Option<EventId>,
        offset: i64,
        limit: i64,
    ) -> Result<Vec<ActivityEntry>, ServiceError> {
        let proofs = match proof {
            Some(id) => vec![self.store().read(|tx| seen(tx, caller, id))?.proof],
            None => {
                self.list_proofs(caller, &ProofQuestion::default(), ListPlace::Offset(0), RECENT_PROOFS)?
            }
        };
        let traces = self.store().read(|tx| Traces::of_list(tx, caller, &proofs))?;
        let names: Vec<(ProofId, String)> = proofs.into_iter().map(|p| (p.id, p.name)).collect();
        let ids: Vec<ProofId> = names.iter().map(|(id, _)| *id).collect();
        let mut before = before.unwrap_or(EventId(i64::MAX));
        let (mut skip, mut shown) = (offset.max(0), Vec::new());
        let limit = usize::try_from(limit.clamp(1, 200)).unwrap_or(1);
        loop {
            let events = self.store().read(|tx| tx.activity(&ids, before, 0, 200))?;
            let Some(last) = events.last() else { return Ok(shown) };
            before = last.id;
            for event in events.iter().filter(|event| !traces.hide(event)) {
                let (Some((action, details)), Some(proof)) = (event.kind.activity(), event.proof) else {
                    continue;
                };
                if skip > 0 {
                    skip -= 1;
                    continue;
                }
                let proof_name =
                    names.iter().find(|(id, _)| *id == proof).map(|(_, n)| n.clone()).unwrap_or_default();
                shown.push(ActivityEntry {
                    id: event.id,
                    proof,
                    proof_name,
                    at: event.at,
                    actor: event.actor.name.clone(),
                    action,
                    details,
                });
                if shown.len() == limit {
                    return Ok(shown);
                }
            }
        }
    }

    /// Proofs of the caller's account about which something happened after an event, those the caller
    /// sees, and the event to go on from.
    ///
    /// # Errors
    /// [`ServiceError`] when the database fails.
    pub fn changed_proofs(
        &self,
        caller: &UserCaller,
        after: EventId,
    ) -> Result<(Vec<ChangedProof>, EventId), ServiceError> {
        self.store().read(|tx| {
            // Streams outlive the session they began with, but not the login.
            let user = tx.user(caller.id())?.filter(|user| user.status == UserStatus::Activated);
            user.ok_or(ServiceError::NoSession)?;
            let events = tx.account_events(caller.account(), after, 500)?;
            let last = events.last().map_or(after, |e| e.id);
            let mut ids: Vec<ProofId> = Vec::new();
            for proof in events.iter().filter_map(|event| event.proof) {
                if !ids.contains(&proof) {
                    ids.push(proof);
                }
            }
            let mut visible = Vec::new();
            for id in ids {
                let Ok(seen) = crate::proofs::seen_even_in_trash(tx, caller, id) else { continue };
                let traces = Traces::of(tx, seen.blinds.stages())?;
                let first = events.iter().find(|event| event.proof == Some(id) && !traces.hide(event));
                visible.extend(first.map(|event| (id, event.kind.name())));
            }
            Ok((visible, last))
        })
    }

    /// Newest event of the log.
    ///
    /// # Errors
    /// [`ServiceError`] when the database fails.
    pub fn last_event(&self) -> Result<EventId, ServiceError> {
        Ok(self.store().read(|tx| tx.last_event())?)
    }

    /// Walks the event log of every account. None when every chain holds, else what does not.
    ///
    /// # Errors
    /// [`ServiceError`] when the database fails.
    pub fn verify_log(&self) -> Result<Result<u64, EventId>, ServiceError> {
        self.store().read(|tx| {
            let mut total = 0;
            for account in tx.accounts()? {
                match tx.verify_chain(account)? {
                    Ok(count) => total += count,
                    Err(broken) => return Ok(Err(broken.event)),
                }
            }
            Ok(Ok(total))
        })
    }
}
