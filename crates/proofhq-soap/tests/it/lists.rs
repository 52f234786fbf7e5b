//! Lists of proofs: standard views, searches, what they cost.

use galley_model::{Profile, Role};
use galley_service::{ProofInput, ReviewerInput, WorkspaceInput};
use galley_testkit::{House, RED_PNG, SECOND, email, field, fields};

const V: &str = "18_3_0";
const GUEST: &str = "gus@example.com";

fn named(house: &House, owner: &str, name: &str) -> i64 {
    let input = ProofInput {
        file_token: house.file("red.png", RED_PNG),
        name: Some(name.to_owned()),
        ..ProofInput::default()
    };
    house.service.create_proof(&house.caller(owner), &input).expect("a proof").id.0
}

async fn names(house: &House, session: &str, operation: &str, parts: &[(&str, &str)]) -> Vec<String> {
    fields(&house.ok_at(V, session, operation, parts).await, "filename")
}

#[tokio::test(flavor = "multi_thread")]
async fn standard_views() {
    let house = House::new();
    let session = house.session(SECOND);
    let id = |name: &str| named(&house, SECOND, name).to_string();
    let (open, locked, archived) = (id("Open"), id("Locked"), id("Archived"));
    house.ok(&session, "lockProof", &[("FileID", &locked)]).await;
    house.ok_at(V, &session, "archiveProof", &[("FileID", &archived)]).await;
    let admin = email(Profile::Admin);
    let approver = [("FileID", open.as_str()), ("RecipientEmail", &admin), ("RecipientRole", "4")];
    house.ok(&session, "addProofReviewer", &approver).await;
    let parts = [("FileID", open.as_str()), ("Deadline", "2026-03-03 10:00")];
    house.ok_at(V, &session, "updateProofDeadline", &parts).await;
    house.clock.advance(2 * 24 * 60 * 60);
    let (mine, theirs) = (house.session(SECOND), house.session(&admin));

    // view, with the archive, rows of the owner, rows of the administrator
    let table: [(&str, &str, &[&str], &[&str]); 10] = [
        ("1", "false", &["Locked", "Open"], &["Locked", "Open"]),
        ("1", "true", &["Archived", "Locked", "Open"], &["Archived", "Locked", "Open"]),
        ("2", "true", &["Locked", "Open"], &["Locked", "Open"]),
        ("3", "true", &["Open"], &["Open"]),
        ("4", "false", &["Locked"], &["Locked"]),
        ("5", "false", &["Archived"], &["Archived"]),
        ("6", "false", &["Locked", "Open"], &[]),
        ("6", "true", &["Archived", "Locked", "Open"], &[]),
        ("7", "false", &[], &["Open"]),
        ("8", "false", &["Open"], &["Open"]),
    ];
    for (view, archive, owner, administrator) in table {
        for (session, expected) in [(&mine, owner), (&theirs, administrator)] {
            let parts = [("ListViewId", view), ("IncludeArchived", archive)];
            assert_eq!(names(&house, session, "getProofsByView", &parts).await, expected, "{view} {archive}");
            let parts = [("ListViewID", view), ("SendArchivedProofs", archive), ("ItemsPerPage", "1")];
            let text = house.ok(session, "getProofsByListView", &parts).await;
            assert_eq!(field(&text, "total"), expected.len().to_string(), "{view} {archive}");
            assert_eq!(fields(&text, "filename"), expected[..expected.len().min(1)], "{view} {archive}");
        }
    }
    let hash = house.file("plan.pdf", RED_PNG);
    house.ok(&mine, "createFile", &[("Hash", &hash), ("SourceName", "plan.pdf"), ("Name", "Plan")]).await;
    for (session, expected) in [(&mine, "1"), (&theirs, "1"), (&house.session(&email(Profile::Manager)), "0")]
    {
        let text = house.ok(session, "getProofsByListView", &[("ListViewID", "Files")]).await;
        assert_eq!(field(&text, "total"), expected);
        assert_eq!(fields(&text, "file_id").len().to_string(), expected);
    }
    assert_eq!(
        names(&house, &theirs, "getProofsByView", &[]).await,
        ["Locked", "Open"],
        "files are no proofs"
    );
    let by_name = house.ok(&mine, "getProofsByListView", &[("ListViewID", "late proofs")]).await;
    assert_eq!(fields(&by_name, "filename"), ["Open"]);
    for view in ["10", "folders", "-1"] {
        let refused = house.refused(&mine, "getProofsByListView", &[("ListViewID", view)]).await;
        assert_eq!(refused, ("404".to_owned(), "Invalid List View ID".to_owned()));
    }
    assert_eq!(house.refused_at(V, &mine, "getProofsByView", &[("ListViewId", "10")]).await.0, "404");
}

