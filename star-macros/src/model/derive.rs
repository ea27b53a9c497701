//! Structs and enums that become values, checked.

use syn::{Expr, Generics, Ident, Type};

/// A struct or enum.
pub struct Derived {
    /// Its name in Rust.
    pub ident: Ident,
    /// Its type parameters.
    pub generics: Generics,
    /// Its name in scripts.
    pub name: String,
    /// What it consists of.
    pub shape: Shape,
    /// Anything but its fields is an error.
    pub deny_unknown: bool,
}

/// What a type consists of.
pub enum Shape {
    /// One value without a name.
    Newtype(Type),
    /// Fields with names.
    Record(Vec<Field>),
    /// Variants without content: texts.
    Choice(Vec<Variant>),
    /// Variants with content, under their name or beside a tag.
    Variants { tag: Option<String>, variants: Vec<Variant> },
}

/// A field.
pub struct Field {
    /// Its name in Rust.
    pub ident: Ident,
    /// Its name in scripts.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// Its text.
    pub doc: String,
    /// What it is when left out.
    pub default: Option<Default>,
    /// Scripts know nothing of it.
    pub skip: bool,
    /// Documents name its type, or any if there is none, and do not describe it.
    pub opaque: Option<Option<String>>,
}

/// What a field is when left out.
pub enum Default {
    /// What its type says.
    OfType,
    /// This.
    Value(Expr),
}

/// A variant of an enum.
pub struct Variant {
    /// Its name in Rust.
    pub ident: Ident,
    /// Its name in scripts.
    pub name: String,
    /// Its content.
    pub content: Content,
}

/// The content of a variant.
pub enum Content {
    /// None.
    Unit,
    /// Values without names.
    Tuple(Vec<Type>),
    /// Fields with names.
    Record(Vec<Field>),
}
