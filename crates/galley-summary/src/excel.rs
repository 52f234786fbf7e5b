//! The spreadsheet: sheets for the proof, its comments and its reviewers. Texts are written as texts, so that
//! none is ever a formula; times are real dates in the reader's zone.

use crate::SummaryError;
use crate::content::{Summary, Version};
use crate::words::{clean, size, zone_name};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

/// Characters that a cell holds.
const MAX_CELL: usize = 32_000;

const INK: Color = Color::RGB(0x0017_181B);
const SOFT: Color = Color::RGB(0x0054_565D);
const LINE: Color = Color::RGB(0x00DC_DCD8);
const HEAD: Color = Color::RGB(0x0022_2B52);

/// Looks of cells.
struct Looks {
    title: Format,
    label: Format,
    head: Format,
    text: Format,
    number: Format,
    date: Format,
}

impl Looks {
    fn new() -> Looks {
        let base = Format::new().set_font_name("Calibri").set_font_size(11).set_font_color(INK);
        let cell = base
            .clone()
            .set_align(FormatAlign::Top)
            .set_border_bottom(FormatBorder::Thin)
            .set_border_bottom_color(LINE);
        Looks {
            title: base.clone().set_bold().set_font_size(18).set_align(FormatAlign::VerticalCenter),
            label: base.clone().set_font_color(SOFT).set_align(FormatAlign::Top),
            head: base
                .set_bold()
                .set_font_color(Color::White)
                .set_background_color(HEAD)
                .set_align(FormatAlign::VerticalCenter),
            text: cell.clone().set_text_wrap(),
            number: cell.clone().set_align(FormatAlign::Left),
            date: cell.set_num_format("yyyy-mm-dd hh:mm").set_align(FormatAlign::Left),
        }
    }
}

/// What stands in a cell.
enum Cell {
    Text(String),
    Number(i64),
    Time(Timestamp),
    Nothing,
}

fn text(text: &str) -> Cell {
    let text = clean(text);
    if text.is_empty() { Cell::Nothing } else { Cell::Text(text) }
}

fn number<N: TryInto<i64>>(number: N) -> Cell {
    number.try_into().map_or(Cell::Nothing, Cell::Number)
}

fn time(at: Option<Timestamp>) -> Cell {
    at.map_or(Cell::Nothing, Cell::Time)
}

/// A time as the program stores it: a date without a zone.
fn date(at: Timestamp, zone: &TimeZone) -> Result<ExcelDateTime, XlsxError> {
    let at = at.to_zoned_datetime(zone.clone()).datetime();
    let small = |n: i8| u8::try_from(n).unwrap_or(0);
    ExcelDateTime::from_ymd(u16::try_from(at.year()).unwrap_or(1900), small(at.month()), small(at.day()))?
        .and_hms(u16::try_from(at.hour()).unwrap_or(0), small(at.minute()), f64::from(at.second()))
}

struct Sheet<'s> {
    sheet: &'s mut Worksheet,
    looks: &'s Looks,
    zone: &'s TimeZone,
    row: u32,
}

