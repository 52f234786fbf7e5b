//! Uploads: bytes to disk as they come, so that memory does not grow with the file.

use crate::{Service, ServiceError, secrets};
use bytes::Bytes;
use galley_model::{File, clean_file_name};
use galley_store::{NewBlob, NewFile, StoreError};
use md5::{Digest, Md5};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// An upload on its way. Dropped unfinished, it leaves nothing behind.
pub struct Upload {
    service: Service,
    blob: NewBlob,
    token: String,
    name: String,
    size: u64,
    md5: Md5,
    /// Bytes written since the free space was looked at.
    unchecked: u64,
}

/// Look at the free space again after so many bytes.
const CHECK_EVERY: u64 = 32 << 20;

impl Service {
    /// Starts an upload. The name is cleaned; it may be anything.
    ///
    /// # Errors
    /// [`ServiceError::StorageFull`].
    pub fn begin_upload(&self, name: &str) -> Result<Upload, ServiceError> {
        self.check_space()?;
        // As the original's: hexadecimal digits, a point, more of them (`wire.md`, upload.php).
        let random = self.inner.random.as_ref();
        let token = format!("{}.{}", &secrets::hex(random, 7), &secrets::hex(random, 9)[..17]);
        Ok(Upload {
            service: self.clone(),
            blob: self.inner.blobs.begin(&token)?,
            token,
            name: clean_file_name(name),
            size: 0,
            md5: Md5::new(),
            unchecked: 0,
        })
    }

    pub(crate) fn check_space(&self) -> Result<(), ServiceError> {
        let stat = rustix::fs::statvfs(self.inner.blobs.root()).map_err(|e| StoreError::Io(e.into()))?;
        if stat.f_bavail.saturating_mul(stat.f_frsize) < self.inner.config.keep_free {
            tracing::error!(
                keep_free = self.inner.config.keep_free,
                "uploads refused: the disk is nearly full"
            );
            return Err(ServiceError::StorageFull);
        }
        Ok(())
    }
}

impl Upload {
    /// Appends bytes. Blocks.
    ///
    /// # Errors
    /// [`ServiceError::TooLarge`], [`ServiceError::StorageFull`].
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), ServiceError> {
        let len = bytes.len() as u64;
        self.size += len;
        self.unchecked += len;
        let limit = self.service.config().max_upload;
        if self.size > limit {
            return Err(ServiceError::TooLarge(limit));
        }
        if self.unchecked > CHECK_EVERY {
            self.service.check_space()?;
            self.unchecked = 0;
        }
        self.md5.update(bytes);
        Ok(self.blob.write(bytes)?)
    }

    /// Makes the upload durable and gives the file that proofs can be made of. Blocks.
    ///
    /// # Errors
    /// [`ServiceError::Upload`] for a file without a byte, [`ServiceError::StorageFull`].
    pub fn finish(self) -> Result<File, ServiceError> {
        if self.size == 0 {
            return Err(ServiceError::Upload("The file is empty."));
        }
        let Upload { service, mut blob, token, name, size, md5, .. } = self;
        blob.sync()?;
        let digest: String = md5.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        let now = service.now();
        let new = NewFile { token: &token, name: &name, size, md5: &digest };
        // The bytes get their name inside the transaction: a row without bytes is never seen. A crash
        // between the two leaves bytes without a row, whose number the next upload takes over.
        service.store().write(|tx| {
            let id = tx.add_file(&new, now)?;
            service.inner.blobs.keep(blob, id)?;
            Ok(tx.file(id)?.ok_or(StoreError::Corrupt("files"))?)
        })
    }
}

/// An upload fed from asynchronous code. Bytes wait in a short queue for a thread that writes them;
/// when that one is slower than the sender, the sender waits. Dropped unfinished, it leaves nothing behind.
pub struct UploadSink {
    queue: mpsc::Sender<Part>,
    writer: JoinHandle<Result<File, ServiceError>>,
}

enum Part {
    Bytes(Bytes),
    End,
}

/// Pieces that may wait. A piece is what the network gave, some 64 KiB at most.
const QUEUE: usize = 16;

impl Service {
    /// Starts an upload that is fed from asynchronous code.
    pub fn receive_upload(&self, name: &str) -> UploadSink {
        let (queue, mut parts) = mpsc::channel(QUEUE);
        let (service, name) = (self.clone(), name.to_owned());
        let writer = tokio::task::spawn_blocking(move || {
            let mut upload = service.begin_upload(&name)?;
            while let Some(part) = parts.blocking_recv() {
                match part {
                    Part::Bytes(bytes) => upload.write(&bytes)?,
                    Part::End => return upload.finish(),
                }
            }
            Err(ServiceError::Upload("The upload ended before the file was complete."))
        });
        UploadSink { queue, writer }
    }
}

impl UploadSink {
    /// Appends bytes. False when the upload has failed already; [`UploadSink::finish`] says why.
    pub async fn write(&mut self, bytes: Bytes) -> bool {
        self.queue.send(Part::Bytes(bytes)).await.is_ok()
    }

    /// Makes the upload durable and gives the file that proofs can be made of.
    ///
    /// # Errors
    /// As [`Upload::write`] and [`Upload::finish`].
    pub async fn finish(self) -> Result<File, ServiceError> {
        // When the writer is gone, its own error follows.
        let _ = self.queue.send(Part::End).await;
        drop(self.queue);
        self.writer.await.unwrap_or_else(|error| Err(ServiceError::internal(&error)))
    }
}
