//! What follows from facts.

use super::{Facts, Finding, PdfFacts, PictureFacts, Severity, boxes};

/// Pictures of fewer pixels per inch show their pixels in print: that is as many as the dots of a usual screen
/// of 150 lines per inch.
const COARSE: f64 = 150.0;
/// What printers ask for: two pixels for each dot of that screen.
const FINE: f64 = 300.0;
/// Line art has no shades to hide its steps, and is asked for at so many.
const FINE_LINE_ART: f64 = 550.0;
/// Coated paper takes 300 to 330 percent of ink, uncoated less; more does not dry.
const MOST_INK: f64 = 300.0;
/// Names that are told one by one.
const MAX_ITEMS: usize = 40;

/// What there is to know about a file, warnings first.
pub fn findings(facts: &Facts) -> Vec<Finding> {
    let mut found = match facts {
        Facts::Pdf(pdf) => of_pdf(pdf),
        Facts::Picture(picture) => of_picture(picture),
        Facts::Other => Vec::new(),
    };
    found.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    found
}

fn finding(severity: Severity, topic: &'static str, text: impl Into<String>) -> Finding {
    Finding { severity, topic, text: text.into(), items: Vec::new(), pages: Vec::new() }
}

impl Finding {
    fn on(mut self, pages: &[u32]) -> Self {
        self.pages = pages.to_vec();
        self
    }

    fn with(mut self, items: impl IntoIterator<Item = String>) -> Self {
        self.items = items.into_iter().take(MAX_ITEMS).collect();
        self
    }
}

