//! Work to be done later: written in the transaction that causes it, leased by whoever does it,
//! tried again when that one dies.

use crate::rows::{RowExt, millis};
use crate::{Read, StoreError, Write};
use galley_model::Timestamp;
use rusqlite::params;

/// Kinds of work. The subject of a job is the id of what it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JobKind {
    /// Turn a file into pages.
    OpenFile,
    /// Capture a web page, which makes the file.
    Capture,
    /// Remove ended sessions and uploads that nobody used.
    Housekeeping,
    /// Start the stages of a proof that a time starts.
    Stages,
    /// Archive proofs to which nothing happened for long.
    ArchiveIdle,
    /// Remove an original whose proofs were deleted for good.
    EraseFile,
    /// Make a summary of a proof.
    Summary,
    /// Make what browsers play of a video or of sound.
    MakePlayable,
}

impl JobKind {
    const fn as_str(self) -> &'static str {
        match self {
            JobKind::OpenFile => "open_file",
            JobKind::Capture => "capture",
            JobKind::Housekeeping => "housekeeping",
            JobKind::Stages => "stages",
            JobKind::ArchiveIdle => "archive_idle",
            JobKind::EraseFile => "erase_file",
            JobKind::Summary => "summary",
            JobKind::MakePlayable => "make_playable",
        }
    }

    fn parse(text: &str) -> Option<JobKind> {
        [
            JobKind::OpenFile,
            JobKind::Capture,
            JobKind::Housekeeping,
            JobKind::Stages,
            JobKind::ArchiveIdle,
            JobKind::EraseFile,
            JobKind::Summary,
            JobKind::MakePlayable,
        ]
        .into_iter()
        .find(|k| k.as_str() == text)
    }
}

/// A job as an administrator sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Identifier.
    pub id: i64,
    /// What to do.
    pub kind: JobKind,
    /// To what.
    pub subject: i64,
    /// `queued`, `leased` or `parked`.
    pub state: String,
    /// How often it was tried.
    pub attempts: i64,
    /// Why it failed last.
    pub last_error: Option<String>,
}

/// A job that the caller has for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeasedJob {
    /// Identifier.
    pub id: i64,
    /// What to do.
    pub kind: JobKind,
    /// To what.
    pub subject: i64,
    /// How often it has been tried, this time included.
    pub attempts: i64,
    /// Proof of the lease: whoever lost it cannot finish the job.
    pub lease: String,
}

impl Read<'_> {
    /// When the next job may be taken, if any waits or is leased.
    pub fn next_job_at(&self) -> Result<Option<Timestamp>, StoreError> {
        let at = self.first(
            "SELECT MIN(CASE WHEN state = 'leased' THEN leased_until ELSE run_at END) FROM jobs WHERE state <> 'parked'",
            [],
            |row| row.col::<Option<i64>>(0),
        )?;
        at.flatten()
            .map(|at| Timestamp::from_millisecond(at).map_err(|_| StoreError::Corrupt("time")))
            .transpose()
    }

    /// Subjects of queued jobs of a kind that are due, the longest due first.
    pub fn due_subjects(&self, kind: JobKind, now: Timestamp) -> Result<Vec<i64>, StoreError> {
        self.all(
            "SELECT subject FROM jobs WHERE kind = ?1 AND state = 'queued' AND run_at <= ?2 ORDER BY run_at, id",
            params![kind.as_str(), millis(now)],
            |row| row.col(0),
        )
    }

    /// Jobs that are not done, oldest first.
    pub fn jobs(&self, limit: i64) -> Result<Vec<Job>, StoreError> {
        self.all(
            "SELECT id, kind, subject, state, attempts, last_error FROM jobs ORDER BY id LIMIT ?1",
            [limit],
            |row| {
                Ok(Job {
                    id: row.col(0)?,
                    kind: row.word(1, "jobs.kind", JobKind::parse)?,
                    subject: row.col(2)?,
                    state: row.col(3)?,
                    attempts: row.col(4)?,
                    last_error: row.col(5)?,
                })
            },
        )
    }
}

