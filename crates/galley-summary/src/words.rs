//! Texts as both kinds of file show them.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Text without characters that nobody sees and some programs choke on. Line breaks and tabs stay.
pub(crate) fn clean(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let dropped = |c: char| {
        (c.is_control() && c != '\n' && c != '\t')
            || matches!(c, '\u{feff}' | '\u{fffe}' | '\u{ffff}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().filter(|c| !dropped(*c)).collect()
}

/// A time as people read it: 9 March 2026, 18:00.
pub(crate) fn moment(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned_datetime(zone.clone()).strftime("%-d %B %Y, %H:%M").to_string()
}

/// The same in little room: 9 Mar 2026, 18:00.
pub(crate) fn short_moment(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned_datetime(zone.clone()).strftime("%-d %b %Y, %H:%M").to_string()
}

/// The short name of the zone at a time: CET, or +05:30.
pub(crate) fn zone_name(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned_datetime(zone.clone()).strftime("%Z").to_string()
}

/// A size as people read it.
pub(crate) fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} KB", bytes / 1_000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
    }
}

/// A number with its noun: 1 comment, 2 comments.
pub(crate) fn counted(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_is_taken_out() {
        assert_eq!(clean("a\r\nb\u{0}\u{7}\u{202e}c\tÄ漢\u{feff}"), "a\nbc\tÄ漢");
    }

    #[test]
    fn sizes() {
        assert_eq!([999, 1_000, 999_999, 1_250_000].map(size), ["999 bytes", "1 KB", "999 KB", "1.2 MB"]);
    }
}
