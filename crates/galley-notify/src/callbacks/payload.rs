//! The XML of callbacks.

use galley_model::{Proof, Timestamp};

/// A message: a list of elements under `callback`.
pub(super) struct Payload {
    kind: &'static str,
    fields: String,
}

impl Payload {
    pub(super) fn new(kind: &'static str) -> Payload {
        Payload { kind, fields: String::new() }
    }

    /// Type of the message.
    pub(super) fn kind(&self) -> &'static str {
        self.kind
    }

    pub(super) fn text(mut self, name: &str, value: &str) -> Payload {
        if value.is_empty() {
            self.fields.push_str(&format!("<{name}/>"));
        } else {
            self.fields.push_str(&format!("<{name}>{}</{name}>", escaped(value)));
        }
        self
    }

    pub(super) fn id(self, name: &str, value: i64) -> Payload {
        self.text(name, &value.to_string())
    }

    /// Unix seconds.
    pub(super) fn time(self, name: &str, at: Timestamp) -> Payload {
        self.text(name, &at.as_second().to_string())
    }

    /// Folder of a proof; 0 and nothing for none, as in answers of the API.
    pub(super) fn folder(self, proof: &Proof) -> Payload {
        self.id("folder_id", proof.workspace.map_or(0, |id| id.0))
            .text("folder_name", proof.workspace_name.as_deref().unwrap_or_default())
    }

    /// The whole document.
    pub(super) fn document(&self) -> String {
        format!("<?xml version=\"1.0\"?>\n<callback type=\"{}\">{}</callback>\n", self.kind, self.fields)
    }
}

/// Text as XML carries it; what XML cannot carry is left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // A bare one is read as a line feed.
            '\r' => out.push_str("&#13;"),
            '\t' | '\n' => out.push(c),
            c if c < ' ' || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_cannot_say_is_left_out() {
        let payload =
            Payload::new("comment").text("comment", "a<b> & \u{0}\u{b}\u{ffff}é\r\n😀").text("action", "");
        assert_eq!(
            payload.document(),
            "<?xml version=\"1.0\"?>\n<callback type=\"comment\"><comment>a&lt;b&gt; &amp; é&#13;\n😀</comment>\
             <action/></callback>\n"
        );
    }
}
