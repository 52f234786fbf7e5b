//! How FFmpeg is called: always with the one reader of the container, and with files as its only source.

use std::path::Path;

use super::plan::{self, Plan, RESULT};
use crate::film::{Container, Film, Storyboard};
use crate::kind::FileKind;
use crate::tools::Tool;

/// More streams than this are no recording.
const MAX_STREAMS: &str = "64";
/// Samples of sound per second that its outline is made of.
pub(super) const OUTLINE_HERTZ: u32 = 8000;
/// Longest side that a video has when it is made anew.
const LONGEST: u32 = 1920;

fn strings(args: &[&str]) -> Vec<String> {
    args.iter().map(|arg| (*arg).to_owned()).collect()
}

/// What makes it read this file and no other.
fn reading(container: Container, input: &Path) -> Vec<String> {
    let mut args =
        strings(&["-protocol_whitelist", "file", "-max_streams", MAX_STREAMS, "-f", container.reader()]);
    args.extend(["-i".to_owned(), format!("file:{}", input.to_string_lossy())]);
    args
}

/// Looks into a file; the answer comes on standard output as JSON.
pub(super) fn probe(container: Container, input: &Path, count: bool) -> Vec<String> {
    let mut args = strings(&["-v", "error", "-print_format", "json", "-show_format", "-show_streams"]);
    if count {
        args.extend(strings(&["-count_packets"]));
    }
    args.extend(reading(container, input));
    args
}

fn convert(
    container: Container,
    input: &Path,
    before: &[&str],
    after: &[&str],
    folder: &Path,
    becomes: FileKind,
) -> Plan {
    let mut args = strings(&["-v", "error", "-nostdin", "-y", "-max_pixels", "40000000"]);
    args.extend(strings(before));
    args.extend(reading(container, input));
    args.extend(strings(&["-map_metadata", "-1", "-sn", "-dn"]));
    args.extend(strings(after));
    Plan {
        tool: Tool::Ffmpeg,
        args,
        variables: plan::variables(folder, &[]),
        files: &[],
        becomes,
        again: None,
    }
}

/// A picture that stands for the recording: of a video a frame, of sound its outline. `at` is in microseconds;
/// without it, what is seen a little after the beginning.
pub(super) fn still(container: Container, film: &Film, input: &Path, folder: &Path, at: Option<u64>) -> Plan {
    let Some((width, height)) = film.size else { return outline(container, film, input, folder) };
    let half_a_frame = 500_000 * u64::from(film.rate.1) / u64::from(film.rate.0.max(1));
    let (from, chosen) = match at {
        // The first frame that begins after the middle of the one before.
        Some(at) => (at.saturating_sub(half_a_frame), ""),
        // Of some frames the one that differs least from the others, which is none of a transition.
        None => ((film.duration / 10).min(3_000_000), "thumbnail=12,"),
    };
    let from = seconds(from);
    let stream = format!("0:{}", film.streams.0.unwrap_or(0));
    let deinterlaced = if film.interlaced { "yadif," } else { "" };
    let filter = format!("{deinterlaced}{chosen}scale={width}:{height},setsar=1,format=yuvj420p");
    let name = format!("{RESULT}/still.jpg");
    let after = ["-map", &stream, "-an", "-frames:v", "1", "-vf", &filter, "-q:v", "2", &name];
    convert(container, input, &["-ss", &from], &after, folder, FileKind::Jpeg)
}

fn outline(container: Container, film: &Film, input: &Path, folder: &Path) -> Plan {
    let graph = format!(
        "color=c=0x1b1d22:s=1280x720:r=1[ground];[0:{}]aformat=channel_layouts=mono,\
         showwavespic=s=1184x420:colors=0x6ea8fe:scale=sqrt:filter=peak[wave];\
         [ground][wave]overlay=48:150:shortest=1,format=rgb24",
        film.streams.1.unwrap_or(0)
    );
    let name = format!("{RESULT}/still.png");
    let after = ["-filter_complex", &graph, "-an", "-frames:v", "1", &name];
    convert(container, input, &[], &after, folder, FileKind::Png)
}

