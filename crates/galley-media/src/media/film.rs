//! Recordings: looking into them, and making what people see and hear of them.

use std::fs::File;
use std::io::{self, Read as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use rustix::fs::OFlags;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::process::ChildStdout;
use tokio::sync::watch;

use super::convert::{Allowance, blocking, made_by, why};
use super::ffmpeg::{self, PLAYABLE};
use super::plan::{Plan, RESULT};
use super::probe::Probed;
use super::{Media, Source, check_file, lock};
use crate::error::{MediaError, MediaErrorKind};
use crate::film::{Container, Film, Playback};
use crate::kind::{FileKind, SNIFFED};
use crate::protocol::{Launch, Task};
use crate::tools::Tool;

/// Longest answer of ffprobe.
const MAX_ANSWER: u64 = 2 << 20;
/// Time to look into a file; one without an index is read to its end for it.
const PROBE_WALL: Duration = Duration::from_secs(120);

/// A file that a browser plays and that is being made.
pub(super) struct Making {
    path: PathBuf,
    percent: AtomicU8,
    done: watch::Sender<bool>,
}

/// What a browser can be given of a recording now.
#[derive(Debug)]
pub enum Playing {
    /// A whole file.
    Whole(PathBuf),
    /// A file that is still being written, opened, and what tells when that ends.
    Growing(File, watch::Receiver<bool>),
}

impl Media {
    /// What is known of a recording. The first call looks into it, in a child.
    ///
    /// # Errors
    /// `Unsupported` for what is no recording, else what is wrong with it.
    pub async fn film(&self, source: &Source) -> Result<Film, MediaError> {
        let FileKind::Recording(container) = source.kind else {
            return Err(MediaError::new(MediaErrorKind::Unsupported, "no recording"));
        };
        let known = self.inner.cache.whole(&source.key, "film").await?;
        if let Some(path) = known
            && let Some(bytes) = self.inner.cache.read(&path).await?
            && let Ok(film) = serde_json::from_slice(&bytes)
        {
            return Ok(film);
        }
        let path = absolute(&source.path)?;
        let (kind, limit, looked_at) = (source.kind, self.inner.options.limits.max_file_bytes, path.clone());
        let head = blocking(move || {
            check_file(&looked_at, kind, limit)?;
            let mut head = Vec::with_capacity(SNIFFED);
            let file = File::open(&looked_at).map_err(|e| MediaError::io("reading the file", &e))?;
            file.take(SNIFFED as u64)
                .read_to_end(&mut head)
                .map_err(|e| MediaError::io("reading the file", &e))?;
            Ok(head)
        })
        .await?;
        let probed = self.probe(container, &path).await?;
        let film = probed.film(container, &head)?;
        if Duration::from_micros(film.duration) > self.inner.options.limits.film_length {
            return Err(MediaError::new(MediaErrorKind::TooLarge, "a recording of many hours"));
        }
        self.keep(&source.key, &film).await?;
        Ok(film)
    }

    async fn keep(&self, key: &str, film: &Film) -> Result<(), MediaError> {
        let bytes =
            serde_json::to_vec(film).map_err(|e| MediaError::new(MediaErrorKind::Io, e.to_string()))?;
        self.inner.cache.put_whole(key, "film", bytes).await
    }

    /// Has ffprobe look into a file, and count its packets if nothing else tells how many there are.
    async fn probe(&self, container: Container, path: &Path) -> Result<Probed, MediaError> {
        let probed = self.probe_once(container, path, false).await?;
        if probed.needs_count() { self.probe_once(container, path, true).await } else { Ok(probed) }
    }

    async fn probe_once(&self, container: Container, path: &Path, count: bool) -> Result<Probed, MediaError> {
        let folder = self.inner.cache.output_folder().await?;
        let plan = Plan {
            tool: Tool::Ffmpeg,
            args: ffmpeg::probe(container, path, count),
            variables: super::plan::variables(folder.path(), &[]),
            files: &[],
            becomes: FileKind::Text,
            again: None,
        };
        let mut request =
            self.inner.request_of(&plan, FileKind::Recording(container), path, folder.path()).await?;
        if let Task::Launch(Launch { program: Some(program), .. }) = &mut request.task {
            program.set_file_name("ffprobe");
        }
        let limits = &self.inner.options.limits;
        let allowance = Allowance {
            wall: PROBE_WALL.min(limits.convert_wall),
            cpu_seconds: limits.convert_cpu_seconds,
            output_bytes: limits.output_bytes,
        };
        let _turn = self.inner.children.acquire().await;
        let ran = self.inner.launch_heard(&request, &allowance, answer).await?;
        match ran.status.success() {
            true => Probed::read(&ran.said),
            false => Err(broken(why(&ran))),
        }
    }

    /// What a browser can be given now: the original, what was made of it, or as much of that as is there.
    ///
    /// # Errors
    /// As for [`Media::film`].
    pub async fn playing(&self, source: &Source) -> Result<Option<Playing>, MediaError> {
        let film = self.film(source).await?;
        if film.playback == Playback::Original {
            return Ok(Some(Playing::Whole(source.path.clone())));
        }
        if let Some(path) = self.inner.cache.whole(&source.key, "play").await? {
            return Ok(Some(Playing::Whole(path)));
        }
        let making = lock(&self.inner.making).get(&source.key).cloned();
        match (film.playback, making) {
            (Playback::Repacked { original_plays: true }, _) => Ok(Some(Playing::Whole(source.path.clone()))),
            (Playback::Transcoded, Some(making)) => {
                let (path, ends) = (making.path.clone(), making.done.subscribe());
                // What a tool may have put there in place of a file is not followed.
                let opened = tokio::task::spawn_blocking(move || {
                    let file =
                        File::options().read(true).custom_flags(OFlags::NOFOLLOW.bits() as i32).open(path)?;
                    let begun = file.metadata().is_ok_and(|m| m.is_file() && m.len() > 0);
                    if begun { Ok(file) } else { Err(io::Error::from(io::ErrorKind::NotFound)) }
                });
                Ok(opened.await.ok().and_then(Result::ok).map(|file| Playing::Growing(file, ends)))
            }
            _ => Ok(None),
        }
    }

    /// How much of a file that a browser plays is made, in percent; none if nobody is at it.
    pub fn progress(&self, source: &Source) -> Option<u8> {
        lock(&self.inner.making).get(&source.key).map(|making| making.percent.load(Ordering::Relaxed))
    }

    /// Makes what browsers play, unless they play the original or it is there. Tells what is known of the recording
    /// then: only now its frames are counted.
    ///
    /// # Errors
    /// What is wrong with the file, or with this machine.
    pub async fn make_playable(&self, source: &Source) -> Result<Film, MediaError> {
        let mut film = self.film(source).await?;
        let FileKind::Recording(container) = source.kind else { return Ok(film) };
        if film.playback == Playback::Original || self.inner.cache.whole(&source.key, "play").await?.is_some()
        {
            return Ok(film);
        }
        let _turn = self.inner.films.acquire().await;
        // However this ends, nobody waits for more of a growing file.
        let _ending = Ending { media: self, key: &source.key };
        let path = absolute(&source.path)?;
        let folder = self.inner.cache.output_folder().await?;
        match film.playback {
            Playback::Transcoded => {
                let plan = ffmpeg::transcode(container, &film, &path, folder.path());
                let grown = self.make(&plan, source, &film, &path, folder.path()).await?;
                // Its index is spread over the file: good while it grows, bad to jump in.
                let plain = Film {
                    streams: (
                        film.streams.0.map(|_| 0),
                        film.streams.1.map(|_| u32::from(film.size.is_some())),
                    ),
                    ..film.clone()
                };
                let second = self.inner.cache.output_folder().await?;
                let plan = ffmpeg::repack(Container::Mp4, &plain, &grown, second.path());
                let made = self.make_quietly(&plan, &film, &grown, second.path()).await?;
                self.finish(source, &mut film, made).await?;
            }
            _ => {
                let plan = ffmpeg::repack(container, &film, &path, folder.path());
                let made = self.make_quietly(&plan, &film, &path, folder.path()).await?;
                self.finish(source, &mut film, made).await?;
            }
        }
        Ok(film)
    }

    /// Keeps a file that browsers play, and counts its frames.
    async fn finish(&self, source: &Source, film: &mut Film, made: PathBuf) -> Result<(), MediaError> {
        let probed = self.probe(Container::Mp4, &made).await?;
        if let Some((starts, frames)) = probed.extent().filter(|(_, frames)| *frames > 0) {
            (film.starts, film.frames) = (starts, frames);
            let (per, seconds) = film.rate;
            film.duration = (frames as f64 * f64::from(seconds) / f64::from(per) * 1e6).round() as u64;
            self.keep(&source.key, film).await?;
        }
        self.inner.cache.take_whole(made, &source.key, "play").await?;
        Ok(())
    }

    /// Makes a file that can be watched while it grows.
    async fn make(
        &self,
        plan: &Plan,
        source: &Source,
        film: &Film,
        path: &Path,
        folder: &Path,
    ) -> Result<PathBuf, MediaError> {
        let request = self.inner.request_of(plan, source.kind, path, folder).await?;
        let making = Arc::new(Making {
            path: folder.join(RESULT).join(PLAYABLE),
            percent: AtomicU8::new(0),
            done: watch::Sender::new(false),
        });
        lock(&self.inner.making).insert(source.key.clone(), Arc::clone(&making));
        let (heard, length) = (Arc::clone(&making), film.duration.max(1));
        let hear = move |stdout: ChildStdout| progress(stdout, heard, length);
        let ran = self.inner.launch_heard(&request, &self.allowance(film), hear).await?;
        let made = made_by(plan, &ran, folder).await.map_err(broken)?;
        making.percent.store(99, Ordering::Relaxed);
        making.done.send_replace(true);
        Ok(made)
    }

    async fn make_quietly(
        &self,
        plan: &Plan,
        film: &Film,
        path: &Path,
        folder: &Path,
    ) -> Result<PathBuf, MediaError> {
        let request = self.inner.request_of(plan, FileKind::Recording(Container::Mp4), path, folder).await?;
        let ran = self.inner.launch_heard(&request, &self.allowance(film), super::process::complaint).await?;
        made_by(plan, &ran, folder).await.map_err(broken)
    }

    pub(super) fn allowance(&self, film: &Film) -> Allowance {
        let limits = &self.inner.options.limits;
        let seconds = film.duration / 1_000_000 * limits.film_factor;
        Allowance {
            wall: limits.convert_wall.max(Duration::from_secs(seconds)),
            // Several processors work at it.
            cpu_seconds: limits.convert_cpu_seconds.max(seconds * 2),
            output_bytes: limits.max_file_bytes.max(limits.convert_output_bytes),
        }
    }
}

/// Takes a file off the list that was not finished.
struct Ending<'a> {
    media: &'a Media,
    key: &'a str,
}

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        if let Some(making) = lock(&self.media.inner.making).remove(self.key) {
            making.done.send_replace(true);
        }
    }
}

/// Notes how far FFmpeg says it is.
async fn progress(stdout: ChildStdout, making: Arc<Making>, length: u64) -> String {
    let mut lines = BufReader::new(stdout).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        if let Some(at) = line.strip_prefix("out_time_us=").and_then(|text| text.trim().parse::<u64>().ok()) {
            let percent = u8::try_from(at.saturating_mul(100) / length).unwrap_or(99).min(99);
            making.percent.store(percent, Ordering::Relaxed);
        }
    }
    String::new()
}

async fn answer(stdout: ChildStdout) -> String {
    let mut text = Vec::new();
    // What is longer is cut off, and then no JSON.
    let _ = stdout.take(MAX_ANSWER).read_to_end(&mut text).await;
    String::from_utf8_lossy(&text).into_owned()
}

/// What FFmpeg refuses is broken: it reads nearly everything else.
pub(super) fn broken(error: MediaError) -> MediaError {
    match error.kind() {
        MediaErrorKind::Unconvertible => MediaError::new(MediaErrorKind::Damaged, error.detail()),
        _ => error,
    }
}

pub(super) fn absolute(path: &Path) -> Result<PathBuf, MediaError> {
    std::path::absolute(path).map_err(|e| MediaError::io("finding the file", &e))
}
