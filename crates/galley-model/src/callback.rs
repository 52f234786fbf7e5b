//! Callbacks: which events are told to which addresses, and how often a delivery is tried
//! (`callbacks.md`).

use crate::{AccountId, ProofId, Timestamp};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use thiserror::Error;

/// What a callback tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallbackType {
    /// A comment or a reply is new.
    Comments,
    /// The action of a comment was set or changed.
    Actions,
    /// A decision was made or changed.
    Decisions,
    /// A proof was locked or unlocked.
    State,
    /// A reviewer opened a proof.
    Opened,
    /// A proof has its pages, or never will.
    Processed,
    /// A proof was put into the trash.
    Trashed,
    /// A proof was deleted for good.
    Deleted,
    /// A proof was archived.
    Archived,
    /// A proof was taken out of the archive.
    Unarchived,
    /// A user is new.
    UserCreated,
    /// A user was activated.
    UserActivated,
    /// A user was deactivated.
    UserDeactivated,
    /// A user was deleted.
    UserDeleted,
}

impl CallbackType {
    /// All types in the order of their numbers.
    pub const ALL: [CallbackType; 14] = [
        CallbackType::Comments,
        CallbackType::Actions,
        CallbackType::Decisions,
        CallbackType::State,
        CallbackType::Opened,
        CallbackType::Processed,
        CallbackType::Trashed,
        CallbackType::Deleted,
        CallbackType::Archived,
        CallbackType::Unarchived,
        CallbackType::UserCreated,
        CallbackType::UserActivated,
        CallbackType::UserDeactivated,
        CallbackType::UserDeleted,
    ];

    /// The published number.
    pub const fn code(self) -> i64 {
        match self {
            CallbackType::Comments => 1,
            CallbackType::Actions => 2,
            CallbackType::Decisions => 3,
            CallbackType::State => 4,
            CallbackType::Opened => 5,
            CallbackType::Processed => 6,
            CallbackType::Trashed => 7,
            CallbackType::Deleted => 8,
            CallbackType::Archived => 9,
            CallbackType::Unarchived => 10,
            CallbackType::UserCreated => 20,
            CallbackType::UserActivated => 21,
            CallbackType::UserDeactivated => 22,
            CallbackType::UserDeleted => 23,
        }
    }

    /// The type with this number.
    pub fn from_code(code: i64) -> Option<CallbackType> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The name that answers carry. Those of the user events were never published; these are ours.
    pub const fn name(self) -> &'static str {
        match self {
            CallbackType::Comments => "comments",
            CallbackType::Actions => "actions",
            CallbackType::Decisions => "decisions",
            CallbackType::State => "state",
            CallbackType::Opened => "opened",
            CallbackType::Processed => "processed",
            CallbackType::Trashed => "trashed",
            CallbackType::Deleted => "deleted",
            CallbackType::Archived => "archived",
            CallbackType::Unarchived => "unarchived",
            CallbackType::UserCreated => "user_created",
            CallbackType::UserActivated => "user_activated",
            CallbackType::UserDeactivated => "user_deactivated",
            CallbackType::UserDeleted => "user_deleted",
        }
    }

    /// Reads a number or a name in any letter case.
    pub fn parse(text: &str) -> Option<CallbackType> {
        let text = text.trim();
        if let Ok(code) = text.parse() {
            return Self::from_code(code);
        }
        Self::ALL.into_iter().find(|kind| kind.name().eq_ignore_ascii_case(text))
    }

    /// Whether one proof can have it. The others are of the account only.
    pub const fn of_proofs(self) -> bool {
        self.code() < 20
    }
}

/// An address that wants to hear of something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Callback {
    /// The account.
    pub account: AccountId,
    /// The proof; none is the whole account.
    pub proof: Option<ProofId>,
    /// Its name.
    pub proof_name: Option<String>,
    /// What it tells of.
    pub kind: CallbackType,
    /// Where to.
    pub url: String,
    /// Minutes until a failed delivery is tried again.
    pub interval: i64,
}

