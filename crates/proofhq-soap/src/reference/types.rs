//! The page of objects and arrays.

use soap::{ApiVersion, TypeRef};

use super::page::{Block, Page, Span, paragraph, text};
use super::{paragraphs, since};
use crate::{VERSIONS, registry};

/// The page's part of the address.
const SLUG: &str = "types";

/// A type with a link to where it is described. Arrays lead to what is in them.
pub fn type_link(ty: TypeRef) -> Vec<Span> {
    match ty {
        TypeRef::Object(object) => {
            vec![Span::Link(SLUG.to_owned(), object.name.to_owned(), object.name.to_owned())]
        }
        TypeRef::Array(array) => {
            let mut spans = vec![Span::Code(array.name.to_owned()), Span::Plain(" of ".to_owned())];
            spans.extend(type_link(array.item));
            spans
        }
        plain => vec![Span::Code(plain.name().to_owned())],
    }
}

/// The first version in which something uses a type.
fn first_version(name: &str) -> ApiVersion {
    let registry = registry();
    let used = |version: &ApiVersion| registry.types(*version).iter().any(|ty| ty.name() == name);
    VERSIONS.iter().copied().find(used).unwrap_or(crate::BASE)
}

/// All object types, in the order of the alphabet.
pub fn page() -> Page {
    let mut blocks = vec![paragraph(
        "An array type such as `SOAPFileObjectArray` is an element with any number of `item` elements in it. \
         An object has all the fields of the version called, in the order of these tables.",
    )];
    let mut objects: Vec<_> = registry()
        .types(ApiVersion::new(u16::MAX, 0))
        .into_iter()
        .chain(VERSIONS.iter().flat_map(|version| registry().types(*version)))
        .filter_map(|ty| match ty {
            TypeRef::Object(object) => Some(object),
            _ => None,
        })
        .collect();
    objects.sort_by_key(|object| object.name);
    objects.dedup_by_key(|object| object.name);
    for object in objects {
        blocks.push(Block::Heading(2, object.name.to_owned(), object.name.to_owned()));
        blocks.extend(paragraphs(object.doc));
        let version = first_version(object.name);
        if version > crate::BASE {
            blocks.push(paragraph(&format!("From version {version} on.")));
        }
        let rows = object.fields.iter().map(|field| {
            let mut versions = since(field.since.max(version), field.until);
            if field.since <= version {
                versions = since(crate::BASE, field.until);
            }
            if let Some(nillable) = field.nillable_since {
                let word = if nillable <= field.since {
                    "nillable".to_owned()
                } else {
                    format!("nillable from {nillable}")
                };
                let gap = if versions.is_empty() { "" } else { ", " };
                versions.push(Span::Plain(format!("{gap}{word}")));
            }
            vec![vec![Span::Code(field.name.to_owned())], type_link(field.ty), versions, text(field.doc)]
        });
        blocks.push(Block::Table(vec!["Field", "Type", "Version", "Meaning"], rows.collect()));
    }
    Page { slug: SLUG.to_owned(), title: "Types".to_owned(), blocks }
}
