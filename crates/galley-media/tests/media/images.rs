//! PNG and JPEG in all their variants.

use galley_media::FileKind;
use jpeg_encoder::ColorType as Jpeg;
use png::{BitDepth, ColorType};

use crate::fixtures::{PngOf, exif, jpeg, push_chunk, rgb, with_segment, without_adobe};
use crate::world::{World, decode, near};

const RED: [u8; 3] = [255, 0, 0];
const GREEN: [u8; 3] = [0, 255, 0];
const BLUE: [u8; 3] = [0, 0, 255];
const BLACK: [u8; 3] = [0, 0, 0];
const WHITE: [u8; 3] = [255, 255, 255];

/// The only level of a small image.
async fn shown(kind: FileKind, bytes: &[u8]) -> crate::world::Pixels {
    let world = World::new();
    let source = world.source("image", kind, bytes);
    let pages = world.pages(&source).await;
    assert_eq!(pages.len(), 1);
    assert!(!pages[0].vector && world.media.text(&source, 1).await.unwrap().words.is_empty());
    world.level(&source, 1, &pages[0], 0).await
}

/// Upper left red, upper right green, lower left blue, lower right black.
fn quarters(x: u32, y: u32) -> [u8; 3] {
    match (x < 32, y < 16) {
        (true, true) => RED,
        (false, true) => GREEN,
        (true, false) => BLUE,
        (false, false) => BLACK,
    }
}

#[tokio::test]
async fn every_orientation_is_turned_upright() {
    let stored = jpeg(64, 32, Jpeg::Rgb, &rgb(64, 32, quarters));
    // What is to be seen: upper left, upper right, lower left, lower right.
    let cases = [
        (1, [RED, GREEN, BLUE, BLACK]),
        (2, [GREEN, RED, BLACK, BLUE]),
        (3, [BLACK, BLUE, GREEN, RED]),
        (4, [BLUE, BLACK, RED, GREEN]),
        (5, [RED, BLUE, GREEN, BLACK]),
        (6, [BLUE, RED, BLACK, GREEN]),
        (7, [BLACK, GREEN, BLUE, RED]),
        (8, [GREEN, BLACK, RED, BLUE]),
        (0, [RED, GREEN, BLUE, BLACK]),
        (99, [RED, GREEN, BLUE, BLACK]),
    ];
    for (orientation, wanted) in cases {
        let segment = [b"Exif\0\0".as_slice(), &exif(orientation)].concat();
        let pixels = shown(FileKind::Jpeg, &with_segment(&stored, 0xe1, &segment)).await;
        let turned = (5..=8).contains(&orientation);
        assert_eq!((pixels.width, pixels.height), if turned { (32, 64) } else { (64, 32) }, "{orientation}");
        let found = [(0.2, 0.2), (0.8, 0.2), (0.2, 0.8), (0.8, 0.8)].map(|(x, y)| pixels.at_share(x, y));
        for (found, wanted) in found.into_iter().zip(wanted) {
            assert!(near(found, wanted, 12), "{orientation}: {found:?} is not {wanted:?}");
        }
    }
}

#[tokio::test]
async fn a_png_may_carry_its_orientation_too() {
    let plain = PngOf {
        width: 64,
        height: 32,
        color: ColorType::Rgb,
        depth: BitDepth::Eight,
        data: &rgb(64, 32, quarters),
    };
    let plain = plain.encode();
    let end = plain.len() - 12;
    let mut bytes = plain[..33].to_vec();
    push_chunk(&mut bytes, b"eXIf", &exif(6));
    bytes.extend(&plain[33..]);
    let before = shown(FileKind::Png, &bytes).await;
    let mut bytes = plain[..end].to_vec();
    push_chunk(&mut bytes, b"eXIf", &exif(6));
    bytes.extend(&plain[end..]);
    let after = shown(FileKind::Png, &bytes).await;
    assert_eq!((before.width, before.height, before.at(2, 2)), (32, 64, BLUE));
    assert_eq!(before, after);
}

