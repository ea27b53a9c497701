//! The model to Rust.
//!
//! In: what is bound, checked. Out: statics that describe it, and functions that call the user's. Rule: generated code
//! names the runtime as `::star::private` alone, and does nothing itself that a function there could do.

pub mod arguments;
pub mod compare;
pub mod derive;
pub mod fields;
pub mod free;
pub mod function;
pub mod hooks;
pub mod items;
pub mod module;
pub mod object;
pub mod script;

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::{Attribute, Ident};

/// A name that no code of the user's can see.
pub fn local(name: &str) -> Ident {
    Ident::new(name, Span::mixed_site())
}

/// `Some(…)` or `None`.
pub fn option(value: Option<TokenStream>) -> TokenStream {
    match value {
        Some(value) => quote!(::core::option::Option::Some(#value)),
        None => quote!(::core::option::Option::None),
    }
}

/// Rows of a table in the order of their names, which lookups rely on.
pub fn sorted(mut rows: Vec<(String, TokenStream)>) -> Vec<TokenStream> {
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    rows.into_iter().map(|(_, row)| row).collect()
}

/// `item` where the user's conditions for it hold.
pub fn under(conditions: &[Attribute], item: TokenStream) -> TokenStream {
    quote!(#(#conditions)* #item)
}
