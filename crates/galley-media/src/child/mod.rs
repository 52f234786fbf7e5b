//! The child's half: limits first, then one request, then the file.

mod animation;
mod beyond;
mod bitmap;
mod color;
mod compare;
mod compound;
mod contents;
mod draw;
mod engine;
mod inspect;
mod jp2_file;
mod jpeg;
mod labels;
mod launch;
mod links;
mod logo;
mod output;
mod pdf;
mod pdf_text;
mod pixels;
mod places;
mod png_file;
mod preflight;
mod raster;
mod sandbox;
mod second;
mod site;
mod svg;
mod svg_text;
mod tasks;
mod text;
mod tiff_file;
mod tiff_palette;

use std::io::{self, Read};
use std::path::Path;
use std::process::ExitCode;

use crate::error::{MediaError, MediaErrorKind};
use crate::protocol::{ChildLimits, Event, LIMITS_VARIABLE, Request, Task, Wanted};
use engine::Supplies;
use output::Output;
use second::Seconded;
pub(crate) use site::MAX_UNPACKED;

/// Longest request that is read from stdin. Shapes of a comment with as many points as there can be fit.
const MAX_REQUEST: u64 = 8 << 20;

/// Entry of the child process: the hidden subcommand calls this and nothing else, before any thread is started.
///
/// It sets resource limits on itself (from the environment variable `GALLEY_MEDIA_LIMITS`; without it, tight
/// built-in ones), reads one JSON request from stdin, gives up the rights it does not need, writes what it
/// renders into the request's output folder and JSON lines to stdout. The exit code is a failure if the
/// request could not be read or the result could not be told; a file that cannot be rendered is told on stdout.
pub fn child_main() -> ExitCode {
    run(&serve)
}

/// The same with something else in place of the decoders, which gets the file's content: for tests of what a
/// decoder is kept from.
#[doc(hidden)]
pub fn child_main_with(decoder: fn(&[u8])) -> ExitCode {
    run(&|request, _, _| {
        decoder(&std::fs::read(&request.input).map_err(|e| MediaError::io("reading the file", &e))?);
        Ok(())
    })
}

type Serve<'s> = dyn Fn(&Request, Supplies, &mut Output) -> Result<(), MediaError> + 's;

fn run(serve: &Serve<'_>) -> ExitCode {
    let limits = std::env::var(LIMITS_VARIABLE).ok().and_then(|text| serde_json::from_str(&text).ok());
    let limits = limits.unwrap_or(ChildLimits {
        memory_bytes: 1 << 30,
        cpu_seconds: 30,
        output_bytes: 16 << 20,
        tool: false,
    });
    if let Err(error) = sandbox::limit_resources(&limits) {
        return complain(&format!("cannot set resource limits: {error}"));
    }

    let mut text = Vec::new();
    if let Err(error) = io::stdin().lock().take(MAX_REQUEST).read_to_end(&mut text) {
        return complain(&format!("cannot read the request: {error}"));
    }
    let request: Request = match serde_json::from_slice(&text) {
        Ok(request) => request,
        Err(error) => return complain(&format!("cannot understand the request: {error}")),
    };

    if let Task::Launch(launch) = &request.task {
        return launch::become_tool(&request, launch);
    }
    let supplies = Supplies::of(&request);
    let protection = sandbox::enter(&request);
    let mut output = Output::new(&request.out);
    let result =
        output.tell(&Event::Ready { protection }).and_then(|()| serve(&request, supplies, &mut output));
    let last = match result {
        Ok(()) => Event::Done,
        Err(error) => Event::Failed { error },
    };
    match output.tell(&last) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => complain(&error.to_string()),
    }
}

fn serve(request: &Request, supplies: Supplies, output: &mut Output) -> Result<(), MediaError> {
    if request.task == Task::Probe {
        return Ok(());
    }
    if let Task::Compare { page, newer, sheet } = &request.task {
        return compare::run(request, supplies, *page, newer, sheet, output);
    }
    if request.task == Task::Site {
        return site::run(&request.input, output);
    }
    let data = content(&request.input)?;
    if let Task::Logo { sizes } = &request.task {
        return logo::run(request, &data, sizes, output);
    }
    if request.task == Task::Preflight {
        return preflight::run(request, data, output);
    }
    if request.task == Task::Inspect {
        let flavor = inspect::flavor(request.kind, &data)?;
        return output.tell(&Event::Flavor { flavor });
    }
    engine::with_document(request, supplies, data, &mut |document| {
        let mut seconded = Seconded::new(document, request, false);
        let done = tasks::run(&request.task, &mut seconded, output);
        tell_wanted(&seconded.wanted, done, output)
    })
}

/// Tells which pictures are wanted. That a page could not be drawn without one is no failure.
fn tell_wanted(
    wanted: &[Wanted],
    done: Result<(), MediaError>,
    output: &mut Output,
) -> Result<(), MediaError> {
    for one in wanted {
        output.tell(&Event::Wanted { wanted: one.clone() })?;
    }
    if wanted.is_empty() { done } else { Ok(()) }
}

/// All bytes of an input.
fn content(input: &Path) -> Result<Vec<u8>, MediaError> {
    let data = std::fs::read(input).map_err(|e| match e.kind() {
        io::ErrorKind::OutOfMemory => MediaError::new(MediaErrorKind::OutOfMemory, "reading the file"),
        _ => MediaError::io("reading the file", &e),
    })?;
    if data.is_empty() { Err(MediaError::new(MediaErrorKind::Empty, "0 bytes")) } else { Ok(data) }
}

fn complain(what: &str) -> ExitCode {
    eprintln!("galley-media child: {what}");
    ExitCode::FAILURE
}
