//! Dates as text, the way the SOAP API writes and reads them (`wire.md`, "How values are written").

use crate::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use thiserror::Error;

/// A text that is no date.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("'{0}' is not a date of the form YYYY-MM-DD hh:mm")]
pub struct DateError(pub String);

/// Reads a deadline in the given zone: `YYYY-MM-DD hh:mm`, with or without seconds, with a blank or
/// a `T` between, or a date alone, which means the last minute of that day. Blank text is no deadline.
///
/// A time that the clocks skip moves forward; one that they repeat is the first.
///
/// # Errors
/// [`DateError`] when it is anything else.
pub fn parse_deadline(text: &str, zone: &TimeZone) -> Result<Option<Timestamp>, DateError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let error = || DateError(text.chars().take(40).collect());
    let (date, time) = match text.split_once([' ', 'T']) {
        Some((date, time)) => (date, Some(time.trim())),
        None => (text, None),
    };
    let date = parse_date(date).ok_or_else(error)?;
    let time = match time {
        Some(time) => parse_time(time).ok_or_else(error)?,
        None => Time::constant(23, 59, 0, 0),
    };
    let zoned = zone
        .to_ambiguous_zoned_datetime(DateTime::from_parts(date, time))
        .compatible()
        .map_err(|_| error())?;
    Ok(Some(zoned.timestamp()))
}

fn parse_date(text: &str) -> Option<Date> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    Date::new(number(year)?, number(month)?, number(day)?).ok()
}

fn parse_time(text: &str) -> Option<Time> {
    let mut parts = text.split(':');
    let (hour, minute) = (parts.next()?, parts.next()?);
    let second = parts.next().unwrap_or("0");
    if parts.next().is_some() {
        return None;
    }
    Time::new(number(hour)?, number(minute)?, number(second)?, 0).ok()
}

/// Digits only: `parse` alone would take a sign.
fn number<T: std::str::FromStr>(text: &str) -> Option<T> {
    let digits = !text.is_empty() && text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

/// `YYYY-MM-DD hh:mm`, as proof objects carry it.
pub fn format_minutes(at: Timestamp, zone: &TimeZone) -> String {
    let t = zone.to_datetime(at);
    format!("{:04}-{:02}-{:02} {:02}:{:02}", t.year(), t.month(), t.day(), t.hour(), t.minute())
}

/// `YYYY-MM-DD hh:mm:ss`, as recipient objects carry it.
pub fn format_seconds(at: Timestamp, zone: &TimeZone) -> String {
    let t = zone.to_datetime(at);
    format!("{}:{:02}", format_minutes(at, zone), t.second())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_clients_send() {
        let table = [
            ("2011-09-01 23:59", Some("2011-09-01 23:59:00")),
            ("2011-01-01 09:00:07", Some("2011-01-01 09:00:07")),
            ("2011-01-01T09:00", Some("2011-01-01 09:00:00")),
            (" 2011-01-01 ", Some("2011-01-01 23:59:00")),
            ("", None),
            ("   ", None),
        ];
        for (text, expected) in table {
            let at = parse_deadline(text, &TimeZone::UTC).expect(text);
            assert_eq!(at.map(|at| format_seconds(at, &TimeZone::UTC)).as_deref(), expected, "{text}");
        }
        for bad in [
            "tomorrow",
            "2011-13-01 00:00",
            "2011-02-30",
            "01/02/2011",
            "2011-01-01 25:00",
            "11-1-1",
            "2011-01-01 1",
            "2011-01-01 +1:00",
            "9999999-01-01",
        ] {
            assert!(parse_deadline(bad, &TimeZone::UTC).is_err(), "{bad}");
        }
    }

    #[test]
    fn times_belong_to_the_zone() {
        let zone = TimeZone::fixed(jiff::tz::offset(2));
        let at = parse_deadline("2026-07-01 12:00", &zone).expect("a date").expect("not blank");
        assert_eq!(format_minutes(at, &TimeZone::UTC), "2026-07-01 10:00");
        assert_eq!(format_minutes(at, &zone), "2026-07-01 12:00");
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(seconds in 0i64..4_000_000_000) {
            let at = Timestamp::from_second(seconds).expect("in range");
            let text = format_seconds(at, &TimeZone::UTC);
            prop_assert_eq!(parse_deadline(&text, &TimeZone::UTC).expect("own format"), Some(at));
        }

        #[test]
        fn no_text_panics(text in ".*") {
            let _ = parse_deadline(&text, &TimeZone::UTC);
        }
    }
}
