//! Writes what was captured as a PDF: pictures, the words over them unseen, and links.

use crate::page::{Place, Shot, Slice};
use std::collections::HashMap;
use std::fmt::Write as _;

/// Points of a CSS pixel.
const POINT: f64 = 0.75;

/// Longest page in CSS pixels: 195 inches (`product.md` 3.2). A PDF page cannot be longer than 200.
pub(crate) const MAX_PAGE: u32 = 195 * 96;

/// How far letters reach above the baseline, as a share of the line; viewers put marks over words by it.
const ASCENT: f64 = 0.78;

/// Widths of all glyphs, in ems.
const ADVANCE: f64 = 0.5;

/// The document of a capture.
pub(crate) fn write(shot: &Shot) -> Vec<u8> {
    let mut file = File { bytes: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec(), places: Vec::new() };
    let letters = Letters::of(shot);
    // Objects 1 to 6 are known before the pages are written.
    let [catalog, tree, font, descendant, descriptor, unicode] = [1, 2, 3, 4, 5, 6];
    file.places = vec![0; 6];
    let mut kids = String::new();
    let count = shot.height.div_ceil(MAX_PAGE).max(1);
    for top in (0..count).map(|number| number * MAX_PAGE) {
        let height = MAX_PAGE.min(shot.height - top);
        let page = page(&mut file, shot, &letters, (top, height), (tree, font));
        let _ = write!(kids, "{page} 0 R ");
    }
    file.put(catalog, &format!("<< /Type /Catalog /Pages {tree} 0 R >>"));
    file.put(tree, &format!("<< /Type /Pages /Kids [{kids}] /Count {count} >>"));
    file.put(
        font,
        &format!(
            "<< /Type /Font /Subtype /Type0 /BaseFont /Helvetica /Encoding /Identity-H \
             /DescendantFonts [{descendant} 0 R] /ToUnicode {unicode} 0 R >>"
        ),
    );
    file.put(
        descendant,
        &format!(
            "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Helvetica /DW {} /CIDToGIDMap /Identity \
             /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> \
             /FontDescriptor {descriptor} 0 R >>",
            (ADVANCE * 1000.0) as u32
        ),
    );
    file.put(
        descriptor,
        "<< /Type /FontDescriptor /FontName /Helvetica /Flags 32 /FontBBox [0 -220 1000 780] /ItalicAngle 0 \
         /Ascent 780 /Descent -220 /CapHeight 700 /StemV 80 >>",
    );
    file.put_stream(unicode, "", letters.map().as_bytes());
    let info = file.add(&format!("<< /Title {} /Producer (Galley) >>", text_string(&shot.title)));
    file.finish(catalog, info)
}

