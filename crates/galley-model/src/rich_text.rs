//! Messages with a little markup, as people write them for invitations (`product.md` 3.1): `a`, `i`,
//! `span`, `div`, `p`, `font`, `u` and `br` stay, items of lists become lines, everything else goes.

/// Tags that stay, besides `br`.
const TAGS: [&str; 7] = ["a", "i", "span", "div", "p", "font", "u"];

/// Tags that go together with what is in them.
const HIDDEN: [&str; 5] = ["script", "style", "head", "title", "template"];

/// A tag as it stands in a text.
struct Tag<'t> {
    name: String,
    attributes: &'t str,
    closing: bool,
}

/// What a text is made of.
enum Piece<'t> {
    Text(&'t str),
    Tag(Tag<'t>),
}

/// Splits a text. Whatever does not look like a tag is text.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let (mut found, mut rest) = (Vec::new(), text);
    while let Some(at) = rest.find('<') {
        let Some((tag, length)) = tag(&rest[at..]) else {
            found.push(Piece::Text(&rest[..=at]));
            rest = &rest[at + 1..];
            continue;
        };
        found.push(Piece::Text(&rest[..at]));
        rest = &rest[at + length..];
        let Some(tag) = tag else { continue };
        let hidden = !tag.closing && HIDDEN.contains(&tag.name.as_str());
        if hidden {
            let lower = rest.to_ascii_lowercase();
            let end = lower.find(&format!("</{}", tag.name)).unwrap_or(rest.len());
            rest = &rest[end..];
        }
        found.push(Piece::Tag(tag));
    }
    found.push(Piece::Text(rest));
    found
}

/// The tag at the start of a text and its length; no tag for a comment or declaration.
fn tag(text: &str) -> Option<(Option<Tag<'_>>, usize)> {
    if let Some(comment) = text.strip_prefix("<!--") {
        let end = comment.find("-->").map_or(text.len(), |at| at + 7);
        return Some((None, end));
    }
    let (closing, name_at) = if text[1..].starts_with('/') { (true, 2) } else { (false, 1) };
    let first = text[name_at..].chars().next()?;
    if !(first.is_ascii_alphabetic() || first == '!' || first == '?') {
        return None;
    }
    // The end is the first `>` that is in no quotes.
    let mut quote = None;
    let end = text.char_indices().skip(1).find_map(|(at, c)| {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            (None, '>') => return Some(at),
            _ => {}
        }
        None
    })?;
    let inside = &text[name_at..end];
    let name_end = inside.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(inside.len());
    let name = inside[..name_end].to_ascii_lowercase();
    Some((Some(Tag { name, attributes: &inside[name_end..], closing }), end + 1))
}

/// Value of an attribute, entities decoded.
fn attribute(attributes: &str, wanted: &str) -> Option<String> {
    let mut rest = attributes;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        let end = rest.find(|c: char| c.is_whitespace() || c == '=').unwrap_or(rest.len());
        if end == 0 {
            return None;
        }
        let name = &rest[..end];
        let after = rest[end..].trim_start();
        let Some(value) = after.strip_prefix('=') else {
            rest = after;
            continue;
        };
        let value = value.trim_start();
        let (value, next) = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
            _ => value.split_at(value.find(char::is_whitespace).unwrap_or(value.len())),
        };
        if name.eq_ignore_ascii_case(wanted) {
            return Some(decoded(value));
        }
        rest = next;
    }
}

/// Text with the entities that people and editors write turned into characters.
fn decoded(text: &str) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.char_indices().take(12).find(|(_, c)| *c == ';').map(|(end, _)| end);
        let known = end.and_then(|end| entity(&rest[1..end]).map(|c| (c, end + 1)));
        match known {
            Some((c, length)) => {
                out.push(c);
                rest = &rest[length..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        _ => {
            let code = name.strip_prefix('#')?;
            let number = match code.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => code.parse().ok()?,
            };
            char::from_u32(number).filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))?
        }
    })
}

