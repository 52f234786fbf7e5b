//! The page of faults. Each row is a fault as the server makes it, not a copy of its text.

use soap::{ApiVersion, Fault, FaultCode, Limits};

use super::page::{Block, Page, Span, heading, paragraph, text};
use crate::{BASE, NAMESPACE, faults, read_request};

/// All faults.
pub fn page() -> Page {
    let blocks = vec![
        paragraph(
            "A fault is an answer with HTTP status 500 whose body holds `faultcode` and `faultstring` and no `detail`. Codes of the \
             API are bare numbers. What is asked for and does not exist, belongs to another account or is out of the caller's sight is one and \
             the same fault.",
        ),
        paragraph(
            "Complaints come in this order: XML and envelope, unknown operation, session, values of the wrong \
             type, missing parts, the operation itself. An operation that answers a fault has changed nothing.",
        ),
        heading(2, "Faults of the API"),
        table(faults::table()),
        heading(2, "Faults of the message"),
        paragraph(
            "These are about the message, whatever the operation. Their texts are those of the original.",
        ),
        table(message_faults()),
    ];
    Page { slug: "faults".to_owned(), title: "Faults".to_owned(), blocks }
}

fn table(faults: Vec<(Fault, &'static str)>) -> Block {
    let rows = faults.into_iter().map(|(fault, meaning)| {
        vec![vec![Span::Code(code(&fault))], vec![Span::Plain(fault.text().to_owned())], text(meaning)]
    });
    Block::Table(vec!["Code", "Text", "When"], rows.collect())
}

fn code(fault: &Fault) -> String {
    match fault.code() {
        FaultCode::Client => "SOAP-ENV:Client".to_owned(),
        FaultCode::Server => "SOAP-ENV:Server".to_owned(),
        FaultCode::VersionMismatch => "SOAP-ENV:VersionMismatch".to_owned(),
        FaultCode::MustUnderstand => "SOAP-ENV:MustUnderstand".to_owned(),
        FaultCode::Application(code) => code.to_string(),
    }
}

/// What the server says to messages that are wrong, by asking it.
fn message_faults() -> Vec<(Fault, &'static str)> {
    let envelope = |header: &str, body: &str| {
        format!(
            "<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns:n=\"{NAMESPACE}\">{header}\
             <e:Body>{body}</e:Body></e:Envelope>"
        )
    };
    let header = "<e:Header><n:x e:mustUnderstand=\"1\"/></e:Header>";
    let wrong = [
        (
            "<not XML".to_owned(),
            "The body is no well-formed XML, or is larger or deeper than the server reads.",
        ),
        ("<!DOCTYPE x><x/>".to_owned(), "The body has a document type."),
        ("<x/>".to_owned(), "The root is no envelope of SOAP 1.1 or 1.2."),
        (
            envelope(header, "<n:checkSession/>"),
            "A header with `mustUnderstand` that the server does not know.",
        ),
        (
            "<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\"/>".to_owned(),
            "The envelope has no body.",
        ),
        (envelope("", ""), "The body names no operation."),
        (envelope("", "<n:makeCoffee/>"), "The operation does not exist, or not in the version called."),
        (envelope("", "<n:checkSession/>"), "The operation has parts and the call has none."),
        (
            envelope("", "<n:checkSession><a/><b/></n:checkSession>"),
            "The call has more parts than the operation, and none by a name that it knows.",
        ),
        (
            envelope("", "<n:getProofDetails><FileID>letters</FileID></n:getProofDetails>"),
            "A value does not fit the type of its part, such as letters where there is to be a number.",
        ),
    ];
    let limits = Limits::default();
    let faults = wrong.into_iter().filter_map(|(body, meaning)| {
        read_request(newest(), body.as_bytes(), &limits).err().map(|fault| (fault, meaning))
    });
    faults.collect()
}

fn newest() -> ApiVersion {
    crate::VERSIONS.last().copied().unwrap_or(BASE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wrong_message_is_refused() {
        let found: Vec<String> = message_faults().iter().map(|(fault, _)| fault.text().to_owned()).collect();
        assert_eq!(found.len(), 10, "{found:?}");
        assert_eq!(found[6], "Procedure 'makeCoffee' not present");
    }
}
