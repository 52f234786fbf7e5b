//! Work to be done later: written in the transaction that causes it, leased by whoever does it,
//! tried again when that one dies.

use crate::rows::{RowExt, millis};
use crate::{Read, StoreError, Write};
use galley_model::Timestamp;
use rusqlite::{Row, params};

/// Kinds of work. The subject of a job is the id of what it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JobKind {
    /// Turn a file into pages.
    OpenFile,
    /// Capture a web page, which makes the file.
    Capture,
    /// Find the sub-pages of a web page.
    FindPages,
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
    /// Stable text for storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            JobKind::OpenFile => "open_file",
            JobKind::Capture => "capture",
            JobKind::FindPages => "find_pages",
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
            JobKind::FindPages,
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

/// Jobs that share a limit on how many are done at the same time, by all processes together. A pile of slow
/// ones never holds up the quick ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lane {
    /// Opening files that are decoded here.
    Open,
    /// Opening files that a tool converts first.
    Convert,
    /// Capturing web pages, and looking for their sub-pages.
    Capture,
    /// Making recordings playable.
    Play,
    /// Everything else.
    Light,
}

impl Lane {
    const fn as_str(self) -> &'static str {
        match self {
            Lane::Open => "open",
            Lane::Convert => "convert",
            Lane::Capture => "capture",
            Lane::Play => "play",
            Lane::Light => "light",
        }
    }

    fn parse(text: &str) -> Option<Lane> {
        [Lane::Open, Lane::Convert, Lane::Capture, Lane::Play, Lane::Light]
            .into_iter()
            .find(|l| l.as_str() == text)
    }
}

impl JobKind {
    /// Where a job of this kind starts. A file whose first bytes ask for a tool moves on to
    /// [`Lane::Convert`].
    const fn lane(self) -> Lane {
        match self {
            JobKind::OpenFile => Lane::Open,
            JobKind::Capture | JobKind::FindPages => Lane::Capture,
            JobKind::MakePlayable => Lane::Play,
            _ => Lane::Light,
        }
    }
}

/// How many jobs of each lane are done at the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LaneLimits {
    /// [`Lane::Open`].
    pub open: u32,
    /// [`Lane::Convert`].
    pub convert: u32,
    /// [`Lane::Capture`].
    pub capture: u32,
    /// [`Lane::Play`].
    pub play: u32,
    /// [`Lane::Light`].
    pub light: u32,
}

/// Due jobs of lanes that are not full: `?1` is the time, `?2` to `?6` are the limits. Who holds a lease that ran out
/// holds nothing.
const TAKEABLE: &str = "((state = 'queued' AND run_at <= ?1) OR (state = 'leased' AND leased_until <= ?1))
    AND lane NOT IN (SELECT lane FROM jobs WHERE state = 'leased' AND leased_until > ?1 GROUP BY lane
        HAVING COUNT(*) >= CASE lane WHEN 'open' THEN ?2 WHEN 'convert' THEN ?3 WHEN 'capture' THEN ?4
            WHEN 'play' THEN ?5 ELSE ?6 END)";

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
    /// What it shares a limit with.
    pub lane: Lane,
    /// How urgent it is; lower goes first.
    pub priority: i64,
    /// When it may be done.
    pub run_at: Timestamp,
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
    /// What it shares a limit with.
    pub lane: Lane,
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

    /// Whether [`Write::lease_job`] would find one: looking writes nothing.
    pub fn job_is_due(&self, now: Timestamp, limits: &LaneLimits) -> Result<bool, StoreError> {
        let found = self.first(
            &format!("SELECT 1 FROM jobs WHERE {TAKEABLE} LIMIT 1"),
            params![millis(now), limits.open, limits.convert, limits.capture, limits.play, limits.light],
            |_| Ok(()),
        )?;
        Ok(found.is_some())
    }

    /// Whether somebody still has this lease.
    pub fn holds_job(&self, job: &LeasedJob) -> Result<bool, StoreError> {
        let found = self.first(
            "SELECT 1 FROM jobs WHERE id = ?1 AND lease = ?2",
            params![job.id, job.lease],
            |_| Ok(()),
        )?;
        Ok(found.is_some())
    }

    /// Whether a job waits that would go first with this priority.
    pub fn can_be_raised(&self, kind: JobKind, subject: i64, priority: i64) -> Result<bool, StoreError> {
        let found = self.first(
            "SELECT 1 FROM jobs WHERE kind = ?1 AND subject = ?2 AND state = 'queued' AND priority > ?3",
            params![kind.as_str(), subject, priority],
            |_| Ok(()),
        )?;
        Ok(found.is_some())
    }

    /// Jobs that are not done, oldest first.
    pub fn jobs(&self, limit: i64) -> Result<Vec<Job>, StoreError> {
        self.all(&format!("{JOB} ORDER BY id LIMIT ?1"), [limit], job)
    }

    /// One of them.
    pub fn job(&self, id: i64) -> Result<Option<Job>, StoreError> {
        self.first(&format!("{JOB} WHERE id = ?1"), [id], job)
    }
}

const JOB: &str = "SELECT id, kind, subject, state, lane, priority, run_at, attempts, last_error FROM jobs";

fn job(row: &Row<'_>) -> Result<Job, StoreError> {
    Ok(Job {
        id: row.col(0)?,
        kind: row.word(1, "jobs.kind", JobKind::parse)?,
        subject: row.col(2)?,
        state: row.col(3)?,
        lane: row.word(4, "jobs.lane", Lane::parse)?,
        priority: row.col(5)?,
        run_at: row.time(6)?,
        attempts: row.col(7)?,
        last_error: row.col(8)?,
    })
}

