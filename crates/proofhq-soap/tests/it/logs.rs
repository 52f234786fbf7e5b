//! The logs of an account: who reads them, what is in which, and paging.

use galley_model::{Profile, ProofId};
use galley_service::ReviewerInput;
use galley_testkit::{House, PASSWORD, RIVAL, SECOND, email, field, fields};

const V: &str = "16_24_0";

async fn log(house: &House, session: &str, parts: &[(&str, &str)]) -> String {
    house.ok_at(V, session, "getActivityLog", parts).await
}

#[tokio::test(flavor = "multi_thread")]
async fn each_log_holds_what_it_is_about() {
    let house = House::new();
    let (admin, manager) = (house.session(&email(Profile::Admin)), house.session(SECOND));
    let folder = house.ok(&manager, "createWorkspace", &[("Name", "Spring"), ("Client", "Acme")]).await;
    let hash = house.file("red.png", galley_testkit::RED_PNG);
    let parts = [
        ("OwnerID", "0"),
        ("Hash", hash.as_str()),
        ("Name", "Poster"),
        ("SourceName", "red.png"),
        ("WorkspaceId", &field(&folder, "id")),
    ];
    let proof = house.ok(&manager, "createProof", &parts).await;
    house.ok(&manager, "lockProof", &[("FileID", &field(&proof, "file_id"))]).await;

    let proofs = log(&house, &admin, &[("LogID", "Proofs"), ("ItemsPerPage", "1")]).await;
    for (name, value) in [
        ("created_at", "2026-03-02 10:30"),
        ("action", "Proof locked"),
        ("filename", "Poster"),
        ("workspace_name", "Spring"),
        ("user_email", SECOND),
        ("sent_at", ""),
        ("email_subject", ""),
    ] {
        assert_eq!(field(&proofs, name), value, "{name}");
    }
    let folders = log(&house, &admin, &[("LogID", "2")]).await;
    assert_eq!(fields(&folders, "action"), ["Folder created"]);
    assert_eq!(fields(&folders, "workspace_name"), ["Spring"]);

    // Nothing means the account.
    house
        .ok(&admin, "updateUser", &[("UserID", &house.caller(SECOND).id().to_string()), ("FirstName", "Sue")])
        .await;
    let account = log(&house, &admin, &[("ItemsPerPage", "1")]).await;
    assert_eq!(account, log(&house, &admin, &[("LogID", "account"), ("ItemsPerPage", "1")]).await);
    assert_eq!(
        (field(&account, "action"), field(&account, "details")),
        ("User changed".into(), SECOND.into())
    );
    assert_eq!(field(&account, "user_email"), email(Profile::Admin), "who did it");
}

#[tokio::test(flavor = "multi_thread")]
async fn logins_are_logged_for_administrators_and_for_oneself() {
    let house = House::new();
    let (admin, manager) = (house.session(&email(Profile::Admin)), email(Profile::Manager));
    let own = house.session(&manager);
    let before = fields(&log(&house, &own, &[("LogID", "profile")]).await, "action");
    let parts = [("Login", manager.as_str()), ("Password", "wrong")];
    assert_eq!(
        galley_testkit::fault(&house.call_at(V, "doLogin", &parts).await).map(|f| f.0),
        Some("303".into())
    );
    let parts = [("Login", manager.as_str()), ("Password", PASSWORD)];
    assert_eq!(house.call_at(V, "doLogin", &parts).await.status, 200);
    let logins = log(&house, &admin, &[("LogID", "authentication"), ("ItemsPerPage", "2")]).await;
    assert_eq!(fields(&logins, "action"), ["Logged in", "Login failed"]);
    assert_eq!(fields(&logins, "user_email"), [manager.as_str(), &manager]);

    let id = house.caller(&manager).id().to_string();
    house.ok(&admin, "updateUser", &[("UserID", &id), ("Position", "Head of print")]).await;
    let after = log(&house, &own, &[("LogID", "profile")]).await;
    let actions = fields(&after, "action");
    assert_eq!(actions[..actions.len() - before.len()], ["User changed", "Logged in", "Logged in"]);
    assert_eq!(field(&after, "user_email"), email(Profile::Admin));
    assert!(!after.contains(SECOND), "only what concerns oneself");
}

