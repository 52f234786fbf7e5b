//! Which proofs a request for several of them means.

use galley_service::{Source, SourceFile, SourcePart};

/// A proof to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Planned {
    pub name: String,
    pub source: Source,
}

/// Whether a `Hash` asks for web pages.
pub(super) fn is_web(hash: &str) -> bool {
    hash.trim().eq_ignore_ascii_case("web")
}

/// The site that is to be tried rather than captured: `SWF` names the kind of what moves, by one word where proofs
/// are made and by another where they are read; both are understood.
pub(super) fn framed(hash: &str, swf: Option<&str>, source: &str) -> Option<Source> {
    let kind = swf.unwrap_or_default().trim();
    let tried = ["interactive", "application"].iter().any(|one| kind.eq_ignore_ascii_case(one));
    (is_web(hash) && tried).then(|| Source::Framed(source.trim().to_owned()))
}

/// Reads hashes parted by blanks, names parted by `|`, and file names or addresses parted by blanks. One name
/// for several files makes one proof of them; as many names as files make a proof of each.
pub(crate) fn plan(
    hash: &str,
    names: &str,
    sources: &str,
    combined: Option<bool>,
) -> Result<Vec<Planned>, String> {
    let hashes: Vec<&str> = hash.split_whitespace().collect();
    let names: Vec<&str> = names.split('|').map(str::trim).filter(|name| !name.is_empty()).collect();
    let mut sources: Vec<&str> = sources.split_whitespace().collect();
    let web = is_web(hash);
    let whole = sources.join(" ");
    if !web && hashes.len() == 1 {
        // One file: there is nothing to part, and its name may hold blanks.
        sources = vec![&whole];
    }
    if !web && hashes.len() != sources.len() {
        return Err(format!(
            "There are {} files in 'Hash' and {} names in 'SourceName'; names of several files cannot hold blanks.",
            hashes.len(),
            sources.len()
        ));
    }
    let combined = combined.unwrap_or(names.len() == 1);
    let wanted = if combined { 1 } else { sources.len() };
    if names.len() != wanted {
        let what = if combined { "a combined proof has one name" } else { "each proof needs a name" };
        return Err(format!(
            "There are {} names in 'Name' for {} sources; {what}.",
            names.len(),
            sources.len()
        ));
    }
    let file = |(token, name): (&&str, &&str)| {
        SourcePart::File(SourceFile { token: (*token).to_owned(), name: Some((*name).to_owned()) })
    };
    let parts: Vec<SourcePart> = if web {
        sources.into_iter().map(SourcePart::page).collect()
    } else {
        hashes.iter().zip(&sources).map(file).collect()
    };
    let several: Vec<Source> = if combined {
        vec![Source::Parts(parts)]
    } else {
        parts.into_iter().map(|part| Source::Parts(vec![part])).collect()
    };
    Ok(names
        .into_iter()
        .map(str::to_owned)
        .zip(several)
        .map(|(name, source)| Planned { name, source })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(planned: Planned) -> String {
        let parts = match planned.source {
            Source::Parts(parts) => parts,
            Source::Framed(url) => return format!("{}: framed {url}", planned.name),
            Source::Upload => return planned.name,
        };
        let one = |part: SourcePart| match part {
            SourcePart::File(file) => format!("{}={}", file.token, file.name.unwrap_or_default()),
            SourcePart::Page(page) => format!("web {}", page.url),
        };
        let what = parts.into_iter().map(one).collect::<Vec<_>>().join("+");
        format!("{}: {what}", planned.name)
    }

    #[test]
    fn a_site_is_framed_when_that_is_asked_for() {
        let site = Some(Source::Framed("https://example.com/a".to_owned()));
        let table = [
            ("web", Some("interactive"), site.clone()),
            (" WEB ", Some(" Application "), site),
            ("web", Some("animation"), None),
            ("web", Some(""), None),
            ("web", None, None),
            ("h1", Some("interactive"), None),
        ];
        for (hash, swf, expected) in table {
            assert_eq!(framed(hash, swf, " https://example.com/a "), expected, "{hash} {swf:?}");
        }
    }

    #[test]
    fn counts_decide() {
        const A: &str = "https://example.com/a";
        const B: &str = "https://example.com/b";
        let urls = format!("{A}  {B}");
        type Row<'a> = (&'a str, &'a str, &'a str, Option<bool>, &'a [&'a str]);
        let table: [Row<'_>; 11] = [
            ("h1 h2", "Both", "a.pdf b.png", None, &["Both: h1=a.pdf+h2=b.png"]),
            ("h1 h2", "Both", "a.pdf b.png", Some(true), &["Both: h1=a.pdf+h2=b.png"]),
            ("h1 h2", "One|Two", "a.pdf b.png", None, &["One: h1=a.pdf", "Two: h2=b.png"]),
            ("h1 h2", " One | Two |", "a.pdf b.png", Some(false), &["One: h1=a.pdf", "Two: h2=b.png"]),
            ("h1", "One", "my poster.pdf", None, &["One: h1=my poster.pdf"]),
            ("h1", "One", "a.pdf", Some(false), &["One: h1=a.pdf"]),
            ("web", "Site", &urls, None, &["Site: web https://example.com/a+web https://example.com/b"]),
            (" WEB ", "A|B", &urls, None, &["A: web https://example.com/a", "B: web https://example.com/b"]),
            ("web", "A", A, None, &["A: web https://example.com/a"]),
            ("web", "A", A, Some(false), &["A: web https://example.com/a"]),
            ("h1 h1", "Twice", "a.pdf a.pdf", None, &["Twice: h1=a.pdf+h1=a.pdf"]),
        ];
        for (hash, names, sources, combined, expected) in table {
            let found = plan(hash, names, sources, combined).expect("a plan");
            let found: Vec<String> = found.into_iter().map(shown).collect();
            assert_eq!(found, expected, "{hash} {names} {sources} {combined:?}");
        }
        for (hash, names, sources, combined) in [
            ("h1 h2", "One|Two", "a.pdf b.png", Some(true)),
            ("h1 h2", "One", "a.pdf b.png", Some(false)),
            ("h1 h2", "One|Two|Three", "a.pdf b.png", None),
            ("h1 h2", "One|Two", "a file.pdf b.png", None),
            ("h1 h2", "One|Two", "a.pdf", None),
            ("web", "A|B|C", urls.as_str(), None),
            ("h1", "|", "a.pdf", None),
        ] {
            assert!(plan(hash, names, sources, combined).is_err(), "{hash} {names} {sources} {combined:?}");
        }
    }
}
