//! Links of pages, and tables of contents.

use galley_media::{FileKind, LinkTarget, PageLink};

use crate::fixtures::{PageOf, pdf_page, pdf_with};
use crate::world::World;

async fn links(world: &World, key: &str, file: &[u8]) -> Vec<PageLink> {
    world.media.text(&world.source(key, FileKind::Pdf, file), 1).await.unwrap().links
}

fn url(address: &str) -> LinkTarget {
    LinkTarget::Url(address.to_owned())
}

#[tokio::test]
async fn a_link_lies_where_its_words_are_whatever_rotation_and_crop_box() {
    // A black box, and a link around it.
    let content = "120 200 60 20 re f";
    let link = "/Annots [<< /Type /Annot /Subtype /Link /Rect [180 220 120 200] /A << /S /URI /URI (https://example.com/) >> >>]";
    let world = World::new();
    let crops = ["", "/CropBox [90 150 290 260]"];
    for (number, (rotation, crop)) in
        [0, 90, 180, 270].into_iter().flat_map(|r| crops.map(|c| (r, c))).enumerate()
    {
        let file = pdf_page(&format!("/MediaBox [0 0 300 400] /Rotate {rotation} {crop} {link}"), content);
        let source = world.source(&format!("k{number}"), FileKind::Pdf, &file);
        let pages = world.pages(&source).await;
        let found = world.media.text(&source, 1).await.unwrap().links;
        let [link] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(link.to, url("https://example.com/"));
        let (left, top, right, bottom) = world.level(&source, 1, &pages[0], 1).await.dark_bounds();
        let near = |a: f32, b: f64| (f64::from(a) - b).abs() < 0.01;
        let edges = [(link.x, left), (link.y, top), (link.x + link.w, right), (link.y + link.h, bottom)];
        assert!(edges.into_iter().all(|(a, b)| near(a, b)), "{rotation} {crop}: {edges:?}");
    }
}

#[tokio::test]
async fn links_lead_to_pages_by_every_kind_of_place() {
    let ways = [
        "/Dest [6 0 R /Fit]",
        "/Dest (second)",
        "/Dest /old",
        "/Dest [1 /XYZ 0 0 0]",
        "/A << /S /GoTo /D [6 0 R /Fit] >>",
        "/A << /S /GoTo /D (wrapped) >>",
        "/A << /S /Named /N /NextPage >>",
        "/A << /S /Named /N /LastPage >>",
    ];
    let nowhere = [
        "/Dest [99 0 R /Fit]",
        "/Dest [7 /Fit]",
        "/Dest [-1 /Fit]",
        "/Dest (unknown)",
        "/A << /S /Named /N /PrevPage >>",
        "/A << /S /GoToR /F (other.pdf) /D [1 /Fit] >>",
        "/A << /S /Launch /F (calc.exe) >>",
        "/A << /S /JavaScript /JS (app.alert\\(1\\)) >>",
        "/A << /S /URI /URI (javascript:alert\\(1\\)) >>",
        "/A << /S /URI >>",
        "",
    ];
    let annots: String = ways
        .iter()
        .chain(&nowhere)
        .map(|way| format!("<< /Subtype /Link /Rect [10 10 20 20] {way} >> "))
        .collect();
    let unseen = "<< /Subtype /Link /F 2 /Rect [10 10 20 20] /Dest [6 0 R /Fit] >> \
                  << /Subtype /Link /Rect [900 900 920 920] /Dest [6 0 R /Fit] >> \
                  << /Subtype /Square /Rect [10 10 20 20] /Dest [6 0 R /Fit] >> 7 null";
    let first = format!("/MediaBox [0 0 100 100] /Annots [{annots} {unseen}]");
    let catalog = "/Dests << /old [6 0 R /Fit] >> /Names << /Dests << /Kids [<< /Names \
                   [(second) [6 0 R /Fit] (wrapped) << /D [6 0 R /Fit] >> (bad) 7] >>] >> >>";
    let file = pdf_with(
        catalog,
        &[
            PageOf { entries: &first, content: "" },
            PageOf { entries: "/MediaBox [0 0 100 100]", content: "" },
        ],
    );
    let found = links(&World::new(), "ways", &file).await;
    let targets: Vec<&LinkTarget> = found.iter().map(|link| &link.to).collect();
    assert_eq!(targets, vec![&LinkTarget::Page(2); ways.len()]);
}

