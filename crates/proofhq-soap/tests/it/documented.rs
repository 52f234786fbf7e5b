//! Integrations as the documentation of the original shows them, written out as their authors wrote
//! them: envelopes, prefixes, namespaces and empty elements included.

use axum::body::Body;
use axum::http::Request;
use galley_model::Profile;
use galley_testkit::{Answer, House, RED_PNG, email, fault, field, fields};

/// Posts an envelope as it is, with a SOAPAction as one of the clients sends it.
async fn post(house: &House, address: &str, action: &str, envelope: String) -> Answer {
    let request = Request::post(address)
        .header("content-type", "text/xml; charset=utf-8")
        .header("soapaction", format!("\"{action}\""))
        .body(Body::from(envelope))
        .expect("a request");
    house.send(request).await
}

async fn answered(house: &House, address: &str, envelope: String) -> String {
    let answer = post(house, address, "", envelope).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.text()
}

/// The shape of the overview page: soapUI's prefixes and the namespace that is in no WSDL.
fn of_the_manual(operation: &str, parts: &str) -> String {
    format!(
        "<soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns:urn=\"urn:proofhqapi\">\n\
         \x20  <soapenv:Header/>\n\
         \x20  <soapenv:Body>\n\
         \x20     <urn:{operation}>\n{parts}\n\
         \x20     </urn:{operation}>\n\
         \x20  </soapenv:Body>\n\
         </soapenv:Envelope>"
    )
}

/// The shape of the later samples: the namespace is the address of the host.
fn of_the_samples(operation: &str, parts: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\" \
         xmlns:ns=\"https://soap.proofhq.com/\">\n\
         <soap:Body><ns:{operation}>\n{parts}\n</ns:{operation}></soap:Body>\n</soap:Envelope>"
    )
}

async fn log_in(house: &House) -> String {
    let parts = format!(
        "<Login>{}</Login>\n<Password>{}</Password>",
        email(Profile::Manager),
        galley_testkit::PASSWORD
    );
    let text = answered(house, "/soap", of_the_manual("doLogin", &parts)).await;
    field(&text, "session")
}

