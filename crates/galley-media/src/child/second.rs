//! A document of which a second engine draws the pages that the first one cannot draw right.
//!
//! The second engine is a tool, which a child cannot start. So the child says which picture it wants and is run once
//! more with it; everything that is seen of such a page comes from pictures of that kind.

use std::collections::BTreeMap;

use image::ImageDecoder as _;
use image::codecs::pnm::PnmDecoder;

use super::bitmap::{Area, Bitmap};
use super::content;
use super::engine::{Beyond, Document};
use super::raster::resize;
use crate::error::{MediaError, MediaErrorKind};
use crate::page::{ContentsEntry, PageInfo, PageText};
use crate::protocol::{Request, Wanted};
use crate::tools::Tool;

/// Pictures that are asked for at once: what they take on the disk is bounded by it.
const MAX_WANTED: usize = 64;

/// The tool that draws such a page; none if none of those there is would be better than what is built in.
pub(super) fn tool_for(beyond: Beyond, helpers: &[Tool]) -> Option<Tool> {
    let has = |tool| helpers.contains(&tool).then_some(tool);
    // Ghostscript alone knows knockout, and overprint without changing colours. Its notes have thinner lines than
    // those of Poppler.
    if beyond.inks {
        return has(Tool::Ghostscript).or_else(|| beyond.notes.then(|| has(Tool::Poppler)).flatten());
    }
    has(Tool::Poppler).or_else(|| has(Tool::Ghostscript))
}

pub(super) struct Seconded<'a> {
    first: &'a mut dyn Document,
    request: &'a Request,
    newer: bool,
    tools: BTreeMap<u32, Option<(Tool, Beyond)>>,
    announced: Option<(u32, (u32, u32))>,
    /// The picture that was used last, by its number in the request.
    open: Option<(usize, Bitmap)>,
    pub wanted: Vec<Wanted>,
}

impl<'a> Seconded<'a> {
    /// `newer` tells the second file of a comparison from the first.
    pub(super) fn new(first: &'a mut dyn Document, request: &'a Request, newer: bool) -> Self {
        let (tools, wanted) = (BTreeMap::new(), Vec::new());
        Self { first, request, newer, tools, announced: None, open: None, wanted }
    }

    fn tool(&mut self, page: u32) -> Option<(Tool, Beyond)> {
        if self.request.helpers.is_empty() {
            return None;
        }
        let (first, request, newer) = (&mut self.first, self.request, self.newer);
        *self.tools.entry(page).or_insert_with(|| {
            let failed = |drawn: &crate::protocol::Drawn| {
                drawn.of.page == page && drawn.of.newer == newer && drawn.picture.is_none()
            };
            if request.drawn.iter().any(failed) {
                return None;
            }
            let beyond = first.beyond(page)?;
            Some((tool_for(beyond, &request.helpers)?, beyond))
        })
    }

    /// A part of a page that is so large as a whole, if the second engine draws it.
    fn part(&mut self, page: u32, whole: (u32, u32), area: Area) -> Result<Option<Bitmap>, MediaError> {
        let Some((tool, beyond)) = self.tool(page) else { return Ok(None) };
        let all = |size: (u32, u32)| [0, 0, size.0, size.1];
        let covers = |of: &Wanted| {
            let [x, y, width, height] = of.area;
            let inside = of.whole == whole
                && (x <= area.x && area.x + area.width <= x + width)
                && (y <= area.y && area.y + area.height <= y + height);
            inside || (of.area == all(of.whole) && of.whole.0 >= whole.0 && of.whole.1 >= whole.1)
        };
        let found = self
            .request
            .drawn
            .iter()
            .position(|drawn| drawn.of.page == page && drawn.of.newer == self.newer && covers(&drawn.of));
        let Some(number) = found else {
            let whole_page = self.announced.filter(|(of, _)| *of == page).map(|(_, size)| size);
            let (whole, area) = match whole_page {
                Some(size) => (size, all(size)),
                None => (whole, [area.x, area.y, area.width, area.height]),
            };
            let newer = self.newer;
            if self.wanted.len() < MAX_WANTED {
                self.wanted.push(Wanted { tool, newer, page, points: beyond.points, whole, area });
            }
            return Err(MediaError::new(MediaErrorKind::Unsupported, "another engine draws this page first"));
        };
        let of = &self.request.drawn[number].of;
        let picture = match self.open.take() {
            Some((open, picture)) if open == number => picture,
            _ => self.read(number)?,
        };
        let part = if of.whole == whole {
            picture.crop(Area { x: area.x - of.area[0], y: area.y - of.area[1], ..area })
        } else {
            resize(&picture, whole.0, whole.1)?.crop(area)
        };
        self.open = Some((number, picture));
        Ok(Some(part))
    }

