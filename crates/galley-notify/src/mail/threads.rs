//! Mails about comments that were resolved or opened again (`product.md` 6.2).

use super::desk::{By, Desk, by, versioned};
use super::letter::Letter;
use galley_model::{CommentId, Event, Timestamp};
use galley_store::{StoreError, Write};

impl Desk {
    /// Tells the author of a comment that somebody else resolved it, or opened it again. No level switches
    /// that off; a locked proof is silent.
    pub(super) fn settled(
        &self,
        tx: &Write<'_>,
        event: &Event,
        comment: CommentId,
        resolved: bool,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let Some(about) = self.about(tx, event)? else { return Ok(()) };
        // One that was deleted since is nobody's news.
        let (Some(said), Some(found)) = (tx.said_in_comment(comment)?, tx.comment(comment)?) else {
            return Ok(());
        };
        let Some(to) = about.invited(said.reviewer) else { return Ok(()) };
        if Some(to.person) == event.actor.person || Some(to.id) == event.actor.reviewer {
            return Ok(());
        }
        // Somebody on a stage that the author does not see has no name for them.
        let blinds = about.blinds(to, tx)?;
        let place = about
            .people
            .iter()
            .find(|one| Some(one.id) == event.actor.reviewer || Some(one.person) == event.actor.person);
        let by = match place {
            Some(place) if blinds.hide(place.stage) => By { name: "Somebody".to_owned(), email: None },
            _ => by(tx, event)?,
        };
        let (what, did) = if resolved { ("resolved", "resolved") } else { ("reopened", "opened again") };
        let plain = self.letter(&about, to, format!("Comment {what} on {}", about.proof.name));
        let button =
            plain.button.map(|(_, url)| ("Go to comment".to_owned(), format!("{url}#comment-{comment}")));
        let letter = Letter {
            lead: format!("{} {did} your comment.", by.name),
            quotes: vec![(format!("{} (#{})", said.author, found.number), said.text)],
            facts: self.facts(tx, &about, to)?,
            button,
            ..plain
        };
        let kind = if resolved { "comment_resolved" } else { "comment_reopened" };
        let subject = format!("Comment {what}: {}", versioned(&about.proof));
        self.post(tx, &about, to, kind, &subject, &letter, &by, event.at, now)
    }
}
