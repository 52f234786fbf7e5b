//! Names and addresses as people and programs send them.

use thiserror::Error;

/// Longest name of a proof, folder or person, in characters.
pub const MAX_NAME: usize = 255;

/// Why a name cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NameError {
    /// Nothing is left after cleaning.
    #[error("a name is needed")]
    Empty,
    /// More than 255 characters.
    #[error("a name may have at most 255 characters")]
    TooLong,
    /// More than 30 characters in the name of a tag.
    #[error("a tag may have at most 30 characters")]
    TagTooLong,
    /// Neither a letter nor a digit in the name of a tag.
    #[error("a tag needs a letter or a digit")]
    NothingToRead,
    /// Not of the form `somebody@example.com`.
    #[error("this is not an e-mail address")]
    NotAnAddress,
    /// Not of the form `https://example.com/page`.
    #[error("this is not the address of a web page")]
    NotAWebAddress,
    /// Not of the form `proofs.example.com`.
    #[error("this is not a domain name")]
    NotADomain,
}

/// Characters that change how text reads without being seen.
fn invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// Makes a display name: invisible characters go, blanks fold, ends are trimmed.
///
/// # Errors
/// [`NameError::Empty`] or [`NameError::TooLong`].
pub fn clean_name(name: &str) -> Result<String, NameError> {
    let visible: String =
        name.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| !invisible(*c)).collect();
    let folded = visible.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    match folded.chars().count() {
        0 => Err(NameError::Empty),
        n if n > MAX_NAME => Err(NameError::TooLong),
        _ => Ok(folded),
    }
}

/// Longest name of a tag, in characters.
const MAX_TAG: usize = 30;

/// Makes the name of a tag: a display name of at most 30 characters with a letter or digit in it.
///
/// # Errors
/// [`NameError::Empty`], [`NameError::TagTooLong`] or [`NameError::NothingToRead`].
pub fn clean_tag(name: &str) -> Result<String, NameError> {
    let name = clean_name(name)?;
    if name.chars().count() > MAX_TAG {
        return Err(NameError::TagTooLong);
    }
    if name.chars().any(char::is_alphanumeric) { Ok(name) } else { Err(NameError::NothingToRead) }
}

/// Makes a file name safe to keep and to offer for download: only the part after the last slash or
/// backslash, without the characters that the original strips on upload (`product.md` 3.1), without
/// leading dots. Never empty and at most 255 characters, the extension surviving the cut.
pub fn clean_file_name(name: &str) -> String {
    const STRIPPED: &[char] =
        &['!', '#', '%', '*', '\\', '|', '\'', '"', '/', '?', '<', '>', '{', '}', '[', ']', ':'];
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let cleaned: String = last.chars().filter(|c| !invisible(*c) && !STRIPPED.contains(c)).collect();
    let cleaned = cleaned.trim().trim_start_matches('.').trim();
    if cleaned.is_empty() {
        return "file".to_owned();
    }
    if cleaned.chars().count() <= MAX_NAME {
        return cleaned.to_owned();
    }
    match cleaned.rsplit_once('.') {
        Some((stem, extension)) if extension.chars().count() <= 10 => {
            let keep = MAX_NAME - 1 - extension.chars().count();
            format!("{}.{extension}", stem.chars().take(keep).collect::<String>())
        }
        _ => cleaned.chars().take(MAX_NAME).collect(),
    }
}

/// Checks an e-mail address loosely (one `@`, a dotted or single-label host, nothing invisible) and
/// trims it. Whether somebody reads it only a mail can tell.
///
/// # Errors
/// [`NameError::NotAnAddress`].
pub fn email_address(text: &str) -> Result<String, NameError> {
    let text = text.trim();
    let (local, host) = text.rsplit_once('@').ok_or(NameError::NotAnAddress)?;
    let local_ok = !local.is_empty()
        && local.len() <= 64
        && !local.chars().any(|c| invisible(c) || c.is_whitespace() || "@<>()[],;:\\\"".contains(c));
    let host_ok = !host.is_empty()
        && host.len() <= 253
        && host.split('.').all(|label| {
            !label.is_empty()
                && !label.starts_with('-')
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        });
    if local_ok && host_ok { Ok(text.to_owned()) } else { Err(NameError::NotAnAddress) }
}

/// Longest address of a web page (`product.md` 11, "URL").
const MAX_WEB_ADDRESS: usize = 2000;

/// Checks the address of a web page loosely (`http` or `https`, a host, nothing invisible) and trims it.
/// Whether the page may be fetched is for whoever fetches it to decide.
///
/// # Errors
/// [`NameError::NotAWebAddress`].
pub fn web_address(text: &str) -> Result<String, NameError> {
    let text = text.trim();
    let (scheme, rest) = text.split_once("://").ok_or(NameError::NotAWebAddress)?;
    let known = ["http", "https"].iter().any(|one| scheme.eq_ignore_ascii_case(one));
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    // A name and password in front of the host would be kept and shown to everybody on the proof.
    let host = !authority.is_empty() && !authority.starts_with(':') && !authority.contains('@');
    let plain = !text.chars().any(|c| invisible(c) || c.is_whitespace() || "<>\"\\^`{|}".contains(c));
    if known && host && plain && text.len() <= MAX_WEB_ADDRESS {
        Ok(text.to_owned())
    } else {
        Err(NameError::NotAWebAddress)
    }
}

