//! Comments and replies (`product.md` 5.3).

use crate::interactive::checked_screen;
use crate::links::{Link, Opened};
use crate::proofs::{Seen, seen};
use crate::reviewers::seen_reviewer;
use crate::stages::running;
use crate::{Missing, Service, ServiceError, UserCaller};
use galley_model::{
    Actor, Blinds, Comment, CommentFacts, CommentId, CommentRights, EventKind, Markup, Moment, Proof,
    ProofId, ProofState, Reply, ReplyId, Reviewer, ReviewerId, Screen, StageState, Timestamp, comment_rights,
    validate_markups,
};
use galley_store::{NewComment, NewReply, Write};

/// Longest comment or reply in characters.
const MAX_TEXT: usize = 20_000;

/// A comment to be.
#[derive(Clone, Debug, Default)]
pub struct CommentInput {
    /// Name the client gave it: sent twice, it is written once.
    pub client_id: Option<String>,
    /// What is said; may be blank when something is drawn.
    pub text: String,
    /// Page, from 1; none takes that of the first markup, or makes a general comment.
    pub page: Option<u32>,
    /// First frame of a recording that it is about (a millisecond of sound), and the last one of several.
    pub moment: Option<(u64, Option<u64>)>,
    /// The screen of a page that is tried.
    pub screen: Option<Screen>,
    /// What is drawn.
    pub markups: Vec<Markup>,
}

/// A reply to be.
#[derive(Clone, Debug, Default)]
pub struct ReplyInput {
    /// Name the client gave it: sent twice, it is written once.
    pub client_id: Option<String>,
    /// What is said.
    pub text: String,
}

/// A comment as somebody sees it.
pub(crate) fn facts(comment: &Comment, me: Option<ReviewerId>) -> CommentFacts {
    CommentFacts { mine: Some(comment.reviewer) == me, has_replies: !comment.replies.is_empty() }
}

fn checked_text(text: &str) -> Result<&str, ServiceError> {
    let text = text.trim();
    if text.chars().count() > MAX_TEXT {
        return Err(ServiceError::Invalid(
            "text",
            "A comment can have at most 20,000 characters.".to_owned(),
        ));
    }
    Ok(text)
}

fn checked_client_id(id: Option<&str>) -> Result<Option<&str>, ServiceError> {
    match id {
        Some(id) if id.is_empty() || id.len() > 64 => {
            Err(ServiceError::Invalid("client_id", "A client id has 1 to 64 characters.".to_owned()))
        }
        id => Ok(id),
    }
}

/// Someone about to write: they are on the proof, may comment, and the proof is active.
fn writer(opened: &Opened) -> Result<&Reviewer, ServiceError> {
    let reviewer = opened.reviewer.as_ref().ok_or(ServiceError::Forbidden)?;
    if opened.rights.comment {
        Ok(reviewer)
    } else if opened.proof.usable() == ProofState::Locked {
        Err(ServiceError::Locked)
    } else {
        running(if reviewer.role.comments() { reviewer.stage_state } else { StageState::Active })?;
        Err(ServiceError::Forbidden)
    }
}

/// The proof and the place in whose name the caller is about to write: their own, or anybody's for people
/// with edit rights.
fn writer_as(
    tx: &Write<'_>,
    caller: &UserCaller,
    proof: ProofId,
    reviewer: ReviewerId,
) -> Result<(Seen, Reviewer), ServiceError> {
    let target = seen(tx, caller, proof)?;
    let (by, _) = seen_reviewer(tx, caller, reviewer)?;
    if by.proof != proof {
        return Err(ServiceError::NotFound(Missing::Reviewer));
    }
    if by.person != caller.person() && !target.rights.edit {
        return Err(ServiceError::Forbidden);
    }
    if target.proof.usable() == ProofState::Locked {
        return Err(ServiceError::Locked);
    }
    if !by.role.comments() {
        return Err(ServiceError::Forbidden);
    }
    running(by.stage_state)?;
    Ok((target, by))
}

