//! People who may own proofs, and the address book.

use crate::backend::{self, ServiceBackend, role_code};
use crate::dispatch::Handler;
use crate::faults;
use galley_model::{AddressEdit, Alert, Contact};
use galley_service::{ContactInput, UserCaller};
use soap::{Fault, SoapObject, SoapRequest};
use std::sync::Arc;

/// Lists the users who may own proofs.
#[derive(SoapRequest)]
#[soap(operation = "getOwners", answer = Vec<ProfileObject>, section = "People")]
pub struct GetOwners {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
}

/// Lists the address book, 25 entries at a time, by name.
#[derive(SoapRequest)]
#[soap(operation = "getPeople", answer = Vec<ContactObject>, section = "People")]
pub struct GetPeople {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// Entries to skip.
    #[soap(name = "Offset")]
    pub offset: Option<i64>,
}

/// Lists the accounts that are connected with the caller's, hub or satellites, with their people.
#[derive(SoapRequest)]
#[soap(operation = "getPeopleAccounts", answer = Vec<ContactAccountObject>, section = "People")]
pub struct GetPeopleAccounts {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
}

/// Changes the e-mail address of a guest. Their links stay good.
#[derive(SoapRequest)]
#[soap(operation = "updateContactEmail", answer = bool, section = "People")]
pub struct UpdateContactEmail {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// Current address.
    #[soap(name = "OldEmail", required)]
    pub old_email: String,
    /// New address.
    #[soap(name = "NewEmail", required)]
    pub new_email: String,
}

/// Adds a guest to the address book.
#[derive(SoapRequest)]
#[soap(operation = "addContact", answer = ContactObject, section = "People", since = "17.6")]
pub struct AddContact {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// E-mail address.
    #[soap(name = "Email", required)]
    pub email: String,
    /// Account whose address book it is; the caller's own when empty.
    #[soap(name = "AccountID")]
    pub account_id: Option<i64>,
    /// First name.
    #[soap(name = "FirstName")]
    pub first_name: Option<String>,
    /// Last name.
    #[soap(name = "LastName")]
    pub last_name: Option<String>,
    /// Job title.
    #[soap(name = "Position")]
    pub position: Option<String>,
    /// Company.
    #[soap(name = "Company")]
    pub company: Option<String>,
    /// Role when somebody adds them without naming one: 1, 3, 4 or 5.
    #[soap(name = "DefaultProofRole")]
    pub default_proof_role: Option<String>,
    /// Alert level when somebody adds them without naming one: 1 to 5, or 9 for none.
    #[soap(name = "DefaultEmailAlert")]
    pub default_email_alert: Option<String>,
    /// Street.
    #[soap(name = "Street")]
    pub street: Option<String>,
    /// City.
    #[soap(name = "City")]
    pub city: Option<String>,
    /// State or region.
    #[soap(name = "State")]
    pub state: Option<String>,
    /// Postal code.
    #[soap(name = "Zipcode")]
    pub zipcode: Option<String>,
    /// Country, two letters.
    #[soap(name = "Country")]
    pub country: Option<String>,
    /// Telephone.
    #[soap(name = "Telephone")]
    pub telephone: Option<String>,
    /// Mobile telephone.
    #[soap(name = "Mobile")]
    pub mobile: Option<String>,
    /// Fax.
    #[soap(name = "Fax")]
    pub fax: Option<String>,
}

/// Somebody in the address book.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPContactObject", array = "SOAPContactObjectArray")]
pub struct ContactObject {
    /// `user`, `member` of a connected account, or `guest`.
    #[soap(name = "type")]
    pub kind: String,
    /// E-mail address.
    pub email: String,
    /// Full name.
    pub name: String,
    /// Company; of a user or member, the account.
    pub company: String,
    /// Job title.
    pub position: String,
    /// Telephone.
    pub telephone: String,
    /// Mobile telephone.
    pub mobile: String,
    /// Fax.
    pub fax: String,
    /// Defaults when somebody adds them to a proof.
    pub proofing_defaults: ContactProofingDefaultsObject,
}

