//! The code that the derives generate.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Error, Fields, GenericArgument, Ident, PathArguments, Result, Type};

use crate::attributes::{Container, Field, Requirement, Version};

struct Member {
    ident: Ident,
    /// Type on the wire: the inside of an `Option`.
    ty: Type,
    is_option: bool,
    wire_name: String,
    /// The description as an expression.
    description: TokenStream,
    requirement: Requirement,
}

fn members(input: &DeriveInput, container: &Container) -> Result<Vec<Member>> {
    let Data::Struct(data) = &input.data else {
        return Err(Error::new_spanned(&input.ident, "only structs can be wire types"));
    };
    let fields = match &data.fields {
        Fields::Named(fields) => fields.named.iter().collect(),
        Fields::Unit => Vec::new(),
        Fields::Unnamed(fields) => return Err(Error::new_spanned(fields, "fields need names")),
    };
    if !input.generics.params.is_empty() {
        return Err(Error::new_spanned(&input.generics, "wire types cannot be generic"));
    }
    fields.into_iter().map(|field| member(field, container)).collect()
}

fn member(field: &syn::Field, container: &Container) -> Result<Member> {
    let ident = field.ident.clone().ok_or_else(|| Error::new_spanned(field, "fields need names"))?;
    let attributes = Field::read(&field.attrs)?;
    let inside = option_inside(&field.ty);
    let is_option = inside.is_some();
    let ty = inside.unwrap_or(&field.ty).clone();
    if is_option && attributes.requirement == Requirement::Enforced {
        return Err(Error::new_spanned(&field.ty, "a required field cannot be an Option"));
    }
    let wire_name =
        attributes.name.clone().unwrap_or_else(|| ident.to_string().trim_start_matches("r#").to_owned());
    let since = Version::tokens(attributes.since.as_ref().or(container.since.as_ref()));
    let until = Version::optional_tokens(attributes.until.as_ref());
    let nillable_since = Version::optional_tokens(attributes.nillable_since.as_ref());
    let requirement = match attributes.requirement {
        Requirement::Optional => quote!(Optional),
        Requirement::Documented => quote!(Documented),
        Requirement::Enforced => quote!(Enforced),
    };
    let doc = &attributes.doc;
    let description = quote! {
        ::soap::FieldDesc {
            name: #wire_name,
            ty: <#ty as ::soap::Value>::TYPE,
            since: #since,
            until: #until,
            requirement: ::soap::Requirement::#requirement,
            nillable_since: #nillable_since,
            doc: #doc,
        }
    };
    Ok(Member { ident, ty, is_option, wire_name, description, requirement: attributes.requirement })
}

/// `T` of an `Option<T>`.
fn option_inside(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == "Option")?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.first()? {
        GenericArgument::Type(inside) => Some(inside),
        _ => None,
    }
}

