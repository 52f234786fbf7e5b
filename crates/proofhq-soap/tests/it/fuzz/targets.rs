//! What has to hold for every input. `fuzz/` runs these for hours, the tests run them over the kept
//! inputs and a few thousand changes of each. Each panics when something does not hold.

use proofhq_soap::multipart::{Event, Parser};
use proofhq_soap::{NAMESPACE, VERSIONS, read_request, registry};
use soap::{ApiVersion, Fault, Limits, Request, SoapVersion, write_answer};

/// Limits that small inputs reach.
const TIGHT: Limits = Limits {
    body: 4 << 10,
    depth: 6,
    elements: 60,
    attributes: 4,
    namespaces: 4,
    name: 40,
    text: 1 << 10,
    visits: 80,
    decoded_text: 2 << 10,
    hops: 2,
};

/// A target by its name.
pub fn named(name: &str) -> fn(&[u8]) {
    match name {
        "envelope" => envelope,
        "values" => values,
        "multipart" => multipart,
        other => panic!("there is no target {other}"),
    }
}

/// A body as it comes over the network.
pub fn envelope(data: &[u8]) {
    for limits in [Limits::default(), TIGHT] {
        for version in [VERSIONS.first(), VERSIONS.last()].into_iter().flatten() {
            if let Err(fault) = read_request(*version, data, &limits) {
                can_be_sent(&fault);
            }
        }
    }
}

/// The parts of a call: the first byte picks the operation, the second the version.
pub fn values(data: &[u8]) {
    let [operation, version, parts @ ..] = data else { return };
    let Ok(parts) = std::str::from_utf8(parts) else { return };
    let registry = registry();
    let version = VERSIONS[usize::from(*version) % VERSIONS.len()];
    let operations: Vec<_> = registry.operations(version).collect();
    let name = operations[usize::from(*operation) % operations.len()].name;
    let envelope = format!(
        "<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><e:Body><{name}>{parts}</{name}></e:Body></e:Envelope>"
    );
    for limits in [Limits::default(), TIGHT] {
        if let Err(fault) = read_request(version, envelope.as_bytes(), &limits) {
            can_be_sent(&fault);
        }
    }
    comes_back(parts, version);
}

/// A body of `multipart/form-data`: the first byte says how it arrives, the first line is its boundary.
pub fn multipart(data: &[u8]) {
    let Some((step, rest)) = data.split_first() else { return };
    let line = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
    let boundary = String::from_utf8_lossy(&rest[..line]);
    let body = rest.get(line + 1..).unwrap_or_default();
    let kind = format!("multipart/form-data; boundary={boundary}");
    let Some(whole) = parse(&kind, body.chunks(usize::MAX)) else { return };
    let pieces = parse(&kind, body.chunks(usize::from(*step).max(1))).expect("the same type");
    assert_eq!(whole, pieces, "it does not matter how a body arrives");
}

/// The events of a body with the data of a part in one, and how it ended.
fn parse<'b>(kind: &str, chunks: impl Iterator<Item = &'b [u8]>) -> Option<(Vec<Event>, Option<bool>)> {
    let mut parser = Parser::new(kind).ok()?;
    let (mut events, mut malformed) = (Vec::new(), false);
    for chunk in chunks {
        malformed = parser.push(chunk, &mut events).is_err();
        if malformed {
            break;
        }
    }
    let complete = (!malformed).then(|| parser.finish(&mut events));
    let mut merged: Vec<Event> = Vec::new();
    let mut inside = false;
    for event in events {
        match &event {
            Event::Part { .. } => assert!(!std::mem::replace(&mut inside, true), "a part in a part"),
            Event::Data(_) => assert!(inside, "data outside of a part"),
            Event::End => assert!(std::mem::replace(&mut inside, false), "an end without a part"),
        }
        if let (Event::Data(more), Some(Event::Data(data))) = (&event, merged.last_mut()) {
            *data = [data.as_ref(), more].concat().into();
        } else {
            merged.push(event);
        }
    }
    assert!(!(inside && complete == Some(true)), "complete without an end");
    // How much of a part was passed on before its body turned out to be malformed depends on how it arrived.
    if complete.is_none() && inside && matches!(merged.last(), Some(Event::Data(_))) {
        merged.pop();
    }
    Some((merged, complete))
}

/// A fault has a text, and its answer is a message whatever stands in it.
fn can_be_sent(fault: &Fault) {
    assert!(!fault.text().is_empty());
    for version in [SoapVersion::V11, SoapVersion::V12] {
        let answer = fault.answer(version);
        let text = std::str::from_utf8(&answer.body).expect("UTF-8");
        Request::parse(text, &Limits::default()).expect("an envelope");
    }
}

/// Text that is answered is read as it was.
fn comes_back(text: &str, version: ApiVersion) {
    let answer = write_answer(&text.to_owned(), "x", NAMESPACE, SoapVersion::V11, version);
    let body = std::str::from_utf8(&answer.body).expect("UTF-8");
    let limits = Limits::default();
    let envelope = Request::parse(body, &limits).expect("an envelope");
    let result = envelope.call().expect("a wrapper").children().next().expect("a result");
    if text.chars().all(|one| one >= ' ' && !('\u{fffe}'..='\u{ffff}').contains(&one)) {
        assert_eq!(result.text().unwrap_or_default(), text);
    }
}
