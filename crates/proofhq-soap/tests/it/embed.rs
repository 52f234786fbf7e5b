//! Mini proofs: code for other people's pages.

use galley_model::Profile;
use galley_model::{ProofId, Role};
use galley_service::{Link, ReviewerInput};
use galley_testkit::{House, SECOND, email, field, fields};

const V: &str = "18_3_0";
const GUEST: &str = "gus@example.com";

fn proof(house: &House) -> (ProofId, String) {
    let guest =
        ReviewerInput { email: GUEST.to_owned(), role: Some(Role::Reviewer), ..ReviewerInput::default() };
    let proof = house.proof(SECOND, &[guest]);
    (proof.id, proof.team_code)
}

fn frame(code: &str, query: &str) -> String {
    let address = format!("https://proofs.example.com/viewer/{code}{query}");
    format!(
        "&lt;iframe src=\"{address}\" width=\"800\" height=\"600\" frameborder=\"0\" allowfullscreen&gt;&lt;/iframe&gt;"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn code_for_the_public_and_for_people() {
    let house = House::new();
    let session = house.session(SECOND);
    let (id, team) = proof(&house);
    let file = id.to_string();
    let referer = "https://wiki.example.com/a b?x=1&amp;y=%26z";
    let parts = [("FileID", file.as_str()), ("Referer", referer)];
    let text = house.ok_at(V, &session, "getProofEmbedCode", &parts).await;
    let query = "?referer=https://wiki.example.com/a%20b?x=1%26y=%26z";
    assert_eq!(field(&text, "result"), frame(&team, query));

    let own = house.link(id, SECOND).code;
    let text = house.ok(&session, "getPersonalProofEmbedCode", &[("FileID", &file)]).await;
    assert_eq!(field(&text, "result"), frame(&own, ""));
    let guest = house.link(id, GUEST).code;
    let people = house.ok(&session, "getProofReviewers", &[("FileID", &file)]).await;
    let reviewer = fields(&people, "id")[1].clone();
    let parts = [("FileID", file.as_str()), ("ReviewerID", reviewer.as_str())];
    assert_eq!(
        field(&house.ok(&session, "getProofReviewerEmbedCode", &parts).await, "result"),
        frame(&guest, "")
    );

    let all = house.ok(&session, "getProofEmbedCodes", &[("FileID", &file)]).await;
    assert_eq!(fields(&all, "type"), ["team", "personal", "personal"]);
    assert_eq!(fields(&all, "reviewer_id")[2], reviewer);
    assert_eq!(fields(&all, "url")[2], format!("https://proofs.example.com/viewer/{guest}"));
    assert_eq!(fields(&all, "code")[0], frame(&team, ""));
    assert!(house.service.may_embed(&Link { code: guest, user: None }).expect("asks"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_embedded() {
    let house = House::new();
    let session = house.session(SECOND);
    let (id, team) = proof(&house);
    let file = id.to_string();
    let reader = email(Profile::Observer);
    let parts = [("FileID", file.as_str()), ("RecipientEmail", &reader), ("RecipientRole", "1")];
    house.ok(&session, "addProofReviewer", &parts).await;
    let reading = house.session(&reader);
    let people = house.ok(&reading, "getProofReviewers", &[("FileID", &file)]).await;
    let parts = [("FileID", file.as_str()), ("ReviewerID", &fields(&people, "id")[1])];
    assert_eq!(
        house.refused(&reading, "getProofReviewerEmbedCode", &parts).await.0,
        "403",
        "somebody else's"
    );
    let seen = house.ok(&reading, "getProofEmbedCodes", &[("FileID", &file)]).await;
    assert_eq!(fields(&seen, "type"), ["team", "personal"], "their own and the public one");

    let admin = house.session(&email(Profile::Admin));
    let refused = house.refused(&admin, "getPersonalProofEmbedCode", &[("FileID", &file)]).await;
    assert_eq!(refused.1, "Invalid Recipient ID", "is not on the proof");
    let parts = [("FileID", file.as_str()), ("ReviewerID", "900001")];
    assert_eq!(house.refused(&session, "getProofReviewerEmbedCode", &parts).await.1, "Invalid Recipient ID");
    for referer in ["javascript:alert(1)", "//example.com", "ftp://example.com/"] {
        let parts = [("FileID", file.as_str()), ("Referer", referer)];
        let (code, text) = house.refused_at(V, &session, "getProofEmbedCode", &parts).await;
        assert!(code == "400" && text.contains("'Referer'"), "{referer}: {text}");
    }

    let off = [("FileID", file.as_str()), ("Name", "Red"), ("EnableTeamURL", "false")];
    house.ok(&session, "updateProof", &off).await;
    assert_eq!(house.refused(&session, "getProofEmbedCode", &[("FileID", &file)]).await.0, "403");
    let off = [
        ("FileID", file.as_str()),
        ("Name", "Red"),
        ("EnableEmbedPlayer", "false"),
        ("EnableTeamURL", "true"),
    ];
    house.ok(&session, "updateProof", &off).await;
    for operation in ["getProofEmbedCode", "getPersonalProofEmbedCode", "getProofEmbedCodes"] {
        assert_eq!(house.refused(&session, operation, &[("FileID", &file)]).await.0, "403", "{operation}");
    }
    for code in [team, "nobodys".to_owned()] {
        assert!(!house.service.may_embed(&Link { code, user: None }).expect("asks"));
    }
}
