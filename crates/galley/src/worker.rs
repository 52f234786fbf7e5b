//! `galley worker`: does jobs beside a server, in a process of its own.

use crate::config::{ServeOptions, WorkerArgs};
use crate::data::{DataFolder, Rendering};
use crate::serve::{asked_to_stop, configured, log};
use crate::terminal;
use galley_service::{Holder, SystemClock, Worker};
use std::process::ExitCode;
use std::sync::Arc;
use tokio::sync::watch;

/// Works until it is told to stop, and gives back what it has not finished.
pub(crate) fn run(args: WorkerArgs) -> Result<ExitCode, String> {
    log();
    let options = args.resolve()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("cannot start: {error}"))?;
    runtime.block_on(work(options))?;
    runtime.shutdown_timeout(std::time::Duration::from_secs(2));
    Ok(ExitCode::SUCCESS)
}

async fn work(options: ServeOptions) -> Result<(), String> {
    let folder = DataFolder::beside(&options.data)?;
    let rendering = Rendering { at_once: options.renderers, cache: options.cache };
    let (service, _) = folder.service(Arc::new(SystemClock), configured(&options), rendering)?;
    let (stopper, stop) = watch::channel(false);
    let worker = Worker::of(Holder::Beside, service.clone(), options.jobs);
    let working = tokio::spawn(worker.run(stop.clone()));
    tokio::spawn(service.watch_others(stop));
    terminal::line(&format!("Doing jobs of {}.", folder.path().display()));
    asked_to_stop().await;
    let _ = stopper.send(true);
    let _ = working.await;
    Ok(())
}
