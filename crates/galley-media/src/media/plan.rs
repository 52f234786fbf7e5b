//! Which tool converts what, and how it is called.

use std::path::Path;

use crate::flavor::Flavor;
use crate::kind::FileKind;
use crate::protocol::Wanted;
use crate::tools::Tool;

/// Where a tool puts its result, below its folder.
pub(super) const RESULT: &str = "result";
/// Files that must be there before the tool runs: below its folder, with their content.
pub(super) type Files = &'static [(&'static str, &'static str)];

/// Settings of LibreOffice that keep it from following links and running macros.
const PROFILE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableActiveContent" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>2</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Java/ApplicationSettings"><prop oor:name="Enable" oor:op="fuse"><value>false</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Misc"><prop oor:name="CrashReport" oor:op="fuse"><value>false</value></prop></item>
</oor:items>
"#;

const OFFICE_FILES: Files = &[("profile/user/registrymodifications.xcu", PROFILE)];

/// A call of a tool.
#[derive(Debug, PartialEq)]
pub(super) struct Plan {
    pub tool: Tool,
    pub args: Vec<String>,
    pub variables: Vec<(String, String)>,
    pub files: Files,
    /// What comes out.
    pub becomes: FileKind,
    /// The tool asks with this exit code to be run once more; a new profile of LibreOffice does.
    pub again: Option<i32>,
}

/// Whether a kind is converted before it is decoded.
pub(super) fn is_converted(kind: FileKind) -> bool {
    use FileKind as K;
    matches!(
        kind,
        K::Psd
            | K::Heic
            | K::Avif
            | K::Jxl
            | K::PostScript
            | K::Package
            | K::Compound
            | K::Rtf
            | K::Csv
            | K::Text
            | K::Recording(_)
    )
}

/// The document a file is if its kind says so already.
pub(super) fn known_flavor(kind: FileKind) -> Option<Flavor> {
    match kind {
        FileKind::Rtf => Some(Flavor::Rtf),
        FileKind::Csv => Some(Flavor::Csv),
        FileKind::Text => Some(Flavor::Text),
        _ => None,
    }
}

/// How an office document becomes a PDF.
pub(super) fn office(flavor: Flavor, input: &Path, folder: &Path) -> Plan {
    let profile = format!("-env:UserInstallation=file://{}", url_path(&folder.join("profile")));
    let infilter = format!("--infilter={}", flavor.reader());
    let fixed =
        ["--headless", "--nologo", "--norestore", "--nodefault", "--nolockcheck", "--nofirststartwizard"];
    let mut args: Vec<String> = fixed.map(str::to_owned).into();
    args.extend([profile, infilter, "--convert-to".to_owned(), flavor.writer().to_owned()]);
    args.extend(["--outdir".to_owned(), text(&folder.join(RESULT)), text(input)]);
    Plan {
        tool: flavor.tool(),
        args,
        variables: variables(folder, &[("SAL_USE_VCLPLUGIN", "svp"), ("SAL_DISABLE_OPENCL", "1")]),
        files: OFFICE_FILES,
        becomes: FileKind::Pdf,
        again: Some(81),
    }
}

/// How a picture becomes a TIFF, or PostScript a PDF; none for what is decoded here or by LibreOffice.
pub(super) fn other(kind: FileKind, input: &Path, folder: &Path) -> Option<Plan> {
    let reader = match kind {
        FileKind::PostScript => return Some(postscript(input, folder)),
        FileKind::Psd => "magickload",
        FileKind::Heic | FileKind::Avif => "heifload",
        FileKind::Jxl => "jxlload",
        _ => return None,
    };
    // Below the current folder, because the rest of the path may hold brackets, which mean options.
    let result = format!("{RESULT}/picture.tif[compression=lzw,predictor=horizontal]");
    Some(Plan {
        tool: Tool::Vips,
        args: vec![reader.to_owned(), text(input), result],
        variables: variables(folder, &[("VIPS_CONCURRENCY", "1"), ("MAGICK_THREAD_LIMIT", "1")]),
        files: &[],
        becomes: FileKind::Tiff,
        again: None,
    })
}

