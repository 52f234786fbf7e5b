//! What somebody sees of the stages of a proof.

use crate::{Service, ServiceError, UserCaller};
use galley_model::{
    Blinds, CommentId, Event, EventKind, Progress, Proof, ProofId, ProofRights, ReplyId, Reviewer,
    ReviewerId, Stage, StageId, Timestamp, proof_progress,
};
use galley_store::Read;

/// Stages of a proof as somebody sees them.
#[derive(Clone, Debug)]
pub struct ProofStages {
    /// The proof.
    pub proof: ProofId,
    /// Its stages in their order, each with the letters of its people.
    pub stages: Vec<(Stage, Progress)>,
    /// Letters of the proof.
    pub progress: Progress,
}

/// A proof as somebody sees it, with what they do not see of it. Nothing is read for proofs without
/// private stages.
pub(crate) fn look(
    tx: &Read<'_>,
    proof: Proof,
    rights: &ProofRights,
    place: Option<&Reviewer>,
) -> Result<(Proof, Blinds), ServiceError> {
    if !proof.private_stages || rights.edit {
        return Ok((proof, Blinds::default()));
    }
    let stages = tx.stages(proof.id)?;
    let blinds = Blinds::new(rights, place.map(|r| r.stage), &stages);
    Ok((blinds.proof_seen(proof, &stages), blinds))
}

/// Letters of people, in their order. `stages` are all that these people are on.
pub(crate) fn letters(stages: &[Stage], reviewers: &[Reviewer], now: Timestamp) -> Vec<Progress> {
    let settled = |r: &Reviewer| stages.iter().any(|s| s.id == r.stage && s.settled());
    reviewers.iter().map(|r| r.progress(settled(r), now)).collect()
}

/// Proofs of a list as the caller sees them. Nothing is read where none has private stages.
pub(crate) fn seen_in_list(
    tx: &Read<'_>,
    caller: &UserCaller,
    proofs: Vec<Proof>,
) -> Result<Vec<Proof>, ServiceError> {
    if caller.profile().manages_all() {
        return Ok(proofs);
    }
    let ids: Vec<ProofId> = proofs.iter().filter(|p| p.private_stages).map(|p| p.id).collect();
    if ids.is_empty() {
        return Ok(proofs);
    }
    let stages = tx.stages_of(&ids)?;
    let people = tx.reviewers_of(&ids)?;
    let seen = proofs.into_iter().map(|proof| {
        let own = people.iter().find(|r| r.proof == proof.id && r.person == caller.person());
        let rights = caller.rights(&proof, own, None);
        let stages: Vec<Stage> = stages.iter().filter(|s| s.proof == proof.id).cloned().collect();
        Blinds::new(&rights, own.map(|r| r.stage), &stages).proof_seen(proof, &stages)
    });
    Ok(seen.collect())
}

/// What people on stages that somebody does not see have left in the event log.
#[derive(Debug, Default)]
pub(crate) struct Traces {
    stages: Vec<StageId>,
    reviewers: Vec<ReviewerId>,
    comments: Vec<CommentId>,
    replies: Vec<ReplyId>,
}

impl Traces {
    /// Of these stages; three statements, or none without stages.
    pub(crate) fn of(tx: &Read<'_>, stages: &[StageId]) -> Result<Traces, ServiceError> {
        let found = tx.stage_traces(stages)?;
        Ok(Traces {
            stages: stages.to_vec(),
            reviewers: found.reviewers.into_iter().map(|(reviewer, _)| reviewer).collect(),
            comments: found.comments,
            replies: found.replies,
        })
    }

