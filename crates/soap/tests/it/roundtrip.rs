//! What is written reads back.

use proptest::prelude::*;
use soap::{Element, Limits, Request, Value, Writer};

use crate::sample::{NEW, OLD, Person, Thing, envelope, take};

/// A tree of elements.
#[derive(Debug, Clone, PartialEq)]
enum Tree {
    Leaf(String, String),
    Node(String, Vec<Tree>),
}

fn name() -> impl Strategy<Value = String> {
    "[a-zA-Z_éß東][a-zA-Z0-9_.é-]{0,6}"
}

/// Any text that XML can hold.
fn text() -> impl Strategy<Value = String> {
    "[ -~\n\t\ré東😀]{0,20}"
}

fn tree() -> impl Strategy<Value = Tree> {
    let leaf = (name(), text()).prop_map(|(name, text)| Tree::Leaf(name, text));
    leaf.prop_recursive(5, 40, 5, |inner| {
        (name(), proptest::collection::vec(inner, 1..5))
            .prop_map(|(name, children)| Tree::Node(name, children))
    })
}

fn write(tree: &Tree, writer: &mut Writer) {
    match tree {
        Tree::Leaf(name, text) => writer.text(name, text),
        Tree::Node(name, children) => {
            writer.open(name);
            children.iter().for_each(|child| write(child, writer));
            writer.close(name);
        }
    }
}

fn read(element: Element<'_>) -> Tree {
    match element.text() {
        Some(text) => Tree::Leaf(element.name().to_owned(), text.to_owned()),
        None => Tree::Node(element.name().to_owned(), element.children().map(read).collect()),
    }
}

fn thing() -> impl Strategy<Value = Thing> {
    let person = (proptest::option::of(text()), text()).prop_map(|(name, email)| Person {
        name,
        email: Some(email),
        ..Person::default()
    });
    let people = proptest::collection::vec(person, 0..4);
    let names = proptest::collection::vec(text(), 0..4);
    (text(), text(), any::<i64>(), any::<Option<i64>>(), any::<bool>(), -1e12..1e12, names, people).prop_map(
        |(text, between, number, maybe, flag, price, names, people)| Thing {
            text: Some(text),
            between,
            number,
            maybe,
            flag: Some(flag),
            price,
            owner: people.first().cloned(),
            names,
            people,
            gone: None,
        },
    )
}

/// Nulls of not nillable strings come back as empty texts.
fn filled(person: Person) -> Person {
    let fill = |text: Option<String>| Some(text.unwrap_or_default());
    Person {
        name: fill(person.name),
        email: fill(person.email),
        role: fill(person.role),
        notifications: fill(person.notifications),
        deadline: fill(person.deadline),
        position: fill(person.position),
        primary_decision_maker: fill(person.primary_decision_maker),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_tree(tree in tree()) {
        let mut writer = Writer::new(OLD);
        write(&tree, &mut writer);
        let text = envelope(&writer.finish());
        let request = Request::parse(&text, &Limits::default()).expect("an envelope");
        prop_assert_eq!(read(request.call().expect("a call")), tree);
    }

    #[test]
    fn any_object(thing in thing()) {
        let mut writer = Writer::new(NEW);
        thing.write("thing", &mut writer);
        let found = take(&writer.finish()).expect("readable").thing.expect("a thing");
        let expected = Thing {
            owner: Some(filled(thing.owner.unwrap_or_default())),
            people: thing.people.into_iter().map(filled).collect(),
            ..thing
        };
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn text_that_xml_cannot_hold_still_makes_xml(text in any::<String>()) {
        let mut writer = Writer::new(OLD);
        writer.text("x", &text);
        let body = envelope(&writer.finish());
        let request = Request::parse(&body, &Limits::default()).expect("an envelope");
        let holdable = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..);
        let expected: String = text.chars().map(|c| if holdable(c) { c } else { '\u{FFFD}' }).collect();
        prop_assert_eq!(request.call().expect("a call").text(), Some(&*expected));
    }
}
