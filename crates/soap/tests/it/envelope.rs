//! What is accepted, and what gets which fault.

use soap::{ApiVersion, Call, Fault, FaultCode, Limits, Request, SoapVersion};

use crate::sample::{
    AddProofReviewers, AddProofTags, DoLogin, NEW, OLD, Refusal, decode, envelope, registry,
};

const E11: &str = "http://schemas.xmlsoap.org/soap/envelope/";
const E12: &str = "http://www.w3.org/2003/05/soap-envelope";

fn login(body: &str) -> Result<(Option<String>, Option<String>), Refusal> {
    decode::<DoLogin>(body.as_bytes(), NEW, &Limits::default()).map(|found| (found.login, found.password))
}

fn tags(parts: &str) -> Result<(Option<i64>, Option<Vec<i64>>), Refusal> {
    let body = envelope(&format!("<addProofTags>{parts}</addProofTags>"));
    decode::<AddProofTags>(body.as_bytes(), NEW, &Limits::default())
        .map(|found| (found.file_id, found.tag_id))
}

#[test]
fn lenient_envelopes() {
    let expected = || Ok((Some("a".to_owned()), Some("b".to_owned())));
    let parts = "<Login>a</Login><Password>b</Password>";
    let plain = |body: &str| format!("<e:Envelope xmlns:e='{E11}'><e:Body>{body}</e:Body></e:Envelope>");
    for (what, body) in [
        ("no namespace", plain(&format!("<doLogin>{parts}</doLogin>"))),
        ("another namespace", plain(&format!("<u:doLogin xmlns:u='urn:proofhqapi'>{parts}</u:doLogin>"))),
        ("undeclared prefix", plain(&format!("<ns1:doLogin>{parts}</ns1:doLogin>"))),
        ("any letter case", plain(&format!("<DOLOGIN>{parts}</DOLOGIN>"))),
        ("any order", plain("<doLogin><Password>b</Password><Login>a</Login></doLogin>")),
        ("first of two wins", plain(&format!("<doLogin>{parts}<Login>z</Login></doLogin>"))),
        ("unknown part", plain(&format!("<doLogin><Other><deep/></Other>{parts}</doLogin>"))),
        ("by position", plain("<doLogin><x>a</x><y>b</y></doLogin>")),
        ("numbered", plain("<doLogin><param1>b</param1><param0>a</param0></doLogin>")),
        (
            "qualified parts",
            plain("<d:doLogin xmlns:d='u'><d:Login>a</d:Login><d:Password>b</d:Password></d:doLogin>"),
        ),
        (
            "default namespace undone",
            plain("<doLogin xmlns='u'><Login xmlns=''>a</Login><Password xmlns=''>b</Password></doLogin>"),
        ),
        ("cdata", plain("<doLogin><Login><![CDATA[a]]></Login><Password>b</Password></doLogin>")),
        (
            "comments",
            plain("<!-- x --><doLogin><Login><!-- y -->a</Login><Password>b<!-- z --></Password></doLogin>"),
        ),
        ("character references", plain("<doLogin><Login>&#97;</Login><Password>&#x62;</Password></doLogin>")),
        (
            "references",
            plain("<doLogin><Login href='#1'/><Password href='#2'/></doLogin><m id='2'>b</m><m id='1'>a</m>"),
        ),
        (
            "root marked",
            plain(&format!(
                "<m c:root='0' xmlns:c='http://schemas.xmlsoap.org/soap/encoding/'/><doLogin>{parts}</doLogin>"
            )),
        ),
        ("mark of byte order", format!("\u{FEFF}{}", plain(&format!("<doLogin>{parts}</doLogin>")))),
        (
            "declaration",
            format!("<?xml version='1.0'?>\n{}\n", plain(&format!("<doLogin>{parts}</doLogin>"))),
        ),
        ("instruction", format!("<?pi x?>{}", plain(&format!("<doLogin>{parts}</doLogin>")))),
        (
            "empty header",
            format!("<Envelope xmlns='{E11}'><Header/><Body><doLogin>{parts}</doLogin></Body></Envelope>"),
        ),
        (
            "unknown header",
            format!(
                "<Envelope xmlns='{E11}'><Header><x/></Header><Body><doLogin>{parts}</doLogin></Body></Envelope>"
            ),
        ),
        (
            "header for others",
            format!(
                "<e:Envelope xmlns:e='{E11}'><e:Header><x e:mustUnderstand='1' e:actor='urn:other'/></e:Header><e:Body><doLogin>{parts}</doLogin></e:Body></e:Envelope>"
            ),
        ),
        (
            "SOAP 1.2 references",
            format!(
                "<Envelope xmlns='{E12}' xmlns:n='http://www.w3.org/2003/05/soap-encoding'><Body><doLogin><Login n:ref='x'/><Password>b</Password></doLogin><m n:id='x'>a</m></Body></Envelope>"
            ),
        ),
    ] {
        assert_eq!(login(&body), expected(), "{what}");
    }
}

