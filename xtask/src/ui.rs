//! What people see: one line when something begins, one when it ends, and a table at the end.

use std::io::IsTerminal;
use std::sync::OnceLock;
use std::time::Duration;

/// How a step of a verb went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It ran and succeeded.
    Passed,
    /// It ran and failed, or could not run where it must.
    Failed,
    /// It could not run here; the text says what to do about it.
    Skipped(String),
}

/// One line of the closing table.
#[derive(Debug)]
pub struct Step {
    /// Short name, as given on the command line.
    pub name: &'static str,
    /// How it went.
    pub verdict: Verdict,
    /// How long it took.
    pub took: Duration,
}

fn colours() -> bool {
    static COLOURS: OnceLock<bool> = OnceLock::new();
    *COLOURS.get_or_init(|| std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none())
}

fn paint(code: &str, text: &str) -> String {
    if colours() { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
}

/// Announces a longer piece of work whose output follows.
pub fn heading(text: &str) {
    eprintln!("\n{} {}", paint("1;34", "▸"), paint("1", text));
}

/// Says that something is being done, on a line of its own.
pub fn doing(text: &str) {
    eprintln!("{} {text} …", paint("34", "•"));
}

/// Says that something is done, with how long it took when that is worth knowing.
pub fn done(text: &str, took: Duration) {
    let time = if took < Duration::from_secs(1) { String::new() } else { format!(" ({})", human(took)) };
    eprintln!("{} {text}{}", paint("32", "✓"), paint("2", &time));
}

/// Something is not as it could be; work goes on.
pub fn warn(text: &str) {
    eprintln!("{} {text}", paint("33", "!"));
}

/// The reason why a verb ends badly.
pub fn failure(text: &str) {
    eprintln!("{} {text}", paint("1;31", "✗"));
}

/// The closing table; answers how many steps failed.
pub fn summary(steps: &[Step]) -> usize {
    heading("Summary");
    for step in steps {
        let (sign, note) = match &step.verdict {
            Verdict::Passed => (paint("32", "passed "), String::new()),
            Verdict::Failed => (paint("1;31", "FAILED "), String::new()),
            Verdict::Skipped(remedy) => (paint("33", "skipped"), format!("  {remedy}")),
        };
        eprintln!("  {sign}  {:<12} {:>9}{note}", step.name, human(step.took));
    }
    let count = |wanted: fn(&Verdict) -> bool| steps.iter().filter(|step| wanted(&step.verdict)).count();
    let failed = count(|verdict| *verdict == Verdict::Failed);
    let passed = count(|verdict| *verdict == Verdict::Passed);
    let skipped = steps.len() - failed - passed;
    let tail = if skipped > 0 { format!(", {skipped} skipped") } else { String::new() };
    eprintln!("{passed} steps passed, {failed} failed{tail}");
    failed
}

/// `4.2 s` or `3 min 12 s`.
pub fn human(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    if seconds < 60.0 {
        format!("{seconds:.1} s")
    } else {
        format!("{} min {:02} s", time.as_secs() / 60, time.as_secs() % 60)
    }
}
