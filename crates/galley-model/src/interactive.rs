//! Web pages that are tried rather than looked at (`product.md` 5.8): where they come from, and the screen that a
//! comment on them is about.

use crate::{NameError, web_address};
use serde::{Deserialize, Serialize};

/// An address is shorter than this (`product.md` 11, "URL").
const MAX_ADDRESS: usize = 1000;
/// Longest path of a page within its site, with what follows a question mark and a hash.
const MAX_PATH: usize = 1000;
/// Smallest and largest side of a screen, in CSS pixels.
const SIDES: std::ops::RangeInclusive<u32> = 100..=8192;
/// Furthest that a page is scrolled, in CSS pixels.
const MAX_SCROLL: u32 = 1_000_000;

/// Width and height of the picture that stands for a proof, in CSS pixels: its first screen.
pub const PICTURED: (u32, u32) = (1280, 800);

/// What is known of a file that is tried.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Interactive {
    /// The site that is framed; none for a bundle that was uploaded.
    pub url: Option<String>,
}

/// The address of a site that is to be framed: https, because browsers frame nothing else in a page that is itself
/// safe, and shorter than others.
///
/// # Errors
/// [`NameError::NotAWebAddress`].
pub fn framed_address(text: &str) -> Result<String, NameError> {
    let url = web_address(text)?;
    let safe = url.get(..8).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://"));
    if safe && url.len() < MAX_ADDRESS { Ok(url) } else { Err(NameError::NotAWebAddress) }
}

/// The screen that a comment is about: its size, the page on it, and how far that was scrolled.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Screen {
    /// Width in CSS pixels.
    pub width: u32,
    /// Height in CSS pixels.
    pub height: u32,
    /// Page within the bundle, such as `about.html?x#y`; empty for the first one, and for a framed site, of which
    /// nobody outside of it can tell.
    #[serde(default)]
    pub path: String,
    /// Scrolled to the right, in CSS pixels.
    #[serde(default)]
    pub left: u32,
    /// Scrolled down, in CSS pixels.
    #[serde(default)]
    pub top: u32,
}

impl Screen {
    /// Whether the screen can be shown again: its size is one of a screen, and its path leads nowhere but into the
    /// bundle.
    pub fn is_sound(&self) -> bool {
        let page = self.path.split(['?', '#']).next().unwrap_or_default();
        let steps = |part: &str| {
            let plain = part.to_ascii_lowercase().replace("%2e", ".");
            plain == ".." || plain == "."
        };
        SIDES.contains(&self.width)
            && SIDES.contains(&self.height)
            && self.left <= MAX_SCROLL
            && self.top <= MAX_SCROLL
            && self.path.len() <= MAX_PATH
            && !self.path.chars().any(|c| c.is_control() || c == '\\')
            && !page.starts_with('/')
            && !page.contains(':')
            && !page.split('/').any(steps)
    }

    /// Whether the picture that stands for the proof shows this very screen, so that what was drawn on the one can be
    /// drawn on the other.
    pub fn is_pictured(&self) -> bool {
        *self == Screen { width: PICTURED.0, height: PICTURED.1, ..Screen::default() }
    }

    /// The screen in words: `390 × 844 · about.html`.
    pub fn label(&self) -> String {
        let size = format!("{} × {}", self.width, self.height);
        if self.path.is_empty() { size } else { format!("{size} · {}", self.path) }
    }
}

/// Whether a page that came with these headers may be framed by a page at `own`, an origin such as
/// `https://proofs.example.com`. `policies` are values of `Content-Security-Policy`, `options` of `X-Frame-Options`,
/// and `theirs` is the origin of the page. As browsers do, the older header counts only where no policy speaks of
/// frames.
pub fn may_be_framed(own: &str, theirs: &str, policies: &[&str], options: &[&str]) -> bool {
    let said: Vec<Vec<&str>> = policies
        .iter()
        .flat_map(|header| header.split(','))
        .filter_map(|policy| policy.split(';').find_map(frame_ancestors))
        .collect();
    if !said.is_empty() {
        return said.iter().all(|sources| sources.iter().any(|source| admits(source, own, theirs)));
    }
    // Every value that browsers know forbids it to others; what they do not know they ignore.
    let mut values = options.iter().flat_map(|header| header.split(',')).map(str::trim);
    !values.any(|value| {
        value.eq_ignore_ascii_case("deny")
            || (value.eq_ignore_ascii_case("sameorigin") && !own.eq_ignore_ascii_case(theirs))
    })
}

fn frame_ancestors(directive: &str) -> Option<Vec<&str>> {
    let mut words = directive.split_ascii_whitespace();
    words.next()?.eq_ignore_ascii_case("frame-ancestors").then(|| words.collect())
}

