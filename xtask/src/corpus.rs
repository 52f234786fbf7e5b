//! `cargo xtask corpus`: hundreds of files that nobody made for Galley, and broken ones, through a server.

use crate::setup::{self, Need};
use crate::{Outcome, repo, shell, ui, web};

/// Builds the server as it is released, then uploads everything to it (`e2e/corpus`).
pub fn run(args: &[String]) -> Outcome {
    setup::require(&[Need::Web, Need::Converters, Need::Corpus, Need::DebianPdfs])?;
    web::build_if_stale()?;
    ui::doing("Building the server, optimised");
    shell::run(&mut shell::cargo(&["build", "--release", "--package", "galley"]))?;
    let mut feed = shell::command(&repo::root().join("e2e"), "node", &["corpus/main.mjs"]);
    feed.args(args);
    feed.env("GALLEY_BIN", repo::target_dir().join("release/galley"));
    feed.env("GALLEY_CORPUS", setup::corpus_dir());
    feed.env("GALLEY_PDFS", setup::pdf_dir());
    shell::run(&mut feed)
}
