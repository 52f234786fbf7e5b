//! Version sets (`product.md` 3.8).

use thiserror::Error;

/// Why a version cannot follow another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum VersionError {
    /// Versions form a chain: only the newest one has a successor.
    #[error("a newer version exists already; new versions follow the newest one")]
    NotNewest,
    /// The chain is as long as a number on the wire can say.
    #[error("this proof has too many versions")]
    TooMany,
}

/// Number of the version that follows `parent` in a set whose newest version is `newest`.
///
/// # Errors
/// [`VersionError`] when the parent is not the newest.
pub fn next_version(parent: i64, newest: i64) -> Result<i64, VersionError> {
    if parent != newest {
        return Err(VersionError::NotNewest);
    }
    if newest >= 10_000 {
        return Err(VersionError::TooMany);
    }
    Ok(newest + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_a_chain() {
        assert_eq!(next_version(1, 1), Ok(2));
        assert_eq!(next_version(1, 2), Err(VersionError::NotNewest));
        assert_eq!(next_version(10_000, 10_000), Err(VersionError::TooMany));
    }
}