impl Write<'_> {
    /// Adds a job, unless the same one waits already. Lower priorities go first.
    pub fn add_job(
        &self,
        kind: JobKind,
        subject: i64,
        priority: i64,
        run_at: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO jobs (kind, subject, priority, state, run_at, created_at) VALUES (?1, ?2, ?3, 'queued', ?4, ?5)
             ON CONFLICT (kind, subject) DO UPDATE SET state = 'queued', run_at = excluded.run_at, attempts = 0
                 WHERE jobs.state = 'parked'",
            params![kind.as_str(), subject, priority, millis(run_at), millis(now)],
        )?;
        Ok(())
    }

    /// Sets the only time at which a job of this kind runs for this subject, or calls it off. A job that
    /// is being done is left to whoever does it: it looks at what is there now anyway.
    pub fn schedule_job(
        &self,
        kind: JobKind,
        subject: i64,
        run_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        match run_at {
            Some(at) => self.run(
                "INSERT INTO jobs (kind, subject, priority, state, run_at, created_at) VALUES (?1, ?2, 0, 'queued', ?3, ?4)
                 ON CONFLICT (kind, subject) DO UPDATE SET state = 'queued', run_at = excluded.run_at, attempts = 0
                     WHERE jobs.state <> 'leased'",
                params![kind.as_str(), subject, millis(at), millis(now)],
            )?,
            None => self.run(
                "DELETE FROM jobs WHERE kind = ?1 AND subject = ?2 AND state <> 'leased'",
                params![kind.as_str(), subject],
            )?,
        };
        Ok(())
    }

    /// Takes the most urgent job that is due, or whose holder let its lease run out.
    pub fn lease_job(
        &self,
        lease: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<LeasedJob>, StoreError> {
        let due = self.first(
            "SELECT id, kind, subject, attempts FROM jobs
             WHERE (state = 'queued' AND run_at <= ?1) OR (state = 'leased' AND leased_until <= ?1)
             ORDER BY priority, run_at, id LIMIT 1",
            [millis(now)],
            |row| {
                Ok(LeasedJob {
                    id: row.col(0)?,
                    kind: row.word(1, "jobs.kind", JobKind::parse)?,
                    subject: row.col(2)?,
                    attempts: row.col::<i64>(3)? + 1,
                    lease: lease.to_owned(),
                })
            },
        )?;
        if let Some(job) = &due {
            self.run(
                "UPDATE jobs SET state = 'leased', lease = ?2, leased_until = ?3, attempts = attempts + 1 WHERE id = ?1",
                params![job.id, lease, millis(until)],
            )?;
        }
        Ok(due)
    }

    /// Keeps a lease alive. False when it was lost.
    pub fn renew_job(&self, job: &LeasedJob, until: Timestamp) -> Result<bool, StoreError> {
        let changed = self.run(
            "UPDATE jobs SET leased_until = ?3 WHERE id = ?1 AND lease = ?2",
            params![job.id, job.lease, millis(until)],
        )?;
        Ok(changed > 0)
    }

    /// Removes a job that is done. False when the lease was lost, and somebody else is at it.
    pub fn finish_job(&self, job: &LeasedJob) -> Result<bool, StoreError> {
        Ok(self.run("DELETE FROM jobs WHERE id = ?1 AND lease = ?2", params![job.id, job.lease])? > 0)
    }

    /// Puts a failed job back for later, or parks it when no time is given.
    pub fn fail_job(
        &self,
        job: &LeasedJob,
        error: &str,
        retry_at: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        let state = if retry_at.is_some() { "queued" } else { "parked" };
        self.run(
            "UPDATE jobs SET state = ?3, run_at = COALESCE(?4, run_at), last_error = ?5, lease = NULL, leased_until = NULL
             WHERE id = ?1 AND lease = ?2",
            params![job.id, job.lease, state, retry_at.map(millis), error],
        )?;
        Ok(())
    }

    /// Gives every leased job back. For the start of the only server on this database: whoever held
    /// them is dead.
    pub fn release_jobs(&self) -> Result<usize, StoreError> {
        self.run(
            "UPDATE jobs SET state = 'queued', lease = NULL, leased_until = NULL WHERE state = 'leased'",
            [],
        )
    }
}
