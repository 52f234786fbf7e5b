//! Web pages in ZIP files: what is unpacked, and what is refused.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::DeflateEncoder;
use galley_media::{FileKind, MediaError, MediaErrorKind as K, OpenEvent, Refusal, SitePlace, Unpacked};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::world::World;

/// An entry as it is written, right or wrong.
struct Entry {
    name: Vec<u8>,
    data: Vec<u8>,
    deflated: bool,
    flags: u16,
    mode: u32,
    /// Size that the headers claim; none for the true one.
    claims: Option<u32>,
}

impl Entry {
    fn new(name: impl AsRef<[u8]>, data: impl AsRef<[u8]>) -> Entry {
        let (name, data) = (name.as_ref().to_vec(), data.as_ref().to_vec());
        Entry { name, data, deflated: true, flags: 0, mode: 0o100_644, claims: None }
    }
}

/// A ZIP file byte by byte, because no library writes what is not allowed.
fn zip(entries: &[Entry]) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for entry in entries {
        let packed = if entry.deflated {
            let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(&entry.data).unwrap();
            encoder.finish().unwrap()
        } else {
            entry.data.clone()
        };
        let mut crc = flate2::Crc::new();
        crc.update(&entry.data);
        let offset = file.len() as u32;
        let mut common = Vec::new();
        common.extend([20, 0]);
        common.extend(entry.flags.to_le_bytes());
        common.extend(if entry.deflated { [8, 0] } else { [0, 0] });
        common.extend([0, 0, 0x21, 0]);
        common.extend(crc.sum().to_le_bytes());
        common.extend((packed.len() as u32).to_le_bytes());
        common.extend(entry.claims.unwrap_or(entry.data.len() as u32).to_le_bytes());
        common.extend((entry.name.len() as u16).to_le_bytes());
        common.extend([0, 0]);
        file.extend(b"PK\x03\x04");
        file.extend(&common);
        file.extend(&entry.name);
        file.extend(&packed);
        directory.extend(b"PK\x01\x02\x14\x03");
        directory.extend(&common);
        directory.extend([0; 6]);
        directory.extend((entry.mode << 16).to_le_bytes());
        directory.extend(offset.to_le_bytes());
        directory.extend(&entry.name);
    }
    let (start, count) = (file.len() as u32, (entries.len() as u16).to_le_bytes());
    file.extend(&directory);
    file.extend(b"PK\x05\x06\0\0\0\0");
    file.extend(count);
    file.extend(count);
    file.extend((directory.len() as u32).to_le_bytes());
    file.extend(start.to_le_bytes());
    file.extend([0, 0]);
    file
}

fn files(files: &[(&str, &str)]) -> Vec<u8> {
    zip(&files.iter().map(|(name, data)| Entry::new(name, data)).collect::<Vec<_>>())
}

async fn unpacked(world: &World, bytes: &[u8]) -> Result<Option<Unpacked>, MediaError> {
    let source = world.source("bundle", FileKind::Package, bytes);
    world.media.site(&source).await
}

/// What is at a path, as text.
fn text(site: &Unpacked, path: &str) -> String {
    let Some(SitePlace::File(_, part)) = site.site.at(path) else { panic!("nothing at {path}") };
    let all = std::fs::read(&site.path).unwrap();
    String::from_utf8(all[part.from as usize..][..part.length as usize].to_vec()).unwrap()
}

#[tokio::test]
async fn a_bundle_is_unpacked_into_one_file() {
    let world = World::new();
    let bytes = files(&[
        ("__MACOSX/._index.html", "litter"),
        ("site/", ""),
        ("site/.DS_Store", "litter"),
        ("site/index.html", "<!doctype html><head><title>A</title>"),
        ("site/css\\main.css", "a{}"),
        ("site/empty.txt", ""),
        ("site/about/index.html", "about"),
    ]);
    let site = unpacked(&world, &bytes).await.unwrap().unwrap();
    let names: Vec<&str> = site.site.files.keys().map(String::as_str).collect();
    assert_eq!(names, ["about/index.html", "css/main.css", "empty.txt", "index.html"]);
    assert_eq!(site.site.main, "index.html");
    assert_eq!(text(&site, ""), "<!doctype html><head><title>A</title>");
    assert_eq!(text(&site, "css/main.css"), "a{}");
    assert_eq!(text(&site, "about/"), "about");
    assert_eq!(text(&site, "empty.txt"), "");
    assert_eq!(site.site.files["index.html"].head, Some(21));
    assert_eq!(site.site.files["css/main.css"].head, None);

    // A proof of it has one page, and the picture is made from what stands for it.
    let source = world.source("bundle", FileKind::Package, &bytes);
    let (events, result) = world.open(&source).await;
    result.unwrap();
    let Some(OpenEvent::Info { pages }) = events.first() else { panic!("{events:?}") };
    assert_eq!(pages.iter().map(|p| (p.width, p.height)).collect::<Vec<_>>(), [(1280.0, 800.0)]);

    // Evicted, it is unpacked again, and is the same.
    world.media.forget("bundle").await.unwrap();
    let again = unpacked(&world, &bytes).await.unwrap().unwrap();
    assert_eq!((again.site, again.path.exists()), (site.site, true));
}