fn joined<'p>(pages: impl IntoIterator<Item = &'p Vec<u32>>) -> Vec<u32> {
    let mut all: Vec<u32> = pages.into_iter().flatten().copied().collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn of_pdf(pdf: &PdfFacts) -> Vec<Finding> {
    use Severity::{Note, Warning};
    let mut found = boxes::findings(pdf);
    found.extend(fonts(pdf));
    found.extend(images(pdf));
    found.extend(colors(pdf));
    if let Some((ink, page)) = pdf.ink.filter(|(ink, _)| *ink > MOST_INK + 0.5) {
        let text = format!(
            "A colour takes {ink:.0} % of ink; coated paper takes about {MOST_INK:.0} %. Pictures were not measured."
        );
        found.push(finding(Warning, "ink", text).on(&[page]));
    }
    let on = |severity, topic, text: &str, pages: &[u32]| {
        (!pages.is_empty()).then(|| finding(severity, topic, text).on(pages))
    };
    found.extend(on(Note, "transparency", "There are transparent objects.", &pdf.transparency));
    found.extend(on(Note, "colour", "There are objects that overprint what is below them.", &pdf.overprint));
    found.extend(on(Warning, "lines", "Lines are thinner than 0.25 pt and may not print.", &pdf.hairlines));
    found.extend(on(
        Warning,
        "file",
        "There are notes or form fields, which may or may not be printed.",
        &pdf.annotations,
    ));
    found.extend(on(
        Warning,
        "file",
        "Notes, overprint or knockout are not shown as they print, because Ghostscript or Poppler is missing on the server.",
        &pdf.approximate,
    ));
    if pdf.layers {
        found.push(finding(Note, "file", "The file has layers, some of which may be switched off."));
    }
    if pdf.scripts {
        found.push(finding(Warning, "file", "The file carries scripts. They are not run here."));
    }
    if pdf.attachments {
        found.push(finding(Note, "file", "Other files are attached. They are not part of the proof."));
    }
    if pdf.cut_short {
        found.push(finding(Note, "file", "There is more in this file than was looked at."));
    }
    let standard = pdf.standard.as_ref().map_or(String::new(), |name| format!(", says to keep to {name}"));
    let made = pdf.producer.as_ref().map_or(String::new(), |name| format!(", made by {name}"));
    found.push(finding(Note, "file", format!("PDF {}{standard}{made}.", pdf.version)));
    found
}

fn fonts(pdf: &PdfFacts) -> Option<Finding> {
    let missing: Vec<_> = pdf.fonts.iter().filter(|font| !font.embedded).collect();
    if missing.is_empty() {
        let count = pdf.fonts.len();
        let text = match count {
            0 => return None,
            1 => "The font is embedded.".to_owned(),
            _ => format!("All {count} fonts are embedded."),
        };
        let names = pdf.fonts.iter().map(|font| font.name.clone());
        return Some(finding(Severity::Note, "fonts", text).with(names));
    }
    let text = match missing.len() {
        1 => "A font is not embedded; text may be set in another one.".to_owned(),
        count => format!("{count} fonts are not embedded; text may be set in others."),
    };
    let pages = joined(missing.iter().map(|font| &font.pages));
    let names = missing.iter().map(|font| font.name.clone());
    Some(finding(Severity::Warning, "fonts", text).with(names).on(&pages))
}

fn images(pdf: &PdfFacts) -> Vec<Finding> {
    let mut found = Vec::new();
    let enough = |line_art: bool| if line_art { FINE_LINE_ART } else { FINE };
    let coarse: Vec<_> = pdf.images.iter().filter(|image| image.dpi < COARSE).collect();
    let soft: Vec<_> =
        pdf.images.iter().filter(|i| i.dpi >= COARSE && i.dpi + 0.5 < enough(i.line_art)).collect();
    let tell = |severity, text: String, images: &[&super::ImageUse]| {
        let pages = joined(&[images.iter().map(|image| image.page).collect::<Vec<u32>>()]);
        let mut sorted = images.to_vec();
        sorted.sort_by(|a, b| a.dpi.total_cmp(&b.dpi));
        let items = sorted
            .iter()
            .map(|i| format!("Page {}: {} × {} pixels at {:.0} dpi", i.page, i.width, i.height, i.dpi));
        finding(severity, "images", text).with(items.collect::<Vec<_>>()).on(&pages)
    };
    if !coarse.is_empty() {
        let text = format!("Pictures have less than {COARSE:.0} dpi and will look coarse in print.");
        found.push(tell(Severity::Warning, text, &coarse));
    }
    if !soft.is_empty() {
        let text = format!(
            "Pictures have less than {FINE:.0} dpi ({FINE_LINE_ART:.0} for line art), which offset printing asks for."
        );
        found.push(tell(Severity::Note, text, &soft));
    }
    if found.is_empty() && !pdf.images.is_empty() {
        let text = "All pictures are fine enough for print.".to_owned();
        found.push(finding(Severity::Note, "images", text));
    }
    found
}

fn colors(pdf: &PdfFacts) -> Vec<Finding> {
    let mut found = Vec::new();
    if !pdf.spots.is_empty() {
        let text = match pdf.spots.len() {
            1 => "There is a spot colour.".to_owned(),
            count => format!("There are {count} spot colours."),
        };
        let pages = joined(pdf.spots.iter().map(|spot| &spot.pages));
        let names = pdf.spots.iter().map(|spot| spot.name.clone());
        found.push(finding(Severity::Note, "colour", text).with(names).on(&pages));
    }
    let of = |what: &str| pdf.spaces.iter().filter(|s| s.name.contains(what)).collect::<Vec<_>>();
    let (rgb, cmyk) = (of("RGB"), of("CMYK"));
    if !rgb.is_empty() && (!cmyk.is_empty() || !pdf.spots.is_empty()) {
        let pages = joined(rgb.iter().map(|space| &space.pages));
        let text = "RGB colours stand beside colours for print; they will change when they are converted.";
        found.push(finding(Severity::Warning, "colour", text).on(&pages));
    } else if !rgb.is_empty() {
        let text = "All colours are RGB; they will change when they are converted for print.";
        found.push(finding(Severity::Note, "colour", text));
    }
    if !pdf.spaces.is_empty() {
        let names = pdf.spaces.iter().map(|space| space.name.clone());
        found.push(finding(Severity::Note, "colour", "Colour spaces in use:").with(names));
    }
    if let Some(intent) = &pdf.output_intent {
        found.push(finding(Severity::Note, "colour", format!("It is meant to be printed as {intent}.")));
    }
    found
}

fn of_picture(picture: &PictureFacts) -> Vec<Finding> {
    use Severity::{Note, Warning};
    let mut found = Vec::new();
    let (width, height) = (picture.width, picture.height);
    found.push(match picture.dpi {
        Some((x, y)) => {
            let (w, h) = (f64::from(width) / x * 25.4, f64::from(height) / y * 25.4);
            let least = x.min(y);
            let size = format!("{width} × {height} pixels at {least:.0} dpi print as {w:.0} × {h:.0} mm");
            if least < COARSE {
                finding(Note, "images", format!("{size}, which looks coarse."))
            } else {
                finding(Note, "images", format!("{size}."))
            }
        }
        None => {
            let side = |pixels: u32| f64::from(pixels) / FINE * 25.4;
            let text = format!(
                "{width} × {height} pixels; no resolution is given. At {FINE:.0} dpi that is {:.0} × {:.0} mm.",
                side(width),
                side(height)
            );
            finding(Note, "images", text)
        }
    });
    let depth = format!("{}, {} bits for each channel.", picture.color, picture.bits);
    found.push(finding(Note, "colour", depth));
    if !picture.profile {
        let severity = if picture.color == "CMYK" { Warning } else { Note };
        let text = format!(
            "There is no colour profile, so what its {} values look like is not certain.",
            picture.color
        );
        found.push(finding(severity, "colour", text));
    }
    if picture.alpha {
        found.push(finding(Note, "transparency", "It can be seen through in places."));
    }
    if picture.animated {
        found.push(finding(Note, "file", "It moves; comments are about its first frame."));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::{FontUse, ImageUse, Named, PageBoxes};
    use super::*;

    fn page(trim: Option<[f64; 4]>, bleed: Option<[f64; 4]>) -> PageBoxes {
        let media = [0.0, 0.0, 612.0, 859.0];
        PageBoxes { media, crop: media, trim, bleed, unit: 1.0 }
    }

    fn told(facts: PdfFacts) -> Vec<(Severity, &'static str, String, Vec<u32>)> {
        let found = findings(&Facts::Pdf(facts));
        found.into_iter().map(|f| (f.severity, f.topic, f.text, f.pages)).collect()
    }

    fn about(topic: &str, facts: PdfFacts) -> Vec<(Severity, String, Vec<u32>)> {
        let found = told(facts).into_iter().filter(|(_, t, ..)| *t == topic);
        found.map(|(severity, _, text, pages)| (severity, text, pages)).collect()
    }

    #[test]
    fn bleed_is_measured_between_trim_and_what_is_printed() {
        let trim = [8.5, 8.5, 603.5, 850.5];
        let cases = [
            (None, None, Severity::Note, "does not say where pages are trimmed"),
            (Some(trim), Some([0.0, 0.0, 612.0, 859.0]), Severity::Note, "at least 3 mm"),
            (Some(trim), None, Severity::Note, "at least 3 mm"),
            (Some(trim), Some([3.0, 0.0, 612.0, 859.0]), Severity::Warning, "only 1.9 mm"),
            (Some(trim), Some(trim), Severity::Warning, "no bleed"),
            // A bleed box beyond the sheet.
            (Some([0.0, 0.0, 612.0, 859.0]), Some([-9.0, -9.0, 700.0, 900.0]), Severity::Warning, "no bleed"),
        ];
        for (trim, bleed, severity, text) in cases {
            let found = about("bleed", PdfFacts { pages: vec![page(trim, bleed)], ..PdfFacts::default() });
            assert_eq!((found.len(), found[0].0), (1, severity), "{found:?}");
            assert!(found[0].1.contains(text), "{found:?}");
        }
    }

    #[test]
    fn odd_pages_are_named() {
        let wide = PageBoxes { crop: [0.0, 0.0, 900.0, 859.0], ..page(None, None) };
        let pages = vec![page(None, None), page(None, None), wide];
        let found = about("size", PdfFacts { pages, ..PdfFacts::default() });
        assert_eq!(found, [(Severity::Warning, "Pages have different sizes.".to_owned(), vec![3])]);
    }

    #[test]
    fn resolutions_have_two_limits() {
        let image = |page, dpi, line_art| ImageUse { page, width: 100, height: 100, dpi, line_art };
        let cases = [
            (image(1, 300.0, false), None),
            (image(1, 299.0, false), Some(Severity::Note)),
            (image(1, 150.0, false), Some(Severity::Note)),
            (image(1, 149.0, false), Some(Severity::Warning)),
            (image(1, 400.0, true), Some(Severity::Note)),
            (image(1, 600.0, true), None),
        ];
        for (image, expected) in cases {
            let found = about("images", PdfFacts { images: vec![image.clone()], ..PdfFacts::default() });
            let on: Vec<_> = found.iter().filter(|f| !f.2.is_empty()).map(|f| f.0).collect();
            assert_eq!(on, expected.into_iter().collect::<Vec<_>>(), "{image:?}");
        }
    }

    #[test]
    fn rgb_beside_print_colours_is_a_warning_and_alone_a_note() {
        let space = |name: &str, pages: &[u32]| Named { name: name.into(), pages: pages.to_vec() };
        let facts = |spaces| PdfFacts { spaces, ..PdfFacts::default() };
        let mixed = about("colour", facts(vec![space("DeviceRGB", &[2]), space("ICC CMYK", &[1, 2])]));
        assert_eq!((mixed[0].0, &mixed[0].2), (Severity::Warning, &vec![2]));
        let alone = about("colour", facts(vec![space("DeviceRGB", &[1])]));
        assert!(alone.iter().all(|f| f.0 == Severity::Note) && alone[0].1.contains("All colours are RGB"));
    }

    #[test]
    fn warnings_come_first_and_fonts_are_named() {
        let font = |name: &str, embedded| FontUse { name: name.into(), embedded, pages: vec![2, 3] };
        let facts = PdfFacts {
            pages: vec![page(None, None)],
            fonts: vec![font("Inter", true), font("Helvetica", false)],
            ink: Some((380.0, 2)),
            ..PdfFacts::default()
        };
        let found = findings(&Facts::Pdf(facts));
        let severities: Vec<_> = found.iter().map(|f| f.severity).collect();
        assert!(severities.is_sorted_by(|a, b| a >= b), "{severities:?}");
        assert_eq!(
            (found[0].topic, &found[0].items[..], &found[0].pages[..]),
            ("fonts", &["Helvetica".to_owned()][..], &[2, 3][..])
        );
        assert!(found[1].text.contains("380 %"));
    }

    #[test]
    fn a_picture_is_measured_or_its_size_guessed() {
        let picture = |dpi| PictureFacts {
            width: 3000,
            height: 1500,
            dpi,
            color: "RGB".into(),
            bits: 8,
            alpha: false,
            profile: true,
            animated: false,
        };
        let text = |dpi| findings(&Facts::Picture(picture(dpi)))[0].text.clone();
        assert_eq!(text(Some((300.0, 300.0))), "3000 × 1500 pixels at 300 dpi print as 254 × 127 mm.");
        assert!(text(Some((72.0, 72.0))).ends_with("print as 1058 × 529 mm, which looks coarse."));
        assert!(text(None).contains("At 300 dpi that is 254 × 127 mm"));
    }
}
