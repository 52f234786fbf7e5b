//! The bundled font, and fonts of the machine for characters that it does not have.

use rustybuzz::Face;
use rustybuzz::ttf_parser::{self, Permissions};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use subsetter::GlyphRemapper;

/// Where Debian and its relatives keep fonts.
pub const SYSTEM_FONTS: [&str; 2] = ["/usr/share/fonts", "/usr/local/share/fonts"];

const REGULAR: &[u8] = include_bytes!("../fonts/Inter-Regular.otf");
const BOLD: &[u8] = include_bytes!("../fonts/Inter-SemiBold.otf");

/// Fonts of the machine that one summary uses at most.
const MAX_FONTS: usize = 8;
/// Files that are looked into at most.
const MAX_FILES: usize = 400;
/// A font file larger than this is passed over.
const MAX_FILE_BYTES: u64 = 64 << 20;
/// Folders below each other.
const MAX_DEPTH: usize = 6;

/// The fonts of one summary: the bundled ones, regular and bold, then what else its texts need.
pub(crate) struct Library {
    fonts: Vec<Stored>,
}

struct Stored {
    data: Cow<'static, [u8]>,
    index: u32,
}

/// A font that can be used.
pub(crate) struct Font<'l> {
    pub face: Face<'l>,
    pub data: &'l [u8],
    pub index: u32,
}

impl Library {
    /// The fonts for texts with these characters.
    pub(crate) fn for_characters(characters: &BTreeSet<char>, folders: &[PathBuf]) -> Library {
        let bundled = |data| Stored { data: Cow::Borrowed(data), index: 0 };
        let mut library = Library { fonts: vec![bundled(REGULAR), bundled(BOLD)] };
        let mut missing: BTreeSet<char> = characters.iter().copied().filter(|c| !invisible(*c)).collect();
        if let Some(face) = Face::from_slice(REGULAR, 0) {
            missing.retain(|c| face.glyph_index(*c).is_none());
        }
        if missing.is_empty() {
            return library;
        }
        for path in candidates(folders) {
            if missing.is_empty() || library.fonts.len() >= 2 + MAX_FONTS {
                break;
            }
            let Ok(data) = fs::read(&path) else { continue };
            let faces = ttf_parser::fonts_in_collection(&data).unwrap_or(1).min(4);
            for index in 0..faces {
                let Some(covered) = usable(&data, index, &missing) else { continue };
                missing.retain(|c| !covered.contains(c));
                library.fonts.push(Stored { data: Cow::Owned(data), index });
                break;
            }
        }
        library
    }

    /// All fonts, the bundled regular and bold one first.
    pub(crate) fn fonts(&self) -> Vec<Font<'_>> {
        let mut fonts = Vec::new();
        for Stored { data, index } in &self.fonts {
            fonts.extend(Face::from_slice(data, *index).map(|face| Font { face, data, index: *index }));
        }
        fonts
    }
}

/// Nothing is drawn for these.
pub(crate) fn invisible(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e0fff}')
}

/// Which of the characters a font can draw; none when it has nothing to offer or cannot be embedded.
fn usable(data: &[u8], index: u32, missing: &BTreeSet<char>) -> Option<BTreeSet<char>> {
    let face = Face::from_slice(data, index)?;
    let outlines = face.tables().glyf.is_some() || face.tables().cff.is_some();
    if !outlines || face.permissions() == Some(Permissions::Restricted) || !face.is_subsetting_allowed() {
        return None;
    }
    let covered: BTreeSet<char> =
        missing.iter().copied().filter(|c| face.glyph_index(*c).is_some()).collect();
    let first = face.glyph_index(*covered.first()?)?;
    let mut glyphs = GlyphRemapper::new();
    glyphs.remap(first.0);
    subsetter::subset(data, index, &glyphs).ok()?;
    Some(covered)
}

/// Font files, the likeliest first: upright regular sans-serifs of families that cover much.
fn candidates(folders: &[PathBuf]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in folders {
        collect(folder, 0, &mut found);
    }
    let mut ranked: Vec<(u32, PathBuf)> = found.into_iter().map(|path| (rank(&path), path)).collect();
    ranked.sort();
    ranked.truncate(MAX_FILES);
    ranked.into_iter().map(|(_, path)| path).collect()
}

fn collect(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let (path, Ok(kind)) = (entry.path(), entry.file_type()) else { continue };
        if kind.is_dir() {
            if depth < MAX_DEPTH {
                collect(&path, depth + 1, found);
            }
            continue;
        }
        let extension = path.extension().map(|e| e.to_ascii_lowercase());
        let font = extension.is_some_and(|e| ["ttf", "otf", "ttc", "otc"].iter().any(|known| e == *known));
        // Through a link if it is one.
        let small = fs::metadata(&path).is_ok_and(|about| about.is_file() && about.len() <= MAX_FILE_BYTES);
        if font && small && found.len() < 10_000 {
            found.push(path);
        }
    }
}

fn rank(path: &Path) -> u32 {
    let name = path.file_stem().map(|stem| stem.to_string_lossy().to_lowercase()).unwrap_or_default();
    let odd = ["bold", "italic", "oblique", "light", "thin", "black", "medium", "condensed", "mono", "serif"];
    let odd = odd.iter().any(|word| name.contains(word)) && !name.contains("sansserif");
    let family = [
        ("notosanscjk", 0),
        ("notosans-", 1),
        ("notosans", 2),
        ("droidsansfallback", 3),
        ("wqy", 4),
        ("ipag", 4),
        ("nanum", 4),
        ("dejavusans", 5),
        ("freesans", 6),
        ("unifont", 9),
    ];
    let family = family.iter().find(|(start, _)| name.starts_with(start)).map_or(8, |(_, rank)| *rank);
    family + if odd { 20 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chars(text: &str) -> BTreeSet<char> {
        text.chars().collect()
    }

    #[test]
    fn european_scripts_need_no_other_font() {
        let library = Library::for_characters(&chars("Ärger Ωμέγα Привет ő ş ½ € … → ✓\u{200b}"), &[]);
        assert_eq!(library.fonts().len(), 2);
        let face = &library.fonts()[0].face;
        assert!("ÄΩПő½€…".chars().all(|c| face.glyph_index(c).is_some()));
    }

    #[test]
    fn folders_that_hold_no_fonts_are_fine() {
        let folders = [PathBuf::from("/nonexistent"), PathBuf::from("/etc/hostname")];
        assert_eq!(Library::for_characters(&chars("漢"), &folders).fonts().len(), 2);
    }

    #[test]
    fn upright_sans_serifs_come_first() {
        let mut names = [
            "NotoSerif-Bold.ttf",
            "Lato.ttf",
            "NotoSans-Regular.ttf",
            "DejaVuSans.ttf",
            "NotoSansCJK-Regular.ttc",
        ];
        names.sort_by_key(|name| rank(Path::new(name)));
        assert_eq!(
            names,
            [
                "NotoSansCJK-Regular.ttc",
                "NotoSans-Regular.ttf",
                "DejaVuSans.ttf",
                "Lato.ttf",
                "NotoSerif-Bold.ttf"
            ]
        );
    }
}
