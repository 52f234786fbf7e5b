//! Creating proofs and files in all ways.

use galley_testkit::{House, RED_PNG, SECOND, field, fields};

const NEWEST: &str = "18_3_0";

/// A proof made in the newest version with these parts beside the required ones.
async fn created(house: &House, session: &str, more: &[(&str, &str)]) -> String {
    let hash = house.file("poster.png", RED_PNG);
    let fixed = [("OwnerID", "0"), ("Hash", &hash), ("Name", "Poster"), ("SourceName", "poster.png")];
    house.ok_at(NEWEST, session, "createProof", &[&fixed, more].concat()).await
}

/// Settings that came after the base version: part, field, and whether it is on when nobody says.
const LATER: &[(&str, &str, bool)] = &[
    ("ShowCloseIcon", "show_close_icon", true),
    ("ShowPublishToTheWeb", "show_publish_to_the_web", true),
    ("ShowPrintComments", "show_print_comments", true),
    ("ShowEmailAlertSettings", "show_email_alert_settings", true),
    ("EnableElectronicSignatures", "electronic_signatures", false),
    ("ShowSendDecisionConfirmationCheckbox", "show_send_decision_confirmation_checkbox", true),
    ("ShowProofDetails", "show_proof_details", true),
    ("ShowProofWorkflow", "show_proof_workflow", true),
];

#[tokio::test(flavor = "multi_thread")]
async fn later_settings_are_kept() {
    let house = House::new();
    let session = house.session(SECOND);
    let plain = created(&house, &session, &[]).await;
    for (_, name, default) in LATER {
        assert_eq!(field(&plain, name), default.to_string(), "{name} of a plain proof");
    }
    for (part, name, default) in LATER {
        let turned = (!default).to_string();
        let text = created(&house, &session, &[(part, &turned)]).await;
        for (_, other, default) in LATER {
            let expected = if other == name { !default } else { *default };
            assert_eq!(field(&text, other), expected.to_string(), "{other} after {part}");
        }
        // Not a part of updateProof: decisions that are signed stay signed.
        if *part == "EnableElectronicSignatures" {
            continue;
        }
        let id = field(&text, "file_id");
        let parts =
            [("FileID", id.as_str()), ("OwnerID", "0"), ("Name", "Poster"), (part, &default.to_string())];
        let text = house.ok_at(NEWEST, &session, "updateProof", &parts).await;
        assert_eq!(field(&text, name), default.to_string(), "{name} after updateProof");
    }
    let off = [
        ("ClassicProofViewer", "true"),
        ("DisableSubscriptionEmail", "true"),
        ("DisableExcelSummary", "true"),
        ("DisablePdfSummary", "true"),
    ];
    let id = field(&created(&house, &session, &off).await, "file_id");
    let proof = house.service.proof(&house.caller(SECOND), galley_model::ProofId(id.parse().expect("an id")));
    let flags = proof.expect("the proof").settings.flags;
    use galley_model::ProofFlags as F;
    for flag in [F::CLASSIC_VIEWER, F::NO_SUBSCRIPTION_EMAIL, F::NO_EXCEL_SUMMARY, F::NO_PDF_SUMMARY] {
        assert!(flags.has(flag), "{flag:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn later_fields_of_a_proof() {
    let house = House::new();
    let session = house.session(SECOND);
    let text = created(
        &house,
        &session,
        &[("ReferenceID", "job 77/b"), ("Recipients", "ann@example.com"), ("DefaultRole", "4")],
    )
    .await;
    let id = field(&text, "file_id");
    assert_eq!(field(&text, "reference_id"), "job 77/b");
    assert_eq!(field(&text, "owner_email"), SECOND);
    assert_eq!(field(&text, "sourcename"), "poster.png");
    assert!(field(&text, "team_url").ends_with(&field(&text, "token")));
    assert!(text.contains("<last_decision_change_date xmlns"), "nil while nobody decided: {text}");

    // What a version does not know does not reach it.
    let base = house.ok(&session, "getProofDetails", &[("FileID", &id)]).await;
    assert!(fields(&base, "reference_id").is_empty() && fields(&base, "show_close_icon").is_empty());

    let people = house.ok(&session, "getProofReviewers", &[("FileID", &id)]).await;
    let ann = &fields(&people, "id")[1];
    house.clock.advance(60);
    let decision = [("RecipientID", ann.as_str()), ("RecipientDecision", "3")];
    house.ok(&session, "updateProofReviewer", &decision).await;
    let text = house.ok_at(NEWEST, &session, "getProofDetails", &[("FileID", &id)]).await;
    assert_eq!(field(&text, "last_decision_change_date"), house.service.now().as_second().to_string());

    let parts = [("FileID", id.as_str()), ("OwnerID", "0"), ("Name", "Poster")];
    let text = house.ok_at(NEWEST, &session, "updateProof", &parts).await;
    assert_eq!(field(&text, "reference_id"), "job 77/b", "stays when nothing is sent");
    let long = "x".repeat(256);
    let parts = [("FileID", id.as_str()), ("OwnerID", "0"), ("Name", "Poster"), ("ReferenceID", &long)];
    let (code, says) = house.refused_at(NEWEST, &session, "updateProof", &parts).await;
    assert!(code == "400" && says.contains("reference"), "{code} {says}");
}
