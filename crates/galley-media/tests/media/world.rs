//! A [`Media`] on a folder of its own, and what tests ask of it.

use std::path::{Path, PathBuf};

use galley_media::{
    ChildCommand, FileKind, Media, MediaError, MediaOptions, OpenEvent, PageInfo, Picture, Source, TILE,
};
use tempfile::TempDir;

pub struct World {
    pub media: Media,
    pub folder: TempDir,
}

pub fn child() -> ChildCommand {
    ChildCommand { program: PathBuf::from(env!("CARGO_BIN_EXE_galley-media-child")), args: vec![] }
}

/// A shell script in place of the child. It gets the real child as `$0`.
pub fn script(text: &str) -> ChildCommand {
    let real = env!("CARGO_BIN_EXE_galley-media-child").to_owned();
    ChildCommand { program: "/bin/sh".into(), args: vec!["-c".into(), text.into(), real] }
}

impl World {
    pub fn new() -> Self {
        Self::with(child(), MediaOptions::default())
    }

    pub fn with(child: ChildCommand, options: MediaOptions) -> Self {
        // Not in /tmp, which tools have to themselves where the kernel allows.
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let media = Media::new(child, folder.path().join("cache"), options).unwrap();
        Self { media, folder }
    }

    /// The same cache with another child, as after a restart.
    pub fn restarted(&self, child: ChildCommand) -> Media {
        Media::new(child, self.cache(), MediaOptions::default()).unwrap()
    }

    pub fn cache(&self) -> PathBuf {
        self.folder.path().join("cache")
    }

    pub fn source(&self, key: &str, kind: FileKind, bytes: &[u8]) -> Source {
        let path = self.folder.path().join(format!("{key}.{}", kind.extension()));
        std::fs::write(&path, bytes).unwrap();
        Source { key: key.into(), path, kind, moment: None }
    }

    /// A file from `tests/fixtures/formats`, of the kind that its bytes and its name say.
    pub fn fixture(&self, name: &str) -> Source {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/formats").join(name);
        let bytes = std::fs::read(&path).unwrap();
        let kind = galley_media::sniff(&bytes[..bytes.len().min(galley_media::SNIFFED)], name).unwrap();
        let key = name.bytes().map(|b| if b.is_ascii_alphanumeric() { char::from(b) } else { 'x' }).collect();
        Source { key, path, kind, moment: None }
    }

    pub async fn open(&self, source: &Source) -> (Vec<OpenEvent>, Result<(), MediaError>) {
        open(&self.media, source).await
    }

    /// Opens what must open, and gives its pages.
    pub async fn pages(&self, source: &Source) -> Vec<PageInfo> {
        let (events, result) = self.open(source).await;
        result.unwrap();
        match events.into_iter().next() {
            Some(OpenEvent::Info { pages }) => pages,
            other => panic!("the first event was {other:?}"),
        }
    }

    /// A whole level, put together from its tiles.
    pub async fn level(&self, source: &Source, page: u32, info: &PageInfo, level: u8) -> Pixels {
        let (width, height) = info.pyramid().level_size(level).unwrap();
        let mut all = Pixels { width, height, rgb: vec![0; (width * height * 3) as usize] };
        let (columns, rows) = info.pyramid().tiles(level).unwrap();
        for y in 0..rows {
            for x in 0..columns {
                let tile = decode(&self.media.tile(source, page, info, level, x, y).await.unwrap());
                assert_eq!(tile.width, TILE.min(width - x * TILE));
                assert_eq!(tile.height, TILE.min(height - y * TILE));
                for row in 0..tile.height {
                    for column in 0..tile.width {
                        let at = ((y * TILE + row) * width + x * TILE + column) as usize * 3;
                        all.rgb[at..at + 3].copy_from_slice(&tile.at(column, row));
                    }
                }
            }
        }
        all
    }
}

pub async fn open(media: &Media, source: &Source) -> (Vec<OpenEvent>, Result<(), MediaError>) {
    let mut events = Vec::new();
    let result = media.open(source, |event| events.push(event)).await;
    (events, result)
}

/// Files below a folder.
pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            if entry.file_type().unwrap().is_dir() {
                folders.push(entry.path());
            } else {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    found
}

#[derive(Debug, PartialEq, Eq)]
pub struct Pixels {
    pub width: u32,
    pub height: u32,
    pub rgb: Vec<u8>,
}

impl Pixels {
    pub fn at(&self, x: u32, y: u32) -> [u8; 3] {
        let at = (y * self.width + x) as usize * 3;
        [self.rgb[at], self.rgb[at + 1], self.rgb[at + 2]]
    }

    /// The pixel at a fraction of width and height.
    pub fn at_share(&self, x: f64, y: f64) -> [u8; 3] {
        self.at((x * f64::from(self.width)) as u32, (y * f64::from(self.height)) as u32)
    }

    /// Bounds of everything dark, as fractions: left, top, right, bottom.
    pub fn dark_bounds(&self) -> (f64, f64, f64, f64) {
        let (mut left, mut top, mut right, mut bottom) = (self.width, self.height, 0, 0);
        for y in 0..self.height {
            for x in 0..self.width {
                if self.at(x, y).iter().all(|&c| c < 96) {
                    (left, top) = (left.min(x), top.min(y));
                    (right, bottom) = (right.max(x + 1), bottom.max(y + 1));
                }
            }
        }
        assert!(right > left, "nothing dark on the page");
        let (w, h) = (f64::from(self.width), f64::from(self.height));
        (f64::from(left) / w, f64::from(top) / h, f64::from(right) / w, f64::from(bottom) / h)
    }
}

pub fn near(found: [u8; 3], wanted: [u8; 3], tolerance: u8) -> bool {
    found.iter().zip(wanted).all(|(f, w)| f.abs_diff(w) <= tolerance)
}

pub fn decode(picture: &Picture) -> Pixels {
    match picture.mime {
        "image/png" => decode_png(&picture.bytes),
        "image/jpeg" => decode_jpeg(&picture.bytes),
        other => panic!("{other}"),
    }
}

fn decode_png(bytes: &[u8]) -> Pixels {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().unwrap();
    let mut rgb = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut rgb).unwrap();
    assert_eq!(info.color_type, png::ColorType::Rgb);
    Pixels { width: info.width, height: info.height, rgb }
}

fn decode_jpeg(bytes: &[u8]) -> Pixels {
    use zune_core::colorspace::ColorSpace;
    let options = zune_core::options::DecoderOptions::default().jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder =
        zune_jpeg::JpegDecoder::new_with_options(zune_core::bytestream::ZCursor::new(bytes), options);
    let rgb = decoder.decode().unwrap();
    let info = decoder.info().unwrap();
    Pixels { width: info.width.into(), height: info.height.into(), rgb }
}
