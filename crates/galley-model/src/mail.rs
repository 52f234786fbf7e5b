//! Mail: who hears of what, and how often sending is tried (`product.md` 6.1).

use crate::Alert;
use jiff::SignedDuration;

/// Something that people with an alert level hear of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alarm {
    /// A comment is new.
    Comment,
    /// A reply is new.
    Reply {
        /// In a thread that the person began.
        own_thread: bool,
    },
    /// A decision was made.
    Decision {
        /// It was the last one that was required.
        last: bool,
    },
}

/// The level that somebody has when nobody chose one: a summary a day.
pub const SYSTEM_ALERT: Alert = Alert::Daily;

/// The level that counts: the one on the proof, else the person's own default, else the system's.
pub fn effective_alert(on_proof: Alert, own: Option<Alert>) -> Alert {
    match (on_proof, own) {
        (Alert::OwnDefault, None | Some(Alert::OwnDefault)) => SYSTEM_ALERT,
        (Alert::OwnDefault, Some(own)) => own,
        (level, _) => level,
    }
}

/// Whether somebody with this level gets a mail at once.
pub const fn alerts_at_once(level: Alert, alarm: Alarm) -> bool {
    match level {
        Alert::All => true,
        Alert::Replies => matches!(alarm, Alarm::Reply { own_thread: true }),
        Alert::Decisions => matches!(alarm, Alarm::Decision { .. }),
        Alert::FinalDecision => matches!(alarm, Alarm::Decision { last: true }),
        Alert::OwnDefault | Alert::Daily | Alert::Hourly | Alert::Disabled => false,
    }
}

/// Minutes until a mail is tried again, after the first try, the second and so on.
const MAIL_RETRIES: [i64; 9] = [1, 2, 5, 10, 30, 60, 120, 240, 480];

/// How long to wait after so many failed tries; none: the mail is put aside for an administrator.
pub fn mail_retry(failed: i64) -> Option<SignedDuration> {
    let index = usize::try_from(failed.max(1) - 1).ok()?;
    MAIL_RETRIES.get(index).map(|minutes| SignedDuration::from_mins(*minutes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_product_6_1() {
        let alarms = [
            Alarm::Comment,
            Alarm::Reply { own_thread: false },
            Alarm::Reply { own_thread: true },
            Alarm::Decision { last: false },
            Alarm::Decision { last: true },
        ];
        let table = [
            (Alert::All, [true; 5]),
            (Alert::Replies, [false, false, true, false, false]),
            (Alert::Decisions, [false, false, false, true, true]),
            (Alert::FinalDecision, [false, false, false, false, true]),
            (Alert::Hourly, [false; 5]),
            (Alert::Daily, [false; 5]),
            (Alert::Disabled, [false; 5]),
        ];
        for (level, expected) in table {
            assert_eq!(alarms.map(|alarm| alerts_at_once(level, alarm)), expected, "{level:?}");
        }
    }

    #[test]
    fn whose_level_counts() {
        assert_eq!(effective_alert(Alert::OwnDefault, None), Alert::Daily);
        assert_eq!(effective_alert(Alert::OwnDefault, Some(Alert::OwnDefault)), Alert::Daily);
        assert_eq!(effective_alert(Alert::OwnDefault, Some(Alert::All)), Alert::All);
        assert_eq!(effective_alert(Alert::Disabled, Some(Alert::All)), Alert::Disabled);
    }

    #[test]
    fn tries_end() {
        let waits: Vec<_> = (1..20).map_while(mail_retry).map(|wait| wait.as_mins()).collect();
        assert_eq!(waits, MAIL_RETRIES);
        assert_eq!(mail_retry(10), None);
    }
}
