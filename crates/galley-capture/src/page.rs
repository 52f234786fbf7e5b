//! One page: loaded, scrolled through, and taken picture by picture.

use crate::browser::Browser;
use crate::devtools::DevTools;
use crate::error::{CaptureError, CaptureErrorKind};
use crate::pdf::MAX_PAGE;
use crate::png::{self, Pixels};
use crate::proxy::Proxy;
use crate::{Extent, Resolution};
use base64::Engine as _;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::time::Duration;
use tokio::time::Instant;

/// PDF pages of one capture; a web page that is longer is refused.
const MAX_PAGES: u32 = 4;

/// Up to this height two pixels are taken for each CSS pixel, so that text stays sharp when it is enlarged.
const SHARP_UP_TO: u32 = 6000;

/// Height of one picture in CSS pixels.
const SLICE: u32 = 1024;

/// Pictures reach so far under the next one; edges that meet would show as a line.
const OVERLAP: u32 = 4;

/// Bytes of all pictures.
const MAX_BYTES: usize = 200 << 20;

/// A page is taken as loaded when nothing was on its way for so long,
const QUIET: Duration = Duration::from_millis(600);
/// or when so much time has gone since it said that it is: some never stop.
const MAX_SETTLING: Duration = Duration::from_secs(10);

/// Screens that are scrolled through, for what is loaded when it comes into view.
const MAX_SCREENS: u32 = 100;

const SCRIPT: &str = include_str!("page.js");

/// What was captured.
pub(crate) struct Shot {
    pub(crate) title: String,
    /// In CSS pixels, as everything here.
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) slices: Vec<Slice>,
    pub(crate) words: Vec<(String, Place)>,
    pub(crate) links: Vec<(String, Place)>,
}

/// A picture of a part of the page over its whole width.
pub(crate) struct Slice {
    pub(crate) top: u32,
    pub(crate) height: u32,
    pub(crate) pixels: Pixels,
}

/// A box on the page.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

/// What the script in the page gathers.
#[derive(Deserialize)]
struct Gathered {
    title: String,
    words: Vec<(String, f64, f64, f64, f64)>,
    links: Vec<(String, f64, f64, f64, f64)>,
}

/// Loads a page and captures it.
pub(crate) async fn shoot(
    browser: &mut Browser,
    url: &str,
    (size, extent): (Resolution, Extent),
    proxy: &Proxy,
) -> Result<Shot, CaptureError> {
    let tab = &mut browser.devtools;
    open_tab(tab, size).await?;
    let mut loading = Loading::new(MAX_SETTLING);
    loading.go(tab, url, proxy).await?;

    let height = match extent {
        Extent::Screen => size.height,
        Extent::Page => {
            let height = height(tab, size).await?;
            scroll_through(tab, height, size, &mut loading).await?;
            // The page may have grown, or have gone elsewhere.
            loading.check(tab, proxy).await?;
            self::height(tab, size).await?
        }
    };
    let gathered = gather(tab, &loading.frame).await?;
    let slices = take(tab, size.width, height).await?;
    let whole = height;
    let place = |(text, x, y, width, height): (String, f64, f64, f64, f64)| {
        let real = [x, y, width, height].iter().all(|n| n.is_finite()) && width > 0.0 && height > 0.0;
        let inside = real && y < f64::from(whole);
        inside.then_some((text, Place { x, y, width, height }))
    };
    Ok(Shot {
        title: gathered.title,
        width: size.width,
        height,
        slices,
        words: gathered.words.into_iter().filter_map(place).collect(),
        links: gathered.links.into_iter().filter_map(place).collect(),
    })
}

/// Makes a tab with a window of this size, which commands go to from now on.
pub(crate) async fn open_tab(tab: &mut DevTools, size: Resolution) -> Result<(), CaptureError> {
    let target = tab.call("Target.createTarget", json!({"url": "about:blank"})).await?;
    let attached =
        tab.call("Target.attachToTarget", json!({"targetId": target["targetId"], "flatten": true})).await?;
    tab.call("Browser.setDownloadBehavior", json!({"behavior": "deny"})).await?;
    tab.session = attached["sessionId"].as_str().map(str::to_owned);
    for method in ["Page.enable", "Network.enable"] {
        tab.call(method, json!({})).await?;
    }
    let screen = json!({"width": size.width, "height": size.height, "deviceScaleFactor": 1, "mobile": false});
    tab.call("Emulation.setDeviceMetricsOverride", screen).await?;
    Ok(())
}

