//! Proofs of web pages, made by a real browser from a site of this test.

use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect};
use axum::routing::get;
use galley_model::{Proof, ProofId};
use galley_service::{CaptureOptions, Private, find_browser};
use galley_testkit::{House, SECOND, field};
use std::io::Cursor;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::net::{TcpListener, UdpSocket};
use zune_core::bytestream::ZCursor;

async fn serve(pages: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a socket");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, pages).await });
    address
}

/// A server that captures pages of this one site, although it is on loopback.
fn house(site: SocketAddr) -> House {
    let captures = CaptureOptions { private: Private::Only(vec![site]), ..CaptureOptions::default() };
    House::capturing(captures)
}

async fn proof_of(house: &House, urls: &str) -> (String, Proof) {
    let session = house.session(SECOND);
    let parts = [("Hash", "web"), ("Name", "Site"), ("SourceName", urls)];
    let text = house.ok(&session, "createProof", &parts).await;
    let id = field(&text, "file_id");
    let proof = house.processed(ProofId(id.parse().expect("an id"))).await;
    (id, proof)
}

async fn words(house: &House, proof: &Proof, page: u32) -> Vec<String> {
    let opened = opened(house, proof);
    let page = opened.into_iter().find(|one| one.number == page).expect("the page");
    house.service.page_text(&page).await.expect("words").words.into_iter().map(|word| word.t).collect()
}

fn opened(house: &House, proof: &Proof) -> Vec<galley_model::Page> {
    house.service.open_link(&house.link(proof.id, SECOND)).expect("opens").pages
}

/// The colour at a place, by fractions of a page's smallest picture.
async fn colour(house: &House, proof: &Proof, (x, y): (f64, f64)) -> [u8; 3] {
    let page = &opened(house, proof)[0];
    let picture = house.service.tile(page, 0, 0, 0).await.expect("a tile");
    let (width, height, pixels) = if picture.mime == "image/png" {
        let mut decoder = png::Decoder::new(Cursor::new(&picture.bytes[..]));
        decoder.set_transformations(png::Transformations::EXPAND);
        let mut reader = decoder.read_info().expect("a PNG");
        let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
        let info = reader.next_frame(&mut pixels).expect("a PNG");
        assert_eq!(info.color_type, png::ColorType::Rgb);
        (info.width as usize, info.height as usize, pixels)
    } else {
        let mut decoder = zune_jpeg::JpegDecoder::new(ZCursor::new(&picture.bytes));
        let pixels = decoder.decode().expect("a JPEG");
        let (width, height) = decoder.dimensions().expect("a size");
        (width, height, pixels)
    };
    let at = 3 * ((y * height as f64) as usize * width + (x * width as f64) as usize);
    [pixels[at], pixels[at + 1], pixels[at + 2]]
}

const FRONT: &str = "<!doctype html><title>Marmalade</title><style>* { margin: 0 }</style><body>
    <div style='height: 100vh; background: rgb(200, 30, 60)'><h1>Seville oranges</h1></div>
    <div style='height: 2000px; background: rgb(10, 120, 200)'>
    <p style='width: 90px'>Boiled slowly until it sets</p><a href='/shop?a=(b)'>Buy a jar</a></div>
    <div id='late'></div><script>addEventListener('scroll', () => {
    document.getElementById('late').innerHTML = '<p style=\"height: 600px\">Zürich später 果醬</p>'; })
    </script></body>";

