//! What is known of video and sound.

use crate::rows::RowExt;
use crate::{Read, StoreError, Write};
use galley_model::{FileId, Rate, Recording, Timecode};
use rusqlite::{Row, params};

fn recording(row: &Row<'_>) -> Result<Recording, StoreError> {
    let whole = |n: i64| u64::try_from(n).ok();
    let part = |n: i64| u32::try_from(n).ok();
    let (frames, seconds) =
        (row.value(0, "recordings.rate_frames", part)?, row.value(1, "recordings.rate_seconds", part)?);
    Ok(Recording {
        rate: Rate::new(frames, seconds).ok_or(StoreError::Corrupt("recordings.rate"))?,
        frames: row.value(2, "recordings.frames", whole)?,
        starts: row.value(3, "recordings.starts", whole)?,
        timecode: Timecode {
            first: row.value(4, "recordings.first_frame", whole)?,
            drop: row.col::<i64>(5)? != 0,
        },
        picture: row.col::<i64>(6)? != 0,
        sound: row.col::<i64>(7)? != 0,
        mime: row.col(8)?,
    })
}

impl Read<'_> {
    /// What is known of a file that plays; none for what has pages, and before it was looked into.
    pub fn recording(&self, file: FileId) -> Result<Option<Recording>, StoreError> {
        self.first(
            "SELECT rate_frames, rate_seconds, frames, starts, first_frame, drop_frame, picture, sound, mime
             FROM recordings WHERE file_id = ?1",
            [file.0],
            recording,
        )
    }
}

impl Write<'_> {
    /// Notes what is known of a file that plays.
    pub fn set_recording(&self, file: FileId, of: &Recording) -> Result<(), StoreError> {
        let whole = |n: u64| i64::try_from(n).map_err(|_| StoreError::Corrupt("recordings"));
        let (frames, seconds) = of.rate.fraction();
        self.run(
            "INSERT INTO recordings (file_id, rate_frames, rate_seconds, frames, starts, first_frame, drop_frame,
                 picture, sound, mime)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
             ON CONFLICT (file_id) DO UPDATE SET rate_frames = excluded.rate_frames,
                 rate_seconds = excluded.rate_seconds, frames = excluded.frames, starts = excluded.starts,
                 first_frame = excluded.first_frame, drop_frame = excluded.drop_frame,
                 picture = excluded.picture, sound = excluded.sound, mime = excluded.mime",
            params![
                file.0, frames, seconds, whole(of.frames)?, whole(of.starts)?, whole(of.timecode.first)?,
                i64::from(of.timecode.drop), i64::from(of.picture), i64::from(of.sound), of.mime,
            ],
        )?;
        Ok(())
    }
}
