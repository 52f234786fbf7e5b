//! `cargo xtask demo`: from a fresh clone to a running server with something to look at.

use std::fs;
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::time::Instant;

use crate::setup::{self, Need};
use crate::{Outcome, repo, shell, ui, web};

/// Sets up, builds, and becomes the server, so that signals reach it directly.
pub fn run(args: &[String]) -> Outcome {
    let (own, passed_on) = match args.iter().position(|arg| arg == "--") {
        Some(at) => (&args[..at], &args[at + 1..]),
        None => (args, &[][..]),
    };
    let (mut fresh, mut release) = (false, false);
    for arg in own {
        match arg.as_str() {
            "--fresh" => fresh = true,
            "--release" => release = true,
            other => {
                return Err(format!("`demo` has no option `{other}`; options of the server go after `--`"));
            }
        }
    }

    setup::require(&[Need::Web])?;
    web::build_if_stale()?;

    let start = Instant::now();
    ui::doing("Building the server (the first time takes a few minutes)");
    let mut build = shell::cargo(&["build", "--package", "galley"]);
    if release {
        build.arg("--release");
    }
    shell::run(&mut build)?;
    ui::done("Server built", start.elapsed());

    let mut options: Vec<String> = vec!["serve".into(), "--demo".into()];
    let data = repo::root().join("demo-data");
    if value_of(passed_on, "--data").is_none() {
        if fresh && data.exists() {
            fs::remove_dir_all(&data)
                .map_err(|error| format!("cannot remove {}: {error}", data.display()))?;
        }
        options.extend(["--data".into(), data.to_string_lossy().into_owned()]);
    } else if fresh {
        return Err("--fresh removes demo-data only; remove the folder given with --data yourself".into());
    }
    for (name, standard) in [("--https", "127.0.0.1:8443"), ("--http", "127.0.0.1:8080")] {
        let address = match value_of(passed_on, name) {
            Some(address) => address,
            None => {
                options.extend([name.into(), standard.into()]);
                standard.to_owned()
            }
        };
        if let Err(error) = TcpListener::bind(&address) {
            return Err(format!(
                "cannot listen on {address} ({error}); choose another: cargo xtask demo -- {name} 127.0.0.1:PORT"
            ));
        }
    }
    options.extend(passed_on.iter().cloned());

    let profile = if release { "release" } else { "debug" };
    let binary = repo::target_dir().join(profile).join("galley");
    eprintln!();
    let error = std::process::Command::new(&binary).args(&options).exec();
    Err(format!("cannot start {}: {error}", binary.display()))
}

/// The value of an option given as `--name value` or `--name=value`.
fn value_of(args: &[String], name: &str) -> Option<String> {
    args.iter().enumerate().find_map(|(index, arg)| match arg.strip_prefix(name) {
        Some("") => args.get(index + 1).cloned(),
        Some(rest) => rest.strip_prefix('=').map(str::to_owned),
        None => None,
    })
}
