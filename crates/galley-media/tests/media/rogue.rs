//! A decoder that somebody has taken over, and what it is kept from.

use std::net::TcpListener;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use galley_media::{ChildCommand, FileKind, Limits, MediaError, MediaErrorKind as K, MediaOptions};

use crate::world::World;

async fn told(order: &str, change: impl FnOnce(&mut Limits)) -> MediaError {
    let rogue = PathBuf::from(env!("CARGO_BIN_EXE_galley-media-rogue"));
    let mut options = MediaOptions::default();
    change(&mut options.limits);
    let world = World::with(ChildCommand { program: rogue, args: vec![] }, options);
    let source = world.source("order", FileKind::Pdf, format!("%PDF-1.7\n{order}\n").as_bytes());
    let start = Instant::now();
    let error = world.open(&source).await.1.unwrap_err();
    assert!(start.elapsed() < Duration::from_secs(20), "{order} took {:?}", start.elapsed());
    assert!(error.reason().ends_with('.') && !error.reason().contains("kept in"));
    error
}

#[tokio::test]
async fn a_decoder_that_eats_spins_or_fills_the_disk_is_stopped() {
    assert_eq!(told("eat", |l| l.memory_bytes = 256 << 20).await.kind(), K::OutOfMemory);
    assert_eq!(told("spin", |l| l.open_cpu_seconds = 1).await.kind(), K::TimedOut);
    assert_eq!(told("spin", |l| l.step_wall = Duration::from_millis(500)).await.kind(), K::TimedOut);
    assert_eq!(told("fill", |l| l.output_bytes = 1 << 20).await.kind(), K::TooLarge);
}

#[tokio::test]
async fn a_decoder_reaches_nothing_but_its_file_and_its_folder() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let elsewhere = tempfile::tempdir().unwrap();
    let protection = World::new().media.protection().await.unwrap();
    let mut orders = vec![format!("connect 127.0.0.1:{port}"), "start /bin/true".to_owned()];
    if protection.files {
        orders.extend([
            "read /etc/passwd".to_owned(),
            "read /proc/self/maps".to_owned(),
            format!("write {}/escape", elsewhere.path().display()),
            "write ../escape".to_owned(),
        ]);
    }
    for order in orders {
        let error = told(&order, |_| {}).await;
        assert_eq!(error.kind(), K::Crashed);
        assert!(error.detail().contains("kept in") && !error.detail().contains("escaped"), "{error}");
    }
    // That it could, were it not for its fences: it writes into its own folder.
    assert!(told("write p1-thumbnail", |_| {}).await.detail().contains("escaped"));
}
