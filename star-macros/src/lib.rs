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
mod syntax;
mod validate;

use proc_macro::TokenStream;
use quote::quote;
use syn::{DeriveInput, Error, Item, ItemFn, ItemImpl, ItemMod, ItemStruct, parse_macro_input};

use parse::bind::Bindings;
use parse::function::Function;
use parse::module::Module;
use parse::object::{Fields, Object};
use parse::options::Options;
use validate::function::Place;
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

/// Binds a function that stands on its own: a type of its name beside it has it for scripts. Within a module or `impl`
/// that is bound, it marks what scripts may call.
#[proc_macro_attribute]
pub fn star_fn(options: TokenStream, item: TokenStream) -> TokenStream {
    let options = parse_macro_input!(options as Options);
    let bound = match syn::parse::<Item>(item) {
        Ok(Item::Fn(item)) => bind_function(options, item),
        Ok(other) => {
            let message = "`#[star_fn]` stands on a function";
            Err(Error::new(syn::spanned::Spanned::span(&other), message))
        }
        Err(error) => Err(error),
    };
    bound.unwrap_or_else(|error| error.to_compile_error()).into()
}

fn bind_function(mut options: Options, mut item: ItemFn) -> syn::Result<proc_macro2::TokenStream> {
    let module = options.text("module")?;
    if let Some(path) = &module {
        validate::path(path)?;
    }
    let family = options.text("family")?;
    let family = family.map_or(Ok(model::Family::Go), |family| validate::family(&family))?;
    let written = Function::parse(options, &item.attrs, &mut item.sig)?;
    if let Some(receiver) = &written.receiver {
        let message = "a method is bound with its type: put `#[star_object]` on the `impl`";
        return Err(Error::new(receiver.self_token.span, message));
    }
    let errors = validate::module::errors_of(&item.sig.output);
    let place = Place { family, own: None, options: &["module", "family"] };
    let ident = &item.sig.ident;
    let bound = validate::function::check(written, &place, quote!(#ident))?;
    let module = module.map(|path| path.value());
    let beside = expand::free::expand(&bound, &item.vis, module.as_ref(), &errors);
    Ok(quote!(#item #beside))
}

/// Binds functions, types and constants of other crates: the signatures are written out, and each names what it stands
/// for.
#[proc_macro]
pub fn star_bind(input: TokenStream) -> TokenStream {
    let modules = parse_macro_input!(input as Bindings);
    let bound = modules.into_items().and_then(|items| {
        let bound = items.into_iter().map(|(options, item)| bind_module(options, item));
        bound.collect::<syn::Result<proc_macro2::TokenStream>>()
    });
    bound.unwrap_or_else(|error| error.to_compile_error()).into()
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
