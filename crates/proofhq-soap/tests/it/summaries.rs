//! Print summaries: asked for, made, told of, downloaded and read back.

use crate::workflow::{tag, with_secrets};
use axum::body::Body;
use axum::http::{Request, header};
use galley_model::{EventKind, Markup, MarkupKind, Processing, Profile, ProofId, Role};
use galley_notify::{Notifier, Options};
use galley_service::{CommentInput, ProofInput, ReplyInput, ReviewerInput};
use galley_testkit::{Answer, House, RIVAL, SECOND, WebhookSink, email, field};
use std::io::{Cursor, Read};
use std::time::Duration;

const V: &str = "16_24_0";
const GUEST: &str = "gus@example.com";
const OTHER: &str = "olga@example.com";

fn guest(email: &str, name: &str) -> ReviewerInput {
    ReviewerInput {
        email: email.to_owned(),
        name: Some(name.to_owned()),
        role: Some(Role::ReviewerApprover),
        ..ReviewerInput::default()
    }
}

fn notifier(house: &House) -> Notifier {
    house.notifier(&Options { allow_private_callbacks: true, ..Options::default() })
}

/// A proof on which two guests have spoken.
async fn talked(house: &House) -> ProofId {
    let proof = house.proof(SECOND, &[guest(GUEST, "Gus Ärmel"), guest(OTHER, "=Olga <b>")]).id;
    assert_eq!(house.processed(proof).await.processing, Processing::Ready);
    let markups = vec![Markup {
        kind: MarkupKind::Rectangle,
        page: 1,
        points: vec![[0.1, 0.1], [0.6, 0.5]],
        color: "#d5362b".to_owned(),
        width: 3.0,
        opacity: 1.0,
    }];
    let said = CommentInput { text: "=1+1 Größer, Ωmega!".to_owned(), markups, ..CommentInput::default() };
    let (comment, _) = house.service.add_comment(&house.link(proof, GUEST), &said).expect("a comment");
    let reply = ReplyInput { text: "Zustimmung".to_owned(), ..ReplyInput::default() };
    house.service.reply(&house.link(proof, OTHER), comment.id, &reply).expect("a reply");
    let second = house.caller(SECOND);
    let done = house.service.actions(&second, None).expect("actions").into_iter().find(|a| a.name == "Done");
    house.service.set_comment_action(&second, comment.id, done.map(|a| a.id)).expect("an action");
    proof
}

