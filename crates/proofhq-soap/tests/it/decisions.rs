//! Decisions, reasons, actions and comments through the front door.

use galley_model::{Decision, Markup, MarkupKind, PickedReason, Profile, ReasonId, Role};
use galley_service::{CommentInput, ProofInput, ReviewerInput, StageInput};
use galley_testkit::{House, RED_PNG, RIVAL, SECOND, email, field, fields};

const AT: &str = "16_24_0";
const GUEST: &str = "gus@example.com";

fn guest() -> ReviewerInput {
    ReviewerInput { email: GUEST.to_owned(), role: Some(Role::ReviewerApprover), ..ReviewerInput::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_names_and_hides_its_decisions() {
    let house = House::new();
    let (admin, owner) = (house.session(&email(Profile::Admin)), house.session(SECOND));
    let text = house.ok_at(AT, &owner, "getDecisions", &[]).await;
    assert_eq!(fields(&text, "id"), ["0", "1", "2", "3", "4"]);
    assert_eq!(
        fields(&text, "name"),
        ["Pending", "Changes required", "Approved with changes", "Approved", "Not relevant"]
    );
    assert_eq!(fields(&text, "status"), ["true"; 5]);
    assert_eq!(fields(&text, "reason"), ["false"; 5]);

    let parts = [("DecisionId", "3"), ("Name", "Print &amp; ship"), ("PostMessage", "true")];
    let text = house.ok_at(AT, &admin, "updateDecision", &parts).await;
    assert_eq!(field(&text, "name"), "Print &amp; ship");
    assert_eq!((field(&text, "status"), field(&text, "post_message")), ("true".into(), "true".into()));
    let hide = [("DecisionId", "4"), ("Status", "false")];
    assert_eq!(field(&house.ok_at(AT, &admin, "updateDecision", &hide).await, "name"), "Not relevant");
    let text = house.ok_at(AT, &owner, "getDecisions", &[]).await;
    assert_eq!(fields(&text, "name")[3], "Print &amp; ship");
    assert_eq!(fields(&text, "status"), ["true", "true", "true", "true", "false"]);
    // The other account goes on as before.
    let text = house.ok_at(AT, &house.session(RIVAL), "getDecisions", &[]).await;
    assert_eq!(
        (fields(&text, "name")[3].as_str(), fields(&text, "status")[4].as_str()),
        ("Approved", "true")
    );

    // The name is read where a decision is sent; answers keep the word that programs compare.
    let proof = house.proof(SECOND, &[guest()]).id;
    let people = house.ok(&owner, "getProofReviewers", &[("FileID", &proof.to_string())]).await;
    let reviewer = fields(&people, "id")[1].clone();
    let decide = |said: &'static str| {
        let (house, owner, reviewer) = (&house, &owner, reviewer.clone());
        async move {
            let parts = [("RecipientID", reviewer.as_str()), ("RecipientDecision", said)];
            house
                .call("updateProofReviewer", &[&[("SessionID", owner.as_str())], parts.as_slice()].concat())
                .await
        }
    };
    let answer = decide("print &amp; SHIP").await;
    assert_eq!(field(&answer.text(), "decision"), "approved");
    let text = house.ok(&owner, "getProofDetails", &[("FileID", &proof.to_string())]).await;
    assert_eq!(field(&text, "decision"), "approved");
    let text = house.ok(&owner, "getActivity", &[("FileID", &proof.to_string())]).await;
    assert!(text.contains("Print &amp; ship (Approved)"), "{text}");
    // What is hidden cannot be chosen, neither by number nor over a link.
    let hidden = decide("4").await;
    assert!(hidden.status == 500 && hidden.text().contains("not in use"), "{}", hidden.text());
    let link = house.link(proof, GUEST);
    assert!(house.service.decide_by_link(&link, Decision::NotRelevant, &[]).is_err());
    assert!(house.service.decide_by_link(&link, Decision::ChangesRequired, &[]).is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_decisions_cannot_be() {
    let house = House::new();
    let admin = house.session(&email(Profile::Admin));
    let rival = house.rival.to_string();
    for (operation, parts, code, says) in [
        ("updateDecision", vec![("DecisionId", "5")], "400", "'DecisionId'"),
        ("updateDecision", vec![("DecisionId", "0"), ("Status", "false")], "400", "Pending"),
        ("updateDecision", vec![("DecisionId", "1"), ("Name", "approved")], "400", "another decision"),
        ("updateDecision", vec![("DecisionId", "1"), ("AccountID", &rival)], "403", "this account"),
        ("getDecisions", vec![("AccountID", "99")], "403", "this account"),
        ("createDecisionReason", vec![("Name", "")], "400", "'Name'"),
        ("createDecisionReason", vec![("Name", "x"), ("AccountID", &rival)], "403", "this account"),
        ("createAction", vec![("Name", "TO DO")], "400", "already"),
    ] {
        let (found, text) = house.refused_at(AT, &admin, operation, &parts).await;
        let says_it = text.to_lowercase().contains(&says.to_lowercase());
        assert!(found == code && says_it, "{operation} {parts:?}: {found} {text}");
    }
    for id in ["1", "2", "3"] {
        house.ok_at(AT, &admin, "updateDecision", &[("DecisionId", id), ("Status", "false")]).await;
    }
    let last = [("DecisionId", "4"), ("Status", "false")];
    assert_eq!(house.refused_at(AT, &admin, "updateDecision", &last).await.0, "400");
}

#[tokio::test(flavor = "multi_thread")]
async fn reasons_come_with_the_decision_and_go_with_it() {
    let house = House::new();
    let (admin, owner) = (house.session(&email(Profile::Admin)), house.session(SECOND));
    let reason = [("Name", "Too &lt;red&gt;"), ("Text", "true")];
    house.ok_at(AT, &admin, "createDecisionReason", &reason).await;
    assert_eq!(house.refused_at(AT, &admin, "createDecisionReason", &reason).await.0, "400");
    house.ok_at(AT, &admin, "createDecisionReason", &[("Name", "Spelling")]).await;
    let text = house.ok_at(AT, &owner, "getDecisionReasons", &[]).await;
    assert_eq!(fields(&text, "name"), ["Too &lt;red&gt;", "Spelling"]);
    assert_eq!(fields(&text, "text"), ["true", "false"]);
    let ids: Vec<ReasonId> =
        fields(&text, "id").iter().map(|id| ReasonId(id.parse().expect("a number"))).collect();
    let pick = |id: ReasonId, text: &str| PickedReason { id, text: text.to_owned() };

    let proof = house.proof(SECOND, &[guest()]).id;
    let link = house.link(proof, GUEST);
    let picked = [pick(ids[0], "like a tomato"), pick(ids[1], "")];
    // Nobody asks for reasons yet.
    assert!(house.service.decide_by_link(&link, Decision::ChangesRequired, &picked).is_err());
    house.ok_at(AT, &admin, "updateDecision", &[("DecisionId", "1"), ("Reason", "true")]).await;
    let rights = house.service.follow(&link).expect("a link").proof;
    assert_eq!(rights.decisions_made, 0, "a refused reason leaves no decision");
    house.service.decide_by_link(&link, Decision::ChangesRequired, &picked).expect("a decision");
    let opening = house.service.open_link(&link).expect("opens");
    assert!(opening.decisions.iter().any(|d| d.decision == Decision::ChangesRequired && d.reasons));
    assert_eq!(opening.reasons.len(), 2);

    let file = proof.to_string();
    let shown = [
        ("getProofDetails", vec![("FileID", file.as_str())]),
        ("getAllProofs", vec![]),
        ("getProofReviewers", vec![("FileID", file.as_str())]),
    ];
    for (operation, parts) in &shown {
        let text = house.ok(&owner, operation, parts).await;
        assert_eq!(fields(&text, "reason_name"), ["Too &lt;red&gt;", "Spelling"], "{operation}");
        assert_eq!(fields(&text, "text"), ["like a tomato", ""], "{operation}");
    }
    let people = house.ok(&owner, "getProofReviewers", &[("FileID", &file)]).await;
    assert_eq!(fields(&people, "reviewer_id"), [fields(&people, "id")[1].as_str(); 2]);

    // Another decision has no reasons until some are given with it.
    house.service.decide_by_link(&link, Decision::Approved, &[]).expect("a decision");
    for (operation, parts) in &shown {
        assert!(!house.ok(&owner, operation, parts).await.contains("reason_name"), "{operation}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn actions_are_put_on_comments() {
    let house = House::new();
    let (admin, owner) = (house.session(&email(Profile::Admin)), house.session(SECOND));
    house.ok_at(AT, &admin, "createAction", &[("Name", "Ask the client"), ("Disabled", "false")]).await;
    house.ok_at(AT, &admin, "createAction", &[("Name", "Old"), ("Disabled", "true")]).await;
    let text = house.ok(&owner, "getActions", &[]).await;
    assert_eq!(fields(&text, "action"), ["To do", "In progress", "Done", "Ask the client", "Old"]);
    assert_eq!(fields(&text, "enabled"), ["true", "true", "true", "true", "false"]);
    let ids = fields(&text, "actionID");
    let foreign = fields(&house.ok(&house.session(RIVAL), "getActions", &[]).await, "actionID");
    assert!(foreign.iter().all(|id| !ids.contains(id)));

    let proof = house.proof(SECOND, &[guest()]).id;
    let link = house.link(proof, GUEST);
    let said = CommentInput { text: "Hm".to_owned(), ..CommentInput::default() };
    let comment = house.service.add_comment(&link, &said).expect("a comment").0.id.to_string();
    let parts = [("CommentID", comment.as_str())];
    let text = house.ok(&owner, "getCommentAction", &parts).await;
    assert_eq!((field(&text, "actionID"), field(&text, "action")), ("0".into(), String::new()));
    let set = |id: String| {
        let (house, owner, comment) = (&house, &owner, comment.clone());
        async move {
            let parts =
                [("SessionID", owner.as_str()), ("CommentID", comment.as_str()), ("ActionID", id.as_str())];
            house.call("setCommentAction", &parts).await.text()
        }
    };
    for (id, action) in [(&ids[3], "Ask the client"), (&ids[2], "Done")] {
        assert!(set(id.clone()).await.contains("<result>true</result>"));
        let text = house.ok(&owner, "getCommentAction", &parts).await;
        assert_eq!((&field(&text, "actionID"), field(&text, "action").as_str()), (id, action));
    }
    let activity = house.ok(&owner, "getActivity", &[("FileID", &proof.to_string())]).await;
    assert_eq!(fields(&activity, "action").iter().filter(|a| *a == "Action set").count(), 2);
    assert!(set(ids[4].clone()).await.contains("switched off"));
    assert!(set(foreign[0].clone()).await.contains("Invalid Action ID"));
    assert_eq!(field(&house.ok(&owner, "getCommentAction", &parts).await, "action"), "Done");
    set("0".to_owned()).await;
    assert_eq!(field(&house.ok(&owner, "getCommentAction", &parts).await, "actionID"), "0");

    // A reviewer sees the action and does not set it; a locked proof keeps it.
    let observer = email(Profile::Observer);
    let add =
        [("FileID", proof.to_string()), ("RecipientEmail", observer.clone()), ("RecipientRole", "5".into())];
    let add: Vec<_> = add.iter().map(|(name, value)| (*name, value.as_str())).collect();
    house.ok(&owner, "addProofReviewer", &add).await;
    let session = house.session(&observer);
    house.ok(&session, "getCommentAction", &parts).await;
    let parts = [("CommentID", comment.as_str()), ("ActionID", &ids[0])];
    assert_eq!(house.refused(&session, "setCommentAction", &parts).await.0, "403");
    house.ok(&owner, "lockProof", &[("FileID", &proof.to_string())]).await;
    assert_eq!(
        house.refused(&owner, "setCommentAction", &parts).await,
        ("403".into(), "the proof is locked".into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_comment_is_written_for_a_reviewer() {
    let house = House::rendering();
    let owner = house.session(SECOND);
    let proof = house.proof(SECOND, &[guest()]);
    house.processed(proof.id).await;
    let file = proof.id.to_string();
    let people = house.ok(&owner, "getProofReviewers", &[("FileID", &file)]).await;
    let ids = fields(&people, "id");
    let new = |reviewer: &str, text: &str, page: &str| {
        [
            ("FileID", file.clone()),
            ("ReviewerID", reviewer.to_owned()),
            ("Comment", text.to_owned()),
            ("PageNumber", page.to_owned()),
        ]
    };
    let borrowed = |parts: &[(&'static str, String)]| -> Vec<(&'static str, String)> { parts.to_vec() };
    let call = |parts: Vec<(&'static str, String)>| {
        let (house, owner) = (&house, &owner);
        async move {
            let parts: Vec<_> = parts.iter().map(|(name, value)| (*name, value.as_str())).collect();
            house
                .call_at(
                    "18_3_0",
                    "addComment",
                    &[&[("SessionID", owner.as_str())], parts.as_slice()].concat(),
                )
                .await
        }
    };
    let text = call(borrowed(&new(&ids[1], "Too &lt;red&gt;", "1"))).await.text();
    for (name, value) in [
        ("reviewer_id", ids[1].as_str()),
        ("author", GUEST),
        ("comment", "Too &lt;red&gt;"),
        ("location", "Page 1"),
        ("drawing_xml", ""),
        ("replies_count", "0"),
        ("attachments", ""),
    ] {
        assert_eq!(field(&text, name), value, "{name}");
    }
    let general = call(borrowed(&new(&ids[0], "All in all", "0"))).await.text();
    assert_eq!(field(&general, "location"), "");
    let listed = house.ok(&owner, "getProofComments", &[("FileID", &file)]).await;
    assert_eq!(fields(&listed, "comment"), ["Too &lt;red&gt;", "All in all"]);

    for (parts, code, says) in [
        (new(&ids[1], "Where", "2"), "400", "no such page"),
        (new(&ids[1], "Where", "-1"), "400", "'PageNumber'"),
        (new(&ids[1], "  ", "1"), "400", "text"),
        (new("77777", "Who", "1"), "404", "Invalid Recipient ID"),
    ] {
        let answer = call(borrowed(&parts)).await;
        let (found, text) = galley_testkit::fault(&answer).expect("a fault");
        assert!(found == code && text.contains(says), "{parts:?}: {found} {text}");
    }
    house.ok(&owner, "lockProof", &[("FileID", &file)]).await;
    let answer = call(borrowed(&new(&ids[1], "Late", "1"))).await;
    assert_eq!(galley_testkit::fault(&answer).expect("a fault").1, "the proof is locked");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_shows_what_a_comment_is_about() {
    let house = House::rendering();
    let owner = house.session(SECOND);
    let proof = house.proof(SECOND, &[guest()]);
    let link = house.link(proof.id, GUEST);
    let (plain, _) = house
        .service
        .add_comment(&link, &CommentInput { text: "Hm".to_owned(), ..CommentInput::default() })
        .expect("a comment");
    house.processed(proof.id).await;
    let markup = Markup {
        kind: MarkupKind::Highlight,
        page: 1,
        points: vec![[0.5, 0.0], [1.0, 1.0]],
        color: "#0000ff".to_owned(),
        width: 2.0,
        opacity: 1.0,
    };
    let drawn = CommentInput { markups: vec![markup], ..CommentInput::default() };
    let (drawn, _) = house.service.add_comment(&link, &drawn).expect("a comment");
    let mut pictures = Vec::new();
    for comment in [plain.id, drawn.id] {
        let text = house.ok(&owner, "getCommentThumbnail", &[("CommentID", &comment.to_string())]).await;
        assert_eq!(
            (field(&text, "encoding"), field(&text, "content")),
            ("base64".into(), "image/png".into())
        );
        assert!(field(&text, "data").starts_with("iVBORw0KGgo"));
        pictures.push(field(&text, "data"));
    }
    // Eight by six red pixels have one colour; with a blue area over them there are two.
    assert_ne!(pictures[0], pictures[1]);
    let again = house.ok(&owner, "getCommentThumbnail", &[("CommentID", &drawn.id.to_string())]).await;
    assert_eq!(field(&again, "data"), pictures[1]);

    let stranger = house.session(&email(Profile::Manager));
    let parts = [("CommentID", drawn.id.to_string())];
    let parts: Vec<_> = parts.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let unknown = house.refused(&stranger, "getCommentThumbnail", &[("CommentID", "77777")]).await;
    assert_eq!(house.refused(&stranger, "getCommentThumbnail", &parts).await, unknown);
    assert_eq!(unknown, ("404".into(), "Invalid Comment ID".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_stage_keeps_its_reasons_and_actions() {
    let house = House::new();
    let (admin, owner) = (house.session(&email(Profile::Admin)), house.session(SECOND));
    house.ok_at(AT, &admin, "createDecisionReason", &[("Name", "Secret")]).await;
    house.ok_at(AT, &admin, "updateDecision", &[("DecisionId", "1"), ("Reason", "true")]).await;
    let reason = house.service.decision_reasons(&house.caller(SECOND), None).expect("reasons")[0].id;
    let observer = email(Profile::Observer);
    let seen = ReviewerInput {
        email: observer.clone(),
        role: Some(Role::ReviewerApprover),
        ..ReviewerInput::default()
    };
    let stage =
        |reviewer, private| StageInput { reviewers: vec![reviewer], private, ..StageInput::default() };
    let input = ProofInput {
        file_token: house.file("red.png", RED_PNG),
        stages: Some(vec![stage(seen, false), stage(guest(), true)]),
        ..ProofInput::default()
    };
    let proof = house.service.create_proof(&house.caller(SECOND), &input).expect("a proof").id;
    let link = house.link(proof, GUEST);
    let said = CommentInput { text: "Between us".to_owned(), ..CommentInput::default() };
    let comment = house.service.add_comment(&link, &said).expect("a comment").0.id.to_string();
    let picked = [PickedReason { id: reason, text: String::new() }];
    house.service.decide_by_link(&link, Decision::ChangesRequired, &picked).expect("a decision");
    let done = fields(&house.ok(&owner, "getActions", &[]).await, "actionID")[2].clone();
    house.ok(&owner, "setCommentAction", &[("CommentID", &comment), ("ActionID", &done)]).await;

    let file = proof.to_string();
    let outsider = house.session(&observer);
    for (session, sees) in [(&owner, true), (&outsider, false)] {
        for (operation, parts) in [
            ("getProofDetails", vec![("FileID", file.as_str())]),
            ("getAllProofs", vec![]),
            ("getProofReviewers", vec![("FileID", file.as_str())]),
        ] {
            let text = house.ok(session, operation, &parts).await;
            assert_eq!(text.contains("Secret"), sees, "{operation}");
        }
        let text = house.ok(session, "getActivity", &[("FileID", &file)]).await;
        assert_eq!(text.contains("Action set"), sees);
    }
    let parts = [("CommentID", comment.as_str())];
    assert_eq!(field(&house.ok(&owner, "getCommentAction", &parts).await, "action"), "Done");
    for operation in ["getCommentAction", "getCommentThumbnail"] {
        let unknown = ("404".to_owned(), "Invalid Comment ID".to_owned());
        assert_eq!(house.refused(&outsider, operation, &parts).await, unknown, "{operation}");
    }
}