/// Longest address of a callback.
pub const MAX_CALLBACK_URL: usize = 2000;

/// Longest interval between tries in minutes.
pub const MAX_CALLBACK_INTERVAL: i64 = 24 * 60;

/// Why an address cannot be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum CallbackUrlError {
    /// Neither http nor https.
    #[error("a callback address starts with http:// or https://")]
    Scheme,
    /// Too long, no host, or letters that an address cannot have.
    #[error("this is not an address that can be called")]
    Malformed,
    /// Holds a password.
    #[error("a callback address must not hold a login name or password")]
    Credentials,
}

/// The host of an address that can be called, without brackets.
///
/// # Errors
/// [`CallbackUrlError`].
pub fn callback_host(url: &str) -> Result<&str, CallbackUrlError> {
    let scheme = url.split_once("://").map(|(scheme, rest)| (scheme.to_ascii_lowercase(), rest));
    let rest = match scheme {
        Some((scheme, rest)) if scheme == "http" || scheme == "https" => rest,
        _ => return Err(CallbackUrlError::Scheme),
    };
    let plain = url.bytes().all(|b| b.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&b));
    if !plain || url.len() > MAX_CALLBACK_URL {
        return Err(CallbackUrlError::Malformed);
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err(CallbackUrlError::Credentials);
    }
    let (host, port) = match authority.strip_prefix('[') {
        Some(literal) => {
            let (host, after) = literal.split_once(']').ok_or(CallbackUrlError::Malformed)?;
            host.parse::<Ipv6Addr>().map_err(|_| CallbackUrlError::Malformed)?;
            (host, after.strip_prefix(':'))
        }
        None => match authority.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        },
    };
    let port_is_good = port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0));
    let letters = |b: u8| b.is_ascii_alphanumeric() || b"-._:".contains(&b);
    if host.is_empty() || !port_is_good || !host.bytes().all(letters) {
        return Err(CallbackUrlError::Malformed);
    }
    Ok(host)
}

/// Whether an address is one of the open internet. All others are those of machines that only the
/// server's own network reaches, and of nobody.
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, d] = ip.octets();
    let special = a == 0
        || a >= 240
        || ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_multicast()
        || ip.is_documentation()
        // Carrier-grade NAT, where one provider keeps its metadata too.
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19))
        // A provider's metadata on an address that looks public.
        || (a, b, c, d) == (168, 63, 129, 16);
    !special
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    if let Some(inner) = ip.to_ipv4_mapped() {
        return is_public_v4(inner);
    }
    let s = ip.segments();
    let inner = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match s {
        // NAT64 and 6to4 lead to the address they hold.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => inner(high, low),
        // Only 2000::/3 is given out; of that, not Teredo and its neighbours, and not documentation.
        [0x2001, second, ..] if second < 0x200 || second == 0x0db8 => false,
        [0x3fff, second, ..] if second < 0x1000 => false,
        [first, ..] => (0x2000..0x4000).contains(&first),
    }
}

/// For how long after the event a delivery is tried more often than every hour.
const EAGER: SignedDuration = SignedDuration::from_hours(1);

/// For how long after the event a delivery is tried at all.
const PATIENCE: SignedDuration = SignedDuration::from_hours(24);

