//! Custom data of proofs (`product.md` 8.7).
//!
//! There is no other place where fields are defined, so they are defined by an administrator who sends them:
//! a section, field or option that nobody knows yet is new. For everybody else it is a mistake.

use crate::error::bad_name;
use crate::proofs::{editable, seen};
use crate::{Service, ServiceError, UserCaller};
use galley_model::{
    CustomChange, CustomError, CustomField, CustomKind, CustomOption, CustomSection, EventKind,
    MAX_CUSTOM_FIELDS, MAX_CUSTOM_OPTIONS, MAX_CUSTOM_SECTIONS, Proof, ProofId, Timestamp, clean_name,
    custom_value,
};
use galley_store::Write;

/// What somebody sends for a field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CustomInput {
    /// Name of the section.
    pub section: String,
    /// Name of the field.
    pub field: String,
    /// Its kind; needed for a field that is new.
    pub kind: Option<CustomKind>,
    /// Whether several options may be chosen; only for a field that is new.
    pub multiple: bool,
    /// Its value, or an option to choose. None leaves what is there; blank text clears it.
    pub value: Option<String>,
    /// Options with whether they are chosen. With any of them, those not named are not chosen.
    pub options: Vec<(String, bool)>,
}

fn invalid(text: String) -> ServiceError {
    ServiceError::Invalid("custom_fields", text)
}

/// Texts without regard to case: names differ in more than that.
fn same(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}

impl Service {
    /// Sections and fields of the account, with what they hold for a proof.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`].
    pub fn custom_data(
        &self,
        caller: &UserCaller,
        proof: ProofId,
    ) -> Result<Vec<CustomSection>, ServiceError> {
        self.store().read(|tx| {
            let proof = seen(tx, caller, proof)?.proof;
            Ok(tx.custom_data(proof.account, proof.id)?)
        })
    }

    /// Sets custom fields of a proof: all that are sent, or none. What is not sent stays.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Forbidden`]; [`ServiceError::Invalid`] for values that do
    /// not fit, for kinds that differ from the field's, and for what only an administrator can define.
    pub fn set_custom_data(
        &self,
        caller: &UserCaller,
        proof: ProofId,
        data: &[CustomInput],
    ) -> Result<(), ServiceError> {
        let now = self.now();
        self.store().write(|tx| {
            let proof = editable(tx, caller, proof)?.proof;
            set(tx, caller, &proof, data, now)
        })
    }
}

/// Sets custom fields of a proof in a transaction of the caller's.
pub(crate) fn set(
    tx: &Write<'_>,
    caller: &UserCaller,
    proof: &Proof,
    data: &[CustomInput],
    now: Timestamp,
) -> Result<(), ServiceError> {
    if data.len() > MAX_CUSTOM_SECTIONS * MAX_CUSTOM_FIELDS {
        return Err(invalid("There are too many fields.".to_owned()));
    }
    let mut sections = tx.custom_data(proof.account, proof.id)?;
    let mut changes = Vec::new();
    for input in data {
        let (section, field) = find(tx, caller, proof, &mut sections, input)?;
        let before = field.shown();
        apply(tx, caller, proof, field, input)?;
        let after = field.shown();
        if before != after {
            changes.push(CustomChange { section, field: field.name.clone(), before, after });
        }
    }
    if !changes.is_empty() {
        let kind = EventKind::CustomDataChanged { changes };
        tx.append(proof.account, Some(proof.id), now, &caller.actor(), &kind)?;
    }
    Ok(())
}

