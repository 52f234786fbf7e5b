//! Requests of real clients, value by value.

use std::collections::BTreeMap;
use std::path::Path;

use soap::Limits;

use crate::sample::{AddProofReviewers, AddProofTags, DoLogin, GetAllProofs, NEW, Person, decode};

const SESSION: &str = "a1b2c3d4e5f60718293a4b5c6d7e8f90";

/// Body of a captured HTTP request.
fn body(capture: &[u8]) -> Vec<u8> {
    let end = capture.windows(4).position(|four| four == b"\r\n\r\n").expect("no end of headers");
    let headers = String::from_utf8_lossy(&capture[..end]).to_ascii_lowercase();
    let mut rest = &capture[end + 4..];
    if !headers.contains("transfer-encoding: chunked") {
        return rest.to_vec();
    }
    let mut body = Vec::new();
    loop {
        let line = rest.windows(2).position(|two| two == b"\r\n").expect("no end of chunk size");
        let size = std::str::from_utf8(&rest[..line]).expect("chunk size");
        let size = usize::from_str_radix(size.trim(), 16).expect("chunk size");
        if size == 0 {
            return body;
        }
        body.extend_from_slice(&rest[line + 2..line + 2 + size]);
        rest = &rest[line + 2 + size + 2..];
    }
}

fn captures() -> BTreeMap<String, Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../interop/captures");
    let files =
        std::fs::read_dir(folder).expect("interop/captures").map(|entry| entry.expect("entry").path());
    let requests = files.filter(|path| path.extension().is_some_and(|extension| extension == "xml"));
    requests
        .map(|path| {
            let name = path.file_stem().expect("name").to_string_lossy().into_owned();
            (name, body(&std::fs::read(&path).expect("capture")))
        })
        .collect()
}

fn person(name: &str, email: &str) -> Person {
    let text = |text: &str| Some(text.to_owned());
    Person {
        name: text(name),
        email: text(email),
        role: text("reviewer"),
        notifications: text("none"),
        deadline: text(""),
        position: text(""),
        primary_decision_maker: text(""),
    }
}

/// What the clients were asked to search for. Some cannot send all of it, and they had different
/// page sizes.
fn search(client: &str) -> (&'static str, i64) {
    match client {
        "axis" | "axis-commons" => ("echo:Zoë & 東京 <x>", 5),
        "savon" | "pysimplesoap" => ("echo:😀", 50),
        "soap4r" => ("echo:😀", 5),
        "gsoap" => ("echo:Zoë & 東京 <x> \"q\" 😀", 50),
        "jaxws" | "mono" | "php" | "php-3part" => ("echo:Zoë & 東京 <x> \"q\" 😀", 5),
        "perl" => ("echo:Zoë & 東京 <x> \"q\"😀", 50),
        _ => ("echo:Zoë & 東京 <x> \"q\"😀", 5),
    }
}

#[test]
fn every_capture_is_read() {
    let captures = captures();
    assert_eq!(captures.len(), 65, "captures were added or lost");
    let limits = Limits::default();
    for (name, body) in captures {
        let client = name.split('_').next().expect("client");
        let session_id = Some(SESSION.to_owned());
        match name.split('_').nth(2).expect("operation") {
            "doLogin" => {
                let login = Some("lab@example.com".to_owned());
                let password = Some("pa$$ <word> & \"quotes\"".to_owned());
                assert_eq!(decode(&body, NEW, &limits), Ok(DoLogin { login, password }), "{name}");
            }
            "getAllProofs" => {
                let (query, items) = search(client);
                let expected = GetAllProofs {
                    session_id,
                    start_from: Some(0),
                    search_query: Some(query.to_owned()),
                    items_per_page: Some(items),
                };
                assert_eq!(decode(&body, NEW, &limits), Ok(expected), "{name}");
            }
            "addProofTags" => {
                let expected = AddProofTags { session_id, file_id: Some(10000), tag_id: Some(vec![1, 2]) };
                assert_eq!(decode(&body, NEW, &limits), Ok(expected), "{name}");
            }
            "addProofReviewers" => {
                let expected = AddProofReviewers {
                    session_id,
                    file_id: 10000,
                    recipients: vec![person("Zoë & 東京 <x>", "a@example.com"), person("B", "b@example.com")],
                    // This client knows one part less and passes it without its name.
                    suppress: (client != "php-3part").then_some(false),
                };
                assert_eq!(decode(&body, NEW, &limits), Ok(expected), "{name}");
            }
            other => panic!("{name}: no expectation for {other}"),
        }
    }
}
