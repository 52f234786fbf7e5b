//! The first sheet of a version: what it is, where it stands, who is on it.

use super::book::{BOTTOM, Book, MARGIN, TOP, WIDTH, colors};
use super::canvas::{Area, FAINT, GREY_SOFT, INK, PAPER, RED, SHEET, SOFT};
use super::text::{bold, regular};
use crate::SummaryError;
use crate::content::{Reviewer, Stage, Version};
use crate::words::{counted, moment, short_moment, size};
use std::io::Write;

const THUMBNAIL: (f32, f32) = (196.0, 216.0);
/// Height of a row of the table of people.
const ROW: f32 = 25.0;
/// Columns of that table: name, role, progress, decision, when, comments.
const COLUMNS: [(f32, f32); 6] =
    [(0.0, 230.0), (240.0, 130.0), (376.0, 80.0), (462.0, 140.0), (608.0, 110.0), (722.0, 48.0)];

impl<W: Write> Book<'_, W> {
    pub fn cover(&mut self, index: usize) -> Result<(), SummaryError> {
        let summary = self.summary;
        let Some(version) = summary.versions.get(index) else { return Ok(()) };
        let several = summary.versions.len() > 1;
        let mark = if several { format!("Version {}", version.number) } else { "Summary".to_owned() };
        self.sheet(index, Some(mark))?;
        let picture = self.picture(index, 1)?;
        let frame = Area { x: SHEET.0 - MARGIN - THUMBNAIL.0, y: TOP + 2.0, w: THUMBNAIL.0, h: THUMBNAIL.1 };
        let inside = Area { x: frame.x + 12.0, y: frame.y + 12.0, w: frame.w - 24.0, h: frame.h - 24.0 };
        self.on().fill_rounded(frame, 6.0, PAPER);
        let scale = picture.map_or(1.0, |p| (inside.w / p.size.0).min(inside.h / p.size.1));
        let high = picture.map_or(inside.w * 0.75, |p| p.size.1 * scale);
        self.place(picture, Area { y: inside.y + (inside.h - high).max(0.0) / 2.0, ..inside });

        let room = WIDTH - THUMBNAIL.0 - 28.0;
        let mut y = TOP + 20.0;
        for line in self.text.lines(&version.name, bold(22.0), room, 3) {
            self.on().text(&line, MARGIN, y, INK);
            y += 27.0;
        }
        let under = format!(
            "Version {}  ·  {}  ·  {}",
            version.number,
            counted(version.pages as usize, "page"),
            counted(version.comments.len(), "comment")
        );
        let under = self.text.line(&under, regular(10.5), room);
        self.on().text(&under, MARGIN, y - 6.0, SOFT);
        y += 8.0;
        y = self.decision(version, y);
        let facts_end = self.facts(version, y + 14.0, room);
        self.people(index, version, facts_end.max(frame.y + frame.h) + 26.0)
    }

    /// What was decided over all; where it ends.
    fn decision(&mut self, version: &Version, y: f32) -> f32 {
        let Some(verdict) = &version.decision else {
            let note = self.text.line("No decision is asked for", regular(10.0), WIDTH / 2.0);
            self.on().text(&note, MARGIN, y + 12.0, FAINT);
            return y + 20.0;
        };
        let width = self.chip(&verdict.label, 11.0, (MARGIN, y), colors(verdict));
        let made = format!("{} of {} decisions made", version.decisions_made, version.decisions_required);
        let made = self.text.line(&made, regular(9.5), WIDTH / 3.0);
        self.on().text(&made, MARGIN + width + 10.0, y + 14.0, SOFT);
        y + 21.0
    }

    /// Names and values in three columns; where they end.
    fn facts(&mut self, version: &Version, y: f32, room: f32) -> f32 {
        let zone = &self.summary.zone;
        let open = version.open_comments();
        let comments = match (version.comments.len(), open) {
            (0, _) => "None".to_owned(),
            (all, 0) => format!("{all}, all resolved"),
            (all, open) if open == all => format!("{all}, all open"),
            (all, open) => format!("{all}, {open} open"),
        };
        let late = if version.late { " (late)" } else { "" };
        let facts = [
            ("Owner", version.owner.clone()),
            ("Folder", version.folder.clone().unwrap_or_else(|| "–".to_owned())),
            ("Deadline", version.deadline.map_or("–".to_owned(), |at| moment(at, zone) + late)),
            ("File", version.file_name.clone()),
            ("Size", size(version.size)),
            ("Uploaded", moment(version.created_at, zone)),
            ("State", version.state.to_owned()),
            ("Comments", comments),
        ];
        let column = room / 3.0;
        for (at, (name, value)) in facts.iter().enumerate() {
            let (x, y) = (MARGIN + column * (at % 3) as f32, y + 33.0 * (at / 3) as f32);
            let name_line = self.text.line(name, regular(7.5), column - 12.0);
            let value = self.text.line(value, regular(9.5), column - 12.0);
            let color = if *name == "Deadline" && version.late { RED } else { INK };
            let canvas = self.on();
            canvas.text(&name_line, x, y + 8.0, FAINT);
            canvas.text(&value, x, y + 21.0, color);
        }
        y + 33.0 * 3.0
    }

    /// Stages with their people.
    fn people(&mut self, index: usize, version: &Version, mut y: f32) -> Result<(), SummaryError> {
        for stage in
            version.stages.iter().filter(|stage| !stage.reviewers.is_empty() || !stage.name.is_empty())
        {
            if y + 46.0 + ROW > BOTTOM {
                self.sheet(index, None)?;
                y = TOP;
            }
            y = self.stage_head(stage, y);
            for (at, one) in stage.reviewers.iter().enumerate() {
                if y + ROW > BOTTOM {
                    if !self.room() {
                        return Ok(());
                    }
                    self.sheet(index, None)?;
                    y = self.stage_head(stage, TOP);
                }
                if at > 0 {
                    self.on().rule(MARGIN, y, WIDTH);
                }
                self.person(one, y);
                y += ROW;
            }
            y += 18.0;
        }
        Ok(())
    }

    fn stage_head(&mut self, stage: &Stage, y: f32) -> f32 {
        let named = !stage.name.is_empty();
        let name = if named { stage.name.as_str() } else { "Reviewers" };
        let line = self.text.line(name, bold(12.0), WIDTH / 2.0);
        self.on().text(&line, MARGIN, y + 12.0, INK);
        let mut x = MARGIN + line.width + 10.0;
        if named {
            if let Some(verdict) = &stage.decision {
                x += self.chip(&verdict.label, 8.0, (x, y), colors(verdict)) + 6.0;
            }
            if stage.private {
                self.chip("Private", 8.0, (x, y), (SOFT, GREY_SOFT));
            }
            let mut about = vec![stage.state.to_owned()];
            if let Some(at) = stage.deadline {
                about.push(format!("due {}", short_moment(at, &self.summary.zone)));
            }
            let about = self.text.line(&about.join("  ·  "), regular(8.5), WIDTH / 2.0);
            self.on().text_before(&about, SHEET.0 - MARGIN, y + 11.0, SOFT);
        }
        let y = y + 22.0;
        self.on().fill_rounded(Area { x: MARGIN - 6.0, y, w: WIDTH + 12.0, h: 17.0 }, 3.0, PAPER);
        let heads = ["Name", "Role", "Progress", "Decision", "Decided", "Comments"];
        for ((x, w), head) in COLUMNS.into_iter().zip(heads) {
            let line = self.text.line(head, bold(7.5), w);
            self.on().text(&line, MARGIN + x, y + 11.5, SOFT);
        }
        y + 17.0
    }

    fn person(&mut self, one: &Reviewer, y: f32) {
        let [name, role, progress, decision, when, comments] = COLUMNS;
        let named = !one.name.is_empty() && one.name != one.email;
        let first = if named { &one.name } else { &one.email };
        let line = self.text.line(first, bold(9.0), name.1);
        let (first_y, email) = if named {
            (y + 11.0, Some(self.text.line(&one.email, regular(7.5), name.1)))
        } else {
            (y + 15.5, None)
        };
        self.on().text(&line, MARGIN + name.0, first_y, INK);
        if let Some(email) = email {
            self.on().text(&email, MARGIN + name.0, y + 20.5, FAINT);
        }
        let as_what = if one.primary { format!("{}, primary", one.role) } else { one.role.clone() };
        let zone = &self.summary.zone;
        let at = one.decided_at.map(|at| short_moment(at, zone)).unwrap_or_default();
        let written = match (one.comments, one.replies) {
            (0, 0) => "–".to_owned(),
            (comments, 0) => comments.to_string(),
            (comments, replies) => format!("{comments} + {replies}"),
        };
        let cells = [
            (role, as_what.as_str()),
            (progress, one.progress),
            (when, at.as_str()),
            (comments, written.as_str()),
        ];
        for ((x, w), text) in cells {
            let line = self.text.line(text, regular(8.5), w);
            self.on().text(&line, MARGIN + x, y + 15.5, SOFT);
        }
        if let Some(verdict) = &one.decision {
            self.chip(&verdict.label, 8.0, (MARGIN + decision.0, y + 4.5), colors(verdict));
        }
    }
}
