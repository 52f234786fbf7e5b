//! The file check through the JSON API: whoever sees a proof sees it, and it is kept with the file.
#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot be set up has failed")]

use axum::body::Body;
use axum::http::{Request, StatusCode};
use galley_model::Profile;
use galley_service::ReviewerInput;
use galley_testkit::{House, email};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

const NORA: &str = "nora@example.com";

async fn preflight(house: &House, code: &str) -> (StatusCode, Value) {
    let router = galley_rest::router(house.service.clone(), galley_rest::Options::default());
    let request = Request::builder().uri(format!("/links/{code}/preflight")).body(Body::empty());
    let response = router.oneshot(request.expect("a request")).await.unwrap_or_else(|never| match never {});
    let (head, body) = response.into_parts();
    let bytes = body.collect().await.expect("a body").to_bytes();
    (head.status, serde_json::from_slice(&bytes).expect("JSON"))
}

#[tokio::test(flavor = "multi_thread")]
async fn people_of_a_proof_see_what_there_is_to_know_of_its_file() {
    let house = House::rendering();
    let nora = ReviewerInput { email: NORA.to_owned(), ..ReviewerInput::default() };
    let proof = house.proof(&email(Profile::Manager), &[nora]);
    house.processed(proof.id).await;
    let code = house.link(proof.id, NORA).code;
    let (status, said) = preflight(&house, &code).await;
    assert_eq!((status, &said["state"]), (StatusCode::OK, &json!("ready")), "{said}");
    assert_eq!(said["files"][0]["name"], Value::Null);
    let texts = said["files"][0]["findings"].as_array().expect("findings").iter();
    let texts: Vec<&str> = texts.filter_map(|finding| finding["text"].as_str()).collect();
    assert!(texts.iter().any(|text| text.starts_with("8 × 6 pixels")), "{texts:?}");
    assert_eq!(said["warnings"], 0);
    // The same after a restart.
    let house = house.reopened();
    assert_eq!(preflight(&house, &code).await, (StatusCode::OK, said));
    assert_eq!(preflight(&house, "unknown").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_waits_is_waited_for() {
    let house = House::new();
    let nora = ReviewerInput { email: NORA.to_owned(), ..ReviewerInput::default() };
    let proof = house.proof(&email(Profile::Manager), &[nora]);
    let (status, said) = preflight(&house, &house.link(proof.id, NORA).code).await;
    assert_eq!((status, said), (StatusCode::OK, json!({"state": "waiting", "warnings": 0, "files": []})));
}
