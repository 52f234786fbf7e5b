//! Files made to hurt. Each must end soon, with a reason, and hurt nobody.

use std::fmt::Write;
use std::time::{Duration, Instant};

use galley_media::{FileKind, Limits, MediaErrorKind as K, MediaOptions, OpenEvent, Refusal};

use crate::fixtures::{
    PageOf, PngOf, jpeg, pdf_of_objects, pdf_page, pdf_with, png_claiming, rgb, stream, text_document,
    with_segment,
};
use crate::world::{World, child};

/// Far above what any of these takes, far below any time limit.
const SOON: Duration = Duration::from_secs(20);

fn noisy_jpeg() -> Vec<u8> {
    jpeg(
        200,
        200,
        jpeg_encoder::ColorType::Rgb,
        &rgb(200, 200, |x, y| [(x * y) as u8, (x * 7) as u8, (y * 13) as u8]),
    )
}

fn small_png() -> Vec<u8> {
    let data = rgb(100, 100, |x, y| [(x * y) as u8, x as u8, y as u8]);
    PngOf { width: 100, height: 100, color: png::ColorType::Rgb, depth: png::BitDepth::Eight, data: &data }
        .encode()
}

/// What must be refused, and why.
fn refused() -> Vec<(&'static str, FileKind, Vec<u8>, K)> {
    let catalog = "<< /Type /Catalog /Pages 2 0 R >>".to_owned();
    let no_pages = pdf_of_objects(&[catalog.clone(), "<< /Type /Pages /Count 0 /Kids [] >>".into()]);
    let claims = pdf_of_objects(&[catalog.clone(), "<< /Type /Pages /Count 100000 /Kids [] >>".into()]);
    let loops = pdf_of_objects(&[
        catalog,
        "<< /Type /Pages /Count 2 /Kids [3 0 R] >>".into(),
        "<< /Type /Pages /Count 2 /Parent 2 0 R /Kids [2 0 R 3 0 R] >>".into(),
    ]);
    let itself = pdf_of_objects(&[
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Count 1 /Kids [2 0 R] >>".into(),
    ]);
    let half = |bytes: Vec<u8>| bytes[..bytes.len() / 2].to_vec();
    let many: Vec<PageOf<'_>> =
        (0..2001).map(|_| PageOf { entries: "/MediaBox [0 0 9 9]", content: "" }).collect();
    let deep = format!("/MediaBox [0 0 50 50] /Odd {}{}", "[".repeat(20_000), "]".repeat(20_000));
    let big_box = |side: &str| pdf_page(&format!("/MediaBox [0 0 {side} {side}]"), "0 0 9 9 re f");
    vec![
        ("nothing", FileKind::Pdf, vec![], K::Empty),
        ("a PNG of 0 bytes", FileKind::Png, vec![], K::Empty),
        ("a JPEG of 0 bytes", FileKind::Jpeg, vec![], K::Empty),
        ("only a header", FileKind::Pdf, b"%PDF-1.7\n".to_vec(), K::Damaged),
        ("a header and noise", FileKind::Pdf, [b"%PDF-1.7\n".as_slice(), &noisy_jpeg()].concat(), K::Damaged),
        ("not a PDF", FileKind::Pdf, b"<html>hello</html>".to_vec(), K::Refused(Refusal::Html)),
        ("a PNG said to be a PDF", FileKind::Pdf, small_png(), K::Unsupported),
        ("no pages", FileKind::Pdf, no_pages, K::Empty),
        ("a claim of pages", FileKind::Pdf, claims, K::Empty),
        ("a page tree of loops", FileKind::Pdf, loops, K::Empty),
        ("a page tree within itself", FileKind::Pdf, itself, K::Empty),
        ("the first 100 bytes of a PDF", FileKind::Pdf, text_document(1)[..100].to_vec(), K::Damaged),
        ("arrays in arrays", FileKind::Pdf, pdf_page(&deep, ""), K::Empty),
        ("too many pages", FileKind::Pdf, pdf_with("", &many), K::TooManyPages),
        ("200000 points", FileKind::Pdf, big_box("200000"), K::TooLarge),
        ("1e30 points", FileKind::Pdf, big_box("999999999999999999999999999999"), K::TooLarge),
        (
            "user password",
            FileKind::Pdf,
            include_bytes!("../fixtures/user-password.pdf").to_vec(),
            K::PasswordProtected,
        ),
        (
            "RC4",
            FileKind::Pdf,
            include_bytes!("../fixtures/user-password-rc4.pdf").to_vec(),
            K::PasswordProtected,
        ),
        ("30000 x 30000", FileKind::Png, png_claiming(30_000, 30_000), K::TooLarge),
        ("2 billion squared", FileKind::Png, png_claiming(0x7fff_ffff, 0x7fff_ffff), K::TooLarge),
        ("no pixels", FileKind::Png, png_claiming(0, 5), K::Damaged),
        ("no data", FileKind::Png, png_claiming(500, 500), K::Damaged),
        ("half a PNG", FileKind::Png, half(small_png()), K::Damaged),
        ("half a JPEG", FileKind::Jpeg, half(noisy_jpeg()), K::Damaged),
        ("three bytes of JPEG", FileKind::Jpeg, vec![0xff, 0xd8, 0xff], K::Damaged),
        ("segment past the end", FileKind::Jpeg, with_segment(&[0xff, 0xd8, 0xff], 0xe0, &[]), K::Damaged),
    ]
}

