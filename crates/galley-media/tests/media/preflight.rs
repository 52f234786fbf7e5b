//! What is read of files for those who print them.

use galley_media::{Facts, FileKind, Finding, MediaErrorKind, PdfFacts, PictureFacts, Severity, findings};

use crate::fixtures::PageOf;
use crate::fixtures::{PngOf, jpeg, pdf_of_objects, pdf_page, pdf_with, rgb, stream};
use crate::world::World;

const A4: &str = "/MediaBox [0 0 595.276 841.89]";

async fn facts(kind: FileKind, bytes: &[u8]) -> Facts {
    let world = World::new();
    let source = world.source("file", kind, bytes);
    world.media.preflight(&source).await.unwrap()
}

async fn pdf(bytes: &[u8]) -> PdfFacts {
    match facts(FileKind::Pdf, bytes).await {
        Facts::Pdf(facts) => facts,
        other => panic!("{other:?}"),
    }
}

async fn picture(kind: FileKind, bytes: &[u8]) -> PictureFacts {
    match facts(kind, bytes).await {
        Facts::Picture(facts) => facts,
        other => panic!("{other:?}"),
    }
}

/// One page with these resources and content, and more objects from number 5 on.
fn page_of(entries: &str, resources: &str, content: &str, more: &[String]) -> Vec<u8> {
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Count 1 /Kids [3 0 R] >>".to_owned(),
        format!(
            "<< /Type /Page /Parent 2 0 R {A4} {entries} /Resources << {resources} >> /Contents 4 0 R >>"
        ),
        stream(content),
    ];
    objects.extend_from_slice(more);
    pdf_of_objects(&objects)
}

fn warnings(facts: PdfFacts) -> Vec<Finding> {
    let found = findings(&Facts::Pdf(facts)).into_iter();
    found.filter(|finding| finding.severity == Severity::Warning).collect()
}

#[tokio::test]
async fn fonts_that_are_not_in_the_file_are_named_where_text_is_set_in_them() {
    let show = |font: &str, mode: u8| format!("BT {mode} Tr /{font} 12 Tf 50 700 Td (Text) Tj ET");
    let descriptor = |program: &str| format!("<< /Type /FontDescriptor /FontName /ABCDEF+Inter {program} >>");
    let file = pdf_with_fonts(
        &[show("Missing", 0), show("Whole", 0) + &show("Missing", 3), show("Missing", 0) + &show("Drawn", 0)],
        &[
            "<< /Type /Font /Subtype /TrueType /BaseFont /Garamond >>".to_owned(),
            "<< /Type /Font /Subtype /Type0 /BaseFont /ABCDEF+Inter /Encoding /Identity-H /DescendantFonts [7 0 R] >>".to_owned(),
            "<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1 1] /FontMatrix [1 0 0 1 0 0] /CharProcs << >> >>".to_owned(),
            "<< /Type /Font /Subtype /Type1 /BaseFont /Unused >>".to_owned(),
            "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /ABCDEF+Inter /FontDescriptor 8 0 R >>".to_owned(),
            descriptor("/FontFile2 9 0 R"),
            stream("program"),
        ],
    );
    let found = pdf(&file).await;
    let told: Vec<(&str, bool, &[u32])> =
        found.fonts.iter().map(|f| (f.name.as_str(), f.embedded, &f.pages[..])).collect();
    let expected: [(&str, bool, &[u32]); 3] =
        [("Garamond", false, &[1, 3]), ("Inter", true, &[2]), ("a font without a name", true, &[3])];
    assert_eq!(told, expected, "unseen text and fonts nobody uses do not count");
    let found = warnings(found);
    let font = found.iter().find(|finding| finding.topic == "fonts").unwrap();
    assert_eq!((&font.items[..], &font.pages[..]), (&["Garamond".to_owned()][..], &[1, 3][..]));
}

/// Pages with the fonts `Missing`, `Whole`, `Drawn` and `Other`, which are objects 3 to 6.
fn pdf_with_fonts(contents: &[String], fonts: &[String]) -> Vec<u8> {
    let first = 3 + fonts.len();
    let kids: String = (0..contents.len()).map(|n| format!("{} 0 R ", first + 2 * n)).collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!("<< /Type /Pages /Count {} /Kids [{kids}] >>", contents.len()),
    ];
    objects.extend_from_slice(fonts);
    for content in contents {
        let at = objects.len() + 2;
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R {A4} /Contents {at} 0 R /Resources << /Font << /Missing 3 0 R /Whole 4 0 R /Drawn 5 0 R /Other 6 0 R >> >> >>"
        ));
        objects.push(stream(content));
    }
    pdf_of_objects(&objects)
}

