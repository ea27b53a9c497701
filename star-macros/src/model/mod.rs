//! What is bound, checked: what `validate` gives to `expand`.
//!
//! Rule: everything here can be generated; names are those that scripts see, and types are those of the user with
//! `Self` and elided lifetimes spelled out where they stand outside functions.

pub mod derive;
pub mod object;

use proc_macro2::{Span, TokenStream};
use syn::{Attribute, Expr, Ident, Path, Type};

/// Which names functions have.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// `snake_case` raises, `PascalCase` returns a pair.
    Go,
    /// Python's names.
    Python,
}

/// A module.
pub struct Module {
    /// `net/http`.
    pub path: String,
    /// Its text.
    pub doc: String,
    /// Which names its functions have.
    pub family: Family,
    /// Its functions.
    pub functions: Vec<Function>,
    /// Its constants.
    pub constants: Vec<Constant>,
    /// Its types, as expressions of `&'static HostType`.
    pub types: Vec<Entry>,
    /// Exceptions that stand elsewhere, as expressions of `&'static HostException`.
    pub exceptions: Vec<Entry>,
    /// Exceptions that are made here.
    pub errors: Vec<Exception>,
    /// Types with an `impl` in it.
    pub objects: Vec<object::Object>,
    /// Structs whose fields are attributes.
    pub fields: Vec<object::Fields>,
    /// Modules within it, by the names of their Rust modules.
    pub inner: Vec<Ident>,
    /// Other names of what it has.
    pub aliases: Vec<(String, String)>,
}

/// An expression in a table.
#[derive(Clone)]
pub struct Entry {
    /// The expression.
    pub value: TokenStream,
    /// When it is there at all.
    pub conditions: Vec<Attribute>,
}

/// A function or method.
#[derive(Clone)]
pub struct Function {
    /// Its name in Rust, from which names of what is generated are made.
    pub ident: Ident,
    /// The name under which it raises.
    pub name: String,
    /// The name under which it returns a pair.
    pub pair_name: Option<String>,
    /// Its text.
    pub doc: String,
    /// When it is there at all.
    pub conditions: Vec<Attribute>,
    /// How it is called: `self::name`.
    pub callee: TokenStream,
    /// It is an `async fn`.
    pub asynchronous: bool,
    /// The object that it is called on, if it is a method.
    pub receiver: Option<Receiver>,
    /// What it is lent.
    pub context: Context,
    /// Its parameters.
    pub params: Vec<Param>,
    /// It complains about arguments as a function of a script does.
    pub script: bool,
    /// What it returns, for constants.
    pub returns: Type,
    /// What it returns to iterate over.
    pub items: Option<Items>,
    /// It says what it returns: it is not a `()` that was left out.
    pub says_return: bool,
    /// The capability that it needs.
    pub capability: Option<String>,
    /// What it does outside the isolate.
    pub effect: Effect,
}

/// What a function is lent.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Context {
    /// Nothing.
    None,
    /// `ctx: &mut Ctx`.
    Heap,
    /// `ctx: &AsyncCtx`.
    Waiting,
    /// `ctx: AsyncCtx`.
    WaitingOwned,
}

/// What a function returns to iterate over: `impl Iterator<Item = T>`, `impl Stream<Item = T>`.
#[derive(Clone)]
pub struct Items {
    /// `T`, as it is written.
    pub item: Type,
    /// It waits between items.
    pub stream: bool,
    /// The function itself may fail: it is in a `Result`.
    pub fails: bool,
}

/// The object that a method is called on.
#[derive(Clone)]
pub struct Receiver {
    /// Its type.
    pub ty: Type,
    /// How the method takes it.
    pub by: Hold,
}

/// How a method takes its object.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    /// `&self`.
    Shared,
    /// `&mut self`.
    Mutable,
    /// `self`, of a method that closes it.
    Owned,
}

/// What a function does outside the isolate.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Nothing.
    Pure,
    /// It looks at something.
    Read,
    /// It changes something.
    Write,
}

/// A parameter.
#[derive(Clone)]
pub struct Param {
    /// Its name.
    pub name: String,
    /// Where its type stands.
    pub span: Span,
    /// How the argument is taken.
    pub take: Take,
    /// How it is given.
    pub kind: Kind,
    /// It may be left out.
    pub optional: bool,
    /// What it is then; without it what its type says.
    pub default: Option<Expr>,
}

/// How an argument becomes what a function takes.
#[derive(Clone)]
pub enum Take {
    /// `T`.
    Owned(Type),
    /// `&str`, `&[u8]`, `&Path`; also in an `Option`.
    Lent { ty: Type, option: bool },
    /// `&[T]`, which a list becomes.
    Slice(Type),
    /// `&T`, `&mut T` for an object of the host; also in an `Option`.
    Object { ty: Type, mutable: bool, option: bool },
}

/// How an argument is given.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// By position only.
    Positional,
    /// By position or by name.
    Either,
    /// By name only.
    Keyword,
    /// All others by position.
    Args,
    /// All others by name.
    Kwargs,
}

/// A constant.
#[derive(Clone)]
pub struct Constant {
    /// Its name in scripts.
    pub name: String,
    /// Its text.
    pub doc: String,
    /// When it is there at all.
    pub conditions: Vec<Attribute>,
    /// Its value in Rust.
    pub value: TokenStream,
    /// Its type.
    pub ty: Type,
}

/// An exception type for an error type of Rust.
#[derive(Clone)]
pub struct Exception {
    /// Its name.
    pub name: String,
    /// Its text.
    pub doc: String,
    /// The built-in exception that it derives from.
    pub base: Ident,
    /// The error type.
    pub error: Path,
}
