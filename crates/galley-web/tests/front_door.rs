//! The router as a browser sees it; holds with and without a built web app.

use axum::{
    Router,
    body::Body,
    http::{Request, Response, StatusCode, header},
};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

async fn get(path: &str, headers: &[(&str, &str)]) -> Response<Body> {
    let app: Router = galley_web::router().fallback(async || galley_web::not_found());
    let mut request = Request::get(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    app.oneshot(request.body(Body::empty()).expect("request")).await.expect("infallible")
}

async fn text(response: Response<Body>) -> String {
    let bytes = response.into_body().collect().await.expect("body").to_bytes();
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

#[tokio::test]
async fn pages_are_html_with_security_headers() {
    for path in ["/", "/login", "/new", "/proofs/12", "/proof/abc", "/nowhere"] {
        let response = get(path, &[]).await;
        let headers = response.headers();
        assert_eq!(headers[header::CONTENT_TYPE], "text/html; charset=utf-8", "{path}");
        assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff", "{path}");
        assert_eq!(headers[header::REFERRER_POLICY], "same-origin", "{path}");
        let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().expect("ASCII");
        assert!(policy.contains("frame-ancestors 'self'"), "{path}");
        assert_eq!(
            policy.contains("frame-src 'self' https:"),
            path.starts_with("/proof/"),
            "{path}: {policy}"
        );
        assert!(!policy.contains("script-src"), "scripts fall back to default-src 'self'");
    }
}

#[tokio::test]
async fn the_app_is_served_or_its_absence_explained() {
    let response = get("/", &[]).await;
    if galley_web::is_built() {
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-cache");
        assert!(text(response).await.contains("<div id=\"app\">"));
    } else {
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(text(response).await.contains("cargo xtask demo"));
    }
}

#[tokio::test]
async fn unknown_paths_are_not_found() {
    for path in
        ["/nowhere", "/proofs/abc", "/proofs/1234567890123456", "/assets/none.js", "/assets/../Cargo.toml"]
    {
        assert_eq!(get(path, &[]).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn robots_are_kept_out() {
    let response = get("/robots.txt", &[]).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert!(text(response).await.contains("Disallow: /"));
}

#[tokio::test]
async fn scripts_are_cached_compressed_and_revalidated() {
    if !galley_web::is_built() {
        return;
    }
    let page = text(get("/", &[]).await).await;
    let start = page.find("/assets/").expect("a script");
    let path = &page[start..start + page[start..].find('"').expect("end of attribute")];

    let plain = get(path, &[]).await;
    assert_eq!(plain.status(), StatusCode::OK);
    assert!(plain.headers().get(header::CONTENT_ENCODING).is_none());
    let cache = plain.headers()[header::CACHE_CONTROL].to_str().expect("ASCII");
    assert!(cache.contains("immutable"));
    let tag = plain.headers()[header::ETAG].to_str().expect("ASCII").to_owned();
    let size = text(plain).await.len();

    let small = get(path, &[("accept-encoding", "gzip, br")]).await;
    assert_eq!(small.headers()[header::CONTENT_ENCODING], "br");
    let compressed = small.into_body().collect().await.expect("body").to_bytes().len();
    assert!(compressed < size);

    let again = get(path, &[("if-none-match", &tag)]).await;
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
}
