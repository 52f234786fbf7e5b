//! Frames, times and timecodes of what plays: video and sound (`product.md` 5.7).
//!
//! A place in a recording is the number of a frame, counted from 0. Sound alone has no frames; there a frame is
//! a millisecond ([`Rate::SOUND`]).

use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

/// Frames per second as the exact fraction it is, such as 30000/1001.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Rate {
    frames: NonZeroU32,
    seconds: NonZeroU32,
}

/// No camera is faster, and no clock here finer.
const MAX_PER_SECOND: u32 = 1000;
const SECOND: u128 = 1_000_000;

impl Rate {
    /// A millisecond for each "frame".
    pub const SOUND: Rate = Rate { frames: NonZeroU32::MIN.saturating_add(999), seconds: NonZeroU32::MIN };

    /// So many frames in so many seconds; none if that is no rate, or more than 1000 a second.
    pub fn new(frames: u32, seconds: u32) -> Option<Rate> {
        let (frames, seconds) = (NonZeroU32::new(frames)?, NonZeroU32::new(seconds)?);
        let slow_enough = u64::from(frames.get()) <= u64::from(seconds.get()) * u64::from(MAX_PER_SECOND);
        slow_enough.then_some(Rate { frames, seconds })
    }

    /// The fraction: frames, and the seconds they take.
    pub fn fraction(self) -> (u32, u32) {
        (self.frames.get(), self.seconds.get())
    }

    /// Frames that a timecode counts in a second: 30 for 29.97.
    pub fn nominal(self) -> u32 {
        let (frames, seconds) = self.fraction();
        (frames + seconds / 2).checked_div(seconds).unwrap_or(1).max(1)
    }

    /// When a frame begins, in microseconds from the first, rounded up.
    pub fn begins(self, frame: u64) -> u64 {
        let (frames, seconds) = self.fraction();
        let time = u128::from(frame) * u128::from(seconds) * SECOND;
        u64::try_from(time.div_ceil(u128::from(frames))).unwrap_or(u64::MAX)
    }

    /// The frame that is seen so many microseconds after the first began.
    pub fn frame_at(self, microseconds: u64) -> u64 {
        let (frames, seconds) = self.fraction();
        let count = u128::from(microseconds) * u128::from(frames) / (u128::from(seconds) * SECOND);
        u64::try_from(count).unwrap_or(u64::MAX)
    }

    /// Frame numbers that a drop-frame timecode leaves out at the start of a minute: 2 for 29.97, 4 for 59.94,
    /// and none where time and count agree.
    fn dropped(self) -> u64 {
        let (_, seconds) = self.fraction();
        let nominal = self.nominal();
        if seconds == 1001 && nominal.is_multiple_of(30) { u64::from(nominal / 15) } else { 0 }
    }
}

/// How the frames of a recording are numbered: what the first one is called, and whether numbers are dropped to
/// keep up with the clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timecode {
    /// Frames before the first one.
    pub first: u64,
    /// Drop-frame, written with a semicolon.
    pub drop: bool,
}

impl Timecode {
    /// Reads the timecode of the first frame, such as `01:00:00:00` or `00:59:58;12`. None if it is none, or
    /// names a frame that does not exist at this rate.
    pub fn parse(text: &str, rate: Rate) -> Option<Timecode> {
        let drop = text.contains([';', '.', ',']) && rate.dropped() > 0;
        let parts: Vec<u64> =
            text.trim().split([':', ';', '.', ',']).map(|part| part.parse().ok()).collect::<Option<_>>()?;
        let [hours, minutes, seconds, frame] = parts[..] else { return None };
        let nominal = u64::from(rate.nominal());
        if hours > 23 || minutes > 59 || seconds > 59 || frame >= nominal {
            return None;
        }
        let count = ((hours * 60 + minutes) * 60 + seconds) * nominal + frame;
        if !drop {
            return Some(Timecode { first: count, drop });
        }
        let dropped = rate.dropped();
        if seconds == 0 && frame < dropped && !minutes.is_multiple_of(10) {
            return None;
        }
        let minutes = hours * 60 + minutes;
        Some(Timecode { first: count - dropped * (minutes - minutes / 10), drop })
    }