#[tokio::test]
async fn what_cannot_be_shown_is_refused_with_a_reason() {
    let world = World::new();
    for (number, (what, kind, bytes, wanted)) in refused().into_iter().enumerate() {
        let source = world.source(&format!("h{number}"), kind, &bytes);
        let start = Instant::now();
        let (_, result) = world.open(&source).await;
        let error = result.expect_err(what);
        assert_eq!(error.kind(), wanted, "{what}: {error}");
        assert!(!error.is_retryable(), "{what}");
        assert!(error.reason().ends_with('.') && !error.reason().contains('/'), "{what}: {}", error.reason());
        assert!(start.elapsed() < SOON, "{what} took {:?}", start.elapsed());
    }
}

#[tokio::test]
async fn what_is_merely_odd_opens() {
    let nested = "q ".repeat(100_000) + "1 0 0 rg 0 0 50 50 re f " + &"Q ".repeat(100_000);
    let same_page = "4 0 R ".repeat(100_000);
    let repeated = pdf_of_objects(&[
        "<< /Type /Catalog /Pages 2 0 R >>".into(),
        format!("<< /Type /Pages /Count 100000 /Kids [{same_page}] >>"),
        "<< >>".into(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 50 50] >>".into(),
    ]);
    // A form that draws itself, and a pattern-free page that draws it.
    let recursive = pdf_of_objects(&[
        "<< /Type /Catalog /Pages 2 0 R >>".into(),
        "<< /Type /Pages /Count 1 /Kids [3 0 R] >>".into(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 50 50] /Contents 4 0 R \
         /Resources << /XObject << /X 5 0 R >> >> >>"
            .into(),
        stream("/X Do"),
        "<< /Type /XObject /Subtype /Form /BBox [0 0 50 50] /Resources << /XObject << /X 5 0 R >> >> /Length 11 >>\n\
         stream\n/X Do /X Do\nendstream"
            .into(),
    ]);
    let page_in_a_loop = pdf_of_objects(&[
        "<< /Type /Catalog /Pages 2 0 R >>".into(),
        "<< /Type /Pages /Count 9 /Kids [3 0 R 2 0 R] >>".into(),
        "<< /Type /Pages /Count 9 /Parent 2 0 R /Kids [2 0 R 4 0 R 3 0 R] >>".into(),
        "<< /Type /Page /Parent 3 0 R /MediaBox [0 0 50 50] >>".into(),
    ]);
    let cut = text_document(3);
    let middle = cut[..cut.len() / 2].to_vec();
    let cut = cut[..cut.len() - 600].to_vec();
    let files = [
        ("only an owner password", include_bytes!("../fixtures/owner-password.pdf").to_vec()),
        ("14400 points", pdf_page("/MediaBox [0 0 14400 14400]", "0 0 9 9 re f")),
        ("deep graphics states", pdf_page("/MediaBox [0 0 50 50]", &nested)),
        ("the same page over and over", repeated),
        ("a form that draws itself", recursive),
        ("no cross-reference table", cut),
        ("cut in the middle", middle),
        ("a page tree with a loop and a page", page_in_a_loop),
        ("a hairline of a page", pdf_page("/MediaBox [0 0 0.001 5000]", "0 0 9 9 re f")),
    ];
    let world = World::new();
    for (number, (what, bytes)) in files.into_iter().enumerate() {
        let source = world.source(&format!("o{number}"), FileKind::Pdf, &bytes);
        let start = Instant::now();
        let (events, result) = world.open(&source).await;
        assert_eq!(result, Ok(()), "{what}");
        let OpenEvent::Info { pages } = &events[0] else { panic!("{what}: {events:?}") };
        let top = pages[0].pyramid().max_level;
        world.media.tile(&source, 1, &pages[0], top, 0, 0).await.expect(what);
        assert!(start.elapsed() < SOON, "{what} took {:?}", start.elapsed());
    }
}

