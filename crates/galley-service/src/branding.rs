//! How accounts show themselves (`product.md` 9.4).

use crate::error::bad_name;
use crate::{Missing, Service, ServiceError, UserCaller, accounts, secrets};
use bytes::Bytes;
use galley_model::{
    AccountId, Branding, Color, EventKind, HelpLink, Logo, LogoImage, LogoSize, MAX_BRAND_NAME,
    MAX_HELP_LABEL, MAX_HELP_LINKS, MAX_LOGO_BYTES, clean_name, web_address,
};
use galley_store::{Read, Write};
use jiff::SignedDuration;
use std::sync::Arc;

/// Length of the code of a logo. Everybody who gets a mail with it can read it; it only must not be guessed.
const CODE_LENGTH: usize = 24;

/// A logo that was uploaded and is not in use is kept for so long: until the page is left, and for an undo.
const KEEP_UNUSED: SignedDuration = SignedDuration::from_hours(24);

/// How an account is to show itself.
#[derive(Clone, Debug, Default)]
pub struct BrandingInput {
    /// Name instead of that of the account; empty for that.
    pub name: String,
    /// Accent colour, `#rrggbb`; empty for Galley's.
    pub accent: String,
    /// Links to help.
    pub help: Vec<HelpLink>,
    /// Code of an uploaded logo; empty for none.
    pub logo: String,
}

/// How an account shows itself, and its name.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    /// Name of the account.
    pub account: String,
    /// How it shows itself.
    pub branding: Branding,
}

impl Service {
    /// How the caller's account shows itself.
    ///
    /// # Errors
    /// [`ServiceError`] when the database fails.
    pub fn branding(&self, caller: &UserCaller) -> Result<Branding, ServiceError> {
        Ok(self.store().read(|tx| tx.branding(caller.account()))?)
    }

    /// How the account shows itself whose sign-in page somebody looks at: the one that goes by the name of
    /// the host, else the one that the server began with. `host` is what the browser asked for.
    ///
    /// # Errors
    /// [`ServiceError`] when the database fails.
    pub fn branding_at(&self, host: &str) -> Result<Shown, ServiceError> {
        let host = host
            .rsplit_once(':')
            .map_or(host, |(name, port)| if port.bytes().all(|b| b.is_ascii_digit()) { name } else { host });
        let host = host.to_lowercase();
        // An account's domain is a whole name or the label before the server's own.
        let label = host.split('.').next().unwrap_or_default();
        self.store().read(|tx| {
            let found = match tx.account_by_domain(&host)? {
                Some(account) => Some(account),
                None => tx.account_by_domain(label)?,
            };
            let account = match found {
                Some(account) => Some(account),
                None => tx.first_account()?,
            };
            let Some(account) = account.map(|id| tx.account(id)).transpose()?.flatten() else {
                return Ok(Shown::default());
            };
            Ok(Shown { branding: tx.branding(account.id)?, account: account.name })
        })
    }

    /// Changes how the caller's account shows itself. A logo has to be uploaded before.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for who does not administer the account, [`ServiceError::Invalid`].
    pub fn set_branding(&self, caller: &UserCaller, input: &BrandingInput) -> Result<Branding, ServiceError> {
        administers(caller)?;
        let mut branding = checked(input)?;
        let code = input.logo.trim();
        self.store().write(|tx| {
            if !code.is_empty() {
                let missing =
                    ServiceError::Invalid("logo", "This logo is not there. Upload it again.".into());
                branding.logo = Some(tx.logo(caller.account(), code)?.ok_or(missing)?);
            }
            self.keep_branding(tx, caller, caller.account(), &branding)?;
            Ok(branding)
        })
    }

    /// Gives the caller's account Galley's own look again.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for who does not administer the account.
    pub fn reset_branding(&self, caller: &UserCaller) -> Result<(), ServiceError> {
        administers(caller)?;
        self.store().write(|tx| self.keep_branding(tx, caller, caller.account(), &Branding::default()))
    }

    fn keep_branding(
        &self,
        tx: &Write<'_>,
        caller: &UserCaller,
        account: AccountId,
        branding: &Branding,
    ) -> Result<(), ServiceError> {
        let now = self.now();
        if tx.branding(account)? != *branding {
            tx.set_branding(account, branding)?;
            tx.append(account, None, now, &caller.actor(), &EventKind::BrandingChanged)?;
        }
        tx.forget_logos(account, now - KEEP_UNUSED)?;
        Ok(())
    }

