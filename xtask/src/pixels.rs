//! `cargo xtask pixels`: pages as Galley draws them beside those of Poppler, and what a person saw where they differ.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::setup::{self, Need};
use crate::{Outcome, repo, shell, ui};

/// What a person saw on pages that are out of tolerance.
const VERDICTS: &str = "crates/galley-media/tests/pixels.txt";
/// The table for readers.
const TABLE: &str = "docs/pixels.md";
/// Of the documentation of Debian, one document in so many is compared: all of them come from a few programs.
const ONE_IN: usize = 6;
/// Files that become PDFs on the way.
const CONVERTED: [&str; 12] = [
    "doc.doc",
    "doc.docx",
    "doc.odt",
    "doc.rtf",
    "notes.txt",
    "page.ps",
    "slides.odp",
    "slides.pptx",
    "table.csv",
    "table.ods",
    "table.xls",
    "table.xlsx",
];

/// Compares; `--write` keeps the table.
pub fn run(args: &[String]) -> Outcome {
    let write = match args {
        [] => false,
        [only] if only == "--write" => true,
        _ => return Err("pixels takes `--write` or nothing".into()),
    };
    setup::require(&[Need::Converters, Need::DebianPdfs, Need::Corpus])?;
    ui::doing("Building what draws and what compares");
    shell::run(&mut shell::cargo(&["build", "--package", "galley-media", "--bins", "--example", "pixels"]))?;
    let folder = repo::target_dir().join("xtask/pixels");
    // Pictures of an earlier run would be taken for those of this one. There may be none.
    let _ = fs::remove_dir_all(&folder);

    let program = repo::target_dir().join("debug/examples/pixels");
    let mut compare = shell::command(&repo::root(), program, &[VERDICTS]);
    let mut child = compare
        .arg(&folder)
        .stdin(Stdio::piped())
        .spawn()
        .map_err(|error| format!("cannot start the comparison: {error}"))?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin
            .write_all(list().as_bytes())
            .map_err(|error| format!("cannot tell what to compare: {error}"))?;
    }
    let ended = child.wait().map_err(|error| format!("cannot wait for the comparison: {error}"))?;
    if write {
        let table = folder.join("pixels.md");
        fs::copy(&table, repo::root().join(TABLE)).map_err(|error| format!("no table to keep: {error}"))?;
    }
    if ended.success() {
        return Ok(());
    }
    Err(format!("look at the pictures in {} and say in {VERDICTS} who is right", folder.display()))
}

/// Group, name and path of each document.
fn list() -> String {
    let root = repo::root();
    let fixtures = root.join("crates/galley-media/tests/fixtures");
    let mut debian = pdfs_below(&setup::pdf_dir());
    debian.extend(pdfs_below(&setup::corpus_dir()));
    let debian = debian.into_iter().step_by(ONE_IN).collect();
    let converted = CONVERTED.iter().map(|name| fixtures.join("formats").join(name)).collect();
    let groups: [(&str, Vec<PathBuf>); 4] = [
        ("Demo artwork", pdfs_below(&root.join("demo/files"))),
        ("Hard pages made by hand", pdfs_below(&fixtures.join("engines"))),
        ("Converted documents", converted),
        ("Debian documentation", debian),
    ];
    let mut lines = String::new();
    for (group, paths) in groups {
        for path in paths {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            lines.push_str(&format!("{group}\t{name}\t{}\n", path.display()));
        }
    }
    lines
}

/// In the order of their names, so that each run compares the same.
fn pdfs_below(folder: &Path) -> Vec<PathBuf> {
    let (mut found, mut pending) = (Vec::new(), vec![folder.to_path_buf()]);
    while let Some(folder) = pending.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => pending.push(entry.path()),
                Ok(kind) if kind.is_file() && entry.path().extension().is_some_and(|end| end == "pdf") => {
                    found.push(entry.path());
                }
                _ => {}
            }
        }
    }
    found.sort();
    found
}
