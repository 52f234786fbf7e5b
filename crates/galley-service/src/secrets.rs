//! Random codes, and what is kept of secrets.

use crate::ServiceError;
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use sha2::{Digest, Sha256};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// Where randomness comes from. Injected, so that tests and demo data can repeat themselves.
pub trait Random: Send + Sync {
    /// Fills the buffer.
    fn fill(&self, buffer: &mut [u8]);
}

/// The operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsRandom;

impl Random for OsRandom {
    #[allow(
        clippy::disallowed_methods,
        clippy::expect_used,
        reason = "the one place that asks the system; without randomness no secret may be made"
    )]
    fn fill(&self, buffer: &mut [u8]) {
        getrandom::fill(buffer).expect("the operating system gives randomness");
    }
}

/// The same sequence every time. For tests only.
#[derive(Debug, Default)]
pub struct SeededRandom(AtomicU64);

impl Random for SeededRandom {
    fn fill(&self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(32) {
            let count = self.0.fetch_add(1, Ordering::SeqCst);
            let digest = Sha256::digest(count.to_le_bytes());
            chunk.copy_from_slice(&digest[..chunk.len()]);
        }
    }
}

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A code of `length` letters and digits, each worth 5.95 bits.
pub(crate) fn code(random: &dyn Random, length: usize) -> String {
    let mut code = String::with_capacity(length);
    let mut buffer = [0u8; 64];
    while code.len() < length {
        random.fill(&mut buffer);
        for byte in buffer {
            // 248 is the largest multiple of 62 in a byte: above it, some letters would come more often.
            if byte < 248 && code.len() < length {
                code.push(char::from(ALPHABET[usize::from(byte % 62)]));
            }
        }
    }
    code
}

/// Hexadecimal text of random bytes.
pub(crate) fn hex(random: &dyn Random, bytes: usize) -> String {
    let mut buffer = vec![0; bytes];
    random.fill(&mut buffer);
    buffer.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What is stored of a session id or API token. These are long and random, so a fast hash is enough.
pub(crate) fn token_hash(token: &str) -> String {
    Sha256::digest(token.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// One password at a time: each takes 19 MiB and some 20 ms, and a storm of logins must not take
/// the memory of everybody else.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// What is stored of a password, in PHC form (Argon2id).
pub(crate) fn hash_password(random: &dyn Random, password: &str) -> Result<String, ServiceError> {
    let _turn = ONE_AT_A_TIME.lock();
    let mut salt = [0u8; 16];
    random.fill(&mut salt);
    let hash = Argon2::default()
        .hash_password_with_salt(password.as_bytes(), &salt)
        .map_err(|error| ServiceError::internal(&error))?;
    Ok(hash.to_string())
}

/// Whether this is the password. Takes as long when nothing is stored, so that time tells nothing
/// about which addresses have a login.
pub(crate) fn verify_password(password: &str, stored: Option<&str>) -> bool {
    const NOBODY: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$Z2FsbGV5LW5vYm9keQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let _turn = ONE_AT_A_TIME.lock();
    let matches = PasswordHash::new(stored.unwrap_or(NOBODY))
        .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok());
    matches && stored.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords() {
        let stored = hash_password(&OsRandom, "galley-demo").expect("hashes");
        assert!(verify_password("galley-demo", Some(&stored)));
        assert!(!verify_password("galley-Demo", Some(&stored)));
        assert!(!verify_password("", None));
        assert!(!verify_password("x", Some("not a hash")));
    }

    #[test]
    fn codes_are_long_and_differ() {
        let (a, b) = (code(&OsRandom, 22), code(&OsRandom, 22));
        assert_eq!(a.len(), 22);
        assert_ne!(a, b);
        assert!(a.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    }
}