/// Checks a domain: one label or several, of letters, digits and hyphens. Gives it in lower case.
///
/// # Errors
/// [`NameError::NotADomain`].
pub fn domain_name(text: &str) -> Result<String, NameError> {
    let domain = text.trim().to_lowercase();
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    if domain.len() <= 253 && domain.split('.').all(label) { Ok(domain) } else { Err(NameError::NotADomain) }
}

/// Whether two addresses belong to the same person: case does not matter.
pub fn same_email(a: &str, b: &str) -> bool {
    a.trim().to_lowercase() == b.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn file_names_lose_paths_and_traps() {
        let table = [
            ("poster.pdf", "poster.pdf"),
            ("../../etc/passwd", "passwd"),
            ("C:\\work\\final v2.pdf", "final v2.pdf"),
            ("a\u{0}b\nc.png", "abc.png"),
            ("what?*.pdf", "what.pdf"),
            ("..", "file"),
            ("", "file"),
            (".htaccess", "htaccess"),
            ("evil\u{202E}fdp.exe", "evilfdp.exe"),
        ];
        for (given, expected) in table {
            assert_eq!(clean_file_name(given), expected, "{given:?}");
        }
        let long = format!("{}.pdf", "x".repeat(400));
        assert_eq!(clean_file_name(&long).chars().count(), 255);
        assert!(clean_file_name(&long).ends_with(".pdf"));
    }

    #[test]
    fn names_are_folded() {
        assert_eq!(clean_name("  Spring\n\tposter "), Ok("Spring poster".to_owned()));
        assert_eq!(clean_name("\u{200B} \u{0007}"), Err(NameError::Empty));
        assert_eq!(clean_name(&"x".repeat(256)), Err(NameError::TooLong));
    }

    #[test]
    fn tags() {
        assert_eq!(clean_tag("  To  print "), Ok("To print".to_owned()));
        assert_eq!(clean_tag(&"x".repeat(30)).map(|t| t.len()), Ok(30));
        assert_eq!(clean_tag(&"x".repeat(31)), Err(NameError::TagTooLong));
        assert_eq!(clean_tag(" - "), Err(NameError::NothingToRead));
        assert_eq!(clean_tag(" "), Err(NameError::Empty));
    }

    #[test]
    fn addresses() {
        for good in ["ann@example.com", " ann.lee+x@mail.example.com ", "zoë@demo.test", "root@localhost"] {
            assert!(email_address(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "ann",
            "@example.com",
            "ann@",
            "a b@example.com",
            "a@b@c,d",
            "ann@exa mple.com",
            "a@-x.com",
            "a@x..com",
            "<a>@x.com",
        ] {
            assert!(email_address(bad).is_err(), "{bad}");
        }
        assert!(same_email("Ann@Example.com ", "ann@example.COM"));
    }

    #[test]
    fn web_addresses() {
        for good in [
            "http://example.com",
            " https://example.com/a?b=c&d=%20#e ",
            "HTTPS://demo.test:8443/",
            "https://[2001:db8::1]/x",
            "https://zoë.example.com/ü",
        ] {
            assert_eq!(web_address(good), Ok(good.trim().to_owned()), "{good}");
        }
        let long = format!("https://example.com/{}", "x".repeat(2000));
        for bad in [
            "",
            "example.com",
            "ftp://example.com",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "https://",
            "https:///path",
            "https://:80/",
            "https://user:secret@example.com/",
            "https://exa mple.com",
            "https://example.com/<script>",
            &long,
        ] {
            assert_eq!(web_address(bad), Err(NameError::NotAWebAddress), "{bad}");
        }
    }

    #[test]
    fn domains() {
        assert_eq!(domain_name(" Proofs.Example.COM "), Ok("proofs.example.com".to_owned()));
        assert_eq!(domain_name("studio"), Ok("studio".to_owned()));
        for bad in ["", ".", "a..b", "-a.com", "a-.com", "a b.com", "https://a.com", "a_b.com", "ä.com"] {
            assert_eq!(domain_name(bad), Err(NameError::NotADomain), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn a_clean_file_name_is_stable_and_harmless(name in ".*") {
            let clean = clean_file_name(&name);
            prop_assert!(!clean.is_empty() && clean.chars().count() <= 255);
            prop_assert!(!clean.contains(['/', '\\', '\0', '\n', '\r', '"']) && !clean.starts_with('.'));
            prop_assert_eq!(clean_file_name(&clean), clean);
        }
    }
}
