//! Faults of the contract. Clients compare codes and some compare texts, so both are written here and
//! nowhere else.

use std::borrow::Cow;

use soap::Fault;

/// 303: the login name and the password or token do not belong together.
pub fn invalid_login() -> Fault {
    Fault::application("303", "Your log in details are not valid.")
}

/// 305: the session is unknown or over.
pub fn invalid_session() -> Fault {
    Fault::application("305", "Invalid Session ID.")
}

/// 307: too many failed logins.
pub fn account_locked() -> Fault {
    Fault::application("307", "Account is locked.")
}

/// 400: the part `name` of type `ty` is absent, null or empty.
pub fn missing_parameter(ty: &str, name: &str) -> Fault {
    Fault::application("400", format!("Required {ty} parameter '{name}' is not present."))
}

/// 400: a part has a value that the operation cannot take.
pub fn invalid_parameter(text: impl Into<Cow<'static, str>>) -> Fault {
    Fault::application("400", text)
}

/// 403: the caller may not do this.
pub fn forbidden() -> Fault {
    Fault::application("403", "the user does not have permission to perform this action")
}

/// 403: the caller has nothing to do with this account.
pub fn foreign_account() -> Fault {
    Fault::application("403", "you do not have access to this account")
}

/// 404: there is no such thing, or the caller does not see it.
pub fn not_found(text: impl Into<Cow<'static, str>>) -> Fault {
    Fault::application("404", text)
}

/// 404: the reviewer is unknown.
pub fn invalid_recipient() -> Fault {
    not_found("Invalid Recipient ID")
}

/// The server failed. What exactly is for its log, not for the caller.
pub fn internal() -> Fault {
    Fault::new(soap::FaultCode::Server, "Internal error")
}

#[cfg(test)]
mod tests {
    use super::*;
    use soap::SoapVersion;

    #[test]
    fn a_session_fault_on_the_wire() {
        let answer = invalid_session().answer(SoapVersion::V11);
        assert_eq!(answer.status, 500);
        assert_eq!(
            String::from_utf8(answer.body).as_deref(),
            Ok(concat!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
                "<SOAP-ENV:Envelope xmlns:SOAP-ENV=\"http://schemas.xmlsoap.org/soap/envelope/\">",
                "<SOAP-ENV:Body><SOAP-ENV:Fault><faultcode>305</faultcode>",
                "<faultstring>Invalid Session ID.</faultstring></SOAP-ENV:Fault></SOAP-ENV:Body>",
                "</SOAP-ENV:Envelope>\n",
            ))
        );
    }

    #[test]
    fn the_text_of_a_missing_part_names_type_and_part() {
        let fault = missing_parameter("string", "Hash");
        assert_eq!(fault.to_string(), "400: Required string parameter 'Hash' is not present.");
    }
}
