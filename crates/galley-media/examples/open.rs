//! Opens a file as the server does and says what it took: `cargo run --example open -- FILE FOLDER [TILE…]`.
//!
//! Thumbnail and text of page 1, and every tile given as `page/level/x/y`, are written to FOLDER. Run
//! `cargo build` first: the child is taken from beside this program's folder.

#![allow(clippy::print_stdout)]

use std::path::{Path, PathBuf};
use std::time::Instant;

use galley_media::{ChildCommand, Media, MediaOptions, OpenEvent, Picture, SNIFFED, Source, sniff};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [file, folder, tiles @ ..] = args.as_slice() else {
        return Err("usage: open FILE FOLDER [TILE…]".into());
    };
    let (path, folder) = (PathBuf::from(file), PathBuf::from(folder));
    std::fs::create_dir_all(&folder)?;
    let head = std::fs::read(&path)?;
    let kind = sniff(&head[..head.len().min(SNIFFED)], file).map_err(galley_media::Refusal::reason)?;
    let program = std::env::current_exe()?
        .parent()
        .and_then(Path::parent)
        .ok_or("no folder")?
        .join("galley-media-child");
    let cache = tempfile::tempdir()?;
    let media =
        Media::new(ChildCommand { program, args: vec![] }, cache.path().into(), MediaOptions::default())?;
    let source = Source { key: "example".into(), path, kind, moment: None };

    println!("{:?}", media.protection().await?);
    let start = Instant::now();
    let mut pages = Vec::new();
    let opened = media
        .open(&source, |event| match event {
            OpenEvent::Info { pages: found } => {
                println!("{:>8.1?} {} pages, first {:?}", start.elapsed(), found.len(), found.first());
                pages = found;
            }
            OpenEvent::Page { number: 1 } => println!("{:>8.1?} page 1", start.elapsed()),
            OpenEvent::Page { .. } => {}
            OpenEvent::PageFailed { number, error } => {
                println!("{:>8.1?} page {number}: {error}", start.elapsed());
            }
        })
        .await;
    println!("{:>8.1?} opened: {opened:?}", start.elapsed());
    opened?;

    save(&folder.join("thumbnail"), &media.thumbnail(&source, 1).await?)?;
    let text = media.text(&source, 1).await?;
    std::fs::write(folder.join("text.json"), serde_json::to_vec(&text)?)?;
    for tile in tiles {
        let numbers: Vec<u32> = tile.split('/').map(str::parse).collect::<Result<_, _>>()?;
        let [page, level, x, y] = numbers.as_slice() else { return Err("a tile is page/level/x/y".into()) };
        let info = pages.get(*page as usize - 1).ok_or("no such page")?;
        let start = Instant::now();
        let picture = media.tile(&source, *page, info, u8::try_from(*level)?, *x, *y).await?;
        let cold = start.elapsed();
        let start = Instant::now();
        media.tile(&source, *page, info, u8::try_from(*level)?, *x, *y).await?;
        println!("tile {tile} {:?}: {cold:.1?}, again {:.1?}", info.pyramid(), start.elapsed());
        save(&folder.join(format!("tile-{}", tile.replace('/', "-"))), &picture)?;
    }
    Ok(())
}

fn save(path: &Path, picture: &Picture) -> std::io::Result<()> {
    let extension = if picture.mime == "image/png" { "png" } else { "jpg" };
    println!("{} {} bytes", path.display(), picture.bytes.len());
    std::fs::write(path.with_extension(extension), &picture.bytes)
}
