//! The WSDL of the sample API.

use soap::{ApiVersion, Object, Operation, Service, TypeRef, Value, write_wsdl};

use crate::sample::{NEW, OLD, Person, TakeAll, Thing, registry};

const SERVICE: Service = Service {
    namespace: "urn:sample",
    definitions: "sample",
    port_type: "samplePortType",
    binding: "sampleBinding",
    service: "sampleService",
    port: "samplePort",
};

fn types(version: ApiVersion) -> Vec<&'static str> {
    registry().types(version).into_iter().map(TypeRef::name).collect()
}

#[test]
fn types_come_in_the_order_asked_for() {
    assert_eq!(types(OLD)[..3], ["Person", "PersonArray", "StringArray"]);
    assert_eq!(types(OLD)[3..], ["Thing", "ThingArray", "IntArray", "AnyTypeArray"]);
}

#[test]
fn descriptions_come_from_the_structs() {
    assert_eq!(Person::DESC.doc, "A person to add.");
    assert_eq!(Person::DESC.fields[1].doc, "Mail address.");
    assert_eq!(TakeAll::OPERATION.summary, "Takes one of everything.");
    assert_eq!(<Vec<Thing> as Value>::TYPE.name(), "ThingArray");
}

#[test]
fn versions_differ_in_what_they_declare() {
    let (old, new) =
        (write_wsdl(&registry(), &SERVICE, OLD, "a"), write_wsdl(&registry(), &SERVICE, NEW, "a"));
    let between = r#"<xsd:element name="between" type="xsd:string" minOccurs="1" maxOccurs="1"/>"#;
    let suppress = r#"parameterOrder="SessionID FileID Recipients SuppressNewProofNotification""#;
    assert!(!old.contains(between) && new.contains(between));
    assert!(!old.contains(suppress) && new.contains(suppress));
    assert!(old.contains(r#"name="gone""#) && !new.contains(r#"name="gone""#));
    let maybe = r#"<xsd:element name="maybe" type="xsd:int" minOccurs="1" maxOccurs="1""#;
    assert!(old.contains(&format!("{maybe}/>")));
    assert!(new.contains(&format!("{maybe} nillable=\"true\"/>")));
    assert!(!old.contains("Passing") && !new.contains("Passing"));
}

#[test]
fn the_address_is_escaped() {
    let wsdl = write_wsdl(&registry(), &SERVICE, OLD, "https://example.com/?a=\"b\"&c");
    assert!(wsdl.contains(r#"<soap:address location="https://example.com/?a=&quot;b&quot;&amp;c"/>"#));
}
