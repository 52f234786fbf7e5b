//! Rules for passwords and for failed logins (`product.md` 9.5).

use crate::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Longest password that is taken at all: hashing more is work for nothing.
pub const MAX_PASSWORD: usize = 256;

/// What an account asks of passwords and what it does about guessing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PasswordRules {
    /// Fewest characters.
    pub length: i64,
    /// Fewest lower-case letters.
    pub lowercase: i64,
    /// Fewest upper-case letters.
    pub uppercase: i64,
    /// Fewest digits.
    pub digits: i64,
    /// Fewest characters that are neither letter nor digit.
    pub symbols: i64,
    /// How often one character may occur; 0 for any number.
    pub repetition: i64,
    /// Days after which a password has to be replaced; 0 for never.
    pub lifetime_days: i64,
    /// Failed logins in a row that lock a login.
    pub attempts: i64,
    /// Minutes for which it stays locked.
    pub lock_minutes: i64,
}

impl Default for PasswordRules {
    fn default() -> PasswordRules {
        PasswordRules {
            length: 6,
            lowercase: 0,
            uppercase: 0,
            digits: 0,
            symbols: 0,
            repetition: 0,
            lifetime_days: 0,
            attempts: 10,
            lock_minutes: 15,
        }
    }
}

/// Why a password cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PasswordError {
    /// Too few characters.
    #[error("the password needs at least {0} characters")]
    Short(i64),
    /// More characters than anybody types.
    #[error("the password may have at most 256 characters")]
    Long,
    /// Too few characters of a kind.
    #[error("the password needs at least {0} {1}")]
    Mix(i64, &'static str),
    /// A character occurs too often.
    #[error("a character may occur at most {0} times in the password")]
    Repetition(i64),
}

/// A rule that no account can have; names it and its range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{name} must be between {from} and {to}")]
pub struct RuleError {
    /// The rule in words.
    pub name: &'static str,
    /// Smallest value.
    pub from: i64,
    /// Largest value.
    pub to: i64,
}