#[tokio::test(flavor = "multi_thread")]
async fn short_rows_tell_what_a_proof_shows() {
    let house = House::new();
    let session = house.session(SECOND);
    let proof = house.proof(SECOND, &[]);
    let text = house.ok(&session, "getProofsByListView", &[]).await;
    let code = house.link(proof.id, SECOND).code;
    for (name, value) in [
        ("total", "1"),
        ("token", proof.team_code.as_str()),
        ("code", code.as_str()),
        ("mediaType", "image"),
        ("version", "1"),
        ("thumbnail", ""),
    ] {
        assert_eq!(field(&text, name), value, "{name}");
    }
    for (excluded, total) in [("<item>image</item>", "0"), ("<item>video</item><item>Document</item>", "1")] {
        let text = house.ok(&session, "getProofsByListView", &[("ExcludedMediaTypes", excluded)]).await;
        assert_eq!(field(&text, "total"), total, "{excluded}");
    }
    let parts = [("ExcludedMediaTypes", "<item>smell</item>")];
    assert_eq!(house.refused(&session, "getProofsByListView", &parts).await.0, "400");
}

#[tokio::test(flavor = "multi_thread")]
async fn proofs_by_owner_and_by_reviewer() {
    let house = House::new();
    let session = house.session(SECOND);
    let guest =
        ReviewerInput { email: GUEST.to_owned(), role: Some(Role::Reviewer), ..ReviewerInput::default() };
    house.proof(SECOND, &[guest]);
    named(&house, SECOND, "Alone");
    let manager = email(Profile::Manager);
    named(&house, &manager, "Other");
    let own = house.caller(SECOND).id().to_string();
    let other = house.caller(&manager).id().to_string();
    for (user, expected) in
        [("", ["Alone", "Red"].as_slice()), (own.as_str(), &["Alone", "Red"]), (&other, &[])]
    {
        assert_eq!(
            names(&house, &session, "getProofsByOwnership", &[("UserID", user)]).await,
            expected,
            "{user}"
        );
    }
    let admin = house.session(&email(Profile::Admin));
    assert_eq!(names(&house, &admin, "getProofsByOwnership", &[("UserID", &other)]).await, ["Other"]);
    let rival = house.caller(galley_testkit::RIVAL).id().to_string();
    for id in [rival.as_str(), "900001"] {
        let refused = house.refused(&session, "getProofsByOwnership", &[("UserID", id)]).await;
        assert_eq!(refused, ("404".to_owned(), "Invalid User ID".to_owned()));
    }
    for (address, expected) in
        [("GUS@example.com", ["Red"].as_slice()), (SECOND, &["Alone", "Red"]), ("nobody@example.com", &[])]
    {
        let found = names(&house, &session, "getProofsByRecipientEmail", &[("Email", address)]).await;
        assert_eq!(found, expected, "{address}");
    }
    assert_eq!(house.refused_at(V, &session, "getProofsByRecipientEmail", &[]).await.0, "400");
}