#[tokio::test(flavor = "multi_thread")]
async fn web_pages_become_proofs_with_their_colours_and_words() {
    let shop = || async { Html("<p>Second page</p>") };
    let site = serve(Router::new().route("/", get(|| async { Html(FRONT) })).route("/shop", get(shop))).await;
    let house = house(site);
    let (id, proof) = proof_of(&house, &format!("http://{site}/")).await;
    assert_eq!((proof.processing_error.as_deref(), proof.pages), (None, 1));
    let page = &opened(&house, &proof)[0];
    // The hero is one screen of 768 pixels, the rest as high as it says, and what came by scrolling is there.
    assert_eq!((page.width.round(), page.height.round()), (1366.0, 768.0 + 2000.0 + 600.0));
    for (place, expected) in
        [((0.5, 0.1), [200, 30, 60]), ((0.5, 0.6), [10, 120, 200]), ((0.5, 0.95), [255; 3])]
    {
        let found = colour(&house, &proof, place).await;
        let close = found.iter().zip(expected).all(|(a, b)| a.abs_diff(b) <= 4);
        assert!(close, "{found:?} instead of {expected:?} at {place:?}");
    }
    let text = words(&house, &proof, 1).await.join(" ");
    assert_eq!(text, "Seville oranges Boiled slowly until it sets Buy a jar Zürich später 果醬");

    // What is downloaded is a PDF, with the link.
    let session = house.session(SECOND);
    let url = house.ok(&session, "getProofDownloadURL", &[("FileID", &id)]).await;
    assert!(url.contains("http"), "{url}");
    assert!(proof.size > 1000, "{}", proof.size);

    let (_, both) = proof_of(&house, &format!("http://{site}/shop http://{site}/")).await;
    assert_eq!((both.processing_error.as_deref(), both.pages), (None, 2));
    assert_eq!(words(&house, &both, 1).await, ["Second", "page"]);
    assert!(both.size > proof.size, "{} {}", both.size, proof.size);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_reach_nothing_private() {
    // What must stay untouched: another port of this machine, over TCP and over UDP.
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a socket");
    let inner = listener.local_addr().expect("an address");
    let touched = Arc::new(AtomicUsize::new(0));
    let count = touched.clone();
    tokio::spawn(async move {
        while listener.accept().await.is_ok() {
            count.fetch_add(1, Ordering::SeqCst);
        }
    });
    let stun = UdpSocket::bind("127.0.0.1:0").await.expect("a socket");
    let stun_at = stun.local_addr().expect("an address");

    let page = format!(
        "<p>Visible</p><img src='http://{inner}/a.png'><img src='/away'><iframe src='http://{inner}/frame'></iframe>
         <img src='http://localhost:{port}/b.png'><img src='http://[::ffff:127.0.0.1]:{port}/c.png'>
         <img src='https://{inner}/d.png'><iframe src='file:///etc/passwd'></iframe>
         <script>fetch('http://{inner}/e', {{mode: 'no-cors'}}); new WebSocket('ws://{inner}/f');
         navigator.sendBeacon('http://{inner}/g', 'x');
         const peer = new RTCPeerConnection({{iceServers: [{{urls: 'stun:{stun_at}'}}]}});
         peer.createDataChannel('x'); peer.createOffer().then((offer) => peer.setLocalDescription(offer));
         </script>",
        port = inner.port()
    );
    let away = format!("http://{inner}/away");
    let (first, second) = (away.clone(), away.clone());
    let site = serve(
        Router::new()
            .route("/", get(move || async { Html(page) }))
            .route("/away", get(move || async move { Redirect::temporary(&first) }))
            .route(
                "/script",
                get(move || async move { Html(format!("<script>location = '{second}'</script>")) }),
            )
            .route("/file", get(|| async { (StatusCode::FOUND, [(header::LOCATION, "file:///etc/passwd")]) }))
            .route(
                "/files",
                get(|| async { Html("<script>location = 'file:///etc/passwd'</script><p>Stays</p>") }),
            ),
    )
    .await;
    let house = house(site);
    let (_, proof) = proof_of(&house, &format!("http://{site}/")).await;
    assert_eq!(proof.processing_error, None);
    assert_eq!(words(&house, &proof, 1).await, ["Visible"]);
    let (_, proof) = proof_of(&house, &format!("http://{site}/files")).await;
    assert_eq!(words(&house, &proof, 1).await, ["Stays"]);

    let local = format!("http://localhost:{}/", inner.port());
    for url in [away, format!("http://{site}/away"), format!("http://{site}/script"), local] {
        let reason = proof_of(&house, &url).await.1.processing_error.expect("a reason");
        assert!(reason.contains("is the private address"), "{url}: {reason}");
    }
    let reason = proof_of(&house, &format!("http://{site}/file")).await.1.processing_error.expect("a reason");
    assert!(reason.contains("not a web page"), "{reason}");

    assert_eq!(touched.load(Ordering::SeqCst), 0, "connections");
    let heard = tokio::time::timeout(Duration::from_millis(200), stun.recv(&mut [0; 100])).await;
    assert!(heard.is_err(), "WebRTC went past the proxy");

    // The same page where the administrator allows it, to see that it does ask for all of that.
    let all = CaptureOptions { private: Private::Allowed, ..CaptureOptions::default() };
    let house = House::capturing(all);
    let (_, proof) = proof_of(&house, &format!("http://{site}/")).await;
    assert_eq!(proof.processing_error, None);
    assert!(touched.load(Ordering::SeqCst) >= 6, "{touched:?} connections");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_captured_says_why() {
    let forever = || async { Redirect::temporary("/forever") };
    let table = || async { ([(header::CONTENT_TYPE, "text/csv")], "a,b").into_response() };
    let site = serve(Router::new().route("/forever", get(forever)).route("/table", get(table))).await;
    let house = house(site);
    for (path, says) in [
        ("/nothing", "The page answered 404 (Not Found)."),
        ("/forever", "The page redirects without end."),
        ("/table", "The address leads to no web page but to a file (text/csv). Upload the file instead."),
    ] {
        let (_, proof) = proof_of(&house, &format!("http://{site}{path}")).await;
        assert_eq!(proof.processing_error.as_deref(), Some(says), "{path}");
    }
    let (_, proof) = proof_of(&house, "http://no-such-host.invalid/").await;
    assert_eq!(proof.processing_error.as_deref(), Some("The name no-such-host.invalid cannot be looked up."));
}

const LAZY: &str = "<!doctype html><style>* { margin: 0 }</style>
    <header style='position: sticky; top: 0; height: 60px; background: rgb(200, 30, 60)'></header>
    <nav style='position: fixed; top: 0; right: 0; width: 300px; height: 100px; background: rgb(10, 160, 90)'></nav>
    <div style='height: 3000px'></div>
    <img loading=lazy style='display: block; width: 100%; height: 500px' src='/picture.svg'>";

#[tokio::test(flavor = "multi_thread")]
async fn what_stays_in_view_is_seen_once_and_what_comes_late_is_seen() {
    let picture = "<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'><path fill='rgb(10, 120, 200)' d='M0 0h10v10H0z'/></svg>";
    let more = |when: &str| {
        format!(
            "<!doctype html><style>* {{ margin: 0 }} div {{ height: 4000px }}</style><p>Endless</p><div></div>
             <script>{when}(() => document.body.append(document.createElement('div')), 20)</script>"
        )
    };
    let scrolling = more("((grow) => addEventListener('scroll', grow))");
    let always = more("setInterval");
    let site = serve(
        Router::new()
            .route("/", get(|| async { Html(LAZY) }))
            .route(
                "/picture.svg",
                get(move || async move { ([(header::CONTENT_TYPE, "image/svg+xml")], picture) }),
            )
            .route("/scrolling", get(move || async move { Html(scrolling) }))
            .route("/always", get(move || async move { Html(always) })),
    )
    .await;
    let house = house(site);
    let (_, proof) = proof_of(&house, &format!("http://{site}/")).await;
    assert_eq!(proof.processing_error, None);
    let height = 60.0 + 3000.0 + 500.0;
    assert_eq!(opened(&house, &proof)[0].height.round(), height);
    for (x, y, expected) in [
        (0.3, 30.0, [200, 30, 60]),
        (0.95, 80.0, [10, 160, 90]),
        // Below the first window, and on the other pictures that the capture is made of.
        (0.3, 800.0, [255; 3]),
        (0.95, 800.0, [255; 3]),
        (0.3, 1060.0, [255; 3]),
        (0.95, 2080.0, [255; 3]),
        (0.5, 3300.0, [10, 120, 200]),
    ] {
        let found = colour(&house, &proof, (x, y / height)).await;
        let close = found.iter().zip(expected).all(|(a, b)| a.abs_diff(b) <= 6);
        assert!(close, "{found:?} instead of {expected:?} at {x}, {y}");
    }

    // A page that grows whenever it is scrolled comes to an end; one that never stops is refused.
    let (_, proof) = proof_of(&house, &format!("http://{site}/scrolling")).await;
    assert_eq!(proof.processing_error, None);
    assert_eq!(words(&house, &proof, 1).await, ["Endless"]);
    let (_, proof) = proof_of(&house, &format!("http://{site}/always")).await;
    let reason = proof.processing_error.expect("a reason");
    assert!(reason.starts_with("The page is longer than"), "{reason}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_ends_by_itself_is_started_once_more() {
    let site = serve(Router::new().route("/", get(|| async { Html("<p>Here") }))).await;
    let folder = tempfile::tempdir().expect("a folder");
    let started = folder.path().join("started");
    let real = find_browser(None).expect("Chromium");
    // Ends at its first start, then does its work, then ends at every start.
    let script = format!(
        "#!/bin/sh\necho >>{0}\n[ \"$(wc -l <{0})\" -eq 2 ] || exit 1\nexec {1} \"$@\"\n",
        started.display(),
        real.display()
    );
    let browser = folder.path().join("browser");
    std::fs::write(&browser, script).expect("a script");
    std::fs::set_permissions(&browser, PermissionsExt::from_mode(0o755)).expect("a program");
    let captures = CaptureOptions {
        browser: Some(browser),
        private: Private::Only(vec![site]),
        ..CaptureOptions::default()
    };
    let house = House::capturing(captures);
    let (_, proof) = proof_of(&house, &format!("http://{site}/")).await;
    assert_eq!(words(&house, &proof, 1).await, ["Here"]);
    let session = house.session(SECOND);
    let parts = [("Hash", "web"), ("Name", "Site"), ("SourceName", &*format!("http://{site}/"))];
    house.ok(&session, "createProof", &parts).await;
    let starts = || std::fs::read_to_string(&started).expect("the starts").lines().count();
    for _ in 0..200 {
        if starts() == 4 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    // The clock stands still, and with it the queue's next try.
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(starts(), 4, "starts");
}

#[tokio::test]
async fn a_site_to_be_tried_is_framed_and_not_captured() {
    // Whether it can be framed is asked first, by the same rules as captures.
    let house = House::capturing(CaptureOptions::default());
    let session = house.session(SECOND);
    let parts = [
        ("Hash", "web"),
        ("Name", "Shop"),
        ("SourceName", "https://127.0.0.1:9/shop"),
        ("SWF", "interactive"),
    ];
    let text = house.ok(&session, "createProof", &parts).await;
    assert_eq!(field(&text, "swf"), "interactive");
    let id = field(&text, "file_id");
    let proof = house.processed(ProofId(id.parse().expect("an id"))).await;
    let reason = proof.processing_error.clone().expect("a reason");
    assert!(reason.contains("private address"), "{reason}");
    let opening = house.service.open_link(&house.link(proof.id, SECOND)).expect("opens");
    let interactive = opening.interactive.expect("is interactive");
    assert_eq!(interactive.url.as_deref(), Some("https://127.0.0.1:9/shop"));
    house.ok(&session, "getProofDetails", &[("FileID", &id)]).await;
}
