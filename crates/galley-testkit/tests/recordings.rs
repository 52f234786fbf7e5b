//! Video and sound from the upload to comments in time.

// clippy.toml allows this in test functions only; here what opens files fails tests as well.
#![allow(clippy::unwrap_used)]

use std::process::Command;

use galley_model::{Processing, Profile, Proof, Rate};
use galley_service::{CommentInput, PlayState, ProofInput, ServiceError, Source, SourceFile, SourcePart};
use galley_testkit::{House, email, field};

/// What FFmpeg makes of these arguments.
fn made(name: &str, args: &[&str]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    let all = ["-v", "error", "-y", "-f", "lavfi", "-i"].iter().chain(args);
    assert!(Command::new("ffmpeg").args(all).arg(&path).status().expect("the package ffmpeg").success());
    std::fs::read(path).unwrap()
}

fn film() -> Vec<u8> {
    let picture = "testsrc2=s=320x180:r=30000/1001:d=3";
    made(
        "film.mp4",
        &[
            picture,
            "-c:v",
            "libx264",
            "-pix_fmt",
            "yuv420p",
            "-movflags",
            "+faststart",
            "-timecode",
            "01:00:00;00",
        ],
    )
}

async fn proof_of(house: &House, name: &str, bytes: &[u8]) -> Proof {
    let input = ProofInput { file_token: house.file(name, bytes), ..ProofInput::default() };
    let manager = house.caller(&email(Profile::Manager));
    let proof = house.service.create_proof(&manager, &input).unwrap();
    house.processed(proof.id).await
}

fn at(from: u64, to: Option<u64>) -> CommentInput {
    CommentInput { text: "Here".to_owned(), moment: Some((from, to)), ..CommentInput::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn comments_are_about_frames() {
    let house = House::rendering();
    let proof = proof_of(&house, "film.mp4", &film()).await;
    assert_eq!((proof.processing, proof.pages), (Processing::Ready, 1), "{:?}", proof.processing_error);
    let link = house.link(proof.id, &email(Profile::Manager));
    let opening = house.service.open_link(&link).unwrap();
    let recording = opening.recording.unwrap();
    assert_eq!(recording.rate, Rate::new(30_000, 1001).unwrap());
    assert!((88..=91).contains(&recording.frames) && recording.picture && !recording.sound);
    let (file, _) = house.service.link_recording(&link).unwrap();
    assert_eq!(house.service.play_state(file).await.unwrap(), PlayState::Whole);

    let (one, _) = house.service.add_comment(&link, &at(31, None)).unwrap();
    let moment = one.moment.unwrap();
    assert_eq!((moment.from, moment.to, moment.label.as_str()), (31, None, "01:00:01;01"));
    assert_eq!(one.page, Some(1));
    let (range, _) = house.service.add_comment(&link, &at(30, Some(60))).unwrap();
    assert_eq!(range.moment.unwrap().label, "01:00:01;00 – 01:00:02;00");
    for wrong in [at(recording.frames, None), at(5, Some(4)), at(5, Some(100_000)), at(u64::MAX, None)] {
        let refused = house.service.add_comment(&link, &wrong).unwrap_err();
        assert!(matches!(refused, ServiceError::Invalid("time", _)), "{refused:?}");
    }

    // Over the API the place has the same name, and the picture is that of the frame.
    let session = house.session(&email(Profile::Manager));
    let answer = house.ok(&session, "getProofComments", &[("FileID", &proof.id.to_string())]).await;
    assert!(answer.contains("01:00:01;01"), "{answer}");
    let manager = house.caller(&email(Profile::Manager));
    let mut pictures = Vec::new();
    for frame in [0, 80] {
        let (comment, _) = house.service.add_comment(&link, &at(frame, None)).unwrap();
        let excerpt = house.service.comment_excerpt(&manager, comment.id).unwrap();
        pictures.push(house.service.excerpt(&excerpt).await.unwrap().bytes);
    }
    assert_ne!(pictures[0], pictures[1]);
    let picture = house.ok(&session, "getCommentThumbnail", &[("CommentID", &one.id.to_string())]).await;
    assert!(!field(&picture, "content").is_empty(), "{picture}");
}

#[tokio::test]
async fn sound_has_no_frames_but_milliseconds() {
    let house = House::rendering();
    let proof = proof_of(&house, "voice.wav", &made("voice.wav", &["sine=440:d=2"])).await;
    assert_eq!(proof.processing, Processing::Ready, "{:?}", proof.processing_error);
    let link = house.link(proof.id, &email(Profile::Manager));
    let (file, recording) = house.service.link_recording(&link).unwrap();
    assert_eq!((recording.rate, recording.frames, recording.picture), (Rate::SOUND, 2000, false));
    let (comment, _) = house.service.add_comment(&link, &at(1250, None)).unwrap();
    assert_eq!(comment.moment.unwrap().label, "00:00:01.250");
    assert!(house.service.outline(file).await.unwrap().is_some_and(|values| values.len() == 1600));
    assert!(house.service.storyboard(file).await.unwrap().is_none());
}

#[tokio::test]
async fn what_has_pages_has_no_time_and_recordings_are_not_combined() {
    let house = House::rendering();
    let manager = house.caller(&email(Profile::Manager));
    let text =
        proof_of(&house, "notes.svg", b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>")
            .await;
    let link = house.link(text.id, &email(Profile::Manager));
    assert!(house.service.link_recording(&link).is_err());
    let refused = house.service.add_comment(&link, &at(0, None)).unwrap_err();
    assert!(matches!(refused, ServiceError::Invalid("time", _)));

    let part = |name: &str, bytes: &[u8]| {
        SourcePart::File(SourceFile { token: house.file(name, bytes), name: None })
    };
    let picture = b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>";
    let source = Source::Parts(vec![part("a.svg", picture), part("film.mp4", &film())]);
    let input = ProofInput { source, ..ProofInput::default() };
    let proof = house.service.create_proof(&manager, &input).unwrap();
    let proof = house.processed(proof.id).await;
    assert_eq!(proof.processing, Processing::Failed);
    assert!(proof.processing_error.unwrap().contains("cannot be combined"));
}

#[tokio::test]
async fn what_browsers_cannot_play_is_made_anew_and_again_when_it_was_evicted() {
    let house = House::rendering();
    let old = made("old.avi", &["testsrc2=s=160x90:r=25:d=1", "-c:v", "mpeg4"]);
    let proof = proof_of(&house, "old.avi", &old).await;
    assert_eq!(proof.processing, Processing::Ready, "{:?}", proof.processing_error);
    let link = house.link(proof.id, &email(Profile::Manager));
    let (file, recording) = house.service.link_recording(&link).unwrap();
    assert_eq!((recording.frames, recording.mime.as_str()), (25, "video/mp4"));
    let play = house.folder().join("cache");
    let found = walk(&play).into_iter().find(|path| path.ends_with("play")).unwrap();
    std::fs::remove_file(found).unwrap();
    let mut state = house.service.play_state(file).await.unwrap();
    assert_ne!(state, PlayState::Whole);
    for _ in 0..200 {
        if state == PlayState::Whole {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        state = house.service.play_state(file).await.unwrap();
    }
    panic!("it was not made again: {state:?}");
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { found.extend(walk(&path)) } else { found.push(path) }
    }
    found
}
