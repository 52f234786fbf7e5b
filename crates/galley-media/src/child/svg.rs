//! SVG, drawn anew for every zoom level. Nothing outside the file is loaded but installed fonts.

use std::sync::Arc;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{self, ImageHrefResolver, Options, Tree, fontdb};

use super::bitmap::{Area, Bitmap};
use super::engine::{Document, Work};
use super::svg_text;
use crate::error::{MediaError, MediaErrorKind};
use crate::page::{PageInfo, PageText};
use crate::protocol::Request;

/// Where fonts are installed. They are looked through before the child gives up its rights, and read after.
pub(super) const FONT_FOLDERS: &[&str] = &["/usr/share/fonts", "/usr/local/share/fonts"];

/// The installed fonts, by their names.
pub(super) type Fonts = Arc<fontdb::Database>;

/// Looks for fonts. What an SVG asks for and what is not there is replaced by what is.
pub(super) fn fonts() -> Fonts {
    let mut fonts = fontdb::Database::new();
    for folder in FONT_FOLDERS {
        fonts.load_fonts_dir(folder);
    }
    let first_of = |wanted: &[&str]| {
        let there = |name: &&&str| fonts.faces().any(|face| face.families.iter().any(|(f, _)| f == **name));
        wanted.iter().find(there).map(|name| (*name).to_owned())
    };
    let serif = first_of(&["Times New Roman", "Liberation Serif", "Noto Serif", "DejaVu Serif"]);
    let sans = first_of(&["Arial", "Liberation Sans", "Noto Sans", "DejaVu Sans"]);
    let mono = first_of(&["Courier New", "Liberation Mono", "Noto Sans Mono", "DejaVu Sans Mono"]);
    let any = sans.or_else(|| fonts.faces().next()?.families.first().map(|(name, _)| name.clone()));
    if let Some(any) = any {
        fonts.set_serif_family(serif.unwrap_or_else(|| any.clone()));
        fonts.set_monospace_family(mono.unwrap_or_else(|| any.clone()));
        fonts.set_cursive_family(any.clone());
        fonts.set_fantasy_family(any.clone());
        fonts.set_sans_serif_family(any);
    }
    Arc::new(fonts)
}

struct SvgDocument {
    tree: Tree,
    info: [PageInfo; 1],
}

pub(super) fn with_document(
    request: &Request,
    data: &[u8],
    fonts: Fonts,
    work: &mut Work<'_>,
) -> Result<(), MediaError> {
    let options = Options {
        font_family: fonts.family_name(&fontdb::Family::SansSerif).to_owned(),
        fontdb: fonts,
        image_href_resolver: ImageHrefResolver {
            resolve_data: ImageHrefResolver::default_data_resolver(),
            // Neither files nor addresses.
            resolve_string: Box::new(|_, _| None),
        },
        ..Options::default()
    };
    let tree = Tree::from_data(data, &options).map_err(|e| broken(&e))?;
    let (width, height) = (f64::from(tree.size().width()), f64::from(tree.size().height()));
    let longest = width.max(height);
    if longest.is_nan() || longest > request.max_page_side {
        return Err(MediaError::new(MediaErrorKind::TooLarge, format!("{width} x {height} px")));
    }
    let info = PageInfo { width, height, vector: true, physical_mm: None, label: None, animation: None };
    work(&mut SvgDocument { tree, info: [info] })
}

fn broken(error: &usvg::Error) -> MediaError {
    let kind = match error {
        usvg::Error::ElementsLimitReached => MediaErrorKind::TooLarge,
        _ => MediaErrorKind::Damaged,
    };
    MediaError::new(kind, format!("SVG: {error}"))
}

impl SvgDocument {
    /// The part `area` of the picture as it looks when it is `width` by `height` pixels as a whole.
    fn draw(&self, (width, height): (u32, u32), area: Area) -> Result<Bitmap, MediaError> {
        let mut pixmap = Pixmap::new(area.width, area.height)
            .ok_or_else(|| MediaError::new(MediaErrorKind::TooLarge, "a block that cannot be drawn"))?;
        pixmap.fill(resvg::tiny_skia::Color::WHITE);
        let size = self.tree.size();
        let (x, y) = (width as f32 / size.width(), height as f32 / size.height());
        let transform = Transform::from_row(x, 0.0, 0.0, y, -(area.x as f32), -(area.y as f32));
        resvg::render(&self.tree, transform, &mut pixmap.as_mut());
        let data = pixmap.data().chunks_exact(4).flat_map(|p| [p[0], p[1], p[2]]).collect();
        Ok(Bitmap { width: area.width, height: area.height, data })
    }
}

impl Document for SvgDocument {
    fn pages(&self) -> &[PageInfo] {
        &self.info
    }

    fn render(&mut self, _page: u32, level: u8, area: Area) -> Result<Bitmap, MediaError> {
        let size = self.info[0].pyramid().level_size(level);
        self.draw(size.ok_or_else(|| MediaError::new(MediaErrorKind::OutOfRange, "no such level"))?, area)
    }

    fn thumbnail(&mut self, _page: u32, side: u32) -> Result<Bitmap, MediaError> {
        let scale = f64::from(side) / self.info[0].width.max(self.info[0].height);
        let fit = |length: f64| ((length * scale).round() as u32).clamp(1, side);
        let (width, height) = (fit(self.info[0].width), fit(self.info[0].height));
        self.draw((width, height), Area { x: 0, y: 0, width, height })
    }

    fn text(&mut self, _page: u32) -> Result<PageText, MediaError> {
        Ok(svg_text::of(&self.tree))
    }
}
