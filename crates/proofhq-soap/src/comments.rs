//! Comments and replies.

use crate::backend::{ServiceBackend, minutes};
use crate::dispatch::Handler;
use crate::drawing;
use crate::faults;
use crate::proofs::ImageObject;
use galley_model::{Comment, CommentId, ProofId, Reply, ReviewerId};
use galley_service::UserCaller;
use soap::{Fault, SoapObject, SoapRequest};
use std::sync::Arc;

/// Lists the comments of a proof with their replies.
#[derive(SoapRequest)]
#[soap(operation = "getProofComments", answer = Vec<CommentObject>, section = "Comments")]
pub struct GetProofComments {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The proof.
    #[soap(name = "FileID", required)]
    pub file_id: i64,
}

/// Lists the replies to a comment.
#[derive(SoapRequest)]
#[soap(operation = "getProofCommentReplies", answer = Vec<CommentReplyObject>, section = "Comments")]
pub struct GetProofCommentReplies {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The proof.
    #[soap(name = "FileID", required)]
    pub file_id: i64,
    /// The comment.
    #[soap(name = "CommentID", required)]
    pub comment_id: i64,
}

/// Replies to a comment in the name of a reviewer.
#[derive(SoapRequest)]
#[soap(operation = "addCommentReply", answer = CommentReplyObject, section = "Comments")]
pub struct AddCommentReply {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The proof.
    #[soap(name = "FileID", required)]
    pub file_id: i64,
    /// The reviewer, as listed by getProofReviewers.
    #[soap(name = "ReviewerID", required)]
    pub reviewer_id: i64,
    /// The comment.
    #[soap(name = "CommentID", required)]
    pub comment_id: i64,
    /// Text of the reply.
    #[soap(name = "Reply", required)]
    pub reply: String,
}

/// Comments on a proof in the name of a reviewer. Nothing can be drawn.
#[derive(SoapRequest)]
#[soap(operation = "addComment", answer = CommentObject, section = "Comments", since = "18.3")]
pub struct AddComment {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The proof.
    #[soap(name = "FileID", required)]
    pub file_id: i64,
    /// The reviewer, as listed by getProofReviewers.
    #[soap(name = "ReviewerID", required)]
    pub reviewer_id: i64,
    /// Text of the comment.
    #[soap(name = "Comment", required)]
    pub comment: String,
    /// Page that it is about, from 1; 0 or nothing for a general comment.
    #[soap(name = "PageNumber")]
    pub page_number: Option<i64>,
}

/// Returns a picture of the part of the page that a comment is about, with what is drawn there. For a
/// comment without a drawing it is the whole page.
#[derive(SoapRequest)]
#[soap(operation = "getCommentThumbnail", answer = ImageObject, section = "Comments")]
pub struct GetCommentThumbnail {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The comment.
    #[soap(name = "CommentID", required)]
    pub comment_id: i64,
}

/// A comment with its replies.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPCommentObject", array = "SOAPCommentObjectArray")]
pub struct CommentObject {
    /// Its id.
    pub id: i64,
    /// Reviewer who wrote it.
    pub reviewer_id: i64,
    /// Name of the author.
    pub author: String,
    /// Its text.
    pub comment: String,
    /// When it was made, `YYYY-MM-DD hh:mm`.
    pub created_at: String,
    /// How many replies it has.
    pub replies_count: i64,
    /// Its replies.
    pub replies: Vec<CommentReplyObject>,
    /// Link to it.
    pub url: String,
    /// Its markup as an XML document, empty without any.
    pub drawing_xml: String,
    /// Where on the proof it is, such as `Page 3`; on video and sound its timecode, such as `00:00:05:03`.
    pub location: String,
    /// Files attached to it.
    #[soap(since = "16.24")]
    pub attachments: Vec<CommentAttachmentObject>,
}

/// A reply to a comment.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPCommentReplyObject", array = "SOAPCommentReplyObjectArray")]
pub struct CommentReplyObject {
    /// Its id.
    pub id: i64,
    /// The comment.
    pub comment_id: i64,
    /// Reviewer who wrote it.
    pub reviewer_id: i64,
    /// Name of the author.
    pub author: String,
    /// Its text.
    pub comment: String,
    /// When it was made, `YYYY-MM-DD hh:mm`.
    pub created_at: String,
    /// Link to it.
    pub url: String,
    /// Files attached to it.
    #[soap(since = "16.24")]
    pub attachments: Vec<CommentAttachmentObject>,
}

