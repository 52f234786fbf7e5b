//! Draws pages as the server does and as Poppler does, and tells where they are apart: `cargo xtask pixels` runs it.
//!
//! `pixels VERDICTS FOLDER` reads lines of `group<TAB>name<TAB>path` from stdin. What a person saw on pages that
//! are out of tolerance stands in VERDICTS, one line each: `name | page | who is right | what is seen`. A page
//! without a line, and a line without such a page, are failures. Pictures of pages that are out of tolerance are
//! left in FOLDER, ours beside the others, with `pixels.md`, the table.

#![allow(clippy::print_stdout)]

#[path = "../tests/shared/near.rs"]
mod near;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use galley_media::{ChildCommand, Media, MediaOptions, OpenEvent, PageInfo, SNIFFED, Source, TILE, sniff};
use near::{Apart, MOST_OF_CELL, MOST_OF_PAGE, Picture};

type Failure = Box<dyn std::error::Error>;

/// A page that was compared.
struct Compared {
    group: String,
    name: String,
    page: u32,
    apart: Apart,
    /// The same for MuPDF, where it is installed: ours to it, Poppler's to it.
    third: Option<(Apart, Apart)>,
}

/// What a person saw.
struct Verdict {
    right: String,
    seen: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [verdicts, folder] = args.as_slice() else { return Err("usage: pixels VERDICTS FOLDER".into()) };
    let (mut verdicts, folder) = (read_verdicts(Path::new(verdicts))?, PathBuf::from(folder));
    std::fs::create_dir_all(&folder)?;
    let mut list = String::new();
    std::io::stdin().read_to_string(&mut list)?;
    let mut compared = Vec::new();
    for line in list.lines() {
        let parts: Vec<&str> = line.split('\t').collect();
        let [group, name, path] = parts[..] else {
            return Err(format!("not a line of a list: {line}").into());
        };
        for page in
            document(group, name, Path::new(path), &folder).await.map_err(|e| format!("{name}: {e}"))?
        {
            compared.push(page);
        }
    }
    let mut unseen = Vec::new();
    let table = table(&compared, &mut verdicts, &mut unseen);
    std::fs::write(folder.join("pixels.md"), &table)?;
    println!("{} pages; the table is {}", compared.len(), folder.join("pixels.md").display());
    let unused: Vec<String> = verdicts.keys().map(|(name, page)| format!("{name} page {page}")).collect();
    if !unused.is_empty() {
        return Err(
            format!("within tolerance, or not there, but with a verdict: {}", unused.join(", ")).into()
        );
    }
    if !unseen.is_empty() {
        return Err(format!("out of tolerance and without a verdict: {}", unseen.join(", ")).into());
    }
    Ok(())
}

fn read_verdicts(path: &Path) -> Result<BTreeMap<(String, u32), Verdict>, Failure> {
    let mut verdicts = BTreeMap::new();
    for line in std::fs::read_to_string(path)?.lines().filter(|l| !l.is_empty() && !l.starts_with('#')) {
        let parts: Vec<&str> = line.split('|').map(str::trim).collect();
        let [name, page, right, seen] = parts[..] else {
            return Err(format!("not a verdict: {line}").into());
        };
        let verdict = Verdict { right: right.to_owned(), seen: seen.to_owned() };
        verdicts.insert((name.to_owned(), page.parse()?), verdict);
    }
    Ok(verdicts)
}

