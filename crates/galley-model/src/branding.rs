//! How an account shows itself (`product.md` 9.4).

use crate::{Color, Palettes};
use serde::{Deserialize, Serialize};

/// Longest name in a header, in characters.
pub const MAX_BRAND_NAME: usize = 60;

/// Links to help that an account may have.
pub const MAX_HELP_LINKS: usize = 4;

/// Longest label of one, in characters.
pub const MAX_HELP_LABEL: usize = 40;

/// Bytes of a logo as it is uploaded.
pub const MAX_LOGO_BYTES: usize = 5_000_000;

/// How an account shows itself. The default is Galley's own look.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Branding {
    /// Name instead of that of the account; empty for that.
    pub name: String,
    /// Accent colour.
    pub accent: Option<Color>,
    /// Links to help, in their order.
    pub help: Vec<HelpLink>,
    /// Its logo.
    pub logo: Option<Logo>,
}

impl Branding {
    /// The shades of the accent colour.
    pub fn palettes(&self) -> Option<Palettes> {
        self.accent.map(Palettes::of)
    }

    /// What the account is called.
    pub fn name_or<'a>(&'a self, account: &'a str) -> &'a str {
        if self.name.is_empty() { account } else { &self.name }
    }
}

/// A link to help.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HelpLink {
    /// What it says.
    pub label: String,
    /// Where it leads: a web page.
    pub url: String,
}

/// A logo, made from one upload in every size that is needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logo {
    /// Part of the address of its images, which whoever gets a mail has to be able to fetch. Another
    /// upload has another code, so that an image never changes under its address.
    pub code: String,
    /// Its images, one of each size.
    pub images: Vec<LogoImage>,
}

impl Logo {
    /// The image of a size.
    pub fn image(&self, size: LogoSize) -> Option<&LogoImage> {
        self.images.iter().find(|image| image.size == size)
    }
}

/// One image of a logo: a PNG.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogoImage {
    /// Which.
    pub size: LogoSize,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

/// What an image of a logo is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogoSize {
    /// The page to sign in.
    Login,
    /// The viewer while pages are prepared; twice as fine as it is shown.
    Loading,
    /// Mails, and the headers of app and viewer.
    Email,
}

impl LogoSize {
    /// All of them.
    pub const ALL: [LogoSize; 3] = [LogoSize::Login, LogoSize::Loading, LogoSize::Email];

    /// The word that is stored and stands in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            LogoSize::Login => "login",
            LogoSize::Loading => "loading",
            LogoSize::Email => "email",
        }
    }

    /// A size by its word.
    pub fn parse(text: &str) -> Option<LogoSize> {
        LogoSize::ALL.into_iter().find(|size| size.as_str() == text)
    }

    /// Most pixels across and down. A larger logo is made smaller, a smaller one stays as it is.
    pub const fn limits(self) -> (u32, u32) {
        match self {
            LogoSize::Login => (300, 150),
            LogoSize::Loading => (600, 300),
            LogoSize::Email => (550, 90),
        }
    }
}
