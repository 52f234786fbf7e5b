//! What a colour space is called, and which spot colours are in it.

use hayro::hayro_syntax::object::{Array, Dict, Name, Object, Stream};
use hayro::hayro_syntax::page::Resources;

use super::document::text;

/// Colour spaces may be made of others; real ones are two deep.
const MAX_DEPTH: usize = 5;
/// Colours of a DeviceN space.
const MAX_COLORANTS: usize = 32;

/// A colour space as far as print cares.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Space {
    /// What it is called; none for a pattern.
    pub name: Option<String>,
    /// Spot colours.
    pub spots: Vec<String>,
    /// Its four components are inks.
    pub cmyk: bool,
}

impl Space {
    pub(super) fn device(name: &str) -> Self {
        Self { name: Some(name.to_owned()), spots: Vec::new(), cmyk: name == "DeviceCMYK" }
    }

    fn called(name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), ..Self::default() }
    }

    /// By its name in a content stream.
    pub(super) fn named(name: &Name<'_>, resources: &Resources<'_>) -> Self {
        match device(name.as_ref()) {
            Some(space) => space,
            None => resources.get_color_space(name).map(|object| Self::of(&object, 0)).unwrap_or_default(),
        }
    }

    /// Of an object.
    pub(super) fn of(object: &Object<'_>, depth: usize) -> Self {
        if depth > MAX_DEPTH {
            return Self::default();
        }
        match object {
            Object::Name(name) => device(name.as_ref()).unwrap_or_default(),
            Object::Array(array) => Self::of_array(array, depth),
            _ => Self::default(),
        }
    }

    fn of_array(array: &Array<'_>, depth: usize) -> Self {
        let mut parts = array.flex_iter();
        let Some(kind) = parts.next::<Name<'_>>() else { return Self::default() };
        match kind.as_ref() {
            b"ICCBased" => {
                let count = parts.next::<Stream<'_>>().and_then(|stream| stream.dict().get::<i32>(b"N"));
                match count {
                    Some(1) => Self::called("Grey with a profile"),
                    Some(3) => Self::called("RGB with a profile"),
                    Some(4) => Self { cmyk: true, ..Self::called("CMYK with a profile") },
                    _ => Self::default(),
                }
            }
            b"CalRGB" => Self::called("Calibrated RGB"),
            b"CalGray" => Self::called("Calibrated grey"),
            b"Lab" => Self::called("Lab"),
            b"Indexed" | b"I" => {
                let base = parts.next::<Object<'_>>();
                let base = base.map(|base| Self::of(&base, depth + 1)).unwrap_or_default();
                Self { cmyk: false, ..base }
            }
            b"Separation" => {
                let spots = parts.next::<Name<'_>>().and_then(|name| spot(&name)).into_iter().collect();
                Self { spots, ..Self::default() }
            }
            b"DeviceN" => {
                let names = parts.next::<Array<'_>>();
                let names = names.iter().flat_map(|names| names.iter::<Name<'_>>()).take(MAX_COLORANTS);
                Self { spots: names.filter_map(|name| spot(&name)).collect(), ..Self::default() }
            }
            other => device(other).unwrap_or_default(),
        }
    }

    /// Of a picture or a shading.
    pub(super) fn of_dict(dict: &Dict<'_>, resources: &Resources<'_>) -> Self {
        match dict.get::<Object<'_>>(b"ColorSpace").or_else(|| dict.get::<Object<'_>>(b"CS")) {
            Some(Object::Name(name)) => Self::named(&name, resources),
            Some(object) => Self::of(&object, 0),
            None => Self::default(),
        }
    }
}

fn device(name: &[u8]) -> Option<Space> {
    Some(match name {
        b"DeviceGray" | b"G" => Space::device("DeviceGray"),
        b"DeviceRGB" | b"RGB" => Space::device("DeviceRGB"),
        b"DeviceCMYK" | b"CMYK" => Space::device("DeviceCMYK"),
        b"Pattern" => Space::default(),
        _ => return None,
    })
}

/// A colour that needs a plate of its own. "All" is for marks of the printer, "None" is not printed.
fn spot(name: &Name<'_>) -> Option<String> {
    match name.as_ref() {
        b"All" | b"None" | b"Cyan" | b"Magenta" | b"Yellow" | b"Black" => None,
        other => Some(text(other)).filter(|name| !name.is_empty()),
    }
}
