//! `upload.php`: files on their way to the disk, without a session.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use galley_model::clean_file_name;
use galley_service::{Service, ServiceError, UploadSink};
use http_body_util::BodyExt;
use tokio::time::{Instant, timeout};

use super::{Edge, Options, plain};
use crate::multipart::{Event, Parser};
use crate::upload::{self, StoredFile, UploadError, UploadedFile};

/// After this time a sender has to have been faster than [`SLOWEST`] on average: uploads hold a thread.
const GRACE: Duration = Duration::from_secs(60);

/// Bytes a second.
const SLOWEST: u64 = 1024;

pub(super) async fn endpoint(State(edge): State<Edge>, request: Request) -> Response {
    let mut response = match *request.method() {
        Method::POST => receive(&edge, request).await,
        Method::OPTIONS => StatusCode::NO_CONTENT.into_response(),
        _ => plain(StatusCode::METHOD_NOT_ALLOWED, "Files are posted as multipart/form-data.\n"),
    };
    // Pages of other origins upload here; no cookie is looked at.
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("POST, OPTIONS"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("*"));
    response
}

async fn receive(edge: &Edge, request: Request) -> Response {
    let (inner, (head, body)) = (&edge.inner, request.into_parts());
    let Ok(Ok(_turn)) = timeout(inner.options.silence, inner.uploads.acquire()).await else {
        let mut response =
            plain(StatusCode::SERVICE_UNAVAILABLE, "Too many uploads at once. Try again later.\n");
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("30"));
        return response;
    };
    let mut files = Files::new(inner.backend.service.clone());
    files.receive(&head.headers, body, &inner.options).await;
    let answer = upload::write_answer(&files.finish().await);
    let mut response = Body::from(answer).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(upload::CONTENT_TYPE));
    response
}

/// The files of one request.
struct Files {
    service: Service,
    done: Vec<UploadedFile>,
    /// The file that is being received, with its name as sent.
    current: Option<(String, UploadSink)>,
    /// Bytes that were refused and read all the same, to get at what follows.
    refused: u64,
}

impl Files {
    fn new(service: Service) -> Files {
        Files { service, done: Vec::new(), current: None, refused: 0 }
    }

    async fn receive(&mut self, headers: &HeaderMap, mut body: Body, options: &Options) {
        let content_type =
            headers.get(header::CONTENT_TYPE).map(|value| String::from_utf8_lossy(value.as_bytes()));
        let Ok(mut parser) = Parser::new(&content_type.unwrap_or_default()) else {
            return;
        };
        let (started, mut received) = (Instant::now(), 0);
        let mut events = Vec::new();
        loop {
            let frame = match timeout(options.silence, body.frame()).await {
                Ok(None) => break,
                Ok(Some(Ok(frame))) => frame,
                // Cut off or silent: what is not complete is dropped.
                Ok(Some(Err(_))) | Err(_) => return,
            };
            let Ok(bytes) = frame.into_data() else { continue };
            received += bytes.len() as u64;
            let waited = started.elapsed();
            if waited > GRACE && received < waited.as_secs() * SLOWEST {
                return;
            }
            let malformed = parser.push(&bytes, &mut events).is_err();
            for event in events.drain(..) {
                self.take(event).await;
            }
            if malformed || parser.is_done() || self.refused > self.service.config().max_upload {
                return;
            }
        }
        // A last part without a last boundary is a part that was cut off.
        parser.finish(&mut events);
        for event in events {
            self.take(event).await;
        }
    }

    async fn take(&mut self, event: Event) {
        match event {
            Event::Part { filename } => {
                self.current = filename.map(|name| {
                    let sink = self.service.receive_upload(&name);
                    (name, sink)
                });
            }
            Event::Data(bytes) => self.write(bytes).await,
            Event::End => {
                if let Some((name, sink)) = self.current.take() {
                    self.done.push(outcome(&name, sink.finish().await));
                }
            }
        }
    }

    async fn write(&mut self, bytes: Bytes) {
        let Some((_, sink)) = &mut self.current else { return };
        let length = bytes.len() as u64;
        if !sink.write(bytes).await {
            // The reason comes with the end of the part.
            self.refused += length;
        }
    }

    /// What became of the files. A file without an end was cut off, unless it had failed before.
    async fn finish(mut self) -> Vec<UploadedFile> {
        if let Some((name, sink)) = self.current.take() {
            let error = if self.refused > 0 { sink.finish().await.err() } else { None };
            let error =
                error.unwrap_or(ServiceError::Upload("The upload ended before the file was complete."));
            let cut_off = !matches!(error, ServiceError::TooLarge(_) | ServiceError::StorageFull);
            let file = outcome(&name, Err(error));
            self.done.push(if cut_off {
                UploadedFile { outcome: Err(UploadError::Corrupted), ..file }
            } else {
                file
            });
        }
        if self.done.is_empty() {
            self.done.push(UploadedFile { filename: String::new(), outcome: Err(UploadError::NoData) });
        }
        self.done
    }
}

fn outcome(name: &str, result: Result<galley_model::File, ServiceError>) -> UploadedFile {
    let filename = if name.is_empty() { String::new() } else { clean_file_name(name) };
    match result {
        Ok(file) => UploadedFile {
            filename: file.name,
            outcome: Ok(StoredFile { filehash: file.token, md5: file.md5 }),
        },
        Err(error) => UploadedFile {
            filename,
            outcome: Err(match error {
                ServiceError::TooLarge(_) => UploadError::TooLarge,
                ServiceError::Upload(_) => UploadError::NoData,
                _ => UploadError::Storage,
            }),
        },
    }
}