    /// The picture, which must be as large as it was wanted: the tool worked on a stranger's file.
    fn read(&self, number: usize) -> Result<Bitmap, MediaError> {
        let drawn = &self.request.drawn[number];
        let broken =
            |what: &str| MediaError::new(MediaErrorKind::Crashed, format!("the picture of a tool: {what}"));
        let path = drawn.picture.as_deref().ok_or_else(|| broken("none"))?;
        let bytes = content(path)?;
        let decoder = PnmDecoder::new(std::io::Cursor::new(&bytes)).map_err(|e| broken(&e.to_string()))?;
        let [_, _, width, height] = drawn.of.area;
        if decoder.dimensions() != (width, height) || decoder.color_type() != image::ColorType::Rgb8 {
            return Err(broken(&format!("{:?} where {width} x {height} were wanted", decoder.dimensions())));
        }
        let mut data = vec![0; width as usize * height as usize * 3];
        decoder.read_image(&mut data).map_err(|e| broken(&e.to_string()))?;
        Ok(Bitmap { width, height, data })
    }
}

impl Document for Seconded<'_> {
    fn pages(&self) -> &[PageInfo] {
        self.first.pages()
    }

    fn render(&mut self, page: u32, level: u8, area: Area) -> Result<Bitmap, MediaError> {
        let info = page.checked_sub(1).and_then(|index| self.first.pages().get(index as usize));
        if let Some(whole) = info.and_then(|info| info.pyramid().level_size(level))
            && let Some(part) = self.part(page, whole, area)?
        {
            return Ok(part);
        }
        self.first.render(page, level, area)
    }

    fn thumbnail(&mut self, page: u32, side: u32) -> Result<Bitmap, MediaError> {
        let info = page.checked_sub(1).and_then(|index| self.first.pages().get(index as usize));
        if let Some(info) = info {
            let (width, height) = info.fit(side);
            let area = Area { x: 0, y: 0, width, height };
            if let Some(whole) = self.part(page, (width, height), area)? {
                return Ok(whole);
            }
        }
        self.first.thumbnail(page, side)
    }

    fn text(&mut self, page: u32) -> Result<PageText, MediaError> {
        self.first.text(page)
    }

    fn contents(&mut self) -> Vec<ContentsEntry> {
        self.first.contents()
    }

    fn announce(&mut self, page: u32, size: (u32, u32)) {
        self.announced = Some((page, size));
    }

    fn is_wanted(&self, page: u32) -> bool {
        // A page for which there is no room in the list any more is not drawn either.
        self.wanted.len() >= MAX_WANTED || self.wanted.iter().any(|wanted| wanted.page == page)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_page_goes_to_the_engine_that_draws_it_right() {
        let page = |inks, notes| Beyond { inks, notes, points: (1.0, 1.0) };
        let (gs, poppler) = (Tool::Ghostscript, Tool::Poppler);
        for (inks, notes, helpers, tool) in [
            (true, false, &[gs, poppler][..], Some(gs)),
            (true, true, &[gs, poppler], Some(gs)),
            (false, true, &[gs, poppler], Some(poppler)),
            (false, true, &[gs], Some(gs)),
            // Poppler changes the colours of a page on which it simulates overprint, and knows no knockout.
            (true, false, &[poppler], None),
            (true, true, &[poppler], Some(poppler)),
            (true, true, &[], None),
        ] {
            assert_eq!(tool_for(page(inks, notes), helpers), tool, "{inks} {notes} {helpers:?}");
        }
    }
}
