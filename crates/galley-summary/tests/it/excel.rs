//! The spreadsheet, taken apart as the archive that it is.

use crate::sample::{comment, summary, talk, version};
use galley_summary::write_excel;
use std::io::{Cursor, Read};

fn part(file: &[u8], name: &str) -> String {
    let mut zip = zip::ZipArchive::new(Cursor::new(file)).expect("an archive");
    let mut text = String::new();
    zip.by_name(name).expect(name).read_to_string(&mut text).expect("UTF-8");
    text
}

#[test]
fn every_comment_and_reply_has_a_row() {
    let file = write_excel(&summary(vec![version(2, talk())])).expect("a file");
    let comments = part(&file, "xl/worksheets/sheet2.xml");
    // A head, five comments, three replies.
    assert_eq!(comments.matches("<row ").count(), 1 + 5 + 3);
    assert!(comments.contains("<pane ySplit=\"1\"") && comments.contains("state=\"frozen\""));
    assert!(comments.contains("<autoFilter ref=\"A1:L9\"/>"));
    let strings = part(&file, "xl/sharedStrings.xml");
    for text in [
        "Please use the new logo here.",
        "Which one, the one with the claim?",
        "To do",
        "Resolved",
        "漢字が正しく表示されますか。",
    ] {
        assert!(strings.contains(text), "{text}");
    }
    let reviewers = part(&file, "xl/worksheets/sheet3.xml");
    assert_eq!(reviewers.matches("<row ").count(), 1 + 4);
    // 2026-03-03 10:30 in Vienna, as a number with the look of a date.
    assert!(comments.contains("<v>46084.4375</v>"), "{comments}");
    assert!(part(&file, "xl/styles.xml").contains("yyyy-mm-dd hh:mm"));
}

#[test]
fn no_text_is_a_formula() {
    let evil = [
        "=HYPERLINK(\"http://x.example.com\")",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "=cmd|' /C calc'!A0",
        "_x0041_",
    ];
    let mut version = version(1, evil.iter().zip(1..).map(|(text, n)| comment(n, Some(1), text)).collect());
    version.name = "=1+1".to_owned();
    version.comments[0].author = "=2".to_owned();
    version.comments[0].action = Some("=3".to_owned());
    let file = write_excel(&summary(vec![version])).expect("a file");
    for sheet in 1..=3 {
        let text = part(&file, &format!("xl/worksheets/sheet{sheet}.xml"));
        assert!(!text.contains("<f>") && !text.contains("<hyperlink"), "{text}");
    }
    assert!(part(&file, "xl/sharedStrings.xml").contains("=cmd|"));
}

#[test]
fn long_and_odd_texts_fit() {
    let mut version = version(1, vec![comment(1, None, &"ä\u{0}\u{b}".repeat(40_000))]);
    version.name = "x".repeat(70_000);
    write_excel(&summary(vec![version.clone(), version])).expect("a file");
}