#[tokio::test]
async fn names_are_of_either_code_page_and_zip64_is_read() {
    let world = World::new();
    let mut marked = Entry::new("größe.txt", "marked");
    marked.flags = 0x800;
    let entries = [
        Entry::new("index.html", "x"),
        marked,
        Entry::new("ärger.txt", "not marked"),
        // ü in code page 437.
        Entry::new(b"\x81ber.txt", "old"),
    ];
    let site = unpacked(&world, &zip(&entries)).await.unwrap().unwrap();
    let found: Vec<String> = ["größe.txt", "ärger.txt", "über.txt"].map(|name| text(&site, name)).into();
    assert_eq!(found, ["marked", "not marked", "old"]);

    world.media.forget("bundle").await.unwrap();
    let mut writer = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    writer.start_file("a.htm", SimpleFileOptions::default().large_file(true)).unwrap();
    writer.write_all(b"large").unwrap();
    let bytes = writer.finish().unwrap().into_inner();
    let site = unpacked(&world, &bytes).await.unwrap().unwrap();
    assert_eq!((text(&site, "").as_str(), site.site.main.as_str()), ("large", "a.htm"));
}

#[tokio::test]
async fn documents_are_left_alone() {
    let world = World::new();
    let document = files(&[("[Content_Types].xml", "<Types/>"), ("index.html", "no page")]);
    assert!(unpacked(&world, &document).await.unwrap().is_none());
    let picture = world.source("picture", FileKind::Png, b"\x89PNG\r\n\x1a\n");
    assert!(world.media.site(&picture).await.unwrap().is_none());
}

#[tokio::test]
async fn hostile_bundles_are_refused_with_a_reason() {
    let page = || Entry::new("index.html", "x");
    let with = |entry: Entry| zip(&[page(), entry]);
    let named = |name: &str| with(Entry::new(name, "evil"));
    let special = |mode: u32| with(Entry { mode, ..Entry::new("link", "/etc/passwd") });
    let names = K::Refused(Refusal::BundleNames);
    let links = K::Refused(Refusal::BundleLinks);
    let too_much = K::Refused(Refusal::BundleUnpacked);
    let zeros = vec![0; 80 << 20];
    let liar = Entry { claims: Some(10), ..Entry::new("bomb", &zeros) };
    let cut = |bytes: Vec<u8>| bytes[..bytes.len() - 30].to_vec();
    let many: Vec<Entry> =
        std::iter::once(page()).chain((0..10_000).map(|n| Entry::new(format!("{n}"), ""))).collect();
    let noise: Vec<u8> = (0..4000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let mut broken = with(Entry::new("noise", &noise));
    let middle = broken.len() / 2;
    broken[middle..middle + 40].fill(0xff);
    let table: Vec<(&str, Vec<u8>, K)> = vec![
        (
            "an ordinary archive",
            files(&[("a.jpg", "x"), ("b/c.html", "x"), ("d/e.html", "x")]),
            K::Refused(Refusal::Archive),
        ),
        ("two pages", files(&[("a.html", "x"), ("b.html", "x")]), K::Refused(Refusal::BundlePages)),
        ("up", named("../evil.html"), names),
        ("up from below", named("a/../../evil"), names),
        ("up with other strokes", named("..\\evil"), names),
        ("absolute", named("/etc/cron.d/evil"), names),
        ("a drive", named("C:\\evil"), names),
        ("a null", named("a\0.html"), names),
        ("a line break", named("a\r\nSet-Cookie: b"), names),
        ("deep", named(&("d/".repeat(40) + "x")), names),
        ("long", named(&"x".repeat(600)), names),
        ("twice", zip(&[page(), page()]), names),
        ("twice in two ways", zip(&[page(), Entry::new("a/b", "1"), Entry::new("a\\b", "2")]), names),
        ("a symbolic link", special(0o120_777), links),
        ("a device", special(0o020_666), links),
        ("a pipe", special(0o010_666), links),
        ("encrypted", with(Entry { flags: 1, ..Entry::new("secret", "x".repeat(40)) }), K::PasswordProtected),
        ("too many files", zip(&many), K::Refused(Refusal::BundleFiles)),
        ("a bomb", with(Entry::new("bomb", &zeros)), too_much),
        // Whoever lies about a size is found out at that size.
        ("a bomb that says it is none", with(liar), K::Damaged),
        (
            "a bomb of many",
            zip(&[page(), Entry::new("a", &zeros[..40 << 20]), Entry::new("b", &zeros[..40 << 20])]),
            too_much,
        ),
        ("cut off", cut(with(Entry::new("a", "b"))), K::Damaged),
        ("damaged", broken, K::Damaged),
    ];
    for (what, bytes, kind) in table {
        let world = World::new();
        let error = unpacked(&world, &bytes).await.expect_err(what);
        assert_eq!(error.kind(), kind, "{what}: {error}");
        assert!(error.reason().ends_with('.') && !error.is_retryable(), "{what}: {}", error.reason());
        let left = crate::world::files_below(&world.cache());
        assert!(
            left.iter().all(|path| !path.ends_with("site") && !path.ends_with("site-files")),
            "{what}: {left:?}"
        );
    }
}
