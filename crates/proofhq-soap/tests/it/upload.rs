//! `upload.php` through the router.

use axum::body::Body;
use axum::http::{Method, Request};
use bytes::Bytes;
use galley_testkit::{Answer, House, MAX_UPLOAD, RED_PNG, field, fields};

fn part(name: &str, bytes: &[u8]) -> Vec<u8> {
    let head =
        format!("--B\r\nContent-Disposition: form-data; name=\"optionalFile\"; filename=\"{name}\"\r\n\r\n");
    [head.as_bytes(), bytes, b"\r\n"].concat()
}

async fn post(house: &House, address: &str, body: Body) -> Answer {
    let request = Request::post(address).header("content-type", "multipart/form-data; boundary=B");
    house.send(request.body(body).expect("a request")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn files_get_hashes_that_proofs_can_be_made_of() {
    let house = House::new();
    let big = vec![7; usize::try_from(MAX_UPLOAD).expect("small") + 1];
    let body = [
        part("C:\\docs\\a & b.png", RED_PNG),
        part("empty.pdf", b""),
        part("big.pdf", &big),
        b"--B\r\nContent-Disposition: form-data; name=\"field\"\r\n\r\nnot a file\r\n".to_vec(),
        part("last.png", RED_PNG),
        b"--B--\r\n".to_vec(),
    ]
    .concat();
    for address in ["/upload.php", "/soap/upload"] {
        let answer = post(&house, address, Body::from(body.clone())).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.headers["content-type"], "text/xml; charset=utf-8");
        assert_eq!(answer.headers["access-control-allow-origin"], "*");
        let text = answer.text();
        assert_eq!(fields(&text, "filename"), ["a &amp; b.png", "empty.pdf", "big.pdf", "last.png"]);
        assert_eq!(fields(&text, "errorcode"), ["", "4", "1", ""]);
        assert_eq!(fields(&text, "md5")[0].len(), 32);
        let session = house.session(galley_testkit::SECOND);
        let hash = field(&text, "filehash");
        let parts = [("OwnerID", "0"), ("Hash", hash.as_str()), ("Name", "One"), ("SourceName", "a.png")];
        house.ok(&session, "createProof", &parts).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn half_a_file_is_no_file() {
    let house = House::new();
    let cut = part("cut.png", RED_PNG);
    let answer = post(&house, "/upload.php", Body::from(cut[..cut.len() - 20].to_vec())).await;
    assert_eq!(fields(&answer.text(), "errorcode"), ["3"]);

    let pieces =
        [Ok(Bytes::from(part("one.png", RED_PNG))), Ok(Bytes::from(part("two.png", RED_PNG))), Err("gone")];
    let pieces = pieces.map(|piece| piece.map_err(std::io::Error::other));
    let body = Body::from_stream(futures_util::stream::iter(pieces));
    let answer = post(&house, "/upload.php", body).await;
    assert_eq!(fields(&answer.text(), "errorcode"), ["", "3"]);

    for (kind, body) in [("multipart/form-data; boundary=B", "--B--"), ("text/plain", "hello"), ("", "")] {
        let request = Request::post("/upload.php").header("content-type", kind);
        let answer = house.send(request.body(Body::from(body)).expect("a request")).await;
        assert_eq!(fields(&answer.text(), "errorcode"), ["4"], "{kind}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn browsers_ask_first() {
    let house = House::new();
    let request = Request::builder().method(Method::OPTIONS).uri("/upload.php");
    let answer = house.send(request.body(Body::empty()).expect("a request")).await;
    assert_eq!(
        (answer.status, answer.headers["access-control-allow-origin"].as_bytes()),
        (204, b"*".as_slice())
    );
}
