//! Colours of a brand, and what has to become of one so that text on and beside it stays readable.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A colour: red, green and blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Color(pub [u8; 3]);

const WHITE: Color = Color([255, 255, 255]);
const BLACK: Color = Color([0, 0, 0]);
/// Text of the web app and of mails.
const INK: Color = Color([0x17, 0x18, 0x1b]);
/// The darkest ground of the light look, and the lightest of the dark one, that text stands on.
const LIGHT_GROUND: Color = Color([0xef, 0xef, 0xec]);
const DARK_GROUND: Color = Color([0x26, 0x27, 0x2b]);
/// What lies behind buttons in the dark look.
const DARK_SURFACE: Color = Color([0x1b, 0x1c, 0x1f]);

/// Contrast of text with what is behind it that people with weak eyes need (WCAG 2, level AA).
const READABLE: f64 = 4.5;
/// Contrast by which a button is told from the page; its label is what has to be read.
const VISIBLE: f64 = 1.4;

impl Color {
    /// `#rrggbb` or `#rgb`, in any letter case.
    pub fn parse(text: &str) -> Option<Color> {
        let digits = text.trim().strip_prefix('#')?;
        if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let number = u32::from_str_radix(digits, 16).ok()?;
        match digits.len() {
            6 => {
                let [_, r, g, b] = number.to_be_bytes();
                Some(Color([r, g, b]))
            }
            3 => Some(Color([8, 4, 0].map(|shift| ((number >> shift & 15) * 17) as u8))),
            _ => None,
        }
    }

    /// Contrast of two colours: 1 for the same, 21 for black and white.
    pub fn contrast(self, other: Color) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    fn luminance(self) -> f64 {
        let [r, g, b] = self.0.map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    /// This colour with a share (0 to 1) of another.
    fn mixed(self, other: Color, share: f64) -> Color {
        let mut parts = [0; 3];
        for (part, (a, b)) in parts.iter_mut().zip(self.0.into_iter().zip(other.0)) {
            *part = (f64::from(a) + (f64::from(b) - f64::from(a)) * share).round() as u8;
        }
        Color(parts)
    }

    /// The first colour on the way to another one that fits; at last that one.
    fn towards(self, other: Color, fits: impl Fn(Color) -> bool) -> Color {
        (0..50).map(|step| self.mixed(other, f64::from(step) / 50.0)).find(|c| fits(*c)).unwrap_or(other)
    }

    /// White, the usual ink or black: the first that can be read on this colour.
    fn ink(self) -> Color {
        [WHITE, INK].into_iter().find(|ink| self.contrast(*ink) >= READABLE).unwrap_or(BLACK)
    }
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [r, g, b] = self.0;
        write!(f, "#{r:02x}{g:02x}{b:02x}")
    }
}

impl Serialize for Color {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Color {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Color, D::Error> {
        let text = String::deserialize(deserializer)?;
        Color::parse(&text).ok_or_else(|| serde::de::Error::custom("a colour is #rrggbb"))
    }
}

/// The shades that an accent colour appears in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Palette {
    /// Ground of buttons.
    pub accent: Color,
    /// The same under the pointer.
    pub hover: Color,
    /// Text on both.
    pub ink: Color,
    /// Text in the accent colour, on every ground.
    pub text: Color,
    /// Ground of what is chosen.
    pub soft: Color,
}

/// Palettes of both looks of the web app.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Palettes {
    /// By day, and in mails.
    pub light: Palette,
    /// By night.
    pub dark: Palette,
}

impl Palettes {
    /// The shades of an accent colour. Every text among them can be read, whatever the colour.
    pub fn of(accent: Color) -> Palettes {
        let palette = |accent: Color, ink_side: Color, ground: Color, soft: Color| {
            let ink = accent.ink();
            // Away from its text, so that this stays readable.
            let hover = accent.mixed(if ink == WHITE { BLACK } else { WHITE }, 0.14);
            let readable = |c: Color| c.contrast(ground) >= READABLE && c.contrast(soft) >= READABLE;
            Palette { accent, hover, ink, text: accent.towards(ink_side, readable), soft }
        };
        let light = accent.towards(BLACK, |c| c.contrast(WHITE) >= VISIBLE);
        let dark = accent.towards(WHITE, |c| c.contrast(DARK_SURFACE) >= VISIBLE);
        Palettes {
            light: palette(light, BLACK, LIGHT_GROUND, light.mixed(WHITE, 0.9)),
            dark: palette(dark, WHITE, DARK_GROUND, dark.mixed(DARK_SURFACE, 0.78)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn colours_read_and_write() {
        assert_eq!(Color::parse(" #FFcc00 "), Some(Color([255, 204, 0])));
        assert_eq!(Color::parse("#fc0"), Color::parse("#ffcc00"));
        assert_eq!(Color([255, 204, 0]).to_string(), "#ffcc00");
        for none in ["", "ffcc00", "#ffcc0", "#ffcc000", "#gggggg", "#+12345", "red", "#ffcc00;}"] {
            assert_eq!(Color::parse(none), None, "{none}");
        }
    }

    #[test]
    fn contrast_is_that_of_wcag() {
        assert!((WHITE.contrast(BLACK) - 21.0).abs() < 1e-9);
        assert!((Color([0x76, 0x76, 0x76]).contrast(WHITE) - 4.54).abs() < 0.01);
    }

    #[test]
    fn a_colour_that_can_be_used_is_used_as_it_is() {
        let navy = Color([0x1f, 0x3a, 0x93]);
        let light = Palettes::of(navy).light;
        assert_eq!((light.accent, light.ink, light.text), (navy, WHITE, navy));
        let yellow = Color([0xff, 0xd4, 0x00]);
        let light = Palettes::of(yellow).light;
        assert_eq!((light.accent, light.ink), (yellow, INK));
        assert_ne!(light.text, yellow, "yellow text on white cannot be read");
    }

    proptest! {
        #[test]
        fn every_text_can_be_read(parts in any::<[u8; 3]>()) {
            let Palettes { light, dark } = Palettes::of(Color(parts));
            for (palette, ground) in [(light, LIGHT_GROUND), (dark, DARK_GROUND)] {
                for (text, behind) in [
                    (palette.ink, palette.accent),
                    (palette.ink, palette.hover),
                    (palette.text, ground),
                    (palette.text, palette.soft),
                ] {
                    prop_assert!(text.contrast(behind) >= READABLE, "{text} on {behind}: {palette:?}");
                }
            }
            prop_assert!(light.accent.contrast(WHITE) >= VISIBLE);
            prop_assert!(dark.accent.contrast(DARK_SURFACE) >= VISIBLE);
        }
    }
}