impl Write<'_> {
    /// Adds a job, unless the same one waits already. Lower priorities go first; one that waits already never
    /// gets a higher one.
    pub fn add_job(
        &self,
        kind: JobKind,
        subject: i64,
        priority: i64,
        run_at: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO jobs (kind, subject, priority, state, run_at, created_at, lane)
                 VALUES (?1, ?2, ?3, 'queued', ?4, ?5, ?6)
             ON CONFLICT (kind, subject) DO UPDATE SET state = 'queued', run_at = excluded.run_at, attempts = 0,
                 priority = excluded.priority WHERE jobs.state = 'parked'",
            params![kind.as_str(), subject, priority, millis(run_at), millis(now), kind.lane().as_str()],
        )?;
        self.raise_job(kind, subject, priority)
    }

    /// Makes a job that waits at least this urgent.
    pub fn raise_job(&self, kind: JobKind, subject: i64, priority: i64) -> Result<(), StoreError> {
        self.run(
            "UPDATE jobs SET priority = ?3 WHERE kind = ?1 AND subject = ?2 AND state = 'queued' AND priority > ?3",
            params![kind.as_str(), subject, priority],
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

    /// Takes the most urgent job that is due, or whose holder let its lease run out, of a lane that is not full.
    pub fn lease_job(
        &self,
        lease: &str,
        now: Timestamp,
        until: Timestamp,
        limits: &LaneLimits,
    ) -> Result<Option<LeasedJob>, StoreError> {
        self.first(
            &format!(
                "UPDATE jobs SET state = 'leased', lease = ?7, leased_until = ?8, attempts = attempts + 1
                 WHERE id = (SELECT id FROM jobs WHERE {TAKEABLE} ORDER BY priority, run_at, id LIMIT 1)
                 RETURNING id, kind, subject, attempts, lane"
            ),
            params![
                millis(now),
                limits.open,
                limits.convert,
                limits.capture,
                limits.play,
                limits.light,
                lease,
                millis(until)
            ],
            |row| {
                Ok(LeasedJob {
                    id: row.col(0)?,
                    kind: row.word(1, "jobs.kind", JobKind::parse)?,
                    subject: row.col(2)?,
                    attempts: row.col(3)?,
                    lane: row.word(4, "jobs.lane", Lane::parse)?,
                    lease: lease.to_owned(),
                })
            },
        )
    }

    /// Puts a leased job into another lane, to wait there for its turn. This was no attempt.
    pub fn move_job(&self, job: &LeasedJob, lane: Lane) -> Result<(), StoreError> {
        self.run(
            "UPDATE jobs SET lane = ?3, state = 'queued', attempts = attempts - 1, lease = NULL, leased_until = NULL
             WHERE id = ?1 AND lease = ?2",
            params![job.id, job.lease, lane.as_str()],
        )?;
        Ok(())
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

    /// Puts a failed job back for later, or parks it when no time is given. False when the lease was lost.
    pub fn fail_job(
        &self,
        job: &LeasedJob,
        error: &str,
        retry_at: Option<Timestamp>,
    ) -> Result<bool, StoreError> {
        let state = if retry_at.is_some() { "queued" } else { "parked" };
        let changed = self.run(
            "UPDATE jobs SET state = ?3, run_at = COALESCE(?4, run_at), last_error = ?5, lease = NULL, leased_until = NULL
             WHERE id = ?1 AND lease = ?2",
            params![job.id, job.lease, state, retry_at.map(millis), error],
        )?;
        Ok(changed > 0)
    }

    /// Puts a job back that could not be tried.
    pub fn postpone_job(&self, job: &LeasedJob, error: &str, at: Timestamp) -> Result<(), StoreError> {
        if self.fail_job(job, error, Some(at))? {
            self.run("UPDATE jobs SET attempts = attempts - 1 WHERE id = ?1", [job.id])?;
        }
        Ok(())
    }

    /// Calls off a job, whoever has it: they notice that their lease is gone. False when there was none.
    pub fn drop_job(&self, kind: JobKind, subject: i64) -> Result<bool, StoreError> {
        let gone =
            self.run("DELETE FROM jobs WHERE kind = ?1 AND subject = ?2", params![kind.as_str(), subject])?;
        Ok(gone > 0)
    }

    /// Lets a job that waits or was parked be tried at once, as often as a new one. False when there is none.
    pub fn retry_job(&self, id: i64, now: Timestamp) -> Result<bool, StoreError> {
        let changed = self.run(
            "UPDATE jobs SET state = 'queued', attempts = 0, run_at = ?2 WHERE id = ?1 AND state <> 'leased'",
            params![id, millis(now)],
        )?;
        Ok(changed > 0)
    }

    /// Gives jobs back whose lease begins with this. Whoever held them says so before it ends, and then it was
    /// no attempt; or it is dead, and then it was one.
    pub fn release_jobs(&self, holder: &str, counts: bool) -> Result<usize, StoreError> {
        self.run(
            "UPDATE jobs SET state = 'queued', lease = NULL, leased_until = NULL,
                 attempts = attempts - CASE WHEN ?2 THEN 0 ELSE 1 END
             WHERE state = 'leased' AND SUBSTR(lease, 1, LENGTH(?1)) = ?1",
            params![holder, counts],
        )
    }
}
