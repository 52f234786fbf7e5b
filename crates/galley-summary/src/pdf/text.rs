//! From text to glyphs in lines: fonts for characters, directions, shapes, breaks.

use super::breaks::{rtl_letter, units};
use crate::fonts::{Font, Library, invisible};
use rustybuzz::ttf_parser::{GlyphId, Tag};
use rustybuzz::{Direction, Feature, UnicodeBuffer};
use std::collections::HashMap;
use std::ops::Range;
use subsetter::GlyphRemapper;
use unicode_bidi::{BidiInfo, Level};

/// How a text looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Style {
    pub bold: bool,
    /// Size in points.
    pub size: f32,
}

pub(super) const fn regular(size: f32) -> Style {
    Style { bold: false, size }
}

pub(super) const fn bold(size: f32) -> Style {
    Style { bold: true, size }
}

/// A glyph as it is shown. Lengths are thousandths of the size.
#[derive(Clone, Copy, Debug)]
pub(super) struct Glyph {
    /// Its number in the embedded font.
    pub id: u16,
    /// How far the next one is.
    pub advance: f32,
    /// How far the font itself says it is.
    pub natural: f32,
    pub dx: f32,
    pub dy: f32,
}

/// Glyphs of one font in one direction, from left to right.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub font: usize,
    pub size: f32,
    pub glyphs: Vec<Glyph>,
    level: Level,
    blank: bool,
}

impl Piece {
    pub fn width(&self) -> f32 {
        self.glyphs.iter().map(|glyph| glyph.advance).sum::<f32>() * self.size / 1000.0
    }
}

/// A line of text, its pieces from left to right.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    pub pieces: Vec<Piece>,
    /// Width in points.
    pub width: f32,
    /// It begins at the right.
    pub rtl: bool,
}

/// What of a font is used.
pub(super) struct Used {
    pub glyphs: GlyphRemapper,
    /// Width and text of each glyph, by its new number.
    pub about: Vec<(f32, String)>,
}

/// Sets text, and keeps account of what it uses.
pub(super) struct Typesetter<'l> {
    pub fonts: Vec<Font<'l>>,
    pub used: Vec<Used>,
    chosen: HashMap<(char, bool), usize>,
}

