//! `cargo xtask setup`: what the other verbs need from the machine, installed when possible.
//!
//! Every check looks at what is really there, so a second run does nothing and takes no time.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use crate::{Outcome, repo, shell, ui};

/// The oldest major version of Node.js that builds the web app.
const NODE_MAJOR: u32 = 20;

/// Documentation packages of Debian that ship PDFs; the end-to-end tests open them.
const PDF_PACKAGES: [&str; 2] = ["debian-faq", "debian-refcard"];

/// More of them, with hundreds of PDFs made by many programs over thirty years: `cargo xtask corpus` opens each.
const CORPUS_PACKAGES: [&str; 4] = [
    "gnuplot-doc",
    "texlive-fonts-recommended-doc",
    "texlive-latex-base-doc",
    "texlive-latex-recommended-doc",
];

/// What Galley converts files with: a file of each package, and the package.
const CONVERTERS: [(&str, &str); 11] = [
    ("/usr/bin/pdftoppm", "poppler-utils"),
    ("/usr/bin/vips", "libvips-tools"),
    ("/usr/bin/gs", "ghostscript"),
    ("/usr/bin/ffmpeg", "ffmpeg"),
    ("/usr/lib/libreoffice/program/libswlo.so", "libreoffice-writer-nogui"),
    ("/usr/lib/libreoffice/program/libsclo.so", "libreoffice-calc-nogui"),
    ("/usr/lib/libreoffice/program/libsdlo.so", "libreoffice-impress-nogui"),
    ("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", "fonts-dejavu-core"),
    ("/usr/share/fonts/truetype/liberation2", "fonts-liberation2"),
    ("/usr/share/fonts/truetype/crosextra/Carlito-Regular.ttf", "fonts-crosextra-carlito"),
    ("/usr/share/fonts/truetype/crosextra/Caladea-Regular.ttf", "fonts-crosextra-caladea"),
];

/// One thing a verb cannot do without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Node.js, npm and the packages of the web app.
    Web,
    /// Chromium, and the library that drives it.
    Browser,
    /// Python with the zeep SOAP client.
    Zeep,
    /// PHP with its SOAP client.
    Php,
    /// The SOAP client of npm.
    NodeSoap,
    /// gSOAP and a C++ compiler.
    Gsoap,
    /// PDFs that nobody made for the tests.
    DebianPdfs,
    /// Hundreds of PDFs that nobody made for the tests.
    Corpus,
    /// The programs that convert Office documents, PostScript and some pictures, and fonts for them.
    Converters,
}

impl Need {
    /// What the end-to-end tests need beside the web app.
    pub const END_TO_END: [Need; 6] =
        [Need::Browser, Need::Zeep, Need::Php, Need::NodeSoap, Need::Gsoap, Need::DebianPdfs];
}

/// A need that could not be met, and the line that helps.
#[derive(Debug)]
pub struct Gap {
    /// What is missing.
    pub need: Need,
    /// What to do about it.
    pub remedy: String,
}

/// Installs what `demo` (the default is everything) or `test` needs.
pub fn run(args: &[String]) -> Outcome {
    let mut needs = vec![Need::Web];
    match args {
        [] => needs.extend(Need::END_TO_END.into_iter().chain([Need::Converters])),
        [verb] if verb == "test" => needs.extend(Need::END_TO_END.into_iter().chain([Need::Converters])),
        [verb] if verb == "demo" => {}
        _ => return Err("setup takes `demo`, `test` or nothing".into()),
    }
    let start = Instant::now();
    require(&needs)?;
    ui::done("Everything is in place", start.elapsed());
    Ok(())
}

/// Meets the needs or says what is missing.
pub fn require(needs: &[Need]) -> Outcome {
    match ensure(needs).into_iter().next() {
        None => Ok(()),
        Some(gap) => Err(gap.remedy),
    }
}

/// Meets as many of the needs as possible and answers those that remain, each already reported.
pub fn ensure(needs: &[Need]) -> Vec<Gap> {
    let packages: Vec<&str> = needs.iter().flat_map(|need| need.missing_packages()).collect();
    if !packages.is_empty() {
        install_packages(&packages);
    }
    let mut gaps = Vec::new();
    for need in needs.iter().copied() {
        if let Err(remedy) = need.meet() {
            ui::warn(&remedy);
            gaps.push(Gap { need, remedy });
        }
    }
    gaps
}

