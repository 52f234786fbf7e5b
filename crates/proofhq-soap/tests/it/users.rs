//! Users: what administrators may do with them, and what happens to sessions.

use galley_model::{Profile, ProofId, Role};
use galley_service::ReviewerInput;
use galley_testkit::{House, PASSWORD, RIVAL, SECOND, email, fault, field, fields, token};

const V: &str = "18_3_0";

fn admin(house: &House) -> String {
    house.session(&email(Profile::Admin))
}

fn new_user<'p>(address: &'p str, more: &[(&'p str, &'p str)]) -> Vec<(&'p str, &'p str)> {
    let fixed =
        [("EmailAddress", address), ("FirstName", "Nora"), ("LastName", "Lee"), ("PermissionsID", "4")];
    // Later parts of the same name do not count: what is special comes first.
    let special = more.iter().filter(|(name, _)| fixed.iter().all(|(known, _)| known != name));
    let replaced = fixed.iter().map(|(name, value)| {
        (*name, more.iter().find(|(other, _)| other == name).map_or(*value, |(_, value)| *value))
    });
    replaced.chain(special.copied()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_from_first_to_last_day() {
    let house = House::new();
    let session = admin(&house);
    // Nora was a guest before: what she is on stays hers.
    let guest = ReviewerInput { email: "nora@example.com".to_owned(), ..ReviewerInput::default() };
    let proof = house.proof(SECOND, &[guest]);
    let parts = [
        ("Password", "letmein"),
        ("ConfirmPassword", "letmein"),
        ("Position", "Designer"),
        ("Timezone", "Asia/Tokyo"),
        ("APIOnly", "false"),
        ("DefaultEmailNotifications", "2"),
        ("ReferenceID", "wf-7"),
        ("SendProofReadyEmail", "false"),
        ("ProductMarketingEmails", "true"),
    ];
    let text = house.ok_at(V, &session, "addUser", &new_user("Nora@example.com", &parts)).await;
    for (name, value) in [
        ("email", "Nora@example.com"),
        ("first_name", "Nora"),
        ("last_name", "Lee"),
        ("position", "Designer"),
        ("status", "activated"),
        ("date_timezone", "Asia/Tokyo"),
        ("api_only", "false"),
        ("email_notifications", "2"),
        ("reference_id", "wf-7"),
        ("send_proof_ready_email", "false"),
        ("product_marketing_emails", "true"),
        ("last_login", ""),
        ("name", "Manager"),
    ] {
        assert_eq!(field(&text, name), value, "{name}");
    }
    let (id, api_token) = (fields(&text, "id")[0].clone(), field(&text, "api_token"));
    assert_eq!(api_token.len(), 40);
    let by_token = [("EmailAddress", "nora@example.com"), ("AuthToken", api_token.as_str())];
    assert_eq!(house.call("getSessionId", &by_token).await.status, 200);

    let login = house.call("doLogin", &[("Login", "nora@example.com"), ("Password", "letmein")]).await;
    assert_eq!(login.status, 200, "{}", login.text());
    let nora = field(&login.text(), "session");
    let seen = house.ok(&nora, "getProofDetails", &[("FileID", &proof.id.to_string())]).await;
    assert_eq!(field(&seen, "filename"), "Red");

    let parts = [
        ("UserID", id.as_str()),
        ("LastName", "Moss"),
        ("Position", ""),
        ("Street", "Ring 1"),
        ("City", "Wien"),
        ("State", "W"),
        ("Postcode", "1010"),
        ("Country", "at"),
        ("Telephone", "1"),
        ("Mobile", "2"),
        ("Fax", "3"),
        ("Language", "de"),
        ("DateFormat", "d.m.Y"),
        ("OpenID", "https://id.example.com/nora"),
    ];
    house.ok(&session, "updateUser", &parts).await;
    let text = house.ok_at(V, &session, "getUserDetails", &[("UserID", &id)]).await;
    for (name, value) in [
        ("first_name", "Nora"),
        ("last_name", "Moss"),
        ("position", ""),
        ("street", "Ring 1"),
        ("city", "Wien"),
        ("state", "W"),
        ("postcode", "1010"),
        ("country", "at"),
        ("telephone", "1"),
        ("mobile", "2"),
        ("fax", "3"),
        ("language", "de"),
        ("date_format", "d.m.Y"),
        ("openid", "https://id.example.com/nora"),
        ("date_timezone", "Asia/Tokyo"),
        ("last_login", "2026-03-02 10:30"),
        ("api_token", ""),
    ] {
        assert_eq!(field(&text, name), value, "{name}");
    }
    // Colleagues see who she is, not where she lives.
    let colleague = house.ok_at(V, &house.session(SECOND), "getUserDetails", &[("UserID", &id)]).await;
    assert_eq!((field(&colleague, "last_name"), field(&colleague, "street")), ("Moss".into(), String::new()));
    let herself = house.ok_at(V, &nora, "getUserDetails", &[("UserID", &id)]).await;
    assert_eq!(field(&herself, "street"), "Ring 1");
    let found = house.ok(&nora, "findUsersByEmail", &[("EmailPhrase", "NORA@")]).await;
    assert_eq!(fields(&found, "email"), ["Nora@example.com"]);
    let none = house.ok(&nora, "findUsersByEmail", &[("EmailPhrase", "nora_")]).await;
    assert!(none.contains("<result/>"), "a wildcard is a letter: {none}");

    let parts = [("UserID", id.as_str()), ("NewEmail", "nora.moss@example.com"), ("Confirm", "false")];
    house.ok(&session, "updateUserEmail", &parts).await;
    house.ok(&nora, "checkSession", &[]).await;
    let old = house.call("doLogin", &[("Login", "nora@example.com"), ("Password", "letmein")]).await;
    assert_eq!(fault(&old).map(|(code, _)| code).as_deref(), Some("303"));

    // The day she leaves: proofs and folders are her heir's, her comments and her place stay.
    let hash = house.file("own.png", galley_testkit::RED_PNG);
    let parts = [("OwnerID", "0"), ("Hash", &hash), ("Name", "Hers"), ("SourceName", "own.png")];
    let own = field(&house.ok(&nora, "createProof", &parts).await, "file_id");
    house.ok(&nora, "createWorkspace", &[("Name", "Her folder"), ("Private", "true")]).await;
    let heir = house.caller(SECOND).id().to_string();
    house.ok(&session, "deleteUser", &[("UserID", &id), ("NewOwnerID", &heir)]).await;
    assert_eq!(house.refused(&nora, "checkSession", &[]).await.0, "305");
    assert_eq!(house.refused(&session, "getUserDetails", &[("UserID", &id)]).await.0, "404");
    let second = house.session(SECOND);
    let text = house.ok(&second, "getProofDetails", &[("FileID", &own)]).await;
    assert_eq!(
        (field(&text, "owner"), field(&text, "uploader")),
        ("Test Manager".into(), "Nora Moss".into())
    );
    let people = house.ok(&second, "getProofReviewers", &[("FileID", &own)]).await;
    assert_eq!(fields(&people, "email"), ["nora.moss@example.com", SECOND]);
    let folders = house.ok(&second, "getWorkspaces", &[]).await;
    assert!(fields(&folders, "name").contains(&"Her folder".to_owned()), "{folders}");
    let users = house.ok(&session, "getUsers", &[]).await;
    assert!(!users.contains("nora.moss@example.com"));
    // She may come back.
    house.ok(&session, "addUser", &new_user("nora.moss@example.com", &[])).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_switched_off_is_out_at_once() {
    let house = House::new();
    let session = admin(&house);
    let manager = email(Profile::Manager);
    let id = house.caller(&manager).id().to_string();
    let login = [("Login", manager.as_str()), ("Password", PASSWORD)];
    let by_token = [("EmailAddress", manager.as_str()), ("AuthToken", &token(&manager))];
    let (first, second) = (house.session(&manager), house.session(&manager));
    house.ok(&first, "checkSession", &[]).await;
    house.ok(&session, "deactivateUser", &[("UserID", &id)]).await;
    for gone in [&first, &second] {
        assert_eq!(house.refused(gone, "checkSession", &[]).await.0, "305");
    }
    for (operation, parts) in [("doLogin", login), ("getSessionId", by_token)] {
        assert_eq!(fault(&house.call(operation, &parts).await).map(|(code, _)| code).as_deref(), Some("303"));
    }
    let text = house.ok(&session, "getUserDetails", &[("UserID", &id)]).await;
    assert_eq!(field(&text, "status"), "disabled");
    let owners = house.ok(&session, "getOwners", &[]).await;
    assert!(!fields(&owners, "email").contains(&manager), "who is switched off owns nothing new");

    house.ok(&session, "activateUser", &[("UserID", &id)]).await;
    assert_eq!(house.call("doLogin", &login).await.status, 200);
    // Locked after failed logins, an administrator's word unlocks.
    for _ in 0..10 {
        house.call("doLogin", &[("Login", &manager), ("Password", "wrong")]).await;
    }
    assert_eq!(fault(&house.call("doLogin", &login).await).map(|(code, _)| code).as_deref(), Some("307"));
    let text = house.ok(&session, "getUserDetails", &[("UserID", &id)]).await;
    assert_eq!(field(&text, "status"), "locked");
    house.ok(&session, "activateUser", &[("UserID", &id)]).await;
    assert_eq!(house.call("doLogin", &login).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_ends_the_other_sessions() {
    let house = House::new();
    let session = admin(&house);
    let manager = email(Profile::Manager);
    let id = house.caller(&manager).id().to_string();
    let open = house.session(&manager);
    house.ok(&open, "checkSession", &[]).await;
    house.ok(&session, "updateUserPassword", &[("UserID", &id), ("Password", "another one")]).await;
    assert_eq!(house.refused(&open, "checkSession", &[]).await.0, "305");
    let login =
        async |password: &str| house.call("doLogin", &[("Login", &manager), ("Password", password)]).await;
    assert_eq!(fault(&login(PASSWORD).await).map(|(code, _)| code).as_deref(), Some("303"));
    assert_eq!(login("another one").await.status, 200);

    // Their own password: the session they are in stays, the others end.
    let own = house.caller(&email(Profile::Admin)).id().to_string();
    let other = admin(&house);
    house.ok(&session, "updateUserPassword", &[("UserID", &own), ("Password", "for myself")]).await;
    house.ok(&session, "checkSession", &[]).await;
    assert_eq!(house.refused(&other, "checkSession", &[]).await.0, "305");
    let short =
        house.refused(&session, "updateUserPassword", &[("UserID", &own), ("Password", "short")]).await;
    assert_eq!(short, ("400".into(), "The password needs at least 6 characters.".into()));
    house.ok(&session, "checkSession", &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn administrators_stay_within_their_rights() {
    let house = House::new();
    let (billing, admin_email) = (email(Profile::BillingAdmin), email(Profile::Admin));
    let (boss, session) = (house.session(&billing), admin(&house));
    let boss_id = house.caller(&billing).id().to_string();
    let admin_id = house.caller(&admin_email).id().to_string();

    let boss_part = ("UserID", boss_id.as_str());
    let heir = ("NewOwnerID", admin_id.as_str());
    for (operation, parts) in [
        ("addUser", new_user("x@example.com", &[("PermissionsID", "1")])),
        ("updateUser", vec![("UserID", admin_id.as_str()), ("PermissionsID", "1")]),
        ("updateUser", vec![boss_part, ("FirstName", "Mallory")]),
        ("updateUserPassword", vec![boss_part, ("Password", "mine now")]),
        ("updateUserEmail", vec![boss_part, ("NewEmail", "mallory@example.com")]),
        ("deactivateUser", vec![boss_part]),
        ("deleteUser", vec![boss_part, heir]),
    ] {
        let (code, text) = house.refused(&session, operation, &parts).await;
        assert!(code == "403" && text.contains("billing administrator"), "{operation}: {code} {text}");
    }
    // The last billing administrator stays one, whoever asks.
    for (operation, parts) in [
        ("updateUser", vec![boss_part, ("PermissionsID", "2")]),
        ("deactivateUser", vec![boss_part]),
        ("deleteUser", vec![boss_part, heir]),
    ] {
        let (code, text) = house.refused(&boss, operation, &parts).await;
        assert!(code == "400" && text.contains("administrator permission"), "{operation}: {code} {text}");
    }
    // With a second one the first may go, and what changed holds in the next call.
    house.ok(&boss, "updateUser", &[("UserID", &admin_id), ("PermissionsID", "1")]).await;
    house.ok(&session, "updateUser", &[boss_part, ("PermissionsID", "4")]).await;
    assert_eq!(house.refused(&boss, "addUser", &new_user("y@example.com", &[])).await.0, "403");
    let second = house.caller(SECOND).id().to_string();
    let events = house.ok(&session, "deleteUser", &[boss_part, ("NewOwnerID", &second)]).await;
    assert!(events.contains("true"));
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_values_change_nothing() {
    let house = House::new();
    let session = admin(&house);
    let manager = house.caller(&email(Profile::Manager)).id().to_string();
    let observer = house.caller(&email(Profile::Observer)).id().to_string();
    let user = ("UserID", manager.as_str());
    let before = house.ok_at(V, &session, "getUsers", &[]).await;
    let long = "x".repeat(300);
    for (operation, parts, code, says) in [
        ("addUser", new_user("nobody", &[]), "400", "e-mail address"),
        ("addUser", new_user(RIVAL, &[]), "400", "has a login already"),
        ("addUser", new_user("n@example.com", &[("PermissionsID", "9")]), "400", "'PermissionsID'"),
        ("addUser", new_user("n@example.com", &[("FirstName", "")]), "400", "'FirstName'"),
        ("addUser", new_user("n@example.com", &[("LastName", &long)]), "400", "255"),
        ("addUser", new_user("n@example.com", &[("Password", "short")]), "400", "6 characters"),
        (
            "addUser",
            new_user("n@example.com", &[("Password", "longer"), ("ConfirmPassword", "other")]),
            "400",
            "differ",
        ),
        ("addUser", new_user("n@example.com", &[("Timezone", "Mars/Base")]), "400", "Mars/Base"),
        (
            "addUser",
            new_user("n@example.com", &[("DefaultEmailNotifications", "6")]),
            "400",
            "'DefaultEmailNotifications'",
        ),
        ("addUser", new_user("n@example.com", &[("AccountID", "4711")]), "403", "access to this account"),
        ("updateUser", vec![user, ("Timezone", "Mars/Base")], "400", "Mars/Base"),
        ("updateUser", vec![user, ("Street", &long)], "400", "255"),
        ("updateUserEmail", vec![user, ("NewEmail", RIVAL)], "400", "has a login already"),
        ("updateUserEmail", vec![user, ("NewEmail", "nobody")], "400", "e-mail address"),
        ("updateUserEmail", vec![("UserID", "x"), ("NewEmail", "n@example.com")], "404", "Invalid User ID"),
        ("deleteUser", vec![user, ("NewOwnerID", &manager)], "404", "Invalid Owner ID"),
        ("deleteUser", vec![user, ("NewOwnerID", &observer)], "404", "Invalid Owner ID"),
        ("deleteUser", vec![user], "400", "'NewOwnerID'"),
        ("findUsersByEmail", vec![("EmailPhrase", "")], "400", "'EmailPhrase'"),
    ] {
        let (found, text) = house.refused_at(V, &session, operation, &parts).await;
        assert!(found == code && text.contains(says), "{operation} {parts:?}: {found} {text}");
    }
    assert_eq!(house.ok_at(V, &session, "getUsers", &[]).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_level_reaches_the_proofs_one_is_on() {
    let house = House::new();
    let session = admin(&house);
    let observer = email(Profile::Observer);
    let place =
        ReviewerInput { email: observer.clone(), role: Some(Role::Moderator), ..ReviewerInput::default() };
    let proof = house.proof(SECOND, &[place]);
    let id = house.caller(&observer).id().to_string();
    let alert = |house: &House, proof: ProofId| {
        let people = house.service.reviewers(&house.caller(SECOND), proof).expect("people");
        people.into_iter().find(|one| one.email == observer).map(|one| (one.alert, one.role))
    };
    let parts = [("UserID", id.as_str()), ("DefaultEmailNotifications", "5")];
    house.ok_at(V, &session, "updateUser", &parts).await;
    assert_eq!(alert(&house, proof.id), Some((galley_model::Alert::OwnDefault, Role::Moderator)));
    let all = [parts.as_slice(), &[("UpdateExistingProofsEmailNotifications", "true")]].concat();
    house.ok_at(V, &session, "updateUser", &all).await;
    assert_eq!(alert(&house, proof.id), Some((galley_model::Alert::Decisions, Role::Moderator)));
    // A guest is no moderator.
    let second = house.caller(SECOND).id().to_string();
    house.ok(&session, "deleteUser", &[("UserID", &id), ("NewOwnerID", &second)]).await;
    assert_eq!(alert(&house, proof.id), Some((galley_model::Alert::Decisions, Role::ReviewerApprover)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_for_the_api_alone_opens_no_page() {
    let house = House::new();
    let manager = email(Profile::Manager);
    let id = house.caller(&manager).id().to_string();
    house.ok(&admin(&house), "updateUser", &[("UserID", &id), ("APIOnly", "true")]).await;
    assert_eq!(house.call("doLogin", &[("Login", &manager), ("Password", PASSWORD)]).await.status, 200);
    let on_web = house.service.login_on_web(&manager, PASSWORD);
    assert!(matches!(on_web, Err(galley_service::ServiceError::ApiOnly)));
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_of_users_cost_the_same_however_long() {
    let house = House::new();
    let session = house.session(SECOND);
    let mut costs = Vec::new();
    for count in [0, 40] {
        for n in 0..count {
            house.user(&format!("many-{n}@studio.example.com"), Profile::Visitor);
        }
        for (operation, parts) in [("getUsers", vec![]), ("findUsersByEmail", vec![("EmailPhrase", "@")])] {
            house.ok(&session, "checkSession", &[]).await;
            let before = house.service.statements();
            house.ok(&session, operation, &parts).await;
            costs.push(house.service.statements() - before);
        }
    }
    assert!(costs.iter().all(|cost| *cost == costs[0] && *cost <= 2), "{costs:?}");
}
