//! Files of every family from the upload to pages, with the reasons of those that become none.

// clippy.toml allows this in test functions only; here what opens files fails tests as well.
#![allow(clippy::unwrap_used)]

use std::path::Path;

use galley_model::{Processing, Profile, Proof};
use galley_service::ProofInput;
use galley_testkit::{House, email};

async fn made_of(house: &House, name: &str, bytes: &[u8]) -> Proof {
    let input = ProofInput { file_token: house.file(name, bytes), ..ProofInput::default() };
    let manager = house.caller(&email(Profile::Manager));
    let proof = house.service.create_proof(&manager, &input).unwrap();
    house.processed(proof.id).await
}

fn fixture(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../galley-media/tests/fixtures/formats");
    std::fs::read(folder.join(name)).unwrap()
}

#[tokio::test]
async fn content_decides_and_names_only_where_bytes_cannot() {
    let house = House::rendering();
    // What it is called does not matter; what it is does.
    let tiff = made_of(&house, "holiday.docx", &fixture("pages.tif")).await;
    assert_eq!((tiff.processing, tiff.pages), (Processing::Ready, 2), "{:?}", tiff.processing_error);
    let table = made_of(&house, "table.csv", &fixture("table.csv")).await;
    assert_eq!((table.processing, table.pages), (Processing::Ready, 1), "{:?}", table.processing_error);
    let link = house.link(table.id, &email(Profile::Manager));
    let (_, page) = house.service.link_page(&link, 1).unwrap();
    let words = house.service.page_text(&page).await.unwrap().words;
    assert!(words.iter().any(|word| word.t == "Proofreaders"), "{words:?}");
    assert!(page.vector, "a document is sharp at any zoom");
}

#[tokio::test]
async fn an_animation_can_be_played_and_a_picture_cannot() {
    let house = House::rendering();
    let moving = made_of(&house, "moving.gif", &fixture("quarters.gif")).await;
    let link = house.link(moving.id, &email(Profile::Manager));
    let (_, page) = house.service.link_page(&link, 1).unwrap();
    assert_eq!(page.animation_ms, Some(400));
    let (path, mime) = house.service.animation(&page).await.unwrap();
    assert_eq!((std::fs::read(path).unwrap(), mime), (fixture("quarters.gif"), "image/gif"));

    let still = made_of(&house, "still.tga", &fixture("quarters.tga")).await;
    let link = house.link(still.id, &email(Profile::Manager));
    let (_, page) = house.service.link_page(&link, 1).unwrap();
    assert_eq!(page.animation_ms, None);
    house.service.animation(&page).await.unwrap_err();
}

#[tokio::test]
async fn what_is_refused_says_why() {
    let house = House::rendering();
    let cases: [(&str, &[u8], &str); 6] = [
        ("logo.eps", b"%!PS-Adobe-3.0 EPSF-3.0\n", "EPS"),
        ("page.html", b"<!DOCTYPE html><p>hello", "web pages"),
        ("film.mp4", b"\0\0\0\x18ftypmp42\0\0\0\0isommp42", "damaged"),
        ("list.mp4", b"#EXTM3U\n#EXT-X-VERSION:3\nsecret.ts\n", "cannot read this kind of file"),
        ("words.pdf", b"plain words", "cannot read this kind of file"),
        ("broken.zip", b"PK\x03\x04", "damaged"),
    ];
    for (name, bytes, part) in cases {
        let proof = made_of(&house, name, bytes).await;
        assert_eq!(proof.processing, Processing::Failed, "{name}");
        let reason = proof.processing_error.unwrap();
        assert!(reason.contains(part) && reason.ends_with('.'), "{name}: {reason}");
    }
}
