//! Plans: what an account may use (`product.md` 9.10). Nothing is paid for; a plan is a set of limits
//! that an administrator of the server or the hub gives to an account.

use crate::{Profile, Timestamp, UserId};
use jiff::tz::TimeZone;

/// A limit that is none: the largest number that clients read.
pub const UNLIMITED: i64 = i32::MAX as i64;

/// A set of limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Number on the wire and in the database.
    pub id: i64,
    /// Name as people read it.
    pub name: &'static str,
    /// Users that may be switched on at a time.
    pub users: i64,
    /// Storage of originals in megabytes.
    pub storage_mb: i64,
    /// Proofs a month.
    pub proofs: i64,
}

impl Plan {
    /// The plan of every account that nobody gave another one.
    pub const UNLIMITED: Plan =
        Plan { id: 1, name: "Unlimited", users: UNLIMITED, storage_mb: UNLIMITED, proofs: UNLIMITED };

    /// The smallest plan; people who sign up by themselves start with it.
    pub const STANDARD: Plan = Plan { id: 2, name: "Standard", users: 20, storage_mb: 10_000, proofs: 500 };

    /// All plans, in the order they are listed.
    pub const ALL: [Plan; 4] = [
        Plan::UNLIMITED,
        Plan::STANDARD,
        Plan { id: 3, name: "Select", users: 100, storage_mb: 100_000, proofs: 2_500 },
        Plan { id: 4, name: "Premium", users: 500, storage_mb: 1_000_000, proofs: 10_000 },
    ];

    /// The plan with this number.
    pub fn from_id(id: i64) -> Option<Plan> {
        Self::ALL.into_iter().find(|plan| plan.id == id)
    }

    /// Whether one more user may be switched on beside so many.
    pub const fn takes_user(&self, active: i64) -> bool {
        self.users == UNLIMITED || active < self.users
    }

    /// Whether one more proof may be made this month after so many.
    pub const fn takes_proof(&self, made: i64) -> bool {
        self.proofs == UNLIMITED || made < self.proofs
    }

    /// Whether so many bytes fit beside those that are stored.
    pub const fn takes_bytes(&self, stored: i64, more: i64) -> bool {
        self.storage_mb == UNLIMITED
            || stored.saturating_add(more) <= self.storage_mb.saturating_mul(1_000_000)
    }
}

/// Whether a version with this number is one of those that plans count: of five in a row, the first.
pub const fn counts_as_proof(version: i64) -> bool {
    (version - 1) % 5 == 0
}

/// Start and end of the month of a plan in which `now` lies. Months are counted from the day on which
/// the plan began, by the calendar of the zone; a day that a month lacks is its last one.
pub fn plan_month(began: Timestamp, now: Timestamp, zone: &TimeZone) -> (Timestamp, Timestamp) {
    let first = zone.to_datetime(began);
    let month = |n: i64| {
        let span = jiff::Span::new().try_months(n).ok()?;
        let day = first.checked_add(span).ok()?;
        zone.to_ambiguous_zoned_datetime(day).compatible().ok().map(|at| at.timestamp())
    };
    let today = zone.to_datetime(now);
    let guess = (i64::from(today.year()) - i64::from(first.year())) * 12 + i64::from(today.month())
        - i64::from(first.month());
    // The guess may be one too many early in a month.
    let n = match month(guess) {
        Some(start) if start <= now => guess,
        _ => guess - 1,
    };
    (month(n).unwrap_or(began), month(n + 1).unwrap_or(Timestamp::MAX))
}

/// Who is switched off when a plan takes fewer users than there are: whoever has fewest rights, and
/// among equals whoever came last.
pub fn surplus_users(plan: &Plan, active: &[(UserId, Profile)]) -> Vec<UserId> {
    let mut ranked = active.to_vec();
    ranked.sort_by_key(|(id, profile)| (profile.code(), *id));
    let keep = usize::try_from(plan.users.max(1)).unwrap_or(usize::MAX);
    ranked.into_iter().skip(keep).map(|(id, _)| id).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    #[test]
    fn limits_are_limits() {
        let plan = Plan { users: 2, storage_mb: 1, proofs: 3, ..Plan::STANDARD };
        assert!(plan.takes_user(1) && !plan.takes_user(2));
        assert!(plan.takes_proof(2) && !plan.takes_proof(3));
        assert!(plan.takes_bytes(999_999, 1) && !plan.takes_bytes(999_999, 2));
        let all = Plan::UNLIMITED;
        assert!(all.takes_user(i64::MAX) && all.takes_proof(i64::MAX) && all.takes_bytes(i64::MAX, i64::MAX));
        for plan in Plan::ALL {
            assert_eq!(Plan::from_id(plan.id), Some(plan));
        }
    }

    #[test]
    fn every_started_block_of_five_versions_counts_once() {
        let counted = |versions: i64| (1..=versions).filter(|n| counts_as_proof(*n)).count();
        assert_eq!([1, 5, 6, 10, 11].map(counted), [1, 1, 2, 2, 3]);
    }

    #[test]
    fn months_follow_the_calendar() {
        let table = [
            ("2026-01-31T10:00:00Z", "2026-02-27T00:00:00Z", "2026-01-31T10:00:00Z", "2026-02-28T10:00:00Z"),
            ("2026-01-31T10:00:00Z", "2026-03-01T00:00:00Z", "2026-02-28T10:00:00Z", "2026-03-31T10:00:00Z"),
            ("2025-11-15T00:00:00Z", "2026-02-14T23:59:59Z", "2026-01-15T00:00:00Z", "2026-02-15T00:00:00Z"),
            ("2025-11-15T00:00:00Z", "2026-02-15T00:00:00Z", "2026-02-15T00:00:00Z", "2026-03-15T00:00:00Z"),
        ];
        for (began, now, start, end) in table {
            assert_eq!(plan_month(at(began), at(now), &TimeZone::UTC), (at(start), at(end)), "{began} {now}");
        }
    }

    #[test]
    fn the_last_and_the_least_go_first() {
        let plan = Plan { users: 2, ..Plan::STANDARD };
        let people = [
            (UserId(1), Profile::Observer),
            (UserId(2), Profile::Manager),
            (UserId(3), Profile::BillingAdmin),
            (UserId(4), Profile::Manager),
        ];
        assert_eq!(surplus_users(&plan, &people), [UserId(4), UserId(1)]);
        assert_eq!(surplus_users(&Plan::UNLIMITED, &people), []);
    }

    proptest! {
        #[test]
        fn now_lies_in_its_month(began in 0i64..2_000_000_000, later in 0i64..400_000_000) {
            let (began, now) = (Timestamp::from_second(began).expect("in range"),
                Timestamp::from_second(began + later).expect("in range"));
            let (start, end) = plan_month(began, now, &TimeZone::UTC);
            prop_assert!(start <= now && now < end, "{} {} {} {}", began, start, now, end);
        }
    }
}
