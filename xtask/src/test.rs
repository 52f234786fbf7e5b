//! `cargo xtask test`: everything that can fail, in the order in which it fails fastest.

use std::time::Instant;

use crate::setup::{self, Need};
use crate::ui::{Step, Verdict};
use crate::{Outcome, lint, repo, shell, ui, web};

const STEPS: [&str; 4] = ["web", "rust", "e2e", "lint"];

/// Runs the chosen steps and prints a table of how they went.
pub fn run(args: &[String]) -> Outcome {
    let mut chosen: Vec<&'static str> = Vec::new();
    let mut filters: Vec<&str> = Vec::new();
    let mut fast = false;
    for arg in args {
        if arg == "--fast" {
            fast = true;
        } else if let Some(step) = STEPS.into_iter().find(|step| step == arg) {
            chosen.push(step);
        } else if arg.starts_with('-') {
            return Err(format!("`test` has no option `{arg}`"));
        } else {
            filters.push(arg);
        }
    }
    if chosen.is_empty() {
        chosen.extend(STEPS.into_iter().take(if fast { 2 } else { STEPS.len() }));
        if !filters.is_empty() {
            chosen.retain(|step| *step == "rust" || *step == "e2e");
        }
    }

    let mut needs = vec![Need::Web];
    if chosen.contains(&"rust") {
        needs.push(Need::Converters);
    }
    if chosen.contains(&"e2e") {
        needs.extend(Need::END_TO_END);
    }
    let missing = setup::ensure(&needs);

    let mut steps = Vec::new();
    for name in chosen {
        ui::heading(name);
        let start = Instant::now();
        let verdict = match missing.iter().find(|gap| blocks(gap.need, name)) {
            Some(gap) if repo::in_ci() => {
                ui::failure(&gap.remedy);
                Verdict::Failed
            }
            Some(gap) => Verdict::Skipped(gap.remedy.clone()),
            None => match step(name, &filters) {
                Ok(()) => Verdict::Passed,
                Err(reason) => {
                    ui::failure(&reason);
                    Verdict::Failed
                }
            },
        };
        steps.push(Step { name, verdict, took: start.elapsed() });
    }
    match ui::summary(&steps) {
        0 => Ok(()),
        _ => Err("not everything passed".into()),
    }
}

/// Every step needs what it is about. Of the Rust tests only some need converters, and say so when they fail.
fn blocks(need: Need, step: &str) -> bool {
    match step {
        "rust" => false,
        "web" | "lint" => need == Need::Web,
        _ => need != Need::Converters,
    }
}

fn step(name: &str, filters: &[&str]) -> Outcome {
    match name {
        "web" => web::build_if_stale().and_then(|()| web::test()),
        "rust" => rust(filters),
        "e2e" => end_to_end(filters),
        _ => web::check().and_then(|()| lint::rust()),
    }
}

/// Unit, service and wire tests, then the examples in the documentation.
fn rust(filters: &[&str]) -> Outcome {
    let nextest = shell::succeeds(&mut shell::cargo(&["nextest", "--version"]));
    let mut tests = if nextest {
        shell::cargo(&["nextest", "run", "--workspace", "--no-fail-fast", "--no-tests=pass"])
    } else {
        shell::cargo(&["test", "--workspace", "--lib", "--bins", "--tests", "--no-fail-fast"])
    };
    if nextest || filters.len() < 2 {
        tests.args(filters);
    } else {
        return Err("`cargo test` takes one filter only; `cargo install cargo-nextest` lifts that".into());
    }
    let tests = shell::run(&mut tests);
    if !filters.is_empty() {
        return tests;
    }
    let examples = shell::run(&mut shell::cargo(&["test", "--workspace", "--doc", "--quiet"]));
    tests.and(examples)
}

/// The story with real clients and a real browser against the real binary.
fn end_to_end(filters: &[&str]) -> Outcome {
    web::build_if_stale()?;
    shell::run(&mut shell::cargo(&["build", "--package", "galley"]))?;
    let mut command = shell::command(
        &repo::root().join("e2e"),
        "node",
        &["--test", "--test-concurrency=1", "--test-reporter=spec"],
    );
    for filter in filters {
        command.arg(format!("--test-name-pattern={filter}"));
    }
    command.env("GALLEY_BIN", repo::target_dir().join("debug/galley"));
    command.env("GALLEY_PDFS", setup::pdf_dir());
    shell::run(&mut command)
}
