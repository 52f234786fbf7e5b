//! Going through what pages draw, forms and patterns included, within a budget for the whole document.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use hayro::hayro_syntax::content::{Instruction, UntypedIter};
use hayro::hayro_syntax::object::{Array, Dict, Name, Number, Object, Stream};
use hayro::hayro_syntax::page::{Page, Resources};
use hayro::kurbo::Affine;

use super::document::text;
use super::spaces::Space;
use crate::preflight::{FontUse, ImageUse, Named, PdfFacts};

/// Instructions that are looked at. A map of a city has some millions.
const MAX_INSTRUCTIONS: u64 = 20_000_000;
/// Forms within forms.
const MAX_DEPTH: usize = 10;
/// Forms and patterns that are gone through on a page.
const MAX_FORMS: usize = 2000;
/// Saved graphics states.
const MAX_STATES: usize = 256;
/// Fonts, colour spaces, spot colours and pictures that are told.
const MAX_NAMES: usize = 500;
const MAX_IMAGES: usize = 2000;
/// Pictures placed smaller than this (points) are dots and rules.
const SMALL: f64 = 14.0;
/// What is thinner (points) may not print.
const HAIRLINE: f64 = 0.25;

type Pages = BTreeSet<u32>;

#[derive(Debug, Clone)]
struct State {
    place: Affine,
    fill: Space,
    stroke: Space,
    line: f64,
    font: Option<usize>,
    unseen: bool,
}

/// What was met so far.
#[derive(Default)]
pub(super) struct Walk {
    instructions: u64,
    forms: usize,
    page: u32,
    /// By name: number in `fonts`.
    font_numbers: HashMap<String, usize>,
    fonts: Vec<(String, bool, Pages)>,
    spaces: BTreeMap<String, Pages>,
    spots: BTreeMap<String, Pages>,
    /// By page and what tells pictures apart: the coarsest placement.
    images: BTreeMap<(u32, u32, u32, bool), f64>,
    transparency: Pages,
    overprint: Pages,
    hairlines: Pages,
    ink: Option<(f64, u32)>,
    cut_short: bool,
}

impl Walk {
    /// Goes through a page whose unit is so many points.
    pub(super) fn page(&mut self, number: u32, page: &Page<'_>, unit: f64) {
        self.page = number;
        self.forms = 0;
        if let Some(group) = page.raw().get::<Dict<'_>>(b"Group")
            && group.contains_key(b"CS")
        {
            // A group for the page says how to blend, not that something is blended.
            self.note_space(&Space::of_dict(&group, page.resources()), false);
        }
        let Some(content) = page.page_stream() else { return };
        let state = State {
            place: Affine::scale(unit),
            fill: Space::device("DeviceGray"),
            stroke: Space::device("DeviceGray"),
            line: 1.0,
            font: None,
            unseen: false,
        };
        self.content(content, page.resources(), state, 0);
    }

    /// Writes down what was met.
    pub(super) fn tell(self, facts: &mut PdfFacts) {
        let list = |pages: Pages| pages.into_iter().collect::<Vec<u32>>();
        let named = |names: BTreeMap<String, Pages>| {
            names.into_iter().map(|(name, pages)| Named { name, pages: list(pages) }).collect::<Vec<_>>()
        };
        facts.fonts = self
            .fonts
            .into_iter()
            .filter(|(.., pages)| !pages.is_empty())
            .map(|(name, embedded, pages)| FontUse { name, embedded, pages: list(pages) })
            .collect();
        facts.spaces = named(self.spaces);
        facts.spots = named(self.spots);
        facts.images = self
            .images
            .into_iter()
            .map(|((page, width, height, line_art), dpi)| ImageUse { page, width, height, dpi, line_art })
            .collect();
        facts.transparency = list(self.transparency);
        facts.overprint = list(self.overprint);
        facts.hairlines = list(self.hairlines);
        facts.ink = self.ink;
        facts.cut_short |= self.cut_short;
    }