/// Writes a comment, unless this client has sent it before. The flag says whether it is new.
fn comment_in(
    tx: &Write<'_>,
    actor: &Actor,
    proof: &Proof,
    by: &Reviewer,
    input: &CommentInput,
    blinds: &Blinds,
    now: Timestamp,
) -> Result<(Comment, bool), ServiceError> {
    let client_id = checked_client_id(input.client_id.as_deref())?;
    if let Some(id) = client_id
        && let Some(known) = tx.comment_by_client_id(by.id, id)?
    {
        return Ok((found(tx, proof.id, known, blinds)?, false));
    }
    let text = checked_text(&input.text)?;
    let markups = validate_markups(input.markups.clone(), proof.pages)?;
    if text.is_empty() && markups.is_empty() {
        return Err(ServiceError::Invalid("text", "A comment needs a text or a drawing.".to_owned()));
    }
    let moment = moment_of(tx, proof, input.moment)?;
    let screen = checked_screen(tx, proof, input.screen.as_ref())?;
    let somewhere = moment.as_ref().map(|_| 1).or(screen.as_ref().map(|_| 1));
    let page = input.page.or(markups.first().map(|m| m.page)).or(somewhere);
    if page.is_some_and(|p| p == 0 || p > proof.pages) {
        return Err(ServiceError::Invalid("page", "The proof has no such page.".to_owned()));
    }
    let new = NewComment {
        proof: proof.id,
        reviewer: by.id,
        author: &by.name,
        text,
        page,
        moment: moment.as_ref(),
        screen: screen.as_ref(),
        markups: &markups,
        client_id,
    };
    let id = tx.add_comment(&new, now)?;
    let comment = found(tx, proof.id, id, blinds)?;
    let kind = EventKind::CommentAdded { comment: id, number: comment.number, text: text.to_owned() };
    tx.append(proof.account, Some(proof.id), now, actor, &kind)?;
    Ok((comment, true))
}

/// Where in the recording that a proof is made of.
fn moment_of(
    tx: &Write<'_>,
    proof: &Proof,
    asked: Option<(u64, Option<u64>)>,
) -> Result<Option<Moment>, ServiceError> {
    let Some((from, to)) = asked else { return Ok(None) };
    let recording = tx.recording(proof.file)?.ok_or_else(|| {
        ServiceError::Invalid("time", "Only comments on video and sound have a time.".to_owned())
    })?;
    let moment = recording.moment(from, to);
    moment.map(Some).ok_or_else(|| ServiceError::Invalid("time", "There is no such time.".to_owned()))
}

/// A comment on this proof as far as somebody sees it.
fn found(
    tx: &galley_store::Read<'_>,
    proof: ProofId,
    id: CommentId,
    blinds: &Blinds,
) -> Result<Comment, ServiceError> {
    let comment = tx.comment(id)?.filter(|c| c.proof == proof);
    comment.and_then(|c| blinds.comment_seen(c)).ok_or(ServiceError::NotFound(Missing::Comment))
}

fn reply_in(
    tx: &Write<'_>,
    actor: &Actor,
    proof: &Proof,
    comment: &Comment,
    by: &Reviewer,
    input: &ReplyInput,
    now: Timestamp,
) -> Result<ReplyId, ServiceError> {
    let text = checked_text(&input.text)?;
    if text.is_empty() {
        return Err(ServiceError::Invalid("text", "A reply needs a text.".to_owned()));
    }
    let client_id = checked_client_id(input.client_id.as_deref())?;
    if let Some(id) = client_id
        && let Some(known) = tx.reply_by_client_id(by.id, id)?
    {
        return Ok(known);
    }
    let reply = tx.add_reply(
        &NewReply { comment: comment.id, reviewer: by.id, author: &by.name, text, client_id },
        now,
    )?;
    let kind =
        EventKind::ReplyAdded { comment: comment.id, number: comment.number, reply, text: text.to_owned() };
    tx.append(proof.account, Some(proof.id), now, actor, &kind)?;
    Ok(reply)
}

impl Service {
    /// Comments of a proof with their replies, oldest first.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`].
    pub fn comments(
        &self,
        caller: &UserCaller,
        proof: ProofId,
    ) -> Result<(Proof, Vec<Comment>), ServiceError> {
        self.store().read(|tx| {
            let seen = seen(tx, caller, proof)?;
            let comments = tx.comments(proof)?;
            Ok((seen.proof, comments.into_iter().filter_map(|c| seen.blinds.comment_seen(c)).collect()))
        })
    }