#[tokio::test]
async fn png_depths_palettes_and_transparency() {
    let png = |color, depth, data: &[u8]| PngOf { width: 2, height: 1, color, depth, data }.encode();
    let deep =
        png(ColorType::Rgb, BitDepth::Sixteen, &[0xff, 0xff, 0x80, 0, 0, 0, 0, 0, 0xff, 0xff, 0x40, 0]);
    let pixels = shown(FileKind::Png, &deep).await;
    assert_eq!((pixels.at(0, 0), pixels.at(1, 0)), ([255, 128, 0], [0, 255, 64]));

    let bits = png(ColorType::Grayscale, BitDepth::One, &[0b1000_0000]);
    let pixels = shown(FileKind::Png, &bits).await;
    assert_eq!((pixels.at(0, 0), pixels.at(1, 0)), (WHITE, BLACK));

    let clear = png(ColorType::Rgba, BitDepth::Eight, &[255, 0, 0, 0, 0, 0, 255, 255]);
    let pixels = shown(FileKind::Png, &clear).await;
    assert_eq!((pixels.at(0, 0), pixels.at(1, 0)), (WHITE, BLUE));

    let two =
        PngOf { width: 2, height: 1, color: ColorType::Indexed, depth: BitDepth::Two, data: &[0b0110_0000] };
    let palette = two.encode_with(|encoder| {
        encoder.set_palette(vec![0, 0, 0, 255, 0, 0, 0, 0, 255]);
        encoder.set_trns(vec![255, 0, 255]);
    });
    let pixels = shown(FileKind::Png, &palette).await;
    assert_eq!((pixels.at(0, 0), pixels.at(1, 0)), (WHITE, BLUE), "the red of the palette is transparent");
}

#[tokio::test]
async fn an_embedded_profile_changes_what_is_seen() {
    let icc = moxcms::ColorProfile::new_display_p3().encode().unwrap();
    let data = rgb(4, 4, |_, _| [60, 200, 60]);
    let png = PngOf { width: 4, height: 4, color: ColorType::Rgb, depth: BitDepth::Eight, data: &data };
    assert_eq!(shown(FileKind::Png, &png.encode()).await.at(1, 1), [60, 200, 60]);
    let jpeg = jpeg(4, 4, Jpeg::Rgb, &data);
    let chunk = [b"ICC_PROFILE\0\x01\x01".as_slice(), &icc].concat();
    let pixels = shown(FileKind::Jpeg, &with_segment(&jpeg, 0xe2, &chunk)).await;
    assert!(pixels.at(1, 1)[0] < 40, "{:?}", pixels.at(1, 1));
}

#[tokio::test]
async fn cmyk_is_not_inverted_with_or_without_adobes_marker() {
    // Ink amounts: paper, cyan, black.
    let inks = [[0, 0, 0, 0], [255, 0, 0, 0], [0, 0, 0, 255]];
    // Of the press that is assumed where no profile says anything else; its black alone is not black.
    let looks = [WHITE, [0, 174, 239], [35, 31, 32]];
    for (ink, look) in inks.into_iter().zip(looks) {
        for kind in [Jpeg::Cmyk, Jpeg::CmykAsYcck] {
            let adobe = jpeg(16, 16, kind, &ink.repeat(256));
            let found = shown(FileKind::Jpeg, &adobe).await.at(8, 8);
            assert!(near(found, look, 6), "{kind:?} {ink:?}: {found:?}");
        }
        let inverted = ink.map(|sample| 255 - sample);
        let plain = without_adobe(&jpeg(16, 16, Jpeg::Cmyk, &inverted.repeat(256)));
        let found = shown(FileKind::Jpeg, &plain).await.at(8, 8);
        assert!(near(found, look, 6), "without marker {ink:?}: {found:?}");
    }
}

#[tokio::test]
async fn resolution_gives_the_size_on_paper() {
    let world = World::new();
    let data = rgb(300, 150, quarters);
    let png = PngOf { width: 300, height: 150, color: ColorType::Rgb, depth: BitDepth::Eight, data: &data };
    let at_300_dpi = png.encode_with(|encoder| {
        encoder.set_pixel_dims(Some(png::PixelDimensions {
            xppu: 11_811,
            yppu: 11_811,
            unit: png::Unit::Meter,
        }));
    });
    let source = world.source("png", FileKind::Png, &at_300_dpi);
    let (width, height) = world.pages(&source).await[0].physical_mm.unwrap();
    assert!((width - 25.4).abs() < 0.01 && (height - 12.7).abs() < 0.01, "{width} x {height} mm");
    let source = world.source("unknown", FileKind::Png, &png.encode());
    assert_eq!(world.pages(&source).await[0].physical_mm, None);

    let mut bytes = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, 90);
    encoder.set_density(jpeg_encoder::PixelDensity {
        density: (150, 150),
        unit: jpeg_encoder::PixelDensityUnit::Inches,
    });
    encoder.encode(&data, 300, 150, Jpeg::Rgb).unwrap();
    let source = world.source("jpeg", FileKind::Jpeg, &bytes);
    let (width, _) = world.pages(&source).await[0].physical_mm.unwrap();
    assert!((width - 50.8).abs() < 0.01, "{width} mm");
}

