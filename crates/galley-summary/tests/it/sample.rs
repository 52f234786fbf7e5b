//! A proof about which much was said.

use galley_summary::{
    Comment, Mark, MarkKind, Picture, Pictures, Reply, Reviewer, Stage, Summary, SummaryError, Tone, Verdict,
    Version,
};
use jiff::Timestamp;
use jiff::tz::TimeZone;

pub fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

fn verdict(label: &str, tone: Tone) -> Option<Verdict> {
    Some(Verdict { label: label.to_owned(), tone })
}

pub fn reviewer(name: &str, email: &str, decision: Option<Verdict>) -> Reviewer {
    Reviewer {
        name: name.to_owned(),
        email: email.to_owned(),
        role: "Reviewer & approver".to_owned(),
        primary: false,
        progress: if decision.is_some() { "Decided" } else { "Opened" },
        decided_at: decision.as_ref().map(|_| at("2026-03-04T10:00:00Z")),
        decision,
        comments: 2,
        replies: 1,
    }
}

pub fn mark(kind: MarkKind, page: u32, points: &[[f64; 2]], color: [u8; 3]) -> Mark {
    let opacity = if kind == MarkKind::Area { 0.35 } else { 1.0 };
    Mark { kind, page, points: points.to_vec(), color, width: 3.0, opacity }
}

pub fn comment(number: i64, page: Option<u32>, text: &str) -> Comment {
    Comment {
        place: None,
        number,
        author: "Anna Österreicher".to_owned(),
        email: "anna@example.com".to_owned(),
        created_at: at("2026-03-03T09:30:00Z"),
        edited: false,
        page,
        text: text.to_owned(),
        marks: Vec::new(),
        action: None,
        resolved_by: None,
        replies: Vec::new(),
    }
}

pub fn reply(author: &str, text: &str) -> Reply {
    let created_at = at("2026-03-03T11:05:00Z");
    Reply {
        author: author.to_owned(),
        email: "ben@example.com".to_owned(),
        created_at,
        text: text.to_owned(),
    }
}

pub fn version(number: i64, comments: Vec<Comment>) -> Version {
    Version {
        name: "Spring campaign – brochure Ω".to_owned(),
        number,
        file_name: "spring-brochure_final.pdf".to_owned(),
        size: 4_350_000,
        folder: Some("Campaigns & posters".to_owned()),
        owner: "Mara Manager".to_owned(),
        created_at: at("2026-03-02T09:30:15Z"),
        deadline: Some(at("2026-03-09T17:00:00Z")),
        late: false,
        state: "Active",
        decision: verdict("Changes required", Tone::Bad),
        decisions_made: 2,
        decisions_required: 3,
        pages: 4,
        stages: vec![Stage {
            name: "Legal".to_owned(),
            decision: verdict("Changes required", Tone::Bad),
            deadline: Some(at("2026-03-09T17:00:00Z")),
            state: "Active",
            private: true,
            reviewers: vec![
                reviewer("Anna Österreicher", "anna@example.com", verdict("Approved", Tone::Good)),
                reviewer("Ben Ω. Núñez", "ben@example.com", verdict("Approved with changes", Tone::Nearly)),
                reviewer("漢字 太郎", "taro@example.com", verdict("Changes required", Tone::Bad)),
                reviewer("", "guest@example.com", verdict("Pending", Tone::Open)),
            ],
        }],
        comments,
    }
}

pub fn summary(versions: Vec<Version>) -> Summary {
    Summary {
        account: "Example Studio".to_owned(),
        asked_by: "Mara Manager".to_owned(),
        made_at: at("2026-03-05T15:00:00Z"),
        zone: TimeZone::get("Europe/Vienna").expect("a zone"),
        versions,
    }
}

/// Comments of every kind on three pages and none.
pub fn talk() -> Vec<Comment> {
    const RED: [u8; 3] = [0xd5, 0x36, 0x2b];
    const YELLOW: [u8; 3] = [0xff, 0xd5, 0x00];
    let mut general =
        comment(1, None, "Overall a strong layout. Ärgerlich nur: die Größe der Überschrift – „Ωμέγα“.");
    general.replies.push(reply("Ben Núñez", "Agreed."));
    let mut boxed = comment(
        2,
        Some(1),
        "Please use the new logo here.\nIt is in the shared folder: https://files.example.com/brand/2026/spring/logo-final-final-really-the-last-one.svg",
    );
    boxed.marks = vec![
        mark(MarkKind::Box, 1, &[[0.1, 0.1], [0.4, 0.25]], RED),
        mark(MarkKind::Arrow, 1, &[[0.8, 0.6], [0.6, 0.5]], RED),
    ];
    boxed.action = Some("To do".to_owned());
    boxed.replies = vec![
        reply("Ben Núñez", "Which one, the one with the claim?"),
        reply("Anna Österreicher", "The one without."),
    ];
    let mut done =
        comment(3, Some(1), "漢字が正しく表示されますか。 Привет, мир. שלום עולם and مرحبا بالعالم mixed.");
    done.marks = vec![mark(MarkKind::Area, 1, &[[0.2, 0.5], [0.7, 0.56]], YELLOW)];
    done.resolved_by = Some("Mara Manager".to_owned());
    let mut drawn = comment(4, Some(3), "");
    drawn.marks =
        vec![mark(MarkKind::Line, 3, &[[0.2, 0.2], [0.3, 0.4], [0.5, 0.3], [0.6, 0.7]], [0x17, 0x71, 0x3f])];
    let mut pin = comment(5, Some(3), "=1+1 is no formula, <b>no markup</b> and \u{202e}no trick\u{0}.");
    pin.marks = vec![mark(MarkKind::Pin, 3, &[[0.99, 0.01]], [0x34, 0x50, 0xe0])];
    vec![general, boxed, done, drawn, pin]
}

/// The same picture for every page.
pub struct Same {
    pub asked: Vec<(usize, u32)>,
    pub expected: usize,
    pub bytes: Option<Vec<u8>>,
}

impl Same {
    pub fn new() -> Same {
        let red = include_bytes!("../../../galley-testkit/files/red.png");
        Same { asked: Vec::new(), expected: 0, bytes: Some(red.to_vec()) }
    }
}

impl Pictures for Same {
    fn expect(&mut self, pictures: usize) {
        self.expected = pictures;
    }

    fn picture(&mut self, version: usize, page: u32) -> Result<Option<Picture>, SummaryError> {
        self.asked.push((version, page));
        Ok(self.bytes.clone().map(|bytes| Picture { bytes, page_width: 794.0 }))
    }
}
