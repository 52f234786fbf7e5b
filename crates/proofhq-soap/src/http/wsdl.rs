//! The WSDLs and other documents that are written once.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::OnceLock;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;

use soap::ApiVersion;

use super::{body, gzip_headers, wsdl_text};
use crate::VERSIONS;

/// The WSDL of every version.
pub(super) struct Library {
    public_url: String,
    documents: Vec<OnceLock<Document>>,
}

impl Library {
    pub(super) fn new(public_url: String) -> Library {
        Library { public_url, documents: VERSIONS.iter().map(|_| OnceLock::new()).collect() }
    }

    /// The document of one of [`VERSIONS`].
    pub(super) fn document(&self, version: ApiVersion) -> &Document {
        let at = VERSIONS.iter().rposition(|known| *known <= version).unwrap_or(0);
        self.documents[at].get_or_init(|| Document::new(wsdl_text(&self.public_url, VERSIONS[at]), XML))
    }
}

const XML: &str = "text/xml; charset=utf-8";

/// A document as it is sent.
pub(super) struct Document {
    kind: &'static str,
    text: Bytes,
    zipped: Option<Bytes>,
    tag: HeaderValue,
}

impl Document {
    pub(super) fn new(text: String, kind: &'static str) -> Document {
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        // Weak: the compressed form is another sequence of bytes with the same meaning.
        let tag = HeaderValue::from_str(&format!("W/\"{:016x}\"", hasher.finish()));
        let zipped = body::deflate(text.as_bytes()).map(Bytes::from);
        Document {
            kind,
            text: text.into(),
            zipped,
            tag: tag.unwrap_or(HeaderValue::from_static("W/\"document\"")),
        }
    }

    pub(super) fn answer(&self, request: &HeaderMap) -> Response {
        let asked = request.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
        let tag = self.tag.to_str().unwrap_or_default();
        let known = asked
            .is_some_and(|list| list.split(',').any(|one| matches!(one.trim(), "*") || one.trim() == tag));
        let zipped = self.zipped.as_ref().filter(|_| body::accepts_gzip(request));
        let mut response = if known {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            Body::from(zipped.unwrap_or(&self.text).clone()).into_response()
        };
        let headers = response.headers_mut();
        headers.insert(header::ETAG, self.tag.clone());
        if !known {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.kind));
            if zipped.is_some() {
                gzip_headers(headers);
            }
        }
        response
    }
}
