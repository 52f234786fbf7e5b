//! Comments with their markups, and replies.

use crate::rows::{RowExt, millis};
use crate::{Read, StoreError, Write};
use galley_model::{
    Comment, CommentId, Markup, Moment, ProofId, Reply, ReplyId, ReviewerId, Screen, StageId, Timestamp,
};
use rusqlite::{Row, params};

/// A comment to be.
#[derive(Clone, Debug)]
pub struct NewComment<'a> {
    /// The version.
    pub proof: ProofId,
    /// Who writes.
    pub reviewer: ReviewerId,
    /// Their name.
    pub author: &'a str,
    /// What they write.
    pub text: &'a str,
    /// Page, from 1.
    pub page: Option<u32>,
    /// Where in a recording.
    pub moment: Option<&'a Moment>,
    /// The screen of a page that is tried.
    pub screen: Option<&'a Screen>,
    /// What they drew.
    pub markups: &'a [Markup],
    /// Name the client gave it; a second one with the same name is not written.
    pub client_id: Option<&'a str>,
}

/// A reply to be.
#[derive(Clone, Debug)]
pub struct NewReply<'a> {
    /// The thread.
    pub comment: CommentId,
    /// Who writes.
    pub reviewer: ReviewerId,
    /// Their name.
    pub author: &'a str,
    /// What they write.
    pub text: &'a str,
    /// Name the client gave it; a second one with the same name is not written.
    pub client_id: Option<&'a str>,
}

const COMMENT: &str = "SELECT c.id, c.proof_id, c.number, c.reviewer_id, c.author, c.text, c.page, c.markups,
    c.created_at, c.edited_at, c.resolved_by, r.stage_id, c.moment_from, c.moment_to, c.moment_begins,
    c.moment_label, c.screen
    FROM comments c JOIN reviewers r ON r.id = c.reviewer_id";
const REPLY: &str = "SELECT y.id, y.comment_id, y.reviewer_id, y.author, y.text, y.created_at, r.stage_id
    FROM replies y JOIN reviewers r ON r.id = y.reviewer_id";

fn comment(row: &Row<'_>) -> Result<Comment, StoreError> {
    let markups = row.word(7, "comments.markups", |json| serde_json::from_str(json).ok())?;
    Ok(Comment {
        id: CommentId(row.col(0)?),
        proof: ProofId(row.col(1)?),
        number: row.col(2)?,
        reviewer: ReviewerId(row.col(3)?),
        author: row.col(4)?,
        text: row.col(5)?,
        page: row.value_opt(6, "comments.page", |n| u32::try_from(n).ok())?,
        moment: moment(row)?,
        screen: screen(row)?,
        markups,
        created_at: row.time(8)?,
        edited_at: row.time_opt(9)?,
        resolved_by: row.col(10)?,
        stage: StageId(row.col(11)?),
        replies: Vec::new(),
    })
}

fn moment(row: &Row<'_>) -> Result<Option<Moment>, StoreError> {
    let frame = |n: i64| u64::try_from(n).ok();
    let Some(from) = row.value_opt(12, "comments.moment_from", frame)? else { return Ok(None) };
    let to = row.value_opt(13, "comments.moment_to", frame)?;
    let begins = row.value(14, "comments.moment_begins", frame)?;
    Ok(Some(Moment { from, to, begins, label: row.col(15)? }))
}

fn screen(row: &Row<'_>) -> Result<Option<Screen>, StoreError> {
    let json: Option<String> = row.col(16)?;
    json.map(|json| serde_json::from_str(&json).map_err(|_| StoreError::Corrupt("comments.screen")))
        .transpose()
}

fn reply(row: &Row<'_>) -> Result<Reply, StoreError> {
    Ok(Reply {
        id: ReplyId(row.col(0)?),
        comment: CommentId(row.col(1)?),
        reviewer: ReviewerId(row.col(2)?),
        author: row.col(3)?,
        text: row.col(4)?,
        created_at: row.time(5)?,
        stage: StageId(row.col(6)?),
    })
}

