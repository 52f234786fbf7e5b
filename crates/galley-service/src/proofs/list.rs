//! Lists and details of proofs.

use super::seen;
use crate::stages::{ProofStages, letters, seen_in_list};
use crate::{Missing, Original, Service, ServiceError, UserCaller, workspaces};
use galley_model::{
    Blinds, Page, Progress, Proof, ProofId, ProofRights, Reviewer, Stage, Timestamp, UserId, WebPage,
    WorkspaceId, keywords, proof_progress,
};
use galley_store::{Keyword, ProofCounts, ProofFilter, ProofQuery, Read};
use std::collections::HashMap;

/// Most rows that a list gives at once, however many are asked for.
const MAX_ROWS: i64 = 1000;

/// Where in a list to start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListPlace {
    /// Skip so many rows.
    Offset(i64),
    /// Go on after this proof.
    After(ProofId),
}

/// What is asked of a list of proofs. The default asks for everything outside trash and archive.
#[derive(Clone, Copy, Debug)]
pub struct ProofQuestion<'a> {
    /// Which proofs.
    pub filter: ProofFilter,
    /// Those in the archive too, where the filter has room for them.
    pub with_archived: bool,
    /// Keywords, each of which has to fit.
    pub text: &'a str,
    /// Look for the keywords in names only.
    pub in_names: bool,
    /// The name of a version, whatever its letter case.
    pub exact_name: Option<&'a str>,
    /// In one of these folders.
    pub folders: Option<&'a [WorkspaceId]>,
    /// Somebody with this address is on it.
    pub recipient: Option<&'a str>,
    /// None of these kinds of thing.
    pub without_media: &'a [&'a str],
}

impl Default for ProofQuestion<'_> {
    fn default() -> Self {
        ProofQuestion {
            filter: ProofFilter::All,
            with_archived: false,
            text: "",
            in_names: false,
            exact_name: None,
            folders: None,
            recipient: None,
            without_media: &[],
        }
    }
}

impl<'a> ProofQuestion<'a> {
    /// Proofs of this filter with these keywords.
    pub fn of(filter: ProofFilter, text: &'a str) -> ProofQuestion<'a> {
        ProofQuestion { filter, text, ..ProofQuestion::default() }
    }

    fn keywords(&self) -> Vec<Keyword> {
        let words = keywords(self.text).into_iter();
        words.map(|text| Keyword { text, in_names: self.in_names }).collect()
    }
}

/// A row of a list of proofs, and what it shows.
#[derive(Clone, Debug)]
pub struct CountedProof {
    /// The proof.
    pub proof: Proof,
    /// `image`, `document`, `video`, `audio` or `web`.
    pub media: String,
    /// The caller's own place on it.
    pub place: Option<Reviewer>,
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
    /// It was made of several files.
    pub combined: bool,
    /// Web pages that it is made of, in order.
    pub websites: Vec<WebPage>,
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
        question: &ProofQuestion<'_>,
        place: ListPlace,
        limit: i64,
    ) -> Result<Vec<Proof>, ServiceError> {
        let limit = if limit <= 0 { MAX_ROWS } else { limit.min(MAX_ROWS) };
        let words = question.keywords();
        let query = query(caller, question, &words, place, limit, self.now());
        self.store().read(|tx| Ok(as_asked(&query, seen_in_list(tx, caller, tx.proofs(&query)?)?)))
    }

    /// Proofs that this user owns, as far as the caller sees them; the caller's own without a user.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for somebody who is no user of the account.
    pub fn list_owned(&self, caller: &UserCaller, owner: Option<UserId>) -> Result<Vec<Proof>, ServiceError> {
        let owner = owner.unwrap_or(caller.id());
        let known = self.store().read(|tx| tx.user(owner))?.filter(|u| u.account == caller.account());
        known.ok_or(ServiceError::NotFound(Missing::User))?;
        let question = ProofQuestion::of(ProofFilter::OwnedBy(owner), "");
        self.list_proofs(caller, &question, ListPlace::Offset(0), 0)
    }

    /// Proofs in these folders, as far as the caller sees them; on request those in the folders below too.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for a folder that the caller does not see.
    pub fn list_in_folders(
        &self,
        caller: &UserCaller,
        folders: &[WorkspaceId],
        below: bool,
        place: ListPlace,
        limit: i64,
    ) -> Result<Vec<Proof>, ServiceError> {
        let folders = self.store().read(|tx| workspaces::tree(tx, caller, folders, below))?;
        let question = ProofQuestion { folders: Some(&folders), ..ProofQuestion::default() };
        self.list_proofs(caller, &question, place, limit)
    }

