//! Mini proofs: the viewer inside other people's pages (`product.md` 7.1, "Embed").

use crate::proofs::seen;
use crate::{Link, Missing, Service, ServiceError, UserCaller};
use galley_model::{ProofFlags, ProofId, ReviewerId};

/// A way into a proof that can be embedded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmbedLink {
    /// As whom it opens; nobody in particular for the public one.
    pub reviewer: Option<ReviewerId>,
    /// Secret part of the address.
    pub code: String,
}

impl Service {
    /// The ways into a proof that the caller may embed, the public one first while it works: with edit
    /// rights everybody's, else the caller's own.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`]; [`ServiceError::Forbidden`] when embedding is switched off.
    pub fn embed_links(&self, caller: &UserCaller, id: ProofId) -> Result<Vec<EmbedLink>, ServiceError> {
        self.store().read(|tx| {
            let seen = seen(tx, caller, id)?;
            let flags = seen.proof.settings.flags;
            if !flags.has(ProofFlags::EMBED_PLAYER) {
                return Err(ServiceError::Forbidden);
            }
            let public = flags.has(ProofFlags::TEAM_URL);
            let mut links = Vec::new();
            if public {
                links.push(EmbedLink { reviewer: None, code: seen.proof.team_code });
            }
            for reviewer in seen.blinds.reviewers_seen(tx.reviewers(id)?) {
                let may = seen.rights.edit || reviewer.person == caller.person();
                if let Some(code) = reviewer.code.filter(|_| may) {
                    links.push(EmbedLink { reviewer: Some(reviewer.id), code });
                }
            }
            Ok(links)
        })
    }

    /// The way in of one reviewer, or of the caller.
    ///
    /// # Errors
    /// As [`Service::embed_links`]; [`ServiceError::NotFound`] for somebody who is not on the proof,
    /// [`ServiceError::Forbidden`] for somebody else's without edit rights.
    pub fn embed_link(
        &self,
        caller: &UserCaller,
        id: ProofId,
        reviewer: Option<ReviewerId>,
    ) -> Result<EmbedLink, ServiceError> {
        let links = self.embed_links(caller, id)?;
        let missing = ServiceError::NotFound(Missing::Reviewer);
        let place = self.store().read(|tx| match reviewer {
            Some(reviewer) => tx.reviewer(reviewer),
            None => tx.reviewer_of_person(id, caller.person()),
        })?;
        let Some(place) = place.filter(|place| place.proof == id) else { return Err(missing) };
        links.into_iter().find(|link| link.reviewer == Some(place.id)).ok_or(ServiceError::Forbidden)
    }

    /// Whether the viewer may be shown inside another page for this link.
    ///
    /// # Errors
    /// [`ServiceError`] when the database fails.
    pub fn may_embed(&self, link: &Link) -> Result<bool, ServiceError> {
        match self.follow(link) {
            Ok(opened) => Ok(opened.proof.settings.flags.has(ProofFlags::EMBED_PLAYER)),
            // The viewer says that a login is needed.
            Err(ServiceError::NoSession) => Ok(true),
            Err(ServiceError::NotFound(_) | ServiceError::Gone) => Ok(false),
            Err(error) => Err(error),
        }
    }
}
