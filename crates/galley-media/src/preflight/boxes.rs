//! Sizes of pages and their bleed.

use super::{Finding, PageBoxes, PdfFacts, Severity};

const MM: f64 = 25.4 / 72.0;
/// What printers ask for on every side, in millimetres, with room for rounding.
const BLEED: f64 = 3.0;
const SLACK: f64 = 0.1;
/// Sizes that are told one by one.
const MAX_SIZES: usize = 12;

pub(super) fn size(page: &PageBoxes) -> (f64, f64) {
    let b = page.trim.unwrap_or(page.crop);
    let unit = if page.unit > 0.0 { page.unit } else { 1.0 };
    ((b[2] - b[0]).abs() * MM * unit, (b[3] - b[1]).abs() * MM * unit)
}

/// The least bleed on any side in millimetres; none if the finished page is not said.
fn bleed(page: &PageBoxes) -> Option<f64> {
    let (trim, outer) = (page.trim?, page.bleed.unwrap_or(page.media));
    // Nothing is printed beyond the sheet.
    let outer = [
        outer[0].max(page.media[0]),
        outer[1].max(page.media[1]),
        outer[2].min(page.media[2]),
        outer[3].min(page.media[3]),
    ];
    let sides = [trim[0] - outer[0], trim[1] - outer[1], outer[2] - trim[2], outer[3] - trim[3]];
    let unit = if page.unit > 0.0 { page.unit } else { 1.0 };
    Some(sides.into_iter().fold(f64::INFINITY, f64::min).max(0.0) * MM * unit)
}

fn said((width, height): (f64, f64)) -> String {
    let number = |n: f64| {
        // Programs round to whole points, which is a third of a millimetre.
        if (n - n.round()).abs() < 0.15 { format!("{n:.0}") } else { format!("{n:.1}") }
    };
    format!("{} × {} mm", number(width), number(height))
}

pub(super) fn findings(facts: &PdfFacts) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut sizes: Vec<((f64, f64), Vec<u32>)> = Vec::new();
    for (number, page) in (1..).zip(&facts.pages) {
        let here = size(page);
        let known = sizes.iter_mut().find(|(s, _)| (s.0 - here.0).abs() < 0.5 && (s.1 - here.1).abs() < 0.5);
        match known {
            Some((_, pages)) => pages.push(number),
            None => sizes.push((here, vec![number])),
        }
    }
    let trimmed = facts.pages.iter().any(|page| page.trim.is_some());
    let what = if trimmed { "finished size" } else { "size" };
    match &sizes[..] {
        [] => {}
        [(size, _)] => {
            let text = format!("The {what} is {}.", said(*size));
            found.push(Finding {
                severity: Severity::Note,
                topic: "size",
                text,
                items: vec![],
                pages: vec![],
            });
        }
        several => {
            // Most pages are as they should be; the others are to be looked at.
            let usual = several.iter().max_by_key(|(_, pages)| pages.len()).map(|(size, _)| *size);
            let pages = several.iter().filter(|(size, _)| Some(*size) != usual).flat_map(|(_, p)| p.clone());
            let mut pages: Vec<u32> = pages.collect();
            pages.sort_unstable();
            let items = several.iter().take(MAX_SIZES).map(|(size, pages)| match pages.len() {
                1 => format!("{}: page {}", said(*size), pages[0]),
                count => format!("{}: {count} pages", said(*size)),
            });
            let text = "Pages have different sizes.".to_owned();
            let items = items.collect();
            found.push(Finding { severity: Severity::Warning, topic: "size", text, items, pages });
        }
    }
    found.extend(bleeds(facts));
    found
}

fn bleeds(facts: &PdfFacts) -> Option<Finding> {
    let topic = "bleed";
    if facts.pages.is_empty() {
        return None;
    }
    let known: Vec<(u32, f64)> =
        (1..).zip(&facts.pages).filter_map(|(number, page)| Some((number, bleed(page)?))).collect();
    if known.is_empty() {
        let text = "The file does not say where pages are trimmed, so its bleed is not known.".to_owned();
        return Some(Finding { severity: Severity::Note, topic, text, items: vec![], pages: vec![] });
    }
    let least = known.iter().fold(f64::INFINITY, |least, (_, bleed)| least.min(*bleed));
    let short = |(_, bleed): &&(u32, f64)| *bleed + SLACK < BLEED;
    let pages: Vec<u32> = known.iter().filter(short).map(|(number, _)| *number).collect();
    let (severity, text) = if pages.is_empty() {
        (Severity::Note, format!("There are at least {BLEED:.0} mm of bleed on every side."))
    } else if least < SLACK {
        (Severity::Warning, format!("There is no bleed; printers ask for {BLEED:.0} mm on every side."))
    } else {
        (Severity::Warning, format!("The bleed is only {least:.1} mm; printers ask for {BLEED:.0} mm."))
    };
    Some(Finding { severity, topic, text, items: vec![], pages })
}