    fn content(&mut self, content: &[u8], resources: &Resources<'_>, start: State, depth: usize) {
        let mut state = start;
        let mut saved: Vec<State> = Vec::new();
        let mut instructions = UntypedIter::new(content);
        while let Some(next) = instructions.next() {
            self.instructions += 1;
            if self.instructions > MAX_INSTRUCTIONS {
                self.cut_short = true;
                return;
            }
            match &**next.operator {
                b"q" if saved.len() < MAX_STATES => saved.push(state.clone()),
                b"Q" => state = saved.pop().unwrap_or(state),
                b"cm" => {
                    if let Some(by) = matrix(&numbers(&next)) {
                        state.place *= by;
                    }
                }
                b"gs" => self.graphics_state(&next, resources, &mut state),
                b"w" => state.line = numbers(&next).first().copied().unwrap_or(1.0),
                b"Tr" => state.unseen = numbers(&next).first() == Some(&3.0),
                b"Tf" => state.font = first_name(&next).and_then(|name| self.font(&name, resources)),
                b"Tj" | b"TJ" | b"'" | b"\"" => self.text(&state),
                b"S" | b"s" | b"B" | b"B*" | b"b" | b"b*" => self.stroke(&state),
                b"Do" => {
                    if let Some(name) = name(&next)
                        && let Some(object) = resources.get_x_object(&name)
                    {
                        self.object(&object, resources, &state, depth);
                    }
                }
                b"BI" => {
                    if let Some(Object::Stream(image)) = next.operands().next() {
                        self.image(image.dict(), resources, &state);
                    }
                }
                b"sh" => {
                    let shading = name(&next).and_then(|name| resources.get_shading(&name));
                    if let Some(dict) = shading.as_ref().and_then(dict_of) {
                        self.note_space(&Space::of_dict(dict, resources), true);
                    }
                }
                _ => self.color(&next, resources, &mut state, depth),
            }
        }
    }

    fn color(
        &mut self,
        next: &Instruction<'_, '_>,
        resources: &Resources<'_>,
        state: &mut State,
        depth: usize,
    ) {
        let strokes = next.operator.first().is_some_and(u8::is_ascii_uppercase);
        let device = match &**next.operator {
            b"g" | b"G" => "DeviceGray",
            b"rg" | b"RG" => "DeviceRGB",
            b"k" | b"K" => "DeviceCMYK",
            b"cs" | b"CS" => {
                let space = name(next).map(|name| Space::named(&name, resources)).unwrap_or_default();
                *(if strokes { &mut state.stroke } else { &mut state.fill }) = space;
                return;
            }
            b"sc" | b"scn" | b"SC" | b"SCN" => {
                let space = if strokes { state.stroke.clone() } else { state.fill.clone() };
                self.note_space(&space, true);
                if space.cmyk {
                    self.note_ink(&numbers(next));
                }
                if let Some(pattern) = name(next).and_then(|name| resources.get_pattern(&name)) {
                    self.pattern(&pattern, resources, state, depth);
                }
                return;
            }
            _ => return,
        };
        let space = Space::device(device);
        self.note_space(&space, true);
        if space.cmyk {
            self.note_ink(&numbers(next));
        }
        *(if strokes { &mut state.stroke } else { &mut state.fill }) = space;
    }

    fn note_space(&mut self, space: &Space, used: bool) {
        if !used {
            return;
        }
        let page = self.page;
        let note = |names: &mut BTreeMap<String, Pages>, name: &String| {
            if names.len() < MAX_NAMES || names.contains_key(name) {
                names.entry(name.clone()).or_default().insert(page);
            }
        };
        space.name.iter().for_each(|name| note(&mut self.spaces, name));
        space.spots.iter().for_each(|name| note(&mut self.spots, name));
    }

    fn note_ink(&mut self, parts: &[f64]) {
        if let [c, m, y, k] = parts {
            let ink = [c, m, y, k].iter().map(|part| part.clamp(0.0, 1.0) * 100.0).sum::<f64>();
            if self.ink.is_none_or(|(most, _)| ink > most) {
                self.ink = Some((ink, self.page));
            }
        }
    }