    /// Of all proofs of a list. A fixed number of statements.
    pub(crate) fn of_list<'p>(
        tx: &Read<'_>,
        caller: &UserCaller,
        proofs: impl IntoIterator<Item = &'p Proof>,
    ) -> Result<Traces, ServiceError> {
        let private: Vec<&Proof> = proofs.into_iter().filter(|p| p.private_stages).collect();
        if private.is_empty() || caller.profile().manages_all() {
            return Ok(Traces::default());
        }
        let ids: Vec<ProofId> = private.iter().map(|p| p.id).collect();
        let (stages, people) = (tx.stages_of(&ids)?, tx.reviewers_of(&ids)?);
        let mut hidden = Vec::new();
        for proof in private {
            let own = people.iter().find(|r| r.proof == proof.id && r.person == caller.person());
            let rights = caller.rights(proof, own, None);
            let stages: Vec<Stage> = stages.iter().filter(|s| s.proof == proof.id).cloned().collect();
            hidden.extend_from_slice(Blinds::new(&rights, own.map(|r| r.stage), &stages).stages());
        }
        Traces::of(tx, &hidden)
    }

    /// The reviewer is on one of these stages, or was.
    pub(crate) fn hide_reviewer(&self, id: ReviewerId) -> bool {
        self.reviewers.contains(&id)
    }

    /// The event tells something of these stages.
    pub(crate) fn hide(&self, event: &Event) -> bool {
        if self.stages.is_empty() {
            return false;
        }
        let by_hidden = event.actor.reviewer.is_some_and(|id| self.reviewers.contains(&id));
        by_hidden
            || match &event.kind {
                EventKind::ProofOpened { reviewer }
                | EventKind::ReviewerAdded { reviewer, .. }
                | EventKind::ReviewerUpdated { reviewer, .. }
                | EventKind::ReviewerRemoved { reviewer, .. }
                | EventKind::DecisionMade { reviewer, .. } => self.reviewers.contains(reviewer),
                EventKind::CommentAdded { comment, .. }
                | EventKind::CommentEdited { comment, .. }
                | EventKind::CommentDeleted { comment, .. }
                | EventKind::CommentResolved { comment, .. }
                | EventKind::CommentReopened { comment, .. }
                | EventKind::CommentActionSet { comment, .. } => self.comments.contains(comment),
                EventKind::ReplyAdded { comment, reply, .. }
                | EventKind::ReplyDeleted { comment, reply, .. } => {
                    self.comments.contains(comment) || self.replies.contains(reply)
                }
                EventKind::StageAdded { stage, .. }
                | EventKind::StageUpdated { stage, .. }
                | EventKind::StageStarted { stage, .. }
                | EventKind::StageLocked { stage, .. }
                | EventKind::StageUnlocked { stage, .. } => self.stages.contains(stage),
                _ => false,
            }
    }
}

impl Service {
    /// Letters of people that the caller has from elsewhere, in their order. One statement.
    ///
    /// # Errors
    /// [`ServiceError`] when the database fails.
    pub fn letters_of(&self, reviewers: &[Reviewer]) -> Result<Vec<Progress>, ServiceError> {
        let mut proofs: Vec<ProofId> = reviewers.iter().map(|r| r.proof).collect();
        proofs.dedup();
        let stages = self.store().read(|tx| tx.stages_of(&proofs))?;
        Ok(letters(&stages, reviewers, self.now()))
    }

    /// Stages and letters of proofs that the caller has from a list, in the order of the list. A fixed
    /// number of statements, however many proofs.
    ///
    /// # Errors
    /// [`ServiceError`] when the database fails.
    pub fn stages_of_proofs(
        &self,
        caller: &UserCaller,
        proofs: &[&Proof],
    ) -> Result<Vec<ProofStages>, ServiceError> {
        let now = self.now();
        let ids: Vec<ProofId> = proofs.iter().map(|p| p.id).collect();
        let (stages, people) = self
            .store()
            .read(|tx| -> Result<_, ServiceError> { Ok((tx.stages_of(&ids)?, tx.reviewers_of(&ids)?)) })?;
        let of_proof = |proof: &Proof| {
            let stages: Vec<Stage> = stages.iter().filter(|s| s.proof == proof.id).cloned().collect();
            let people: Vec<Reviewer> = people.iter().filter(|r| r.proof == proof.id).cloned().collect();
            let own = people.iter().find(|r| r.person == caller.person());
            let rights = caller.rights(proof, own, None);
            let blinds = Blinds::new(&rights, own.map(|r| r.stage), &stages);
            let people = blinds.reviewers_seen(people);
            let letters = letters(&stages, &people, now);
            ProofStages::new(proof.id, blinds.stages_seen(stages), &people, &letters)
        };
        Ok(proofs.iter().copied().map(of_proof).collect())
    }
}

impl ProofStages {
    /// Puts the letters of people together to those of their stages.
    pub(crate) fn new(
        proof: ProofId,
        stages: Vec<Stage>,
        people: &[Reviewer],
        letters: &[Progress],
    ) -> ProofStages {
        let of_stage = |id: StageId| {
            proof_progress(people.iter().zip(letters).filter(|(r, _)| r.stage == id).map(|(_, l)| *l))
        };
        ProofStages {
            proof,
            progress: proof_progress(letters.iter().copied()),
            stages: stages.into_iter().map(|s| (of_stage(s.id), s)).map(|(l, s)| (s, l)).collect(),
        }
    }
}
