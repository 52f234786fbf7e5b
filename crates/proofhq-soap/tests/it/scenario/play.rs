//! One player of the scenario in one version.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use galley_model::{Alert, Profile, Role};
use galley_service::{CommentInput, DropzoneInput, Link};
use galley_testkit::{Answer, House, email, fault};
use proofhq_soap::{BASE, endpoint_version, registry};
use serde_json::{Map, Value, json};
use soap::{ApiVersion, OperationDesc};

use super::values::{element, follow, has_path, like, matches, operation, plain, result, to_xml};

/// Steps with a name to find them by.
pub type Steps = Vec<(String, Value)>;

/// Later than every version.
const ANY: ApiVersion = ApiVersion::new(u16::MAX, 0);

pub struct Player<'h> {
    house: &'h House,
    segment: &'h str,
    /// The version that is called.
    pub version: ApiVersion,
    /// Whether the server renders: without that, steps that wait for pages are left out.
    renders: bool,
    saved: BTreeMap<String, Value>,
    /// Operations that answered.
    pub succeeded: BTreeSet<&'static str>,
    /// Operations that refused.
    pub refused: BTreeSet<&'static str>,
    /// The first exchange of each form of an operation that answered: its parts and the answer.
    pub exchanges: BTreeMap<(&'static str, ApiVersion), (String, String)>,
}

impl<'h> Player<'h> {
    pub fn new(
        house: &'h House,
        segment: &'h str,
        renders: bool,
        given: Vec<(&'static str, String)>,
    ) -> Player<'h> {
        let saved = given.into_iter().map(|(name, value)| (name.to_owned(), Value::String(value))).collect();
        let version = endpoint_version(segment).expect("a version");
        let (succeeded, refused, exchanges) = (BTreeSet::new(), BTreeSet::new(), BTreeMap::new());
        Player { house, segment, version, renders, saved, succeeded, refused, exchanges }
    }

    pub async fn step(&mut self, name: &str, step: &Value, files: &Path) {
        let place = format!("{name} in {}", self.version);
        if let Some(file) = step["upload"].as_str() {
            let bytes = std::fs::read(files.join(file)).unwrap_or_else(|error| panic!("{place}: {error}"));
            let answer = json!({ "filehash": self.house.file(file, &bytes) });
            self.save(&place, step, &answer);
        } else if step["dropzone"] == true {
            let admin = self.house.caller(&email(Profile::Admin));
            let input = DropzoneInput {
                enabled: true,
                owner: admin.id(),
                workspace: None,
                role: Role::Reviewer,
                alert: Alert::OwnDefault,
                activate: false,
                domains: Vec::new(),
                tell: Vec::new(),
            };
            let zone = self.house.service.set_dropzone(&admin, &input).expect("a dropzone");
            self.save(&place, step, &json!({ "url": self.house.service.dropzone_url(&zone.code) }));
        } else if let Some(text) = step["comment"].as_str() {
            let address = plain(&self.filled(&place, &step["link"]));
            let code = address.rsplit('/').next().unwrap_or_default().to_owned();
            let input =
                CommentInput { text: plain(&self.filled(&place, &json!(text))), ..CommentInput::default() };
            let link = Link { code, user: None };
            let (comment, _) = self.house.service.add_comment(&link, &input).expect("a comment");
            self.save(&place, step, &json!({ "id": comment.id.0 }));
        } else {
            let call = step["call"].as_str().unwrap_or_else(|| panic!("{place}: {step}"));
            assert!(
                registry().all().any(|operation| operation.name == call),
                "{place}: no version has {call}"
            );
            if let Some(operation) = operation(call, self.version) {
                self.call(&format!("{place} ({call})"), operation, step).await;
            }
        }
    }

