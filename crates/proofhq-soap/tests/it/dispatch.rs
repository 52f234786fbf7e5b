//! The order of complaints, and the way to a handler and back.

use proofhq_soap::comments::{AddCommentReply, CommentReplyObject};
use proofhq_soap::proofs::{CreateProof, FileObject};
use proofhq_soap::sessions::{CheckSession, DoLogin, LoginObject};
use proofhq_soap::{BASE, Backend, Dispatcher, Handler, OpenHandler, Reply, Route, faults};
use soap::{Fault, FaultCode, Limits};

struct Office;

struct Ann;

impl Backend for Office {
    type Caller = Ann;

    fn caller(&self, session_id: &str) -> Result<Ann, Fault> {
        if session_id == "good" { Ok(Ann) } else { Err(faults::invalid_session()) }
    }
}

impl OpenHandler<Office> for DoLogin {
    fn handle(self, _: &Office) -> Result<LoginObject, Fault> {
        match (self.login.as_deref(), self.password.as_deref()) {
            (Some("ann@example.com"), Some("secret")) => {
                Ok(LoginObject { session: "good".into(), user_id: 7, ..LoginObject::default() })
            }
            _ => Err(faults::invalid_login()),
        }
    }
}

impl Handler<Office> for CheckSession {
    fn handle(self, _: &Office, _: &Ann) -> Result<bool, Fault> {
        Ok(true)
    }
}

impl Handler<Office> for CreateProof {
    fn handle(self, _: &Office, _: &Ann) -> Result<FileObject, Fault> {
        Ok(FileObject { file_id: 12, filename: self.name, owner_id: 3, ..FileObject::default() })
    }
}

impl Handler<Office> for AddCommentReply {
    fn handle(self, _: &Office, _: &Ann) -> Result<CommentReplyObject, Fault> {
        Ok(CommentReplyObject {
            comment_id: self.comment_id,
            comment: self.reply,
            ..CommentReplyObject::default()
        })
    }
}

fn send(body: &str) -> Reply {
    let dispatcher = Dispatcher::of(vec![
        Route::open::<DoLogin>(),
        Route::session::<CheckSession>(),
        Route::session::<CreateProof>(),
        Route::session::<AddCommentReply>(),
    ]);
    dispatcher.dispatch(&Office, BASE, body.as_bytes(), &Limits::default())
}

fn call(body: &str) -> Reply {
    send(&format!(
        "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'><e:Body>{body}</e:Body></e:Envelope>"
    ))
}

fn text(reply: Reply) -> String {
    String::from_utf8(reply.answer.body).expect("UTF-8")
}

#[test]
fn complaints_come_in_order() {
    let violation = Fault::violation();
    for (body, expected) in [
        ("<nope><SessionID>bad</SessionID></nope>", Fault::unknown_operation("nope")),
        ("<getUsers><SessionID>good</SessionID></getUsers>", Fault::unknown_operation("getUsers")),
        ("<checkSession/>", Fault::new(FaultCode::Client, "Missing parameter")),
        (
            "<createProof><SessionID>bad</SessionID><OwnerID>x</OwnerID></createProof>",
            faults::invalid_session(),
        ),
        ("<createProof><Hash>h</Hash></createProof>", faults::invalid_session()),
        ("<createProof><SessionID/><Hash>h</Hash></createProof>", faults::invalid_session()),
        ("<createProof><SessionID><x/></SessionID></createProof>", faults::invalid_session()),
        ("<createProof><SessionID>good</SessionID><OwnerID>x</OwnerID></createProof>", violation),
        (
            "<createProof><SessionID>good</SessionID></createProof>",
            faults::missing_parameter("string", "Hash"),
        ),
        (
            "<createProof><SessionID>good</SessionID><Hash>h</Hash><Name/></createProof>",
            faults::missing_parameter("string", "Name"),
        ),
        (
            "<addCommentReply><SessionID>good</SessionID><FileID/></addCommentReply>",
            faults::missing_parameter("int", "FileID"),
        ),
        ("<doLogin><Login>ann@example.com</Login></doLogin>", faults::invalid_login()),
    ] {
        let reply = call(body);
        assert_eq!(reply.fault, Some(expected), "{body}");
        assert_eq!(reply.answer.status, 500, "{body}");
    }
    assert_eq!(send("<a>").fault, Some(Fault::bad_request()));
}

#[test]
fn handlers_answer() {
    let reply = call("<checksession><SessionID>good</SessionID></checksession>");
    assert_eq!((reply.operation, reply.answer.status), (Some("checkSession"), 200));
    assert!(text(reply).contains(concat!(
        "xmlns:ns1=\"https://soap.proofhq.com/\"><SOAP-ENV:Body>",
        "<ns1:checkSessionResponse><result>true</result></ns1:checkSessionResponse>",
    )));
}

#[test]
fn answers_hold_what_the_version_declares() {
    let parts = "<SessionID>good</SessionID><Hash>h</Hash><Name>Poster</Name><SourceName>p.pdf</SourceName>";
    let answer = text(call(&format!("<createProof>{parts}</createProof>")));
    let start =
        "<result><file_id>12</file_id><type/><filename>Poster</filename><filesize/><version>0</version>";
    let middle = "<owner/><deadline/><workspace_id>0</workspace_id><workspace_name/><status/>";
    let end = "<custom_link_label/><menus_links/><swf/><decision_reasons/></result>";
    for part in [start, middle, end] {
        assert!(answer.contains(part), "{part} not in {answer}");
    }
    for later in ["owner_id", "sourcename", "stages", "owner_email"] {
        assert!(!answer.contains(later), "{later}");
    }
}

#[test]
fn a_login_has_thirty_fields() {
    let answer = text(call("<doLogin><Login>ann@example.com</Login><Password>secret</Password></doLogin>"));
    let result =
        answer.split("<result>").nth(1).and_then(|rest| rest.split("</result>").next()).expect("result");
    let closed = result.matches("</").count() + result.matches("/>").count();
    assert_eq!(closed, 30, "{result}");
    assert!(result.starts_with("<session>good</session><user_id>7</user_id><user_name/>"), "{result}");
}

#[test]
fn soap_1_2_is_answered_in_kind() {
    let envelope = |body: &str| {
        format!("<Envelope xmlns='http://www.w3.org/2003/05/soap-envelope'><Body>{body}</Body></Envelope>")
    };
    let reply = send(&envelope("<checkSession><SessionID>bad</SessionID></checkSession>"));
    assert_eq!(reply.answer.content_type, "application/soap+xml; charset=utf-8");
    assert!(text(reply).contains("<env:Value>305</env:Value>"));
    let reply = send(&envelope(""));
    assert!(text(reply).contains("<env:Value>env:Sender</env:Value>"));
}
