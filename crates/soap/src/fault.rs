use std::borrow::Cow;
use std::fmt;

use crate::answer::Answer;
use crate::envelope::SoapVersion;
use crate::names;
use crate::writer::{DECLARATION, escape_into};

/// Code of a fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FaultCode {
    /// The request is wrong (`SOAP-ENV:Client`, in SOAP 1.2 `env:Sender`).
    Client,
    /// The server cannot do it (`SOAP-ENV:Server`, in SOAP 1.2 `env:Receiver`).
    Server,
    /// The envelope is of an unknown version.
    VersionMismatch,
    /// A header that had to be understood was not.
    MustUnderstand,
    /// A code of the application, written bare.
    Application(Cow<'static, str>),
}

/// A fault: code and text, no detail. It is also the error type of everything that reads a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    code: FaultCode,
    text: Cow<'static, str>,
}

impl Fault {
    /// A fault with `code` and `text`.
    pub fn new(code: FaultCode, text: impl Into<Cow<'static, str>>) -> Fault {
        Fault { code, text: text.into() }
    }

    /// A fault with a code of the application, such as `305`.
    pub fn application(code: impl Into<Cow<'static, str>>, text: impl Into<Cow<'static, str>>) -> Fault {
        Fault::new(FaultCode::Application(code.into()), text)
    }

    /// Not well-formed, not text, or beyond a limit.
    pub fn bad_request() -> Fault {
        Fault::new(FaultCode::Client, "Bad Request")
    }

    /// The operation `name` does not exist in the version called.
    pub fn unknown_operation(name: &str) -> Fault {
        Fault::new(FaultCode::Server, format!("Procedure '{name}' not present"))
    }

    /// A value that does not fit its declared type.
    pub fn violation() -> Fault {
        Fault::new(FaultCode::Server, "SOAP-ERROR: Encoding: Violation of encoding rules")
    }

    /// The code.
    pub fn code(&self) -> &FaultCode {
        &self.code
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The fault as an answer in SOAP `version`: status 500 and the body on one line.
    pub fn answer(&self, version: SoapVersion) -> Answer {
        let mut body = String::with_capacity(512);
        body.push_str(DECLARATION);
        match version {
            SoapVersion::V11 => {
                body.push_str("<SOAP-ENV:Envelope xmlns:SOAP-ENV=\"");
                body.push_str(names::ENVELOPE_11);
                body.push_str("\"><SOAP-ENV:Body><SOAP-ENV:Fault><faultcode>");
                self.push_code(&mut body, "SOAP-ENV:", "Client", "Server");
                body.push_str("</faultcode><faultstring>");
                escape_into(&mut body, &self.text);
                body.push_str("</faultstring></SOAP-ENV:Fault></SOAP-ENV:Body></SOAP-ENV:Envelope>\n");
            }
            SoapVersion::V12 => {
                body.push_str("<env:Envelope xmlns:env=\"");
                body.push_str(names::ENVELOPE_12);
                body.push_str("\"><env:Body><env:Fault><env:Code><env:Value>");
                self.push_code(&mut body, "env:", "Sender", "Receiver");
                body.push_str("</env:Value></env:Code><env:Reason><env:Text xml:lang=\"en\">");
                escape_into(&mut body, &self.text);
                body.push_str("</env:Text></env:Reason></env:Fault></env:Body></env:Envelope>\n");
            }
        }
        Answer { status: 500, content_type: version.content_type(), body: body.into_bytes() }
    }

    fn push_code(&self, body: &mut String, prefix: &str, client: &str, server: &str) {
        let local = match &self.code {
            FaultCode::Client => client,
            FaultCode::Server => server,
            FaultCode::VersionMismatch => "VersionMismatch",
            FaultCode::MustUnderstand => "MustUnderstand",
            FaultCode::Application(code) => return escape_into(body, code),
        };
        body.push_str(prefix);
        body.push_str(local);
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.code {
            FaultCode::Application(code) => write!(f, "{code}: {}", self.text),
            code => write!(f, "{code:?}: {}", self.text),
        }
    }
}

impl std::error::Error for Fault {}
