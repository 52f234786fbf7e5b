use crate::fault::{Fault, FaultCode};
use crate::limits::Limits;
use crate::names;
use crate::tree::{Document, Element, Ns};

/// Version of the SOAP protocol, known by the namespace of the envelope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SoapVersion {
    /// SOAP 1.1.
    V11,
    /// SOAP 1.2.
    V12,
}

impl SoapVersion {
    /// Content type of answers in this version.
    pub const fn content_type(self) -> &'static str {
        match self {
            SoapVersion::V11 => "text/xml; charset=utf-8",
            SoapVersion::V12 => "application/soap+xml; charset=utf-8",
        }
    }

    pub(crate) const fn namespace(self) -> &'static str {
        match self {
            SoapVersion::V11 => names::ENVELOPE_11,
            SoapVersion::V12 => names::ENVELOPE_12,
        }
    }
}

/// A request: the envelope taken apart, values untouched.
pub struct Request<'a> {
    document: Document<'a>,
    limits: Limits,
    version: SoapVersion,
    call: Call,
}

/// What the body held.
enum Call {
    /// The path to the element is fixed: which child of the body it is.
    Nth(usize),
    /// A fault that belongs to an envelope whose version is known.
    Wrong(Fault),
}

impl<'a> Request<'a> {
    /// Reads an envelope. A fault about the envelope of known version is kept for
    /// [`Request::call`], so that it can be answered in that version.
    ///
    /// # Errors
    /// What has to be answered in SOAP 1.1 because no version is known: `Bad Request` for XML that is
    /// not well-formed or beyond a limit, a fault for a document type, `VersionMismatch` for a root
    /// that is no envelope.
    pub fn parse(text: &'a str, limits: &Limits) -> Result<Request<'a>, Fault> {
        let document = Document::parse(text, limits)?;
        let root = document.root();
        let version = match (root.ns(), root.name()) {
            (Ns::Soap11, "Envelope") => SoapVersion::V11,
            (Ns::Soap12, "Envelope") => SoapVersion::V12,
            _ => return Err(Fault::new(FaultCode::VersionMismatch, "Wrong Version")),
        };
        let call = match find_call(root) {
            Ok(nth) => Call::Nth(nth),
            Err(fault) => Call::Wrong(fault),
        };
        Ok(Request { document, limits: *limits, version, call })
    }

    /// Version to answer in.
    pub fn version(&self) -> SoapVersion {
        self.version
    }

    /// The element of the operation: the first child of the Body that is not marked as a mere target
    /// of references. Its local name is the operation, its children are the parts.
    ///
    /// # Errors
    /// The fault of an envelope without Body or call, or with a header that must be understood.
    pub fn call(&self) -> Result<Element<'_>, Fault> {
        match &self.call {
            Call::Wrong(fault) => Err(fault.clone()),
            Call::Nth(nth) => {
                let body = body(self.document.root());
                body.and_then(|body| body.children().nth(*nth)).ok_or_else(Fault::bad_request)
            }
        }
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }
}

fn body(root: Element<'_>) -> Option<Element<'_>> {
    root.children().find(|child| child.name() == "Body" && child.ns() == root.ns())
}

fn find_call(root: Element<'_>) -> Result<usize, Fault> {
    let client = |text: &'static str| Fault::new(FaultCode::Client, text);
    let body = body(root).ok_or_else(|| client("Body must be present in a SOAP envelope"))?;
    let headers = root.children().take_while(|child| child.name() != "Body");
    let headers = headers.filter(|child| child.name() == "Header" && child.ns() == root.ns());
    if headers.flat_map(Element::children).any(Element::must_be_understood) {
        return Err(Fault::new(FaultCode::MustUnderstand, "Header not understood"));
    }
    body.children()
        .position(|child| !child.is_not_root())
        .ok_or_else(|| client("looks like we got \"Body\" without function call"))
}
