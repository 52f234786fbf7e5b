//! Tools that misbehave, and what keeps them in. A script takes the place of Ghostscript; what it does needs no
//! program but the shell itself.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::time::{Duration, Instant};

use galley_media::{Limits, MediaError, MediaErrorKind as K, MediaOptions, Tool, Tools};

use crate::world::{World, child, files_below};

/// Opens a PostScript file with a tool that does this, and gives what came of it.
async fn with_tool(
    script: &str,
    change: impl FnOnce(&mut Limits),
) -> (Result<(), MediaError>, World, Duration) {
    let tools = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let program = tools.path().join("gs");
    std::fs::write(&program, format!("#!/bin/bash\n{script}\n")).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let mut options =
        MediaOptions { tools: Tools::none().with(Tool::Ghostscript, program), ..MediaOptions::default() };
    change(&mut options.limits);
    let world = World::with(child(), options);
    let start = Instant::now();
    let (_, result) = world.open(&world.fixture("page.ps")).await;
    let left = files_below(&world.cache().join(".tmp"));
    assert_eq!(left, Vec::<std::path::PathBuf>::new(), "nothing is left");
    (result, world, start.elapsed())
}

fn kind(result: Result<(), MediaError>) -> K {
    result.unwrap_err().kind()
}

#[tokio::test]
async fn a_tool_that_eats_memory_spins_sleeps_or_fills_the_disk_is_stopped() {
    let (result, ..) =
        with_tool("x=xxxxxxxx; while :; do x=$x$x; done", |l| l.convert_memory_bytes = 256 << 20).await;
    assert_eq!(kind(result), K::OutOfMemory);
    let (result, _, took) = with_tool("while :; do :; done", |l| l.convert_cpu_seconds = 1).await;
    assert_eq!(kind(result), K::TimedOut);
    assert!(took < Duration::from_secs(20), "{took:?}");
    let (result, _, took) = with_tool("kill -STOP $$", |l| l.convert_wall = Duration::from_secs(1)).await;
    assert_eq!(kind(result), K::TimedOut);
    assert!(took < Duration::from_secs(20), "{took:?}");
    let one_file = "printf -v x %100000s; while :; do echo \"$x\"; done > big";
    let (result, ..) = with_tool(one_file, |l| l.convert_output_bytes = 4 << 20).await;
    assert_eq!(kind(result), K::TooLarge);
    let many =
        "printf -v x %1000000s; for ((i = 0; ; i++)); do echo \"$x\" > f$i; read -t 0.01 < /dev/zero; done";
    let (result, ..) = with_tool(many, |l| l.convert_output_bytes = 8 << 20).await;
    assert_eq!(kind(result), K::TooLarge);
}

/// What a tool could do, as 1 or 0 in a PostScript file that it makes; the file is the proof's only page then.
async fn tried(attempt: &str) -> bool {
    // A result that is a PDF, named after the outcome, would do; the exit code is simpler.
    let (result, ..) = with_tool(&format!("{{ {attempt}; }} 2>/dev/null && exit 42; exit 43"), |_| {}).await;
    let error = result.unwrap_err();
    assert_eq!(error.kind(), K::Unconvertible, "{error}");
    // The shell ends itself with 254 when it cannot start a process.
    let code =
        ["42", "43", "254"].into_iter().find(|code| error.detail().contains(&format!("status: {code}")));
    code.unwrap_or_else(|| panic!("{error}")) == "42"
}

#[tokio::test]
async fn a_tool_reaches_no_files_no_network_and_no_processes() {
    let protection = World::new().media.tool_protection().await.unwrap();
    assert!(protection.no_new_privs && protection.system_calls, "{protection:?}");
    // What must work, or the rest would prove nothing.
    assert!(tried("echo own > mine && read x < mine").await);
    assert!(tried("read x < /usr/lib/os-release").await);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    assert!(!tried(&format!("exec 3<>/dev/tcp/127.0.0.1/{port}")).await, "the network");
    assert!(!tried("(:)").await, "another process");
    assert!(!tried("kill -0 $PPID").await, "a signal to the server");
    if protection.files {
        let own_tmp = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).starts_with("/tmp");
        assert!(!tried("read x < /etc/passwd").await, "somebody's file");
        assert!(!tried("read x < /proc/self/environ").await, "a process");
        let elsewhere = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let escape = elsewhere.path().join("escape");
        assert!(!tried(&format!("echo x > {}", escape.display())).await, "a file elsewhere");
        assert!(!escape.exists());
        // Its own /tmp, or none.
        let _ = tried("echo x > /tmp/galley-test-escape").await;
        assert!(!std::path::Path::new("/tmp/galley-test-escape").exists());
        // Where its folder is below /tmp, what is beside it is its own /tmp too, and goes with it.
        let wrote = tried("echo x > ../escape").await;
        assert!(!wrote || own_tmp, "a file beside its folder");
    }
}

#[tokio::test]
async fn what_a_tool_leaves_is_only_taken_if_it_is_what_was_asked_for() {
    for script in [
        "exit 0",
        "echo text > result/document.pdf",
        "echo %PDF-1.4 > result/document.pdf; echo %PDF-1.4 > result/other.pdf",
        "echo %PDF-1.4 > result/document.pdf; exit 1",
    ] {
        assert_eq!(kind(with_tool(script, |_| {}).await.0), K::Unconvertible, "{script}");
    }
    // Taken, and then found to be no document.
    assert_eq!(kind(with_tool("echo %PDF-1.4 > result/document.pdf", |_| {}).await.0), K::Damaged);
}