    fn graphics_state(&mut self, next: &Instruction<'_, '_>, resources: &Resources<'_>, state: &mut State) {
        let Some(dict) = name(next).and_then(|name| resources.get_ext_g_state(&name)) else { return };
        let number = |key: &[u8]| dict.get::<Number>(key).map(|number| number.as_f64());
        let faint = |key: &[u8]| number(key).is_some_and(|alpha| alpha < 0.999);
        let masked = dict.get::<Dict<'_>>(b"SMask").is_some();
        let plain = |name: &Name<'_>| matches!(name.as_ref(), b"Normal" | b"Compatible");
        let blend = dict.get::<Name<'_>>(b"BM").or_else(|| dict.get::<Array<'_>>(b"BM")?.iter().next());
        if faint(b"ca") || faint(b"CA") || masked || blend.is_some_and(|name| !plain(&name)) {
            self.transparency.insert(self.page);
        }
        if dict.get::<bool>(b"OP") == Some(true) || dict.get::<bool>(b"op") == Some(true) {
            self.overprint.insert(self.page);
        }
        if let Some(width) = number(b"LW") {
            state.line = width;
        }
        if let Some(font) =
            dict.get::<Array<'_>>(b"Font").and_then(|font| font.flex_iter().next::<Dict<'_>>())
        {
            state.font = self.font_number(&font);
        }
    }

    fn font(&mut self, name: &Name<'_>, resources: &Resources<'_>) -> Option<usize> {
        self.font_number(&resources.get_font(name)?)
    }

    fn font_number(&mut self, font: &Dict<'_>) -> Option<usize> {
        let kind = font.get::<Name<'_>>(b"Subtype");
        let kind = kind.as_deref().unwrap_or_default();
        let inner = match kind {
            b"Type0" => font.get::<Array<'_>>(b"DescendantFonts")?.iter::<Dict<'_>>().next()?,
            _ => font.clone(),
        };
        let written = font.get::<Name<'_>>(b"BaseFont").map(|name| text(name.as_ref())).unwrap_or_default();
        let name = plain_name(&written);
        let program = |descriptor: Dict<'_>| {
            [&b"FontFile"[..], b"FontFile2", b"FontFile3"].iter().any(|key| descriptor.contains_key(key))
        };
        // Glyphs of a Type 3 font are drawings in the file; it need not have a name.
        let embedded = kind == b"Type3" || inner.get::<Dict<'_>>(b"FontDescriptor").is_some_and(program);
        let name = if name.is_empty() { "a font without a name".to_owned() } else { name };
        let key = format!("{name}/{embedded}");
        if let Some(number) = self.font_numbers.get(&key) {
            return Some(*number);
        }
        if self.fonts.len() >= MAX_NAMES {
            return None;
        }
        self.font_numbers.insert(key, self.fonts.len());
        self.fonts.push((name, embedded, Pages::new()));
        Some(self.fonts.len() - 1)
    }

    fn text(&mut self, state: &State) {
        // Words that a scanner recognised lie unseen under the picture; nothing of them prints.
        if let Some((.., pages)) = state.font.filter(|_| !state.unseen).and_then(|n| self.fonts.get_mut(n)) {
            pages.insert(self.page);
            let space = state.fill.clone();
            self.note_space(&space, true);
        }
    }

    fn stroke(&mut self, state: &State) {
        let width = state.line * state.place.determinant().abs().sqrt();
        // Rounding leaves 0.24 of a quarter.
        if width.is_finite() && width < HAIRLINE - 0.015 {
            self.hairlines.insert(self.page);
        }
    }

    fn object(&mut self, object: &Stream<'_>, resources: &Resources<'_>, state: &State, depth: usize) {
        let dict = object.dict();
        let kind = dict.get::<Name<'_>>(b"Subtype");
        match kind.as_deref() {
            Some(b"Image") => self.image(dict, resources, state),
            Some(b"Form") => {
                let by = dict.get::<Array<'_>>(b"Matrix").and_then(|m| matrix_of(&m)).unwrap_or_default();
                self.inside(object, resources, State { place: state.place * by, ..state.clone() }, depth);
            }
            _ => {}
        }
    }

    fn pattern(&mut self, pattern: &Object<'_>, resources: &Resources<'_>, state: &State, depth: usize) {
        match pattern {
            Object::Stream(tile) => self.inside(tile, resources, state.clone(), depth),
            Object::Dict(dict) => {
                let shading = dict.get::<Object<'_>>(b"Shading");
                if let Some(shading) = shading.as_ref().and_then(dict_of) {
                    self.note_space(&Space::of_dict(shading, resources), true);
                }
            }
            _ => {}
        }
    }

    /// Goes through a form or a tile. One without resources of its own has those around it.
    fn inside(&mut self, form: &Stream<'_>, around: &Resources<'_>, state: State, depth: usize) {
        self.forms += 1;
        if depth >= MAX_DEPTH || self.forms > MAX_FORMS || self.instructions > MAX_INSTRUCTIONS {
            self.cut_short = true;
            return;
        }
        let Ok(content) = form.decoded_data() else { return };
        match form.dict().get::<Dict<'_>>(b"Resources") {
            Some(own) => self.content(&content, &Resources::new(own), state, depth + 1),
            None => self.content(&content, around, state, depth + 1),
        }
    }

    fn image(&mut self, dict: &Dict<'_>, resources: &Resources<'_>, state: &State) {
        let pixels = |long: &[u8], short: &[u8]| {
            dict.get::<i32>(long).or_else(|| dict.get::<i32>(short)).and_then(|n| u32::try_from(n).ok())
        };
        let (Some(width), Some(height)) = (pixels(b"Width", b"W"), pixels(b"Height", b"H")) else { return };
        let flag = |long: &[u8], short: &[u8]| dict.get::<bool>(long).or_else(|| dict.get::<bool>(short));
        let stencil = flag(b"ImageMask", b"IM") == Some(true);
        let bits = dict.get::<i32>(b"BitsPerComponent").or_else(|| dict.get::<i32>(b"BPC"));
        let space = if stencil { state.fill.clone() } else { Space::of_dict(dict, resources) };
        self.note_space(&space, true);
        if dict.get::<Stream<'_>>(b"SMask").is_some() {
            self.transparency.insert(self.page);
        }
        let [a, b, c, d, ..] = state.place.as_coeffs();
        let (across, down) = (a.hypot(b), c.hypot(d));
        if !(across.is_finite() && down.is_finite()) || across < SMALL || down < SMALL {
            return;
        }
        let dpi = (f64::from(width) * 72.0 / across).min(f64::from(height) * 72.0 / down);
        if self.images.len() < MAX_IMAGES {
            let coarsest =
                self.images.entry((self.page, width, height, stencil || bits == Some(1))).or_insert(dpi);
            *coarsest = coarsest.min(dpi);
        } else {
            self.cut_short = true;
        }
    }
}

