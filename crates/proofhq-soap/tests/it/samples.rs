//! Sample proofs for strangers: only where they are wanted, and not too often.

use galley_model::Profile;
use galley_service::{Link, ListPlace, ProofQuestion};
use galley_testkit::{House, email, fault, field};

const GUS: &str = "gus@example.com";

async fn order(house: &House, parts: &[(&str, &str)]) -> Result<(), (String, String)> {
    let answer = house.call("orderSampleProof", parts).await;
    match fault(&answer) {
        Some(fault) => Err(fault),
        None => {
            assert_eq!(field(&answer.text(), "result"), "true");
            Ok(())
        }
    }
}

fn proofs(house: &House) -> Vec<galley_model::Proof> {
    let boss = house.caller(&email(Profile::BillingAdmin));
    house.service.list_proofs(&boss, &ProofQuestion::default(), ListPlace::Offset(0), 0).expect("a list")
}

#[tokio::test(flavor = "multi_thread")]
async fn only_where_the_administrator_wants_it() {
    let house = House::new();
    let refused = order(&house, &[("Email", GUS)]).await;
    assert_eq!(refused, Err(("403".to_owned(), "this server sends no sample proofs".to_owned())));
    assert!(proofs(&house).is_empty() && house.events().iter().all(|event| event.proof.is_none()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_gets_a_link_to_a_proof_of_their_own() {
    let house = House::rendering().with_samples().working();
    let notifier = house.notifier(&galley_notify::Options::default());
    let parts =
        [("Email", GUS), ("FirstName", "Gus"), ("LastName", "Gray"), ("OrganisationName", "Gray &amp; Sons")];
    order(&house, &parts).await.expect("is ordered");
    let proof = proofs(&house).pop().expect("a proof");
    house.processed(proof.id).await;
    notifier.deliver_mail().await.expect("a round");
    let boss = house.caller(&email(Profile::BillingAdmin));
    assert_eq!((proof.owner, proof.account), (boss.id(), house.studio));
    let mails = house.service.mails(&boss, None, 10).expect("mails");
    let mail = mails.iter().find(|mail| mail.to_email == GUS).expect("a mail");
    assert_eq!((mail.to_name.as_str(), mail.subject.as_str()), ("Gus Gray", "Your sample proof"));
    let (_, rest) = mail.text.split_once("/proof/").expect("a link");
    let code = rest.split_whitespace().next().expect("a code").to_owned();
    let opened = house.service.open_link(&Link { code, user: None }).expect("opens");
    assert!(opened.opened.rights.comment && opened.opened.rights.decide);
    let contacts = house.session(&email(Profile::BillingAdmin));
    let people = house.ok(&contacts, "getPeople", &[]).await;
    assert!(people.contains("Gray &amp; Sons"), "{people}");

    // Once a day; then the same proof again.
    let again = order(&house, &[("Email", "GUS@example.com")]).await.expect_err("too soon");
    assert!(again.0 == "400" && again.1.contains("less than a day ago"), "{again:?}");
    house.clock.advance(24 * 3600 + 1);
    order(&house, &[("Email", GUS), ("FirstName", "Other")]).await.expect("a day later");
    notifier.deliver_mail().await.expect("a round");
    let boss = house.caller(&email(Profile::BillingAdmin));
    let mails = house.service.mails(&boss, None, 20).expect("mails");
    let own: Vec<_> = mails.iter().filter(|mail| mail.to_email == GUS).collect();
    assert_eq!((own.len(), own[0].to_name.as_str()), (2, "Gus Gray"));
    assert!(own[0].text.contains("as you left it"), "{}", own[0].text);
    assert_eq!(proofs(&house).len(), 1);

    // Somebody else sees nothing of this one; the artwork is there once.
    order(&house, &[("Email", "ida@example.com")]).await.expect("is ordered");
    let all = proofs(&house);
    assert_eq!(all.len(), 2);
    assert_eq!(all[0].file, all[1].file);
    let people = house.service.reviewers(&boss, all[0].id).expect("people");
    assert!(people.iter().all(|one| one.email != GUS), "newest first");
    // One in the trash is not brought back.
    house.service.trash_proof(&boss, proof.id, true).expect("goes to the trash");
    house.clock.advance(24 * 3600 + 1);
    order(&house, &[("Email", GUS)]).await.expect("a new one");
    let boss = house.caller(&email(Profile::BillingAdmin));
    assert_eq!(
        house
            .service
            .list_proofs(&boss, &ProofQuestion::default(), ListPlace::Offset(0), 0)
            .expect("a list")
            .len(),
        2
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_strangers_send() {
    let house = House::new().with_samples();
    for (parts, says) in [
        (vec![("FirstName", "Gus")], "Required string parameter 'Email' is not present."),
        (vec![("Email", "nobody")], "This is not an e-mail address."),
        (vec![("Email", "a@example.com&#13;&#10;Bcc: b@example.com")], "e-mail address"),
        (vec![("Email", "a@example.com, b@example.com")], "e-mail address"),
        (vec![("Email", GUS), ("FirstName", "win.example.com")], "does not read like a name"),
        (vec![("Email", GUS), ("LastName", "https://example.com")], "does not read like a name"),
        (vec![("Email", GUS), ("LastName", "x&#13;&#10;Bcc: b@example.com")], "does not read like a name"),
    ] {
        let (code, text) = order(&house, &parts).await.expect_err("is refused");
        assert!(code == "400" && text.contains(says), "{parts:?}: {code} {text}");
    }
    for part in ["FirstName", "LastName", "OrganisationName"] {
        let refused =
            order(&house, &[("Email", GUS), (part, &"x".repeat(61))]).await.expect_err("is refused");
        assert_eq!(refused.0, "400", "{part}");
    }
    assert!(proofs(&house).is_empty());
    // Nobody is renamed by a stranger.
    let manager = email(Profile::Manager);
    order(&house, &[("Email", &manager), ("FirstName", "Mallory")]).await.expect("a user may look too");
    let boss = house.caller(&email(Profile::BillingAdmin));
    let people = house.service.reviewers(&boss, proofs(&house)[0].id).expect("people");
    assert!(
        people.iter().any(|one| one.email == manager)
            && people.iter().all(|one| !one.name.contains("Mallory"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_than_sixty_an_hour() {
    let house = House::new().with_samples();
    for number in 0..60 {
        house.clock.advance(10);
        order(&house, &[("Email", &format!("g{number}@example.com"))]).await.expect("is ordered");
    }
    let (code, text) = order(&house, &[("Email", GUS)]).await.expect_err("too many");
    assert!(code == "403" && text.contains("in the last hour"), "{code} {text}");
    house.clock.advance(3600);
    order(&house, &[("Email", GUS)]).await.expect("an hour later");
}
