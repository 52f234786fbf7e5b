//! The web app of Galley, embedded into the binary: static files of `web/dist`, precompressed, with security headers.
//!
//! [`router`] serves the app and the viewer. The pages are also there as functions for callers that share a path
//! with another protocol (`GET /` belongs to the app, `GET /?wsdl` does not).

mod assets;
mod serve;

use axum::{
    Router,
    extract::Path,
    http::{HeaderMap, StatusCode},
    response::Response,
    routing::get,
};

/// Routes of the web app: its pages, the viewer at `/proof/{code}`, `/assets/*`, the favicon and `robots.txt`.
///
/// All routes are `GET` (and so `HEAD`) only, so other methods of the same paths can be merged in. There is no
/// fallback: give the whole server one with [`not_found`].
pub fn router<S>() -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    Router::new().route("/", get(async |headers: HeaderMap| app_page(&headers))).merge(router_without_root())
}

/// Like [`router`], but leaves `/` to the caller, who answers it with [`app_page`] when it is for people.
pub fn router_without_root<S>() -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    Router::new()
        .route("/login", get(async |headers: HeaderMap| app_page(&headers)))
        .route("/new", get(async |headers: HeaderMap| app_page(&headers)))
        .route("/password/{code}", get(async |headers: HeaderMap| app_page(&headers)))
        .route("/messages", get(async |headers: HeaderMap| app_page(&headers)))
        .route("/branding", get(async |headers: HeaderMap| app_page(&headers)))
        .route("/proofs/{id}", get(proof_page))
        .route("/proof/{code}", get(async |headers: HeaderMap| viewer_page(&headers)))
        .route("/assets/{*path}", get(asset))
        .route("/favicon.svg", get(async |headers: HeaderMap| serve::file("favicon.svg", &headers)))
        .route("/favicon.ico", get(async |headers: HeaderMap| serve::file("favicon.svg", &headers)))
        .route("/robots.txt", get(async || serve::robots()))
}

/// Whether the web app was built before this crate was compiled. Without it, every page says how to build it.
pub fn is_built() -> bool {
    assets::find("index.html").is_some() && assets::find("viewer.html").is_some()
}

/// The app's page, for any path the app routes itself.
pub fn app_page(headers: &HeaderMap) -> Response {
    serve::page("index.html", StatusCode::OK, headers)
}

/// The viewer's page, for links to proofs.
pub fn viewer_page(headers: &HeaderMap) -> Response {
    serve::viewer(headers)
}

/// The viewer's page for showing it inside other people's pages.
pub fn embedded_viewer_page(headers: &HeaderMap) -> Response {
    serve::embedded(headers)
}

/// Answer for a path nobody serves: status 404, with a page for people.
pub fn not_found() -> Response {
    serve::not_found()
}

async fn proof_page(Path(id): Path<String>, headers: HeaderMap) -> Response {
    if !id.is_empty() && id.len() <= 15 && id.bytes().all(|byte| byte.is_ascii_digit()) {
        app_page(&headers)
    } else {
        not_found()
    }
}

async fn asset(Path(path): Path<String>, headers: HeaderMap) -> Response {
    serve::asset(&path, &headers)
}