#[tokio::test]
async fn a_link_over_several_lines_comes_in_parts() {
    let link = |points: &str| {
        format!(
            "/MediaBox [0 0 100 100] /Annots [<< /Subtype /Link /Rect [10 40 90 80] /QuadPoints [{points}] \
             /A << /S /URI /URI (https://example.com/) >> >>]"
        )
    };
    let two = "50 80 90 80 50 60 90 60 10 60 40 60 10 40 40 40";
    let world = World::new();
    let parts = links(&world, "two", &pdf_page(&link(two), "")).await;
    let rounded = |link: &PageLink| [link.x, link.y, link.w, link.h].map(|v| (v * 100.0).round() as i32);
    assert_eq!(parts.iter().map(rounded).collect::<Vec<_>>(), [[50, 20, 40, 20], [10, 40, 30, 20]]);
    // Parts that are not within the whole are ignored.
    let outside = links(&world, "outside", &pdf_page(&link("0 9 9 9 0 0 9 0"), "")).await;
    assert_eq!(outside.iter().map(rounded).collect::<Vec<_>>(), [[10, 20, 80, 40]]);
}

#[tokio::test]
async fn a_table_of_contents_is_read_in_order() {
    // 1 catalog, 2 pages, 3 font, 4 and 6 pages, 5 and 7 contents, then the pages' objects end; the table stands in
    // the catalog itself.
    let item = |title: &str, place: &str, more: &str| format!("<< /Title {title} {place} {more} >>");
    let deepest = item("(1.1.1\\012 broken\\011line)", "/Dest [6 0 R /Fit]", "");
    let below = item("(1.1)", "/Dest [4 0 R /Fit]", &format!("/First {deepest}"));
    let last = item("<FEFF00DC006200650072>", "/A << /S /GoTo /D (end) >>", "");
    let website = item("(Website)", "/A << /S /URI /URI (https://example.com/) >>", &format!("/Next {last}"));
    let blank = item("()", "/Dest [4 0 R /Fit]", &format!("/Next {website}"));
    let first = item("(One \\205 the first)", "/Dest [4 0 R /Fit]", &format!("/First {below} /Next {blank}"));
    let catalog = format!(
        "/Dests << /x 1 >> /Names << /Dests << /Names [(end) [6 0 R /Fit]] >> >> /Outlines << /First {first} >>"
    );
    let page = || PageOf { entries: "/MediaBox [0 0 100 100]", content: "" };
    let file = pdf_with(&catalog, &[page(), page()]);
    let world = World::new();
    let source = world.source("contents", FileKind::Pdf, &file);
    let entries = world.media.contents(&source).await.unwrap();
    let seen: Vec<(&str, Option<u32>, u8)> =
        entries.iter().map(|entry| (entry.title.as_str(), entry.page, entry.level)).collect();
    assert_eq!(
        seen,
        [
            ("One – the first", Some(1), 0),
            ("1.1", Some(1), 1),
            ("1.1.1 broken line", Some(2), 2),
            ("Website", None, 0),
            ("Über", Some(2), 0),
        ]
    );
    // Asked again it comes from the cache, without a child.
    std::fs::remove_file(&source.path).unwrap();
    assert_eq!(world.media.contents(&source).await.unwrap(), entries);
}

#[tokio::test]
async fn tables_that_lead_back_to_themselves_end() {
    // Objects 4 and 5 are the page and its content, 6 and 7 entries that follow and hold each other.
    let mut objects: Vec<String> = vec![
        "<< /Type /Catalog /Pages 2 0 R /Outlines << /First 6 0 R >> /Names << /Dests 8 0 R >> >>".into(),
        "<< /Type /Pages /Count 1 /Kids [4 0 R] >>".into(),
        "null".into(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] /Annots [<< /Subtype /Link /Rect [1 1 9 9] /Dest (a) >>] >>".into(),
        "null".into(),
    ];
    objects.push("<< /Title (A) /Next 7 0 R /First 7 0 R /Dest (a) >>".into());
    objects.push("<< /Title (B) /Next 6 0 R /First 6 0 R >>".into());
    objects.push("<< /Kids [8 0 R 8 0 R] /Names [(a) [4 0 R /Fit]] >>".into());
    let file = crate::fixtures::pdf_of_objects(&objects);
    let world = World::new();
    let source = world.source("circle", FileKind::Pdf, &file);
    let entries = world.media.contents(&source).await.unwrap();
    assert_eq!(entries.iter().map(|entry| entry.title.as_str()).collect::<Vec<_>>(), ["A", "B"]);
    assert_eq!(world.media.text(&source, 1).await.unwrap().links.len(), 1);
}

#[tokio::test]
async fn what_is_no_pdf_has_no_contents() {
    let world = World::new();
    assert_eq!(world.media.contents(&world.fixture("quarters.gif")).await.unwrap(), []);
}
