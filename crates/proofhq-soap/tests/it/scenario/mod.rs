//! The scenario of `interop/scenario`, which every client plays, played without a client: each
//! operation of a version succeeds and is refused, in versions old and new.

mod play;
mod values;

use std::panic::AssertUnwindSafe;
use std::path::PathBuf;

use futures_util::FutureExt;
use galley_model::Profile;
use galley_testkit::{House, PASSWORD, email, token};
use play::{Player, Steps};
use serde_json::Value;

fn repository() -> PathBuf {
    concat!(env!("CARGO_MANIFEST_DIR"), "/../..").into()
}

/// All steps of all families, each with a name to find it by.
fn steps() -> Steps {
    let folder = repository().join("interop/scenario");
    let entries = std::fs::read_dir(folder).expect("interop/scenario").map(|entry| entry.expect("an entry"));
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|e| e == "json"))
        .collect();
    files.sort();
    let mut steps = Vec::new();
    for path in files {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).expect("a scenario");
        let family: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let found = family["steps"].as_array().unwrap_or_else(|| panic!("{name} has no steps"));
        steps.extend(
            found.iter().enumerate().map(|(at, step)| (format!("{name} step {}", at + 1), step.clone())),
        );
    }
    steps
}

/// What the scenario may refer to from the start.
fn given() -> Vec<(&'static str, String)> {
    vec![
        ("admin", email(Profile::Admin)),
        ("billing", email(Profile::BillingAdmin)),
        ("manager", email(Profile::Manager)),
        ("observer", email(Profile::Observer)),
        ("password", PASSWORD.to_owned()),
        ("token", token(&email(Profile::Admin))),
        ("next_week", "2026-03-09 18:00".to_owned()),
        ("next_month", "2026-04-01 12:00".to_owned()),
    ]
}

/// Plays all steps and answers the player, and what went wrong at which step.
async fn played<'h>(house: &'h House, version: &'h str) -> (Player<'h>, Vec<String>) {
    let (mut player, files) = (Player::new(house, version, given()), repository().join("demo/files"));
    let mut problems = Vec::new();
    for (name, step) in steps() {
        let outcome = AssertUnwindSafe(player.step(&name, &step, &files)).catch_unwind().await;
        if let Err(panic) = outcome {
            let text = panic.downcast_ref::<String>().cloned();
            let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
            problems.push(text.unwrap_or(name));
        }
    }
    (player, problems)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_version_plays_the_scenario() {
    for version in ["12_1_0", "16_24_0", "18_3_0"] {
        let house = House::rendering();
        let (_, problems) = played(&house, version).await;
        assert!(problems.is_empty(), "{}", problems.join("\n"));
    }
}
