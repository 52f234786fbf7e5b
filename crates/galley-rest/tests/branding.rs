//! Branding through the JSON API: who sets it, what a logo may be, who sees what, and what is copied.
#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot be set up has failed")]

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use galley_model::Profile;
use galley_service::ReviewerInput;
use galley_testkit::{House, RED_PNG, RIVAL, SECOND, email, field};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

/// A picture of one red pixel that is not there in places.
const GIF: &[u8] = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\x00\x00\x00\x00\x00\x2c\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02\x44\x01\x00\x3b";

struct Said {
    status: StatusCode,
    headers: HeaderMap,
    bytes: Bytes,
}

impl Said {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).expect("JSON")
    }
}

struct Api {
    router: Router,
}

impl Api {
    fn of(house: &House) -> Api {
        Api { router: galley_rest::router(house.service.clone(), galley_rest::Options::default()) }
    }

    async fn send(&self, request: Request<Body>) -> Said {
        let response = self.router.clone().oneshot(request).await.unwrap_or_else(|never| match never {});
        let (head, body) = response.into_parts();
        let bytes = body.collect().await.expect("a body").to_bytes();
        Said { status: head.status, headers: head.headers, bytes }
    }

    async fn call(&self, session: &str, method: &str, path: &str, body: impl Into<Body>) -> Said {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {session}"))
            .header(header::CONTENT_TYPE, "application/json")
            .body(body.into());
        self.send(request.expect("a request")).await
    }

    async fn get(&self, path: &str, headers: &[(header::HeaderName, &str)]) -> Said {
        let mut request = Request::builder().uri(path);
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        self.send(request.body(Body::empty()).expect("a request")).await
    }

    async fn logo(&self, session: &str, bytes: impl Into<Body>) -> Value {
        let said = self.call(session, "POST", "/admin/branding/logos", bytes).await;
        assert_eq!(said.status, StatusCode::CREATED, "{:?}", said.bytes);
        said.json()
    }

    async fn set(&self, session: &str, body: &Value) -> Said {
        self.call(session, "PUT", "/admin/branding", body.to_string()).await
    }
}

/// A picture of so many pixels, half of them seen through.
fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    let pixels: Vec<u8> = (0..width * height)
        .flat_map(|at| [200, 30, 60, if at % width < width / 2 { 255 } else { 0 }])
        .collect();
    let mut writer = encoder.write_header().expect("a header");
    writer.write_image_data(&pixels).expect("pixels");
    writer.finish().expect("an end");
    bytes
}

