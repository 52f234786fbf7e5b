//! Callbacks: byte for byte, once, and again when the receiver fails.

use galley_model::{CallbackType, Decision, Profile, Proof, ProofId, Role};
use galley_notify::{Notifier, Options};
use galley_service::{
    CallbackInput, CommentInput, DeliveryState, ReplyInput, ReviewerEdit, ReviewerInput, WorkspaceInput,
};
use galley_testkit::{House, Posted, RED_PNG, SECOND, WebhookSink, email};
use jiff::SignedDuration;

const GUEST: &str = "gus@example.com";

fn notifier(house: &House) -> Notifier {
    house.notifier(&Options { allow_private_callbacks: true, ..Options::default() })
}

fn to(url: &str) -> CallbackInput {
    CallbackInput { url: Some(url.to_owned()), interval: Some(5) }
}

fn guest() -> ReviewerInput {
    ReviewerInput {
        email: GUEST.to_owned(),
        name: Some("Gus <the> Guest".to_owned()),
        role: Some(Role::ReviewerApprover),
        ..ReviewerInput::default()
    }
}

/// A proof in a folder with a guest on it.
fn filed_proof(house: &House) -> Proof {
    let second = house.caller(SECOND);
    let folder = WorkspaceInput { name: "Spring & summer".to_owned(), ..WorkspaceInput::default() };
    let folder = house.service.create_workspace(&second, &folder).expect("a folder");
    let input = galley_service::ProofInput {
        file_token: house.file("red.png", RED_PNG),
        name: Some("Red".to_owned()),
        workspace: Some(folder.id),
        reviewers: vec![guest()],
        ..galley_service::ProofInput::default()
    };
    house.service.create_proof(&second, &input).expect("a proof")
}

fn bodies(posted: &[Posted]) -> Vec<&str> {
    posted.iter().map(|one| one.body.as_str()).collect()
}

