//! Answers with embedded files: content type, caching, precompressed variants, security headers.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};

use crate::assets::{self, Asset};

const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' blob: data:; media-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; \
    form-action 'self'; frame-ancestors 'self'";
/// Names carry a hash of the content, so a changed file has another address.
const FOREVER: &str = "public, max-age=31536000, immutable";
const A_DAY: &str = "public, max-age=86400";
const REVALIDATE: &str = "no-cache";

/// A file below `/assets/`.
pub(crate) fn asset(path: &str, headers: &HeaderMap) -> Response {
    match assets::find(&format!("assets/{path}")) {
        Some(asset) => respond(asset, StatusCode::OK, FOREVER, headers),
        None => not_found(),
    }
}

/// A file beside the pages, with a name that does not change.
pub(crate) fn file(path: &str, headers: &HeaderMap) -> Response {
    match assets::find(path) {
        Some(asset) => respond(asset, StatusCode::OK, A_DAY, headers),
        None => not_found(),
    }
}

/// An HTML page of the app.
pub(crate) fn page(path: &str, status: StatusCode, headers: &HeaderMap) -> Response {
    match assets::find(path) {
        Some(asset) => respond(asset, status, REVALIDATE, headers),
        None => plain_page(StatusCode::SERVICE_UNAVAILABLE, NOT_BUILT),
    }
}

/// The viewer, which frames sites under review. For bundles it forbids itself all frames but theirs.
pub(crate) fn viewer(headers: &HeaderMap) -> Response {
    framing(headers, "frame-ancestors 'self'")
}

/// The same for any page to hold in a frame.
pub(crate) fn embedded(headers: &HeaderMap) -> Response {
    framing(headers, "frame-ancestors *")
}

fn framing(headers: &HeaderMap, ancestors: &str) -> Response {
    let mut response = page("viewer.html", StatusCode::OK, headers);
    let policy = CONTENT_SECURITY_POLICY.replace("frame-ancestors 'self'", ancestors);
    let policy = format!("{policy}; frame-src 'self' https:");
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// The page for unknown paths. Plain HTML, so that it is there without the app, too.
pub(crate) fn not_found() -> Response {
    plain_page(StatusCode::NOT_FOUND, NOT_FOUND)
}

/// Proofs are nobody's search results.
pub(crate) fn robots() -> Response {
    let mut response = Response::new(Body::from("User-agent: *\nDisallow: /\n"));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(A_DAY));
    response
}

fn respond(asset: &Asset, status: StatusCode, cache: &'static str, request: &HeaderMap) -> Response {
    let (bytes, encoding) = choose(asset, request);
    let fresh = status == StatusCode::OK && none_match(asset.tag, request);
    let mut response = Response::new(if fresh { Body::empty() } else { Body::from(bytes) });
    *response.status_mut() = if fresh { StatusCode::NOT_MODIFIED } else { status };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(asset.path)));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(header::ETAG, HeaderValue::from_static(asset.tag));
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    secure(headers);
    response
}

fn plain_page(status: StatusCode, html: &'static str) -> Response {
    let mut response = Response::new(Body::from(html));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    secure(headers);
    response
}

fn secure(headers: &mut HeaderMap) {
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONTENT_SECURITY_POLICY));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
}

/// The smallest variant the client takes.
fn choose(asset: &Asset, request: &HeaderMap) -> (&'static [u8], Option<&'static str>) {
    for (variant, name) in [(asset.br, "br"), (asset.gz, "gzip")] {
        if let Some(bytes) = variant
            && accepts(request, name)
        {
            return (bytes, Some(name));
        }
    }
    (asset.bytes, None)
}

/// Whether `Accept-Encoding` names the coding (or `*`) without a weight of zero.
fn accepts(request: &HeaderMap, coding: &str) -> bool {
    let mut any = None;
    for value in request.get_all(header::ACCEPT_ENCODING) {
        for item in value.to_str().unwrap_or_default().split(',') {
            let mut parts = item.split(';').map(str::trim);
            let name = parts.next().unwrap_or_default();
            let refused = parts
                .filter_map(|part| part.strip_prefix("q="))
                .any(|weight| weight.parse::<f32>().is_ok_and(|weight| weight <= 0.0));
            if name.eq_ignore_ascii_case(coding) {
                return !refused;
            }
            if name == "*" {
                any = Some(!refused);
            }
        }
    }
    any.unwrap_or(false)
}

fn none_match(tag: &str, request: &HeaderMap) -> bool {
    request.get_all(header::IF_NONE_MATCH).iter().any(|value| {
        value
            .to_str()
            .unwrap_or_default()
            .split(',')
            .map(|item| item.trim().trim_start_matches("W/"))
            .any(|item| item == tag || item == "*")
    })
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "woff2" => "font/woff2",
        "json" | "map" => "application/json",
        "png" => "image/png",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

const NOT_FOUND: &str = include_str!("not_found.html");
const NOT_BUILT: &str = include_str!("not_built.html");

#[cfg(test)]
mod tests {
    use super::*;

    fn encodings(value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(value))])
    }

    #[test]
    fn accept_encoding_is_negotiated() {
        assert!(accepts(&encodings("gzip, deflate, br"), "br"));
        assert!(accepts(&encodings("GZIP;q=0.5"), "gzip"));
        assert!(accepts(&encodings("*"), "br"));
        assert!(!accepts(&encodings("br;q=0, *"), "br"));
        assert!(!accepts(&encodings("*;q=0"), "gzip"));
        assert!(!accepts(&encodings("brotli"), "br"));
        assert!(!accepts(&HeaderMap::new(), "br"));
    }

    #[test]
    fn a_known_tag_is_recognised_in_a_list() {
        let request =
            HeaderMap::from_iter([(header::IF_NONE_MATCH, HeaderValue::from_static("\"a\", W/\"b\""))]);
        assert!(none_match("\"a\"", &request));
        assert!(none_match("\"b\"", &request));
        assert!(!none_match("\"c\"", &request));
    }

    #[test]
    fn embedded_files_have_a_type_and_are_found() {
        for asset in assets::all() {
            assert_ne!(content_type(asset.path), "application/octet-stream", "{}", asset.path);
            assert!(assets::find(asset.path).is_some_and(|found| found.tag == asset.tag));
        }
    }
}