/// Where the PDFs of Debian's documentation packages are unpacked.
pub fn pdf_dir() -> PathBuf {
    repo::target_dir().join("xtask/debian-pdfs")
}

/// Where those of the corpus are.
pub fn corpus_dir() -> PathBuf {
    repo::target_dir().join("xtask/corpus-pdfs")
}

impl Need {
    /// Debian packages to install, by looking for what they provide.
    fn missing_packages(self) -> Vec<&'static str> {
        match self {
            Need::Web if shell::which("node").is_none() || shell::which("npm").is_none() => {
                vec!["nodejs", "npm"]
            }
            Need::Browser => {
                let tools = [("chromium", "chromium"), ("pdfinfo", "poppler-utils")];
                let absent = tools.into_iter().filter(|(program, _)| shell::which(program).is_none());
                absent.map(|(_, package)| package).collect()
            }
            Need::Zeep if !venv_works() && !python_can_make_venv() => vec!["python3", "python3-venv"],
            Need::Php if !php_has_soap() => vec!["php-cli", "php-soap", "php-curl", "php-xml"],
            Need::Gsoap => {
                let tools = [("soapcpp2", "gsoap"), ("g++", "g++")];
                let absent = tools.into_iter().filter(|(program, _)| shell::which(program).is_none());
                let library = (!Path::new("/usr/include/stdsoap2.h").exists()).then_some("libgsoap-dev");
                absent.map(|(_, package)| package).chain(library).collect()
            }
            Need::Converters => {
                let absent = CONVERTERS.iter().filter(|(file, _)| !Path::new(file).exists());
                absent.map(|(_, package)| *package).collect()
            }
            _ => Vec::new(),
        }
    }

    /// What is beyond packages: versions, npm and pip installs.
    fn meet(self) -> Result<(), String> {
        let missing = self.missing_packages();
        if !missing.is_empty() {
            return Err(format!("install what is missing: {}", apt_line(&missing)));
        }
        match self {
            Need::Web => {
                node_is_new_enough()?;
                npm_install("web")
            }
            Need::Browser => npm_install("e2e"),
            Need::Zeep => zeep_in_venv(),
            Need::NodeSoap => npm_install("interop/node"),
            Need::Php | Need::Gsoap | Need::Converters => Ok(()),
            Need::DebianPdfs => unpack_pdfs(&PDF_PACKAGES, &pdf_dir()),
            Need::Corpus => unpack_pdfs(&CORPUS_PACKAGES, &corpus_dir()),
        }
    }
}

fn apt_line(packages: &[&str]) -> String {
    format!("sudo apt-get install --no-install-recommends {}", packages.join(" "))
}

/// Tries apt-get as root or with a sudo that asks nothing; a failure shows up in the checks that follow.
fn install_packages(packages: &[&str]) {
    let start = Instant::now();
    let mut install = vec!["install", "--yes", "--no-install-recommends"];
    install.extend(packages);
    if !may_install() {
        return;
    }
    ui::doing(&format!("Installing {}", packages.join(", ")));
    match fresh_lists(packages).and_then(|()| apt_get("apt-install", &install)) {
        Ok(()) => ui::done(&format!("Installed {}", packages.join(", ")), start.elapsed()),
        Err(reason) => ui::warn(&reason),
    }
}

/// Fetches package lists when these packages are unknown, as on a machine just set up.
fn fresh_lists(packages: &[&str]) -> Outcome {
    let known = shell::succeeds(Command::new("apt-cache").arg("show").args(packages));
    if known || !may_install() { Ok(()) } else { apt_get("apt-update", &["update"]) }
}

/// Whether apt-get can be run without asking anybody.
fn may_install() -> bool {
    shell::which("apt-get").is_some()
        && (is_root() || shell::succeeds(Command::new("sudo").args(["--non-interactive", "true"])))
}

fn is_root() -> bool {
    shell::read(Command::new("id").arg("-u")).is_some_and(|id| id.trim() == "0")
}

fn apt_get(log: &str, args: &[&str]) -> Outcome {
    let mut command = Command::new(if is_root() { "env" } else { "sudo" });
    if !is_root() {
        command.args(["--non-interactive", "env"]);
    }
    shell::run_quietly(log, command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]).args(args))
}

