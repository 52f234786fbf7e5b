//! The event log: append only, each entry chained to the one before it by a hash.

use crate::rows::{RowExt, millis};
use crate::{Read, StoreError, Write};
use galley_model::{AccountId, Actor, Event, EventId, EventKind, ProofId, Timestamp};
use rusqlite::{Row, params};
use sha2::{Digest, Sha256};

/// Where the chain of an account does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainBreak {
    /// The first entry whose hash does not follow from the one before.
    pub event: EventId,
}

pub(crate) const EVENT: &str = "SELECT id, account_id, proof_id, at, actor, data FROM events";

pub(crate) fn event(row: &Row<'_>) -> Result<Event, StoreError> {
    Ok(Event {
        id: EventId(row.col(0)?),
        account: AccountId(row.col(1)?),
        proof: row.col::<Option<i64>>(2)?.map(ProofId),
        at: row.time(3)?,
        actor: row.word(4, "events.actor", |json| serde_json::from_str(json).ok())?,
        kind: row.word(5, "events.data", |json| serde_json::from_str(json).ok())?,
    })
}

/// SHA-256 over the previous hash and the stored columns, each on a line of its own; JSON text holds
/// no line break, so no two entries give the same input.
fn chain(previous: &str, account: i64, proof: Option<i64>, at: i64, actor: &str, data: &str) -> String {
    let proof = proof.map_or_else(String::new, |id| id.to_string());
    let digest = Sha256::digest(format!("{previous}\n{account}\n{proof}\n{at}\n{actor}\n{data}"));
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Read<'_> {
    /// Newest entry of the log, of whatever account.
    pub fn last_event(&self) -> Result<EventId, StoreError> {
        self.number("SELECT MAX(id) FROM events", []).map(EventId)
    }

    /// Entries of an account after this one, oldest first.
    pub fn account_events(
        &self,
        account: AccountId,
        after: EventId,
        limit: i64,
    ) -> Result<Vec<Event>, StoreError> {
        self.all(
            &format!("{EVENT} WHERE account_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3"),
            [account.0, after.0, limit],
            event,
        )
    }

    /// Entries about a proof after this one, oldest first.
    pub fn proof_events(&self, proof: ProofId, after: EventId, limit: i64) -> Result<Vec<Event>, StoreError> {
        self.all(
            &format!("{EVENT} WHERE proof_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3"),
            [proof.0, after.0, limit],
            event,
        )
    }

    /// Entries about these proofs before this one, newest first.
    pub fn activity(
        &self,
        proofs: &[ProofId],
        before: EventId,
        offset: i64,
        limit: i64,
    ) -> Result<Vec<Event>, StoreError> {
        let list = proofs.iter().map(|p| p.0.to_string()).collect::<Vec<_>>().join(",");
        if list.is_empty() {
            return Ok(Vec::new());
        }
        self.all(
            &format!("{EVENT} WHERE proof_id IN ({list}) AND id < ?1 ORDER BY id DESC LIMIT ?2 OFFSET ?3"),
            [before.0, limit, offset],
            event,
        )
    }

    /// Walks the whole chain of an account and says how many entries it has, or where it breaks.
    pub fn verify_chain(&self, account: AccountId) -> Result<Result<u64, ChainBreak>, StoreError> {
        let (mut previous, mut after, mut count) = (String::new(), 0i64, 0u64);
        loop {
            let rows = self.all(
                "SELECT id, proof_id, at, actor, data, hash FROM events WHERE account_id = ?1 AND id > ?2
                 ORDER BY id LIMIT 1000",
                [account.0, after],
                |row| {
                    let id: i64 = row.col(0)?;
                    let (actor, data): (String, String) = (row.col(3)?, row.col(4)?);
                    let parts: (Option<i64>, i64) = (row.col(1)?, row.col(2)?);
                    Ok((id, parts, actor, data, row.col::<String>(5)?))
                },
            )?;
            let Some(last) = rows.last() else { return Ok(Ok(count)) };
            after = last.0;
            for (id, (proof, at), actor, data, hash) in rows {
                if chain(&previous, account.0, proof, at, &actor, &data) != hash {
                    return Ok(Err(ChainBreak { event: EventId(id) }));
                }
                previous = hash;
                count += 1;
            }
        }
    }

    /// All accounts.
    pub fn accounts(&self) -> Result<Vec<AccountId>, StoreError> {
        self.all("SELECT id FROM accounts ORDER BY id", [], |row| Ok(AccountId(row.col(0)?)))
    }
}

impl Write<'_> {
    /// Appends an entry.
    pub fn append(
        &self,
        account: AccountId,
        proof: Option<ProofId>,
        at: Timestamp,
        actor: &Actor,
        kind: &EventKind,
    ) -> Result<EventId, StoreError> {
        let actor_text = serde_json::to_string(actor).map_err(|_| StoreError::Corrupt("events.actor"))?;
        let data = serde_json::to_string(kind).map_err(|_| StoreError::Corrupt("events.data"))?;
        let previous: String = self
            .first(
                "SELECT hash FROM events WHERE account_id = ?1 ORDER BY id DESC LIMIT 1",
                [account.0],
                |row| row.col(0),
            )?
            .unwrap_or_default();
        let hash = chain(&previous, account.0, proof.map(|id| id.0), millis(at), &actor_text, &data);
        let id = self.insert(
            "INSERT INTO events (account_id, proof_id, at, actor, data, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6) RETURNING id",
            params![account.0, proof.map(|id| id.0), millis(at), actor_text, data, hash],
        )?;
        self.newest_event.set(Some(EventId(id)));
        let entry = Event { id: EventId(id), account, proof, at, actor: actor.clone(), kind: kind.clone() };
        for (log, user) in entry.logs() {
            self.log(account, log, user, id)?;
        }
        // What the server does by itself is no activity: an archived set would never rest.
        if let Some(proof) = proof
            && !matches!(kind, EventKind::ProofArchived { .. } | EventKind::PageReady { .. })
        {
            self.run(
                "UPDATE sets SET touched_at = ?2 WHERE id = (SELECT set_id FROM proofs WHERE id = ?1)",
                params![proof.0, millis(at)],
            )?;
        }
        Ok(EventId(id))
    }
}
