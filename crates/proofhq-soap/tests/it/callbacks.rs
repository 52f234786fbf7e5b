//! Callbacks of accounts and proofs, as clients set and read them.

use galley_model::Profile;
use galley_testkit::{House, RIVAL, SECOND, email, field, fields};

const V: &str = "16_24_0";
const URL: &str = "https://hooks.example.com/galley?key=1&amp;more=2";

fn set<'p>(kind: &'p str, url: &'p str) -> Vec<(&'p str, &'p str)> {
    vec![("Type", kind), ("Url", url), ("RetryInterval", "15")]
}

#[tokio::test(flavor = "multi_thread")]
async fn set_read_replace_remove() {
    let house = House::new();
    let admin = house.session(&email(Profile::Admin));
    // By number and by name; both read back as a name.
    for (sent, name) in
        [("3", "decisions"), ("comments", "comments"), ("20", "user_created"), ("10", "unarchived")]
    {
        let text = house.ok(&admin, "setAccountCallback", &set(sent, URL)).await;
        assert_eq!((field(&text, "type"), field(&text, "url")), (name.to_owned(), URL.to_owned()));
        assert_eq!((field(&text, "interval"), field(&text, "proof_name")), ("15".to_owned(), String::new()));
    }
    let parts = [("Type", "DECISIONS"), ("Url", "http://other.example.com"), ("RetryInterval", "1")];
    house.ok(&admin, "setAccountCallback", &parts).await;
    let all = house.ok(&admin, "getAccountCallbacks", &[]).await;
    assert_eq!(fields(&all, "type"), ["comments", "decisions", "unarchived", "user_created"]);
    assert_eq!(fields(&all, "interval"), ["15", "1", "15", "15"]);

    let parts = [("Type", "3")];
    let removed = |text: String| field(&text, "result");
    assert_eq!(removed(house.ok_at(V, &admin, "removeAccountCallback", &parts).await), "true");
    assert_eq!(removed(house.ok_at(V, &admin, "removeAccountCallback", &parts).await), "false");
    let all =
        house.ok_at(V, &admin, "getAccountCallbacks", &[("AccountID", &house.studio.to_string())]).await;
    assert_eq!(fields(&all, "type"), ["comments", "unarchived", "user_created"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proof_has_its_own() {
    let house = House::new();
    let (session, admin) = (house.session(SECOND), house.session(&email(Profile::Admin)));
    let id = house.proof(SECOND, &[]).id.to_string();
    let file = ("FileID", id.as_str());
    let none = house.ok(&session, "getProofCallbacks", &[file]).await;
    assert!(none.contains("<result/>"), "{none}");
    // Without an address that of the account is meant; there is none yet.
    let missing = house.refused(&session, "setProofCallback", &[file, ("Type", "4")]).await;
    assert_eq!(missing, ("400".to_owned(), "Required string parameter 'Url' is not present.".to_owned()));
    house.ok(&admin, "setAccountCallback", &set("4", URL)).await;
    let text = house.ok(&session, "setProofCallback", &[file, ("Type", "4")]).await;
    assert_eq!((field(&text, "url"), field(&text, "interval")), (URL.to_owned(), "15".to_owned()));
    assert_eq!(field(&text, "proof_name"), "Red");
    let parts = [file, ("Type", "1"), ("Url", "https://x.example.com/")];
    let text = house.ok(&session, "setProofCallback", &parts).await;
    assert_eq!(field(&text, "interval"), "5");
    let all = house.ok(&session, "getProofCallbacks", &[file]).await;
    assert_eq!(fields(&all, "type"), ["comments", "state"]);
    assert_eq!(fields(&all, "proof_name"), ["Red", "Red"]);
    assert_eq!(fields(&house.ok(&admin, "getAccountCallbacks", &[]).await, "type"), ["state"]);
    house.ok_at(V, &session, "removeProofCallback", &[file, ("Type", "comments")]).await;
    assert_eq!(fields(&house.ok(&session, "getProofCallbacks", &[file]).await, "type"), ["state"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_and_what_cannot_be() {
    let house = House::new();
    let (session, admin) = (house.session(SECOND), house.session(&email(Profile::Admin)));
    let settings = ("403".to_owned(), "no permissions to access settings".to_owned());
    assert_eq!(house.refused(&session, "getAccountCallbacks", &[]).await, settings);
    assert_eq!(house.refused(&session, "setAccountCallback", &set("1", URL)).await, settings);
    let foreign = house.rival.to_string();
    for account in [foreign.as_str(), "900004"] {
        let refused = house.refused_at(V, &admin, "getAccountCallbacks", &[("AccountID", account)]).await;
        assert_eq!(refused, ("403".to_owned(), "you do not have access to this account".to_owned()));
    }
    for (kind, url, interval, says) in [
        ("11", URL, "5", "Invalid value '11' of parameter 'Type'."),
        ("", URL, "5", "Required string parameter 'Type' is not present."),
        ("comment", URL, "5", "'Type'"),
        ("1", "", "5", "Required string parameter 'Url' is not present."),
        ("1", "ftp://x.example.com", "5", "http:// or https://"),
        ("1", "https://", "5", "not an address"),
        ("1", "https://a:b@x.example.com", "5", "password"),
        ("1", "https://x.example.com/a&#10;b", "5", "not an address"),
        ("1", URL, "0", "1440"),
        ("1", URL, "-5", "1440"),
        ("1", URL, "100000", "1440"),
        ("1", URL, "", "Required int parameter 'RetryInterval' is not present."),
    ] {
        let parts = [("Type", kind), ("Url", url), ("RetryInterval", interval)];
        let (code, text) = house.refused(&admin, "setAccountCallback", &parts).await;
        assert_eq!(code, "400", "{kind} {url} {interval}: {text}");
        assert!(text.contains(says), "{kind} {url} {interval}: {text}");
    }
    assert!(!house.ok(&admin, "getAccountCallbacks", &[]).await.contains("<item>"), "nothing was set");
    // User events are of accounts only.
    let id = house.proof(SECOND, &[]).id.to_string();
    let parts = [("FileID", id.as_str()), ("Type", "21"), ("Url", URL)];
    assert_eq!(house.refused(&session, "setProofCallback", &parts).await.0, "400");
    // Foreign proofs do not exist, and seeing one is not enough.
    let rival = house.session(RIVAL);
    assert_eq!(house.refused(&rival, "getProofCallbacks", &[("FileID", &id)]).await.0, "404");
}
