//! What reviewers drew, as the text of `drawing_xml`.
//!
//! The original never documented its own form. This one is a document of its own:
//!
//! ```xml
//! <drawing>
//!   <rectangle page="1" x1="0.1" y1="0.2" x2="0.5" y2="0.6" color="#ff0000" width="2" opacity="1"/>
//!   <freehand page="2" points="0.1,0.1 0.2,0.15" color="#ff0000" width="2" opacity="1"/>
//! </drawing>
//! ```
//!
//! Elements are called `rectangle`, `highlight` (two opposite corners), `arrow` (tail, then head), `line`
//! (two ends), `pin` (`x1` and `y1` only) and `freehand` (`points`, two or more). Pages count from 1,
//! coordinates are fractions of the page's width and height from its top left corner, `width` is the
//! width of the line in CSS pixels at 100 %, `opacity` goes from 0 to 1.

use std::fmt::Write;

use galley_model::{Markup, MarkupKind};

/// The document, without white space between elements; empty when nothing was drawn.
pub(crate) fn xml(markups: &[Markup]) -> String {
    if markups.is_empty() {
        return String::new();
    }
    let mut out = String::from("<drawing>");
    for markup in markups {
        // Writing to a string cannot fail.
        let _ = write!(out, "<{} page=\"{}\"", markup.kind.as_str(), markup.page);
        if markup.kind == MarkupKind::Freehand {
            let points: Vec<String> = markup.points.iter().map(|[x, y]| format!("{x},{y}")).collect();
            let _ = write!(out, " points=\"{}\"", points.join(" "));
        } else {
            for ([x, y], number) in markup.points.iter().zip(1..) {
                let _ = write!(out, " x{number}=\"{x}\" y{number}=\"{y}\"");
            }
        }
        // Colours are checked to be #rrggbb before they are kept.
        let _ = write!(
            out,
            " color=\"{}\" width=\"{}\" opacity=\"{}\"/>",
            markup.color, markup.width, markup.opacity
        );
    }
    out.push_str("</drawing>");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tool_has_its_element() {
        let markup = |kind, points: &[[f64; 2]]| Markup {
            kind,
            page: 3,
            points: points.to_vec(),
            color: "#00ff00".to_owned(),
            width: 2.5,
            opacity: 1.0,
        };
        let style = "color=\"#00ff00\" width=\"2.5\" opacity=\"1\"/>";
        assert_eq!(xml(&[]), "");
        assert_eq!(
            xml(&[
                markup(MarkupKind::Rectangle, &[[0.1, 0.25], [1.0, 0.0]]),
                markup(MarkupKind::Pin, &[[0.5, 0.5]]),
                markup(MarkupKind::Freehand, &[[0.0, 0.0], [0.1, 0.2], [0.3, 0.4]]),
            ]),
            format!(
                "<drawing><rectangle page=\"3\" x1=\"0.1\" y1=\"0.25\" x2=\"1\" y2=\"0\" {style}\
                 <pin page=\"3\" x1=\"0.5\" y1=\"0.5\" {style}\
                 <freehand page=\"3\" points=\"0,0 0.1,0.2 0.3,0.4\" {style}</drawing>"
            )
        );
    }
}