#[tokio::test]
async fn boxes_give_the_finished_size_and_the_bleed() {
    let page = |entries| PageOf { entries, content: "" };
    let file = pdf_with(
        "",
        &[
            page(
                "/MediaBox [0 0 612.28 858.9] /TrimBox [8.504 8.504 603.78 850.39] /BleedBox [0 0 612.28 858.9]",
            ),
            page(
                "/MediaBox [0 0 612.28 858.9] /TrimBox [8.504 8.504 603.78 850.39] /BleedBox [8.504 8.504 603.78 850.39]",
            ),
        ],
    );
    let found = pdf(&file).await;
    assert!(found.pages.iter().all(|page| page.trim.is_some() && page.bleed.is_some()));
    let all = findings(&Facts::Pdf(found));
    let about = |topic| all.iter().find(|finding| finding.topic == topic).unwrap();
    assert_eq!(about("size").text, "The finished size is 210 × 297 mm.");
    assert_eq!((about("bleed").severity, &about("bleed").pages[..]), (Severity::Warning, &[2][..]));
}

#[tokio::test]
async fn colours_and_inks_are_found_in_forms_and_patterns_too() {
    let spaces = "/ColorSpace << /Gold [/Separation /PANTONE#20871#20C /DeviceCMYK 8 0 R] /Both [/DeviceN [/Cyan /Varnish /All] /DeviceCMYK 8 0 R] >>";
    let resources = format!("{spaces} /XObject << /Form 5 0 R >> /Pattern << /Tile 6 0 R >>");
    let content = "/Gold cs 1 scn 0 0 10 10 re f /Form Do /Pattern cs /Tile scn 0 0 50 50 re f 1 1 1 0.5 k";
    let form = |dict: &str, content: &str| {
        format!("<< {dict} /Length {} >>\nstream\n{content}\nendstream", content.len())
    };
    let file = page_of(
        "",
        &resources,
        content,
        &[
            form("/Type /XObject /Subtype /Form /BBox [0 0 9 9]", "/Both cs 1 1 0 scn 0 0 5 5 re f"),
            form(
                "/PatternType 1 /PaintType 1 /BBox [0 0 9 9] /XStep 9 /YStep 9 /Resources << >>",
                "1 0 0 rg 0 0 5 5 re f",
            ),
            "null".to_owned(),
            "<< /FunctionType 2 /Domain [0 1] /N 1 /C0 [0 0 0 0] /C1 [0 0.2 0.6 0.3] >>".to_owned(),
        ],
    );
    let found = pdf(&file).await;
    let names = |list: &[galley_media::Named]| list.iter().map(|n| n.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&found.spots), ["PANTONE 871 C", "Varnish"]);
    assert_eq!(names(&found.spaces), ["DeviceCMYK", "DeviceRGB"]);
    assert_eq!(found.ink, Some((350.0, 1)));
    let topics: Vec<_> = warnings(found).into_iter().map(|f| f.topic).collect();
    assert!(topics.contains(&"colour") && topics.contains(&"ink"), "{topics:?}");
}

#[tokio::test]
async fn pictures_are_as_fine_as_they_are_placed() {
    let image = |width: u32, height: u32, more: &str| {
        let data = "0".repeat((width * height) as usize);
        format!(
            "<< /Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceGray /BitsPerComponent 8 {more} /Length {} >>\nstream\n{data}\nendstream",
            data.len()
        )
    };
    // 100 pixels on an inch, on half an inch, turned, and as a rule that is too small to count.
    let content = "q 72 0 0 72 0 0 cm /A Do Q q 0 36 -36 0 300 300 cm /B Do Q q 144 0 0 144 0 0 cm q 0.02 0 0 0.02 0 0 cm /A Do Q Q";
    let resources = "/XObject << /A 5 0 R /B 6 0 R >>";
    let file = page_of("", resources, content, &[image(100, 100, ""), image(120, 90, "/SMask 5 0 R")]);
    let found = pdf(&file).await;
    let told: Vec<(u32, u32)> = found.images.iter().map(|i| (i.width, i.dpi.round() as u32)).collect();
    assert_eq!(told, [(100, 100), (120, 180)]);
    assert_eq!(found.transparency, [1], "a soft mask is seen through");
    let coarse = warnings(found).into_iter().find(|f| f.topic == "images").unwrap();
    assert_eq!(coarse.items, ["Page 1: 100 × 100 pixels at 100 dpi"]);
}

#[tokio::test]
async fn states_that_blend_overprint_and_draw_thin_are_told() {
    let states = "/ExtGState << /Half << /ca 0.5 >> /Plain << /ca 1 /BM /Normal >> /Multiply << /BM /Multiply >> /Over << /op true >> >>";
    for (content, transparent, overprint, thin) in [
        ("/Plain gs 0 0 9 9 re f 1 w 0 0 m 9 9 l S", false, false, false),
        ("/Half gs 0 0 9 9 re f", true, false, false),
        ("/Multiply gs", true, false, false),
        ("/Over gs", false, true, false),
        ("0.1 w 0 0 m 9 9 l S", false, false, true),
        ("q 0.1 0 0 0.1 0 0 cm 1 w 0 0 m 9 9 l S Q", false, false, true),
        ("q 10 0 0 10 0 0 cm 0.1 w 0 0 m 9 9 l S Q", false, false, false),
    ] {
        let found = pdf(&page_of("", states, content, &[])).await;
        let told = (!found.transparency.is_empty(), !found.overprint.is_empty(), !found.hairlines.is_empty());
        assert_eq!(told, (transparent, overprint, thin), "{content}");
    }
}

