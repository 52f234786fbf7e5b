//! A page for each family of operations.

use soap::{FieldDesc, OperationDesc, Requirement};

use super::page::{Block, Page, Span, heading, paragraph, slug, text};
use super::types::type_link;
use super::{examples, paragraphs, rights, since};
use crate::registry;

/// Headings of families with their operations, in the order in which the WSDL first has one.
fn families() -> Vec<(&'static str, Vec<&'static OperationDesc>)> {
    let mut families: Vec<(&str, Vec<_>)> = Vec::new();
    for operation in registry().all() {
        match families.iter_mut().find(|(section, _)| *section == operation.section) {
            Some((_, operations)) => operations.push(operation),
            None => families.push((operation.section, vec![operation])),
        }
    }
    families
}

/// Where an operation stands on its page. A later form has its version with it.
fn place(operation: &OperationDesc) -> String {
    let first = registry().all().find(|other| other.name == operation.name);
    if first.is_some_and(|first| first.since == operation.since) {
        operation.name.to_owned()
    } else {
        format!("{}-{}", operation.name, operation.since)
    }
}

/// A page for each family.
pub fn pages() -> Vec<Page> {
    let page = |(section, operations): (&str, Vec<&OperationDesc>)| Page {
        slug: slug(section),
        title: section.to_owned(),
        blocks: operations.into_iter().flat_map(blocks).collect(),
    };
    families().into_iter().map(page).collect()
}

/// All operations with what they do in a sentence.
pub fn contents() -> Vec<Block> {
    let mut blocks = vec![heading(2, "All operations")];
    for (section, operations) in families() {
        let rows = operations.into_iter().map(|operation| {
            let first = operation.summary.split_inclusive(". ").next().unwrap_or_default().trim_end();
            vec![
                vec![Span::Link(slug(section), place(operation), operation.name.to_owned())],
                since(operation.since, operation.until),
                text(first.lines().next().unwrap_or_default()),
            ]
        });
        blocks.push(Block::Heading(3, format!("operations-{}", slug(section)), section.to_owned()));
        blocks.push(Block::Table(vec!["Operation", "Version", "What it does"], rows.collect()));
    }
    blocks
}

fn blocks(operation: &OperationDesc) -> Vec<Block> {
    let mut blocks = vec![Block::Heading(2, place(operation), operation.name.to_owned())];
    blocks.extend(paragraphs(operation.summary));
    let mut facts = vec![Span::Plain("Answers ".to_owned())];
    facts.extend(type_link(operation.returns));
    facts.push(Span::Plain(". ".to_owned()));
    facts.push(Span::Plain(match (operation.since > crate::BASE, operation.until) {
        (false, None) => "In every version.".to_owned(),
        (true, None) => format!("From version {} on.", operation.since),
        (false, Some(until)) => format!("In versions before {until}."),
        (true, Some(until)) => format!("From version {} until before {until}.", operation.since),
    }));
    blocks.push(Block::Text(facts));
    blocks.extend(rights::sentence(operation.name).map(|sentence| paragraph(&sentence)));
    if operation.params.is_empty() {
        blocks.push(paragraph("It has no parts."));
    } else {
        let rows = operation.params.iter().map(row).collect();
        blocks.push(Block::Table(vec!["Part", "Type", "Version", "Needed", "Meaning"], rows));
    }
    if let Some(example) = examples::of(operation) {
        blocks.push(Block::Code("Request".to_owned(), example.request.to_owned()));
        blocks.push(Block::Code("Answer".to_owned(), example.answer.to_owned()));
    }
    blocks
}

fn row(param: &FieldDesc) -> Vec<Vec<Span>> {
    let needed = match param.requirement {
        Requirement::Enforced => "required",
        // Documented as required; a session that is missing is a fault of its own.
        Requirement::Documented => "expected",
        Requirement::Optional => "",
    };
    vec![
        vec![Span::Code(param.name.to_owned())],
        type_link(param.ty),
        since(param.since, param.until),
        text(needed),
        text(param.doc),
    ]
}
