//! Video and sound: what their containers look like, and what is known of them.

use serde::{Deserialize, Serialize};

/// What holds the streams of a recording. Each is read by exactly one reader of FFmpeg, so that it never looks for
/// itself and finds a playlist that names other files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Container {
    /// MP4 and its relatives: M4V, M4A, 3GP.
    Mp4,
    /// QuickTime.
    QuickTime,
    /// Matroska.
    Matroska,
    /// WebM, a Matroska file that browsers know.
    WebM,
    /// AVI.
    Avi,
    /// MPEG program stream, also on a DVD.
    MpegProgram,
    /// MPEG transport stream.
    MpegTransport,
    /// Advanced Systems Format: WMV and WMA.
    Asf,
    /// Flash video.
    Flv,
    /// Ogg: Theora, Vorbis, Opus.
    Ogg,
    /// MPEG audio, layers 1 to 3.
    Mp3,
    /// RIFF wave.
    Wav,
    /// AIFF and AIFF-C.
    Aiff,
    /// FLAC.
    Flac,
    /// Bare AAC.
    Aac,
}

impl Container {
    /// What FFmpeg calls the reader.
    pub(crate) fn reader(self) -> &'static str {
        match self {
            Self::Mp4 | Self::QuickTime => "mov",
            Self::Matroska | Self::WebM => "matroska",
            Self::Avi => "avi",
            Self::MpegProgram => "mpeg",
            Self::MpegTransport => "mpegts",
            Self::Asf => "asf",
            Self::Flv => "flv",
            Self::Ogg => "ogg",
            Self::Mp3 => "mp3",
            Self::Wav => "wav",
            Self::Aiff => "aiff",
            Self::Flac => "flac",
            Self::Aac => "aac",
        }
    }

    pub(crate) fn mime(self) -> &'static str {
        match self {
            Self::Mp4 => "video/mp4",
            Self::QuickTime => "video/quicktime",
            Self::Matroska => "video/x-matroska",
            Self::WebM => "video/webm",
            Self::Avi => "video/x-msvideo",
            Self::MpegProgram => "video/mpeg",
            Self::MpegTransport => "video/mp2t",
            Self::Asf => "video/x-ms-asf",
            Self::Flv => "video/x-flv",
            Self::Ogg => "application/ogg",
            Self::Mp3 => "audio/mpeg",
            Self::Wav => "audio/wav",
            Self::Aiff => "audio/aiff",
            Self::Flac => "audio/flac",
            Self::Aac => "audio/aac",
        }
    }

    pub(crate) fn extension(self) -> &'static str {
        match self {
            Self::Mp4 => "mp4",
            Self::QuickTime => "mov",
            Self::Matroska => "mkv",
            Self::WebM => "webm",
            Self::Avi => "avi",
            Self::MpegProgram => "mpg",
            Self::MpegTransport => "ts",
            Self::Asf => "wmv",
            Self::Flv => "flv",
            Self::Ogg => "ogg",
            Self::Mp3 => "mp3",
            Self::Wav => "wav",
            Self::Aiff => "aiff",
            Self::Flac => "flac",
            Self::Aac => "aac",
        }
    }
}