fn page(
    file: &mut File,
    shot: &Shot,
    letters: &Letters,
    (top, height): (u32, u32),
    (tree, font): (usize, usize),
) -> usize {
    let bottom = top + height;
    let mut content = String::new();
    let mut images = String::new();
    let overlaps = |slice: &&Slice| slice.top < bottom && slice.top + slice.height > top;
    for (number, slice) in shot.slices.iter().filter(overlaps).enumerate() {
        let image = file.add_stream(
            &format!(
                "/Type /XObject /Subtype /Image /Width {} /Height {} /ColorSpace /DeviceRGB /BitsPerComponent 8 \
                 /Filter /FlateDecode /DecodeParms << /Predictor 15 /Colors 3 /BitsPerComponent 8 /Columns {} >>",
                slice.pixels.width, slice.pixels.height, slice.pixels.width
            ),
            &slice.pixels.data,
        );
        let _ = write!(images, "/I{number} {image} 0 R ");
        let (wide, high) = (f64::from(shot.width) * POINT, f64::from(slice.height) * POINT);
        let y = (f64::from(bottom) - f64::from(slice.top + slice.height)) * POINT;
        let _ = writeln!(content, "q {wide} 0 0 {high} 0 {y} cm /I{number} Do Q");
    }
    content.push_str("BT 3 Tr\n");
    let inside = |place: &Place| place.y + place.height > f64::from(top) && place.y < f64::from(bottom);
    for (word, place) in shot.words.iter().filter(|(_, place)| inside(place)) {
        let count = word.chars().count().max(1) as f64;
        let size = place.height * POINT;
        let stretch = 100.0 * place.width / (count * ADVANCE * place.height);
        let (x, y) = (place.x * POINT, (f64::from(bottom) - place.y - ASCENT * place.height) * POINT);
        // The blank parts it from the next one, wherever that is.
        let codes: String = word.chars().chain([' ']).map(|c| format!("{:04X}", letters.code(c))).collect();
        let _ = writeln!(content, "/F {size:.3} Tf {stretch:.2} Tz 1 0 0 1 {x:.3} {y:.3} Tm <{codes}> Tj");
    }
    content.push_str("ET\n");
    let content = file.add_stream("", content.as_bytes());
    let mut links = String::new();
    for (url, place) in &shot.links {
        // A link that reaches over the edge of a sheet is on both; what leaves the page is on none.
        let Some((x, y)) = place.within((f64::from(top), f64::from(bottom)), f64::from(shot.width)) else {
            continue;
        };
        let rect = [x.0, f64::from(bottom) - y.1, x.1, f64::from(bottom) - y.0].map(|side| side * POINT);
        let link = file.add(&format!(
            "<< /Type /Annot /Subtype /Link /Border [0 0 0] /Rect [{:.2} {:.2} {:.2} {:.2}] \
             /A << /S /URI /URI {} >> >>",
            rect[0],
            rect[1],
            rect[2],
            rect[3],
            byte_string(url.as_bytes())
        ));
        let _ = write!(links, "{link} 0 R ");
    }
    file.add(&format!(
        "<< /Type /Page /Parent {tree} 0 R /MediaBox [0 0 {} {}] /Contents {content} 0 R /Annots [{links}] \
         /Resources << /Font << /F {font} 0 R >> /XObject << {images}>> >> >>",
        f64::from(shot.width) * POINT,
        f64::from(height) * POINT
    ))
}

impl Place {
    /// What of it lies on a sheet: from left to right, and from top to bottom. None if nothing does.
    fn within(&self, (top, bottom): (f64, f64), width: f64) -> Option<((f64, f64), (f64, f64))> {
        let x = (self.x.max(0.0), (self.x + self.width).min(width));
        let y = (self.y.max(top), (self.y + self.height).min(bottom));
        (x.0 < x.1 && y.0 < y.1).then_some((x, y))
    }
}

/// Numbers for the letters that occur: codes of two bytes, from 1.
struct Letters {
    codes: HashMap<char, u16>,
}

impl Letters {
    fn of(shot: &Shot) -> Letters {
        let mut codes = HashMap::new();
        for c in shot.words.iter().flat_map(|(word, _)| word.chars()).chain([' ']) {
            let next = u16::try_from(codes.len() + 1).unwrap_or(0);
            codes.entry(c).or_insert(next);
        }
        Letters { codes }
    }

    fn code(&self, c: char) -> u16 {
        self.codes.get(&c).copied().unwrap_or(0)
    }

    /// Which letter a code stands for.
    fn map(&self) -> String {
        let mut all: Vec<(u16, char)> = self.codes.iter().map(|(c, code)| (*code, *c)).collect();
        all.sort_unstable();
        let mut map = "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Letters def \
                       /CMapType 2 def 1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
            .to_owned();
        for some in all.chunks(100) {
            let _ = writeln!(map, "{} beginbfchar", some.len());
            for (code, c) in some {
                let units: String =
                    c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("{unit:04X}")).collect();
                let _ = writeln!(map, "<{code:04X}> <{units}>");
            }
            map.push_str("endbfchar\n");
        }
        map.push_str("endcmap CMapName currentdict /CMap defineresource pop end end\n");
        map
    }
}

/// A string in hexadecimal, which needs no escapes.
fn byte_string(bytes: &[u8]) -> String {
    let mut text = "<".to_owned();
    for byte in bytes {
        let _ = write!(text, "{byte:02X}");
    }
    text.push('>');
    text
}

