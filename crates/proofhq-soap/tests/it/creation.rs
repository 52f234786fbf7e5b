//! Creating proofs and files in all ways.

use axum::body::Body;
use axum::http::Request;
use galley_model::{EventKind, Profile, ProofId};
use galley_service::CaptureOptions;
use galley_testkit::{House, RED_PNG, SECOND, email, fault, field, fields};
use std::time::Duration;

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
    let proof = house.service.proof(&house.caller(SECOND), ProofId(id.parse().expect("an id")));
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

/// Parts of a proof of a fresh file in a batch.
async fn in_batch(house: &House, session: &str, batch: &str, more: &[(&str, &str)]) -> String {
    let hash = house.file("held.png", RED_PNG);
    let fixed = [("Hash", hash.as_str()), ("Name", "Held"), ("SourceName", "held.png"), ("BatchID", batch)];
    field(&house.ok(session, "createProof", &[&fixed, more].concat()).await, "file_id")
}

fn events(house: &House) -> Vec<(Option<ProofId>, EventKind)> {
    house.events().into_iter().map(|event| (event.proof, event.kind)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_held_back_until_it_is_finished() {
    let house = House::rendering();
    let session = house.session(SECOND);
    let batch = field(&house.ok(&session, "createBatch", &[]).await, "result");
    let one = in_batch(&house, &session, &batch, &[("Recipients", "ann@example.com")]).await;
    let two = in_batch(&house, &session, &batch, &[("SuppressNewProofNotification", "true")]).await;
    let hash = house.file("notes.txt", b"not a picture");
    let file = [("Hash", hash.as_str()), ("SourceName", "notes.txt"), ("BatchID", &batch)];
    let file = field(&house.ok(&session, "createFile", &file).await, "file_id");
    let people = "<item><name>Bob</name><email>bob@example.com</email><role>5</role></item>";
    let parts = [("BatchID", batch.as_str()), ("Recipients", people)];
    house.ok(&session, "addBatchProofReviewers", &parts).await;

    let caller = house.caller(SECOND);
    let id = |text: &str| ProofId(text.parse().expect("an id"));
    for proof in [&one, &two] {
        let people = house.service.reviewers(&caller, id(proof)).expect("people");
        assert!(people.iter().all(|person| person.sent_at.is_none()), "{people:?}");
        assert!(people.iter().any(|person| person.email == "bob@example.com"));
    }
    // A worker has had the time to do what it should not.
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(house.service.proof(&caller, id(&one)).expect("a proof").pages, 0);
    let told = |kind: &EventKind| matches!(kind, EventKind::ReviewerAdded { notify: true, .. });
    assert!(!events(&house).iter().any(|(_, kind)| told(kind)), "nobody is told one by one");

    assert!(house.ok(&session, "finishBatch", &[("BatchID", &batch)]).await.contains("true"));
    assert_eq!(house.processed(id(&one)).await.pages, 1);
    assert_eq!(house.processed(id(&two)).await.pages, 1);
    let finished: Vec<_> = events(&house)
        .into_iter()
        .filter_map(|(_, kind)| match kind {
            EventKind::BatchFinished { proofs, invited, .. } => Some((proofs, invited)),
            _ => None,
        })
        .collect();
    let [(proofs, invited)] = finished.as_slice() else { panic!("{finished:?}") };
    assert_eq!(*proofs, [id(&one), id(&two), id(&file)]);
    let mut expected = Vec::new();
    for proof in proofs {
        for person in house.service.reviewers(&caller, *proof).expect("people") {
            assert!(person.sent_at.is_some());
            let bob = person.email == "bob@example.com";
            if bob || person.email == "ann@example.com" {
                expected.push(person.id);
            }
        }
    }
    assert_eq!((invited, expected.len()), (&expected, 4), "Ann once, Bob three times");

    // Finishing again tells nobody again, and nothing more fits in.
    house.ok(&session, "finishBatch", &[("BatchID", &batch)]).await;
    let again = events(&house).iter().filter(|(_, kind)| kind.name() == "batch_finished").count();
    assert_eq!(again, 1);
    let hash = house.file("late.png", RED_PNG);
    let late = [("Hash", hash.as_str()), ("Name", "Late"), ("SourceName", "late.png"), ("BatchID", &batch)];
    for (operation, parts) in [("createProof", late.as_slice()), ("addBatchProofReviewers", &parts)] {
        let (code, text) = house.refused(&session, operation, parts).await;
        assert!(code == "400" && text.contains("finished"), "{operation}: {code} {text}");
    }
    let empty = field(&house.ok(&session, "createBatch", &[]).await, "result");
    let parts = [("BatchID", empty.as_str()), ("Recipients", people)];
    assert_eq!(house.refused(&session, "addBatchProofReviewers", &parts).await.0, "400");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_waits_in_a_batch_is_rendered_for_another_proof() {
    let house = House::rendering();
    let session = house.session(SECOND);
    let batch = field(&house.ok(&session, "createBatch", &[]).await, "result");
    let hash = house.file("shared.png", RED_PNG);
    let held = [("Hash", hash.as_str()), ("Name", "Held"), ("SourceName", "shared.png")];
    house.ok(&session, "createProof", &[&held, [("BatchID", batch.as_str())].as_slice()].concat()).await;
    let free = field(&house.ok(&session, "createProof", &held).await, "file_id");
    assert_eq!(house.processed(ProofId(free.parse().expect("an id"))).await.pages, 1);
    house.ok(&session, "finishBatch", &[("BatchID", &batch)]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shared_file_is_fetched_and_not_reviewed() {
    let house = House::new();
    let session = house.session(SECOND);
    let bytes = b"any bytes at all";
    let hash = house.file("Price list.xyz", bytes);
    let parts = [
        ("Hash", hash.as_str()),
        ("Name", "Prices"),
        ("SourceName", "Price list.xyz"),
        ("Recipients", "ann@example.com"),
        ("SuppressNewFileNotification", "true"),
    ];
    let text = house.ok(&session, "createFile", &parts).await;
    let id = field(&text, "file_id");
    for (name, value) in [("type", "file"), ("filename", "Prices"), ("filesize", "1"), ("version", "1")] {
        assert_eq!(field(&text, name), value, "{name}");
    }
    let file = [("FileID", id.as_str())];
    let link = field(&house.ok(&session, "getFileDownloadLink", &file).await, "result");
    assert_eq!(link, field(&text, "team_url"));
    let path = link.strip_prefix("https://proofs.example.com").expect("an address of this server");
    let fetched = house.send(Request::get(path).body(Body::empty()).expect("a request")).await;
    assert_eq!((fetched.status, fetched.bytes.as_slice()), (200, bytes.as_slice()));

    let people = house.ok(&session, "getProofReviewers", &file).await;
    assert_eq!(fields(&people, "role"), ["read only", "read only"]);
    assert_eq!(fields(&people, "proof_url"), fields(&people, "dowload_url"));
    let details = house.ok(&session, "getProofDetails", &file).await;
    assert_eq!(field(&details, "type"), "file");
    assert!(!house.ok(&session, "getAllProofs", &[]).await.contains("Prices"), "no proof");
    assert_eq!(events(&house).iter().filter(|(_, kind)| kind.name() == "file_shared").count(), 1);

    let version =
        [("ParentFileID", id.as_str()), ("Hash", &hash), ("Name", "Prices"), ("SourceName", "x.png")];
    let (code, says) = house.refused(&session, "createProofVersion", &version).await;
    assert!(code == "400" && says.contains("no versions"), "{code} {says}");
    let ann = &fields(&people, "id")[1];
    let approver = [("RecipientID", ann.as_str()), ("RecipientRole", "4")];
    assert_eq!(house.refused(&session, "updateProofReviewer", &approver).await.0, "400");
    assert_eq!(house.refused(&session, "getProofThumbnail", &file).await.0, "404");
    let viewer = house.link(ProofId(id.parse().expect("an id")), "ann@example.com");
    assert!(house.service.open_link(&viewer).is_err(), "there is nothing to open");

    // The bytes are kept as long as somebody can fetch them, and are still good for a proof.
    let proof = [("Hash", hash.as_str()), ("Name", "Prices"), ("SourceName", "Price list.xyz")];
    house.ok(&session, "createProof", &proof).await;
    house.ok(&session, "deleteProof", &file).await;
    let gone = house.send(Request::get(path).body(Body::empty()).expect("a request")).await;
    assert_eq!(gone.status, 410);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shared_file_outlives_the_cleaning_of_uploads() {
    let house = House::new();
    let session = house.session(SECOND);
    let (kept, unused) = (house.file("kept.bin", b"kept"), house.file("unused.bin", b"unused"));
    let parts = [("Hash", kept.as_str()), ("SourceName", "kept.bin")];
    let link = field(&house.ok(&session, "createFile", &parts).await, "team_url");
    house.clock.advance(8 * 24 * 3600);
    // Cleaning up comes first when the server starts again.
    let house = house.reopened().working();
    let session = house.session(SECOND);
    for _ in 0..200 {
        if house
            .refused(&session, "createFile", &[("Hash", &unused), ("SourceName", "x"), ("OwnerID", "-7")])
            .await
            .1
            == "Invalid Hash"
        {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let (_, says) = house
        .refused(&session, "createFile", &[("Hash", &unused), ("SourceName", "x"), ("OwnerID", "-7")])
        .await;
    assert_eq!(says, "Invalid Hash", "an upload that nobody used is gone");
    let path = link.strip_prefix("https://proofs.example.com").expect("an address of this server");
    let fetched = house.send(Request::get(path).body(Body::empty()).expect("a request")).await;
    assert_eq!((fetched.status, fetched.bytes.as_slice()), (200, b"kept".as_slice()));
}

#[tokio::test(flavor = "multi_thread")]
async fn operations_that_lost_their_meaning_still_check_the_session() {
    let house = House::new();
    let session = house.session(SECOND);
    for operation in ["addProofLinks", "deleteProofLink", "getProofLinks", "setProofMenus"] {
        assert_eq!(field(&house.ok(&session, operation, &[]).await, "result"), "true", "{operation}");
        assert_eq!(house.refused("junk", operation, &[]).await.0, "305", "{operation}");
    }
    let later = house.ok_at(NEWEST, &session, "getFileDownloadLink", &[]).await;
    assert_eq!(field(&later, "result"), "true");
    assert_eq!(
        house.refused(&session, "getFileDownloadLink", &[]).await.0,
        "400",
        "needs a file in the base"
    );
    assert!(house.ok(&session, "doUpload", &[]).await.contains("<result/>"));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_person_on_several_proofs_or_on_none() {
    let house = House::new();
    let session = house.session(SECOND);
    let (one, two) = (house.proof(SECOND, &[]), house.proof(SECOND, &[]));
    let foreign = house.proof(&email(Profile::Manager), &[]);
    let call = |ids: String| {
        let (house, session) = (&house, &session);
        async move {
            let parts = [
                ("FileIDs", ids.as_str()),
                ("RecipientEmail", "eve@example.com"),
                ("RecipientName", "Eve"),
                ("RecipientRole", "4"),
                ("RecipientEmailNotifications", "9"),
                ("PrimaryDecisionMaker", "true"),
            ];
            house
                .call_at(
                    NEWEST,
                    "addReviewerToProofs",
                    &[&[("SessionID", session.as_str())], parts.as_slice()].concat(),
                )
                .await
        }
    };
    let broken = call(format!("<item>{}</item><item>{}</item>", one.id, foreign.id)).await;
    assert_eq!(fault(&broken).expect("a fault").0, "404");
    assert_eq!(
        house.service.reviewers(&house.caller(SECOND), one.id).expect("people").len(),
        1,
        "nobody added"
    );

    let done = call(format!("<item>{0}</item><item>{1}</item><item>{0}</item>", one.id, two.id)).await.text();
    assert_eq!(fields(&done, "file_id"), [one.id.to_string(), two.id.to_string()]);
    assert_eq!(fields(&done, "email"), ["eve@example.com"; 2]);
    assert_eq!(fields(&done, "primary_decision_maker"), ["true"; 2]);
    assert_eq!(fault(&call(String::new()).await).expect("a fault").0, "400");
    assert_eq!(fault(&call("<item>x</item>".to_owned()).await).expect("a fault").0, "404");
}

/// A PDF of that many pages, each as wide as its number says.
fn pdf(widths: &[u32]) -> Vec<u8> {
    let mut out = String::from("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n");
    let kids: String = (0..widths.len()).map(|n| format!("{} 0 R ", n + 3)).collect();
    out.push_str(&format!("2 0 obj<</Type/Pages/Count {}/Kids[{kids}]>>endobj\n", widths.len()));
    for (n, width) in widths.iter().enumerate() {
        let page = format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 {width} 72]/Resources<<>>>>");
        out.push_str(&format!("{} 0 obj{page}endobj\n", n + 3));
    }
    out.push_str("trailer<</Root 1 0 R>>\n%%EOF\n");
    out.into_bytes()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_combined_proof_has_the_pages_of_all_its_files() {
    let house = House::rendering();
    let session = house.session(SECOND);
    let (first, second) = (pdf(&[144, 288]), pdf(&[72]));
    let hashes = [house.file("a.pdf", &first), house.file("b.png", RED_PNG), house.file("c.pdf", &second)];
    let parts = [
        ("Hash", hashes.join(" ")),
        ("Name", "Spring: all of it".to_owned()),
        ("SourceName", "a.pdf b.png c.pdf".to_owned()),
        ("Recipients", "ann@example.com".to_owned()),
    ];
    let parts: Vec<(&str, &str)> = parts.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let text = house.ok_at(NEWEST, &session, "createProofs", &parts).await;
    assert_eq!(fields(&text, "sourcename"), ["a.pdf, b.png, c.pdf"]);
    let id = ProofId(field(&text, "file_id").parse().expect("an id"));
    let proof = house.processed(id).await;
    assert_eq!((proof.processing_error.as_deref(), proof.pages), (None, 4));
    assert_eq!(proof.size, (first.len() + RED_PNG.len() + second.len()) as u64);

    let ann = house.link(id, "ann@example.com");
    let opening = house.service.open_link(&ann).expect("opens");
    let sizes: Vec<(u32, f64)> = opening.pages.iter().map(|page| (page.number, page.width)).collect();
    assert_eq!(sizes, [(1, 192.0), (2, 384.0), (3, 8.0), (4, 96.0)]);
    assert!(opening.pages.iter().all(|page| page.ready && page.error.is_none()));
    for number in 1..=4 {
        let (_, page) = house.service.link_page(&ann, number).expect("a page");
        let tile = house.service.tile(&page, 0, 0, 0).await.expect("a tile");
        assert!(
            !tile.bytes.is_empty()
                && !house.service.page_thumbnail(&page).await.expect("one").bytes.is_empty()
        );
        house.service.page_text(&page).await.expect("words");
    }
    assert!(house.service.link_page(&ann, 5).is_err());
    let whole = house.ok(&session, "getProofThumbnail", &[("FileID", &id.to_string())]).await;
    assert_eq!(field(&whole, "encoding"), "base64");

    let link =
        field(&house.ok(&session, "getProofDownloadURL", &[("FileID", &id.to_string())]).await, "result");
    let path = link.strip_prefix("https://proofs.example.com").expect("an address of this server");
    let fetched = house.send(Request::get(path).body(Body::empty()).expect("a request")).await;
    assert_eq!(
        (fetched.status, &fetched.headers["content-type"]),
        (200, &"application/zip".parse().expect("a value"))
    );
    let name = fetched.headers["content-disposition"].to_str().expect("text").to_owned();
    assert!(name.contains("Spring all of it.zip"), "{name}");
    assert_eq!(
        unpacked(fetched.bytes),
        [("a.pdf".to_owned(), first), ("b.png".to_owned(), RED_PNG.to_vec()), ("c.pdf".to_owned(), second)]
    );
}

/// Names and bytes of the files in an archive.
fn unpacked(archive: Vec<u8>) -> Vec<(String, Vec<u8>)> {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(archive)).expect("an archive");
    let mut found = Vec::new();
    for index in 0..zip.len() {
        let mut entry = zip.by_index(index).expect("an entry");
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut entry, &mut bytes).expect("its bytes");
        found.push((entry.name().expect("a name").into_owned(), bytes));
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn a_combined_proof_fails_with_the_name_of_the_bad_file() {
    let house = House::rendering();
    let session = house.session(SECOND);
    let hashes = [house.file("good.png", RED_PNG), house.file("bad.xyz", b"no picture at all")].join(" ");
    let parts = [("Hash", hashes.as_str()), ("Name", "Both"), ("SourceName", "good.png bad.xyz")];
    let text = house.ok_at(NEWEST, &session, "createProofs", &parts).await;
    let id = ProofId(field(&text, "file_id").parse().expect("an id"));
    let reason = house.processed(id).await.processing_error.expect("a reason");
    assert!(reason.starts_with("bad.xyz: ") && reason.contains("cannot read"), "{reason}");
    // The next one knows at once.
    let text = house.ok_at(NEWEST, &session, "createProofs", &parts).await;
    let again = ProofId(field(&text, "file_id").parse().expect("an id"));
    let again = house.service.proof(&house.caller(SECOND), again).expect("a proof");
    assert_eq!(again.processing_error.as_deref(), Some(reason.as_str()));
}

#[tokio::test(flavor = "multi_thread")]
async fn files_with_one_name_are_one_in_the_archive() {
    let house = House::new();
    let session = house.session(SECOND);
    let hashes = [house.file("a.png", RED_PNG), house.file("a.png", b"later")].join(" ");
    let parts = [("Hash", hashes.as_str()), ("Name", "Same"), ("SourceName", "a.png A.png")];
    let text = house.ok_at(NEWEST, &session, "createProofs", &parts).await;
    let id = field(&text, "file_id");
    let link = field(&house.ok(&session, "getProofDownloadURL", &[("FileID", &id)]).await, "result");
    let path = link.strip_prefix("https://proofs.example.com").expect("an address of this server");
    let fetched = house.send(Request::get(path).body(Body::empty()).expect("a request")).await;
    assert_eq!(unpacked(fetched.bytes), [("A.png".to_owned(), b"later".to_vec())]);
}

#[tokio::test(flavor = "multi_thread")]
async fn proofs_made_together_are_announced_together() {
    let house = House::new();
    let session = house.session(SECOND);
    let hashes = [house.file("a.png", RED_PNG), house.file("b.png", RED_PNG)].join(" ");
    let parts = [
        ("Hash", hashes.as_str()),
        ("Name", "One|Two"),
        ("SourceName", "a.png b.png"),
        ("Recipients", "ann@example.com"),
    ];
    let text = house.ok_at(NEWEST, &session, "createProofs", &parts).await;
    assert_eq!(fields(&text, "filename"), ["One", "Two"]);
    let invited: Vec<usize> = events(&house)
        .iter()
        .filter_map(|(_, kind)| match kind {
            EventKind::BatchFinished { invited, .. } => Some(invited.len()),
            _ => None,
        })
        .collect();
    assert_eq!(invited, [2], "Ann on both of them");

    // One that cannot be made keeps the others from being made.
    let before = house.events().len();
    let hashes = format!("{} unknown", house.file("c.png", RED_PNG));
    let parts = [("Hash", hashes.as_str()), ("Name", "Three|Four"), ("SourceName", "c.png d.png")];
    assert_eq!(house.refused_at(NEWEST, &session, "createProofs", &parts).await.1, "Invalid Hash");
    assert_eq!(house.events().len(), before);
    let many = vec!["x"; 51].join(" ");
    let parts = [("Hash", many.as_str()), ("Name", "Many"), ("SourceName", many.as_str())];
    let (code, says) = house.refused_at(NEWEST, &session, "createProofs", &parts).await;
    assert!(code == "400" && says.contains("at most 50"), "{code} {says}");
}

#[tokio::test(flavor = "multi_thread")]
async fn web_pages_fail_with_a_reason_where_no_browser_is_installed() {
    let missing = CaptureOptions { browser: Some("/nonexistent".into()), ..CaptureOptions::default() };
    let house = House::capturing(missing);
    let session = house.session(SECOND);
    for (urls, starts) in [
        ("https://example.com/", "This server cannot capture"),
        (
            "https://example.com/a https://example.com/b?c=1",
            "https://example.com/a: This server cannot capture",
        ),
    ] {
        let parts = [("Hash", "web"), ("Name", "Site"), ("SourceName", urls)];
        let text = house.ok(&session, "createProof", &parts).await;
        assert_eq!((field(&text, "type"), field(&text, "filesize")), ("proof".to_owned(), "0".to_owned()));
        let id = field(&text, "file_id");
        let proof = house.processed(ProofId(id.parse().expect("an id"))).await;
        assert_eq!(proof.source_name, urls.replace(' ', ", "));
        let reason = proof.processing_error.expect("a reason");
        assert!(reason.starts_with(starts) && reason.contains("package chromium"), "{reason}");
        assert_eq!(house.refused(&session, "getProofDownloadURL", &[("FileID", &id)]).await.0, "404");
        let thumbnail = house.refused(&session, "getProofThumbnail", &[("FileID", &id)]).await;
        assert_eq!(thumbnail, ("404".to_owned(), reason));
    }
    for urls in ["example.com", "ftp://example.com/x", "https://a:b@example.com/"] {
        let parts = [("Hash", "web"), ("Name", "Site"), ("SourceName", urls)];
        let (code, says) = house.refused(&session, "createProof", &parts).await;
        assert!(code == "400" && says.contains("address of a web page"), "{urls}: {code} {says}");
    }
}
