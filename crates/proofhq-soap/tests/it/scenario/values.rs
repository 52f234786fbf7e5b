//! Values of the scenario as XML, and answers as values.

use proofhq_soap::registry;
use serde_json::{Map, Number, Value};
use soap::{ApiVersion, Element, Limits, OperationDesc, Request, TypeRef, escape_into};

/// The value of a part as XML: what is given, as far as the version has it.
pub fn to_xml(ty: TypeRef, version: ApiVersion, value: &Value, place: &str) -> String {
    match (ty, value) {
        (TypeRef::Object(object), Value::Object(given)) => {
            for name in given.keys() {
                assert!(object.fields.iter().any(|field| field.name == name), "{place} has no {name}");
            }
            let fields = object.fields.iter().filter(|field| field.in_version(version));
            let written = fields.filter_map(|field| {
                let value = given.get(field.name)?;
                Some(element(field.name, &to_xml(field.ty, version, value, field.name)))
            });
            written.collect()
        }
        (TypeRef::Array(array), Value::Array(items)) => {
            items.iter().map(|item| element("item", &to_xml(array.item, version, item, place))).collect()
        }
        (TypeRef::Object(_) | TypeRef::Array(_), _) => panic!("{place} is not {}: {value}", ty.name()),
        (_, Value::String(text)) => escaped(text),
        (_, Value::Array(_) | Value::Object(_) | Value::Null) => {
            panic!("{place} is not {}: {value}", ty.name())
        }
        (_, plain) => plain.to_string(),
    }
}

/// An element in no namespace.
pub fn element(name: &str, content: &str) -> String {
    format!("<{name}>{content}</{name}>")
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    escape_into(&mut out, text);
    out
}

/// The result in an answer.
pub fn result(operation: &OperationDesc, version: ApiVersion, answer: &str) -> Value {
    let limits = Limits::default();
    let envelope = Request::parse(answer, &limits).expect("an envelope");
    let wrapper = envelope.call().expect("a wrapper");
    assert_eq!(wrapper.name(), format!("{}Response", operation.name));
    let result = wrapper.children().next().expect("a result");
    read(operation.returns, version, result, operation.name)
}

fn read(ty: TypeRef, version: ApiVersion, element: Element<'_>, place: &str) -> Value {
    if element.is_nil() {
        return Value::Null;
    }
    let text = element.text().unwrap_or_default();
    match ty {
        TypeRef::String | TypeRef::AnyType => Value::String(text.to_owned()),
        TypeRef::Int => {
            Value::Number(text.parse::<i64>().unwrap_or_else(|_| panic!("{place}: {text}")).into())
        }
        TypeRef::Double => Value::Number(Number::from_f64(text.parse().expect("a number")).expect("finite")),
        TypeRef::Boolean => Value::Bool(text.parse().unwrap_or_else(|_| panic!("{place}: {text}"))),
        TypeRef::Array(array) => {
            element.children().map(|item| read(array.item, version, item, array.name)).collect()
        }
        TypeRef::Object(object) => {
            let fields: Vec<_> = object.fields.iter().filter(|field| field.in_version(version)).collect();
            let found: Vec<_> = element.children().collect();
            let names: Vec<_> = fields.iter().map(|field| field.name).collect();
            assert_eq!(found.iter().map(|child| child.name()).collect::<Vec<_>>(), names, "{place}");
            let members = fields
                .iter()
                .zip(found)
                .map(|(field, child)| (field.name.to_owned(), read(field.ty, version, child, field.name)));
            Value::Object(members.collect::<Map<_, _>>())
        }
    }
}

/// What a path such as `0.settings.auto_lock` leads to.
pub fn follow(value: &Value, path: &str) -> Option<Value> {
    let Some((step, rest)) = (!path.is_empty()).then(|| path.split_once('.').unwrap_or((path, ""))) else {
        return Some(value.clone());
    };
    match value {
        Value::Array(items) if step == "length" => Some(Value::from(items.len())),
        Value::Array(items) if step == "*" => items.iter().map(|item| follow(item, rest)).collect(),
        Value::Array(items) if step == "last" => follow(items.last()?, rest),
        Value::Array(items) => follow(items.get(step.parse::<usize>().ok()?)?, rest),
        Value::Object(fields) => follow(fields.get(step)?, rest),
        _ => None,
    }
}

/// Whether a version has what a path leads to.
pub fn has_path(ty: TypeRef, version: ApiVersion, path: &str) -> bool {
    let Some((step, rest)) = (!path.is_empty()).then(|| path.split_once('.').unwrap_or((path, ""))) else {
        return true;
    };
    match ty {
        TypeRef::Array(_) if step == "length" => true,
        TypeRef::Array(array) => has_path(array.item, version, rest),
        TypeRef::Object(object) => {
            let field = object.fields.iter().find(|field| field.name == step && field.in_version(version));
            field.is_some_and(|field| has_path(field.ty, version, rest))
        }
        _ => false,
    }
}

/// The operation of that name in a version.
pub fn operation(name: &str, version: ApiVersion) -> Option<&'static OperationDesc> {
    registry().find(name, version).filter(|found| found.name == name)
}

/// Whether a value is as expected: text with a star for anything but nothing.
pub fn matches(found: &Value, wanted: &Value) -> bool {
    match (found, wanted) {
        (Value::Array(found), Value::Array(wanted)) => {
            found.len() == wanted.len()
                && found.iter().zip(wanted).all(|(found, wanted)| matches(found, wanted))
        }
        _ => like(&plain(wanted), &plain(found)),
    }
}

/// A value as its text.
pub fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Whether a text is as a pattern says.
pub fn like(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(tail) = text.strip_prefix(start) else { return false };
    tail.char_indices().map(|(at, one)| at + one.len_utf8()).any(|at| like(rest, &tail[at..]))
}
