//! Pages beside those of a renderer that nobody here wrote. `cargo xtask pixels` does the same with hundreds.

use std::path::Path;
use std::process::Command;

use galley_media::{FileKind, MediaOptions, PageInfo, Severity, Source, Tool, Tools, findings};

use crate::fixtures::{PageOf, pdf_with};
use crate::near::Picture;
use crate::world::{World, child, near};

fn file(path: &str) -> Source {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let key = path.file_stem().unwrap().to_string_lossy().replace('-', "");
    Source { key, path, kind: FileKind::Pdf, moment: None }
}

fn engine_page(name: &str) -> Source {
    file(&format!("tests/fixtures/engines/{name}.pdf"))
}

/// The level at 100 %.
fn plain_level(info: &PageInfo) -> u8 {
    let pyramid = info.pyramid();
    (0..).find(|&level| f64::from(pyramid.level_size(level).unwrap().0) >= info.width).unwrap()
}

/// The page as Poppler draws it, as large as it is at 100 %.
fn by_poppler(path: &Path, info: &PageInfo) -> Picture {
    let (width, height) = info.pyramid().level_size(plain_level(info)).unwrap();
    let mut program = Command::new("pdftoppm");
    program.args(["-q", "-cropbox", "-f", "1", "-l", "1", "-scale-to-x", &width.to_string(), "-scale-to-y"]);
    let output =
        program.arg(height.to_string()).arg(path).output().expect("pdftoppm, of poppler-utils, runs");
    Picture::from_ppm(&output.stdout).unwrap()
}

async fn ours(world: &World, source: &Source, info: &PageInfo) -> Picture {
    let pixels = world.level(source, 1, info, plain_level(info)).await;
    Picture { width: pixels.width as usize, height: pixels.height as usize, rgb: pixels.rgb }
}

#[tokio::test]
async fn pages_look_as_another_renderer_draws_them() {
    let world = World::new();
    for name in ["annual-report-excerpt", "business-cards", "tidewick-one-brochure"] {
        let source = file(&format!("../../demo/files/{name}.pdf"));
        let info = &world.pages(&source).await[0];
        let apart = ours(&world, &source, info).await.apart(&by_poppler(&source.path, info)).unwrap();
        assert!(apart.is_near(), "{name}: {apart:?}");
    }
}

#[tokio::test]
async fn the_comparison_sees_what_is_missing() {
    let world = World::with(child(), MediaOptions { tools: Tools::none(), ..MediaOptions::default() });
    for name in ["notes", "highlight"] {
        let source = engine_page(name);
        let info = &world.pages(&source).await[0];
        let apart = ours(&world, &source, info).await.apart(&by_poppler(&source.path, info)).unwrap();
        assert!(!apart.is_near(), "{name}: {apart:?}");
    }
}

/// A place on a page in points from its lower left corner, its colour with the second engine, and without.
type Spot = ((f64, f64), [u8; 3], [u8; 3]);

const WHITE: [u8; 3] = [255; 3];

