//! The `galley` binary: command line, configuration, TLS, and the wiring of everything.

mod admin;
mod app;
mod config;
mod data;
mod demo;
mod doctor;
mod hear_out;
mod jobs;
mod listen;
mod load;
mod serve;
mod terminal;
mod tls;
mod worker;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Answers are made of thousands of small texts; a third of their cost was the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Galley: online proofing that you run yourself.
#[derive(Parser)]
#[command(name = "galley", version, about, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Run the server.
    Serve(Box<config::ServeArgs>),
    /// Do jobs beside a server, in a process of its own: open files, capture pages, draw summaries.
    Worker(Box<config::WorkerArgs>),
    /// List jobs, try them again, forget them.
    Jobs(jobs::JobsArgs),
    /// Make accounts and logins.
    Admin(admin::AdminArgs),
    /// Say what works on this machine, and what waits or failed in a data folder.
    Doctor(config::DataArgs),
    /// Check that nobody changed the event log.
    VerifyLog(config::DataArgs),
    /// Print the WSDL of the SOAP API.
    Wsdl(config::WsdlArgs),
    /// Make a large database for measuring.
    #[command(hide = true)]
    MakeLoad(load::LoadArgs),
    /// Render files; started by the server itself.
    #[command(hide = true)]
    MediaChild,
}

/// Lets the kernel hand out memory in pages of two megabytes, or not. Pictures gain by them; a server loses, as
/// each of its threads takes several of them, and has them wiped, for a few kilobytes. Children inherit it.
fn huge_pages(allowed: bool) {
    // A kernel that does not know them has none to hand out.
    let _ = rustix::thread::disable_transparent_huge_pages(!allowed);
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    huge_pages(matches!(cli.verb, Verb::MediaChild));
    let outcome = match cli.verb {
        // Before anything else is set up: the child takes its limits first.
        Verb::MediaChild => return galley_media::child_main(),
        Verb::Serve(args) => serve::run(*args),
        Verb::Worker(args) => worker::run(*args),
        Verb::Jobs(args) => jobs::run(&args),
        Verb::Admin(args) => admin::run(args),
        Verb::Doctor(args) => doctor::run(&args),
        Verb::VerifyLog(args) => admin::verify_log(&args),
        Verb::Wsdl(args) => admin::wsdl(&args),
        Verb::MakeLoad(args) => load::run(&args),
    };
    match outcome {
        Ok(code) => code,
        Err(problem) => {
            terminal::problem(&problem);
            ExitCode::FAILURE
        }
    }
}
