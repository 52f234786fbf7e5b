//! Pictures of pages, put into the file as they are: a PDF takes a JPEG whole, and the compressed pixels of
//! a PNG.

use pdf_writer::types::Predictor;
use pdf_writer::{Chunk, Filter, Finish, Ref};

/// What of a picture goes into the file.
pub(super) struct Image {
    pub width: u32,
    pub height: u32,
    data: Vec<u8>,
    form: Form,
}

enum Form {
    Jpeg {
        gray: bool,
    },
    /// Colours of the palette, if it has one, and bits of a sample.
    Png {
        gray: bool,
        bits: u8,
        palette: Option<Vec<u8>>,
    },
}

impl Image {
    /// Reads what is needed of a file; none when it is of a kind that does not fit.
    pub fn read(bytes: Vec<u8>) -> Option<Image> {
        if bytes.starts_with(&[0xff, 0xd8]) { jpeg(bytes) } else { png(&bytes) }
    }

    /// Writes it.
    pub fn write(&self, chunk: &mut Chunk, id: Ref) {
        let whole = |n: u32| i32::try_from(n).unwrap_or(i32::MAX);
        let mut image = chunk.image_xobject(id, &self.data);
        image.width(whole(self.width)).height(whole(self.height));
        match &self.form {
            Form::Jpeg { gray } => {
                image.bits_per_component(8).filter(Filter::DctDecode);
                let space = image.color_space();
                if *gray {
                    space.device_gray();
                } else {
                    space.device_rgb();
                };
            }
            Form::Png { gray, bits, palette } => {
                image.bits_per_component(i32::from(*bits)).filter(Filter::FlateDecode);
                let mut parameters = image.decode_parms();
                parameters.predictor(Predictor::PngOptimum).colors(if *gray || palette.is_some() {
                    1
                } else {
                    3
                });
                parameters.bits_per_component(i32::from(*bits)).columns(whole(self.width));
                parameters.finish();
                let space = image.color_space();
                match palette {
                    Some(colors) => {
                        let last = i32::try_from(colors.len() / 3).unwrap_or(1) - 1;
                        space.indexed(pdf_writer::Name(b"DeviceRGB"), last, colors);
                    }
                    None if *gray => space.device_gray(),
                    None => space.device_rgb(),
                }
            }
        }
        image.interpolate(true);
    }
}

/// Looks for the frame header, which says how large it is.
fn jpeg(bytes: Vec<u8>) -> Option<Image> {
    let mut at = 2;
    loop {
        let [0xff, marker, high, low] = *bytes.get(at..at + 4)? else { return None };
        let length = usize::from(u16::from_be_bytes([high, low]));
        // Baseline and progressive frames; the other numbers in between are tables.
        if matches!(marker, 0xc0..=0xc2) {
            let [8, h1, h0, w1, w0, parts] = *bytes.get(at + 4..at + 10)? else { return None };
            let (width, height) = (u16::from_be_bytes([w1, w0]), u16::from_be_bytes([h1, h0]));
            let gray = match parts {
                1 => true,
                3 => false,
                _ => return None,
            };
            if width == 0 || height == 0 {
                return None;
            }
            let form = Form::Jpeg { gray };
            return Some(Image { width: width.into(), height: height.into(), data: bytes, form });
        }
        if length < 2 || marker == 0xda {
            return None;
        }
        at += 2 + length;
    }
}

fn png(bytes: &[u8]) -> Option<Image> {
    let mut rest = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n")?;
    let (mut head, mut palette, mut data) = (None, None, Vec::new());
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let (kind, after) = after.split_first_chunk::<4>()?;
        let body = after.get(..length)?;
        rest = after.get(length + 4..)?;
        match kind {
            b"IHDR" => head = Some(body),
            b"PLTE" => palette = Some(body.to_vec()),
            b"tRNS" => return None,
            b"IDAT" => data.extend_from_slice(body),
            b"IEND" => break,
            _ => {}
        }
    }
    let [w3, w2, w1, w0, h3, h2, h1, h0, bits, color, 0, 0, 0] = *head? else { return None };
    let (width, height) = (u32::from_be_bytes([w3, w2, w1, w0]), u32::from_be_bytes([h3, h2, h1, h0]));
    let (gray, palette) = match color {
        0 => (true, None),
        2 => (false, None),
        3 => (false, Some(palette.filter(|colors| colors.len() >= 3)?)),
        _ => return None,
    };
    (width > 0 && height > 0 && bits <= 8 && !data.is_empty()).then_some(Image {
        width,
        height,
        data,
        form: Form::Png { gray, bits, palette },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_picture_is_none() {
        for bytes in [
            &b""[..],
            b"\xff\xd8",
            b"\xff\xd8\xff\xc0\0\x08\x08\0\0\0\0\x03",
            b"\x89PNG\r\n\x1a\n",
            b"GIF89a",
            b"\xff\xd8\xff\xe0\0\0\xff\xe0",
        ] {
            assert!(Image::read(bytes.to_vec()).is_none(), "{bytes:?}");
        }
    }

    #[test]
    fn sizes_are_read() {
        let red = include_bytes!("../../../galley-testkit/files/red.png");
        let image = Image::read(red.to_vec()).expect("a picture");
        assert_eq!((image.width, image.height), (8, 6));
        let jpeg =
            b"\xff\xd8\xff\xe0\0\x04ab\xff\xc0\0\x11\x08\0\x06\0\x08\x03\x01\x11\0\x02\x11\x01\x03\x11\x01";
        let image = Image::read(jpeg.to_vec()).expect("a picture");
        assert_eq!((image.width, image.height), (8, 6));
    }
}