    /// One comment of a proof with its replies.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`].
    pub fn comment(
        &self,
        caller: &UserCaller,
        proof: ProofId,
        id: CommentId,
    ) -> Result<(Proof, Comment), ServiceError> {
        self.store().read(|tx| {
            let seen = seen(tx, caller, proof)?;
            let comment = found(tx, proof, id, &seen.blinds)?;
            Ok((seen.proof, comment))
        })
    }

    /// Replies in the name of a reviewer: the caller's own place on the proof, or anybody's for
    /// people with edit rights.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Forbidden`], [`ServiceError::Locked`],
    /// [`ServiceError::Invalid`].
    pub fn reply_as(
        &self,
        caller: &UserCaller,
        proof: ProofId,
        reviewer: ReviewerId,
        comment: CommentId,
        text: &str,
    ) -> Result<(Proof, Reply), ServiceError> {
        let now = self.now();
        self.store().write(|tx| {
            let (target, by) = writer_as(tx, caller, proof, reviewer)?;
            let thread = found(tx, proof, comment, &target.blinds)?;
            let input = ReplyInput { client_id: None, text: text.to_owned() };
            let id = reply_in(tx, &caller.actor(), &target.proof, &thread, &by, &input, now)?;
            let thread = found(tx, proof, comment, &target.blinds)?;
            let reply = thread
                .replies
                .into_iter()
                .find(|r| r.id == id)
                .ok_or(ServiceError::NotFound(Missing::Reply))?;
            Ok((target.proof, reply))
        })
    }

    /// Comments in the name of a reviewer: the caller's own place on the proof, or anybody's for people
    /// with edit rights. Nothing can be drawn.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Forbidden`], [`ServiceError::Locked`],
    /// [`ServiceError::Invalid`].
    pub fn comment_as(
        &self,
        caller: &UserCaller,
        proof: ProofId,
        reviewer: ReviewerId,
        text: &str,
        page: Option<u32>,
    ) -> Result<(Proof, Comment), ServiceError> {
        let now = self.now();
        self.store().write(|tx| {
            let (target, by) = writer_as(tx, caller, proof, reviewer)?;
            let input = CommentInput { text: text.to_owned(), page, ..CommentInput::default() };
            let (comment, _) =
                comment_in(tx, &caller.actor(), &target.proof, &by, &input, &target.blinds, now)?;
            Ok((target.proof, comment))
        })
    }

    /// Writes a comment over a personal URL. The flag says whether it is new: the same client id a
    /// second time gives the comment of the first time.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`], [`ServiceError::Locked`], [`ServiceError::Invalid`], or a dead link.
    pub fn add_comment(&self, link: &Link, input: &CommentInput) -> Result<(Comment, bool), ServiceError> {
        let now = self.now();
        self.store().write(|tx| {
            let opened = self.resolve(tx, link)?;
            comment_in(tx, &opened.actor(), &opened.proof, writer(&opened)?, input, &opened.blinds, now)
        })
    }

