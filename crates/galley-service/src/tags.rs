//! Tags (`product.md` 8.6): labels known to the account, put on whole sets of versions.

use crate::error::bad_name;
use crate::proofs::{Seen, seen};
use crate::{Missing, Service, ServiceError, UserCaller};
use galley_model::{EventKind, ProofId, Tag, TagId, clean_tag};
use galley_store::{Read, StoreError};

fn known(tx: &Read<'_>, caller: &UserCaller, id: TagId) -> Result<Tag, ServiceError> {
    tx.tag(caller.account(), id)?.ok_or(ServiceError::NotFound(Missing::Tag))
}

/// The name, if no other tag has it.
fn free(tx: &Read<'_>, caller: &UserCaller, name: &str, but: Option<TagId>) -> Result<(), ServiceError> {
    match tx.tag_by_name(caller.account(), name)? {
        Some(other) if Some(other.id) != but => {
            Err(ServiceError::Conflict(format!("There is a tag '{}' already.", other.name)))
        }
        _ => Ok(()),
    }
}

/// The tag, if the caller may change or delete it: those who manage everything always, others who create
/// while it is only on what is theirs.
fn changeable(tx: &Read<'_>, caller: &UserCaller, id: TagId) -> Result<Tag, ServiceError> {
    let tag = known(tx, caller, id)?;
    let profile = caller.profile();
    let may = profile.manages_all() || (profile.creates() && !tx.tag_is_on_others(id, caller.id())?);
    if may { Ok(tag) } else { Err(ServiceError::Forbidden) }
}

/// The proof, if the caller may tag it: profiles that create, with edit rights.
fn taggable(tx: &Read<'_>, caller: &UserCaller, id: ProofId) -> Result<Seen, ServiceError> {
    let seen = seen(tx, caller, id)?;
    if seen.rights.edit && caller.profile().creates() { Ok(seen) } else { Err(ServiceError::Forbidden) }
}

impl Service {
    /// All tags of the account, by name.
    ///
    /// # Errors
    /// [`ServiceError`] when the database fails.
    pub fn tags(&self, caller: &UserCaller) -> Result<Vec<Tag>, ServiceError> {
        Ok(self.store().read(|tx| tx.tags(caller.account()))?)
    }

    /// Creates a tag.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for profiles that create nothing, [`ServiceError::Invalid`] for the
    /// name, [`ServiceError::Conflict`] when there is one of that name.
    pub fn add_tag(&self, caller: &UserCaller, name: &str) -> Result<Tag, ServiceError> {
        if !caller.profile().creates() {
            return Err(ServiceError::Forbidden);
        }
        let name = clean_tag(name).map_err(bad_name("name"))?;
        let now = self.now();
        self.store().write(|tx| {
            free(tx, caller, &name, None)?;
            let id = tx.add_tag(caller.account(), &name, now)?;
            let kind = EventKind::TagCreated { tag: id, name: name.clone() };
            tx.append(caller.account(), None, now, &caller.actor(), &kind)?;
            Ok(Tag { id, name })
        })
    }

    /// Renames a tag wherever it is.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Forbidden`], and as [`Service::add_tag`].
    pub fn rename_tag(&self, caller: &UserCaller, id: TagId, name: &str) -> Result<Tag, ServiceError> {
        let now = self.now();
        self.store().write(|tx| {
            let tag = changeable(tx, caller, id)?;
            let name = clean_tag(name).map_err(bad_name("name"))?;
            free(tx, caller, &name, Some(id))?;
            if name != tag.name {
                tx.rename_tag(id, &name)?;
                let kind = EventKind::TagRenamed { tag: id, from: tag.name, to: name.clone() };
                tx.append(caller.account(), None, now, &caller.actor(), &kind)?;
            }
            Ok(Tag { id, name })
        })
    }

    /// Deletes a tag and takes it off everything.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Forbidden`].
    pub fn delete_tag(&self, caller: &UserCaller, id: TagId) -> Result<(), ServiceError> {
        let now = self.now();
        self.store().write(|tx| {
            let tag = changeable(tx, caller, id)?;
            tx.delete_tag(id)?;
            let kind = EventKind::TagDeleted { tag: id, name: tag.name };
            tx.append(caller.account(), None, now, &caller.actor(), &kind)?;
            Ok(())
        })
    }

    /// Tags on a proof, by name.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`].
    pub fn proof_tags(&self, caller: &UserCaller, id: ProofId) -> Result<Vec<Tag>, ServiceError> {
        self.store().read(|tx| {
            let set = seen(tx, caller, id)?.proof.set;
            Ok(tx.tags_of(set)?)
        })
    }

    /// Puts tags on a proof (with `on`) or takes them off, and answers those it has then. All versions
    /// have the same. What is so already stays so and is no event.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for the proof or any tag, [`ServiceError::Forbidden`]. Nothing is
    /// changed then.
    pub fn tag_proof(
        &self,
        caller: &UserCaller,
        id: ProofId,
        tags: &[TagId],
        on: bool,
    ) -> Result<Vec<Tag>, ServiceError> {
        let now = self.now();
        self.store().write(|tx| {
            let proof = taggable(tx, caller, id)?.proof;
            let has = tx.tags_of(proof.set)?;
            let mut changed: Vec<Tag> = Vec::new();
            for tag in tags {
                let tag = known(tx, caller, *tag)?;
                if has.contains(&tag) != on && !changed.contains(&tag) {
                    changed.push(tag);
                }
            }
            if !changed.is_empty() {
                let ids: Vec<TagId> = changed.iter().map(|tag| tag.id).collect();
                let names = changed.into_iter().map(|tag| tag.name).collect();
                let kind = if on {
                    tx.put_tags(proof.set, &ids)?;
                    EventKind::TagsAdded { names }
                } else {
                    tx.take_tags(proof.set, &ids)?;
                    EventKind::TagsRemoved { names }
                };
                tx.append(proof.account, Some(id), now, &caller.actor(), &kind)?;
            }
            Ok::<_, StoreError>(tx.tags_of(proof.set)?).map_err(ServiceError::from)
        })
    }
}
