//! Small files that are enormous.

use std::fmt::Write as _;
use std::io::Write as _;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::ZlibEncoder;
use galley_media::{FileKind, MediaErrorKind as K, MediaOptions};

use crate::fixtures::{pdf_of_objects, png_claiming, push_chunk};
use crate::world::{World, child};

/// Far above what any of these takes, far below any time limit.
const SOON: Duration = Duration::from_secs(20);

fn zeros(length: usize) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    let part = vec![0; 1 << 20];
    for _ in 0..length >> 20 {
        encoder.write_all(&part).unwrap();
    }
    encoder.finish().unwrap()
}

/// Headers that claim 100,000 by 100,000 pixels, or as much as the format can say.
fn claims() -> Vec<(FileKind, Vec<u8>)> {
    const SIDE: u32 = 100_000;
    let tag = |number: u16, kind: u16, value: u32| {
        let mut entry = [number.to_le_bytes(), kind.to_le_bytes()].concat();
        entry.extend(1u32.to_le_bytes());
        entry.extend(value.to_le_bytes());
        entry
    };
    let mut tiff = b"II\x2a\0\x08\0\0\0\x09\0".to_vec();
    for (number, kind, value) in [
        (256, 4, SIDE),
        (257, 4, SIDE),
        (258, 3, 8),
        (259, 3, 1),
        (262, 3, 1),
        (273, 4, 8),
        (277, 3, 1),
        (278, 4, SIDE),
        (279, 4, 9),
    ] {
        tiff.extend(tag(number, kind, value));
    }
    tiff.extend([0; 4]);
    let mut bmp = b"BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0".to_vec();
    bmp.extend([SIDE.to_le_bytes(), SIDE.to_le_bytes()].concat());
    bmp.extend([1, 0, 24, 0]);
    bmp.resize(54, 0);
    let tga = b"\0\0\x02\0\0\0\0\0\0\0\0\0\xff\xff\xff\xff\x18\0".to_vec();
    let mut gif =
        b"GIF89a\xff\xff\xff\xff\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\xff\xff\xff\xff\0\x02\x02\x44\x01\0;"
            .to_vec();
    gif.extend([0; 9]);
    let mut webp = b"RIFF\x1a\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0".to_vec();
    webp.extend([0x9f, 0x86, 1, 0x9f, 0x86, 1]);
    let mut jp2 = b"\xff\x4f\xff\x51\0\x29\0\0".to_vec();
    for number in [SIDE, SIDE, 0, 0, SIDE, SIDE, 0, 0] {
        jp2.extend(number.to_be_bytes());
    }
    jp2.extend([0, 1, 7, 1, 1]);
    vec![
        (FileKind::Png, png_claiming(SIDE, SIDE)),
        (FileKind::Tiff, tiff),
        (FileKind::Bmp, bmp),
        (FileKind::Tga, tga),
        (FileKind::Gif, gif),
        (FileKind::WebP, webp),
        (FileKind::Jp2, jp2),
        (FileKind::Pnm, format!("P6 {SIDE} {SIDE} 255\n").into_bytes()),
        (FileKind::Svg, b"<svg xmlns='http://www.w3.org/2000/svg' width='1e9' height='1e9'/>".to_vec()),
    ]
}

#[tokio::test]
async fn pictures_that_claim_billions_of_pixels_are_refused_by_their_header() {
    let world = World::new();
    for (number, (kind, bytes)) in claims().into_iter().enumerate() {
        let start = Instant::now();
        let error = world.open(&world.source(&format!("c{number}"), kind, &bytes)).await.1.unwrap_err();
        assert!(matches!(error.kind(), K::TooLarge | K::Damaged), "{kind:?}: {error}");
        let by_size = matches!(
            kind,
            FileKind::Png | FileKind::Tiff | FileKind::Tga | FileKind::Gif | FileKind::Pnm | FileKind::Svg
        );
        assert!(!by_size || error.kind() == K::TooLarge, "{kind:?}: {error}");
        assert!(start.elapsed() < SOON, "{kind:?} took {:?}", start.elapsed());
    }
}

