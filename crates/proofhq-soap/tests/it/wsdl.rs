//! The WSDLs: each version against the facts of the original, and the base version byte by byte.

use std::collections::BTreeSet;

use proofhq_soap::{BASE, NAMESPACE, VERSIONS, registry, wsdl};
use serde_json::Value;
use soap::ApiVersion;

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

fn in_version(thing: &Value, version: ApiVersion) -> bool {
    let of = |key: &str| thing[key].as_str().and_then(|text| text.parse::<ApiVersion>().ok());
    of("since").is_some_and(|since| since <= version) && of("until").is_none_or(|until| version < until)
}

fn expected_members(fields: &[Value], version: ApiVersion) -> Vec<String> {
    let fields = fields.iter().filter(|field| in_version(field, version));
    fields.map(|field| format!("{}: {}", text(field, "name"), qualified(text(field, "type")))).collect()
}

fn qualified(ty: &str) -> String {
    let simple = matches!(ty, "string" | "int" | "boolean" | "double" | "anyType");
    format!("{}:{ty}", if simple { "xsd" } else { "tns" })
}

#[test]
fn every_version_declares_what_the_original_declares() {
    let (fixture, registry) = (fixture(), registry());
    for version in VERSIONS.iter().copied() {
        let served: BTreeSet<_> = registry.operations(version).map(|operation| operation.name).collect();
        declares(&fixture, version, &served, &wsdl(&registry, version, ADDRESS));
    }
}

fn declares(fixture: &Value, version: ApiVersion, served: &BTreeSet<&str>, wsdl: &str) {
    let mut types = BTreeSet::new();
    let operations: Vec<_> =
        list(fixture, "operations").iter().filter(|operation| in_version(operation, version)).collect();
    // All of them, in their order, and no other.
    let names: Vec<_> = operations.iter().map(|operation| text(operation, "name")).collect();
    let ports =
        wsdl.lines().filter(|line| line.contains("<operation name=\"") && line.contains("parameterOrder"));
    assert_eq!(ports.filter_map(|line| attribute(line, "name")).collect::<Vec<_>>(), names, "{version}");
    assert_eq!(served, &names.iter().copied().collect(), "{version}");
    for operation in operations {
        let name = text(operation, "name");
        let parts = expected_members(list(operation, "params"), version);
        let found = members(wsdl, &format!("<message name=\"{name}Request\""), "</message>");
        assert_eq!(found, parts, "{name} {version}");
        let result = format!("result: {}", qualified(text(operation, "returns")));
        let found = members(wsdl, &format!("<message name=\"{name}Response\""), "</message>");
        assert_eq!(found, [result], "{name} {version}");

        let order: Vec<_> = parts.iter().filter_map(|part| part.split(':').next()).collect();
        let order = order.join(" ");
        assert!(wsdl.contains(&format!("<operation name=\"{name}\" parameterOrder=\"{order}\">")), "{name}");
        assert!(wsdl.contains(&format!("soapAction=\"{NAMESPACE}{name}\"")), "{name}");
        assert!(wsdl.contains(&format!(" parts=\"{order}\"/>")), "{name}");

        let params = list(operation, "params").iter().filter(|param| in_version(param, version));
        for ty in params.map(|param| text(param, "type")).chain([text(operation, "returns")]) {
            reach(fixture, version, ty, &mut types);
        }
    }

    let declared: Vec<_> = wsdl.lines().filter(|line| line.contains("<xsd:complexType ")).collect();
    let declared: Vec<_> = declared.into_iter().filter_map(|line| attribute(line, "name")).collect();
    let expected: Vec<_> = list(fixture, "type_order")
        .iter()
        .filter_map(Value::as_str)
        .filter(|name| types.contains(name))
        .collect();
    assert_eq!(declared, expected, "{version}");
    for name in expected {
        let found = members(wsdl, &format!("<xsd:complexType name=\"{name}\""), "</xsd:complexType>");
        let expected = match fixture["arrays"][name].as_str() {
            Some(item) => vec![format!("item: {}", qualified(item))],
            None => expected_members(list(&fixture["objects"], name), version),
        };
        assert_eq!(found, expected, "{name} {version}");
        assert!(
            wsdl.contains(&format!("<xsd:element name=\"{name}Element\" type=\"tns:{name}\"/>")),
            "{name}"
        );
    }
    assert!(version >= ApiVersion::new(16, 24) || !wsdl.contains("nillable"), "{version}");
}

/// Adds a named type and those it is made of.
fn reach<'v>(fixture: &'v Value, version: ApiVersion, name: &'v str, types: &mut BTreeSet<&'v str>) {
    if let Some(item) = fixture["arrays"][name].as_str() {
        if types.insert(name) {
            reach(fixture, version, item, types);
        }
    } else if let Some(fields) = fixture["objects"][name].as_array()
        && types.insert(name)
    {
        for field in fields.iter().filter(|field| in_version(field, version)) {
            reach(fixture, version, text(field, "type"), types);
        }
    }
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
