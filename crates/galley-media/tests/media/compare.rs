//! Two versions of a page: what differs, found once, by a child that reads nothing but both files.

use galley_media::{Difference, FileKind, MediaErrorKind, MediaOptions, PageOf, PagePair, Rect, Source};

use crate::fixtures::{PageOf as Fixture, PngOf, pdf_page, pdf_with, rgb};
use crate::world::{World, script};

const A4: &str = "/MediaBox [0 0 595 842]";

async fn page(world: &World, key: &str, kind: FileKind, bytes: &[u8]) -> PageOf {
    let source = world.source(key, kind, bytes);
    let info = world.pages(&source).await.remove(0);
    PageOf { source, page: 1, info }
}

async fn pdf(world: &World, key: &str, content: &str) -> PageOf {
    page(world, key, FileKind::Pdf, &pdf_page(A4, content)).await
}

fn near(rect: &Rect, (x, y, w, h): (f64, f64, f64, f64)) -> bool {
    let off = [(rect.x, x), (rect.y, y), (rect.w, w), (rect.h, h)];
    off.iter().all(|(found, wanted)| (found - wanted).abs() < 0.004)
}

fn png(width: u32, height: u32, color: impl Fn(u32, u32) -> [u8; 3]) -> Vec<u8> {
    let data = rgb(width, height, color);
    PngOf { width, height, color: png::ColorType::Rgb, depth: png::BitDepth::Eight, data: &data }.encode()
}

#[tokio::test]
async fn what_changed_is_found_where_it_is() {
    let world = World::new();
    let text = |time: &str| format!("BT /F1 24 Tf 60 700 Td (Doors open at {time}) Tj ET");
    let old = pdf(&world, "old", &format!("{} 0 0 1 rg 100 300 100 50 re f", text("nine"))).await;
    let new = pdf(&world, "new", &format!("{} 1 0 0 rg 100 300 100 50 re f", text("ten"))).await;
    let found = world.media.difference(&old, &new).await.unwrap();
    assert_eq!((found.resized, found.regions.len()), (false, 2), "{found:?}");
    let (word, field) = (&found.regions[0], &found.regions[1]);
    let of_page = (100.0 / 595.0, 492.0 / 842.0, 100.0 / 595.0, 50.0 / 842.0);
    assert!(near(&field.older, of_page) && near(&field.newer, of_page), "{field:?}");
    assert!(word.newer.y < 0.2 && word.newer.x > 0.3, "{word:?}");
    let changes = found.text.as_ref().unwrap();
    assert_eq!(changes.len(), 1);
    assert_eq!((changes[0].removed.as_str(), changes[0].added.as_str()), ("nine", "ten"));
    assert!(changes[0].older[0].x > 0.3 && changes[0].newer[0].y < 0.2, "{changes:?}");

    let mask = world.media.difference_mask(&old, &new).await.unwrap();
    assert_eq!(mask.mime, "image/png");
    let decoder = png::Decoder::new(std::io::Cursor::new(&mask.bytes[..]));
    let reader = decoder.read_info().unwrap();
    let info = reader.info();
    assert_eq!((info.width, info.height), (1240, 1754), "150 dpi");
    assert_eq!(info.trns.as_deref(), Some(&[0u8, 255][..]), "what did not change is seen through");
    // The other way round: the same places, and the words change sides.
    let back = world.media.difference(&new, &old).await.unwrap();
    let swapped: Vec<(Rect, Rect)> = back.regions.iter().map(|r| (r.newer, r.older)).collect();
    assert_eq!(swapped, found.regions.iter().map(|r| (r.older, r.newer)).collect::<Vec<_>>());
    assert_eq!(back.text.unwrap()[0].removed, "ten");
}

#[tokio::test]
async fn nothing_differs_from_itself() {
    let world = World::new();
    let content = "BT /F1 24 Tf 60 700 Td (The same) Tj ET 0 0 1 rg 100 300 100 50 re f";
    let (old, new) = (pdf(&world, "a", content).await, pdf(&world, "b", content).await);
    let found = world.media.difference(&old, &new).await.unwrap();
    assert_eq!((found.changed, found.regions.len(), found.text), (0.0, 0, Some(vec![])));
}

#[tokio::test]
async fn pictures_are_compared_with_pictures_and_pages() {
    let world = World::new();
    let white = |_, _| [255; 3];
    let square = |x, y| if (20..40).contains(&x) && (60..90).contains(&y) { [0; 3] } else { [255; 3] };
    let old = page(&world, "old", FileKind::Png, &png(100, 200, white)).await;
    let new = page(&world, "new", FileKind::Png, &png(100, 200, square)).await;
    let found = world.media.difference(&old, &new).await.unwrap();
    assert!(near(&found.regions[0].newer, (0.2, 0.3, 0.2, 0.15)), "{found:?}");
    assert_eq!((found.regions.len(), found.text), (1, None), "pictures have no words");
    // It grew at the bottom, where there is something now.
    let foot = |_, y| if y >= 280 { [0; 3] } else { [255; 3] };
    let longer = page(&world, "longer", FileKind::Png, &png(100, 300, foot)).await;
    let found = world.media.difference(&old, &longer).await.unwrap();
    assert!(
        found.resized && near(&found.regions[0].newer, (0.0, 280.0 / 300.0, 1.0, 20.0 / 300.0)),
        "{found:?}"
    );
    assert!(found.regions[0].older.y > 1.0, "beside the older page");
    // A picture of a page that is blank, and the page.
    let blank = page(&world, "blank", FileKind::Png, &png(595, 842, white)).await;
    let found = world.media.difference(&blank, &pdf(&world, "pdf", "").await).await.unwrap();
    assert_eq!(found.regions, []);
}