/// What is known of a page on its way.
pub(crate) struct Loading {
    /// The page itself, as opposed to what is framed in it.
    pub(crate) frame: String,
    /// Where it is, or was going, after redirects.
    pub(crate) url: String,
    /// What it loads after it said that it is loaded is not waited for any longer.
    patience: Duration,
    loaded: bool,
    under_way: HashSet<String>,
    /// Status and type of the page's own answer.
    answer: Option<(u16, String)>,
}

impl Loading {
    pub(crate) fn new(patience: Duration) -> Loading {
        Loading {
            frame: String::new(),
            url: String::new(),
            patience,
            loaded: false,
            under_way: HashSet::new(),
            answer: None,
        }
    }

    /// Goes to a page, and waits until it is there.
    pub(crate) async fn go(
        &mut self,
        tab: &mut DevTools,
        url: &str,
        proxy: &Proxy,
    ) -> Result<(), CaptureError> {
        let started = tab.call("Page.navigate", json!({"url": url})).await?;
        self.frame = started["frameId"].as_str().unwrap_or_default().to_owned();
        if let Some(error) = started["errorText"].as_str() {
            self.note(&tab.events(Duration::ZERO).await?);
            return Err(self.failure(error, proxy));
        }
        self.settle(tab, true).await?;
        self.check(tab, proxy).await
    }

    fn note(&mut self, events: &[Value]) {
        for event in events {
            let params = &event["params"];
            let request = || params["requestId"].as_str().unwrap_or_default().to_owned();
            match event["method"].as_str().unwrap_or_default() {
                "Page.loadEventFired" => self.loaded = true,
                "Network.requestWillBeSent" => {
                    if params["type"] == "Document" && params["frameId"] == self.frame.as_str() {
                        self.url = params["request"]["url"].as_str().unwrap_or_default().to_owned();
                    }
                    self.under_way.insert(request());
                }
                "Network.loadingFinished" | "Network.loadingFailed" => {
                    self.under_way.remove(&request());
                }
                "Network.responseReceived"
                    if params["type"] == "Document" && params["frameId"] == self.frame.as_str() =>
                {
                    let response = &params["response"];
                    let status = response["status"].as_u64().and_then(|n| u16::try_from(n).ok());
                    let kind = response["mimeType"].as_str().unwrap_or_default().to_owned();
                    self.answer = status.map(|status| (status, kind));
                }
                _ => {}
            }
        }
    }

    /// Waits until nothing is on its way any more.
    async fn settle(&mut self, tab: &mut DevTools, first: bool) -> Result<(), CaptureError> {
        let mut quiet_since = Instant::now();
        let mut loaded_at = (!first).then(Instant::now);
        loop {
            let events = tab.events(Duration::from_millis(100)).await?;
            self.note(&events);
            let now = Instant::now();
            if !self.under_way.is_empty() || !self.loaded {
                quiet_since = now;
            }
            if self.loaded && loaded_at.is_none() {
                loaded_at = Some(now);
            }
            let patient = loaded_at.is_none_or(|at| now - at < self.patience);
            if !patient || (self.loaded && now - quiet_since >= QUIET) {
                return Ok(());
            }
        }
    }

    /// Whether what is shown is a page, and not an error in its place.
    async fn check(&mut self, tab: &mut DevTools, proxy: &Proxy) -> Result<(), CaptureError> {
        let tree = tab.call("Page.getFrameTree", json!({})).await?;
        let frame = &tree["frameTree"]["frame"];
        if let Some(url) = frame["unreachableUrl"].as_str() {
            self.url = url.to_owned();
            return Err(self.failure("net::ERR_FAILED", proxy));
        }
        match &self.answer {
            Some((status, _)) if *status >= 400 => {
                Err(CaptureError::new(CaptureErrorKind::Status(*status), "the page's own answer"))
            }
            Some((_, kind)) if kind == "application/pdf" => {
                Err(CaptureError::new(CaptureErrorKind::NotAPage(kind.clone()), "a viewer is shown"))
            }
            _ => Ok(()),
        }
    }

