//! The people an account knows (`product.md` 1.1, 8.11).

use crate::accounts::reach;
use crate::error::bad_name;
use crate::{Missing, Service, ServiceError, UserCaller};
use galley_model::{
    Account, AccountId, Address, AddressEdit, Alert, Contact, EventKind, Person, Role, User, UserStatus,
    clean_name, edited, email_address,
};
use galley_store::{NewPerson, PersonChanges, StoreError};

/// Contacts that a page of the address book holds, as many as one of the activity list.
const CONTACTS: i64 = 25;

/// A guest to be in the address book.
#[derive(Clone, Debug, Default)]
pub struct ContactInput {
    /// Address.
    pub email: String,
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// Job title.
    pub position: String,
    /// Company.
    pub company: String,
    /// Where they are.
    pub address: AddressEdit,
    /// Role when somebody adds them without naming one. Not one that needs a login.
    pub default_role: Option<Role>,
    /// How much mail they want when somebody adds them without saying.
    pub default_alert: Option<Alert>,
}

/// An account whose users are members to the caller's.
#[derive(Clone, Debug)]
pub struct RelatedAccount {
    /// The account.
    pub account: Account,
    /// Its users.
    pub people: Vec<Contact>,
}

impl Service {
    /// A page of the caller's address book, by name: users, guests, and members of hub and satellites.
    /// People who may not see contacts get none.
    ///
    /// # Errors
    /// [`ServiceError`] when the database fails.
    pub fn contacts(&self, caller: &UserCaller, offset: i64) -> Result<Vec<Contact>, ServiceError> {
        if !caller.profile().sees_contacts() {
            return Ok(Vec::new());
        }
        Ok(self.store().read(|tx| tx.contacts(caller.account(), offset.max(0), CONTACTS))?)
    }

    /// Hub and satellites of the caller's account with their users, by name. People who may not see
    /// contacts get none.
    ///
    /// # Errors
    /// [`ServiceError`] when the database fails.
    pub fn related_accounts(&self, caller: &UserCaller) -> Result<Vec<RelatedAccount>, ServiceError> {
        if !caller.profile().sees_contacts() {
            return Ok(Vec::new());
        }
        self.store().read(|tx| {
            let accounts = tx.related_accounts(caller.account())?;
            let ids: Vec<AccountId> = accounts.iter().map(|account| account.id).collect();
            let members = tx.members(&ids)?;
            let related = accounts.into_iter().map(|account| {
                let people = members.iter().filter(|one| one.account == account.id).cloned().collect();
                RelatedAccount { account, people }
            });
            Ok(related.collect())
        })
    }

    /// Adds a guest to an address book.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for profiles that create nothing, [`ServiceError::NotFound`] for an
    /// account out of reach, [`ServiceError::Conflict`] for who is in the book already,
    /// [`ServiceError::Invalid`].
    pub fn add_contact(
        &self,
        caller: &UserCaller,
        account: Option<AccountId>,
        input: &ContactInput,
    ) -> Result<Contact, ServiceError> {
        if !caller.profile().creates() {
            return Err(ServiceError::Forbidden);
        }
        let email = email_address(&input.email).map_err(bad_name("email"))?;
        let full = format!("{} {}", input.first_name, input.last_name);
        let name = match full.trim() {
            "" => email.clone(),
            name => clean_name(name).map_err(bad_name("name"))?,
        };
        let position = edited("", Some(&input.position)).map_err(bad_name("position"))?;
        let company = edited("", Some(&input.company)).map_err(bad_name("company"))?;
        let address = Address::default().edited(&input.address).map_err(bad_name("address"))?;
        let default_role = input.default_role.unwrap_or(Role::ReviewerApprover);
        if !default_role.for_guests() {
            let text = format!("A contact has no login and cannot be {}.", default_role.label());
            return Err(ServiceError::Invalid("role", text));
        }
        let now = self.now();
        self.store().write(|tx| {
            let account = reach(tx, caller, account)?;
            if tx.person_by_email(account.id, &email)?.is_some() {
                return Err(ServiceError::Conflict(format!("{email} is a contact already.")));
            }
            let new = NewPerson { account: account.id, email: &email, name: &name, default_role };
            let id = tx.add_person(&new, now)?;
            let changes = PersonChanges {
                name: &name,
                company: &company,
                position: &position,
                address: &address,
                default_role,
                default_alert: input.default_alert,
            };
            tx.update_person(id, &changes)?;
            let kind = EventKind::ContactAdded { person: id, email: email.clone() };
            tx.append(account.id, None, now, &caller.actor(), &kind)?;
            Ok(tx.contact(account.id, &email)?.ok_or(StoreError::Corrupt("people"))?)
        })
    }

    /// Gives a guest of the caller's address book another address. Their links stay good.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for profiles that do not manage everything: mail about other people's
    /// proofs goes to the new address. [`ServiceError::NotFound`] for who is no guest,
    /// [`ServiceError::Conflict`] when another contact has the address, [`ServiceError::Invalid`].
    pub fn set_contact_email(&self, caller: &UserCaller, old: &str, new: &str) -> Result<(), ServiceError> {
        if !caller.profile().manages_all() {
            return Err(ServiceError::Forbidden);
        }
        let now = self.now();
        self.store().write(|tx| {
            let person = tx
                .person_by_email(caller.account(), old)?
                .filter(|person| person.user.is_none())
                .ok_or(ServiceError::NotFound(Missing::Contact))?;
            let email = email_address(new).map_err(bad_name("email"))?;
            if email == person.email {
                return Ok(());
            }
            if tx.person_by_email(caller.account(), &email)?.is_some_and(|other| other.id != person.id) {
                return Err(ServiceError::Conflict(format!("{email} is another contact's address.")));
            }
            tx.set_person_email(person.id, &email)?;
            if person.name == person.email {
                tx.set_person_name(person.id, &email)?;
            }
            let kind = EventKind::ContactEmailChanged { person: person.id, old: person.email, email };
            tx.append(caller.account(), None, now, &caller.actor(), &kind)?;
            Ok(())
        })
    }

    /// Users who may own proofs: those who may create them.
    ///
    /// # Errors
    /// [`ServiceError`] when the database fails.
    pub fn owners(&self, caller: &UserCaller) -> Result<Vec<User>, ServiceError> {
        let users = self.store().read(|tx| tx.users(caller.account()))?;
        Ok(users.into_iter().filter(may_own).collect())
    }

    /// Up to 20 people whose name or address contains the text. People who may not see contacts get none.
    ///
    /// # Errors
    /// [`ServiceError`] when the database fails.
    pub fn find_people(&self, caller: &UserCaller, text: &str) -> Result<Vec<Person>, ServiceError> {
        if !caller.profile().sees_contacts() {
            return Ok(Vec::new());
        }
        Ok(self.store().read(|tx| tx.people(caller.account(), text, 20))?)
    }
}

/// Whether a user may be the owner of a proof or folder.
pub(crate) fn may_own(user: &User) -> bool {
    user.status == UserStatus::Activated && user.profile.creates()
}
