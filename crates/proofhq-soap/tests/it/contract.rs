//! Every operation and object against the facts of the original in `tests/contract.json`, which holds
//! the whole contract: each thing with the first version that has it.

use std::collections::BTreeSet;

use proofhq_soap::{BASE, TYPE_ORDER, VERSIONS, registry};
use serde_json::Value;
use soap::{ApiVersion, FieldDesc, OperationDesc, Requirement, TypeRef};

/// Later than every version.
const LAST: ApiVersion = ApiVersion::new(u16::MAX, 0);

pub fn fixture() -> Value {
    serde_json::from_str(include_str!("../contract.json")).expect("contract.json")
}

pub fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_else(|| panic!("no {key} in {value}"))
}

pub fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value[key].as_array().unwrap_or_else(|| panic!("no {key}"))
}

/// Name, type and first version of a field, as one line.
fn line(name: &str, ty: &str, since: ApiVersion) -> String {
    format!("{name}: {ty} since {}", since.max(BASE))
}

fn expected_lines(fields: &[Value]) -> Vec<String> {
    let since = |field| text(field, "since").parse().expect("version");
    fields.iter().map(|field| line(text(field, "name"), text(field, "type"), since(field))).collect()
}

fn lines(fields: &[FieldDesc]) -> Vec<String> {
    fields.iter().map(|field| line(field.name, field.ty.name(), field.since)).collect()
}

fn operations() -> Vec<&'static OperationDesc> {
    registry().all().collect()
}

/// The forms of an operation in the fixture, oldest first: one, but for the operation that changed.
fn expected_forms<'v>(fixture: &'v Value, name: &str) -> Vec<&'v Value> {
    list(fixture, "operations").iter().filter(|operation| text(operation, "name") == name).collect()
}

/// The form in the fixture of an operation that is served.
fn expected<'v>(fixture: &'v Value, operation: &OperationDesc) -> &'v Value {
    let forms = expected_forms(fixture, operation.name);
    let since = operation.since.max(BASE).to_string();
    let form = forms.into_iter().find(|form| text(form, "since") == since);
    form.unwrap_or_else(|| panic!("{} since {since} is not in the contract", operation.name))
}

#[test]
fn operations_match() {
    let fixture = fixture();
    for operation in operations() {
        let name = operation.name;
        let expected = expected(&fixture, operation);
        assert_eq!(lines(operation.params), expected_lines(list(expected, "params")), "{name}");
        assert_eq!(operation.returns.name(), text(expected, "returns"), "{name}");
        let until = operation.until.map(|until| until.to_string());
        assert_eq!(until.as_deref(), expected["until"].as_str(), "{name}");
        assert!(!operation.summary.is_empty() && !operation.section.is_empty(), "{name}");
    }
}

#[test]
fn every_operation_is_there_in_the_order_of_the_contract() {
    let fixture = fixture();
    let key = |name: &str, since: &str| format!("{name} since {since}");
    let order: Vec<String> = list(&fixture, "operations")
        .iter()
        .map(|operation| key(text(operation, "name"), text(operation, "since")))
        .collect();
    let served: Vec<String> = operations()
        .iter()
        .map(|operation| key(operation.name, &operation.since.max(BASE).to_string()))
        .collect();
    assert_eq!(served, order);
}

#[test]
fn versions_match() {
    let versions: Vec<_> = VERSIONS.iter().map(ToString::to_string).collect();
    let fixture = fixture();
    let expected: Vec<_> = list(&fixture, "versions").iter().filter_map(Value::as_str).collect();
    assert_eq!(versions, expected);
}

#[test]
fn what_is_documented_as_required_is_marked() {
    let fixture = fixture();
    for operation in operations() {
        let expected = expected(&fixture, operation);
        for (param, expected) in operation.params.iter().zip(list(expected, "params")) {
            let what = format!("{}.{}", operation.name, param.name);
            let documented = expected["required"] == Value::Bool(true);
            let excluded = expected["required"] == Value::Bool(false);
            match param.requirement {
                Requirement::Optional => assert!(!documented, "{what} is required"),
                Requirement::Documented => assert!(documented, "{what} is not documented as required"),
                Requirement::Enforced => assert!(!excluded, "{what} may be left out"),
            }
        }
    }
}

#[test]
fn objects_and_arrays_match() {
    let fixture = fixture();
    for ty in registry().types(LAST) {
        match ty {
            TypeRef::Array(array) => assert_eq!(array.item.name(), text(&fixture["arrays"], array.name)),
            TypeRef::Object(object) => {
                let expected = list(&fixture["objects"], object.name);
                assert_eq!(lines(object.fields), expected_lines(expected), "{}", object.name);
                for (field, expected) in object.fields.iter().zip(expected) {
                    let optional = expected["optional"] == Value::Bool(true);
                    assert_eq!(field.nillable_in(LAST), optional, "{}.{}", object.name, field.name);
                    assert!(!field.nillable_in(BASE), "{}.{}", object.name, field.name);
                }
            }
            other => panic!("{} is no named type", other.name()),
        }
    }
    let order: BTreeSet<_> = TYPE_ORDER.iter().copied().collect();
    for ty in registry().types(LAST) {
        assert!(order.contains(ty.name()), "{} has no place in the order of types", ty.name());
    }
    assert_eq!(TYPE_ORDER, list(&fixture, "type_order").iter().filter_map(Value::as_str).collect::<Vec<_>>());
}

#[test]
fn everything_is_documented() {
    for operation in operations() {
        for param in operation.params {
            assert!(param.doc.ends_with('.'), "{}.{}: {:?}", operation.name, param.name, param.doc);
        }
    }
    for ty in registry().types(LAST) {
        if let TypeRef::Object(object) = ty {
            assert!(object.doc.ends_with('.'), "{}", object.name);
            for field in object.fields {
                assert!(field.doc.ends_with('.'), "{}.{}: {:?}", object.name, field.name, field.doc);
            }
        }
    }
}
