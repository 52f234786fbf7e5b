//! The renderer's child process in tests.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use galley_media::ChildCommand;

/// The child program of the build that the running test belongs to; it is built when it is missing.
pub fn media_child() -> ChildCommand {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    let program = PROGRAM.get_or_init(|| {
        // .../target/debug/deps/test-0123 → .../target/debug
        let test = std::env::current_exe().expect("a path");
        let profile = test.parent().and_then(|deps| deps.parent()).expect("a target folder");
        let program = profile.join("galley-media-child");
        if !program.exists() {
            let mut cargo = Command::new(env!("CARGO"));
            cargo.args(["build", "-p", "galley-media", "--bin", "galley-media-child", "--target-dir"]);
            cargo.arg(profile.parent().expect("a target folder"));
            if profile.ends_with("release") {
                cargo.arg("--release");
            }
            let built = cargo.current_dir(env!("CARGO_MANIFEST_DIR")).status().expect("cargo runs");
            assert!(built.success(), "galley-media-child does not build");
        }
        program
    });
    ChildCommand { program: program.clone(), args: Vec::new() }
}
