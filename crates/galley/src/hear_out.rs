//! Hearing out whoever is answered before they have finished sending.
//!
//! An early answer to a large request - too large, no room, not allowed - ends with a closed connection
//! while the sender still writes, and most clients then report a broken connection in place of the answer.
//! So what a handler leaves unread is read in the background and thrown away, within bounds.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::header;
use axum::middleware::Next;
use axum::response::Response;
use http_body::{Frame, SizeHint};
use tokio::time::{Instant, timeout_at};

/// Bodies of up to this size are in the buffers of the sender's socket whole.
const SMALL: u64 = 16 << 10;

/// What is read and thrown away.
const BYTES: usize = 256 << 20;
const TIME: Duration = Duration::from_secs(30);

/// Reads what the handler of a request leaves of its body.
pub(crate) async fn hear_out(request: Request, next: Next) -> Response {
    if request.body().size_hint().upper().is_some_and(|size| size <= SMALL) {
        return next.run(request).await;
    }
    let waits = request.headers().contains_key(header::EXPECT);
    next.run(request.map(|body| Body::new(HearOut { body: Some(body), waits }))).await
}

struct HearOut {
    /// None once it has ended.
    body: Option<Body>,
    /// The sender waits for `100 Continue`, which they get with the first look at the body.
    waits: bool,
}

impl HttpBody for HearOut {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        self.waits = false;
        let Some(body) = &mut self.body else { return Poll::Ready(None) };
        let frame = std::task::ready!(Pin::new(body).poll_frame(context));
        if !matches!(frame, Some(Ok(_))) {
            self.body = None;
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map_or_else(|| SizeHint::with_exact(0), Body::size_hint)
    }
}

impl Drop for HearOut {
    fn drop(&mut self) {
        let Some(body) = self.body.take().filter(|body| !self.waits && !body.is_end_stream()) else { return };
        // Without a runtime the server is going down.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(discard(body));
        }
    }
}

async fn discard(mut body: Body) {
    let end = Instant::now() + TIME;
    let mut count = 0;
    let mut next = async || std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await;
    while let Ok(Some(Ok(frame))) = timeout_at(end, next()).await {
        count += frame.data_ref().map_or(0, Bytes::len);
        if count > BYTES {
            return;
        }
    }
}
