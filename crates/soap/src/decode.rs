use std::borrow::Cow;
use std::fmt;

use crate::api_version::ApiVersion;
use crate::describe::FieldDesc;
use crate::fault::{Fault, FaultCode};
use crate::limits::Limits;
use crate::tree::Element;
use crate::value::Value;

/// Why the parts of a call could not be turned into typed values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DecodeError {
    /// A value does not fit its type.
    Violation,
    /// A part that has to be there is absent, null or empty.
    Missing {
        /// Name of the type.
        ty: &'static str,
        /// Name of the part.
        name: &'static str,
    },
    /// `href` to an id that the document does not have.
    UnresolvedReference(String),
    /// `href` to somewhere outside the document.
    ExternalReference(String),
    /// References go round in a circle, or following them exceeds a limit.
    TooLarge,
}

impl DecodeError {
    /// The fault for everything but [`DecodeError::Missing`], whose wording belongs to the application.
    pub fn into_fault(self, missing: impl FnOnce(&'static str, &'static str) -> Fault) -> Fault {
        let server = |text: String| Fault::new(FaultCode::Server, text);
        match self {
            DecodeError::Violation => Fault::violation(),
            DecodeError::Missing { ty, name } => missing(ty, name),
            DecodeError::UnresolvedReference(id) => {
                server(format!("SOAP-ERROR: Encoding: Unresolved reference '{id}'"))
            }
            DecodeError::ExternalReference(uri) => {
                server(format!("SOAP-ERROR: Encoding: External reference '{uri}'"))
            }
            DecodeError::TooLarge => Fault::bad_request(),
        }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DecodeError::Violation => f.write_str("a value does not fit its type"),
            DecodeError::Missing { ty, name } => write!(f, "{ty} '{name}' is missing"),
            DecodeError::UnresolvedReference(id) => write!(f, "no element has the id '{id}'"),
            DecodeError::ExternalReference(uri) => write!(f, "'{uri}' is outside the message"),
            DecodeError::TooLarge => f.write_str("references expand beyond the limits"),
        }
    }
}

impl std::error::Error for DecodeError {}

/// Takes typed values out of elements and counts what that costs. References make a document a graph:
/// a few hundred bytes may describe millions of values, so visits, depth and text are bounded here
/// again.
pub struct Decoder<'l> {
    limits: &'l Limits,
    version: ApiVersion,
    visits: usize,
    text: usize,
    depth: usize,
}

impl<'l> Decoder<'l> {
    pub(crate) fn new(limits: &'l Limits, version: ApiVersion) -> Decoder<'l> {
        Decoder { limits, version, visits: 0, text: 0, depth: 0 }
    }

    /// The API version that was called.
    pub fn version(&self) -> ApiVersion {
        self.version
    }

    /// The element that holds the value of `element`: itself, or where its references lead. `None`
    /// for a null.
    ///
    /// # Errors
    /// References that lead nowhere, outside, or too far.
    pub fn enter<'d>(&mut self, mut element: Element<'d>) -> Result<Option<Element<'d>>, DecodeError> {
        for _ in 0..=self.limits.hops {
            self.visits += 1;
            if self.visits > self.limits.visits {
                return Err(DecodeError::TooLarge);
            }
            if element.is_nil() {
                return Ok(None);
            }
            let Some(reference) = element.reference() else { return Ok(Some(element)) };
            // SOAP 1.2 refers to the bare id.
            let id = match reference.strip_prefix('#') {
                Some(id) => id,
                None if reference.contains([':', '/']) => {
                    return Err(DecodeError::ExternalReference(excerpt(reference)));
                }
                None => reference,
            };
            element =
                element.with_id(id).ok_or_else(|| DecodeError::UnresolvedReference(excerpt(reference)))?;
        }
        Err(DecodeError::TooLarge)
    }

    /// Text of a simple value, entered with [`Decoder::enter`].
    ///
    /// # Errors
    /// `Violation` when the element has child elements.
    pub fn text<'d>(&mut self, element: Element<'d>) -> Result<&'d str, DecodeError> {
        let text = element.text().ok_or(DecodeError::Violation)?;
        self.text += text.len();
        if self.text > self.limits.decoded_text { Err(DecodeError::TooLarge) } else { Ok(text) }
    }

    /// Runs `read` one level deeper.
    ///
    /// # Errors
    /// `TooLarge` beyond the allowed depth, and what `read` reports.
    pub fn nested<T>(
        &mut self,
        read: impl FnOnce(&mut Decoder<'l>) -> Result<T, DecodeError>,
    ) -> Result<T, DecodeError> {
        self.depth += 1;
        let result = if self.depth > self.limits.depth { Err(DecodeError::TooLarge) } else { read(self) };
        self.depth -= 1;
        result
    }

    /// Puts the children of `element` into the slots of `fields` by local name. The first of two wins;
    /// what the called version does not have is passed over.
    pub fn fields<'d>(&self, element: Element<'d>, fields: &[FieldDesc], slots: &mut [Option<Element<'d>>]) {
        // Senders mostly keep to the declared order, so the search starts where the last one ended.
        let mut expected = 0;
        for child in element.children() {
            let (before, after) = fields.split_at(expected.min(fields.len()));
            let found = after.iter().position(|field| field.name == child.name()).map(|at| at + before.len());
            let found = found.or_else(|| before.iter().position(|field| field.name == child.name()));
            let Some(found) = found else { continue };
            expected = found + 1;
            if fields[found].in_version(self.version) && slots[found].is_none() {
                slots[found] = Some(child);
            }
        }
    }

    /// Value of a slot, `None` when it is absent or null.
    ///
    /// # Errors
    /// What reading the value reports.
    pub fn optional<T: Value>(&mut self, slot: Option<Element<'_>>) -> Result<Option<T>, DecodeError> {
        match slot {
            None => Ok(None),
            Some(element) => self.nested(|decoder| T::read(element, decoder)),
        }
    }

    /// Insists on a value.
    ///
    /// # Errors
    /// `Missing` when there is none or it is an empty text.
    pub fn present<T: Value>(field: &FieldDesc, value: Option<T>) -> Result<T, DecodeError> {
        let missing = DecodeError::Missing { ty: field.ty.name(), name: field.name };
        value.filter(|value| !value.is_blank()).ok_or(missing)
    }
}

/// References are as long as the sender likes; a fault shows their beginning.
fn excerpt(reference: &str) -> String {
    let cut: Cow<'_, str> = match reference.char_indices().nth(64) {
        Some((at, _)) => Cow::Owned(format!("{}…", &reference[..at])),
        None => Cow::Borrowed(reference),
    };
    cut.into_owned()
}
