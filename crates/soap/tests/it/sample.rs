//! A small API for the tests, of the shapes that the captured clients call.

use soap::{
    AnyValue, ApiVersion, Call, DecodeError, Fault, Limits, Operation, Registry, Request, SoapObject,
    SoapRequest,
};

pub const OLD: ApiVersion = ApiVersion::new(1, 0);
pub const NEW: ApiVersion = ApiVersion::new(1, 10);

/// A person to add.
#[derive(SoapObject, Debug, Clone, Default, PartialEq)]
#[soap(name = "Person", array = "PersonArray")]
pub struct Person {
    /// Full name.
    pub name: Option<String>,
    /// Mail
    /// address.
    pub email: Option<String>,
    pub role: Option<String>,
    pub notifications: Option<String>,
    pub deadline: Option<String>,
    pub position: Option<String>,
    pub primary_decision_maker: Option<String>,
}

/// A thing with a member of every kind.
#[derive(SoapObject, Debug, Clone, Default, PartialEq)]
#[soap(array = "ThingArray")]
pub struct Thing {
    pub text: Option<String>,
    #[soap(since = "1.9")]
    pub between: String,
    pub number: i64,
    #[soap(nillable_since = "1.10")]
    pub maybe: Option<i64>,
    pub flag: Option<bool>,
    pub price: f64,
    pub owner: Option<Person>,
    pub names: Vec<String>,
    pub people: Vec<Person>,
    #[soap(until = "1.10")]
    pub gone: Option<i64>,
}

/// Logs in.
#[derive(SoapRequest, Debug, PartialEq)]
#[soap(operation = "doLogin", answer = Thing, section = "Sessions")]
pub struct DoLogin {
    #[soap(name = "Login")]
    pub login: Option<String>,
    #[soap(name = "Password")]
    pub password: Option<String>,
}

#[derive(SoapRequest, Debug, PartialEq)]
#[soap(operation = "getAllProofs", answer = Vec<Thing>, section = "Things")]
pub struct GetAllProofs {
    #[soap(name = "SessionID")]
    pub session_id: Option<String>,
    #[soap(name = "StartFrom")]
    pub start_from: Option<i64>,
    #[soap(name = "SearchQuery")]
    pub search_query: Option<String>,
    #[soap(name = "ItemsPerPage")]
    pub items_per_page: Option<i64>,
}

#[derive(SoapRequest, Debug, PartialEq)]
#[soap(operation = "addProofTags", answer = bool, section = "Things")]
pub struct AddProofTags {
    #[soap(name = "SessionID")]
    pub session_id: Option<String>,
    #[soap(name = "FileID")]
    pub file_id: Option<i64>,
    #[soap(name = "TagID")]
    pub tag_id: Option<Vec<i64>>,
}

#[derive(SoapRequest, Debug, PartialEq)]
#[soap(operation = "addProofReviewers", answer = bool, section = "Things")]
pub struct AddProofReviewers {
    #[soap(name = "SessionID")]
    pub session_id: Option<String>,
    #[soap(name = "FileID", required)]
    pub file_id: i64,
    #[soap(name = "Recipients")]
    pub recipients: Vec<Person>,
    #[soap(name = "SuppressNewProofNotification", since = "1.10")]
    pub suppress: Option<bool>,
}

/// Takes one of everything.
#[derive(SoapRequest, Debug, PartialEq)]
#[soap(operation = "takeAll", answer = String, section = "Things")]
pub struct TakeAll {
    pub text: Option<String>,
    #[soap(required)]
    pub must: String,
    pub number: Option<i64>,
    pub flag: Option<bool>,
    pub price: Option<f64>,
    pub thing: Option<Thing>,
    pub any: Option<Vec<AnyValue>>,
}

/// Exists only in between.
#[derive(SoapRequest, Debug, PartialEq)]
#[soap(operation = "Passing", answer = bool, section = "Things", since = "1.2", until = "1.5")]
pub struct Passing {}

pub fn registry() -> Registry {
    let operations = [
        const { &DoLogin::OPERATION },
        const { &GetAllProofs::OPERATION },
        const { &AddProofTags::OPERATION },
        const { &AddProofReviewers::OPERATION },
        const { &TakeAll::OPERATION },
        const { &Passing::OPERATION },
    ];
    Registry::new(operations, &["Person", "PersonArray", "StringArray"])
}

/// Why a request was refused.
#[derive(Debug, PartialEq)]
pub enum Refusal {
    Fault(Fault),
    Decode(DecodeError),
}

/// The whole way from bytes to typed parts.
pub fn decode<T: Operation>(body: &[u8], version: ApiVersion, limits: &Limits) -> Result<T, Refusal> {
    let text = soap::decode_text(body, limits).map_err(Refusal::Fault)?;
    let request = Request::parse(&text, limits).map_err(Refusal::Fault)?;
    let name = request.call().map_err(Refusal::Fault)?.name();
    let registry = registry();
    let operation =
        registry.find(name, version).ok_or_else(|| Refusal::Fault(Fault::unknown_operation(name)))?;
    assert_eq!(operation.name, T::OPERATION.name, "the request is for another operation");
    let call = Call::bind(&request, operation, version).map_err(Refusal::Fault)?;
    T::decode(&call).map_err(Refusal::Decode)
}

/// An envelope of SOAP 1.1 around `body`.
pub fn envelope(body: &str) -> String {
    format!(
        "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/' \
         xmlns:c='http://schemas.xmlsoap.org/soap/encoding/' \
         xmlns:i='http://www.w3.org/2001/XMLSchema-instance'><e:Body>{body}</e:Body></e:Envelope>"
    )
}

/// `takeAll` with these parts.
pub fn take(parts: &str) -> Result<TakeAll, Refusal> {
    let body = envelope(&format!("<takeAll><must>x</must>{parts}</takeAll>"));
    decode(body.as_bytes(), NEW, &Limits::default())
}
