//! Procedural macros that bind Rust functions and types to star scripts.
//!
//! In: items of Rust with attributes. Out: the same items, and static data beside them that describes them to the
//! runtime: parse (`parse`) → validate (`validate`) → expand (`expand`). Rule: an error points at the user's own token
//! and says what to write instead.
//!
//! The documents of the crate `star` show how the macros are used.

mod expand;
mod model;
mod names;
mod parse;
mod validate;

use proc_macro::TokenStream;
use quote::quote;
use syn::{DeriveInput, Error, Item, ItemImpl, ItemMod, ItemStruct, parse_macro_input};

use parse::module::Module;
use parse::object::{Fields, Object};
use parse::options::Options;
use validate::module::Outer;

/// Binds a module: its functions, constants, types and errors become a module of scripts.
#[proc_macro_attribute]
pub fn star_module(options: TokenStream, item: TokenStream) -> TokenStream {
    let options = parse_macro_input!(options as Options);
    let item = match syn::parse::<Item>(item) {
        Ok(Item::Mod(item)) => item,
        Ok(other) => {
            let message = "`#[star_module]` stands on a `mod name { … }`";
            let error = Error::new(syn::spanned::Spanned::span(&other), message).to_compile_error();
            return quote!(#error #other).into();
        }
        Err(error) => return error.to_compile_error().into(),
    };
    bind_module(options, item).unwrap_or_else(|error| error.to_compile_error()).into()
}

/// Binds a type: its methods, attributes and operators become those of objects that scripts hold. Stands on the type's
/// `impl`, and on its struct where fields are attributes.
#[proc_macro_attribute]
pub fn star_object(options: TokenStream, item: TokenStream) -> TokenStream {
    let options = parse_macro_input!(options as Options);
    let bound = match syn::parse::<Item>(item) {
        Ok(Item::Impl(item)) => bind_object(options, item),
        Ok(Item::Struct(item)) => bind_fields(options, item),
        Ok(other) => {
            let message = "`#[star_object]` stands on an `impl Type { … }` or on its struct";
            Err(Error::new(syn::spanned::Spanned::span(&other), message))
        }
        Err(error) => Err(error),
    };
    bound.unwrap_or_else(|error| error.to_compile_error()).into()
}

fn bind_object(options: Options, item: ItemImpl) -> syn::Result<proc_macro2::TokenStream> {
    let written = Object::parse(options, item)?;
    let item = written.item.clone();
    let object = expand::object::expand(&validate::object::check(written, None)?);
    Ok(quote!(#item #object))
}

fn bind_fields(mut options: Options, item: ItemStruct) -> syn::Result<proc_macro2::TokenStream> {
    let alone = options.flag("fields_only")?.is_some();
    let mut written = Fields::parse(options, item)?;
    let item = written.item.clone();
    let (object, fields) = match alone {
        true => validate::object::check_alone(&mut written, None)
            .map(|(object, fields)| (Some(object), fields))?,
        false => (None, validate::object::check_fields(&mut written, None)?),
    };
    let (object, fields) = (object.as_ref().map(expand::object::expand), expand::fields::expand(&fields));
    Ok(quote!(#item #fields #object))
}

fn bind_module(options: Options, item: ItemMod) -> syn::Result<proc_macro2::TokenStream> {
    let mut written = Module::parse(options, item)?;
    expand_module(&mut written, None)
}

fn expand_module(written: &mut Module, outer: Option<Outer<'_>>) -> syn::Result<proc_macro2::TokenStream> {
    let module = validate::module::check(written, outer)?;
    let mut inner = Vec::new();
    for within in &mut written.modules {
        inner.push(expand_module(within, Some(module.as_outer()))?);
    }
    Ok(expand::module::expand(&module, written.item.clone(), inner))
}

/// Makes a struct or enum out of values: fields from a dict or struct value, variants from texts.
#[proc_macro_derive(FromStar, attributes(star))]
pub fn derive_from_star(item: TokenStream) -> TokenStream {
    let input = parse_macro_input!(item as DeriveInput);
    let derived = validate::derive::check(input, true).map(|derived| expand::derive::from_star(&derived));
    derived.unwrap_or_else(|error| error.to_compile_error()).into()
}

/// Makes values of a struct or enum: a `struct` value of its fields, a text for a variant.
#[proc_macro_derive(IntoStar, attributes(star))]
pub fn derive_into_star(item: TokenStream) -> TokenStream {
    let input = parse_macro_input!(item as DeriveInput);
    let derived = validate::derive::check(input, false).map(|derived| expand::derive::into_star(&derived));
    derived.unwrap_or_else(|error| error.to_compile_error()).into()
}

/// Adds an error to those found before.
fn combine(errors: &mut Option<Error>, error: Error) {
    match errors {
        Some(errors) => errors.combine(error),
        None => *errors = Some(error),
    }
}