fn size(bytes: &[u8]) -> (u32, u32, png::ColorType) {
    let reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().expect("a PNG");
    (reader.info().width, reader.info().height, reader.info().color_type)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_logo_is_made_in_every_size_and_shown_everywhere() {
    let house = House::rendering();
    let api = Api::of(&house);
    let admin = house.session(&email(Profile::Admin));
    let logo = api.logo(&admin, png(1200, 400)).await;
    let set = json!({
        "name": "Tidewick", "accent": "#FFD400", "logo": logo["code"],
        "help": [{"label": "How we review", "url": "https://example.com/help"}],
    });
    let said = api.set(&admin, &set).await;
    assert_eq!(said.status, StatusCode::OK, "{:?}", said.bytes);
    assert_eq!(said.json(), api.call(&admin, "GET", "/admin/branding", "").await.json());
    assert_eq!(said.json()["accent"], "#ffd400");
    assert_eq!(said.json()["palettes"]["light"]["ink"], "#17181b", "white could not be read on it");

    for (name, width, height) in [("login", 300, 100), ("loading", 600, 200), ("email", 270, 90)] {
        let image = &logo["images"][name];
        assert_eq!(
            (image["width"].as_u64(), image["height"].as_u64()),
            (Some(width), Some(height)),
            "{name}"
        );
        let path = image["url"].as_str().and_then(|url| url.strip_prefix("/api/v1")).expect("an address");
        let said = api.get(path, &[]).await;
        let found = size(&said.bytes);
        assert_eq!((u64::from(found.0), u64::from(found.1), found.2), (width, height, png::ColorType::Rgba));
        assert_eq!(said.headers[header::CONTENT_TYPE], "image/png");
        assert!(said.headers[header::CACHE_CONTROL].to_str().expect("text").contains("immutable"));
        let tag = said.headers[header::ETAG].to_str().expect("text").to_owned();
        let again = api.get(path, &[(header::IF_NONE_MATCH, &tag)]).await;
        assert_eq!((again.status, again.bytes.len()), (StatusCode::NOT_MODIFIED, 0));
    }

    // Users, reviewers with a link, and whoever is about to sign in.
    let user = api.call(&house.session(SECOND), "GET", "/session", "").await.json();
    assert_eq!(user["user"]["brand"]["name"], "Tidewick");
    let guest = ReviewerInput { email: "gus@example.com".to_owned(), ..ReviewerInput::default() };
    let link = house.link(house.proof(SECOND, &[guest]).id, "gus@example.com");
    let opened = api.get(&format!("/links/{}", link.code), &[]).await.json();
    let public = api.get("/branding", &[(header::HOST, "proofs.example.com")]).await;
    for brand in [&opened["brand"], &user["user"]["brand"], &public.json()] {
        assert_eq!(brand["logo"]["code"], logo["code"]);
        assert_eq!(brand["help"][0]["label"], "How we review");
        assert_eq!(brand["palettes"]["light"]["accent"], "#ffd400");
    }
    let tag = public.headers[header::ETAG].to_str().expect("text").to_owned();
    let headers = [(header::HOST, "proofs.example.com"), (header::IF_NONE_MATCH, tag.as_str())];
    assert_eq!(api.get("/branding", &headers).await.status, StatusCode::NOT_MODIFIED);

    // Nobody else's.
    let other = api.call(&house.session(RIVAL), "GET", "/session", "").await.json();
    assert_eq!(
        (&other["user"]["brand"]["name"], &other["user"]["brand"]["logo"]),
        (&json!("Rival"), &json!(null))
    );
    let stolen = api.set(&house.session(RIVAL), &json!({ "logo": logo["code"] })).await;
    assert_eq!(stolen.status, StatusCode::BAD_REQUEST);

    assert_eq!(api.call(&admin, "DELETE", "/admin/branding", "").await.status, StatusCode::NO_CONTENT);
    let plain = api.call(&admin, "GET", "/admin/branding", "").await.json();
    assert_eq!((&plain["name"], &plain["accent"], &plain["logo"]), (&json!(""), &json!(null), &json!(null)));
    // What was taken off can be put back for a day.
    assert_eq!(api.set(&admin, &set).await.status, StatusCode::OK);
    api.set(&admin, &json!({})).await;
    house.clock.advance(25 * 3600);
    // The session is a day old too.
    let admin = house.session(&email(Profile::Admin));
    api.logo(&admin, RED_PNG).await;
    assert_eq!(api.set(&admin, &set).await.status, StatusCode::BAD_REQUEST, "it is gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn small_logos_stay_as_they_are_and_gifs_are_read() {
    let house = House::rendering();
    let api = Api::of(&house);
    let admin = house.session(&email(Profile::BillingAdmin));
    for (bytes, width, height) in [(RED_PNG, 8, 6), (GIF, 1, 1)] {
        let logo = api.logo(&admin, bytes.to_vec()).await;
        for name in ["login", "loading", "email"] {
            let image = &logo["images"][name];
            assert_eq!((&image["width"], &image["height"]), (&json!(width), &json!(height)), "{name}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_logo() {
    let house = House::rendering();
    let api = Api::of(&house);
    let admin = house.session(&email(Profile::Admin));
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".to_vec();
    let mut clear = Vec::new();
    let mut encoder = png::Encoder::new(&mut clear, 2, 2);
    encoder.set_color(png::ColorType::Rgba);
    let mut writer = encoder.write_header().expect("a header");
    writer.write_image_data(&[0; 16]).expect("pixels");
    writer.finish().expect("an end");
    let huge = {
        // A header that promises more pixels than a logo has.
        let mut bytes = png(4, 4);
        bytes[16..24].copy_from_slice(&[0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff]);
        bytes
    };
    for (what, bytes, says) in [
        ("SVG", svg, "PNG, JPEG or GIF"),
        ("PDF", b"%PDF-1.7\n".to_vec(), "PNG, JPEG or GIF"),
        ("nothing", Vec::new(), "nothing to see"),
        ("a clear image", clear, "nothing to see"),
        ("half a PNG", png(40, 40)[..60].to_vec(), ""),
        ("half a GIF", GIF[..20].to_vec(), ""),
        ("half a JPEG", vec![0xff, 0xd8, 0xff, 0xe0, 0, 16], ""),
        ("too many pixels", huge, ""),
    ] {
        let said = api.call(&admin, "POST", "/admin/branding/logos", bytes).await;
        assert!(said.status.is_client_error(), "{what}: {} {:?}", said.status, said.bytes);
        let text = said.json()["error"]["message"].as_str().unwrap_or_default().to_owned();
        assert!(text.contains(says) && !text.is_empty(), "{what}: {text}");
    }
    let said = api.call(&admin, "POST", "/admin/branding/logos", vec![0; 5_000_001]).await;
    assert_eq!(said.status, StatusCode::PAYLOAD_TOO_LARGE);
    let said = api.call(&admin, "POST", "/admin/branding/logos", vec![0; 9_000_000]).await;
    assert_eq!(said.status, StatusCode::PAYLOAD_TOO_LARGE);
    for path in
        ["/branding/logos/nosuchcode/email", "/branding/logos/x/huge", "/branding/logos/..%2f..%2fx/email"]
    {
        assert_eq!(api.get(path, &[]).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_that_cannot_be() {
    let house = House::new();
    let api = Api::of(&house);
    let admin = house.session(&email(Profile::Admin));
    let link = |url: &str| json!({"label": "Help", "url": url});
    for bad in [
        json!({"name": "x".repeat(61)}),
        json!({"accent": "red"}),
        json!({"accent": "#12345"}),
        json!({"accent": "#ffffff;}body{display:none"}),
        json!({"help": [link("javascript:alert(1)")]}),
        json!({"help": [link("https://user@example.com")]}),
        json!({"help": [{"label": "", "url": "https://example.com"}]}),
        json!({"help": vec![link("https://example.com"); 5]}),
        json!({"logo": "nosuchcode"}),
        json!({"colour": "#ffffff"}),
    ] {
        let said = api.set(&admin, &bad).await;
        assert!(
            matches!(said.status, StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY),
            "{bad}: {} {:?}",
            said.status,
            said.bytes
        );
    }
    let said = api.get("/admin/branding", &[]).await;
    assert_eq!(said.status, StatusCode::UNAUTHORIZED);
    for profile in [Profile::Supervisor, Profile::Manager, Profile::Observer, Profile::Visitor] {
        let session = house.session(&email(profile));
        for (method, path, body) in [
            ("GET", "/admin/branding", String::new()),
            ("PUT", "/admin/branding", json!({}).to_string()),
            ("DELETE", "/admin/branding", String::new()),
            ("POST", "/admin/branding/logos", "x".to_owned()),
        ] {
            let said = api.call(&session, method, path, body).await;
            assert_eq!(said.status, StatusCode::FORBIDDEN, "{method} {path} by {profile:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sign_in_page_is_that_of_the_account_whose_address_it_is() {
    let house = House::new();
    let api = Api::of(&house);
    let boss = house.session(&email(Profile::BillingAdmin));
    let rival = house.session(RIVAL);
    house.ok_at("18_3_0", &rival, "setAccountDomain", &[("Domain", "rival")]).await;
    api.set(&boss, &json!({"name": "Studio's own"})).await;
    api.set(&rival, &json!({"name": "Rival's own"})).await;
    for (host, name) in [
        ("proofs.example.com", "Studio's own"),
        ("rival.proofs.example.com:8443", "Rival's own"),
        ("RIVAL", "Rival's own"),
        ("", "Studio's own"),
        ("[::1]:8443", "Studio's own"),
    ] {
        let said = api.get("/branding", &[(header::HOST, host)]).await;
        assert_eq!(said.json()["name"], name, "{host}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_satellite_gets_a_copy_of_its_own() {
    let house = House::rendering();
    let api = Api::of(&house);
    let boss = house.session(&email(Profile::BillingAdmin));
    let logo = api.logo(&boss, RED_PNG.to_vec()).await;
    let set = json!({"name": "Tidewick", "accent": "#1f3a93", "logo": logo["code"]});
    api.set(&boss, &set).await;
    let made = house.ok(&boss, "createSatelliteAccount", &[("Name", "Branch")]).await;
    let satellite = field(&made, "id");
    let parts = [("SatelliteAccountID", satellite.as_str())];
    let said = house.ok_at("12_7_0", &boss, "copyAccountBranding", &parts).await;
    assert_eq!(field(&said, "result"), "true");

    let id = satellite.parse().expect("a number");
    let copied = |house: &House| house.branding_of(id);
    let copy = copied(&house);
    assert_eq!(
        (copy.name.as_str(), copy.accent.map(|c| c.to_string())),
        ("Tidewick", Some("#1f3a93".into()))
    );
    let own = copy.logo.clone().expect("a logo");
    assert_ne!(json!(own.code), logo["code"]);
    assert_eq!(own.images.len(), 3);
    // What the hub does from then on is its own affair.
    api.call(&boss, "DELETE", "/admin/branding", "").await;
    assert_eq!(copied(&house), copy);
    let image = api.get(&format!("/branding/logos/{}/email", own.code), &[]).await;
    assert_eq!((image.status, size(&image.bytes).0), (StatusCode::OK, 8));
    house.ok_at("12_7_0", &boss, "copyAccountBranding", &parts).await;
    assert_eq!(copied(&house), galley_model::Branding::default(), "nothing is copied too");

    let admin = house.session(&email(Profile::Admin));
    for (session, account, says) in [
        (&admin, satellite.clone(), "Creators and Billing administrator rights required"),
        (&boss, house.studio.to_string(), "you do not have access to this account"),
        (&boss, house.rival.to_string(), "you do not have access to this account"),
        (&boss, "999999".to_owned(), "you do not have access to this account"),
    ] {
        let parts = [("SatelliteAccountID", account.as_str())];
        let refused = house.refused_at("12_7_0", session, "copyAccountBranding", &parts).await;
        assert_eq!(refused, ("403".to_owned(), says.to_owned()));
    }
}
