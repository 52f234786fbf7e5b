//! Private stages (`product.md` 4.7): their comments, replies, decisions, people and the stage itself
//! are for the people on them and for those who may edit the proof.

use crate::{
    Comment, DueStage, Proof, ProofRights, Reviewer, Stage, StageId, late_from, latest_deadline, proof_tally,
};

/// What a reader does not see of a proof.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Blinds {
    hidden: Vec<StageId>,
}

impl Blinds {
    /// What somebody with these rights and this place does not see.
    pub fn new(rights: &ProofRights, own: Option<StageId>, stages: &[Stage]) -> Blinds {
        let hides = |s: &&Stage| s.rules.private && !rights.edit && own != Some(s.id);
        Blinds { hidden: stages.iter().filter(hides).map(|s| s.id).collect() }
    }

    /// They see everything.
    pub fn is_empty(&self) -> bool {
        self.hidden.is_empty()
    }

    /// The stages that they do not see.
    pub fn stages(&self) -> &[StageId] {
        &self.hidden
    }

    /// They do not see this stage.
    pub fn hide(&self, stage: StageId) -> bool {
        self.hidden.contains(&stage)
    }

    /// Takes out the stages that they do not see. A stage that follows one of these seems to follow
    /// nothing.
    pub fn stages_seen(&self, mut stages: Vec<Stage>) -> Vec<Stage> {
        stages.retain(|s| !self.hide(s.id));
        for stage in &mut stages {
            stage.rules.parent = stage.rules.parent.filter(|id| !self.hide(*id));
        }
        stages
    }

    /// Takes out the people that they do not see.
    pub fn reviewers_seen(&self, mut people: Vec<Reviewer>) -> Vec<Reviewer> {
        people.retain(|r| !self.hide(r.stage));
        people
    }

    /// The comment without replies that they do not see; nothing of a comment that they do not see.
    pub fn comment_seen(&self, mut comment: Comment) -> Option<Comment> {
        comment.replies.retain(|reply| !self.hide(reply.stage));
        (!self.hide(comment.stage)).then_some(comment)
    }