/// Waits until so many summaries are made, or given up.
async fn finished(house: &House, count: usize) {
    for _ in 0..600 {
        let done =
            house.events().iter().filter(|e| matches!(e.kind, EventKind::SummaryFinished { .. })).count();
        if done >= count {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("not made after 30 seconds");
}

async fn get(house: &House, url: &str) -> Answer {
    let path = url.trim_start_matches("https://proofs.example.com");
    house.send(Request::get(path).body(Body::empty()).expect("a request")).await
}

fn header_of(answer: &Answer, name: header::HeaderName) -> String {
    answer.headers.get(name).map(|value| value.to_str().expect("text").to_owned()).unwrap_or_default()
}

/// The words of a PDF, as the server itself reads them.
async fn words(house: &House, pdf: &[u8]) -> String {
    let input = ProofInput {
        file_token: house.file("summary.pdf", pdf),
        name: Some("Read back".to_owned()),
        ..ProofInput::default()
    };
    let proof = house.service.create_proof(&house.caller(SECOND), &input).expect("a proof");
    let proof = house.processed(proof.id).await;
    assert_eq!(proof.processing, Processing::Ready, "{:?}", proof.processing_error);
    let link = house.link(proof.id, SECOND);
    let mut words = Vec::new();
    for number in 1..=proof.pages {
        let (_, page) = house.service.link_page(&link, number).expect("a page");
        let text = house.service.page_text(&page).await.expect("its words");
        words.extend(text.words.into_iter().map(|word| word.t));
    }
    words.join(" ")
}

fn part(file: &[u8], name: &str) -> String {
    let mut zip = zip::ZipArchive::new(Cursor::new(file)).expect("an archive");
    let mut text = String::new();
    zip.by_name(name).expect(name).read_to_string(&mut text).expect("UTF-8");
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pdf_by_callback() {
    let house = House::rendering();
    let (sink, notifier) = (WebhookSink::open().await, notifier(&house));
    let (proof, session) = (talked(&house).await, house.session(SECOND));
    let (id, hook) = (proof.to_string(), format!("{}/hook?key=1", sink.url));
    let parts = [("FileID", id.as_str()), ("CallbackURL", hook.as_str()), ("CallbackRetryInterval", "7")];
    let text = house.ok_at(V, &session, "requestPDFPrintSummary", &parts).await;
    assert_eq!(field(&text, "result"), "true");
    finished(&house, 1).await;
    notifier.deliver_callbacks().await.expect("a round");
    let posted = sink.take();
    assert_eq!(posted.len(), 1);
    let (path, body) = (posted[0].path.as_str(), posted[0].body.as_str());
    assert_eq!(path, "/hook?key=1");
    let url = field(body, "pdf_url");
    assert_eq!(
        body,
        format!(
            "<?xml version=\"1.0\"?>\n<callback type=\"pdfprintsummary\"><file_id>{id}</file_id>\
             <proof_name>Red</proof_name><pdf_url>{url}</pdf_url><status>success</status><pass_through/></callback>\n"
        )
    );
    let code = url.strip_prefix("https://proofs.example.com/file/printup/code/").expect("an address");
    assert!(code.len() >= 20, "{code}");

    // No session, and nothing that would be kept on the way.
    let answer = get(&house, &url).await;
    assert_eq!((answer.status, header_of(&answer, header::CONTENT_TYPE).as_str()), (200, "application/pdf"));
    assert!(header_of(&answer, header::CACHE_CONTROL).contains("no-store"));
    assert!(header_of(&answer, header::CONTENT_DISPOSITION).contains("Red V1 summary.pdf"));
    let said = words(&house, &answer.bytes).await;
    for text in
        ["Red", "Version 1", "Gus Ärmel", "=1+1 Größer, Ωmega!", "=Olga <b>", "Zustimmung", "Done", GUEST]
    {
        assert!(said.contains(text), "{text} in {said}");
    }
    // Nobody is mailed who gave an address for callbacks.
    notifier.deliver_mail().await.expect("a round");
    let admin = house.caller(&email(Profile::Admin));
    let mails = house.service.mails(&admin, None, 100).expect("mails");
    assert!(mails.iter().all(|mail| mail.kind != "summary"));

    for address in ["/file/printup/code/nonsense", "/file/printup/code/", &format!("{url}x")] {
        assert_eq!(get(&house, address).await.status, 404, "{address}");
    }
    house.clock.advance(7 * 24 * 3600 + 1);
    assert_eq!(get(&house, &url).await.status, 404, "its time is over");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_spreadsheet_by_callback_after_a_failed_try() {
    let house = House::rendering();
    let (sink, notifier) = (WebhookSink::open().await, notifier(&house));
    let (proof, session) = (talked(&house).await, house.session(SECOND));
    let id = proof.to_string();
    let parts = [
        ("FileID", id.as_str()),
        ("CallbackURL", sink.url.as_str()),
        ("CallbackRetryInterval", "7"),
        ("AllVersions", "true"),
    ];
    house.ok_at(V, &session, "requestExcelPrintSummary", &parts).await;
    finished(&house, 1).await;
    sink.answer(&[500]);
    notifier.deliver_callbacks().await.expect("a round");
    assert_eq!(sink.take().len(), 1);
    house.clock.advance(6 * 60);
    notifier.deliver_callbacks().await.expect("a round");
    assert!(sink.take().is_empty(), "seven minutes were asked for");
    house.clock.advance(60);
    notifier.deliver_callbacks().await.expect("a round");
    let posted = sink.take();
    assert!(posted[0].body.contains("<callback type=\"xlsprintsummary\">"), "{}", posted[0].body);
    let answer = get(&house, &field(&posted[0].body, "xls_url")).await;
    assert_eq!(answer.status, 200);
    let strings = part(&answer.bytes, "xl/sharedStrings.xml");
    for text in ["=1+1 Größer, Ωmega!", "Zustimmung", "Done", GUEST, "=Olga &lt;b&gt;"] {
        assert!(strings.contains(text), "{text} in {strings}");
    }
    assert!((1..=3).all(|n| !part(&answer.bytes, &format!("xl/worksheets/sheet{n}.xml")).contains("<f>")));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_address_a_mail() {
    let house = House::rendering();
    let notifier = notifier(&house);
    let (proof, session) = (talked(&house).await, house.session(SECOND));
    let id = proof.to_string();
    // Asked twice while it waits, it is made once; blank parts are none.
    for _ in 0..2 {
        let parts = [("FileID", id.as_str()), ("CallbackURL", ""), ("CallbackRetryInterval", "")];
        house.ok_at(V, &session, "requestExcelPrintSummary", &parts).await;
    }
    finished(&house, 1).await;
    notifier.deliver_mail().await.expect("a round");
    let admin = house.caller(&email(Profile::Admin));
    let mails = house.service.mails(&admin, None, 100).expect("mails");
    let mails: Vec<_> = mails.into_iter().filter(|mail| mail.kind == "summary").collect();
    assert!(!mails.is_empty() && mails.iter().all(|mail| mail.to_email == SECOND));
    assert_eq!(mails[0].subject, "Excel summary ready: Red");
    let start = mails[0].text.find("https://proofs.example.com/file/printup/code/").expect("an address");
    let url: String = mails[0].text[start..].chars().take_while(|c| !c.is_whitespace()).collect();
    assert_eq!(get(&house, &url).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn private_stages_stay_private() {
    let house = House::rendering();
    let (sink, notifier) = (WebhookSink::open().await, notifier(&house));
    let (id, stages) = with_secrets(&house, &house.session(SECOND)).await;
    // A manager who is on the public stage only.
    let outsider = email(Profile::Manager);
    let person = tag("email", &outsider) + &tag("role", "5") + &tag("stage_id", &stages[0]);
    let parts = [("FileID", id.as_str()), ("Recipient", person.as_str())];
    house.ok_at("18_3_0", &house.session(SECOND), "addWorkflowProofReviewer", &parts).await;
    house.processed(ProofId(id.parse().expect("an id"))).await;
    for (count, (who, sees)) in (1..).zip([(SECOND, true), (outsider.as_str(), false)]) {
        let parts =
            [("FileID", id.as_str()), ("CallbackURL", sink.url.as_str()), ("CallbackRetryInterval", "5")];
        for operation in ["requestPDFPrintSummary", "requestExcelPrintSummary"] {
            house.ok_at(V, &house.session(who), operation, &parts).await;
        }
        finished(&house, 2 * count).await;
        notifier.deliver_callbacks().await.expect("a round");
        let posted = sink.take();
        let body_of =
            |kind: &str| posted.iter().find(|one| one.body.contains(kind)).expect("told").body.clone();
        let pdf = get(&house, &field(&body_of("pdfprint"), "pdf_url")).await;
        let sheet = get(&house, &field(&body_of("xlsprint"), "xls_url")).await;
        let strings = part(&sheet.bytes, "xl/sharedStrings.xml");
        for text in [words(&house, &pdf.bytes).await, strings] {
            assert!(text.contains("open words") && text.contains("ann@example.com"), "{text}");
            for secret in ["secret words", "secret reply", "Board", "vic@example.com", "Changes required"] {
                assert_eq!(text.contains(secret), sees, "{secret} for {who} in {text}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_and_what_cannot_be() {
    let house = House::new();
    let id = house.proof(SECOND, &[]).id.to_string();
    let file = ("FileID", id.as_str());
    let (rival, session) = (house.session(RIVAL), house.session(SECOND));
    for operation in ["requestPDFPrintSummary", "requestExcelPrintSummary"] {
        assert_eq!(house.refused_at(V, &rival, operation, &[file]).await.0, "404");
        assert_eq!(house.refused_at(V, &session, operation, &[]).await.0, "400");
        for (url, interval, says) in [
            ("ftp://x.example.com", "5", "http:// or https://"),
            ("https://a:b@x.example.com", "5", "password"),
            ("https://", "5", "not an address"),
            ("https://hooks.example.com", "0", "1440"),
            ("https://hooks.example.com", "-3", "1440"),
        ] {
            let parts = [file, ("CallbackURL", url), ("CallbackRetryInterval", interval)];
            let (code, text) = house.refused_at(V, &session, operation, &parts).await;
            assert!(code == "400" && text.contains(says), "{url} {interval}: {code} {text}");
        }
    }
    let asked = |e: &galley_model::Event| matches!(e.kind, EventKind::SummaryRequested { .. });
    assert!(!house.events().iter().any(asked), "nothing was asked for");
    // Nobody can fill the queue.
    let mut refused = 0;
    for n in 0..25 {
        let url = format!("https://hooks.example.com/{n}");
        let parts = [file, ("CallbackURL", url.as_str()), ("CallbackRetryInterval", "5")];
        let answer = house
            .call_at(V, "requestPDFPrintSummary", &[&[("SessionID", session.as_str())], &parts[..]].concat())
            .await;
        refused += usize::from(answer.status == 500);
    }
    assert_eq!(refused, 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn switched_off_for_a_proof() {
    let house = House::new();
    let session = house.session(SECOND);
    let hash = house.file("red.png", galley_testkit::RED_PNG);
    let parts = [
        ("Name", "Red"),
        ("SourceName", "red.png"),
        ("OwnerID", "0"),
        ("Hash", hash.as_str()),
        ("DisablePdfSummary", "true"),
    ];
    let made = house.ok_at("18_3_0", &session, "createProof", &parts).await;
    let id = field(&made, "file_id");
    let file = ("FileID", id.as_str());
    let refused = house.refused_at(V, &session, "requestPDFPrintSummary", &[file]).await;
    assert_eq!(refused, ("403".to_owned(), "this proof has no PDF summary".to_owned()));
    house.ok_at(V, &session, "requestExcelPrintSummary", &[file]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_deleted_is_not_told() {
    let house = House::rendering();
    let (sink, notifier) = (WebhookSink::open().await, notifier(&house));
    let (proof, session) = (talked(&house).await, house.session(SECOND));
    let id = proof.to_string();
    let parts = [("FileID", id.as_str()), ("CallbackURL", sink.url.as_str()), ("CallbackRetryInterval", "5")];
    house.ok_at(V, &session, "requestPDFPrintSummary", &parts).await;
    finished(&house, 1).await;
    notifier.deliver_callbacks().await.expect("a round");
    let url = field(&sink.take()[0].body, "pdf_url");
    house.service.trash_proof(&house.caller(SECOND), proof, false).expect("trashed");
    assert_eq!(get(&house, &url).await.status, 404);
    house.service.restore_proof(&house.caller(SECOND), proof).expect("restored");
    assert_eq!(get(&house, &url).await.status, 200);
    house.service.erase_proof(&house.caller(&email(Profile::Admin)), proof, false).expect("erased");
    assert_eq!(get(&house, &url).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_summary_that_cannot_be_made_is_told_of() {
    let house = House::new();
    let (sink, notifier) = (WebhookSink::open().await, notifier(&house));
    let proof = house.proof(SECOND, &[]);
    let (id, session) = (proof.id.to_string(), house.session(SECOND));
    let parts = [("FileID", id.as_str()), ("CallbackURL", sink.url.as_str()), ("CallbackRetryInterval", "5")];
    house.ok_at(V, &session, "requestPDFPrintSummary", &parts).await;
    // Before the job is done, the proof is out of sight.
    house.service.trash_proof(&house.caller(SECOND), proof.id, false).expect("trashed");
    let house = house.working();
    finished(&house, 1).await;
    notifier.deliver_callbacks().await.expect("a round");
    let body = sink.take().remove(0).body;
    assert!(body.contains("<pdf_url/><status>failed</status>"), "{body}");
}
