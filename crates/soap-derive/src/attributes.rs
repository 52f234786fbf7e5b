//! What `#[soap(…)]` may say.

use proc_macro2::TokenStream;
use quote::quote;
use syn::meta::ParseNestedMeta;
use syn::{Attribute, Error, Expr, ExprLit, Lit, LitStr, Meta, Result, Type};

/// An API version as an expression.
#[derive(Clone)]
pub(crate) struct Version(u16, u16);

impl Version {
    fn parse(meta: &ParseNestedMeta<'_>) -> Result<Version> {
        let text: LitStr = meta.value()?.parse()?;
        let version = text.value();
        let parts = version
            .split_once('.')
            .and_then(|(major, minor)| Some((major.parse().ok()?, minor.parse().ok()?)));
        let (major, minor) =
            parts.ok_or_else(|| Error::new(text.span(), "expected a version such as \"12.1\""))?;
        Ok(Version(major, minor))
    }

    pub(crate) fn tokens(version: Option<&Version>) -> TokenStream {
        match version {
            Some(Version(major, minor)) => quote!(::soap::ApiVersion::new(#major, #minor)),
            None => quote!(::soap::ApiVersion::FIRST),
        }
    }

    pub(crate) fn optional_tokens(version: Option<&Version>) -> TokenStream {
        match version {
            Some(Version(major, minor)) => {
                quote!(::core::option::Option::Some(::soap::ApiVersion::new(#major, #minor)))
            }
            None => quote!(::core::option::Option::None),
        }
    }
}

#[derive(Default)]
pub(crate) struct Container {
    pub(crate) name: Option<String>,
    pub(crate) array: Option<String>,
    pub(crate) operation: Option<String>,
    pub(crate) answer: Option<Type>,
    pub(crate) section: Option<String>,
    pub(crate) since: Option<Version>,
    pub(crate) until: Option<Version>,
    pub(crate) doc: String,
}

impl Container {
    pub(crate) fn read(attributes: &[Attribute]) -> Result<Container> {
        let mut found = Container { doc: documentation(attributes), ..Container::default() };
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("soap")) {
            attribute.parse_nested_meta(|meta| {
                let slot = match meta.path.get_ident().map(ToString::to_string).as_deref() {
                    Some("name") => &mut found.name,
                    Some("array") => &mut found.array,
                    Some("operation") => &mut found.operation,
                    Some("section") => &mut found.section,
                    Some("answer") => {
                        found.answer = Some(meta.value()?.parse()?);
                        return Ok(());
                    }
                    Some("since") => {
                        found.since = Some(Version::parse(&meta)?);
                        return Ok(());
                    }
                    Some("until") => {
                        found.until = Some(Version::parse(&meta)?);
                        return Ok(());
                    }
                    _ => return Err(meta.error("unknown attribute of a wire type")),
                };
                *slot = Some(meta.value()?.parse::<LitStr>()?.value());
                Ok(())
            })?;
        }
        Ok(found)
    }
}

#[derive(Clone, Copy, Default, PartialEq)]
pub(crate) enum Requirement {
    #[default]
    Optional,
    Documented,
    Enforced,
}

#[derive(Default)]
pub(crate) struct Field {
    pub(crate) name: Option<String>,
    pub(crate) since: Option<Version>,
    pub(crate) until: Option<Version>,
    pub(crate) nillable_since: Option<Version>,
    pub(crate) requirement: Requirement,
    pub(crate) doc: String,
}

impl Field {
    pub(crate) fn read(attributes: &[Attribute]) -> Result<Field> {
        let mut found = Field { doc: documentation(attributes), ..Field::default() };
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("soap")) {
            attribute.parse_nested_meta(|meta| {
                match meta.path.get_ident().map(ToString::to_string).as_deref() {
                    Some("name") => found.name = Some(meta.value()?.parse::<LitStr>()?.value()),
                    Some("since") => found.since = Some(Version::parse(&meta)?),
                    Some("until") => found.until = Some(Version::parse(&meta)?),
                    Some("nillable_since") => found.nillable_since = Some(Version::parse(&meta)?),
                    Some("required") if meta.input.peek(syn::Token![=]) => {
                        let how: LitStr = meta.value()?.parse()?;
                        if how.value() != "documented" {
                            return Err(Error::new(how.span(), "expected \"documented\""));
                        }
                        found.requirement = Requirement::Documented;
                    }
                    Some("required") => found.requirement = Requirement::Enforced,
                    _ => return Err(meta.error("unknown attribute of a field")),
                }
                Ok(())
            })?;
        }
        Ok(found)
    }
}

/// The doc comments as plain text: lines joined, paragraphs kept.
fn documentation(attributes: &[Attribute]) -> String {
    let mut text = String::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("doc")) {
        let Meta::NameValue(meta) = &attribute.meta else { continue };
        let Expr::Lit(ExprLit { lit: Lit::Str(line), .. }) = &meta.value else { continue };
        let line = line.value();
        match line.trim() {
            "" => text.push('\n'),
            line => {
                if !text.is_empty() && !text.ends_with('\n') {
                    text.push(' ');
                }
                text.push_str(line);
            }
        }
    }
    text
}
