//! The reference: what every version has, generated from the definitions that serve it.
//!
//! The server answers it as HTML at `/docs/api`; the repository holds the same pages as Markdown in
//! `docs/api/`. Examples are exchanges that a test has had with the server.

mod examples;
mod faults;
pub mod html;
pub mod markdown;
mod operations;
pub mod page;
mod prose;
pub mod rights;
mod types;

use soap::ApiVersion;

use crate::BASE;
use page::{Block, Page, Span};

/// All pages, the first one first.
pub fn pages() -> Vec<Page> {
    let mut pages = vec![prose::first_page()];
    pages.extend(operations::pages());
    pages.push(types::page());
    pages.push(faults::page());
    let contents = operations::contents();
    pages[0].blocks.extend(contents);
    pages
}

/// The version from which on there is something; nothing for what was always there.
fn since(version: ApiVersion, until: Option<ApiVersion>) -> Vec<Span> {
    let mut words = Vec::new();
    if version > BASE {
        words.push(format!("from {version}"));
    }
    words.extend(until.map(|until| format!("before {until}")));
    if words.is_empty() { Vec::new() } else { vec![Span::Plain(words.join(", "))] }
}

/// The paragraphs of a documentation comment.
fn paragraphs(doc: &str) -> Vec<Block> {
    doc.split('\n').filter(|line| !line.trim().is_empty()).map(page::paragraph).collect()
}
