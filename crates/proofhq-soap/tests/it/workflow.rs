//! Proofs whose people are organised in stages.

use galley_model::{CommentId, EventId, EventKind, Profile, ProofId, ReviewerId, StageId};
use galley_service::{CommentInput, Link, LinkUpdate, ReviewerInput, ServiceError};
use galley_testkit::{House, RED_PNG, SECOND, email, field, fields};

const NEWEST: &str = "18_3_0";
const DAY: i64 = 86_400;

/// An element with text.
pub(crate) fn tag(name: &str, value: &str) -> String {
    format!("<{name}>{value}</{name}>")
}

/// A stage of a request: its fields as they are, and its people as address and role.
fn stage(name: &str, rules: &[(&str, &str)], people: &[(&str, &str)]) -> String {
    let rules: String = rules.iter().map(|(name, value)| tag(name, value)).collect();
    let person = |(email, role): &(&str, &str)| tag("item", &(tag("email", email) + &tag("role", role)));
    let people: String = people.iter().map(person).collect();
    tag("item", &(tag("name", name) + &rules + &tag("stage_reviewers", &people)))
}

/// A proof with these stages; the answer.
async fn created(house: &House, session: &str, stages: &str, more: &[(&str, &str)]) -> String {
    let hash = house.file("poster.png", RED_PNG);
    let fixed = [("OwnerID", "0"), ("Hash", &hash), ("Name", "Poster"), ("SourceName", "poster.png")];
    let parts = [&fixed, [("Stages", stages)].as_slice(), more].concat();
    house.ok_at(NEWEST, session, "createWorkflowProof", &parts).await
}

/// Fields of the stages of a proof as the caller of a session sees them.
async fn stages(house: &House, session: &str, proof: &str, names: &[&str]) -> Vec<Vec<String>> {
    let text = house.ok_at(NEWEST, session, "getProofStages", &[("FileID", proof)]).await;
    names.iter().map(|name| fields(&text, name)).collect()
}

async fn active(house: &House, session: &str, proof: &str) -> Vec<String> {
    stages(house, session, proof, &["active"]).await.remove(0)
}

fn proof_id(text: &str) -> ProofId {
    ProofId(text.parse().expect("an id"))
}

/// Somebody on a proof decides over their personal link.
fn decide(house: &House, proof: &str, email: &str, said: &str) -> Result<(), ServiceError> {
    let decision = galley_model::Decision::parse(said).expect("a decision");
    house.service.decide_by_link(&house.link(proof_id(proof), email), decision, &[]).map(drop)
}

fn comment(house: &House, link: &Link, text: &str) -> Result<CommentId, ServiceError> {
    let input = CommentInput { text: text.to_owned(), ..CommentInput::default() };
    house.service.add_comment(link, &input).map(|(comment, _)| comment.id)
}

