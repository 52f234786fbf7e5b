//! The reference: complete, linked, the same in the repository as on the server.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use axum::body::Body;
use axum::http::Request;
use galley_testkit::House;
use proofhq_soap::reference::page::{Block, Page, Span};
use proofhq_soap::reference::{html, markdown, pages};
use proofhq_soap::registry;

fn spans(block: &Block) -> Vec<&Span> {
    match block {
        Block::Heading(..) | Block::Code(..) => Vec::new(),
        Block::Text(spans) => spans.iter().collect(),
        Block::List(points) => points.iter().flatten().collect(),
        Block::Table(_, rows) => rows.iter().flatten().flatten().collect(),
    }
}

/// Page and name of everything that can be linked to.
fn places(pages: &[Page]) -> Vec<(&str, &str)> {
    pages
        .iter()
        .flat_map(|page| {
            page.blocks.iter().filter_map(|block| match block {
                Block::Heading(_, place, _) => Some((page.slug.as_str(), place.as_str())),
                _ => None,
            })
        })
        .collect()
}

#[test]
fn everything_is_described_once_and_every_link_leads_somewhere() {
    let pages = pages();
    let places = places(&pages);
    let unique: BTreeSet<_> = places.iter().collect();
    assert_eq!(unique.len(), places.len(), "names on a page differ");
    for operation in registry().all() {
        assert!(places.iter().any(|(_, place)| *place == operation.name), "{}", operation.name);
    }
    for page in &pages {
        for span in page.blocks.iter().flat_map(spans) {
            if let Span::Link(to, place, _) = span {
                assert!(
                    places.contains(&(to.as_str(), place.as_str())),
                    "{} links to {to}#{place}",
                    page.title
                );
            }
        }
    }
}

#[tokio::test]
async fn the_server_shows_it() {
    let house = House::new();
    let get = |address: String| {
        let request = Request::get(address).body(Body::empty()).expect("a request");
        house.send(request)
    };
    for page in pages() {
        let address =
            if page.slug.is_empty() { "/docs/api".to_owned() } else { format!("/docs/api/{}", page.slug) };
        let answer = get(address).await;
        let address = &page.title;
        assert_eq!(answer.status, 200, "{address}");
        assert_eq!(answer.headers["content-type"], "text/html; charset=utf-8");
        let policy = answer.headers["content-security-policy"].to_str().expect("text");
        assert!(policy.starts_with("default-src 'none'; style-src 'self';"), "{policy}");
        let text = answer.text();
        assert!(text.contains(&format!("<h1>{}</h1>", page.title)), "{address}");
        assert!(!text.contains("<script") && !text.contains("style="), "{address} keeps to its policy");
    }
    assert_eq!(get("/docs/api/style.css".to_owned()).await.text(), html::STYLE);
    assert_eq!(get("/docs/api/nothing".to_owned()).await.status, 404);
    assert_eq!(get("/docs/api/".to_owned()).await.headers["location"], "/docs/api");

    let tag = get("/docs/api".to_owned()).await.headers["etag"].clone();
    let again =
        Request::get("/docs/api").header("if-none-match", tag).body(Body::empty()).expect("a request");
    assert_eq!(house.send(again).await.status, 304);
}

/// The files are for people who read the repository. `cargo xtask docs` takes over a change.
#[test]
fn the_repository_holds_it() {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/api"));
    let pages: BTreeMap<String, String> =
        pages().iter().map(|page| (markdown::file_name(page), markdown::write(page))).collect();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("docs/api");
        for (name, text) in &pages {
            std::fs::write(folder.join(name), text).expect("a page");
        }
    }
    let files = std::fs::read_dir(&folder).expect("docs/api").map(|entry| entry.expect("an entry").path());
    let names: BTreeSet<String> =
        files.map(|path| path.file_name().expect("a name").to_string_lossy().into_owned()).collect();
    assert_eq!(names, pages.keys().cloned().collect(), "files of docs/api; see `cargo xtask docs`");
    for (name, text) in &pages {
        let kept = std::fs::read_to_string(folder.join(name)).expect("a page");
        assert!(*text == kept, "docs/api/{name} is not what the definitions say; see `cargo xtask docs`");
    }
}

/// A fault that somebody adds has a line in the table of faults.
#[test]
fn every_fault_is_in_the_table() {
    let source = include_str!("../../src/faults.rs");
    // The table takes in the faults of unknown ids, which stand before it.
    let (_, table) = source.split_once("unknown_ids! {").expect("the ids");
    let (table, _) = table.split_once("#[cfg(test)]").expect("the tests");
    let made = source.split("\npub fn ").skip(1).filter_map(|text| text.split('(').next());
    let absent: Vec<&str> = made.filter(|name| !table.contains(&format!("{name}("))).collect();
    assert_eq!(absent, ["not_found"], "not in faults::table, but for the one that the ids are made with");
}