fn limited(change: impl FnOnce(&mut Limits)) -> World {
    let mut options = MediaOptions::default();
    change(&mut options.limits);
    World::with(child(), options)
}

#[tokio::test]
async fn a_picture_beyond_the_memory_limit_is_out_of_memory() {
    let world = limited(|limits| {
        limits.memory_bytes = 300 << 20;
        limits.max_page_pixels = u64::MAX;
    });
    let source = world.source("bomb", FileKind::Png, &png_claiming(30_000, 30_000));
    let error = world.open(&source).await.1.unwrap_err();
    assert_eq!(error.kind(), K::OutOfMemory, "{error}");
}

/// Hundreds of thousands of transparent shapes over the whole page.
fn slow_content() -> String {
    let mut content = String::new();
    for at in 0..400_000 {
        writeln!(content, "0 0 m 500 {} 10 {} 500 500 c 3 w S", at % 500, at % 491).unwrap();
    }
    content
}

#[tokio::test]
async fn a_page_that_takes_too_long_is_stopped_and_the_others_go_on() {
    let world = limited(|limits| {
        limits.step_wall = Duration::from_secs(2);
        limits.render_cpu_seconds = 1;
    });
    let slow = slow_content();
    let entries = "/MediaBox [0 0 500 500]";
    let pages = [
        PageOf { entries, content: "" },
        PageOf { entries, content: &slow },
        PageOf { entries, content: "0 0 9 9 re f" },
    ];
    let source = world.source("slow", FileKind::Pdf, &pdf_with("", &pages));
    let start = Instant::now();
    let (events, result) = world.open(&source).await;
    assert_eq!(result, Ok(()));
    assert!(matches!(&events[1], OpenEvent::Page { number: 1 }), "{:?}", &events[1]);
    let OpenEvent::PageFailed { number: 2, error } = &events[2] else { panic!("{:?}", &events[2]) };
    assert_eq!((error.kind(), error.page()), (K::TimedOut, Some(2)));
    assert!(matches!(&events[3], OpenEvent::Page { number: 3 }), "{:?}", &events[3]);
    assert!(start.elapsed() < SOON);

    // The processor limit of a single render ends it as well, and the answer is remembered for others.
    let error = world.media.thumbnail(&source, 2).await.unwrap_err();
    assert_eq!(error.kind(), K::TimedOut, "{error}");
    let start = Instant::now();
    assert_eq!(world.media.thumbnail(&source, 2).await.unwrap_err(), error);
    assert!(start.elapsed() < Duration::from_millis(500));
}

#[tokio::test]
async fn a_file_beyond_the_size_limit_is_not_opened() {
    let world = limited(|limits| limits.max_file_bytes = 1000);
    let source = world.source("large", FileKind::Pdf, &text_document(5));
    assert_eq!(world.open(&source).await.1.unwrap_err().kind(), K::TooLarge);
}

#[tokio::test]
async fn damaged_copies_of_a_good_file_never_hang_or_crash_the_server() {
    let world = limited(|limits| limits.step_wall = Duration::from_secs(10));
    let good =
        [(FileKind::Pdf, text_document(2)), (FileKind::Png, small_png()), (FileKind::Jpeg, noisy_jpeg())];
    let mut state = 0x2545_f491_4f6c_dd1du64;
    let mut random = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as usize
    };
    for round in 0..60 {
        let (kind, file) = &good[round % good.len()];
        let mut file = file.clone();
        for _ in 0..=random() % 30 {
            let at = 16 + random() % (file.len() - 16);
            file[at] = random() as u8;
        }
        let source = world.source(&format!("m{round}"), *kind, &file);
        let (_, result) = world.open(&source).await;
        if let Err(error) = result {
            assert!(!matches!(error.kind(), K::Io | K::StorageFull | K::Busy), "round {round}: {error}");
        }
    }
}