    async fn call(&mut self, place: &str, operation: &'static OperationDesc, step: &Value) {
        let parts = step["parts"].as_object().cloned().unwrap_or_default();
        let faults = match &step["fault"] {
            Value::Array(list) => list.clone(),
            Value::Null => Vec::new(),
            one => vec![one.clone()],
        };
        for expected in faults {
            let mut parts = parts.clone();
            parts.extend(expected["with"].as_object().cloned().unwrap_or_default());
            let answer = self.send(place, operation, parts).await;
            let (code, text) =
                fault(&answer).unwrap_or_else(|| panic!("{place}: no fault: {}", answer.text()));
            assert_eq!(code, plain(&expected["code"]), "{place}: {text}");
            let wanted = plain(&expected["text"]);
            let text = unescaped(&text);
            assert!(like(&wanted, &text), "{place}: {text} is not {wanted}");
            self.refused.insert(operation.name);
        }
        let waits = step["wait"] == json!(true);
        if step["only_fault"] == json!(true) || (waits && !self.renders) {
            return;
        }
        let mut tries = if waits { 600 } else { 1 };
        let answer = loop {
            let answer = self.send(place, operation, parts.clone()).await;
            tries -= 1;
            if answer.status == 200 || tries == 0 {
                break answer;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        };
        assert_eq!(answer.status, 200, "{place}: {}", answer.text());
        let text = answer.text();
        let result = result(operation, self.version, &text);
        self.succeeded.insert(operation.name);
        let key = (operation.name, operation.since.max(BASE));
        if !self.exchanges.contains_key(&key) {
            let parts = self.written(place, operation, parts);
            let parts = parts.iter().map(|(name, value)| element(name, value)).collect();
            self.exchanges.insert(key, (parts, text));
        }
        self.save(place, step, &result);
        for (path, wanted) in step["expect"].as_object().into_iter().flatten() {
            assert!(has_path(operation.returns, ANY, path), "{place}: no version has {path}");
            if has_path(operation.returns, self.version, path) {
                let (found, wanted) = (follow(&result, path), self.filled(place, wanted));
                let fits = found.as_ref().is_some_and(|found| matches(found, &wanted));
                assert!(fits, "{place}: {path} is {found:?} and not {wanted}");
            }
        }
    }

    async fn send(&self, place: &str, operation: &OperationDesc, parts: Map<String, Value>) -> Answer {
        let written = self.written(place, operation, parts);
        let written: Vec<(&str, &str)> =
            written.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.house.call_at(self.segment, operation.name, &written).await
    }

    /// The parts that the version has, with what is in them as XML.
    fn written(
        &self,
        place: &str,
        operation: &OperationDesc,
        parts: Map<String, Value>,
    ) -> Vec<(&'static str, String)> {
        let mut parts = match self.filled(place, &Value::Object(parts)) {
            Value::Object(parts) => parts,
            other => panic!("{place}: {other}"),
        };
        for name in parts.keys() {
            let registry = registry();
            let mut forms = registry.all().filter(|form| form.name == operation.name);
            let known = forms.any(|form| form.params.iter().any(|param| param.name == name));
            assert!(known, "{place}: no version has {name}");
        }
        if let Some(session) = self.saved.get("session") {
            parts.entry("SessionID").or_insert(session.clone());
        }
        let known = operation.params.iter().filter(|param| param.in_version(self.version));
        let written = known.filter_map(|param| {
            let value = parts.get(param.name)?;
            Some((param.name, to_xml(param.ty, self.version, value, place)))
        });
        written.collect()
    }

    fn save(&mut self, place: &str, step: &Value, answer: &Value) {
        for (name, path) in step["save"].as_object().into_iter().flatten() {
            let path = plain(path);
            let value = follow(answer, &path).unwrap_or_else(|| panic!("{place}: no {path} in {answer}"));
            self.saved.insert(name.clone(), value);
        }
    }

    /// A value with everything in braces replaced by what was saved.
    fn filled(&self, place: &str, value: &Value) -> Value {
        match value {
            Value::Array(items) => items.iter().map(|item| self.filled(place, item)).collect(),
            Value::Object(fields) => {
                let filled = fields.iter().map(|(name, one)| (name.clone(), self.filled(place, one)));
                Value::Object(filled.collect())
            }
            Value::String(text) => Value::String(self.filled_text(place, text)),
            other => other.clone(),
        }
    }

    fn filled_text(&self, place: &str, text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let name: String = after.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let Some(behind) = after[name.len()..].strip_prefix('}').filter(|_| !name.is_empty()) else {
                // A brace of a text, such as JSON.
                out.push_str(before);
                out.push('{');
                rest = after;
                continue;
            };
            let saved =
                self.saved.get(&name).unwrap_or_else(|| panic!("{place}: nothing was saved as {name}"));
            out.push_str(before);
            out.push_str(&plain(saved));
            rest = behind;
        }
        out.push_str(rest);
        out
    }
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}