/// Text as HTML carries it, in elements and in quoted attributes.
pub fn escape_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' => out.push(c),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// An address that a link in a message may lead to.
fn link(href: &str) -> Option<&str> {
    let href = href.trim();
    let lower = href.to_ascii_lowercase();
    let good = ["http://", "https://", "mailto:"].iter().any(|scheme| lower.starts_with(scheme));
    (good && !href.chars().any(char::is_control)).then_some(href)
}

/// A word such as a colour or a size, or nothing.
fn word(value: &str) -> Option<&str> {
    let plain = value.chars().all(|c| c.is_ascii_alphanumeric() || "#+-, ".contains(c));
    (plain && !value.is_empty() && value.len() <= 40).then_some(value)
}

/// A message as safe HTML: only tags of the list, closed in order, with no attributes but the address
/// of a link and the looks of a `font`. Line breaks of a message without markup become `br`.
pub fn message_html(text: &str) -> String {
    let (mut out, mut open) = (String::with_capacity(text.len()), Vec::<String>::new());
    let pieces = pieces(text);
    let breaks = |name: &str| matches!(name, "br" | "p" | "div");
    let marked = pieces.iter().any(|piece| matches!(piece, Piece::Tag(tag) if breaks(&tag.name)));
    for piece in pieces {
        let tag = match piece {
            Piece::Text(text) => {
                let text = escape_html(&decoded(text));
                out.push_str(&if marked { text } else { text.replace('\n', "<br>") });
                continue;
            }
            Piece::Tag(tag) => tag,
        };
        if tag.name == "br" {
            out.push_str("<br>");
        } else if tag.name == "li" && !tag.closing {
            // Lists are no part of what stays; their items keep their lines.
            out.push_str("<br>• ");
        } else if matches!(tag.name.as_str(), "ul" | "ol") && tag.closing {
            out.push_str("<br>");
        } else if !TAGS.contains(&tag.name.as_str()) {
            continue;
        } else if tag.closing {
            // What was opened inside ends with it.
            if let Some(at) = open.iter().rposition(|name| *name == tag.name) {
                for name in open.drain(at..).rev() {
                    out.push_str(&format!("</{name}>"));
                }
            }
        } else {
            out.push('<');
            out.push_str(&tag.name);
            if tag.name == "a"
                && let Some(href) = attribute(tag.attributes, "href")
                && let Some(href) = link(&href)
            {
                out.push_str(&format!(" href=\"{}\" rel=\"noopener noreferrer\"", escape_html(href)));
            }
            if tag.name == "font" {
                for name in ["color", "size", "face"] {
                    if let Some(value) = attribute(tag.attributes, name)
                        && let Some(value) = word(&value)
                    {
                        out.push_str(&format!(" {name}=\"{value}\""));
                    }
                }
            }
            out.push('>');
            open.push(tag.name);
        }
    }
    for name in open.iter().rev() {
        out.push_str(&format!("</{name}>"));
    }
    out
}

