//! Faults of the contract. Clients compare codes and some compare texts, so both are written here and
//! nowhere else.

use std::borrow::Cow;

use galley_service::{Missing, ServiceError};
use soap::{Fault, FaultCode};

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

/// 307: the password is older than the account allows.
pub fn password_expired() -> Fault {
    Fault::application("307", "The password has expired.")
}

/// 400: the part `name` of type `ty` is absent, null or empty.
pub fn missing_parameter(ty: &str, name: &str) -> Fault {
    Fault::application("400", format!("Required {ty} parameter '{name}' is not present."))
}

/// 400: a part has a value that the operation cannot take.
pub fn invalid_parameter(text: impl Into<Cow<'static, str>>) -> Fault {
    Fault::application("400", text)
}

/// 400: the part `name` has a value that it cannot have.
pub fn invalid_value(name: &str, value: &str) -> Fault {
    let mut shown: String = value.chars().take(40).collect();
    if shown.len() < value.len() {
        shown.push('…');
    }
    invalid_parameter(format!("Invalid value '{shown}' of parameter '{name}'."))
}

/// 403: the caller may not do this.
pub fn forbidden() -> Fault {
    Fault::application("403", "the user does not have permission to perform this action")
}

/// 403: settings of an account are its administrators' business.
pub fn no_settings() -> Fault {
    Fault::application("403", "no permissions to access settings")
}

/// 403: the file cannot be fetched by a link alone.
pub fn no_open_link() -> Fault {
    Fault::application("403", "the file cannot be downloaded without logging in")
}

/// 403: the caller has nothing to do with this account.
pub fn foreign_account() -> Fault {
    Fault::application("403", "you do not have access to this account")
}

/// 403: the caller lacks a right that the text names.
pub fn denied(text: impl Into<Cow<'static, str>>) -> Fault {
    Fault::application("403", text)
}

/// 404: there is no such thing, or the caller does not see it.
pub fn not_found(text: impl Into<Cow<'static, str>>) -> Fault {
    Fault::application("404", text)
}

/// 404: the reviewer is unknown.
pub fn invalid_recipient() -> Fault {
    not_found("Invalid Recipient ID")
}

/// 404: the stage is unknown.
pub fn invalid_stage() -> Fault {
    not_found("Invalid Stage ID")
}

/// The server failed. What exactly is for its log, not for the caller.
pub fn internal() -> Fault {
    Fault::new(FaultCode::Server, "Internal error")
}

/// The fault for a use case that said no. Its texts are made for callers and hold nothing internal;
/// where the original has a text of its own, or a pattern of texts, that one is used.
pub fn of(error: ServiceError) -> Fault {
    match error {
        ServiceError::NoSession => invalid_session(),
        ServiceError::BadCredentials => invalid_login(),
        ServiceError::LoginLocked => account_locked(),
        ServiceError::PasswordExpired => password_expired(),
        ServiceError::Forbidden => forbidden(),
        ServiceError::Denied(text) => denied(text),
        ServiceError::ApiOnly => denied(error.to_string()),
        ServiceError::Locked => Fault::application("403", "the proof is locked"),
        ServiceError::StageLocked => Fault::application("403", "the stage is locked"),
        ServiceError::StageWaiting => Fault::application("403", "the stage has not started"),
        // Two sentences that do not go together, and yet what the original says.
        ServiceError::EmptyStage => Fault::application(
            "403",
            "You do not have privilege to perform this request. The stage must contain at least one recipient.",
        ),
        ServiceError::Archived => Fault::application("403", "the proof is archived"),
        ServiceError::NotFound(missing) => unknown(missing),
        ServiceError::Gone => unknown(Missing::Proof),
        ServiceError::Invalid(_, text) | ServiceError::Conflict(text) => invalid_parameter(text),
        ServiceError::TooLarge(_) | ServiceError::Upload(_) => invalid_parameter(error.to_string()),
        ServiceError::StorageFull | ServiceError::Busy | ServiceError::Media(_) => {
            Fault::new(FaultCode::Server, error.to_string())
        }
        ServiceError::Internal => internal(),
    }
}

/// The fault of every id that leads nowhere, and a list of them all.
macro_rules! unknown_ids {
    ($($($missing:path)|+ => $text:expr,)*) => {
        /// An id that leads nowhere: never given out, given to another account, or out of the caller's
        /// sight. All of these are one fault, so that nobody learns which ids exist.
        fn unknown(missing: Missing) -> Fault {
            not_found(match missing {
                $($($missing)|+ => $text,)*
            })
        }

        const UNKNOWN: &[Missing] = &[$($($missing),+),*];
    };
}

unknown_ids! {
        Missing::Proof | Missing::Link => "Invalid File ID",
        Missing::Reviewer => return invalid_recipient(),
        Missing::Comment => "Invalid Comment ID",
        Missing::Reply => "Invalid Reply ID",
        Missing::Workspace => "Invalid Workspace ID",
        Missing::Owner => "Invalid Owner ID",
        Missing::Group => "Invalid Group ID",
        Missing::Action => "Invalid Action ID",
        Missing::GroupMember => "Invalid Member ID",
        Missing::Batch => "Invalid Batch ID",
        Missing::Dropzone => "Invalid Dropzone URL",
        Missing::File => "Invalid Hash",
        Missing::Stage => return invalid_stage(),
        Missing::Template => "Invalid Workflow Template ID",
        Missing::Mail => "Invalid Mail ID",
        Missing::Logo => "Invalid Logo",
        Missing::Summary => "Invalid Summary ID",
        Missing::PageSearch => "Invalid Search ID",
        Missing::Page => "The proof has no page yet.",
        Missing::Tag => "Invalid Tag ID",
        Missing::User => "Invalid User ID",
        Missing::View => "Invalid List View ID",
        Missing::Contact => "Invalid Contact",
        Missing::Plan => "Invalid Plan ID",
        // The live server answers this for every account that is not the caller's own.
        Missing::Account => return foreign_account(),
}

/// Every fault that the API knows, and when it is answered: for the reference.
pub(crate) fn table() -> Vec<(Fault, &'static str)> {
    let mut table = vec![
        (invalid_login(), "The login name and the password or token do not belong together."),
        (invalid_session(), "There is no such session, or it is over."),
        (account_locked(), "Too many logins failed; the next try counts after a while."),
        (password_expired(), "The password is right but too old. A new one lets its owner in."),
        (
            missing_parameter("string", "Hash"),
            "A required part is absent, null or empty. The text names its type and its name.",
        ),
        (invalid_value("Deadline", "soon"), "A part has a value that it cannot have. The text names both."),
        (invalid_parameter("…"), "Anything else that is wrong with what was sent, in a sentence."),
        (denied("…"), "The caller may not do this, with a sentence that says why."),
        (forbidden(), "The caller sees the thing and may not do this with it."),
        (of(ServiceError::Locked), "The proof is locked, and this changes it."),
        (no_settings(), "Settings of the account are its administrators' business."),
        (no_open_link(), "The proof can be downloaded by people who log in only."),
        (foreign_account(), "An `AccountID` that is not the caller's own."),
    ];
    for fault in UNKNOWN.iter().map(|missing| unknown(*missing)) {
        if table.iter().all(|(known, _)| *known != fault) {
            table.push((fault, "There is no such thing, or the caller does not see it."));
        }
    }
    table.extend([
        (of(ServiceError::StorageFull), "The disk is full."),
        (of(ServiceError::Busy), "The server has too much to do. Try again."),
        (internal(), "The server failed. What exactly is in its log."),
    ]);
    table
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
