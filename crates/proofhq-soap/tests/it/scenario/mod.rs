//! The scenario of `interop/scenario`, which every client plays, played without a client: each
//! operation of a version succeeds and is refused, in versions old and new.

mod examples;
mod play;
mod values;

use std::collections::BTreeSet;
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;

use futures_util::FutureExt;
use galley_model::Profile;
use galley_testkit::{House, PASSWORD, email, token};
use play::{Player, Steps};
use proofhq_soap::registry;
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

/// Plays steps and answers the player, and what went wrong at which step.
async fn played<'h>(
    house: &'h House,
    version: &'h str,
    renders: bool,
    steps: &Steps,
) -> (Player<'h>, Vec<String>) {
    let (mut player, files) =
        (Player::new(house, version, renders, given()), repository().join("demo/files"));
    let mut problems = Vec::new();
    for (name, step) in steps {
        let outcome = AssertUnwindSafe(player.step(name, step, &files)).catch_unwind().await;
        if let Err(panic) = outcome {
            let text = panic.downcast_ref::<String>().cloned();
            let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
            problems.push(text.unwrap_or_else(|| name.clone()));
        }
    }
    (player, problems)
}

/// What waits for pages is played last, by a server that renders. All others do not, so that every run
/// is the same.
#[tokio::test(flavor = "multi_thread")]
async fn every_version_plays_the_scenario() {
    let all = steps();
    let last = all.iter().rposition(|(_, step)| step["wait"] == true).expect("a step that waits");
    let up_to_last = all[..=last].to_vec();
    let runs = [
        ("18_3_0", House::new().with_samples(), false, &all),
        ("16_24_0", House::new().with_samples(), false, &all),
        ("12_1_0", House::new().with_samples(), false, &all),
        ("18_3_0", House::rendering().with_samples().working(), true, &up_to_last),
    ];
    let mut players = Vec::new();
    for (version, house, renders, steps) in &runs {
        let (player, problems) = played(house, version, *renders, steps).await;
        assert!(problems.is_empty(), "{}", problems.join("\n"));
        players.push(player);
    }
    let after_waiting = players[3].succeeded.clone();
    for player in &mut players[..3] {
        player.succeeded.extend(&after_waiting);
        let served = registry();
        let served: Vec<&str> = served.operations(player.version).map(|operation| operation.name).collect();
        let without = |done: &BTreeSet<&'static str>| -> Vec<&str> {
            served.iter().copied().filter(|name| !done.contains(name)).collect()
        };
        assert_eq!(
            without(&player.succeeded),
            [""; 0],
            "{}: no step of interop/scenario succeeds",
            player.version
        );
        assert_eq!(
            without(&player.refused),
            [""; 0],
            "{}: no step of interop/scenario is refused",
            player.version
        );
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/reference/examples.txt");
    let found = examples::written(&players);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, &found).expect("examples.txt");
    }
    let kept = std::fs::read_to_string(path).expect("examples.txt");
    let differs = found.lines().zip(kept.lines()).position(|(now, then)| now != then);
    assert!(
        found == kept,
        "from line {:?} on, the exchanges differ from {path}; `cargo xtask docs` takes over the change",
        differs.map(|at| at + 1)
    );
}
