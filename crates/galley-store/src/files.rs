//! Uploaded originals and their pages.

use crate::rows::{RowExt, millis};
use crate::{Read, StoreError, Write};
use galley_model::{File, FileId, FilePart, Page, Processing, ProofId, Timestamp, Work};
use rusqlite::{Row, params};

/// An original that has just been uploaded.
#[derive(Clone, Debug)]
pub struct NewFile<'a> {
    /// Unguessable name for clients.
    pub token: &'a str,
    /// Cleaned file name.
    pub name: &'a str,
    /// Bytes.
    pub size: u64,
    /// Lower-case hexadecimal MD5.
    pub md5: &'a str,
}

const FILE: &str = "SELECT files.id, files.token, files.name, files.size, files.md5, files.processing,
    files.processing_error, files.pages FROM files";

pub(crate) fn size(row: &Row<'_>, index: usize) -> Result<u64, StoreError> {
    row.value(index, "files.size", |n| u64::try_from(n).ok())
}

fn file(row: &Row<'_>) -> Result<File, StoreError> {
    let processing: Option<String> = row.col(5)?;
    Ok(File {
        id: FileId(row.col(0)?),
        token: row.col(1)?,
        name: row.col(2)?,
        size: size(row, 3)?,
        md5: row.col(4)?,
        processing: processing
            .map(|text| Processing::parse(&text).ok_or(StoreError::Corrupt("files.processing")))
            .transpose()?,
        processing_error: row.col(6)?,
        pages: row.value(7, "files.pages", |n| u32::try_from(n).ok())?,
    })
}

fn page(row: &Row<'_>) -> Result<Page, StoreError> {
    let mm: (Option<f64>, Option<f64>) = (row.col(4)?, row.col(5)?);
    Ok(Page {
        number: row.value(0, "pages.number", |n| u32::try_from(n).ok())?,
        width: row.col(1)?,
        height: row.col(2)?,
        vector: row.col::<i64>(3)? != 0,
        physical_mm: mm.0.zip(mm.1),
        label: row.col(6)?,
        ready: row.col::<i64>(7)? != 0,
        error: row.col(8)?,
        file: FileId(row.col(9)?),
        file_page: row.value(10, "pages.part_page", |n| u32::try_from(n).ok())?,
        animation_ms: row.col::<Option<i64>>(11)?.and_then(|ms| u32::try_from(ms).ok()),
    })
}

const PAGE: &str =
    "SELECT number, width, height, vector, width_mm, height_mm, label, ready, error, COALESCE(part_id, file_id),
    COALESCE(part_page, number), animation_ms FROM pages";

impl Read<'_> {
    /// The original with this id.
    pub fn file(&self, id: FileId) -> Result<Option<File>, StoreError> {
        self.first(&format!("{FILE} WHERE id = ?1"), [id.0], file)
    }

    /// The original that clients call by this name.
    pub fn file_by_token(&self, token: &str) -> Result<Option<File>, StoreError> {
        self.first(&format!("{FILE} WHERE token = ?1"), [token], file)
    }

    /// Originals that were uploaded before then and never became a proof or a shared file.
    pub fn unused_files(&self, before: Timestamp, limit: i64) -> Result<Vec<File>, StoreError> {
        self.all(
            &format!(
                "{FILE} WHERE processing IS NULL AND created_at < ?1
                 AND NOT EXISTS (SELECT 1 FROM proofs WHERE file_id = files.id) ORDER BY id LIMIT ?2"
            ),
            [millis(before), limit],
            file,
        )
    }

    /// Pages of an original, in order.
    pub fn pages(&self, file: FileId) -> Result<Vec<Page>, StoreError> {
        self.all(&format!("{PAGE} WHERE file_id = ?1 ORDER BY number"), [file.0], page)
    }

    /// One page of an original.
    pub fn page(&self, file: FileId, number: u32) -> Result<Option<Page>, StoreError> {
        self.first(&format!("{PAGE} WHERE file_id = ?1 AND number = ?2"), params![file.0, number], page)
    }

    /// The files that a combined one is made of, in order; none for a single file.
    pub fn parts(&self, combined: FileId) -> Result<Vec<FilePart>, StoreError> {
        let sql =
            FILE.replace(" FROM files", ", p.name FROM file_parts p JOIN files ON files.id = p.part_id");
        self.all(&format!("{sql} WHERE p.file_id = ?1 ORDER BY p.position"), [combined.0], |row| {
            Ok(FilePart { file: file(row)?, name: row.col(8)? })
        })
    }

    /// Combined files that this one is a part of.
    pub fn combined_of(&self, part: FileId) -> Result<Vec<FileId>, StoreError> {
        self.all(
            "SELECT DISTINCT file_id FROM file_parts WHERE part_id = ?1 ORDER BY file_id",
            [part.0],
            |row| Ok(FileId(row.col(0)?)),
        )
    }

    /// How many pages of an original are there, or never will be.
    pub fn pages_done(&self, file: FileId) -> Result<u32, StoreError> {
        let count = self.number(
            "SELECT COUNT(*) FROM pages WHERE file_id = ?1 AND (ready = 1 OR error IS NOT NULL)",
            [file.0],
        )?;
        u32::try_from(count).map_err(|_| StoreError::Corrupt("pages"))
    }

    /// Proofs made of an original.
    pub fn proofs_of_file(&self, file: FileId) -> Result<Vec<ProofId>, StoreError> {
        self.all("SELECT id FROM proofs WHERE file_id = ?1 ORDER BY id", [file.0], |row| {
            Ok(ProofId(row.col(0)?))
        })
    }
}

