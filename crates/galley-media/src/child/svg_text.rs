//! The words of an SVG, from the text nodes and where they were laid out.

use resvg::usvg::{Group, Node, Text, Tree};

use crate::page::{PageText, Word};

/// Words of a picture; a drawing with more is a document in disguise.
const MAX_WORDS: usize = 20_000;

/// Words in the order of the file, each node a line of its own.
pub(super) fn of(tree: &Tree) -> PageText {
    let (width, height) = (tree.size().width(), tree.size().height());
    let mut words = Vec::new();
    let mut line = 0;
    walk(tree.root(), &mut |text| {
        if words.len() < MAX_WORDS {
            words_of(text, line, (width, height), &mut words);
            line += 1;
        }
    });
    PageText { words, links: Vec::new() }
}

fn walk(group: &Group, found: &mut dyn FnMut(&Text)) {
    for node in group.children() {
        match node {
            Node::Group(group) => walk(group, found),
            Node::Text(text) => found(text),
            _ => {}
        }
    }
}

/// The box of a node is known exactly; words share its width by how many characters they have.
fn words_of(text: &Text, line: u32, (width, height): (f32, f32), words: &mut Vec<Word>) {
    let all: String = text.chunks().iter().map(|chunk| chunk.text()).collect::<Vec<_>>().join(" ");
    let total = all.chars().count() as f32;
    let place = text.abs_bounding_box();
    let mut at = 0;
    for part in all.split(char::is_whitespace) {
        let length = part.chars().count();
        if length > 0 {
            let (x, w) = (at as f32 / total * place.width(), length as f32 / total * place.width());
            words.push(Word {
                t: part.to_owned(),
                x: ((place.x() + x) / width).clamp(0.0, 1.0),
                y: (place.y() / height).clamp(0.0, 1.0),
                w: (w / width).clamp(0.0, 1.0),
                h: (place.height() / height).clamp(0.0, 1.0),
                l: line,
            });
        }
        at += length + 1;
    }
}
