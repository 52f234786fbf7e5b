//! Pictures that other programs made, down to the colours of their pixels.

use galley_media::{FileKind, PageInfo, Tool, Tools};

use crate::world::{Pixels, World, near};

/// Upper left, upper right, lower left, lower right of most fixtures.
const QUARTERS: [[u8; 3]; 4] = [[220, 30, 40], [30, 180, 60], [30, 60, 200], [240, 240, 240]];

async fn first_page(world: &World, name: &str) -> (Vec<PageInfo>, Pixels) {
    let source = world.fixture(name);
    let (events, result) = world.open(&source).await;
    assert_eq!(result, Ok(()), "{name}");
    let Some(galley_media::OpenEvent::Info { pages }) = events.into_iter().next() else { panic!("{name}") };
    let level = pages[0].pyramid().largest_of_size(&pages[0]);
    let pixels = world.level(&source, 1, &pages[0], level).await;
    (pages, pixels)
}

trait SizeLevel {
    fn largest_of_size(&self, page: &PageInfo) -> u8;
}

impl SizeLevel for galley_media::Pyramid {
    /// The level that is closest to 100 %.
    fn largest_of_size(&self, page: &PageInfo) -> u8 {
        (0..=self.max_level)
            .find(|l| self.level_size(*l).is_some_and(|s| f64::from(s.0) >= page.width))
            .unwrap()
    }
}

fn quarters(pixels: &Pixels) -> [[u8; 3]; 4] {
    [(0.2, 0.2), (0.8, 0.2), (0.2, 0.8), (0.9, 0.65)].map(|(x, y)| pixels.at_share(x, y))
}

#[track_caller]
fn assert_quarters(name: &str, pixels: &Pixels, tolerance: u8) {
    for (found, wanted) in quarters(pixels).into_iter().zip(QUARTERS) {
        assert!(near(found, wanted, tolerance), "{name}: {found:?} is not {wanted:?}");
    }
}

#[tokio::test]
async fn pictures_that_are_decoded_here_have_their_colours() {
    let world = World::new();
    let exact = [
        "quarters.gif",
        "quarters.webp",
        "quarters.bmp",
        "quarters.tga",
        "quarters.ico",
        "quarters.ppm",
        "quarters.svg",
        "quarters.jp2",
        "lzw.tif",
        "deflate16.tif",
        "palette.tif",
    ];
    for name in exact {
        let (pages, pixels) = first_page(&world, name).await;
        assert_eq!((pages.len(), pages[0].width, pages[0].height), (1, 64.0, 48.0), "{name}");
        assert_quarters(name, &pixels, 1);
    }
    for name in ["jpeg.tif", "p3.jpg"] {
        assert_quarters(name, &first_page(&world, name).await.1, 8);
    }
    // Ink has no such blue, nor this red without a profile; that it is press colours is what matters.
    assert_quarters("cmyk.tif", &first_page(&world, "cmyk.tif").await.1, 70);
    let (_, fax) = first_page(&world, "fax.tif").await;
    assert!(fax.rgb.iter().all(|&c| c == 0 || c == 255) && fax.at_share(0.9, 0.7) == [255; 3]);
}

#[tokio::test]
async fn an_animation_is_its_first_frame_and_says_that_it_moves() {
    let (pages, _) = first_page(&World::new(), "quarters.gif").await;
    let animation = pages[0].animation.unwrap();
    assert_eq!((animation.frames, animation.milliseconds), (2, 400));
}

#[tokio::test]
async fn a_tiff_has_all_of_its_pages() {
    let world = World::new();
    let (pages, _) = first_page(&world, "pages.tif").await;
    let sizes: Vec<_> = pages.iter().map(|p| (p.width, p.height)).collect();
    assert_eq!(sizes, [(64.0, 48.0), (32.0, 24.0)]);
    let source = world.fixture("pages.tif");
    let second = world.level(&source, 2, &pages[1], 0).await;
    assert!(
        near(second.at_share(0.2, 0.2), QUARTERS[1], 2) && near(second.at_share(0.8, 0.2), QUARTERS[0], 2)
    );
}

#[tokio::test]
async fn an_svg_is_sharp_at_every_level_and_has_its_words() {
    let world = World::new();
    let source = world.fixture("quarters.svg");
    let (pages, _) = first_page(&world, "quarters.svg").await;
    let top = pages[0].pyramid();
    assert_eq!((top.width, top.height), (1024, 768));
    let large = world.level(&source, 1, &pages[0], top.max_level).await;
    assert_quarters("quarters.svg", &large, 1);
    assert_eq!(large.at(511, 100), QUARTERS[0], "an edge has no blur");
    assert_eq!(large.at(512, 100), QUARTERS[1], "an edge has no blur");
    let text = world.media.text(&source, 1).await.unwrap();
    assert_eq!(text.words.iter().map(|w| w.t.as_str()).collect::<Vec<_>>(), ["Words"]);
    let word = &text.words[0];
    assert!(word.x > 0.5 && word.x < 0.56 && word.y > 0.7 && word.y + word.h < 1.0, "{word:?}");
}

#[tokio::test]
async fn pictures_that_libvips_converts_have_their_colours() {
    assert!(Tools::installed().program(Tool::Vips).is_some(), "install {}", Tool::Vips.package());
    let world = World::new();
    for (name, kind, tolerance) in [
        ("quarters.psd", FileKind::Psd, 1),
        ("quarters.jxl", FileKind::Jxl, 1),
        ("quarters.heic", FileKind::Heic, 12),
        ("quarters.avif", FileKind::Avif, 12),
    ] {
        assert_eq!(world.fixture(name).kind, kind);
        let (pages, pixels) = first_page(&world, name).await;
        assert_eq!((pages.len(), pages[0].width, pages[0].height), (1, 64.0, 48.0), "{name}");
        assert_quarters(name, &pixels, tolerance);
    }
}
