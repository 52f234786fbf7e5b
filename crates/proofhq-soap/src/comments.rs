//! Comments and replies.

use soap::{SoapObject, SoapRequest};

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
    /// Its markup.
    pub drawing_xml: String,
    /// Where on the proof it is.
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
