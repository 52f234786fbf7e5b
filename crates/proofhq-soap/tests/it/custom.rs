//! Custom data of proofs.

use galley_model::{EventKind, Profile};
use galley_testkit::{House, RED_PNG, SECOND, email, field, fields};

const NEWEST: &str = "18_3_0";

const DEFINED: &str = "<item><name>Print</name><fields>\
    <item><name>Paper</name><type>1</type><value>Heavy &amp; white</value></item>\
    <item><name>Copies</name><type>3</type><value>1500</value></item>\
    <item><name>Colours</name><type>6</type><multiple>true</multiple><options>\
    <item><name>Cyan</name><selected>true</selected></item><item><name>Black</name><selected>true</selected></item>\
    <item><name>Gold</name><selected>false</selected></item></options></item></fields></item>\
    <item><name>Client</name><fields><item><name>Rush</name><type>8</type><options>\
    <item><name>Yes</name><selected>false</selected></item><item><name>No</name><selected>true</selected></item>\
    </options></item></fields></item>";

fn one(section: &str, name: &str, rest: &str) -> String {
    format!("<item><name>{section}</name><fields><item><name>{name}</name>{rest}</item></fields></item>")
}

/// Values of the two fields without options, which come first.
fn values(text: &str) -> Vec<String> {
    fields(text, "value").into_iter().take(2).collect()
}

async fn set(house: &House, session: &str, proof: &str, data: &str) {
    let text = house.ok_at(NEWEST, session, "setProofCustomData", &[("FileID", proof), ("Data", data)]).await;
    assert_eq!(field(&text, "result"), "true");
}

async fn get(house: &House, session: &str, proof: &str) -> String {
    house.ok_at(NEWEST, session, "getProofCustomData", &[("FileID", proof)]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn fields_are_defined_once_and_hold_values_for_each_proof() {
    let house = House::new();
    let (admin, manager) = (house.session(&email(Profile::Admin)), house.session(SECOND));
    let (first, second) = (house.proof(SECOND, &[]).id.to_string(), house.proof(SECOND, &[]).id.to_string());
    assert!(get(&house, &manager, &first).await.contains("<result/>"), "nothing is defined");
    set(&house, &admin, &first, DEFINED).await;

    let text = get(&house, &manager, &first).await;
    let names =
        ["Print", "Paper", "Copies", "Colours", "Cyan", "Black", "Gold", "Client", "Rush", "Yes", "No"];
    assert_eq!(fields(&text, "name"), names);
    assert_eq!(fields(&text, "type"), ["1", "3", "6", "8"]);
    assert_eq!(fields(&text, "selected"), ["true", "true", "false", "false", "true"]);
    assert_eq!(fields(&text, "multiple"), ["false", "false", "true", "false"]);
    assert_eq!(values(&text), ["Heavy &amp; white", "1500"]);
    // What was read can be sent back as it is.
    let read = &text[text.find("<result>").expect("a result") + 8..text.find("</result>").expect("its end")];
    set(&house, &manager, &first, read).await;
    assert_eq!(get(&house, &manager, &first).await, text);

    // The other proof has the same fields, and nothing in them.
    let text = get(&house, &manager, &second).await;
    assert_eq!(fields(&text, "name"), names);
    assert_eq!(fields(&text, "selected"), ["false"; 5]);
    assert_eq!(values(&text), ["", ""]);

    // A field that is not sent stays.
    set(&house, &manager, &second, &one("print", "PAPER", "<type>0</type><value>thin</value>")).await;
    set(
        &house,
        &manager,
        &second,
        &one(
            "Print",
            "Colours",
            "<options><item><name>gold</name><selected>true</selected></item></options>",
        ),
    )
    .await;
    set(&house, &manager, &first, &one("Client", "Rush", "<value>Yes</value>")).await;
    let text = get(&house, &manager, &second).await;
    assert_eq!(values(&text), ["thin", ""]);
    assert_eq!(fields(&text, "selected"), ["false", "false", "true", "false", "false"]);
    let text = get(&house, &manager, &first).await;
    assert_eq!(fields(&text, "selected"), ["true", "true", "false", "true", "false"]);
    assert_eq!(field(&text, "value"), "Heavy &amp; white");
    set(&house, &manager, &first, &one("Print", "Paper", "<value/>")).await;
    assert_eq!(values(&get(&house, &manager, &first).await), ["", "1500"]);

    // A new version holds what the one before did, and is changed alone.
    let hash = house.file("two.png", RED_PNG);
    let parts =
        [("ParentFileID", first.as_str()), ("Hash", &hash), ("Name", "Two"), ("SourceName", "two.png")];
    let next = field(&house.ok(&manager, "createProofVersion", &parts).await, "file_id");
    assert_eq!(values(&get(&house, &manager, &next).await), ["", "1500"]);
    set(&house, &manager, &next, &one("Print", "Copies", "<value>2</value>")).await;
    assert_eq!(values(&get(&house, &manager, &first).await), ["", "1500"]);

    // What it was before is in the log, and nothing is logged that did not change.
    let changes = || {
        house.events().into_iter().filter_map(|event| match event.kind {
            EventKind::CustomDataChanged { changes } => Some(changes),
            _ => None,
        })
    };
    let last = changes().next_back().expect("a change");
    assert_eq!((last[0].before.as_str(), last[0].after.as_str()), ("1500", "2"));
    let count = changes().count();
    set(&house, &manager, &next, &one("Print", "Copies", "<value>2</value>")).await;
    assert_eq!(changes().count(), count);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_fit_changes_nothing() {
    let house = House::new();
    let (admin, manager) = (house.session(&email(Profile::Admin)), house.session(SECOND));
    let proof = house.proof(SECOND, &[]).id.to_string();
    set(&house, &admin, &proof, DEFINED).await;
    let before = get(&house, &manager, &proof).await;
    let two = "<options><item><name>Yes</name><selected>true</selected></item>\
        <item><name>No</name><selected>true</selected></item></options>";
    for (session, data, says) in [
        (&manager, one("Print", "Weight", "<type>1</type><value>x</value>"), "no custom field 'Weight'"),
        (&manager, one("Legal", "Weight", "<type>1</type><value>x</value>"), "no custom section 'Legal'"),
        (&manager, one("Print", "Colours", "<value>Red</value>"), "no option 'Red'"),
        (&admin, one("Print", "Paper", "<type>3</type><value>1</value>"), "cannot become a number"),
        (&admin, one("Print", "Copies", "<value>many</value>"), "not a number"),
        (&admin, one("Client", "Rush", two), "only one option"),
        (&admin, one("Print", "Weight", "<value>1</value>"), "needs a type"),
        (&admin, one("Print", "Weight", "<type>9</type>"), "'type'"),
        (&admin, one("Print", "Paper", two), "has no options"),
        (&admin, one("Print", "", "<type>1</type>"), "name is needed"),
    ] {
        let whole = format!("{}{data}", one("Print", "Paper", "<value>changed</value>"));
        let parts = [("FileID", proof.as_str()), ("Data", whole.as_str())];
        let (code, text) = house.refused_at(NEWEST, session, "setProofCustomData", &parts).await;
        assert!(code == "400" && text.contains(says), "{data}: {code} {text}");
        assert_eq!(get(&house, &manager, &proof).await, before, "{data}");
    }
    let parts = [("FileID", proof.as_str())];
    let (code, _) = house.refused_at(NEWEST, &manager, "setProofCustomData", &parts).await;
    assert_eq!(code, "400", "nothing sent");
}