/// Statements that decode every slot, and the struct expression made of them. Decoding comes first
/// for all, then the complaints about missing ones.
fn decoding(members: &[Member], descriptions: &TokenStream) -> TokenStream {
    let slots = members
        .iter()
        .enumerate()
        .map(|(at, Member { ident, ty, .. })| quote!(let #ident = decoder.optional::<#ty>(slots[#at])?;));
    let values = members.iter().enumerate().map(|(at, member)| {
        let Member { ident, ty, .. } = member;
        match (member.requirement, member.is_option) {
            (Requirement::Enforced, _) => {
                quote!(#ident: ::soap::Decoder::present::<#ty>(&#descriptions[#at], #ident)?)
            }
            (_, true) => quote!(#ident),
            (_, false) => quote!(#ident: #ident.unwrap_or_default()),
        }
    });
    quote! {
        #(#slots)*
        ::core::result::Result::Ok(Self { #(#values),* })
    }
}

pub(crate) fn object(input: &DeriveInput) -> Result<TokenStream> {
    let container = Container::read(&input.attrs)?;
    let members = members(input, &container)?;
    let ident = &input.ident;
    let name = container.name.clone().unwrap_or_else(|| ident.to_string());
    let doc = &container.doc;
    let descriptions = members.iter().map(|member| &member.description);
    let count = members.len();
    let fields = quote!(<Self as ::soap::Object>::DESC.fields);
    let decoding = decoding(&members, &fields);

    let writes = members.iter().enumerate().map(|(at, Member { ident, ty, is_option, wire_name, .. })| {
        let write = if *is_option {
            quote! {
                match &self.#ident {
                    ::core::option::Option::Some(value) => ::soap::Value::write(value, #wire_name, writer),
                    ::core::option::Option::None if #fields[#at].nillable_in(version) => {
                        <#ty as ::soap::Value>::write_nil(#wire_name, writer);
                    }
                    ::core::option::Option::None => <#ty as ::soap::Value>::write_null(#wire_name, writer),
                }
            }
        } else {
            quote!(::soap::Value::write(&self.#ident, #wire_name, writer);)
        };
        quote!(if #fields[#at].in_version(version) { #write })
    });
    let nulls = members.iter().enumerate().map(|(at, Member { ty, wire_name, .. })| {
        quote! {
            if #fields[#at].in_version(version) {
                if #fields[#at].nillable_in(version) {
                    <#ty as ::soap::Value>::write_nil(#wire_name, writer);
                } else {
                    <#ty as ::soap::Value>::write_null(#wire_name, writer);
                }
            }
        }
    });
    let array = container.array.as_ref().map(|array| {
        quote! {
            impl ::soap::ArrayItem for #ident {
                const ARRAY: ::soap::ArrayDesc =
                    ::soap::ArrayDesc { name: #array, item: <#ident as ::soap::Value>::TYPE };
            }
        }
    });

    Ok(quote! {
        impl ::soap::Object for #ident {
            const DESC: ::soap::ObjectDesc =
                ::soap::ObjectDesc { name: #name, doc: #doc, fields: &[#(#descriptions),*] };
        }

        impl ::soap::Value for #ident {
            const TYPE: ::soap::TypeRef = ::soap::TypeRef::Object(&<#ident as ::soap::Object>::DESC);

            fn read(
                element: ::soap::Element<'_>,
                decoder: &mut ::soap::Decoder<'_>,
            ) -> ::core::result::Result<::core::option::Option<Self>, ::soap::DecodeError> {
                let ::core::option::Option::Some(element) = decoder.enter(element)? else {
                    return ::core::result::Result::Ok(::core::option::Option::None);
                };
                if element.text().is_some_and(|text| !text.trim_ascii().is_empty()) {
                    return ::core::result::Result::Err(::soap::DecodeError::Violation);
                }
                let mut slots = [::core::option::Option::None; #count];
                decoder.fields(element, #fields, &mut slots);
                let read: ::core::result::Result<Self, ::soap::DecodeError> = { #decoding };
                read.map(::core::option::Option::Some)
            }

            fn write(&self, name: &str, writer: &mut ::soap::Writer) {
                let version = writer.version();
                writer.open(name);
                #(#writes)*
                writer.close(name);
            }

            fn write_null(name: &str, writer: &mut ::soap::Writer) {
                let version = writer.version();
                writer.open(name);
                #(#nulls)*
                writer.close(name);
            }
        }

        #array
    })
}

pub(crate) fn request(input: &DeriveInput) -> Result<TokenStream> {
    let container = Container::read(&input.attrs)?;
    let members = members(input, &container)?;
    let ident = &input.ident;
    let missing = |what| Error::new_spanned(ident, format!("#[soap({what} = …)] is missing"));
    let name = container.operation.as_ref().ok_or_else(|| missing("operation"))?;
    let answer = container.answer.as_ref().ok_or_else(|| missing("answer"))?;
    let section = container.section.as_ref().ok_or_else(|| missing("section"))?;
    let since = Version::tokens(container.since.as_ref());
    let until = Version::optional_tokens(container.until.as_ref());
    let summary = &container.doc;
    let descriptions = members.iter().map(|member| &member.description);
    let decoding = decoding(&members, &quote!(<Self as ::soap::Operation>::OPERATION.params));

    Ok(quote! {
        impl ::soap::Operation for #ident {
            type Answer = #answer;

            const OPERATION: ::soap::OperationDesc = ::soap::OperationDesc {
                name: #name,
                since: #since,
                until: #until,
                params: &[#(#descriptions),*],
                returns: <#answer as ::soap::Value>::TYPE,
                section: #section,
                summary: #summary,
            };

            fn decode(call: &::soap::Call<'_>) -> ::core::result::Result<Self, ::soap::DecodeError> {
                let slots = call.slots();
                let mut decoder = call.decoder();
                let decoder = &mut decoder;
                #decoding
            }
        }
    })
}