#[tokio::test]
async fn the_file_as_a_whole_is_looked_at() {
    let catalog = "/OutputIntents [<< /S /GTS_PDFX /OutputConditionIdentifier (FOGRA51) >>] /OCProperties << >> \
                   /Names << /JavaScript << >> /EmbeddedFiles << >> >>";
    let annotated = PageOf {
        entries: "/MediaBox [0 0 99 99] /Annots [<< /Subtype /Link >> << /Subtype /Text >>]",
        content: "",
    };
    let linked = PageOf { entries: "/MediaBox [0 0 99 99] /Annots [<< /Subtype /Link >>]", content: "" };
    let found = pdf(&pdf_with(catalog, &[annotated, linked])).await;
    assert_eq!(found.output_intent.as_deref(), Some("FOGRA51"));
    assert!(found.layers && found.scripts && found.attachments);
    assert_eq!((found.annotations, found.version.as_str()), (vec![1], "1.7"));
}

#[tokio::test]
async fn headers_of_pictures_say_what_they_are() {
    let data = rgb(30, 20, |_, _| [200, 10, 10]);
    let plain =
        PngOf { width: 30, height: 20, color: png::ColorType::Rgb, depth: png::BitDepth::Eight, data: &data };
    let bytes = plain.encode_with(|encoder| {
        let unit = png::Unit::Meter;
        encoder.set_pixel_dims(Some(png::PixelDimensions { xppu: 11_811, yppu: 11_811, unit }));
    });
    let found = picture(FileKind::Png, &bytes).await;
    assert_eq!((found.width, found.height, found.color.as_str(), found.bits), (30, 20, "RGB", 8));
    let (x, y) = found.dpi.unwrap();
    assert!((x - 300.0).abs() < 0.1 && (y - 300.0).abs() < 0.1);
    assert!(!found.alpha && !found.profile && !found.animated);

    let cmyk = jpeg(16, 16, jpeg_encoder::ColorType::Cmyk, &[0; 16 * 16 * 4]);
    let found = picture(FileKind::Jpeg, &cmyk).await;
    assert_eq!((found.color.as_str(), found.profile), ("CMYK", false));
    let told = findings(&Facts::Picture(found));
    assert!(told[0].severity == Severity::Warning && told[0].text.contains("no colour profile"), "{told:?}");

    let world = World::new();
    for (name, color, bits) in
        [("cmyk.tif", "CMYK", 8), ("deflate16.tif", "RGB", 16), ("quarters.gif", "RGB", 8)]
    {
        match world.media.preflight(&world.fixture(name)).await.unwrap() {
            Facts::Picture(found) => assert_eq!((found.color.as_str(), found.bits), (color, bits), "{name}"),
            other => panic!("{name}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn hostile_files_cost_a_bounded_amount() {
    // A form that draws itself, states that are never restored, names without end, and numbers that are none.
    let form = "<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F 5 0 R >> >> /Length 22 >>\nstream\n/F Do /F Do /F Do /F D\nendstream";
    let found = pdf(&page_of("", "/XObject << /F 5 0 R >>", "/F Do", &[form.to_owned()])).await;
    assert_eq!(found.pages.len(), 1);
    // Twenty of these in each of those, six deep.
    let nested = |number: usize| {
        let content = "/F Do ".repeat(20);
        format!(
            "<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F {} 0 R >> >> /Length {} >>\nstream\n{content}\nendstream",
            number + 1,
            content.len()
        )
    };
    let forms: Vec<String> = (5..11).map(nested).collect();
    let found = pdf(&page_of("", "/XObject << /F 5 0 R >>", "/F Do", &forms)).await;
    assert!(found.cut_short);
    let found = pdf(&pdf_page(A4, &"q 1e30 0 0 1e30 0 0 cm 0 w 0 0 m 1 1 l S ".repeat(5000))).await;
    assert_eq!(found.pages.len(), 1);
    let space = "[/Indexed ".repeat(200) + "/DeviceRGB" + &" 1 <00>]".repeat(200);
    let found = pdf(&page_of("", &format!("/ColorSpace << /S {space} >>"), "/S cs 1 sc", &[])).await;
    assert!(found.spaces.len() <= 1);
    let names: String =
        (0..3000).map(|n| format!("/S{n} [/Separation /Spot{n} /DeviceGray null] ")).collect();
    let uses: String = (0..3000).map(|n| format!("/S{n} cs 1 scn ")).collect();
    let found = pdf(&page_of("", &format!("/ColorSpace << {names} >>"), &uses, &[])).await;
    assert_eq!(found.spots.len(), 500);

    let world = World::new();
    let locked = include_bytes!("../fixtures/user-password.pdf");
    let error = world.media.preflight(&world.source("locked", FileKind::Pdf, locked)).await.unwrap_err();
    assert_eq!(error.kind(), MediaErrorKind::PasswordProtected);
    let torn = world.source("torn", FileKind::Png, &crate::fixtures::png_claiming(10, 10));
    assert!(world.media.preflight(&torn).await.is_ok(), "a header is enough");
}