    /// Takes in a logo: a PNG, JPEG or GIF. It is shown when [`Service::set_branding`] names it, and
    /// forgotten after a day when that does not happen.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for who does not administer the account, [`ServiceError::Invalid`] for
    /// what is no such picture, [`ServiceError::Media`] for one that cannot be read.
    pub async fn add_logo(&self, caller: &Arc<UserCaller>, bytes: Bytes) -> Result<Logo, ServiceError> {
        administers(caller)?;
        if bytes.len() > MAX_LOGO_BYTES {
            return Err(ServiceError::TooLarge(MAX_LOGO_BYTES as u64));
        }
        let code = secrets::code(self.inner.random.as_ref(), CODE_LENGTH);
        let sizes = LogoSize::ALL.map(LogoSize::limits);
        let key = format!("logo{}", secrets::hex(self.inner.random.as_ref(), 12));
        let made = self.inner.media.logo(&key, bytes, &sizes).await.map_err(|error| match error.kind() {
            galley_media::MediaErrorKind::Unsupported => bad_logo("A logo is a PNG, JPEG or GIF image."),
            galley_media::MediaErrorKind::Empty => bad_logo("There is nothing to see in this image."),
            _ => ServiceError::from(error),
        })?;
        let (service, caller) = (self.clone(), Arc::clone(caller));
        let kept = tokio::task::spawn_blocking(move || {
            let now = service.now();
            service.store().write(|tx| {
                tx.forget_logos(caller.account(), now - KEEP_UNUSED)?;
                let mut images = Vec::new();
                for (size, picture) in LogoSize::ALL.into_iter().zip(made) {
                    let image = LogoImage { size, width: picture.width, height: picture.height };
                    tx.add_logo_image(caller.account(), &code, image, &picture.bytes, now)?;
                    images.push(image);
                }
                Ok(Logo { code, images })
            })
        });
        kept.await.unwrap_or_else(|error| Err(ServiceError::internal(&error)))
    }

    /// An image of a logo, a PNG, for whoever knows its code: it stands in mails.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`].
    pub fn logo_image(&self, code: &str, size: LogoSize) -> Result<Vec<u8>, ServiceError> {
        let found = self.store().read(|tx| tx.logo_image(code, size))?;
        found.ok_or(ServiceError::NotFound(Missing::Logo))
    }

    /// Copies how the caller's account shows itself to a satellite of it, all or nothing.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] for who is no billing administrator, [`ServiceError::NotFound`] for what is
    /// no satellite of the account.
    pub fn copy_branding(&self, caller: &UserCaller, satellite: AccountId) -> Result<(), ServiceError> {
        accounts::check_billing(caller)?;
        let now = self.now();
        self.store().write(|tx| {
            let to = satellite_of(tx, caller, satellite)?;
            let mut branding = tx.branding(caller.account())?;
            if let Some(logo) = &mut branding.logo {
                // A copy of its own: what the hub does later is not the satellite's.
                let code = secrets::code(self.inner.random.as_ref(), CODE_LENGTH);
                tx.copy_logo(&logo.code, to, &code, now)?;
                logo.code = code;
            }
            self.keep_branding(tx, caller, to, &branding)
        })
    }
}

fn satellite_of(tx: &Read<'_>, caller: &UserCaller, asked: AccountId) -> Result<AccountId, ServiceError> {
    let account = accounts::reach(tx, caller, Some(asked))?;
    let own = account.hub == Some(caller.account());
    if own { Ok(account.id) } else { Err(ServiceError::NotFound(Missing::Account)) }
}

fn administers(caller: &UserCaller) -> Result<(), ServiceError> {
    if caller.profile().administers() { Ok(()) } else { Err(ServiceError::Forbidden) }
}

fn bad_logo(text: &str) -> ServiceError {
    ServiceError::Invalid("logo", text.to_owned())
}

/// Everything but the logo.
fn checked(input: &BrandingInput) -> Result<Branding, ServiceError> {
    let short = |field, text: &str, most: usize| match clean_name(text) {
        Ok(text) if text.chars().count() > most => {
            Err(ServiceError::Invalid(field, format!("This text may have at most {most} characters.")))
        }
        other => other.map_err(bad_name(field)),
    };
    let name = match input.name.trim() {
        "" => String::new(),
        name => short("name", name, MAX_BRAND_NAME)?,
    };
    let accent = match input.accent.trim() {
        "" => None,
        text => {
            let color = Color::parse(text);
            let bad = || ServiceError::Invalid("accent", "A colour is written like #1f3a93.".to_owned());
            Some(color.ok_or_else(bad)?)
        }
    };
    if input.help.len() > MAX_HELP_LINKS {
        let text = format!("An account has at most {MAX_HELP_LINKS} help links.");
        return Err(ServiceError::Invalid("help", text));
    }
    let link = |link: &HelpLink| {
        let label = short("help", &link.label, MAX_HELP_LABEL)?;
        Ok(HelpLink { label, url: web_address(&link.url).map_err(bad_name("help"))? })
    };
    let help = input.help.iter().map(link).collect::<Result<_, ServiceError>>()?;
    Ok(Branding { name, accent, help, logo: None })
}
