//! Dropzones: public pages where people without a login hand in files (`product.md` 3.3).

use crate::{AccountId, Alert, Role, UserId, WorkspaceId};

/// So many files are handed in at a time at most (`product.md` 11, "Separate files per go").
pub const MAX_DROPZONE_FILES: i64 = 20;

/// The dropzone of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dropzone {
    /// The account it belongs to.
    pub account: AccountId,
    /// Secret part of its address.
    pub code: String,
    /// It takes files.
    pub enabled: bool,
    /// Who owns what is handed in.
    pub owner: UserId,
    /// Folder that it goes to.
    pub workspace: Option<WorkspaceId>,
    /// What whoever hands something in may do on it.
    pub role: Role,
    /// How much mail they get about it.
    pub alert: Alert,
    /// It is active at once; nobody has to look at it first.
    pub activate: bool,
    /// Domains whose people may hand in, in lower case; none lets everybody.
    pub domains: Vec<String>,
    /// Addresses that are told of it beside the owner.
    pub tell: Vec<String>,
}

/// Why a dropzone does not take something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DropzoneRefusal {
    /// It takes nothing now.
    Closed,
    /// People of that domain may not hand in.
    Domain,
    /// Too large.
    Size,
    /// Too many files, or none.
    Count,
}

impl DropzoneRefusal {
    /// The reason as a sentence for whoever hands in.
    pub const fn text(self) -> &'static str {
        match self {
            DropzoneRefusal::Closed => "This dropzone takes no files at the moment.",
            DropzoneRefusal::Domain => "This dropzone takes no files from your e-mail address.",
            DropzoneRefusal::Size => "The files are larger than this server takes.",
            DropzoneRefusal::Count => "This dropzone takes 1 to 20 files at a time.",
        }
    }
}

impl Dropzone {
    /// Whether it takes so many files of this size together from somebody; `limit` is the largest upload.
    ///
    /// # Errors
    /// [`DropzoneRefusal`].
    pub fn takes(&self, email: &str, size: u64, count: i64, limit: u64) -> Result<(), DropzoneRefusal> {
        let domain = email.rsplit('@').next().unwrap_or_default().trim().to_lowercase();
        if !self.enabled {
            Err(DropzoneRefusal::Closed)
        } else if !self.domains.is_empty() && !self.domains.contains(&domain) {
            Err(DropzoneRefusal::Domain)
        } else if !(1..=MAX_DROPZONE_FILES).contains(&count) {
            Err(DropzoneRefusal::Count)
        } else if size > limit.saturating_mul(count.unsigned_abs()) {
            Err(DropzoneRefusal::Size)
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_dropzone_takes() {
        let open = Dropzone {
            account: AccountId(1),
            code: "c".to_owned(),
            enabled: true,
            owner: UserId(1),
            workspace: None,
            role: Role::Reviewer,
            alert: Alert::OwnDefault,
            activate: false,
            domains: Vec::new(),
            tell: Vec::new(),
        };
        let only = Dropzone { domains: vec!["example.com".to_owned()], ..open.clone() };
        let closed = Dropzone { enabled: false, ..open.clone() };
        let table = [
            (&open, "ann@anywhere.test", 10, 1, Ok(())),
            (&open, "ann@anywhere.test", 11, 1, Err(DropzoneRefusal::Size)),
            (&open, "ann@anywhere.test", 20, 2, Ok(())),
            (&open, "ann@anywhere.test", 0, 0, Err(DropzoneRefusal::Count)),
            (&open, "ann@anywhere.test", 1, 20, Ok(())),
            (&open, "ann@anywhere.test", 1, 21, Err(DropzoneRefusal::Count)),
            (&open, "ann@anywhere.test", 1, -1, Err(DropzoneRefusal::Count)),
            (&only, "Ann@Example.COM", 1, 1, Ok(())),
            (&only, "ann@sub.example.com", 1, 1, Err(DropzoneRefusal::Domain)),
            (&only, "ann@example.com@evil.test", 1, 1, Err(DropzoneRefusal::Domain)),
            (&closed, "ann@example.com", 1, 1, Err(DropzoneRefusal::Closed)),
        ];
        for (zone, email, size, count, expected) in table {
            assert_eq!(zone.takes(email, size, count, 10), expected, "{email} {size} {count}");
        }
    }
}