impl Write<'_> {
    /// Notes an original.
    pub fn add_file(&self, new: &NewFile<'_>, now: Timestamp) -> Result<FileId, StoreError> {
        let size = i64::try_from(new.size).map_err(|_| StoreError::Corrupt("files.size"))?;
        self.insert(
            "INSERT INTO files (token, name, size, md5, created_at) VALUES (?1, ?2, ?3, ?4, ?5) RETURNING id",
            params![new.token, new.name, size, new.md5, millis(now)],
        )
        .map(FileId)
    }

    /// Notes what a combined file is made of.
    pub fn add_parts(&self, combined: FileId, parts: &[(FileId, &str)]) -> Result<(), StoreError> {
        for (position, (part, name)) in parts.iter().enumerate() {
            self.run(
                "INSERT INTO file_parts (file_id, position, part_id, name) VALUES (?1, ?2, ?3, ?4)",
                params![combined.0, position as i64, part.0, name],
            )?;
        }
        Ok(())
    }

    /// Notes that a web page was captured, and how large the file is. Combined files grow with it.
    pub fn set_captured(&self, file: FileId, size: u64, md5: &str) -> Result<(), StoreError> {
        let size = i64::try_from(size).map_err(|_| StoreError::Corrupt("files.size"))?;
        self.run("UPDATE files SET size = ?2, md5 = ?3 WHERE id = ?1", params![file.0, size, md5])?;
        self.run(
            "UPDATE files SET size = (SELECT COALESCE(SUM(part.size), 0) FROM file_parts p
                 JOIN files part ON part.id = p.part_id WHERE p.file_id = files.id)
             WHERE id IN (SELECT file_id FROM file_parts WHERE part_id = ?1)",
            [file.0],
        )?;
        Ok(())
    }

    /// Gives a combined file the pages of its parts, one after the other, and says how many they are.
    pub fn join_pages(&self, combined: FileId, parts: &[FileId]) -> Result<u32, StoreError> {
        self.run("DELETE FROM pages WHERE file_id = ?1", [combined.0])?;
        let mut count = 0;
        for part in parts {
            count += self.run(
                "INSERT INTO pages (file_id, number, width, height, vector, width_mm, height_mm, label, ready,
                     error, animation_ms, part_id, part_page)
                 SELECT ?1, number + ?3, width, height, vector, width_mm, height_mm, label, ready, error,
                     animation_ms, file_id, number FROM pages WHERE file_id = ?2",
                params![combined.0, part.0, count as i64],
            )?;
        }
        self.run("UPDATE files SET pages = ?2 WHERE id = ?1", params![combined.0, count as i64])?;
        u32::try_from(count).map_err(|_| StoreError::Corrupt("files.pages"))
    }

    /// Notes where an original is on its way to pages, and why it failed.
    pub fn set_processing(
        &self,
        file: FileId,
        to: Processing,
        error: Option<&str>,
    ) -> Result<(), StoreError> {
        self.run(
            "UPDATE files SET processing = ?2, processing_error = ?3, cancelled = 0,
                 step = CASE WHEN ?2 = 'processing' THEN step END WHERE id = ?1",
            params![file.0, to.as_str(), error],
        )?;
        Ok(())
    }

    /// Notes how far an original is. False when that was known already.
    pub fn set_work(&self, file: FileId, work: &Work) -> Result<bool, StoreError> {
        let changed = self.run(
            "UPDATE files SET step = ?2, steps_done = ?3, steps_total = ?4 WHERE id = ?1
             AND (step IS NULL OR step <> ?2 OR steps_done <> ?3 OR steps_total <> ?4)",
            params![file.0, work.step.as_str(), work.done, work.total],
        )?;
        Ok(changed > 0)
    }

    /// Notes that somebody called off what was done with an original.
    pub fn set_cancelled(&self, file: FileId, reason: &str) -> Result<(), StoreError> {
        self.set_processing(file, Processing::Failed, Some(reason))?;
        self.run("UPDATE files SET cancelled = 1 WHERE id = ?1", [file.0])?;
        Ok(())
    }

    /// Replaces the pages of an original. Pages that are ready with the same size stay ready.
    pub fn set_pages(&self, file: FileId, pages: &[Page]) -> Result<(), StoreError> {
        for page in pages {
            self.run(
                "INSERT INTO pages (file_id, number, width, height, vector, width_mm, height_mm, label, ready,
                     animation_ms)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
                 ON CONFLICT (file_id, number) DO UPDATE SET width = excluded.width, height = excluded.height,
                     vector = excluded.vector, width_mm = excluded.width_mm, height_mm = excluded.height_mm,
                     label = excluded.label, animation_ms = excluded.animation_ms",
                params![
                    file.0, page.number, page.width, page.height, i64::from(page.vector),
                    page.physical_mm.map(|mm| mm.0), page.physical_mm.map(|mm| mm.1), page.label,
                    i64::from(page.ready), page.animation_ms.map(i64::from),
                ],
            )?;
        }
        self.run(
            "DELETE FROM pages WHERE file_id = ?1 AND number > ?2",
            params![file.0, pages.len() as i64],
        )?;
        self.run("UPDATE files SET pages = ?2 WHERE id = ?1", params![file.0, pages.len() as i64])?;
        Ok(())
    }

    /// Notes that thumbnail and text of a page are there. False when they were before.
    pub fn set_page_ready(&self, file: FileId, number: u32) -> Result<bool, StoreError> {
        let changed = self.run(
            "UPDATE pages SET ready = 1, error = NULL WHERE file_id = ?1 AND number = ?2 AND ready = 0",
            params![file.0, number],
        )?;
        Ok(changed > 0)
    }

    /// Notes that a page alone cannot be rendered, and why.
    pub fn set_page_error(&self, file: FileId, number: u32, error: &str) -> Result<(), StoreError> {
        self.run(
            "UPDATE pages SET error = ?3 WHERE file_id = ?1 AND number = ?2",
            params![file.0, number, error],
        )?;
        Ok(())
    }

    /// Forgets what is known of an original whose bytes are gone. The row stays for the proofs that were
    /// made of it and deleted for good.
    pub fn erase_file(&self, file: FileId) -> Result<(), StoreError> {
        self.run("DELETE FROM pages WHERE file_id = ?1", [file.0])?;
        self.run("DELETE FROM preflights WHERE file_id = ?1", [file.0])?;
        self.run("DELETE FROM file_parts WHERE file_id = ?1", [file.0])?;
        self.run("DELETE FROM captures WHERE file_id = ?1", [file.0])?;
        self.run("DELETE FROM recordings WHERE file_id = ?1", [file.0])?;
        self.run("DELETE FROM interactives WHERE file_id = ?1", [file.0])?;
        self.run(
            "UPDATE files SET token = ?2, name = '', size = 0, md5 = '', pages = 0, processing = ?3,
                 processing_error = 'The file was deleted.' WHERE id = ?1",
            params![file.0, format!("erased-{}", file.0), Processing::Failed.as_str()],
        )?;
        Ok(())
    }

    /// Forgets an original that never became a proof. False when it did in the meantime.
    pub fn delete_unused_file(&self, file: FileId) -> Result<bool, StoreError> {
        let gone = self.run(
            "DELETE FROM files WHERE id = ?1 AND processing IS NULL
             AND NOT EXISTS (SELECT 1 FROM proofs WHERE file_id = files.id)",
            [file.0],
        )?;
        Ok(gone > 0)
    }
}