fn kinds(house: &House, proof: &str) -> Vec<EventKind> {
    let of_proof = house.events().into_iter().filter(|event| event.proof == Some(proof_id(proof)));
    of_proof.map(|event| event.kind).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn three_stages_from_creation_to_the_last_decision() {
    let house = House::new();
    let session = house.session(SECOND);
    let text = created(
        &house,
        &session,
        &[
            stage("Draft", &[("stage_locking", "3")], &[("ann@example.com", "5"), ("bob@example.com", "4")]),
            stage(
                "Legal",
                &[("start_trigger", "4"), ("stage_locking", "2"), ("stage_one_decision_only", "true")],
                &[("cat@example.com", "4"), ("dan@example.com", "4")],
            ),
            stage(
                "Print",
                &[("start_trigger", "6"), ("deadline_date", "2026-03-09"), ("deadline_time", "14:30")],
                &[("eve@example.com", "7")],
            ),
        ]
        .concat()
        .replace("<role>7</role>", "<role>5</role>"),
        &[("EnableAutoLock", "true"), ("ReferenceID", "job 7")],
    )
    .await;
    let id = field(&text, "proof_id");
    assert_eq!(fields(&text, "active"), ["true", "false", "false"]);
    // The proof, its people, then what each stage is.
    assert_eq!(fields(&text, "stage_one_decision_only"), ["false", "true", "false"]);
    assert_eq!(fields(&text, "start_trigger"), ["1", "4", "6"]);
    assert_eq!(fields(&text, "stage_locking"), ["3", "2", "1"]);
    assert_eq!(fields(&text, "deadline_date"), ["", "", "March 9, 2026, 2:30 pm"]);
    assert_eq!(fields(&text, "recipients_count"), ["3", "2", "1"], "the owner is on the first");
    let ids = fields(&text, "start_dependent_stage_id");
    let known = stages(&house, &session, &id, &["stage_id"]).await.remove(0);
    assert_eq!(ids, ["0", &known[0], &known[1]]);
    assert_eq!(field(&text, "reference_id"), "job 7");

    decide(&house, &id, "ann@example.com", "approved").expect("is on a running stage");
    assert_eq!(active(&house, &session, &id).await, ["true", "false", "false"]);
    decide(&house, &id, "bob@example.com", "approved with changes").expect("is on a running stage");
    assert_eq!(active(&house, &session, &id).await, ["false", "true", "false"], "locked with all decisions");
    let seen = stages(&house, &session, &id, &["decision", "stage_start_date"]).await;
    assert_eq!(seen[0], ["Approved with change", "Pending", "Pending"]);
    assert_eq!(seen[1][1], "March 2, 2026, 10:30 am");
    assert!(seen[1][2].is_empty());
    let again = decide(&house, &id, "ann@example.com", "changes required");
    assert!(matches!(again, Err(ServiceError::StageLocked)));

    decide(&house, &id, "dan@example.com", "changes required").expect("is on a running stage");
    let seen = stages(&house, &session, &id, &["active", "decision"]).await;
    assert_eq!(seen[0], ["false", "false", "true"], "the next one locked it");
    assert_eq!(seen[1], ["Approved with change", "Changes required", "Pending"]);

    let details = house.ok_at(NEWEST, &session, "getProofDetails", &[("FileID", &id)]).await;
    for (name, value) in
        [("decision", "changes required"), ("automated_workflow", "1"), ("status", "unlocked")]
    {
        assert_eq!(field(&details, name), value, "{name}");
    }
    assert_eq!(fields(&details, "deadline"), ["2026-03-09 14:30"]);
    assert_eq!(fields(&details, "stage_id"), known);
    // Nobody opened it, comments are outstanding, and so is a decision.
    assert_eq!(fields(&details, "sent").last().map(String::as_str), Some("4"));
    assert_eq!(fields(&details, "opened").last().map(String::as_str), Some("1"));

    decide(&house, &id, "eve@example.com", "not relevant").expect("is on a running stage");
    let status = house.ok_at(NEWEST, &session, "getProofStatus", &[("FileID", &id)]).await;
    assert_eq!(field(&status, "result"), "locked", "with the last required decision");
    let people = house.ok_at(NEWEST, &session, "getProofReviewers", &[("FileID", &id)]).await;
    assert_eq!(
        fields(&people, "wf_decision"),
        ["", "3", "3", "0", "2", "4"].map(|t| if t.is_empty() { "0" } else { t })
    );
    assert_eq!(fields(&people, "file_id"), vec![id.clone(); 6]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_works_on_a_stage_before_it_starts_or_after_it_is_locked() {
    let house = House::new();
    let session = house.session(SECOND);
    let two = stage("One", &[], &[("ann@example.com", "5")])
        + &stage("Two", &[("start_trigger", "7")], &[("bob@example.com", "5")]);
    let text = created(&house, &session, &two, &[]).await;
    let id = field(&text, "proof_id");
    let known = stages(&house, &session, &id, &["stage_id"]).await.remove(0);
    let bob = house.link(proof_id(&id), "bob@example.com");
    let opening = house.service.open_link(&bob).expect("people of a stage that waits may look");
    assert!(opening.opened.rights.view && !opening.opened.rights.comment && !opening.opened.rights.decide);
    assert!(matches!(comment(&house, &bob, "early"), Err(ServiceError::StageWaiting)));
    assert!(matches!(decide(&house, &id, "bob@example.com", "approved"), Err(ServiceError::StageWaiting)));
    let people = house.ok_at(NEWEST, &session, "getProofReviewers", &[("FileID", &id)]).await;
    let places = fields(&people, "id");
    let parts = [("RecipientID", places[2].as_str()), ("RecipientDecision", "3")];
    let refused = house.refused_at(NEWEST, &session, "updateProofReviewer", &parts).await;
    assert_eq!(refused, ("403".to_owned(), "the stage has not started".to_owned()));

    let lock = |stage: &str| [("FileID", id.clone()), ("StageID", stage.to_owned())];
    let call = |parts: [(&'static str, String); 2]| {
        let (house, session) = (&house, &session);
        async move {
            let parts: Vec<(&str, &str)> =
                parts.iter().map(|(name, value)| (*name, value.as_str())).collect();
            house
                .call_at(
                    NEWEST,
                    "lockWorkflowProofStage",
                    &[&[("SessionID", session.as_str())], &parts[..]].concat(),
                )
                .await
        }
    };
    assert!(call(lock(&known[1])).await.text().contains("has not started"));
    for _ in 0..2 {
        assert_eq!(field(&call(lock(&known[0])).await.text(), "result"), "true");
    }
    let locked = |kind: &&EventKind| matches!(kind, EventKind::StageLocked { automatic: false, .. });
    assert_eq!(kinds(&house, &id).iter().filter(locked).count(), 1, "the second time is no event");
    let ann = house.link(proof_id(&id), "ann@example.com");
    assert!(matches!(comment(&house, &ann, "late"), Err(ServiceError::StageLocked)));
    assert!(matches!(decide(&house, &id, "ann@example.com", "approved"), Err(ServiceError::StageLocked)));

    // By hand, as the details page does; and a lock of one stage is none of the other.
    let caller = house.caller(SECOND);
    let (proof, second) = (proof_id(&id), StageId(known[1].parse().expect("an id")));
    house.service.start_stage(&caller, proof, second).expect("starts");
    house.service.start_stage(&caller, proof, second).expect("runs already");
    comment(&house, &bob, "now").expect("runs");
    decide(&house, &id, "bob@example.com", "approved").expect("runs");
    let first = StageId(known[0].parse().expect("an id"));
    house.service.set_stage_locked(&caller, proof, first, false).expect("unlocks");
    comment(&house, &ann, "again").expect("unlocked");

    let edit = tag("stage_id", &known[1]) + &tag("stage_locking", "4");
    house.ok_at(NEWEST, &session, "updateWorkflowProofStage", &[("FileID", &id), ("Stage", &edit)]).await;
    assert!(call(lock(&known[1])).await.text().contains("never to lock"));
    let refused = call([("FileID", id.clone()), ("StageID", "99999".to_owned())]).await;
    assert!(refused.text().contains("Invalid Stage ID"));
}

#[tokio::test(flavor = "multi_thread")]
async fn times_start_stages_once_and_also_after_a_restart() {
    let house = House::new();
    let session = house.session(SECOND);
    let three = stage("One", &[("deadline_date", "2026-03-04 12:00")], &[("ann@example.com", "5")])
        + &stage("Two", &[("start_trigger", "2")], &[("bob@example.com", "5")])
        + &stage(
            "Three",
            &[
                ("start_trigger", "3"),
                ("start_dependent_date", "2026-03-06"),
                ("start_dependent_time", "08:00"),
            ],
            &[("cat@example.com", "5")],
        );
    let text = created(&house, &session, &three, &[]).await;
    let id = field(&text, "proof_id");
    assert_eq!(fields(&text, "start_dependent_date"), ["", "", "March 6, 2026, 8:00 am"]);
    assert_eq!(house.service.start_due_stages().expect("nothing fails"), 0);
    house.clock.advance(2 * DAY + 2 * 3600);
    let house = house.reopened();
    let session = house.session(SECOND);
    assert_eq!(house.service.start_due_stages().expect("nothing fails"), 1);
    assert_eq!(active(&house, &session, &id).await, ["true", "true", "false"]);
    assert_eq!(house.service.start_due_stages().expect("nothing fails"), 0, "once");

    // A locked proof starts nothing; what was due starts when it is unlocked.
    house.ok_at(NEWEST, &session, "lockProof", &[("FileID", &id)]).await;
    house.clock.advance(4 * DAY);
    let session = house.session(SECOND);
    house.service.start_due_stages().expect("nothing fails");
    assert_eq!(stages(&house, &session, &id, &["stage_start_date"]).await[0][2], "");
    house.ok_at(NEWEST, &session, "unlockProof", &[("FileID", &id)]).await;
    assert_eq!(active(&house, &session, &id).await, ["true", "true", "true"]);
    let starts = |kind: &&EventKind| matches!(kind, EventKind::StageStarted { .. });
    assert_eq!(kinds(&house, &id).iter().filter(starts).count(), 3);
}

/// The same with the worker that a server runs.
#[tokio::test(flavor = "multi_thread")]
async fn the_worker_starts_stages() {
    let house = House::new().working();
    let session = house.session(SECOND);
    let two = stage("One", &[("deadline_date", "2026-03-04 12:00")], &[("ann@example.com", "5")])
        + &stage("Two", &[("start_trigger", "2")], &[("bob@example.com", "5")]);
    let id = field(&created(&house, &session, &two, &[]).await, "proof_id");
    house.clock.advance(3 * DAY);
    let session = house.session(SECOND);
    for _ in 0..200 {
        if active(&house, &session, &id).await == ["true", "true"] {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("not started after 20 seconds");
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_is_told_once_when_their_stage_runs() {
    let house = House::new();
    let session = house.session(SECOND);
    let two = stage("One", &[], &[("ann@example.com", "5")])
        + &stage("Two", &[("start_trigger", "6")], &[("bob@example.com", "5")]);
    let id = field(&created(&house, &session, &two, &[]).await, "proof_id");
    let known = stages(&house, &session, &id, &["stage_id"]).await.remove(0);
    let add = |email: &'static str, stage: &str, quiet: &'static str| {
        let person = tag("email", email) + &tag("role", "5") + &tag("stage_id", stage);
        let (house, session, id) = (&house, &session, id.clone());
        async move {
            let parts =
                [("FileID", id.as_str()), ("Recipient", &person), ("SuppressNewProofNotification", quiet)];
            house.ok_at(NEWEST, session, "addWorkflowProofReviewer", &parts).await
        }
    };
    let cat = add("cat@example.com", &known[1], "").await;
    let quiet = add("dan@example.com", &known[1], "true").await;
    add("eve@example.com", &known[0], "").await;
    assert_eq!(field(&cat, "stage_id"), known[1]);

    let told = |house: &House| -> Vec<ReviewerId> {
        let told = kinds(house, &id).into_iter().flat_map(|kind| match kind {
            EventKind::ReviewerAdded { reviewer, notify: true, .. } => vec![reviewer],
            EventKind::StageStarted { notify, .. } => notify,
            _ => Vec::new(),
        });
        told.collect()
    };
    let people = house.service.reviewers(&house.caller(SECOND), proof_id(&id)).expect("people");
    let who = |email: &str| people.iter().find(|one| one.email == email).expect("is on it");
    assert_eq!(told(&house), [who("ann@example.com").id, who("eve@example.com").id]);
    assert!(who("ann@example.com").sent_at.is_some() && who("bob@example.com").sent_at.is_none());

    for email in ["ann@example.com", "eve@example.com"] {
        decide(&house, &id, email, "changes required").expect("runs");
    }
    let first = [who("ann@example.com").id, who("eve@example.com").id];
    let then = [who("bob@example.com").id, who("cat@example.com").id];
    assert_eq!(told(&house), [first, then].concat());
    let people = house.service.reviewers(&house.caller(SECOND), proof_id(&id)).expect("people");
    assert!(people.iter().all(|one| one.sent_at.is_some()), "{people:?}");
    assert!(!told(&house).contains(&ReviewerId(field(&quiet, "recipient_id").parse().expect("an id"))));
}

/// A proof with a public stage, and a private one on which Vic commented, replied and decided.
pub(crate) async fn with_secrets(house: &House, session: &str) -> (String, Vec<String>) {
    let two = stage("Open", &[], &[("ann@example.com", "5")])
        + &stage(
            "Board",
            &[("stage_private", "true")],
            &[("vic@example.com", "5"), ("viv@example.com", "5")],
        );
    let id = field(&created(house, session, &two, &[]).await, "proof_id");
    let known = stages(house, session, &id, &["stage_id"]).await.remove(0);
    let (ann, vic) =
        (house.link(proof_id(&id), "ann@example.com"), house.link(proof_id(&id), "vic@example.com"));
    let public = comment(house, &ann, "open words").expect("runs");
    comment(house, &vic, "secret words").expect("runs");
    let reply = galley_service::ReplyInput { client_id: None, text: "secret reply".to_owned() };
    house.service.reply(&vic, public, &reply).expect("runs");
    decide(house, &id, "ann@example.com", "approved").expect("runs");
    decide(house, &id, "vic@example.com", "changes required").expect("runs");
    (id, known)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_stage_is_not_there_for_anybody_else() {
    let house = House::new();
    let session = house.session(SECOND);
    let (id, known) = with_secrets(&house, &session).await;
    // A manager who only reviews, and one who is on the private stage.
    let manager = email(Profile::Manager);
    let add = |email: String, stage: String| {
        let person = tag("email", &email) + &tag("role", "5") + &tag("stage_id", &stage);
        let (house, session, id) = (&house, &session, id.clone());
        async move {
            let parts = [("FileID", id.as_str()), ("Recipient", &person)];
            house.ok_at(NEWEST, session, "addWorkflowProofReviewer", &parts).await
        }
    };
    add(manager.clone(), known[0].clone()).await;
    add(email(Profile::Observer), known[1].clone()).await;
    let outsider = house.session(&manager);
    for (session, sees) in [
        (&outsider, false),
        (&house.session(&email(Profile::Observer)), true),
        (&house.session(SECOND), true),
        (&house.session(&email(Profile::Supervisor)), true),
    ] {
        let mut all = String::new();
        for operation in [
            "getProofStages",
            "getProofReviewers",
            "getProofComments",
            "getProofDetails",
            "getActivity",
            "getProofVersions",
        ] {
            all.push_str(&house.ok_at(NEWEST, session, operation, &[("FileID", &id)]).await);
        }
        all.push_str(&house.ok_at(NEWEST, session, "getAllProofs", &[]).await);
        for secret in ["Board", "vic@example.com", "viv@example.com", "secret"] {
            assert_eq!(all.contains(secret), sees, "{secret}");
        }
        assert!(all.contains("open words"));
        let details = house.ok_at(NEWEST, session, "getProofDetails", &[("FileID", &id)]).await;
        let expected = if sees { "changes required" } else { "pending" };
        assert_eq!(field(&details, "decision"), expected);
        assert_eq!(fields(&details, "stage_id").len(), if sees { 2 } else { 1 });
        let parts = [("SessionID", session.as_str()), ("FileID", &id), ("StageID", &known[1])];
        let one = house.call_at(NEWEST, "getProofStage", &parts).await;
        assert_eq!(one.status, if sees { 200 } else { 500 });
    }
    // The outsider cannot act on what they do not see.
    let people = house.ok_at(NEWEST, &session, "getProofReviewers", &[("FileID", &id)]).await;
    let vic = fields(&people, "email").iter().position(|e| e == "vic@example.com").expect("is there");
    let vic = fields(&people, "id").swap_remove(vic);
    let parts = [("RecipientID", vic.as_str()), ("RecipientDecision", "3")];
    let refused = house.refused_at(NEWEST, &outsider, "updateProofReviewer", &parts).await;
    assert_eq!(refused, ("404".to_owned(), "Invalid Recipient ID".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_stage_does_not_reach_other_viewers() {
    let house = House::new();
    let session = house.session(SECOND);
    let (id, _) = with_secrets(&house, &session).await;
    let proof = house.service.proof(&house.caller(SECOND), proof_id(&id)).expect("a proof");
    let team = Link { code: proof.team_code, user: None };
    for (link, sees) in [
        (house.link(proof_id(&id), "ann@example.com"), false),
        (team, false),
        (house.link(proof_id(&id), "viv@example.com"), true),
        (house.link(proof_id(&id), SECOND), true),
    ] {
        let opening = house.service.open_link(&link).expect("opens");
        let people: Vec<&str> = opening.reviewers.iter().map(|one| one.email.as_str()).collect();
        assert_eq!(people.contains(&"vic@example.com"), sees);
        assert_eq!(opening.progress.len(), opening.reviewers.len());
        assert_eq!(opening.comments.len(), if sees { 2 } else { 1 });
        assert_eq!(opening.comments[0].replies.len(), usize::from(sees));
        let proof = &opening.opened.proof;
        let expected = if sees { (2, 3, 2) } else { (1, 1, 1) };
        assert_eq!((proof.decisions_made, proof.decisions_required, proof.comments), expected);
        assert_eq!(
            proof.decision,
            Some(if sees {
                galley_model::Decision::ChangesRequired
            } else {
                galley_model::Decision::Approved
            })
        );

        let (news, _) = house.service.link_updates(&link, EventId(0)).expect("opens");
        let secret = news.iter().any(|update| match update {
            LinkUpdate::Comment(comment) => {
                comment.text.contains("secret")
                    || comment.replies.iter().any(|reply| reply.text.contains("secret"))
            }
            LinkUpdate::Proof { reviewers, .. } => reviewers.iter().any(|one| one.email == "vic@example.com"),
            _ => false,
        });
        assert_eq!(secret, sees);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proof_without_a_workflow_has_a_stage_for_each_deadline() {
    let house = House::new();
    let session = house.session(SECOND);
    let hash = house.file("poster.png", RED_PNG);
    let parts = [
        ("OwnerID", "0"),
        ("Hash", hash.as_str()),
        ("Name", "Poster"),
        ("SourceName", "poster.png"),
        ("Deadline", "2026-03-09 18:00"),
        ("LockAfterFirstDecision", "true"),
        ("Recipients", "ann@example.com"),
    ];
    let made = house.ok_at(NEWEST, &session, "createProof", &parts).await;
    let id = field(&made, "file_id");
    assert_eq!(field(&made, "automated_workflow"), "0");
    let seen = stages(&house, &session, &id, &["name", "deadline_date", "active", "recipients_count"]).await;
    assert_eq!(seen, [vec!["Stage"], vec!["March 9, 2026, 6:00 pm"], vec!["true"], vec!["2"]]);

    let add = |email: &'static str, deadline: &'static str| {
        let parts = [
            ("FileID", id.clone()),
            ("RecipientEmail", email.to_owned()),
            ("RecipientRole", "5".to_owned()),
            ("RecipientDeadline", deadline.to_owned()),
        ];
        let (house, session) = (&house, &session);
        async move {
            let parts: Vec<(&str, &str)> =
                parts.iter().map(|(name, value)| (*name, value.as_str())).collect();
            field(&house.ok_at(NEWEST, session, "addProofReviewer", &parts).await, "id")
        }
    };
    let bob = add("bob@example.com", "2026-03-05 12:00").await;
    add("cat@example.com", "2026-03-05 12:00").await;
    let seen = stages(&house, &session, &id, &["deadline_date", "recipients_count", "decision"]).await;
    assert_eq!(seen[0], ["March 9, 2026, 6:00 pm", "March 5, 2026, 12:00 pm"]);
    assert_eq!(seen[1], ["2", "2"]);

    // One decision is one a stage.
    decide(&house, &id, "bob@example.com", "approved").expect("runs");
    assert_eq!(stages(&house, &session, &id, &["decision"]).await[0], ["Pending", "Approved"]);
    let details = house.ok_at(NEWEST, &session, "getProofDetails", &[("FileID", &id)]).await;
    assert_eq!(field(&details, "decision"), "pending");
    // Late is the stage that is late, not the whole proof when its own deadline comes.
    let parts = [("RecipientID", bob.as_str()), ("RecipientDeadline", "2026-03-09 18:00")];
    house.ok_at(NEWEST, &session, "updateProofReviewer", &parts).await;
    let seen = stages(&house, &session, &id, &["deadline_date", "recipients_count", "decision"]).await;
    assert_eq!(seen[1], ["3", "1"]);
    assert_eq!(seen[2], ["Approved", "Pending"]);
    house.clock.advance(4 * DAY);
    let session = house.session(SECOND);
    let late = house.ok_at(NEWEST, &session, "getLateProofs", &[]).await;
    assert_eq!(fields(&late, "file_id").first(), Some(&id), "Cat is late");
    decide(&house, &id, "cat@example.com", "approved").expect("runs");
    let late = house.ok_at(NEWEST, &session, "getLateProofs", &[]).await;
    assert_eq!(fields(&late, "file_id").first(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_is_refused_and_nothing_is_made() {
    let house = House::new();
    let session = house.session(SECOND);
    let ann = [("ann@example.com", "5")];
    let one = stage("One", &[], &ann);
    let second = |rules: &[(&str, &str)], people: &[(&str, &str)]| one.clone() + &stage("Two", rules, people);
    let bob = [("bob@example.com", "5")];
    let pdm = one.replace("<role>", "<primary_decision_maker>true</primary_decision_maker><role>");
    let many: String = (0..101).map(|n| stage("x", &[], &[(&format!("p{n}@example.com"), "5")])).collect();
    for (stages, code, says) in [
        (stage("One", &[], &[]), "403", "The stage must contain at least one recipient."),
        (stage("One", &[("start_trigger", "4")], &ann), "400", "first stage"),
        (stage("One", &[("start_trigger", "8")], &ann), "400", "'start_trigger'"),
        (stage("One", &[("start_trigger", "3")], &ann), "400", "needs a date"),
        (stage("One", &[("stage_locking", "5")], &ann), "400", "'stage_locking'"),
        (stage("One", &[("deadline_date", "soon")], &ann), "400", "'deadline_date'"),
        (stage("One", &[("deadline_date", "2026-03-01")], &ann), "400", "already passed"),
        (stage("One", &[("deadline_calculate_on", "3")], &ann), "400", "'deadline_calculate_on'"),
        (stage("One", &[], &[("nobody", "5")]), "400", "nobody"),
        (stage("One", &[], &[("ann@example.com", "2")]), "400", "'role'"),
        (stage("One", &[], &[("ann@example.com", "7")]), "400", "no login"),
        (second(&[], &ann), "400", "two stages"),
        (
            second(&[("start_trigger", "2"), ("start_dependent_stage_id", "7")], &bob),
            "400",
            "'start_dependent_stage_id'",
        ),
        (
            second(&[("start_trigger", "2"), ("start_dependent_stage_id", "2")], &bob),
            "400",
            "wait for itself",
        ),
        (
            pdm.replace("<name>", "<stage_one_decision_only>true</stage_one_decision_only><name>"),
            "400",
            "both",
        ),
        (many, "400", "at most 100"),
    ] {
        let hash = house.file("poster.png", RED_PNG);
        let fixed = [("OwnerID", "0"), ("Hash", &hash), ("Name", "Poster"), ("SourceName", "poster.png")];
        let parts = [&fixed, [("Stages", stages.as_str())].as_slice()].concat();
        let (found, text) = house.refused_at(NEWEST, &session, "createWorkflowProof", &parts).await;
        assert!(found == code && text.contains(says), "{stages}: {found} {text}");
    }
    let all = house.ok_at(NEWEST, &session, "getAllProofs", &[]).await;
    assert_eq!(fields(&all, "file_id"), [""; 0]);

    // A proof without a workflow has stages, but none that anybody may change.
    let plain = house.proof(SECOND, &[]).id.to_string();
    let known = stages(&house, &session, &plain, &["stage_id"]).await.remove(0).remove(0);
    let edit = tag("stage_id", &known) + &tag("name", "x");
    for (operation, parts) in [
        ("updateWorkflowProofStage", vec![("FileID", plain.as_str()), ("Stage", &edit)]),
        ("lockWorkflowProofStage", vec![("FileID", &plain), ("StageID", &known)]),
        ("updateWorkflowProof", vec![("FileID", &plain), ("Name", "x")]),
    ] {
        let (code, text) = house.refused_at(NEWEST, &session, operation, &parts).await;
        assert!(code == "400" && text.contains("no automated workflow"), "{operation}: {code} {text}");
    }
    let person = tag("email", "ann@example.com") + &tag("stage_id", &known);
    let parts = [("FileID", plain.as_str()), ("Recipient", &person)];
    let (code, text) = house.refused_at(NEWEST, &session, "addWorkflowProofReviewer", &parts).await;
    assert!(code == "400" && text.contains("no automated workflow"), "{code} {text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn stages_and_their_people_are_changed() {
    let house = House::new();
    let session = house.session(SECOND);
    let two = stage("One", &[("stage_id", "10")], &[("ann@example.com", "5"), ("bob@example.com", "3")])
        + &stage(
            "Two",
            &[("stage_id", "20"), ("start_trigger", "5"), ("start_dependent_stage_id", "10")],
            &[("cat@example.com", "5")],
        );
    let id = field(&created(&house, &session, &two, &[]).await, "proof_id");
    let known = stages(&house, &session, &id, &["stage_id"]).await.remove(0);

    // Five fields, as in the sample of the original: the others stay.
    let edit = [
        ("stage_id", known[1].as_str()),
        ("name", "Second"),
        ("stage_one_decision_only", "true"),
        ("stage_private", "true"),
        ("mandatory", "true"),
    ]
    .map(|(name, value)| tag(name, value))
    .concat();
    let parts = [("FileID", id.as_str()), ("Stage", &edit)];
    let text = house.ok_at(NEWEST, &session, "updateWorkflowProofStage", &parts).await;
    for (name, value) in [
        ("start_trigger", "5"),
        ("start_dependent_stage_id", &known[0]),
        ("stage_one_decision_only", "true"),
        ("stage_private", "true"),
        ("active", "false"),
    ] {
        assert_eq!(field(&text, name), value, "{name}");
    }
    assert_eq!(fields(&text, "name"), ["cat@example.com", "Second"]);

    // A stage that follows, and one whose trigger has fired already.
    let third = stage(
        "Third",
        &[("start_trigger", "6"), ("start_dependent_stage_id", &known[1])],
        &[("dan@example.com", "4")],
    );
    let third = third.trim_start_matches("<item>").trim_end_matches("</item>");
    let text = house.ok_at(NEWEST, &session, "addWorkflowStage", &[("FileID", &id), ("Stage", third)]).await;
    assert_eq!(field(&text, "active"), "false");
    let open = stage("Now", &[], &[("eve@example.com", "1")]);
    let open = open.trim_start_matches("<item>").trim_end_matches("</item>");
    let text = house.ok_at(NEWEST, &session, "addWorkflowStage", &[("FileID", &id), ("Stage", open)]).await;
    assert_eq!(field(&text, "active"), "true", "at once");
    assert_eq!(field(&text, "decision"), "-");

    // People: the only approver becomes primary, moves, and is one stage's alone.
    let people = house.ok_at(NEWEST, &session, "getProofReviewers", &[("FileID", &id)]).await;
    let who = |email: &str| {
        let at = fields(&people, "email").iter().position(|one| one == email).expect("is there");
        fields(&people, "id").swap_remove(at)
    };
    let change = |stage: String, fields: Vec<(&'static str, String)>| {
        let recipient: String = fields.iter().map(|(name, value)| tag(name, value)).collect();
        let (house, session) = (&house, &session);
        async move {
            let parts = [("SessionID", session.as_str()), ("StageID", &stage), ("Recipient", &recipient)];
            house.call_at(NEWEST, "updateWorkflowProofReviewer", &parts).await
        }
    };
    let answer = change(
        known[0].clone(),
        vec![
            ("recipient_id", who("bob@example.com")),
            ("role", "4".into()),
            ("primary_decision_maker", "true".into()),
            ("decision", "Changes required".into()),
            ("position", "Lawyer".into()),
        ],
    );
    let text = answer.await.text();
    for (name, value) in [
        ("role", "4"),
        ("primary_decision_maker", "true"),
        ("decision", "changes required"),
        ("position", "Lawyer"),
        ("wf_decision", "2"),
    ] {
        assert_eq!(field(&text, name), value, "{name}");
    }
    let seen =
        stages(&house, &session, &id, &["decision", "stage_primary_decision_maker_recipient_id"]).await;
    assert_eq!(seen[0][0], "Changes required", "although Ann has not decided");
    assert_eq!(seen[1][0], who("bob@example.com"));
    // Cat's stage takes one decision, so that there is no primary decision maker.
    let refused = change(
        known[1].clone(),
        vec![("recipient_id", who("cat@example.com")), ("primary_decision_maker", "true".into())],
    );
    assert!(refused.await.text().contains("cannot have both"));
    let refused = change(known[1].clone(), vec![("recipient_id", who("bob@example.com"))]).await;
    assert!(refused.text().contains("Invalid Stage ID"), "he is on another one");
    let moved = change(
        known[0].clone(),
        vec![("recipient_id", who("bob@example.com")), ("stage_id", known[1].clone())],
    );
    assert_eq!(field(&moved.await.text(), "stage_id"), known[1]);
    let seen = stages(&house, &session, &id, &["decision", "recipients_count"]).await;
    assert_eq!(seen[0][0], "Pending", "he took his decision along");
    assert_eq!(seen[1], ["2", "2", "1", "1"]);

    let people = [("ann@example.com", &known[1]), ("zoe@example.com", &known[0])]
        .map(|(email, stage)| tag("item", &(tag("email", email) + &tag("stage_id", stage))))
        .concat();
    let parts = [("FileID", id.as_str()), ("Recipients", &people)];
    let (code, text) = house.refused_at(NEWEST, &session, "addWorkflowProofReviewers", &parts).await;
    assert!(code == "400" && text.contains("another stage"), "{code} {text}");
    let text = house.ok_at(NEWEST, &session, "getProofReviewers", &[("FileID", &id)]).await;
    assert!(!text.contains("zoe@example.com"), "all or nobody");
    let text =
        house.ok_at(NEWEST, &session, "updateWorkflowProof", &[("FileID", &id), ("Name", "New")]).await;
    assert_eq!(field(&text, "filename"), "New");
    assert_eq!(fields(&text, "stage_id").len(), 4 + 6, "stages and people");
}

#[tokio::test(flavor = "multi_thread")]
async fn versions_take_the_stages_along() {
    let house = House::new();
    let session = house.session(SECOND);
    let two = stage("One", &[("deadline_date", "2026-03-09")], &[("ann@example.com", "5")])
        + &stage("Two", &[("start_trigger", "6")], &[("bob@example.com", "4")]);
    let first = field(&created(&house, &session, &two, &[]).await, "proof_id");
    decide(&house, &first, "ann@example.com", "approved").expect("runs");
    let next = |parent: String, stages: &'static str| {
        let hash = house.file("two.png", RED_PNG);
        let (house, session) = (&house, &session);
        async move {
            let parts = [
                ("SessionID", session.as_str()),
                ("ParentFileID", &parent),
                ("OwnerID", "0"),
                ("Hash", &hash),
                ("Name", "Poster"),
                ("SourceName", "two.png"),
                ("Stages", stages),
            ];
            house.call_at(NEWEST, "createWorkflowProofVersion", &parts).await.text()
        }
    };
    let text = next(first.clone(), "").await;
    let second = field(&text, "proof_id");
    assert_eq!((field(&text, "version"), field(&text, "versions")), ("2".to_owned(), "2".to_owned()));
    assert_eq!(fields(&text, "active"), ["true", "false"], "from the start again");
    let seen =
        stages(&house, &session, &second, &["name", "start_trigger", "deadline_date", "decision"]).await;
    assert_eq!(seen[0], ["One", "Two"]);
    assert_eq!(seen[1], ["1", "6"]);
    assert_eq!(seen[2], ["March 9, 2026, 11:59 pm", ""]);
    assert_eq!(seen[3], ["Pending", "Pending"], "decisions stay where they were made");
    let status = house.ok_at(NEWEST, &session, "getProofStatus", &[("FileID", &first)]).await;
    assert_eq!(field(&status, "result"), "locked");

    house.clock.advance(10 * DAY);
    let session = house.session(SECOND);
    let hash = house.file("three.png", RED_PNG);
    let parts = [
        ("ParentFileID", second.as_str()),
        ("OwnerID", "0"),
        ("Hash", &hash),
        ("Name", "Poster"),
        ("SourceName", "three.png"),
    ];
    let (code, text) = house.refused_at(NEWEST, &session, "createWorkflowProofVersion", &parts).await;
    assert!(code == "400" && text.contains("already passed"), "{code} {text}");
    let other = stage("Only", &[], &[("eve@example.com", "5")]);
    let parts = [&parts[..], &[("Stages", other.as_str())]].concat();
    let text = house.ok_at(NEWEST, &session, "createWorkflowProofVersion", &parts).await;
    assert_eq!(fields(&text, "email"), [SECOND, "eve@example.com"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_with_stages_cost_the_same_however_long() {
    let house = House::new();
    let session = house.session(SECOND);
    let mut costs = Vec::new();
    for round in 0..2 {
        for _ in 0..=round * 6 {
            let two = stage("One", &[], &[("ann@example.com", "5")])
                + &stage(
                    "Two",
                    &[("stage_private", "true")],
                    &[("bob@example.com", "5"), ("cat@example.com", "5")],
                );
            created(&house, &session, &two, &[]).await;
        }
        let last = house.proof(
            SECOND,
            &[ReviewerInput { email: "x@example.com".to_owned(), ..ReviewerInput::default() }],
        );
        for (operation, parts) in [
            ("getAllProofs", vec![]),
            ("getProofStages", vec![("FileID", last.id.to_string())]),
            ("getProofReviewers", vec![("FileID", last.id.to_string())]),
        ] {
            let parts: Vec<(&str, &str)> =
                parts.iter().map(|(name, value)| (*name, value.as_str())).collect();
            house.ok_at(NEWEST, &session, operation, &parts).await;
            let before = house.service.statements();
            house.ok_at(NEWEST, &session, operation, &parts).await;
            costs.push((operation, house.service.statements() - before));
        }
    }
    assert_eq!(costs[..3], costs[3..]);
    // Versions without stages do not pay for them.
    let before = house.service.statements();
    house.ok(&session, "getAllProofs", &[]).await;
    assert_eq!(house.service.statements() - before + 2, costs[3].1);
}

#[tokio::test(flavor = "multi_thread")]
async fn several_files_are_several_proofs_or_one() {
    let house = House::new();
    let session = house.session(SECOND);
    let hashes = [house.file("a.png", RED_PNG), house.file("b.png", RED_PNG)].join(" ");
    let one = stage("One", &[], &[("ann@example.com", "5")]);
    let make = |names: &'static str, combined: &'static str| {
        let (house, session, hashes, one) = (&house, &session, &hashes, &one);
        async move {
            let parts = [
                ("OwnerID", "0"),
                ("Hash", hashes),
                ("Name", names),
                ("SourceName", "a.png b.png"),
                ("Stages", one),
                ("CombinedProof", combined),
            ];
            house.ok_at(NEWEST, session, "createWorkflowProof", &parts).await
        }
    };
    let both = make("A|B", "false").await;
    assert_eq!(fields(&both, "filename"), ["A", "B"]);
    assert_eq!(fields(&both, "combined_proof"), ["false", "false"]);
    let whole = make("Whole", "true").await;
    assert_eq!(fields(&whole, "filename"), ["Whole"]);
    assert_eq!(fields(&whole, "combined_proof"), ["true"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proof_locks_when_that_is_switched_on_after_the_last_decision() {
    let house = House::new();
    let session = house.session(SECOND);
    let two = stage("One", &[], &[("ann@example.com", "5")])
        + &stage("Two", &[("start_trigger", "7")], &[("bob@example.com", "5")]);
    let id = field(&created(&house, &session, &two, &[]).await, "proof_id");
    decide(&house, &id, "ann@example.com", "approved").expect("runs");
    let switch = |on: &'static str| {
        let (house, session, id) = (&house, &session, id.as_str());
        async move {
            let parts = [("FileID", id), ("EnableAutoLock", on)];
            field(&house.ok_at(NEWEST, session, "updateWorkflowProof", &parts).await, "status")
        }
    };
    assert_eq!(switch("true").await, "unlocked", "Bob's stage has not started and needs him");
    assert_eq!(switch("false").await, "unlocked");
    let caller = house.caller(SECOND);
    let known = stages(&house, &session, &id, &["stage_id"]).await.remove(0);
    let second = StageId(known[1].parse().expect("an id"));
    house.service.start_stage(&caller, proof_id(&id), second).expect("starts");
    decide(&house, &id, "bob@example.com", "approved").expect("runs");
    assert_eq!(switch("true").await, "locked");
    // Unlocked by hand it stays so, until somebody decides again.
    house.ok_at(NEWEST, &session, "unlockProof", &[("FileID", &id)]).await;
    assert_eq!(switch("true").await, "unlocked");
    decide(&house, &id, "bob@example.com", "not relevant").expect("runs");
    let status = house.ok_at(NEWEST, &session, "getProofStatus", &[("FileID", &id)]).await;
    assert_eq!(field(&status, "result"), "locked");
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_do_not_tell_of_private_stages() {
    let house = House::new();
    let session = house.session(SECOND);
    let manager = email(Profile::Manager);
    let two = stage("Open", &[], &[(manager.as_str(), "5")])
        + &stage(
            "Board",
            &[("stage_private", "true"), ("deadline_date", "2026-03-03 12:00")],
            &[("vic@example.com", "5")],
        );
    let id = field(&created(&house, &session, &two, &[]).await, "proof_id");
    house.clock.advance(2 * DAY);
    for (person, sees) in [(manager.as_str(), false), (SECOND, true)] {
        let session = house.session(person);
        let late = house.ok_at(NEWEST, &session, "getLateProofs", &[]).await;
        assert_eq!(fields(&late, "filename").len(), usize::from(sees), "{person}");
        for (address, found) in [("vic@example.com", sees), (manager.as_str(), true)] {
            let parts = [("Email", address)];
            let with = house.ok_at(NEWEST, &session, "getProofsByRecipientEmail", &parts).await;
            assert_eq!(fields(&with, "filename").len(), usize::from(found), "{person} looks for {address}");
        }
        let open = house.ok_at(NEWEST, &session, "getOpenProofs", &[]).await;
        assert_eq!(fields(&open, "file_id").first(), Some(&id), "{person}");
        assert_eq!(fields(&open, "deadline"), [if sees { "2026-03-03 12:00" } else { "" }]);
    }
}
