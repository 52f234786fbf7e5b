//! Video and sound: every container, what is exact, what is made, and what is refused.

use std::path::{Path, PathBuf};
use std::process::Command;

use galley_media::{
    Container, FileKind, Film, MediaErrorKind as K, MediaOptions, Playback, Playing, SNIFFED, Source,
    Storyboard, Tool, Tools, sniff,
};

use crate::world::{World, child};

/// Two seconds of a moving picture, `rate` frames a second, with a tone where `sound` names a codec.
fn film(folder: &Path, name: &str, rate: &str, codecs: &[&str], sound: Option<&str>) -> PathBuf {
    let path = folder.join(name);
    let picture = format!("testsrc2=s=320x180:r={rate}:d=2");
    let mut args = vec!["-v", "error", "-y", "-f", "lavfi", "-i", picture.as_str()];
    if let Some(codec) = sound {
        args.extend([
            "-f",
            "lavfi",
            "-i",
            "sine=440:d=2:r=44100",
            "-c:a",
            codec,
            "-strict",
            "-2",
            "-shortest",
        ]);
    }
    args.extend(["-pix_fmt", "yuv420p"]);
    args.extend(codecs);
    run(&args, &path);
    path
}

fn tone(folder: &Path, name: &str, more: &[&str]) -> PathBuf {
    let path = folder.join(name);
    let mut args = vec!["-v", "error", "-y", "-f", "lavfi", "-i", "sine=440:d=2:r=44100"];
    args.extend(more);
    run(&args, &path);
    path
}

fn run(args: &[&str], path: &Path) {
    let status =
        Command::new("ffmpeg").args(args).arg(path).status().expect("ffmpeg, from the package ffmpeg");
    assert!(status.success(), "{args:?}");
}

fn source(path: &Path) -> Source {
    let bytes = std::fs::read(path).unwrap();
    let kind = sniff(&bytes[..bytes.len().min(SNIFFED)], "liar.txt").unwrap();
    let name = path.file_name().unwrap().to_str().unwrap();
    let key = name.bytes().map(|b| if b.is_ascii_alphanumeric() { char::from(b) } else { 'x' }).collect();
    Source { key, path: path.to_owned(), kind, moment: None }
}

/// Makes all there is of a recording, and gives what browsers play.
async fn all_of(world: &World, source: &Source) -> (Film, PathBuf) {
    world.pages(source).await;
    world.media.make_previews(source).await.unwrap();
    let film = world.media.make_playable(source).await.unwrap();
    match world.media.playing(source).await.unwrap() {
        Some(Playing::Whole(path)) => (film, path),
        other => panic!("{}: {other:?}", source.key),
    }
}

/// Frames that a decoder finds in a file.
fn frames_in(path: &Path) -> u64 {
    let args = [
        "-v",
        "error",
        "-count_frames",
        "-select_streams",
        "v:0",
        "-show_entries",
        "stream=nb_read_frames",
        "-of",
        "csv=p=0",
    ];
    let out = Command::new("ffprobe").args(args).arg(path).output().unwrap();
    String::from_utf8_lossy(&out.stdout).trim().trim_end_matches(',').parse().unwrap_or(0)
}

