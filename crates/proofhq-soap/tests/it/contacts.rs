//! The address book: users, members, guests.

use galley_model::Profile;
use galley_service::ReviewerInput;
use galley_testkit::{House, RIVAL, SECOND, email, field, fields};

const V: &str = "18_3_0";

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_brings_role_and_address() {
    let house = House::new();
    let session = house.session(SECOND);
    let parts = [
        ("Email", "Ida@example.com"),
        ("FirstName", "Ida"),
        ("LastName", "Berg"),
        ("Position", "Client"),
        ("Company", "Acme"),
        ("DefaultProofRole", "4"),
        ("DefaultEmailAlert", "5"),
        ("Street", "Ring 1"),
        ("Zipcode", "1010"),
        ("Country", "at"),
        ("Telephone", "1"),
        ("Mobile", "2"),
        ("Fax", "3"),
    ];
    let text = house.ok_at(V, &session, "addContact", &parts).await;
    for (name, value) in [
        ("type", "guest"),
        ("email", "Ida@example.com"),
        ("name", "Ida Berg"),
        ("company", "Acme"),
        ("position", "Client"),
        ("telephone", "1"),
        ("mobile", "2"),
        ("fax", "3"),
        ("default_proof_role", "4"),
    ] {
        assert_eq!(field(&text, name), value, "{name}");
    }
    // What is stored of a contact holds when somebody adds them without saying.
    let ida = ReviewerInput { email: "ida@example.com".to_owned(), ..ReviewerInput::default() };
    let proof = house.proof(SECOND, &[ida]).id.to_string();
    let people = house.ok(&session, "getProofReviewers", &[("FileID", &proof)]).await;
    assert_eq!(fields(&people, "name")[1], "Ida Berg");
    assert_eq!(fields(&people, "role")[1], "approver");
    assert_eq!(fields(&people, "email_notifications")[1], "decisions only");

    let boss = house.session(&email(Profile::Supervisor));
    let parts = [("OldEmail", "IDA@example.com"), ("NewEmail", "ida.berg@example.com")];
    house.ok(&boss, "updateContactEmail", &parts).await;
    let people = house.ok(&session, "getProofReviewers", &[("FileID", &proof)]).await;
    assert_eq!(fields(&people, "email")[1], "ida.berg@example.com");

    for (operation, parts, code, says) in [
        ("addContact", vec![("Email", "ida.berg@example.com")], "400", "is a contact already"),
        ("addContact", vec![("Email", SECOND)], "400", "is a contact already"),
        ("addContact", vec![("Email", "nobody")], "400", "e-mail address"),
        ("addContact", vec![("Email", "x@example.com"), ("DefaultProofRole", "6")], "400", "no login"),
        (
            "addContact",
            vec![("Email", "x@example.com"), ("DefaultProofRole", "2")],
            "400",
            "'DefaultProofRole'",
        ),
        (
            "addContact",
            vec![("Email", "x@example.com"), ("DefaultEmailAlert", "6")],
            "400",
            "'DefaultEmailAlert'",
        ),
        (
            "addContact",
            vec![("Email", "x@example.com"), ("AccountID", "4711")],
            "403",
            "access to this account",
        ),
        ("updateContactEmail", vec![("OldEmail", SECOND), ("NewEmail", "x@example.com")], "404", "Contact"),
        (
            "updateContactEmail",
            vec![("OldEmail", "no@example.com"), ("NewEmail", "x@example.com")],
            "404",
            "Contact",
        ),
        (
            "updateContactEmail",
            vec![("OldEmail", "ida.berg@example.com"), ("NewEmail", SECOND)],
            "400",
            "another contact",
        ),
        (
            "updateContactEmail",
            vec![("OldEmail", "ida.berg@example.com"), ("NewEmail", "x")],
            "400",
            "e-mail address",
        ),
    ] {
        let (found, text) = house.refused_at(V, &boss, operation, &parts).await;
        assert!(found == code && text.contains(says), "{operation} {parts:?}: {found} {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_address_book_has_pages_and_a_price() {
    let house = House::new();
    let session = house.session(SECOND);
    let mut costs = Vec::new();
    for round in 0..2 {
        house.ok(&session, "checkSession", &[]).await;
        let before = house.service.statements();
        let first = house.ok(&session, "getPeople", &[("Offset", "0")]).await;
        costs.push(house.service.statements() - before);
        assert!(!first.contains(RIVAL));
        if round == 0 {
            assert_eq!(fields(&first, "email").len(), 7, "everybody of the account: {first}");
            for n in 0..30 {
                let parts = [("Email", format!("guest-{n:02}@example.com"))];
                house.ok_at(V, &session, "addContact", &[(parts[0].0, parts[0].1.as_str())]).await;
            }
        } else {
            let second = house.ok(&session, "getPeople", &[("Offset", "25")]).await;
            let mut all = [fields(&first, "email"), fields(&second, "email")].concat();
            assert_eq!((fields(&first, "email").len(), all.len()), (25, 37));
            all.sort();
            all.dedup();
            assert_eq!(all.len(), 37);
        }
    }
    assert_eq!(costs, [1, 1]);
    let visitor = house.session(&email(Profile::Visitor));
    assert!(house.ok(&visitor, "getPeople", &[]).await.contains("<result/>"));
}

#[tokio::test(flavor = "multi_thread")]
async fn hub_and_satellite_know_each_other() {
    let house = House::new();
    let boss = house.session(&email(Profile::BillingAdmin));
    let satellite = house.ok(&boss, "createSatelliteAccount", &[("Name", "Branch")]).await;
    let id = fields(&satellite, "id")[0].clone();
    let parts = [
        ("AccountID", id.as_str()),
        ("EmailAddress", "branch@example.com"),
        ("FirstName", "Bo"),
        ("LastName", "Lind"),
        ("PermissionsID", "2"),
    ];
    let branch = field(&house.ok_at(V, &boss, "addUser", &parts).await, "api_token");
    let parts = [("EmailAddress", "branch@example.com"), ("AuthToken", branch.as_str())];
    let branch = field(&house.call("getSessionId", &parts).await.text(), "session");

    let of = |text: &str, address: &str| {
        let at = fields(text, "email").iter().position(|one| one == address)?;
        Some((fields(text, "type")[at].clone(), fields(text, "company")[at].clone()))
    };
    let people = house.ok(&boss, "getPeople", &[]).await;
    assert_eq!(of(&people, "branch@example.com"), Some(("member".into(), "Branch".into())));
    assert_eq!(of(&people, SECOND), Some(("user".into(), "Studio".into())));
    let people = house.ok(&branch, "getPeople", &[]).await;
    assert_eq!(of(&people, SECOND), Some(("member".into(), "Studio".into())));
    assert_eq!(of(&people, RIVAL), None);

    let related = house.ok(&branch, "getPeopleAccounts", &[]).await;
    assert_eq!(
        (fields(&related, "type")[0].as_str(), fields(&related, "name")[0].as_str()),
        ("hub", "Studio")
    );
    let related = house.ok(&boss, "getPeopleAccounts", &[]).await;
    assert_eq!(fields(&related, "type")[0], "satellite");
    assert_eq!(fields(&related, "email"), ["branch@example.com"]);
    // Members own nothing here, and the satellite does not look into the hub.
    assert!(!house.ok(&boss, "getOwners", &[]).await.contains("branch@example.com"));
    let hub = house.studio.to_string();
    assert_eq!(house.refused(&branch, "getUsers", &[("AccountID", &hub)]).await.0, "403");
}
