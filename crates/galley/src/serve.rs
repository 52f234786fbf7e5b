//! `galley serve`.

use crate::config::{ServeArgs, ServeOptions};
use crate::data::{DataFolder, Rendering};
use crate::listen::{self, Listener};
use crate::{app, demo, terminal, tls};
use galley_notify::Notifier;
use galley_rest::Options;
use galley_service::{CaptureOptions, Config, Service, SystemClock, Worker};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// What happens goes to standard error.
pub(crate) fn log() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("GALLEY_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info,hyper=warn,rustls=warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(terminal::colours(&std::io::stderr()))
        .with_target(false)
        .init();
}

/// Runs the server until it is told to stop.
pub(crate) fn run(args: ServeArgs) -> Result<ExitCode, String> {
    log();
    let options = args.resolve()?;
    // One thread more than cores: as many as there are cores may be busy answering briefly.
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get) + 1;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads)
        .enable_all()
        .build()
        .map_err(|error| format!("cannot start: {error}"))?;
    let outcome = runtime.block_on(serve(options));
    // Live streams and half-read uploads do not hold up the end.
    runtime.shutdown_timeout(std::time::Duration::from_secs(2));
    outcome.map(|()| ExitCode::SUCCESS)
}

async fn serve(options: ServeOptions) -> Result<(), String> {
    let folder = DataFolder::open(&options.data)?;
    let config = configured(&options);
    let rendering = Rendering { at_once: options.renderers, cache: options.cache };

    // Addresses first: a taken port is told before anything is written.
    let mut listeners = Vec::new();
    if let Some(address) = options.https {
        let tls = tls::server_config(options.tls.as_ref(), folder.path(), &options.public_url)?;
        listeners.push(Listener::bind(address, Some(tls)).await?);
    }
    if let Some(address) = options.http {
        listeners.push(Listener::bind(address, None).await?);
    }

    if options.demo && folder.is_new() {
        demo::load(&folder, &config, rendering).await?;
    }
    let (service, store) = folder.service(Arc::new(SystemClock), config, rendering)?;
    let notices = galley_notify::Options {
        allow_private_callbacks: options.allow_private_callbacks,
        public_url: options.public_url.clone(),
        smtp: options.smtp.clone(),
    };
    let notifier = Notifier::new(store, Arc::new(SystemClock), &notices)?;
    let logins = if options.demo && demo::is_there(&service) { demo::logins()? } else { Vec::new() };
    welcome(&options, &service, &logins);

    let (stopper, stop) = watch::channel(false);
    let worker = (!options.no_worker)
        .then(|| tokio::spawn(Worker::new(service.clone(), options.jobs).run(stop.clone())));
    tokio::spawn(service.clone().watch_others(stop.clone()));
    let notifier = tokio::spawn(notifier.run(service.events(), stop.clone()));
    tokio::spawn(async move {
        asked_to_stop().await;
        let _ = stopper.send(true);
    });
    listen::serve(listeners, app::router(service, Options { demo_logins: logins }), stop).await;
    if let Some(worker) = worker {
        let _ = worker.await;
    }
    let _ = notifier.await;
    Ok(())
}

/// What the use cases are told.
pub(crate) fn configured(options: &ServeOptions) -> Config {
    Config {
        public_url: options.public_url.clone(),
        max_upload: options.max_upload,
        keep_free: options.keep_free,
        allow_private_callbacks: options.allow_private_callbacks,
        captures: CaptureOptions {
            browser: options.chromium.clone(),
            private: options.private_captures.clone(),
            ..CaptureOptions::default()
        },
        open_sign_up: options.open_sign_up,
        sample: options.sample_proofs.then(demo::sample).flatten(),
    }
}

/// Returns when a person or the system asks for the end.
pub(crate) async fn asked_to_stop() {
    let (Ok(mut terminate), Ok(mut interrupt)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("stopping");
}

fn welcome(options: &ServeOptions, service: &Service, logins: &[galley_rest::DemoLogin]) {
    let show = |address: SocketAddr, scheme: &str| terminal::line(&format!("  {scheme}://{address}"));
    terminal::line(&format!("{} is ready.", terminal::bold("Galley")));
    terminal::line("");
    if let Some(address) = options.https {
        show(address, "https");
    }
    if let Some(address) = options.http {
        show(address, "http");
        if !address.ip().is_loopback() {
            terminal::line(
                "  Plain HTTP on this address is not encrypted: put a proxy with TLS in front of it.",
            );
        }
    }
    terminal::line(&format!("  SOAP API: {}/soap?wsdl", options.public_url));
    if options.https.is_some() && options.tls.is_none() {
        terminal::line("  The certificate is self-made: browsers ask once whether to trust it.");
    }
    if !logins.is_empty() {
        terminal::line("");
        terminal::line(&format!("  Log in as (password {}):", terminal::bold(&logins[0].password)));
        for login in logins {
            terminal::line(&format!("  {:<20} {}", login.email, login.label));
        }
    } else if service.is_empty().unwrap_or(false) {
        terminal::line("");
        terminal::line("  There is no account yet. Stop the server and make one:");
        terminal::line(&format!(
            "  galley admin create-account --data {} --account NAME --email YOU@EXAMPLE.COM",
            options.data.display()
        ));
    }
    terminal::line("");
}