#[tokio::test]
async fn every_container_of_video_is_shown_and_played() {
    let world = World::new();
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let at = folder.path();
    let fast = ["-c:v", "libx264", "-preset", "ultrafast", "-movflags", "+faststart"];
    let slow = ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "2"];
    let h264 = ["-c:v", "libx264", "-preset", "ultrafast"];
    let repacked = |original_plays| Playback::Repacked { original_plays };
    let cases = [
        (film(at, "fast.mp4", "25", &fast, Some("aac")), Container::Mp4, Playback::Original, (25, 1)),
        (
            film(at, "slow.mp4", "24000/1001", &slow, Some("aac")),
            Container::Mp4,
            repacked(true),
            (24_000, 1001),
        ),
        (
            film(at, "a.mov", "30000/1001", &h264, Some("pcm_s16le")),
            Container::QuickTime,
            Playback::Transcoded,
            (30_000, 1001),
        ),
        (film(at, "b.mov", "30", &h264, Some("aac")), Container::QuickTime, repacked(false), (30, 1)),
        (film(at, "c.mkv", "50", &h264, Some("aac")), Container::Matroska, repacked(false), (50, 1)),
        (
            film(at, "d.webm", "30", &["-c:v", "libvpx", "-deadline", "realtime"], Some("libopus")),
            Container::WebM,
            Playback::Original,
            (30, 1),
        ),
        (
            film(at, "e.avi", "25", &["-c:v", "mpeg4"], Some("libmp3lame")),
            Container::Avi,
            Playback::Transcoded,
            (25, 1),
        ),
        (
            film(at, "f.mpg", "25", &["-c:v", "mpeg2video"], Some("mp2")),
            Container::MpegProgram,
            Playback::Transcoded,
            (25, 1),
        ),
        (
            film(at, "g.ts", "60000/1001", &h264, Some("aac")),
            Container::MpegTransport,
            repacked(false),
            (60_000, 1001),
        ),
        (
            film(at, "h.wmv", "25", &["-c:v", "wmv2"], Some("wmav2")),
            Container::Asf,
            Playback::Transcoded,
            (25, 1),
        ),
        (
            film(at, "i.flv", "25", &["-c:v", "flv"], Some("libmp3lame")),
            Container::Flv,
            Playback::Transcoded,
            (25, 1),
        ),
        (
            film(at, "j.3gp", "15", &["-c:v", "mpeg4"], Some("aac")),
            Container::Mp4,
            Playback::Transcoded,
            (15, 1),
        ),
        (
            film(at, "k.ogv", "24", &["-c:v", "libtheora"], None),
            Container::Ogg,
            Playback::Transcoded,
            (24, 1),
        ),
        (
            film(
                at,
                "l.mp4",
                "60",
                &["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=0"],
                None,
            ),
            Container::Mp4,
            Playback::Transcoded,
            (60, 1),
        ),
    ];
    for (path, container, playback, rate) in cases {
        let source = source(&path);
        let name = &source.key;
        assert_eq!(source.kind, FileKind::Recording(container), "{name}");
        let (film, plays) = all_of(&world, &source).await;
        assert_eq!((film.playback, film.rate, film.size), (playback, rate, Some((320, 180))), "{name}");
        assert_eq!(film.frames, frames_in(&plays), "{name}: frames");
        let expected = 2.0 * f64::from(rate.0) / f64::from(rate.1);
        assert!((film.frames as f64 - expected).abs() <= 1.5, "{name}: {} frames", film.frames);
        assert!(film.starts < 50_000, "{name} begins at {}", film.starts);
        let pages = world.pages(&source).await;
        assert_eq!((pages.len(), pages[0].width, pages[0].height), (1, 320.0, 180.0), "{name}");
        assert!(world.media.storyboard(&source).await.unwrap().is_some(), "{name}");
        assert_eq!(world.media.outline(&source).await.unwrap().is_some(), film.sound, "{name}");
        if playback == Playback::Original {
            assert_eq!(plays, path);
        } else {
            let head = std::fs::read(&plays).unwrap();
            let (moov, mdat) = (position(&head, b"moov"), position(&head, b"mdat"));
            assert!(moov < mdat, "{name} plays only when it is whole");
        }
    }
}

fn position(bytes: &[u8], word: &[u8]) -> usize {
    bytes.windows(word.len()).position(|w| w == word).unwrap()
}

