//! Lists and details of proofs.

use super::seen;
use crate::stages::{ProofStages, letters, seen_in_list};
use crate::{Missing, Original, Service, ServiceError, UserCaller};
use galley_model::{
    Blinds, Page, Progress, Proof, ProofId, ProofRights, Reviewer, Stage, Timestamp, proof_progress,
};
use galley_store::{ProofCounts, ProofFilter, ProofQuery, Read};

/// Most rows that a list gives at once, however many are asked for.
const MAX_ROWS: i64 = 1000;

/// Where in a list to start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListPlace {
    /// Skip so many rows.
    Offset(i64),
    /// Go on after this proof, made at this time.
    After(Timestamp, ProofId),
}

/// A row of a list of proofs.
#[derive(Clone, Debug)]
pub struct ListedProof {
    /// The proof.
    pub proof: Proof,
    /// Progress of everybody on it.
    pub progress: Progress,
    /// The caller's own place on it.
    pub place: Option<Reviewer>,
}

/// Rows, and how many there are of each kind where that was asked for.
#[derive(Clone, Debug)]
pub struct ProofList {
    /// The rows.
    pub items: Vec<ListedProof>,
    /// Numbers of the filters.
    pub counts: Option<ProofCounts>,
    /// More rows follow.
    pub more: bool,
}

/// A version in the version list of a proof.
#[derive(Clone, Debug)]
pub struct VersionEntry {
    /// The version.
    pub proof: Proof,
    /// The caller's own place on it.
    pub place: Option<Reviewer>,
}

/// Everything about one version of a proof.
#[derive(Clone, Debug)]
pub struct ProofDetails {
    /// The proof.
    pub proof: Proof,
    /// People on it.
    pub reviewers: Vec<Reviewer>,
    /// Their letters, in the same order.
    pub progress: Vec<Progress>,
    /// Letters of the proof.
    pub overall_progress: Progress,
    /// Versions that the caller sees, oldest first.
    pub versions: Vec<VersionEntry>,
    /// The caller's own place on it.
    pub place: Option<Reviewer>,
    /// What the caller may do with it.
    pub rights: ProofRights,
    /// Its stages that the caller sees, in their order, with the letters of their people.
    pub stages: Vec<(Stage, Progress)>,
}

impl Service {
    /// Proofs that the caller sees, newest first; of each set the newest version.
    ///
    /// This is the plain list that the SOAP API answers with: no people, no progress, one statement.
    /// A limit of 0 asks for everything, which is capped at 1000.
    ///
    /// # Errors
    /// [`ServiceError`] when the database fails.
    pub fn list_proofs(
        &self,
        caller: &UserCaller,
        filter: ProofFilter,
        text: &str,
        place: ListPlace,
        limit: i64,
    ) -> Result<Vec<Proof>, ServiceError> {
        let limit = if limit <= 0 { MAX_ROWS } else { limit.min(MAX_ROWS) };
        let query = query(caller, filter, text, place, limit, self.now());
        self.store().read(|tx| seen_in_list(tx, caller, tx.proofs(&query)?))
    }

    /// The same list with everybody's progress, the caller's own place, and on request the numbers of
    /// all filters. A fixed number of statements, however many rows.
    ///
    /// # Errors
    /// [`ServiceError`] when the database fails.
    pub fn browse_proofs(
        &self,
        caller: &UserCaller,
        filter: ProofFilter,
        text: &str,
        place: ListPlace,
        limit: i64,
        count: bool,
    ) -> Result<ProofList, ServiceError> {
        let now = self.now();
        let limit = limit.clamp(1, MAX_ROWS);
        let query = query(caller, filter, text, place, limit + 1, now);
        self.store().read(|tx| {
            let mut proofs = tx.proofs(&query)?;
            let more = proofs.len() as i64 > limit;
            proofs.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
            let counts = count.then(|| tx.proof_counts(&query, caller.id(), caller.person())).transpose()?;
            let ids: Vec<ProofId> = proofs.iter().map(|p| p.id).collect();
            let everybody = tx.reviewers_of(&ids)?;
            let all_stages = tx.stages_of(&ids)?;
            let items = proofs
                .into_iter()
                .map(|proof| {
                    let stages: Vec<Stage> =
                        all_stages.iter().filter(|s| s.proof == proof.id).cloned().collect();
                    let people: Vec<Reviewer> =
                        everybody.iter().filter(|r| r.proof == proof.id).cloned().collect();
                    let place = people.iter().find(|r| r.person == caller.person()).cloned();
                    let rights = caller.rights(&proof, place.as_ref());
                    let blinds = Blinds::new(&rights, place.as_ref().map(|r| r.stage), &stages);
                    let people = blinds.reviewers_seen(people);
                    let progress = proof_progress(letters(&stages, &people, now));
                    ListedProof { proof: blinds.proof_seen(proof, &stages), progress, place }
                })
                .collect();
            Ok(ProofList { items, counts, more })
        })
    }