/// How a page of a PDF becomes a picture; none for a tool that draws no pages.
pub(super) fn page(wanted: &Wanted, input: &Path, folder: &Path) -> Option<Plan> {
    let Wanted { page, points: (wide, high), whole: (columns, rows), area: [x, y, width, height], .. } =
        *wanted;
    let (across, down) = (f64::from(columns) / wide * 72.0, f64::from(rows) / high * 72.0);
    let args: Vec<String> = match wanted.tool {
        Tool::Poppler => {
            // One resolution for both directions: given two, or sizes, it mistakes one for the other on turned pages.
            let fixed = ["-q", "-cropbox", "-singlefile"].map(str::to_owned);
            // The larger one: a page that is a pixel too low is cut, and a picture of another size is no use.
            let resolution = across.max(down).to_string();
            let (page, place) = (page.to_string(), [x, y, width, height].map(|number| number.to_string()));
            let [x, y, width, height] = place;
            let part = ["-f", &page, "-l", &page, "-r", &resolution, "-x", &x, "-y", &y, "-W", &width];
            let part = part.map(str::to_owned).into_iter().chain(["-H".to_owned(), height]);
            fixed.into_iter().chain(part).chain([text(input), format!("{RESULT}/page")]).collect()
        }
        Tool::Ghostscript => {
            let fixed = [
                "-dSAFER",
                "-dBATCH",
                "-dNOPAUSE",
                "-dQUIET",
                "-sDEVICE=ppmraw",
                "-dUseCropBox",
                "-dNoUserUnit",
                "-dFIXEDMEDIA",
                "-dTextAlphaBits=4",
                "-dGraphicsAlphaBits=4",
                "-dOverprint=/simulate",
            ];
            let left = f64::from(x) * 72.0 / across;
            let below = (f64::from(rows) - f64::from(y) - f64::from(height)) * 72.0 / down;
            let part = [
                format!("-dFirstPage={page}"),
                format!("-dLastPage={page}"),
                format!("-r{across}x{down}"),
                format!("-g{width}x{height}"),
                format!("-sOutputFile={RESULT}/page.ppm"),
                "-c".to_owned(),
                format!("<</Install {{ {} {} translate }}>> setpagedevice", -left, -below),
                "-f".to_owned(),
                text(input),
            ];
            fixed.map(str::to_owned).into_iter().chain(part).collect()
        }
        _ => return None,
    };
    Some(Plan {
        tool: wanted.tool,
        args,
        variables: variables(folder, &[]),
        files: &[],
        becomes: FileKind::Pnm,
        again: None,
    })
}

fn postscript(input: &Path, folder: &Path) -> Plan {
    let fixed =
        ["-dSAFER", "-dBATCH", "-dNOPAUSE", "-dQUIET", "-dAutoRotatePages=/None", "-sDEVICE=pdfwrite"];
    let mut args: Vec<String> = fixed.map(str::to_owned).into();
    args.extend([format!("-sOutputFile={RESULT}/document.pdf"), "-f".to_owned(), text(input)]);
    Plan {
        tool: Tool::Ghostscript,
        args,
        variables: variables(folder, &[]),
        files: &[],
        becomes: FileKind::Pdf,
        again: None,
    }
}

pub(super) fn variables(folder: &Path, more: &[(&str, &str)]) -> Vec<(String, String)> {
    let temporary = text(&folder.join("tmp"));
    let own = [("HOME", text(folder)), ("TMPDIR", temporary.clone()), ("MAGICK_TEMPORARY_PATH", temporary)];
    let fixed = [("PATH", "/usr/bin:/bin"), ("LC_ALL", "C.UTF-8")];
    let fixed = fixed.iter().chain(more).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    own.into_iter().map(|(name, value)| (name.to_owned(), value)).chain(fixed).collect()
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// A path as part of a URL.
fn url_path(path: &Path) -> String {
    use std::fmt::Write as _;
    use std::os::unix::ffi::OsStrExt as _;
    let mut url = String::new();
    for &byte in path.as_os_str().as_bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte) {
            url.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(url, "%{byte:02X}");
        }
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_addresses() {
        assert_eq!(url_path(Path::new("/data/größe 1/a#b")), "/data/gr%C3%B6%C3%9Fe%201/a%23b");
    }

    #[test]
    fn everything_converted_has_a_plan_or_a_flavor() {
        use FileKind as K;
        let folder = Path::new("/f");
        for kind in [K::Psd, K::Heic, K::Avif, K::Jxl, K::PostScript, K::Rtf, K::Csv, K::Text] {
            assert!(is_converted(kind));
            assert!(known_flavor(kind).is_some() || other(kind, folder, folder).is_some(), "{kind:?}");
        }
        assert!(is_converted(K::Package) && is_converted(K::Compound));
        for kind in [K::Pdf, K::Png, K::Tiff, K::Svg] {
            assert!(!is_converted(kind) && other(kind, folder, folder).is_none(), "{kind:?}");
        }
    }
}