/// Defaults of a contact.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPContactProofingDefaultsObject")]
pub struct ContactProofingDefaultsObject {
    /// Role as a number.
    pub default_proof_role: String,
}

/// A connected account with its people.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPContactAccountObject", array = "SOAPContactAccountObjectArray")]
pub struct ContactAccountObject {
    /// Its id.
    pub id: i64,
    /// `hub` or `satellite`.
    #[soap(name = "type")]
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Its people.
    pub people: Vec<ContactObject>,
}

/// A user who may own proofs.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPProfileObject", array = "SOAPProfileObjectArray")]
pub struct ProfileObject {
    /// Its id.
    pub id: i64,
    /// E-mail address.
    pub email: String,
    /// Full name.
    pub name: String,
}

impl Handler<ServiceBackend> for GetOwners {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<Vec<ProfileObject>, Fault> {
        let owners = backend.service.owners(caller).map_err(faults::of)?;
        let objects = owners.into_iter().map(|user| ProfileObject {
            id: user.id.0,
            name: user.name(),
            email: user.email,
        });
        Ok(objects.collect())
    }
}

impl Handler<ServiceBackend> for GetPeople {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<Vec<ContactObject>, Fault> {
        let found = backend.service.contacts(caller, self.offset.unwrap_or(0)).map_err(faults::of)?;
        Ok(found.into_iter().map(ContactObject::of).collect())
    }
}

impl Handler<ServiceBackend> for GetPeopleAccounts {
    fn handle(
        self,
        backend: &ServiceBackend,
        caller: &Arc<UserCaller>,
    ) -> Result<Vec<ContactAccountObject>, Fault> {
        let related = backend.service.related_accounts(caller).map_err(faults::of)?;
        let objects = related.into_iter().map(|related| ContactAccountObject {
            id: related.account.id.0,
            kind: if related.account.hub == Some(caller.account()) { "satellite" } else { "hub" }.to_owned(),
            name: related.account.name,
            people: related.people.into_iter().map(ContactObject::of).collect(),
        });
        Ok(objects.collect())
    }
}

impl Handler<ServiceBackend> for UpdateContactEmail {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<bool, Fault> {
        backend.service.set_contact_email(caller, &self.old_email, &self.new_email).map_err(faults::of)?;
        Ok(true)
    }
}

impl Handler<ServiceBackend> for AddContact {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<ContactObject, Fault> {
        let alert = backend::alert("DefaultEmailAlert", &self.default_email_alert)?;
        if let Some(alert) = alert
            && matches!(alert, Alert::OwnDefault | Alert::FinalDecision)
        {
            return Err(faults::invalid_value("DefaultEmailAlert", &alert.code().to_string()));
        }
        let input = ContactInput {
            email: self.email,
            first_name: self.first_name.unwrap_or_default(),
            last_name: self.last_name.unwrap_or_default(),
            position: self.position.unwrap_or_default(),
            company: self.company.unwrap_or_default(),
            default_role: backend::role("DefaultProofRole", &self.default_proof_role)?,
            default_alert: alert,
            address: AddressEdit {
                street: self.street,
                city: self.city,
                state: self.state,
                postcode: self.zipcode,
                country: self.country,
                telephone: self.telephone,
                mobile: self.mobile,
                fax: self.fax,
            },
        };
        let account = backend::account_id(self.account_id);
        let contact = backend.service.add_contact(caller, account, &input).map_err(faults::of)?;
        Ok(ContactObject::of(contact))
    }
}

impl ContactObject {
    pub(crate) fn of(contact: Contact) -> ContactObject {
        ContactObject {
            kind: contact.kind.as_str().to_owned(),
            email: contact.email,
            name: contact.name,
            company: contact.company,
            position: contact.position,
            telephone: contact.address.telephone,
            mobile: contact.address.mobile,
            fax: contact.address.fax,
            proofing_defaults: ContactProofingDefaultsObject {
                default_proof_role: role_code(Some(contact.default_role)),
            },
        }
    }
}
