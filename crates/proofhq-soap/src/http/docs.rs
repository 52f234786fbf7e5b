//! The reference at `/docs/api`.

use std::collections::HashMap;
use std::sync::OnceLock;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};

use super::wsdl::Document;
use super::{Edge, plain};
use crate::reference::{html, pages};

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";

/// The pages run nothing, load nothing but their style sheet, and stand in no frame.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Pages by the last part of their address, written when one is first asked for.
#[derive(Default)]
pub(super) struct Shelf(OnceLock<HashMap<String, Document>>);

impl Shelf {
    fn document(&self, name: &str) -> Option<&Document> {
        let documents = self.0.get_or_init(|| {
            let pages = pages();
            let written =
                pages.iter().map(|page| (page.slug.clone(), Document::new(html::write(page, &pages), HTML)));
            let style = ("style.css".to_owned(), Document::new(html::STYLE.to_owned(), CSS));
            written.chain([style]).collect()
        });
        documents.get(name)
    }
}

pub(super) async fn first_page(State(edge): State<Edge>, request: HeaderMap) -> Response {
    answer(&edge, "", &request)
}

pub(super) async fn page(State(edge): State<Edge>, Path(name): Path<String>, request: HeaderMap) -> Response {
    answer(&edge, &name, &request)
}

/// `/docs`, and the first page with a slash that would break its links.
pub(super) async fn elsewhere() -> Redirect {
    Redirect::permanent("/docs/api")
}

fn answer(edge: &Edge, name: &str, request: &HeaderMap) -> Response {
    let Some(document) = edge.inner.shelf.document(name) else {
        return plain(StatusCode::NOT_FOUND, "There is no such page. The reference begins at /docs/api.\n");
    };
    let mut response = document.answer(request).into_response();
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-cache"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
