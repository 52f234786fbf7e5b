//! Pages of PDFs: sizes, places, levels, labels.

use galley_media::{FileKind, MediaErrorKind, OpenEvent, TILE};

use crate::fixtures::{PageOf, pdf_page, pdf_with, text_document};
use crate::world::{World, near};

const RED: [u8; 3] = [255, 0, 0];
const BLUE: [u8; 3] = [0, 0, 255];
const WHITE: [u8; 3] = [255, 255, 255];

/// Red in the lower left corner as the page is stored, blue in the upper left.
const CORNERS: &str = "1 0 0 rg 0 0 50 50 re f 0 0 1 rg 0 350 50 50 re f";

#[tokio::test]
async fn page_sizes_come_first_then_page_1_then_the_rest() {
    let world = World::new();
    let source = world.source("doc", FileKind::Pdf, &text_document(7));
    let (events, result) = world.open(&source).await;
    result.unwrap();
    let numbers: Vec<u32> =
        events[1..].iter().map(|e| if let OpenEvent::Page { number } = e { *number } else { 0 }).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5, 6, 7]);
    let OpenEvent::Info { pages } = &events[0] else { panic!("{events:?}") };
    assert_eq!(pages.len(), 7);
    let page = &pages[0];
    assert!((page.width - 595.0 * 96.0 / 72.0).abs() < 0.01 && page.vector, "{page:?}");
    let (width, height) = page.physical_mm.unwrap();
    assert!((width - 209.9).abs() < 0.1 && (height - 297.0).abs() < 0.1, "{width} x {height} mm");
    assert_eq!(page.label, None);
}

#[tokio::test]
async fn rotation_crop_box_and_unit_give_the_size() {
    let page = |entries| PageOf { entries, content: "" };
    let file = pdf_with(
        "",
        &[
            page("/MediaBox [0 0 300 400] /Rotate 90"),
            page("/MediaBox [0 0 300 400] /CropBox [10 20 110 220]"),
            page("/MediaBox [0 0 300 400] /CropBox [-50 -50 150 900] /Rotate 270"),
            page("/MediaBox [0 0 300 400] /UserUnit 2"),
            page("/MediaBox [300 400 0 0]"),
            page("/MediaBox [0 0 0 0]"),
        ],
    );
    let world = World::new();
    let source = world.source("sizes", FileKind::Pdf, &file);
    let points: Vec<(f64, f64)> = world
        .pages(&source)
        .await
        .iter()
        .map(|p| ((p.width * 0.75).round(), (p.height * 0.75).round()))
        .collect();
    let a4 = (595.0, 842.0);
    assert_eq!(points, [(400.0, 300.0), (100.0, 200.0), (400.0, 150.0), (600.0, 800.0), (300.0, 400.0), a4]);
}

#[tokio::test]
async fn everything_is_where_it_belongs_whatever_the_rotation() {
    // Per rotation: where red and blue are to be seen.
    let cases = [
        (0, (0.02, 0.98), (0.02, 0.02)),
        (90, (0.02, 0.02), (0.98, 0.02)),
        (180, (0.98, 0.02), (0.98, 0.98)),
        (270, (0.98, 0.98), (0.02, 0.98)),
    ];
    let world = World::new();
    for (rotation, red, blue) in cases {
        let file = pdf_page(&format!("/MediaBox [0 0 300 400] /Rotate {rotation}"), CORNERS);
        let source = world.source(&format!("r{rotation}"), FileKind::Pdf, &file);
        let pages = world.pages(&source).await;
        for level in 0..3 {
            let pixels = world.level(&source, 1, &pages[0], level).await;
            assert!(near(pixels.at_share(red.0, red.1), RED, 2), "{rotation}: red on level {level}");
            assert!(near(pixels.at_share(blue.0, blue.1), BLUE, 2), "{rotation}: blue on level {level}");
            assert!(near(pixels.at_share(0.5, 0.5), WHITE, 0));
        }
    }
}

#[tokio::test]
async fn only_the_crop_box_is_shown() {
    let content = "0 1 0 rg 0 0 300 400 re f 1 0 0 rg 100 100 100 100 re f";
    let file = pdf_page("/MediaBox [0 0 300 400] /CropBox [100 100 200 200]", content);
    let world = World::new();
    let source = world.source("crop", FileKind::Pdf, &file);
    let pages = world.pages(&source).await;
    let pixels = world.level(&source, 1, &pages[0], 1).await;
    for (x, y) in [(0.01, 0.01), (0.99, 0.01), (0.01, 0.99), (0.99, 0.99), (0.5, 0.5)] {
        assert!(near(pixels.at_share(x, y), RED, 2), "{x} {y}: {:?}", pixels.at_share(x, y));
    }
}

