//! Web pages as sources of proofs: addresses as they are typed, resolutions, and the search for sub-pages.

use crate::Api;
use crate::auth::Caller;
use crate::error::ApiError;
use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use galley_model::{FoundPage, PageSearch, PageSearchId, PageSearchState, Resolution, WebPage, capture_name};
use galley_service::{Service, ServiceError, SourceFile, SourcePart};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Addresses that are checked at a time.
const MAX_CHECKED: usize = 200;

/// A width and a height in CSS pixels.
#[derive(Clone, Copy, Deserialize, Serialize)]
pub(crate) struct ResolutionJson {
    width: u32,
    height: u32,
}

impl From<Resolution> for ResolutionJson {
    fn from(from: Resolution) -> Self {
        ResolutionJson { width: from.width, height: from.height }
    }
}

/// A web page that a proof is made of.
#[derive(Serialize)]
pub(crate) struct WebsiteView {
    url: String,
    resolution: ResolutionJson,
    /// Pages of the proof that show it, as far as they are known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pages: Option<Vec<u32>>,
}

impl WebsiteView {
    pub(crate) fn new(page: &WebPage, pages: Option<Vec<u32>>) -> WebsiteView {
        WebsiteView { url: page.url.clone(), resolution: page.resolution.into(), pages }
    }
}

/// One thing that a proof is made of: an upload, or a web page at one or several resolutions.
#[derive(Deserialize)]
pub(crate) struct SourceIn {
    upload_id: Option<String>,
    url: Option<String>,
    /// Name of the proof, where each source makes one.
    name: Option<String>,
    #[serde(default)]
    resolutions: Vec<ResolutionJson>,
}

/// The same, read.
pub(crate) struct SourceRead {
    what: What,
    name: Option<String>,
}

enum What {
    Upload(String),
    Page(String, Vec<Resolution>),
}

/// What one source comes to.
pub(crate) struct Parts {
    pub(crate) parts: Vec<SourcePart>,
    name: Option<String>,
}

impl Parts {
    /// Each with the name of the proof that is made of it.
    pub(crate) fn named(self) -> Vec<(Option<String>, SourcePart)> {
        let several = self.parts.len() > 1;
        let name = |part: &SourcePart| match part {
            SourcePart::Page(page) if several => {
                let name = self.name.as_deref().filter(|name| !name.trim().is_empty());
                Some(capture_name(name.unwrap_or(&page.url), page.resolution))
            }
            _ => self.name.clone(),
        };
        self.parts.iter().map(|part| (name(part), part.clone())).collect()
    }
}

/// Reads sources.
///
/// # Errors
/// For what is neither an upload nor an address, and for impossible resolutions.
pub(crate) fn read_all(sources: Vec<SourceIn>) -> Result<Vec<SourceRead>, ApiError> {
    let read = |source: SourceIn| {
        let what = match (source.upload_id, source.url) {
            (Some(upload), None) if source.resolutions.is_empty() => What::Upload(upload),
            (None, Some(url)) => {
                let sizes = source.resolutions.iter().map(|r| Resolution::new(r.width, r.height));
                let sizes = sizes.collect::<Result<_, _>>();
                What::Page(url, sizes.map_err(|error| ApiError::bad_request(error.to_string()))?)
            }
            _ => {
                return Err(ApiError::bad_request(
                    "A source is either an 'upload_id' or a 'url' with 'resolutions'.",
                ));
            }
        };
        Ok(SourceRead { what, name: source.name })
    };
    sources.into_iter().map(read).collect()
}

/// What sources come to, in their order.
///
/// # Errors
/// As [`Service::web_pages`].
pub(crate) fn parts(service: &Service, sources: Vec<SourceRead>) -> Result<Vec<Parts>, ServiceError> {
    let wanted: Vec<(String, Vec<Resolution>)> = sources
        .iter()
        .filter_map(|source| match &source.what {
            What::Page(url, resolutions) => Some((url.clone(), resolutions.clone())),
            What::Upload(_) => None,
        })
        .collect();
    let mut pages = service.web_pages(&wanted)?.into_iter();
    let one = |source: SourceRead| {
        let parts = match source.what {
            What::Upload(token) => vec![SourcePart::File(SourceFile { token, name: None })],
            What::Page(..) => pages.next().unwrap_or_default().into_iter().map(SourcePart::Page).collect(),
        };
        Parts { parts, name: source.name }
    };
    Ok(sources.into_iter().map(one).collect())
}

/// What the web app needs to know of captures.
pub(crate) fn config(service: &Service) -> Value {
    let preset = |(name, resolution): (&str, Resolution)| json!({"name": name, "width": resolution.width, "height": resolution.height});
    json!({
        "available": service.captures_pages(),
        "most": galley_model::MAX_WEB_PAGES,
        "resolutions": Resolution::PRESETS.map(preset),
    })
}

#[derive(Deserialize)]
pub(crate) struct TypedIn {
    addresses: Vec<String>,
}

/// What is meant by addresses as they were typed, or what is wrong with them.
pub(crate) async fn check(
    State(api): State<Api>,
    Caller(_caller): Caller,
    body: Result<Json<TypedIn>, JsonRejection>,
) -> Result<Json<Value>, ApiError> {
    let Json(typed) = body?;
    if typed.addresses.len() > MAX_CHECKED {
        return Err(ApiError::bad_request(format!("At most {MAX_CHECKED} addresses at a time.")));
    }
    let item = |typed: &String| match api.service.check_web_address(typed) {
        Ok(url) => json!({"typed": typed, "url": url, "problem": null}),
        Err(error) => json!({"typed": typed, "url": null, "problem": error.to_string()}),
    };
    Ok(Json(json!({ "items": typed.addresses.iter().map(item).collect::<Vec<_>>() })))
}

#[derive(Deserialize)]
pub(crate) struct SearchIn {
    url: String,
}

fn search_view(search: &PageSearch, found: &[FoundPage]) -> Value {
    let (state, problem) = match &search.state {
        PageSearchState::Searching => ("searching", None),
        PageSearchState::Done => ("done", None),
        PageSearchState::Failed(problem) => ("failed", Some(problem)),
    };
    let page = |page: &FoundPage| json!({"url": page.url, "title": page.title});
    json!({
        "id": search.id,
        "url": search.url,
        "state": state,
        "problem": problem,
        "looked": search.looked,
        "more": search.more,
        "pages": found.iter().map(page).collect::<Vec<_>>(),
    })
}

type Id = Result<Path<PageSearchId>, PathRejection>;

/// Has sub-pages looked for.
pub(crate) async fn search(
    State(api): State<Api>,
    Caller(caller): Caller,
    body: Result<Json<SearchIn>, JsonRejection>,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let Json(wanted) = body?;
    let search = api.run(move |service| service.find_pages(&caller, &wanted.url)).await?;
    Ok((StatusCode::ACCEPTED, Json(search_view(&search, &[]))))
}

/// What was found so far.
pub(crate) async fn found(
    State(api): State<Api>,
    Caller(caller): Caller,
    id: Id,
) -> Result<Json<Value>, ApiError> {
    let Path(id) = id?;
    let (search, found) = api.run(move |service| service.page_search(&caller, id)).await?;
    Ok(Json(search_view(&search, &found)))
}

/// Calls a search off, or forgets what it found.
pub(crate) async fn forget(
    State(api): State<Api>,
    Caller(caller): Caller,
    id: Id,
) -> Result<StatusCode, ApiError> {
    let Path(id) = id?;
    api.run(move |service| service.forget_page_search(&caller, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
