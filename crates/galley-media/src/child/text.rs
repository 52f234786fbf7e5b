//! Words with boxes, gathered from the glyphs a page shows.
//!
//! A PDF places glyphs, not words. Glyphs are taken in the order they are drawn, which programs that make PDFs
//! keep to the reading order, and joined while each begins about where the one before ended.

use hayro::hayro_interpret::font::{Glyph, GlyphRun, PositionedGlyph};
use hayro::hayro_interpret::hayro_cmap::{BfString, WritingMode};
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps, InterpreterCache,
    InterpreterSettings, SoftMask, TransformExt, interpret_page,
};
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::{Affine, BezPath, Point, Rect, Vec2};

use crate::page::Word;

/// More words than any page that is meant to be read.
const MAX_WORDS: usize = 50_000;
/// Characters of a word; what is longer is cut into several.
const MAX_WORD_CHARS: usize = 256;

/// Glyph space: units per em, and how far typical letters reach above and below the baseline.
const EM: f64 = 1000.0;
const ASCENT: f64 = 780.0;
const DESCENT: f64 = -220.0;
/// Assumed for a font that does not say how wide a glyph is.
const USUAL_ADVANCE: f64 = 500.0;

/// A gap wider than this share of the font size parts words; one wider than `LINE_GAP` parts lines (columns).
const WORD_GAP: f64 = 0.15;
const LINE_GAP: f64 = 4.0;
/// Kerning may step back this far.
const STEP_BACK: f64 = 0.5;
/// How far from the baseline a glyph may stand and still be of the line, for raised and lowered text.
const BASELINE_SHIFT: f64 = 0.5;

pub(super) fn of_page<'a>(
    page: &'a Page<'a>,
    cache: &InterpreterCache<'a>,
    settings: &InterpreterSettings,
) -> Vec<Word> {
    let (width, height) = page.render_dimensions();
    let (width, height) = (f64::from(width), f64::from(height));
    let bounds = Rect::new(0.0, 0.0, width, height);
    let transform = page.initial_transform(true).to_kurbo();
    let mut context = Context::new(transform, bounds, cache, page.xref(), settings.clone());
    let mut gatherer = Gatherer::new(bounds);
    interpret_page(page, &mut context, &mut gatherer);
    gatherer.finish_word();
    gatherer.words
}

/// A glyph on the page, in points from the page's top left corner.
struct Placed {
    origin: Point,
    /// Where the next glyph would begin.
    end: Point,
    /// Unit vector of writing.
    direction: Vec2,
    size: f64,
    bounds: Rect,
}

impl Placed {
    fn new(transform: Affine, glyph: &PositionedGlyph<'_>, vertical: bool) -> Option<Self> {
        let advance = match &**glyph {
            Glyph::Outline(outline) => outline.advance_width(),
            Glyph::Type3(type3) => type3.advance_width(),
        };
        let advance = advance.map_or(USUAL_ADVANCE, f64::from);
        let place = transform * glyph.transform();
        let origin = place * Point::ZERO;
        let (end, ahead, up) = if vertical {
            let end = place * Point::new(0.0, -EM);
            (end, end - origin, place * Point::new(EM, 0.0) - origin)
        } else {
            let ahead = place * Point::new(EM, 0.0) - origin;
            (place * Point::new(advance, 0.0), ahead, place * Point::new(0.0, EM) - origin)
        };
        let size = up.hypot();
        let bounds = place.transform_rect_bbox(Rect::new(0.0, DESCENT, advance.max(1.0), ASCENT));
        let sound = ahead.hypot() > 1e-6 && size > 1e-6 && bounds.is_finite() && end.is_finite();
        sound.then(|| Self { origin, end, direction: ahead / ahead.hypot(), size, bounds })
    }
}

/// Where the line being gathered has got to.
struct Pen {
    end: Point,
    direction: Vec2,
    size: f64,
}

enum Next {
    SameWord,
    NewWord,
    NewLine,
}

impl Pen {
    fn next(&self, glyph: &Placed) -> Next {
        if self.direction.dot(glyph.direction) < 0.99 {
            return Next::NewLine;
        }
        let size = self.size.max(glyph.size);
        let step = glyph.origin - self.end;
        let gap = step.dot(self.direction) / size;
        let shift = (step.cross(self.direction) / size).abs();
        if shift > BASELINE_SHIFT || !(-STEP_BACK..LINE_GAP).contains(&gap) {
            Next::NewLine
        } else if gap > WORD_GAP {
            Next::NewWord
        } else {
            Next::SameWord
        }
    }
}

struct Gatherer {
    page: Rect,
    words: Vec<Word>,
    line: u32,
    pen: Option<Pen>,
    word: String,
    word_chars: usize,
    word_bounds: Rect,
    /// Where the last run stood: filled and stroked text is drawn twice.
    last_run: Option<(usize, [f64; 6])>,
}

impl Gatherer {
    fn new(page: Rect) -> Self {
        Self {
            page,
            words: Vec::new(),
            line: 0,
            pen: None,
            word: String::new(),
            word_chars: 0,
            word_bounds: Rect::ZERO,
            last_run: None,
        }
    }

    fn add(&mut self, placed: &Placed, text: &str) {
        match self.pen.as_ref().map(|pen| pen.next(placed)) {
            Some(Next::SameWord) => {}
            Some(Next::NewWord) => self.finish_word(),
            Some(Next::NewLine) => {
                self.finish_word();
                // Lines that left no word (blank, or off the page) leave no number either.
                self.line = self.words.last().map_or(0, |word| word.l + 1);
            }
            None => {}
        }
        self.pen = Some(Pen { end: placed.end, direction: placed.direction, size: placed.size });
        for c in text.chars() {
            if c.is_whitespace() || self.word_chars >= MAX_WORD_CHARS {
                self.finish_word();
            }
            if c.is_whitespace() || c.is_control() {
                continue;
            }
            self.word_bounds =
                if self.word.is_empty() { placed.bounds } else { self.word_bounds.union(placed.bounds) };
            self.word.push(c);
            self.word_chars += 1;
        }
    }

    fn finish_word(&mut self) {
        let text = std::mem::take(&mut self.word);
        self.word_chars = 0;
        if text.is_empty() || self.words.len() >= MAX_WORDS || !self.page.contains(self.word_bounds.center())
        {
            return;
        }
        let seen = self.word_bounds.intersect(self.page);
        let share = |length: f64, of: f64| (length / of) as f32;
        self.words.push(Word {
            t: text,
            x: share(seen.x0, self.page.width()),
            y: share(seen.y0, self.page.height()),
            w: share(seen.width(), self.page.width()),
            h: share(seen.height(), self.page.height()),
            l: self.line,
        });
    }
}

impl<'a> Device<'a> for Gatherer {
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, _: &DrawMode) {
        let Some(first) = run.glyphs().first() else { return };
        let this_run = (run.glyphs().len(), (props.transform * first.transform()).as_coeffs());
        if self.last_run.replace(this_run) == Some(this_run) || self.words.len() >= MAX_WORDS {
            return;
        }
        let vertical = matches!(run.writing_mode(), WritingMode::Vertical);
        for glyph in run.glyphs() {
            let Some(placed) = Placed::new(props.transform, glyph, vertical) else { continue };
            match glyph.as_unicode() {
                Some(BfString::Char(c)) => self.add(&placed, c.encode_utf8(&mut [0; 4])),
                Some(BfString::String(text)) => self.add(&placed, &text),
                None => {}
            }
        }
    }

    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn draw_image(&mut self, _: Image<'a, '_>, _: ImageDrawProps<'a>) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}
