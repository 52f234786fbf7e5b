//! A child that does what its file says, as a decoder would that somebody has taken over: for tests.

use std::net::TcpStream;
use std::process::Command;

fn main() -> std::process::ExitCode {
    galley_media::child_main_with(misbehave)
}

/// The words after the first line of the file: what to do, and to what.
fn misbehave(file: &[u8]) {
    let text = String::from_utf8_lossy(file);
    let mut words = text.lines().nth(1).unwrap_or_default().split(' ');
    let (what, to) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let escaped = match what {
        "eat" => eat(),
        "spin" => loop {
            std::hint::spin_loop();
        },
        "fill" => std::fs::write("p1-thumbnail", vec![1; 1 << 30]).is_ok(),
        "read" => std::fs::read(to).is_ok(),
        "write" => std::fs::write(to, "escaped").is_ok(),
        "connect" => TcpStream::connect(to).is_ok(),
        "start" => Command::new(to).status().is_ok(),
        _ => true,
    };
    // Either way without a word to the parent: what it says goes to the log only.
    eprintln!("{what} {to}: {}", if escaped { "escaped" } else { "kept in" });
    std::process::exit(7);
}

fn eat() -> bool {
    let mut all = Vec::new();
    loop {
        all.push(vec![1u8; 16 << 20]);
    }
}
