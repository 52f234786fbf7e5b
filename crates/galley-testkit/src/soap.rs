//! A SOAP client of a few lines, through the router.

use axum::body::Body;
use axum::http::{HeaderMap, Request};
use http_body_util::BodyExt;
use tower::ServiceExt;

use crate::House;

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// Bytes of the body.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8(self.bytes.clone()).expect("UTF-8")
    }
}

impl House {
    /// Sends a request to the router.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap_or_else(|never| match never {});
        let (head, body) = response.into_parts();
        let bytes = body.collect().await.expect("a body").to_bytes().to_vec();
        Answer { status: head.status.as_u16(), headers: head.headers, bytes }
    }

    /// Calls an operation of the base version with these parts, which are XML already where they need
    /// to be.
    pub async fn call(&self, operation: &str, parts: &[(&str, &str)]) -> Answer {
        self.post("/soap.php", operation, parts).await
    }

    /// Calls an operation of a version, given as in its addresses: `16_24_0`.
    pub async fn call_at(&self, version: &str, operation: &str, parts: &[(&str, &str)]) -> Answer {
        self.post(&format!("/{version}/soap"), operation, parts).await
    }

    async fn post(&self, address: &str, operation: &str, parts: &[(&str, &str)]) -> Answer {
        let parts: String = parts.iter().map(|(name, value)| format!("<{name}>{value}</{name}>")).collect();
        let envelope = format!(
            "<SOAP-ENV:Envelope xmlns:SOAP-ENV=\"http://schemas.xmlsoap.org/soap/envelope/\" \
             xmlns:ns1=\"https://soap.proofhq.com/\"><SOAP-ENV:Body><ns1:{operation}>{parts}</ns1:{operation}>\
             </SOAP-ENV:Body></SOAP-ENV:Envelope>"
        );
        let request = Request::post(address).header("content-type", "text/xml; charset=utf-8");
        self.send(request.body(Body::from(envelope)).expect("a request")).await
    }

    /// Calls an operation in a session and takes the answer for a success.
    pub async fn ok(&self, session: &str, operation: &str, parts: &[(&str, &str)]) -> String {
        let answer = self.call(operation, &[&[("SessionID", session)], parts].concat()).await;
        succeeded(operation, &answer)
    }

    /// The same in a version.
    pub async fn ok_at(
        &self,
        version: &str,
        session: &str,
        operation: &str,
        parts: &[(&str, &str)],
    ) -> String {
        let answer = self.call_at(version, operation, &[&[("SessionID", session)], parts].concat()).await;
        succeeded(operation, &answer)
    }

    /// Calls an operation in a session and takes the answer for a fault: code and text.
    pub async fn refused(&self, session: &str, operation: &str, parts: &[(&str, &str)]) -> (String, String) {
        let answer = self.call(operation, &[&[("SessionID", session)], parts].concat()).await;
        failed(operation, &answer)
    }

    /// The same in a version.
    pub async fn refused_at(
        &self,
        version: &str,
        session: &str,
        operation: &str,
        parts: &[(&str, &str)],
    ) -> (String, String) {
        let answer = self.call_at(version, operation, &[&[("SessionID", session)], parts].concat()).await;
        failed(operation, &answer)
    }
}

fn succeeded(operation: &str, answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{operation}: {}", answer.text());
    answer.text()
}

fn failed(operation: &str, answer: &Answer) -> (String, String) {
    fault(answer).unwrap_or_else(|| panic!("{operation} is no fault: {}", answer.text()))
}

/// Texts of all elements with this name, in order; an element without content is empty text.
pub fn fields(xml: &str, name: &str) -> Vec<String> {
    let (open, close, empty) = (format!("<{name}>"), format!("</{name}>"), format!("<{name}/>"));
    let mut found = Vec::new();
    let mut rest = xml;
    loop {
        match (rest.find(&open), rest.find(&empty)) {
            (Some(at), none) if none.is_none_or(|other| at < other) => {
                let start = at + open.len();
                let end = start + rest[start..].find(&close).expect("is closed");
                found.push(rest[start..end].to_owned());
                rest = &rest[start..];
            }
            (_, Some(at)) => {
                found.push(String::new());
                rest = &rest[at + empty.len()..];
            }
            (_, None) => return found,
        }
    }
}

/// Text of the first element with this name.
pub fn field(xml: &str, name: &str) -> String {
    fields(xml, name).into_iter().next().unwrap_or_else(|| panic!("no {name} in {xml}"))
}

/// Code and text of a fault.
pub fn fault(answer: &Answer) -> Option<(String, String)> {
    let text = answer.text();
    (answer.status == 500).then(|| (field(&text, "faultcode"), field(&text, "faultstring")))
}
