//! What a person who prints looks for in a file. [`Facts`] are read by the child; [`findings`] says in sentences
//! what follows from them.

mod boxes;
mod rules;

use serde::{Deserialize, Serialize};

pub use rules::findings;

/// How much a finding matters. Nothing is refused for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Good to know.
    Note,
    /// Likely to go wrong in print.
    Warning,
}

/// Something to know about a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// What it is about: `size`, `bleed`, `fonts`, `images`, `colour`, `ink`, `transparency`, `lines`, `file`.
    pub topic: &'static str,
    /// A sentence.
    pub text: String,
    /// What exactly, such as the names of fonts.
    pub items: Vec<String>,
    /// The pages concerned, from 1, in order; none if it is about the file.
    pub pages: Vec<u32>,
}

/// What was read of a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
#[allow(clippy::large_enum_variant, reason = "there is one at a time")]
pub enum Facts {
    /// Of a PDF.
    Pdf(PdfFacts),
    /// Of a picture.
    Picture(PictureFacts),
    /// Of a file about which nothing is looked for.
    Other,
}

/// Of a PDF. All lists are bounded; sizes are in points.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PdfFacts {
    /// Such as `1.7`.
    pub version: String,
    /// The standard it says to keep, such as `PDF/X-4`.
    pub standard: Option<String>,
    /// The program that made it.
    pub producer: Option<String>,
    /// The printing condition it is meant for.
    pub output_intent: Option<String>,
    /// Its pages in order.
    pub pages: Vec<PageBoxes>,
    /// Fonts that text is set in.
    pub fonts: Vec<FontUse>,
    /// Pictures, of those alike on a page the coarsest.
    pub images: Vec<ImageUse>,
    /// Colour spaces, and where they are used.
    pub spaces: Vec<Named>,
    /// Spot colours, and where they are used.
    pub spots: Vec<Named>,
    /// Pages with see-through objects.
    pub transparency: Vec<u32>,
    /// Pages with objects that overprint.
    pub overprint: Vec<u32>,
    /// The most ink of a colour given in CMYK, in percent, and its page.
    pub ink: Option<(f64, u32)>,
    /// Pages with lines thinner than 0.25 points.
    pub hairlines: Vec<u32>,
    /// Pages with notes or form fields, which are not printed by everybody.
    pub annotations: Vec<u32>,
    /// Pages that are shown as well as can be without tools that this server lacks.
    #[serde(default)]
    pub approximate: Vec<u32>,
    /// It carries scripts.
    pub scripts: bool,
    /// It carries other files.
    pub attachments: bool,
    /// It has layers that can be switched off.
    pub layers: bool,
    /// There was more in it than is looked at.
    pub cut_short: bool,
}

/// Boxes of a page: left, bottom, right, top in points.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct PageBoxes {
    /// The sheet.
    pub media: [f64; 4],
    /// What is shown.
    pub crop: [f64; 4],
    /// The finished page, if it says so.
    pub trim: Option<[f64; 4]>,
    /// What is printed beyond it, if it says so.
    pub bleed: Option<[f64; 4]>,
    /// How many points a unit is.
    pub unit: f64,
}

/// A font.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FontUse {
    /// Its name.
    pub name: String,
    /// Its program is in the file.
    pub embedded: bool,
    /// Where text is set in it.
    pub pages: Vec<u32>,
}

/// A picture as it is placed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ImageUse {
    /// The page.
    pub page: u32,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Pixels per inch as placed, in the coarser direction.
    pub dpi: f64,
    /// One bit for each pixel: line art.
    pub line_art: bool,
}

/// A name, and the pages it is used on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// The name.
    pub name: String,
    /// The pages.
    pub pages: Vec<u32>,
}

/// Of a picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PictureFacts {
    /// Pixels across, as stored.
    pub width: u32,
    /// Pixels down, as stored.
    pub height: u32,
    /// Pixels per inch across and down, if it says so.
    pub dpi: Option<(f64, f64)>,
    /// `RGB`, `CMYK`, `Grey`, `Palette`.
    pub color: String,
    /// Bits of a sample.
    pub bits: u8,
    /// It can be seen through in places.
    pub alpha: bool,
    /// It carries a colour profile.
    pub profile: bool,
    /// It moves.
    pub animated: bool,
}
