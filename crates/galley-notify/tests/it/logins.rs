//! Links by which people choose a password: who gets one, what it does, and when it ends.

use galley_model::{Profile, UserId};
use galley_notify::{Notifier, Options};
use galley_service::{Mail, ServiceError, UserEdit};
use galley_testkit::{House, SECOND, email};

const NEW: &str = "new@studio.example.com";

async fn mails(house: &House, notifier: &Notifier, kind: &str) -> Vec<Mail> {
    notifier.deliver_mail().await.expect("a round");
    let admin = house.caller(&email(Profile::Admin));
    let mut all = house.service.mails(&admin, None, 200).expect("mails");
    all.retain(|mail| mail.kind == kind);
    all
}

fn code(mail: &Mail) -> Option<String> {
    let (_, rest) = mail.text.split_once("/password/")?;
    Some(rest.chars().take_while(char::is_ascii_alphanumeric).collect())
}

fn invite(house: &House, password: Option<&str>, edit: &UserEdit) -> UserId {
    let admin = house.caller(&email(Profile::Admin));
    house.service.create_user(&admin, None, NEW, password, edit, true).expect("a user").0.record.user.id
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_gets_a_login_without_a_password_chooses_one() {
    let house = House::new();
    let notifier = house.notifier(&Options::default());
    invite(&house, None, &UserEdit::default());
    let told = mails(&house, &notifier, "user_invited").await;
    let code = code(&told[0]).expect("a link");
    assert_eq!(told[0].to_email, NEW);
    assert_eq!(house.service.password_link(&code).expect("good").email, NEW);
    assert!(matches!(house.service.choose_password(&code, "short"), Err(ServiceError::Invalid(..))));
    let session = house.service.choose_password(&code, "a good long one").expect("signs in").session;
    assert_eq!(house.service.session(&session).expect("a session").user.email, NEW);
    assert!(house.service.login_on_web(NEW, "a good long one").is_ok());
    for used in [&code, "", "nothing"] {
        assert!(matches!(
            house.service.choose_password(used, "another long one"),
            Err(ServiceError::NotFound(_))
        ));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_a_password_is_sent_to_sign_in() {
    let house = House::new();
    let notifier = house.notifier(&Options::default());
    invite(&house, Some("chosen by somebody"), &UserEdit::default());
    let told = mails(&house, &notifier, "user_invited").await;
    assert_eq!(code(&told[0]), None);
    assert!(told[0].text.contains("/login"), "{}", told[0].text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_password_is_replaced_by_who_reads_the_mail() {
    let house = House::new();
    let notifier = house.notifier(&Options::default());
    let session = house.session(SECOND);
    for address in ["nobody@example.com", "", "no address\r\nBcc: x@example.com"] {
        house.service.ask_for_password(address).expect("nobody learns anything");
    }
    assert!(mails(&house, &notifier, "password_forgotten").await.is_empty());

    house.service.ask_for_password(&SECOND.to_uppercase()).expect("asked");
    house.service.ask_for_password(SECOND).expect("asked again at once");
    let told = mails(&house, &notifier, "password_forgotten").await;
    assert_eq!(told.iter().map(|mail| mail.to_email.as_str()).collect::<Vec<_>>(), [SECOND]);
    let first = code(&told[0]).expect("a link");
    // Until the link is used, everything stays as it was.
    assert!(house.service.session(&session).is_ok());

    house.clock.advance(6 * 60);
    house.service.ask_for_password(SECOND).expect("asked later");
    let told = mails(&house, &notifier, "password_forgotten").await;
    assert_eq!(told.len(), 2);
    let second = told.iter().filter_map(code).find(|code| *code != first).expect("another link");
    house.service.choose_password(&first, "a good long one").expect("either is good");
    assert!(house.service.password_link(&second).is_err(), "one use ends all");
    assert!(matches!(house.service.session(&session), Err(ServiceError::NoSession)));
    assert!(house.service.login(SECOND, "a good long one").is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn links_end_and_logins_that_are_off_get_none() {
    let house = House::new();
    let notifier = house.notifier(&Options::default());
    house.service.ask_for_password(SECOND).expect("asked");
    let told = mails(&house, &notifier, "password_forgotten").await;
    let link = code(&told[0]).expect("a link");
    house.clock.advance(24 * 3600);
    assert!(house.service.password_link(&link).is_err(), "a day is over");

    let api_only = UserEdit { api_only: Some(true), ..UserEdit::default() };
    invite(&house, Some("for programs only"), &api_only);
    house.service.ask_for_password(NEW).expect("asked");
    assert_eq!(mails(&house, &notifier, "password_forgotten").await.len(), 1, "programs read no mail");
}