/// The first page, the one in the middle and the last of a document.
async fn document(group: &str, name: &str, path: &Path, folder: &Path) -> Result<Vec<Compared>, Failure> {
    let bytes = std::fs::read(path)?;
    let kind = sniff(&bytes[..bytes.len().min(SNIFFED)], name).map_err(galley_media::Refusal::reason)?;
    let program = std::env::current_exe()?
        .parent()
        .and_then(Path::parent)
        .ok_or("no folder")?
        .join("galley-media-child");
    // Not in /tmp, which tools have to themselves where the kernel allows.
    let cache = tempfile::tempdir_in(folder)?;
    let media =
        Media::new(ChildCommand { program, args: vec![] }, cache.path().into(), MediaOptions::default())?;
    let source = Source { key: "page".into(), path: std::path::absolute(path)?, kind, moment: None };
    let mut pages = Vec::new();
    let on_event = |event| {
        if let OpenEvent::Info { pages: found } = event {
            pages = found;
        }
    };
    media.open(&source, on_event).await?;
    let drawn = if source.is_converted() {
        prepared(cache.path()).ok_or("nothing was converted")?
    } else {
        source.path.clone()
    };
    let count = pages.len() as u32;
    let mut chosen = vec![1, count / 2 + 1, count];
    chosen.dedup();
    let mut compared = Vec::new();
    for page in chosen {
        let info = &pages[page as usize - 1];
        let ours = ours(&media, &source, page, info).await?;
        let theirs = poppler(&drawn, page, info, &ours)?;
        let apart = ours.apart(&theirs).ok_or("pictures of two sizes")?;
        let mut third = None;
        if !apart.is_near() {
            let name = format!("{}-{page}", name.replace('/', "-"));
            save(&folder.join(format!("{name}-1-galley.ppm")), &ours)?;
            save(&folder.join(format!("{name}-2-poppler.ppm")), &theirs)?;
            if let Some(other) = mupdf(&drawn, page, &ours) {
                save(&folder.join(format!("{name}-3-mupdf.ppm")), &other)?;
                third = ours.apart(&other).zip(theirs.apart(&other));
            }
        }
        compared.push(Compared { group: group.into(), name: name.into(), page, apart, third });
    }
    Ok(compared)
}

/// What a tool made of the file, from the cache.
fn prepared(cache: &Path) -> Option<PathBuf> {
    let mut folders = vec![cache.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).ok()?.flatten() {
            if entry.file_type().ok()?.is_dir() {
                folders.push(entry.path());
            } else if entry.file_name() == "prepared" {
                return Some(entry.path());
            }
        }
    }
    None
}

/// The page at 100 %, put together from the tiles that a viewer gets.
async fn ours(media: &Media, source: &Source, page: u32, info: &PageInfo) -> Result<Picture, Failure> {
    let pyramid = info.pyramid();
    let level = (0..=pyramid.max_level)
        .find(|&level| pyramid.level_size(level).is_some_and(|(w, _)| f64::from(w) >= info.width))
        .ok_or("no level")?;
    let (width, height) = pyramid.level_size(level).ok_or("no level")?;
    let (columns, rows) = pyramid.tiles(level).ok_or("no level")?;
    let mut whole = Picture {
        width: width as usize,
        height: height as usize,
        rgb: vec![0; (width * height * 3) as usize],
    };
    for y in 0..rows {
        for x in 0..columns {
            let tile = decoded(&media.tile(source, page, info, level, x, y).await?)?;
            for row in 0..tile.height {
                let to = (((y * TILE) as usize + row) * whole.width + (x * TILE) as usize) * 3;
                let from = row * tile.width * 3;
                whole.rgb[to..to + tile.width * 3].copy_from_slice(&tile.rgb[from..from + tile.width * 3]);
            }
        }
    }
    Ok(whole)
}

fn decoded(tile: &galley_media::Picture) -> Result<Picture, Failure> {
    if tile.mime == "image/png" {
        let mut decoder = png::Decoder::new(std::io::Cursor::new(&tile.bytes[..]));
        decoder.set_transformations(png::Transformations::EXPAND);
        let mut reader = decoder.read_info()?;
        let mut rgb = vec![0; reader.output_buffer_size().ok_or("a large tile")?];
        let info = reader.next_frame(&mut rgb)?;
        return Ok(Picture { width: info.width as usize, height: info.height as usize, rgb });
    }
    use zune_core::colorspace::ColorSpace;
    let options = zune_core::options::DecoderOptions::default().jpeg_set_out_colorspace(ColorSpace::RGB);
    let bytes = zune_core::bytestream::ZCursor::new(&tile.bytes[..]);
    let mut decoder = zune_jpeg::JpegDecoder::new_with_options(bytes, options);
    let rgb = decoder.decode().map_err(|e| format!("{e:?}"))?;
    let info = decoder.info().ok_or("no size")?;
    Ok(Picture { width: info.width.into(), height: info.height.into(), rgb })
}