#[tokio::test(flavor = "multi_thread")]
async fn mails_are_logged_with_their_recipients() {
    let house = House::new();
    let admin = house.session(&email(Profile::Admin));
    let session = house.session(SECOND);
    let guest = ReviewerInput { email: "gus@example.com".to_owned(), ..ReviewerInput::default() };
    let proof = house.proof(SECOND, &[guest]).id.to_string();
    let people = house.ok(&session, "getProofReviewers", &[("FileID", &proof)]).await;
    let gus = fields(&people, "id").pop().expect("a reviewer");
    assert!(log(&house, &admin, &[("LogID", "email")]).await.contains("<result/>"));
    let parts = [("FileID", proof.as_str()), ("ReviewerID", &gus), ("Subject", "Look"), ("Body", "Please.")];
    house.ok_at(V, &session, "messageReviewer", &parts).await;
    house.notifier(&galley_notify::Options::default()).deliver_mail().await.expect("a round");
    let mails = log(&house, &admin, &[("LogID", "email")]).await;
    for (name, value) in [
        ("action", "E-mail kept"),
        ("filename", "Red"),
        ("sent_at", ""),
        ("email_sender", SECOND),
        ("email_recipient", "gus@example.com"),
        ("email_subject", "Look"),
    ] {
        assert_eq!(field(&mails, name), value, "{name}");
    }
    assert!(log(&house, &house.session(RIVAL), &[("LogID", "email")]).await.contains("<result/>"));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_those_who_may_read_a_log() {
    let house = House::new();
    let everybody = ["proofs", "folders", "account", "authentication", "email"];
    for profile in Profile::ALL {
        let session = house.session(&email(profile));
        for name in everybody.into_iter().chain(["billing", "profile"]) {
            let may = match name {
                "profile" => true,
                "billing" => profile == Profile::BillingAdmin,
                _ => profile.administers(),
            };
            if may {
                log(&house, &session, &[("LogID", name)]).await;
            } else {
                let refused = house.refused_at(V, &session, "getActivityLog", &[("LogID", name)]).await;
                assert_eq!(refused.0, "403", "{name} by {profile:?}");
            }
        }
    }
    let admin = house.session(&email(Profile::Admin));
    for none in ["everything", "0", "8", "-1", "99999999999999999999", "proofs;"] {
        let (code, text) = house.refused_at(V, &admin, "getActivityLog", &[("LogID", none)]).await;
        assert!(code == "400" && text.contains("'LogID'"), "{none}: {code} {text}");
    }
}

/// Nothing of another account, whatever happens there.
#[tokio::test(flavor = "multi_thread")]
async fn other_accounts_have_logs_of_their_own() {
    let house = House::new();
    house.proof(SECOND, &[]);
    let rival = house.session(RIVAL);
    for name in ["proofs", "folders", "account", "authentication", "billing", "profile"] {
        let text = log(&house, &rival, &[("LogID", name)]).await;
        assert!(!text.contains("studio.example.com") && !text.contains("Red"), "{name}: {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_far_down_costs_what_the_first_costs() {
    let house = House::new();
    let admin = house.session(&email(Profile::Admin));
    let proof: ProofId = house.proof(SECOND, &[]).id;
    let caller = house.caller(SECOND);
    for _ in 0..40 {
        house.clock.advance(60);
        house.service.set_locked(&caller, proof, true).expect("locks");
        house.service.set_locked(&caller, proof, false).expect("unlocks");
    }
    let all = fields(&log(&house, &admin, &[("LogID", "proofs")]).await, "action");
    assert!(all.len() > 80);
    let mut costs = Vec::new();
    for from in [0, 30, 60] {
        let before = house.service.statements();
        let (start, count) = (from.to_string(), "20");
        let parts = [("LogID", "proofs"), ("StartFrom", start.as_str()), ("ItemsPerPage", count)];
        let page = fields(&log(&house, &admin, &parts).await, "action");
        costs.push(house.service.statements() - before);
        assert_eq!(page, all[from..from + 20], "from {from}");
    }
    assert!(costs.iter().all(|cost| *cost == costs[0] && *cost <= 3), "{costs:?}");
    let last = (all.len() - 3).to_string();
    let parts = [("LogID", "proofs"), ("StartFrom", last.as_str()), ("ItemsPerPage", "20")];
    assert_eq!(fields(&log(&house, &admin, &parts).await, "action"), all[all.len() - 3..]);
    let parts = [("LogID", "proofs"), ("StartFrom", "100000")];
    assert!(log(&house, &admin, &parts).await.contains("<result/>"));
    let parts = [("LogID", "proofs"), ("StartFrom", "-5"), ("ItemsPerPage", "1")];
    assert_eq!(fields(&log(&house, &admin, &parts).await, "action"), all[..1]);
}