fn text_string(text: &str) -> String {
    let bytes: Vec<u8> = [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect();
    byte_string(&bytes)
}

/// Objects and where they begin.
struct File {
    bytes: Vec<u8>,
    places: Vec<usize>,
}

impl File {
    fn add(&mut self, object: &str) -> usize {
        self.places.push(0);
        self.put(self.places.len(), object);
        self.places.len()
    }

    fn put(&mut self, number: usize, object: &str) {
        self.places[number - 1] = self.bytes.len();
        self.bytes.extend_from_slice(format!("{number} 0 obj\n{object}\nendobj\n").as_bytes());
    }

    fn add_stream(&mut self, entries: &str, data: &[u8]) -> usize {
        self.places.push(0);
        self.put_stream(self.places.len(), entries, data);
        self.places.len()
    }

    fn put_stream(&mut self, number: usize, entries: &str, data: &[u8]) {
        self.places[number - 1] = self.bytes.len();
        let head = format!("{number} 0 obj\n<< {entries} /Length {} >>\nstream\n", data.len());
        self.bytes.extend_from_slice(head.as_bytes());
        self.bytes.extend_from_slice(data);
        self.bytes.extend_from_slice(b"\nendstream\nendobj\n");
    }

    fn finish(mut self, catalog: usize, info: usize) -> Vec<u8> {
        let start = self.bytes.len();
        let size = self.places.len() + 1;
        let mut table = format!("xref\n0 {size}\n0000000000 65535 f \n");
        for place in &self.places {
            let _ = writeln!(table, "{place:010} 00000 n ");
        }
        let _ = write!(
            table,
            "trailer\n<< /Size {size} /Root {catalog} 0 R /Info {info} 0 R >>\nstartxref\n{start}\n%%EOF\n"
        );
        self.bytes.extend_from_slice(table.as_bytes());
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Targets and rectangles of the links of each sheet.
    fn links(pdf: &[u8]) -> Vec<Vec<(String, [f64; 4])>> {
        let text = String::from_utf8_lossy(pdf).into_owned();
        let objects: Vec<&str> = text.split("endobj").collect();
        let numbered = |number: &str| {
            let head = format!("{number} 0 obj\n");
            *objects.iter().find(|object| object.trim_start().starts_with(&head)).expect("the object")
        };
        let between = |text: &str, from: &str, to: &str| {
            let rest = text.split_once(from).expect("a beginning").1;
            rest.split_once(to).expect("an end").0.to_owned()
        };
        let link = |number: &str| {
            let annotation = numbered(number);
            let hex = between(annotation, "/URI <", ">");
            let url: Vec<u8> = (0..hex.len())
                .step_by(2)
                .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hex"))
                .collect();
            let rect = between(annotation, "/Rect [", "]");
            let sides: Vec<f64> =
                rect.split_whitespace().map(|side| side.parse().expect("a number")).collect();
            (String::from_utf8(url).expect("text"), sides.try_into().expect("four sides"))
        };
        let pages = objects.iter().filter(|object| object.contains("/Type /Page "));
        pages
            .map(|page| {
                let annotations = between(page, "/Annots [", "]");
                let numbers: Vec<&str> =
                    annotations.split(" 0 R").map(str::trim).filter(|n| !n.is_empty()).collect();
                numbers.into_iter().map(link).collect()
            })
            .collect()
    }

    #[test]
    fn links_are_where_they_are_on_each_sheet() {
        let place = |x: f64, y: f64, width: f64, height: f64| Place { x, y, width, height };
        let edge = f64::from(MAX_PAGE);
        let url = |name: &str| format!("https://example.com/({name})");
        let shot = Shot {
            title: "Two sheets".to_owned(),
            width: 800,
            height: MAX_PAGE + 400,
            slices: Vec::new(),
            words: Vec::new(),
            links: vec![
                (url("first"), place(100.0, 40.0, 200.0, 20.0)),
                (url("both"), place(0.0, edge - 8.0, 80.0, 32.0)),
                (url("second"), place(700.0, edge + 100.0, 400.0, 40.0)),
                (url("outside"), place(900.0, 10.0, 50.0, 20.0)),
                (url("above"), place(10.0, -40.0, 50.0, 20.0)),
            ],
        };
        let height = edge * POINT;
        let first = vec![
            (url("first"), [75.0, height - 45.0, 225.0, height - 30.0]),
            (url("both"), [0.0, 0.0, 60.0, 6.0]),
        ];
        // The second sheet is 400 pixels high: 300 points.
        let second = vec![
            (url("both"), [0.0, 300.0 - 18.0, 60.0, 300.0]),
            (url("second"), [525.0, 300.0 - 105.0, 600.0, 300.0 - 75.0]),
        ];
        assert_eq!(links(&write(&shot)), [first, second]);
    }
}
