//! Interactive proofs through the JSON API: what is served of a bundle, to whom, and with what policy.
#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot be set up has failed")]

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use galley_model::{Processing, Profile, Proof, ProofId};
use galley_service::{ProofInput, ReviewerInput, Source, SourceFile, SourcePart};
use galley_testkit::{House, RED_PNG, RIVAL, email};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use std::io::Write as _;
use tower::ServiceExt;

const NORA: &str = "nora@example.com";

struct World {
    house: House,
    router: Router,
}

fn zip(files: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in files {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).expect("a file");
        zip.write_all(content.as_bytes()).expect("room");
    }
    zip.finish().expect("an archive").into_inner()
}

fn banner() -> Vec<u8> {
    zip(&[
        ("banner/index.html", "<!doctype html><html><head><title>Banner</title></head><body>Hi"),
        ("banner/about/index.html", "About"),
        ("banner/js/main.js", "export const a = 1;"),
        ("banner/data.json", "{\"a\":1}"),
        ("banner/fonts/a.woff2", "font"),
        ("banner/film.mp4", "0123456789"),
    ])
}

impl World {
    fn new() -> World {
        let house = House::rendering();
        let router = galley_rest::router(house.service.clone(), galley_rest::Options::default());
        World { house, router }
    }

    async fn send(&self, request: Request<Body>) -> (StatusCode, HeaderMap, Bytes) {
        let response = self.router.clone().oneshot(request).await.unwrap_or_else(|never| match never {});
        let (head, body) = response.into_parts();
        (head.status, head.headers, body.collect().await.expect("a body").to_bytes())
    }

    async fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
    ) -> (StatusCode, HeaderMap, String) {
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, "127.0.0.1:4242");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (status, headers, body) = self.send(request.body(Body::empty()).expect("a request")).await;
        (status, headers, String::from_utf8_lossy(&body).into_owned())
    }

    async fn post(&self, path: &str, body: Value) -> (StatusCode, Value) {
        let request = Request::builder()
            .method("POST")
            .uri(path)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string()));
        let (status, _, bytes) = self.send(request.expect("a request")).await;
        (status, serde_json::from_slice(&bytes).unwrap_or_default())
    }

    async fn made_of(&self, source: Source, token: String) -> Proof {
        let nora = ReviewerInput { email: NORA.to_owned(), ..ReviewerInput::default() };
        let input = ProofInput { file_token: token, source, reviewers: vec![nora], ..ProofInput::default() };
        let manager = self.house.caller(&email(Profile::Manager));
        let proof = self.house.service.create_proof(&manager, &input).expect("a proof");
        self.house.processed(proof.id).await
    }

    async fn banner(&self) -> Proof {
        let proof = self.made_of(Source::Upload, self.house.file("banner.zip", &banner())).await;
        assert_eq!(proof.processing, Processing::Ready, "{:?}", proof.processing_error);
        proof
    }

    fn code(&self, proof: ProofId) -> String {
        self.house.link(proof, NORA).code
    }

    /// Where the files of a bundle are, below the API.
    async fn root(&self, code: &str) -> String {
        let (status, answer) = self.post(&format!("/links/{code}/site"), json!({})).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
        let url = answer["url"].as_str().expect("an address").strip_prefix("/api/v1").expect("of the API");
        assert!(!url.contains(code), "a bundle does not learn the link");
        url.to_owned()
    }
}