/// `ABCDEF+Name` is a part of the font `Name`.
fn plain_name(name: &str) -> String {
    match name.split_once('+') {
        Some((tag, rest)) if tag.len() == 6 && tag.bytes().all(|b| b.is_ascii_uppercase()) => rest.to_owned(),
        _ => name.to_owned(),
    }
}

fn numbers(next: &Instruction<'_, '_>) -> Vec<f64> {
    let number = |object: &Object<'_>| if let Object::Number(n) = object { Some(n.as_f64()) } else { None };
    next.operands().filter_map(number).collect()
}

/// The last operand, if it is a name.
fn name<'a>(next: &Instruction<'_, 'a>) -> Option<Name<'a>> {
    match next.operands().last() {
        Some(Object::Name(name)) => Some(name.clone()),
        _ => None,
    }
}

/// The first operand, if it is a name: of a font, before its size.
fn first_name<'a>(next: &Instruction<'_, 'a>) -> Option<Name<'a>> {
    match next.operands().next() {
        Some(Object::Name(name)) => Some(name.clone()),
        _ => None,
    }
}

fn dict_of<'o, 'a>(object: &'o Object<'a>) -> Option<&'o Dict<'a>> {
    match object {
        Object::Dict(dict) => Some(dict),
        Object::Stream(stream) => Some(stream.dict()),
        _ => None,
    }
}

fn matrix(numbers: &[f64]) -> Option<Affine> {
    let &[a, b, c, d, e, f] = numbers else { return None };
    Some(Affine::new([a, b, c, d, e, f]))
}

fn matrix_of(array: &Array<'_>) -> Option<Affine> {
    matrix(&array.iter::<Number>().map(|number| number.as_f64()).take(7).collect::<Vec<_>>())
}
