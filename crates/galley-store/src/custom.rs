//! Custom fields and what they hold.

use crate::rows::RowExt;
use crate::{Read, StoreError, Write};
use galley_model::{AccountId, CustomField, CustomKind, CustomOption, CustomSection, ProofId};
use rusqlite::params;

impl Read<'_> {
    /// Sections of an account with their fields, and what these hold for a proof. Two statements, however
    /// many there are.
    pub fn custom_data(&self, account: AccountId, proof: ProofId) -> Result<Vec<CustomSection>, StoreError> {
        let mut options = self
            .all(
                "SELECT o.field_id, o.id, o.name, c.option_id FROM custom_options o
                 JOIN custom_fields f ON f.id = o.field_id JOIN custom_sections s ON s.id = f.section_id
                 LEFT JOIN custom_choices c ON c.option_id = o.id AND c.proof_id = ?2
                 WHERE s.account_id = ?1 ORDER BY o.field_id, o.id",
                [account.0, proof.0],
                |row| {
                    let selected = row.col::<Option<i64>>(3)?.is_some();
                    let option = CustomOption { id: row.col(1)?, name: row.col(2)?, selected };
                    Ok((row.col::<i64>(0)?, option))
                },
            )?
            .into_iter()
            .peekable();
        let rows = self.all(
            "SELECT s.name, f.id, f.name, f.kind, f.multiple, COALESCE(v.value, '') FROM custom_sections s
             LEFT JOIN custom_fields f ON f.section_id = s.id
             LEFT JOIN custom_values v ON v.field_id = f.id AND v.proof_id = ?2
             WHERE s.account_id = ?1 ORDER BY f.id",
            [account.0, proof.0],
            |row| {
                let Some(id) = row.col::<Option<i64>>(1)? else { return Ok((row.col::<String>(0)?, None)) };
                let field = CustomField {
                    id,
                    name: row.col(2)?,
                    kind: row.value(3, "custom_fields.kind", CustomKind::from_code)?,
                    multiple: row.col::<i64>(4)? != 0,
                    value: row.col(5)?,
                    options: Vec::new(),
                };
                Ok((row.col::<String>(0)?, Some(field)))
            },
        )?;
        let mut sections: Vec<CustomSection> = Vec::new();
        for (name, field) in rows {
            let field = field.map(|mut field| {
                while let Some((_, option)) = options.next_if(|(of, _)| *of == field.id) {
                    field.options.push(option);
                }
                field
            });
            match sections.iter_mut().find(|section| section.name == name) {
                Some(section) => section.fields.extend(field),
                None => sections.push(CustomSection { name, fields: field.into_iter().collect() }),
            }
        }
        Ok(sections)
    }
}

impl Write<'_> {
    /// The section of an account with this name, made if there is none.
    pub fn custom_section(&self, account: AccountId, name: &str) -> Result<i64, StoreError> {
        let key = name.to_lowercase();
        let known = self.first(
            "SELECT id FROM custom_sections WHERE account_id = ?1 AND name_key = ?2",
            params![account.0, key],
            |row| row.col(0),
        )?;
        match known {
            Some(id) => Ok(id),
            None => self.insert(
                "INSERT INTO custom_sections (account_id, name, name_key) VALUES (?1, ?2, ?3) RETURNING id",
                params![account.0, name, key],
            ),
        }
    }

    /// Defines a field.
    pub fn add_custom_field(
        &self,
        section: i64,
        name: &str,
        kind: CustomKind,
        multiple: bool,
    ) -> Result<i64, StoreError> {
        self.insert(
            "INSERT INTO custom_fields (section_id, name, name_key, kind, multiple) VALUES (?1, ?2, ?3, ?4, ?5)
             RETURNING id",
            params![section, name, name.to_lowercase(), kind.code(), i64::from(multiple)],
        )
    }

    /// Adds an option to a field.
    pub fn add_custom_option(&self, field: i64, name: &str) -> Result<i64, StoreError> {
        self.insert(
            "INSERT INTO custom_options (field_id, name, name_key) VALUES (?1, ?2, ?3) RETURNING id",
            params![field, name, name.to_lowercase()],
        )
    }

    /// Sets what a field without options holds for a proof; blank for nothing.
    pub fn set_custom_value(&self, proof: ProofId, field: i64, value: &str) -> Result<(), StoreError> {
        self.run("DELETE FROM custom_values WHERE proof_id = ?1 AND field_id = ?2", [proof.0, field])?;
        if !value.is_empty() {
            self.run(
                "INSERT INTO custom_values (proof_id, field_id, value) VALUES (?1, ?2, ?3)",
                params![proof.0, field, value],
            )?;
        }
        Ok(())
    }

    /// Chooses these options of a field for a proof, and no others.
    pub fn set_custom_choices(&self, proof: ProofId, field: i64, options: &[i64]) -> Result<(), StoreError> {
        self.run(
            "DELETE FROM custom_choices WHERE proof_id = ?1
             AND option_id IN (SELECT id FROM custom_options WHERE field_id = ?2)",
            [proof.0, field],
        )?;
        for option in options {
            self.run("INSERT INTO custom_choices (proof_id, option_id) VALUES (?1, ?2)", [proof.0, *option])?;
        }
        Ok(())
    }

    /// Gives a new version what the version before it holds.
    pub fn copy_custom_data(&self, from: ProofId, to: ProofId) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO custom_values (proof_id, field_id, value)
             SELECT ?2, field_id, value FROM custom_values WHERE proof_id = ?1",
            [from.0, to.0],
        )?;
        self.run(
            "INSERT INTO custom_choices (proof_id, option_id)
             SELECT ?2, option_id FROM custom_choices WHERE proof_id = ?1",
            [from.0, to.0],
        )?;
        Ok(())
    }
}
