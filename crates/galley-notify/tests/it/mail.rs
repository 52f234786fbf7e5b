//! Mail: who gets which, when, and what happens when the mail server does not want it.

use galley_model::{Alert, Decision, Profile, Proof, Role, StartTrigger};
use galley_notify::{Notifier, Options, Smtp};
use galley_service::{
    BrandingInput, Clock, CommentInput, DropzoneInput, Mail, MailState, ProofEdit, ProofInput, ReplyInput,
    ReviewerEdit, ReviewerInput, StageInput,
};
use galley_testkit::{House, RED_PNG, RIVAL, SECOND, SmtpSink, email};
use jiff::SignedDuration;

const ANN: &str = "ann@example.com";
const BOB: &str = "bob@example.com";

fn person(email: &str, alert: Alert) -> ReviewerInput {
    ReviewerInput {
        email: email.to_owned(),
        name: Some(email.split('@').next().unwrap_or_default().to_owned()),
        role: Some(Role::ReviewerApprover),
        alert: Some(alert),
        notify: true,
        ..ReviewerInput::default()
    }
}

fn input(house: &House, people: &[ReviewerInput]) -> ProofInput {
    ProofInput {
        file_token: house.file("red.png", RED_PNG),
        name: Some("Red & blue".to_owned()),
        reviewers: people.to_vec(),
        notify: true,
        ..ProofInput::default()
    }
}

/// A proof with its pages, and nobody told of anything yet.
async fn ready(house: &House, people: &[ReviewerInput]) -> Proof {
    let proof = house.service.create_proof(&house.caller(SECOND), &input(house, people)).expect("a proof");
    house.processed(proof.id).await
}

/// Runs a round and gives what is new in the outbox, oldest first: kind and recipient.
async fn news(house: &House, notifier: &Notifier, seen: &mut usize) -> Vec<(String, String)> {
    notifier.deliver_mail().await.expect("a round");
    let all = outbox(house);
    let new = all[*seen..].iter().map(|mail| (mail.kind.clone(), mail.to_email.clone())).collect();
    *seen = all.len();
    new
}

