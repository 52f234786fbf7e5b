//! `cargo xtask web`: the web app, from TypeScript to `web/dist`.

use std::time::Instant;

use crate::setup::{self, Need};
use crate::{Outcome, no_arguments, repo, shell, ui};

/// Builds the web app, whether or not it seems up to date.
pub fn run(args: &[String]) -> Outcome {
    no_arguments("web", args)?;
    setup::require(&[Need::Web])?;
    build()
}

/// Builds the web app when a source is younger than the last build.
pub fn build_if_stale() -> Outcome {
    let web = repo::root().join("web");
    let built = web.join("dist/index.html").metadata().and_then(|data| data.modified()).ok();
    let changed = repo::newest(&web, &["node_modules", "dist", ".svelte-kit", "dev", "test"]);
    if built.is_some() && built >= changed {
        return Ok(());
    }
    build()
}

/// Type checks the web app.
pub fn check() -> Outcome {
    npm("web-check", &["run", "check"])
}

/// Runs the tests of the web app's logic.
pub fn test() -> Outcome {
    shell::run(&mut shell::command(&repo::root().join("web"), "npm", &["test", "--silent"]))
}

fn build() -> Outcome {
    let start = Instant::now();
    ui::doing("Building the web app");
    npm("web-build", &["run", "build"])?;
    ui::done("Web app built", start.elapsed());
    Ok(())
}

fn npm(log: &str, args: &[&str]) -> Outcome {
    shell::run_quietly(log, &mut shell::command(&repo::root().join("web"), "npm", args))
}
