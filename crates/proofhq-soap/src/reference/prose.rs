//! What no definition says: how the API is called, its versions, its namespaces.

use super::page::{Block, Page, Span, heading, paragraph, text};
use crate::{BASE, NAMESPACE, VERSIONS, registry, version_segment};

/// The page that all others are reached from.
pub fn first_page() -> Page {
    let mut blocks = vec![
        paragraph(
            "Galley speaks the SOAP 1.1 API of ProofHQ, later Workfront Proof. A program that was written for that service works with Galley \
             when its owner changes the host name.",
        ),
        heading(2, "Calling it"),
        Block::List(
            [
                "Requests are posted to `/soap` (`/soap.php` is the same). The WSDL is at `/soap?wsdl`.",
                "Style is rpc, use is literal. The operation is the first child of the body; its parts are children in no namespace; \
                 the answer holds one part, `result`. Lists are repeated `item` elements.",
                "Log in with `doLogin` or `getSessionId`. Both answer a `session`, which every other call carries as `SessionID`. A session \
                 lives for 24 hours, and every call starts that time anew.",
                "Files are posted to `/upload.php` as `multipart/form-data`. The `filehash` of the answer is the `Hash` of createProof.",
                "Faults have HTTP status 500 and a bare number as code.",
            ]
            .iter()
            .map(|point| text(point))
            .collect(),
        ),
        heading(2, "How requests are read"),
        Block::List(
            [
                "The operation is found by its local name, in any letter case and any namespace. `SOAPAction` and `Content-Type` are not looked at.",
                "Parts are found by their local name, in any order. What is not known is ignored. What is missing is null, and so is an \
                 empty element. If no name is known, parts are taken by position.",
                "A boolean is `true`, `t`, `yes`, `1` or `false`, `f`, `no`, `0`. A number may have blanks around it.",
                "Dates are text, `2026-03-09 18:00`, in the time zone of the caller; seconds may follow. Dates of proofs in answers have the same form.",
                "Arrays of SOAP encoding, `xsi:type`, `xsi:nil`, references with `href` and SOAP 1.2 envelopes are understood.",
            ]
            .iter()
            .map(|point| text(point))
            .collect(),
        ),
        heading(2, "How answers are written"),
        Block::List(
            [
                "An object has exactly the fields of the version called, in the order of its WSDL.",
                "Without a value, a text is an empty element, a number 0, a boolean `false`, a list an empty element. What the WSDL calls nillable is \
                 `xsi:nil` instead.",
                "Answers are UTF-8, and compressed when the request allows it.",
            ]
            .iter()
            .map(|point| text(point))
            .collect(),
        ),
    ];
    blocks.extend([
        heading(2, "How to read these pages"),
        Block::List(
            [
                "A part that is `required` has to be there and not empty; without it the answer is fault 400. One that is `expected` is asked for by \
                 the documentation of the original, and Galley manages without. The session is the exception: without one the answer is fault 305.",
                "A version beside a part, a field or an operation says from which version on it is there. Without one it always was.",
                "Who may call an operation is what a test has tried with every profile, for the owner and the author of the proof, people on it, colleagues and other \
                 accounts.",
                "The request and the answer of an operation are from a test, with the newest version that has it. Long texts and lists are cut, and secrets are \
                 replaced.",
            ]
            .iter()
            .map(|point| text(point))
            .collect(),
        ),
    ]);
    blocks.extend(namespaces());
    blocks.extend(versions());
    Page { slug: String::new(), title: "SOAP API".to_owned(), blocks }
}

fn namespaces() -> Vec<Block> {
    vec![
        heading(2, "The two namespaces"),
        paragraph(&format!(
            "The literature on this API knows two namespaces. `{NAMESPACE}` is the one of the WSDL, and with it the one of every program that \
             was generated from a WSDL: the operation stands in it, and `SOAPAction` is `{NAMESPACE}` with the name of the operation. \
             `urn:proofhqapi` stands in the sample envelopes of the old prose documentation and in no WSDL; people who copied \
             those samples send it.",
        )),
        paragraph(&format!(
            "Galley takes both, and any other or none, because the namespace of a request decides nothing. It answers with `{NAMESPACE}` whatever the request \
             used, as the original did. The namespace is a name and no address: it stays the same on your host, with the slash at its end, \
             and programs must not have it replaced with the host name.",
        )),
    ]
}

fn versions() -> Vec<Block> {
    let registry = registry();
    let rows = VERSIONS.iter().map(|version| {
        let segment = version_segment(*version);
        let address = if *version == BASE { "/soap".to_owned() } else { format!("/{segment}/soap") };
        let new: Vec<_> = registry.all().filter(|operation| operation.since.max(BASE) == *version).collect();
        let named = match new.len() {
            _ if *version == BASE => format!("{} operations", registry.operations(BASE).count()),
            0 => String::new(),
            1 => "1 new operation".to_owned(),
            count => format!("{count} new operations"),
        };
        vec![vec![Span::Plain(version.to_string())], vec![Span::Code(address)], text(&named)]
    });
    vec![
        heading(2, "Versions"),
        paragraph(
            "The addresses without a version are frozen at 12.1: a program that uses them never sees a new field. Every later version has addresses of its own, \
             `/16_24_0/soap` for 16.24 with its WSDL at `/16_24_0/soap.wsdl`. A version between two of this list is the one before it. A version knows the \
             operations, parts and fields that it had and no others; the tables of this reference say from which version on something is there, and \
             nothing where it always was.",
        ),
        Block::Table(vec!["Version", "Address", "What it brought"], rows.collect()),
    ]
}
