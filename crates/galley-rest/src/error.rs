//! Errors as JSON: a code for programs, a sentence for people.

use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use galley_service::ServiceError;
use serde_json::json;

/// An answer that says no.
#[derive(Debug)]
pub(crate) struct ApiError {
    status: StatusCode,
    code: &'static str,
    message: String,
}

impl ApiError {
    pub(crate) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> ApiError {
        ApiError { status, code, message: message.into() }
    }

    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    pub(crate) fn bad_request(message: impl Into<String>) -> ApiError {
        ApiError::new(StatusCode::BAD_REQUEST, "bad_request", message)
    }
}

impl From<ServiceError> for ApiError {
    fn from(error: ServiceError) -> Self {
        let (status, code) = match &error {
            ServiceError::NoSession => (StatusCode::UNAUTHORIZED, "unauthenticated"),
            ServiceError::BadCredentials => (StatusCode::UNAUTHORIZED, "bad_credentials"),
            ServiceError::LoginLocked => (StatusCode::LOCKED, "account_locked"),
            ServiceError::PasswordExpired => (StatusCode::FORBIDDEN, "password_expired"),
            ServiceError::ApiOnly => (StatusCode::FORBIDDEN, "api_only"),
            ServiceError::Forbidden | ServiceError::Denied(_) => (StatusCode::FORBIDDEN, "forbidden"),
            ServiceError::NotFound(_) => (StatusCode::NOT_FOUND, "not_found"),
            ServiceError::Gone => (StatusCode::GONE, "gone"),
            ServiceError::Archived => (StatusCode::CONFLICT, "archived"),
            ServiceError::Locked | ServiceError::StageLocked => (StatusCode::CONFLICT, "locked"),
            ServiceError::StageWaiting => (StatusCode::CONFLICT, "not_started"),
            ServiceError::Invalid(..) | ServiceError::Upload(_) | ServiceError::EmptyStage => {
                (StatusCode::BAD_REQUEST, "bad_request")
            }
            ServiceError::Conflict(_) => (StatusCode::CONFLICT, "conflict"),
            ServiceError::TooLarge(_) => (StatusCode::PAYLOAD_TOO_LARGE, "too_large"),
            ServiceError::StorageFull => (StatusCode::INSUFFICIENT_STORAGE, "storage_full"),
            ServiceError::Busy => (StatusCode::SERVICE_UNAVAILABLE, "busy"),
            ServiceError::Media(_) => (StatusCode::UNPROCESSABLE_ENTITY, "unsupported"),
            ServiceError::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
        };
        ApiError::new(status, code, error.to_string())
    }
}

impl From<JsonRejection> for ApiError {
    fn from(rejection: JsonRejection) -> Self {
        match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => {
                ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "This request is too large.")
            }
            _ => ApiError::bad_request(rejection.body_text()),
        }
    }
}

impl From<QueryRejection> for ApiError {
    fn from(rejection: QueryRejection) -> Self {
        ApiError::bad_request(rejection.body_text())
    }
}

impl From<PathRejection> for ApiError {
    fn from(_: PathRejection) -> Self {
        unknown()
    }
}

fn unknown() -> ApiError {
    ApiError::new(StatusCode::NOT_FOUND, "not_found", "There is nothing at this address.")
}

/// What an address that does not exist answers.
pub(crate) async fn unknown_address() -> ApiError {
    unknown()
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = Json(json!({"error": {"code": self.code, "message": self.message}}));
        let mut response = (self.status, body).into_response();
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}
