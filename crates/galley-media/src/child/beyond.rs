//! What is on a page that the engine here is known to draw wrong: notes without appearance, blended ones, knockout
//! groups, overprint. Looked for in dictionaries only; no content is unpacked, so other pages pay next to nothing.

use hayro::hayro_syntax::object::{Array, Dict, Name, Object, Stream};
use hayro::hayro_syntax::page::{Page, Resources};

use super::engine::Beyond;

/// Forms and patterns of a page that are looked at.
const MAX_FORMS: usize = 2000;
/// Forms within forms.
const MAX_DEPTH: usize = 10;
/// Notes of a page that are looked at.
const MAX_NOTES: usize = 1000;

const HIDDEN: u32 = 1 << 1;
const NO_VIEW: u32 = 1 << 5;

/// Notes that every viewer draws by itself when they bring no picture.
const DRAWN: [&[u8]; 12] = [
    b"Square",
    b"Circle",
    b"Line",
    b"Highlight",
    b"Underline",
    b"StrikeOut",
    b"Squiggly",
    b"Ink",
    b"Polygon",
    b"PolyLine",
    b"FreeText",
    b"Text",
];

/// None if the page can be drawn here.
pub(super) fn of(page: &Page<'_>) -> Option<Beyond> {
    let mut look = Look { left: MAX_FORMS };
    let group = page.raw().get::<Dict<'_>>(b"Group");
    let inks = group.is_some_and(|group| knocks_out(&group)) || look.inks(page.resources(), 0);
    let notes = page
        .raw()
        .get::<Array<'_>>(b"Annots")
        .is_some_and(|notes| notes.iter::<Dict<'_>>().take(MAX_NOTES).any(|note| look.note(&note)));
    let (width, height) = page.render_dimensions();
    (inks || notes).then_some(Beyond { inks, notes, points: (width.into(), height.into()) })
}

fn knocks_out(group: &Dict<'_>) -> bool {
    group.get::<bool>(b"K") == Some(true)
}

/// A look around within bounds.
struct Look {
    left: usize,
}

impl Look {
    /// Whether something that is drawn with these resources overprints or knocks out.
    fn inks(&mut self, resources: &Resources<'_>, depth: usize) -> bool {
        let states = &resources.ext_g_states;
        let overprints = |state: Dict<'_>| {
            state.get::<bool>(b"OP") == Some(true) || state.get::<bool>(b"op") == Some(true)
        };
        for name in states.keys() {
            let Some(state) = resources.get_ext_g_state(&name) else { continue };
            let mask = state.get::<Dict<'_>>(b"SMask").and_then(|mask| mask.get::<Stream<'_>>(b"G"));
            if mask.is_some_and(|form| self.form_inks(&form, depth)) || overprints(state) {
                return true;
            }
        }
        for name in resources.x_objects.keys() {
            let Some(object) = resources.get_x_object(&name) else { continue };
            let is_form =
                object.dict().get::<Name<'_>>(b"Subtype").is_some_and(|kind| kind.as_ref() == b"Form");
            if is_form && self.form_inks(&object, depth) {
                return true;
            }
        }
        for name in resources.patterns.keys() {
            if let Some(Object::Stream(tile)) = resources.get_pattern(&name)
                && self.form_inks(&tile, depth)
            {
                return true;
            }
        }
        false
    }

    fn form_inks(&mut self, form: &Stream<'_>, depth: usize) -> bool {
        if self.left == 0 || depth >= MAX_DEPTH {
            return false;
        }
        self.left -= 1;
        let dict = form.dict();
        if dict.get::<Dict<'_>>(b"Group").is_some_and(|group| knocks_out(&group)) {
            return true;
        }
        let own = dict.get::<Dict<'_>>(b"Resources");
        own.is_some_and(|own| self.inks(&Resources::new(own), depth + 1))
    }

    /// Whether a note is seen and not drawn right here.
    fn note(&mut self, note: &Dict<'_>) -> bool {
        if note.get::<u32>(b"F").unwrap_or(0) & (HIDDEN | NO_VIEW) != 0 {
            return false;
        }
        let appearance = note.get::<Dict<'_>>(b"AP").and_then(|ap| ap.get::<Object<'_>>(b"N"));
        match appearance {
            None => note.get::<Name<'_>>(b"Subtype").is_some_and(|kind| DRAWN.contains(&kind.as_ref())),
            // Within a group of its own a note is blended with nothing, where it should be with the page.
            Some(Object::Stream(form)) => {
                note.contains_key(b"BM")
                    || (form.dict().contains_key(b"Group") && self.blends(form.dict(), 0))
            }
            Some(_) => false,
        }
    }

    fn blends(&mut self, form: &Dict<'_>, depth: usize) -> bool {
        if self.left == 0 || depth >= MAX_DEPTH {
            return false;
        }
        self.left -= 1;
        let Some(own) = form.get::<Dict<'_>>(b"Resources") else { return false };
        let resources = Resources::new(own);
        let blended = |state: Dict<'_>| {
            let mode = state.get::<Name<'_>>(b"BM").or_else(|| state.get::<Array<'_>>(b"BM")?.iter().next());
            mode.is_some_and(|mode| !matches!(mode.as_ref(), b"Normal" | b"Compatible"))
        };
        resources.ext_g_states.keys().any(|name| resources.get_ext_g_state(&name).is_some_and(blended))
            || resources.x_objects.keys().any(|name| {
                resources.get_x_object(&name).is_some_and(|object| self.blends(object.dict(), depth + 1))
            })
    }
}
