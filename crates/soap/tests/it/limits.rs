//! Input made to hurt.

use std::fmt::Write;

use proptest::prelude::*;
use soap::{DecodeError, Fault, Limits};

use crate::sample::{AddProofTags, NEW, OLD, Refusal, TakeAll, decode, envelope};

fn tags(body: &str, limits: &Limits) -> Result<AddProofTags, Refusal> {
    decode(body.as_bytes(), NEW, limits)
}

fn bad_request<T>() -> Result<T, Refusal> {
    Err(Refusal::Fault(Fault::bad_request()))
}

#[test]
fn depth() {
    let nested = |levels: usize| {
        envelope(&format!(
            "<addProofTags><FileID/>{}{}</addProofTags>",
            "<a>".repeat(levels),
            "</a>".repeat(levels)
        ))
    };
    let limits = Limits::default();
    assert!(tags(&nested(61), &limits).is_ok());
    assert_eq!(tags(&nested(62), &limits), bad_request());
    assert_eq!(tags(&"<a>".repeat(1_000_000), &limits), bad_request());
}

#[test]
fn elements() {
    let wide = |count| {
        envelope(&format!("<addProofTags><TagID>{}</TagID></addProofTags>", "<i>1</i>".repeat(count)))
    };
    let limits = Limits { elements: 10, ..Limits::default() };
    assert!(tags(&wide(6), &limits).is_ok());
    assert_eq!(tags(&wide(7), &limits), bad_request());
    assert_eq!(tags(&wide(500_000), &Limits::default()), bad_request());
}

#[test]
fn attributes_namespaces_names_and_text() {
    let mut attributes = String::new();
    for at in 0..64 {
        let _ = write!(attributes, " a{at}=''");
    }
    let part = |tag: &str| envelope(&format!("<addProofTags><FileID>1</FileID>{tag}</addProofTags>"));
    let limits = Limits::default();
    assert!(tags(&part(&format!("<x{attributes}/>")), &limits).is_ok());
    assert_eq!(tags(&part(&format!("<x{attributes} more=''/>")), &limits), bad_request());

    let declaring = |levels: usize| {
        let open = format!("<x{}>", attributes.replace(" a", " xmlns:a").replace("=''", "='u'"));
        part(&format!("{}{}", open.repeat(levels), "</x>".repeat(levels)))
    };
    // The envelope declares some itself.
    let limits = Limits { namespaces: 64 * 3 + 3, ..limits };
    assert!(tags(&declaring(3), &limits).is_ok());
    assert_eq!(tags(&declaring(4), &limits), bad_request());

    let long = "n".repeat(257);
    assert_eq!(tags(&part(&format!("<{long}/>")), &limits), bad_request());
    assert_eq!(tags(&part(&format!("<x {long}=''/>")), &limits), bad_request());

    let small = Limits { text: 5, ..limits };
    assert!(tags(&part("<x>12345</x>"), &small).is_ok());
    assert_eq!(tags(&part("<x>123456</x>"), &small), bad_request());
    assert_eq!(tags(&part("<x>123&lt;<![CDATA[45]]></x>"), &small), bad_request());
}

#[test]
fn references_in_a_circle() {
    let circle = "<addProofTags><FileID href='#a'/></addProofTags><m id='a' href='#b'/><m id='b' href='#a'/>";
    let limits = Limits::default();
    assert_eq!(tags(&envelope(circle), &limits), Err(Refusal::Decode(DecodeError::TooLarge)));
    let own = "<takeAll><must>x</must><thing id='t'><people><item href='#t'/></people></thing></takeAll>";
    let found = decode::<TakeAll>(envelope(own).as_bytes(), NEW, &limits).expect("bounded by the types");
    assert_eq!(found.thing.map(|thing| thing.people.len()), Some(1));
}

#[test]
fn references_that_multiply() {
    // Each of a thousand things has a thousand people, by reference.
    let people = "<item href='#p'/>".repeat(1000);
    let bomb = format!(
        "<takeAll><must>x</must><any>{}</any></takeAll><m id='p'><name>n</name></m><m id='t'>{}</m>",
        "<item href='#t'/>".repeat(1000),
        "x".repeat(100_000),
    );
    let limits = Limits::default();
    let read = |body: &str| decode::<TakeAll>(envelope(body).as_bytes(), NEW, &limits).map(|_| ());
    assert_eq!(read(&bomb), Err(Refusal::Decode(DecodeError::TooLarge)), "text");

    let visits = Limits { visits: 1000, ..limits };
    let wide =
        format!("<takeAll><must>x</must><thing><people>{people}</people></thing></takeAll><m id='p'/>");
    assert!(decode::<TakeAll>(envelope(&wide).as_bytes(), NEW, &limits).is_ok());
    let found = decode::<TakeAll>(envelope(&wide).as_bytes(), NEW, &visits);
    assert_eq!(found, Err(Refusal::Decode(DecodeError::TooLarge)), "visits");
}

/// Pieces that requests are made of, so that random input gets past the first character.
const PIECES: &[&str] = &[
    "<",
    ">",
    "/",
    "<?xml version='1.0'?>",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "&amp;",
    "&#65;",
    "&",
    ";",
    "'",
    "\"",
    "=",
    " ",
    "<!DOCTYPE a>",
    "xmlns",
    ":",
    "e",
    "Envelope",
    "Body",
    "Header",
    "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'>",
    "</e:Envelope>",
    "<e:Body>",
    "</e:Body>",
    "<takeAll>",
    "</takeAll>",
    "<must>",
    "</must>",
    "<thing>",
    "</thing>",
    "<people>",
    "</people>",
    " href='#a'",
    " id='a'",
    " i:nil='true'",
    "<item",
    "/>",
    "<number>",
    "</number>",
    "1",
    "é",
    "\r",
    "\0",
    "\u{FFFE}",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = decode::<TakeAll>(&bytes, OLD, &Limits::default());
    }

    #[test]
    fn random_pieces_never_panic(pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..60)) {
        let body = pieces.concat();
        let _ = decode_any(&body);
    }

    #[test]
    fn broken_requests_never_panic(at in 0usize..600, piece in proptest::sample::select(PIECES), cut in 0usize..5) {
        let whole = envelope("<takeAll><must>x</must><thing><people><item href='#a'/></people></thing></takeAll><m id='a'><name>n</name></m>");
        let (mut at, mut end) = (at.min(whole.len()), (at + cut).min(whole.len()));
        while !whole.is_char_boundary(at) { at -= 1; }
        while !whole.is_char_boundary(end) { end += 1; }
        let _ = decode_any(&format!("{}{piece}{}", &whole[..at], &whole[end..]));
    }
}

/// Like `decode`, for requests whose operation may have been mangled into another.
fn decode_any(body: &str) -> Option<TakeAll> {
    let limits = Limits::default();
    let request = soap::Request::parse(body, &limits).ok()?;
    let operation = crate::sample::registry().find(request.call().ok()?.name(), NEW)?;
    let call = soap::Call::bind(&request, operation, NEW).ok()?;
    if operation.name == "takeAll" { soap::Operation::decode(&call).ok() } else { None }
}
