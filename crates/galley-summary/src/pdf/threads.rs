//! Comments with their replies, flowing through columns from sheet to sheet.

use super::book::{BOTTOM, Book, MARGIN, TOP, WIDTH};
use super::canvas::{ACCENT, ACCENT_SOFT, Area, Color, FAINT, GREEN, GREEN_SOFT, INK, RULE, SHEET, WHITE};
use super::marks::{Marked, dark, size};
use super::pages_shown;
use super::text::{Line, bold, regular};
use crate::SummaryError;
use crate::content::Comment;
use crate::words::{counted, short_moment};
use std::io::Write;

/// Width of the picture of a page.
const PICTURE: f32 = 400.0;
/// Space between columns.
const GAP: f32 = 26.0;
/// Where text begins beside the number of its comment.
const INDENT: f32 = 24.0;
/// Lines of one text; a comment has at most 20,000 characters.
const MAX_LINES: usize = 4000;

/// What is drawn of a comment, from the top: heights in points, positions in the column.
struct Row {
    height: f32,
    /// Stays with what follows.
    keep: bool,
    draw: Vec<Draw>,
}

enum Draw {
    Text {
        line: Line,
        x: f32,
        y: f32,
        color: Color,
    },
    TextBefore {
        line: Line,
        x: f32,
        y: f32,
        color: Color,
    },
    Number {
        number: i64,
        color: Color,
    },
    Chip {
        text: String,
        x: f32,
        ink: Color,
        ground: Color,
    },
    /// A line down the whole row.
    Bar {
        x: f32,
    },
    /// A line across.
    Rule,
}

/// What comments are about, and where they go.
struct Section<'s> {
    version: usize,
    /// A page; none for the version as a whole.
    page: Option<u32>,
    title: String,
    about: String,
    columns: &'s [f32],
    width: f32,
}

