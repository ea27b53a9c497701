//! Iterators and streams that functions return.
//!
//! In: the type of a result. Out: what its items are. Rule: what counts is the trait's name and its `Item`.

use syn::spanned::Spanned;
use syn::{
    Error, GenericArgument, PathArguments, Result, Token, TraitBound, Type, TypeParamBound,
    punctuated::Punctuated,
};

use super::types;
use crate::model::Items;

/// Traits of what is walked at once.
const ITERATORS: &[&str] =
    &["Iterator", "IntoIterator", "DoubleEndedIterator", "ExactSizeIterator", "FusedIterator"];

/// What a function returns to iterate over, if it does.
pub fn of(returned: &Type) -> Result<Option<Items>> {
    let (inner, fails) = match types::result(returned) {
        Some((ok, _)) => (ok, true),
        None => (returned, false),
    };
    let Some(bounds) = bounds(inner) else { return Ok(None) };
    for bound in bounds {
        let TypeParamBound::Trait(bound) = bound else { continue };
        let Some(name) = bound.path.segments.last().map(|last| last.ident.to_string()) else { continue };
        if name == "Future" {
            let message = "write `async fn` in place of a function that returns a future";
            return Err(Error::new(bound.span(), message));
        }
        let stream = name == "Stream";
        if !stream && !ITERATORS.contains(&&*name) {
            continue;
        }
        let Some(item) = item(bound) else {
            return Err(Error::new(bound.span(), format!("say what comes: `{name}<Item = T>`")));
        };
        return Ok(Some(Items { item, stream, fails }));
    }
    Err(Error::new(inner.span(), "scripts see types with names, iterators and streams: return one of them"))
}

/// The traits of `impl …` or `Box<dyn …>`.
fn bounds(ty: &Type) -> Option<&Punctuated<TypeParamBound, Token![+]>> {
    match types::bare(ty) {
        Type::ImplTrait(found) => Some(&found.bounds),
        Type::TraitObject(found) => Some(&found.bounds),
        ty => {
            let boxed =
                types::path(ty)?.segments.last().filter(|last| last.ident == "Box" || last.ident == "Pin")?;
            match types::arguments(boxed)[..] {
                [inner] => bounds(inner),
                _ => None,
            }
        }
    }
}

/// `T` of `Trait<Item = T>`.
fn item(bound: &TraitBound) -> Option<Type> {
    let PathArguments::AngleBracketed(list) = &bound.path.segments.last()?.arguments else { return None };
    list.args.iter().find_map(|argument| match argument {
        GenericArgument::AssocType(assigned) if assigned.ident == "Item" => Some(assigned.ty.clone()),
        _ => None,
    })
}
