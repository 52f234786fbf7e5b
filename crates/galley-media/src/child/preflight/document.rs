//! A PDF as a whole: its boxes, what its catalog says, and its pages one after the other.

use hayro::hayro_syntax::object::{Array, Dict, Object, Rect, Stream, String as PdfString};
use hayro::hayro_syntax::page::Page;
use hayro::hayro_syntax::{Pdf, PdfVersion};

use super::walk::Walk;
use crate::child::beyond;
use crate::child::pdf::load_error;
use crate::child::pdf_text::decode;
use crate::child::second::tool_for;
use crate::error::{MediaError, MediaErrorKind};
use crate::preflight::{PageBoxes, PdfFacts};
use crate::protocol::Request;

/// Characters of a name or text from the file.
const MAX_TEXT: usize = 80;
/// Bytes of its metadata that are looked through.
const MAX_METADATA: usize = 1 << 20;
/// Notes on a page that are looked at.
const MAX_NOTES: usize = 1000;

pub(super) fn facts(request: &Request, data: Vec<u8>) -> Result<PdfFacts, MediaError> {
    let pdf = Pdf::new(data).map_err(load_error)?;
    let pages = pdf.pages();
    if pages.len() > request.max_pages as usize {
        return Err(MediaError::new(MediaErrorKind::TooManyPages, format!("{} pages", pages.len())));
    }
    let mut facts = PdfFacts {
        version: version(pdf.version()).to_owned(),
        producer: pdf.metadata().producer.as_deref().map(text).filter(|name| !name.is_empty()),
        ..PdfFacts::default()
    };
    if let Some(catalog) = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id()) {
        read_catalog(&catalog, &mut facts);
    }
    let mut walk = Walk::default();
    for (number, page) in (1..).zip(pages.iter()) {
        let boxes = boxes(page);
        facts.pages.push(boxes);
        if has_notes(page) {
            facts.annotations.push(number);
        }
        if let Some(beyond) = beyond::of(page)
            && tool_for(beyond, &request.helpers).is_none()
        {
            facts.approximate.push(number);
        }
        walk.page(number, page, boxes.unit);
    }
    walk.tell(&mut facts);
    Ok(facts)
}

fn version(version: PdfVersion) -> &'static str {
    match version {
        PdfVersion::Pdf10 => "1.0",
        PdfVersion::Pdf11 => "1.1",
        PdfVersion::Pdf12 => "1.2",
        PdfVersion::Pdf13 => "1.3",
        PdfVersion::Pdf14 => "1.4",
        PdfVersion::Pdf15 => "1.5",
        PdfVersion::Pdf16 => "1.6",
        PdfVersion::Pdf17 => "1.7",
        PdfVersion::Pdf20 => "2.0",
    }
}

/// Text of the file as far as it can be shown: bytes of a text string, or of a name, which programs also write as UTF-8.
pub(super) fn text(bytes: &[u8]) -> String {
    let marked = bytes.starts_with(&[0xfe, 0xff]);
    let all = match std::str::from_utf8(bytes) {
        Ok(text) if !marked => text.to_owned(),
        _ => decode(bytes),
    };
    all.chars().filter(|c| !c.is_control()).take(MAX_TEXT).collect::<String>().trim().to_owned()
}

fn read_catalog(catalog: &Dict<'_>, facts: &mut PdfFacts) {
    let intent = catalog.get::<Array<'_>>(b"OutputIntents").and_then(|all| all.iter::<Dict<'_>>().next());
    facts.output_intent = intent.and_then(|intent| {
        let said = |key: &[u8]| intent.get::<PdfString<'_>>(key).map(|s| text(s.as_bytes()));
        said(b"OutputConditionIdentifier")
            .or_else(|| said(b"OutputCondition"))
            .filter(|name| !name.is_empty())
    });
    let names = catalog.get::<Dict<'_>>(b"Names");
    let action = catalog.get::<Dict<'_>>(b"OpenAction");
    facts.scripts = names.as_ref().is_some_and(|names| names.contains_key(b"JavaScript"))
        || action.is_some_and(|action| action.contains_key(b"JS"));
    facts.attachments = names.is_some_and(|names| names.contains_key(b"EmbeddedFiles"));
    facts.layers = catalog.contains_key(b"OCProperties");
    // Larger metadata would be unpacked to see that; what it says is not worth that.
    let metadata = catalog.get::<Stream<'_>>(b"Metadata").filter(|m| m.raw_data().len() <= MAX_METADATA);
    facts.standard = metadata.and_then(|m| standard(&m.decoded_data().ok()?));
}

/// The standard that XMP metadata claims.
fn standard(metadata: &[u8]) -> Option<String> {
    let seen = &metadata[..metadata.len().min(MAX_METADATA)];
    let key = b"GTS_PDFXVersion";
    let at = seen.windows(key.len()).position(|window| window == key)? + key.len();
    let rest = &seen[at..seen.len().min(at + 64)];
    let start = rest.windows(6).position(|window| window == b"PDF/X-")?;
    let name: Vec<u8> = rest[start..]
        .iter()
        .copied()
        .take_while(|b| b.is_ascii_alphanumeric() || b"/-:".contains(b))
        .collect();
    Some(text(&name))
}

fn corners(rect: Rect) -> [f64; 4] {
    let (x0, x1) = (rect.x0.min(rect.x1), rect.x0.max(rect.x1));
    let (y0, y1) = (rect.y0.min(rect.y1), rect.y0.max(rect.y1));
    [x0, y0, x1, y1]
}

fn boxes(page: &Page<'_>) -> PageBoxes {
    let unit = page.raw().get::<f64>(b"UserUnit").filter(|unit| *unit > 0.0 && unit.is_finite());
    let given = |key: &[u8]| page.raw().get::<Rect>(key).map(corners).filter(|c| c[2] > c[0] && c[3] > c[1]);
    PageBoxes {
        media: corners(page.media_box()),
        crop: corners(page.intersected_crop_box()),
        trim: given(b"TrimBox"),
        bleed: given(b"BleedBox"),
        unit: unit.unwrap_or(1.0),
    }
}

/// Whether there is something on a page that not every printer prints. Links are seen by nobody.
fn has_notes(page: &Page<'_>) -> bool {
    let Some(notes) = page.raw().get::<Array<'_>>(b"Annots") else { return false };
    notes.iter::<Object<'_>>().take(MAX_NOTES).filter_map(Object::into_dict).any(|note| {
        let kind = note.get::<hayro::hayro_syntax::object::Name<'_>>(b"Subtype");
        kind.is_some_and(|kind| !matches!(kind.as_ref(), b"Link" | b"Popup" | b"PrinterMark" | b"TrapNet"))
    })
}