    /// Changes one comment after checking the right to.
    fn change_comment(
        &self,
        link: &Link,
        id: CommentId,
        allowed: fn(&CommentRights) -> bool,
        change: impl FnOnce(&Write<'_>, &Comment, &Opened) -> Result<EventKind, ServiceError>,
    ) -> Result<Comment, ServiceError> {
        let now = self.now();
        self.store().write(|tx| {
            let opened = self.resolve(tx, link)?;
            let comment = found(tx, opened.proof.id, id, &opened.blinds)?;
            let rights =
                comment_rights(&opened.rights, facts(&comment, opened.reviewer.as_ref().map(|r| r.id)));
            if !allowed(&rights) {
                let locked = opened.proof.usable() == ProofState::Locked && opened.reviewer.is_some();
                return Err(if locked { ServiceError::Locked } else { ServiceError::Forbidden });
            }
            let kind = change(tx, &comment, &opened)?;
            tx.append(opened.proof.account, Some(opened.proof.id), now, &opened.actor(), &kind)?;
            Ok(tx.comment(id)?.and_then(|c| opened.blinds.comment_seen(c)).unwrap_or(comment))
        })
    }

    /// Changes the text of a comment.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] once somebody replied or for other people's comments.
    pub fn edit_comment(&self, link: &Link, id: CommentId, text: &str) -> Result<Comment, ServiceError> {
        let now = self.now();
        self.change_comment(
            link,
            id,
            |r| r.edit,
            |tx, comment, _| {
                let text = checked_text(text)?;
                if text.is_empty() && comment.markups.is_empty() {
                    return Err(ServiceError::Invalid(
                        "text",
                        "A comment needs a text or a drawing.".to_owned(),
                    ));
                }
                tx.set_comment_text(id, text, now)?;
                Ok(EventKind::CommentEdited { comment: id, number: comment.number, text: text.to_owned() })
            },
        )
    }

    /// Resolves or reopens a comment.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`].
    pub fn resolve_comment(
        &self,
        link: &Link,
        id: CommentId,
        resolved: bool,
    ) -> Result<Comment, ServiceError> {
        let now = self.now();
        self.change_comment(
            link,
            id,
            |r| r.resolve,
            |tx, comment, opened| {
                let by = opened.reviewer.as_ref().map(|r| r.name.as_str()).filter(|_| resolved);
                tx.set_resolved(id, by, now)?;
                Ok(match resolved {
                    true => EventKind::CommentResolved { comment: id, number: comment.number },
                    false => EventKind::CommentReopened { comment: id, number: comment.number },
                })
            },
        )
    }

    /// Deletes a comment with its replies.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] once somebody replied or for other people's comments.
    pub fn delete_comment(&self, link: &Link, id: CommentId) -> Result<(), ServiceError> {
        let now = self.now();
        self.change_comment(
            link,
            id,
            |r| r.delete,
            |tx, comment, _| {
                tx.delete_comment(comment, now)?;
                Ok(EventKind::CommentDeleted { comment: id, number: comment.number })
            },
        )?;
        Ok(())
    }

    /// Replies over a personal URL and gives the whole thread.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`], [`ServiceError::Locked`], [`ServiceError::Invalid`], or a dead link.
    pub fn reply(
        &self,
        link: &Link,
        comment: CommentId,
        input: &ReplyInput,
    ) -> Result<Comment, ServiceError> {
        let now = self.now();
        self.store().write(|tx| {
            let opened = self.resolve(tx, link)?;
            let by = writer(&opened)?;
            let thread = found(tx, opened.proof.id, comment, &opened.blinds)?;
            reply_in(tx, &opened.actor(), &opened.proof, &thread, by, input, now)?;
            found(tx, opened.proof.id, comment, &opened.blinds)
        })
    }

    /// Deletes a reply: one's own while it is the last, or anybody's for a moderator.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`], [`ServiceError::NotFound`].
    pub fn delete_reply(
        &self,
        link: &Link,
        comment: CommentId,
        reply: ReplyId,
    ) -> Result<Comment, ServiceError> {
        let now = self.now();
        self.store().write(|tx| {
            let opened = self.resolve(tx, link)?;
            let thread = found(tx, opened.proof.id, comment, &opened.blinds)?;
            let target = thread
                .replies
                .iter()
                .find(|r| r.id == reply)
                .ok_or(ServiceError::NotFound(Missing::Reply))?;
            if !may_delete_reply(&opened, &thread, target) {
                let locked = opened.proof.usable() == ProofState::Locked && opened.reviewer.is_some();
                return Err(if locked { ServiceError::Locked } else { ServiceError::Forbidden });
            }
            tx.delete_reply(target, now)?;
            let kind = EventKind::ReplyDeleted { comment, number: thread.number, reply };
            tx.append(opened.proof.account, Some(opened.proof.id), now, &opened.actor(), &kind)?;
            found(tx, opened.proof.id, comment, &opened.blinds)
        })
    }
}

/// Whether whoever opened a link may delete a reply.
fn may_delete_reply(opened: &Opened, thread: &Comment, reply: &Reply) -> bool {
    let mine = opened.reviewer.as_ref().is_some_and(|r| r.id == reply.reviewer);
    let last = thread.replies.last().is_some_and(|r| r.id == reply.id);
    opened.rights.delete_others || (opened.rights.comment && mine && last)
}

impl Opened {
    /// What may be done with a comment.
    pub fn comment_rights(&self, comment: &Comment) -> CommentRights {
        comment_rights(&self.rights, facts(comment, self.reviewer.as_ref().map(|r| r.id)))
    }

    /// Whether a reply may be deleted.
    pub fn may_delete_reply(&self, thread: &Comment, reply: &Reply) -> bool {
        may_delete_reply(self, thread, reply)
    }
}
