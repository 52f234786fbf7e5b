//! Who administers whom (`product.md` 2.1, notes).

use crate::Profile;
use thiserror::Error;

/// Why a change of a user is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum AdministrationError {
    /// Only administrators change users.
    #[error("only administrators add, change and remove users")]
    NotAdministrator,
    /// Only billing administrators give that profile, and change those who have it: otherwise an
    /// administrator could become one by setting a billing administrator's password.
    #[error("only billing administrators may do this with a billing administrator")]
    BillingAdministrator,
    /// Somebody must be left.
    #[error("the account must keep at least one user with administrator permission")]
    LastAdministrator,
}

/// Whether somebody with the profile `by` may make or change a user from one profile to another.
/// A new user has no profile before.
///
/// # Errors
/// [`AdministrationError`].
pub fn may_administer(
    by: Profile,
    before: Option<Profile>,
    after: Profile,
) -> Result<(), AdministrationError> {
    if !by.administers() {
        return Err(AdministrationError::NotAdministrator);
    }
    let billing = before == Some(Profile::BillingAdmin) || after == Profile::BillingAdmin;
    if billing && by != Profile::BillingAdmin {
        return Err(AdministrationError::BillingAdministrator);
    }
    Ok(())
}

/// Whether an account still has its administrators when somebody active loses the profile `lost`.
/// `others` are the profiles of all other active users. With the last billing administrator nobody
/// could ever name one again, so that one is kept as well.
///
/// # Errors
/// [`AdministrationError::LastAdministrator`].
pub fn keeps_administrators(lost: Profile, others: &[Profile]) -> Result<(), AdministrationError> {
    let none = |kept: fn(&Profile) -> bool| !others.iter().any(kept);
    let last = match lost {
        Profile::BillingAdmin => none(|profile| *profile == Profile::BillingAdmin),
        Profile::Admin => none(|profile| profile.administers()),
        _ => false,
    };
    if last { Err(AdministrationError::LastAdministrator) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use AdministrationError::*;
    use Profile::*;

    #[test]
    fn who_may_administer_whom() {
        let table = [
            (BillingAdmin, None, BillingAdmin, Ok(())),
            (BillingAdmin, Some(BillingAdmin), Visitor, Ok(())),
            (Admin, None, Admin, Ok(())),
            (Admin, Some(Admin), Manager, Ok(())),
            (Admin, None, BillingAdmin, Err(BillingAdministrator)),
            (Admin, Some(Manager), BillingAdmin, Err(BillingAdministrator)),
            (Admin, Some(BillingAdmin), BillingAdmin, Err(BillingAdministrator)),
            (Admin, Some(BillingAdmin), Manager, Err(BillingAdministrator)),
            (Supervisor, None, Visitor, Err(NotAdministrator)),
            (Manager, Some(Visitor), Visitor, Err(NotAdministrator)),
            (Observer, Some(Visitor), Visitor, Err(NotAdministrator)),
            (Visitor, None, Visitor, Err(NotAdministrator)),
        ];
        for (by, before, after, expected) in table {
            assert_eq!(may_administer(by, before, after), expected, "{by:?} {before:?} {after:?}");
        }
    }

    #[test]
    fn the_last_administrator_stays() {
        let table = [
            (Admin, vec![Manager, Observer], Err(LastAdministrator)),
            (Admin, vec![BillingAdmin], Ok(())),
            (BillingAdmin, vec![Admin], Err(LastAdministrator)),
            (BillingAdmin, vec![BillingAdmin], Ok(())),
            (Supervisor, vec![], Ok(())),
            (Manager, vec![Manager], Ok(())),
        ];
        for (lost, others, expected) in table {
            assert_eq!(keeps_administrators(lost, &others), expected, "{lost:?} {others:?}");
        }
    }
}
