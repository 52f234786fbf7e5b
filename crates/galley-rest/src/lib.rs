//! Galley's JSON API: what the web app and the viewer call, uploads, and live updates.
//!
//! Handlers translate between JSON and the use cases of `galley-service`; they hold no rule. Every
//! call into the service runs on a blocking thread.

mod admin;
mod auth;
mod branding;
mod compare;
mod dropzone;
mod dto;
mod error;
mod files;
mod link_views;
mod links;
mod live;
mod people;
mod preflight;
mod processing;
mod proofs;
mod recordings;
mod reviewers;
mod sessions;
mod sites;
mod stream;
mod summaries;
mod views;
mod web_pages;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{delete, get, patch, post, put};
use galley_service::{Service, ServiceError};
use std::sync::Arc;

/// A login that the login page offers with one click.
#[derive(Clone, Debug, serde::Serialize)]
pub struct DemoLogin {
    /// Address.
    pub email: String,
    /// Password.
    pub password: String,
    /// Who that is, in words.
    pub label: String,
}

/// What the administrator decides about the API.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Logins to offer; empty except with demo data.
    pub demo_logins: Vec<DemoLogin>,
}

/// What every handler has at hand.
#[derive(Clone)]
pub(crate) struct Api {
    service: Service,
    options: Arc<Options>,
}

impl Api {
    /// Runs a use case on a blocking thread.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Service) -> Result<T, ServiceError> + Send + 'static,
    ) -> Result<T, error::ApiError> {
        let service = self.service.clone();
        match tokio::task::spawn_blocking(move || work(&service)).await {
            Ok(result) => Ok(result?),
            Err(error) => {
                tracing::error!(%error, "a use case panicked");
                Err(ServiceError::Internal.into())
            }
        }
    }
}

/// Largest JSON body.
const MAX_JSON: usize = 4 << 20;

/// All addresses below `/api/v1`.
pub fn router(service: Service, options: Options) -> Router {
    let api = Api { service, options: Arc::new(options) };
    Router::new()
        .route("/config", get(sessions::config))
        .route("/session", get(sessions::show).post(sessions::login).delete(sessions::logout))
        .route("/password", post(sessions::change_password))
        .route("/password/forgotten", post(sessions::forgot_password))
        .route("/password/links/{code}", get(sessions::password_link).post(sessions::choose_password))
        .route("/uploads", post(files::upload).layer(DefaultBodyLimit::disable()))
        .route("/proofs", get(proofs::list).post(proofs::create))
        .route("/proofs/several", post(proofs::create_several))
        .route("/proofs/{id}", get(proofs::show).patch(proofs::update).delete(proofs::trash))
        .route("/proofs/{id}/versions", post(proofs::create_version))
        .route("/proofs/{id}/lock", post(proofs::lock))
        .route("/proofs/{id}/unlock", post(proofs::unlock))
        .route("/proofs/{id}/archive", post(proofs::archive))
        .route("/proofs/{id}/unarchive", post(proofs::unarchive))
        .route("/proofs/{id}/processing/cancel", post(processing::cancel))
        .route("/proofs/{id}/processing/retry", post(processing::retry))
        .route("/proofs/{id}/restore", post(proofs::restore))
        .route("/proofs/{id}/reviewers", post(reviewers::add))
        .route("/proofs/{id}/activity", get(proofs::activity))
        .route("/proofs/{id}/thumbnail", get(files::thumbnail))
        .route("/proofs/{id}/summaries", get(summaries::list).post(summaries::request))
        .route("/summaries/{id}", get(summaries::show))
        .route("/reviewers/{id}", patch(reviewers::update).delete(reviewers::remove))
        .route("/web-pages/check", post(web_pages::check))
        .route("/page-searches", post(web_pages::search))
        .route("/page-searches/{id}", get(web_pages::found).delete(web_pages::forget))
        .route("/people", get(people::find))
        .route("/owners", get(people::owners))
        .route("/workspaces", get(people::workspaces).post(people::create_workspace))
        .route("/dropzone", get(dropzone::show).put(dropzone::set))
        .route("/events", get(live::proofs))
        .route("/links/{code}", get(links::open))
        .route("/links/{code}/comments", post(links::add_comment))
        .route("/links/{code}/comments/{id}", patch(links::edit_comment).delete(links::delete_comment))
        .route("/links/{code}/comments/{id}/resolve", post(links::resolve))
        .route("/links/{code}/comments/{id}/reopen", post(links::reopen))
        .route("/links/{code}/comments/{id}/replies", post(links::reply))
        .route("/links/{code}/comments/{id}/replies/{reply}", delete(links::delete_reply))
        .route("/links/{code}/unarchive", post(links::unarchive))
        .route("/links/{code}/processing/cancel", post(processing::cancel_by_link))
        .route("/links/{code}/processing/retry", post(processing::retry_by_link))
        .route("/links/{code}/decision", put(links::decide))
        .route("/links/{code}/pages/{page}/tiles/{level}/{x}/{y}", get(files::tile))
        .route("/links/{code}/pages/{page}/thumbnail", get(files::page_thumbnail))
        .route("/links/{code}/pages/{page}/animation", get(files::animation))
        .route("/links/{code}/pages/{page}/text", get(files::page_text))
        .route("/links/{code}/pages/{page}/links", get(files::page_links))
        .route("/links/{code}/contents", get(files::contents))
        .route("/links/{code}/recording", get(recordings::show))
        .route("/links/{code}/recording/media", get(recordings::media))
        .route("/links/{code}/recording/storyboard", get(recordings::storyboard))
        .route("/links/{code}/recording/outline", get(recordings::outline))
        .route("/links/{code}/site", post(sites::address))
        .route("/sites/{key}/", get(sites::first).options(sites::preflight))
        .route("/sites/{key}/{*path}", get(sites::file).options(sites::preflight))
        .route("/links/{code}/compare/{other}", get(compare::show))
        .route("/links/{code}/compare/{other}/pages/{older}/{newer}", get(compare::difference))
        .route("/links/{code}/compare/{other}/pages/{older}/{newer}/mask", get(compare::mask))
        .route("/links/{code}/preflight", get(preflight::show))
        .route("/links/{code}/search", get(files::search))
        .route("/links/{code}/download", get(files::download))
        .route("/links/{code}/events", get(live::link))
        .route("/admin/deliveries", get(admin::deliveries))
        .route("/admin/mails", get(admin::mails))
        .route("/admin/mails/{id}", get(admin::one_mail))
        .route("/admin/mails/{id}/retry", post(admin::retry_mail))
        .route("/admin/branding", get(branding::show).put(branding::set).delete(branding::reset))
        .route("/admin/branding/palettes", get(branding::palettes))
        .route(
            "/admin/branding/logos",
            post(branding::upload).layer(DefaultBodyLimit::max(branding::MAX_UPLOAD)),
        )
        .route("/branding", get(branding::public))
        .route("/branding/logos/{code}/{size}", get(branding::image))
        .fallback(error::unknown_address)
        .layer(DefaultBodyLimit::max(MAX_JSON))
        .with_state(api)
}
