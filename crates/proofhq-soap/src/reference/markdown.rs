//! Pages as Markdown, for the repository.

use super::page::{Block, Page, Span};

/// The name of a page's file.
pub fn file_name(page: &Page) -> String {
    format!("{}.md", name(&page.slug))
}

fn name(slug: &str) -> &str {
    if slug.is_empty() { "README" } else { slug }
}

/// A page as a file of its own.
pub fn write(page: &Page) -> String {
    let mut out = format!("# {}\n", page.title);
    if page.slug.is_empty() {
        out.push_str(
            "\n<!-- Written by a test of proofhq-soap: UPDATE_DOCS=1 cargo test -p proofhq-soap docs -->\n",
        );
    }
    for block in &page.blocks {
        out.push('\n');
        match block {
            Block::Heading(level, place, title) => {
                // A title makes its own name to link to, but for the second form of an operation.
                if *place != super::page::slug(title) {
                    out.push_str(&format!("<a id=\"{}\"></a>\n\n", place.to_ascii_lowercase()));
                }
                out.push_str(&format!("{} {title}\n", "#".repeat(usize::from(*level))));
            }
            Block::Text(spans) => {
                out.push_str(&joined(spans));
                out.push('\n');
            }
            Block::List(points) => {
                for point in points {
                    out.push_str(&format!("- {}\n", joined(point)));
                }
            }
            Block::Table(columns, rows) => {
                out.push_str(&format!("| {} |\n|{}\n", columns.join(" | "), "---|".repeat(columns.len())));
                for row in rows {
                    let cells: Vec<String> =
                        row.iter().map(|cell| joined(cell).replace('|', "\\|")).collect();
                    out.push_str(&format!("| {} |\n", cells.join(" | ")));
                }
            }
            Block::Code(caption, message) => {
                out.push_str(&format!("{caption}:\n\n```xml\n{}\n```\n", message.trim_end()));
            }
        }
    }
    out
}

fn joined(spans: &[Span]) -> String {
    let written = spans.iter().map(|span| match span {
        Span::Plain(text) => text.replace('<', "&lt;").replace('*', "\\*").replace('_', "\\_"),
        Span::Code(text) => format!("`{text}`"),
        Span::Link(page, place, text) if place.is_empty() => format!("[{text}]({}.md)", name(page)),
        Span::Link(page, place, text) => {
            format!("[{text}]({}.md#{})", name(page), place.to_ascii_lowercase())
        }
    });
    written.collect()
}
