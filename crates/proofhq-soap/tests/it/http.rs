//! What HTTP adds: addresses, the WSDL, sizes, compression.

use std::io::{Read, Write};

use axum::body::Body;
use axum::http::{Method, Request};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use galley_model::Profile;
use galley_testkit::{Answer, House, email, fault, field};

fn check(session: &str) -> String {
    format!(
        "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'><e:Body><checkSession>\
         <SessionID>{session}</SessionID></checkSession></e:Body></e:Envelope>"
    )
}

async fn get(house: &House, address: &str, headers: &[(&str, &str)]) -> Answer {
    let request =
        headers.iter().fold(Request::get(address), |request, (name, value)| request.header(*name, *value));
    house.send(request.body(Body::empty()).expect("a request")).await
}

fn unzip(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    GzDecoder::new(bytes).read_to_end(&mut plain).expect("gzip");
    plain
}

fn zip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_address_answers() {
    let house = House::new();
    let session = house.session(&email(Profile::Visitor));
    for address in ["/soap", "/soap/", "/soap.php", "/soap.php?x=1"] {
        let request = Request::post(address).header("content-type", "application/nonsense");
        let answer = house.send(request.body(Body::from(check(&session))).expect("a request")).await;
        assert_eq!((answer.status, field(&answer.text(), "result")), (200, "true".to_owned()), "{address}");
        assert_eq!(answer.headers["content-type"], "text/xml; charset=utf-8");

        let page = get(&house, address, &[]).await;
        assert!(page.status == 200 && page.text().contains("https://proofs.example.com/soap.php?wsdl"));
    }
    let request = Request::builder().method(Method::PUT).uri("/soap").body(Body::empty());
    assert_eq!(house.send(request.expect("a request")).await.status, 405);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_version_has_addresses_of_its_own() {
    let house = House::new();
    let session = house.session(&email(Profile::Manager));
    let proof = house.proof(&email(Profile::Manager), &[]).id;
    let details = format!(
        "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'><e:Body><getProofDetails>\
         <SessionID>{session}</SessionID><FileID>{proof}</FileID></getProofDetails></e:Body></e:Envelope>"
    );
    let read = async |address: &str| {
        let request = Request::post(address).body(Body::from(details.clone())).expect("a request");
        let answer = house.send(request).await;
        assert_eq!(answer.status, 200, "{address}: {}", answer.text());
        answer.text()
    };
    let newer = "<sourcename>red.png</sourcename>";
    for (address, has) in [
        ("/soap", false),
        ("/12_1_0/soap", false),
        ("/15_9_0/soap.php", false),
        ("/15_17_0/soap/", true),
        ("/17_0_0/soap", true),
    ] {
        assert_eq!(read(address).await.contains(newer), has, "{address}");
    }

    let wsdl = get(&house, "/16_24_0/soap.wsdl", &[]).await;
    assert!(wsdl.text().contains("location=\"https://proofs.example.com/16_24_0/soap.php\""));
    for address in ["/16_24_0/soap?wsdl", "/16_24_0/soap/?WSDL", "/16_30_0/soap.php?wsdl=1"] {
        assert_eq!(get(&house, address, &[]).await.bytes, wsdl.bytes, "{address}");
    }
    for address in ["/18_4_0/soap", "/11_9_0/soap.wsdl", "/latest/soap?wsdl"] {
        let answer = get(&house, address, &[]).await;
        assert_eq!((answer.status, answer.text().lines().count()), (404, 1), "{address}");
        assert!(answer.text().contains("/12_1_0/soap to /18_3_0/soap"), "{address}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_root_is_shared_with_the_web_application() {
    let house = House::new();
    let session = house.session(&email(Profile::Visitor));
    let post = Request::post("/").body(Body::from(check(&session))).expect("a request");
    assert_eq!(house.edge.root(post).await.expect("taken").status(), 200);
    let wsdl = Request::get("/?WSDL").body(Body::empty()).expect("a request");
    assert_eq!(
        house.edge.root(wsdl).await.expect("taken").headers()["content-type"],
        "text/xml; charset=utf-8"
    );
    let page = Request::get("/?wsdlx=1").body(Body::empty()).expect("a request");
    assert_eq!(house.edge.root(page).await.expect_err("given back").uri(), "/?wsdlx=1");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_wsdl_names_this_server_and_can_be_kept() {
    let house = House::new();
    let answer = get(&house, "/soap?WsDl", &[]).await;
    assert_eq!(answer.headers["content-type"], "text/xml; charset=utf-8");
    assert!(answer.text().contains("location=\"https://proofs.example.com/soap.php\""));
    let zipped = get(&house, "/soap.php?wsdl=1", &[("accept-encoding", "gzip")]).await;
    assert_eq!(zipped.headers["content-encoding"], "gzip");
    assert_eq!(unzip(&zipped.bytes), answer.bytes);
    let tag = answer.headers["etag"].to_str().expect("text");
    let again = get(&house, "/soap/?wsdl", &[("if-none-match", tag)]).await;
    assert_eq!((again.status, again.bytes.len()), (304, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn compressed_requests_and_answers() {
    let house = House::new();
    let session = house.session(&email(Profile::Visitor));
    let send = async |encoding: &str, body: Vec<u8>| {
        let request = Request::post("/soap").header("content-encoding", encoding);
        house.send(request.body(Body::from(body)).expect("a request")).await
    };
    assert_eq!(send("gzip", zip(check(&session).as_bytes())).await.status, 200);
    let bad_request = Some(("SOAP-ENV:Client".to_owned(), "Bad Request".to_owned()));
    assert_eq!(fault(&send("gzip", b"no gzip".to_vec()).await), bad_request);
    assert_eq!(fault(&send("br", check(&session).into_bytes()).await), bad_request);
    let bomb = zip(&vec![b' '; 64 << 20]);
    assert_eq!(fault(&send("gzip", bomb).await), bad_request, "64 MB of blanks");

    let users = check(&session).replace("checkSession", "getUsers");
    let ask = async |accepted: &str| {
        let request = Request::post("/soap").header("accept-encoding", accepted);
        house.send(request.body(Body::from(users.clone())).expect("a request")).await
    };
    let (plain, zipped) = (ask("identity").await, ask("gzip").await);
    assert!(plain.headers.get("content-encoding").is_none());
    assert_eq!(zipped.headers["content-encoding"], "gzip");
    assert_eq!(unzip(&zipped.bytes), plain.bytes);
}

#[tokio::test(flavor = "multi_thread")]
async fn huge_requests_are_faults() {
    let house = House::new();
    let bad_request = Some(("SOAP-ENV:Client".to_owned(), "Bad Request".to_owned()));
    let announced =
        Request::post("/soap").header("content-length", 100 << 20).header("expect", "100-continue");
    assert_eq!(fault(&house.send(announced.body(Body::empty()).expect("a request")).await), bad_request);

    let piece = bytes::Bytes::from(vec![b'x'; 1 << 20]);
    let pieces = futures_util::stream::iter((0..100).map(move |_| Ok::<_, std::io::Error>(piece.clone())));
    let chunked = Request::post("/soap").body(Body::from_stream(pieces)).expect("a request");
    assert_eq!(fault(&house.send(chunked).await), bad_request);
}

#[tokio::test(flavor = "multi_thread")]
async fn originals_by_personal_and_team_code() {
    let house = House::new();
    let owner = email(Profile::Manager);
    let proof = house.proof(&owner, &[]);
    for code in [proof.team_code.clone(), house.link(proof.id, &owner).code] {
        let answer = get(&house, &format!("/file/download?code={code}"), &[]).await;
        assert_eq!((answer.status, answer.bytes.as_slice()), (200, galley_testkit::RED_PNG));
        let name = answer.headers["content-disposition"].to_str().expect("text");
        assert!(name.starts_with("attachment; filename=\"red.png\""), "{name}");
    }
    for address in ["/file/download?code=nonsense", "/file/download"] {
        assert_eq!(get(&house, address, &[]).await.status, 404);
    }
}