#[tokio::test]
async fn tiles_of_all_blocks_join_without_a_seam() {
    // Blue everywhere but a red diagonal band; level 4 of this page is larger than one block.
    let content = "0 0 1 rg 0 0 600 600 re f 1 0 0 RG 40 w 0 0 m 600 600 l S";
    let world = World::new();
    let source = world.source("seam", FileKind::Pdf, &pdf_page("/MediaBox [0 0 600 600]", content));
    let pages = world.pages(&source).await;
    let info = &pages[0];
    let (side, _) = info.pyramid().level_size(4).unwrap();
    assert!(u64::from(side) * u64::from(side) > 16 << 20, "the level must need several blocks");
    let pixels = world.level(&source, 1, info, 4).await;
    for at in (0..side).step_by(61) {
        assert!(near(pixels.at(at, side - 1 - at), RED, 2), "the band at {at}");
    }
    // The band ends where x + y differs from the side by half its width times the root of 2. The rest is for
    // its blended edge and for the neighbours that are looked at below.
    let band = (20.0 * f64::sqrt(2.0) / 600.0 * f64::from(side)).ceil() as u32 + 3;
    let mut checked = 0;
    for line in (TILE..side).step_by(TILE as usize) {
        for along in (0..side).step_by(97).filter(|along| (line + along).abs_diff(side) > band) {
            for (x, y) in [(line, along), (line - 1, along), (along, line), (along, line - 1)] {
                assert!(near(pixels.at(x, y), BLUE, 2), "{x} {y}: {:?}", pixels.at(x, y));
                checked += 1;
            }
        }
    }
    assert!(checked > 1000, "only {checked} pixels were looked at");
}

#[tokio::test]
async fn flat_pages_are_exact_and_photographs_are_small() {
    let world = World::new();
    let text = world.source("text", FileKind::Pdf, &text_document(1));
    let pages = world.pages(&text).await;
    let tile = world.media.tile(&text, 1, &pages[0], 3, 0, 0).await.unwrap();
    assert_eq!(tile.mime, "image/png");
    assert!(tile.bytes.len() < 60_000, "{} bytes", tile.bytes.len());
    let thumbnail = world.media.thumbnail(&text, 1).await.unwrap();
    let thumbnail = crate::world::decode(&thumbnail);
    assert_eq!((thumbnail.width, thumbnail.height), (226, 320));
}

#[tokio::test]
async fn pages_have_the_names_the_document_gives_them() {
    let pages: Vec<PageOf<'_>> =
        (0..6).map(|_| PageOf { entries: "/MediaBox [0 0 50 50]", content: "" }).collect();
    let labels = "/PageLabels << /Nums [0 << /S /r >> 2 << /S /D >> 4 << /P (A-) /S /D /St 8 >>] >>";
    let world = World::new();
    let source = world.source("labels", FileKind::Pdf, &pdf_with(labels, &pages));
    let labels: Vec<Option<String>> = world.pages(&source).await.into_iter().map(|p| p.label).collect();
    let named = |label: &str| Some(label.to_owned());
    assert_eq!(labels, [named("i"), named("ii"), named("1"), named("2"), named("A-8"), named("A-9")]);
}

#[tokio::test]
async fn what_is_not_there_is_out_of_range() {
    let world = World::new();
    let source = world.source("range", FileKind::Pdf, &text_document(2));
    let pages = world.pages(&source).await;
    let top = pages[0].pyramid().max_level;
    for (page, level, x, y) in [(0, 0, 0, 0), (3, 0, 0, 0), (1, top + 1, 0, 0), (1, 0, 1, 0), (1, 0, 0, 1)] {
        let result = world.media.tile(&source, page, &pages[0], level, x, y).await;
        assert_eq!(result.map_err(|e| e.kind()), Err(MediaErrorKind::OutOfRange), "{page}/{level}/{x}/{y}");
    }
    for page in [0, 3, u32::MAX] {
        assert_eq!(
            world.media.thumbnail(&source, page).await.unwrap_err().kind(),
            MediaErrorKind::OutOfRange
        );
        assert_eq!(world.media.text(&source, page).await.unwrap_err().kind(), MediaErrorKind::OutOfRange);
    }
}
