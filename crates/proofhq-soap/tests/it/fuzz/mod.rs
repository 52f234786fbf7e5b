//! Every kept input of `fuzz/corpus`, and a few thousand changes of them, always the same ones.

#[path = "targets.rs"]
mod targets;

use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Changed inputs of each target in a run of the tests.
const CHANGES: u64 = 4_000;

/// Pieces that parsers take notice of.
const WORDS: &[&str] = &[
    "<",
    ">",
    "/>",
    "</",
    "<item>",
    "</item>",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<!DOCTYPE x>",
    "<?xml ?>",
    "&lt;",
    "&#0;",
    "&#x110000;",
    "&x;",
    "xsi:nil=\"true\"",
    "href=\"#a\"",
    "id=\"a\"",
    "xmlns=\"\"",
    "xmlns:e=\"e\"",
    "SOAP-ENV:root=\"0\"",
    "\u{feff}",
    "\0",
    "-1",
    "1e999",
    "99999999999999999999",
    "true",
    "\r\n",
    "\n",
    "--",
    "\r\n--B",
    "--B--",
    "\r\n\r\n",
    "Content-Disposition: form-data; filename=\"",
    "filename*=UTF-8''%",
    "\u{10ffff}",
];

/// Numbers that are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end.max(1) as u64).unwrap_or(0)
    }
}

fn corpus(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus")).join(target);
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths.into_iter().map(|path| (path.clone(), std::fs::read(path).expect("an input"))).collect()
}

fn changed(inputs: &[(PathBuf, Vec<u8>)], numbers: &mut Numbers) -> Vec<u8> {
    let mut data = inputs[numbers.below(inputs.len())].1.clone();
    for _ in 0..=numbers.below(4) {
        let at = numbers.below(data.len() + 1);
        let end = at + numbers.below((data.len() - at).min(64) + 1);
        match numbers.below(5) {
            0 => drop(data.drain(at..end)),
            1 => {
                let copy = data[at..end].to_vec();
                drop(data.splice(at..at, copy));
            }
            2 => drop(data.splice(at..at, WORDS[numbers.below(WORDS.len())].bytes())),
            3 => {
                let other = &inputs[numbers.below(inputs.len())].1;
                let from = numbers.below(other.len() + 1);
                drop(data.splice(at.., other[from..].iter().copied()));
            }
            _ if at < data.len() => data[at] ^= 1 << numbers.below(8),
            _ => {}
        }
    }
    data
}

/// A target over its inputs. `FUZZ_SECONDS` makes it go on for longer, for machines without
/// `cargo fuzz`.
fn run(target: &str) {
    let inputs = corpus(target);
    assert!(!inputs.is_empty(), "{target} has inputs");
    let check = |name: &str, data: &[u8]| {
        if std::panic::catch_unwind(|| targets::named(target)(data)).is_err() {
            panic!("{target} fails with {name} {}", String::from_utf8_lossy(data).escape_debug());
        }
    };
    for (path, data) in &inputs {
        check(&path.display().to_string(), data);
    }
    let seconds = std::env::var("FUZZ_SECONDS").ok().and_then(|text| text.parse().ok());
    let end = seconds.map(|seconds| Instant::now() + Duration::from_secs(seconds));
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    for turn in 0.. {
        if end.map_or(turn >= CHANGES, |end| Instant::now() >= end) {
            break;
        }
        check("a change", &changed(&inputs, &mut numbers));
    }
}

#[test]
fn envelopes() {
    run("envelope");
}

#[test]
fn values() {
    run("values");
}

#[test]
fn multipart() {
    run("multipart");
}