/// Whether a source expression admits an origin. Paths do not count for ancestors.
fn admits(source: &str, own: &str, theirs: &str) -> bool {
    let source = source.to_ascii_lowercase();
    let own = own.to_ascii_lowercase();
    let Some((scheme, authority)) = own.split_once("://") else { return false };
    match source.as_str() {
        "*" => return true,
        "'none'" => return false,
        "'self'" => return own == theirs.to_ascii_lowercase(),
        _ => {}
    }
    if let Some(wanted) = source.strip_suffix(':') {
        return wanted == scheme;
    }
    let (wanted, rest) = match source.split_once("://") {
        Some((wanted, rest)) => (Some(wanted), rest),
        None => (None, source.as_str()),
    };
    // Without a scheme that of the page itself is meant, or a safer one; with http, https as well.
    let fits = wanted.is_none_or(|wanted| wanted == scheme || (wanted, scheme) == ("http", "https"));
    let usual = if scheme == "https" { "443" } else { "80" };
    let (host, port) = authority.rsplit_once(':').unwrap_or((authority, usual));
    let rest = rest.split('/').next().unwrap_or_default();
    let (pattern, wanted_port) = rest.rsplit_once(':').unwrap_or((rest, usual));
    let same_host = match pattern.strip_prefix("*.") {
        Some(domain) => host.strip_suffix(domain).is_some_and(|before| before.ends_with('.')),
        None => pattern == "*" || pattern == host,
    };
    fits && same_host && (wanted_port == "*" || wanted_port == port)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_safe_and_short_addresses_are_framed() {
        assert_eq!(framed_address(" HTTPS://example.com/a?b#c "), Ok("HTTPS://example.com/a?b#c".to_owned()));
        let long = format!("https://example.com/{}", "x".repeat(980));
        for bad in ["http://example.com", "https://", "example.com", "https://a:b@example.com/", "ü", &long]
        {
            assert_eq!(framed_address(bad), Err(NameError::NotAWebAddress), "{bad}");
        }
    }

    #[test]
    fn paths_of_screens_stay_in_the_bundle() {
        let screen = |path: &str| Screen { width: 390, height: 844, path: path.to_owned(), left: 0, top: 9 };
        for good in ["", "a.html", "a/b.html?c=http://d/../e#/f", "?x", "#y", "a%20b.html", "..a/b"] {
            assert!(screen(good).is_sound(), "{good}");
        }
        for bad in [
            "/a.html",
            "//evil.example.com/",
            "../a",
            "a/../../b",
            "%2e%2e/a",
            ".%2E/a",
            "a\\b",
            "a\nb",
            "https://x/",
            "javascript:alert(1)",
            ".",
        ] {
            assert!(!screen(bad).is_sound(), "{bad}");
        }
        assert!(!Screen { width: 99, ..screen("") }.is_sound());
        assert!(!Screen { height: 8193, ..screen("") }.is_sound());
        assert!(!Screen { top: 1_000_001, ..screen("") }.is_sound());
        assert!(!screen(&"x".repeat(1001)).is_sound());
        let pictured = Screen { width: 1280, height: 800, ..Screen::default() };
        assert!(pictured.is_pictured() && !Screen { top: 1, ..pictured }.is_pictured());
        assert_eq!(screen("a.html").label(), "390 × 844 · a.html");
        assert_eq!(screen("").label(), "390 × 844");
    }

    #[test]
    fn headers_say_who_may_frame_a_page() {
        let own = "https://proofs.example.com";
        let table: [(&[&str], &[&str], bool); 20] = [
            (&[], &[], true),
            (&["default-src 'self'"], &[], true),
            (&[], &["DENY"], false),
            (&[], &["sameorigin"], false),
            (&[], &["SAMEORIGIN, SAMEORIGIN"], false),
            (&[], &["ALLOW-FROM https://proofs.example.com"], true),
            (&["frame-ancestors 'none'"], &[], false),
            (&["frame-ancestors"], &[], false),
            (&["frame-ancestors 'self'"], &[], false),
            (&["frame-ancestors *"], &["DENY"], true),
            (&["default-src 'self'; Frame-Ancestors https:"], &[], true),
            (&["frame-ancestors https://*.example.com"], &[], true),
            (&["frame-ancestors *.other.com proofs.example.com"], &[], true),
            (&["frame-ancestors https://example.com"], &[], false),
            (&["frame-ancestors https://*.proofs.example.com"], &[], false),
            (&["frame-ancestors http://proofs.example.com"], &[], true),
            (&["frame-ancestors https://proofs.example.com:8443"], &[], false),
            (&["frame-ancestors https://proofs.example.com:*"], &[], true),
            (&["frame-ancestors *, frame-ancestors 'none'"], &[], false),
            (&["frame-ancestors *", "frame-ancestors 'self'"], &[], false),
        ];
        for (policies, options, expected) in table {
            assert_eq!(
                may_be_framed(own, "https://site.com", policies, options),
                expected,
                "{policies:?} {options:?}"
            );
        }
        assert!(may_be_framed(own, own, &["frame-ancestors 'self'"], &[]));
        assert!(may_be_framed(own, own, &[], &["SAMEORIGIN"]));
        assert!(may_be_framed("https://a.com:8443", "https://b.com", &["frame-ancestors a.com:8443"], &[]));
        assert!(!may_be_framed("http://a.com", "https://b.com", &["frame-ancestors https://a.com"], &[]));
    }
}
