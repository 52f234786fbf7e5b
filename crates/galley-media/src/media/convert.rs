//! Running a tool on a file that is not decoded here, and keeping what comes out.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::process::ChildStdout;
use tokio::time::{Instant, timeout, timeout_at};

use super::flight::Unit;
use super::plan::{self, Plan, RESULT};
use super::process::{cause_of_death, complaint, timed_out};
use super::{Inner, MAX_WAIT, MAX_WAITING, Media, Priority, Source, check_file};
use crate::error::{MediaError, MediaErrorKind};
use crate::flavor::Flavor;
use crate::kind::{FileKind, SNIFFED, sniff};
use crate::limits::Protection;
use crate::protocol::{ChildLimits, Event, Launch, Request, Task};
use crate::tools::Tool;

/// A tool may ask so often to be run once more.
const MAX_RUNS: usize = 3;
/// How often the space is counted that a tool takes on the disk.
const COUNT_EVERY: Duration = Duration::from_secs(1);
/// Files counted at most; a profile has some hundreds.
const MAX_COUNTED: usize = 20_000;

impl Media {
    /// The file that a child decodes: the source itself, or what a tool makes of it.
    pub(super) async fn decodable(&self, source: &Source) -> Result<(PathBuf, FileKind), MediaError> {
        let path = std::path::absolute(&source.path).map_err(|e| MediaError::io("finding the file", &e))?;
        if !plan::is_converted(source.kind) {
            let (kind, limit) = (source.kind, self.inner.options.limits.max_file_bytes);
            let looked_at = path.clone();
            blocking(move || check_file(&looked_at, kind, limit)).await?;
            return Ok((path, source.kind));
        }
        let prepared = match self.inner.cache.prepared(&source.key).await? {
            Some(prepared) => prepared,
            None => self.prepare(source, path).await?,
        };
        let looked_at = prepared.clone();
        let kind = blocking(move || kind_of(&looked_at)).await?;
        Ok((prepared, kind))
    }

    /// Converts once for all who wait.
    async fn prepare(&self, source: &Source, path: PathBuf) -> Result<PathBuf, MediaError> {
        let (media, of) = (self.clone(), source.clone());
        let mut flight =
            self.inner.flights.join_or_start(Unit::preparing(source), MAX_WAITING, move |_| async move {
                media.convert(&of, path).await
            })?;
        loop {
            match flight.outcome() {
                None => flight.changed().await,
                Some(Err(error)) => return Err(error),
                Some(Ok(())) => {
                    let made = self.inner.cache.prepared(&source.key).await?;
                    return made
                        .ok_or_else(|| MediaError::new(MediaErrorKind::Io, "a converted file is missing"));
                }
            }
        }
    }

    async fn convert(&self, source: &Source, path: PathBuf) -> Result<(), MediaError> {
        let (kind, limit) = (source.kind, self.inner.options.limits.max_file_bytes);
        let looked_at = path.clone();
        blocking(move || check_file(&looked_at, kind, limit)).await?;
        if let FileKind::Recording(container) = kind {
            return self.make_still(source, container, &path).await;
        }
        if self.site(source).await?.is_some() {
            return self.stand_in(source).await;
        }
        let folder = self.inner.cache.output_folder().await?;
        let plan = match plan::other(kind, &path, folder.path()) {
            Some(plan) => plan,
            None => plan::office(self.flavor(source, &path).await?, &path, folder.path()),
        };
        let made = self.inner.run_tool(&plan, kind, &path, folder.path()).await?;
        self.inner.cache.take_prepared(made, &source.key).await?;
        Ok(())
    }

    /// Which document it is, found out in a child.
    async fn flavor(&self, source: &Source, path: &Path) -> Result<Flavor, MediaError> {
        if let Some(flavor) = plan::known_flavor(source.kind) {
            return Ok(flavor);
        }
        let request = self.request(source.kind, path.to_owned(), Task::Inspect);
        let mut found = None;
        let on_event = |event: &Event| {
            if let Event::Flavor { flavor } = event {
                found = Some(*flavor);
            }
        };
        self.inner.run(Priority::Background, &source.key, request, on_event).await?;
        found.ok_or_else(|| MediaError::new(MediaErrorKind::Crashed, "the child said nothing"))
    }

