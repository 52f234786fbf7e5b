//! Children that misbehave, and what keeps them in.

use std::path::Path;
use std::time::{Duration, Instant};

use galley_media::{ChildCommand, FileKind, MediaErrorKind as K, MediaOptions, OpenEvent};

use crate::fixtures::text_document;
use crate::world::{World, child, files_below, script};

/// Tells what the parent must not fall for, after reading the request.
fn saying(lines: &str) -> ChildCommand {
    script(&format!("cat > /dev/null; {lines}"))
}

fn hasty() -> MediaOptions {
    let mut options = MediaOptions::default();
    options.limits.step_wall = Duration::from_secs(1);
    options.limits.render_wall = Duration::from_secs(2);
    options
}

async fn thumbnail_error(child: ChildCommand) -> (K, World) {
    let world = World::with(child, hasty());
    let source = world.source("doc", FileKind::Pdf, &text_document(1));
    let start = Instant::now();
    let error = world.media.thumbnail(&source, 1).await.unwrap_err();
    assert!(start.elapsed() < Duration::from_secs(15), "{error} took {:?}", start.elapsed());
    let tmp = world.cache().join(".tmp");
    assert_eq!(files_below(&tmp), Vec::<std::path::PathBuf>::new(), "nothing is left in {}", tmp.display());
    (error.kind(), world)
}

#[tokio::test]
async fn this_machine_protects_children_or_says_what_is_missing() {
    let protection = World::new().media.protection().await.unwrap();
    // Every kernel we build on has these; Landlock may be switched off and is only reported.
    assert!(protection.no_new_privs && protection.system_calls, "{protection:?}");
    let switched_on =
        std::fs::read_to_string("/sys/kernel/security/lsm").is_ok_and(|l| l.contains("landlock"));
    assert!(protection.files || !switched_on, "{protection:?}");
}

#[tokio::test]
async fn a_child_that_dies_hangs_or_babbles_is_an_error() {
    assert_eq!(thumbnail_error(saying("exit 0")).await.0, K::Crashed);
    assert_eq!(thumbnail_error(saying("kill -SEGV $$")).await.0, K::Crashed);
    assert_eq!(thumbnail_error(saying("kill -XCPU $$")).await.0, K::TimedOut);
    assert_eq!(
        thumbnail_error(saying("echo 'memory allocation of 9 bytes failed' >&2; kill -ABRT $$")).await.0,
        K::OutOfMemory
    );
    assert_eq!(thumbnail_error(saying("echo hello; exec sleep 100")).await.0, K::Crashed);
    assert_eq!(thumbnail_error(saying("exec sleep 100")).await.0, K::TimedOut);
    assert_eq!(thumbnail_error(saying("exec yes")).await.0, K::Crashed);
    assert_eq!(thumbnail_error(saying("exec tr '\\0' x < /dev/zero")).await.0, K::Crashed);
    assert_eq!(thumbnail_error(saying("exec yes >&2")).await.0, K::TimedOut);
    // Asking for an hour by always saying something.
    let chatter = saying(r#"while sleep 0.1; do echo '{"event":"begin","page":1}'; done"#);
    assert_eq!(thumbnail_error(chatter).await.0, K::TimedOut);
    let missing = ChildCommand { program: "/no/such/program".into(), args: vec![] };
    assert_eq!(thumbnail_error(missing).await.0, K::Io);
}

#[tokio::test]
async fn a_killed_child_is_gone() {
    let world = World::with(saying("echo $$ > \"$0.pid-$PPID\"; exec sleep 987"), hasty());
    let source = world.source("doc", FileKind::Pdf, &text_document(1));
    assert_eq!(world.media.thumbnail(&source, 1).await.unwrap_err().kind(), K::TimedOut);
    let note = format!("{}.pid-{}", env!("CARGO_BIN_EXE_galley-media-child"), std::process::id());
    let pid = std::fs::read_to_string(&note).unwrap();
    std::fs::remove_file(&note).unwrap();
    assert!(!Path::new("/proc").join(pid.trim()).exists(), "process {pid} still runs");
}

#[tokio::test]
async fn links_and_missing_files_are_not_taken_from_a_child() {
    let thumbnail = r#"echo '{"event":"file","file":{"is":"thumbnail","page":1}}'; echo '{"event":"done"}'"#;
    for trick in ["ln -s /etc/passwd p1-thumbnail", "ln \"$0\" p1-thumbnail", "mkdir p1-thumbnail", "true"] {
        let (kind, world) = thumbnail_error(saying(&format!("{trick}; {thumbnail}"))).await;
        assert_eq!(kind, K::Io, "{trick}");
        assert_eq!(files_below(&world.cache()), Vec::<std::path::PathBuf>::new(), "{trick}");
    }
    // A plain file that is no picture is not served either.
    let (kind, _) = thumbnail_error(saying(&format!("echo '<script>' > p1-thumbnail; {thumbnail}"))).await;
    assert_eq!(kind, K::Io);
}

#[tokio::test]
async fn one_crash_is_tried_again_and_two_cost_only_the_page() {
    // Crashes on page 2 when it comes to it: always, or the first time only.
    let crash = |when: &str| {
        script(&format!(
            r#"cat > request; n=$(cat "$OLDPWD/../../runs" 2>/dev/null); cp request "$PWD/../../request"
               if {when}; then
                 sed 's/"skip":\[[^]]*\]/"skip":[2,3]/' request | "$0" | grep -v '"done"'
                 echo '{{"event":"begin","page":2}}'; touch "$PWD/../../crashed"; kill -SEGV $$
               fi; exec "$0" < request"#
        ))
    };
    let world = World::with(crash(r#"[ ! -e "$PWD/../../crashed" ]"#), MediaOptions::default());
    let source = world.source("once", FileKind::Pdf, &text_document(3));
    let (events, result) = world.open(&source).await;
    assert_eq!(result, Ok(()));
    assert_eq!(numbers(&events), [1, 2, 3]);

    let world = World::with(crash("! grep -q '\"skip\":.*2' request"), MediaOptions::default());
    let source = world.source("always", FileKind::Pdf, &text_document(3));
    let (events, result) = world.open(&source).await;
    assert_eq!(result, Ok(()));
    assert_eq!(numbers(&events), [1, -2, 3]);
}

/// Pages in the order they were told; negative if they failed.
fn numbers(events: &[OpenEvent]) -> Vec<i64> {
    events
        .iter()
        .filter_map(|event| match event {
            OpenEvent::Info { .. } => None,
            OpenEvent::Page { number } => Some(i64::from(*number)),
            OpenEvent::PageFailed { number, .. } => Some(-i64::from(*number)),
        })
        .collect()
}

#[tokio::test]
async fn a_long_document_leaves_room_for_viewers() {
    let world = World::with(child(), MediaOptions { max_children: 1, ..MediaOptions::default() });
    let long = world.source("long", FileKind::Pdf, &text_document(400));
    let short = world.source("short", FileKind::Pdf, &text_document(1));
    let media = world.media.clone();
    let opening = tokio::spawn(async move { media.open(&long, |_| {}).await });
    tokio::time::sleep(Duration::from_millis(100)).await;
    world.media.thumbnail(&short, 1).await.unwrap();
    assert!(!opening.is_finished(), "the long document should still be at it");
    opening.await.unwrap().unwrap();
}
