//! Web pages that proofs are made of: their addresses as people type them, the sizes of window they are seen in,
//! and which pages belong to a site (`product.md` 3.1, 3.2).

use crate::{MAX_NAME, PageSearchId, Timestamp, UserId, is_public, web_address};
use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use thiserror::Error;

/// Web addresses that are captured in one go.
pub const MAX_WEB_PAGES: usize = 20;

/// Resolutions of one address in one go.
pub const MAX_RESOLUTIONS: usize = 6;

/// An address is shorter than this (`product.md` 11, "URL").
const MAX_ADDRESS: usize = 2000;

/// Size of a browser's window in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Resolution {
    /// Width.
    pub width: u32,
    /// Height; what lies below is captured as well.
    pub height: u32,
}

impl Default for Resolution {
    /// As the original (`product.md` 11, "Web capture").
    fn default() -> Resolution {
        Resolution { width: 1366, height: 768 }
    }
}

impl fmt::Display for Resolution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} × {}", self.width, self.height)
    }
}

/// A window that no page is captured in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("A resolution is 240 to 3840 pixels wide and 240 to 4320 pixels high.")]
pub struct ResolutionError;

impl Resolution {
    /// Those that people choose by name.
    pub const PRESETS: [(&'static str, Resolution); 3] = [
        ("Desktop", Resolution { width: 1366, height: 768 }),
        ("Tablet", Resolution { width: 820, height: 1180 }),
        ("Phone", Resolution { width: 390, height: 844 }),
    ];

    /// A resolution that pages can be captured at.
    ///
    /// # Errors
    /// [`ResolutionError`].
    pub fn new(width: u32, height: u32) -> Result<Resolution, ResolutionError> {
        let fits = (240..=3840).contains(&width) && (240..=4320).contains(&height);
        if fits { Ok(Resolution { width, height }) } else { Err(ResolutionError) }
    }
}

/// A web page as it is to be captured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebPage {
    /// Its address.
    pub url: String,
    /// The window it is seen in.
    pub resolution: Resolution,
}

/// The name of a proof of a web page that is one of several, one for each resolution.
pub fn capture_name(name: &str, resolution: Resolution) -> String {
    let at = format!(" ({resolution})");
    let name: String = name.trim().chars().take(MAX_NAME - at.chars().count()).collect();
    name + &at
}

/// Why what somebody typed is not captured, for that somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TypedAddressError {
    /// Nothing there.
    #[error("Type the address of a web page.")]
    Empty,
    /// 2,000 characters or more.
    #[error("This address is too long. Addresses have fewer than 2,000 characters.")]
    TooLong,
    /// `file:`, `ftp:` and so on.
    #[error("Only pages whose address begins with http:// or https:// can be captured.")]
    OtherScheme,
    /// `https://user:secret@example.com`.
    #[error("This address holds a name or a password, which everybody on the proof would see.")]
    Credentials,
    /// Anything else.
    #[error("This is not the address of a web page.")]
    NotAnAddress,
}

/// The address that somebody means who typed this: what has no scheme is taken for `https`.
///
/// # Errors
/// [`TypedAddressError`].
pub fn typed_web_address(text: &str) -> Result<String, TypedAddressError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(TypedAddressError::Empty);
    }
    let scheme = scheme_of(text);
    let whole = match scheme {
        Some("http" | "https") => text.to_owned(),
        None => format!("https://{text}"),
        Some(_) => return Err(TypedAddressError::OtherScheme),
    };
    if whole.chars().count() >= MAX_ADDRESS {
        return Err(TypedAddressError::TooLong);
    }
    if authority(&whole).is_some_and(|authority| authority.contains('@')) {
        return Err(TypedAddressError::Credentials);
    }
    let whole = web_address(&whole).map_err(|_| TypedAddressError::NotAnAddress)?;
    // A single word is a search for browsers; it is no site that anybody meant, unless it says so.
    let meant = scheme.is_some() || host_of(&whole).is_some_and(|host| is_site(&host));
    if meant && host_of(&whole).is_some_and(|host| !host.is_empty()) {
        Ok(whole)
    } else {
        Err(TypedAddressError::NotAnAddress)
    }
}

