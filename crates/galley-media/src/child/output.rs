//! How the child hands over: files in its output folder, lines on stdout.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::error::MediaError;
use crate::protocol::{Artifact, Event};

pub(super) struct Output {
    folder: PathBuf,
}

impl Output {
    pub(super) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// Tells the parent. An error means nobody listens any more.
    pub(super) fn tell(&mut self, event: &Event) -> Result<(), MediaError> {
        let mut line = serde_json::to_vec(event)
            .map_err(|e| MediaError::new(crate::MediaErrorKind::Io, format!("writing an event: {e}")))?;
        line.push(b'\n');
        let mut stdout = io::stdout().lock();
        stdout
            .write_all(&line)
            .and_then(|()| stdout.flush())
            .map_err(|e| MediaError::io("telling the parent", &e))
    }

    /// A file that is written piece by piece; [`Output::told`] ends it.
    pub(super) fn create(&self, file: Artifact) -> Result<std::fs::File, MediaError> {
        std::fs::File::create(self.folder.join(file.flat_name()))
            .map_err(|e| MediaError::io("writing a result", &e))
    }

    /// Tells the parent that a file is complete.
    pub(super) fn told(&mut self, file: Artifact) -> Result<(), MediaError> {
        self.tell(&Event::File { file })
    }

    /// Writes a file and tells the parent that it is complete.
    pub(super) fn put(&mut self, file: Artifact, bytes: &[u8]) -> Result<(), MediaError> {
        std::fs::write(self.folder.join(file.flat_name()), bytes)
            .map_err(|e| MediaError::io("writing a result", &e))?;
        self.tell(&Event::File { file })
    }
}
