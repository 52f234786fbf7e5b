//! Logging in and out, and what the login page needs to know.

use crate::Api;
use crate::auth::{COOKIE, caller, session_of};
use crate::branding::BrandView;
use crate::dto::{ChosenPassword, Forgotten, Login, NewPassword};
use crate::error::ApiError;
use crate::views::Named;
use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use galley_model::{AccountId, Branding, Profile, UserId};
use galley_service::{LoginResult, SESSION_HOURS, Service, UserCaller};
use serde::Serialize;
use serde_json::{Value, json};

#[derive(Serialize)]
struct Can {
    create_proofs: bool,
    create_folders: bool,
    manage_all: bool,
    administer: bool,
}

#[derive(Serialize)]
struct UserView {
    id: UserId,
    email: String,
    name: String,
    first_name: String,
    last_name: String,
    profile: Profile,
    account: Named<AccountId>,
    /// How the account shows itself.
    brand: BrandView,
    time_zone: String,
    can: Can,
}

fn view(caller: &UserCaller, branding: &Branding) -> Json<Value> {
    let user = &caller.user;
    let profile = user.profile;
    let view = UserView {
        id: user.id,
        email: user.email.clone(),
        name: user.name(),
        first_name: user.first_name.clone(),
        last_name: user.last_name.clone(),
        profile,
        account: Named { id: user.account, name: caller.account_name.clone() },
        brand: BrandView::new(&caller.account_name, branding),
        time_zone: user.time_zone.clone(),
        can: Can {
            create_proofs: profile.creates(),
            create_folders: profile.creates(),
            manage_all: profile.manages_all(),
            administer: profile.administers(),
        },
    };
    Json(json!({ "user": view }))
}

pub(crate) async fn config(State(api): State<Api>) -> Json<Value> {
    let (mut accepts, mut formats) = (Vec::new(), Vec::new());
    for (format, available) in api.service.formats() {
        let extensions: Vec<String> = format.extensions.iter().map(|e| format!(".{e}")).collect();
        if available {
            accepts.extend(extensions.clone());
        }
        let missing = format.tool.filter(|_| !available).map(galley_service::Tool::name);
        formats.push(json!({ "name": format.name, "extensions": extensions, "missing": missing }));
    }
    Json(json!({
        "product": "Galley",
        "demo": !api.options.demo_logins.is_empty(),
        "demo_logins": api.options.demo_logins,
        "max_upload_bytes": api.service.config().max_upload,
        "accepts": accepts,
        "formats": formats,
        "captures": crate::web_pages::config(&api.service),
        "server_time": api.service.now(),
    }))
}

/// Who is logged in; null when nobody is, which is an answer and no error.
pub(crate) async fn show(
    State(api): State<Api>,
    method: Method,
    headers: HeaderMap,
) -> Result<Json<Value>, ApiError> {
    let Some(found) = caller(&api, &headers, &method).await? else {
        return Ok(Json(json!({ "user": null })));
    };
    api.run(move |service| Ok(view(&found, &service.branding(&found)?))).await
}

/// Secure where the browser came by the public HTTPS address; plain HTTP on loopback stays usable.
fn cookie(api: &Api, headers: &HeaderMap, value: &str, seconds: i64) -> HeaderValue {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let public = api.service.config().public_url.strip_prefix("https://");
    let secure = if public.is_some() && public == host { "; Secure" } else { "" };
    let text = format!("{COOKIE}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

pub(crate) async fn login(
    State(api): State<Api>,
    headers: HeaderMap,
    body: Result<Json<Login>, JsonRejection>,
) -> Result<Response, ApiError> {
    let Json(input) = body?;
    let login = move |service: &Service| {
        let result = service.login_on_web(&input.email, &input.password)?;
        let branding = service.branding(&result.caller)?;
        Ok((result, branding))
    };
    let (result, branding) = api.run(login).await?;
    Ok(logged_in(&api, &headers, &result, &branding))
}

fn logged_in(api: &Api, headers: &HeaderMap, result: &LoginResult, branding: &Branding) -> Response {
    let mut response = view(&result.caller, branding).into_response();
    response
        .headers_mut()
        .insert(header::SET_COOKIE, cookie(api, headers, &result.session, SESSION_HOURS * 3600));
    response
}

/// Has a link mailed. The answer comes before anything is looked up, so that neither it nor the time it
/// takes tells whether the address has a login.
pub(crate) async fn forgot_password(
    State(api): State<Api>,
    body: Result<Json<Forgotten>, JsonRejection>,
) -> Result<StatusCode, ApiError> {
    let Json(input) = body?;
    tokio::spawn(async move { api.run(move |service| service.ask_for_password(&input.email)).await });
    Ok(StatusCode::ACCEPTED)
}

/// Whose password a link is for, and the rules for it.
pub(crate) async fn password_link(
    State(api): State<Api>,
    Path(code): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let link = api.run(move |service| service.password_link(&code)).await?;
    Ok(Json(json!({ "email": link.email, "rules": link.rules.in_words() })))
}

/// Sets the password that a link is for, and logs in.
pub(crate) async fn choose_password(
    State(api): State<Api>,
    Path(code): Path<String>,
    headers: HeaderMap,
    body: Result<Json<ChosenPassword>, JsonRejection>,
) -> Result<Response, ApiError> {
    let Json(input) = body?;
    let choose = move |service: &Service| {
        let result = service.choose_password(&code, &input.password)?;
        let branding = service.branding(&result.caller)?;
        Ok((result, branding))
    };
    let (result, branding) = api.run(choose).await?;
    Ok(logged_in(&api, &headers, &result, &branding))
}

/// Replaces a password by whoever knows it; all sessions of that login end.
pub(crate) async fn change_password(
    State(api): State<Api>,
    body: Result<Json<NewPassword>, JsonRejection>,
) -> Result<StatusCode, ApiError> {
    let Json(input) = body?;
    api.run(move |service| service.change_password(&input.email, &input.password, &input.new_password))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(crate) async fn logout(State(api): State<Api>, headers: HeaderMap) -> Result<Response, ApiError> {
    if let Some((session, _)) = session_of(&headers) {
        api.run(move |service| service.logout(&session)).await?;
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    response.headers_mut().insert(header::SET_COOKIE, cookie(&api, &headers, "", 0));
    Ok(response)
}