impl Sheet<'_> {
    fn cell(&mut self, column: u16, cell: &Cell, format: Option<&Format>) -> Result<(), XlsxError> {
        let (row, looks) = (self.row, self.looks);
        match cell {
            Cell::Text(text) => {
                let text: String = match text.char_indices().nth(MAX_CELL) {
                    Some((end, _)) => format!("{}…", &text[..end]),
                    None => text.clone(),
                };
                self.sheet.write_string_with_format(row, column, text, format.unwrap_or(&looks.text))?;
            }
            Cell::Number(number) => {
                let format = format.unwrap_or(&looks.number);
                self.sheet.write_number_with_format(row, column, *number as f64, format)?;
            }
            Cell::Time(at) => {
                let at = date(*at, self.zone)?;
                self.sheet.write_datetime_with_format(row, column, &at, &looks.date)?;
            }
            Cell::Nothing => {
                self.sheet.write_blank(row, column, format.unwrap_or(&looks.text))?;
            }
        }
        Ok(())
    }

    fn line(&mut self, cells: &[Cell]) -> Result<(), XlsxError> {
        for (column, cell) in (0..).zip(cells) {
            self.cell(column, cell, None)?;
        }
        self.row += 1;
        Ok(())
    }

    /// A head that stays in sight, with filters over the rows below.
    fn table(&mut self, columns: &[(&str, f64)], rows: &[Vec<Cell>]) -> Result<(), XlsxError> {
        for (column, (name, width)) in (0..).zip(columns) {
            self.sheet.set_column_width(column, *width)?;
            self.sheet.write_string_with_format(0, column, *name, &self.looks.head)?;
        }
        self.sheet.set_row_height(0, 24)?;
        self.sheet.set_freeze_panes(1, 0)?;
        self.row = 1;
        for row in rows {
            self.line(row)?;
        }
        let last = u16::try_from(columns.len().saturating_sub(1)).unwrap_or(0);
        self.sheet.autofilter(0, 0, self.row.saturating_sub(1).max(1), last)?;
        self.sheet.set_landscape().set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
        Ok(())
    }
}

/// The whole file.
///
/// # Errors
/// [`SummaryError::Excel`] when it cannot be put together: more rows than a sheet has.
pub fn write_excel(summary: &Summary) -> Result<Vec<u8>, SummaryError> {
    workbook(summary).map_err(|error| SummaryError::Excel(error.to_string()))
}

fn workbook(summary: &Summary) -> Result<Vec<u8>, XlsxError> {
    let (looks, zone) = (Looks::new(), &summary.zone);
    let several = summary.versions.len() > 1;
    let mut book = Workbook::new();
    let title = summary.versions.first().map(|version| clean(&version.name)).unwrap_or_default();
    let made = date(summary.made_at, &TimeZone::UTC)?;
    let author: String = clean(&summary.asked_by).chars().take(200).collect();
    let title: String = title.chars().take(200).collect();
    let properties = DocProperties::new().set_title(title).set_author(author).set_creation_datetime(&made);
    book.set_properties(&properties);

    let sheet = book.add_worksheet().set_name("Summary")?;
    sheet.set_column_width(0, 20)?.set_column_width(1, 70)?;
    sheet.set_screen_gridlines(false).set_print_fit_to_pages(1, 0);
    let mut sheet = Sheet { sheet, looks: &looks, zone, row: 0 };
    for version in &summary.versions {
        facts(&mut sheet, summary, version)?;
        sheet.row += 1;
    }

    let sheet = book.add_worksheet().set_name("Comments")?;
    let mut sheet = Sheet { sheet, looks: &looks, zone, row: 0 };
    let rows: Vec<Vec<Cell>> =
        summary.versions.iter().flat_map(|version| comments(version, several)).collect();
    let mut columns = vec![
        ("No.", 7.0),
        ("Page", 8.0),
        ("Kind", 11.0),
        ("Author", 24.0),
        ("E-mail", 30.0),
        ("Date", 18.0),
        ("Comment", 70.0),
        ("Reply to", 10.0),
        ("Action", 16.0),
        ("Status", 12.0),
        ("Resolved by", 22.0),
        ("Markups", 11.0),
    ];
    if several {
        columns.insert(0, ("Version", 10.0));
    }
    sheet.table(&columns, &rows)?;

    let sheet = book.add_worksheet().set_name("Reviewers")?;
    let mut sheet = Sheet { sheet, looks: &looks, zone, row: 0 };
    let rows: Vec<Vec<Cell>> =
        summary.versions.iter().flat_map(|version| reviewers(version, several)).collect();
    let mut columns = vec![
        ("Stage", 22.0),
        ("Name", 26.0),
        ("E-mail", 32.0),
        ("Role", 22.0),
        ("Progress", 14.0),
        ("Decision", 24.0),
        ("Decided", 18.0),
        ("Comments", 12.0),
        ("Replies", 10.0),
    ];
    if several {
        columns.insert(0, ("Version", 10.0));
    }
    sheet.table(&columns, &rows)?;
    book.save_to_buffer()
}

