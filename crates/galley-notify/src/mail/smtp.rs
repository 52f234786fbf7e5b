//! Sending.

use galley_store::Mail;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use std::time::Duration;

/// A mail server that has not answered a command by then has gone.
const PATIENCE: Duration = Duration::from_secs(60);

/// Why a mail was not taken.
pub(crate) struct Refusal {
    /// For administrators.
    pub problem: String,
    /// It would be refused again.
    pub for_good: bool,
}

/// A connection to a mail server, made anew for every mail.
pub(crate) struct Sender {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    /// Right side of message ids.
    host: String,
}

impl Sender {
    /// Reads the address of a mail server, such as `smtps://user:password@mail.example.com`, and that
    /// of the sender. `host` is the name of this server.
    pub(crate) fn new(url: &str, from: &str, host: &str) -> Result<Sender, String> {
        let from: Mailbox =
            from.parse().map_err(|_| format!("this is not an address that mail can come from: {from}"))?;
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .map_err(|error| format!("this is not the address of a mail server: {error}"))?
            .hello_name(ClientId::Domain(host.to_owned()))
            .timeout(Some(PATIENCE))
            .build();
        Ok(Sender { transport, from, host: host.to_owned() })
    }

    /// The logo is that which the HTML form shows: its address there, and its bytes. It goes with the mail,
    /// because many mail programs fetch nothing, and few servers of a house can be reached from outside.
    pub(crate) async fn send(&self, mail: &Mail, logo: Option<(String, Vec<u8>)>) -> Result<(), Refusal> {
        let message = self.message(mail, logo).map_err(|problem| Refusal { problem, for_good: true })?;
        match self.transport.send(message).await {
            Ok(_) => Ok(()),
            Err(error) => {
                // Logging in and sending from an address are set up, not this mail's fault.
                let mut problem = format!("The mail server did not take it: {error}");
                let mut cause = std::error::Error::source(&error);
                while let Some(inner) = cause {
                    let text = inner.to_string();
                    if !problem.contains(&text) {
                        problem.push_str(&format!(": {text}"));
                    }
                    cause = inner.source();
                }
                let setup =
                    error.status().is_some_and(|code| matches!(u16::from(code), 530 | 534 | 535 | 538));
                Err(Refusal { problem, for_good: error.is_permanent() && !setup })
            }
        }
    }

    fn message(&self, mail: &Mail, logo: Option<(String, Vec<u8>)>) -> Result<Message, String> {
        let bad = |error: &dyn std::fmt::Display| format!("This mail cannot be written: {error}.");
        let to: Address = mail.to_email.parse().map_err(|error| bad(&error))?;
        let date = std::time::SystemTime::try_from(mail.happened).map_err(|error| bad(&error))?;
        let name = one_line(&mail.to_name);
        let name = Some(name).filter(|name| !name.is_empty() && *name != mail.to_email);
        let mut builder = Message::builder()
            .message_id(Some(format!("<{}.{}@{}>", mail.id, mail.happened.as_millisecond(), self.host)))
            .date(date)
            .from(self.from.clone())
            .to(Mailbox::new(name, to))
            .subject(one_line(&mail.subject))
            .raw_header(HeaderValue::new(
                HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-generated".to_owned(),
            ));
        if let Some(Ok(reply_to)) = mail.reply_to.as_ref().map(|address| address.parse::<Address>()) {
            builder = builder.reply_to(Mailbox::new(None, reply_to));
        }
        let Some((url, bytes)) = logo else {
            let parts = MultiPart::alternative_plain_html(mail.text.clone(), mail.html.clone());
            return builder.multipart(parts).map_err(|error| bad(&error));
        };
        let id = format!("logo.{}@{}", mail.id, self.host);
        let html = mail.html.replace(&url, &format!("cid:{id}"));
        let picture = ContentType::parse("image/png").map_err(|error| bad(&error))?;
        let related = MultiPart::related()
            .singlepart(SinglePart::html(html))
            .singlepart(Attachment::new_inline(id).body(bytes, picture));
        let parts =
            MultiPart::alternative().singlepart(SinglePart::plain(mail.text.clone())).multipart(related);
        builder.multipart(parts).map_err(|error| bad(&error))
    }
}

/// Text without line breaks and other controls: what goes into a header must not become two.
fn one_line(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use galley_model::{AccountId, Timestamp};
    use galley_store::MailState;

    fn mail() -> Mail {
        Mail {
            id: 7,
            account: AccountId(1),
            proof: None,
            kind: "message".to_owned(),
            to_name: "Ann\r\nBcc: eve@example.com".to_owned(),
            to_email: "ann@example.com".to_owned(),
            reply_to: Some("second@example.com".to_owned()),
            subject: "Grüße\r\nX-Evil: yes\n\n.".to_owned(),
            text: "Hello\n.\nBye".to_owned(),
            html: "<p>Hello</p>".to_owned(),
            state: MailState::Waiting,
            attempts: 0,
            happened: Timestamp::from_second(1_772_443_815).expect("a time"),
            next: Timestamp::UNIX_EPOCH,
            finished: None,
            problem: None,
        }
    }

    #[tokio::test]
    async fn headers_cannot_be_added_by_what_people_write() {
        let sender =
            Sender::new("smtp://127.0.0.1:2525", "Galley <galley@example.com>", "proofs.example.com");
        let Ok(sender) = sender else { panic!("no sender") };
        let message = sender.message(&mail(), None).expect("a message");
        let text = String::from_utf8(message.formatted()).expect("ASCII");
        let (head, _) = text.split_once("\r\n\r\n").expect("a head");
        let names: Vec<&str> = head
            .lines()
            .filter(|line| !line.starts_with([' ', '\t']))
            .filter_map(|line| line.split(':').next())
            .collect();
        for evil in ["Bcc", "X-Evil"] {
            assert!(!names.iter().any(|name| name.eq_ignore_ascii_case(evil)), "{head}");
        }
        for (name, value) in [
            ("Message-ID", "<7.1772443815000@proofs.example.com>"),
            ("Auto-Submitted", "auto-generated"),
            ("Reply-To", "second@example.com"),
            ("Date", "Mon, 02 Mar 2026 09:30:15 +0000"),
            ("From", "Galley <galley@example.com>"),
        ] {
            assert!(head.contains(&format!("{name}: {value}")), "{name} in {head}");
        }
    }

    #[test]
    fn what_an_administrator_may_have_mistyped() {
        for (url, from) in [
            ("mail.example.com", "a@example.com"),
            ("http://mail.example.com", "a@example.com"),
            ("smtp://mail.example.com", "nobody"),
            ("smtp://mail.example.com", ""),
        ] {
            assert!(Sender::new(url, from, "localhost").is_err(), "{url} {from}");
        }
        for url in [
            "smtp://mail.example.com",
            "smtps://u:p@mail.example.com:465",
            "smtp://u:p@m.example.com:587?tls=required",
        ] {
            assert!(Sender::new(url, "a@example.com", "localhost").is_ok(), "{url}");
        }
    }
}
