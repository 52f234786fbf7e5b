//! Office documents and PostScript on their way through the real tools.

use std::io::Write as _;
use std::net::TcpListener;

use galley_media::{FileKind, MediaErrorKind as K, MediaOptions, Refusal, Tool, Tools};

use crate::world::{World, child};

fn with_tools(tools: &[Tool]) -> World {
    for tool in tools {
        assert!(Tools::installed().program(*tool).is_some(), "install {}", tool.package());
    }
    World::new()
}

async fn words(world: &World, name: &str) -> (usize, String) {
    let source = world.fixture(name);
    let pages = world.pages(&source).await;
    let text = world.media.text(&source, 1).await.unwrap();
    (pages.len(), text.words.into_iter().map(|w| w.t).collect::<Vec<_>>().join(" "))
}

#[tokio::test]
async fn text_documents_become_pages_with_words() {
    let world = with_tools(&[Tool::Writer, Tool::Ghostscript]);
    for name in ["doc.docx", "doc.doc", "doc.odt", "doc.rtf", "notes.txt", "page.ps"] {
        assert_eq!(words(&world, name).await, (1, "Proofreaders wanted".to_owned()), "{name}");
    }
}

#[tokio::test]
async fn tables_become_pages_with_words() {
    let world = with_tools(&[Tool::Calc]);
    for name in ["table.xlsx", "table.xls", "table.ods", "table.csv"] {
        let (pages, text) = words(&world, name).await;
        // Older programs print a heading with the name of the sheet.
        assert!(pages == 1 && text.contains("Job Count Proofreaders 3"), "{name}: {text}");
    }
}

#[tokio::test]
async fn presentations_become_pages_with_words() {
    let world = with_tools(&[Tool::Impress]);
    for name in ["slides.pptx", "slides.ppt", "slides.odp"] {
        assert_eq!(words(&world, name).await, (2, "Proofreaders wanted".to_owned()), "{name}");
    }
}

#[tokio::test]
async fn a_document_is_converted_once_and_again_when_the_result_was_evicted() {
    let world = World::new();
    let source = world.fixture("page.ps");
    let pages = world.pages(&source).await;
    let red = world.level(&source, 1, &pages[0], 0).await.at_share(0.2, 0.2);
    assert!(crate::world::near(red, [219, 31, 41], 2), "{red:?}");
    let prepared = crate::world::files_below(&world.cache()).into_iter().find(|p| p.ends_with("prepared"));
    std::fs::remove_file(prepared.unwrap()).unwrap();
    world.media.tile(&source, 1, &pages[0], pages[0].pyramid().max_level, 0, 0).await.unwrap();
}

#[tokio::test]
async fn a_missing_tool_is_named_with_its_package() {
    let options = MediaOptions { tools: Tools::none(), ..MediaOptions::default() };
    let world = World::with(child(), options);
    for (name, tool) in [
        ("doc.docx", Tool::Writer),
        ("table.xls", Tool::Calc),
        ("slides.odp", Tool::Impress),
        ("quarters.heic", Tool::Vips),
        ("page.ps", Tool::Ghostscript),
    ] {
        let error = world.open(&world.fixture(name)).await.1.unwrap_err();
        assert_eq!(error.kind(), K::MissingTool(tool), "{name}");
        assert!(error.reason().contains(tool.package()) && error.reason().contains(tool.name()));
    }
}

/// A ZIP file of these parts.
fn package(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let mut zip = zip::ZipWriter::new(&mut bytes);
    for (name, content) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap();
    bytes.into_inner()
}

fn types(main: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.{main}.main+xml"/></Types>"#
    )
}

#[tokio::test]
async fn what_is_no_document_is_refused_with_a_reason() {
    let world = World::new();
    let manifest = r#"<manifest><file-entry><encryption-data/></file-entry></manifest>"#;
    let odt = "application/vnd.oasis.opendocument.text";
    let cases = [
        (package(&[("readme.txt", "hello")]), K::Refused(Refusal::Archive)),
        (
            package(&[("[Content_Types].xml", &types("wordprocessingml.template"))]),
            K::Refused(Refusal::Template),
        ),
        (
            package(&[("[Content_Types].xml", &types("presentationml.slideshow"))]),
            K::Refused(Refusal::SlideShow),
        ),
        (package(&[("mimetype", &format!("{odt}-template"))]), K::Refused(Refusal::Template)),
        (package(&[("mimetype", odt), ("META-INF/manifest.xml", manifest)]), K::PasswordProtected),
        (package(&[("[Content_Types].xml", &types("wordprocessingml.document"))]), K::Unconvertible),
        (b"PK\x03\x04 and nothing that belongs there".to_vec(), K::Damaged),
    ];
    for (number, (bytes, kind)) in cases.into_iter().enumerate() {
        let source = world.source(&format!("z{number}"), FileKind::Package, &bytes);
        let error = world.open(&source).await.1.unwrap_err();
        assert_eq!(error.kind(), kind, "case {number}: {error}");
        assert!(!error.is_retryable());
    }
}

#[tokio::test]
async fn a_zip_bomb_is_found_before_a_tool_sees_it() {
    let world = World::new();
    let zeros = "0".repeat(16 << 20);
    let names: Vec<String> = (0..40).map(|n| format!("word/{n}.xml")).collect();
    let types = types("wordprocessingml.document");
    let mut parts = vec![("[Content_Types].xml", types.as_str())];
    parts.extend(names.iter().map(|name| (name.as_str(), zeros.as_str())));
    let bomb = package(&parts);
    assert!(bomb.len() < 1 << 20);
    let error = world.open(&world.source("bomb", FileKind::Package, &bomb)).await.1.unwrap_err();
    assert_eq!(error.kind(), K::TooLarge, "{error}");
}

/// A Word document whose picture is not in it but at this address.
fn linking(address: &str) -> Vec<u8> {
    let document = r#"<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><w:body><w:p><w:r><w:t>Proofreaders wanted</w:t></w:r></w:p><w:p><w:r><w:drawing><wp:inline><wp:extent cx="914400" cy="914400"/><wp:docPr id="1" name="p"/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr><pic:cNvPr id="1" name="p"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:link="rId1"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="914400" cy="914400"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p></w:body></w:document>"#;
    let links = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="{address}" TargetMode="External"/></Relationships>"#
    );
    let root = r#"<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"#;
    package(&[
        ("[Content_Types].xml", &types("wordprocessingml.document")),
        ("_rels/.rels", root),
        ("word/document.xml", document),
        ("word/_rels/document.xml.rels", &links),
    ])
}

#[tokio::test]
async fn a_linked_picture_is_not_fetched() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = format!("http://{}/p.png", listener.local_addr().unwrap());
    let world = World::new();
    let bytes = linking(&address);
    let source = world.source("linking", FileKind::Package, &bytes);
    let (_, result) = world.open(&source).await;
    assert_eq!(result, Ok(()));
    assert_eq!(world.media.text(&source, 1).await.unwrap().words[0].t, "Proofreaders");
    let knocked = listener.accept();
    assert!(knocked.is_err_and(|e| e.kind() == std::io::ErrorKind::WouldBlock), "the picture was asked for");
}
