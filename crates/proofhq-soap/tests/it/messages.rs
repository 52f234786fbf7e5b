//! Messages to reviewers.

use galley_model::Profile;
use galley_service::ReviewerInput;
use galley_testkit::{House, SECOND, email, field, fields};

const V: &str = "14_4_0";

#[tokio::test(flavor = "multi_thread")]
async fn a_message_reaches_the_outbox_and_the_activity() {
    let house = House::new();
    let session = house.session(SECOND);
    let guest = ReviewerInput { email: "gus@example.com".to_owned(), ..ReviewerInput::default() };
    let proof = house.proof(SECOND, std::slice::from_ref(&guest));
    let other = house.proof(SECOND, &[guest]);
    let (id, elsewhere) = (proof.id.to_string(), other.id.to_string());
    let people = house.ok(&session, "getProofReviewers", &[("FileID", &id)]).await;
    let gus = fields(&people, "id").pop().expect("a reviewer");
    let parts = [
        ("FileID", id.as_str()),
        ("ReviewerID", &gus),
        ("Subject", "Please look &amp; decide"),
        ("Body", "&lt;i&gt;Today&lt;/i&gt;, please."),
    ];
    let sent = house.ok_at(V, &session, "messageReviewer", &parts).await;
    assert_eq!(field(&sent, "result"), "true");
    let activity = house.ok(&session, "getActivity", &[("FileID", &id)]).await;
    assert!(activity.contains("Message sent") && activity.contains("Please look &amp; decide"), "{activity}");

    house.notifier(&galley_notify::Options::default()).deliver_mail().await.expect("a round");
    let admin = house.caller(&email(Profile::Admin));
    let mails = house.service.mails(&admin, None, 10).expect("mails");
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].subject, "Please look & decide");
    assert_eq!(mails[0].to_email, "gus@example.com");
    assert!(mails[0].html.contains("<i>Today</i>, please."));

    let (old, new) = ("Required string parameter 'Body' is not present.", "400");
    for (parts, code, says) in [
        (vec![("FileID", id.as_str()), ("ReviewerID", &gus)], new, old),
        (
            vec![("FileID", &id), ("ReviewerID", &gus), ("Body", "&lt;script&gt;x&lt;/script&gt;")],
            "400",
            "needs a text",
        ),
        (vec![("FileID", &id), ("ReviewerID", "999999"), ("Body", "x")], "404", "Invalid Recipient ID"),
        (vec![("FileID", &elsewhere), ("ReviewerID", &gus), ("Body", "x")], "404", "Invalid Recipient ID"),
        (vec![("FileID", "999999"), ("ReviewerID", &gus), ("Body", "x")], "404", "Invalid File ID"),
    ] {
        let (found, text) = house.refused_at(V, &session, "messageReviewer", &parts).await;
        assert_eq!(found, code, "{text}");
        assert!(text.contains(says), "{text}");
    }
    let long = "x".repeat(20_001);
    let parts = [("FileID", id.as_str()), ("ReviewerID", &gus), ("Body", &long)];
    assert_eq!(house.refused_at(V, &session, "messageReviewer", &parts).await.0, "400");
    // A locked proof is silent, and says so.
    house.ok(&session, "lockProof", &[("FileID", &id)]).await;
    let parts = [("FileID", id.as_str()), ("ReviewerID", &gus), ("Body", "x")];
    let refused = house.refused_at(V, &session, "messageReviewer", &parts).await;
    assert_eq!(refused, ("403".to_owned(), "the proof is locked".to_owned()));
}