/// A tree of page lists ten wide and nine deep, every list the same one at its depth.
fn billion_pages() -> Vec<u8> {
    let mut objects = vec!["<< /Type /Catalog /Pages 2 0 R >>".to_owned()];
    for depth in 0..9 {
        let next = depth + 3;
        let kids = format!("{next} 0 R ").repeat(10);
        let count = 10u64.pow(9 - depth);
        objects.push(format!("<< /Type /Pages /Count {count} /Kids [{kids}] >>"));
    }
    objects.push("<< /Type /Page /MediaBox [0 0 50 50] >>".to_owned());
    pdf_of_objects(&objects)
}

/// A page whose content unpacks to so many bytes.
fn page_of_zeros(length: usize) -> Vec<u8> {
    let packed = zeros(length);
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut offsets = Vec::new();
    for object in [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 50 50] /Contents 4 0 R >>",
    ] {
        offsets.push(file.len());
        write!(file, "{} 0 obj\n{object}\nendobj\n", offsets.len()).unwrap();
    }
    offsets.push(file.len());
    write!(file, "4 0 obj\n<< /Filter /FlateDecode /Length {} >>\nstream\n", packed.len()).unwrap();
    file.extend(packed);
    file.extend(b"\nendstream\nendobj\n");
    let start = file.len();
    let mut table = "xref\n0 5\n0000000000 65535 f \n".to_owned();
    for offset in offsets {
        writeln!(table, "{offset:010} 00000 n ").unwrap();
    }
    write!(table, "trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n").unwrap();
    file.extend(table.bytes());
    file
}

/// A PNG of one pixel whose data goes on and on, and whose profile and texts unpack to as much.
fn png_of_zeros(length: usize) -> Vec<u8> {
    let mut bytes = png_claiming(1, 1)[..33].to_vec();
    push_chunk(&mut bytes, b"iCCP", &[b"x\0\0".as_slice(), &zeros(length)].concat());
    push_chunk(&mut bytes, b"zTXt", &[b"x\0\0".as_slice(), &zeros(length)].concat());
    push_chunk(&mut bytes, b"IDAT", &zeros(length));
    push_chunk(&mut bytes, b"IEND", b"");
    bytes
}

#[tokio::test]
async fn what_unpacks_to_gigabytes_ends_soon_and_costs_one_child() {
    let mut options = MediaOptions::default();
    options.limits.memory_bytes = 512 << 20;
    let world = World::with(child(), options);
    let nested = "<g>".repeat(100_000);
    let laughs = "<!DOCTYPE svg [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;'><!ENTITY d '&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;'><!ENTITY e '&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;'><!ENTITY f '&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;'><!ENTITY g '&f;&f;&f;&f;&f;&f;&f;&f;&f;&f;'>]><svg xmlns='http://www.w3.org/2000/svg'><text>&g;&g;&g;</text></svg>";
    let files: Vec<(&str, FileKind, Vec<u8>)> = vec![
        ("a billion pages", FileKind::Pdf, billion_pages()),
        ("a page of 2 GB", FileKind::Pdf, page_of_zeros(2 << 30)),
        ("a PNG of 1 GB", FileKind::Png, png_of_zeros(1 << 30)),
        (
            "an SVG of nested groups",
            FileKind::Svg,
            format!("<svg xmlns='http://www.w3.org/2000/svg'>{nested}").into_bytes(),
        ),
        ("a billion laughs", FileKind::Svg, laughs.as_bytes().to_vec()),
    ];
    for (number, (what, kind, bytes)) in files.into_iter().enumerate() {
        let start = Instant::now();
        let (_, result) = world.open(&world.source(&format!("b{number}"), kind, &bytes)).await;
        println!("{what}: {result:?} after {:?}", start.elapsed());
        if let Err(error) = result {
            assert!(!matches!(error.kind(), K::Io | K::Busy | K::StorageFull), "{what}: {error}");
            assert!(error.reason().ends_with('.'));
        }
        assert!(start.elapsed() < SOON, "{what} took {:?}", start.elapsed());
    }
}