    /// What a frame is called: `01:00:05:03`, with a semicolon before the frame where numbers are dropped. For
    /// sound it is the time: `00:00:05.250`.
    pub fn label(self, rate: Rate, frame: u64) -> String {
        let nominal = u64::from(rate.nominal());
        let mut count = self.first.saturating_add(frame);
        if self.drop {
            let dropped = rate.dropped();
            let in_ten_minutes = nominal * 600 - 9 * dropped;
            let in_minute = nominal * 60 - dropped;
            let (tens, rest) = (count / in_ten_minutes, count % in_ten_minutes);
            // The first of ten minutes has all of its numbers.
            let minutes = rest.saturating_sub(dropped) / in_minute;
            count = count.saturating_add(dropped.saturating_mul(tens * 9 + minutes));
        }
        let (seconds, frame) = (count / nominal, count % nominal);
        // A clock of timecodes begins anew after a day.
        let (hours, minutes) = (seconds / 3600 % 24, seconds / 60 % 60);
        let (mark, digits) = match (rate, self.drop) {
            (Rate::SOUND, _) => ('.', 3),
            (_, drop) => (if drop { ';' } else { ':' }, if nominal > 100 { 3 } else { 2 }),
        };
        format!("{hours:02}:{minutes:02}:{:02}{mark}{frame:0digits$}", seconds % 60)
    }
}

/// A frame, or those from one to another, that a comment is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The first frame, from 0.
    pub from: u64,
    /// The last one, after `from`; none for a single frame.
    pub to: Option<u64>,
    /// Its timecode, or that of both: `00:00:05:03 – 00:00:07:12`.
    pub label: String,
    /// When the first frame begins, in microseconds.
    pub begins: u64,
}

