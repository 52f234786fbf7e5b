use std::fmt;
use std::str::FromStr;

/// Version of an API as `major.minor`, ordered numerically: 13.2 comes before 13.17.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ApiVersion {
    major: u16,
    minor: u16,
}

impl ApiVersion {
    /// Lower than every other version: `since` of what was always there.
    pub const FIRST: ApiVersion = ApiVersion::new(0, 0);

    /// The version `major.minor`.
    pub const fn new(major: u16, minor: u16) -> ApiVersion {
        ApiVersion { major, minor }
    }

    /// The number before the dot.
    pub const fn major(self) -> u16 {
        self.major
    }

    /// The number after the dot.
    pub const fn minor(self) -> u16 {
        self.minor
    }

    /// Whether something that exists from `since` until just before `until` exists in this version.
    pub fn has(self, since: ApiVersion, until: Option<ApiVersion>) -> bool {
        since <= self && until.is_none_or(|until| self < until)
    }
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

impl fmt::Debug for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text is not of the form `major.minor`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParseVersionError;

impl fmt::Display for ParseVersionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an API version is written as major.minor, for example 12.1")
    }
}

impl std::error::Error for ParseVersionError {}

impl FromStr for ApiVersion {
    type Err = ParseVersionError;

    fn from_str(text: &str) -> Result<ApiVersion, ParseVersionError> {
        let (major, minor) = text.split_once('.').ok_or(ParseVersionError)?;
        let number = |text: &str| {
            let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| text.parse().ok()).flatten().ok_or(ParseVersionError)
        };
        Ok(ApiVersion::new(number(major)?, number(minor)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_order_by_number() {
        assert!(ApiVersion::new(13, 2) < ApiVersion::new(13, 17));
        assert!(ApiVersion::new(9, 9) < ApiVersion::new(12, 1));
        assert_eq!("16.24".parse(), Ok(ApiVersion::new(16, 24)));
        for bad in ["", "12", "12.", ".1", "12.1.0", "+12.1", "a.b", "99999.1"] {
            assert_eq!(bad.parse::<ApiVersion>(), Err(ParseVersionError), "{bad}");
        }
    }

    #[test]
    fn until_is_exclusive() {
        let (since, until) = (ApiVersion::new(12, 1), Some(ApiVersion::new(13, 0)));
        assert!(ApiVersion::new(12, 9).has(since, until));
        assert!(!ApiVersion::new(13, 0).has(since, until));
        assert!(!ApiVersion::new(12, 0).has(since, until));
    }
}