/// The container that a file's first bytes are of.
pub(crate) fn container(head: &[u8]) -> Option<Container> {
    const SIGNATURES: &[(&[u8], Container)] = &[
        (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", Container::Asf),
        (b"\0\0\x01\xba", Container::MpegProgram),
        (b"FLV\x01", Container::Flv),
        (b"OggS\0", Container::Ogg),
        (b"fLaC", Container::Flac),
        (b"ID3", Container::Mp3),
    ];
    if let Some((_, container)) = SIGNATURES.iter().find(|(signature, _)| head.starts_with(signature)) {
        return Some(*container);
    }
    if head.starts_with(b"\x1a\x45\xdf\xa3") {
        let webm = head[..head.len().min(64)].windows(4).any(|word| word == b"webm");
        return Some(if webm { Container::WebM } else { Container::Matroska });
    }
    match (head.get(..4)?, head.get(8..12)?) {
        (b"RIFF", b"AVI ") => return Some(Container::Avi),
        (b"RIFF" | b"RF64", b"WAVE") => return Some(Container::Wav),
        (b"FORM", b"AIFF" | b"AIFC") => return Some(Container::Aiff),
        _ => {}
    }
    match (head.get(4..8)?, head.get(8..12)?) {
        // Still pictures, which others look at first.
        (b"ftyp", b"mif1" | b"msf1" | b"crx " | b"jp2 " | b"jpx ") => return None,
        (b"ftyp", b"qt  ") => return Some(Container::QuickTime),
        (b"ftyp", _) => return Some(Container::Mp4),
        (b"moov" | b"mdat" | b"wide" | b"skip" | b"pnot", _) => return Some(Container::QuickTime),
        _ => {}
    }
    if is_transport(head, 0, 188) || is_transport(head, 4, 192) {
        return Some(Container::MpegTransport);
    }
    by_frames(head)
}

/// Packets of one length, each beginning with the same byte.
fn is_transport(head: &[u8], first: usize, length: usize) -> bool {
    (0..5).all(|packet| head.get(first + packet * length) == Some(&0x47))
        && head.get(first + 1..first + 3).is_some_and(|pid| pid != b"IF")
}

/// Bare audio: no signature, but headers that follow each other at the distance they state.
fn by_frames(head: &[u8]) -> Option<Container> {
    let follows = |length: fn(&[u8]) -> Option<usize>| {
        let mut at = 0;
        for _ in 0..3 {
            at += length(head.get(at..)?)?;
        }
        // The fourth has to fit as well, if it was looked at.
        (at >= head.len() || length(head.get(at..)?).is_some()).then_some(())
    };
    if follows(mpeg_frame).is_some() {
        return Some(Container::Mp3);
    }
    follows(adts_frame).map(|()| Container::Aac)
}

/// Length of the MPEG audio layer III frame that begins here.
fn mpeg_frame(head: &[u8]) -> Option<usize> {
    const V1: [usize; 15] = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
    const V2: [usize; 15] = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
    let [0xff, b1, b2, _, ..] = *head else { return None };
    let (version, layer) = (b1 >> 3 & 3, b1 >> 1 & 3);
    if b1 & 0xe0 != 0xe0 || version == 1 || layer != 1 {
        return None;
    }
    let first = version == 3;
    let kilobits = *(if first { V1 } else { V2 }).get(usize::from(b2 >> 4))?;
    let hertz = [44_100, 48_000, 32_000].get(usize::from(b2 >> 2 & 3))? / [4, 1, 2, 1][usize::from(version)];
    let length = (if first { 144_000 } else { 72_000 }) * kilobits / hertz + usize::from(b2 >> 1 & 1);
    (kilobits > 0 && length >= 24).then_some(length)
}

/// Length of the AAC frame that begins here.
fn adts_frame(head: &[u8]) -> Option<usize> {
    let [0xff, b1, b2, b3, b4, b5, ..] = *head else { return None };
    let length = usize::from(b3 & 3) << 11 | usize::from(b4) << 3 | usize::from(b5) >> 5;
    (b1 & 0xf6 == 0xf0 && b2 >> 2 & 15 < 13 && length > 7).then_some(length)
}

/// Whether an MP4 file has its index before its content, so that it plays while it is still on its way. Judged by
/// the order of the boxes as far as they were looked at.
pub(crate) fn starts_fast(head: &[u8]) -> bool {
    let mut at = 0usize;
    while let Some([a, b, c, d, name @ ..]) = head.get(at..at + 8) {
        match name {
            b"moov" => return true,
            b"ftyp" | b"free" | b"skip" | b"wide" | b"uuid" | b"styp" => {}
            _ => return false,
        }
        let length = u32::from_be_bytes([*a, *b, *c, *d]) as usize;
        if length < 8 {
            return false;
        }
        at = at.saturating_add(length);
    }
    false
}

/// How a browser gets to play a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Playback {
    /// The original, as it is.
    Original,
    /// Its streams in another container. Where the flag is set, browsers play the original meanwhile.
    Repacked {
        /// Whether the original plays, if not at once.
        original_plays: bool,
    },
    /// Made anew, as H.264 and AAC.
    Transcoded,
}

/// What is known of a recording once it was looked into.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Film {
    /// Frames per second as a fraction: frames, and the seconds they take. 1000/1 for sound alone.
    pub rate: (u32, u32),
    /// Number of frames; for sound alone its milliseconds.
    pub frames: u64,
    /// How long it is, in microseconds.
    pub duration: u64,
    /// When the first frame is seen in the file that browsers play, in microseconds from its beginning.
    pub starts: u64,
    /// The timecode of the first frame, where the file has one.
    pub timecode: Option<String>,
    /// Width and height as shown, in pixels; none for sound alone.
    pub size: Option<(u32, u32)>,
    /// Whether there is sound.
    pub sound: bool,
    /// How a browser gets to play it.
    pub playback: Playback,
    /// Media type of what it plays.
    pub mime: String,
    /// Number of the stream with the picture, and of the one with the sound.
    pub(crate) streams: (Option<u32>, Option<u32>),
    /// Whether frames are made of two halves, which are to become one.
    pub(crate) interlaced: bool,
}