fn set_all(house: &House, url: &str) {
    let admin = house.caller(&email(Profile::Admin));
    for kind in CallbackType::ALL {
        house.service.set_account_callback(&admin, None, kind, &to(url)).expect("set");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_message_byte_for_byte() {
    let house = House::new();
    let (sink, notifier) = (WebhookSink::open().await, notifier(&house));
    set_all(&house, &format!("{}/hook?key=1", sink.url));
    let proof = filed_proof(&house);
    let link = house.link(proof.id, GUEST);
    let second = house.caller(SECOND);
    let text = CommentInput { text: "Too <red> & bold".to_owned(), ..CommentInput::default() };
    let (comment, _) = house.service.add_comment(&link, &text).expect("a comment");
    // What is said later does not change what is told.
    house.service.edit_comment(&link, comment.id, "Never mind").expect("edited");
    let reply = ReplyInput { text: "Indeed".to_owned(), ..ReplyInput::default() };
    let thread = house.service.reply(&link, comment.id, &reply).expect("a reply");
    let done = house.service.actions(&second, None).expect("actions").into_iter().find(|a| a.name == "Done");
    let done = done.map(|action| action.id);
    house.service.set_comment_action(&second, comment.id, done).expect("sets an action");
    house.service.decide_by_link(&link, Decision::ChangesRequired, &[]).expect("decides");
    house.service.set_locked(&second, proof.id, true).expect("locks");
    house.service.set_locked(&second, proof.id, false).expect("unlocks");
    house.service.open_link(&link).expect("opens");
    house.service.archive_proof(&second, proof.id, false).expect("archives");
    house.service.unarchive_proof(&second, proof.id, false).expect("takes it out");
    house.service.trash_proof(&second, proof.id, false).expect("trashes");
    notifier.deliver_callbacks().await.expect("a round");

    let (id, by, at) = (proof.id.0, comment.reviewer.0, house.service.now().as_second());
    let (folder, comment, reply) =
        (proof.workspace.expect("a folder").0, comment.id.0, thread.replies[0].id.0);
    let filed =
        format!("<folder_id>{folder}</folder_id><folder_name>Spring &amp; summer</folder_name></callback>\n");
    let open = |kind: &str| format!("<?xml version=\"1.0\"?>\n<callback type=\"{kind}\">");
    let who = "<author>Gus &lt;the&gt; Guest</author>";
    let mail = format!("<author_email>{GUEST}</author_email>");
    let ends = format!(
        "<action/><timestamp>{at}</timestamp><proof_name>Red</proof_name><recipient_id>{by}</recipient_id>{mail}{filed}"
    );
    // A message holds the action as it is when the message is written.
    let done = ends.replace("<action/>", "<action>Done</action>");
    let whole = |kind: &str, state: &str| {
        format!(
            "{}<file_id>{id}</file_id><name>Red</name><state>{state}</state><status>changes required</status>",
            open(kind)
        )
    };
    let expected = [
        format!(
            "{}<comment_id>{comment}</comment_id><file_id>{id}</file_id>{who}\
             <comment>Too &lt;red&gt; &amp; bold</comment>{ends}",
            open("comment")
        ),
        format!(
            "{}<reply_id>{reply}</reply_id><comment_id>{comment}</comment_id><file_id>{id}</file_id>{who}\
             <comment>Never mind</comment><reply>Indeed</reply>{done}",
            open("reply")
        ),
        format!(
            "{}<comment_id>{comment}</comment_id><file_id>{id}</file_id>{who}\
             <comment>Never mind</comment>{done}",
            open("action")
        ),
        format!(
            "{}<file_id>{id}</file_id><name>Red</name>{who}{mail}<recipient_id>{by}</recipient_id>\
             <decision>changes required</decision><status>changes required</status>\
             <timestamp>{at}</timestamp>{filed}",
            open("decision")
        ),
        format!("{}{filed}", whole("state", "locked")),
        format!("{}{filed}", whole("state", "unlocked")),
        format!(
            "{}{}<recipient_id>{by}</recipient_id>{who}{mail}</callback>\n",
            whole("opened", "unlocked"),
            filed.trim_end_matches("</callback>\n")
        ),
        format!("{}{filed}", whole("archived", "unlocked")),
        format!("{}{filed}", whole("unarchived", "unlocked")),
        format!("{}{filed}", whole("trashed", "unlocked")),
    ];
    let posted = sink.take();
    assert_eq!(bodies(&posted), expected);
    house.service.erase_proof(&house.caller(&email(Profile::Admin)), proof.id, false).expect("erases");
    notifier.deliver_callbacks().await.expect("a round");
    let gone = format!(
        "{}<file_id>{id}</file_id><name>Red</name><state/><status/><folder_id>0</folder_id><folder_name/></callback>\n",
        open("deleted")
    );
    assert_eq!(bodies(&sink.take()), [gone]);
    assert_eq!(posted[0].path, "/hook?key=1");
    assert_eq!(posted[0].headers["content-type"], "text/xml; charset=utf-8");
    assert_eq!(posted[0].headers["host"], sink.url.trim_start_matches("http://"));
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_that_are_there_or_never_will_be() {
    let house = House::rendering();
    let (sink, notifier) = (WebhookSink::open().await, notifier(&house));
    set_all(&house, &sink.url);
    let good = house.proof(SECOND, &[]);
    house.processed(good.id).await;
    let input = galley_service::ProofInput {
        file_token: house.file("bad.pdf", b"no such kind of file"),
        ..galley_service::ProofInput::default()
    };
    let bad = house.service.create_proof(&house.caller(SECOND), &input).expect("a proof");
    house.processed(bad.id).await;
    notifier.deliver_callbacks().await.expect("a round");
    let posted = sink.take();
    let of = |id: ProofId| {
        let id = format!("<file_id>{id}</file_id>");
        posted.iter().map(|one| one.body.as_str()).find(|body| body.contains(&id)).expect("told")
    };
    assert!(
        of(good.id).contains("type=\"processed\"") && of(good.id).contains("<success>true</success><error/>")
    );
    assert!(of(bad.id).contains("<success>false</success><error>Galley cannot read this kind of file."));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_account_and_the_proof_hear_of_it_and_one_address_once() {
    let house = House::new();
    let (sink, notifier) = (WebhookSink::open().await, notifier(&house));
    let (one, other) = (house.proof(SECOND, &[]), house.proof(SECOND, &[]));
    let (admin, second) = (house.caller(&email(Profile::Admin)), house.caller(SECOND));
    let (all, own) = (format!("{}/all", sink.url), format!("{}/own", sink.url));
    house.service.set_account_callback(&admin, None, CallbackType::State, &to(&all)).expect("set");
    house.service.set_proof_callback(&second, one.id, CallbackType::State, &to(&own)).expect("set");
    house
        .service
        .set_proof_callback(&second, other.id, CallbackType::State, &CallbackInput::default())
        .expect("set");
    for id in [one.id, other.id] {
        house.service.set_locked(&second, id, true).expect("locks");
    }
    notifier.deliver_callbacks().await.expect("a round");
    let mut paths: Vec<String> = sink.take().into_iter().map(|one| one.path).collect();
    paths.sort();
    assert_eq!(paths, ["/all", "/all", "/own"]);

    house.service.remove_account_callback(&admin, None, CallbackType::State).expect("removed");
    house.service.remove_proof_callback(&second, other.id, CallbackType::State).expect("removed");
    for id in [one.id, other.id] {
        house.service.set_locked(&second, id, false).expect("unlocks");
    }
    notifier.deliver_callbacks().await.expect("a round");
    let paths: Vec<String> = sink.take().into_iter().map(|one| one.path).collect();
    assert_eq!(paths, ["/own"]);
}

/// The address of a receiver that is not there, and the proof whose locking it wants to hear of.
async fn with_state_callback(house: &House, url: &str) -> ProofId {
    let proof = house.proof(SECOND, &[]);
    let second = house.caller(SECOND);
    house.service.set_proof_callback(&second, proof.id, CallbackType::State, &to(url)).expect("set");
    house.service.set_locked(&second, proof.id, true).expect("locks");
    proof.id
}

fn last_delivery(house: &House) -> galley_service::Delivery {
    let admin = house.caller(&email(Profile::Admin));
    house.service.deliveries(&admin, None, 10).expect("deliveries").remove(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_fails_is_asked_again_until_a_day_is_over() {
    let house = House::new();
    let (sink, notifier) = (WebhookSink::open().await, notifier(&house));
    sink.answer(&[500; 100]);
    with_state_callback(&house, &sink.url).await;
    let mut tried_at = Vec::new();
    for minute in 0..=1500 {
        notifier.deliver_callbacks().await.expect("a round");
        if !sink.take().is_empty() {
            tried_at.push(minute);
        }
        house.clock.advance(60);
    }
    let eager = (0..=60).step_by(5);
    let hourly = (120..=1440).step_by(60);
    assert_eq!(tried_at, eager.chain(hourly).collect::<Vec<_>>());
    let end = last_delivery(&house);
    assert_eq!(end.state, DeliveryState::Dropped);
    assert_eq!((end.attempts, end.status), (tried_at.len() as i64, Some(500)));
    assert_eq!(end.problem.as_deref(), Some("The receiver answered 500."));
}

#[tokio::test(flavor = "multi_thread")]
async fn order_is_kept_and_redirects_are_not_followed() {
    let house = House::new();
    let (sink, notifier) = (WebhookSink::open().await, notifier(&house));
    let proof = with_state_callback(&house, &sink.url).await;
    house.service.set_locked(&house.caller(SECOND), proof, false).expect("unlocks");
    sink.answer(&[302]);
    let next = notifier.deliver_callbacks().await.expect("a round");
    assert_eq!(sink.take().len(), 1, "the second waits for the first");
    assert_eq!(next, Some(house.service.now() + SignedDuration::from_mins(5)));
    let problem = last_delivery(&house).problem;
    assert_eq!(problem.as_deref(), Some("The receiver answered 302; redirects are not followed."));
    house.clock.advance(300);
    sink.answer(&[204]);
    assert_eq!(notifier.deliver_callbacks().await.expect("a round"), None);
    let posted = sink.take();
    let states: Vec<bool> = posted.iter().map(|one| one.body.contains("<state>locked</state>")).collect();
    assert_eq!(states, [true, false]);
    assert_eq!(last_delivery(&house).state, DeliveryState::Delivered);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_says_nothing_twice_and_loses_nothing() {
    let house = House::new();
    let sink = WebhookSink::open().await;
    let proof = with_state_callback(&house, &sink.url).await;
    notifier(&house).deliver_callbacks().await.expect("a round");
    assert_eq!(sink.take().len(), 1);
    house.service.set_locked(&house.caller(SECOND), proof, false).expect("unlocks");
    let house = house.reopened();
    for _ in 0..3 {
        notifier(&house).deliver_callbacks().await.expect("a round");
    }
    assert_eq!(sink.take().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn private_addresses_are_not_called() {
    let house = House::new();
    let sink = WebhookSink::open().await;
    let port = sink.url.rsplit(':').next().expect("a port").to_owned();
    let strict = house.notifier(&Options::default());
    for host in ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0.0.0.0"] {
        with_state_callback(&house, &format!("http://{host}:{port}/")).await;
        strict.deliver_callbacks().await.expect("a round");
        let problem = last_delivery(&house).problem.expect("refused");
        assert!(problem.contains("private address"), "{host}: {problem}");
    }
    assert_eq!(sink.take().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn receivers_that_misbehave() {
    let house = House::new();
    let notifier = notifier(&house);
    // Nobody listens.
    with_state_callback(&house, "http://127.0.0.1:1/").await;
    notifier.deliver_callbacks().await.expect("a round");
    assert!(last_delivery(&house).problem.expect("failed").contains("cannot be reached"));
    // Says nothing that is HTTP.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a socket");
    let url = format!("http://{}/", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = tokio::io::AsyncWriteExt::write_all(&mut stream, &[b'x'; 1 << 20]).await;
        }
    });
    with_state_callback(&house, &url).await;
    notifier.deliver_callbacks().await.expect("a round");
    assert!(last_delivery(&house).problem.expect("failed").contains("broke off"));
    // A name that leads nowhere.
    with_state_callback(&house, "https://nowhere.invalid/").await;
    notifier.deliver_callbacks().await.expect("a round");
    assert!(last_delivery(&house).problem.expect("failed").contains("cannot be looked up"));
}

/// Deliveries are the administrator's to see, and those of other accounts nobody's.
#[tokio::test(flavor = "multi_thread")]
async fn who_sees_deliveries() {
    let house = House::new();
    with_state_callback(&house, "http://127.0.0.1:1/").await;
    notifier(&house).deliver_callbacks().await.expect("a round");
    for profile in Profile::ALL {
        let seen = house.service.deliveries(&house.caller(&email(profile)), None, 10);
        assert_eq!(seen.is_ok(), profile.administers(), "{profile:?}");
    }
    let rival = house.caller(galley_testkit::RIVAL);
    assert!(house.service.deliveries(&rival, None, 10).expect("allowed").is_empty());
    let edit = ReviewerEdit::default();
    assert!(house.service.update_reviewer(&rival, galley_model::ReviewerId(1), &edit).is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn users_come_and_go() {
    let house = House::new();
    let (sink, notifier) = (WebhookSink::open().await, notifier(&house));
    set_all(&house, &sink.url);
    let admin = house.caller(&email(Profile::Admin));
    let edit = galley_service::UserEdit::default();
    let made = house.service.create_user(&admin, None, "new@studio.example.com", None, &edit, true);
    let id = made.expect("a user").0.record.user.id;
    notifier.deliver_mail().await.expect("a round");
    let mails = house.service.mails(&admin, None, 10).expect("mails");
    assert_eq!((mails.len(), mails[0].to_email.as_str()), (1, "new@studio.example.com"));
    assert!(mails[0].text.contains("https://proofs.example.com/password/"));
    for active in [false, true] {
        house.service.set_user_active(&admin, None, id, active).expect("switches");
    }
    house.service.delete_user(&admin, None, id, admin.id()).expect("deletes");
    notifier.deliver_callbacks().await.expect("a round");
    let (account, at) = (house.studio, house.service.now().as_second());
    let message = |kind: &str| {
        format!(
            "<?xml version=\"1.0\"?>\n<callback type=\"{kind}\"><user_id>{id}</user_id>\
             <email>new@studio.example.com</email><account_id>{account}</account_id>\
             <timestamp>{at}</timestamp></callback>\n"
        )
    };
    let expected = ["user_created", "user_deactivated", "user_activated", "user_deleted"].map(message);
    assert_eq!(bodies(&sink.take()), expected);
}