/// `POST /upload.php` as the client of 2012 sends it: no session, a blank before the content type, and
/// a last boundary that does not end with two hyphens.
async fn upload(house: &House, name: &str) -> (String, String) {
    let mut body = format!(
        "--B\r\nContent-Disposition: form-data; name=\"file1\"; filename=\"{name}\"\r\n \
         Content-Type: application/octet-stream\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(RED_PNG);
    body.extend_from_slice(b"\r\n--B\r\n");
    let request = Request::post("/upload.php")
        .header("content-type", "multipart/form-data; boundary=B")
        .body(Body::from(body))
        .expect("a request");
    let text = house.send(request).await.text();
    assert_eq!(field(&text, "errorcode"), "", "{text}");
    (field(&text, "filehash"), field(&text, "filename"))
}

/// The FAQ: log in, upload, create the proof with what the upload answered.
#[tokio::test(flavor = "multi_thread")]
async fn the_three_steps_of_the_faq() {
    let house = House::new();
    let session = log_in(&house).await;
    let (hash, name) = upload(&house, "poster.png").await;
    let parts = format!(
        "<SessionID>{session}</SessionID>\n<OwnerID>0</OwnerID>\n<Hash>{hash}</Hash>\n<Name>Poster</Name>\n\
         <SourceName>{name}</SourceName>\n<Subject></Subject>\n<Message>Please &lt;i&gt;look&lt;/i&gt;</Message>\n\
         <Deadline></Deadline>\n<Recipients>ann@example.com, bob@example.com;eve@example.com</Recipients>\n\
         <WorkspaceId>-1</WorkspaceId>\n<BatchID>0</BatchID>\n<DefaultEmailNotifications/>\n<DefaultRole/>"
    );
    let proof = answered(&house, "/soap.php", of_the_manual("createProof", &parts)).await;
    assert_eq!((field(&proof, "version"), field(&proof, "filename")), ("1".to_owned(), "Poster".to_owned()));
    let parts = format!("<SessionID>{session}</SessionID>\n<FileID>{}</FileID>", field(&proof, "file_id"));
    let people = answered(&house, "/soap/", of_the_manual("getProofReviewers", &parts)).await;
    assert_eq!(
        fields(&people, "email")[1..],
        ["ann@example.com", "bob@example.com", "eve@example.com"],
        "one string with all three separators"
    );
    assert!(fields(&people, "proof_url").iter().all(|url| url.contains("/proof/")));
}

/// Versions are a linked list: each names the one before it, not the first.
#[tokio::test(flavor = "multi_thread")]
async fn a_chain_of_three_versions() {
    let house = House::new();
    let session = log_in(&house).await;
    let create = async |operation: &str, parent: Option<&str>| {
        let (hash, name) = upload(&house, "box.png").await;
        let parent = parent.map(|id| format!("<ParentFileID>{id}</ParentFileID>\n")).unwrap_or_default();
        let parts = format!(
            "<SessionID>{session}</SessionID>\n{parent}<OwnerID>0</OwnerID>\n<Hash>{hash}</Hash>\n\
             <Name>Box</Name>\n<SourceName>{name}</SourceName>"
        );
        answered(&house, "/16_24_0/soap", of_the_manual(operation, &parts)).await
    };
    let first = create("createProof", None).await;
    let second = create("createProofVersion", Some(&field(&first, "file_id"))).await;
    let third = create("createProofVersion", Some(&field(&second, "file_id"))).await;
    let chain = [&first, &second, &third];
    assert_eq!(chain.map(|text| field(text, "version")), ["1", "2", "3"]);
    assert_eq!(field(&second, "parent_file_id"), field(&first, "file_id"));
    assert_eq!(field(&third, "parent_file_id"), field(&second, "file_id"));

    let parts = format!("<SessionID>{session}</SessionID>\n<FileID>{}</FileID>", field(&third, "file_id"));
    let versions = answered(&house, "/soap/", of_the_manual("getProofVersions", &parts)).await;
    assert_eq!(fields(&versions, "file_id"), chain.map(|text| field(text, "file_id")));
    assert_eq!(fields(&versions, "status"), ["locked", "locked", "unlocked"]);

    // The list does not fork: only the newest version has a successor.
    let (hash, name) = upload(&house, "box.png").await;
    let parts = format!(
        "<SessionID>{session}</SessionID>\n<ParentFileID>{}</ParentFileID>\n<OwnerID>0</OwnerID>\n\
         <Hash>{hash}</Hash>\n<Name>Box</Name>\n<SourceName>{name}</SourceName>",
        field(&first, "file_id")
    );
    let answer = post(&house, "/soap", "", of_the_manual("createProofVersion", &parts)).await;
    assert_eq!(fault(&answer).map(|(code, _)| code).as_deref(), Some("400"), "{}", answer.text());
}

/// A snapshot of a web page needs no upload: `Hash` is the word `web`, `SourceName` the address.
#[tokio::test(flavor = "multi_thread")]
async fn a_web_snapshot() {
    let house = House::new();
    let session = log_in(&house).await;
    let parts = format!(
        "<SessionID>{session}</SessionID>\n<OwnerID>0</OwnerID>\n<Hash>web</Hash>\n<Name>Home page</Name>\n\
         <SourceName>https://www.example.com/ https://www.example.com/shop</SourceName>"
    );
    let proof = answered(&house, "/soap", of_the_manual("createProof", &parts)).await;
    assert_eq!(field(&proof, "filename"), "Home page");
    let parts = format!("<SessionID>{session}</SessionID>\n<FileID>{}</FileID>", field(&proof, "file_id"));
    let read = answered(&house, "/15_17_0/soap", of_the_manual("getProofDetails", &parts)).await;
    assert!(field(&read, "sourcename").contains("https://www.example.com/shop"), "{read}");

    let parts = format!(
        "<SessionID>{session}</SessionID>\n<OwnerID>0</OwnerID>\n<Hash>web</Hash>\n<Name>Files</Name>\n\
         <SourceName>file:///etc/passwd</SourceName>"
    );
    let answer = post(&house, "/soap", "", of_the_manual("createProof", &parts)).await;
    assert_eq!(fault(&answer).map(|(code, _)| code).as_deref(), Some("400"), "{}", answer.text());
}

/// Several proofs in one go: nothing happens before `finishBatch`, and reviewers are named once for all.
#[tokio::test(flavor = "multi_thread")]
async fn a_batch_with_its_reviewers() {
    let house = House::new();
    let session = log_in(&house).await;
    let parts = format!("<SessionID>{session}</SessionID>");
    let batch = field(&answered(&house, "/soap", of_the_manual("createBatch", &parts)).await, "result");
    let mut proofs = Vec::new();
    for name in ["Front", "Back"] {
        let (hash, file) = upload(&house, "side.png").await;
        let parts = format!(
            "<SessionID>{session}</SessionID>\n<OwnerID>0</OwnerID>\n<Hash>{hash}</Hash>\n<Name>{name}</Name>\n\
             <SourceName>{file}</SourceName>\n<BatchID>{batch}</BatchID>"
        );
        let text = answered(&house, "/soap", of_the_manual("createProof", &parts)).await;
        proofs.push(field(&text, "file_id"));
    }
    let parts = format!(
        "<SessionID>{session}</SessionID>\n<BatchID>{batch}</BatchID>\n<Recipients>\n\
         <item><name>Bob</name><email>bob@example.com</email><role>5</role><notifications>9</notifications>\
         <deadline>2026-09-01 23:59</deadline><position/><primary_decision_maker>false</primary_decision_maker></item>\n\
         <item><name>Eve</name><email>eve@example.com</email><role>3</role><notifications>1</notifications>\
         <deadline/><position/><primary_decision_maker/></item>\n</Recipients>"
    );
    let text = answered(&house, "/soap", of_the_manual("addBatchProofReviewers", &parts)).await;
    assert_eq!(field(&text, "result"), "true");
    let parts = format!("<SessionID>{session}</SessionID>\n<BatchID>{batch}</BatchID>");
    let text = answered(&house, "/soap", of_the_manual("finishBatch", &parts)).await;
    assert_eq!(field(&text, "result"), "true");
    for proof in proofs {
        let parts = format!("<SessionID>{session}</SessionID>\n<FileID>{proof}</FileID>");
        let people = answered(&house, "/soap", of_the_manual("getProofReviewers", &parts)).await;
        assert_eq!(fields(&people, "email")[1..], ["bob@example.com", "eve@example.com"]);
        assert_eq!(
            fields(&people, "role")[1..],
            ["reviewer & approver".replace('&', "&amp;"), "reviewer".into()]
        );
    }
    // A client that missed the answer asks again.
    let again = answered(&house, "/soap", of_the_manual("finishBatch", &parts)).await;
    assert_eq!(field(&again, "result"), "true");
}

/// The two samples of the page on advanced options: a stage is changed, two people join it.
#[tokio::test(flavor = "multi_thread")]
async fn a_stage_is_changed_and_two_people_join() {
    let house = House::new();
    let session = log_in(&house).await;
    let (hash, name) = upload(&house, "flyer.png").await;
    let parts = format!(
        "<SessionID>{session}</SessionID>\n<OwnerID>0</OwnerID>\n<Hash>{hash}</Hash>\n<Name>Flyer</Name>\n\
         <SourceName>{name}</SourceName>\n<Stages>\n\
         <item><stage_id>1</stage_id><name>Design</name><start_trigger>1</start_trigger>\
         <stage_locking>1</stage_locking><stage_reviewers><item><email>ann@example.com</email><role>5</role>\
         </item></stage_reviewers></item>\n\
         <item><stage_id>2</stage_id><name>Client</name><start_trigger>5</start_trigger>\
         <start_dependent_stage_id>1</start_dependent_stage_id><stage_locking>4</stage_locking>\
         <stage_reviewers><item><email>zoe@example.com</email><role>4</role></item></stage_reviewers></item>\n</Stages>"
    );
    let proof = answered(&house, "/16_24_0/soap", of_the_samples("createWorkflowProof", &parts)).await;
    let id = field(&proof, "proof_id");
    let stages = fields(&proof, "stage_id");
    assert_eq!(fields(&proof, "active").first().map(String::as_str), Some("true"), "{proof}");

    let parts = format!(
        "<SessionID>{session}</SessionID>\n<FileID>{id}</FileID>\n<Stage>\n<stage_id>{}</stage_id>\n\
         <name>Brand review</name>\n<stage_one_decision_only>true</stage_one_decision_only>\n\
         <stage_private>false</stage_private>\n<mandatory>true</mandatory>\n</Stage>",
        stages[0]
    );
    let changed = answered(&house, "/18_3_0/soap", of_the_samples("updateWorkflowProofStage", &parts)).await;
    assert_eq!(fields(&changed, "name").last().map(String::as_str), Some("Brand review"), "{changed}");
    assert_eq!(field(&changed, "stage_one_decision_only"), "true");

    let parts = format!(
        "<SessionID>{session}</SessionID>\n<FileID>{id}</FileID>\n<Recipients>\n\
         <item>\n<email>joe@example.com</email>\n<role>5</role>\n<name>Joe</name>\n\
         <primary_decision_maker>false</primary_decision_maker>\n<stage_id>{0}</stage_id>\n</item>\n\
         <item>\n<email>kim@example.com</email>\n<role>5</role>\n<name>Kim</name>\n\
         <primary_decision_maker>false</primary_decision_maker>\n<stage_id>{0}</stage_id>\n</item>\n</Recipients>\n\
         <SuppressNewProofNotification></SuppressNewProofNotification>",
        stages[0]
    );
    let text = answered(&house, "/16_24_0/soap", of_the_samples("addWorkflowProofReviewers", &parts)).await;
    assert_eq!(field(&text, "result"), "true");
    let parts = format!("<SessionID>{session}</SessionID>\n<FileID>{id}</FileID>");
    let people = answered(&house, "/16_24_0/soap", of_the_samples("getProofReviewers", &parts)).await;
    for address in ["ann@example.com", "joe@example.com", "kim@example.com"] {
        assert!(fields(&people, "email").contains(&address.to_owned()), "{address}");
    }
    let stages = answered(&house, "/16_24_0/soap", of_the_samples("getProofStages", &parts)).await;
    assert_eq!(fields(&stages, "name")[..2], ["Brand review", "Client"], "{stages}");
    assert_eq!(fields(&stages, "active")[..2], ["true", "false"]);
}

/// The sample that changes a proof sends seven parts; what it leaves out stays.
#[tokio::test(flavor = "multi_thread")]
async fn a_proof_is_changed_with_seven_parts() {
    let house = House::new();
    let session = log_in(&house).await;
    let (hash, name) = upload(&house, "card.png").await;
    let parts = format!(
        "<SessionID>{session}</SessionID>\n<OwnerID>0</OwnerID>\n<Hash>{hash}</Hash>\n<Name>Card</Name>\n\
         <SourceName>{name}</SourceName>\n<Deadline>2026-08-01 23:59</Deadline>\n<CustomLinkLabel>Job</CustomLinkLabel>"
    );
    let proof = answered(&house, "/soap", of_the_samples("createProof", &parts)).await;
    let parts = format!(
        "<SessionID>{session}</SessionID>\n<FileID>{}</FileID>\n<OwnerID>0</OwnerID>\n<Name>Card 2</Name>\n\
         <Subject>New card</Subject>\n<Message>Hello</Message>\n<EnableDownload>false</EnableDownload>\n\
         <EnableTeamURL>false</EnableTeamURL>",
        field(&proof, "file_id")
    );
    let changed = answered(&house, "/soap", of_the_samples("updateProof", &parts)).await;
    for (name, value) in [
        ("filename", "Card 2"),
        ("enable_download", "false"),
        ("enable_team_url", "false"),
        ("deadline", "2026-08-01 23:59"),
        ("custom_link_label", "Job"),
    ] {
        assert_eq!(field(&changed, name), value, "{name}");
    }
}