/// Small pictures of a video at even distances, in one large one: [`Storyboard::COLUMNS`] in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Storyboard {
    /// Width of a small picture in pixels.
    pub width: u32,
    /// Height of a small picture in pixels.
    pub height: u32,
    /// Number of small pictures.
    pub count: u32,
    /// Small pictures in a row.
    pub columns: u32,
}

impl Storyboard {
    /// Small pictures in a row.
    pub const COLUMNS: u32 = 10;
    const MOST: u64 = 100;
    const SIDE: u32 = 192;

    /// How a video is shown in small pictures; none for sound alone.
    pub fn of(film: &Film) -> Option<Storyboard> {
        let (width, height) = film.size?;
        // One for each half second of a short one.
        let count = (film.duration / 500_000).clamp(1, Self::MOST).min(film.frames.max(1)) as u32;
        let longest = f64::from(width.max(height).max(1));
        let scaled = |side: u32| {
            let side = (f64::from(side) * f64::from(Self::SIDE) / longest).round() as u32;
            (side / 2 * 2).clamp(2, Self::SIDE)
        };
        Some(Storyboard { width: scaled(width), height: scaled(height), count, columns: Self::COLUMNS })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn containers_are_known_by_their_first_bytes() {
        let mut transport = vec![0u8; 1000];
        (0..5).for_each(|packet| transport[packet * 188] = 0x47);
        let mut mp3 = vec![0u8; 2000];
        (0..5).for_each(|frame| mp3[frame * 417..frame * 417 + 3].copy_from_slice(&[0xff, 0xfb, 0x90]));
        let mut adts = vec![0u8; 500];
        (0..5).for_each(|frame| {
            adts[frame * 100..frame * 100 + 6].copy_from_slice(&[0xff, 0xf1, 0x50, 0x80, 12, 0x9f]);
        });
        let cases: &[(&[u8], Option<Container>)] = &[
            (b"\0\0\0\x18ftypmp42\0\0\0\0isommp42", Some(Container::Mp4)),
            (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", Some(Container::QuickTime)),
            (b"\0\0\0\x14ftyp3gp4\0\0\0\0", Some(Container::Mp4)),
            (b"\0\0\x10\0moov\0\0\0\x6cmvhd", Some(Container::QuickTime)),
            (b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm", Some(Container::WebM)),
            (b"\x1a\x45\xdf\xa3\x9f\x42\x82\x88matroska", Some(Container::Matroska)),
            (b"RIFF\0\0\0\0AVI LIST", Some(Container::Avi)),
            (b"RIFF\0\0\0\0WAVEfmt ", Some(Container::Wav)),
            (b"FORM\0\0\0\0AIFFCOMM", Some(Container::Aiff)),
            (b"fLaC\0\0\0\x22\0\0\0\0\0", Some(Container::Flac)),
            (b"ID3\x04\0\0\0\0\0\0\0\0", Some(Container::Mp3)),
            (&transport, Some(Container::MpegTransport)),
            (&mp3, Some(Container::Mp3)),
            (&adts, Some(Container::Aac)),
            (b"\0\0\0\x18ftypmif1\0\0\0\0mif1", None),
            (b"RIFF\0\0\0\0ACONanih", None),
            (&[0xff; 4096], None),
            (&[0x47; 20], None),
            (b"", None),
        ];
        for (head, expected) in cases {
            assert_eq!(
                container(head),
                *expected,
                "{:?}",
                String::from_utf8_lossy(&head[..head.len().min(16)])
            );
        }
    }

    #[test]
    fn the_index_comes_first_or_not() {
        assert!(starts_fast(b"\0\0\0\x10ftypisom\0\0\0\0\0\0\0\x08free\0\0\x20\0moov"));
        assert!(!starts_fast(b"\0\0\0\x10ftypisom\0\0\0\0\0\0\x20\0mdat"));
        assert!(!starts_fast(b"\0\0\0\x10ftypisom\0\0\0\0\0\0\0\0free"));
        assert!(!starts_fast(b""));
    }
}
