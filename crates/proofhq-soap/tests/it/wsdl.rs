//! The WSDL of the base version: against the facts of the original, and byte by byte.

use proofhq_soap::{BASE, NAMESPACE, registry, wsdl};
use serde_json::Value;

use crate::contract::{fixture, list, text};

const ADDRESS: &str = "https://proofs.example.com/soap.php";

fn attribute<'l>(line: &'l str, name: &str) -> Option<&'l str> {
    let start = line.find(&format!(" {name}=\""))? + name.len() + 3;
    line[start..].split('"').next()
}

/// `name: type` of the elements and parts between a line with `start` and the next with `end`.
fn members(wsdl: &str, start: &str, end: &str) -> Vec<String> {
    let lines = wsdl.lines().skip_while(|line| !line.contains(start)).skip(1);
    let inside = lines.take_while(|line| !line.contains(end));
    inside
        .filter_map(|line| Some(format!("{}: {}", attribute(line, "name")?, attribute(line, "type")?)))
        .collect()
}

fn expected_members(fields: &[Value]) -> Vec<String> {
    let base = fields.iter().filter(|field| text(field, "since") == "12.1");
    base.map(|field| format!("{}: {}", text(field, "name"), qualified(text(field, "type")))).collect()
}

fn qualified(ty: &str) -> String {
    let simple = matches!(ty, "string" | "int" | "boolean" | "double" | "anyType");
    format!("{}:{ty}", if simple { "xsd" } else { "tns" })
}

#[test]
fn the_base_version_declares_what_the_original_declares() {
    let (fixture, wsdl) = (fixture(), wsdl(&registry(), BASE, ADDRESS));
    for operation in list(&fixture, "operations") {
        let name = text(operation, "name");
        let parts = expected_members(list(operation, "params"));
        assert_eq!(
            members(&wsdl, &format!("<message name=\"{name}Request\""), "</message>"),
            parts,
            "{name}"
        );
        let result = format!("result: {}", qualified(text(operation, "returns")));
        assert_eq!(
            members(&wsdl, &format!("<message name=\"{name}Response\""), "</message>"),
            [result],
            "{name}"
        );

        let order: Vec<_> = parts.iter().filter_map(|part| part.split(':').next()).collect();
        let order = order.join(" ");
        assert!(wsdl.contains(&format!("<operation name=\"{name}\" parameterOrder=\"{order}\">")), "{name}");
        assert!(wsdl.contains(&format!("soapAction=\"{NAMESPACE}{name}\"")), "{name}");
        assert!(wsdl.contains(&format!(" parts=\"{order}\"/>")), "{name}");
    }

    let declared: Vec<_> = wsdl.lines().filter(|line| line.contains("<xsd:complexType ")).collect();
    let declared: Vec<_> = declared.into_iter().filter_map(|line| attribute(line, "name")).collect();
    let later = ["SOAPProgressObject", "SOAPProofStageObject", "SOAPCommentAttachmentObject"];
    let base: Vec<_> = list(&fixture, "type_order")
        .iter()
        .filter_map(Value::as_str)
        .filter(|name| !later.contains(&name.trim_end_matches("Array")))
        .collect();
    assert_eq!(declared, base);
    for name in base {
        let found = members(&wsdl, &format!("<xsd:complexType name=\"{name}\""), "</xsd:complexType>");
        let expected = match fixture["arrays"][name].as_str() {
            Some(item) => vec![format!("item: {}", qualified(item))],
            None => expected_members(list(&fixture["objects"], name)),
        };
        assert_eq!(found, expected, "{name}");
        assert!(
            wsdl.contains(&format!("<xsd:element name=\"{name}Element\" type=\"tns:{name}\"/>")),
            "{name}"
        );
    }
    assert!(!wsdl.contains("nillable"));
}

/// The file is what clients were generated from, so every change to it is a decision. To take over a
/// deliberate one, run the test with `UPDATE_WSDL=1`.
#[test]
fn the_base_version_stays_as_it_is() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/base.wsdl");
    let found = wsdl(&registry(), BASE, ADDRESS);
    if std::env::var_os("UPDATE_WSDL").is_some() {
        std::fs::write(path, &found).expect("tests/base.wsdl");
    }
    let expected = std::fs::read_to_string(path).expect("tests/base.wsdl");
    assert!(found == expected, "the WSDL differs from {path}");
}