    /// A proof with the decision, numbers and deadline of the stages that they see. `stages` are all
    /// stages of the proof.
    pub fn proof_seen(&self, mut proof: Proof, stages: &[Stage]) -> Proof {
        if self.is_empty() {
            return proof;
        }
        let seen: Vec<&Stage> = stages.iter().filter(|s| !self.hide(s.id)).collect();
        let tally = proof_tally(seen.iter().map(|s| s.counted()));
        proof.decision = tally.decision;
        proof.decisions_made = count(tally.made);
        proof.decisions_required = count(tally.required);
        proof.comments -= stages.iter().filter(|s| self.hide(s.id)).map(|s| s.comments).sum::<i64>();
        let due: Vec<DueStage> = seen.iter().map(|s| s.due()).collect();
        proof.late_from = late_from(&due);
        proof.decision_changed_at = seen.iter().filter_map(|s| s.decided_at).max();
        if proof.automated {
            proof.deadline = latest_deadline(&due);
        }
        proof
    }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        CommentId, Decision, PersonId, ProofId, Reply, ReplyId, ReviewerId, StageRules, Tally, Timestamp,
    };
    use proptest::prelude::*;

    fn stage(id: i64, private: bool, decision: Decision) -> Stage {
        Stage {
            id: StageId(id),
            proof: ProofId(1),
            position: id,
            name: String::new(),
            rules: StageRules { private, parent: Some(StageId(id - 1)), ..StageRules::default() },
            deadline: None,
            started_at: Some(Timestamp::UNIX_EPOCH),
            locked_at: None,
            primary: None,
            tally: Tally { decision: Some(decision), made: usize::from(decision.made()), required: 1 },
            decided_at: None,
            comments: 1,
            people: 1,
        }
    }

    fn comment(id: i64, stage: i64, replies: &[i64]) -> Comment {
        let reply = |stage: &i64| Reply {
            id: ReplyId(*stage),
            comment: CommentId(id),
            reviewer: ReviewerId(*stage),
            stage: StageId(*stage),
            author: String::new(),
            text: String::new(),
            created_at: Timestamp::UNIX_EPOCH,
        };
        Comment {
            id: CommentId(id),
            proof: ProofId(1),
            number: id,
            reviewer: ReviewerId(stage),
            stage: StageId(stage),
            author: String::new(),
            text: String::new(),
            page: None,
            moment: None,
            screen: None,
            markups: Vec::new(),
            created_at: Timestamp::UNIX_EPOCH,
            edited_at: None,
            resolved_by: None,
            replies: replies.iter().map(reply).collect(),
        }
    }

    fn reviewer(id: i64, stage: i64) -> Reviewer {
        Reviewer {
            id: ReviewerId(id),
            proof: ProofId(1),
            person: PersonId(id),
            user: None,
            name: String::new(),
            email: String::new(),
            position: String::new(),
            role: crate::Role::Approver,
            alert: crate::Alert::OwnDefault,
            deadline: None,
            stage: StageId(stage),
            stage_state: crate::StageState::Active,
            stage_deadline: None,
            primary: false,
            decision: Decision::Pending,
            decided_at: None,
            code: None,
            sent_at: None,
            opened_at: None,
            comments: 0,
            replies: 0,
        }
    }

    #[test]
    fn who_sees_a_private_stage() {
        // edit rights, own stage, sees the private stage 2
        let table =
            [(false, None, false), (false, Some(1), false), (false, Some(2), true), (true, None, true)];
        for (edit, own, sees) in table {
            let rights = ProofRights { view: true, edit, ..ProofRights::default() };
            let stages = [stage(1, false, Decision::Approved), stage(2, true, Decision::Pending)];
            let blinds = Blinds::new(&rights, own.map(StageId), &stages);
            assert_eq!(!blinds.hide(StageId(2)), sees, "{edit} {own:?}");
            assert!(!blinds.hide(StageId(1)));
        }
    }

    proptest! {
        #[test]
        fn nothing_of_a_private_stage_reaches_an_outsider(
            private in proptest::collection::vec(any::<bool>(), 1..6),
            decisions in proptest::collection::vec(0..5usize, 6),
            own in 0..7i64,
            said in proptest::collection::vec((1..7i64, proptest::collection::vec(1..7i64, 0..4)), 0..8),
        ) {
            let stages: Vec<Stage> = (1..)
                .zip(&private)
                .map(|(id, private)| stage(id, *private, Decision::ALL[decisions[id as usize - 1]]))
                .collect();
            let rights = ProofRights { view: true, ..ProofRights::default() };
            let blinds = Blinds::new(&rights, Some(StageId(own)), &stages);
            let secret = |id: StageId| id.0 != own && private.get(id.0 as usize - 1) == Some(&true);

            let seen = blinds.stages_seen(stages.clone());
            prop_assert!(seen.iter().all(|s| !secret(s.id) && s.rules.parent.is_none_or(|p| p.0 < 1 || !secret(p))));
            let people = blinds.reviewers_seen((1..7).map(|id| reviewer(id, id)).collect());
            prop_assert!(people.iter().all(|r| !secret(r.stage)));
            prop_assert_eq!(people.len(), (1..7).filter(|id| !secret(StageId(*id))).count());
            for (id, (by, replies)) in (1..).zip(&said) {
                let shown = blinds.comment_seen(comment(id, *by, replies));
                prop_assert_eq!(shown.is_none(), secret(StageId(*by)));
                let shown = shown.map(|c| c.replies).unwrap_or_default();
                prop_assert!(shown.iter().all(|r| !secret(r.stage)));
            }
            // What secret stages decided changes nothing of what is shown.
            let mut other = stages.clone();
            for one in other.iter_mut().filter(|s| secret(s.id)) {
                *one = Stage { comments: 9, ..stage(one.id.0, true, Decision::ChangesRequired) };
            }
            let total = |stages: &[Stage]| stages.iter().map(|s| s.comments).sum::<i64>();
            let proof = |comments| Proof { comments, ..crate::entities::tests::proof() };
            if !blinds.is_empty() {
                let (a, b) = (blinds.proof_seen(proof(total(&stages)), &stages), blinds.proof_seen(proof(total(&other)), &other));
                prop_assert_eq!(a, b);
            }
        }
    }
}
