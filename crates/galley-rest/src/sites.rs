//! Bundles: an address for their files, and the files.
//!
//! A bundle is a program that somebody sent. It runs in a frame without an origin, so cookies, storage and the API are
//! out of its reach, and its policy lets it load nothing but its own files. Those are read by whoever has the key, from
//! any origin, because one that has none is another one each time.

use crate::Api;
use crate::auth::ByLink;
use crate::error::ApiError;
use crate::stream::{Inserted, slice, with_inserted};
use axum::Json;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use galley_service::{BundlePlace, ServiceError};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// What runs first in every page of a bundle, and where it is.
const BRIDGE: &str = include_str!("bridge.js");
const BRIDGE_PATH: &str = ".galley/bridge.js";

/// Where the files of a bundle are.
fn root(key: &str) -> String {
    format!("/api/v1/sites/{key}/")
}

pub(crate) async fn address(State(api): State<Api>, ByLink(link): ByLink) -> Result<Json<Value>, ApiError> {
    let key = api.run(move |service| service.bundle_key(&link)).await?;
    Ok(Json(json!({"url": root(&key)})))
}

pub(crate) async fn first(
    State(api): State<Api>,
    Path(key): Path<String>,
    method: Method,
    headers: HeaderMap,
) -> Response {
    serve(&api, &key, "", None, &method, &headers).await
}

pub(crate) async fn file(
    State(api): State<Api>,
    path: Result<Path<(String, String)>, PathRejection>,
    RawQuery(query): RawQuery,
    method: Method,
    headers: HeaderMap,
) -> Response {
    match path {
        Ok(Path((key, path))) => serve(&api, &key, &path, query.as_deref(), &method, &headers).await,
        Err(_) => nothing("", &headers, &api, NOT_THERE),
    }
}

/// Lets scripts of a bundle ask with headers of their own, as libraries do.
pub(crate) async fn preflight() -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("*"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, HEAD"));
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("3600"));
    response
}

const NOT_THERE: &str = "There is no such file in this bundle.";
const ENDED: &str = "This address has ended. Open the proof again.";
const UNREADABLE: &str = "This bundle cannot be read now. Try again later.";

async fn serve(
    api: &Api,
    key: &str,
    path: &str,
    query: Option<&str>,
    method: &Method,
    headers: &HeaderMap,
) -> Response {
    let place = match api.service.bundle_file(key, path).await {
        Ok(place) => place,
        Err(error) => {
            let text = match error {
                ServiceError::NotFound(_) | ServiceError::NoSession | ServiceError::Gone => ENDED,
                ServiceError::Archived => ENDED,
                _ => UNREADABLE,
            };
            let status = ApiError::from(error).status();
            let mut response = nothing(key, headers, api, text);
            // Whoever guesses keys learns nothing from how they fail.
            *response.status_mut() = if status.is_server_error() { status } else { StatusCode::NOT_FOUND };
            return response;
        }
    };
    let answer = match place {
        BundlePlace::Nothing if path == BRIDGE_PATH => Ok(Body::from(BRIDGE).into_response()),
        BundlePlace::Nothing => return nothing(key, headers, api, NOT_THERE),
        BundlePlace::Folder => return folder(key, path, query),
        BundlePlace::File(file) => {
            let (from, length) = (file.part.from, file.part.length);
            match file.part.head {
                Some(at) => {
                    let text = format!("<script src=\"{}{BRIDGE_PATH}\"></script>", root(key));
                    with_inserted(&file.path, (from, length), Inserted { at, text }, method).await
                }
                None => slice(&file.path, (from, length), method, headers).await,
            }
            .map(|mut response| {
                response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(file.mime));
                response
            })
        }
    };
    let mut response = match answer {
        Ok(response) => response,
        Err(error) => {
            let mut response = nothing(key, headers, api, UNREADABLE);
            *response.status_mut() = error.status();
            return response;
        }
    };
    if path == BRIDGE_PATH {
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/javascript"));
    }
    protect(&mut response, key, headers, api);
    response
}

/// To the address with the slash, so that what the page names is found below it.
fn folder(key: &str, path: &str, query: Option<&str>) -> Response {
    let mut to = root(key);
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte) {
            to.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(to, "%{byte:02X}");
        }
    }
    to.push('/');
    if let Some(query) = query {
        to.push('?');
        to.push_str(query);
    }
    let mut response = StatusCode::TEMPORARY_REDIRECT.into_response();
    if let Ok(to) = HeaderValue::from_str(&to) {
        response.headers_mut().insert(header::LOCATION, to);
    }
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}

/// A page with one sentence.
fn nothing(key: &str, headers: &HeaderMap, api: &Api, text: &str) -> Response {
    let page = format!(
        "<!doctype html><meta charset=utf-8><meta name=viewport content=\"width=device-width\"><title>Not found</title>\
         <body style=\"font:16px/1.5 system-ui,sans-serif;color:#33353b;display:grid;place-content:center;min-height:90vh;\
         margin:0 24px;text-align:center\"><p>{text}"
    );
    let mut response = (StatusCode::NOT_FOUND, page).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    protect(&mut response, key, headers, api);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// What every answer carries.
fn protect(response: &mut Response, key: &str, asked: &HeaderMap, api: &Api) {
    let headers = response.headers_mut();
    let mut put = |name, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    let host = asked.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    put(header::CONTENT_SECURITY_POLICY, &policy(&api.service.config().public_url, host, key));
    put(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    put(header::REFERRER_POLICY, "no-referrer");
    put(
        header::HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(), display-capture=(), payment=(), usb=(), serial=(), hid=(), \
         bluetooth=(), midi=(), clipboard-read=()",
    );
    // A link may end: soon enough, browsers ask again.
    put(header::CACHE_CONTROL, "private, max-age=600");
}

/// The policy of a bundle: it may run, and load its own files. They are named with host and path, because what `'self'`
/// means is the whole server.
fn policy(public_url: &str, host: &str, key: &str) -> String {
    let plain = |host: &&str| {
        !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:".contains(&b))
    };
    let public = public_url.split_once("://").map_or(public_url, |(_, rest)| rest);
    let public = public.split('/').next().unwrap_or_default();
    let mut own = String::new();
    for host in [public, host].iter().filter(|host| plain(host)) {
        // Without a scheme that of the page itself is meant.
        let source = format!(" {host}{}", root(key));
        if !own.contains(&source) {
            own.push_str(&source);
        }
    }
    format!(
        "sandbox allow-scripts allow-forms allow-modals; default-src{own} 'unsafe-inline' 'unsafe-eval' data: blob:; \
         connect-src{own} data: blob:; frame-src{own} data: blob:; form-action{own}; base-uri{own}; \
         object-src 'none'"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_names_the_files_of_one_bundle() {
        let policy = policy("https://proofs.example.com", "127.0.0.1:4242", "KEY");
        for part in [
            "sandbox allow-scripts allow-forms allow-modals;",
            "connect-src proofs.example.com/api/v1/sites/KEY/ 127.0.0.1:4242/api/v1/sites/KEY/ data: blob:;",
            "object-src 'none'",
        ] {
            assert!(policy.contains(part), "{policy}");
        }
        assert!(!policy.contains("allow-same-origin") && !policy.contains("allow-popups"), "{policy}");
    }

    #[test]
    fn a_host_adds_nothing_to_a_policy() {
        let policy = policy("http://a.example.com/", "b; script-src *", "KEY");
        assert!(!policy.contains("b;") && !policy.contains('*'), "{policy}");
    }
}
