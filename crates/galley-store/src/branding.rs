//! How accounts show themselves.

use crate::accounts::json;
use crate::rows::{RowExt, millis};
use crate::{Read, StoreError, Write};
use galley_model::{AccountId, Branding, Color, Logo, LogoImage, LogoSize, Timestamp};
use rusqlite::params;

impl Read<'_> {
    /// How an account shows itself. One statement.
    pub fn branding(&self, account: AccountId) -> Result<Branding, StoreError> {
        let mut rows = self.all(
            "SELECT b.name, b.accent, b.help, b.logo, i.size, i.width, i.height FROM branding b
             LEFT JOIN logo_images i ON i.code = b.logo WHERE b.account_id = ?1",
            [account.0],
            |row| {
                let code: String = row.col(3)?;
                let size = row.col::<Option<String>>(4)?.and_then(|size| LogoSize::parse(&size));
                let image = match size {
                    Some(size) => Some(LogoImage { size, width: row.col(5)?, height: row.col(6)? }),
                    None => None,
                };
                Ok(Branding {
                    name: row.col(0)?,
                    accent: row.word(1, "branding.accent", |text| match text {
                        "" => Some(None),
                        text => Color::parse(text).map(Some),
                    })?,
                    help: row.word(2, "branding.help", |text| serde_json::from_str(text).ok())?,
                    logo: image.map(|image| Logo { code, images: vec![image] }),
                })
            },
        )?;
        let images = rows.iter().filter_map(|row| row.logo.as_ref()?.images.first().copied()).collect();
        let mut found = rows.pop().unwrap_or_default();
        if let Some(logo) = &mut found.logo {
            logo.images = images;
        }
        Ok(found)
    }

    /// A logo that an account uploaded.
    pub fn logo(&self, account: AccountId, code: &str) -> Result<Option<Logo>, StoreError> {
        let images = self.all(
            "SELECT size, width, height FROM logo_images WHERE account_id = ?1 AND code = ?2",
            params![account.0, code],
            |row| {
                let size = row.word(0, "logo_images.size", LogoSize::parse)?;
                Ok(LogoImage { size, width: row.col(1)?, height: row.col(2)? })
            },
        )?;
        Ok(Some(Logo { code: code.to_owned(), images }).filter(|logo| !logo.images.is_empty()))
    }

    /// The bytes of an image of a logo, whosever.
    pub fn logo_image(&self, code: &str, size: LogoSize) -> Result<Option<Vec<u8>>, StoreError> {
        self.first(
            "SELECT data FROM logo_images WHERE code = ?1 AND size = ?2",
            params![code, size.as_str()],
            |row| row.col(0),
        )
    }
}

impl Write<'_> {
    /// Keeps how an account shows itself.
    pub fn set_branding(&self, account: AccountId, branding: &Branding) -> Result<(), StoreError> {
        let logo = branding.logo.as_ref().map_or("", |logo| &logo.code);
        self.run(
            "INSERT INTO branding (account_id, name, accent, help, logo) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (account_id) DO UPDATE SET name = excluded.name, accent = excluded.accent,
                 help = excluded.help, logo = excluded.logo",
            params![
                account.0,
                branding.name,
                branding.accent.map(|color| color.to_string()).unwrap_or_default(),
                json(&branding.help, "branding.help")?,
                logo
            ],
        )?;
        Ok(())
    }

    /// Keeps an image of a logo.
    pub fn add_logo_image(
        &self,
        account: AccountId,
        code: &str,
        image: LogoImage,
        data: &[u8],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO logo_images (code, size, account_id, width, height, data, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![code, image.size.as_str(), account.0, image.width, image.height, data, millis(now)],
        )?;
        Ok(())
    }

    /// Copies a logo to another account under another code.
    pub fn copy_logo(
        &self,
        code: &str,
        account: AccountId,
        new_code: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO logo_images (code, size, account_id, width, height, data, created_at)
             SELECT ?2, size, ?3, width, height, data, ?4 FROM logo_images WHERE code = ?1",
            params![code, new_code, account.0, millis(now)],
        )?;
        Ok(())
    }

    /// Forgets logos of an account that were uploaded before a time and are not in use.
    pub fn forget_logos(&self, account: AccountId, before: Timestamp) -> Result<(), StoreError> {
        self.run(
            "DELETE FROM logo_images WHERE account_id = ?1 AND created_at < ?2
                 AND code NOT IN (SELECT logo FROM branding WHERE account_id = ?1)",
            [account.0, millis(before)],
        )?;
        Ok(())
    }
}
