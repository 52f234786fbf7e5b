//! A capture ends with all of its processes and leaves no folder, whatever becomes of it.

use galley_capture::{CaptureErrorKind, Capturer, Found, Options, Private, Resolution};
use std::path::PathBuf;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::watch;

/// Answers every request with this, or never when there is nothing to say.
async fn site(answer: Option<String>) -> (String, Options) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a socket");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let answer = answer.clone();
            tokio::spawn(async move {
                let mut head = [0; 4096];
                let _ = stream.read(&mut head).await;
                match answer {
                    Some(page) => {
                        let text = format!(
                            "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{page}",
                            page.len()
                        );
                        let _ = stream.write_all(text.as_bytes()).await;
                    }
                    None => std::future::pending().await,
                }
            });
        }
    });
    let options = Options { private: Private::Only(vec![address]), ..Options::default() };
    (format!("http://{address}/"), options)
}

/// Profile folders of this process, and processes that were started with one.
fn traces() -> (Vec<PathBuf>, usize) {
    let prefix = format!("galley-capture-{}-", std::process::id());
    let entries = std::fs::read_dir(std::env::temp_dir()).expect("a folder").flatten();
    let named = |entry: &std::fs::DirEntry| entry.file_name().to_string_lossy().starts_with(&prefix);
    let folders = entries.filter(named).map(|entry| entry.path()).collect();
    let processes = std::fs::read_dir("/proc").expect("processes").flatten();
    let running = processes
        .filter_map(|entry| std::fs::read(entry.path().join("cmdline")).ok())
        .filter(|line| String::from_utf8_lossy(line).contains(&prefix))
        .count();
    (folders, running)
}

