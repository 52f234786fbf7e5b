//! SOAP 1.1 and 1.2 for servers that answer rpc/literal: reading envelopes leniently and within
//! limits, typed values, answers, faults and WSDL.
//!
//! The crate knows no transport and no application. A request goes through these steps:
//!
//! 1. [`decode_text`] turns the body into text, [`Request::parse`] into an envelope;
//! 2. [`Registry::find`] looks the operation up in the API version that was called;
//! 3. [`Call::bind`] matches its parts, by name or by position, and [`Call::text`] hands out a single
//!    one (a session id, say) before anything else is looked at;
//! 4. [`Operation::decode`] turns the parts into the typed request;
//! 5. [`write_answer`] or [`Fault::answer`] makes the [`Answer`]: HTTP status, content type, body.
//!
//! Objects and operations are plain structs with `#[derive(SoapObject)]` and
//! `#[derive(SoapRequest)]`; reading, writing, every version's WSDL and the reference documentation
//! come from that one definition. A type cannot contain itself: descriptors are constants, so the
//! compiler refuses it.

mod answer;
mod api_version;
mod call;
mod decode;
mod describe;
mod encoding;
mod envelope;
mod fault;
mod limits;
mod names;
mod registry;
mod tree;
mod value;
mod writer;
mod wsdl;
mod xml;

pub use answer::{Answer, write_answer};
pub use api_version::{ApiVersion, ParseVersionError};
pub use call::Call;
pub use decode::{DecodeError, Decoder};
pub use describe::{ArrayDesc, FieldDesc, ObjectDesc, OperationDesc, Requirement, TypeRef};
pub use encoding::decode_text;
pub use envelope::{Request, SoapVersion};
pub use fault::{Fault, FaultCode};
pub use limits::Limits;
pub use registry::Registry;
pub use soap_derive::{SoapObject, SoapRequest};
pub use tree::{Children, Element};
pub use value::{AnyValue, ArrayItem, Object, Operation, Value};
pub use writer::{Writer, escape_into};
pub use wsdl::{Service, write_wsdl};
