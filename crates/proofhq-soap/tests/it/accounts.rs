//! Accounts: what hubs do with satellites, what plans and password settings allow.

use galley_model::Profile;
use galley_service::ReviewerInput;
use galley_testkit::{House, PASSWORD, RED_PNG, RIVAL, SECOND, email, fault, field, fields};

const V: &str = "18_3_0";

fn boss(house: &House) -> String {
    house.session(&email(Profile::BillingAdmin))
}

async fn login(house: &House, address: &str, password: &str) -> Result<String, String> {
    let answer = house.call("doLogin", &[("Login", address), ("Password", password)]).await;
    match fault(&answer) {
        Some((code, _)) => Err(code),
        None => Ok(answer.text()),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_tells_everything_about_itself() {
    let house = House::new();
    let session = boss(&house);
    let parts = [
        ("OrganisationName", "Studio &amp; Sons"),
        ("Street", "Ring 1"),
        ("City", "Wien"),
        ("State", "W"),
        ("Postcode", "1010"),
        ("Country", "at"),
        ("Telephone", "1"),
        ("Mobile", "2"),
        ("Fax", "3"),
        ("ReferenceID", "wf-1"),
        ("DisableProofEmails", "true"),
    ];
    house.ok_at(V, &session, "updateAccount", &parts).await;
    house.ok_at(V, &session, "setAccountDomain", &[("Domain", "Proofs.Studio.Example.com")]).await;
    house.proof(SECOND, &[]);
    let text = house.ok_at(V, &session, "getAccountDetails", &[]).await;
    for (name, value) in [
        ("street", "Ring 1"),
        ("city", "Wien"),
        ("state", "W"),
        ("postcode", "1010"),
        ("country", "at"),
        ("telephone", "1"),
        ("mobile", "2"),
        ("fax", "3"),
        ("domain", "proofs.studio.example.com"),
        ("password_length", "6"),
        ("bruteforce_attempts", "10"),
        ("bruteforce_lock_time", "15"),
        ("start_at", "2026-03-02 10:30"),
        ("finish_at", "2026-04-02 10:30"),
        ("storage_usage", "1"),
        ("proofs_usage", "1"),
        ("users_usage", "7"),
        ("users_limit", "2147483647"),
    ] {
        let values = fields(&text, name);
        assert_eq!(values.last().map(String::as_str), Some(value), "{name}");
    }
    assert_eq!(fields(&text, "name")[0], "Studio &amp; Sons");
    assert_eq!(fields(&text, "reference_id").last().map(String::as_str), Some("wf-1"));
    assert_eq!(fields(&text, "email").len(), 7);

    let address = email(Profile::BillingAdmin);
    let parts = [("Login", address.as_str()), ("Password", PASSWORD)];
    let login = house.call_at(V, "doLogin", &parts).await.text();
    for (name, value) in [
        ("organisation_name", "Studio &amp; Sons"),
        ("domain", "proofs.studio.example.com"),
        ("default_upload_host", "proofs.example.com"),
        ("limit_storage", "2147483647"),
        ("limit_proofs", "2147483647"),
        ("default_email_notifications", "3"),
        ("can_create_folder", "true"),
        ("can_create_private_folder", "true"),
    ] {
        assert_eq!(field(&login, name), value, "{name}");
    }
    // What is not sent stays; an account never loses its name.
    let text = house.ok_at(V, &session, "updateAccount", &[("OrganisationName", ""), ("Fax", "")]).await;
    assert_eq!(fields(&text, "name")[0], "Studio &amp; Sons");
    assert_eq!(fields(&text, "fax").last().map(String::as_str), Some(""));
    assert_eq!(fields(&text, "city").last().map(String::as_str), Some("Wien"));
    let long = "x".repeat(300);
    for (operation, parts, says) in [
        ("setAccountDomain", vec![("Domain", "other.example.com")], "cannot be changed"),
        ("setAccountDomain", vec![("Domain", "https://x")], "domain name"),
        ("updateAccount", vec![("City", long.as_str())], "255"),
    ] {
        let (code, text) = house.refused_at(V, &session, operation, &parts).await;
        assert!(code == "400" && text.contains(says), "{operation}: {code} {text}");
    }
    let rival = house.session(RIVAL);
    let taken = [("Domain", "proofs.studio.example.com")];
    assert_eq!(house.refused_at(V, &house.session(SECOND), "setAccountDomain", &taken).await.0, "403");
    assert_eq!(house.refused_at(V, &rival, "setAccountDomain", &taken).await.0, "400");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_hub_reaches_its_satellites_and_nobody_else_reaches_anything() {
    let house = House::new();
    let session = boss(&house);
    let parts = [("Name", "Branch"), ("Timezone", "Asia/Tokyo"), ("ReferenceID", "b-1")];
    let text = house.ok_at(V, &session, "createSatelliteAccount", &parts).await;
    let id = fields(&text, "id")[0].clone();
    assert_eq!(field(&text, "parent_account_id"), house.studio.to_string());
    assert_eq!(fields(&text, "reference_id"), ["b-1"]);
    assert!(text.contains("<users/>"));
    let add = [
        ("AccountID", id.as_str()),
        ("EmailAddress", "bo@example.com"),
        ("FirstName", "Bo"),
        ("LastName", "Lind"),
        ("PermissionsID", "1"),
    ];
    let text = house.ok_at(V, &session, "addUser", &add).await;
    let (bo, token) = (fields(&text, "id")[0].clone(), field(&text, "api_token"));
    assert_eq!(field(&text, "date_timezone"), "Asia/Tokyo");
    let answer =
        house.call("getSessionId", &[("EmailAddress", "bo@example.com"), ("AuthToken", &token)]).await;
    let branch = field(&answer.text(), "session");

    // The hub's administrators act in the satellite, found by the user or by the account.
    let admin = house.session(&email(Profile::Admin));
    for (caller, operation, parts) in [
        (&admin, "getUserDetails", vec![("UserID", bo.as_str())]),
        (&admin, "getUsers", vec![("AccountID", id.as_str())]),
        (&admin, "getAccountDetails", vec![("AccountID", id.as_str())]),
        (&admin, "updateAccount", vec![("AccountID", id.as_str()), ("City", "Tokyo")]),
        (&session, "updateUser", vec![("UserID", bo.as_str()), ("Position", "Boss")]),
        (&session, "updateBillingPlan", vec![("AccountID", id.as_str()), ("PlanID", "2")]),
    ] {
        house.ok_at(V, caller, operation, &parts).await;
    }
    let list = house.ok_at(V, &admin, "getSatelliteAccounts", &[]).await;
    assert_eq!(
        (fields(&list, "name")[0].as_str(), field(&list, "email").as_str()),
        ("Branch", "bo@example.com")
    );
    assert_eq!(fields(&list, "name")[1], "Standard");

    // Everybody else meets the same wall, whether the account exists or not.
    let hub = house.studio.to_string();
    let (manager, rival) = (house.session(SECOND), house.session(RIVAL));
    for caller in [&manager, &rival, &branch] {
        let target = if std::ptr::eq(caller, &branch) { hub.as_str() } else { id.as_str() };
        for operation in ["getUsers", "getAccountDetails", "updateAccount"] {
            let there = house.refused_at(V, caller, operation, &[("AccountID", target)]).await;
            let nowhere = house.refused_at(V, caller, operation, &[("AccountID", "4711")]).await;
            assert_eq!(there, nowhere, "{operation}");
            assert_eq!(there, ("403".into(), "you do not have access to this account".into()));
        }
    }
    for caller in [&manager, &rival] {
        assert_eq!(house.refused(caller, "getUserDetails", &[("UserID", &bo)]).await.0, "404");
    }
    assert_eq!(house.refused(&manager, "getAccountDetails", &[]).await.0, "403");
    let elsewhere = [("AccountID", hub.as_str()), ("UserID", bo.as_str())];
    assert_eq!(house.refused_at(V, &session, "deactivateUser", &elsewhere).await.0, "404");
    assert_eq!(house.refused(&branch, "createSatelliteAccount", &[("Name", "Twig")]).await.0, "403");

    // One price for the list, however many satellites.
    let mut costs = Vec::new();
    for _ in 0..2 {
        house.ok(&admin, "checkSession", &[]).await;
        let before = house.service.statements();
        house.ok(&admin, "getSatelliteAccounts", &[]).await;
        costs.push(house.service.statements() - before);
        for n in 0..5 {
            house.ok(&session, "createSatelliteAccount", &[("Name", &format!("Branch {n}"))]).await;
        }
    }
    assert_eq!(costs[0], costs[1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_is_a_set_of_limits() {
    let house = House::new();
    let session = boss(&house);
    let denied = house.refused(&house.session(&email(Profile::Admin)), "getBillingPlans", &[]).await;
    assert_eq!(denied, ("403".into(), "Creators and Billing administrator rights required".into()));
    let plans = house.ok_at(V, &session, "getBillingPlans", &[]).await;
    assert_eq!(fields(&plans, "name"), ["Unlimited", "Standard", "Select", "Premium"]);
    assert_eq!(fields(&plans, "user_limit"), ["2147483647", "20", "100", "500"]);
    assert_eq!(house.refused(&session, "updateBillingPlan", &[("PlanID", "9")]).await.0, "404");
    assert_eq!(house.refused(&session, "updateBillingPlan", &[("PlanID", "x")]).await.0, "404");

    // Twenty-four users do not fit into the smallest plan: the last and the least are switched off.
    for n in 0..17 {
        house.user(&format!("visitor-{n}@studio.example.com"), Profile::Visitor);
    }
    let last = house.session("visitor-16@studio.example.com");
    house.ok(&last, "checkSession", &[]).await;
    let text = house.ok(&session, "updateBillingPlan", &[("PlanID", "2")]).await;
    assert_eq!((field(&text, "users_usage"), field(&text, "users_limit")), ("20".into(), "20".into()));
    assert_eq!(house.refused(&last, "checkSession", &[]).await.0, "305");
    house.ok(&house.session("visitor-12@studio.example.com"), "checkSession", &[]).await;
    let parts =
        [("EmailAddress", "n@example.com"), ("FirstName", "N"), ("LastName", "N"), ("PermissionsID", "6")];
    let (code, text) = house.refused(&session, "addUser", &parts).await;
    assert!(code == "400" && text.contains("room for 20 users"), "{text}");
    let users = house.ok(&session, "getUsers", &[]).await;
    let at = fields(&users, "email").iter().position(|one| one.starts_with("visitor-16")).expect("is listed");
    // Ids of users and of their permissions take turns.
    let id = fields(&users, "id")[2 * at].clone();
    assert_eq!(fields(&users, "status")[at], "disabled");
    assert_eq!(house.refused(&session, "activateUser", &[("UserID", &id)]).await.0, "400");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_month_has_so_many_proofs() {
    let house = House::new().with_open_sign_up();
    let parts = [
        ("OrganisationName", "Newcomers"),
        ("EmailAddress", "eve@example.com"),
        ("FirstName", "Eve"),
        ("LastName", "Moss"),
        ("Password", "a password"),
        ("Timezone", "Europe/Vienna"),
    ];
    assert_eq!(house.call("createAccount", &parts).await.status, 200);
    let text = login(&house, "eve@example.com", "a password").await.expect("a session");
    assert_eq!((field(&text, "limit_proofs"), field(&text, "limit_storage")), ("500".into(), "10000".into()));
    let session = field(&text, "session");
    let plans = house.ok(&session, "getBillingPlans", &[]).await;
    assert!(
        !fields(&plans, "name").contains(&"Unlimited".to_owned()),
        "limits are not lifted by those they bind"
    );
    assert_eq!(house.refused(&session, "updateBillingPlan", &[("PlanID", "1")]).await.0, "404");

    let eve = house.service.session(&session).expect("a session");
    let mut first = None;
    for n in 0..500 {
        let input = galley_service::ProofInput {
            file_token: house.file("red.png", RED_PNG),
            name: Some(format!("Proof {n}")),
            ..galley_service::ProofInput::default()
        };
        let made = house.service.create_proof(&eve, &input).expect("has room");
        first.get_or_insert(made.id);
    }
    let hash = house.file("red.png", RED_PNG);
    let new = [("OwnerID", "0"), ("Hash", hash.as_str()), ("Name", "One more"), ("SourceName", "red.png")];
    let (code, text) = house.refused(&session, "createProof", &new).await;
    assert!(code == "400" && text.contains("500 proofs a month"), "{text}");
    // Four more versions of a proof cost nothing.
    let parent = first.expect("a proof").to_string();
    let version = [
        ("ParentFileID", parent.as_str()),
        ("Hash", hash.as_str()),
        ("Name", "Two"),
        ("SourceName", "red.png"),
    ];
    house.ok(&session, "createProofVersion", &version).await;
    let usage = house.ok(&session, "getAccountDetails", &[]).await;
    assert_eq!(field(&usage, "proofs_usage"), "500");
    // The next month begins anew.
    house.clock.advance(31 * 24 * 3600);
    let session = field(&login(&house, "eve@example.com", "a password").await.expect("a session"), "session");
    house.ok(&session, "createProof", &new).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_are_opened_by_who_runs_the_server() {
    let house = House::new();
    let parts = |email: &'static str| {
        [
            ("OrganisationName", "Offspring"),
            ("EmailAddress", email),
            ("FirstName", "Eve"),
            ("LastName", "Moss"),
            ("Password", "a password"),
            ("ConfirmPassword", "a password"),
            ("DisableProofEmails", "true"),
            ("Telephone", "+43 1"),
            ("ReferenceID", "o-1"),
        ]
    };
    let nobody = house.call_at(V, "createAccount", &parts("a@example.com")).await;
    assert_eq!(fault(&nobody).map(|(code, _)| code).as_deref(), Some("305"));
    let stranger = [&[("SessionID", "nosuch")], parts("a@example.com").as_slice()].concat();
    assert_eq!(
        fault(&house.call_at(V, "createAccount", &stranger).await).map(|(c, _)| c).as_deref(),
        Some("305")
    );
    for other in [email(Profile::Admin), RIVAL.to_owned()] {
        let session = house.session(&other);
        assert_eq!(house.refused_at(V, &session, "createAccount", &parts("a@example.com")).await.0, "403");
    }
    let session = boss(&house);
    let text = house.ok_at(V, &session, "createAccount", &parts("a@example.com")).await;
    assert_eq!(fields(&text, "name")[..2], ["Offspring", "Unlimited"]);
    assert_eq!((field(&text, "email"), field(&text, "first_name")), ("a@example.com".into(), "Eve".into()));
    assert_eq!(fields(&text, "telephone").last().map(String::as_str), Some("+43 1"));
    assert_eq!(fields(&text, "reference_id").last().map(String::as_str), Some("o-1"));
    assert!(login(&house, "a@example.com", "a password").await.is_ok());
    // It is nobody's satellite.
    let id = fields(&text, "id")[0].clone();
    assert_eq!(house.refused(&session, "getUsers", &[("AccountID", &id)]).await.0, "403");

    for (part, value, says) in [
        ("EmailAddress", RIVAL, "has a login already"),
        ("Password", "short", "6 characters"),
        ("ConfirmPassword", "another", "differ"),
        ("Timezone", "Mars/Base", "Mars/Base"),
        ("OrganisationName", "", "'OrganisationName'"),
    ] {
        let mut bad = parts("b@example.com").to_vec();
        bad.retain(|(name, _)| *name != part && (part != "Password" || *name != "ConfirmPassword"));
        bad.push((part, value));
        let (code, text) = house.refused_at(V, &session, "createAccount", &bad).await;
        assert!(code == "400" && text.contains(says), "{part}: {code} {text}");
    }
    assert!(login(&house, "b@example.com", "a password").await.is_err(), "nothing is half done");
}

#[tokio::test(flavor = "multi_thread")]
async fn password_settings_are_obeyed() {
    let house = House::new();
    let session = boss(&house);
    let parts = [
        ("PasswordLength", "8"),
        ("LowercaseCharacters", "1"),
        ("UppercaseCharacters", "1"),
        ("NumericCharacters", "1"),
        ("SymbolCharacters", "1"),
        ("CharactersRepetition", "3"),
        ("PasswordLifetime", "30"),
        ("BruteforceAttempts", "2"),
        ("BruteforceLockTime", "5"),
    ];
    let text = house.ok(&session, "setAccountPasswordSettings", &parts).await;
    for (name, value) in [
        ("password_length", "8"),
        ("lcase_characters", "1"),
        ("ucase_characters", "1"),
        ("numeric_characters", "1"),
        ("symbol_characters", "1"),
        ("characters_repetition", "3"),
        ("password_lifetime", "30"),
        ("password_repetition", "0"),
        ("bruteforce_attempts", "2"),
        ("bruteforce_lock_time", "5"),
    ] {
        assert_eq!(field(&text, name), value, "{name}");
    }
    let manager = email(Profile::Manager);
    let id = house.caller(&manager).id().to_string();
    for weak in ["Ab1!", "abcdefg1!", "ABCDEFG1!", "Abcdefgh!", "Abcdefg12", "Aaaaa1!b a"] {
        let parts = [("UserID", id.as_str()), ("Password", weak)];
        assert_eq!(house.refused(&session, "updateUserPassword", &parts).await.0, "400", "{weak}");
    }
    let add = [
        ("EmailAddress", "n@example.com"),
        ("FirstName", "N"),
        ("LastName", "N"),
        ("PermissionsID", "6"),
        ("Password", "weakling"),
    ];
    assert_eq!(house.refused(&session, "addUser", &add).await.0, "400");
    let strong = "Str0ng! word";
    house.ok(&session, "updateUserPassword", &[("UserID", &id), ("Password", strong)]).await;

    // Two failures lock for five minutes.
    for _ in 0..2 {
        assert_eq!(login(&house, &manager, "wrong").await, Err("303".to_owned()));
    }
    assert_eq!(login(&house, &manager, strong).await, Err("307".to_owned()));
    house.clock.advance(5 * 60);
    assert!(login(&house, &manager, strong).await.is_ok());

    // After thirty days the password has to go; whoever knows it replaces it.
    house.clock.advance(30 * 24 * 3600);
    assert_eq!(login(&house, &manager, strong).await, Err("307".to_owned()));
    let change = |old: &str, new: &str| house.service.change_password(&manager, old, new);
    assert!(change("wrong", "N3w! password").is_err());
    assert!(change(strong, "weak").is_err());
    assert!(change(strong, strong).is_err(), "the old one is no new one");
    change(strong, "N3w! password").expect("is replaced");
    assert!(login(&house, &manager, "N3w! password").await.is_ok());

    for (part, value) in [("PasswordLength", "0"), ("BruteforceAttempts", "0"), ("SymbolCharacters", "-1")] {
        let session = boss(&house);
        assert_eq!(house.refused(&session, "setAccountPasswordSettings", &[(part, value)]).await.0, "400");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_viewer_says_what_the_account_has_to_say() {
    let house = House::new();
    let session = boss(&house);
    let parts = [
        ("OnLoadMessage", "Please &lt;b&gt;read&lt;/b&gt; this."),
        ("OnDecisionMessage", "Are you sure?"),
        ("ConfirmButton", "I am"),
    ];
    house.ok(&session, "setAccountProofingDefaults", &parts).await;
    let text = house.ok(&session, "setAccountProofingDefaults", &[("CancelButton", "Not yet")]).await;
    for (name, value) in [
        ("on_load_message", "Please &lt;b&gt;read&lt;/b&gt; this."),
        ("on_decision_message", "Are you sure?"),
        ("confirm_button", "I am"),
        ("cancel_button", "Not yet"),
    ] {
        assert_eq!(field(&text, name), value, "{name}");
    }
    let guest = ReviewerInput { email: "gus@example.com".to_owned(), ..ReviewerInput::default() };
    let link = house.link(house.proof(SECOND, &[guest]).id, "gus@example.com");
    let first = house.service.open_link(&link).expect("opens").messages;
    assert_eq!((first.on_load.as_str(), first.confirm.as_str()), ("Please <b>read</b> this.", "I am"));
    let again = house.service.open_link(&link).expect("opens").messages;
    assert_eq!((again.on_load.as_str(), again.on_decision.as_str()), ("", "Are you sure?"));
    let long = "x".repeat(5_001);
    assert_eq!(
        house.refused(&session, "setAccountProofingDefaults", &[("OnLoadMessage", &long)]).await.0,
        "400"
    );
}
