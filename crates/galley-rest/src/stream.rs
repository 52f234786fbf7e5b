//! Files in parts, as players ask for them (RFC 9110, section 14), and files that are still being written.

use crate::error::ApiError;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::{Stream, StreamExt as _, stream};
use galley_service::ServiceError;
use std::io::SeekFrom;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};
use tokio::sync::watch;

/// Bytes of a piece.
const PIECE: u64 = 64 << 10;
/// How often a growing file is looked at.
const LOOK_AGAIN: Duration = Duration::from_millis(250);

/// What part of a file is asked for.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    Whole,
    /// First byte, and number of bytes.
    Some(u64, u64),
    /// None of it is there.
    Nothing,
}

/// Reads a `Range`. What is not understood, or asks for several parts, is answered with the whole, as the standard
/// allows.
fn part(range: Option<&str>, length: u64) -> Part {
    let Some(spec) = range.and_then(|text| text.trim().strip_prefix("bytes=")) else { return Part::Whole };
    let Some((first, last)) = spec.trim().split_once('-') else { return Part::Whole };
    let number =
        |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse::<u64>().ok()).flatten();
    match (first.trim(), last.trim()) {
        ("", suffix) => match number(suffix) {
            Some(0) => Part::Nothing,
            Some(count) if length > 0 => Part::Some(length - count.min(length), count.min(length)),
            Some(_) => Part::Nothing,
            None => Part::Whole,
        },
        (first, last) => {
            let last = if last.is_empty() { Some(u64::MAX) } else { number(last) };
            match (number(first), last) {
                (Some(first), Some(last)) if first > last => Part::Whole,
                (Some(first), Some(_)) if first >= length => Part::Nothing,
                (Some(first), Some(last)) => Part::Some(first, last.min(length - 1) - first + 1),
                _ => Part::Whole,
            }
        }
    }
}

fn unreadable(error: std::io::Error) -> ApiError {
    tracing::error!(%error, "a recording cannot be read");
    ApiError::from(ServiceError::Internal)
}

/// A whole file, or the part of it that is asked for.
pub(crate) async fn whole(path: PathBuf, method: &Method, headers: &HeaderMap) -> Result<Response, ApiError> {
    let length = tokio::fs::metadata(&path).await.map_err(unreadable)?.len();
    slice(&path, (0, length), method, headers).await
}

/// Bytes of a file from one on, or the part of those that is asked for.
pub(crate) async fn slice(
    path: &Path,
    (start, length): (u64, u64),
    method: &Method,
    headers: &HeaderMap,
) -> Result<Response, ApiError> {
    // Originals never change, and what is made of them is made in the same way again; the times of files in the
    // cache only tell when they were used.
    let tag = if start == 0 { format!("\"{length:x}\"") } else { format!("\"{start:x}-{length:x}\"") };
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let same = text(header::IF_RANGE).is_none_or(|known| known == tag);
    let range = text(header::RANGE).filter(|_| same && method == Method::GET);
    let (status, from, count) = match part(range, length) {
        Part::Whole => (StatusCode::OK, 0, length),
        Part::Some(from, count) => (StatusCode::PARTIAL_CONTENT, from, count),
        Part::Nothing => (StatusCode::RANGE_NOT_SATISFIABLE, 0, 0),
    };
    let pieces = pieces(path, start + from, count).await?;
    let mut response = (status, Body::from_stream(pieces)).into_response();
    let out = response.headers_mut();
    out.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    out.insert(header::CONTENT_LENGTH, HeaderValue::from(count));
    // Rights may end: a browser asks again, and is told that nothing changed.
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=3600"));
    let mut put = |name, value: String| {
        if let Ok(value) = HeaderValue::from_str(&value) {
            out.insert(name, value);
        }
    };
    put(header::ETAG, tag);
    match status {
        StatusCode::PARTIAL_CONTENT => {
            put(header::CONTENT_RANGE, format!("bytes {from}-{}/{length}", from + count - 1));
        }
        StatusCode::RANGE_NOT_SATISFIABLE => put(header::CONTENT_RANGE, format!("bytes */{length}")),
        _ => {}
    }
    Ok(response)
}

