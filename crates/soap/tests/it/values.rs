//! How single values are read.

use soap::DecodeError;

use crate::sample::{Refusal, decode, envelope, take};

#[test]
fn ints() {
    for (text, expected) in [
        ("5", Some(5)),
        (" +5\n", Some(5)),
        ("-5", Some(-5)),
        ("1.5", Some(1)),
        ("-1.9", Some(-1)),
        ("1e3", Some(1000)),
        ("007", Some(7)),
        ("99999999999999999999", Some(i64::MAX)),
        ("", None),
        ("  ", None),
    ] {
        let found = take(&format!("<number>{text}</number>")).map(|found| found.number);
        assert_eq!(found, Ok(expected), "{text:?}");
    }
    for text in ["abc", "1 2", "0x10", "NaN", "inf", "infinity", "--1", "1,5", "٣"] {
        let found = take(&format!("<number>{text}</number>"));
        assert_eq!(found, Err(Refusal::Decode(DecodeError::Violation)), "{text:?}");
    }
}

#[test]
fn booleans() {
    for (text, expected) in [
        ("true", Some(true)),
        ("TRUE", Some(true)),
        ("t", Some(true)),
        ("Yes", Some(true)),
        ("1", Some(true)),
        ("false", Some(false)),
        ("F", Some(false)),
        ("no", Some(false)),
        (" 0 ", Some(false)),
        ("anything", Some(true)),
        ("", None),
    ] {
        let found = take(&format!("<flag>{text}</flag>")).map(|found| found.flag);
        assert_eq!(found, Ok(expected), "{text:?}");
    }
}

#[test]
fn strings_keep_their_blanks_and_lose_carriage_returns() {
    let text = |parts: &str| take(parts).map(|found| found.text);
    assert_eq!(text("<text> a\r\nb\rc </text>"), Ok(Some(" a\nb\nc ".to_owned())));
    assert_eq!(text("<text>a&#13;&lt;<![CDATA[<b>]]></text>"), Ok(Some("a\r<<b>".to_owned())));
    assert_eq!(text("<text/>"), Ok(Some(String::new())));
    assert_eq!(text("<text i:nil='true'/>"), Ok(None));
    assert_eq!(text(""), Ok(None));
    assert_eq!(text("<text>a<b/></text>"), Err(Refusal::Decode(DecodeError::Violation)));
}

#[test]
fn objects() {
    let thing = take("<thing><number>3</number><owner><email>a@example.com</email></owner><x/></thing>");
    let thing = thing.expect("parts").thing.expect("thing");
    assert_eq!((thing.number, thing.text), (3, None));
    assert_eq!(thing.owner.and_then(|owner| owner.email).as_deref(), Some("a@example.com"));
    assert_eq!(take("<thing i:nil='true'/>").map(|found| found.thing), Ok(None));
    assert!(take("<thing/>").is_ok_and(|found| found.thing.is_some()));
    assert_eq!(take("<thing>text</thing>"), Err(Refusal::Decode(DecodeError::Violation)));
}

#[test]
fn values_of_any_type_are_text() {
    let any = take("<any><item i:type='xsd:int'>5</item><item>x</item></any>").expect("parts").any;
    assert_eq!(
        any.map(|any| any.into_iter().map(|value| value.0).collect()),
        Some(vec!["5".to_owned(), "x".to_owned()])
    );
}

#[test]
fn a_wrong_value_is_told_before_a_missing_part() {
    let limits = soap::Limits::default();
    let missing = Err(Refusal::Decode(DecodeError::Missing { ty: "string", name: "must" }));
    let read = |parts: &str| {
        let body = envelope(&format!("<takeAll>{parts}</takeAll>"));
        decode::<crate::sample::TakeAll>(body.as_bytes(), crate::sample::NEW, &limits)
    };
    assert_eq!(read("<number>1</number>"), missing);
    assert_eq!(read("<must/><number>1</number>"), missing);
    assert_eq!(read("<must i:nil='true'/><number>1</number>"), missing);
    assert_eq!(read("<number>x</number>"), Err(Refusal::Decode(DecodeError::Violation)));
}
