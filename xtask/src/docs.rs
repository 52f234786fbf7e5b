//! `cargo xtask docs`: everything that tests write, written anew.

use crate::{Outcome, shell, ui};

/// Rights and examples come first: the pages are made of them.
const ROUNDS: [&[&str]; 2] = [&["rights::", "scenario::", "wsdl::"], &["docs::"]];

/// Writes the base WSDL, the table of rights, the examples and the reference in `docs/api`.
pub fn run(args: &[String]) -> Outcome {
    crate::no_arguments("docs", args)?;
    for tests in ROUNDS {
        let mut command =
            shell::cargo(&["test", "--package", "proofhq-soap", "--test", "it", "--quiet", "--"]);
        command.args(tests);
        for name in ["UPDATE_WSDL", "UPDATE_RIGHTS", "UPDATE_DOCS"] {
            command.env(name, "1");
        }
        shell::run(&mut command)?;
    }
    ui::warn("read what changed before you commit it: these files are what tests compare the server with");
    Ok(())
}
