//! The sheets of a file, one after the other, and what they share.

use super::Pictures;
use super::canvas::{ACCENT, Area, Canvas, FAINT, GREY_SOFT, INK, SHEET, SOFT, font_name, image_name};
use super::embed::{deflate, embed};
use super::file::Objects;
use super::image::Image;
use super::text::{Typesetter, bold, regular};
use crate::content::{Summary, Tone, Verdict};
use crate::fonts::Library;
use crate::words::{moment, zone_name};
use crate::{SUMMARY_LIMITS, SummaryError};
use pdf_writer::{Content, Filter, Finish, Name, Rect, Ref, TextStr};
use std::collections::{BTreeMap, HashMap};
use std::io::Write;

/// Space around what is on a sheet.
pub(super) const MARGIN: f32 = 36.0;
/// Where the content of a sheet begins.
pub(super) const TOP: f32 = 64.0;
/// Where it ends.
pub(super) const BOTTOM: f32 = SHEET.1 - 46.0;
/// Width of the content.
pub(super) const WIDTH: f32 = SHEET.0 - 2.0 * MARGIN;

/// The picture of a page in the file.
#[derive(Clone, Copy)]
pub(super) struct Shown {
    pub id: Ref,
    /// Pixels.
    pub size: (f32, f32),
    /// Width of the page in CSS pixels.
    pub page_width: f32,
}

pub(super) struct Book<'b, W> {
    pub summary: &'b Summary,
    pub text: Typesetter<'b>,
    pub canvas: Option<Canvas>,
    objects: Objects<W>,
    pictures: &'b mut dyn Pictures,
    shown: HashMap<(usize, u32), Option<Shown>>,
    picture_bytes: usize,
    sheets: Vec<Ref>,
    outline: Vec<(String, Ref)>,
    root: Ref,
    fonts: Vec<Ref>,
    opacities: BTreeMap<u8, Ref>,
    /// A form that says how many sheets there are.
    count: Ref,
}