    /// Why a page did not come, in a sentence.
    fn failure(&self, error: &str, proxy: &Proxy) -> CaptureError {
        let uri = self.url.parse::<http::Uri>().ok();
        if let Some(problem) = uri.and_then(|uri| proxy.problem(uri.host()?)) {
            return CaptureError::new(CaptureErrorKind::Unreachable(problem), error);
        }
        let kind = match (&self.answer, error) {
            // What is saved instead of shown ends the navigation.
            (Some((status, kind)), "net::ERR_ABORTED") if *status < 400 => {
                CaptureErrorKind::NotAPage(kind.clone())
            }
            (_, "net::ERR_HTTP_RESPONSE_CODE_FAILURE") if self.answer.is_some() => {
                CaptureErrorKind::Status(self.answer.as_ref().map_or(0, |(status, _)| *status))
            }
            (_, "net::ERR_TOO_MANY_REDIRECTS") => {
                CaptureErrorKind::Unreachable("The page redirects without end.".to_owned())
            }
            (_, "net::ERR_UNSAFE_REDIRECT") => CaptureErrorKind::Unreachable(
                "The page redirects to something that is not a web page.".to_owned(),
            ),
            (_, error) if error.starts_with("net::ERR_CERT_") => CaptureErrorKind::Unreachable(
                "The page's certificate is not valid, so the connection cannot be trusted.".to_owned(),
            ),
            (_, error) => CaptureErrorKind::Unreachable(format!(
                "The page cannot be loaded ({}).",
                error.trim_start_matches("net::")
            )),
        };
        CaptureError::new(kind, error)
    }
}

/// Height of the whole page.
async fn height(tab: &mut DevTools, size: Resolution) -> Result<u32, CaptureError> {
    let layout = tab.call("Page.getLayoutMetrics", json!({})).await?;
    let height = layout["cssContentSize"]["height"].as_f64().unwrap_or(0.0).ceil();
    let most = MAX_PAGE * MAX_PAGES;
    if height > f64::from(most) {
        return Err(CaptureError::new(CaptureErrorKind::TooLong(most), format!("{height} pixels")));
    }
    Ok((height as u32).max(size.height))
}

/// Brings every part of a page into view, for pictures that are loaded only then, and goes back to the top.
async fn scroll_through(
    tab: &mut DevTools,
    height: u32,
    size: Resolution,
    loading: &mut Loading,
) -> Result<(), CaptureError> {
    let step = size.height.max(height.div_ceil(MAX_SCREENS));
    let mut tops: Vec<u32> = (step..height).step_by(step as usize).collect();
    if tops.is_empty() {
        return Ok(());
    }
    tops.push(0);
    for top in tops {
        let go = format!("window.scrollTo({{left: 0, top: {top}, behavior: 'instant'}})");
        evaluate(tab, &go, &loading.frame).await?;
        let events = tab.events(Duration::from_millis(60)).await?;
        loading.note(&events);
    }
    loading.settle(tab, false).await
}

/// Runs a script in a world of its own.
pub(crate) async fn evaluate(tab: &mut DevTools, script: &str, frame: &str) -> Result<Value, CaptureError> {
    let world =
        tab.call("Page.createIsolatedWorld", json!({"frameId": frame, "worldName": "galley"})).await?;
    let ask = json!({
        "expression": script, "contextId": world["executionContextId"], "returnByValue": true, "timeout": 10_000,
    });
    let mut answer = tab.call("Runtime.evaluate", ask).await?;
    Ok(answer["result"]["value"].take())
}

async fn gather(tab: &mut DevTools, frame: &str) -> Result<Gathered, CaptureError> {
    let value = evaluate(tab, SCRIPT, frame).await?;
    let text = value.as_str().ok_or_else(|| CaptureError::crashed("the words of the page are not there"))?;
    serde_json::from_str(text).map_err(CaptureError::crashed)
}

/// Pictures of the whole page, from the top.
async fn take(tab: &mut DevTools, width: u32, height: u32) -> Result<Vec<Slice>, CaptureError> {
    let scale = if height <= SHARP_UP_TO { 2 } else { 1 };
    let mut slices: Vec<Slice> = Vec::new();
    let mut bytes = 0;
    for top in (0..height).step_by(SLICE as usize) {
        // No picture belongs to two PDF pages by more than its overlap.
        let high = (SLICE + OVERLAP).min(height - top);
        let clip = json!({"x": 0, "y": top, "width": width, "height": high, "scale": scale});
        let ask = json!({"format": "png", "captureBeyondViewport": true, "clip": clip});
        let answer = tab.call("Page.captureScreenshot", ask).await?;
        let data = answer["data"].as_str().unwrap_or_default();
        let png = base64::engine::general_purpose::STANDARD.decode(data).map_err(CaptureError::crashed)?;
        let pixels = png::pixels(&png).ok_or_else(|| CaptureError::crashed("a picture of another kind"))?;
        if (pixels.width, pixels.height) != (width * scale, high * scale) {
            return Err(CaptureError::crashed("a picture of another size"));
        }
        bytes += pixels.data.len();
        if bytes > MAX_BYTES {
            return Err(CaptureError::new(CaptureErrorKind::TooLarge, "the pictures"));
        }
        slices.push(Slice { top, height: high, pixels });
    }
    Ok(slices)
}