async fn nothing_is_left() {
    for _ in 0..100 {
        if traces() == (Vec::new(), 0) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("left after five seconds: {:?}", traces());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_capture_that_is_dropped_leaves_nothing() {
    let (url, options) = site(None).await;
    let capturer = Capturer::new(options);
    let task = tokio::spawn(async move { capturer.capture(&url, Resolution::default()).await });
    while traces().1 < 4 {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    task.abort();
    nothing_is_left().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_never_comes_is_given_up() {
    let (url, options) = site(None).await;
    let capturer = Capturer::new(Options { wall: Duration::from_secs(4), ..options });
    let error = capturer.capture(&url, Resolution::default()).await.expect_err("no page");
    assert_eq!(error.kind(), &CaptureErrorKind::TimedOut(4), "{error}");
    nothing_is_left().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_takes_too_much_is_stopped() {
    let (url, options) = site(Some(format!("<p>{}</p>", "x".repeat(3 << 20)))).await;
    let limited = Options { download_bytes: 1 << 20, ..options };
    let error = Capturer::new(limited).capture(&url, Resolution::default()).await.expect_err("too much");
    assert_eq!(error.kind(), &CaptureErrorKind::TooMuchData(1), "{error}");

    let greedy = "<script>const kept = []; for (let i = 0; i < 40; i++) \
                  kept.push(new Uint8Array(32 << 20).fill(i + 1));</script><p>done</p>";
    let (url, options) = site(Some(greedy.to_owned())).await;
    let limited = Options { memory_bytes: 600 << 20, ..options };
    let error = Capturer::new(limited).capture(&url, Resolution::default()).await.expect_err("too much");
    assert_eq!(error.kind(), &CaptureErrorKind::OutOfMemory, "{error}");

    let (url, options) = site(Some("<div style='height: 90000px'></div>".to_owned())).await;
    let error = Capturer::new(options).capture(&url, Resolution::default()).await.expect_err("too long");
    assert!(matches!(error.kind(), CaptureErrorKind::TooLong(_)), "{error}");
    nothing_is_left().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_several_sheets_keeps_words_and_links() {
    let page = "<body style='margin: 0'><a href='https://example.com/(a)'>first</a>\
                <div style='height: 20000px'></div><p>last</p></body>";
    let (url, options) = site(Some(page.to_owned())).await;
    let pdf = Capturer::new(options).capture(&url, Resolution::default()).await.expect("a PDF");
    let count = |what: &[u8]| pdf.windows(what.len()).filter(|part| *part == what).count();
    assert_eq!((count(b"/Type /Page "), count(b"/Subtype /Link")), (2, 1));
    nothing_is_left().await;
}

/// Targets of links and the corners of their areas, from the left and the top of a page of this height in points.
fn links(pdf: &[u8], height: f64) -> Vec<(String, [i64; 4])> {
    let text = String::from_utf8_lossy(pdf);
    let of = |one: &str| -> Option<(String, [i64; 4])> {
        let (rect, rest) = one.split_once(']')?;
        let sides: Vec<f64> = rect.split_whitespace().filter_map(|side| side.parse().ok()).collect();
        let hex = rest.split_once("/URI <")?.1.split_once('>')?.0;
        let bytes =
            (0..hex.len()).step_by(2).filter_map(|at| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok());
        let px = |points: f64| (points / 0.75).round() as i64;
        let [left, low, right, high] = sides.try_into().ok()?;
        let area = [px(left), px(height - high), px(right), px(height - low)];
        Some((String::from_utf8(bytes.collect()).ok()?, area))
    };
    text.split("/Rect [").skip(1).filter_map(of).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn links_of_text_and_of_pictures_are_where_the_page_has_them() {
    let page = "<!doctype html><style>* { margin: 0; font: 20px/30px monospace } img { display: block }</style>
        <div style='height: 100px'></div><a style='display: block; width: 200px; height: 30px' href='/a#b'>Box</a>
        <a href='https://example.com/picture'><img width=120 height=60 src='data:image/gif;base64,R0lGODlhAQABAAAAACw='></a>
        <a href='javascript:alert(1)'>No address</a><a href='/hidden' style='visibility: hidden'>Hidden</a>
        <a href='mailto:a@example.com'><span style='display: block; width: 50px'>Mail</span></a>";
    let (url, options) = site(Some(page.to_owned())).await;
    let size = Resolution { width: 600, height: 400 };
    let pdf = Capturer::new(options).capture(&url, size).await.expect("a PDF");
    assert_eq!(
        links(&pdf, 300.0),
        [
            (format!("{url}a#b"), [0, 100, 200, 130]),
            ("https://example.com/picture".to_owned(), [0, 130, 120, 190]),
            ("mailto:a@example.com".to_owned(), [0, 220, 50, 250]),
        ]
    );
    nothing_is_left().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_that_runs_out_of_time_gives_what_it_found() {
    let front = "<title>Front</title><a href='/a'>First</a><a href='/b'>Second</a><a href='https://example.org/'>x</a>";
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a socket");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut head = [0; 4096];
                let length = stream.read(&mut head).await.unwrap_or(0);
                if head[..length].starts_with(b"GET / ") {
                    let length = front.len();
                    let kind = "content-type: text/html\r\nconnection: close";
                    let text =
                        format!("HTTP/1.1 200 OK\r\n{kind}\r\ncontent-length: {length}\r\n\r\n{front}");
                    let _ = stream.write_all(text.as_bytes()).await;
                } else {
                    std::future::pending::<()>().await;
                }
            });
        }
    });
    let options =
        Options { private: Private::Only(vec![address]), wall: Duration::from_secs(8), ..Options::default() };
    let (news, found) = watch::channel(Found::default());
    let url = format!("http://{address}/");
    let capturer = Capturer::new(options);
    capturer.find_pages(&url, &news).await.expect("what was found");
    let found = found.borrow().clone();
    let titles: Vec<(&str, &str)> =
        found.pages.iter().map(|page| (page.url.as_str(), page.title.as_str())).collect();
    assert_eq!(titles, [(&*format!("{url}a"), "First"), (&*format!("{url}b"), "Second")]);
    assert!(found.more, "it may have missed some");
    let error = capturer.find_pages(&format!("{url}a"), &news).await.expect_err("nothing to see");
    assert_eq!(error.kind(), &CaptureErrorKind::TimedOut(8), "{error}");
    nothing_is_left().await;
}
