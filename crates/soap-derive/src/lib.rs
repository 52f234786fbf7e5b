//! Derive macros of the `soap` crate: one struct definition gives the description, the reader and the
//! writer of a wire type.
//!
//! # Attributes of the struct
//! `#[derive(SoapObject)]`: `#[soap(name = "Wire", array = "WireArray", since = "13.7")]`. The name
//! defaults to the struct's; without `array` the type has no array type; `since` is the default of its
//! fields.
//!
//! `#[derive(SoapRequest)]`: `#[soap(operation = "getThing", answer = Thing, section = "Things",
//! since = "13.7", until = "14.1")]`. The struct's documentation is the summary of the operation.
//!
//! # Attributes of a field
//! `#[soap(name = "Wire", since = "13.7", until = "14.1", required, nillable_since = "16.24")]`. The
//! name defaults to the field's. `required` enforces presence, `required = "documented"` only says so
//! in the description. A field is of type `T` or `Option<T>`; a `T` that is null and not `required`
//! becomes the default. The documentation of the field goes into its description.

mod attributes;
mod expand;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Implements `soap::Value` and `soap::Object`, and `soap::ArrayItem` if an array is named.
#[proc_macro_derive(SoapObject, attributes(soap))]
pub fn derive_object(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand::object(&input).unwrap_or_else(|error| error.into_compile_error()).into()
}

/// Implements `soap::Operation` for the struct of an operation's parts.
#[proc_macro_derive(SoapRequest, attributes(soap))]
pub fn derive_request(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand::request(&input).unwrap_or_else(|error| error.into_compile_error()).into()
}
