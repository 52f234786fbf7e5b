//! Reading what a person who prints wants to know.

mod document;
mod picture;
mod spaces;
mod walk;

use super::output::Output;
use crate::error::{MediaError, MediaErrorKind};
use crate::kind::FileKind;
use crate::preflight::Facts;
use crate::protocol::{Artifact, Request};

/// Reads the facts of a file and hands them over. What cannot be read is left out.
pub(super) fn run(request: &Request, data: Vec<u8>, output: &mut Output) -> Result<(), MediaError> {
    let facts = match request.kind {
        FileKind::Pdf => Facts::Pdf(document::facts(request, data)?),
        kind => picture::facts(kind, &data).map_or(Facts::Other, Facts::Picture),
    };
    let told = serde_json::to_vec(&facts)
        .map_err(|e| MediaError::new(MediaErrorKind::Io, format!("writing facts: {e}")))?;
    output.put(Artifact::Preflight, &told)
}
