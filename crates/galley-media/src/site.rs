//! Web pages in a ZIP file: which files there are, and where each lies in the one file that a child makes of all.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The files of a bundle by their paths, which begin at the folder of the main page and have no slash in front.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// Path of the page that is shown first.
    pub main: String,
    /// All files.
    pub files: BTreeMap<String, SiteFile>,
}

/// Where a file of a bundle lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteFile {
    /// First byte.
    pub from: u64,
    /// Number of bytes.
    pub length: u64,
    /// Of a web page: so many of its bytes come before a script that is to run before all others. None where a
    /// script in between would break it.
    pub head: Option<u64>,
}

/// What is at an address of a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SitePlace<'a> {
    /// This file, under its own path.
    File(&'a str, SiteFile),
    /// The first page of a folder that was named without the slash at its end.
    Folder,
}

impl Site {
    /// What is at a path. A folder is its index page; the one of the main page is that page.
    pub fn at(&self, path: &str) -> Option<SitePlace<'_>> {
        let file =
            |name: &str| self.files.get_key_value(name).map(|(name, file)| SitePlace::File(name, *file));
        let index = |folder: &str| {
            ["index.html", "index.htm"].iter().find_map(|page| file(&format!("{folder}{page}")))
        };
        match path {
            "" => file(&self.main),
            _ if path.ends_with('/') => index(path),
            _ => file(path).or_else(|| index(&format!("{path}/")).map(|_| SitePlace::Folder)),
        }
    }
}

/// The media type that browsers need of a file, by its name. Texts have no character set: pages name their own, and
/// would not be asked.
pub fn site_mime(path: &str) -> &'static str {
    let name = path.rsplit('/').next().unwrap_or_default();
    let extension = name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase()).unwrap_or_default();
    match extension.as_str() {
        "html" | "htm" => "text/html",
        "xhtml" | "xht" => "application/xhtml+xml",
        "css" => "text/css",
        "js" | "mjs" | "cjs" => "text/javascript",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "xml" => "application/xml",
        "vtt" => "text/vtt",
        "txt" | "md" => "text/plain; charset=utf-8",
        "csv" => "text/csv",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "apng" => "image/apng",
        "jpg" | "jpeg" | "jpe" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "bmp" => "image/bmp",
        "ico" | "cur" => "image/vnd.microsoft.icon",
        "woff2" => "font/woff2",
        "woff" => "font/woff",
        "ttf" => "font/ttf",
        "otf" => "font/otf",
        "eot" => "application/vnd.ms-fontobject",
        "mp4" | "m4v" => "video/mp4",
        "webm" => "video/webm",
        "ogv" => "video/ogg",
        "mov" => "video/quicktime",
        "mp3" => "audio/mpeg",
        "m4a" | "aac" => "audio/mp4",
        "ogg" | "oga" | "opus" => "audio/ogg",
        "wav" => "audio/wav",
        "flac" => "audio/flac",
        "wasm" => "application/wasm",
        "pdf" => "application/pdf",
        "glb" => "model/gltf-binary",
        "gltf" => "model/gltf+json",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(main: &str, names: &[&str]) -> Site {
        let file = SiteFile { from: 0, length: 1, head: None };
        Site { main: main.to_owned(), files: names.iter().map(|name| ((*name).to_owned(), file)).collect() }
    }

    #[test]
    fn folders_are_their_index_pages() {
        let site =
            site("start.html", &["start.html", "a/index.html", "b/index.htm", "b/x.css", "index.html/y"]);
        let name = |path: &str| match site.at(path) {
            Some(SitePlace::File(name, _)) => Some(name.to_owned()),
            Some(SitePlace::Folder) => Some("a folder".to_owned()),
            None => None,
        };
        let table = [
            ("", Some("start.html")),
            ("start.html", Some("start.html")),
            ("a/", Some("a/index.html")),
            ("a", Some("a folder")),
            ("b/", Some("b/index.htm")),
            ("b/x.css", Some("b/x.css")),
            ("b/x.css/", None),
            ("index.html", None),
            ("/", None),
            ("c", None),
            ("../start.html", None),
        ];
        for (path, expected) in table {
            assert_eq!(name(path).as_deref(), expected, "{path}");
        }
    }

    #[test]
    fn types_go_by_the_end_of_the_name() {
        let table = [
            ("a.HTML", "text/html"),
            ("js/a.mjs", "text/javascript"),
            ("a.b/c", "application/octet-stream"),
            ("subtitles.vtt", "text/vtt"),
            ("notes.txt", "text/plain; charset=utf-8"),
            ("x.svg", "image/svg+xml"),
        ];
        for (name, mime) in table {
            assert_eq!(site_mime(name), mime, "{name}");
        }
    }
}
