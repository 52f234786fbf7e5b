//! Proofs from forms in JSON.

use galley_model::{CustomKind, EventKind, Profile, ProofId};
use galley_service::CustomInput;
use galley_testkit::{House, RED_PNG, SECOND, email, field, fields};
use serde_json::{Value, json};

const NEWEST: &str = "18_3_0";

/// A form as the text of a part.
fn form(form: &Value) -> String {
    form.to_string().replace('&', "&amp;").replace('<', "&lt;")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_with_one_stage_makes_a_basic_proof() {
    let house = House::new();
    let session = house.session(SECOND);
    let any = house.proof(SECOND, &[]).id;
    let paper = CustomInput {
        section: "Print".to_owned(),
        field: "Paper".to_owned(),
        kind: Some(CustomKind::Radio),
        options: vec![("thin".to_owned(), false), ("heavy".to_owned(), false)],
        ..CustomInput::default()
    };
    let admin = house.caller(&email(Profile::Admin));
    house.service.set_custom_data(&admin, any, &[paper]).expect("a custom field");

    let asked = json!({
        "name": "Poster & more", "sourceName": "my poster.png", "referenceId": "job 7",
        "subject": "Please look", "message": "By noon", "hasMessage": true,
        "canDownload": false, "hasPublicSharing": false, "isAutomatedWorkflow": false,
        "stageBasedVisibility": 0, "templates": [],
        "customfields": [{"section": "Print", "name": "Paper", "value": "heavy"}],
        "stages": [{
            "name": "Stage 1", "position": 1, "parentPosition": null, "activateOn": 1, "activateOnDate": null,
            "activateOnDecision": null, "lockOn": 1, "isPrivate": false, "isMandatory": false,
            "isOneApproval": true, "deadlineDate": "2026-03-09", "deadlineTime": "18:00",
            "deadlineCalculateOn": null, "deadlineBusinessDays": null,
            "recipients": [
                {"name": "Ann", "email": "ann@example.com", "role": 4, "recipient_id": null,
                 "notifications": 0, "isPrimaryDecisionMaker": true},
                {"email": "bob@example.com", "role": 3, "notifications": 9}
            ]
        }]
    });
    let hash = house.file("poster.png", RED_PNG);
    let parts = [("Form", form(&asked)), ("Hash", hash)];
    let parts: Vec<(&str, &str)> = parts.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let text = house.ok_at(NEWEST, &session, "createProofFromJSON", &parts).await;
    for (name, value) in [
        ("filename", "Poster &amp; more"),
        ("sourcename", "my poster.png"),
        ("reference_id", "job 7"),
        ("deadline", "2026-03-09 18:00"),
        ("enable_download", "false"),
        ("enable_team_url", "false"),
        ("lock_after_first_decision", "true"),
    ] {
        assert_eq!(field(&text, name), value, "{name}");
    }
    let id = field(&text, "file_id");
    let people = house.ok(&session, "getProofReviewers", &[("FileID", &id)]).await;
    assert_eq!(fields(&people, "email"), [SECOND, "ann@example.com", "bob@example.com"]);
    assert_eq!(fields(&people, "role"), ["reviewer", "approver", "reviewer"]);
    assert_eq!(fields(&people, "primary_decision_maker"), ["false", "true", "false"]);
    let custom = house.ok_at(NEWEST, &session, "getProofCustomData", &[("FileID", &id)]).await;
    assert_eq!(fields(&custom, "selected"), ["false", "true"]);
    let proof =
        house.service.proof(&house.caller(SECOND), ProofId(id.parse().expect("an id"))).expect("a proof");
    assert_eq!((proof.subject.as_str(), proof.message.as_str()), ("Please look", "By noon"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_with_several_stages_makes_a_workflow() {
    let house = House::new();
    let session = house.session(SECOND);
    let stage = |position: i64, more: Value| {
        let mut stage = json!({
            "name": format!("Round {position}"), "position": position,
            "recipients": [{"email": format!("p{position}@example.com"), "role": 4}]
        });
        let (stage_map, more) = (stage.as_object_mut().expect("one"), more.as_object().expect("one").clone());
        stage_map.extend(more);
        stage
    };
    let asked = json!({
        "isAutomatedWorkflow": true,
        "stages": [
            stage(2, json!({"parentPosition": 1, "activateOn": 5, "deadlineBusinessDays": 3, "deadlineCalculateOn": 2})),
            stage(1, json!({"activateOn": 1, "lockOn": 3, "deadlineDate": "2026-03-10"}))
        ]
    });
    let hash = house.file("poster.png", RED_PNG);
    let text = house
        .ok_at(NEWEST, &session, "createProofFromJSON", &[("Form", &form(&asked)), ("Hash", &hash)])
        .await;
    assert_eq!(field(&text, "filename"), "poster.png");
    let id = ProofId(field(&text, "file_id").parse().expect("an id"));
    assert!(house.service.proof(&house.caller(SECOND), id).expect("a proof").automated);
    let names: Vec<String> = house
        .events()
        .into_iter()
        .filter_map(|event| match event.kind {
            EventKind::StageAdded { name, .. } if name.starts_with("Round") => Some(name),
            _ => None,
        })
        .collect();
    assert_eq!(names, ["Round 1", "Round 2"], "in the order of their positions");
    // Who is on the second stage is told when it starts.
    let people = house.service.reviewers(&house.caller(SECOND), id).expect("people");
    let sent = |email: &str| people.iter().find(|one| one.email == email).map(|one| one.sent_at.is_some());
    assert_eq!((sent("p1@example.com"), sent("p2@example.com")), (Some(true), Some(false)));
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_for_several_proofs() {
    let house = House::new();
    let session = house.session(SECOND);
    let hashes = [house.file("a.png", RED_PNG), house.file("b.png", RED_PNG)].join(" ");
    for (asked, names, sources) in [
        (json!({}), vec!["a.png", "b.png"], vec!["a.png", "b.png"]),
        (json!({"name": "Both"}), vec!["Both"], vec!["a.png, b.png"]),
        (json!({"name": "One|Two", "sourceName": "x.png y.png"}), vec!["One", "Two"], vec!["x.png", "y.png"]),
        (json!({"name": "Both", "sourceName": "x.png y.png"}), vec!["Both"], vec!["x.png, y.png"]),
    ] {
        let parts = [("Form", form(&asked)), ("Hash", hashes.clone())];
        let parts: Vec<(&str, &str)> = parts.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let text = house.ok_at(NEWEST, &session, "createProofsFromJSON", &parts).await;
        assert_eq!(fields(&text, "filename"), names, "{asked}");
        assert_eq!(fields(&text, "sourcename"), sources, "{asked}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_form_cannot_say_is_a_fault() {
    let house = House::new();
    let session = house.session(SECOND);
    let hash = house.file("a.png", RED_PNG);
    let before = house.events().len();
    let one = |recipient: Value| json!({"stages": [{"recipients": [recipient]}]});
    for (asked, says) in [
        ("no JSON".to_owned(), "cannot be used"),
        ("[1]".to_owned(), "cannot be used"),
        (json!({"nmae": "x"}).to_string(), "unknown field `nmae`"),
        (json!({"name": 7}).to_string(), "cannot be used"),
        (json!({"stageBasedVisibility": 1}).to_string(), "stageBasedVisibility"),
        (json!({"templates": [3]}).to_string(), "templates"),
        (json!({"stages": [{}, {}]}).to_string(), "isAutomatedWorkflow"),
        (json!({"isAutomatedWorkflow": true}).to_string(), "needs 'stages'"),
        (one(json!({"name": "Ann"})).to_string(), "email"),
        (one(json!({"email": "ann@example.com", "role": 2})).to_string(), "'role'"),
        (one(json!({"email": "ann@example.com", "recipient_id": 7})).to_string(), "recipient_id"),
        (one(json!({"email": "nobody"})).to_string(), "nobody"),
        (json!({"stages": [{"deadlineDate": "soon"}]}).to_string(), "'deadlineDate'"),
        (
            json!({"customfields": [{"section": "A", "name": "B", "value": "C"}]}).to_string(),
            "no custom section",
        ),
    ] {
        let parts = [("Form", asked.as_str()), ("Hash", &hash)];
        let (code, text) = house.refused_at(NEWEST, &session, "createProofFromJSON", &parts).await;
        assert!(code == "400" && text.contains(says), "{asked}: {code} {text}");
    }
    assert_eq!(house.events().len(), before, "nothing was made");
    let deep = "[".repeat(100_000);
    let (code, _) =
        house.refused_at(NEWEST, &session, "createProofFromJSON", &[("Form", &deep), ("Hash", &hash)]).await;
    assert_eq!(code, "400");
}
