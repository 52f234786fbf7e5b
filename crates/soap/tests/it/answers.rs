//! Answers and faults, byte by byte.

use soap::{Fault, FaultCode, SoapVersion, Value, Writer, write_answer};

use crate::sample::{NEW, OLD, Person, Thing};

fn text(answer: soap::Answer) -> String {
    String::from_utf8(answer.body).expect("UTF-8")
}

fn written<T: Value>(value: &T, version: soap::ApiVersion) -> String {
    let mut writer = Writer::new(version);
    value.write("x", &mut writer);
    writer.finish()
}

#[test]
fn soap_1_1() {
    let answer = write_answer(&true, "checkSession", "https://soap.example.com/", SoapVersion::V11, OLD);
    assert_eq!((answer.status, answer.content_type), (200, "text/xml; charset=utf-8"));
    assert_eq!(
        text(answer),
        concat!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
            "<SOAP-ENV:Envelope xmlns:SOAP-ENV=\"http://schemas.xmlsoap.org/soap/envelope/\" ",
            "xmlns:ns1=\"https://soap.example.com/\"><SOAP-ENV:Body><ns1:checkSessionResponse>",
            "<result>true</result></ns1:checkSessionResponse></SOAP-ENV:Body></SOAP-ENV:Envelope>\n",
        )
    );
}

#[test]
fn soap_1_2() {
    let answer = write_answer(&Vec::<i64>::new(), "list", "urn:x", SoapVersion::V12, OLD);
    assert_eq!(answer.content_type, "application/soap+xml; charset=utf-8");
    assert_eq!(
        text(answer),
        concat!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
            "<env:Envelope xmlns:env=\"http://www.w3.org/2003/05/soap-envelope\" xmlns:ns1=\"urn:x\">",
            "<env:Body xmlns:rpc=\"http://www.w3.org/2003/05/soap-rpc\"><ns1:listResponse>",
            "<rpc:result>result</rpc:result><result/></ns1:listResponse></env:Body></env:Envelope>\n",
        )
    );
}

#[test]
fn nulls_follow_the_version() {
    let person = "<name/><email/><role/><notifications/><deadline/><position/><primary_decision_maker/>";
    let thing = Thing { number: 5, names: vec!["a<b".into()], ..Thing::default() };
    assert_eq!(
        written(&thing, OLD),
        format!(
            "<x><text/><number>5</number><maybe>0</maybe><flag>false</flag><price>0</price>\
             <owner>{person}</owner><names><item>a&lt;b</item></names><people/><gone>0</gone></x>"
        )
    );
    assert_eq!(
        written(&thing, NEW),
        format!(
            "<x><text/><between/><number>5</number>\
             <maybe xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:nil=\"true\"/>\
             <flag>false</flag><price>0</price>\
             <owner>{person}</owner><names><item>a&lt;b</item></names><people/></x>"
        )
    );
    let mut writer = Writer::new(OLD);
    Thing::write_null("x", &mut writer);
    let null = writer.finish();
    assert_eq!(null, written(&Thing::default(), OLD));
    assert_eq!(written(&vec![Person::default()], OLD), format!("<x><item>{person}</item></x>"));
}

#[test]
fn values() {
    assert_eq!(
        written(&"a & <b> \"c\" é\r\u{1}".to_owned(), OLD),
        "<x>a &amp; &lt;b&gt; \"c\" é&#13;\u{FFFD}</x>"
    );
    assert_eq!(written(&-7i64, OLD), "<x>-7</x>");
    assert_eq!(written(&1.5f64, OLD), "<x>1.5</x>");
    assert_eq!(written(&f64::NEG_INFINITY, OLD), "<x>-INF</x>");
    assert_eq!(written(&f64::NAN, OLD), "<x>NaN</x>");
}

#[test]
fn faults() {
    let v11 = |fault: &Fault| text(fault.answer(SoapVersion::V11));
    let v12 = |fault: &Fault| text(fault.answer(SoapVersion::V12));
    let fault = Fault::application("305", "a < b");
    assert_eq!(fault.answer(SoapVersion::V11).status, 500);
    assert!(v11(&fault).contains(
        "<SOAP-ENV:Fault><faultcode>305</faultcode><faultstring>a &lt; b</faultstring></SOAP-ENV:Fault>"
    ));
    assert_eq!(
        v12(&fault),
        concat!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
            "<env:Envelope xmlns:env=\"http://www.w3.org/2003/05/soap-envelope\"><env:Body><env:Fault>",
            "<env:Code><env:Value>305</env:Value></env:Code>",
            "<env:Reason><env:Text xml:lang=\"en\">a &lt; b</env:Text></env:Reason>",
            "</env:Fault></env:Body></env:Envelope>\n",
        )
    );
    for (code, first, second) in [
        (FaultCode::Client, "SOAP-ENV:Client", "env:Sender"),
        (FaultCode::Server, "SOAP-ENV:Server", "env:Receiver"),
        (FaultCode::VersionMismatch, "SOAP-ENV:VersionMismatch", "env:VersionMismatch"),
        (FaultCode::MustUnderstand, "SOAP-ENV:MustUnderstand", "env:MustUnderstand"),
    ] {
        let fault = Fault::new(code, "x");
        assert!(v11(&fault).contains(&format!("<faultcode>{first}</faultcode>")), "{first}");
        assert!(v12(&fault).contains(&format!("<env:Value>{second}</env:Value>")), "{second}");
    }
}