    /// Everything about one proof.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`].
    pub fn proof_details(&self, caller: &UserCaller, id: ProofId) -> Result<ProofDetails, ServiceError> {
        let now = self.now();
        self.store().read(|tx| details(tx, caller, id, now))
    }

    /// Versions of a proof that the caller sees, oldest first.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`].
    pub fn versions(&self, caller: &UserCaller, id: ProofId) -> Result<Vec<VersionEntry>, ServiceError> {
        self.store().read(|tx| {
            let seen = seen(tx, caller, id)?;
            versions(tx, caller, &seen.proof)
        })
    }

    /// The original of a proof, if the caller may have it.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], or [`ServiceError::Forbidden`] when downloads are off.
    pub fn original(&self, caller: &UserCaller, id: ProofId) -> Result<Original, ServiceError> {
        self.store().read(|tx| {
            let seen = seen(tx, caller, id)?;
            if !seen.rights.download {
                return Err(ServiceError::Forbidden);
            }
            self.original_of(tx, &seen.proof)
        })
    }

    /// The first page of a proof, whose thumbnail stands for all of it.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`].
    pub fn thumbnail(&self, caller: &UserCaller, id: ProofId) -> Result<Page, ServiceError> {
        let proof = self.proof(caller, id)?;
        let page = self.store().read(|tx| tx.page(proof.file, 1))?.filter(|p| p.ready);
        page.ok_or(ServiceError::NotFound(Missing::Page))
    }
}

fn query<'a>(
    caller: &UserCaller,
    filter: ProofFilter,
    text: &'a str,
    place: ListPlace,
    limit: i64,
    now: Timestamp,
) -> ProofQuery<'a> {
    let (offset, after) = match place {
        ListPlace::Offset(offset) => (offset.max(0), None),
        ListPlace::After(at, id) => (0, Some((at, id))),
    };
    ProofQuery {
        account: caller.account(),
        visibility: caller.visibility(),
        filter,
        text,
        now,
        after,
        offset,
        limit,
    }
}

pub(super) fn details(
    tx: &Read<'_>,
    caller: &UserCaller,
    id: ProofId,
    now: Timestamp,
) -> Result<ProofDetails, ServiceError> {
    let seen = seen(tx, caller, id)?;
    let all = tx.stages(id)?;
    let reviewers = seen.blinds.reviewers_seen(tx.reviewers(id)?);
    let progress = letters(&all, &reviewers, now);
    let stages = ProofStages::new(id, seen.blinds.stages_seen(all), &reviewers, &progress);
    Ok(ProofDetails {
        versions: versions(tx, caller, &seen.proof)?,
        overall_progress: stages.progress,
        stages: stages.stages,
        proof: seen.proof,
        reviewers,
        progress,
        place: seen.place,
        rights: seen.rights,
    })
}

fn versions(tx: &Read<'_>, caller: &UserCaller, of: &Proof) -> Result<Vec<VersionEntry>, ServiceError> {
    let all = seen_in_list(tx, caller, tx.versions(of.set)?)?;
    let ids: Vec<ProofId> = all.iter().map(|p| p.id).collect();
    let places: Vec<Reviewer> =
        tx.reviewers_of(&ids)?.into_iter().filter(|r| r.person == caller.person()).collect();
    let entries = all.into_iter().filter_map(|proof| {
        let place = places.iter().find(|r| r.proof == proof.id).cloned();
        caller.rights(&proof, place.as_ref()).view.then_some(VersionEntry { proof, place })
    });
    Ok(entries.collect::<Vec<_>>())
}
