//! Originals as downloads: one file, or an archive of those that a combined proof is made of.

use crate::{Missing, Service, ServiceError};
use bytes::Bytes;
use galley_model::{Proof, clean_file_name};
use galley_store::Read;
use std::collections::HashSet;
use std::io::{self, Write};
use std::path::PathBuf;
use tokio::sync::mpsc;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

/// An original to download.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Original {
    /// One file as it was uploaded.
    File {
        /// Name to save it under.
        name: String,
        /// Where it lies.
        path: PathBuf,
    },
    /// Several, which go into one archive.
    Archive {
        /// Name to save it under.
        name: String,
        /// Name in the archive and place of each.
        entries: Vec<(String, PathBuf)>,
    },
}

impl Service {
    /// The original of a proof. Of files with the same name the last one is in the archive (`product.md`
    /// 3.1, "Combining rules"). A web page that was not captured has none.
    pub(crate) fn original_of(&self, tx: &Read<'_>, proof: &Proof) -> Result<Original, ServiceError> {
        let missing = ServiceError::NotFound(Missing::File);
        let parts = tx.parts(proof.file)?;
        if parts.is_empty() {
            // Of a site that is framed there is a picture, and that is not it.
            if proof.size == 0 || crate::interactive::site_of(tx, proof.file)?.is_some() {
                return Err(missing);
            }
            let path = self.inner.blobs.path(proof.file);
            let name = match tx.capture(proof.file)? {
                Some(page) => captured_name(&page.url),
                None => proof.source_name.clone(),
            };
            return Ok(Original::File { name, path });
        }
        let mut taken = HashSet::new();
        let mut entries: Vec<(String, PathBuf)> = Vec::new();
        for part in parts.into_iter().rev().filter(|part| part.file.size > 0) {
            let name = match tx.capture(part.file.id)? {
                Some(page) => captured_name(&page.url),
                None => clean_file_name(&part.name),
            };
            if taken.insert(name.to_lowercase()) {
                entries.push((name, self.inner.blobs.path(part.file.id)));
            }
        }
        entries.reverse();
        if entries.is_empty() {
            return Err(missing);
        }
        Ok(Original::Archive { name: clean_file_name(&format!("{}.zip", proof.name)), entries })
    }
}

/// What the file of a captured web page is called: after its address, which is no name of a file.
fn captured_name(url: &str) -> String {
    let address = url.split_once("://").map_or(url, |(_, rest)| rest);
    let plain = |c: char| if c.is_alphanumeric() || c == '.' { c } else { '-' };
    let name: String = address.chars().map(plain).take(100).collect();
    clean_file_name(&format!("{}.pdf", name.trim_matches(['-', '.'])))
}

/// Pieces that may wait for a slow reader.
const QUEUE: usize = 4;

/// Bytes of a piece.
const PIECE: usize = 64 << 10;

/// Packs files into a ZIP archive, piece by piece: memory does not grow with the files. The last piece is an
/// error when one cannot be read.
pub fn archive(entries: Vec<(String, PathBuf)>) -> mpsc::Receiver<io::Result<Bytes>> {
    let (sender, pieces) = mpsc::channel(QUEUE);
    tokio::task::spawn_blocking(move || {
        if let Err(error) = pack(&entries, Pipe { sender: sender.clone(), piece: Vec::new() }) {
            // Nobody reads on: nothing to tell.
            let _ = sender.blocking_send(Err(error));
        }
    });
    pieces
}

fn pack(entries: &[(String, PathBuf)], pipe: Pipe) -> io::Result<()> {
    let mut zip = ZipWriter::new_stream(pipe);
    for (name, path) in entries {
        // The lowest level: originals are compressed already. Deflated, an entry says where it ends, which
        // programs that unpack while they read depend on.
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(1))
            .large_file(true);
        zip.start_file(name.as_str(), options)?;
        io::copy(&mut std::fs::File::open(path)?, &mut zip)?;
    }
    zip.finish()?.into_inner().flush()
}

/// A writer whose bytes come out as pieces.
struct Pipe {
    sender: mpsc::Sender<io::Result<Bytes>>,
    piece: Vec<u8>,
}

impl Pipe {
    fn send(&mut self) -> io::Result<()> {
        let piece = std::mem::take(&mut self.piece);
        let sent = self.sender.blocking_send(Ok(piece.into()));
        sent.map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))
    }
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = bytes.len().min(PIECE - self.piece.len());
        self.piece.extend_from_slice(&bytes[..count]);
        if self.piece.len() == PIECE {
            self.send()?;
        }
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.piece.is_empty() { Ok(()) } else { self.send() }
    }
}
