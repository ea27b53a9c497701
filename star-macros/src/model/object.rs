//! Types of the host, checked.

use proc_macro2::TokenStream;
use syn::{Attribute as Condition, Ident, Type};

use super::{Constant, Function};

/// A type whose values scripts hold.
pub struct Object {
    /// The Rust type.
    pub ty: Type,
    /// Its name in scripts.
    pub name: String,
    /// The module it belongs to, with dots; empty for none.
    pub module: String,
    /// Its text.
    pub doc: String,
    /// When it is there at all.
    pub conditions: Vec<Condition>,
    /// What calling the type does.
    pub new: Option<Function>,
    /// Its methods.
    pub methods: Vec<Function>,
    /// Functions of the type itself.
    pub statics: Vec<Function>,
    /// Attributes that methods compute.
    pub attributes: Vec<Attribute>,
    /// Constants of the type.
    pub constants: Vec<Constant>,
    /// What operators and builtins do to it.
    pub hooks: Vec<(Hook, Function)>,
    /// The same, by traits of Rust's.
    pub traits: Vec<Trait>,
    /// The method that closes it.
    pub close: Option<Function>,
    /// The method that says how many bytes it owns.
    pub bytes: Option<TokenStream>,
}

/// An attribute that is computed.
pub struct Attribute {
    /// Its spellings.
    pub names: Vec<String>,
    /// Its text.
    pub doc: String,
    /// Reads it.
    pub get: Function,
    /// Assigns it.
    pub set: Option<Function>,
}

/// An operator or builtin.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Hook {
    /// `a + b` where `a` is of the type; the name in `BinaryOp`.
    Binary(&'static str),
    /// `a + b` where `b` is.
    Reflected(&'static str),
    /// `a += b`.
    Inplace(&'static str),
    /// `-a`; the name in `UnaryOp`.
    Unary(&'static str),
    /// `int(a)`; the name in `Number`.
    Number(&'static str),
    /// `a < b`; the name in `CompareOp`.
    Compare(&'static str),
    /// All comparisons.
    Order,
    /// `hash(a)`.
    Hash,
    /// `repr(a)`.
    Repr,
    /// `str(a)`.
    Str,
    /// `format(a, spec)`.
    Format,
    /// `bool(a)`.
    Truth,
    /// `len(a)`.
    Len,
    /// `a[key]`.
    Item,
    /// `a[key] = value`.
    SetItem,
    /// `del a[key]`.
    DelItem,
    /// `item in a`.
    Contains,
    /// `iter(a)`.
    Iter,
    /// `next(a)`.
    Next,
    /// `a(…)`.
    Call,
    /// `with a as x`.
    Enter,
    /// The end of a `with` block.
    Exit,
    /// An attribute that is none of the type's own.
    Missing,
}

/// A trait of Rust's that answers for an operator.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Trait {
    /// `PartialEq`.
    Eq,
    /// `PartialOrd`.
    Ord,
    /// `Hash`.
    Hash,
    /// `Debug`.
    Repr,
    /// `Display`.
    Str,
}

/// Attributes that are fields.
pub struct Fields {
    /// The struct.
    pub ty: Type,
    /// Each field that scripts read or assign.
    pub fields: Vec<Field>,
}

/// A field that scripts read or assign.
pub struct Field {
    /// Its name in Rust.
    pub ident: Ident,
    /// Its type.
    pub ty: Type,
    /// Its spellings in scripts.
    pub names: Vec<String>,
    /// Its text.
    pub doc: String,
    /// When it is there at all.
    pub conditions: Vec<Condition>,
    /// Scripts can assign it.
    pub set: bool,
}