impl<W: Write> Book<'_, W> {
    pub fn threads(&mut self, index: usize) -> Result<(), SummaryError> {
        let summary = self.summary;
        let Some(version) = summary.versions.get(index) else { return Ok(()) };
        let half = (WIDTH - GAP) / 2.0;
        let of = |page: Option<u32>| -> Vec<&Comment> {
            version.comments.iter().filter(|comment| comment.page == page).collect()
        };
        let general = of(None);
        if !general.is_empty() {
            let section = Section {
                version: index,
                page: None,
                title: "General comments".to_owned(),
                about: about(&general),
                columns: &[MARGIN, MARGIN + half + GAP],
                width: half,
            };
            self.section(&section, &general)?;
        }
        let x = MARGIN + PICTURE + GAP;
        for page in pages_shown(version) {
            let comments = of(Some(page));
            let section = Section {
                version: index,
                page: Some(page),
                title: comments
                    .iter()
                    .find_map(|comment| comment.place.clone())
                    .unwrap_or_else(|| format!("Page {page}")),
                about: about(&comments),
                columns: &[x],
                width: SHEET.0 - MARGIN - x,
            };
            self.section(&section, &comments)?;
        }
        Ok(())
    }

    fn section(&mut self, section: &Section<'_>, comments: &[&Comment]) -> Result<(), SummaryError> {
        if !self.room() {
            return Ok(());
        }
        self.open(section, false)?;
        let (mut column, mut y) = (0, TOP + 34.0);
        let mut on_sheet: Vec<&Comment> = Vec::new();
        for &comment in comments {
            let rows = self.rows(comment, section.width);
            let mut at = 0;
            on_sheet.push(comment);
            while at < rows.len() {
                let group =
                    rows[at..].iter().position(|row| !row.keep).map_or(rows.len() - at, |last| last + 1);
                let height: f32 = rows[at..at + group].iter().map(|row| row.height).sum();
                if y + height > BOTTOM && y > TOP + 34.0 {
                    column += 1;
                    y = TOP + 34.0;
                    if column == section.columns.len() {
                        if at == 0 {
                            on_sheet.pop();
                        }
                        self.close(section, &on_sheet)?;
                        if !self.room() {
                            return self.shortened(section);
                        }
                        self.open(section, true)?;
                        (column, on_sheet) = (0, vec![comment]);
                    }
                }
                for row in &rows[at..at + group] {
                    self.draw(row, section.columns[column], section.width, y);
                    y += row.height;
                }
                at += group;
            }
        }
        self.close(section, &on_sheet)
    }

    /// Begins a sheet of a section.
    fn open(&mut self, section: &Section<'_>, again: bool) -> Result<(), SummaryError> {
        let several = self.summary.versions.len() > 1;
        let number = self.summary.versions.get(section.version).map_or(0, |version| version.number);
        let mark = match (again, several) {
            (true, _) => None,
            (false, true) => Some(format!("Version {number}: {}", section.title)),
            (false, false) => Some(section.title.clone()),
        };
        self.sheet(section.version, mark)?;
        let title = if again { format!("{}, continued", section.title) } else { section.title.clone() };
        let title = self.text.line(&title, bold(14.0), WIDTH / 2.0);
        let about = self.text.line(&section.about, regular(9.0), WIDTH / 2.0);
        let canvas = self.on();
        canvas.text(&title, MARGIN, TOP + 12.0, INK);
        canvas.text(&about, MARGIN + title.width + 10.0, TOP + 12.0, FAINT);
        Ok(())
    }

    /// Puts the page of a section beside its comments, with what those on this sheet drew.
    fn close(&mut self, section: &Section<'_>, comments: &[&Comment]) -> Result<(), SummaryError> {
        let Some(page) = section.page else { return Ok(()) };
        let shown = self.picture(section.version, page)?;
        let area = Area { x: MARGIN, y: TOP + 28.0, w: PICTURE, h: BOTTOM - TOP - 28.0 };
        let place = self.place(shown, area);
        let Some(shown) = shown else { return Ok(()) };
        let marked: Vec<Marked<'_>> = comments
            .iter()
            .map(|comment| Marked {
                number: comment.number,
                resolved: comment.resolved_by.is_some(),
                marks: comment.marks.iter().filter(|mark| mark.page == page).collect(),
            })
            .collect();
        self.marks(&marked, place, shown.page_width);
        Ok(())
    }

    /// Says that there is more than the file shows.
    fn shortened(&mut self, section: &Section<'_>) -> Result<(), SummaryError> {
        self.sheet(section.version, Some("Left out".to_owned()))?;
        let text = "This summary has reached its largest size. The comments that follow are left out; the Excel \
                    summary has them all.";
        for (line, y) in self.text.lines(text, regular(11.0), WIDTH / 2.0, 9).iter().zip(0i16..) {
            self.on().text(line, MARGIN, TOP + 20.0 + 15.0 * f32::from(y), INK);
        }
        Ok(())
    }

    fn rows(&mut self, comment: &Comment, width: f32) -> Vec<Row> {
        let zone = self.summary.zone.clone();
        // The number looks as it does on the page.
        let drawn = comment.marks.first().map_or(ACCENT, |mark| dark(mark.color));
        let color = if comment.resolved_by.is_some() { FAINT } else { drawn };
        let mut when = short_moment(comment.created_at, &zone);
        if comment.edited {
            when.push_str(", edited");
        }
        let mut rows = vec![self.head(&comment.author, &when, INDENT, width, bold(9.5))];
        rows[0].draw.push(Draw::Number { number: comment.number, color });
        let mut chips = Vec::new();
        let mut x = INDENT;
        if let Some(action) = &comment.action {
            chips.push(Draw::Chip { text: action.clone(), x, ink: ACCENT, ground: ACCENT_SOFT });
            x += self.text.line(action, bold(7.5), WIDTH / 3.0).width + 16.0;
        }
        if let Some(by) = &comment.resolved_by {
            let text = if by.is_empty() { "Resolved".to_owned() } else { format!("Resolved by {by}") };
            let room = width - x - 12.0;
            if room > 60.0 {
                chips.push(Draw::Chip { text, x, ink: GREEN, ground: GREEN_SOFT });
            }
        }
        if !chips.is_empty() {
            rows.push(Row { height: 19.0, keep: true, draw: chips });
        }
        if comment.text.trim().is_empty() {
            let line = self.text.line("Drawing without a text", regular(9.5), width - INDENT);
            rows.push(plain(line, INDENT, 13.5, FAINT));
        } else {
            self.body(&comment.text, INDENT, width, 9.5, 13.5, &mut rows);
        }
        for reply in &comment.replies {
            rows.push(Row { height: 5.0, keep: true, draw: Vec::new() });
            let start = rows.len();
            let when = short_moment(reply.created_at, &zone);
            rows.push(self.head(&reply.author, &when, INDENT + 10.0, width, bold(8.5)));
            self.body(&reply.text, INDENT + 10.0, width, 9.0, 12.5, &mut rows);
            for row in &mut rows[start..] {
                row.draw.push(Draw::Bar { x: INDENT + 1.0 });
            }
        }
        // A first line alone at the end of a column looks lost; so does a last one.
        rows.push(Row { height: 17.0, keep: false, draw: vec![Draw::Rule] });
        let last = rows.len() - 2;
        rows[last].keep = rows.len() > 2;
        rows
    }

    fn head(&mut self, author: &str, when: &str, x: f32, width: f32, style: super::text::Style) -> Row {
        let when = self.text.line(when, regular(8.0), 140.0);
        let author = self.text.line(author, style, (width - x - when.width - 8.0).max(40.0));
        let draw = vec![
            Draw::Text { line: author, x, y: 11.0, color: INK },
            Draw::TextBefore { line: when, x: width, y: 11.0, color: FAINT },
        ];
        Row { height: 17.0, keep: true, draw }
    }

    fn body(&mut self, text: &str, x: f32, width: f32, size: f32, leading: f32, rows: &mut Vec<Row>) {
        for line in self.text.lines(text.trim_end(), regular(size), width - x, MAX_LINES) {
            let x = if line.rtl { width - line.width } else { x };
            rows.push(plain(line, x, leading, INK));
        }
    }

    fn draw(&mut self, row: &Row, left: f32, width: f32, top: f32) {
        for draw in &row.draw {
            match draw {
                Draw::Text { line, x, y, color } => self.on().text(line, left + x, top + y, *color),
                Draw::TextBefore { line, x, y, color } => {
                    self.on().text_before(line, left + x, top + y, *color);
                }
                Draw::Number { number, color } => {
                    let line = self.text.line(&number.to_string(), bold(size(*number) + 0.5), 40.0);
                    let canvas = self.on();
                    canvas.disc(left + 8.0, top + 8.0, 8.0, *color);
                    canvas.text_around(&line, left + 8.0, top + 8.0 + (size(*number) + 0.5) * 0.36, WHITE);
                }
                Draw::Chip { text, x, ink, ground } => {
                    self.chip(text, 7.5, (left + x, top), (*ink, *ground));
                }
                Draw::Bar { x } => {
                    self.on().fill(Area { x: left + x, y: top, w: 1.5, h: row.height }, RULE);
                }
                Draw::Rule => self.on().rule(left, top + 8.0, width),
            }
        }
    }
}

fn plain(line: Line, x: f32, height: f32, color: Color) -> Row {
    Row { height, keep: false, draw: vec![Draw::Text { line, x, y: height - 4.0, color }] }
}

fn about(comments: &[&Comment]) -> String {
    let open = comments.iter().filter(|comment| comment.resolved_by.is_none()).count();
    let all = counted(comments.len(), "comment");
    match open {
        0 => format!("{all}, all resolved"),
        open if open == comments.len() => all,
        open => format!("{all}, {open} open"),
    }
}