#[test]
fn encodings_of_the_body() {
    let latin: Vec<u8> = format!(
        "<?xml version='1.0' encoding='ISO-8859-1'?>{}",
        envelope("<doLogin><Login>\u{1}</Login></doLogin>")
    )
    .into_bytes()
    .into_iter()
    .map(|byte| if byte == 1 { 0xE9 } else { byte })
    .collect();
    let found = decode::<DoLogin>(&latin, NEW, &Limits::default()).map(|found| found.login);
    assert_eq!(found, Ok(Some("é".to_owned())));
    let other = format!("<?xml version='1.0' encoding='KOI8-R'?>{}", envelope("<doLogin/>"));
    assert_eq!(login(&other), Err(Refusal::Fault(Fault::bad_request())));
}

#[test]
fn arrays() {
    let expected = Ok((Some(7), Some(vec![1, 2])));
    for parts in [
        "<FileID>7</FileID><TagID><item>1</item><item>2</item></TagID>",
        "<FileID>7</FileID><TagID c:arrayType='xsd:int[2]'><Item>1</Item><whatever>2</whatever></TagID>",
        "<FileID>7</FileID><TagID><item>1</item><item i:nil='true'/><item>2</item></TagID>",
    ] {
        assert_eq!(tags(parts), expected, "{parts}");
    }
    assert_eq!(tags("<FileID>7</FileID>"), Ok((Some(7), None)));
    assert_eq!(tags("<FileID>7</FileID><TagID/>"), Ok((Some(7), Some(vec![]))));
    assert_eq!(tags("<FileID>7</FileID><TagID i:nil='1'/>"), Ok((Some(7), None)));
    assert_eq!(tags("<TagID>text</TagID>"), Err(Refusal::Decode(soap::DecodeError::Violation)));
}

#[test]
fn the_called_version_decides_which_parts_exist() {
    let body = envelope(
        "<addProofReviewers><FileID>1</FileID><SuppressNewProofNotification>1</SuppressNewProofNotification></addProofReviewers>",
    );
    let suppress = |version| {
        decode::<AddProofReviewers>(body.as_bytes(), version, &Limits::default()).map(|found| found.suppress)
    };
    assert_eq!(suppress(OLD), Ok(None));
    assert_eq!(suppress(NEW), Ok(Some(true)));
}

#[test]
fn operations_are_found_by_version() {
    let registry = registry();
    let found = |name, minor| registry.find(name, ApiVersion::new(1, minor)).map(|operation| operation.name);
    assert_eq!(found("passing", 1), None);
    assert_eq!(found("PASSING", 2), Some("Passing"));
    assert_eq!(found("passing", 4), Some("Passing"));
    assert_eq!(found("passing", 5), None);
    assert_eq!(found("dologin", 0), Some("doLogin"));
    assert_eq!(found("doLogi", 0), None);
    assert_eq!(found("", 0), None);
}

/// Fault of a request, wherever it is raised.
fn fault(body: &[u8]) -> Fault {
    match decode::<AddProofTags>(body, NEW, &Limits::default()) {
        Ok(found) => panic!("accepted: {found:?}"),
        Err(Refusal::Fault(fault)) => fault,
        Err(Refusal::Decode(error)) => {
            error.into_fault(|ty, name| Fault::application("400", format!("{ty} {name}")))
        }
    }
}

