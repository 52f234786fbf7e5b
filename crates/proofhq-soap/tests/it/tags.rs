//! Tags: the words of an account, put on whole sets of versions.

use galley_model::Profile;
use galley_service::ProofInput;
use galley_testkit::{House, RED_PNG, RIVAL, SECOND, email, field, fields};

async fn tag(house: &House, session: &str, name: &str) -> String {
    field(&house.ok(session, "addTag", &[("TagName", name)]).await, "id")
}

fn items(ids: &[&str]) -> String {
    ids.iter().map(|id| format!("<item>{id}</item>")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn tags_belong_to_all_versions() {
    let house = House::new();
    let session = house.session(SECOND);
    let first = house.proof(SECOND, &[]);
    let input = ProofInput {
        parent: Some(first.id),
        file_token: house.file("two.png", RED_PNG),
        name: Some("Red".to_owned()),
        ..ProofInput::default()
    };
    let second = house.service.create_proof(&house.caller(SECOND), &input).expect("a version");
    let (one, two) = (first.id.to_string(), second.id.to_string());
    let (print, web) = (tag(&house, &session, "Print").await, tag(&house, &session, "web  only").await);
    let put = items(&[&print, &web, &print]);
    let on = house.ok(&session, "addProofTags", &[("FileID", &one), ("TagID", &put)]).await;
    assert_eq!(fields(&on, "name"), ["Print", "web only"]);
    let on = house.ok(&session, "getProofTags", &[("FileID", &two)]).await;
    assert_eq!(fields(&on, "name"), ["Print", "web only"]);
    let off = house.ok(&session, "removeProofTags", &[("FileID", &two), ("TagID", &items(&[&print]))]).await;
    assert_eq!(fields(&off, "name"), ["web only"]);
    let activity = house.ok(&session, "getActivity", &[("FileID", &one)]).await;
    assert!(fields(&activity, "action").contains(&"Tags added".to_owned()));

    // Lists find by tag, also after it got another name.
    let search = [("SearchQuery", "web only")];
    assert_eq!(fields(&house.ok(&session, "getAllProofs", &search).await, "file_id"), [two.as_str()]);
    house.ok(&session, "updateTag", &[("TagID", &web), ("TagName", "Screens")]).await;
    assert!(fields(&house.ok(&session, "getAllProofs", &search).await, "file_id").is_empty());
    let search = [("SearchQuery", "screens")];
    assert_eq!(fields(&house.ok(&session, "getAllProofs", &search).await, "file_id"), [two.as_str()]);
    house.ok(&session, "deleteTag", &[("TagID", &web)]).await;
    assert!(fields(&house.ok(&session, "getAllProofs", &search).await, "file_id").is_empty());
    assert!(fields(&house.ok(&session, "getProofTags", &[("FileID", &two)]).await, "name").is_empty());
    assert_eq!(fields(&house.ok(&session, "getTags", &[]).await, "name"), ["Print"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn names_of_tags() {
    let house = House::new();
    let session = house.session(SECOND);
    let id = tag(&house, &session, &"x".repeat(30)).await;
    let other = tag(&house, &session, "Print").await;
    let long = "x".repeat(31);
    for name in [long.as_str(), "!?", "PRINT"] {
        assert_eq!(house.refused(&session, "addTag", &[("TagName", name)]).await.0, "400", "{name}");
        let parts = [("TagID", id.as_str()), ("TagName", name)];
        assert_eq!(house.refused(&session, "updateTag", &parts).await.0, "400", "{name}");
    }
    let renamed = house.ok(&session, "updateTag", &[("TagID", &other), ("TagName", "PRINT")]).await;
    assert_eq!(field(&renamed, "name"), "PRINT", "its own name in other letters");
    assert!(fields(&house.ok(&house.session(RIVAL), "getTags", &[]).await, "name").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_tags_what() {
    let house = House::new();
    let (session, manager) = (house.session(SECOND), house.session(&email(Profile::Manager)));
    let proof = house.proof(SECOND, &[]).id.to_string();
    let id = tag(&house, &manager, "Theirs").await;
    let put = items(&[&id]);
    house.ok(&session, "addProofTags", &[("FileID", &proof), ("TagID", &put)]).await;
    for operation in ["updateTag", "deleteTag"] {
        let parts = [("TagID", id.as_str()), ("TagName", "Ours")];
        assert_eq!(
            house.refused(&manager, operation, &parts).await.0,
            "403",
            "{operation}: on a proof of others"
        );
    }
    // An author who is an observer edits the proof, but tags nothing.
    let observer = email(Profile::Observer);
    let parts = [("FileID", proof.as_str()), ("RecipientEmail", &observer), ("RecipientRole", "6")];
    house.ok(&session, "addProofReviewer", &parts).await;
    let reading = house.session(&observer);
    assert_eq!(fields(&house.ok(&reading, "getProofTags", &[("FileID", &proof)]).await, "name"), ["Theirs"]);
    let parts = [("FileID", proof.as_str()), ("TagID", put.as_str())];
    assert_eq!(house.refused(&reading, "removeProofTags", &parts).await.0, "403");
    let parts = [("FileID", proof.as_str()), ("TagID", "")];
    assert_eq!(house.refused(&session, "addProofTags", &parts).await.0, "400");
    // One unknown tag, and nothing is changed.
    let other = tag(&house, &session, "Mine").await;
    let both = items(&[&other, "900001"]);
    let parts = [("FileID", proof.as_str()), ("TagID", both.as_str())];
    assert_eq!(house.refused(&session, "addProofTags", &parts).await.1, "Invalid Tag ID");
    assert_eq!(fields(&house.ok(&session, "getProofTags", &[("FileID", &proof)]).await, "name"), ["Theirs"]);
}
