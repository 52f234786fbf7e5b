use crate::api_version::ApiVersion;
use crate::envelope::SoapVersion;
use crate::names;
use crate::value::Value;
use crate::writer::Writer;

/// What a server sends back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status: 200, or 500 for faults.
    pub status: u16,
    /// Value of the `Content-Type` header.
    pub content_type: &'static str,
    /// The envelope, UTF-8 on one line.
    pub body: Vec<u8>,
}

/// Writes the answer to `operation`: `<ns1:{operation}Response><result>…` in `namespace`, with
/// the fields that `version` has.
pub fn write_answer<T: Value>(
    result: &T,
    operation: &str,
    namespace: &str,
    soap: SoapVersion,
    version: ApiVersion,
) -> Answer {
    let mut w = Writer::document(version);
    let (prefix, rpc) = match soap {
        SoapVersion::V11 => ("SOAP-ENV", false),
        SoapVersion::V12 => ("env", true),
    };
    w.raw("<").raw(prefix).raw(":Envelope xmlns:").raw(prefix).raw("=\"").raw(soap.namespace());
    w.raw("\" xmlns:ns1=\"").attribute_text(namespace).raw("\"><").raw(prefix).raw(":Body");
    if rpc {
        w.raw(" xmlns:rpc=\"").raw(names::RPC_12).raw("\"");
    }
    w.raw("><ns1:").raw(operation).raw("Response>");
    if rpc {
        w.raw("<rpc:result>result</rpc:result>");
    }
    result.write("result", &mut w);
    w.raw("</ns1:")
        .raw(operation)
        .raw("Response></")
        .raw(prefix)
        .raw(":Body></")
        .raw(prefix)
        .raw(":Envelope>\n");
    Answer { status: 200, content_type: soap.content_type(), body: w.finish().into_bytes() }
}
