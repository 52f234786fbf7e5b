//! Who calls: a session in a cookie or a header, or the code of a link.

use crate::Api;
use crate::error::ApiError;
use axum::extract::{FromRequestParts, Path};
use axum::http::{HeaderMap, Method, header, request::Parts};
use galley_service::{Link, ServiceError, UserCaller};
use std::collections::HashMap;
use std::sync::Arc;

/// Name of the session cookie.
pub(crate) const COOKIE: &str = "galley_session";

/// The session id a request carries, and whether a browser added it by itself.
pub(crate) fn session_of(headers: &HeaderMap) -> Option<(String, bool)> {
    let bearer = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    if let Some(token) = bearer {
        return Some((token.trim().to_owned(), false));
    }
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE)
        .map(|(_, value)| (value.to_owned(), true))
}

/// A page elsewhere can make a browser send its cookies, but not this header.
fn check_origin(method: &Method, headers: &HeaderMap, by_cookie: bool) -> Result<(), ApiError> {
    let changes = !matches!(*method, Method::GET | Method::HEAD);
    if changes && by_cookie && !headers.contains_key("x-galley") {
        return Err(ServiceError::Forbidden.into());
    }
    Ok(())
}

pub(crate) async fn caller(
    api: &Api,
    headers: &HeaderMap,
    method: &Method,
) -> Result<Option<Arc<UserCaller>>, ApiError> {
    let Some((session, by_cookie)) = session_of(headers) else { return Ok(None) };
    // A session of a login for the API alone may be named by a program, but opens no page.
    let welcome = move |caller: &Arc<UserCaller>| !(by_cookie && caller.user.api_only);
    if let Some(caller) = api.service.cached_session(&session) {
        check_origin(method, headers, by_cookie)?;
        return Ok(Some(caller).filter(welcome));
    }
    let found = api.run(move |service| match service.session(&session) {
        Err(ServiceError::NoSession) => Ok(None),
        other => other.map(Some),
    });
    let found = found.await?.filter(welcome);
    if found.is_some() {
        check_origin(method, headers, by_cookie)?;
    }
    Ok(found)
}

/// Somebody with a session.
pub(crate) struct Caller(pub Arc<UserCaller>);

impl FromRequestParts<Api> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, ApiError> {
        match caller(api, &parts.headers, &parts.method).await? {
            Some(caller) => Ok(Caller(caller)),
            None => Err(ServiceError::NoSession.into()),
        }
    }
}

/// Somebody with a personal or team URL, perhaps logged in as well.
pub(crate) struct ByLink(pub Link);

impl FromRequestParts<Api> for ByLink {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, ApiError> {
        let Path(params) = Path::<HashMap<String, String>>::from_request_parts(parts, api).await?;
        let code = params.get("code").cloned().unwrap_or_default();
        // The personal code speaks for itself; a cookie that came along without the header adds nothing.
        let user = caller(api, &parts.headers, &parts.method).await.unwrap_or_default();
        Ok(ByLink(Link { code, user }))
    }
}