impl Moment {
    /// A moment of a recording with so many frames; none if it ends before it begins or is not in there.
    pub fn of(rate: Rate, timecode: Timecode, frames: u64, from: u64, to: Option<u64>) -> Option<Moment> {
        let to = to.filter(|&to| to != from);
        if from >= frames || to.is_some_and(|to| to < from || to >= frames) {
            return None;
        }
        let mut label = timecode.label(rate, from);
        if let Some(to) = to {
            label = format!("{label} – {}", timecode.label(rate, to));
        }
        Some(Moment { from, to, label, begins: rate.begins(from) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rate(frames: u32, seconds: u32) -> Rate {
        Rate::new(frames, seconds).expect("a rate")
    }

    const RATES: [(u32, u32); 12] = [
        (24000, 1001),
        (24, 1),
        (25, 1),
        (30000, 1001),
        (30, 1),
        (48, 1),
        (50, 1),
        (60000, 1001),
        (60, 1),
        (120, 1),
        (15, 2),
        (1000, 1),
    ];

    #[test]
    fn frames_have_names() {
        let from = |text: &str, rate| Timecode::parse(text, rate).expect("a timecode");
        let table: [(u32, u32, &str, u64, &str); 22] = [
            (24, 1, "00:00:00:00", 0, "00:00:00:00"),
            (24, 1, "00:00:00:00", 23, "00:00:00:23"),
            (24, 1, "00:00:00:00", 24, "00:00:01:00"),
            (24000, 1001, "01:00:00:00", 24 * 60, "01:01:00:00"),
            (25, 1, "10:00:00:00", 25 * 3600 + 7, "11:00:00:07"),
            (30000, 1001, "00:00:00;00", 1799, "00:00:59;29"),
            (30000, 1001, "00:00:00;00", 1800, "00:01:00;02"),
            (30000, 1001, "00:00:00;00", 3597, "00:01:59;29"),
            (30000, 1001, "00:00:00;00", 3598, "00:02:00;02"),
            (30000, 1001, "00:00:00;00", 17_981, "00:09:59;29"),
            (30000, 1001, "00:00:00;00", 17_982, "00:10:00;00"),
            (30000, 1001, "00:00:00;00", 107_892, "01:00:00;00"),
            (30000, 1001, "00:00:59;28", 2, "00:01:00;02"),
            (30000, 1001, "00:00:00:00", 1800, "00:01:00:00"),
            (60000, 1001, "00:00:00;00", 3600, "00:01:00;04"),
            (60000, 1001, "00:00:00;00", 215_784, "01:00:00;00"),
            // Where time and count agree, a semicolon drops nothing.
            (30, 1, "00:00:00;00", 1800, "00:01:00:00"),
            (50, 1, "00:00:00:00", 49, "00:00:00:49"),
            (120, 1, "00:00:00:00", 119, "00:00:00:119"),
            (24, 1, "23:59:59:23", 1, "00:00:00:00"),
            (15, 2, "00:00:00:00", 8, "00:00:01:00"),
            (1000, 1, "00:00:00:00", 5250, "00:00:05.250"),
        ];
        for (frames, seconds, first, frame, label) in table {
            let rate = rate(frames, seconds);
            assert_eq!(from(first, rate).label(rate, frame), label, "{frames}/{seconds} {first} + {frame}");
        }
    }

    #[test]
    fn what_is_no_timecode_or_no_rate() {
        let ntsc = rate(30000, 1001);
        for text in [
            "",
            "1:2:3",
            "00:00:00:30",
            "24:00:00:00",
            "00:60:00:00",
            "00:01:00;00",
            "00:01:00;01",
            "a:b:c:d",
        ] {
            assert_eq!(Timecode::parse(text, ntsc), None, "{text}");
        }
        assert!(Timecode::parse("00:10:00;00", ntsc).is_some());
        assert!(Rate::new(0, 1).is_none() && Rate::new(1, 0).is_none() && Rate::new(1001, 1).is_none());
        assert_eq!(Rate::SOUND, rate(1000, 1));
    }

    #[test]
    fn moments_lie_in_the_recording() {
        let (rate, none) = (rate(25, 1), Timecode::default());
        let of = |from, to| Moment::of(rate, none, 100, from, to);
        assert_eq!(of(99, None).map(|m| (m.label, m.begins)), Some(("00:00:03:24".to_owned(), 3_960_000)));
        assert_eq!(of(0, Some(25)).map(|m| m.label), Some("00:00:00:00 – 00:00:01:00".to_owned()));
        assert_eq!(of(5, Some(5)).and_then(|m| m.to), None);
        assert_eq!((of(100, None), of(5, Some(4)), of(5, Some(100))), (None, None, None));
    }

    proptest! {
        #[test]
        fn a_frame_is_seen_from_when_it_begins(frame in 0u64..100_000_000, which in 0..RATES.len()) {
            let rate = rate(RATES[which].0, RATES[which].1);
            let begins = rate.begins(frame);
            prop_assert_eq!(rate.frame_at(begins), frame);
            prop_assert!(begins == 0 || rate.frame_at(begins - 1) < frame);
        }

        #[test]
        fn names_are_read_as_what_they_were_made_of(frame in 0u64..2_000_000, which in 0..RATES.len(), drop: bool) {
            let rate = rate(RATES[which].0, RATES[which].1);
            let drop = drop && rate.dropped() > 0;
            let day = 24 * 3600 * u64::from(rate.nominal());
            prop_assume!(frame < day - day / 500 && rate != Rate::SOUND);
            let label = Timecode { first: 0, drop }.label(rate, frame);
            prop_assert_eq!(Timecode::parse(&label, rate), Some(Timecode { first: frame, drop }), "{}", label);
        }
    }
}
