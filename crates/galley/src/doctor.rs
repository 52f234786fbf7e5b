//! `galley doctor`: what works here, and what waits or failed.

use crate::config::DataArgs;
use crate::data::media_child;
use crate::terminal;
use galley_media::{FORMATS, Media, MediaOptions, Protection, Tool, Tools};
use galley_store::Store;
use std::process::ExitCode;

/// Looks at the machine and the data folder without changing either; a server may be running.
pub(crate) fn run(args: &DataArgs) -> Result<ExitCode, String> {
    terminal::line(&format!("galley {}", env!("CARGO_PKG_VERSION")));
    terminal::line("");
    formats();
    protection();
    terminal::line(&format!(
        "Web app      {}",
        if galley_web::is_built() { "built in" } else { "missing: cargo xtask web" }
    ));
    let chromium = match galley_service::find_browser(None) {
        Some(path) if galley_service::is_root() => {
            format!("{}, without its sandbox when the server runs as root", path.display())
        }
        Some(path) => path.display().to_string(),
        None => "missing, so web pages are not captured: apt-get install chromium".to_owned(),
    };
    terminal::line(&format!("Chromium     {chromium}"));
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
    let in_state = |state: &str| jobs.iter().filter(|job| job.state == state).count();
    terminal::line(&format!(
        "Jobs         {} waiting, {} being done, {} put aside: galley jobs list --data {}",
        in_state("queued"),
        in_state("leased"),
        in_state("parked"),
        args.data.display()
    ));
    for job in jobs.iter().filter(|job| job.last_error.is_some()) {
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

/// What can be shown, by what, and what would have to be installed for the rest.
fn formats() {
    let tools = Tools::installed();
    let built_in: Vec<&str> = FORMATS.iter().filter(|f| f.tool.is_none()).map(|f| f.name).collect();
    terminal::line(&format!("Formats      {}: built in", built_in.join(", ")));
    for tool in Tool::ALL {
        let names: Vec<&str> = FORMATS.iter().filter(|f| f.tool == Some(tool)).map(|f| f.name).collect();
        let by = match tools.program(tool) {
            Some(program) => format!("{} ({})", tool.name(), program.display()),
            None => format!("missing, install {}", tool.package()),
        };
        let names: Vec<&str> = names.into_iter().chain(tool.draws()).collect();
        terminal::line(&format!("             {}: {by}", names.join(", ")));
    }
}

/// What keeps in the children that open files, and the tools that convert them, as two of them report it.
fn protection() {
    let probed = probe();
    match probed {
        Ok((decoder, tool)) => {
            terminal::line(&format!(
                "Decoders     {}",
                said(&decoder, "no system call but reading, writing and memory")
            ));
            terminal::line(&format!("Tools        {}", said(&tool, "no sockets, no other processes")));
        }
        Err(reason) => terminal::line(&format!("Decoders     cannot be started: {reason}")),
    }
}

fn probe() -> Result<(Protection, Protection), String> {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|e| e.to_string())?;
    runtime.block_on(async {
        let media = Media::new(media_child()?, folder.path().to_owned(), MediaOptions::default());
        let media = media.map_err(|e| e.to_string())?;
        let decoder = media.protection().await.map_err(|e| e.to_string())?;
        let tool = media.tool_protection().await.map_err(|e| e.to_string())?;
        Ok((decoder, tool))
    })
}

fn said(protection: &Protection, system_calls: &str) -> String {
    let all = [
        (
            protection.files,
            "only their own files (Landlock)",
            "ANY FILE OF THIS USER: no Landlock in this kernel",
        ),
        (protection.system_calls, system_calls, "ANY SYSTEM CALL: no seccomp in this kernel"),
        (protection.own_network, "a network without connections (namespace)", ""),
        (protection.no_new_privs, "no set-user-id programs", "SET-USER-ID PROGRAMS"),
    ];
    let words =
        all.into_iter().map(|(has, yes, no)| if has { yes } else { no }).filter(|word| !word.is_empty());
    let words: Vec<&str> = words.collect();
    format!("limited memory, time and file size; {}", words.join("; "))
}
