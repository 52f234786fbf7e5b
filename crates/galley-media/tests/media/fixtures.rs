//! Files made on the spot: PDFs from objects, PNGs and JPEGs from pixels.

use std::fmt::Write;

/// Puts objects into a PDF file with a cross-reference table. Object 1 is the catalog.
pub fn pdf_of_objects(objects: &[String]) -> Vec<u8> {
    let mut file = String::from("%PDF-1.7\n");
    let mut offsets = Vec::new();
    for (number, object) in (1..).zip(objects) {
        offsets.push(file.len());
        write!(file, "{number} 0 obj\n{object}\nendobj\n").unwrap();
    }
    let start = file.len();
    write!(file, "xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).unwrap();
    for offset in offsets {
        writeln!(file, "{offset:010} 00000 n ").unwrap();
    }
    let size = objects.len() + 1;
    write!(file, "trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n").unwrap();
    file.into_bytes()
}

/// A page: entries of its dictionary and its content.
pub struct PageOf<'a> {
    pub entries: &'a str,
    pub content: &'a str,
}

pub fn stream(content: &str) -> String {
    format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len())
}

/// A document of the pages, with Helvetica as `/F1` and whatever else belongs into its catalog.
pub fn pdf_with(catalog: &str, pages: &[PageOf<'_>]) -> Vec<u8> {
    let kids: String = (0..pages.len()).map(|page| format!("{} 0 R ", 4 + 2 * page)).collect();
    let mut objects = vec![
        format!("<< /Type /Catalog /Pages 2 0 R {catalog} >>"),
        format!("<< /Type /Pages /Count {} /Kids [{kids}] >>", pages.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".into(),
    ];
    for page in pages {
        let content = objects.len() + 2;
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /Resources << /Font << /F1 3 0 R >> >> /Contents {content} 0 R {} >>",
            page.entries
        ));
        objects.push(stream(page.content));
    }
    pdf_of_objects(&objects)
}

/// One page.
pub fn pdf_page(entries: &str, content: &str) -> Vec<u8> {
    pdf_with("", &[PageOf { entries, content }])
}

/// A document of `count` A4 pages with a heading and lines of text each.
pub fn text_document(count: usize) -> Vec<u8> {
    let contents: Vec<String> = (1..=count)
        .map(|page| {
            let mut content = format!("BT /F1 18 Tf 50 780 Td (Chapter {page}) Tj /F1 10 Tf ET\n");
            for line in 0..50 {
                let y = 740 - line * 14;
                writeln!(
                    content,
                    "BT /F1 10 Tf 50 {y} Td (Line {line} of chapter {page}, for the proof reader) Tj ET"
                )
                .unwrap();
            }
            content
        })
        .collect();
    let pages: Vec<PageOf<'_>> =
        contents.iter().map(|content| PageOf { entries: "/MediaBox [0 0 595 842]", content }).collect();
    pdf_with("", &pages)
}

pub struct PngOf<'a> {
    pub width: u32,
    pub height: u32,
    pub color: png::ColorType,
    pub depth: png::BitDepth,
    pub data: &'a [u8],
}

impl PngOf<'_> {
    pub fn encode(&self) -> Vec<u8> {
        self.encode_with(|_| {})
    }

    pub fn encode_with(&self, configure: impl FnOnce(&mut png::Encoder<'_, &mut Vec<u8>>)) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, self.width, self.height);
        encoder.set_color(self.color);
        encoder.set_depth(self.depth);
        configure(&mut encoder);
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(self.data).unwrap();
        writer.finish().unwrap();
        bytes
    }
}

/// RGB pixels from a function of place.
pub fn rgb(width: u32, height: u32, color: impl Fn(u32, u32) -> [u8; 3]) -> Vec<u8> {
    (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).flat_map(|(x, y)| color(x, y)).collect()
}

/// A PNG whose header says what is asked for, followed by little.
pub fn png_claiming(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = Vec::new();
    header.extend(width.to_be_bytes());
    header.extend(height.to_be_bytes());
    header.extend([8, 2, 0, 0, 0]);
    push_chunk(&mut bytes, b"IHDR", &header);
    push_chunk(&mut bytes, b"IDAT", &[0x78, 0x9c, 0x63, 0, 0, 0, 1, 0, 1]);
    push_chunk(&mut bytes, b"IEND", b"");
    bytes
}

/// Appends a chunk with its checksum.
pub fn push_chunk(bytes: &mut Vec<u8>, name: &[u8; 4], content: &[u8]) {
    bytes.extend((content.len() as u32).to_be_bytes());
    let start = bytes.len();
    bytes.extend(name);
    bytes.extend(content);
    let crc = crc32(&bytes[start..]);
    bytes.extend(crc.to_be_bytes());
}

fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ u32::from(*byte), |c, _| if c & 1 == 1 { 0xedb8_8320 ^ (c >> 1) } else { c >> 1 })
    };
    !bytes.iter().fold(!0, step)
}

pub fn jpeg(width: u16, height: u16, kind: jpeg_encoder::ColorType, data: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, 95);
    encoder.set_sampling_factor(jpeg_encoder::SamplingFactor::R_4_4_4);
    encoder.encode(data, width, height, kind).unwrap();
    bytes
}

/// An EXIF block that says nothing but the orientation.
pub fn exif(orientation: u8) -> Vec<u8> {
    let mut tiff = b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    tiff.extend([orientation, 0, 0, 0, 0, 0, 0]);
    tiff
}

/// Puts a segment right behind a JPEG's first marker.
pub fn with_segment(jpeg: &[u8], marker: u8, content: &[u8]) -> Vec<u8> {
    let mut bytes = jpeg[..2].to_vec();
    bytes.extend([0xff, marker]);
    bytes.extend((content.len() as u16 + 2).to_be_bytes());
    bytes.extend(content);
    bytes.extend(&jpeg[2..]);
    bytes
}

/// Takes Adobe's marker out of a JPEG.
pub fn without_adobe(jpeg: &[u8]) -> Vec<u8> {
    let at = jpeg.windows(9).position(|w| w[..2] == [0xff, 0xee] && w[4..] == *b"Adobe").unwrap();
    let length = usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
    [&jpeg[..at], &jpeg[at + 2 + length..]].concat()
}
