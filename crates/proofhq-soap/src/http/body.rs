//! Bodies of SOAP requests: bounded in size, time and inflation.

use std::io::{Read, Write};

use axum::body::Body;
use axum::http::{HeaderMap, header};
use bytes::{Bytes, BytesMut};
use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use http_body_util::BodyExt;
use tokio::time::{Instant, timeout_at};

use super::Options;

/// Answers below this size are not worth compressing: they fit a packet or two.
const WORTHWHILE: usize = 1400;

/// A `Content-Encoding` that is not gzip.
pub(super) struct Unknown;

/// Why a body was not read.
pub(super) enum Refused {
    /// It is larger than allowed.
    TooLarge,
    /// It ended early, or took too long.
    Gone,
}

/// Whether the body is compressed.
pub(super) fn encoding(headers: &HeaderMap) -> Result<bool, Unknown> {
    match headers.get(header::CONTENT_ENCODING).map(|value| value.as_bytes().trim_ascii()) {
        None | Some(b"") => Ok(false),
        Some(name) if name.eq_ignore_ascii_case(b"identity") => Ok(false),
        Some(name) if name.eq_ignore_ascii_case(b"gzip") || name.eq_ignore_ascii_case(b"x-gzip") => Ok(true),
        Some(_) => Err(Unknown),
    }
}

/// Whether the sender takes gzip.
pub(super) fn accepts_gzip(headers: &HeaderMap) -> bool {
    let values = headers.get_all(header::ACCEPT_ENCODING).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|entry| {
        let mut parts = entry.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip"));
        let refused = parts.any(|part| {
            let weight = part.strip_prefix("q=").or_else(|| part.strip_prefix("Q="));
            weight.and_then(|weight| weight.trim().parse::<f32>().ok()).is_some_and(|weight| weight <= 0.0)
        });
        named && !refused
    })
}

/// The whole body.
pub(super) async fn read(headers: &HeaderMap, mut body: Body, options: &Options) -> Result<Bytes, Refused> {
    let announced = headers.get(header::CONTENT_LENGTH);
    let announced = announced.and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    let limit = options.limits.body;
    if announced.is_some_and(|length| length > limit as u64) {
        return Err(Refused::TooLarge);
    }
    let end = Instant::now() + options.patience;
    let mut whole = BytesMut::new();
    loop {
        let until = end.min(Instant::now() + options.silence);
        let frame = match timeout_at(until, body.frame()).await {
            Ok(None) => return Ok(whole.freeze()),
            Ok(Some(Ok(frame))) => frame,
            Ok(Some(Err(_))) | Err(_) => return Err(Refused::Gone),
        };
        let Ok(bytes) = frame.into_data() else { continue };
        if whole.len() + bytes.len() > limit {
            return Err(Refused::TooLarge);
        }
        whole.extend_from_slice(&bytes);
    }
}

/// A gzip body as it was; none when it is damaged or grows beyond `limit` bytes.
pub(super) fn inflate(bytes: &[u8], limit: usize) -> Option<Bytes> {
    let mut whole = Vec::new();
    MultiGzDecoder::new(bytes).take(limit as u64 + 1).read_to_end(&mut whole).ok()?;
    (whole.len() <= limit).then(|| whole.into())
}

/// The bytes as gzip, where that is worthwhile.
pub(super) fn deflate(bytes: &[u8]) -> Option<Vec<u8>> {
    if bytes.len() < WORTHWHILE {
        return None;
    }
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 4), Compression::fast());
    // Writing to memory cannot fail; if it did, the answer would go out as it is.
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok().filter(|zipped| zipped.len() < bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn inflation_is_bounded() {
        let bomb = deflate(&vec![b' '; 1 << 20]).expect("worthwhile");
        assert_eq!(inflate(&bomb, 1 << 20).map(|bytes| bytes.len()), Some(1 << 20));
        assert!(inflate(&bomb, (1 << 20) - 1).is_none());
        assert!(inflate(b"no gzip", 100).is_none());
        assert!(inflate(&bomb[..bomb.len() - 9], 1 << 20).is_none(), "cut off");
        assert!(deflate(b"short").is_none());
    }

    #[test]
    fn gzip_is_sent_to_those_who_take_it() {
        for (value, expected) in [
            ("gzip", true),
            ("deflate, GZIP;q=0.5", true),
            ("gzip;q=0", false),
            ("gzip; q=0.0, deflate", false),
            ("deflate", false),
            ("", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(value));
            assert_eq!(accepts_gzip(&headers), expected, "{value}");
        }
    }
}
