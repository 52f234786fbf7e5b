//! The PDF, read with pdftotext.

use crate::sample::{Same, comment, reply, summary, talk, version};
use galley_summary::{Picture, Pictures, SYSTEM_FONTS, Summary, SummaryError, write_pdf};
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

fn written(summary: &Summary, pictures: &mut dyn Pictures) -> Vec<u8> {
    let mut out = Vec::new();
    let folders = SYSTEM_FONTS.map(PathBuf::from);
    write_pdf(&mut out, summary, pictures, &folders).expect("a PDF");
    // For people who want to look.
    if let Ok(path) = std::env::var("KEEP_SUMMARY") {
        std::fs::write(path, &out).expect("kept");
    }
    out
}

/// What a program of the machine makes of a PDF; it fails when the program finds fault with it.
fn through(program: &str, args: &[&str], pdf: &[u8]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("summary.pdf");
    std::fs::write(&path, pdf).expect("written");
    let mut run = Command::new(program);
    run.arg(args[0]).args(&args[1..]).arg(&path).stdin(Stdio::null());
    if program == "pdftotext" {
        run.arg("-");
    }
    let done = run.output().expect("poppler-utils is installed");
    assert!(done.status.success() && done.stderr.is_empty(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).expect("UTF-8")
}

fn text_of(pdf: &[u8]) -> String {
    through("pdftotext", &["-layout"], pdf)
}

#[test]
fn everything_can_be_read_back() {
    let mut pictures = Same::new();
    let pdf = written(&summary(vec![version(2, talk())]), &mut pictures);
    let text = text_of(&pdf);
    for part in [
        "Spring campaign – brochure Ω",
        "Version 2",
        "Mara Manager",
        "Campaigns & posters",
        "spring-brochure_final.pdf",
        "4.3 MB",
        "9 March 2026, 18:00",
        "Changes required",
        "2 of 3 decisions made",
        "Legal",
        "Private",
        "Anna Österreicher",
        "Ben Ω. Núñez",
        "guest@example.com",
        "Ärgerlich nur",
        "„Ωμέγα“",
        "Please use the new logo here.",
        "To do",
        "Which one, the one with the claim?",
        "Resolved by Mara Manager",
        "Привет, мир.",
        "Drawing without a text",
        "=1+1 is no formula, <b>no markup</b> and no trick.",
        "3 Mar 2026, 10:30",
        "Page 3",
        "General comments",
    ] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
    // A page is rendered once, however often it is shown; those without comments are not, but the first is.
    assert_eq!(pictures.asked, [(0, 1), (0, 3)]);
    assert_eq!(pictures.expected, 2);
    let about = through("pdfinfo", &["-isodates"], &pdf);
    assert!(about.contains("Pages:           4"), "{about}");
    assert!(about.contains("2026-03-05T15:00:00Z"), "{about}");
}

#[test]
fn all_versions_one_after_the_other() {
    let all =
        summary(vec![version(2, talk()), version(1, vec![comment(1, Some(2), "Only in the old one.")])]);
    let text = text_of(&written(&all, &mut Same::new()));
    let (new, old) =
        (text.find("new logo").expect("the new one"), text.find("Only in the old one").expect("the old one"));
    assert!(new < old);
}

#[test]
fn without_pictures_and_comments() {
    let mut pictures = Same { bytes: None, ..Same::new() };
    let text = text_of(&written(&summary(vec![version(1, talk())]), &mut pictures));
    assert!(text.contains("No picture of this page") && text.contains("new logo"), "{text}");
    for bytes in [b"GIF89a".to_vec(), Vec::new(), b"\xff\xd8\xff".to_vec()] {
        let mut pictures = Same { bytes: Some(bytes), ..Same::new() };
        let text = text_of(&written(&summary(vec![version(1, talk())]), &mut pictures));
        assert!(text.contains("new logo"));
    }
    let text = text_of(&written(&summary(vec![version(1, Vec::new())]), &mut Same::new()));
    assert!(text.contains("None"), "{text}");
}

#[test]
fn hostile_texts_are_only_texts() {
    let evil = "\\) Tj ET /Im0 Do BT ( \u{0}\u{1b}[2J <<>> endstream endobj \u{202e}drow \u{fffd}\u{1f600}\u{10ffff}";
    let mut one = comment(1, Some(1), &evil.repeat(50));
    one.author = "A".repeat(5000);
    one.replies = vec![reply(evil, ""), reply("", &"x".repeat(3000)), reply("", &"\n".repeat(300))];
    one.action = Some("very ".repeat(100));
    let mut version = version(1, vec![one]);
    version.name = format!("{evil}{}", "W".repeat(3000));
    version.folder = Some("(((".to_owned());
    version.stages[0].name = "S".repeat(400);
    let text = text_of(&written(&summary(vec![version]), &mut Same::new()));
    assert!(text.contains("endstream endobj"), "{text}");
}

#[test]
fn who_calls_it_off_gets_it_called_off() {
    struct Stop;
    impl Pictures for Stop {
        fn expect(&mut self, _: usize) {}
        fn picture(&mut self, _: usize, _: u32) -> Result<Option<Picture>, SummaryError> {
            Err(SummaryError::CalledOff)
        }
    }
    let done = write_pdf(Vec::new(), &summary(vec![version(1, talk())]), &mut Stop, &[]);
    assert!(matches!(done, Err(SummaryError::CalledOff)));
}

/// Counts bytes and keeps none: what is written does not stay in memory.
struct Count(usize);

impl Write for Count {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_thousand_comments_on_five_hundred_pages_take_seconds() {
    let words = "Please move this a little to the left and make the headline larger. ".repeat(6);
    let comments: Vec<_> = (1..=1000u32).map(|n| comment(n.into(), Some(n.div_ceil(2)), &words)).collect();
    let mut version = version(1, comments);
    version.pages = 500;
    let (start, mut out) = (Instant::now(), Count(0));
    write_pdf(&mut out, &summary(vec![version]), &mut Same::new(), &[]).expect("a PDF");
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
    assert!(out.0 < 4 << 20, "{} bytes", out.0);
}