/// The field that is meant; an administrator's is made if there is none.
fn find<'s>(
    tx: &Write<'_>,
    caller: &UserCaller,
    proof: &Proof,
    sections: &'s mut Vec<CustomSection>,
    input: &CustomInput,
) -> Result<(String, &'s mut CustomField), ServiceError> {
    let (section, name) = (name("section", &input.section)?, name("field", &input.field)?);
    let known = sections.iter().position(|one| same(&one.name, &section));
    let at = match known {
        Some(at) => at,
        None => {
            may_define(caller, || format!("There is no custom section '{section}'."))?;
            if sections.len() >= MAX_CUSTOM_SECTIONS {
                return Err(invalid(format!(
                    "An account has at most {MAX_CUSTOM_SECTIONS} custom sections."
                )));
            }
            sections.push(CustomSection { name: section, fields: Vec::new() });
            sections.len() - 1
        }
    };
    let section = &mut sections[at];
    let at = match section.fields.iter().position(|one| same(&one.name, &name)) {
        Some(at) => at,
        None => {
            may_define(caller, || format!("There is no custom field '{name}' in '{}'.", section.name))?;
            let kind = input.kind.ok_or_else(|| invalid(format!("The new field '{name}' needs a type.")))?;
            if section.fields.len() >= MAX_CUSTOM_FIELDS {
                return Err(invalid(format!("A custom section has at most {MAX_CUSTOM_FIELDS} fields.")));
            }
            let multiple = kind.several(input.multiple);
            let row = tx.custom_section(proof.account, &section.name)?;
            let id = tx.add_custom_field(row, &name, kind, multiple)?;
            let field = CustomField { id, name, kind, multiple, value: String::new(), options: Vec::new() };
            section.fields.push(field);
            section.fields.len() - 1
        }
    };
    let field = &mut section.fields[at];
    if let Some(kind) = input.kind.filter(|kind| *kind != field.kind) {
        return Err(invalid(format!(
            "The custom field '{}' is a {}, which cannot become a {}.",
            field.name,
            field.kind.label(),
            kind.label()
        )));
    }
    Ok((section.name.clone(), field))
}

fn name(what: &'static str, text: &str) -> Result<String, ServiceError> {
    clean_name(text).map_err(bad_name(what))
}

fn may_define(caller: &UserCaller, text: impl FnOnce() -> String) -> Result<(), ServiceError> {
    if caller.profile().administers() {
        return Ok(());
    }
    Err(invalid(format!("{} An administrator of the account can add it.", text())))
}

fn apply(
    tx: &Write<'_>,
    caller: &UserCaller,
    proof: &Proof,
    field: &mut CustomField,
    input: &CustomInput,
) -> Result<(), ServiceError> {
    let shown = field.name.clone();
    let bad = |error: CustomError| invalid(format!("Custom field '{shown}': {error}."));
    if !field.kind.has_options() {
        if !input.options.is_empty() {
            return Err(invalid(format!("The custom field '{shown}' has no options.")));
        }
        if let Some(value) = &input.value {
            field.value = custom_value(field.kind, value).map_err(bad)?;
            tx.set_custom_value(proof.id, field.id, &field.value)?;
        }
        return Ok(());
    }
    let mut options = input.options.clone();
    if options.is_empty() {
        match input.value.as_deref().map(str::trim) {
            None => return Ok(()),
            Some("") => {}
            Some(value) => options.push((value.to_owned(), true)),
        }
    }
    let mut chosen = Vec::new();
    for (text, selected) in options {
        let text = name("option", &text)?;
        let id = match field.options.iter().find(|one| same(&one.name, &text)) {
            Some(option) => option.id,
            None => {
                may_define(caller, || format!("The custom field '{shown}' has no option '{text}'."))?;
                if field.options.len() >= MAX_CUSTOM_OPTIONS {
                    return Err(invalid(format!("A custom field has at most {MAX_CUSTOM_OPTIONS} options.")));
                }
                let id = tx.add_custom_option(field.id, &text)?;
                field.options.push(CustomOption { id, name: text, selected: false });
                id
            }
        };
        if selected && !chosen.contains(&id) {
            chosen.push(id);
        }
    }
    if chosen.len() > 1 && !field.multiple {
        return Err(bad(CustomError::OneOnly));
    }
    for option in &mut field.options {
        option.selected = chosen.contains(&option.id);
    }
    Ok(tx.set_custom_choices(proof.id, field.id, &chosen)?)
}