/// A message as plain text; links keep their address.
pub fn message_text(text: &str) -> String {
    let (mut out, mut links) = (String::with_capacity(text.len()), Vec::<Option<String>>::new());
    for piece in pieces(text) {
        match piece {
            Piece::Text(text) => out.push_str(&decoded(text)),
            Piece::Tag(tag) if tag.name == "br" => out.push('\n'),
            Piece::Tag(tag) if matches!(tag.name.as_str(), "p" | "div" | "ul" | "ol" | "li") => {
                if !out.is_empty() && !out.ends_with('\n') {
                    out.push('\n');
                }
                if tag.name == "li" && !tag.closing {
                    out.push_str("• ");
                }
            }
            Piece::Tag(tag) if tag.name == "a" && tag.closing => {
                if let Some(Some(href)) = links.pop()
                    && !out.ends_with(&href)
                {
                    out.push_str(&format!(" ({href})"));
                }
            }
            Piece::Tag(tag) if tag.name == "a" => {
                let href = attribute(tag.attributes, "href");
                links.push(href.and_then(|href| link(&href).map(str::to_owned)));
            }
            Piece::Tag(_) => {}
        }
    }
    out.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_stays_and_what_goes() {
        for (message, html, text) in [
            ("Hello", "Hello", "Hello"),
            ("one\ntwo", "one<br>two", "one\ntwo"),
            ("1 < 2 & 3 > 2", "1 &lt; 2 &amp; 3 &gt; 2", "1 < 2 & 3 > 2"),
            ("<p>one</p>\n<P class=x>two", "<p>one</p>\n<p>two</p>", "one\n\ntwo"),
            ("<i>a<u>b</i>c", "<i>a<u>b</u></i>c", "abc"),
            ("</div>x</p>", "x", "x"),
            ("a<br/>b<BR>c", "a<br>b<br>c", "a\nb\nc"),
            (
                "Read:<ul><li>one</li><li>two</li></ul>then",
                "Read:<br>• one<br>• two<br>then",
                "Read:\n• one\n• two\nthen",
            ),
            (
                "<a href='https://example.com/?a=1&amp;b=2' onclick=\"x()\">here</a>",
                "<a href=\"https://example.com/?a=1&amp;b=2\" rel=\"noopener noreferrer\">here</a>",
                "here (https://example.com/?a=1&b=2)",
            ),
            ("<a href=\"javascript:alert(1)\">x</a>", "<a>x</a>", "x"),
            ("<a href=\" java&#10;script:alert(1)\">x</a>", "<a>x</a>", "x"),
            ("<a href=data:text/html,x>x</a>", "<a>x</a>", "x"),
            ("<script>alert('<p>')</script>after", "after", "after"),
            ("<style>p{}</style>x<!-- <p>no</p> -->y", "xy", "xy"),
            ("<img src=x onerror=y><b>bold</b>", "bold", "bold"),
            (
                "<font color=\"#f00\" size=3 style='x' face=\"a;b\">r</font>",
                "<font color=\"#f00\" size=\"3\">r</font>",
                "r",
            ),
            ("<span style=\"position:fixed\">s</span>", "<span>s</span>", "s"),
            ("&lt;script&gt; &copy; &#x41;", "&lt;script&gt; &amp;copy; A", "<script> &copy; A"),
            ("<", "&lt;", "<"),
            ("<p", "&lt;p", "<p"),
            ("<script>never ends", "", ""),
        ] {
            assert_eq!(message_html(message), html, "{message}");
            assert_eq!(message_text(message), text, "{message}");
        }
    }

    /// Every tag of some HTML, with its attributes.
    fn tags(html: &str) -> Vec<&str> {
        html.split('<').skip(1).map(|part| part.split_once('>').map_or(part, |(tag, _)| tag)).collect()
    }

    proptest! {
        #[test]
        fn only_known_tags_in_order(text in "([a-z<>/\"'= &;#]|<p>|</p>|<a href=|<i>|</i>|<br>|script|javascript:|http://x){0,40}") {
            let html = message_html(&text);
            let mut open = Vec::new();
            for tag in tags(&html) {
                if let Some(name) = tag.strip_prefix('/') {
                    prop_assert_eq!(open.pop(), Some(name));
                } else if tag != "br" {
                    let name = tag.split(' ').next().unwrap_or_default();
                    prop_assert!(TAGS.contains(&name), "{} in {}", tag, html);
                    prop_assert!(tag == name || tag.starts_with("a href=\"http") || tag.starts_with("font "), "{}", tag);
                    open.push(name);
                }
            }
            prop_assert!(open.is_empty());
        }

        #[test]
        fn no_text_panics(text in ".*") {
            let _ = (message_html(&text), message_text(&text));
        }

        #[test]
        fn safe_html_stays_as_it_is(text in "[a-z<>/ ]{0,30}") {
            let html = message_html(&text);
            prop_assert_eq!(message_html(&html), html);
        }
    }
}