fn outbox(house: &House) -> Vec<Mail> {
    let admin = house.caller(&email(Profile::Admin));
    let mut all = house.service.mails(&admin, None, 200).expect("mails");
    all.reverse();
    all
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(kind, to)| ((*kind).to_owned(), (*to).to_owned())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_told_before_there_is_something_to_see() {
    let queued = House::new();
    let (notifier, mut seen) = (queued.notifier(&Options::default()), 0);
    let people = [person(ANN, Alert::All)];
    queued.service.create_proof(&queued.caller(SECOND), &input(&queued, &people)).expect("a proof");
    assert_eq!(news(&queued, &notifier, &mut seen).await, []);

    let house = House::rendering();
    let (notifier, mut seen) = (house.notifier(&Options::default()), 0);
    let proof = ready(&house, &people).await;
    let mut told = news(&house, &notifier, &mut seen).await;
    told.sort();
    assert_eq!(told, pairs(&[("new_proof", ANN), ("proof_made", SECOND)]));
    // Nobody twice, and people who come later at once.
    let second = house.caller(SECOND);
    house.service.add_reviewers(&second, proof.id, &[person(BOB, Alert::All)]).expect("added");
    let silent = ReviewerInput { notify: false, ..person("carl@example.com", Alert::All) };
    house.service.add_reviewers(&second, proof.id, &[silent]).expect("added");
    assert_eq!(news(&house, &notifier, &mut seen).await, pairs(&[("new_proof", BOB)]));
    assert_eq!(news(&house, &notifier, &mut seen).await, []);
    assert!(outbox(&house).iter().all(|mail| mail.state == MailState::Kept), "there is no mail server");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_invitation_says() {
    let house = House::rendering();
    let notifier = house.notifier(&Options::default());
    let new = ProofInput {
        subject: "Please look".to_owned(),
        message: "Dear <i>all</i>,<br><script>evil()</script>see <a href=\"https://example.com/x\">this</a>"
            .to_owned(),
        deadline: Some("2026-03-09T17:00:00Z".parse().expect("a time")),
        ..input(&house, &[person(ANN, Alert::All)])
    };
    let proof = house.service.create_proof(&house.caller(SECOND), &new).expect("a proof");
    house.processed(proof.id).await;
    notifier.deliver_mail().await.expect("a round");
    let all = outbox(&house);
    let of = |kind: &str| all.iter().find(|mail| mail.kind == kind).expect("a mail");
    assert_eq!(of("proof_made").subject, "Proof made: Red & blue (Version 1) – Please look");
    let mail = of("new_proof");
    let link = format!("https://proofs.example.com/proof/{}", house.link(proof.id, ANN).code);
    assert_eq!(mail.subject, "Please look");
    assert_eq!(mail.reply_to.as_deref(), Some(SECOND));
    // Guests read times in the zone of the owner.
    for part in [
        "Monday 9 March 2026, 18:00 CET",
        "Red & blue",
        "Test Manager asks you",
        "see this (https://example.com/x)",
        &link,
    ] {
        assert!(mail.text.contains(part), "{part} in {}", mail.text);
    }
    for part in [
        "Red &amp; blue",
        "Dear <i>all</i>,<br>see <a href=\"https://example.com/x\"",
        &format!("href=\"{link}\""),
    ] {
        assert!(mail.html.contains(part), "{part} in {}", mail.html);
    }
    assert!(!mail.html.contains("evil()"));
    let picture = format!("/api/v1/links/{}/pages/1/thumbnail", house.link(proof.id, ANN).code);
    assert!(mail.html.contains(&picture));
}

#[tokio::test(flavor = "multi_thread")]
async fn versions_and_silent_calls() {
    let house = House::rendering();
    let (notifier, mut seen) = (house.notifier(&Options::default()), 0);
    let first = ready(&house, &[person(ANN, Alert::All)]).await;
    news(&house, &notifier, &mut seen).await;
    let next =
        |notify| ProofInput { parent: Some(first.id), copy_reviewers: true, notify, ..input(&house, &[]) };
    let second = house.service.create_proof(&house.caller(SECOND), &next(true)).expect("a version");
    house.processed(second.id).await;
    let told = news(&house, &notifier, &mut seen).await;
    assert!(told.contains(&("new_version".to_owned(), ANN.to_owned())), "{told:?}");
    let mail = outbox(&house).into_iter().find(|mail| mail.kind == "new_version").expect("a mail");
    assert_eq!(mail.subject, "New version: Red & blue (Version 2)");
    let next = ProofInput { parent: Some(second.id), ..next(false) };
    let third = house.service.create_proof(&house.caller(SECOND), &next).expect("a version");
    house.processed(third.id).await;
    assert_eq!(news(&house, &notifier, &mut seen).await, pairs(&[("proof_made", SECOND)]));
}

#[tokio::test(flavor = "multi_thread")]
async fn alerts_by_level_and_never_of_ones_own() {
    let house = House::rendering();
    let (notifier, mut seen) = (house.notifier(&Options::default()), 0);
    let levels = [
        ("all@example.com", Alert::All),
        ("replies@example.com", Alert::Replies),
        ("daily@example.com", Alert::Daily),
        ("hourly@example.com", Alert::Hourly),
        ("decisions@example.com", Alert::Decisions),
        ("final@example.com", Alert::FinalDecision),
        ("none@example.com", Alert::Disabled),
        ("default@example.com", Alert::OwnDefault),
    ];
    let mut people: Vec<ReviewerInput> = levels.iter().map(|(to, level)| person(to, *level)).collect();
    for one in &mut people {
        one.role = Some(Role::Reviewer);
    }
    people.push(person(ANN, Alert::All));
    people.push(person(BOB, Alert::Disabled));
    let proof = ready(&house, &people).await;
    news(&house, &notifier, &mut seen).await;
    let (ann, bob) = (house.link(proof.id, ANN), house.link(proof.id, BOB));
    let replies = house.link(proof.id, "replies@example.com");

    let say = |text: &str| CommentInput { text: text.to_owned(), ..CommentInput::default() };
    house.service.add_comment(&ann, &say("Mine")).expect("a comment");
    assert_eq!(news(&house, &notifier, &mut seen).await, pairs(&[("comment", "all@example.com")]));
    let (thread, _) = house.service.add_comment(&replies, &say("Theirs")).expect("a comment");
    let told = news(&house, &notifier, &mut seen).await;
    assert_eq!(told, pairs(&[("comment", "all@example.com"), ("comment", ANN)]));
    let reply = ReplyInput { text: "I see".to_owned(), ..ReplyInput::default() };
    house.service.reply(&ann, thread.id, &reply).expect("a reply");
    let told = news(&house, &notifier, &mut seen).await;
    assert_eq!(told, pairs(&[("reply", "all@example.com"), ("reply", "replies@example.com")]));
    let last = outbox(&house).pop().expect("a mail");
    assert!(last.text.contains("> Theirs") && last.text.contains("> I see"), "{}", last.text);
    assert!(last.text.contains(&format!("#comment-{}", thread.id)));

    house.service.decide_by_link(&ann, Decision::Approved, &[]).expect("decides");
    let told = news(&house, &notifier, &mut seen).await;
    assert_eq!(told, pairs(&[("decision", "all@example.com"), ("decision", "decisions@example.com")]));
    // The last required one; the proof then locks itself and falls silent.
    let settings = galley_service::SettingsEdit {
        flags: vec![(galley_model::ProofFlags::AUTO_LOCK, Some(true))],
        ..galley_service::SettingsEdit::default()
    };
    let edit = ProofEdit { settings, ..ProofEdit::default() };
    house.service.update_proof(&house.caller(SECOND), proof.id, &edit).expect("edited");
    house.service.decide_by_link(&bob, Decision::Approved, &[]).expect("decides");
    let mut told = news(&house, &notifier, &mut seen).await;
    told.sort();
    let expected = ["all@example.com", ANN, "decisions@example.com", "final@example.com"];
    assert_eq!(told, pairs(&expected.map(|to| ("decision", to))));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_author_hears_that_a_comment_was_resolved() {
    let house = House::rendering();
    let (notifier, mut seen) = (house.notifier(&Options::default()), 0);
    let proof = ready(&house, &[person(ANN, Alert::Disabled), person(BOB, Alert::All)]).await;
    news(&house, &notifier, &mut seen).await;
    let (ann, owner) = (house.link(proof.id, ANN), house.link(proof.id, SECOND));
    let say = CommentInput { text: "Too <red>".to_owned(), ..CommentInput::default() };
    let (comment, _) = house.service.add_comment(&ann, &say).expect("a comment");
    news(&house, &notifier, &mut seen).await;
    for (resolved, kind, says) in [
        (true, "comment_resolved", "resolved your comment"),
        (false, "comment_reopened", "opened again your"),
    ] {
        house.service.resolve_comment(&owner, comment.id, resolved).expect("changes");
        assert_eq!(news(&house, &notifier, &mut seen).await, pairs(&[(kind, ANN)]), "nobody else");
        let mail = outbox(&house).pop().expect("a mail");
        assert!(mail.text.contains(says) && mail.text.contains("> Too <red>"), "{}", mail.text);
        assert!(mail.text.contains(&format!("#comment-{}", comment.id)) && !mail.html.contains("<red>"));
    }
    house.service.resolve_comment(&ann, comment.id, true).expect("by its author");
    assert_eq!(news(&house, &notifier, &mut seen).await, pairs(&[]), "never of one's own");
}

#[tokio::test(flavor = "multi_thread")]
async fn locked_trashed_and_removed_are_silent() {
    let house = House::rendering();
    let (notifier, mut seen) = (house.notifier(&Options::default()), 0);
    let second = house.caller(SECOND);
    let people = [person(ANN, Alert::All)];
    let locked = ready(&house, &people).await;
    house.service.set_locked(&second, locked.id, true).expect("locks");
    let trashed = ready(&house, &people).await;
    house.service.trash_proof(&second, trashed.id, false).expect("trashes");
    let left = ready(&house, &people).await;
    let place = house.service.reviewers(&second, left.id).expect("people").pop().expect("somebody");
    house.service.remove_reviewer(&second, place.id).expect("removed");
    assert_eq!(news(&house, &notifier, &mut seen).await, pairs(&[("proof_made", SECOND)]));
    house.service.set_locked(&second, locked.id, false).expect("unlocks");
    assert_eq!(news(&house, &notifier, &mut seen).await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_mail_about_a_batch() {
    let house = House::rendering();
    let (notifier, mut seen) = (house.notifier(&Options::default()), 0);
    let second = house.caller(SECOND);
    let batch = house.service.create_batch(&second).expect("a batch");
    let make = |name: &str, bytes: &[u8], people: &[ReviewerInput]| {
        let input = ProofInput {
            file_token: house.file(name, bytes),
            name: Some(name.to_owned()),
            batch: Some(batch),
            ..input(&house, people)
        };
        house.service.create_proof(&second, &input).expect("a proof").id
    };
    let (ann, bob) = (person(ANN, Alert::All), person(BOB, Alert::All));
    let one = make("one.png", RED_PNG, &[ann.clone(), bob.clone()]);
    let two = make("two.png", RED_PNG, std::slice::from_ref(&ann));
    let bad = make("bad.xyz", b"of no kind", &[ann, bob]);
    assert_eq!(news(&house, &notifier, &mut seen).await, []);
    house.service.finish_batch(&second, batch).expect("finishes");
    for id in [one, two, bad] {
        house.processed(id).await;
    }
    let told = news(&house, &notifier, &mut seen).await;
    let invited: Vec<_> = told.into_iter().filter(|(kind, _)| kind.starts_with("new")).collect();
    assert_eq!(invited, pairs(&[("new_proofs", ANN), ("new_proof", BOB)]));
    let mail = outbox(&house).into_iter().find(|mail| mail.kind == "new_proofs").expect("a mail");
    for id in [one, two] {
        assert!(mail.text.contains(&format!("/proof/{}", house.link(id, ANN).code)), "{}", mail.text);
    }
    assert!(!mail.text.contains("bad.xyz"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stage_that_starts_before_its_batch_is_finished_tells_nobody_yet() {
    let house = House::rendering();
    let (notifier, mut seen) = (house.notifier(&Options::default()), 0);
    let second = house.caller(SECOND);
    // The file of the proof in the batch has its pages already.
    let file_token = house.file("red.png", RED_PNG);
    let first = ProofInput { file_token: file_token.clone(), ..input(&house, &[]) };
    house.processed(house.service.create_proof(&second, &first).expect("a proof").id).await;
    news(&house, &notifier, &mut seen).await;

    let batch = house.service.create_batch(&second).expect("a batch");
    let stage = |trigger, start_at, who: &str| StageInput {
        trigger,
        start_at,
        reviewers: vec![person(who, Alert::All)],
        ..StageInput::default()
    };
    let soon = house.clock.now() + SignedDuration::from_mins(1);
    let stages = vec![stage(StartTrigger::AtOnce, None, ANN), stage(StartTrigger::Date, Some(soon), BOB)];
    let new = ProofInput { file_token, batch: Some(batch), stages: Some(stages), ..input(&house, &[]) };
    let id = house.service.create_proof(&second, &new).expect("a proof").id;
    house.clock.advance(120);
    assert_eq!(house.service.start_due_stages().expect("looked"), 1);
    assert_eq!(news(&house, &notifier, &mut seen).await, []);
    house.service.finish_batch(&second, batch).expect("finishes");
    house.processed(id).await;
    let told = news(&house, &notifier, &mut seen).await;
    let invited: Vec<_> = told.into_iter().filter(|(kind, _)| kind == "new_proof").collect();
    assert_eq!(invited, pairs(&[("new_proof", ANN), ("new_proof", BOB)]));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_handed_in_at_a_dropzone() {
    let house = House::rendering();
    let (notifier, mut seen) = (house.notifier(&Options::default()), 0);
    let (admin, owner) = (house.caller(&email(Profile::Admin)), house.caller(&email(Profile::Supervisor)));
    let zone = DropzoneInput {
        enabled: true,
        owner: owner.id(),
        workspace: None,
        role: Role::Reviewer,
        alert: Alert::OwnDefault,
        activate: false,
        domains: Vec::new(),
        tell: vec!["desk@example.com".to_owned(), email(Profile::Supervisor)],
    };
    let url =
        house.service.dropzone_url(&house.service.set_dropzone(&admin, &zone).expect("a dropzone").code);
    let file = house.file("red.png", RED_PNG);
    let (proof, _) = house.service.submit_to_dropzone(&url, ANN, &file, "Poster.png").expect("handed in");
    let told = news(&house, &notifier, &mut seen).await;
    let supervisor = email(Profile::Supervisor);
    let expected = [
        ("dropzone_received", ANN),
        ("dropzone_submitted", supervisor.as_str()),
        ("dropzone_submitted", "desk@example.com"),
    ];
    assert_eq!(told, pairs(&expected));
    let mail = outbox(&house).pop().expect("a mail");
    assert_eq!(mail.reply_to.as_deref(), Some(ANN));
    assert!(
        mail.text.contains(&format!("/proofs/{}", proof.id)) && !mail.text.contains("/proof/"),
        "{}",
        mail.text
    );

    // Who is put on it hears of it when it is opened; whoever handed it in has heard.
    house.service.add_reviewers(&owner, proof.id, &[person(BOB, Alert::All)]).expect("added");
    house.processed(proof.id).await;
    let told = news(&house, &notifier, &mut seen).await;
    assert!(!told.iter().any(|(kind, _)| kind == "new_proof"), "{told:?}");
    house.service.set_locked(&owner, proof.id, false).expect("opens");
    assert_eq!(news(&house, &notifier, &mut seen).await, pairs(&[("new_proof", BOB)]));
}

#[tokio::test(flavor = "multi_thread")]
async fn stages_tell_their_people_when_they_start_and_private_ones_tell_nobody_else() {
    let house = House::rendering();
    let (notifier, mut seen) = (house.notifier(&Options::default()), 0);
    let stage = |trigger, private, who: &str| StageInput {
        trigger,
        private,
        reviewers: vec![person(who, Alert::All)],
        ..StageInput::default()
    };
    let stages = vec![
        stage(StartTrigger::AtOnce, true, ANN),
        stage(StartTrigger::ParentApproved, false, BOB),
        stage(StartTrigger::AtOnce, false, "carl@example.com"),
    ];
    let new = ProofInput { stages: Some(stages), ..input(&house, &[]) };
    let proof = house.service.create_proof(&house.caller(SECOND), &new).expect("a proof");
    house.processed(proof.id).await;
    let mut told = news(&house, &notifier, &mut seen).await;
    told.sort();
    let expected = [("new_proof", ANN), ("new_proof", "carl@example.com"), ("proof_made", SECOND)];
    assert_eq!(told, pairs(&expected));
    let carls = outbox(&house).into_iter().find(|mail| mail.to_email == "carl@example.com").expect("a mail");
    assert!(!carls.text.contains("- ann,"), "who is on a private stage is its own business: {}", carls.text);

    let ann = house.link(proof.id, ANN);
    let text = CommentInput { text: "Between us".to_owned(), ..CommentInput::default() };
    house.service.add_comment(&ann, &text).expect("a comment");
    assert_eq!(news(&house, &notifier, &mut seen).await, [], "nobody else sees it");
    house.service.decide_by_link(&ann, Decision::Approved, &[]).expect("decides");
    assert_eq!(news(&house, &notifier, &mut seen).await, pairs(&[("new_proof", BOB)]));
}

fn with_server(house: &House, sink: &SmtpSink) -> Notifier {
    let smtp = Smtp {
        url: format!("smtp://galley:secret@{}", sink.address),
        from: "Proofs <proofs@example.com>".to_owned(),
    };
    house.notifier(&Options { smtp: Some(smtp), ..Options::default() })
}

/// Somebody writes to Ann on a proof.
async fn a_message(house: &House, subject: &str, body: &str) {
    let proof = ready(house, &[ReviewerInput { notify: false, ..person(ANN, Alert::All) }]).await;
    let second = house.caller(SECOND);
    let ann = house.service.reviewers(&second, proof.id).expect("people").pop().expect("somebody");
    house.service.message_reviewer(&second, proof.id, ann.id, subject, body).expect("a message");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_mail_server_gets() {
    let house = House::rendering();
    let sink = SmtpSink::open().await;
    a_message(&house, "Grüße\r\nBcc: eve@example.com", "Hello <u>Ann</u>\n.\nbye").await;
    assert_eq!(with_server(&house, &sink).deliver_mail().await.expect("a round"), None);
    let received = sink.take();
    let mail = received.iter().find(|mail| mail.to == [ANN]).expect("sent");
    assert_eq!(mail.from, "proofs@example.com");
    assert!(mail.auth.as_deref().is_some_and(|auth| auth.starts_with("AUTH PLAIN ")), "{:?}", mail.auth);
    let head = mail.head();
    let has = |line: &str| assert!(head.iter().any(|one| one == line), "{line} in {head:#?}");
    has("From: Proofs <proofs@example.com>");
    has(&format!("Reply-To: {SECOND}"));
    has("Auto-Submitted: auto-generated");
    has("MIME-Version: 1.0");
    assert!(!head.iter().any(|line| line.to_ascii_lowercase().starts_with("bcc")), "{head:#?}");
    assert!(
        head.iter().any(|line| line.starts_with("Message-ID: <") && line.ends_with("@proofs.example.com>")),
        "{head:#?}"
    );
    assert!(
        mail.data.contains("text/plain; charset=utf-8") && mail.data.contains("text/html; charset=utf-8")
    );
    assert!(outbox(&house).iter().all(|mail| mail.state == MailState::Sent));
    with_server(&house, &sink).deliver_mail().await.expect("a round");
    assert_eq!(sink.take().len(), 0, "once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_that_does_not_want_it() {
    let house = House::rendering();
    let sink = SmtpSink::open().await;
    let notifier = with_server(&house, &sink);
    ready(&house, &[]).await;
    notifier.deliver_mail().await.expect("a round");
    sink.take();
    // Later: it is tried again, ever more rarely, and then put aside.
    a_message(&house, "", "Hello").await;
    let proof_made = notifier.deliver_mail();
    sink.answer(&["250 good", "450 later"]);
    proof_made.await.expect("a round");
    let mail = outbox(&house).pop().expect("a mail");
    assert_eq!((mail.state, mail.attempts), (MailState::Waiting, 1));
    assert!(
        mail.problem.as_deref().is_some_and(|text| text.contains("450") || text.contains("later")),
        "{:?}",
        mail.problem
    );
    sink.take();
    house.clock.advance(59);
    notifier.deliver_mail().await.expect("a round");
    assert_eq!(sink.take().len(), 0, "not before the minute is over");
    house.clock.advance(1);
    notifier.deliver_mail().await.expect("a round");
    assert_eq!(sink.take().len(), 1);
    // Never: it is put aside at once, until an administrator says otherwise.
    a_message(&house, "", "Hello again").await;
    sink.answer(&["250 good", "550 nobody here"]);
    notifier.deliver_mail().await.expect("a round");
    let mail = outbox(&house).pop().expect("a mail");
    assert_eq!(mail.state, MailState::Parked);
    sink.take();
    let admin = house.caller(&email(Profile::Admin));
    assert!(house.service.retry_mail(&house.caller(RIVAL), mail.id).is_err());
    house.service.retry_mail(&admin, mail.id).expect("again");
    notifier.deliver_mail().await.expect("a round");
    assert_eq!(sink.take().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_that_is_not_there() {
    let house = House::rendering();
    a_message(&house, "", "Hello").await;
    let smtp = Smtp { url: "smtp://127.0.0.1:1".to_owned(), from: "a@example.com".to_owned() };
    let notifier = house.notifier(&Options { smtp: Some(smtp), ..Options::default() });
    for _ in 0..20 {
        notifier.deliver_mail().await.expect("a round");
        house.clock.advance(9 * 3600);
    }
    let mail = outbox(&house).pop().expect("a mail");
    assert_eq!((mail.state, mail.attempts), (MailState::Parked, 10));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_outbox_is_the_administrators() {
    let house = House::rendering();
    a_message(&house, "", "Hello").await;
    house.notifier(&Options::default()).deliver_mail().await.expect("a round");
    let id = outbox(&house).pop().expect("a mail").id;
    for profile in Profile::ALL {
        let caller = house.caller(&email(profile));
        assert_eq!(house.service.mails(&caller, None, 10).is_ok(), profile.administers(), "{profile:?}");
        assert_eq!(house.service.mail(&caller, id).is_ok(), profile.administers(), "{profile:?}");
    }
    let rival = house.caller(RIVAL);
    assert!(house.service.mails(&rival, None, 10).expect("allowed").is_empty());
    assert!(house.service.mail(&rival, id).is_err());
    let _ = ReviewerEdit::default();
}

/// The logo goes with the mail: many mail programs fetch nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_mail_wears_the_logo_and_the_colour_of_its_account() {
    let house = House::rendering();
    let sink = SmtpSink::open().await;
    let admin = house.caller(&email(Profile::Admin));
    let logo = house.service.add_logo(&admin, RED_PNG.to_vec().into()).await.expect("a logo");
    let input = BrandingInput {
        name: "Tidewick <Coffee>".to_owned(),
        accent: "#ffd400".to_owned(),
        logo: logo.code.clone(),
        ..BrandingInput::default()
    };
    house.service.set_branding(&admin, &input).expect("is set");
    a_message(&house, "Look", "Hello").await;
    with_server(&house, &sink).deliver_mail().await.expect("a round");
    let received = sink.take();
    let data = &received.iter().find(|mail| mail.to == [ANN]).expect("sent").data;
    assert!(data.contains("multipart/related") && data.contains("Content-Type: image/png"), "{data}");
    assert!(data.contains("Content-ID: <logo.") && data.contains("cid:logo."), "{data}");
    assert!(!data.contains("/api/v1/branding"), "nothing is left to be fetched: {data}");
    // In the outbox it is shown from its address.
    let kept = outbox(&house);
    let mail = kept.iter().find(|mail| mail.to_email == ANN).expect("kept");
    let url = format!("https://proofs.example.com/api/v1/branding/logos/{}/email", logo.code);
    assert!(
        mail.html.contains(&url) && mail.html.contains("alt=\"Tidewick &lt;Coffee&gt;\""),
        "{}",
        mail.html
    );
    assert!(mail.html.contains("background:#ffd400") && mail.html.contains("color:#17181b"), "{}", mail.html);
    assert!(mail.text.starts_with("Tidewick <Coffee>\n"), "{}", mail.text);

    // Without a brand, mails look as they always did.
    a_message(&house, "Again", "Hello").await;
    house.service.reset_branding(&admin).expect("is taken off");
    with_server(&house, &sink).deliver_mail().await.expect("a round");
    let data = sink.take().into_iter().find(|mail| mail.to == [ANN]).expect("sent").data;
    assert!(!data.contains("multipart/related") && !data.contains("Tidewick"), "{data}");
}
