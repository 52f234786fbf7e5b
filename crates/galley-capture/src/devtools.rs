//! The DevTools protocol over a pair of pipes: JSON messages that end in a zero byte.

use crate::error::{CaptureError, CaptureErrorKind};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{ChildStdin, ChildStdout};
use tokio::time::{Instant, timeout_at};

/// Longest message: a picture of one slice of a page.
const MAX_MESSAGE: usize = 128 << 20;

/// Events kept for one page; what is beyond belongs to a page that does nothing but load.
const MAX_EVENTS: usize = 100_000;

/// A conversation with one browser. Commands are sent one after the other; what happens in the meantime is kept.
pub(crate) struct DevTools {
    to: ChildStdin,
    from: ChildStdout,
    buffer: Vec<u8>,
    searched: usize,
    next: u64,
    /// The page that commands go to, once there is one.
    pub(crate) session: Option<String>,
    events: Vec<Value>,
    /// The last command, for the log when it takes too long.
    pub(crate) doing: String,
}

impl DevTools {
    pub(crate) fn new(to: ChildStdin, from: ChildStdout) -> DevTools {
        DevTools {
            to,
            from,
            buffer: Vec::new(),
            searched: 0,
            next: 0,
            session: None,
            events: Vec::new(),
            doing: String::new(),
        }
    }

    async fn send(&mut self, method: &str, params: Value) -> Result<u64, CaptureError> {
        self.next += 1;
        method.clone_into(&mut self.doing);
        let mut message = json!({"id": self.next, "method": method, "params": params});
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        let mut text = message.to_string().into_bytes();
        text.push(0);
        self.to.write_all(&text).await.map_err(CaptureError::crashed)?;
        Ok(self.next)
    }

    /// Sends a command and gives its result.
    pub(crate) async fn call(&mut self, method: &str, params: Value) -> Result<Value, CaptureError> {
        let id = self.send(method, params).await?;
        loop {
            let mut message = self.read().await?;
            if message["id"] == json!(id) {
                if let Some(error) = message.get("error") {
                    return Err(CaptureError::crashed(format!("{method}: {error}")));
                }
                return Ok(message["result"].take());
            }
            self.keep(message).await?;
        }
    }

    /// Listens for so long and gives what happened since the last time.
    pub(crate) async fn events(&mut self, wait: Duration) -> Result<Vec<Value>, CaptureError> {
        let until = Instant::now() + wait;
        while let Ok(message) = timeout_at(until, self.read()).await {
            self.keep(message?).await?;
        }
        Ok(std::mem::take(&mut self.events))
    }

    /// Asks the browser to end, and waits until it hangs up.
    pub(crate) async fn goodbye(&mut self, wait: Duration) {
        self.session = None;
        let until = Instant::now() + wait;
        if self.send("Browser.close", json!({})).await.is_ok() {
            while let Ok(Ok(_)) = timeout_at(until, self.read()).await {}
        }
    }

    async fn keep(&mut self, message: Value) -> Result<(), CaptureError> {
        match message["method"].as_str() {
            // A page that asks something waits, and everything with it.
            Some("Page.javascriptDialogOpening") => {
                self.send("Page.handleJavaScriptDialog", json!({"accept": false})).await?;
            }
            Some("Inspector.targetCrashed") => return Err(CaptureError::crashed("the page's process ended")),
            Some(_) if self.events.len() < MAX_EVENTS => self.events.push(message),
            _ => {}
        }
        Ok(())
    }

    /// The next message. Nothing is lost when the caller stops waiting.
    async fn read(&mut self) -> Result<Value, CaptureError> {
        loop {
            if let Some(end) = self.buffer[self.searched..].iter().position(|byte| *byte == 0) {
                let end = self.searched + end;
                let message = serde_json::from_slice(&self.buffer[..end]).map_err(CaptureError::crashed);
                self.buffer.drain(..=end);
                self.searched = 0;
                return message;
            }
            self.searched = self.buffer.len();
            if self.buffer.len() > MAX_MESSAGE {
                return Err(CaptureError::new(CaptureErrorKind::TooLarge, "a message without end"));
            }
            if self.from.read_buf(&mut self.buffer).await.map_err(CaptureError::crashed)? == 0 {
                return Err(CaptureError::crashed("the browser hung up"));
            }
        }
    }
}