#[test]
fn faults() {
    let call = |parts: &str| envelope(&format!("<addProofTags>{parts}</addProofTags>"));
    let headed = |attribute: &str| {
        format!(
            "<e:Envelope xmlns:e='{E11}'><e:Header><x {attribute}/></e:Header><e:Body><addProofTags><FileID/></addProofTags></e:Body></e:Envelope>"
        )
    };
    let bad_request = (FaultCode::Client, "Bad Request");
    let violation = (FaultCode::Server, "SOAP-ERROR: Encoding: Violation of encoding rules");
    let no_dtd = (FaultCode::Server, "DTD are not supported by SOAP");
    let wrong_version = (FaultCode::VersionMismatch, "Wrong Version");
    let not_understood = (FaultCode::MustUnderstand, "Header not understood");
    for (body, (code, text)) in [
        (String::new(), bad_request.clone()),
        ("text".into(), bad_request.clone()),
        ("--boundary\r\nContent-Type: text/xml\r\n".into(), bad_request.clone()),
        ("<a>".into(), bad_request.clone()),
        ("<a></b>".into(), bad_request.clone()),
        ("<a/><b/>".into(), bad_request.clone()),
        ("<a/>text".into(), bad_request.clone()),
        ("<a x='1' x='2'/>".into(), bad_request.clone()),
        ("<a x='<'/>".into(), bad_request.clone()),
        ("<a x=1/>".into(), bad_request.clone()),
        ("<1/>".into(), bad_request.clone()),
        ("<a:/>".into(), bad_request.clone()),
        ("<a:b:c/>".into(), bad_request.clone()),
        ("<a><!-- -- --></a>".into(), bad_request.clone()),
        (" <?xml version='1.0'?><a/>".into(), bad_request.clone()),
        (call("<FileID>\0</FileID>"), bad_request.clone()),
        (call("<FileID>\u{B}</FileID>"), bad_request.clone()),
        (call("<FileID>&#0;</FileID>"), bad_request.clone()),
        (call("<FileID>&#xD83D;&#xDE00;</FileID>"), bad_request.clone()),
        (call("<FileID>&unknown;</FileID>"), bad_request.clone()),
        (call("<FileID>&</FileID>"), bad_request.clone()),
        (call("<FileID>]]></FileID>"), bad_request.clone()),
        (format!("<!DOCTYPE a>{}", call("")), no_dtd.clone()),
        (
            format!("<!DOCTYPE a [<!ENTITY b 'c'><!ENTITY d '&b;&b;'>]>{}", call("<FileID>&d;</FileID>")),
            no_dtd,
        ),
        (envelope("<noSuch/>"), (FaultCode::Server, "Procedure 'noSuch' not present")),
        (envelope("<passing/>"), (FaultCode::Server, "Procedure 'passing' not present")),
        ("<Envelope/>".into(), wrong_version.clone()),
        ("<Envelope xmlns='urn:other'><Body/></Envelope>".into(), wrong_version.clone()),
        (format!("<Other xmlns='{E11}'/>"), wrong_version),
        (headed("e:mustUnderstand='1'"), not_understood.clone()),
        (headed("e:mustUnderstand='1' e:actor='http://schemas.xmlsoap.org/soap/actor/next'"), not_understood),
        (
            format!("<Envelope xmlns='{E11}'/>"),
            (FaultCode::Client, "Body must be present in a SOAP envelope"),
        ),
        (envelope(""), (FaultCode::Client, "looks like we got \"Body\" without function call")),
        (envelope("<addProofTags/>"), (FaultCode::Client, "Missing parameter")),
        (call("<a/><b/><c/><d/>"), (FaultCode::Client, "Error cannot find parameter")),
        (call("<param99/>"), (FaultCode::Client, "Error cannot find parameter")),
        (call("<FileID>abc</FileID>"), violation.clone()),
        (call("<FileID>1x</FileID>"), violation.clone()),
        (call("<FileID>inf</FileID>"), violation.clone()),
        (call("<FileID><x/></FileID>"), violation.clone()),
        (call("<TagID><item>x</item></TagID>"), violation),
        (
            call("<FileID href='#no'/>"),
            (FaultCode::Server, "SOAP-ERROR: Encoding: Unresolved reference '#no'"),
        ),
        (
            call("<FileID href='http://example.com/#a'/>"),
            (FaultCode::Server, "SOAP-ERROR: Encoding: External reference 'http://example.com/#a'"),
        ),
    ] {
        assert_eq!(fault(body.as_bytes()), Fault::new(code, text), "{body}");
    }
    assert_eq!(fault(b"\xFF\xFF"), Fault::bad_request());
    assert_eq!(fault(b"<a>\xE9</a>"), Fault::bad_request());
}

#[test]
fn a_fault_about_the_envelope_keeps_its_version() {
    let text = format!("<Envelope xmlns='{E12}'><Body/></Envelope>");
    let request = Request::parse(&text, &Limits::default()).expect("an envelope");
    assert_eq!(request.version(), SoapVersion::V12);
    assert!(request.call().is_err());
}

#[test]
fn one_part_can_be_read_before_the_others() {
    let text = envelope(
        "<addProofTags><FileID>abc</FileID><SessionID href='#s'/></addProofTags><m id='s'>secret</m>",
    );
    let request = Request::parse(&text, &Limits::default()).expect("an envelope");
    let operation = registry().find("addProofTags", NEW).expect("operation");
    let call = Call::bind(&request, operation, NEW).expect("parts");
    assert_eq!(call.text("SessionID"), Ok(Some("secret")));
    assert_eq!(call.text("TagID"), Ok(None));
    assert_eq!(call.text("Other"), Ok(None));
}
