//! Links and tables of contents through the JSON API, of one file and of several combined.
#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot be set up has failed")]

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use galley_model::{Profile, ProofId};
use galley_testkit::{House, email};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use std::fmt::Write;
use tower::ServiceExt;

const NORA: &str = "nora@example.com";

/// Two pages. The first has a link to the second and one to a website; the table of contents names the second.
fn guide() -> Vec<u8> {
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R /Outlines << /First 5 0 R >> >>",
        "<< /Type /Pages /Count 2 /Kids [3 0 R 4 0 R] >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 200] /Annots [\
         << /Subtype /Link /Rect [10 150 60 170] /Dest [4 0 R /Fit] >> \
         << /Subtype /Link /Rect [10 100 60 120] /A << /S /URI /URI (https://example.com/a) >> >>] >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 200] >>",
        "<< /Title (Second) /Dest [4 0 R /Fit] >>",
    ];
    let mut file = String::from("%PDF-1.7\n");
    let mut offsets = String::new();
    for (number, object) in (1..).zip(objects) {
        writeln!(offsets, "{:010} 00000 n ", file.len()).expect("a string");
        write!(file, "{number} 0 obj\n{object}\nendobj\n").expect("a string");
    }
    let (start, size) = (file.len(), objects.len() + 1);
    write!(
        file,
        "xref\n0 {size}\n0000000000 65535 f \n{offsets}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    )
    .expect("a string");
    file.into_bytes()
}

struct World {
    house: House,
    router: Router,
}

impl World {
    fn new(house: House) -> World {
        let router = galley_rest::router(house.service.clone(), galley_rest::Options::default());
        World { house, router }
    }

    async fn send(&self, request: Request<Body>) -> (StatusCode, Value) {
        let response = self.router.clone().oneshot(request).await.unwrap_or_else(|never| match never {});
        let (head, body) = response.into_parts();
        let bytes = body.collect().await.expect("a body").to_bytes();
        (head.status, serde_json::from_slice(&bytes).expect("JSON"))
    }

    async fn get(&self, path: &str) -> (StatusCode, Value) {
        self.send(Request::builder().uri(path).body(Body::empty()).expect("a request")).await
    }

    /// A proof of these files, and the code of Nora's link to it.
    async fn proof(&self, body: Value) -> (ProofId, String) {
        let session = self.house.session(&email(Profile::Manager));
        let request = Request::builder()
            .method("POST")
            .uri("/proofs")
            .header(header::AUTHORIZATION, format!("Bearer {session}"))
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string()));
        let (status, made) = self.send(request.expect("a request")).await;
        assert!(status.is_success(), "{status} {made}");
        let proof = ProofId(made["id"].as_i64().expect("an id"));
        let code = self.house.link(proof, NORA).code;
        (proof, code)
    }
}

fn nora() -> Value {
    json!([{"email": NORA, "role": "reviewer"}])
}

#[tokio::test(flavor = "multi_thread")]
async fn links_and_contents_lead_to_pages_of_the_proof() {
    let world = World::new(House::rendering());
    let token = world.house.file("guide.pdf", &guide());
    let (proof, code) = world.proof(json!({"upload_id": token, "reviewers": nora()})).await;
    world.house.processed(proof).await;

    let (status, contents) = world.get(&format!("/links/{code}/contents")).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(contents, json!({"ready": true, "entries": [{"title": "Second", "page": 2, "level": 0}]}));
    let (status, links) = world.get(&format!("/links/{code}/pages/1/links")).await;
    assert_eq!(status, StatusCode::OK);
    let to = |n: usize| (links["links"][n]["page"].clone(), links["links"][n]["url"].clone());
    assert_eq!([to(0), to(1)], [(json!(2), Value::Null), (Value::Null, json!("https://example.com/a"))]);
    let near =
        |key: &str, value: f64| (links["links"][0][key].as_f64().expect("a number") - value).abs() < 1e-6;
    assert!(near("x", 0.1) && near("y", 0.15) && near("w", 0.5) && near("h", 0.1), "{links}");

    let none = world.get(&format!("/links/{code}/pages/2/links")).await;
    assert_eq!(none, (StatusCode::OK, json!({"page": 2, "links": []})));
    for path in
        ["/links/unknown/contents", "/links/unknown/pages/1/links", &format!("/links/{code}/pages/3/links")]
    {
        assert_eq!(world.get(path).await.0, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn contents_wait_for_the_pages() {
    let world = World::new(House::new());
    let token = world.house.file("guide.pdf", &guide());
    let (_, code) = world.proof(json!({"upload_id": token, "reviewers": nora()})).await;
    let said = world.get(&format!("/links/{code}/contents")).await;
    assert_eq!(said, (StatusCode::OK, json!({"ready": false, "entries": []})));
}
