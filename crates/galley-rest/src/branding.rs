//! How accounts show themselves: what the app, the viewer and the sign-in page are told of it, and the page
//! of administrators that changes it.

use crate::Api;
use crate::auth::Caller;
use crate::error::ApiError;
use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::rejection::{BytesRejection, JsonRejection, PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use galley_model::{Branding, Color, HelpLink, Logo, LogoSize, MAX_LOGO_BYTES, Palettes};
use galley_service::{BrandingInput, Missing, ServiceError, Shown};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// What everybody is told: the app, the viewer, the sign-in page.
#[derive(Serialize)]
pub(crate) struct BrandView {
    /// What the account is called.
    name: String,
    palettes: Option<Palettes>,
    help: Vec<HelpLink>,
    logo: Option<Value>,
}

impl BrandView {
    pub(crate) fn new(account: &str, branding: &Branding) -> BrandView {
        BrandView {
            name: branding.name_or(account).to_owned(),
            palettes: branding.palettes(),
            help: branding.help.clone(),
            logo: branding.logo.as_ref().map(logo),
        }
    }

    pub(crate) fn of(shown: &Shown) -> BrandView {
        BrandView::new(&shown.account, &shown.branding)
    }
}

fn logo(logo: &Logo) -> Value {
    let images = logo.images.iter().map(|image| {
        let size = image.size.as_str();
        let url = format!("/api/v1/branding/logos/{}/{size}", logo.code);
        (size.to_owned(), json!({ "url": url, "width": image.width, "height": image.height }))
    });
    json!({ "code": logo.code, "images": images.collect::<Map<_, _>>() })
}

/// What administrators see: the settings themselves.
fn settings(branding: &Branding) -> Json<Value> {
    Json(json!({
        "name": branding.name, "accent": branding.accent, "help": branding.help,
        "logo": branding.logo.as_ref().map(logo), "palettes": branding.palettes(),
    }))
}

/// Tag of a text: the same text has the same one.
fn tag(text: &str) -> HeaderValue {
    // FNV-1a; nobody gains anything by finding two texts with one tag.
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    HeaderValue::from_str(&format!("\"{hash:016x}\"")).unwrap_or_else(|_| HeaderValue::from_static("\"\""))
}

/// The answer, or 304 for a browser that has it.
fn tagged(headers: &HeaderMap, tag: HeaderValue, cache: &'static str, body: impl IntoResponse) -> Response {
    let asked = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let known = tag.to_str().is_ok_and(|tag| {
        asked.split(',').any(|one| one.trim().trim_start_matches("W/") == tag || one.trim() == "*")
    });
    let mut response = if known { StatusCode::NOT_MODIFIED.into_response() } else { body.into_response() };
    let own = response.headers_mut();
    own.insert(header::ETAG, tag);
    own.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    response
}

/// For the sign-in page: how the account shows itself that this address belongs to.
pub(crate) async fn public(State(api): State<Api>, headers: HeaderMap) -> Result<Response, ApiError> {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default().to_owned();
    let shown = api.run(move |service| service.branding_at(&host)).await?;
    let text = serde_json::to_string(&BrandView::of(&shown)).unwrap_or_default();
    let body = ([(header::CONTENT_TYPE, "application/json")], text.clone());
    let mut response = tagged(&headers, tag(&text), "no-cache", body);
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("Host"));
    Ok(response)
}

/// An image of a logo. Whoever has a mail with it may fetch it: there is no session then.
pub(crate) async fn image(
    State(api): State<Api>,
    path: Result<Path<(String, String)>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let Path((code, size)) = path?;
    let size = LogoSize::parse(&size).ok_or(ServiceError::NotFound(Missing::Logo))?;
    let name = tag(&format!("{code}/{}", size.as_str()));
    let bytes = api.run(move |service| service.logo_image(&code, size)).await?;
    let body = ([(header::CONTENT_TYPE, "image/png")], Body::from(bytes));
    // What is behind a code never changes.
    let mut response = tagged(&headers, name, "public, max-age=31536000, immutable", body);
    response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    Ok(response)
}

pub(crate) async fn show(State(api): State<Api>, Caller(caller): Caller) -> Result<Json<Value>, ApiError> {
    if !caller.profile().administers() {
        return Err(ServiceError::Forbidden.into());
    }
    Ok(settings(&api.run(move |service| service.branding(&caller)).await?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
pub(crate) struct BrandingIn {
    name: Option<String>,
    accent: Option<String>,
    help: Vec<HelpLink>,
    /// Code of an uploaded one.
    logo: Option<String>,
}

/// All settings at once: what is left out is Galley's own.
pub(crate) async fn set(
    State(api): State<Api>,
    Caller(caller): Caller,
    body: Result<Json<BrandingIn>, JsonRejection>,
) -> Result<Json<Value>, ApiError> {
    let Json(body) = body?;
    let input = BrandingInput {
        name: body.name.unwrap_or_default(),
        accent: body.accent.unwrap_or_default(),
        help: body.help,
        logo: body.logo.unwrap_or_default(),
    };
    Ok(settings(&api.run(move |service| service.set_branding(&caller, &input)).await?))
}

pub(crate) async fn reset(State(api): State<Api>, Caller(caller): Caller) -> Result<StatusCode, ApiError> {
    api.run(move |service| service.reset_branding(&caller)).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    accent: String,
}

/// The shades of a colour, for the preview.
pub(crate) async fn palettes(
    Caller(_): Caller,
    query: Result<Query<Asked>, QueryRejection>,
) -> Result<Json<Palettes>, ApiError> {
    let Query(query) = query?;
    let color = Color::parse(&query.accent);
    let color = color.ok_or_else(|| ApiError::bad_request("A colour is written like #1f3a93."))?;
    Ok(Json(Palettes::of(color)))
}

/// Largest body of an upload: what is a little too large is read, so that the answer can say so.
pub(crate) const MAX_UPLOAD: usize = MAX_LOGO_BYTES + 1_000_000;

/// Takes in a logo; it is shown once the settings name its code.
pub(crate) async fn upload(
    State(api): State<Api>,
    Caller(caller): Caller,
    body: Result<Bytes, BytesRejection>,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let too_large = |_| ApiError::from(ServiceError::TooLarge(MAX_LOGO_BYTES as u64));
    let made = api.service.add_logo(&caller, body.map_err(too_large)?).await?;
    Ok((StatusCode::CREATED, Json(logo(&made))))
}
