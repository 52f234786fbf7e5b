//! Web pages through the JSON API: proofs of one and of several, at several resolutions, alone and combined with
//! files, and the search for sub-pages; with a real browser and a site of this test.
#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot be set up has failed")]

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::response::Html;
use axum::routing::get;
use galley_model::{PageSearchId, Processing, Profile, Proof, ProofId};
use galley_service::{CaptureOptions, Private, ServiceError};
use galley_testkit::{House, PASSWORD, RED_PNG, email};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;
use tower::ServiceExt;

const WIDE: &str = "<!doctype html><title>Marmalade</title><style>* { margin: 0 } @media (max-width: 500px) { b { \
    display: none } }</style><p>Oranges <b>everywhere</b></p><a href='/shop'>The shop</a><div style='height: 1500px'>";

/// A site of some pages, of which `/slow` never comes.
async fn site() -> SocketAddr {
    let page = |text: &'static str| get(move || async move { Html(text) });
    let pages = Router::new()
        .route("/", page(WIDE))
        .route("/shop", page("<title>Shop</title><p>Jars</p><a href='/shop/jar'>One jar</a><a href='/'>Home</a>"))
        .route("/shop/jar", page("<title>Jar</title><a href='/shop/jar/lid'>Lid</a>"))
        .route("/slow", get(|| async { std::future::pending::<Html<&str>>().await }))
        .route(
            "/start",
            page(
                "<title>Start</title><a href='/shop#top'>Buy</a><a href='/shop'>Buy again</a><a href='/gone'>Gone</a>
                 <a href='https://example.org/'>Others</a><a href='/list.pdf'>Prices</a><a href='/away'>Away</a>
                 <a href='mailto:a@example.com'>Mail</a><a href='/start'>Here</a>
                 <script>document.body.append(Object.assign(document.createElement('a'),
                     {href: '/made', textContent: 'Made by a script'}))</script>",
            ),
        )
        .route("/many", get(|| async { Html((0..60).map(|n| format!("<a href='/many/{n}'>{n}</a>")).collect::<String>()) }))
        .route("/away", page("<script>location = 'http://127.0.0.1:9/'</script>"))
        .route("/made", page("<p>No title"));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a socket");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, pages).await });
    address
}

fn house(site: SocketAddr) -> House {
    House::capturing(CaptureOptions { private: Private::Only(vec![site]), ..CaptureOptions::default() })
}

/// Somebody who is logged in.
struct Browser<'a> {
    house: &'a House,
    cookie: String,
}

