//! A receiver of callbacks on a real socket.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use tokio::net::TcpListener;

/// A request that arrived.
#[derive(Clone, Debug)]
pub struct Posted {
    /// Path and query.
    pub path: String,
    /// Headers.
    pub headers: HeaderMap,
    /// The body as text.
    pub body: String,
}

/// Takes requests at an address of this machine and keeps them. It ends with the test.
#[derive(Clone)]
pub struct WebhookSink {
    /// Its address, without a slash at the end.
    pub url: String,
    state: Arc<Mutex<Sink>>,
}

#[derive(Default)]
struct Sink {
    posted: Vec<Posted>,
    answers: VecDeque<u16>,
}

impl WebhookSink {
    /// Opens a socket.
    pub async fn open() -> WebhookSink {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a socket");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let state: Arc<Mutex<Sink>> = Arc::default();
        let app = Router::new().fallback(take).with_state(state.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        WebhookSink { url, state }
    }

    /// Answers the next requests with these statuses; later ones with 200.
    pub fn answer(&self, statuses: &[u16]) {
        self.state.lock().expect("the sink").answers.extend(statuses);
    }

    /// What arrived since the last time, in order.
    pub fn take(&self) -> Vec<Posted> {
        std::mem::take(&mut self.state.lock().expect("the sink").posted)
    }
}

async fn take(State(state): State<Arc<Mutex<Sink>>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let bytes = body.collect().await.expect("a body").to_bytes().to_vec();
    let path = head.uri.path_and_query().map_or_else(String::new, ToString::to_string);
    let body = String::from_utf8(bytes).expect("UTF-8");
    let mut sink = state.lock().expect("the sink");
    sink.posted.push(Posted { path, headers: head.headers, body });
    let status = sink.answers.pop_front().unwrap_or(200);
    let status = StatusCode::from_u16(status).expect("a status");
    (status, [("location", "http://127.0.0.1:1/elsewhere")]).into_response()
}
