//! Every developer verb of Galley, the same for people and for CI: `cargo xtask <verb>`.

mod bench;
mod corpus;
mod demo;
mod docs;
mod fuzz;
mod lint;
mod pixels;
mod repo;
mod setup;
mod shell;
mod test;
mod ui;
mod web;

use std::process::ExitCode;

/// What a verb answers: nothing, or one sentence on what went wrong (the details have been printed).
type Outcome = Result<(), String>;

const HELP: &str = "\
cargo xtask <verb>

  demo [--fresh] [--release] [-- OPTIONS]
                 install what is missing, build, and serve with demo data;
                 OPTIONS go to `galley serve`, --fresh starts over with new data
  test [--fast] [STEP…] [FILTER…]
                 everything: web app, Rust, end to end, lint; --fast leaves out the last two.
                 STEP is one of web, rust, e2e, lint; any other word filters tests by name
  lint           formatting, clippy, web checks
  bench [FIGURE…]
                 speed and size of a release build; FIGURE is one of start, pages, session, list, compare,
                 large, upload, render, media
  corpus [--mutated N] [--seed N] [--write]
                 every PDF of some documentation packages, every fixture and N mutated files (500) through a
                 running server; --write keeps the table in docs/corpus.md
  pixels [--write]
                 pages of a representative set beside those of Poppler; --write keeps the table in docs/pixels.md
  docs           write docs/api, its examples, the table of rights and the base WSDL anew
  fuzz [--minutes N] [TARGET…]
                 random requests; TARGET is one of envelope, values, multipart
  web            build the web app into web/dist
  setup [demo|test]
                 install what the verb needs and say what could not be installed
  help           this text
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (verb, rest) = match args.split_first() {
        Some((verb, rest)) => (verb.as_str(), rest),
        None => ("help", &[][..]),
    };
    let outcome = match verb {
        "demo" => demo::run(rest),
        "test" => test::run(rest),
        "bench" => bench::run(rest),
        "corpus" => corpus::run(rest),
        "docs" => docs::run(rest),
        "fuzz" => fuzz::run(rest),
        "lint" => lint::run(rest),
        "pixels" => pixels::run(rest),
        "web" => web::run(rest),
        "setup" => setup::run(rest),
        "help" | "-h" | "--help" => {
            eprint!("{HELP}");
            Ok(())
        }
        other => Err(format!("there is no verb `{other}`\n\n{HELP}")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            ui::failure(&message);
            ExitCode::FAILURE
        }
    }
}

/// For verbs without options.
fn no_arguments(verb: &str, args: &[String]) -> Outcome {
    match args.first() {
        None => Ok(()),
        Some(first) => Err(format!("`{verb}` takes no `{first}`")),
    }
}
