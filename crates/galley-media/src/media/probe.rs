//! What `ffprobe` says of a recording, and how it is played because of that.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::error::{MediaError, MediaErrorKind};
use crate::film::{Container, Film, Playback, starts_fast};

/// Largest picture (`product.md` 11), either way up.
const MAX_PIXELS: u64 = 8192 * 4320;
/// Frames later or earlier than this, in microseconds, are seen when the file begins.
const AT_ONCE: f64 = 0.001;
/// Opus begins with so much sound, in seconds, that is decoded and never heard; in WebM it lies before the beginning,
/// and browsers begin after it.
const UNHEARD: f64 = 0.08;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Probed {
    streams: Vec<Stream>,
    format: Format,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Stream {
    index: u32,
    codec_name: Option<String>,
    codec_type: Option<String>,
    profile: Option<String>,
    width: u32,
    height: u32,
    sample_aspect_ratio: Option<String>,
    pix_fmt: Option<String>,
    level: i64,
    field_order: Option<String>,
    r_frame_rate: Option<String>,
    avg_frame_rate: Option<String>,
    start_time: Option<String>,
    duration: Option<String>,
    nb_frames: Option<String>,
    nb_read_packets: Option<String>,
    disposition: BTreeMap<String, i64>,
    tags: BTreeMap<String, String>,
    side_data_list: Vec<SideData>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SideData {
    rotation: Option<f64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Format {
    start_time: Option<String>,
    duration: Option<String>,
    tags: BTreeMap<String, String>,
}

impl Probed {
    pub(super) fn read(json: &str) -> Result<Probed, MediaError> {
        serde_json::from_str(json)
            .map_err(|e| MediaError::new(MediaErrorKind::Crashed, format!("ffprobe said nonsense: {e}")))
    }

    fn of_type(&self, wanted: &str) -> Option<&Stream> {
        let picture_of_an_album = |s: &Stream| s.disposition.get("attached_pic").is_some_and(|&is| is != 0);
        self.streams.iter().find(|s| {
            s.codec_type.as_deref() == Some(wanted) && s.codec_name.is_some() && !picture_of_an_album(s)
        })
    }

    /// Whether packets have to be counted because nothing states how many there are.
    pub(super) fn needs_count(&self) -> bool {
        self.of_type("video").is_some_and(|s| number(&s.nb_frames).is_none_or(|n| n < 1.0))
    }

    /// When the picture begins, in microseconds after the file does, and how many frames it has; for the sound of a
    /// file without pictures, its milliseconds.
    pub(super) fn extent(&self) -> Option<(u64, u64)> {
        let file = number(&self.format.start_time).unwrap_or(0.0);
        if let Some(video) = self.of_type("video") {
            let frames = number(&video.nb_frames).or(number(&video.nb_read_packets))?;
            let starts = number(&video.start_time).unwrap_or(file) - file;
            return Some(((starts.max(0.0) * 1e6).round() as u64, frames as u64));
        }
        let duration = self.of_type("audio")?.seconds().or(number(&self.format.duration))?;
        Some((0, (duration * 1000.0).round() as u64))
    }

    /// What to tell of it.
    pub(super) fn film(&self, container: Container, head: &[u8]) -> Result<Film, MediaError> {
        let (video, audio) = (self.of_type("video"), self.of_type("audio"));
        let length = number(&self.format.duration).filter(|d| *d > 0.0);
        let sound = audio.map(|a| a.index);
        let Some(video) = video else {
            let audio = audio.ok_or_else(|| unsupported("neither pictures nor sound that can be read"))?;
            let duration = audio.seconds().or(length).ok_or_else(|| damaged("of no length"))?;
            let (playback, mime) = sound_playback(container, audio);
            return Ok(Film {
                rate: (1000, 1),
                frames: ((duration * 1000.0).round() as u64).max(1),
                duration: (duration * 1e6).round() as u64,
                starts: 0,
                timecode: None,
                size: None,
                sound: true,
                playback,
                mime: mime.to_owned(),
                streams: (None, sound),
                interlaced: false,
            });
        };
        let size = video.shown()?;
        let (rate, constant) = video.rate().ok_or_else(|| damaged("of no frame rate"))?;
        let counted = number(&video.nb_frames).or(number(&video.nb_read_packets)).filter(|n| *n >= 1.0);
        let per_second = f64::from(rate.0) / f64::from(rate.1);
        let frames = match (counted, video.seconds().or(length)) {
            (Some(frames), _) if constant => frames,
            (_, Some(duration)) => (duration * per_second).round(),
            (Some(frames), None) => frames,
            (None, None) => return Err(damaged("of no length")),
        };
        let frames = (frames as u64).max(1);
        let starts = number(&video.start_time).unwrap_or(0.0).max(0.0);
        let begins = number(&self.format.start_time).unwrap_or(0.0);
        let interlaced = matches!(video.field_order.as_deref(), Some("tt" | "bb" | "tb" | "bt"));
        let unheard = container == Container::WebM && (-UNHEARD..0.0).contains(&begins);
        let even = constant && !interlaced && (begins.abs() < AT_ONCE || unheard);
        let (playback, mime) = match picture_playback(container, video, audio, starts_fast(head)) {
            (Playback::Original, mime) if even => (Playback::Original, mime),
            (Playback::Original, _) if constant && !interlaced && container != Container::WebM => {
                (Playback::Repacked { original_plays: false }, "video/mp4")
            }
            (repacked @ Playback::Repacked { .. }, mime) if constant && !interlaced => (repacked, mime),
            _ => (Playback::Transcoded, "video/mp4"),
        };
        Ok(Film {
            rate,
            frames,
            duration: (frames as f64 / per_second * 1e6).round() as u64,
            starts: if playback == Playback::Original { (starts * 1e6).round() as u64 } else { 0 },
            timecode: self.timecode(video),
            size: Some(size),
            sound: audio.is_some(),
            playback,
            mime: mime.to_owned(),
            streams: (Some(video.index), sound),
            interlaced,
        })
    }

    /// That of the picture, else of the file, else of a track of its own.
    fn timecode(&self, video: &Stream) -> Option<String> {
        let of =
            |tags: &BTreeMap<String, String>| tags.get("timecode").or_else(|| tags.get("TIMECODE")).cloned();
        let elsewhere = || of(&self.format.tags).or_else(|| self.streams.iter().find_map(|s| of(&s.tags)));
        of(&video.tags).or_else(elsewhere).filter(|text| text.len() <= 32)
    }
}

impl Stream {
    fn seconds(&self) -> Option<f64> {
        number(&self.duration).filter(|d| *d > 0.0)
    }

    fn codec(&self) -> &str {
        self.codec_name.as_deref().unwrap_or_default()
    }

    /// Size as shown: turned, and with square pixels.
    fn shown(&self) -> Result<(u32, u32), MediaError> {
        let pixels = u64::from(self.width) * u64::from(self.height);
        if pixels == 0 {
            return Err(damaged("pictures of no size"));
        }
        if pixels > MAX_PIXELS || self.width.max(self.height) > 16_384 {
            let detail = format!("pictures of {} x {}", self.width, self.height);
            return Err(MediaError::new(MediaErrorKind::TooLarge, detail));
        }
        let aspect = self.sample_aspect_ratio.as_deref().and_then(|text| fraction(text, ':'));
        let aspect = aspect.map_or(1.0, |(x, y)| f64::from(x) / f64::from(y)).clamp(0.1, 10.0);
        let width = ((f64::from(self.width) * aspect).round() as u32).clamp(1, 16_384);
        let turned = self.side_data_list.iter().find_map(|data| data.rotation);
        let turned = turned.or_else(|| self.tags.get("rotate").and_then(|text| text.parse().ok()));
        let quarter = turned.is_some_and(|degrees| (degrees.abs() / 90.0).round() as i64 % 2 == 1);
        Ok(if quarter { (self.height, width) } else { (width, self.height) })
    }

    /// Frames per second, and whether they come at even distances.
    fn rate(&self) -> Option<((u32, u32), bool)> {
        let read = |text: &Option<String>| text.as_deref().and_then(|text| fraction(text, '/'));
        let (real, average) = (read(&self.r_frame_rate), read(&self.avg_frame_rate));
        let value = |(frames, seconds): (u32, u32)| f64::from(frames) / f64::from(seconds);
        let sane = |rate: &(u32, u32)| (0.1..=480.0).contains(&value(*rate));
        match (real.filter(sane), average.filter(sane)) {
            (Some(real), Some(average)) if (value(real) / value(average) - 1.0).abs() < 0.001 => {
                Some((usual(real, 0.0002), true))
            }
            (_, Some(average)) => Some((usual(average, 0.02), false)),
            (Some(real), None) => Some((usual(real, 0.0002), false)),
            (None, None) => None,
        }
    }
}

/// The usual rate that is near, if one is.
fn usual(rate: (u32, u32), near: f64) -> (u32, u32) {
    const USUAL: [(u32, u32); 13] = [
        (24, 1),
        (24_000, 1001),
        (25, 1),
        (30, 1),
        (30_000, 1001),
        (48, 1),
        (50, 1),
        (60, 1),
        (60_000, 1001),
        (15, 1),
        (12, 1),
        (10, 1),
        (120, 1),
    ];
    let distance = |other: &(u32, u32)| {
        (f64::from(rate.0) * f64::from(other.1) / (f64::from(rate.1) * f64::from(other.0)) - 1.0).abs()
    };
    let nearest = USUAL.into_iter().min_by(|a, b| distance(a).total_cmp(&distance(b)));
    nearest.filter(|other| distance(other) <= near).unwrap_or(rate)
}

/// Which pictures browsers play, and in what.
fn picture_playback(
    container: Container,
    video: &Stream,
    audio: Option<&Stream>,
    fast: bool,
) -> (Playback, &'static str) {
    use Container as C;
    let eight_bits = matches!(video.pix_fmt.as_deref(), Some("yuv420p" | "yuvj420p"));
    let sound = audio.map(|a| (a.codec(), a.profile.as_deref().unwrap_or_default()));
    let mpeg4_sound = match sound {
        None => true,
        Some(("aac", profile)) => matches!(profile, "LC" | "HE-AAC" | "HE-AACv2" | ""),
        Some((codec, _)) => codec == "mp3",
    };
    let webm_sound = sound.is_none_or(|(codec, _)| matches!(codec, "opus" | "vorbis"));
    match (container, video.codec()) {
        (C::WebM, "vp8" | "vp9" | "av1") if eight_bits && webm_sound => (Playback::Original, "video/webm"),
        (_, "h264") if eight_bits && video.level <= 52 && mpeg4_sound => match container {
            C::Mp4 if fast => (Playback::Original, "video/mp4"),
            _ => (Playback::Repacked { original_plays: container == C::Mp4 }, "video/mp4"),
        },
        (C::Mp4, "av1" | "vp9") if eight_bits && fast && (mpeg4_sound || webm_sound) => {
            (Playback::Original, "video/mp4")
        }
        _ => (Playback::Transcoded, "video/mp4"),
    }
}

/// Which sound browsers play, and in what.
fn sound_playback(container: Container, audio: &Stream) -> (Playback, &'static str) {
    use Container as C;
    match (container, audio.codec()) {
        (C::Mp3, "mp3") => (Playback::Original, "audio/mpeg"),
        (C::Mp4, "aac" | "mp3") => (Playback::Original, "audio/mp4"),
        (C::Wav, "pcm_s16le" | "pcm_u8") => (Playback::Original, "audio/wav"),
        (C::Flac, "flac") => (Playback::Original, "audio/flac"),
        (C::Ogg, "vorbis" | "opus") => (Playback::Original, "audio/ogg"),
        (C::WebM, "vorbis" | "opus") => (Playback::Original, "audio/webm"),
        (_, "aac") => (Playback::Repacked { original_plays: false }, "audio/mp4"),
        _ => (Playback::Transcoded, "audio/mp4"),
    }
}

fn number(text: &Option<String>) -> Option<f64> {
    text.as_deref()?.parse().ok().filter(|n: &f64| n.is_finite())
}

fn fraction(text: &str, between: char) -> Option<(u32, u32)> {
    let (above, below) = text.split_once(between)?;
    let (above, below): (u64, u64) = (above.parse().ok()?, below.parse().ok()?);
    if above == 0 || below == 0 {
        return None;
    }
    // Halves what is too long to be counted here; the difference is far below a frame.
    let shift = u32::try_from(above.max(below)).map_or(33, |_| 0).min(33);
    let (above, below) = (u32::try_from(above >> shift).ok()?, u32::try_from(below >> shift).ok()?);
    (above > 0 && below > 0).then_some((above, below))
}

fn damaged(detail: &str) -> MediaError {
    MediaError::new(MediaErrorKind::Damaged, detail)
}

fn unsupported(detail: &str) -> MediaError {
    MediaError::new(MediaErrorKind::Unsupported, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn film(container: Container, streams: &str) -> Result<Film, MediaErrorKind> {
        let json = format!(
            r#"{{"streams": [{streams}], "format": {{"start_time": "0.000000", "duration": "4.0"}}}}"#
        );
        let head = b"\0\0\0\x10ftypisom\0\0\0\0\0\0\x20\0moov";
        Probed::read(&json).expect("reads").film(container, head).map_err(|e| e.kind())
    }

    fn h264(more: &str) -> String {
        format!(
            r#"{{"index": 0, "codec_type": "video", "codec_name": "h264", "pix_fmt": "yuv420p", "level": 40,
               "width": 1920, "height": 1080, "r_frame_rate": "30000/1001", "avg_frame_rate": "30000/1001",
               "start_time": "0.0", "nb_frames": "120" {more}}}"#
        )
    }

    const AAC: &str = r#", {"index": 1, "codec_type": "audio", "codec_name": "aac", "profile": "LC"}"#;

    #[test]
    fn what_browsers_play_is_left_alone() {
        let found = film(Container::Mp4, &(h264("") + AAC)).expect("a film");
        assert_eq!((found.playback, found.mime.as_str()), (Playback::Original, "video/mp4"));
        assert_eq!(
            (found.rate, found.frames, found.size, found.sound),
            ((30_000, 1001), 120, Some((1920, 1080)), true)
        );
        let playback = |container, streams: String| film(container, &streams).map(|f| f.playback);
        let repacked = |original_plays| Ok(Playback::Repacked { original_plays });
        assert_eq!(playback(Container::QuickTime, h264("")), repacked(false));
        assert_eq!(playback(Container::Matroska, h264("") + AAC), repacked(false));
        let anew = [
            (Container::Mp4, h264("").replace("yuv420p", "yuv422p10le")),
            (Container::Mp4, h264("").replace("h264", "hevc")),
            (Container::Mp4, h264("") + &AAC.replace("aac", "ac3")),
            (Container::Mp4, h264(r#", "field_order": "tt""#)),
            // The frames of a telephone come when they come.
            (
                Container::Mp4,
                h264("").replace(r#""avg_frame_rate": "30000/1001""#, r#""avg_frame_rate": "2900/100""#),
            ),
        ];
        for (container, streams) in anew {
            assert_eq!(playback(container, streams.clone()), Ok(Playback::Transcoded), "{streams}");
        }
    }

    #[test]
    fn pictures_are_turned_and_their_pixels_square() {
        let size = |more: &str| film(Container::Mp4, &h264(more)).map(|f| f.size);
        assert_eq!(
            size(r#", "side_data_list": [{"side_data_type": "Display Matrix", "rotation": -90}]"#),
            Ok(Some((1080, 1920)))
        );
        assert_eq!(size(r#", "sample_aspect_ratio": "4:3""#), Ok(Some((2560, 1080))));
        assert_eq!(size(r#", "sample_aspect_ratio": "0:1""#), Ok(Some((1920, 1080))));
        let huge = h264("").replace("1920", "65536").replace("1080", "65536");
        assert_eq!(film(Container::Mp4, &huge), Err(MediaErrorKind::TooLarge));
    }

    #[test]
    fn sound_is_counted_in_milliseconds() {
        let cover = r#"{"index": 0, "codec_type": "video", "codec_name": "mjpeg", "width": 9, "height": 9,
            "disposition": {"attached_pic": 1}}"#;
        let mp3 = AAC.replace("aac", "mp3").replace("\"LC\"", "null, \"duration\": \"2.5\"");
        let found = film(Container::Mp3, &(cover.to_owned() + &mp3)).expect("sound");
        assert_eq!((found.size, found.rate, found.frames), (None, (1000, 1), 2500));
        assert_eq!(found.playback, Playback::Original);
        assert_eq!(film(Container::Mp4, ""), Err(MediaErrorKind::Unsupported));
    }

    #[test]
    fn the_timecode_is_found_where_it_is() {
        let track = r#", {"index": 2, "codec_type": "data", "tags": {"timecode": "01:00:00;00"}}"#;
        let found = film(Container::Mp4, &(h264("") + track)).expect("a film");
        assert_eq!(found.timecode.as_deref(), Some("01:00:00;00"));
    }
}