/// Small pictures at even distances, from the frames that can be decoded without others.
pub(super) fn storyboard(
    container: Container,
    film: &Film,
    board: Storyboard,
    input: &Path,
    folder: &Path,
) -> Plan {
    let Storyboard { width, height, count, columns } = board;
    let (rows, stream) = (count.div_ceil(columns), format!("0:{}", film.streams.0.unwrap_or(0)));
    let rate = f64::from(count) * 1e6 / film.duration.max(1) as f64;
    let filter = format!(
        "scale={width}:{height},setsar=1,fps=fps={rate:.9}:start_time=0:round=near:eof_action=pass,\
         tpad=stop=-1:stop_mode=clone,trim=end_frame={count},tile={columns}x{rows},format=yuvj420p"
    );
    let name = format!("{RESULT}/storyboard.jpg");
    let after = ["-map", &stream, "-an", "-frames:v", "1", "-vf", &filter, "-q:v", "4", &name];
    // The decoder of Theora takes it for an error to be spared frames.
    let spared: &[&str] = if container == Container::Ogg { &[] } else { &["-skip_frame", "nokey"] };
    convert(container, input, spared, &after, folder, FileKind::Jpeg)
}

/// Sound as one byte a sample, for its outline.
pub(super) fn samples(container: Container, film: &Film, input: &Path, folder: &Path) -> Plan {
    let (stream, hertz) = (format!("0:{}", film.streams.1.unwrap_or(0)), OUTLINE_HERTZ.to_string());
    let name = format!("{RESULT}/samples");
    let after = ["-map", &stream, "-vn", "-ac", "1", "-ar", &hertz, "-c:a", "pcm_u8", "-f", "u8", &name];
    convert(container, input, &[], &after, folder, FileKind::Text)
}

/// The file that a browser plays, as it grows: its parts can be played before the rest is there.
pub(super) fn transcode(container: Container, film: &Film, input: &Path, folder: &Path) -> Plan {
    let mut after = Vec::new();
    if let (Some(stream), Some((width, height))) = (film.streams.0, film.size) {
        let shrink = (f64::from(LONGEST) / f64::from(width.max(height))).min(1.0);
        let even = |side: u32| ((f64::from(side) * shrink / 2.0).round() as u32).max(1) * 2;
        let (frames, per) = film.rate;
        let deinterlaced = if film.interlaced { "yadif," } else { "" };
        let filter = format!(
            "{deinterlaced}scale={}:{},setsar=1,fps={frames}/{per}:start_time=0,format=yuv420p",
            even(width),
            even(height)
        );
        // A key frame each second: scrubbing has to find one near.
        let group = frames.div_ceil(per).max(1).to_string();
        after.extend(strings(&["-map", &format!("0:{stream}"), "-vf", &filter, "-c:v", "libx264"]));
        after.extend(strings(&["-preset", "veryfast", "-crf", "21", "-g", &group, "-profile:v", "high"]));
    }
    if let Some(stream) = film.streams.1 {
        after.extend(strings(&["-map", &format!("0:{stream}"), "-c:a", "aac", "-b:a", "160k", "-ac", "2"]));
        after.extend(strings(&["-af", "aresample=48000:async=1:first_pts=0"]));
    }
    // The index waits for the first frames: only then it says that those begin at once, with the sound.
    after.extend(strings(&["-movflags", "+frag_keyframe+delay_moov+default_base_moof"]));
    playable(container, input, folder, &after)
}

/// The same streams in an MP4 file with its index in front.
pub(super) fn repack(container: Container, film: &Film, input: &Path, folder: &Path) -> Plan {
    let mut after = Vec::new();
    for stream in [film.streams.0, film.streams.1].into_iter().flatten() {
        after.extend(strings(&["-map", &format!("0:{stream}")]));
    }
    after.extend(strings(&["-c", "copy"]));
    after.extend(strings(&["-movflags", "+faststart"]));
    playable(container, input, folder, &after)
}

fn playable(container: Container, input: &Path, folder: &Path, after: &[String]) -> Plan {
    let mut after: Vec<&str> = after.iter().map(String::as_str).collect();
    let name = format!("{RESULT}/{PLAYABLE}");
    after.extend(["-f", "mp4", "-progress", "pipe:1", "-stats_period", "0.5", &name]);
    convert(container, input, &[], &after, folder, FileKind::Recording(Container::Mp4))
}

/// What a file that browsers play is called while it is made.
pub(super) const PLAYABLE: &str = "play.mp4";

fn seconds(microseconds: u64) -> String {
    format!("{}.{:06}", microseconds / 1_000_000, microseconds % 1_000_000)
}