    /// What protects tools on this machine, as reported by a child that would become one.
    ///
    /// # Errors
    /// If a child cannot be started or does not answer.
    pub async fn tool_protection(&self) -> Result<Protection, MediaError> {
        let folder = self.inner.cache.output_folder().await?;
        let launch = Launch { program: None, args: Vec::new(), variables: Vec::new() };
        let mut request = self.request(FileKind::Pdf, PathBuf::from("/dev/null"), Task::Launch(launch));
        request.out = folder.path().to_owned();
        let ran = self.inner.launch(&request, Instant::now() + MAX_WAIT).await?;
        match serde_json::from_str(ran.said.lines().next().unwrap_or_default()) {
            Ok(Event::Ready { protection }) => Ok(protection),
            _ => Err(MediaError::new(MediaErrorKind::Crashed, format!("the child said {:?}", ran.said))),
        }
    }
}

/// How a tool ended.
pub(super) struct Ran {
    pub status: ExitStatus,
    pub said: String,
    complained: String,
}

/// What one run of a tool may cost.
pub(super) struct Allowance {
    pub wall: Duration,
    pub cpu_seconds: u64,
    pub output_bytes: u64,
}

impl Inner {
    /// A request to become the tool. Folders and files that the tool needs are made here.
    pub(super) async fn request_of(
        &self,
        plan: &Plan,
        kind: FileKind,
        input: &Path,
        folder: &Path,
    ) -> Result<Request, MediaError> {
        let program = self.program(plan.tool)?.to_owned();
        let (prepared, files) = (folder.to_owned(), plan.files);
        blocking(move || lay_out(&prepared, files).map_err(|e| MediaError::io("preparing a tool", &e)))
            .await?;
        let launch =
            Launch { program: Some(program), args: plan.args.clone(), variables: plan.variables.clone() };
        let limits = &self.options.limits;
        Ok(Request {
            input: input.to_owned(),
            kind,
            out: folder.to_owned(),
            max_pages: limits.max_pages,
            max_page_pixels: limits.max_page_pixels,
            max_page_side: limits.max_page_side,
            helpers: Vec::new(),
            drawn: Vec::new(),
            task: Task::Launch(launch),
        })
    }

    pub(super) fn program(&self, tool: Tool) -> Result<&Path, MediaError> {
        let program = self.options.tools.program(tool);
        program.ok_or_else(|| MediaError::new(MediaErrorKind::MissingTool(tool), ""))
    }

    /// Runs the tool and gives the one file it made.
    pub(super) async fn run_tool(
        &self,
        plan: &Plan,
        kind: FileKind,
        input: &Path,
        folder: &Path,
    ) -> Result<PathBuf, MediaError> {
        let request = self.request_of(plan, kind, input, folder).await?;
        let limits = &self.options.limits;
        // One permit of each, as for any child that nobody looks at yet.
        let _background = self.background.acquire().await;
        let _turn = self.children.acquire().await;
        let deadline = Instant::now() + limits.convert_wall;
        let mut last = None;
        for _ in 0..MAX_RUNS {
            let ran = self.launch(&request, deadline).await?;
            let again = plan.again.is_some() && ran.status.code() == plan.again;
            last = Some(ran);
            if !again {
                break;
            }
        }
        let last = last.ok_or_else(|| MediaError::new(MediaErrorKind::Crashed, "a tool was not run"))?;
        made_by(plan, &last, folder).await
    }

    /// Starts a child that becomes the tool of the request, and waits for its end.
    pub(super) async fn launch(&self, request: &Request, deadline: Instant) -> Result<Ran, MediaError> {
        let limits = &self.options.limits;
        let allowance = Allowance {
            wall: deadline.saturating_duration_since(Instant::now()),
            cpu_seconds: limits.convert_cpu_seconds,
            output_bytes: limits.convert_output_bytes,
        };
        self.launch_heard(request, &allowance, complaint).await
    }

    /// The same with what it may cost, and with somebody who listens to what the tool says.
    pub(super) async fn launch_heard<H, F>(
        &self,
        request: &Request,
        allowance: &Allowance,
        hear: H,
    ) -> Result<Ran, MediaError>
    where
        H: FnOnce(ChildStdout) -> F,
        F: Future<Output = String> + Send + 'static,
    {
        let deadline = Instant::now() + allowance.wall;
        let child_limits = ChildLimits {
            memory_bytes: self.options.limits.convert_memory_bytes,
            cpu_seconds: allowance.cpu_seconds,
            output_bytes: allowance.output_bytes,
            tool: true,
        };
        let asked =
            serde_json::to_vec(request).map_err(|e| MediaError::new(MediaErrorKind::Io, e.to_string()))?;
        let mut child = self.spawn(&request.out, &child_limits)?;
        let (Some(mut stdin), Some(stdout), Some(stderr)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(MediaError::new(MediaErrorKind::Io, "a child without streams"));
        };
        let (mut saying, mut complaining) = (tokio::spawn(hear(stdout)), tokio::spawn(complaint(stderr)));
        // A child that died early says so with its exit status.
        let _ = timeout_at(deadline, stdin.write_all(&asked)).await;
        drop(stdin);
        let ended = tokio::select! {
            ended = timeout_at(deadline, child.wait()) => match ended {
                Ok(Ok(status)) => Ok(status),
                Ok(Err(error)) => Err(MediaError::io("waiting for a tool", &error)),
                Err(_) => Err(timed_out()),
            },
            () = grows_beyond(request.out.clone(), allowance.output_bytes) => {
                Err(MediaError::new(MediaErrorKind::TooLarge, "a tool wrote too much"))
            }
        };
        if ended.is_err() {
            // It may have ended already.
            let _ = child.kill().await;
        }
        let heard = async |words: &mut tokio::task::JoinHandle<String>| {
            timeout(COUNT_EVERY, words).await.ok().and_then(Result::ok).unwrap_or_default()
        };
        let (said, complained) = (heard(&mut saying).await, heard(&mut complaining).await);
        saying.abort();
        complaining.abort();
        match ended {
            Ok(status) => Ok(Ran { status, said, complained }),
            Err(error) => {
                tracing::warn!(%error, complained, "a tool was stopped");
                Err(error)
            }
        }
    }
}

