//! Web pages: which files are captures of them, and searches for their sub-pages.

use crate::rows::{RowExt, millis};
use crate::{Read, StoreError, Write};
use galley_model::{
    FileId, FoundPage, PageSearch, PageSearchId, PageSearchState, Resolution, Timestamp, UserId, WebPage,
};
use rusqlite::{Row, params};

fn web_page(row: &Row<'_>) -> Result<WebPage, StoreError> {
    let pixels = |at: usize| row.value(at, "captures.width", |n| u32::try_from(n).ok());
    Ok(WebPage { url: row.col(0)?, resolution: Resolution { width: pixels(1)?, height: pixels(2)? } })
}

fn search(row: &Row<'_>) -> Result<PageSearch, StoreError> {
    let state = match row.col::<String>(4)?.as_str() {
        "searching" => PageSearchState::Searching,
        "done" => PageSearchState::Done,
        "failed" => PageSearchState::Failed(row.col::<Option<String>>(5)?.unwrap_or_default()),
        _ => return Err(StoreError::Corrupt("page_searches.state")),
    };
    Ok(PageSearch {
        id: PageSearchId(row.col(0)?),
        user: UserId(row.col(1)?),
        url: row.col(2)?,
        asked_at: row.time(3)?,
        state,
        looked: row.value(6, "page_searches.looked", |n| u32::try_from(n).ok())?,
        more: row.col::<i64>(7)? != 0,
    })
}

impl Read<'_> {
    /// The web page that a file is a capture of; none for what was uploaded.
    pub fn capture(&self, file: FileId) -> Result<Option<WebPage>, StoreError> {
        self.first("SELECT url, width, height FROM captures WHERE file_id = ?1", [file.0], web_page)
    }

    /// What a file is made of, in order: the parts of a combined one, each with the web page that it is a capture of;
    /// of another one itself, if it is a capture.
    pub fn made_of(&self, file: FileId) -> Result<Vec<(FileId, Option<WebPage>)>, StoreError> {
        self.all(
            "SELECT url, width, height, file_id, 0 AS position FROM captures WHERE file_id = ?1
             UNION ALL
             SELECT c.url, c.width, c.height, p.part_id, p.position FROM file_parts p
                 LEFT JOIN captures c ON c.file_id = p.part_id WHERE p.file_id = ?1
             ORDER BY position",
            [file.0],
            |row| {
                let captured = row.col::<Option<String>>(0)?.is_some();
                Ok((FileId(row.col(3)?), captured.then(|| web_page(row)).transpose()?))
            },
        )
    }

    /// The search with this id.
    pub fn page_search(&self, id: PageSearchId) -> Result<Option<PageSearch>, StoreError> {
        self.first(
            "SELECT id, user_id, url, asked_at, state, problem, looked, more FROM page_searches WHERE id = ?1",
            [id.0],
            search,
        )
    }

    /// What a search found so far, in the order in which it came upon it.
    pub fn found_pages(&self, search: PageSearchId) -> Result<Vec<FoundPage>, StoreError> {
        self.all(
            "SELECT url, title FROM found_pages WHERE search_id = ?1 ORDER BY position",
            [search.0],
            |row| Ok(FoundPage { url: row.col(0)?, title: row.col(1)? }),
        )
    }

    /// Searches of a user, the oldest first.
    pub fn page_searches_of(&self, user: UserId) -> Result<Vec<PageSearchId>, StoreError> {
        let sql = "SELECT id FROM page_searches WHERE user_id = ?1 ORDER BY id";
        self.all(sql, [user.0], |row| Ok(PageSearchId(row.col(0)?)))
    }

    /// Searches that were asked for before then.
    pub fn page_searches_before(&self, before: Timestamp) -> Result<Vec<PageSearchId>, StoreError> {
        let sql = "SELECT id FROM page_searches WHERE asked_at < ?1 ORDER BY id";
        self.all(sql, [millis(before)], |row| Ok(PageSearchId(row.col(0)?)))
    }
}

impl Write<'_> {
    /// Notes which web page a file is to be a capture of.
    pub fn add_capture(&self, file: FileId, page: &WebPage) -> Result<(), StoreError> {
        let Resolution { width, height } = page.resolution;
        self.run(
            "INSERT INTO captures (file_id, url, width, height) VALUES (?1, ?2, ?3, ?4)",
            params![file.0, page.url, width, height],
        )?;
        Ok(())
    }

    /// Notes that somebody wants to know the sub-pages of a web page.
    pub fn add_page_search(
        &self,
        user: UserId,
        url: &str,
        now: Timestamp,
    ) -> Result<PageSearchId, StoreError> {
        let sql = "INSERT INTO page_searches (user_id, url, asked_at, state) VALUES (?1, ?2, ?3, 'searching')
            RETURNING id";
        Ok(PageSearchId(self.insert(sql, params![user.0, url, millis(now)])?))
    }

    /// Writes down how far a search is, and all that it found. What was found before goes.
    pub fn set_page_search(
        &self,
        id: PageSearchId,
        state: &PageSearchState,
        found: &[FoundPage],
        (looked, more): (u32, bool),
    ) -> Result<(), StoreError> {
        let (word, problem) = match state {
            PageSearchState::Searching => ("searching", None),
            PageSearchState::Done => ("done", None),
            PageSearchState::Failed(problem) => ("failed", Some(problem)),
        };
        let changed = self.run(
            "UPDATE page_searches SET state = ?2, problem = ?3, looked = ?4, more = ?5 WHERE id = ?1",
            params![id.0, word, problem, looked, more],
        )?;
        self.run("DELETE FROM found_pages WHERE search_id = ?1", [id.0])?;
        // It may have been called off in the meantime.
        if changed > 0 {
            for (position, page) in found.iter().enumerate() {
                self.run(
                    "INSERT INTO found_pages (search_id, position, url, title) VALUES (?1, ?2, ?3, ?4)",
                    params![id.0, position as i64, page.url, page.title],
                )?;
            }
        }
        Ok(())
    }

    /// Forgets a search and what it found.
    pub fn delete_page_search(&self, id: PageSearchId) -> Result<(), StoreError> {
        self.run("DELETE FROM found_pages WHERE search_id = ?1", [id.0])?;
        self.run("DELETE FROM page_searches WHERE id = ?1", [id.0])?;
        Ok(())
    }
}
