//! Custom data of proofs.

use crate::backend::ServiceBackend;
use crate::dispatch::Handler;
use crate::faults;
use galley_model::{CustomField, CustomKind, CustomSection, ProofId};
use galley_service::{CustomInput, UserCaller};
use soap::{Fault, SoapObject, SoapRequest};
use std::sync::Arc;

/// Returns the custom fields of the account, in their sections, with what they hold for a proof.
#[derive(SoapRequest)]
#[soap(operation = "getProofCustomData", answer = Vec<SectionObject>, section = "Proofs", since = "16.3")]
pub struct GetProofCustomData {
    /// Session to act in.
    #[soap(name = "SessionID", since = "16.3", required = "documented")]
    pub session_id: Option<String>,
    /// The proof.
    #[soap(name = "FileID", since = "16.3", required)]
    pub file_id: i64,
}

/// Sets custom fields of a proof. What is not sent stays as it is. Sections, fields and options that are new
/// are defined by it when an administrator of the account calls, and are a fault otherwise.
#[derive(SoapRequest)]
#[soap(operation = "setProofCustomData", answer = bool, section = "Proofs", since = "16.3")]
pub struct SetProofCustomData {
    /// Session to act in.
    #[soap(name = "SessionID", since = "16.3", required = "documented")]
    pub session_id: Option<String>,
    /// The proof.
    #[soap(name = "FileID", since = "16.3", required)]
    pub file_id: i64,
    /// Fields to set, in their sections.
    #[soap(name = "Data", since = "16.3", required)]
    pub data: Vec<SectionObject>,
}

/// A section of custom fields.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPSectionObject", array = "SOAPSectionObjectArray")]
pub struct SectionObject {
    /// Its name.
    #[soap(since = "16.24")]
    pub name: String,
    /// Its fields.
    #[soap(since = "16.24", nillable_since = "16.24")]
    pub fields: Vec<CustomFieldObject>,
}

/// A custom field and what it holds.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPCustomFieldObject", array = "SOAPCustomFieldObjectArray")]
pub struct CustomFieldObject {
    /// Its name.
    #[soap(since = "16.24")]
    pub name: String,
    /// Its type: 1 text, 2 text area, 3 number, 4 date, 5 check box, 6 list, 7 multiple list, 8 radio. In a
    /// request, 0 or nothing takes the type of the field as it is.
    #[soap(since = "16.24")]
    pub r#type: i64,
    /// Its value, where there are no options. In a request, nothing leaves it and an empty text clears it.
    #[soap(since = "16.24", nillable_since = "16.24")]
    pub value: Option<String>,
    /// Whether several options may be chosen.
    #[soap(since = "16.24", nillable_since = "16.24")]
    pub multiple: Option<bool>,
    /// Its options. In a request, those not named are not chosen.
    #[soap(since = "16.24", nillable_since = "16.24")]
    pub options: Vec<CustomFieldOptionObject>,
}

/// An option of a custom field.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPCustomFieldOptionObject", array = "SOAPCustomFieldOptionObjectArray")]
pub struct CustomFieldOptionObject {
    /// Its name.
    #[soap(since = "16.24")]
    pub name: String,
    /// Whether it is chosen.
    #[soap(since = "16.24")]
    pub selected: bool,
}

impl CustomFieldObject {
    fn of(field: CustomField) -> CustomFieldObject {
        let has_options = field.kind.has_options();
        let option = |option: galley_model::CustomOption| CustomFieldOptionObject {
            name: option.name,
            selected: option.selected,
        };
        CustomFieldObject {
            value: (!has_options).then_some(field.value),
            name: field.name,
            r#type: field.kind.code(),
            multiple: Some(field.multiple),
            options: field.options.into_iter().map(option).collect(),
        }
    }

    fn input(self, section: &str) -> Result<CustomInput, Fault> {
        let kind = match self.r#type {
            0 => None,
            code => Some(
                CustomKind::from_code(code)
                    .ok_or_else(|| faults::invalid_value("type", &code.to_string()))?,
            ),
        };
        Ok(CustomInput {
            section: section.to_owned(),
            field: self.name,
            kind,
            multiple: self.multiple == Some(true),
            value: self.value,
            options: self.options.into_iter().map(|option| (option.name, option.selected)).collect(),
        })
    }
}

impl Handler<ServiceBackend> for GetProofCustomData {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<Vec<SectionObject>, Fault> {
        let sections = backend.service.custom_data(caller, ProofId(self.file_id)).map_err(faults::of)?;
        let section = |one: CustomSection| SectionObject {
            name: one.name,
            fields: one.fields.into_iter().map(CustomFieldObject::of).collect(),
        };
        Ok(sections.into_iter().map(section).collect())
    }
}

impl Handler<ServiceBackend> for SetProofCustomData {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<bool, Fault> {
        let mut data = Vec::new();
        for section in self.data {
            for field in section.fields {
                data.push(field.input(&section.name)?);
            }
        }
        backend.service.set_custom_data(caller, ProofId(self.file_id), &data).map_err(faults::of)?;
        Ok(true)
    }
}