/// So many bytes of a file, piece by piece.
async fn pieces(
    path: &Path,
    from: u64,
    count: u64,
) -> Result<impl Stream<Item = std::io::Result<bytes::Bytes>> + Send + use<>, ApiError> {
    let mut file = tokio::fs::File::open(path).await.map_err(unreadable)?;
    if from > 0 {
        file.seek(SeekFrom::Start(from)).await.map_err(unreadable)?;
    }
    Ok(stream::try_unfold((file, count), |(mut file, left)| async move {
        let mut piece = Vec::with_capacity(PIECE.min(left) as usize);
        let read = (&mut file).take(PIECE.min(left)).read_to_end(&mut piece).await? as u64;
        Ok((read > 0).then(|| (bytes::Bytes::from(piece), (file, left - read))))
    }))
}

/// Text to put into a file on its way.
pub(crate) struct Inserted {
    /// So many bytes come before it.
    pub at: u64,
    pub text: String,
}

/// Bytes of a file from one on, with a text in between. There are no parts of it to ask for.
pub(crate) async fn with_inserted(
    path: &Path,
    (start, length): (u64, u64),
    inserted: Inserted,
    method: &Method,
) -> Result<Response, ApiError> {
    let at = inserted.at.min(length);
    let whole = length + inserted.text.len() as u64;
    let body = if method == Method::HEAD {
        Body::empty()
    } else {
        let before = pieces(path, start, at).await?;
        let after = pieces(path, start + at, length - at).await?;
        let text = stream::once(async move { Ok(bytes::Bytes::from(inserted.text)) });
        Body::from_stream(before.chain(text).chain(after))
    };
    let mut response = body.into_response();
    response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(whole));
    Ok(response)
}

/// A file from its beginning, and what is added to it until that ends.
pub(crate) fn growing(file: std::fs::File, ends: watch::Receiver<bool>) -> Response {
    let file = tokio::fs::File::from_std(file);
    let pieces = stream::try_unfold((file, ends), |(mut file, mut ends)| async move {
        loop {
            // Asked before reading: what was written before the end is read after it.
            let over = *ends.borrow() || ends.has_changed().is_err();
            let mut piece = Vec::with_capacity(PIECE as usize);
            if (&mut file).take(PIECE).read_to_end(&mut piece).await? > 0 {
                return Ok(Some((bytes::Bytes::from(piece), (file, ends))));
            }
            if over {
                return Ok::<_, std::io::Error>(None);
            }
            let _ = tokio::time::timeout(LOOK_AGAIN, ends.changed()).await;
        }
    });
    let mut response = Body::from_stream(pieces).into_response();
    let headers = response.headers_mut();
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("none"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_read_as_the_standard_says() {
        let table: [(Option<&str>, Part); 18] = [
            (None, Part::Whole),
            (Some("bytes=0-"), Part::Some(0, 100)),
            (Some("bytes=0-0"), Part::Some(0, 1)),
            (Some("bytes=10-19"), Part::Some(10, 10)),
            (Some("bytes=99-"), Part::Some(99, 1)),
            (Some("bytes=90-500"), Part::Some(90, 10)),
            (Some("bytes=-10"), Part::Some(90, 10)),
            (Some("bytes=-500"), Part::Some(0, 100)),
            (Some(" bytes= 1 - 2 "), Part::Some(1, 2)),
            (Some("bytes=-0"), Part::Nothing),
            (Some("bytes=100-"), Part::Nothing),
            (Some("bytes=100-200"), Part::Nothing),
            (Some("bytes=5-4"), Part::Whole),
            (Some("bytes=0-1,5-6"), Part::Whole),
            (Some("bytes=+1-2"), Part::Whole),
            (Some("bytes=a-b"), Part::Whole),
            (Some("lines=0-1"), Part::Whole),
            (Some("bytes=0-99999999999999999999999"), Part::Whole),
        ];
        for (range, expected) in table {
            assert_eq!(part(range, 100), expected, "{range:?}");
        }
        assert_eq!(part(Some("bytes=0-"), 0), Part::Nothing);
        assert_eq!(part(Some("bytes=-1"), 0), Part::Nothing);
    }
}