    /// The proof that a code in a link leads to. Only administrators may ask.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`], [`ServiceError::NotFound`].
    pub fn proof_of_code(&self, caller: &UserCaller, code: &str) -> Result<ProofId, ServiceError> {
        if !caller.profile().administers() {
            return Err(ServiceError::Forbidden);
        }
        self.store().read(|tx| {
            let found = match tx.proof_by_team_code(code)? {
                Some(proof) => Some(proof),
                None => match tx.reviewer_by_code(code)? {
                    Some(reviewer) => tx.proof(reviewer.proof)?,
                    None => None,
                },
            };
            let proof = found.filter(|p| p.account == caller.account() && p.trashed_at.is_none());
            proof.map(|p| p.id).ok_or(ServiceError::NotFound(Missing::Proof))
        })
    }

    /// The same list with the number of all its rows, the kind of thing each row shows, and the
    /// caller's own place on it.
    ///
    /// # Errors
    /// [`ServiceError`] when the database fails.
    pub fn count_and_list(
        &self,
        caller: &UserCaller,
        question: &ProofQuestion<'_>,
        place: ListPlace,
        limit: i64,
    ) -> Result<(i64, Vec<CountedProof>), ServiceError> {
        let limit = if limit <= 0 { MAX_ROWS } else { limit.min(MAX_ROWS) };
        let words = question.keywords();
        let query = query(caller, question, &words, place, limit, self.now());
        self.store().read(|tx| {
            let total = tx.proof_count(&query)?;
            let proofs = as_asked(&query, seen_in_list(tx, caller, tx.proofs(&query)?)?);
            let ids: Vec<ProofId> = proofs.iter().map(|p| p.id).collect();
            let media: HashMap<ProofId, String> = tx.media_of(&ids)?.into_iter().collect();
            let mut places: HashMap<ProofId, Reviewer> =
                tx.places_of(&ids, caller.person())?.into_iter().map(|r| (r.proof, r)).collect();
            let rows = proofs.into_iter().map(|proof| CountedProof {
                media: media.get(&proof.id).cloned().unwrap_or_default(),
                place: places.remove(&proof.id),
                proof,
            });
            Ok((total, rows.collect()))
        })
    }

    /// The same list with everybody's progress, the caller's own place, and on request the numbers of
    /// all filters. A fixed number of statements, however many rows.
    ///
    /// # Errors
    /// [`ServiceError`] when the database fails.
    pub fn browse_proofs(
        &self,
        caller: &UserCaller,
        question: &ProofQuestion<'_>,
        place: ListPlace,
        limit: i64,
        count: bool,
    ) -> Result<ProofList, ServiceError> {
        let now = self.now();
        let limit = limit.clamp(1, MAX_ROWS);
        let words = question.keywords();
        let query = query(caller, question, &words, place, limit + 1, now);
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
                    let rights = caller.rights(&proof, place.as_ref(), None);
                    let blinds = Blinds::new(&rights, place.as_ref().map(|r| r.stage), &stages);
                    let people = blinds.reviewers_seen(people);
                    let progress = proof_progress(letters(&stages, &people, now));
                    ListedProof { proof: blinds.proof_seen(proof, &stages), progress, place }
                })
                // As in `as_asked`.
                .filter(|item| query.filter != ProofFilter::Late || item.proof.late(now))
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
    question: &ProofQuestion<'a>,
    words: &'a [Keyword],
    place: ListPlace,
    limit: i64,
    now: Timestamp,
) -> ProofQuery<'a> {
    let (offset, after) = match place {
        ListPlace::Offset(offset) => (offset.max(0), None),
        ListPlace::After(id) => (0, Some(id)),
    };
    ProofQuery {
        account: caller.account(),
        visibility: caller.visibility(),
        filter: question.filter,
        with_archived: question.with_archived,
        keywords: words,
        exact_name: question.exact_name,
        folders: question.folders,
        recipient: question.recipient,
        without_media: question.without_media,
        now,
        after,
        offset,
        limit,
    }
}

/// Takes out what is in a list only for a reason that the caller does not see: a proof that is late on
/// a private stage is not late for them.
fn as_asked(query: &ProofQuery<'_>, mut proofs: Vec<Proof>) -> Vec<Proof> {
    if query.filter == ProofFilter::Late {
        proofs.retain(|proof| proof.late(query.now));
    }
    proofs
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
    let made_of = tx.made_of(seen.proof.file)?;
    Ok(ProofDetails {
        versions: versions(tx, caller, &seen.proof)?,
        combined: made_of.iter().any(|(part, _)| *part != seen.proof.file),
        websites: made_of.into_iter().filter_map(|(_, page)| page).collect(),
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
    let places = tx.places_of(&ids, caller.person())?;
    let share = caller.share(tx, of)?;
    let entries = all.into_iter().filter_map(|proof| {
        let place = places.iter().find(|r| r.proof == proof.id).cloned();
        caller.rights(&proof, place.as_ref(), share).view.then_some(VersionEntry { proof, place })
    });
    Ok(entries.collect::<Vec<_>>())
}