#[tokio::test]
async fn many_who_ask_at_once_have_one_child() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let count = folder.path().join("count");
    let counting = script(&format!("echo x >> {}; exec \"$0\"", count.display()));
    let world = World::with(counting, MediaOptions::default());
    let (old, new) = (pdf(&world, "old", "").await, pdf(&world, "new", "0 0 100 100 re f").await);
    let children = || std::fs::read_to_string(&count).unwrap().lines().count();
    let before = children();
    let asking: Vec<_> = (0..8)
        .map(|n| {
            let (media, old, new) = (world.media.clone(), old.clone(), new.clone());
            tokio::spawn(async move {
                if n % 2 == 0 {
                    media.difference(&old, &new).await.map(|found| found.regions.len())
                } else {
                    media.difference_mask(&old, &new).await.map(|_| 1)
                }
            })
        })
        .collect();
    for one in asking {
        assert_eq!(one.await.unwrap().unwrap(), 1);
    }
    assert_eq!(children() - before, 1);
    // And none after a restart.
    let again: Difference = world.restarted(script("exit 1")).difference(&old, &new).await.unwrap();
    assert_eq!(again.regions.len(), 1);
}

#[tokio::test]
async fn forgetting_a_file_forgets_what_it_was_compared_with() {
    let world = World::new();
    let pages =
        [pdf(&world, "1", "").await, pdf(&world, "2", "0 0 50 50 re f").await, pdf(&world, "12", "").await];
    world.media.difference(&pages[0], &pages[1]).await.unwrap();
    world.media.difference(&pages[1], &pages[2]).await.unwrap();
    let names = || -> Vec<String> {
        let folder = std::fs::read_dir(world.cache().join("r3")).unwrap();
        let mut names: Vec<String> = folder.flatten().map(|e| e.file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    assert_eq!(names(), ["1", "1-2", "12", "2", "2-12"]);
    world.media.forget("1").await.unwrap();
    assert_eq!(names(), ["12", "2", "2-12"]);
}

#[tokio::test]
async fn a_broken_side_is_an_error_and_the_server_lives() {
    let world = World::new();
    let sound = pdf(&world, "sound", "").await;
    let broken = PageOf {
        source: Source {
            key: "broken".into(),
            ..world.source("x", FileKind::Png, &crate::fixtures::png_claiming(50_000, 50_000))
        },
        ..sound.clone()
    };
    for (a, b) in [(&sound, &broken), (&broken, &sound)] {
        let error = world.media.difference(a, b).await.unwrap_err();
        assert_eq!(error.kind(), MediaErrorKind::TooLarge, "{error}");
    }
    let missing = PageOf { page: 2, ..sound.clone() };
    let error = world.media.difference(&sound, &missing).await.unwrap_err();
    assert_eq!(error.kind(), MediaErrorKind::OutOfRange, "{error}");
    assert!(world.media.difference(&sound, &sound).await.is_ok());
}

#[tokio::test]
async fn a_poster_is_compared_within_the_memory_of_a_child() {
    let world = World::new();
    let a0 = "/MediaBox [0 0 2384 3370]";
    let old = page(&world, "old", FileKind::Pdf, &pdf_page(a0, "")).await;
    let new = page(&world, "new", FileKind::Pdf, &pdf_page(a0, "1000 1000 300 300 re f")).await;
    let found = world.media.difference(&old, &new).await.unwrap();
    assert_eq!(found.regions.len(), 1);
    assert!(near(
        &found.regions[0].older,
        (1000.0 / 2384.0, 2070.0 / 3370.0, 300.0 / 2384.0, 300.0 / 3370.0)
    ));
}

#[tokio::test]
async fn pages_that_moved_find_each_other() {
    let world = World::new();
    let chapter = |n: u32| {
        let words: String = (0..30).map(|w| format!("chapter{n}word{w} ")).collect();
        format!("BT /F1 3 Tf 20 700 Td ({words}) Tj ET")
    };
    let document = |key: &str, chapters: &[u32]| {
        let contents: Vec<String> = chapters.iter().map(|n| chapter(*n)).collect();
        let pages: Vec<Fixture<'_>> = contents.iter().map(|c| Fixture { entries: A4, content: c }).collect();
        world.source(key, FileKind::Pdf, &pdf_with("", &pages))
    };
    let (old, new) = (document("old", &[1, 2, 3]), document("new", &[1, 9, 2, 3]));
    for source in [&old, &new] {
        world.open(source).await.1.unwrap();
    }
    let pages = |source: &Source, count: u32| (1..=count).map(|n| (source.clone(), n)).collect::<Vec<_>>();
    for _ in 0..2 {
        let keys = ("old", "new");
        let pairs = world.media.pair_pages(keys, &pages(&old, 3), &pages(&new, 4), true).await.unwrap();
        let pair = |older, newer| PagePair { older, newer };
        let expected =
            [pair(Some(1), Some(1)), pair(None, Some(2)), pair(Some(2), Some(3)), pair(Some(3), Some(4))];
        assert_eq!(pairs, expected);
    }
}
