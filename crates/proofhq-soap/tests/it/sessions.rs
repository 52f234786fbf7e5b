//! The life of a session, by the clock of the test.

use galley_model::Profile;
use galley_testkit::{House, PASSWORD, email, fault, field, token};

const HOUR: i64 = 3600;

fn bad_session() -> Option<(String, String)> {
    Some(("305".to_owned(), "Invalid Session ID.".to_owned()))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_lives_for_a_day_after_its_last_use() {
    let house = House::new();
    let session = house.session(&email(Profile::Observer));
    for _ in 0..3 {
        house.clock.advance(23 * HOUR);
        assert!(house.ok(&session, "checkSession", &[]).await.contains("<result>true</result>"));
        assert!(
            house.ok(&session, "checkSession", &[]).await.contains("<result>true</result>"),
            "from memory"
        );
    }
    let house = house.reopened();
    house.clock.advance(23 * HOUR);
    house.ok(&session, "checkSession", &[]).await;
    house.clock.advance(24 * HOUR);
    assert_eq!(fault(&house.call("checkSession", &[("SessionID", &session)]).await), bad_session());
}

#[tokio::test(flavor = "multi_thread")]
async fn logging_in_and_out() {
    let house = House::new();
    let manager = email(Profile::Manager);
    let answer = house.call("doLogin", &[("Login", &manager), ("Password", PASSWORD)]).await;
    assert_eq!(answer.status, 200);
    let text = answer.text();
    let session = field(&text, "session");
    assert_eq!(session.len(), 26);
    assert_eq!(field(&text, "user_email"), manager);
    assert_eq!(field(&text, "organisation_name"), "Studio");
    assert_eq!(field(&text, "max_file_size"), "4");

    house.ok(&session, "doLogout", &[]).await;
    for operation in ["checkSession", "doLogout"] {
        assert_eq!(fault(&house.call(operation, &[("SessionID", &session)]).await), bad_session());
    }

    let by_token = [("EmailAddress", manager.as_str()), ("AuthToken", &token(&manager))];
    assert_eq!(house.call("getSessionId", &by_token).await.status, 200);

    let wrong = ("303".to_owned(), "Your log in details are not valid.".to_owned());
    for (operation, parts) in [
        ("doLogin", [("Login", manager.as_str()), ("Password", "wrong")]),
        ("doLogin", [("Login", "nobody@studio.example.com"), ("Password", PASSWORD)]),
        ("doLogin", [("Login", &manager), ("Nothing", "")]),
        ("getSessionId", [("EmailAddress", &manager), ("AuthToken", "wrong")]),
    ] {
        assert_eq!(fault(&house.call(operation, &parts).await), Some(wrong.clone()), "{operation}");
    }
    for _ in 0..8 {
        house.call("doLogin", &[("Login", &manager), ("Password", "wrong")]).await;
    }
    let locked = fault(&house.call("doLogin", &[("Login", &manager), ("Password", PASSWORD)]).await);
    assert_eq!(locked.map(|(code, _)| code).as_deref(), Some("307"));
}

/// A bad session is told before anything about the parts: types, missing ones, ids.
#[tokio::test(flavor = "multi_thread")]
async fn a_bad_session_comes_before_everything() {
    let house = House::new();
    for operation in proofhq_soap::registry().operations(proofhq_soap::BASE) {
        if operation.params.first().is_some_and(|param| param.name == "SessionID") {
            let junk: Vec<(&str, &str)> =
                operation.params[1..].iter().map(|param| (param.name, "junk")).collect();
            let parts = [&[("SessionID", "nonsense")], junk.as_slice()].concat();
            let answer = house.call(operation.name, &parts).await;
            assert_eq!(fault(&answer), bad_session(), "{}", operation.name);
        }
    }
}
