//! Types as they are written.
//!
//! In: a type. Out: the names and arguments in it. Rule: only what is written counts; what a name stands for the
//! compiler knows.

use syn::{GenericArgument, Path, PathArguments, PathSegment, Type, TypePath};

/// The type without parentheses around it.
pub fn bare(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => bare(&group.elem),
        Type::Paren(paren) => bare(&paren.elem),
        ty => ty,
    }
}

/// The path of a type that is one.
pub fn path(ty: &Type) -> Option<&Path> {
    match bare(ty) {
        Type::Path(TypePath { qself: None, path, .. }) => Some(path),
        _ => None,
    }
}

/// The last segment of the path of a type.
fn last(ty: &Type) -> Option<&PathSegment> {
    path(ty)?.segments.last()
}

/// Whether the last name of a type's path is `name`.
pub fn is_named(ty: &Type, name: &str) -> bool {
    last(ty).is_some_and(|last| last.ident == name)
}

/// Types in the angle brackets of the last name of a path.
pub fn arguments(segment: &PathSegment) -> Vec<&Type> {
    let PathArguments::AngleBracketed(list) = &segment.arguments else { return Vec::new() };
    let mut types = Vec::new();
    for argument in &list.args {
        if let GenericArgument::Type(ty) = argument {
            types.push(ty);
        }
    }
    types
}

/// `T` of `Option<T>`.
pub fn option(ty: &Type) -> Option<&Type> {
    let segment = last(ty).filter(|segment| segment.ident == "Option")?;
    arguments(segment).first().copied()
}

/// `T` of `Vec<T>`.
pub fn vec(ty: &Type) -> Option<&Type> {
    let segment = last(ty).filter(|segment| segment.ident == "Vec")?;
    arguments(segment).first().copied()
}

/// `T` and `E` of `Result<T, E>`.
pub fn result(ty: &Type) -> Option<(&Type, &Type)> {
    let segment = last(ty).filter(|segment| segment.ident == "Result")?;
    match arguments(segment)[..] {
        [ok, error] => Some((ok, error)),
        _ => None,
    }
}

/// Whether it is `Option<…>`.
pub fn is_option(ty: &Type) -> bool {
    option(ty).is_some()
}
