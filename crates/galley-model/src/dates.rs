//! Dates as text, the way the SOAP API writes and reads them (`wire.md`, "How values are written").

use crate::Timestamp;
use jiff::civil::{Date, DateTime, Time, Weekday};
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
    minutes(&zone.to_datetime(at))
}

/// Lists are full of these: they are written digit by digit.
fn minutes(t: &DateTime) -> String {
    let mut text = String::with_capacity(19);
    match u8::try_from(t.year() / 100).ok().filter(|century| *century < 100) {
        Some(century) => {
            push_pair(&mut text, century.cast_signed());
            push_pair(&mut text, (t.year() % 100) as i8);
        }
        None => text.push_str(&format!("{:04}", t.year())),
    }
    for (sign, value) in [('-', t.month()), ('-', t.day()), (' ', t.hour()), (':', t.minute())] {
        text.push(sign);
        push_pair(&mut text, value);
    }
    text
}

/// Two digits.
fn push_pair(text: &mut String, value: i8) {
    for digit in [value / 10, value % 10] {
        text.push(char::from(b'0' + digit.unsigned_abs()));
    }
}

/// `YYYY-MM-DD hh:mm:ss`, as recipient objects carry it.
pub fn format_seconds(at: Timestamp, zone: &TimeZone) -> String {
    let t = zone.to_datetime(at);
    let mut text = minutes(&t);
    text.push(':');
    push_pair(&mut text, t.second());
    text
}

/// `March 24, 2014, 2:30 pm`, as stage objects carry it.
pub fn format_long(at: Timestamp, zone: &TimeZone) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let t = zone.to_datetime(at);
    let month = usize::try_from(t.month() - 1).ok().and_then(|m| MONTHS.get(m)).copied().unwrap_or_default();
    let (hour, half) = (t.hour() % 12, if t.hour() < 12 { "am" } else { "pm" });
    let hour = if hour == 0 { 12 } else { hour };
    format!("{month} {}, {}, {hour}:{:02} {half}", t.day(), t.year(), t.minute())
}

/// Furthest that a number of business days reaches.
const MAX_BUSINESS_DAYS: u16 = 3660;

/// So many business days later, at this minute of the day. Saturdays and Sundays do not count;
/// holidays do, since nobody tells us of them. None when it is too far away.
pub fn business_days_after(from: Timestamp, days: u16, minute: u16, zone: &TimeZone) -> Option<Timestamp> {
    if days > MAX_BUSINESS_DAYS {
        return None;
    }
    let mut date = zone.to_datetime(from).date();
    for _ in 0..days {
        date = date.tomorrow().ok()?;
        while matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday) {
            date = date.tomorrow().ok()?;
        }
    }
    let minute = minute.min(24 * 60 - 1);
    let time = Time::new(i8::try_from(minute / 60).ok()?, i8::try_from(minute % 60).ok()?, 0, 0).ok()?;
    let zoned = zone.to_ambiguous_zoned_datetime(DateTime::from_parts(date, time)).compatible().ok()?;
    Some(zoned.timestamp())
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

    #[test]
    fn business_days_skip_weekends() {
        let table = [
            ("2026-03-02 10:00", 0, "2026-03-02 23:59"),
            ("2026-03-02 10:00", 1, "2026-03-03 23:59"),
            ("2026-03-02 10:00", 5, "2026-03-09 23:59"),
            ("2026-03-06 10:00", 1, "2026-03-09 23:59"),
            ("2026-03-07 10:00", 1, "2026-03-09 23:59"),
            ("2026-03-08 10:00", 10, "2026-03-20 23:59"),
        ];
        for (from, days, expected) in table {
            let from = parse_deadline(from, &TimeZone::UTC).expect("a date").expect("not blank");
            let due = business_days_after(from, days, 1439, &TimeZone::UTC).expect("in range");
            assert_eq!(format_minutes(due, &TimeZone::UTC), expected, "{days} after {from}");
        }
        assert_eq!(business_days_after(Timestamp::UNIX_EPOCH, u16::MAX, 0, &TimeZone::UTC), None);
    }

    #[test]
    fn long_dates_read_as_in_the_documentation() {
        for (text, long) in [
            ("2014-03-24 14:30", "March 24, 2014, 2:30 pm"),
            ("2014-12-01 00:05", "December 1, 2014, 12:05 am"),
            ("2014-01-31 12:00", "January 31, 2014, 12:00 pm"),
        ] {
            let at = parse_deadline(text, &TimeZone::UTC).expect("a date").expect("not blank");
            assert_eq!(format_long(at, &TimeZone::UTC), long);
        }
    }

    proptest! {
        #[test]
        fn business_days_never_end_on_a_weekend(start in 0i64..4_000_000_000, days in 1u16..400) {
            let from = Timestamp::from_second(start).expect("in range");
            let due = business_days_after(from, days, 720, &TimeZone::UTC).expect("in range");
            let weekday = TimeZone::UTC.to_datetime(due).date().weekday();
            prop_assert!(!matches!(weekday, Weekday::Saturday | Weekday::Sunday));
            prop_assert!(due > from);
        }

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