impl Read<'_> {
    /// Comments of a proof with their replies, oldest first.
    pub fn comments(&self, proof: ProofId) -> Result<Vec<Comment>, StoreError> {
        let mut comments = self.all(
            &format!("{COMMENT} WHERE c.proof_id = ?1 AND c.deleted_at IS NULL ORDER BY c.number"),
            [proof.0],
            comment,
        )?;
        let replies = self.all(
            &format!(
                "{REPLY} JOIN comments c ON c.id = y.comment_id
                 WHERE c.proof_id = ?1 AND y.deleted_at IS NULL ORDER BY y.id"
            ),
            [proof.0],
            reply,
        )?;
        for reply in replies {
            // Ids grow with numbers, so the list is sorted by id as well.
            if let Ok(at) = comments.binary_search_by_key(&reply.comment, |c| c.id) {
                comments[at].replies.push(reply);
            }
        }
        Ok(comments)
    }

    /// The comment with this id, with its replies.
    pub fn comment(&self, id: CommentId) -> Result<Option<Comment>, StoreError> {
        let found =
            self.first(&format!("{COMMENT} WHERE c.id = ?1 AND c.deleted_at IS NULL"), [id.0], comment)?;
        let Some(mut comment) = found else { return Ok(None) };
        comment.replies = self.all(
            &format!("{REPLY} WHERE y.comment_id = ?1 AND y.deleted_at IS NULL ORDER BY y.id"),
            [id.0],
            reply,
        )?;
        Ok(Some(comment))
    }

    /// The comment that this reviewer's client gave this name, deleted or not.
    pub fn comment_by_client_id(
        &self,
        reviewer: ReviewerId,
        client_id: &str,
    ) -> Result<Option<CommentId>, StoreError> {
        self.first(
            "SELECT id FROM comments WHERE reviewer_id = ?1 AND client_id = ?2",
            params![reviewer.0, client_id],
            |row| Ok(CommentId(row.col(0)?)),
        )
    }

    /// The reply that this reviewer's client gave this name, deleted or not.
    pub fn reply_by_client_id(
        &self,
        reviewer: ReviewerId,
        client_id: &str,
    ) -> Result<Option<ReplyId>, StoreError> {
        self.first(
            "SELECT id FROM replies WHERE reviewer_id = ?1 AND client_id = ?2",
            params![reviewer.0, client_id],
            |row| Ok(ReplyId(row.col(0)?)),
        )
    }
}

impl Write<'_> {
    /// Adds a comment under the next number of its proof and counts it.
    pub fn add_comment(&self, new: &NewComment<'_>, now: Timestamp) -> Result<CommentId, StoreError> {
        self.run(
            "UPDATE proofs SET last_number = last_number + 1, comments = comments + 1 WHERE id = ?1",
            [new.proof.0],
        )?;
        self.run("UPDATE reviewers SET comments = comments + 1 WHERE id = ?1", [new.reviewer.0])?;
        let whole = |n: u64| i64::try_from(n).map_err(|_| StoreError::Corrupt("comments.moment"));
        let markups =
            serde_json::to_string(new.markups).map_err(|_| StoreError::Corrupt("comments.markups"))?;
        self.insert(
            "INSERT INTO comments (proof_id, number, reviewer_id, author, text, page, markups, client_id, created_at,
                 moment_from, moment_to, moment_begins, moment_label, screen)
             VALUES (?1, (SELECT last_number FROM proofs WHERE id = ?1), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11,
                 ?12, ?13) RETURNING id",
            params![
                new.proof.0, new.reviewer.0, new.author, new.text, new.page, markups, new.client_id, millis(now),
                new.moment.map(|m| whole(m.from)).transpose()?,
                new.moment.and_then(|m| m.to).map(whole).transpose()?,
                new.moment.map(|m| whole(m.begins)).transpose()?,
                new.moment.map(|m| m.label.as_str()),
                new.screen.map(serde_json::to_string).transpose().map_err(|_| StoreError::Corrupt("comments.screen"))?,
            ],
        )
        .map(CommentId)
    }

    /// Changes the text of a comment.
    pub fn set_comment_text(&self, id: CommentId, text: &str, now: Timestamp) -> Result<(), StoreError> {
        self.run(
            "UPDATE comments SET text = ?2, edited_at = ?3 WHERE id = ?1",
            params![id.0, text, millis(now)],
        )?;
        Ok(())
    }

    /// Resolves a comment in somebody's name, or reopens it.
    pub fn set_resolved(&self, id: CommentId, by: Option<&str>, now: Timestamp) -> Result<(), StoreError> {
        self.run(
            "UPDATE comments SET resolved_by = ?2, resolved_at = ?3 WHERE id = ?1",
            params![id.0, by, by.map(|_| millis(now))],
        )?;
        Ok(())
    }

    /// Deletes a comment with its replies; its number stays used.
    pub fn delete_comment(&self, comment: &Comment, now: Timestamp) -> Result<(), StoreError> {
        for reply in &comment.replies {
            self.delete_reply(reply, now)?;
        }
        self.run("UPDATE comments SET deleted_at = ?2 WHERE id = ?1", [comment.id.0, millis(now)])?;
        self.run("UPDATE proofs SET comments = comments - 1 WHERE id = ?1", [comment.proof.0])?;
        self.run("UPDATE reviewers SET comments = comments - 1 WHERE id = ?1", [comment.reviewer.0])?;
        Ok(())
    }

    /// Adds a reply and counts it.
    pub fn add_reply(&self, new: &NewReply<'_>, now: Timestamp) -> Result<ReplyId, StoreError> {
        self.run("UPDATE reviewers SET replies = replies + 1 WHERE id = ?1", [new.reviewer.0])?;
        self.insert(
            "INSERT INTO replies (comment_id, reviewer_id, author, text, client_id, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6) RETURNING id",
            params![new.comment.0, new.reviewer.0, new.author, new.text, new.client_id, millis(now)],
        )
        .map(ReplyId)
    }

    /// Deletes a reply.
    pub fn delete_reply(&self, reply: &Reply, now: Timestamp) -> Result<(), StoreError> {
        self.run("UPDATE replies SET deleted_at = ?2 WHERE id = ?1", [reply.id.0, millis(now)])?;
        self.run("UPDATE reviewers SET replies = replies - 1 WHERE id = ?1", [reply.reviewer.0])?;
        Ok(())
    }
}
