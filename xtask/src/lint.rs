//! `cargo xtask lint`: formatting, clippy with warnings as errors, types of the web app.

use crate::setup::{self, Need};
use crate::{Outcome, no_arguments, shell, ui, web};

/// Runs every check, also after one has failed.
pub fn run(args: &[String]) -> Outcome {
    no_arguments("lint", args)?;
    setup::require(&[Need::Web])?;
    let results = [checked("Web types", web::check), rust()];
    results.into_iter().find(Result::is_err).unwrap_or(Ok(()))
}

/// Formatting and clippy.
pub fn rust() -> Outcome {
    let format = checked("Formatting", || {
        shell::run(&mut shell::cargo(&["fmt", "--all", "--check"]))
            .map_err(|_| "some files are not formatted: run `cargo fmt --all`".to_owned())
    });
    let clippy = checked("Clippy", || {
        let args = ["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"];
        shell::run(&mut shell::cargo(&args))
    });
    format.and(clippy)
}

fn checked(name: &str, check: impl FnOnce() -> Outcome) -> Outcome {
    let start = std::time::Instant::now();
    ui::doing(name);
    let outcome = check();
    match &outcome {
        Ok(()) => ui::done(name, start.elapsed()),
        Err(reason) => ui::failure(reason),
    }
    outcome
}
