//! Groups through the front door.

use galley_model::Profile;
use galley_service::{ProofInput, ReviewerInput, StageInput};
use galley_testkit::{House, RED_PNG, RIVAL, SECOND, email, field, fields};

const AT: &str = "16_24_0";

/// A group of `owner` with these members; its id.
async fn group(house: &House, owner: &str, private: &str, members: &[(&str, &str, &str)]) -> String {
    let session = house.session(owner);
    let parts = [("Name", "Printers"), ("Description", "All &amp; sundry"), ("Private", private)];
    let id = field(&house.ok_at(AT, &session, "addGroup", &parts).await, "group_id");
    for (email, role, alert) in members {
        let parts =
            [("GroupID", id.as_str()), ("Email", email), ("DefaultRole", role), ("DefaultEmailAlert", alert)];
        house.ok_at(AT, &session, "addGroupMember", &parts).await;
    }
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_from_creation_to_deletion() {
    let house = House::new();
    let session = house.session(SECOND);
    let id = group(&house, SECOND, "", &[("ann@example.com", "4", "5"), ("bob@example.com", "", "")]).await;
    let text = house.ok_at(AT, &session, "getGroup", &[("GroupID", &id)]).await;
    assert_eq!(fields(&text, "description"), ["All &amp; sundry"]);
    assert_eq!(fields(&text, "private"), ["false"]);
    assert_eq!(fields(&text, "email"), ["ann@example.com", "bob@example.com"]);
    assert_eq!(fields(&text, "default_role"), ["4", ""]);
    assert_eq!(fields(&text, "default_email_notification"), ["5", "0"]);
    let members = fields(&text, "member_id");

    // Adding somebody again changes them; there is still one of them.
    let again = [("GroupID", id.as_str()), ("Email", "ANN@example.com"), ("DefaultRole", "reviewer")];
    let text = house.ok_at(AT, &session, "addGroupMember", &again).await;
    assert_eq!(field(&text, "member_id"), members[0]);
    assert_eq!(
        (field(&text, "default_role"), field(&text, "default_email_notification")),
        ("3".into(), "5".into())
    );

    let parts = [
        ("GroupID", id.as_str()),
        ("MemberID", &members[1]),
        ("DefaultRole", "5"),
        ("DefaultEmailAlert", "9"),
    ];
    let text = house.ok_at(AT, &session, "updateGroupMember", &parts).await;
    assert_eq!(fields(&text, "default_role"), ["5"]);
    assert_eq!(fields(&text, "default_email_notification"), ["9"]);

    let parts = [("GroupID", id.as_str()), ("Name", ""), ("Private", "true")];
    let text = house.ok_at(AT, &session, "updateGroup", &parts).await;
    assert_eq!((field(&text, "name"), field(&text, "private")), ("Printers".into(), "true".into()));
    assert_eq!(field(&text, "description"), "All &amp; sundry");

    let parts = [("GroupID", id.as_str()), ("MemberID", members[0].as_str())];
    house.ok_at(AT, &session, "deleteGroupMember", &parts).await;
    let gone = ("404".to_owned(), "Invalid Member ID".to_owned());
    assert_eq!(house.refused_at(AT, &session, "deleteGroupMember", &parts).await, gone);
    let text = house.ok_at(AT, &session, "getGroup", &[("GroupID", &id)]).await;
    assert_eq!(fields(&text, "email"), ["bob@example.com"]);

    house.ok_at(AT, &session, "deleteGroup", &[("GroupID", &id)]).await;
    let gone = ("404".to_owned(), "Invalid Group ID".to_owned());
    assert_eq!(house.refused_at(AT, &session, "getGroup", &[("GroupID", &id)]).await, gone);
    assert!(house.ok_at(AT, &session, "getGroups", &[]).await.contains("<result/>"));
}

#[tokio::test(flavor = "multi_thread")]
async fn private_groups_show_to_their_owner_and_to_administrators() {
    let house = House::new();
    let id = group(&house, SECOND, "true", &[(&email(Profile::Manager), "3", "1")]).await;
    for (who, sees) in [
        (SECOND.to_owned(), true),
        (email(Profile::BillingAdmin), true),
        (email(Profile::Admin), true),
        (email(Profile::Supervisor), false),
        // Being in it does not show it.
        (email(Profile::Manager), false),
        (email(Profile::Observer), false),
        (RIVAL.to_owned(), false),
    ] {
        let session = house.session(&who);
        let listed = fields(&house.ok_at(AT, &session, "getGroups", &[]).await, "name").len();
        assert_eq!(listed, usize::from(sees), "{who}");
        if sees {
            house.ok_at(AT, &session, "getGroup", &[("GroupID", &id)]).await;
        } else {
            let (code, text) = house.refused_at(AT, &session, "getGroup", &[("GroupID", &id)]).await;
            assert_eq!((code.as_str(), text.as_str()), ("404", "Invalid Group ID"), "{who}");
        }
    }
    // Who cannot see it cannot put it on a proof of theirs either.
    let proof = house.proof(&email(Profile::Manager), &[]).id.to_string();
    let parts = [("FileID", proof.as_str()), ("GroupID", &id)];
    let session = house.session(&email(Profile::Manager));
    assert_eq!(house.refused_at(AT, &session, "addGroupToProof", &parts).await.0, "404");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_on_a_proof_becomes_reviewers() {
    let house = House::new();
    let session = house.session(SECOND);
    let members = [
        ("ann@example.com", "4", "5"),
        ("bob@example.com", "", ""),
        (SECOND, "7", "1"),
        (email(Profile::Observer).as_str(), "6", "9"),
    ]
    .map(|(email, role, alert)| (email.to_owned(), role, alert));
    let members: Vec<_> =
        members.iter().map(|(email, role, alert)| (email.as_str(), *role, *alert)).collect();
    let id = group(&house, SECOND, "", &members).await;
    let there = ReviewerInput {
        email: "ann@example.com".to_owned(),
        role: Some(galley_model::Role::Reviewer),
        ..ReviewerInput::default()
    };
    let proof = house.proof(SECOND, &[there]).id.to_string();
    let parts = [("FileID", proof.as_str()), ("GroupID", &id), ("StageID", "0")];
    let text = house.ok_at(AT, &session, "addGroupToProof", &parts).await;
    assert_eq!(fields(&text, "email"), ["bob@example.com", &email(Profile::Observer)]);
    assert_eq!(fields(&text, "role"), ["reviewer &amp; approver", "author"]);
    assert!(fields(&text, "proof_url").iter().all(|url| !url.is_empty()));

    // Those who were there are what they were.
    let people = house.ok(&session, "getProofReviewers", &[("FileID", &proof)]).await;
    assert_eq!(fields(&people, "email").len(), 4);
    assert_eq!(fields(&people, "role")[..2], ["reviewer", "reviewer"]);
    assert_eq!(
        field(&house.ok(&session, "getProofDetails", &[("FileID", &proof)]).await, "decision"),
        "pending"
    );

    // Nobody is new the second time. Later changes of the group do not touch the proof.
    assert!(house.ok_at(AT, &session, "addGroupToProof", &parts).await.contains("<result/>"));
    house.ok_at(AT, &session, "deleteGroup", &[("GroupID", &id)]).await;
    let people = house.ok(&session, "getProofReviewers", &[("FileID", &proof)]).await;
    assert_eq!(fields(&people, "email").len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn values_that_groups_cannot_have() {
    let house = House::new();
    let session = house.session(SECOND);
    let id = group(&house, SECOND, "", &[("ann@example.com", "4", "5")]).await;
    let proof = house.proof(SECOND, &[]).id.to_string();
    let long = "x".repeat(129);
    for (operation, parts, code, says) in [
        ("addGroup", vec![("Name", "")], "400", "'Name'"),
        ("addGroup", vec![("Name", long.as_str())], "400", "128"),
        ("addGroup", vec![("Name", "x"), ("AccountID", "99")], "403", "access to this account"),
        ("addGroupMember", vec![("GroupID", &id), ("Email", "nobody")], "400", "e-mail"),
        (
            "addGroupMember",
            vec![("GroupID", &id), ("Email", "x@example.com"), ("DefaultRole", "2")],
            "400",
            "'DefaultRole'",
        ),
        (
            "addGroupMember",
            vec![("GroupID", &id), ("Email", "x@example.com"), ("DefaultRole", "6")],
            "400",
            "no login",
        ),
        (
            "addGroupMember",
            vec![("GroupID", &id), ("Email", "x@example.com"), ("DefaultEmailAlert", "8")],
            "400",
            "'DefaultEmailAlert'",
        ),
        ("updateGroupMember", vec![("GroupID", &id), ("MemberID", "777")], "404", "Invalid Member ID"),
        ("addGroupToProof", vec![("FileID", &proof), ("GroupID", "777")], "404", "Invalid Group ID"),
        ("addGroupToProof", vec![("FileID", "777"), ("GroupID", &id)], "404", "Invalid File ID"),
    ] {
        let (found, text) = house.refused_at(AT, &session, operation, &parts).await;
        assert!(found == code && text.contains(says), "{operation} {parts:?}: {found} {text}");
    }
    // A proof that requires a login takes nobody of a group with a guest: not the others either.
    let guarded = [("FileID", proof.as_str()), ("OwnerID", "0"), ("Name", "Red"), ("AuthorizedOnly", "true")];
    house.ok(&session, "updateProof", &guarded).await;
    let observer = email(Profile::Observer);
    house.ok_at(AT, &session, "addGroupMember", &[("GroupID", &id), ("Email", &observer)]).await;
    let parts = [("FileID", proof.as_str()), ("GroupID", id.as_str())];
    assert_eq!(house.refused_at(AT, &session, "addGroupToProof", &parts).await.0, "400");
    let people = house.ok(&session, "getProofReviewers", &[("FileID", &proof)]).await;
    assert_eq!(fields(&people, "email"), [SECOND]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_of_groups_costs_the_same_however_long() {
    let house = House::new();
    let session = house.session(SECOND);
    let mut costs = Vec::new();
    for count in [1, 12] {
        for _ in costs.len()..count {
            group(&house, SECOND, "", &[("ann@example.com", "4", "5"), ("bob@example.com", "", "")]).await;
        }
        house.ok(&session, "checkSession", &[]).await;
        let before = house.service.statements();
        let text = house.ok_at(AT, &session, "getGroups", &[("StartFrom", "0"), ("ItemsPerPage", "0")]).await;
        costs.push(house.service.statements() - before);
        assert!(fields(&text, "name").len() >= count);
    }
    assert_eq!(costs[0], costs[1]);
    let text = house.ok_at(AT, &session, "getGroups", &[("StartFrom", "1"), ("ItemsPerPage", "2")]).await;
    assert_eq!((fields(&text, "name").len(), fields(&text, "email").len()), (2, 4));
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_show_their_people_as_contacts() {
    let house = House::new();
    let observer = email(Profile::Observer);
    group(&house, SECOND, "", &[("ann@example.com", "4", "5"), (&observer, "", "")]).await;
    group(&house, SECOND, "true", &[("bob@example.com", "4", "5")]).await;
    let text = house.ok(&house.session(SECOND), "getPeopleGroups", &[]).await;
    assert_eq!(fields(&text, "email"), ["ann@example.com", &observer, "bob@example.com"]);
    assert_eq!(fields(&text, "type"), ["public", "guest", "user", "private", "guest"]);
    assert_eq!(fields(&text, "company")[1], "Studio");
    // What is private to somebody else is not listed; who sees no contacts sees no groups.
    let text = house.ok(&house.session(&observer), "getPeopleGroups", &[]).await;
    assert_eq!(fields(&text, "email"), ["ann@example.com", &observer]);
    for nobody in [email(Profile::Visitor), RIVAL.to_owned()] {
        assert!(house.ok(&house.session(&nobody), "getPeopleGroups", &[]).await.contains("<result/>"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_goes_onto_a_stage() {
    let house = House::new();
    let session = house.session(SECOND);
    let second = house.caller(SECOND);
    let id = group(&house, SECOND, "", &[("ann@example.com", "4", "5"), ("bob@example.com", "", "")]).await;
    let stage = |email: &str| StageInput {
        reviewers: vec![ReviewerInput { email: email.to_owned(), ..ReviewerInput::default() }],
        ..StageInput::default()
    };
    let input = ProofInput {
        file_token: house.file("red.png", RED_PNG),
        stages: Some(vec![stage("cem@example.com"), stage("dan@example.com")]),
        ..ProofInput::default()
    };
    let proof = house.service.create_proof(&second, &input).expect("a proof").id;
    let details = house.service.proof_details(&second, proof).expect("details");
    let last = details.stages.last().expect("a stage").0.id;
    let file = proof.to_string();
    let parts = [("FileID", file.as_str()), ("GroupID", &id), ("StageID", "999999")];
    let unknown = ("404".to_owned(), "Invalid Stage ID".to_owned());
    assert_eq!(house.refused_at(AT, &session, "addGroupToProof", &parts).await, unknown);
    let stage = last.to_string();
    let parts = [("FileID", file.as_str()), ("GroupID", &id), ("StageID", &stage)];
    let text = house.ok_at(AT, &session, "addGroupToProof", &parts).await;
    assert_eq!(fields(&text, "email"), ["ann@example.com", "bob@example.com"]);
    let people = house.service.reviewers(&second, proof).expect("people");
    let there: Vec<_> = people.iter().filter(|one| one.stage == last).map(|one| one.email.as_str()).collect();
    assert_eq!(there, ["dan@example.com", "ann@example.com", "bob@example.com"]);
}