/// When a delivery that just failed is tried again: after the interval, in minutes, during the first
/// hour after the event, then every hour. None: it is dropped, 24 hours after the event.
pub fn next_delivery(happened: Timestamp, now: Timestamp, interval: i64) -> Option<Timestamp> {
    let eager = now.duration_since(happened) < EAGER;
    let minutes = if eager { interval.clamp(1, MAX_CALLBACK_INTERVAL) } else { 60 };
    let next = now + SignedDuration::from_mins(minutes);
    (next.duration_since(happened) <= PATIENCE).then_some(next)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_and_names_are_read_alike() {
        for kind in CallbackType::ALL {
            assert_eq!(CallbackType::parse(&format!(" {} ", kind.code())), Some(kind));
            assert_eq!(CallbackType::parse(&kind.name().to_uppercase()), Some(kind));
            assert_eq!(kind.of_proofs(), kind.code() <= 10);
        }
        for bad in ["", "0", "11", "19", "24", "-1", "comment", "1.0"] {
            assert_eq!(CallbackType::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn addresses_that_can_be_called() {
        for (url, host) in [
            ("https://hooks.example.com/a?b=c", "hooks.example.com"),
            ("HTTP://hooks.example.com", "hooks.example.com"),
            ("http://hooks.example.com:8080?x", "hooks.example.com"),
            ("http://10.0.0.1/", "10.0.0.1"),
            ("http://[2001:db8::1]:81/x", "2001:db8::1"),
        ] {
            assert_eq!(callback_host(url), Ok(host), "{url}");
        }
        for (url, error) in [
            ("", CallbackUrlError::Scheme),
            ("hooks.example.com", CallbackUrlError::Scheme),
            ("ftp://hooks.example.com", CallbackUrlError::Scheme),
            ("file:///etc/passwd", CallbackUrlError::Scheme),
            ("http://", CallbackUrlError::Malformed),
            ("http:///path", CallbackUrlError::Malformed),
            ("http://:80/", CallbackUrlError::Malformed),
            ("http://a:99999/", CallbackUrlError::Malformed),
            ("http://a:0/", CallbackUrlError::Malformed),
            ("http://a b/", CallbackUrlError::Malformed),
            ("http://a/\r\nX: y", CallbackUrlError::Malformed),
            ("http://[::1/", CallbackUrlError::Malformed),
            ("http://[localhost]/", CallbackUrlError::Malformed),
            ("http://ü.example.com/", CallbackUrlError::Malformed),
            ("http://ann:secret@example.com/", CallbackUrlError::Credentials),
        ] {
            assert_eq!(callback_host(url), Err(error), "{url}");
        }
        assert!(callback_host(&format!("http://a/{}", "x".repeat(MAX_CALLBACK_URL))).is_err());
    }

    #[test]
    fn the_open_internet_and_the_rest() {
        for public in
            ["1.1.1.1", "93.184.216.34", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2002:101:101::"]
        {
            assert!(is_public(public.parse().expect(public)), "{public}");
        }
        for other in [
            "0.0.0.0",
            "10.1.2.3",
            "127.0.0.1",
            "127.9.9.9",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "100.100.100.200",
            "168.63.129.16",
            "192.0.0.192",
            "198.18.0.1",
            "203.0.113.7",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001::1",
            "2001:db8::1",
            "fe80::1",
            "fc00::1",
            "fd00:ec2::254",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!is_public(other.parse().expect(other)), "{other}");
        }
    }

    fn minutes(count: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(count)
    }

    #[test]
    fn when_it_is_tried_again() {
        // minutes since the event, interval, minutes since the event of the next try
        for (now, interval, next) in [
            (0, 5, Some(5)),
            (55, 5, Some(60)),
            (60, 5, Some(120)),
            (59, 30, Some(89)),
            (89, 30, Some(149)),
            (0, 0, Some(1)),
            (0, 90, Some(90)),
            (1379, 5, Some(1439)),
            (1380, 5, Some(1440)),
            (1381, 5, None),
            (9000, 5, None),
        ] {
            assert_eq!(next_delivery(minutes(0), minutes(now), interval), next.map(minutes), "{now}");
        }
    }

    proptest! {
        #[test]
        fn it_ends_within_a_day(interval in -5i64..5000) {
            let (mut now, mut tries) = (minutes(0), 1);
            while let Some(next) = next_delivery(minutes(0), now, interval) {
                prop_assert!(next > now);
                (now, tries) = (next, tries + 1);
            }
            prop_assert!(now <= minutes(1440));
            prop_assert!(tries <= 60 + 24);
        }

        #[test]
        fn no_text_panics(text in ".*") {
            let _ = callback_host(&text);
        }
    }
}