/// What stands before the colon where that is a scheme and no host before a port, in lower case as far as it is
/// known.
fn scheme_of(text: &str) -> Option<&'static str> {
    let (scheme, rest) = text.split_once(':')?;
    let letters = scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-".contains(&b));
    let port = rest.bytes().take_while(u8::is_ascii_digit).count();
    let is_port = port > 0 && rest[port..].chars().next().is_none_or(|c| "/?#".contains(c));
    if scheme.is_empty() || !letters || is_port {
        return None;
    }
    Some(match () {
        () if scheme.eq_ignore_ascii_case("http") => "http",
        () if scheme.eq_ignore_ascii_case("https") => "https",
        () => "other",
    })
}

/// A host that is no mere word.
fn is_site(host: &str) -> bool {
    host == "localhost" || host.contains('.') || host.contains(':')
}

fn authority(url: &str) -> Option<&str> {
    url.split_once("://")?.1.split(['/', '?', '#']).next()
}

/// The host of an address in lower case, without the brackets of IPv6.
fn host_of(url: &str) -> Option<String> {
    let authority = authority(url)?;
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next()?,
        None => authority.split(':').next()?,
    };
    Some(host.trim_end_matches('.').to_lowercase())
}

/// The private address that a URL names without a look-up, if it does. Names may turn out to be private when they
/// are looked up, which whoever connects finds out.
pub fn private_host(url: &str) -> Option<String> {
    let host = host_of(url)?;
    let private = match host.parse::<IpAddr>() {
        Ok(ip) => !is_public(ip),
        Err(_) => host == "localhost" || host.ends_with(".localhost"),
    };
    private.then(|| if host.parse::<Ipv6Addr>().is_ok() { format!("[{host}]") } else { host })
}

/// Endings of addresses behind which there is a file and no page.
const FILES: [&str; 33] = [
    "7z", "avi", "avif", "css", "csv", "dmg", "doc", "docx", "eps", "exe", "gif", "gz", "ico", "jpeg", "jpg",
    "js", "json", "mov", "mp3", "mp4", "pdf", "png", "ppt", "pptx", "rss", "svg", "tar", "webm", "webp",
    "xls", "xlsx", "xml", "zip",
];

/// The page that a link on a page of a site leads to, without the place in it: none if it leads to another domain,
/// or to what is no page. Sub-domains belong to the site, and so does the same name with or without `www.`.
pub fn sub_page(site: &str, link: &str) -> Option<String> {
    let link = web_address(link.split('#').next()?).ok()?;
    let (site, host) = (host_of(site)?, host_of(&link)?);
    let site = site.strip_prefix("www.").unwrap_or(&site);
    let inside = host == site
        || (site.parse::<IpAddr>().is_err()
            && host.strip_suffix(site).is_some_and(|rest| rest.ends_with('.')));
    let path = link.split_once("://")?.1.split('?').next()?;
    let name = path.split_once('/').map_or("", |(_, path)| path).rsplit('/').next()?;
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    let file = ending.is_some_and(|ending| FILES.contains(&ending.as_str()));
    (inside && !file).then_some(link)
}

/// Addresses that lead to the same page, written in the same way: without the place in it, the scheme, and the
/// slash at the end.
pub fn same_page(url: &str) -> String {
    let bare = url.split('#').next().unwrap_or_default();
    let bare = bare.split_once("://").map_or(bare, |(_, rest)| rest);
    let (authority, rest) = bare.split_at(bare.find(['/', '?']).unwrap_or(bare.len()));
    format!("{}{}", authority.to_lowercase(), rest.trim_end_matches('/'))
}

/// A page that a search found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundPage {
    /// Its address.
    pub url: String,
    /// Its title, or what the link to it says.
    pub title: String,
}

/// How far a search for sub-pages is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageSearchState {
    /// It waits for its turn, or is under way.
    Searching,
    /// Everything was found, or as much as is looked for.
    Done,
    /// Nothing could be found, for this reason.
    Failed(String),
}

