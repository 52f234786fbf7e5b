//! Tags: labels of an account, put on sets of proofs.

use crate::rows::{RowExt, millis};
use crate::{Read, StoreError, Write};
use galley_model::{AccountId, SetId, Tag, TagId, Timestamp, UserId};
use rusqlite::{Row, params};

fn tag(row: &Row<'_>) -> Result<Tag, StoreError> {
    Ok(Tag { id: TagId(row.col(0)?), name: row.col(1)? })
}

impl Read<'_> {
    /// All tags of an account, by name.
    pub fn tags(&self, account: AccountId) -> Result<Vec<Tag>, StoreError> {
        self.all("SELECT id, name FROM tags WHERE account_id = ?1 ORDER BY name_key", [account.0], tag)
    }

    /// The tag with this id in an account.
    pub fn tag(&self, account: AccountId, id: TagId) -> Result<Option<Tag>, StoreError> {
        self.first("SELECT id, name FROM tags WHERE account_id = ?1 AND id = ?2", [account.0, id.0], tag)
    }

    /// The tag with this name in an account, whatever its letter case.
    pub fn tag_by_name(&self, account: AccountId, name: &str) -> Result<Option<Tag>, StoreError> {
        self.first(
            "SELECT id, name FROM tags WHERE account_id = ?1 AND name_key = ?2",
            params![account.0, name.to_lowercase()],
            tag,
        )
    }

    /// Tags on a set, by name.
    pub fn tags_of(&self, set: SetId) -> Result<Vec<Tag>, StoreError> {
        self.all(
            "SELECT t.id, t.name FROM set_tags s JOIN tags t ON t.id = s.tag_id WHERE s.set_id = ?1 ORDER BY t.name_key",
            [set.0],
            tag,
        )
    }

    /// Sets that carry a tag.
    pub fn sets_with(&self, tag: TagId) -> Result<Vec<SetId>, StoreError> {
        self.all("SELECT set_id FROM set_tags WHERE tag_id = ?1 ORDER BY set_id", [tag.0], |row| {
            Ok(SetId(row.col(0)?))
        })
    }

    /// Whether a tag is on a proof that this user neither owns nor made.
    pub fn tag_is_on_others(&self, tag: TagId, user: UserId) -> Result<bool, StoreError> {
        let found = self.number(
            "SELECT COUNT(*) FROM (SELECT 1 FROM set_tags s JOIN proofs p ON p.set_id = s.set_id
             WHERE s.tag_id = ?1 AND p.erased_at IS NULL AND p.owner_id <> ?2 AND p.creator_id <> ?2 LIMIT 1) AS others",
            [tag.0, user.0],
        )?;
        Ok(found > 0)
    }
}

impl Write<'_> {
    /// Adds a tag.
    pub fn add_tag(&self, account: AccountId, name: &str, now: Timestamp) -> Result<TagId, StoreError> {
        self.insert(
            "INSERT INTO tags (account_id, name, name_key, created_at) VALUES (?1, ?2, ?3, ?4) RETURNING id",
            params![account.0, name, name.to_lowercase(), millis(now)],
        )
        .map(TagId)
    }

    /// Renames a tag.
    pub fn rename_tag(&self, id: TagId, name: &str) -> Result<(), StoreError> {
        self.run(
            "UPDATE tags SET name = ?2, name_key = ?3 WHERE id = ?1",
            params![id.0, name, name.to_lowercase()],
        )?;
        self.sets_with(id)?.into_iter().try_for_each(|set| self.index_words(set))
    }

    /// Removes a tag from everything and from the account.
    pub fn delete_tag(&self, id: TagId) -> Result<(), StoreError> {
        let sets = self.sets_with(id)?;
        self.run("DELETE FROM set_tags WHERE tag_id = ?1", [id.0])?;
        self.run("DELETE FROM tags WHERE id = ?1", [id.0])?;
        sets.into_iter().try_for_each(|set| self.index_words(set))
    }

    /// Puts tags on a set. One that is there already stays.
    pub fn put_tags(&self, set: SetId, tags: &[TagId]) -> Result<(), StoreError> {
        for tag in tags {
            self.run(
                "INSERT INTO set_tags (set_id, tag_id) VALUES (?1, ?2) ON CONFLICT (set_id, tag_id) DO NOTHING",
                [set.0, tag.0],
            )?;
        }
        self.index_words(set)
    }

    /// Takes tags off a set.
    pub fn take_tags(&self, set: SetId, tags: &[TagId]) -> Result<(), StoreError> {
        for tag in tags {
            self.run("DELETE FROM set_tags WHERE set_id = ?1 AND tag_id = ?2", [set.0, tag.0])?;
        }
        self.index_words(set)
    }
}
