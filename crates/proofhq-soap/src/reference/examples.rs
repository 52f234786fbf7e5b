//! Exchanges that a test has had with the server, one for each operation.

use soap::OperationDesc;

/// Written by a test: see `tests/it/scenario`.
const EXAMPLES: &str = include_str!("examples.txt");

/// Begins an example; what follows is the operation and its first version.
const HEAD: &str = "==== ";

/// Stands between request and answer.
const BETWEEN: &str = "----\n";

/// A request and what the server said to it.
#[derive(Debug, PartialEq)]
pub struct Example {
    /// The envelope that was sent.
    pub request: &'static str,
    /// The envelope that came back.
    pub answer: &'static str,
}

/// The example of an operation, if there is one.
pub fn of(operation: &OperationDesc) -> Option<Example> {
    let title = format!("{} {}\n", operation.name, operation.since.max(crate::BASE));
    let found = EXAMPLES.split(HEAD).find_map(|example| example.strip_prefix(title.as_str()))?;
    let (request, answer) = found.split_once(BETWEEN)?;
    Some(Example { request, answer })
}
