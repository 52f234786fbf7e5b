//! What is kept: shared, resumed, evicted, never half.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use galley_media::{ChildCommand, FileKind, MediaErrorKind, MediaOptions, OpenEvent, Source};

use crate::fixtures::text_document;
use crate::world::{World, child, files_below, open, script};

/// The real child, noting each start in a file.
fn counted(notes: &Path) -> ChildCommand {
    script(&format!("echo run >> '{}'; exec \"$0\"", notes.display()))
}

fn runs(notes: &Path) -> usize {
    std::fs::read_to_string(notes).unwrap_or_default().lines().count()
}

#[tokio::test]
async fn many_viewers_of_a_level_start_one_child() {
    let notes = tempfile::NamedTempFile::new().unwrap();
    let world = World::with(counted(notes.path()), MediaOptions::default());
    let source = world.source("doc", FileKind::Pdf, &text_document(1));
    let pages = world.pages(&source).await;
    let before = runs(notes.path());
    let (columns, rows) = pages[0].pyramid().tiles(4).unwrap();
    let wanted: Vec<(u32, u32)> = (0..columns).flat_map(|x| (0..rows).map(move |y| (x, y))).collect();
    assert!(wanted.len() > 20);
    let tiles: Vec<_> = wanted
        .iter()
        .map(|&(x, y)| {
            let (media, source, info) = (world.media.clone(), source.clone(), pages[0].clone());
            tokio::spawn(async move { media.tile(&source, 1, &info, 4, x, y).await })
        })
        .collect();
    for tile in tiles {
        tile.await.unwrap().unwrap();
    }
    assert_eq!(runs(notes.path()), before + 1);
}

#[tokio::test]
async fn a_viewer_who_leaves_does_not_stop_the_others() {
    let world = World::new();
    let source = world.source("doc", FileKind::Pdf, &text_document(1));
    let pages = world.pages(&source).await;
    let impatient = world.media.tile(&source, 1, &pages[0], 4, 0, 0);
    assert!(tokio::time::timeout(Duration::from_millis(1), impatient).await.is_err(), "that was too quick");
    let start = Instant::now();
    world.media.tile(&source, 1, &pages[0], 4, 3, 3).await.unwrap();
    assert!(start.elapsed() < Duration::from_secs(20));
}

#[tokio::test]
async fn opening_again_starts_nothing() {
    let world = World::new();
    let source = world.source("doc", FileKind::Pdf, &text_document(5));
    let (first, result) = world.open(&source).await;
    result.unwrap();
    let text = world.media.text(&source, 3).await.unwrap();
    let offline = world.restarted(script("exit 1"));
    let (second, result) = open(&offline, &source).await;
    assert_eq!((result, second), (Ok(()), first));
    assert_eq!(offline.text(&source, 3).await.unwrap(), text);
    assert_eq!(offline.thumbnail(&source, 5).await.unwrap().mime, "image/png");
}

#[tokio::test]
async fn opening_goes_on_where_it_was_stopped() {
    let world = World::new();
    let source = world.source("doc", FileKind::Pdf, &text_document(60));
    let media = world.media.clone();
    let (told, mut telling) = tokio::sync::mpsc::unbounded_channel();
    let aborted = tokio::spawn({
        let source = source.clone();
        async move { media.open(&source, |event| told.send(event).unwrap_or(())).await }
    });
    while !matches!(telling.recv().await, Some(OpenEvent::Page { number: 10 })) {}
    aborted.abort();
    assert!(aborted.await.unwrap_err().is_cancelled(), "it should not have been done yet");

    // The rest must do with a child that is told to skip what is there.
    let note = world.folder.path().join("request");
    let watching = script(&format!("cat > '{0}'; exec \"$0\" < '{0}'", note.display()));
    let (events, result) = open(&world.restarted(watching), &source).await;
    result.unwrap();
    assert_eq!(events.len(), 61);
    let request = std::fs::read_to_string(&note).unwrap();
    assert!(request.contains(r#""skip":[1,2,3,4,5,6,7,8,9,10"#), "{request}");
}

#[tokio::test]
async fn two_openings_of_one_file_take_turns() {
    let notes = tempfile::NamedTempFile::new().unwrap();
    let world = World::with(counted(notes.path()), MediaOptions::default());
    let source = world.source("doc", FileKind::Pdf, &text_document(20));
    let (one, two) = tokio::join!(world.open(&source), world.open(&source));
    assert_eq!((one.1, two.1), (Ok(()), Ok(())));
    assert_eq!(one.0, two.0);
    assert_eq!(runs(notes.path()), 1);
}

#[tokio::test]
async fn the_cache_stays_within_its_limit_and_keeps_thumbnails() {
    let limit = 400_000;
    let world = World::with(child(), MediaOptions { cache_limit_bytes: limit, ..MediaOptions::default() });
    let source = world.source("doc", FileKind::Pdf, &text_document(3));
    let pages = world.pages(&source).await;
    for level in 3..6 {
        let (columns, rows) = pages[0].pyramid().tiles(level).unwrap();
        world.media.tile(&source, 1, &pages[0], level, columns / 2, rows / 2).await.unwrap();
    }
    let size = || -> u64 {
        files_below(&world.cache()).iter().filter_map(|f| f.metadata().ok()).map(|m| m.len()).sum()
    };
    let start = Instant::now();
    while size() > limit && start.elapsed() < Duration::from_secs(20) {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(size() <= limit, "{} bytes", size());
    let names: Vec<PathBuf> = files_below(&world.cache());
    assert_eq!(names.iter().filter(|name| name.ends_with("thumbnail")).count(), 3, "{names:?}");
    // What was evicted is made again.
    world.media.tile(&source, 1, &pages[0], 3, 0, 0).await.unwrap();
}

#[tokio::test]
async fn an_empty_file_in_the_cache_is_made_again() {
    let world = World::new();
    let source = world.source("doc", FileKind::Pdf, &text_document(1));
    let pages = world.pages(&source).await;
    for file in files_below(&world.cache()) {
        std::fs::write(file, b"").unwrap();
    }
    let (events, result) = world.open(&source).await;
    result.unwrap();
    assert_eq!(events, [OpenEvent::Info { pages }, OpenEvent::Page { number: 1 }]);
    assert!(!world.media.text(&source, 1).await.unwrap().words.is_empty());
}

#[tokio::test]
async fn forgetting_removes_everything_of_one_file() {
    let world = World::new();
    let one = world.source("one", FileKind::Pdf, &text_document(1));
    let two = world.source("two", FileKind::Pdf, &text_document(1));
    world.pages(&one).await;
    world.pages(&two).await;
    world.media.forget("one").await.unwrap();
    world.media.forget("never").await.unwrap();
    let left = files_below(&world.cache());
    assert!(!left.is_empty() && left.iter().all(|path| path.to_str().unwrap().contains("/two/")), "{left:?}");
}

#[tokio::test]
async fn a_key_cannot_leave_the_cache() {
    let world = World::new();
    let file = world.source("doc", FileKind::Pdf, &text_document(1));
    let long = "a".repeat(65);
    for key in ["", "..", "../x", "a/b", "A", ".tmp", "a b", long.as_str()] {
        let source = Source { key: key.into(), ..file.clone() };
        assert_eq!(
            world.media.thumbnail(&source, 1).await.unwrap_err().kind(),
            MediaErrorKind::Io,
            "{key:?}"
        );
        assert!(world.open(&source).await.1.is_err(), "{key:?}");
        assert!(world.media.forget(key).await.is_err(), "{key:?}");
    }
}