/// Width and height in points, and places. Colours were seen alike in Ghostscript, MuPDF and, for notes, Poppler.
fn spots(name: &str) -> ((f64, f64), &'static [Spot]) {
    match name {
        "notes" => (
            (340.0, 420.0),
            &[
                // Inside and on the edge of the square, then circle, line, ink, polygon, highlight.
                ((80.0, 250.0), [255, 230, 204], WHITE),
                ((80.0, 221.5), [255, 0, 0], WHITE),
                ((180.0, 250.0), [204, 230, 255], WHITE),
                ((270.0, 250.0), [0, 128, 0], WHITE),
                ((57.5, 165.0), [128, 0, 128], WHITE),
                ((180.0, 150.0), [255, 255, 153], WHITE),
                ((243.0, 385.0), [255, 255, 0], WHITE),
            ],
        ),
        "highlight" => (
            (240.0, 180.0),
            &[((90.0, 70.0), [51, 102, 0], [255, 255, 0]), ((170.0, 70.0), [255, 255, 0], [255, 255, 0])],
        ),
        "knockout" => ((240.0, 240.0), &[((120.0, 135.0), [128, 128, 255], [128, 64, 191])]),
        "overprint" => (
            (350.0, 230.0),
            &[
                ((100.0, 140.0), [0, 166, 80], [255, 242, 0]),
                // Overprint is switched off for these two.
                ((75.0, 30.0), [255, 242, 0], [255, 242, 0]),
            ],
        ),
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn pages_beyond_the_first_engine_are_drawn_by_a_second() {
    for tool in [Tool::Poppler, Tool::Ghostscript] {
        assert!(Tools::installed().program(tool).is_some(), "install {}", tool.package());
    }
    let plain = World::with(child(), MediaOptions { tools: Tools::none(), ..MediaOptions::default() });
    let world = World::new();
    for name in ["notes", "highlight", "knockout", "overprint"] {
        let source = engine_page(name);
        let ((width, height), spots) = spots(name);
        for (world, second) in [(&world, true), (&plain, false)] {
            let info = &world.pages(&source).await[0];
            // Made when it is opened, and made on demand in blocks.
            for level in [plain_level(info), info.pyramid().max_level - 2] {
                let pixels = world.level(&source, 1, info, level).await;
                for ((x, y), with, without) in spots {
                    let found = pixels.at_share(x / width, 1.0 - y / height);
                    let wanted = if second { *with } else { *without };
                    assert!(near(found, wanted, 14), "{name} {second} level {level} {x},{y}: {found:?}");
                }
            }
            let thumbnail = crate::world::decode(&world.media.thumbnail(&source, 1).await.unwrap());
            let ((x, y), with, without) = spots[0];
            let found = thumbnail.at_share(x / width, 1.0 - y / height);
            assert!(near(found, if second { with } else { without }, 40), "{name} {second}: {found:?}");
        }
    }
}

#[tokio::test]
async fn a_second_engine_draws_turned_and_cropped_pages_where_they_are() {
    let world = World::new();
    let text = std::fs::read_to_string(engine_page("knockout").path).unwrap();
    let box_of = "/MediaBox [0 0 240 240]";
    // Places on the page as it is shown, as shares of it: knocked out, and above the grey.
    for (number, turn, overlap) in
        [(0, 0, (0.5, 0.2)), (1, 90, (0.8, 0.5)), (2, 180, (0.5, 0.8)), (3, 270, (0.2, 0.5))]
    {
        let entries = format!("/MediaBox [0 0 240 240] /CropBox [70 80 170 160] /Rotate {turn}");
        // Readers find objects of a file with a wrong table by looking for them.
        let turned = text.replace(box_of, &entries);
        assert_ne!(turned, text);
        let source = world.source(&format!("turned{number}"), FileKind::Pdf, turned.as_bytes());
        let info = &world.pages(&source).await[0];
        for level in [plain_level(info), info.pyramid().max_level] {
            let pixels = world.level(&source, 1, info, level).await;
            let found = pixels.at_share(overlap.0, overlap.1);
            assert!(near(found, [128, 128, 255], 6), "{turn} level {level}: {found:?}");
        }
    }
}

#[tokio::test]
async fn notes_on_a_page_are_differences_too() {
    let world = World::new();
    let noted = engine_page("notes");
    let text = std::fs::read_to_string(&noted.path).unwrap();
    let bare = world.source("bare", FileKind::Pdf, text.replace("/Annots", "/Annotx").as_bytes());
    let (older, newer) = (world.pages(&bare).await.remove(0), world.pages(&noted).await.remove(0));
    let page = |source: &Source, info: &PageInfo| galley_media::PageOf {
        source: source.clone(),
        page: 1,
        info: info.clone(),
    };
    let found = world.media.difference(&page(&bare, &older), &page(&noted, &newer)).await.unwrap();
    assert!(found.regions.len() >= 6, "{found:?}");
    let same = world.media.difference(&page(&noted, &newer), &page(&noted, &newer)).await.unwrap();
    assert!(same.regions.is_empty(), "{same:?}");
}

#[tokio::test]
async fn without_a_second_engine_the_file_check_says_so() {
    let told = async |tools: Tools, name: &str| {
        let world = World::with(child(), MediaOptions { tools, ..MediaOptions::default() });
        let facts = world.media.preflight(&engine_page(name)).await.unwrap();
        findings(&facts).into_iter().find(|f| f.text.contains("is missing on the server"))
    };
    for name in ["notes", "highlight", "knockout", "overprint"] {
        let missing = told(Tools::none(), name).await.unwrap_or_else(|| panic!("{name}: nothing said"));
        assert_eq!((missing.severity, missing.pages), (Severity::Warning, vec![1]), "{name}");
        assert_eq!(told(Tools::installed(), name).await, None, "{name}");
    }
}

#[tokio::test]
async fn a_second_engine_that_fails_leaves_the_page_to_the_first() {
    let tools =
        Tools::none().with(Tool::Poppler, "/bin/false".into()).with(Tool::Ghostscript, "/bin/false".into());
    let world = World::with(child(), MediaOptions { tools, ..MediaOptions::default() });
    for name in ["notes", "knockout"] {
        let source = engine_page(name);
        let info = &world.pages(&source).await[0];
        let pixels = world.level(&source, 1, info, plain_level(info)).await;
        let ((width, height), spots) = spots(name);
        let ((x, y), _, without) = spots[0];
        let found = pixels.at_share(x / width, 1.0 - y / height);
        assert!(near(found, without, 6), "{name}: {found:?}");
    }
}

#[tokio::test]
async fn notes_on_narrow_pages_are_drawn_whole() {
    let world = World::new();
    let note = "/Type /Annot /Subtype /Square /Rect [10 10 60 60] /C [1 0 0] /BS << /W 4 >>";
    // As wide as rounds down and up in a thumbnail, upright and lying.
    for (number, (wide, high)) in [(120, 450), (121, 450), (450, 120), (77, 600)].into_iter().enumerate() {
        let entries = format!("/MediaBox [0 0 {wide} {high}] /Annots [<< {note} >>]");
        let page = || PageOf { entries: &entries, content: "" };
        let source =
            world.source(&format!("narrow{number}"), FileKind::Pdf, &pdf_with("", &[page(), page()]));
        let (events, result) = world.open(&source).await;
        assert_eq!(result, Ok(()), "{wide} x {high}");
        let failed = events.iter().any(|event| matches!(event, galley_media::OpenEvent::PageFailed { .. }));
        assert!(!failed, "{wide} x {high}: {events:?}");
    }
}
