//! What a page consists of, whatever it is written as.

/// A page of the reference.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// Last part of its address, and its file name; empty for the first page.
    pub slug: String,
    /// Its heading.
    pub title: String,
    /// What follows.
    pub blocks: Vec<Block>,
}

/// A part of a page.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A heading, of level 2 or 3, with a name to link to.
    Heading(u8, String, String),
    /// A paragraph.
    Text(Vec<Span>),
    /// Points.
    List(Vec<Vec<Span>>),
    /// Column names and rows.
    Table(Vec<&'static str>, Vec<Vec<Vec<Span>>>),
    /// A caption and a message.
    Code(String, String),
}

/// A piece of running text.
#[derive(Debug, Clone, PartialEq)]
pub enum Span {
    /// Plain text.
    Plain(String),
    /// A name of the wire.
    Code(String),
    /// A place on a page of the reference: page, place, text.
    Link(String, String, String),
}

/// Text in which backquotes mark names of the wire.
pub fn text(source: &str) -> Vec<Span> {
    let pieces = source.split('`').enumerate();
    let pieces = pieces.filter(|(_, piece)| !piece.is_empty());
    pieces
        .map(|(at, piece)| match at % 2 {
            0 => Span::Plain(piece.to_owned()),
            _ => Span::Code(piece.to_owned()),
        })
        .collect()
}

/// A paragraph.
pub fn paragraph(source: &str) -> Block {
    Block::Text(text(source))
}

/// A heading to which nothing but its own name leads.
pub fn heading(level: u8, title: &str) -> Block {
    Block::Heading(level, slug(title), title.to_owned())
}

/// A title as a part of an address.
pub fn slug(title: &str) -> String {
    let mut slug = String::new();
    for word in title.split(|one: char| !one.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        if !slug.is_empty() {
            slug.push('-');
        }
        slug.push_str(&word.to_ascii_lowercase());
    }
    slug
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backquotes_mark_names() {
        let expected = [Span::Plain("Sent as ".into()), Span::Code("Hash".into()), Span::Plain(".".into())];
        assert_eq!(text("Sent as `Hash`."), expected);
        assert_eq!(text("`a`"), [Span::Code("a".into())]);
    }

    #[test]
    fn titles_become_addresses() {
        assert_eq!(slug("Users & profiles"), "users-profiles");
    }
}
