//! `cargo xtask bench`: figures of speed and size. It prints them and judges nothing: machines differ.

use crate::setup::{self, Need};
use crate::{Outcome, repo, shell, ui, web};

/// Builds the server as it is released, then measures it (`e2e/bench`).
pub fn run(args: &[String]) -> Outcome {
    setup::require(&[Need::Web, Need::Converters, Need::DebianPdfs])?;
    web::build_if_stale()?;
    ui::doing("Building the server and the yardstick, optimised");
    shell::run(&mut shell::cargo(&["build", "--release", "--package", "galley"]))?;
    shell::run(&mut shell::cargo(&["build", "--release", "--package", "xtask", "--example", "bare"]))?;

    let release = repo::target_dir().join("release");
    let mut measure = shell::command(&repo::root().join("e2e"), "node", &["bench/main.mjs"]);
    measure.args(args);
    measure.env("GALLEY_BIN", release.join("galley"));
    measure.env("GALLEY_PDFS", setup::pdf_dir());
    measure.env("GALLEY_BARE", release.join("examples/bare"));
    shell::run(&mut measure)
}