/// A search for the sub-pages of a web page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageSearch {
    /// Identifier.
    pub id: PageSearchId,
    /// Who asked.
    pub user: UserId,
    /// Where it starts.
    pub url: String,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// How far it is.
    pub state: PageSearchState,
    /// Pages that were looked at.
    pub looked: u32,
    /// There may be more: there were too many, or the time ran out.
    pub more: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use TypedAddressError as E;

    #[test]
    fn what_people_type_becomes_an_address_or_a_sentence() {
        let long = format!("https://example.com/{}", "x".repeat(1980));
        for (typed, meant) in [
            (" example.com ", Ok("https://example.com")),
            ("example.com:8080/a", Ok("https://example.com:8080/a")),
            ("localhost:8080", Ok("https://localhost:8080")),
            ("http://intranet/", Ok("http://intranet/")),
            ("HTTPS://Example.com/A?b#c", Ok("HTTPS://Example.com/A?b#c")),
            ("https://example.com/?next=ftp://other", Ok("https://example.com/?next=ftp://other")),
            ("example.com/?next=http://other", Ok("https://example.com/?next=http://other")),
            ("", Err(E::Empty)),
            ("marmalade", Err(E::NotAnAddress)),
            ("https://", Err(E::NotAnAddress)),
            ("https://exa mple.com", Err(E::NotAnAddress)),
            ("file:///etc/passwd", Err(E::OtherScheme)),
            ("ftp://example.com", Err(E::OtherScheme)),
            ("javascript:alert(1)", Err(E::OtherScheme)),
            ("about:blank", Err(E::OtherScheme)),
            ("https://user:secret@example.com/", Err(E::Credentials)),
            (&long, Err(E::TooLong)),
        ] {
            assert_eq!(typed_web_address(typed), meant.map(str::to_owned), "{typed}");
        }
        assert!(typed_web_address(&long[1..]).is_err());
        assert!(typed_web_address(&long[..1999]).is_ok(), "1999 characters are fewer than 2000");
    }

    #[test]
    fn private_hosts_are_seen_without_a_look_up() {
        for (url, host) in [
            ("http://127.0.0.1:80/", Some("127.0.0.1")),
            ("https://10.1.2.3", Some("10.1.2.3")),
            ("http://[::1]/", Some("[::1]")),
            ("http://LOCALHOST./x", Some("localhost")),
            ("http://a.localhost/", Some("a.localhost")),
            ("http://169.254.169.254/latest", Some("169.254.169.254")),
            ("https://example.com/", None),
            ("https://8.8.8.8/", None),
        ] {
            assert_eq!(private_host(url).as_deref(), host, "{url}");
        }
    }

    #[test]
    fn sub_pages_are_pages_of_the_same_domain() {
        const SITE: &str = "https://www.example.com/shop";
        for inside in [
            "https://www.example.com/",
            "http://example.com/a?b=c.png",
            "https://shop.example.com/jam",
            "https://EXAMPLE.com/a.html",
            "https://example.com",
        ] {
            assert_eq!(sub_page(SITE, &format!("{inside}#top")).as_deref(), Some(inside), "{inside}");
        }
        for outside in [
            "https://example.org/",
            "https://badexample.com/",
            "https://example.com.evil.test/",
            "https://example.com/price-list.PDF",
            "mailto:a@example.com",
            "javascript:void(0)",
            "#top",
        ] {
            assert_eq!(sub_page(SITE, outside), None, "{outside}");
        }
        assert_eq!(sub_page("http://1.2.3.4/", "http://9.1.2.3.4/"), None, "an address has no sub-domains");
        assert_eq!(same_page("https://Example.com/a/#x"), same_page("http://example.com/a"));
        assert_ne!(same_page("https://example.com/a"), same_page("https://example.com/A"));
        assert_ne!(same_page("https://example.com/?a=1"), same_page("https://example.com/"));
    }

    #[test]
    fn resolutions_have_limits() {
        assert!(Resolution::PRESETS.iter().all(|(_, r)| Resolution::new(r.width, r.height) == Ok(*r)));
        assert_eq!(Resolution::PRESETS[0].1, Resolution::default());
        for (width, height) in
            [(0, 768), (239, 768), (3841, 768), (1366, 239), (1366, 4321), (u32::MAX, u32::MAX)]
        {
            assert!(Resolution::new(width, height).is_err(), "{width} × {height}");
        }
        let phone = Resolution { width: 390, height: 844 };
        assert_eq!(capture_name(" Shop ", phone), "Shop (390 × 844)");
        let long = capture_name(&"x".repeat(300), phone);
        assert!(long.chars().count() == MAX_NAME && long.ends_with("x (390 × 844)"), "{long}");
    }
}