/// The same page from Poppler, in pixels as large as ours.
fn poppler(path: &Path, page: u32, info: &PageInfo, like: &Picture) -> Result<Picture, Failure> {
    let (page, width, height) = (page.to_string(), like.width.to_string(), like.height.to_string());
    // Given sizes in pixels, it mistakes one side for the other on turned pages.
    let resolution = (like.width as f64 / info.width * 96.0).to_string();
    let mut program = Command::new("pdftoppm");
    program.args(["-q", "-cropbox", "-f", &page, "-l", &page, "-r", &resolution]);
    program.args(["-x", "0", "-y", "0", "-W", &width, "-H", &height]);
    let output = program.arg(path).output()?;
    Picture::from_ppm(&output.stdout).ok_or_else(|| "pdftoppm made no picture".into())
}

/// The same page from MuPDF, if it is installed.
fn mupdf(path: &Path, page: u32, like: &Picture) -> Option<Picture> {
    let mut program = Command::new("mutool");
    program.args(["draw", "-q", "-F", "ppm", "-o", "-", "-f", "-w", &like.width.to_string(), "-h"]);
    let output = program.arg(like.height.to_string()).arg(path).arg(page.to_string()).output().ok()?;
    Picture::from_ppm(&output.stdout)
}

fn save(path: &Path, picture: &Picture) -> std::io::Result<()> {
    let head = format!("P6\n{} {}\n255\n", picture.width, picture.height);
    std::fs::write(path, [head.as_bytes(), &picture.rgb].concat())
}

/// The table, and in `unseen` what nobody looked at. Verdicts that were used are taken out.
fn table(
    compared: &[Compared],
    verdicts: &mut BTreeMap<(String, u32), Verdict>,
    unseen: &mut Vec<String>,
) -> String {
    let percent = |share: f64| format!("{:.1} %", share * 100.0);
    let mut text = format!(
        "# Pages as Galley and as Poppler draw them

Written by `cargo xtask pixels --write`: the first page, the one in the middle and the last of each document, at 96 dpi,
put together from the tiles that a viewer gets, and by `pdftoppm`. Both are smoothed (mean of 3 × 3 pixels), because two
programs never agree on the edge of a letter; a pixel is bad if a channel still differs by more than 48 of 255. A page is
within tolerance if at most {} of it are bad, and at most {} of each square of half an inch: Poppler draws small
type darker and a part of a pixel elsewhere, and what is missing from a page is little of it and much of a square.

Pages with notes are drawn by Poppler here as well (ARCHITECTURE.md says why), so that they are alike proves nothing; tests
look at their colours.

| Documents | Number | Pages | Out of tolerance | Median | Largest within |
| --- | --: | --: | --: | --: | --: |
",
        percent(MOST_OF_PAGE),
        percent(MOST_OF_CELL)
    );
    let mut groups: Vec<&str> = compared.iter().map(|page| page.group.as_str()).collect();
    groups.dedup();
    for group in groups {
        let of: Vec<&Compared> = compared.iter().filter(|page| page.group == group).collect();
        let mut names: Vec<&str> = of.iter().map(|page| page.name.as_str()).collect();
        names.dedup();
        let mut shares: Vec<f64> = of.iter().map(|page| page.apart.page).collect();
        shares.sort_by(f64::total_cmp);
        let within =
            of.iter().filter(|page| page.apart.is_near()).map(|page| page.apart.page).fold(0.0, f64::max);
        let out = of.iter().filter(|page| !page.apart.is_near()).count();
        let median = shares.get(shares.len() / 2).copied().unwrap_or_default();
        let _ = writeln!(
            text,
            "| {group} | {} | {} | {out} | {} | {} |",
            names.len(),
            of.len(),
            percent(median),
            percent(within)
        );
    }
    text.push_str("\nPages out of tolerance, each looked at by eye beside a third picture, of MuPDF:\n\n");
    text.push_str(
        "| Document | Page | Bad | Worst square | To MuPDF: Galley, Poppler | Right | What is seen |\n",
    );
    text.push_str("| --- | --: | --: | --: | --- | --- | --- |\n");
    for page in compared.iter().filter(|page| !page.apart.is_near()) {
        let verdict = verdicts.remove(&(page.name.clone(), page.page)).unwrap_or_else(|| {
            unseen.push(format!("{} page {}", page.name, page.page));
            Verdict { right: "?".into(), seen: "nobody looked".into() }
        });
        let third =
            page.third.map(|(ours, theirs)| format!("{}, {}", percent(ours.page), percent(theirs.page)));
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} | {} |",
            page.name,
            page.page,
            percent(page.apart.page),
            percent(page.apart.cell),
            third.unwrap_or_default(),
            verdict.right,
            verdict.seen
        );
    }
    text
}
