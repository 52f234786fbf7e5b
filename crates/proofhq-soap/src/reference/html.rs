//! Pages as HTML that loads nothing but its style sheet.

use soap::escape_into;

use super::page::{Block, Page, Span};

/// The style sheet, at [`STYLE_ADDRESS`].
pub const STYLE: &str = include_str!("style.css");

/// Where the style sheet is.
pub const STYLE_ADDRESS: &str = "/docs/api/style.css";

/// A page with the way to all others.
pub fn write(page: &Page, all: &[Page]) -> String {
    let mut out = String::from(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>",
    );
    escape_into(&mut out, &page.title);
    out.push_str(" · Galley SOAP API</title>\n<link rel=\"stylesheet\" href=\"");
    out.push_str(STYLE_ADDRESS);
    out.push_str("\">\n</head>\n<body>\n<nav aria-label=\"Pages\">\n<ul>\n");
    for other in all {
        let current = if other.slug == page.slug { " aria-current=\"page\"" } else { "" };
        out.push_str(&format!("<li><a href=\"{}\"{current}>", address(&other.slug, "")));
        escape_into(&mut out, &other.title);
        out.push_str("</a></li>\n");
    }
    out.push_str("</ul>\n</nav>\n<main>\n<h1>");
    escape_into(&mut out, &page.title);
    out.push_str("</h1>\n");
    for block in &page.blocks {
        write_block(&mut out, block);
    }
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

fn address(slug: &str, place: &str) -> String {
    let page = if slug.is_empty() { "/docs/api".to_owned() } else { format!("/docs/api/{slug}") };
    if place.is_empty() { page } else { format!("{page}#{place}") }
}

fn write_block(out: &mut String, block: &Block) {
    match block {
        Block::Heading(level, place, title) => {
            out.push_str(&format!("<h{level} id=\"{place}\"><a href=\"#{place}\">"));
            escape_into(out, title);
            out.push_str(&format!("</a></h{level}>\n"));
        }
        Block::Text(spans) => wrapped(out, "p", spans),
        Block::List(points) => {
            out.push_str("<ul>\n");
            for point in points {
                wrapped(out, "li", point);
            }
            out.push_str("</ul>\n");
        }
        Block::Table(columns, rows) => write_table(out, columns, rows),
        Block::Code(caption, message) => {
            out.push_str("<details class=\"message\"><summary>");
            escape_into(out, caption);
            out.push_str("</summary><pre tabindex=\"0\"><code>");
            escape_into(out, message);
            out.push_str("</code></pre></details>\n");
        }
    }
}

/// Every cell says which column it belongs to: on a narrow screen the columns stand below each other.
fn write_table(out: &mut String, columns: &[&str], rows: &[Vec<Vec<Span>>]) {
    out.push_str("<table>\n<thead><tr>");
    for column in columns {
        out.push_str(&format!("<th scope=\"col\">{column}</th>"));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for row in rows {
        out.push_str("<tr>");
        for (column, cell) in columns.iter().zip(row) {
            let empty = if cell.is_empty() { " class=\"empty\"" } else { "" };
            out.push_str(&format!("<td data-column=\"{column}\"{empty}>"));
            write_spans(out, cell);
            out.push_str("</td>");
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table>\n");
}

fn wrapped(out: &mut String, tag: &str, spans: &[Span]) {
    out.push_str(&format!("<{tag}>"));
    write_spans(out, spans);
    out.push_str(&format!("</{tag}>\n"));
}

fn write_spans(out: &mut String, spans: &[Span]) {
    for span in spans {
        match span {
            Span::Plain(text) => escape_into(out, text),
            Span::Code(text) => {
                out.push_str("<code>");
                escape_into(out, text);
                out.push_str("</code>");
            }
            Span::Link(page, place, text) => {
                out.push_str(&format!("<a href=\"{}\">", address(page, place)));
                escape_into(out, text);
                out.push_str("</a>");
            }
        }
    }
}
