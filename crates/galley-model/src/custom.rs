//! Custom fields: what an account wants to know about proofs beside what everybody does (`product.md` 8.7).
//!
//! Nothing that was defined once is taken away or becomes something else, so what a proof holds stays
//! readable for ever.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// An account has so many sections at most.
pub const MAX_CUSTOM_SECTIONS: usize = 50;
/// A section has so many fields at most.
pub const MAX_CUSTOM_FIELDS: usize = 100;
/// A field has so many options at most.
pub const MAX_CUSTOM_OPTIONS: usize = 500;

/// Kind of a custom field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CustomKind {
    /// One line of text.
    Text,
    /// Several lines of text.
    TextArea,
    /// A number.
    Number,
    /// A day.
    Date,
    /// Yes or no.
    CheckBox,
    /// One of some options, or several when the field says so.
    List,
    /// Any of some options.
    MultiList,
    /// One of some options, all of them shown.
    Radio,
}

impl CustomKind {
    /// All kinds in the order of their numbers.
    pub const ALL: [CustomKind; 8] = [
        CustomKind::Text,
        CustomKind::TextArea,
        CustomKind::Number,
        CustomKind::Date,
        CustomKind::CheckBox,
        CustomKind::List,
        CustomKind::MultiList,
        CustomKind::Radio,
    ];

    /// The number on the wire, also stored, from 1.
    pub const fn code(self) -> i64 {
        self as i64 + 1
    }

    /// The kind with this number.
    pub fn from_code(code: i64) -> Option<CustomKind> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The kind in words.
    pub const fn label(self) -> &'static str {
        match self {
            CustomKind::Text => "text",
            CustomKind::TextArea => "text area",
            CustomKind::Number => "number",
            CustomKind::Date => "date",
            CustomKind::CheckBox => "check box",
            CustomKind::List => "list",
            CustomKind::MultiList => "multiple list",
            CustomKind::Radio => "radio",
        }
    }

    /// Whether there are options to choose from.
    pub const fn has_options(self) -> bool {
        matches!(self, CustomKind::List | CustomKind::MultiList | CustomKind::Radio)
    }

    /// Whether several options may be chosen, given what the field says.
    pub const fn several(self, multiple: bool) -> bool {
        match self {
            CustomKind::MultiList => true,
            CustomKind::List => multiple,
            _ => false,
        }
    }
}

/// Why a value does not go into a custom field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum CustomError {
    /// Not a number.
    #[error("this is not a number")]
    Number,
    /// Not a day.
    #[error("this is not a date of the form YYYY-MM-DD")]
    Date,
    /// Neither yes nor no.
    #[error("this is neither true nor false")]
    CheckBox,
    /// Too many characters.
    #[error("the text is too long")]
    TooLong,
    /// Several options of a field that takes one.
    #[error("only one option can be chosen")]
    OneOnly,
}

/// The value of a field without options as it is kept. Blank text clears the field.
///
/// # Errors
/// [`CustomError`].
pub fn custom_value(kind: CustomKind, text: &str) -> Result<String, CustomError> {
    let short = text.trim();
    let limit = if kind == CustomKind::TextArea { 10_000 } else { 1000 };
    if short.chars().nth(limit).is_some() {
        return Err(CustomError::TooLong);
    }
    if short.is_empty() {
        return Ok(String::new());
    }
    match kind {
        CustomKind::Number => {
            let plain = short.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.'));
            let number = short.parse::<f64>().is_ok_and(f64::is_finite);
            if plain && number { Ok(short.to_owned()) } else { Err(CustomError::Number) }
        }
        CustomKind::Date => short.parse::<Date>().map(|day| day.to_string()).map_err(|_| CustomError::Date),
        CustomKind::CheckBox => match short.to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" | "on" => Ok("true".to_owned()),
            "false" | "0" | "no" | "off" => Ok("false".to_owned()),
            _ => Err(CustomError::CheckBox),
        },
        _ => Ok(short.to_owned()),
    }
}

/// What a change of a custom field was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomChange {
    /// Name of the section.
    pub section: String,
    /// Name of the field.
    pub field: String,
    /// The value before, options parted by comma and blank.
    pub before: String,
    /// The value now.
    pub after: String,
}

/// A section with its fields and what they hold for one proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomSection {
    /// Name.
    pub name: String,
    /// Fields, in the order they were defined.
    pub fields: Vec<CustomField>,
}

/// A field and what it holds for one proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomField {
    /// Identifier.
    pub id: i64,
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: CustomKind,
    /// Whether several options may be chosen.
    pub multiple: bool,
    /// Its value, where there are no options; blank for none.
    pub value: String,
    /// Its options, in the order they were defined.
    pub options: Vec<CustomOption>,
}

impl CustomField {
    /// What it holds, as text.
    pub fn shown(&self) -> String {
        if !self.kind.has_options() {
            return self.value.clone();
        }
        let chosen = self.options.iter().filter(|option| option.selected);
        chosen.map(|option| option.name.as_str()).collect::<Vec<_>>().join(", ")
    }
}

/// An option of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomOption {
    /// Identifier.
    pub id: i64,
    /// Name.
    pub name: String,
    /// It is chosen.
    pub selected: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_name_kinds() {
        let codes: Vec<i64> = CustomKind::ALL.iter().map(|kind| kind.code()).collect();
        assert_eq!(codes, [1, 2, 3, 4, 5, 6, 7, 8]);
        for kind in CustomKind::ALL {
            assert_eq!(CustomKind::from_code(kind.code()), Some(kind));
        }
        assert_eq!((CustomKind::from_code(0), CustomKind::from_code(9)), (None, None));
    }

    #[test]
    fn values_by_kind() {
        use CustomKind::*;
        let long = "x".repeat(1001);
        let table: [(CustomKind, &str, Result<&str, CustomError>); 17] = [
            (Text, "  Acme ", Ok("Acme")),
            (Text, &long, Err(CustomError::TooLong)),
            (TextArea, &long, Ok(&long)),
            (Number, "12", Ok("12")),
            (Number, " -1.50 ", Ok("-1.50")),
            (Number, "1,5", Err(CustomError::Number)),
            (Number, "inf", Err(CustomError::Number)),
            (Number, "1e9", Err(CustomError::Number)),
            (Number, "", Ok("")),
            (Date, "2026-03-02", Ok("2026-03-02")),
            (Date, "2026-02-30", Err(CustomError::Date)),
            (Date, "tomorrow", Err(CustomError::Date)),
            (CheckBox, "Yes", Ok("true")),
            (CheckBox, "0", Ok("false")),
            (CheckBox, "maybe", Err(CustomError::CheckBox)),
            (CheckBox, "", Ok("")),
            (Date, " ", Ok("")),
        ];
        for (kind, text, expected) in table {
            assert_eq!(custom_value(kind, text), expected.map(str::to_owned), "{kind:?} {text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_kept_can_be_sent_back(text in ".{0,80}", code in 1i64..=8) {
            let kind = CustomKind::from_code(code).expect("a kind");
            if let Ok(kept) = custom_value(kind, &text) {
                prop_assert_eq!(custom_value(kind, &kept), Ok(kept));
            }
        }
    }
}