impl<'l> Typesetter<'l> {
    pub fn new(library: &'l Library) -> Typesetter<'l> {
        let fonts = library.fonts();
        let used = fonts
            .iter()
            .map(|_| Used { glyphs: GlyphRemapper::new(), about: vec![(500.0, String::new())] })
            .collect();
        Typesetter { fonts, used, chosen: HashMap::new() }
    }

    /// A text in lines no wider than this. Longer than `most` lines, it ends in dots.
    pub fn lines(&mut self, text: &str, style: Style, width: f32, most: usize) -> Vec<Line> {
        let mut lines = Vec::new();
        for paragraph in text.split('\n') {
            if lines.len() > most {
                break;
            }
            self.paragraph(&paragraph.replace('\t', "    "), style, width, most + 1, &mut lines);
        }
        if lines.len() > most {
            lines.truncate(most);
            if let Some(last) = lines.last_mut() {
                self.cut(last, style, width);
            }
        }
        lines
    }

    /// A text in one line, cut where it is too long.
    pub fn line(&mut self, text: &str, style: Style, width: f32) -> Line {
        self.lines(&text.replace('\n', " "), style, width, 1).pop().unwrap_or_default()
    }

    /// Puts dots at the end of a line, and takes away what is in their way.
    fn cut(&mut self, line: &mut Line, style: Style, width: f32) {
        let dots = self.shape(usize::from(style.bold), "…", style.size, Level::ltr());
        let room = width - dots.width();
        while line.pieces.iter().map(Piece::width).sum::<f32>() > room {
            let at = if line.rtl { 0 } else { line.pieces.len() - 1 };
            let glyphs = &mut line.pieces[at].glyphs;
            if line.rtl && !glyphs.is_empty() {
                glyphs.remove(0);
            } else {
                glyphs.pop();
            }
            if glyphs.is_empty() {
                line.pieces.remove(at);
            }
            if line.pieces.is_empty() {
                break;
            }
        }
        line.pieces.insert(if line.rtl { 0 } else { line.pieces.len() }, dots);
        line.width = line.pieces.iter().map(Piece::width).sum();
    }

    fn paragraph(&mut self, text: &str, style: Style, width: f32, most: usize, lines: &mut Vec<Line>) {
        let bidi = text.chars().any(rtl_letter).then(|| BidiInfo::new(text, None));
        let base = bidi.as_ref().and_then(|info| info.paragraphs.first()).map_or(Level::ltr(), |p| p.level);
        let levels = |at: usize| bidi.as_ref().map_or(Level::ltr(), |info| info.levels[at]);
        let (mut line, mut taken): (Vec<Piece>, f32) = (Vec::new(), 0.0);
        let mut units: Vec<Range<usize>> = units(text);
        units.reverse();
        while let Some(unit) = units.pop() {
            if lines.len() >= most {
                return;
            }
            let pieces = self.pieces(text, unit.clone(), &levels, style);
            // Blanks at the end of a line take no room.
            let solid: f32 = pieces.iter().filter(|piece| !piece.blank).map(Piece::width).sum();
            if taken + solid <= width + 0.01 {
                taken += pieces.iter().map(Piece::width).sum::<f32>();
                line.extend(pieces);
            } else if !line.is_empty() {
                lines.push(whole(std::mem::take(&mut line), base));
                taken = 0.0;
                units.push(unit);
            } else {
                // A word wider than the line is broken anywhere, but within a letter and its accents.
                let (head, tail) = self.split(text, unit.clone(), &levels, style, width);
                line = self.pieces(text, head, &levels, style);
                taken = width;
                if !tail.is_empty() {
                    lines.push(whole(std::mem::take(&mut line), base));
                    taken = 0.0;
                    units.push(tail);
                }
            }
        }
        lines.push(whole(line, base));
    }

    /// The largest beginning of a word that fits, one letter at least, and the rest.
    fn split(
        &mut self,
        text: &str,
        unit: Range<usize>,
        levels: &impl Fn(usize) -> Level,
        style: Style,
        width: f32,
    ) -> (Range<usize>, Range<usize>) {
        let joined = |c: char| invisible(c) || ('\u{300}'..='\u{36f}').contains(&c);
        let ends: Vec<usize> = text[unit.clone()]
            .char_indices()
            .skip(1)
            .filter(|(_, c)| !joined(*c))
            .map(|(at, _)| unit.start + at)
            .chain([unit.end])
            .collect();
        // Try no more than what could fit if letters were very narrow.
        let (mut low, mut high) = (0, ends.len().min((width / (style.size * 0.1)) as usize + 1) - 1);
        while low < high {
            let middle = (low + high).div_ceil(2);
            let pieces = self.pieces(text, unit.start..ends[middle], levels, style);
            if pieces.iter().map(Piece::width).sum::<f32>() <= width {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        (unit.start..ends[low], ends[low]..unit.end)
    }

    /// Part of a text in pieces of one font and one direction each, in the order of reading.
    fn pieces(
        &mut self,
        text: &str,
        part: Range<usize>,
        levels: &impl Fn(usize) -> Level,
        style: Style,
    ) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let mut run: Option<(usize, Level, bool, Range<usize>)> = None;
        for (at, c) in text[part.clone()].char_indices() {
            let at = part.start + at;
            let (level, blank) = (levels(at), c.is_whitespace());
            let font = match &run {
                // Accents and blanks stay with what they belong to, if its font has them.
                Some((font, ..)) if invisible(c) || self.has(*font, c) && !self.better(*font, c, style) => {
                    *font
                }
                _ => self.font_for(c, style),
            };
            match &mut run {
                Some((f, l, b, range)) if *f == font && *l == level && *b == blank => {
                    range.end = at + c.len_utf8();
                }
                other => {
                    if let Some((font, level, blank, range)) = other.take() {
                        pieces.push(Piece { blank, ..self.shape(font, &text[range], style.size, level) });
                    }
                    *other = Some((font, level, blank, at..at + c.len_utf8()));
                }
            }
        }
        if let Some((font, level, blank, range)) = run {
            pieces.push(Piece { blank, ..self.shape(font, &text[range], style.size, level) });
        }
        pieces
    }

    fn has(&self, font: usize, c: char) -> bool {
        self.fonts.get(font).is_some_and(|font| font.face.glyph_index(c).is_some())
    }

    /// A letter that the bundled font has is set in that.
    fn better(&self, font: usize, c: char, style: Style) -> bool {
        font > 1 && c.is_alphanumeric() && self.has(usize::from(style.bold), c)
    }

    fn font_for(&mut self, c: char, style: Style) -> usize {
        if let Some(known) = self.chosen.get(&(c, style.bold)) {
            return *known;
        }
        let own = usize::from(style.bold);
        let found = if self.has(own, c) {
            own
        } else {
            (2..self.fonts.len()).find(|i| self.has(*i, c)).unwrap_or(own)
        };
        self.chosen.insert((c, style.bold), found);
        found
    }

    fn shape(&mut self, font: usize, text: &str, size: f32, level: Level) -> Piece {
        let mut piece = Piece { font, size, glyphs: Vec::new(), level, blank: false };
        let (Some(from), Some(used)) = (self.fonts.get(font), self.used.get_mut(font)) else { return piece };
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.set_direction(if level.is_rtl() { Direction::RightToLeft } else { Direction::LeftToRight });
        buffer.guess_segment_properties();
        // What people wrote stays what it is: no arrows out of hyphens.
        let plain = [Feature::new(Tag::from_bytes(b"calt"), 0, ..)];
        let features: &[Feature] = if font < 2 { &plain } else { &[] };
        let shaped = rustybuzz::shape(&from.face, features, buffer);
        let scale = 1000.0 / from.face.units_per_em() as f32;
        let mut starts: Vec<usize> = shaped.glyph_infos().iter().map(|info| info.cluster as usize).collect();
        starts.push(text.len());
        starts.sort_unstable();
        starts.dedup();
        let mut told = usize::MAX;
        for (info, position) in shaped.glyph_infos().iter().zip(shaped.glyph_positions()) {
            let Ok(old) = u16::try_from(info.glyph_id) else { continue };
            let id = used.glyphs.remap(old);
            let natural = from.face.glyph_hor_advance(GlyphId(old)).map_or(0.0, |n| f32::from(n) * scale);
            while used.about.len() <= usize::from(id) {
                used.about.push((0.0, String::new()));
            }
            let about = &mut used.about[usize::from(id)];
            about.0 = natural;
            let cluster = info.cluster as usize;
            if about.1.is_empty() && id != 0 && cluster != told {
                let end = starts.iter().copied().find(|start| *start > cluster).unwrap_or(text.len());
                about.1 = text.get(cluster..end).unwrap_or_default().to_owned();
            }
            told = cluster;
            let scaled = |n: i32| n as f32 * scale;
            piece.glyphs.push(Glyph {
                id,
                advance: scaled(position.x_advance),
                natural,
                dx: scaled(position.x_offset),
                dy: scaled(position.y_offset),
            });
        }
        piece
    }
}

/// A line from its pieces in the order of reading.
fn whole(mut pieces: Vec<Piece>, base: Level) -> Line {
    while pieces.last().is_some_and(|piece| piece.blank) {
        pieces.pop();
    }
    let levels: Vec<Level> = pieces.iter().map(|piece| piece.level).collect();
    if levels.iter().any(Level::is_rtl) {
        let order = BidiInfo::reorder_visual(&levels);
        let mut waiting: Vec<Option<Piece>> = pieces.into_iter().map(Some).collect();
        pieces = order.into_iter().filter_map(|at| waiting.get_mut(at).and_then(Option::take)).collect();
    }
    Line { width: pieces.iter().map(Piece::width).sum(), pieces, rtl: base.is_rtl() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn library() -> Library {
        Library::for_characters(&BTreeSet::new(), &[])
    }

    /// What a line says, read back over the texts of its glyphs.
    fn said(set: &Typesetter<'_>, line: &Line) -> String {
        let text = |piece: &Piece| -> String {
            piece.glyphs.iter().map(|g| set.used[piece.font].about[usize::from(g.id)].1.clone()).collect()
        };
        line.pieces.iter().map(text).collect()
    }

    #[test]
    fn lines_are_no_wider_than_they_may_be_and_lose_nothing() {
        let library = library();
        let mut set = Typesetter::new(&library);
        let text = "The quick brown fox – naïve Ärger über Öl, Ωμέγα and a-very-hyphenated/word. \
                    Averyveryverylongwordthatfitsintonolineatallbecauseitissimplytoolongforthat end";
        for width in [40.0, 90.0, 300.0] {
            let lines = set.lines(text, regular(9.0), width, usize::MAX - 1);
            assert!(lines.iter().all(|line| line.width <= width + 0.1), "{width}");
            let all: String = lines.iter().map(|line| said(&set, line)).collect();
            let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            assert_eq!(letters(&all), letters(text));
        }
        assert_eq!(set.lines("a\n\nb", regular(9.0), 100.0, 9).len(), 3);
        assert_eq!(set.lines("", regular(9.0), 100.0, 9).len(), 1);
        // Narrower than a letter still ends.
        assert_eq!(set.lines("wide", bold(30.0), 1.0, 99).len(), 4);
    }

    #[test]
    fn what_is_too_long_ends_in_dots() {
        let library = library();
        let mut set = Typesetter::new(&library);
        let line = set.line("A name that does not fit in here", bold(10.0), 60.0);
        assert!(line.width <= 60.0);
        assert!(said(&set, &line).ends_with('…'), "{}", said(&set, &line));
        let line = set.line("Fits", bold(10.0), 60.0);
        assert_eq!(said(&set, &line), "Fits");
    }
}
