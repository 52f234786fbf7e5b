//! Running one child: its limits, its time, its answers, its end.

use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::{Instant, timeout, timeout_at};

use super::{Inner, MAX_WAIT, Priority};
use crate::error::{MediaError, MediaErrorKind};
use crate::protocol::{ChildLimits, Event, LIMITS_VARIABLE, Request, Task};

/// Longest line from a child: the sizes of a document's pages.
const MAX_LINE: u64 = 4 << 20;
/// How much of what a child complains about is kept.
const MAX_COMPLAINT: usize = 4096;
/// A child that has said its last word may take this long to end.
const MAX_GOODBYE: Duration = Duration::from_secs(5);

impl Inner {
    /// Runs a child for the request, once. What it makes is moved into the cache under `key` before `on_event`
    /// hears of it.
    pub(super) async fn run_once(
        &self,
        priority: Priority,
        key: &str,
        mut request: Request,
        mut on_event: impl FnMut(&Event),
    ) -> Result<(), MediaError> {
        let background = match priority {
            Priority::Background => Some(self.background.acquire().await),
            Priority::Viewer => None,
        };
        let turn = match priority {
            Priority::Background => self.children.acquire().await,
            Priority::Viewer => timeout(MAX_WAIT, self.children.acquire())
                .await
                .map_err(|_| MediaError::new(MediaErrorKind::Busy, "no child came free"))?,
        };
        let folder = self.cache.output_folder().await?;
        request.out = folder.path().to_owned();
        let (child_limits, wall) = self.limits_for(&request).await?;
        let mut child = self.spawn(&request.out, &child_limits)?;
        let deadline = Instant::now() + wall;
        let outcome = self.converse(&mut child, key, &request, deadline, &mut on_event).await;
        if outcome.is_err() {
            // It may have ended already.
            let _ = child.kill().await;
        }
        drop((turn, background));
        if let Err(error) = &outcome {
            tracing::warn!(%key, %error, "a media child failed");
        }
        outcome
    }

    async fn limits_for(&self, request: &Request) -> Result<(ChildLimits, Duration), MediaError> {
        let limits = &self.options.limits;
        let (cpu_seconds, wall) = match request.task {
            Task::Open { .. } => (limits.open_cpu_seconds, limits.open_wall),
            _ => (limits.render_cpu_seconds, limits.render_wall),
        };
        let mut memory_bytes = limits.memory_bytes;
        for (input, _) in request.inputs() {
            let file =
                tokio::fs::metadata(input).await.map_err(|e| MediaError::io("reading the file", &e))?;
            memory_bytes = memory_bytes.saturating_add(file.len());
        }
        let output_bytes = match request.task {
            // What it unpacks it counts itself; this is the wall behind.
            Task::Site => crate::child::MAX_UNPACKED + limits.output_bytes,
            _ => limits.output_bytes,
        };
        Ok((ChildLimits { memory_bytes, cpu_seconds, output_bytes, tool: false }, wall))
    }