#[tokio::test]
async fn a_bundle_is_served_file_by_file() {
    let world = World::new();
    let proof = world.banner().await;
    assert_eq!(proof.pages, 1, "a picture stands for it");
    let code = world.code(proof.id);
    let (_, _, link) = world.ask("GET", &format!("/links/{code}"), &[]).await;
    let link: Value = serde_json::from_str(&link).expect("JSON");
    assert_eq!(link["interactive"], json!({"url": null}));
    let (status, headers, _) = world.ask("GET", &format!("/links/{code}/pages/1/thumbnail"), &[]).await;
    assert_eq!(status, StatusCode::OK);
    assert!(headers[header::CONTENT_TYPE].to_str().expect("ASCII").starts_with("image/"));

    let root = world.root(&code).await;
    assert_eq!(world.root(&code).await, root, "asked for again it is the same");
    let (status, headers, page) = world.ask("GET", &root, &[("cookie", "galley_session=x")]).await;
    assert_eq!(status, StatusCode::OK);
    let script =
        format!("<!doctype html><html><head><script src=\"/api/v1{root}.galley/bridge.js\"></script><title>");
    assert!(page.starts_with(&script) && page.ends_with("<body>Hi"), "{page}");
    assert_eq!(headers[header::CONTENT_LENGTH].to_str().expect("ASCII"), page.len().to_string());
    let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().expect("ASCII");
    assert!(
        policy.starts_with("sandbox allow-scripts ") && !policy.contains("allow-same-origin"),
        "{policy}"
    );
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("access-control-allow-origin", "*"),
        ("referrer-policy", "no-referrer"),
    ] {
        assert_eq!(headers[name], value);
    }
    assert!(!headers.contains_key(header::SET_COOKIE));
    assert!(!headers.contains_key("access-control-allow-credentials"));

    let table = [
        ("js/main.js", "text/javascript", "export const a = 1;"),
        ("data.json?x=1", "application/json", "{\"a\":1}"),
        ("fonts/a.woff2", "font/woff2", "font"),
    ];
    for (path, mime, content) in table {
        let (status, headers, body) = world.ask("GET", &format!("{root}{path}"), &[]).await;
        assert_eq!(
            (status, headers[header::CONTENT_TYPE].as_bytes(), body.as_str()),
            (StatusCode::OK, mime.as_bytes(), content)
        );
        assert!(headers.contains_key(header::CONTENT_SECURITY_POLICY), "{path}");
    }
    let (status, headers, part) =
        world.ask("GET", &format!("{root}film.mp4"), &[("range", "bytes=2-4")]).await;
    assert_eq!((status, part.as_str()), (StatusCode::PARTIAL_CONTENT, "234"));
    assert_eq!(headers[header::CONTENT_RANGE], "bytes 2-4/10");
    let (status, headers, body) = world.ask("HEAD", &root, &[]).await;
    assert_eq!((status, body.len()), (StatusCode::OK, 0));
    assert_eq!(headers[header::CONTENT_LENGTH].to_str().expect("ASCII"), page.len().to_string());
    let (status, headers, _) = world.ask("GET", &format!("{root}about?a=b"), &[]).await;
    assert_eq!(status, StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(headers[header::LOCATION].to_str().expect("ASCII"), format!("/api/v1{root}about/?a=b"));
    let (_, _, about) = world.ask("GET", &format!("{root}about/"), &[]).await;
    assert!(about.ends_with("</script>About"), "{about}");
    let (status, headers, _) = world.ask("OPTIONS", &format!("{root}data.json"), &[]).await;
    assert_eq!(
        (status, headers[header::ACCESS_CONTROL_ALLOW_ORIGIN].as_bytes()),
        (StatusCode::NO_CONTENT, b"*".as_slice())
    );

    for path in ["nothing.html", "banner/index.html", "../../session", "%2e%2e/%2e%2e/session", "js", "js/"] {
        let (status, headers, body) = world.ask("GET", &format!("{root}{path}"), &[]).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        assert!(
            headers.contains_key(header::CONTENT_SECURITY_POLICY) && body.contains("no such file"),
            "{path}: {body}"
        );
    }
}

#[tokio::test]
async fn an_address_dies_with_its_link() {
    let world = World::new();
    let proof = world.banner().await;
    let admin = world.house.caller(&email(Profile::BillingAdmin));
    let root = world.root(&world.code(proof.id)).await;
    let works = async || world.ask("GET", &root, &[]).await.0;
    assert_eq!(works().await, StatusCode::OK);

    // Another key, another account: nothing.
    assert_eq!(world.ask("GET", "/sites/nobody/", &[]).await.0, StatusCode::NOT_FOUND);
    let session = world.house.session(RIVAL);
    let bearer = format!("Bearer {session}");
    let (status, _, _) =
        world.ask("GET", &format!("/proofs/{}", proof.id.0), &[("authorization", bearer.as_str())]).await;
    assert_eq!(status, StatusCode::NOT_FOUND);

    // Whoever must log in does so before the address is made, and it is good for as long as they are.
    world.house.service.archive_proof(&admin, proof.id, false).expect("archived");
    assert_eq!(works().await, StatusCode::NOT_FOUND);
    let search = format!("/links/{}/search?q=banner", world.code(proof.id));
    assert_eq!(world.ask("GET", &search, &[]).await.0, StatusCode::CONFLICT, "and nothing is found in it");
    world.house.service.unarchive_proof(&admin, proof.id, false).expect("back");
    assert_eq!(works().await, StatusCode::OK);

    let people = world.house.service.reviewers(&admin, proof.id).expect("people");
    let nora = people.iter().find(|one| one.email == NORA).expect("is on it");
    world.house.service.remove_reviewer(&admin, nora.id).expect("removed");
    assert_eq!(works().await, StatusCode::NOT_FOUND);
    let (status, _) = world.post("/links/nobody/site", json!({})).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_address_ends_after_half_a_day() {
    let world = World::new();
    let proof = world.banner().await;
    let code = world.code(proof.id);
    let root = world.root(&code).await;
    world.house.clock.advance(11 * 3600);
    assert_eq!(world.ask("GET", &root, &[]).await.0, StatusCode::OK);
    world.house.clock.advance(2 * 3600);
    let (status, _, body) = world.ask("GET", &root, &[]).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(body.contains("Open the proof again."), "{body}");
    let next = world.root(&code).await;
    assert_ne!(next, root);
    assert_eq!(world.ask("GET", &next, &[]).await.0, StatusCode::OK);
}

#[tokio::test]
async fn comments_keep_their_screen() {
    let world = World::new();
    let proof = world.banner().await;
    let code = world.code(proof.id);
    let comments = format!("/links/{code}/comments");
    let screen = json!({"width": 390, "height": 844, "path": "about/?a=b#c", "left": 0, "top": 120});
    let pin = json!([{"kind": "pin", "page": 1, "points": [[0.5, 0.25]], "color": "#e5322d", "width": 3.0, "opacity": 1.0}]);
    let (status, made) =
        world.post(&comments, json!({"text": "Here", "screen": screen, "markups": pin})).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    assert_eq!((&made["screen"], &made["page"]), (&screen, &json!(1)));
    let (_, _, link) = world.ask("GET", &format!("/links/{code}"), &[]).await;
    let link: Value = serde_json::from_str(&link).expect("JSON");
    assert_eq!(link["comments"][0]["screen"], screen);

    for bad in [
        json!({"width": 390, "height": 844, "path": "//evil.example.com/"}),
        json!({"width": 390, "height": 844, "path": "../../session"}),
        json!({"width": 0, "height": 844}),
        json!({"width": 390, "height": 844, "device": "x"}),
    ] {
        let (status, answer) = world.post(&comments, json!({"text": "Here", "screen": bad})).await;
        assert!(status == StatusCode::BAD_REQUEST, "{status} {answer}");
    }
    let picture = world.house.proof(&email(Profile::Manager), &[]);
    let code = world.house.link(picture.id, &email(Profile::Manager)).code;
    let (status, answer) =
        world.post(&format!("/links/{code}/comments"), json!({"text": "Here", "screen": screen})).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "{answer}");
}