fn counted(count: i64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

impl PasswordRules {
    /// Whether an account can have these rules.
    ///
    /// # Errors
    /// The first rule out of its range. Guessing cannot be left unlimited.
    pub fn check(&self) -> Result<(), RuleError> {
        for (name, value, from, to) in [
            ("the length of passwords", self.length, 1, 100),
            ("the number of lower-case letters", self.lowercase, 0, 20),
            ("the number of upper-case letters", self.uppercase, 0, 20),
            ("the number of digits", self.digits, 0, 20),
            ("the number of symbols", self.symbols, 0, 20),
            ("the repetition of a character", self.repetition, 0, 100),
            ("the lifetime of passwords in days", self.lifetime_days, 0, 3650),
            ("the number of attempts", self.attempts, 1, 100),
            ("the lock time in minutes", self.lock_minutes, 1, 10_080),
        ] {
            if !(from..=to).contains(&value) {
                return Err(RuleError { name, from, to });
            }
        }
        Ok(())
    }

    /// What a password has to be like, a line for each rule.
    pub fn in_words(&self) -> Vec<String> {
        let mut rules = vec![format!("at least {}", counted(self.length, "character", "characters"))];
        for (needed, one, many) in [
            (self.lowercase, "lower-case letter", "lower-case letters"),
            (self.uppercase, "upper-case letter", "upper-case letters"),
            (self.digits, "digit", "digits"),
            (self.symbols, "symbol", "symbols"),
        ] {
            if needed > 0 {
                rules.push(format!("at least {}", counted(needed, one, many)));
            }
        }
        match self.repetition {
            0 => {}
            1 => rules.push("no character twice".to_owned()),
            often => rules.push(format!("no character more than {often} times")),
        }
        rules
    }

    /// Whether a password satisfies the rules.
    ///
    /// # Errors
    /// The first rule that it breaks.
    pub fn accept(&self, password: &str) -> Result<(), PasswordError> {
        let length = password.chars().count();
        if length > MAX_PASSWORD {
            return Err(PasswordError::Long);
        }
        if count(length) < self.length {
            return Err(PasswordError::Short(self.length));
        }
        let of = |kind: fn(char) -> bool| count(password.chars().filter(|c| kind(*c)).count());
        for (needed, found, what) in [
            (self.lowercase, of(char::is_lowercase), "lower-case letters"),
            (self.uppercase, of(char::is_uppercase), "upper-case letters"),
            (self.digits, of(char::is_numeric), "digits"),
            (self.symbols, of(|c| !c.is_alphanumeric()), "symbols"),
        ] {
            if found < needed {
                return Err(PasswordError::Mix(needed, what));
            }
        }
        let often = |c: char| count(password.chars().filter(|other| *other == c).count());
        if self.repetition > 0 && password.chars().any(|c| often(c) > self.repetition) {
            return Err(PasswordError::Repetition(self.repetition));
        }
        Ok(())
    }

    /// Whether a password set at that time has to be replaced by now.
    pub fn expired(&self, set_at: Timestamp, now: Timestamp) -> bool {
        let age = now.as_second().saturating_sub(set_at.as_second());
        self.lifetime_days > 0 && age >= self.lifetime_days.saturating_mul(24 * 60 * 60)
    }

    /// Whether so many failed logins in a row lock a login.
    pub const fn locks(&self, failures: i64) -> bool {
        failures >= self.attempts
    }
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn which_password_breaks_which_rule() {
        let strict = PasswordRules {
            length: 8,
            lowercase: 1,
            uppercase: 2,
            digits: 1,
            symbols: 1,
            repetition: 2,
            ..PasswordRules::default()
        };
        let table = [
            (PasswordRules::default(), "12345", Err(PasswordError::Short(6))),
            (PasswordRules::default(), "aaaaaa", Ok(())),
            (PasswordRules::default(), "ééé", Err(PasswordError::Short(6))),
            (strict, "ABCDEFG1!", Err(PasswordError::Mix(1, "lower-case letters"))),
            (strict, "Abcdefg1!", Err(PasswordError::Mix(2, "upper-case letters"))),
            (strict, "ABcdefgh!", Err(PasswordError::Mix(1, "digits"))),
            (strict, "ABcdefg12", Err(PasswordError::Mix(1, "symbols"))),
            (strict, "ABccc1! x", Err(PasswordError::Repetition(2))),
            (strict, "ABcc1! x", Ok(())),
        ];
        for (rules, password, expected) in table {
            assert_eq!(rules.accept(password), expected, "{password}");
        }
        assert_eq!(PasswordRules::default().accept(&"x".repeat(257)), Err(PasswordError::Long));
    }

    #[test]
    fn passwords_age_in_days() {
        let at = |second| Timestamp::from_second(second).expect("in range");
        let week = PasswordRules { lifetime_days: 7, ..PasswordRules::default() };
        let day = 24 * 60 * 60;
        assert!(!week.expired(at(0), at(7 * day - 1)));
        assert!(week.expired(at(0), at(7 * day)));
        assert!(!PasswordRules::default().expired(at(0), at(9999 * day)));
    }

    #[test]
    fn rules_have_ranges() {
        assert_eq!(PasswordRules::default().check(), Ok(()));
        for bad in [
            PasswordRules { length: 0, ..PasswordRules::default() },
            PasswordRules { symbols: -1, ..PasswordRules::default() },
            PasswordRules { attempts: 0, ..PasswordRules::default() },
            PasswordRules { lock_minutes: 10_081, ..PasswordRules::default() },
        ] {
            assert!(bad.check().is_err(), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn stricter_rules_take_no_more_passwords(
            password in ".{0,20}", length in 1i64..20, digits in 0i64..5, more in 0i64..5,
        ) {
            let rules = PasswordRules { length, digits, ..PasswordRules::default() };
            let stricter = PasswordRules { length: length + more, digits: digits + more, ..rules };
            prop_assert!(stricter.accept(&password).is_err() || rules.accept(&password).is_ok());
        }
    }
}