/// A file attached to a comment.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPCommentAttachmentObject", array = "SOAPCommentAttachmentObjectArray", since = "16.24")]
pub struct CommentAttachmentObject {
    /// Its id.
    pub id: i64,
    /// Link to it.
    pub url: String,
    /// Its name.
    pub name: String,
}

impl CommentObject {
    fn of(backend: &ServiceBackend, caller: &UserCaller, code: &str, comment: &Comment) -> CommentObject {
        let reply = |reply| CommentReplyObject::of(backend, caller, code, reply);
        CommentObject {
            id: comment.id.0,
            reviewer_id: comment.reviewer.0,
            author: comment.author.clone(),
            comment: comment.text.clone(),
            created_at: minutes(Some(comment.created_at), caller),
            replies_count: i64::try_from(comment.replies.len()).unwrap_or(i64::MAX),
            replies: comment.replies.iter().map(reply).collect(),
            url: backend.comment(code, comment.id),
            drawing_xml: drawing::xml(&comment.markups),
            location: match (&comment.moment, comment.page) {
                (Some(moment), _) => moment.label.clone(),
                (None, Some(page)) => format!("Page {page}"),
                (None, None) => String::new(),
            },
            attachments: Vec::new(),
        }
    }
}

impl CommentReplyObject {
    fn of(backend: &ServiceBackend, caller: &UserCaller, code: &str, reply: &Reply) -> CommentReplyObject {
        CommentReplyObject {
            id: reply.id.0,
            comment_id: reply.comment.0,
            reviewer_id: reply.reviewer.0,
            author: reply.author.clone(),
            comment: reply.text.clone(),
            created_at: minutes(Some(reply.created_at), caller),
            // A reply is read where its comment is.
            url: backend.comment(code, reply.comment),
            attachments: Vec::new(),
        }
    }
}

impl Handler<ServiceBackend> for GetProofComments {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<Vec<CommentObject>, Fault> {
        let (proof, comments) =
            backend.service.comments(caller, ProofId(self.file_id)).map_err(faults::of)?;
        let code = backend.code(caller, &proof)?;
        Ok(comments.iter().map(|comment| CommentObject::of(backend, caller, &code, comment)).collect())
    }
}

impl Handler<ServiceBackend> for GetProofCommentReplies {
    fn handle(
        self,
        backend: &ServiceBackend,
        caller: &Arc<UserCaller>,
    ) -> Result<Vec<CommentReplyObject>, Fault> {
        let (id, comment) = (ProofId(self.file_id), CommentId(self.comment_id));
        let (proof, comment) = backend.service.comment(caller, id, comment).map_err(faults::of)?;
        let code = backend.code(caller, &proof)?;
        Ok(comment
            .replies
            .iter()
            .map(|reply| CommentReplyObject::of(backend, caller, &code, reply))
            .collect())
    }
}

impl Handler<ServiceBackend> for AddCommentReply {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<CommentReplyObject, Fault> {
        let (id, reviewer) = (ProofId(self.file_id), ReviewerId(self.reviewer_id));
        let comment = CommentId(self.comment_id);
        let (proof, reply) =
            backend.service.reply_as(caller, id, reviewer, comment, &self.reply).map_err(faults::of)?;
        let code = backend.code(caller, &proof)?;
        Ok(CommentReplyObject::of(backend, caller, &code, &reply))
    }
}

impl Handler<ServiceBackend> for AddComment {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<CommentObject, Fault> {
        let page = match self.page_number {
            None | Some(0) => None,
            Some(page) => Some(
                u32::try_from(page).map_err(|_| faults::invalid_value("PageNumber", &page.to_string()))?,
            ),
        };
        let (id, reviewer) = (ProofId(self.file_id), ReviewerId(self.reviewer_id));
        let (proof, comment) =
            backend.service.comment_as(caller, id, reviewer, &self.comment, page).map_err(faults::of)?;
        let code = backend.code(caller, &proof)?;
        Ok(CommentObject::of(backend, caller, &code, &comment))
    }
}

impl Handler<ServiceBackend> for GetCommentThumbnail {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<ImageObject, Fault> {
        let id = CommentId(self.comment_id);
        let excerpt = backend.service.comment_excerpt(caller, id).map_err(faults::of)?;
        // Handlers run on threads that may wait, beside the runtime that renders.
        let runtime = tokio::runtime::Handle::try_current().map_err(|_| faults::internal())?;
        let picture = runtime.block_on(backend.service.excerpt(&excerpt)).map_err(faults::of)?;
        Ok(ImageObject::of(&picture))
    }
}
