//! What a summary says: the proof as whoever asked sees it.

use crate::decision_setup::setups;
use crate::proofs::ProofDetails;
use crate::{Service, ServiceError, UserCaller};
use galley_model::{
    Comment, CommentId, Decision, DecisionSetup, Letter, MAX_SUMMARY_VERSIONS, Markup, MarkupKind, Progress,
    ProofId, ProofState, Reviewer, ReviewerId, Screen, Stage, StageState, Summary,
};
use galley_summary as file;
use std::collections::HashMap;

/// What the file says, and the proof of each of its versions.
pub(super) struct Gathered {
    pub content: file::Summary,
    pub proofs: Vec<ProofId>,
}

impl Service {
    /// Puts together what this caller sees of the proof of a summary.
    pub(super) fn gather(&self, caller: &UserCaller, summary: &Summary) -> Result<Gathered, ServiceError> {
        let first = self.proof_details(caller, summary.proof)?;
        let mut proofs = vec![summary.proof];
        if summary.all_versions {
            proofs = first.versions.iter().rev().map(|version| version.proof.id).collect();
            proofs.truncate(MAX_SUMMARY_VERSIONS);
        }
        let labels = self.store().read(|tx| setups(tx, summary.account))?;
        let mut versions = Vec::with_capacity(proofs.len());
        for id in &proofs {
            let details = if *id == summary.proof { first.clone() } else { self.proof_details(caller, *id)? };
            versions.push(self.version(caller, &details, &labels)?);
        }
        let content = file::Summary {
            account: caller.account_name.clone(),
            asked_by: caller.user.name(),
            made_at: self.now(),
            zone: caller.zone.clone(),
            versions,
        };
        Ok(Gathered { content, proofs })
    }

    fn version(
        &self,
        caller: &UserCaller,
        details: &ProofDetails,
        labels: &[DecisionSetup],
    ) -> Result<file::Version, ServiceError> {
        let proof = &details.proof;
        let (_, comments) = self.comments(caller, proof.id)?;
        let (actions, emails) = self.store().read(|tx| -> Result<_, ServiceError> {
            let actions: HashMap<CommentId, String> = tx.actions_on(proof.id)?.into_iter().collect();
            let emails: HashMap<ReviewerId, String> = tx.addresses_on(proof.id)?.into_iter().collect();
            Ok((actions, emails))
        })?;
        let stages = details.stages.iter().map(|(stage, _)| {
            let people = details.reviewers.iter().zip(&details.progress).filter(|(r, _)| r.stage == stage.id);
            let reviewers = people.map(|(one, letters)| reviewer(one, letters, labels)).collect();
            stage_of(stage, proof.automated, reviewers, labels)
        });
        Ok(file::Version {
            name: proof.name.clone(),
            number: proof.version,
            file_name: proof.source_name.clone(),
            size: proof.size,
            folder: proof.workspace_name.clone(),
            owner: proof.owner_name.clone(),
            created_at: proof.created_at,
            deadline: proof.deadline,
            late: proof.late(self.now()),
            state: match (proof.archived_at, proof.state) {
                (Some(_), _) => "Archived",
                (None, ProofState::Locked) => "Locked",
                (None, ProofState::Active) => "Active",
            },
            decision: proof.decision.map(|decision| verdict(decision, labels)),
            decisions_made: proof.decisions_made,
            decisions_required: proof.decisions_required,
            pages: proof.pages,
            stages: stages.collect(),
            comments: comments.into_iter().map(|one| comment(one, &actions, &emails)).collect(),
        })
    }
}

fn verdict(decision: Decision, labels: &[DecisionSetup]) -> file::Verdict {
    let own = labels.iter().find(|setup| setup.decision == decision).map(|setup| setup.label.clone());
    let tone = match decision {
        Decision::Pending => file::Tone::Open,
        Decision::ChangesRequired => file::Tone::Bad,
        Decision::ApprovedWithChanges => file::Tone::Nearly,
        Decision::Approved => file::Tone::Good,
        Decision::NotRelevant => file::Tone::Neutral,
    };
    file::Verdict { label: own.unwrap_or_else(|| decision.label().to_owned()), tone }
}

fn stage_of(
    stage: &Stage,
    automated: bool,
    reviewers: Vec<file::Reviewer>,
    labels: &[DecisionSetup],
) -> file::Stage {
    file::Stage {
        // Stages that Galley makes for deadlines are nobody's names.
        name: if automated { stage.name.clone() } else { String::new() },
        decision: stage.tally.decision.map(|decision| verdict(decision, labels)),
        deadline: stage.deadline,
        state: match stage.state() {
            StageState::Waiting => "Not started",
            StageState::Active => "Active",
            StageState::Locked => "Locked",
        },
        private: stage.rules.private,
        reviewers,
    }
}

fn reviewer(one: &Reviewer, letters: &Progress, labels: &[DecisionSetup]) -> file::Reviewer {
    let progress = match letters {
        Progress { decided: Letter::Green, .. } if one.decision.made() => "Decided",
        Progress { commented: Letter::Green, .. } => "Commented",
        Progress { opened: Letter::Green, .. } => "Opened",
        Progress { sent: Letter::Green, .. } => "Sent",
        _ => "Not sent",
    };
    file::Reviewer {
        name: one.name.clone(),
        email: one.email.clone(),
        role: capitalised(one.role.label()),
        primary: one.primary,
        progress,
        decision: one.role.decides().then(|| verdict(one.decision, labels)),
        decided_at: one.decided_at.filter(|_| one.decision.made()),
        comments: one.comments,
        replies: one.replies,
    }
}

/// With a large letter at the beginning, as in tables.
fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn comment(
    one: Comment,
    actions: &HashMap<CommentId, String>,
    emails: &HashMap<ReviewerId, String>,
) -> file::Comment {
    let email = |id: ReviewerId| emails.get(&id).cloned().unwrap_or_default();
    let page = one.page.or(one.markups.first().map(|markup| markup.page));
    // Every frame that something is said about is a page of its own.
    let frame = one.moment.as_ref().map(|moment| super::frame_page(moment.from));
    file::Comment {
        number: one.number,
        email: email(one.reviewer),
        author: one.author,
        created_at: one.created_at,
        edited: one.edited_at.is_some(),
        page: frame.or(page),
        place: one.moment.map(|moment| moment.label).or(one.screen.as_ref().map(Screen::label)),
        text: one.text,
        marks: one
            .markups
            .into_iter()
            // On the picture of one screen, marks of another would point at nothing.
            .filter(|_| one.screen.as_ref().is_none_or(Screen::is_pictured))
            .map(|markup| file::Mark { page: frame.unwrap_or(markup.page), ..mark(markup) })
            .collect(),
        action: actions.get(&one.id).cloned(),
        resolved_by: one.resolved_by,
        replies: one
            .replies
            .into_iter()
            .map(|reply| file::Reply {
                email: email(reply.reviewer),
                author: reply.author,
                created_at: reply.created_at,
                text: reply.text,
            })
            .collect(),
    }
}

fn mark(markup: Markup) -> file::Mark {
    file::Mark {
        kind: match markup.kind {
            MarkupKind::Rectangle => file::MarkKind::Box,
            MarkupKind::Highlight => file::MarkKind::Area,
            MarkupKind::Arrow => file::MarkKind::Arrow,
            MarkupKind::Line | MarkupKind::Freehand => file::MarkKind::Line,
            MarkupKind::Pin => file::MarkKind::Pin,
        },
        page: markup.page,
        color: crate::excerpts::color(&markup.color),
        points: markup.points,
        width: markup.width,
        opacity: markup.opacity,
    }
}
