//! `cargo xtask fuzz`: the targets of `fuzz/` for as long as you like.

use crate::{Outcome, repo, shell, ui};

const TARGETS: [&str; 3] = ["envelope", "values", "multipart"];

/// The test of each target, for machines without `cargo fuzz`.
const TESTS: [&str; 3] = ["fuzz::envelopes", "fuzz::values", "fuzz::multipart"];

/// Runs the chosen targets, each for some minutes.
pub fn run(args: &[String]) -> Outcome {
    let mut minutes: u64 = 1;
    let mut chosen = Vec::new();
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        if arg == "--minutes" {
            let number = rest.next().and_then(|text| text.parse().ok());
            minutes = number.ok_or("`--minutes` takes a number")?;
        } else if let Some(at) = TARGETS.iter().position(|target| target == arg) {
            chosen.push(at);
        } else {
            return Err(format!("`fuzz` knows no `{arg}`; its targets are {}", TARGETS.join(", ")));
        }
    }
    if chosen.is_empty() {
        chosen.extend(0..TARGETS.len());
    }
    let nightly = shell::read(std::process::Command::new("rustup").args(["toolchain", "list"]))
        .is_some_and(|list| list.contains("nightly"));
    let guided = nightly && shell::succeeds(&mut shell::cargo(&["fuzz", "--version"]));
    if !guided {
        ui::warn(
            "without a nightly toolchain and `cargo install cargo-fuzz`, inputs are changed blindly instead of \
             guided by coverage",
        );
    }
    for at in chosen {
        ui::heading(TARGETS[at]);
        let seconds = minutes * 60;
        if guided { guided_run(TARGETS[at], seconds)? } else { blind_run(TESTS[at], seconds)? }
    }
    Ok(())
}

/// New inputs stay in `target/`; those that matter are copied to `fuzz/corpus` by hand.
fn guided_run(target: &str, seconds: u64) -> Outcome {
    let found = repo::target_dir().join("xtask/fuzz").join(target);
    std::fs::create_dir_all(&found).map_err(|error| format!("{}: {error}", found.display()))?;
    let (found, kept) = (found.to_string_lossy(), format!("fuzz/corpus/{target}"));
    // No sanitizer: the code is safe Rust, and three times faster without.
    let args = ["+nightly", "fuzz", "run", "--sanitizer", "none", target, &found, &kept, "--"];
    let mut command = shell::command(&repo::root(), "cargo", &args);
    command.args(["-timeout=10", "-max_len=8192", &format!("-max_total_time={seconds}")]);
    // The toolchain of this very process would win over `+nightly`.
    command.env_remove("RUSTUP_TOOLCHAIN").env_remove("CARGO");
    shell::run(&mut command)
}

fn blind_run(test: &str, seconds: u64) -> Outcome {
    let args = ["test", "--release", "--package", "proofhq-soap", "--test", "it", test];
    let mut command = shell::cargo(&args);
    command.env("FUZZ_SECONDS", seconds.to_string());
    shell::run(&mut command)
}
