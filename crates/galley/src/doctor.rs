//! `galley doctor`: what works here, and what waits or failed.

use crate::config::DataArgs;
use crate::terminal;
use galley_store::Store;
use std::process::ExitCode;

/// Looks at the machine and the data folder without changing either; a server may be running.
pub(crate) fn run(args: &DataArgs) -> Result<ExitCode, String> {
    terminal::line(&format!("galley {}", env!("CARGO_PKG_VERSION")));
    terminal::line("");
    terminal::line("Formats      PDF, PNG, JPEG (built in)");
    terminal::line(&format!(
        "Web app      {}",
        if galley_web::is_built() { "built in" } else { "missing: cargo xtask web" }
    ));
    let database = args.data.join("galley.db");
    if !database.is_file() {
        return Err(format!("there is no database in {}", args.data.display()));
    }
    if let Ok(stat) = rustix::fs::statvfs(&args.data) {
        let free = stat.f_bavail.saturating_mul(stat.f_frsize) / 1_000_000;
        terminal::line(&format!("Free disk    {free} MB in {}", args.data.display()));
    }
    let store = Store::open(&database).map_err(|e| e.to_string())?;
    let jobs = store.read(|tx| tx.jobs(1000)).map_err(|e| e.to_string())?;
    let stuck: Vec<_> = jobs.iter().filter(|job| job.last_error.is_some()).collect();
    terminal::line(&format!("Jobs         {} waiting or running, {} with trouble", jobs.len(), stuck.len()));
    for job in stuck {
        terminal::line(&format!(
            "             #{} {:?} of {}: {} after {} tries: {}",
            job.id,
            job.kind,
            job.subject,
            job.state,
            job.attempts,
            job.last_error.as_deref().unwrap_or_default()
        ));
    }
    let (waiting, failing, dropped) = store.read(|tx| tx.delivery_counts()).map_err(|e| e.to_string())?;
    terminal::line(&format!(
        "Callbacks    {waiting} waiting, {failing} of them failed before; {dropped} given up in 30 days"
    ));
    let mails = store.read(|tx| tx.mail_counts()).map_err(|e| e.to_string())?;
    terminal::line(&format!(
        "Mail         {} waiting, {} of them failed before; {} put aside; {} kept without a mail server",
        mails.waiting, mails.failing, mails.parked, mails.kept
    ));
    Ok(ExitCode::SUCCESS)
}
