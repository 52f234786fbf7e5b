//! Archive, trash, deleting for good, deadlines, links that lead once.

use axum::body::Body;
use axum::http::Request;
use galley_model::{Profile, Proof, ProofId, Role};
use galley_service::{CommentInput, Link, ProofInput, ReviewerInput, ServiceError};
use galley_testkit::{Answer, House, RED_PNG, RIVAL, SECOND, email, field, fields};

const V: &str = "18_3_0";

/// A version in which a proof in a list holds no id but its own.
const SHORT: &str = "14_19_0";
const GUEST: &str = "gus@example.com";

fn guest() -> ReviewerInput {
    let role = Some(Role::ReviewerApprover);
    ReviewerInput { email: GUEST.to_owned(), role, ..ReviewerInput::default() }
}

/// The second version of a proof, with the same people.
fn second_version(house: &House, parent: &Proof) -> Proof {
    let input = ProofInput {
        parent: Some(parent.id),
        file_token: house.file("two.png", RED_PNG),
        name: Some("Red again".to_owned()),
        copy_reviewers: true,
        ..ProofInput::default()
    };
    house.service.create_proof(&house.caller(SECOND), &input).expect("a version")
}

async fn listed(house: &House, session: &str, operation: &str) -> Vec<String> {
    fields(&house.ok_at(SHORT, session, operation, &[]).await, "file_id")
        .into_iter()
        .filter(|id| !id.is_empty())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_archive_hides_and_closes_and_anybody_opens_it() {
    let house = House::new();
    let session = house.session(SECOND);
    let reader = email(Profile::Observer);
    let read_only =
        ReviewerInput { email: reader.clone(), role: Some(Role::ReadOnly), ..ReviewerInput::default() };
    let first = house.proof(SECOND, &[guest(), read_only]);
    let second = second_version(&house, &first);
    let (one, two) = (first.id.to_string(), second.id.to_string());
    assert_eq!(listed(&house, &session, "getAllProofs").await, [two.as_str()]);

    let reading = house.session(&reader);
    assert_eq!(house.refused_at(V, &reading, "archiveProof", &[("FileID", &two)]).await.0, "403");
    for _ in 0..2 {
        house.ok_at(V, &session, "archiveProof", &[("FileID", &two)]).await;
    }
    for operation in ["getAllProofs", "getOpenProofs", "getClosedProofs"] {
        assert!(listed(&house, &session, operation).await.is_empty(), "{operation}");
    }
    assert_eq!(listed(&house, &session, "getArchivedProofs").await, [two.as_str()]);
    assert_eq!(listed(&house, &reading, "getArchivedProofs").await, [two.as_str()]);

    let details = house.ok_at(V, &session, "getProofDetails", &[("FileID", &two)]).await;
    assert_eq!((field(&details, "status"), field(&details, "versions")), ("unlocked".into(), "2".into()));
    let link = house.link(second.id, GUEST);
    assert!(matches!(house.service.open_link(&link), Err(ServiceError::Archived)));
    let text = CommentInput { text: "Hello".to_owned(), ..CommentInput::default() };
    assert!(matches!(house.service.add_comment(&link, &text), Err(ServiceError::Locked)));

    house.service.unarchive_by_link(&link).expect("a guest may");
    assert!(house.service.open_link(&link).is_ok());
    assert_eq!(listed(&house, &session, "getAllProofs").await, [two.as_str()]);
    assert_eq!(listed(&house, &session, "getArchivedProofs").await, [one.as_str()], "the other version");
    house.ok_at(V, &reading, "unarchiveProof", &[("FileID", &two)]).await;
    assert!(listed(&house, &session, "getArchivedProofs").await.is_empty());

    let activity = house.ok_at(V, &session, "getActivity", &[("FileID", &two)]).await;
    let archived = |word: &str| fields(&activity, "action").iter().filter(|a| *a == word).count();
    assert_eq!((archived("Proof archived"), archived("Proof unarchived")), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_version_goes_into_the_archive_alone() {
    let house = House::new();
    let session = house.session(SECOND);
    let first = house.proof(SECOND, &[]);
    let second = second_version(&house, &first);
    let (one, two) = (first.id.to_string(), second.id.to_string());
    house.ok_at(V, &session, "archiveProofVersion", &[("FileID", &two)]).await;
    for session in [&session, &house.session(&email(Profile::Admin))] {
        assert_eq!(listed(&house, session, "getAllProofs").await, [one.as_str()]);
        assert_eq!(listed(&house, session, "getArchivedProofs").await, [two.as_str()]);
    }
    house.ok_at(V, &session, "unarchiveProofVersion", &[("FileID", &two)]).await;
    for session in [&session, &house.session(&email(Profile::Admin))] {
        assert_eq!(listed(&house, session, "getAllProofs").await, [two.as_str()]);
        assert!(listed(&house, session, "getArchivedProofs").await.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_touches_for_sixty_days_is_archived() {
    const DAY: i64 = 24 * 60 * 60;
    let house = House::new();
    let idle = house.proof(SECOND, &[guest()]);
    house.clock.advance(30 * DAY);
    let touched = house.proof(SECOND, &[guest()]);
    let link = house.link(idle.id, GUEST);
    house.service.open_link(&link).expect("opens");
    house.clock.advance(40 * DAY);
    assert_eq!(house.service.archive_idle_proofs().expect("runs"), 0, "opened 40 days ago");
    house.clock.advance(21 * DAY);
    let text = CommentInput { text: "Late".to_owned(), ..CommentInput::default() };
    house.service.add_comment(&house.link(touched.id, GUEST), &text).expect("a comment");
    assert_eq!(house.service.archive_idle_proofs().expect("runs"), 1);
    assert_eq!(house.service.archive_idle_proofs().expect("runs"), 0);
    let session = house.session(SECOND);
    let rows = house.ok_at(SHORT, &session, "getArchivedProofs", &[]).await;
    assert_eq!(fields(&rows, "file_id"), [idle.id.to_string()]);
    assert_eq!(field(&rows, "status"), "locked");
    let activity = house.ok_at(V, &session, "getActivity", &[("FileID", &idle.id.to_string())]).await;
    assert_eq!(field(&activity, "action"), "Proof archived");
    assert_eq!(field(&activity, "details"), "Galley: automatically");

    house.service.unarchive_by_link(&link).expect("a guest may");
    assert_eq!(house.service.archive_idle_proofs().expect("runs"), 0, "unarchiving is activity");
    house.clock.advance(61 * DAY);
    assert_eq!(house.service.archive_idle_proofs().expect("runs"), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn trash_and_deleting_for_good() {
    let house = House::new();
    let (session, admin) = (house.session(SECOND), house.session(&email(Profile::Admin)));
    let first = house.proof(SECOND, &[guest()]);
    let second = second_version(&house, &first);
    let (one, two) = (first.id.to_string(), second.id.to_string());
    let link = house.link(second.id, GUEST);

    house.ok_at(V, &session, "deleteProof", &[("FileID", &two), ("AllVersions", "true")]).await;
    assert!(listed(&house, &admin, "getAllProofs").await.is_empty());
    assert!(matches!(house.service.open_link(&link), Err(ServiceError::Gone)));
    assert_eq!(house.refused_at(V, &session, "deleteProof", &[("FileID", &two)]).await.0, "404");
    let back = house.ok_at(V, &session, "restoreProof", &[("FileID", &two)]).await;
    assert_eq!((field(&back, "file_id"), field(&back, "versions")), (two.clone(), "2".to_owned()));
    house.service.open_link(&link).expect("opens again");

    // Only the one version named goes, and its number stays taken.
    house.ok_at(V, &session, "deleteProof", &[("FileID", &two)]).await;
    assert_eq!(listed(&house, &session, "getAllProofs").await, [one.as_str()]);
    let for_good = [("FileID", two.as_str()), ("Permanent", "true")];
    assert_eq!(house.refused_at(V, &session, "deleteProof", &for_good).await.0, "403");
    house.ok_at(V, &admin, "deleteProof", &for_good).await;
    for operation in ["getProofDetails", "restoreProof", "deleteProof"] {
        assert_eq!(house.refused_at(V, &admin, operation, &[("FileID", &two)]).await.0, "404", "{operation}");
    }
    assert!(matches!(house.service.open_link(&link), Err(ServiceError::NotFound(_))));
    assert_eq!(second_version(&house, &first).version, 3);

    house
        .ok_at(
            V,
            &admin,
            "deleteProof",
            &[&for_good[1..], &[("FileID", &one), ("AllVersions", "true")]].concat(),
        )
        .await;
    assert!(listed(&house, &admin, "getAllProofs").await.is_empty());
    assert_eq!(house.refused_at(V, &admin, "getProofVersions", &[("FileID", &one)]).await.0, "404");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_original_goes_with_its_last_proof() {
    let house = House::rendering();
    let (session, admin) = (house.session(SECOND), house.session(&email(Profile::Admin)));
    let hash = house.file("red.png", RED_PNG);
    let new = [("OwnerID", "0"), ("Hash", hash.as_str()), ("Name", "Red"), ("SourceName", "red.png")];
    let one = field(&house.ok(&session, "createProof", &new).await, "file_id");
    let two = field(&house.ok(&session, "createProof", &new).await, "file_id");
    house.processed(ProofId(two.parse().expect("an id"))).await;
    for (id, uses) in [(one, true), (two, false)] {
        house.ok_at(V, &admin, "deleteProof", &[("FileID", &id), ("Permanent", "true")]).await;
        if uses {
            house.ok(&session, "createProof", &new).await;
            let third = listed(&house, &session, "getAllProofs").await.remove(0);
            house.ok_at(V, &admin, "deleteProof", &[("FileID", &third), ("Permanent", "true")]).await;
        }
    }
    for _ in 0..200 {
        let answer =
            house.call("createProof", &[&[("SessionID", session.as_str())], new.as_slice()].concat()).await;
        if answer.status == 500 {
            assert!(answer.text().contains("Invalid Hash"), "{}", answer.text());
            return;
        }
        let id = field(&answer.text(), "file_id");
        house.ok_at(V, &admin, "deleteProof", &[("FileID", &id), ("Permanent", "true")]).await;
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the original is still there");
}

#[tokio::test(flavor = "multi_thread")]
async fn deadlines_and_numbers() {
    let house = House::new();
    let session = house.session(SECOND);
    let first = house.proof(SECOND, &[]);
    let second = second_version(&house, &first);
    let other = house.proof(SECOND, &[]);
    let mut numbers = Vec::new();
    for id in [first.id, second.id, other.id] {
        let text = house.ok_at(V, &session, "getProofJobNumber", &[("FileID", &id.to_string())]).await;
        numbers.push(field(&text, "result"));
    }
    assert_eq!(numbers, ["1", "1", "2"]);

    let id = other.id.to_string();
    let set = |value: &'static str| [("FileID", id.clone()), ("Deadline", value.to_owned())];
    for (value, expected) in [("2026-03-20 09:15", "2026-03-20 09:15"), ("", "")] {
        let parts = set(value);
        let parts = [("FileID", parts[0].1.as_str()), ("Deadline", parts[1].1.as_str())];
        let text = house.ok_at(V, &session, "updateProofDeadline", &parts).await;
        assert_eq!(field(&text, "deadline"), expected);
    }
    for value in ["2020-01-01 00:00", "tomorrow"] {
        let parts = [("FileID", id.as_str()), ("Deadline", value)];
        assert_eq!(house.refused_at(V, &session, "updateProofDeadline", &parts).await.0, "400", "{value}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_in_links_lead_to_ids() {
    let house = House::new();
    let admin = house.session(&email(Profile::Admin));
    let proof = house.proof(SECOND, &[guest()]);
    let personal = house.link(proof.id, GUEST).code;
    for text in [
        proof.team_code.clone(),
        personal,
        format!("https://proofs.example.com/proof/{}?x=1#comment-2", proof.team_code),
    ] {
        let found = house.ok(&admin, "decodeProofID", &[("EncodedProofID", &text)]).await;
        assert_eq!(field(&found, "result"), proof.id.to_string(), "{text}");
    }
    let parts = [("EncodedProofID", proof.team_code.as_str())];
    assert_eq!(house.refused(&house.session(SECOND), "decodeProofID", &parts).await.0, "403");
    assert_eq!(house.refused(&house.session(RIVAL), "decodeProofID", &parts).await.0, "404");
}

async fn visit(house: &House, method: &str, address: &str) -> Answer {
    let path = address.strip_prefix("https://proofs.example.com").expect("ours");
    house.send(Request::builder().method(method).uri(path).body(Body::empty()).expect("a request")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_one_time_link_opens_once() {
    let house = House::new();
    let session = house.session(SECOND);
    let proof = house.proof(SECOND, &[guest()]);
    let id = proof.id.to_string();
    let people = house.ok(&session, "getProofReviewers", &[("FileID", &id)]).await;
    let reviewer = fields(&people, "id")[1].clone();
    let parts = [("FileID", id.as_str()), ("RecipientID", reviewer.as_str())];
    let address = field(&house.ok_at(V, &session, "getProofReviewerOneTimeURL", &parts).await, "result");

    assert_eq!(visit(&house, "HEAD", &address).await.status, 204);
    let led = visit(&house, "GET", &address).await;
    assert_eq!(led.status, 303);
    let place = led.headers["location"].to_str().expect("text");
    let code = place.strip_prefix("https://proofs.example.com/proof/").expect("a viewer").to_owned();
    assert_eq!(visit(&house, "GET", &address).await.status, 410);

    let lasting = house.link(proof.id, GUEST).code;
    let link = Link { code, user: None };
    let opening = house.service.open_link(&link).expect("opens");
    assert_eq!(opening.opened.reviewer.expect("somebody").email, GUEST);
    assert!(
        opening.versions.iter().all(|v| v.code.as_ref() != Some(&lasting)),
        "the lasting code stays secret"
    );
    house.clock.advance(13 * 60 * 60);
    assert!(matches!(house.service.open_link(&link), Err(ServiceError::NotFound(_))));

    let session = house.session(SECOND);
    let address = field(&house.ok_at(V, &session, "getProofReviewerOneTimeURL", &parts).await, "result");
    house.ok(&session, "deleteProofReviewer", &[("ReviewerID", &reviewer)]).await;
    assert_eq!(visit(&house, "GET", &address).await.status, 410);
    assert_eq!(
        house.refused_at(V, &session, "getProofReviewerOneTimeURL", &parts).await.1,
        "Invalid Recipient ID"
    );
}
