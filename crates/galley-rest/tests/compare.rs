//! Comparing versions through the JSON API: who may, and what is said.
#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot be set up has failed")]

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{Request, StatusCode, header};
use galley_model::{Profile, ProofId};
use galley_service::ReviewerInput;
use galley_testkit::{House, email};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

const NORA: &str = "nora@example.com";
const OTTO: &str = "otto@example.com";

struct World {
    house: House,
    router: Router,
    session: String,
}

impl World {
    fn new() -> World {
        let house = House::rendering();
        let router = galley_rest::router(house.service.clone(), galley_rest::Options::default());
        let session = house.session(&email(Profile::BillingAdmin));
        World { house, router, session }
    }

    async fn send(&self, request: Request<Body>) -> (StatusCode, Bytes) {
        let response = self.router.clone().oneshot(request).await.unwrap_or_else(|never| match never {});
        let (head, body) = response.into_parts();
        (head.status, body.collect().await.expect("a body").to_bytes())
    }

    async fn get(&self, path: &str) -> (StatusCode, Value) {
        let request = Request::builder().uri(path).body(Body::empty()).expect("a request");
        let (status, bytes) = self.send(request).await;
        (status, serde_json::from_slice(&bytes).unwrap_or_default())
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        let request = Request::builder()
            .method("POST")
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {}", self.session))
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string()));
        let (status, bytes) = self.send(request.expect("a request")).await;
        assert!(status.is_success(), "{path}: {status} {bytes:?}");
        serde_json::from_slice(&bytes).unwrap_or_default()
    }

    /// The next version, a square of this grey.
    async fn version(&self, of: ProofId, gray: u8, people: &[&str]) -> ProofId {
        let token = self.house.file("next.png", &square(gray));
        let reviewers: Vec<Value> =
            people.iter().map(|email| json!({"email": email, "role": "reviewer"})).collect();
        let body = json!({"upload_id": token, "reviewers": reviewers});
        let made = self.post(&format!("/proofs/{}/versions", of.0), body).await;
        let id = ProofId(made["id"].as_i64().expect("an id"));
        self.house.processed(id).await;
        id
    }

    fn code(&self, proof: ProofId, who: &str) -> String {
        self.house.link(proof, who).code
    }
}

/// 8 × 6 pixels, as the first version.
fn square(gray: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 8, 6);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().expect("a picture");
    writer.write_image_data(&[gray; 48]).expect("a picture");
    writer.finish().expect("a picture");
    bytes
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_sees_two_versions_may_compare_them() {
    let world = World::new();
    let person = |email: &str| ReviewerInput { email: email.to_owned(), ..ReviewerInput::default() };
    let one = world.house.proof(&email(Profile::Manager), &[person(NORA), person(OTTO)]).id;
    world.house.processed(one).await;
    let two = world.version(one, 0, &[NORA]).await;
    let (first, second) = (world.code(one, NORA), world.code(two, NORA));

    for path in [format!("/links/{first}/compare/{second}"), format!("/links/{second}/compare/{first}")] {
        let (status, said) = world.get(&path).await;
        assert_eq!(status, StatusCode::OK, "{said}");
        assert_eq!((&said["older"]["version"], &said["newer"]["version"]), (&json!(1), &json!(2)));
        assert_eq!((&said["older"]["medium"], &said["newer"]["medium"]), (&json!("pages"), &json!("pages")));
        assert_eq!(said["settled"], true);
        assert_eq!(said["pages"], json!([{"older": 1, "newer": 1}]));
        let (status, found) = world.get(&format!("{path}/pages/1/1")).await;
        assert_eq!(status, StatusCode::OK, "{found}");
        assert_eq!(
            (&found["changed"], &found["resized"], &found["text"]),
            (&json!(1.0), &json!(false), &Value::Null)
        );
        let whole = json!({"x": 0.0, "y": 0.0, "w": 1.0, "h": 1.0});
        assert_eq!(found["regions"], json!([{"older": whole, "newer": whole}]));
        let mask = Request::builder().uri(format!("{path}/pages/1/1/mask")).body(Body::empty());
        let (status, bytes) = world.send(mask.expect("a request")).await;
        assert!(status == StatusCode::OK && bytes.starts_with(b"\x89PNG"));
        assert_eq!(world.get(&format!("{path}/pages/1/2")).await.0, StatusCode::NOT_FOUND);
        assert_eq!(world.get(&format!("{path}/pages/0/1")).await.0, StatusCode::NOT_FOUND);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_compares_what_they_do_not_see() {
    let world = World::new();
    let person = |email: &str| ReviewerInput { email: email.to_owned(), ..ReviewerInput::default() };
    let one = world.house.proof(&email(Profile::Manager), &[person(NORA), person(OTTO)]).id;
    let other = world.house.proof(&email(Profile::Manager), &[person(OTTO)]).id;
    world.house.processed(one).await;
    world.house.processed(other).await;
    let two = world.version(one, 0, &[NORA]).await;
    let (nora, otto, elsewhere) = (world.code(two, NORA), world.code(one, OTTO), world.code(other, OTTO));
    let status = async |path: String| world.get(&path).await.0;
    // Another proof, the same version, nothing.
    for code in [elsewhere.as_str(), otto.as_str(), "unknown"] {
        for tail in ["", "/pages/1/1", "/pages/1/1/mask"] {
            let path = format!("/links/{otto}/compare/{code}{tail}");
            assert_eq!(status(path.clone()).await, StatusCode::NOT_FOUND, "{path}");
        }
    }
    // A version that went into the trash is gone for both.
    let path = format!("/links/{otto}/compare/{nora}/pages/1/1");
    assert_eq!(status(path.clone()).await, StatusCode::OK);
    let admin = world.house.caller(&email(Profile::BillingAdmin));
    world.house.service.trash_proof(&admin, two, false).expect("goes into the trash");
    assert_eq!(status(path).await, StatusCode::GONE);
}