impl<'b, W: Write> Book<'b, W> {
    pub fn new(
        out: W,
        summary: &'b Summary,
        pictures: &'b mut dyn Pictures,
        library: &'b Library,
    ) -> Result<Book<'b, W>, SummaryError> {
        let mut objects = Objects::new(out)?;
        let text = Typesetter::new(library);
        let (root, count) = (objects.id(), objects.id());
        let fonts = text.fonts.iter().map(|_| objects.id()).collect();
        Ok(Book {
            summary,
            text,
            canvas: None,
            objects,
            pictures,
            shown: HashMap::new(),
            picture_bytes: 0,
            sheets: Vec::new(),
            outline: Vec::new(),
            root,
            fonts,
            opacities: BTreeMap::new(),
            count,
        })
    }

    /// The sheet at hand.
    pub fn on(&mut self) -> &mut Canvas {
        self.canvas.get_or_insert_with(Canvas::new)
    }

    /// There is room for more sheets.
    pub fn room(&self) -> bool {
        self.sheets.len() < SUMMARY_LIMITS.sheets
    }

    /// Ends the sheet at hand and begins another with a head and a foot. A mark leads to it.
    pub fn sheet(&mut self, version: usize, mark: Option<String>) -> Result<(), SummaryError> {
        self.end_sheet()?;
        let id = self.objects.id();
        self.sheets.push(id);
        if let Some(mark) = mark {
            self.outline.push((mark, id));
        }
        self.canvas = Some(Canvas::new());
        let summary = self.summary;
        let Some(version) = summary.versions.get(version) else { return Ok(()) };
        let account = self.text.line(&summary.account, bold(8.5), WIDTH / 3.0);
        let name = self.text.line(
            &format!("{}  ·  Version {}", version.name, version.number),
            regular(8.5),
            WIDTH / 2.0,
        );
        let foot = format!(
            "Comment summary made for {} on {} {}",
            summary.asked_by,
            moment(summary.made_at, &summary.zone),
            zone_name(summary.made_at, &summary.zone)
        );
        let foot = self.text.line(&foot, regular(7.5), WIDTH - 80.0);
        let number = self.text.line(&format!("{} /", self.sheets.len()), regular(7.5), 60.0);
        let count = self.count;
        let canvas = self.on();
        canvas.text(&account, MARGIN, 34.0, ACCENT);
        canvas.text_before(&name, SHEET.0 - MARGIN, 34.0, SOFT);
        canvas.rule(MARGIN, 44.0, WIDTH);
        canvas.text(&foot, MARGIN, SHEET.1 - 24.0, FAINT);
        canvas.text_before(&number, SHEET.0 - MARGIN - 12.0, SHEET.1 - 24.0, FAINT);
        canvas.images.insert(count);
        canvas.content.save_state().transform([1.0, 0.0, 0.0, 1.0, SHEET.0 - MARGIN - 9.5, 24.0]);
        canvas.content.x_object(Name(image_name(count).as_bytes())).restore_state();
        Ok(())
    }

    fn end_sheet(&mut self) -> Result<(), SummaryError> {
        let (Some(canvas), Some(id)) = (self.canvas.take(), self.sheets.last().copied()) else {
            return Ok(());
        };
        let content_id = self.objects.id();
        let content = deflate(&canvas.content.finish())?;
        self.objects.put(content_id, |chunk| {
            chunk.stream(content_id, &content).filter(Filter::FlateDecode);
        })?;
        for percent in &canvas.opacities {
            if !self.opacities.contains_key(percent) {
                let id = self.objects.id();
                let opacity = f32::from(*percent) / 100.0;
                self.objects.put(id, |chunk| {
                    chunk.ext_graphics(id).stroking_alpha(opacity).non_stroking_alpha(opacity);
                })?;
                self.opacities.insert(*percent, id);
            }
        }
        let (root, fonts, opacities) = (self.root, &self.fonts, &self.opacities);
        self.objects.put(id, |chunk| {
            let mut page = chunk.page(id);
            page.media_box(Rect::new(0.0, 0.0, SHEET.0, SHEET.1)).parent(root).contents(content_id);
            let mut resources = page.resources();
            let mut dict = resources.fonts();
            for (number, font) in fonts.iter().enumerate() {
                dict.pair(Name(font_name(number).as_bytes()), *font);
            }
            dict.finish();
            let mut dict = resources.x_objects();
            for image in &canvas.images {
                dict.pair(Name(image_name(*image).as_bytes()), *image);
            }
            dict.finish();
            let mut dict = resources.ext_g_states();
            for percent in &canvas.opacities {
                if let Some(id) = opacities.get(percent) {
                    dict.pair(Name(format!("A{percent}").as_bytes()), *id);
                }
            }
        })?;
        Ok(())
    }

    /// The picture of a page, if there is one.
    pub fn picture(&mut self, version: usize, page: u32) -> Result<Option<Shown>, SummaryError> {
        if let Some(known) = self.shown.get(&(version, page)) {
            return Ok(*known);
        }
        let full =
            self.shown.len() >= SUMMARY_LIMITS.pictures || self.picture_bytes >= SUMMARY_LIMITS.picture_bytes;
        let shown = if full { None } else { self.read_picture(version, page)? };
        self.shown.insert((version, page), shown);
        Ok(shown)
    }

    fn read_picture(&mut self, version: usize, page: u32) -> Result<Option<Shown>, SummaryError> {
        let Some(picture) = self.pictures.picture(version, page)? else { return Ok(None) };
        self.picture_bytes += picture.bytes.len();
        let Some(image) = Image::read(picture.bytes) else { return Ok(None) };
        let id = self.objects.id();
        self.objects.put(id, |chunk| image.write(chunk, id))?;
        let size = (image.width as f32, image.height as f32);
        Ok(Some(Shown { id, size, page_width: (picture.page_width as f32).max(1.0) }))
    }

    /// A picture as large as fits into an area, at its top, in the middle; where it went.
    pub fn place(&mut self, shown: Option<Shown>, area: Area) -> Area {
        let Some(shown) = shown else {
            let place = Area { h: area.h.min(area.w * 0.75), ..area };
            let note = self.text.line("No picture of this page", regular(9.0), area.w);
            let canvas = self.on();
            canvas.fill(place, GREY_SOFT);
            canvas.text_around(&note, place.x + place.w / 2.0, place.y + place.h / 2.0, FAINT);
            return place;
        };
        let scale = (area.w / shown.size.0).min(area.h / shown.size.1);
        let (w, h) = (shown.size.0 * scale, shown.size.1 * scale);
        let place = Area { x: area.x + (area.w - w) / 2.0, y: area.y, w, h };
        let canvas = self.on();
        canvas.picture(shown.id, place);
        canvas.frame(place, super::canvas::RULE);
        place
    }

    /// A word or two on a coloured ground; its width.
    pub fn chip(
        &mut self,
        text: &str,
        size: f32,
        (x, y): (f32, f32),
        (ink, ground): ([u8; 3], [u8; 3]),
    ) -> f32 {
        let line = self.text.line(text, bold(size), WIDTH / 3.0);
        let (w, h) = (line.width + size * 1.4, size * 1.9);
        let canvas = self.on();
        canvas.fill_rounded(Area { x, y, w, h }, h / 2.0, ground);
        canvas.text(&line, x + size * 0.7, y + h / 2.0 + size * 0.36, ink);
        w
    }

    /// Ends the file.
    pub fn finish(mut self) -> Result<(), SummaryError> {
        self.end_sheet()?;
        let total = self.text.line(&self.sheets.len().to_string(), regular(7.5), 60.0);
        let mut content = Canvas::new();
        content.text(&total, 0.0, SHEET.1, FAINT);
        let content: Content = content.content;
        let content = deflate(&content.finish())?;
        let (count, fonts) = (self.count, self.fonts.clone());
        self.objects.put(count, |chunk| {
            let mut form = chunk.form_xobject(count, &content);
            form.filter(Filter::FlateDecode);
            form.bbox(Rect::new(0.0, -5.0, 60.0, 20.0));
            let mut resources = form.resources();
            let mut dict = resources.fonts();
            for (number, font) in fonts.iter().enumerate() {
                dict.pair(Name(font_name(number).as_bytes()), *font);
            }
        })?;
        for (number, id) in fonts.iter().enumerate() {
            embed(&mut self.objects, *id, number, &self.text.fonts[number], &self.text.used[number])?;
        }
        let (root, sheets) = (self.root, std::mem::take(&mut self.sheets));
        self.objects.put(root, |chunk| {
            let count = i32::try_from(sheets.len()).unwrap_or(i32::MAX);
            chunk.pages(root).kids(sheets.iter().copied()).count(count);
        })?;
        let outline = self.write_outline()?;
        let (catalog, info) = (self.objects.id(), self.objects.id());
        self.objects.put(catalog, |chunk| {
            let mut catalog = chunk.indirect(catalog).start::<pdf_writer::writers::Catalog<'_>>();
            catalog.pages(root).outlines(outline);
            catalog.viewer_preferences().display_doc_title(true);
        })?;
        let summary = self.summary;
        let title = summary.versions.first().map(|version| version.name.as_str()).unwrap_or_default();
        self.objects.put(info, |chunk| {
            let mut about = chunk.indirect(info).start::<pdf_writer::writers::DocumentInfo<'_>>();
            about.title(TextStr(title)).author(TextStr(&summary.account)).producer(TextStr("Galley"));
            let at = summary.made_at.to_zoned_datetime(jiff::tz::TimeZone::UTC).datetime();
            let small = |n: i8| u8::try_from(n).unwrap_or(0);
            let date = pdf_writer::Date::new(u16::try_from(at.year()).unwrap_or(1970))
                .month(small(at.month()))
                .day(small(at.day()))
                .hour(small(at.hour()))
                .minute(small(at.minute()))
                .second(small(at.second()))
                .utc_offset_hour(0);
            about.creation_date(date);
        })?;
        self.objects.finish(catalog, info)?;
        Ok(())
    }

    fn write_outline(&mut self) -> Result<Ref, SummaryError> {
        let root = self.objects.id();
        let ids: Vec<Ref> = self.outline.iter().map(|_| self.objects.id()).collect();
        for (at, (title, sheet)) in std::mem::take(&mut self.outline).iter().enumerate() {
            let (id, before, after) =
                (ids[at], at.checked_sub(1).map(|at| ids[at]), ids.get(at + 1).copied());
            self.objects.put(id, |chunk| {
                let mut item = chunk.indirect(id).start::<pdf_writer::writers::OutlineItem<'_>>();
                item.title(TextStr(title)).parent(root);
                before.into_iter().for_each(|id| {
                    item.prev(id);
                });
                after.into_iter().for_each(|id| {
                    item.next(id);
                });
                item.dest().page(*sheet).fit();
            })?;
        }
        self.objects.put(root, |chunk| {
            let mut outline = chunk.indirect(root).start::<pdf_writer::writers::Outline<'_>>();
            if let (Some(first), Some(last)) = (ids.first(), ids.last()) {
                outline.first(*first).last(*last).count(i32::try_from(ids.len()).unwrap_or(i32::MAX));
            }
        })?;
        Ok(root)
    }
}

/// Ink and ground of a decision.
pub(super) fn colors(verdict: &Verdict) -> ([u8; 3], [u8; 3]) {
    use super::canvas::{AMBER, AMBER_SOFT, GREEN, GREEN_SOFT, RED, RED_SOFT};
    match verdict.tone {
        Tone::Good => (GREEN, GREEN_SOFT),
        Tone::Nearly => (AMBER, AMBER_SOFT),
        Tone::Bad => (RED, RED_SOFT),
        Tone::Open => (SOFT, GREY_SOFT),
        Tone::Neutral => (INK, GREY_SOFT),
    }
}
