//! Exchanges of the scenario as the reference shows them.

use proofhq_soap::{NAMESPACE, registry};

use super::play::Player;

/// Longest text that is shown in full.
const LONGEST: usize = 160;

/// Items of a list that are shown.
const ITEMS: usize = 2;

/// The exchanges of some players, in the order of the WSDL.
pub fn written(players: &[Player<'_>]) -> String {
    let mut out = String::new();
    for operation in registry().all() {
        let key = (operation.name, operation.since.max(proofhq_soap::BASE));
        let Some((parts, answer)) = players.iter().find_map(|player| player.exchanges.get(&key)) else {
            continue;
        };
        let request = format!(
            "<SOAP-ENV:Envelope xmlns:SOAP-ENV=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns:ns1=\"{NAMESPACE}\">\
             <SOAP-ENV:Body><ns1:{name}>{parts}</ns1:{name}></SOAP-ENV:Body></SOAP-ENV:Envelope>",
            name = operation.name
        );
        let answer = answer.split_once('\n').map_or(answer.as_str(), |(_, body)| body);
        out.push_str(&format!("==== {} {}\n{}----\n{}", key.0, key.1, indented(&request), indented(answer)));
    }
    out
}

/// XML with a line for each element. Long texts and long lists are cut, secrets are always the same.
fn indented(xml: &str) -> String {
    let mut out = String::new();
    let mut open: Vec<Level> = Vec::new();
    let mut rest = xml.trim();
    while let Some(start) = rest.strip_prefix('<') {
        let (tag, after) = start.split_once('>').expect("a tag ends");
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default().to_owned();
        if tag.starts_with('/') {
            let level = open.pop().expect("was opened");
            if level.hidden > 0 {
                line(&mut out, &open, 1, &format!("<!-- and {} more -->", level.hidden));
            }
            line(&mut out, &open, 0, &format!("<{tag}>"));
            rest = after;
        } else if tag.ends_with('/') {
            count(&mut open, &name);
            line(&mut out, &open, 0, &format!("<{tag}>"));
            rest = after;
        } else {
            count(&mut open, &name);
            let (text, behind) = after.split_at(after.find('<').expect("is closed"));
            let end = format!("</{name}>");
            if let Some(behind) = behind.strip_prefix(&end) {
                line(&mut out, &open, 0, &format!("<{tag}>{}{end}", shown(&name, text)));
                rest = behind;
            } else {
                line(&mut out, &open, 0, &format!("<{tag}>"));
                open.push(Level::default());
                rest = after;
            }
        }
    }
    assert!(rest.is_empty() && open.is_empty(), "{xml}");
    out
}

/// What is known of an element that is open.
#[derive(Default)]
struct Level {
    items: usize,
    hidden: usize,
}

/// Counts an item, which begins to be hidden when there are enough.
fn count(open: &mut [Level], name: &str) {
    if let (Some(level), "item") = (open.last_mut(), name) {
        level.items += 1;
        level.hidden = level.items.saturating_sub(ITEMS);
    }
}

/// A line, unless it belongs to an item that is hidden.
fn line(out: &mut String, open: &[Level], deeper: usize, text: &str) {
    if open.iter().all(|level| level.hidden == 0) {
        out.push_str(&"  ".repeat(open.len() + deeper));
        out.push_str(text);
        out.push('\n');
    }
}

/// A text as it is shown.
fn shown(name: &str, text: &str) -> String {
    let secret = text.len() >= 16 && text.bytes().any(|b| b.is_ascii_digit()) && text.bytes().all(is_of_code);
    if secret {
        return match name {
            "session" | "SessionID" => "7viklshodc6cnsh4s5vu75mqk0".to_owned(),
            "filehash" | "Hash" => "ffc50a5fdd43ff.046772a6b09987aa1".to_owned(),
            "token" | "api_token" | "code" | "AuthToken" => "Wq3vB8sKdN5xT1yR".to_owned(),
            _ => text.to_owned(),
        };
    }
    for start in ["/proof/", "?code=", "/viewer/", "/code/"] {
        if let Some((before, code)) = text.split_once(start) {
            let end = code.find(|one: char| !one.is_ascii_alphanumeric() && one != '-' && one != '_');
            let tail = end.map_or("", |end| &code[end..]);
            return format!("{before}{start}Wq3vB8sKdN5xT1yR{tail}");
        }
    }
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn is_of_code(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_')
}