#[tokio::test]
async fn every_container_of_sound_is_played() {
    let world = World::new();
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let at = folder.path();
    let repacked = Playback::Repacked { original_plays: false };
    let cases = [
        (tone(at, "a.mp3", &[]), Container::Mp3, Playback::Original, "audio/mpeg"),
        (
            tone(at, "b.mp3", &["-id3v2_version", "0", "-write_xing", "0"]),
            Container::Mp3,
            Playback::Original,
            "audio/mpeg",
        ),
        (tone(at, "c.wav", &[]), Container::Wav, Playback::Original, "audio/wav"),
        (tone(at, "d.aiff", &[]), Container::Aiff, Playback::Transcoded, "audio/mp4"),
        (tone(at, "e.m4a", &[]), Container::Mp4, Playback::Original, "audio/mp4"),
        (tone(at, "f.aac", &[]), Container::Aac, repacked, "audio/mp4"),
        (tone(at, "g.ogg", &["-c:a", "libvorbis"]), Container::Ogg, Playback::Original, "audio/ogg"),
        (tone(at, "h.opus", &["-c:a", "libopus"]), Container::Ogg, Playback::Original, "audio/ogg"),
        (tone(at, "i.flac", &[]), Container::Flac, Playback::Original, "audio/flac"),
        (tone(at, "j.wma", &["-c:a", "wmav2"]), Container::Asf, Playback::Transcoded, "audio/mp4"),
    ];
    for (path, container, playback, mime) in cases {
        let source = source(&path);
        let name = &source.key;
        assert_eq!(source.kind, FileKind::Recording(container), "{name}");
        let (film, _) = all_of(&world, &source).await;
        assert_eq!((film.playback, film.mime.as_str(), film.size), (playback, mime, None), "{name}");
        assert_eq!(film.rate, (1000, 1));
        assert!(film.frames.abs_diff(2000) < 120, "{name}: {} ms", film.frames);
        let outline = world.media.outline(&source).await.unwrap().unwrap();
        assert_eq!(outline.len(), 1600);
        assert!(outline[800] > 20, "{name} is silent: {}", outline[800]);
        assert!(world.media.storyboard(&source).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn what_cameras_write_is_understood() {
    let world = World::new();
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let at = folder.path();
    let h264 = ["-c:v", "libx264", "-preset", "ultrafast", "-timecode", "00:59:58;12"];
    let timed = source(&film(at, "timed.mov", "30000/1001", &h264, None));
    assert_eq!(world.media.film(&timed).await.unwrap().timecode.as_deref(), Some("00:59:58;12"));

    let upright = at.join("upright.mp4");
    let flat = film(at, "flat.mp4", "30", &["-c:v", "libx264", "-preset", "ultrafast"], None);
    run(
        &["-v", "error", "-y", "-i", flat.to_str().unwrap(), "-c", "copy", "-metadata:s:v", "rotate=90"],
        &upright,
    );
    let upright = source(&upright);
    assert_eq!(world.media.film(&upright).await.unwrap().size, Some((180, 320)));
    let pages = world.pages(&upright).await;
    assert_eq!((pages[0].width, pages[0].height), (180.0, 320.0));

    // Ten frames at even distances, then a long one: made anew, so that every frame has its place.
    let uneven = at.join("uneven.mp4");
    let drop = [
        "-v",
        "error",
        "-y",
        "-i",
        flat.to_str().unwrap(),
        "-vf",
        "select='not(between(n,10,30))'",
        "-vsync",
        "vfr",
        "-c:v",
        "libx264",
    ];
    run(&drop, &uneven);
    let (film, plays) = all_of(&world, &source(&uneven)).await;
    assert_eq!(film.playback, Playback::Transcoded);
    assert_eq!(film.frames, frames_in(&plays));
}

/// The mean colour of a picture.
fn mean(bytes: &[u8]) -> [u32; 3] {
    let picture = image::load_from_memory(bytes).unwrap().to_rgb8();
    let count = picture.pixels().len() as u32;
    let sum = picture.pixels().fold([0; 3], |sum, p| [0, 1, 2].map(|i| sum[i] + u32::from(p.0[i])));
    sum.map(|channel| channel / count)
}

#[tokio::test]
async fn a_moment_is_the_frame_that_begins_then() {
    let world = World::new();
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let path = folder.path().join("steps.mp4");
    // Frame n has luma 16 + 4n.
    let steps = "color=gray:s=64x64:r=30000/1001:d=1.6,format=yuv420p,geq=lum='16+4*N':cb=128:cr=128";
    run(
        &[
            "-v", "error", "-y", "-f", "lavfi", "-i", steps, "-c:v", "libx264", "-bf", "2", "-qp", "0",
            "-pix_fmt", "yuv420p",
        ],
        &path,
    );
    let source = source(&path);
    for frame in [0u64, 1, 7, 29, 46] {
        let begins = (frame * 1_001_000_000).div_ceil(30_000);
        let moment = source.at(begins);
        let picture = world.media.excerpt(&moment, 1, 5, &[]).await.unwrap();
        let expected = (4.0 * frame as f64 * 255.0 / 219.0).round() as u32;
        let found = mean(&picture.bytes)[0];
        assert!(found.abs_diff(expected) <= 2, "frame {frame}: {found}, not {expected}");
    }
    world.media.forget(&source.key).await.unwrap();
    let left = std::fs::read_dir(world.cache().join("r3")).unwrap().count();
    assert_eq!(left, 0, "moments are forgotten with their file");
}

#[tokio::test]
async fn hostile_recordings_fail_with_a_reason() {
    let world = World::new();
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let at = folder.path();
    let whole = film(at, "whole.mp4", "25", &["-c:v", "libx264", "-preset", "ultrafast"], Some("aac"));
    let bytes = std::fs::read(&whole).unwrap();
    let put = |name: &str, bytes: &[u8]| {
        let path = at.join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let noise: Vec<u8> = (0..40_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    // Width and height in the sample description and the track header.
    let mut huge = bytes.clone();
    let avc1 = position(&huge, b"avc1");
    huge[avc1 + 28..avc1 + 32].copy_from_slice(&[0xff, 0xff, 0xff, 0xff]);
    let sps = position(&huge, b"avcC") + 12;
    huge[sps..sps + 6].fill(0);
    let empty = [b"\0\0\0\x10ftypisom\0\0\0\0".as_slice(), b"\0\0\0\x08moov"].concat();
    let cases = [
        (put("cut.mp4", &bytes[..bytes.len() / 2]), vec![K::Damaged]),
        (put("head.mp4", &bytes[..40]), vec![K::Damaged]),
        (put("noise.mp4", &[b"\0\0\0\x10ftypisom\0\0\0\0".as_slice(), &noise].concat()), vec![K::Damaged]),
        (
            put("noise.mkv", &[b"\x1a\x45\xdf\xa3\x9f\x42\x82\x88matroska".as_slice(), &noise].concat()),
            vec![K::Damaged],
        ),
        (put("noise.ogg", &[b"OggS\0".as_slice(), &noise].concat()), vec![K::Damaged, K::Unsupported]),
        (put("empty.mp4", &empty), vec![K::Damaged, K::Unsupported]),
        (put("huge.mp4", &huge), vec![K::TooLarge, K::Damaged]),
    ];
    for (path, kinds) in cases {
        let source = source(&path);
        let (_, result) = world.open(&source).await;
        let kind = result.as_ref().map_err(|e| e.kind());
        assert!(kind.is_err_and(|kind| kinds.contains(&kind)), "{}: {result:?}", source.key);
    }
}

#[tokio::test]
async fn hundreds_of_streams_are_no_recording() {
    let world = World::new();
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let path = folder.path().join("many.mkv");
    let mut args = vec!["-v", "error", "-y", "-f", "lavfi", "-i", "sine=440:d=0.1"];
    (0..120).for_each(|_| args.extend(["-map", "0:a"]));
    run(&args, &path);
    let (_, result) = world.open(&source(&path)).await;
    assert!(result.is_err());
}

#[tokio::test]
async fn playlists_lead_nowhere() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let secret = film(folder.path(), "secret.mp4", "25", &["-c:v", "libx264"], None);
    for (name, text) in [
        ("list.mp4", format!("#EXTM3U\n#EXTINF:2,\n{}\n#EXT-X-ENDLIST\n", secret.display())),
        ("list.mkv", format!("ffconcat version 1.0\nfile '{}'\n", secret.display())),
        ("list.avi", format!("<?xml version='1.0'?><MPD><BaseURL>{}</BaseURL></MPD>", secret.display())),
    ] {
        assert!(sniff(text.as_bytes(), name).is_err(), "{name}");
    }
    // Said to be a video, a playlist is given to the reader of that video and to no other.
    let world = World::new();
    let path = folder.path().join("list.mp4");
    let lie =
        [b"\0\0\0\x10ftypisom\0\0\0\0#EXTM3U\n".as_slice(), secret.to_str().unwrap().as_bytes()].concat();
    std::fs::write(&path, lie).unwrap();
    assert_eq!(world.media.film(&source(&path)).await.unwrap_err().kind(), K::Damaged);
}

#[tokio::test]
async fn a_file_that_is_made_can_be_watched_as_it_grows() {
    let world = World::new();
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let path = folder.path().join("long.avi");
    run(
        &[
            "-v",
            "error",
            "-y",
            "-f",
            "lavfi",
            "-i",
            "testsrc2=s=1280x720:r=25:d=20",
            "-c:v",
            "mpeg4",
            "-q:v",
            "5",
        ],
        &path,
    );
    let source = source(&path);
    assert!(world.media.playing(&source).await.unwrap().is_none());
    let making = {
        let (media, source) = (world.media.clone(), source.clone());
        tokio::spawn(async move { media.make_playable(&source).await })
    };
    let mut grew = None;
    for _ in 0..600 {
        if let Some(Playing::Growing(file, ends)) = world.media.playing(&source).await.unwrap() {
            grew = Some((file, ends, world.media.progress(&source)));
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let (mut file, mut ends, progress) = grew.expect("it grew where it could be seen");
    assert!(progress.is_some());
    ends.wait_for(|done| *done).await.unwrap();
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut file, &mut bytes).unwrap();
    assert!(position(&bytes, b"moov") < position(&bytes, b"moof"));
    let film = making.await.unwrap().unwrap();
    assert_eq!((film.frames, world.media.progress(&source)), (500, None));
    assert_eq!(Storyboard::of(&film).map(|board| board.count), Some(40));
}

#[tokio::test]
async fn limits_and_a_missing_tool_are_told() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let path = film(folder.path(), "old.avi", "25", &["-c:v", "mpeg4"], None);
    let source = source(&path);
    let options = MediaOptions { tools: Tools::none(), ..MediaOptions::default() };
    let without = World::with(child(), options);
    let (_, result) = without.open(&source).await;
    let error = result.unwrap_err();
    assert_eq!(error.kind(), K::MissingTool(Tool::Ffmpeg));
    assert!(
        error.reason().contains("FFmpeg") && error.reason().contains("package ffmpeg"),
        "{}",
        error.reason()
    );

    let mut options = MediaOptions::default();
    options.limits.film_length = std::time::Duration::from_secs(1);
    let (_, result) = World::with(child(), options).open(&source).await;
    assert_eq!(result.unwrap_err().kind(), K::TooLarge);

    let mut options = MediaOptions::default();
    (options.limits.convert_output_bytes, options.limits.max_file_bytes) = (1 << 20, 1 << 20);
    let big = film(
        folder.path(),
        "big.avi",
        "25",
        &["-c:v", "mpeg4", "-vf", "noise=alls=100:allf=t", "-q:v", "31"],
        None,
    );
    let big = self::source(&big);
    let world = World::with(child(), options);
    let made = world.media.make_playable(&big).await;
    assert_eq!(made.unwrap_err().kind(), K::TooLarge);
    assert!(matches!(world.media.playing(&big).await, Ok(None) | Err(_)), "half a file is not played");
}
