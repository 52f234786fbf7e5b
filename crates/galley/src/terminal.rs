//! What people read in a terminal.

use std::io::{IsTerminal, Write};

/// Prints a line for people or scripts. A closed pipe is nobody's problem.
pub(crate) fn line(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// Says why a command failed.
pub(crate) fn problem(text: &str) {
    let mut out = std::io::stderr();
    let label = if colours(&out) { "\x1b[31;1merror\x1b[0m" } else { "error" };
    let _ = writeln!(out, "{label}: {text}");
}

/// Bold where a terminal shows it.
pub(crate) fn bold(text: &str) -> String {
    if colours(&std::io::stdout()) { format!("\x1b[1m{text}\x1b[0m") } else { text.to_owned() }
}

/// Whether what is written there may be coloured: a person reads it, and does not mind
/// (<https://no-color.org>).
pub(crate) fn colours(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}
