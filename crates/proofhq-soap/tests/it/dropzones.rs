//! Handing files in at a dropzone.

use galley_model::{Alert, EventKind, Profile, ProofId, Role};
use galley_service::{DropzoneInput, Link, ServiceError};
use galley_testkit::{House, MAX_UPLOAD, RED_PNG, RIVAL, SECOND, email, fault, field, fields};

const NEWEST: &str = "18_3_0";

fn settings(house: &House) -> DropzoneInput {
    DropzoneInput {
        enabled: true,
        owner: house.caller(&email(Profile::Supervisor)).id(),
        workspace: None,
        role: Role::Reviewer,
        alert: Alert::OwnDefault,
        activate: false,
        domains: Vec::new(),
        tell: vec!["desk@example.com".to_owned()],
    }
}

/// Opens the dropzone of the first account; its address.
fn open(house: &House, input: &DropzoneInput) -> String {
    let admin = house.caller(&email(Profile::Admin));
    let zone = house.service.set_dropzone(&admin, input).expect("a dropzone");
    house.service.dropzone_url(&zone.code)
}

async fn submit(house: &House, url: &str, from: &str, hash: &str) -> galley_testkit::Answer {
    let parts =
        [("Hash", hash), ("UploaderEmail", from), ("DropzoneURL", url), ("SourceName", "My poster.png")];
    house.call_at(NEWEST, "createDropzoneProof", &parts).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_handed_in_waits_until_it_is_activated() {
    let house = House::new();
    let url = open(&house, &settings(&house));
    let hash = house.file("poster.png", RED_PNG);
    let text = submit(&house, &url, "ann@example.com", &hash).await.text();
    let id = field(&text, "file_id");
    for (name, value) in [
        ("type", "proof"),
        ("filename", "My poster.png"),
        ("status", "locked"),
        ("owner", "Test Supervisor"),
        ("team_url", ""),
        ("token", ""),
    ] {
        assert_eq!(field(&text, name), value, "{name}");
    }

    // Only those who run it see it: neither colleagues, nor the links of its people, nor the public link.
    let (owner, second) = (house.session(&email(Profile::Supervisor)), house.session(SECOND));
    let proof = [("FileID", id.as_str())];
    let details = house.ok(&owner, "getProofDetails", &proof).await;
    let parts = [("FileID", id.as_str()), ("RecipientEmail", SECOND), ("RecipientRole", "5")];
    house.ok(&owner, "addProofReviewer", &parts).await;
    assert_eq!(house.refused(&second, "getProofDetails", &proof).await.0, "404");
    assert!(house.ok(&second, "getAllProofs", &[]).await.contains("<result/>"));
    let proof_id = ProofId(id.parse().expect("an id"));
    let code = field(&details, "team_url").rsplit('/').next().expect("a code").to_owned();
    let links =
        [house.link(proof_id, "ann@example.com"), house.link(proof_id, SECOND), Link { code, user: None }];
    for link in &links {
        assert!(matches!(house.service.open_link(link), Err(ServiceError::NotFound(_))));
    }
    let told = |house: &House| {
        let asked = |kind: &EventKind| matches!(kind, EventKind::ReviewerAdded { notify: true, .. });
        house.events().iter().filter(|event| asked(&event.kind)).count()
    };
    assert_eq!(told(&house), 0);
    let submitted = house.events().into_iter().find_map(|event| match event.kind {
        EventKind::ProofSubmitted { email, tell, .. } => Some((event.actor.user, email, tell)),
        _ => None,
    });
    let desk = vec!["desk@example.com".to_owned()];
    assert_eq!(submitted, Some((None, "ann@example.com".to_owned(), desk)));

    // Unlocking activates it, and tells everybody but whoever handed it in.
    house.ok(&owner, "unlockProof", &proof).await;
    assert_eq!(field(&house.ok(&second, "getProofDetails", &proof).await, "status"), "unlocked");
    assert!(house.ok(&second, "getAllProofs", &[]).await.contains("My poster.png"));
    links.iter().for_each(|link| assert!(house.service.open_link(link).is_ok()));
    let people = house.service.reviewers(&house.caller(SECOND), proof_id).expect("people");
    assert!(people.iter().all(|person| person.sent_at.is_some()));
    let invited = house.events().into_iter().find_map(|event| match event.kind {
        EventKind::ProofActivated { invited } => Some(invited),
        _ => None,
    });
    let expected = people.iter().find(|person| person.email == SECOND).map(|person| vec![person.id]);
    assert_eq!(invited, expected);
    // From then on it is a proof like any other.
    house.ok(&owner, "lockProof", &proof).await;
    house.ok(&owner, "unlockProof", &proof).await;
    let activated = house.events().iter().filter(|event| event.kind.name() == "proof_activated").count();
    assert_eq!(activated, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropzone_may_activate_at_once() {
    let house = House::new();
    let url = open(&house, &DropzoneInput { activate: true, ..settings(&house) });
    let text = submit(&house, &format!("{url}/?from=mail"), "ann@example.com", &house.file("a.png", RED_PNG))
        .await
        .text();
    assert_eq!(field(&text, "status"), "unlocked");
    assert!(field(&text, "team_url").starts_with("https://"));
    let people = house
        .ok(
            &house.session(&email(Profile::Supervisor)),
            "getProofReviewers",
            &[("FileID", &field(&text, "file_id"))],
        )
        .await;
    assert_eq!(fields(&people, "role"), ["reviewer", "reviewer"]);
    assert_eq!(fields(&people, "email"), [email(Profile::Supervisor).as_str(), "ann@example.com"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_dropzone_does_not_take() {
    let house = House::new();
    let input = DropzoneInput { domains: vec!["@Example.com".to_owned()], ..settings(&house) };
    let url = open(&house, &input);
    let large = (MAX_UPLOAD + 1).to_string();
    for (from, size, count, expected) in [
        ("ann@example.com", "100", "1", "true"),
        ("ann@example.com", "", "", "true"),
        ("ann@elsewhere.test", "100", "1", "false"),
        ("nobody", "100", "1", "false"),
        ("ann@example.com", large.as_str(), "1", "false"),
        ("ann@example.com", "100", "21", "false"),
        ("ann@example.com", "100", "0", "false"),
    ] {
        let parts = [
            ("DropzoneURL", url.as_str()),
            ("UploaderEmail", from),
            ("UploadSize", size),
            ("UploadFilesCount", count),
        ];
        let answer = house.call_at(NEWEST, "validateDropzoneSubmission", &parts).await;
        assert_eq!(field(&answer.text(), "result"), expected, "{from} {size} {count}");
    }
    let hash = house.file("a.png", RED_PNG);
    let before = house.events().len();
    let refused = |answer: &galley_testkit::Answer| fault(answer).expect("a fault");
    assert_eq!(
        refused(&submit(&house, "https://example.com/dropzone/x", "ann@example.com", &hash).await).1,
        "Invalid Dropzone URL"
    );
    assert_eq!(refused(&submit(&house, &url, "ann@elsewhere.test", &hash).await).0, "400");
    assert_eq!(refused(&submit(&house, &url, "nobody", &hash).await).0, "400");
    assert_eq!(refused(&submit(&house, &url, "ann@example.com", "unknown").await).1, "Invalid Hash");
    assert_eq!(house.events().len(), before);
    let unknown = [("DropzoneURL", "nothing"), ("UploaderEmail", "ann@example.com")];
    let answer = house.call_at(NEWEST, "validateDropzoneSubmission", &unknown).await;
    assert_eq!(refused(&answer).1, "Invalid Dropzone URL");
    // Closed, and open again, at the same address.
    assert_eq!(open(&house, &DropzoneInput { enabled: false, ..input.clone() }), url);
    let (code, says) = refused(&submit(&house, &url, "ann@example.com", &hash).await);
    assert!(code == "400" && says.contains("at the moment"), "{code} {says}");
    open(&house, &input);
    assert_eq!(submit(&house, &url, "ann@example.com", &hash).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn dropzones_are_for_administrators() {
    let house = House::new();
    let input = settings(&house);
    for profile in Profile::ALL {
        let caller = house.caller(&email(profile));
        let allowed = profile.administers();
        assert_eq!(house.service.dropzone(&caller).is_ok(), allowed, "{profile:?}");
        assert_eq!(house.service.set_dropzone(&caller, &input).is_ok(), allowed, "{profile:?}");
    }
    let admin = house.caller(&email(Profile::Admin));
    let rival = house.caller(RIVAL);
    assert!(house.service.dropzone(&rival).expect("may look").is_none());
    for bad in [
        DropzoneInput { owner: rival.id(), ..input.clone() },
        DropzoneInput { owner: house.caller(SECOND).id(), ..input.clone() },
        DropzoneInput { role: Role::Moderator, ..input.clone() },
        DropzoneInput { domains: vec!["not a domain".to_owned()], ..input.clone() },
        DropzoneInput { tell: vec!["nobody".to_owned()], ..input },
    ] {
        assert!(house.service.set_dropzone(&admin, &bad).is_err(), "{bad:?}");
    }
}
