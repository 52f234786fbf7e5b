//! The parts of a PNG that a PDF takes as they are.

/// Compressed pixels of a picture without transparency.
pub(crate) struct Pixels {
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// zlib stream of filtered rows, 8 bits a channel, RGB.
    pub(crate) data: Vec<u8>,
}

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Takes a PNG apart. None for anything but 8-bit RGB without interlacing.
pub(crate) fn pixels(png: &[u8]) -> Option<Pixels> {
    let mut rest = png.strip_prefix(SIGNATURE)?;
    let mut head = None;
    let mut data = Vec::with_capacity(png.len());
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let (kind, after) = after.split_first_chunk::<4>()?;
        let (body, after) = after.split_at_checked(u32::from_be_bytes(*length) as usize)?;
        rest = after.get(4..)?;
        match kind {
            b"IHDR" => head = Some((number(body, 0)?, number(body, 4)?, body.get(8..13)?)),
            b"IDAT" => data.extend_from_slice(body),
            b"IEND" => break,
            _ => {}
        }
    }
    let (width, height, form) = head?;
    // Depth, colour type, compression, filter, interlacing.
    (form == [8, 2, 0, 0, 0]).then_some(Pixels { width, height, data })
}

fn number(body: &[u8], at: usize) -> Option<u32> {
    body.get(at..)?.first_chunk::<4>().map(|bytes| u32::from_be_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_that_are_cut_off_or_of_another_kind_are_refused() {
        let chunk = |kind: &[u8], body: &[u8]| {
            let mut bytes = (body.len() as u32).to_be_bytes().to_vec();
            bytes.extend_from_slice(kind);
            bytes.extend_from_slice(body);
            bytes.extend_from_slice(&[0; 4]);
            bytes
        };
        let png = |colour: u8| {
            let head = [0, 0, 0, 2, 0, 0, 0, 3, 8, colour, 0, 0, 0];
            [
                SIGNATURE,
                &chunk(b"IHDR", &head),
                &chunk(b"IDAT", b"ab"),
                &chunk(b"IDAT", b"c"),
                &chunk(b"IEND", b""),
            ]
            .concat()
        };
        let good = png(2);
        let found = pixels(&good).expect("RGB");
        assert_eq!((found.width, found.height, found.data), (2, 3, b"abc".to_vec()));
        assert!(pixels(&png(6)).is_none(), "transparency");
        assert!(pixels(&good[..good.len() - 20]).is_none(), "cut off inside a chunk");
        assert!(pixels(b"").is_none());
        assert!(pixels(&[SIGNATURE, &[0xff; 8]].concat()).is_none(), "a length beyond the end");
    }
}