impl<'a> Browser<'a> {
    async fn log_in(house: &'a House, who: Profile) -> Browser<'a> {
        let body = json!({"email": email(who), "password": PASSWORD});
        let request = Request::post("/session").header("content-type", "application/json");
        let request = request.body(Body::from(body.to_string())).expect("a request");
        let answer =
            galley_rest::router(house.service.clone(), galley_rest::Options::default()).oneshot(request);
        let answer = answer.await.unwrap_or_else(|never| match never {});
        let cookie = answer.headers()[header::SET_COOKIE].to_str().expect("a cookie");
        Browser { house, cookie: cookie.split(';').next().expect("a value").to_owned() }
    }

    async fn ask(&self, method: &str, path: &str, body: Value) -> (StatusCode, Value) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("content-type", "application/json")
            .header("x-galley", "1")
            .header("cookie", &self.cookie);
        let request = request.body(Body::from(body.to_string())).expect("a request");
        let router = galley_rest::router(self.house.service.clone(), galley_rest::Options::default());
        let response = router.oneshot(request).await.unwrap_or_else(|never| match never {});
        let (head, body) = response.into_parts();
        let bytes = body.collect().await.expect("a body").to_bytes();
        (head.status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        let (status, answer) = self.ask("POST", path, body).await;
        assert!(status.is_success(), "{status}: {answer}");
        answer
    }

    async fn refused(&self, path: &str, body: Value) -> String {
        let (status, answer) = self.ask("POST", path, body).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{answer}");
        answer["error"]["message"].as_str().expect("a sentence").to_owned()
    }

    async fn processed(&self, proof: &Value) -> Proof {
        self.house.processed(ProofId(proof["id"].as_i64().expect("an id"))).await
    }

    fn pages(&self, proof: &Proof) -> Vec<galley_model::Page> {
        let link = self.house.link(proof.id, &email(Profile::Manager));
        self.house.service.open_link(&link).expect("opens").pages
    }

    async fn words(&self, proof: &Proof, page: usize) -> String {
        let text = self.house.service.page_text(&self.pages(proof)[page]).await.expect("words");
        text.words.into_iter().map(|word| word.t).collect::<Vec<_>>().join(" ")
    }
}

fn widths(browser: &Browser<'_>, proof: &Proof) -> Vec<f64> {
    browser.pages(proof).iter().map(|page| page.width.round()).collect()
}

const PHONE: [u32; 2] = [390, 844];

fn sizes(all: &[[u32; 2]]) -> Value {
    all.iter().map(|[width, height]| json!({"width": width, "height": height})).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_address_and_resolution_is_a_proof_of_its_own() {
    let site = site().await;
    let house = house(site);
    let browser = Browser::log_in(&house, Profile::Manager).await;
    let front = format!("http://{site}/");
    let sources = json!([
        {"url": front, "resolutions": sizes(&[[1024, 768], PHONE])},
        {"url": format!(" http://{site}/shop "), "name": "The shop"},
        {"upload_id": house.file("red.png", RED_PNG)},
    ]);
    let made = browser.post("/proofs/several", json!({"sources": sources, "message": "Look"})).await;
    let made = made["items"].as_array().expect("proofs").clone();
    let names: Vec<&str> = made.iter().filter_map(|proof| proof["name"].as_str()).collect();
    let expected = [
        format!("{front} (1024 × 768)"),
        format!("{front} (390 × 844)"),
        "The shop".into(),
        "red.png".into(),
    ];
    assert_eq!(names, expected);
    assert_eq!(
        made[1]["websites"],
        json!([{"url": front, "resolution": {"width": 390, "height": 844}}]),
        "{}",
        made[1]
    );
    assert_eq!(made[3]["websites"], json!([]));
    let mut proofs = Vec::new();
    for proof in &made {
        proofs.push(browser.processed(proof).await);
    }
    let seen: Vec<Vec<f64>> = proofs.iter().map(|proof| widths(&browser, proof)).collect();
    assert_eq!(seen, [vec![1024.0], vec![390.0], vec![1366.0], vec![8.0]]);
    assert_eq!(browser.words(&proofs[0], 0).await, "Oranges everywhere The shop");
    assert_eq!(browser.words(&proofs[1], 0).await, "Oranges The shop", "what a narrow window hides");

    // The next version of one of them, from another address; its name is the address.
    let path = format!("/proofs/{}/versions", made[2]["id"]);
    let next = browser.post(&path, json!({"sources": [{"url": format!("http://{site}/shop/jar")}]})).await;
    assert_eq!((&next["version"], &next["name"]), (&json!(2), &json!(format!("http://{site}/shop/jar"))));
    assert_eq!(browser.words(&browser.processed(&next).await, 0).await, "Lid");
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_and_files_are_combined_in_their_order() {
    let site = site().await;
    let house = house(site);
    let browser = Browser::log_in(&house, Profile::Manager).await;
    let front = format!("http://{site}/");
    let sources = json!([
        {"upload_id": house.file("red.png", RED_PNG)},
        {"url": front, "resolutions": sizes(&[PHONE, [800, 600]])},
    ]);
    let made = browser.post("/proofs", json!({"sources": sources, "name": "Everything"})).await;
    let proof = browser.processed(&made).await;
    assert_eq!((proof.processing_error.as_deref(), proof.pages), (None, 3));
    assert_eq!(widths(&browser, &proof), [8.0, 390.0, 800.0]);
    // The viewer learns which page shows which address.
    let code = house.link(proof.id, &email(Profile::Manager)).code;
    let (_, link) = browser.ask("GET", &format!("/links/{code}"), Value::Null).await;
    let shown: Vec<(&Value, &Value)> =
        link["websites"].as_array().expect("websites").iter().map(|w| (&w["url"], &w["pages"])).collect();
    assert_eq!(shown, [(&json!(front), &json!([2])), (&json!(front), &json!([3]))]);

    // A page that cannot be had fails the whole.
    let sources = json!([{"url": front}, {"url": format!("http://{site}/nothing")}]);
    let made = browser.post("/proofs", json!({"sources": sources, "name": "Half"})).await;
    let proof = browser.processed(&made).await;
    assert_eq!(proof.processing, Processing::Failed);
    assert!(
        proof
            .processing_error
            .is_some_and(|why| why.ends_with("/nothing: The page answered 404 (Not Found)."))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_a_source_is_refused_with_a_sentence_and_nothing_is_made() {
    let site = site().await;
    let house = house(site);
    let browser = Browser::log_in(&house, Profile::Manager).await;
    let url = format!("http://{site}/");
    let typed =
        json!([url, "example.com", "file:///etc/passwd", "http://127.0.0.1:1/", "http://10.0.0.1/", "jam"]);
    let said = browser.post("/web-pages/check", json!({ "addresses": typed })).await;
    let said: Vec<(&Value, &Value)> = said["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(|item| (&item["url"], &item["problem"]))
        .collect();
    let private =
        |host: &str| json!(format!("{host} is a private address, and pages from those are not captured."));
    let scheme = json!("Only pages whose address begins with http:// or https:// can be captured.");
    let expected = [
        (json!(url), Value::Null),
        (json!("https://example.com"), Value::Null),
        (Value::Null, scheme),
        (Value::Null, private("127.0.0.1")),
        (Value::Null, private("10.0.0.1")),
        (Value::Null, json!("This is not the address of a web page.")),
    ];
    assert_eq!(said, expected.iter().map(|(url, problem)| (url, problem)).collect::<Vec<_>>());

    let many: Vec<Value> = (0..21).map(|n| json!({"url": format!("{url}?{n}")})).collect();
    let upload = house.file("red.png", RED_PNG);
    for (path, body, says) in [
        ("/proofs", json!({}), "one of 'upload_id', 'sources' and 'interactive_url'"),
        (
            "/proofs",
            json!({"interactive_url": "https://example.com/", "sources": [{"url": "https://example.com/"}]}),
            "one of 'upload_id', 'sources' and 'interactive_url'",
        ),
        ("/proofs/several", json!({"interactive_url": "https://example.com/"}), "made of 'sources'"),
        (
            "/proofs",
            json!({"upload_id": upload, "sources": [{"url": url}]}),
            "one of 'upload_id', 'sources' and 'interactive_url'",
        ),
        (
            "/proofs",
            json!({"sources": [{"url": url, "upload_id": upload}]}),
            "either an 'upload_id' or a 'url'",
        ),
        ("/proofs", json!({"sources": [{}]}), "either an 'upload_id' or a 'url'"),
        ("/proofs", json!({"sources": [{"url": "http://[::1]/"}]}), "[::1] is a private address"),
        (
            "/proofs",
            json!({"sources": [{"url": url, "resolutions": sizes(&[[100, 100]])}]}),
            "A resolution is",
        ),
        ("/proofs", json!({"sources": [{"url": url, "resolutions": sizes(&[PHONE; 7])}]}), "At most 6"),
        ("/proofs/several", json!({"sources": many}), "At most 20"),
        ("/proofs/several", json!({"sources": [{"url": url}, {"url": "ftp://a.test"}]}), "begins with http"),
        ("/proofs/several", json!({"upload_id": upload}), "are made of 'sources'"),
        ("/page-searches", json!({"url": "http://192.168.1.1/"}), "is a private address"),
    ] {
        let said = browser.refused(path, body.clone()).await;
        assert!(said.contains(says), "{body}: {said}");
    }
    let (_, list) = browser.ask("GET", "/proofs", Value::Null).await;
    assert_eq!(list["items"], json!([]), "nothing was made");
}

async fn finished(browser: &Browser<'_>, id: &Value) -> Value {
    for _ in 0..1200 {
        let (status, search) = browser.ask("GET", &format!("/page-searches/{id}"), Value::Null).await;
        assert_eq!(status, StatusCode::OK, "{search}");
        if search["state"] != "searching" {
            return search;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the search did not end within a minute");
}

#[tokio::test(flavor = "multi_thread")]
async fn sub_pages_are_found_two_levels_deep_in_the_same_domain() {
    let site = site().await;
    let house = house(site);
    let browser = Browser::log_in(&house, Profile::Manager).await;
    let start = format!("http://{site}/start");
    let asked = browser.post("/page-searches", json!({"url": start})).await;
    let search = finished(&browser, &asked["id"]).await;
    let found: Vec<(&str, &str)> = search["pages"]
        .as_array()
        .expect("pages")
        .iter()
        .filter_map(|page| Some((page["url"].as_str()?, page["title"].as_str()?)))
        .collect();
    let at = |path: &str| format!("http://{site}{path}");
    let (shop, made, jar, front) = (at("/shop"), at("/made"), at("/shop/jar"), at("/"));
    // Titles of those that were looked at; what links say of the others. The lid is a third level.
    let expected = [(&*shop, "Shop"), (&*made, "Made by a script"), (&*jar, "One jar"), (&*front, "Home")];
    assert_eq!(found, expected, "{search}");
    assert_eq!(
        (&search["state"], &search["more"], &search["problem"]),
        (&json!("done"), &json!(false), &Value::Null)
    );

    // Nobody else sees it, and a new search takes its place.
    let other = Browser::log_in(&house, Profile::BillingAdmin).await;
    let path = format!("/page-searches/{}", asked["id"]);
    assert_eq!(other.ask("GET", &path, Value::Null).await.0, StatusCode::NOT_FOUND);
    assert_eq!(other.ask("DELETE", &path, Value::Null).await.0, StatusCode::NOT_FOUND);
    let next = browser.post("/page-searches", json!({"url": at("/nothing")})).await;
    assert_eq!(browser.ask("GET", &path, Value::Null).await.0, StatusCode::NOT_FOUND);
    let failed = finished(&browser, &next["id"]).await;
    assert_eq!(
        (&failed["state"], &failed["problem"]),
        (&json!("failed"), &json!("The page answered 404 (Not Found)."))
    );

    // Called off, it ends, and makes room for the next one.
    let slow = browser.post("/page-searches", json!({"url": at("/slow")})).await;
    let path = format!("/page-searches/{}", slow["id"]);
    assert_eq!(browser.ask("DELETE", &path, Value::Null).await.0, StatusCode::NO_CONTENT);
    assert_eq!(browser.ask("GET", &path, Value::Null).await.0, StatusCode::NOT_FOUND);
    let last = browser.post("/page-searches", json!({"url": at("/shop")})).await;
    let last = finished(&browser, &last["id"]).await;
    assert_eq!(last["state"], "done", "{last}");

    // Who makes no proofs searches for none.
    for profile in Profile::ALL.into_iter().filter(|profile| !profile.creates()) {
        let refused = house.service.find_pages(&house.caller(&email(profile)), &start);
        assert!(matches!(refused, Err(ServiceError::Forbidden)), "{profile:?}: {refused:?}");
    }

    // No more than fifty, and no longer than an hour.
    let many = browser.post("/page-searches", json!({"url": at("/many")})).await;
    let id = PageSearchId(many["id"].as_i64().expect("an id"));
    let many = finished(&browser, &many["id"]).await;
    assert_eq!((many["pages"].as_array().map(Vec::len), &many["more"]), (Some(50), &json!(true)), "{many}");
    house.clock.advance(2 * 3600);
    for _ in 0..600 {
        if house.service.page_search(&house.caller(&email(Profile::Manager)), id).is_err() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the search is still there");
}
