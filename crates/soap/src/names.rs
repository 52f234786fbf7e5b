//! Namespace names, each in one place.

pub(crate) const ENVELOPE_11: &str = "http://schemas.xmlsoap.org/soap/envelope/";
pub(crate) const ENVELOPE_12: &str = "http://www.w3.org/2003/05/soap-envelope";
pub(crate) const ENCODING_11: &str = "http://schemas.xmlsoap.org/soap/encoding/";
pub(crate) const ENCODING_12: &str = "http://www.w3.org/2003/05/soap-encoding";
pub(crate) const RPC_12: &str = "http://www.w3.org/2003/05/soap-rpc";
pub(crate) const XSD: &str = "http://www.w3.org/2001/XMLSchema";
pub(crate) const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";
pub(crate) const WSDL: &str = "http://schemas.xmlsoap.org/wsdl/";
pub(crate) const WSDL_SOAP: &str = "http://schemas.xmlsoap.org/wsdl/soap/";
pub(crate) const HTTP_TRANSPORT: &str = "http://schemas.xmlsoap.org/soap/http";
pub(crate) const ACTOR_NEXT_11: &str = "http://schemas.xmlsoap.org/soap/actor/next";
pub(crate) const ROLE_NEXT_12: &str = "http://www.w3.org/2003/05/soap-envelope/role/next";
pub(crate) const ROLE_LAST_12: &str = "http://www.w3.org/2003/05/soap-envelope/role/ultimateReceiver";