#[tokio::test]
async fn what_asks_for_pages_is_refused_in_words() {
    let world = World::new();
    let proof = world.banner().await;
    let code = world.code(proof.id);
    let manager = world.house.caller(&email(Profile::Manager));
    let input = ProofInput {
        parent: Some(proof.id),
        file_token: world.house.file("banner.zip", &banner()),
        copy_reviewers: true,
        ..ProofInput::default()
    };
    let next = world.house.service.create_proof(&manager, &input).expect("a version");
    world.house.processed(next.id).await;
    let other = world.code(next.id);
    let refused = [
        (format!("/links/{code}/compare/{other}/pages/1/1"), "Only versions that both have pages"),
        (format!("/links/{code}/compare/{other}/pages/1/1/mask"), "Only versions that both have pages"),
        (format!("/links/{code}/preflight"), "An interactive proof cannot be"),
    ];
    for (path, why) in refused {
        let (status, _, body) = world.ask("GET", &path, &[]).await;
        assert_eq!(status, StatusCode::CONFLICT, "{path}");
        assert!(body.contains(why), "{body}");
    }
    // Beside each other they may be looked at.
    let (status, _, body) = world.ask("GET", &format!("/links/{code}/compare/{other}"), &[]).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    let said: Value = serde_json::from_str(&body).expect("JSON");
    assert_eq!(
        (&said["older"]["medium"], &said["newer"]["medium"]),
        (&json!("interactive"), &json!("interactive"))
    );
    assert_eq!(said["pages"], json!([]));

    let one = |token: String| SourcePart::File(SourceFile { token, name: None });
    let parts = vec![one(world.house.file("red.png", RED_PNG)), one(world.house.file("b.zip", &banner()))];
    let combined = world.made_of(Source::Parts(parts), String::new()).await;
    assert_eq!(combined.processing, Processing::Failed);
    let reason = combined.processing_error.expect("a reason");
    assert!(reason.contains("Interactive pages cannot be combined"), "{reason}");
}

#[tokio::test]
async fn what_is_no_bundle_says_why() {
    let world = World::new();
    let table: [(&[(&str, &str)], &str); 3] = [
        (&[("a.txt", "x"), ("b.jpg", "y")], "neither a document nor a web page"),
        (&[("a.html", "x"), ("b.html", "y")], "several HTML files"),
        (&[("index.html", "x"), ("../evil.html", "y")], "names that lead out of it"),
    ];
    for (files, part) in table {
        let proof = world.made_of(Source::Upload, world.house.file("a.zip", &zip(files))).await;
        let reason = proof.processing_error.unwrap_or_default();
        assert!(proof.processing == Processing::Failed && reason.contains(part), "{reason}");
        let (status, _) = world.post(&format!("/links/{}/site", world.code(proof.id)), json!({})).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
    }
    let picture = world.made_of(Source::Upload, world.house.file("red.png", RED_PNG)).await;
    let (status, _) = world.post(&format!("/links/{}/site", world.code(picture.id)), json!({})).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}