#[tokio::test(flavor = "multi_thread")]
async fn proofs_in_workspaces() {
    let house = House::new();
    let (session, caller) = (house.session(SECOND), house.caller(SECOND));
    let folder = |name: &str, parent| {
        let input = WorkspaceInput { name: name.to_owned(), parent, ..WorkspaceInput::default() };
        house.service.create_workspace(&caller, &input).expect("a folder").id
    };
    let top = folder("Top", None);
    let (below, aside) = (folder("Below", Some(top)), folder("Aside", None));
    for (name, place) in [("One", top), ("Two", below), ("Three", aside)] {
        let id = named(&house, SECOND, name).to_string();
        house
            .ok(
                &session,
                "updateProof",
                &[("FileID", &id), ("Name", name), ("WorkspaceId", &place.to_string())],
            )
            .await;
    }
    let top = top.to_string();
    for (sub, expected) in [("false", ["One"].as_slice()), ("true", &["Two", "One"])] {
        let parts = [("WorkspaceID", top.as_str()), ("IncludeSubfolders", sub)];
        assert_eq!(names(&house, &session, "getProofsByWorkspace", &parts).await, expected, "{sub}");
    }
    let ids = format!("<item>{top}</item><item>{aside}</item>");
    let parts = [
        ("WorkspaceIDs", ids.as_str()),
        ("IncludeSubfolders", "true"),
        ("StartFrom", "1"),
        ("ItemsPerPage", "1"),
    ];
    assert_eq!(names(&house, &session, "getProofsByWorkspaces", &parts).await, ["Two"]);
    let parts = [("WorkspaceIDs", "<item>77777</item>")];
    assert_eq!(
        house.refused_at(V, &session, "getProofsByWorkspaces", &parts).await.1,
        "Invalid Workspace ID"
    );
    let parts = [("WorkspaceIDs", "")];
    assert_eq!(house.refused_at(V, &session, "getProofsByWorkspaces", &parts).await.0, "400");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_keyword_has_to_fit() {
    let house = House::new();
    let session = house.session(SECOND);
    for name in ["Spring_Poster-v2", "Spring leaflet", "春の色"] {
        named(&house, SECOND, name);
    }
    named(&house, &email(Profile::Manager), "Spring secret");
    let table: [(&str, &[&str]); 9] = [
        ("spring", &["Spring leaflet", "Spring_Poster-v2"]),
        ("POST spr", &["Spring_Poster-v2"]),
        ("leaflet poster", &[]),
        ("v2", &["Spring_Poster-v2"]),
        ("oster", &[]),
        ("色", &["春の色"]),
        ("secret", &[]),
        ("100% _", &[]),
        ("'; DROP TABLE proofs", &[]),
    ];
    for (text, expected) in table {
        let found = names(&house, &session, "searchByProofName", &[("ProofName", text)]).await;
        assert_eq!(found, expected, "{text}");
    }
    let exact = |name: &'static str| [("ProofName", name), ("ExactMatch", "true")];
    assert_eq!(
        names(&house, &session, "searchByProofName", &exact("spring LEAFLET")).await,
        ["Spring leaflet"]
    );
    assert!(names(&house, &session, "searchByProofName", &exact("Spring")).await.is_empty());
    for text in ["", "%&amp;-"] {
        assert_eq!(house.refused_at(V, &session, "searchByProofName", &[("ProofName", text)]).await.0, "400");
    }
    // The lists look at more than the name.
    let found = names(&house, &session, "getAllProofs", &[("SearchQuery", "manager spring")]).await;
    assert_eq!(found, ["Spring leaflet", "Spring_Poster-v2"], "the creator is called Test Manager");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_name_leads_to_the_newest_version() {
    let house = House::new();
    let session = house.session(SECOND);
    let first = named(&house, SECOND, "Sketch").to_string();
    let hash = house.file("two.png", RED_PNG);
    let parts =
        [("ParentFileID", first.as_str()), ("Hash", &hash), ("Name", "Final"), ("SourceName", "two.png")];
    let second = field(&house.ok(&session, "createProofVersion", &parts).await, "file_id");
    for session in [&session, &house.session(&email(Profile::Admin))] {
        for parts in [vec![("ProofName", "sketch")], vec![("ProofName", "sketch"), ("ExactMatch", "true")]] {
            assert_eq!(names(&house, session, "searchByProofName", &parts).await, ["Final"]);
        }
    }
    house.ok_at(V, &session, "archiveProof", &[("FileID", &second)]).await;
    assert_eq!(
        names(&house, &session, "searchByProofName", &[("ProofName", "final")]).await,
        ["Final"],
        "archived"
    );
    house.ok(&session, "deleteProof", &[("FileID", &second)]).await;
    assert_eq!(names(&house, &session, "searchByProofName", &[("ProofName", "sketch")]).await, ["Sketch"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_list_costs_the_same_however_long() {
    let lists: &[(&str, &[(&str, &str)])] = &[
        ("getAllProofs", &[]),
        ("getAllProofs", &[("SearchQuery", "red second")]),
        ("getOpenProofs", &[]),
        ("getClosedProofs", &[]),
        ("getLateProofs", &[]),
        ("getArchivedProofs", &[]),
        ("getProofsByView", &[("ListViewId", "7")]),
        ("getProofsByListView", &[("ListViewID", "6")]),
        ("getProofsByOwnership", &[]),
        ("getProofsByRecipientEmail", &[("Email", SECOND)]),
        ("searchByProofName", &[("ProofName", "red")]),
        ("getProofReviewers", &[("FileID", "1")]),
        ("getProofVersions", &[("FileID", "1")]),
    ];
    let house = House::new();
    let (mine, admin) = (house.session(SECOND), house.session(&email(Profile::Admin)));
    let mut costs: Vec<Vec<u64>> = Vec::new();
    for count in [2, 30] {
        while house.ok(&mine, "getAllProofs", &[]).await.matches("<file_id>").count() < count {
            house.proof(SECOND, &[]);
        }
        let mut round = Vec::new();
        house.ok(&admin, "checkSession", &[]).await;
        for (operation, parts) in lists {
            for session in [&mine, &admin] {
                let before = house.service.statements();
                house.ok_at(V, session, operation, parts).await;
                round.push(house.service.statements() - before);
            }
        }
        costs.push(round);
    }
    assert_eq!(costs[0], costs[1], "{lists:?}");
    assert!(costs[1].iter().all(|cost| *cost <= 8), "{costs:?}");
}