fn node_is_new_enough() -> Result<(), String> {
    let version = shell::read(Command::new("node").arg("--version")).unwrap_or_default();
    let major: Option<u32> =
        version.trim().trim_start_matches('v').split('.').next().and_then(|text| text.parse().ok());
    match major {
        Some(major) if major >= NODE_MAJOR => Ok(()),
        _ => Err(format!(
            "Node.js {} is too old: install {NODE_MAJOR} or newer, for instance from https://nodejs.org",
            version.trim()
        )),
    }
}

/// `npm ci` in `folder`, unless it was done for this very lock file.
fn npm_install(folder: &str) -> Result<(), String> {
    let path = repo::root().join(folder);
    let (lock, stamp) = (path.join("package-lock.json"), path.join("node_modules/.installed-lock.json"));
    if repo::stamp_is_current(&lock, &stamp) {
        return Ok(());
    }
    let start = Instant::now();
    ui::doing(&format!("Installing npm packages for {folder}/"));
    let args = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
    shell::run_quietly(
        &format!("npm-{}", folder.replace('/', "-")),
        &mut shell::command(&path, "npm", &args),
    )?;
    repo::write_stamp(&lock, &stamp)?;
    ui::done(&format!("npm packages for {folder}/ installed"), start.elapsed());
    Ok(())
}

fn venv() -> PathBuf {
    repo::root().join(".venv")
}

fn venv_works() -> bool {
    shell::succeeds(Command::new(venv().join("bin/python")).args(["-c", "import pip"]))
}

fn python_can_make_venv() -> bool {
    shell::succeeds(Command::new("python3").args(["-c", "import venv, ensurepip"]))
}

/// A Python environment of our own with the pinned packages.
fn zeep_in_venv() -> Result<(), String> {
    let requirements = repo::root().join("interop/zeep/requirements.txt");
    let stamp = venv().join("installed-requirements.txt");
    if venv_works() && repo::stamp_is_current(&requirements, &stamp) {
        return Ok(());
    }
    let start = Instant::now();
    ui::doing("Installing the zeep SOAP client into .venv");
    if !venv_works() {
        let folder = venv().to_string_lossy().into_owned();
        let args = ["-m", "venv", "--clear", &folder];
        shell::run_quietly("venv", &mut shell::command(&repo::root(), "python3", &args))?;
    }
    let list = requirements.to_string_lossy().into_owned();
    let args = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement", &list];
    shell::run_quietly("pip", &mut shell::command(&repo::root(), venv().join("bin/python"), &args))?;
    repo::write_stamp(&requirements, &stamp)?;
    ui::done("zeep installed", start.elapsed());
    Ok(())
}

fn php_has_soap() -> bool {
    let check = "exit(extension_loaded('soap') && extension_loaded('curl') && extension_loaded('simplexml') ? 0 : 1);";
    shell::succeeds(Command::new("php").args(["-r", check]))
}

/// Fetches documentation packages and unpacks their PDFs, without installing anything.
fn unpack_pdfs(packages: &[&str], folder: &Path) -> Result<(), String> {
    let complete = folder.join("complete");
    if complete.exists() {
        return Ok(());
    }
    let remedy = |reason: String| {
        format!(
            "cannot fetch PDFs from {} ({reason}); run `sudo apt-get update` on Debian",
            packages.join(", ")
        )
    };
    let start = Instant::now();
    ui::doing("Fetching PDFs from Debian's documentation packages");
    fs::create_dir_all(folder).map_err(|error| remedy(error.to_string()))?;
    fresh_lists(packages).map_err(remedy)?;
    let args: Vec<&str> = [&["download", "--quiet"][..], packages].concat();
    shell::run_quietly("apt-download", &mut shell::command(folder, "apt-get", &args)).map_err(remedy)?;
    for package in files_ending(folder, ".deb") {
        let (from, to) = (package.to_string_lossy(), folder.to_string_lossy());
        let unpack = ["--extract", &from, &to];
        shell::run_quietly("dpkg-deb", &mut shell::command(folder, "dpkg-deb", &unpack)).map_err(remedy)?;
    }
    fs::write(&complete, "").map_err(|error| remedy(error.to_string()))?;
    ui::done("PDFs of Debian's documentation unpacked", start.elapsed());
    Ok(())
}

fn files_ending(folder: &Path, end: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.flatten().map(|entry| entry.path());
    paths.filter(|path| path.to_string_lossy().ends_with(end)).collect()
}