    pub(super) fn spawn(&self, folder: &Path, limits: &ChildLimits) -> Result<Child, MediaError> {
        let limits =
            serde_json::to_string(limits).map_err(|e| MediaError::new(MediaErrorKind::Io, e.to_string()))?;
        Command::new(&self.child.program)
            .args(&self.child.args)
            .env_clear()
            .env(LIMITS_VARIABLE, limits)
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|e| MediaError::io("starting a media child", &e))
    }

    async fn converse(
        &self,
        child: &mut Child,
        key: &str,
        request: &Request,
        deadline: Instant,
        on_event: &mut impl FnMut(&Event),
    ) -> Result<(), MediaError> {
        let (Some(mut stdin), Some(stdout), Some(stderr)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(MediaError::new(MediaErrorKind::Io, "a child without streams"));
        };
        let asked =
            serde_json::to_vec(request).map_err(|e| MediaError::new(MediaErrorKind::Io, e.to_string()))?;
        // On a task of its own: who does not empty this stream makes the child wait.
        let mut complaining = tokio::spawn(complaint(stderr));
        let ask = timeout_at(deadline, async move {
            // A child that died early says so with its exit status.
            let _ = stdin.write_all(&asked).await;
        });
        let (_, heard) = tokio::join!(ask, self.listen(stdout, key, request, deadline, on_event));
        let outcome = match heard {
            Ok(Some(Event::Failed { error })) => Err(error),
            Ok(Some(_)) => Ok(()),
            Ok(None) => match timeout(MAX_GOODBYE, child.wait()).await {
                Ok(Ok(status)) => {
                    let said = timeout(MAX_GOODBYE, &mut complaining).await;
                    let said = said.ok().and_then(Result::ok).unwrap_or_default();
                    Err(cause_of_death(status, &said))
                }
                Ok(Err(error)) => Err(MediaError::io("waiting for a child", &error)),
                Err(_) => Err(timed_out()),
            },
            Err(error) => Err(error),
        };
        complaining.abort();
        outcome
    }

    /// Handles lines until the last one, which is returned; `None` if the child ended without.
    async fn listen(
        &self,
        stdout: impl AsyncRead + Unpin,
        key: &str,
        request: &Request,
        deadline: Instant,
        on_event: &mut impl FnMut(&Event),
    ) -> Result<Option<Event>, MediaError> {
        let step = self.options.limits.step_wall;
        let mut lines = BufReader::new(stdout);
        let mut line = Vec::new();
        loop {
            line.clear();
            let until = deadline.min(Instant::now() + step);
            let mut limited = (&mut lines).take(MAX_LINE);
            let read =
                timeout_at(until, limited.read_until(b'\n', &mut line)).await.map_err(|_| timed_out())?;
            read.map_err(|e| MediaError::io("listening to a child", &e))?;
            if line.is_empty() {
                return Ok(None);
            }
            let event: Event = serde_json::from_slice(&line).map_err(|e| {
                MediaError::new(MediaErrorKind::Crashed, format!("a child said nonsense: {e}"))
            })?;
            match &event {
                Event::Done | Event::Failed { .. } => return Ok(Some(event)),
                Event::File { file } => self.cache.take(&request.out, key, *file).await?,
                Event::Info { pages } => self.cache.put_info(key, pages).await?,
                Event::Ready { .. }
                | Event::Flavor { .. }
                | Event::Begin { .. }
                | Event::Wanted { .. }
                | Event::Page { .. } => {}
            }
            on_event(&event);
        }
    }
}

/// The end of what a child writes to stderr. Everything is read, or it would wait for somebody to read.
pub(super) async fn complaint(mut stderr: impl AsyncRead + Unpin) -> String {
    let mut kept = Vec::new();
    let mut part = [0; 1024];
    while let Ok(length @ 1..) = stderr.read(&mut part).await {
        kept.extend_from_slice(&part[..length]);
        if kept.len() > 2 * MAX_COMPLAINT {
            kept.drain(..kept.len() - MAX_COMPLAINT);
        }
    }
    kept.drain(..kept.len().saturating_sub(MAX_COMPLAINT));
    String::from_utf8_lossy(&kept).trim().to_owned()
}

pub(super) fn timed_out() -> MediaError {
    MediaError::new(MediaErrorKind::TimedOut, "the time limit ran out")
}

/// What a child died of, by its exit status and last words.
pub(super) fn cause_of_death(status: ExitStatus, complaint: &str) -> MediaError {
    let out_of_memory = complaint.contains("memory allocation of") || complaint.contains("capacity overflow");
    let signal = status.signal();
    let kind = match signal {
        Some(libc::SIGXCPU) => MediaErrorKind::TimedOut,
        Some(libc::SIGXFSZ) => MediaErrorKind::TooLarge,
        _ if out_of_memory => MediaErrorKind::OutOfMemory,
        _ => MediaErrorKind::Crashed,
    };
    MediaError::new(kind, format!("a child ended with {status}: {complaint}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn death_has_a_cause() {
        let kind = |raw, said: &str| cause_of_death(ExitStatus::from_raw(raw), said).kind();
        assert_eq!(kind(libc::SIGXCPU, ""), MediaErrorKind::TimedOut);
        assert_eq!(kind(libc::SIGXFSZ, ""), MediaErrorKind::TooLarge);
        assert_eq!(kind(libc::SIGABRT, "memory allocation of 99 bytes failed"), MediaErrorKind::OutOfMemory);
        assert_eq!(kind(libc::SIGSEGV, ""), MediaErrorKind::Crashed);
        assert_eq!(kind(101 << 8, "thread 'main' panicked"), MediaErrorKind::Crashed);
        assert_eq!(kind(0, ""), MediaErrorKind::Crashed, "leaving without a word is no success");
    }

    #[tokio::test]
    async fn only_the_end_of_a_long_complaint_is_kept() {
        let long = "x".repeat(100_000) + "the end";
        let kept = complaint(long.as_bytes()).await;
        assert!(kept.len() <= MAX_COMPLAINT && kept.ends_with("the end"));
    }
}