/// The one file that a tool made, or why it made none.
pub(super) async fn made_by(plan: &Plan, ran: &Ran, folder: &Path) -> Result<PathBuf, MediaError> {
    let (result, becomes) = (folder.join(RESULT), plan.becomes);
    // Converters complain about much that does no harm: what counts is what they made.
    match blocking(move || Ok(only_file(&result, becomes))).await? {
        Some(made) if ran.status.success() => Ok(made),
        _ => Err(why(ran)),
    }
}

/// Comes back when the files below a folder take more than so many bytes.
async fn grows_beyond(folder: PathBuf, most: u64) {
    loop {
        tokio::time::sleep(COUNT_EVERY).await;
        let counted = folder.clone();
        if tokio::task::spawn_blocking(move || size(&counted)).await.is_ok_and(|size| size > most) {
            return;
        }
    }
}

/// Bytes below a folder; too many files count as too many bytes.
fn size(folder: &Path) -> u64 {
    let (mut sum, mut counted) = (0u64, 0);
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            counted += 1;
            if counted > MAX_COUNTED {
                return u64::MAX;
            }
            match entry.metadata() {
                Ok(metadata) if metadata.is_dir() => folders.push(entry.path()),
                Ok(metadata) => sum = sum.saturating_add(metadata.len()),
                Err(_) => {}
            }
        }
    }
    sum
}

/// The folders and files that a tool finds.
fn lay_out(folder: &Path, files: plan::Files) -> std::io::Result<()> {
    fs::create_dir_all(folder.join(RESULT))?;
    fs::create_dir_all(folder.join("tmp"))?;
    for (name, content) in files {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, content)?;
    }
    Ok(())
}

/// The one file in a folder, if it is of the kind.
fn only_file(folder: &Path, kind: FileKind) -> Option<PathBuf> {
    let mut entries = fs::read_dir(folder).ok()?;
    let entry = entries.next()?.ok()?;
    let alone = entries.next().is_none();
    let plain = entry.file_type().is_ok_and(|t| t.is_file());
    (alone && plain && kind_of(&entry.path()).ok() == Some(kind)).then(|| entry.path())
}

fn kind_of(path: &Path) -> Result<FileKind, MediaError> {
    let failed = |e: std::io::Error| MediaError::io("reading a converted file", &e);
    let mut head = Vec::with_capacity(SNIFFED);
    fs::File::open(path).map_err(failed)?.take(SNIFFED as u64).read_to_end(&mut head).map_err(failed)?;
    sniff(&head, "")
        .map_err(|_| MediaError::new(MediaErrorKind::Unconvertible, "the result is of no known kind"))
}

pub(super) fn why(ran: &Ran) -> MediaError {
    let words = format!("{} {}", ran.said, ran.complained);
    let out_of_memory = ["bad_alloc", "out of memory", "annot allocate", "memory allocation"];
    if out_of_memory.iter().any(|sign| words.contains(sign)) {
        return MediaError::new(MediaErrorKind::OutOfMemory, words);
    }
    let error = cause_of_death(ran.status, &words);
    match error.kind() {
        // Told by an exit code rather than a signal: it did not want to.
        MediaErrorKind::Crashed if ran.status.code().is_some() => {
            MediaError::new(MediaErrorKind::Unconvertible, format!("{}: {words}", ran.status))
        }
        _ => error,
    }
}

pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, MediaError> + Send + 'static,
) -> Result<T, MediaError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => Err(MediaError::new(MediaErrorKind::Io, error.to_string())),
    }
}
