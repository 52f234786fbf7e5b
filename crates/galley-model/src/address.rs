//! Where somebody lives and how they are reached, as text that nothing is derived from.

use crate::NameError;
use serde::{Deserialize, Serialize};

/// Longest value of each part, in characters.
const MAX_PART: usize = 255;

/// Postal address and telephone numbers of an account or a person; every part may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Address {
    /// Street and number.
    pub street: String,
    /// City.
    pub city: String,
    /// State or region.
    pub state: String,
    /// Postal code.
    pub postcode: String,
    /// Country, usually a code of two letters.
    pub country: String,
    /// Telephone.
    pub telephone: String,
    /// Mobile telephone.
    pub mobile: String,
    /// Fax.
    pub fax: String,
}

/// Changes of an address. What is not given stays, what is given empty is cleared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AddressEdit {
    /// Street and number.
    pub street: Option<String>,
    /// City.
    pub city: Option<String>,
    /// State or region.
    pub state: Option<String>,
    /// Postal code.
    pub postcode: Option<String>,
    /// Country.
    pub country: Option<String>,
    /// Telephone.
    pub telephone: Option<String>,
    /// Mobile telephone.
    pub mobile: Option<String>,
    /// Fax.
    pub fax: Option<String>,
}

impl Address {
    /// The address after an edit.
    ///
    /// # Errors
    /// [`NameError::TooLong`].
    pub fn edited(&self, edit: &AddressEdit) -> Result<Address, NameError> {
        Ok(Address {
            street: edited(&self.street, edit.street.as_deref())?,
            city: edited(&self.city, edit.city.as_deref())?,
            state: edited(&self.state, edit.state.as_deref())?,
            postcode: edited(&self.postcode, edit.postcode.as_deref())?,
            country: edited(&self.country, edit.country.as_deref())?,
            telephone: edited(&self.telephone, edit.telephone.as_deref())?,
            mobile: edited(&self.mobile, edit.mobile.as_deref())?,
            fax: edited(&self.fax, edit.fax.as_deref())?,
        })
    }
}

/// A line of text after an edit: unchanged when nothing is given, else trimmed and of bounded length.
///
/// # Errors
/// [`NameError::TooLong`].
pub fn edited(now: &str, to: Option<&str>) -> Result<String, NameError> {
    let Some(to) = to else { return Ok(now.to_owned()) };
    match crate::clean_name(to) {
        Ok(text) if text.chars().count() <= MAX_PART => Ok(text),
        Err(NameError::Empty) => Ok(String::new()),
        Ok(_) | Err(_) => Err(NameError::TooLong),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_parts_stay_and_empty_ones_go() {
        let home = Address { city: "Vienna".into(), fax: "1".into(), ..Address::default() };
        let edit = AddressEdit {
            street: Some("  Ring\n1 ".into()),
            fax: Some(String::new()),
            ..AddressEdit::default()
        };
        let moved = home.edited(&edit).expect("short");
        assert_eq!(
            (moved.street.as_str(), moved.city.as_str(), moved.fax.as_str()),
            ("Ring 1", "Vienna", "")
        );
        let long = AddressEdit { city: Some("x".repeat(256)), ..AddressEdit::default() };
        assert_eq!(home.edited(&long), Err(NameError::TooLong));
    }
}
