//! Types of parameters and results, as far as they are written.
//!
//! In: a type of the user's. Out: how an argument becomes it. Rule: only what is written counts; what a name stands for
//! the compiler knows, and the traits in `private` ask it.

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{Error, Lifetime, Path, Result, Type, TypeReference};

use crate::model::Take;

use crate::syntax::option;
pub use crate::syntax::{arguments, bare, is_named, is_option, path, result, vec};

/// How an argument becomes `ty`.
pub fn take(ty: &Type) -> Result<Take> {
    if let Some(inner) = option(ty)
        && let Type::Reference(reference) = bare(inner)
    {
        return match reference_take(reference)? {
            Take::Lent { ty, .. } => Ok(Take::Lent { ty, option: true }),
            Take::Object { ty, mutable, .. } => Ok(Take::Object { ty, mutable, option: true }),
            _ => Err(Error::new(inner.span(), "take an owned list here: `Option<Vec<T>>`")),
        };
    }
    match bare(ty) {
        Type::Reference(reference) => reference_take(reference),
        Type::ImplTrait(_) => Err(Error::new(
            ty.span(),
            "a parameter of a bound function has a type of its own: write it instead of `impl …`",
        )),
        Type::Slice(_) => Err(Error::new(ty.span(), "take the items as `Vec<T>` or `&[T]`")),
        Type::FnPtr(_) => Err(Error::new(ty.span(), "take a function of the script as `Callable`")),
        ty => Ok(Take::Owned(ty.clone())),
    }
}

/// Owned types that are borrowed by habit, and what to take in their place.
const OWNED: &[(&str, &str)] = &[
    ("String", "&str"),
    ("PathBuf", "&Path"),
    ("Vec", "&[T]"),
    ("Callable", "Callable"),
    ("Rooted", "Rooted"),
    ("Value", "Value"),
    ("HostRef", "&T"),
    ("HashMap", "HashMap<K, V>"),
    ("BTreeMap", "BTreeMap<K, V>"),
    ("HashSet", "HashSet<T>"),
    ("BTreeSet", "BTreeSet<T>"),
    ("Ctx", "ctx: &mut Ctx` as the first parameter instead of `&T"),
];

fn reference_take(reference: &TypeReference) -> Result<Take> {
    let (inner, mutable) = (bare(&reference.elem), reference.mutability.is_some());
    let lent = match inner {
        Type::Slice(_) => true,
        ty => is_named(ty, "str") || is_named(ty, "Path"),
    };
    if lent && mutable {
        let message =
            "what a script passes cannot be changed here: take it without `mut`, and return the new value";
        return Err(Error::new(reference.span(), message));
    }
    if let Type::Slice(slice) = inner
        && !is_named(&slice.elem, "u8")
    {
        return Ok(Take::Slice((*slice.elem).clone()));
    }
    if lent {
        return Ok(Take::Lent { ty: inner.clone(), option: false });
    }
    if let Some((owned, instead)) = OWNED.iter().find(|(owned, _)| is_named(inner, owned)) {
        let message = format!("`&{owned}` cannot be taken: take `{instead}`");
        return Err(Error::new(reference.span(), message));
    }
    match inner {
        Type::Path(_) => Ok(Take::Object { ty: inner.clone(), mutable, option: false }),
        _ => Err(Error::new(
            reference.span(),
            "only `&str`, `&[u8]`, `&Path`, `&[T]` and objects of the host are borrowed: take this by value",
        )),
    }
}

/// Whether a type names the `Value` of the runtime anywhere: not one of another crate, which is written with its path.
pub fn names_value(ty: &Type) -> bool {
    struct Finder(bool);
    impl VisitMut for Finder {
        fn visit_path_mut(&mut self, path: &mut Path) {
            let plain = path.segments.len() == 1
                || path.segments.iter().rev().nth(1).is_some_and(|segment| segment.ident == "private");
            let named = path.segments.last().is_some_and(|last| last.ident == "Value");
            self.0 |= plain && named;
            visit_mut::visit_path_mut(self, path);
        }
    }
    let mut finder = Finder(false);
    finder.visit_type_mut(&mut ty.clone());
    finder.0
}

/// A type as it can stand in a static: its lifetimes are `'static`, and `Self` is the type `own`.
pub fn constant(ty: &Type, own: Option<&Type>) -> Type {
    struct Statics;
    impl VisitMut for Statics {
        fn visit_type_reference_mut(&mut self, reference: &mut TypeReference) {
            reference.lifetime.get_or_insert_with(|| Lifetime::new("'static", reference.and_token.span));
            visit_mut::visit_type_reference_mut(self, reference);
        }

        fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
            *lifetime = Lifetime::new("'static", lifetime.span());
        }
    }
    let mut ty = ty.clone();
    Statics.visit_type_mut(&mut ty);
    name_self(&mut ty, own);
    ty
}

/// Writes the type `own` where a type says `Self`.
pub fn name_self(ty: &mut Type, own: Option<&Type>) {
    struct Named<'a>(&'a Type);
    impl VisitMut for Named<'_> {
        fn visit_type_mut(&mut self, ty: &mut Type) {
            match path(ty) {
                Some(path) if path.is_ident("Self") => *ty = self.0.clone(),
                _ => visit_mut::visit_type_mut(self, ty),
            }
        }
    }
    if let Some(own) = own {
        Named(own).visit_type_mut(ty);
    }
}

/// Where a result borrows: a reference outside of what says `'static`.
pub fn reference(ty: &Type) -> Option<Span> {
    match bare(ty) {
        Type::Reference(TypeReference { lifetime: Some(lifetime), .. }) if lifetime.ident == "static" => None,
        Type::Reference(reference) => Some(reference.and_token.span),
        Type::Tuple(tuple) => tuple.elems.iter().find_map(reference),
        ty => {
            let path = path(ty)?;
            path.segments.iter().flat_map(arguments).find_map(reference)
        }
    }
}
