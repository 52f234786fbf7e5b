//! The embedded files, as listed by `build.rs`.

/// One file of `web/dist`.
pub(crate) struct Asset {
    /// Path below `web/dist`, with forward slashes.
    pub(crate) path: &'static str,
    /// `ETag` of the uncompressed content, with quotes.
    pub(crate) tag: &'static str,
    pub(crate) bytes: &'static [u8],
    pub(crate) br: Option<&'static [u8]>,
    pub(crate) gz: Option<&'static [u8]>,
}

/// Sorted by path.
static ASSETS: &[Asset] = include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The file at exactly this path.
pub(crate) fn find(path: &str) -> Option<&'static Asset> {
    let at = ASSETS.binary_search_by(|asset| asset.path.cmp(path)).ok()?;
    ASSETS.get(at)
}

/// All files; for tests and diagnostics.
#[cfg(test)]
pub(crate) fn all() -> &'static [Asset] {
    ASSETS
}