#[tokio::test]
async fn an_image_has_all_its_levels_after_opening() {
    // A horizontal ramp: every level must show the same picture.
    let data = rgb(3000, 1000, |x, _| [(x * 255 / 3000) as u8, 128, 255 - (x * 255 / 3000) as u8]);
    let png = PngOf { width: 3000, height: 1000, color: ColorType::Rgb, depth: BitDepth::Eight, data: &data };
    let world = World::new();
    let source = world.source("ramp", FileKind::Png, &png.encode());
    let pages = world.pages(&source).await;
    let pyramid = pages[0].pyramid();
    assert_eq!((pyramid.width, pyramid.height, pyramid.max_level), (3000, 1000, 3));
    let offline = world.restarted(crate::world::script("exit 1"));
    for level in 0..=3 {
        let (columns, rows) = pyramid.tiles(level).unwrap();
        for (x, y) in (0..columns).flat_map(|x| (0..rows).map(move |y| (x, y))) {
            offline.tile(&source, 1, &pages[0], level, x, y).await.unwrap();
        }
        let pixels = world.level(&source, 1, &pages[0], level).await;
        for share in [0.1, 0.5, 0.9] {
            let wanted = (share * 255.0) as u8;
            let found = pixels.at_share(share, 0.5);
            assert!(near(found, [wanted, 128, 255 - wanted], 8), "level {level} at {share}: {found:?}");
        }
    }
    let thumbnail = decode(&offline.thumbnail(&source, 1).await.unwrap());
    assert_eq!((thumbnail.width, thumbnail.height), (320, 107));
}

#[tokio::test]
async fn interlaced_rows_come_in_order() {
    let file = include_bytes!("../fixtures/interlaced.png");
    let pixels = shown(FileKind::Png, file).await;
    assert_eq!((pixels.width, pixels.height), (64, 32));
    assert_eq!(
        [pixels.at(2, 2), pixels.at(60, 2), pixels.at(2, 30), pixels.at(60, 30)],
        [RED, GREEN, BLUE, BLACK]
    );
}

#[tokio::test]
async fn an_excerpt_shows_shapes_over_the_part_of_the_page_around_them() {
    use galley_media::{Shape, ShapeKind};
    let world = World::new();
    let source =
        world.source("image", FileKind::Jpeg, &jpeg(1000, 800, Jpeg::Rgb, &rgb(1000, 800, |_, _| WHITE)));
    world.pages(&source).await;
    let shape = Shape {
        kind: ShapeKind::Box,
        points: vec![[0.5, 0.5], [0.6, 0.6]],
        color: RED,
        width: 8.0,
        opacity: 1.0,
    };
    let picture = world.media.excerpt(&source, 1, 7, std::slice::from_ref(&shape)).await.unwrap();
    let pixels = decode(&picture);
    // A fifth of the page: 0.45 to 0.65, at the full size of the image.
    assert_eq!((pixels.width, pixels.height), (200, 160));
    assert!(near(pixels.at(50, 80), RED, 40), "{:?}", pixels.at(50, 80));
    assert!(near(pixels.at(100, 40), RED, 40), "{:?}", pixels.at(100, 40));
    assert!(near(pixels.at(100, 80), WHITE, 12) && near(pixels.at(5, 5), WHITE, 12));
    // The same again comes from the cache; nothing drawn is the whole page, made to fit.
    assert_eq!(world.media.excerpt(&source, 1, 7, &[]).await.unwrap(), picture);
    let whole = decode(&world.media.excerpt(&source, 1, 8, &[]).await.unwrap());
    assert_eq!((whole.width, whole.height), (500, 400));
    let error = world.media.excerpt(&source, 2, 9, &[shape]).await.unwrap_err();
    assert_eq!(error.kind(), galley_media::MediaErrorKind::OutOfRange);
}