fn facts(sheet: &mut Sheet<'_>, summary: &Summary, version: &Version) -> Result<(), XlsxError> {
    let looks = sheet.looks;
    sheet.sheet.set_row_height(sheet.row, 30)?;
    sheet.cell(0, &text(&version.name), Some(&looks.title))?;
    sheet.row += 1;
    let decision = version.decision.as_ref().map(|decision| decision.label.as_str()).unwrap_or_default();
    let decided = format!("{} of {}", version.decisions_made, version.decisions_required);
    let zone = zone_name(summary.made_at, &summary.zone);
    let rows: Vec<(&str, Cell)> = vec![
        ("Version", number(version.number)),
        ("Decision", text(decision)),
        ("Decisions made", text(&decided)),
        ("Deadline", time(version.deadline)),
        ("State", text(version.state)),
        ("Folder", text(version.folder.as_deref().unwrap_or_default())),
        ("Owner", text(&version.owner)),
        ("File", text(&version.file_name)),
        ("Size", text(&size(version.size))),
        ("Pages", number(version.pages)),
        ("Uploaded", time(Some(version.created_at))),
        ("Comments", number(version.comments.len())),
        ("Open comments", number(version.open_comments())),
        ("Account", text(&summary.account)),
        ("Summary for", text(&summary.asked_by)),
        ("Made", time(Some(summary.made_at))),
        ("Times are in", text(&zone)),
    ];
    for (label, cell) in rows {
        sheet.sheet.write_string_with_format(sheet.row, 0, label, &looks.label)?;
        sheet.cell(1, &cell, None)?;
        sheet.row += 1;
    }
    Ok(())
}

fn comments(version: &Version, several: bool) -> Vec<Vec<Cell>> {
    let mut rows = Vec::new();
    for comment in &version.comments {
        let (status, by) = match &comment.resolved_by {
            Some(by) => ("Resolved", by.as_str()),
            None => ("Open", ""),
        };
        let page = || match &comment.place {
            Some(place) => text(place),
            None => comment.page.map_or(Cell::Nothing, number),
        };
        let mut row = vec![
            number(comment.number),
            page(),
            text("Comment"),
            text(&comment.author),
            text(&comment.email),
            time(Some(comment.created_at)),
            text(&comment.text),
            Cell::Nothing,
            text(comment.action.as_deref().unwrap_or_default()),
            text(status),
            text(by),
            number(comment.marks.len()),
        ];
        if several {
            row.insert(0, number(version.number));
        }
        rows.push(row);
        for reply in &comment.replies {
            let mut row = vec![
                Cell::Nothing,
                page(),
                text("Reply"),
                text(&reply.author),
                text(&reply.email),
                time(Some(reply.created_at)),
                text(&reply.text),
                number(comment.number),
                Cell::Nothing,
                Cell::Nothing,
                Cell::Nothing,
                Cell::Nothing,
            ];
            if several {
                row.insert(0, number(version.number));
            }
            rows.push(row);
        }
    }
    rows
}

fn reviewers(version: &Version, several: bool) -> Vec<Vec<Cell>> {
    let people = version.stages.iter().flat_map(|stage| stage.reviewers.iter().map(move |one| (stage, one)));
    let row = |(stage, one): (&crate::content::Stage, &crate::content::Reviewer)| {
        let decision = one.decision.as_ref().map(|decision| decision.label.as_str()).unwrap_or_default();
        let mut row = vec![
            text(&stage.name),
            text(&one.name),
            text(&one.email),
            text(&if one.primary { format!("{}, primary", one.role) } else { one.role.clone() }),
            text(one.progress),
            text(decision),
            time(one.decided_at),
            number(one.comments),
            number(one.replies),
        ];
        if several {
            row.insert(0, number(version.number));
        }
        row
    };
    people.map(row).collect()
}
