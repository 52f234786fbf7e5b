//! The pages of a site: what links on a page lead to, and what links on those pages lead to, as a browser sees them.

use crate::browser::Browser;
use crate::devtools::DevTools;
use crate::error::{CaptureError, CaptureErrorKind};
use crate::page::{Loading, evaluate, open_tab};
use crate::proxy::Proxy;
use galley_model::{FoundPage, Resolution, same_page, sub_page};
use serde::Deserialize;
use std::collections::HashSet;
use std::time::Duration;
use tokio::sync::watch;

/// Pages that are found at most.
pub const MAX_FOUND: usize = 50;

/// A page that is only looked at for its links is given so much time,
const PER_PAGE: Duration = Duration::from_secs(12);
/// and so much after it said that it is loaded.
const PATIENCE: Duration = Duration::from_secs(2);

/// Longest title that is kept, in characters.
const MAX_TITLE: usize = 120;

const SCRIPT: &str = include_str!("links.js");

/// What was found of a site so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Pages without the one where the search began, nearest first.
    pub pages: Vec<FoundPage>,
    /// How many pages were looked at, the first one included.
    pub looked: u32,
    /// There may be more than this.
    pub more: bool,
}

/// What the script in the page gathers.
#[derive(Deserialize)]
struct Gathered {
    title: String,
    /// Addresses, and what the links say.
    links: Vec<(String, String)>,
}

/// Looks at a page and at those of the same domain that its links lead to.
pub(crate) async fn explore(
    browser: &mut Browser,
    url: &str,
    proxy: &Proxy,
    found: &watch::Sender<Found>,
) -> Result<(), CaptureError> {
    let tab = &mut browser.devtools;
    open_tab(tab, Resolution::default()).await?;
    found.send_replace(Found::default());
    let (at, first) = look_at(tab, url, proxy).await?;
    let mut known: HashSet<String> = [same_page(url), same_page(&at)].into();
    note(found, &mut known, &at, first.links);
    let level: Vec<String> = found.borrow().pages.iter().map(|page| page.url.clone()).collect();
    for page in level {
        if found.borrow().more {
            break;
        }
        let looked = match tokio::time::timeout(PER_PAGE, look_at(tab, &page, proxy)).await {
            Ok(Err(error)) if error.kind() == &CaptureErrorKind::Crashed => return Err(error),
            Ok(looked) => looked.ok(),
            // It may be slow only now.
            Err(_) => {
                found.send_modify(|found| found.looked += 1);
                continue;
            }
        };
        let Some((to, seen)) = looked else {
            // What answers with an error, or is no page, is not offered.
            found.send_modify(|found| {
                found.looked += 1;
                found.pages.retain(|one| one.url != page);
            });
            continue;
        };
        // One that only leads on to a page that is known, or out of the site, is none of its own.
        let elsewhere = same_page(&to) != same_page(&page)
            && (sub_page(&at, &to).is_none() || !known.insert(same_page(&to)));
        if elsewhere {
            found.send_modify(|found| found.pages.retain(|one| one.url != page));
        }
        let title = shortened(&seen.title);
        found.send_modify(|found| {
            if let Some(one) = found.pages.iter_mut().find(|one| one.url == page && !title.is_empty()) {
                one.title = title;
            }
        });
        if sub_page(&at, &to).is_some() {
            note(found, &mut known, &at, seen.links);
        } else {
            found.send_modify(|found| found.looked += 1);
        }
    }
    Ok(())
}

/// Where an address leads, and what is there.
async fn look_at(tab: &mut DevTools, url: &str, proxy: &Proxy) -> Result<(String, Gathered), CaptureError> {
    // Nothing of the page before is taken for this one's.
    tab.events(Duration::ZERO).await?;
    let mut loading = Loading::new(PATIENCE);
    loading.go(tab, url, proxy).await?;
    let value = evaluate(tab, SCRIPT, &loading.frame).await?;
    let text = value.as_str().ok_or_else(|| CaptureError::crashed("the links of the page are not there"))?;
    let seen = serde_json::from_str(text).map_err(CaptureError::crashed)?;
    let at = if loading.url.is_empty() { url.to_owned() } else { loading.url };
    Ok((at, seen))
}

/// Adds what links of one page lead to.
fn note(found: &watch::Sender<Found>, known: &mut HashSet<String>, site: &str, links: Vec<(String, String)>) {
    found.send_modify(|found| {
        found.looked += 1;
        for (href, text) in links {
            let Some(url) = sub_page(site, &href).filter(|url| !known.contains(&same_page(url))) else {
                continue;
            };
            if found.pages.len() == MAX_FOUND {
                found.more = true;
                return;
            }
            known.insert(same_page(&url));
            found.pages.push(FoundPage { url, title: shortened(&text) });
        }
    });
}

fn shortened(text: &str) -> String {
    let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let visible = folded.chars().filter(|c| !c.is_control());
    visible.take(MAX_TITLE).collect()
}
