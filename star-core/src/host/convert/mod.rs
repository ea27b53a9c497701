//! Values to Rust and back.
//!
//! In: a value of the isolate, or a Rust value. Out: the other, or a [`Mismatch`] that says where inside the value
//! what was found. Rules: a conversion from a value never runs a script; one to a value keeps what it has made so far
//! in the heap's scratch, because making more may collect.

mod containers;
mod json;
mod objects;
mod scalars;
mod text;

use std::borrow::Cow;

use crate::heap::{Ctx, Heap, Raise, TypeDesc};
use crate::object::types::TypeId;
use crate::ops::types;
use crate::text::distance::suggestion;
use crate::text::unicode::is_identifier;
use crate::value::Value;

pub(crate) use containers::MAX_DEPTH;
pub use json::{Serde, deserialize, serialize};
pub use objects::{HostClass, HostRef, InUse};
pub use text::Bytes;

/// A Rust type that values of scripts become.
///
/// Implemented for the types of the standard library, for host objects, and with `#[derive(FromStar)]` for structs and
/// enums of your own. A value of the wrong kind is a [`Mismatch`].
pub trait FromStar: Sized {
    /// The type as documents, stubs and schemas name it.
    const TYPE: &'static TypeDesc;

    /// Converts a value.
    fn from_star(ctx: &mut Ctx<'_>, value: Value) -> Result<Self, Mismatch>;

    /// What stands for a field or argument that is not there, if it may be left out.
    fn missing() -> Option<Self> {
        None
    }
}

/// A Rust type that becomes a value of scripts.
///
/// Implemented for the types of the standard library, for host objects, and with `#[derive(IntoStar)]` for structs and
/// enums of your own.
pub trait IntoStar {
    /// The type as documents, stubs and schemas name it.
    const TYPE: &'static TypeDesc;

    /// Converts to a value. May collect; the result is not rooted.
    fn into_star(self, ctx: &mut Ctx<'_>) -> Result<Value, Raise>;
}

/// A type that natives borrow: `&str`, `&[u8]`, `&Path`. What is lent lies in an owned value that shares the text or
/// bytes with the script's.
pub trait Lend {
    /// What holds it meanwhile.
    type Owned: std::borrow::Borrow<Self> + 'static;
    /// The type as documents, stubs and schemas name it.
    const TYPE: &'static TypeDesc;

    /// Takes it from a value.
    fn lend(ctx: &mut Ctx<'_>, value: Value) -> Result<Self::Owned, Mismatch>;
}

/// A value that is not what a Rust type takes: `orders[3].price: expected float, got str "12"`.
#[derive(Debug)]
pub struct Mismatch(Box<Kind>);

#[derive(Debug)]
enum Kind {
    /// What was expected and what was found, and where, innermost step first.
    Wrong { path: Vec<Step>, expected: Cow<'static, str>, found: String, class: TypeId },
    /// A struct or dict, at this path, lacks a field.
    Lacks { path: Vec<Step>, field: Cow<'static, str>, near: Option<String> },
    /// Something else was raised on the way.
    Raise(Raise),
}

/// A step into a value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Step {
    /// An item by its number.
    Index(usize),
    /// A field, a parameter, or a key that is a str.
    Field(Cow<'static, str>),
    /// Another key, as messages show it.
    Key(String),
}

/// Steps as messages write them: `orders[3].price`, `names["a b"]`.
pub fn path_text<'s>(steps: impl IntoIterator<Item = &'s Step>) -> String {
    let mut text = String::new();
    for step in steps {
        match step {
            Step::Index(index) => text.push_str(&format!("[{index}]")),
            Step::Key(key) => text.push_str(&format!("[{key}]")),
            Step::Field(name) if !is_identifier(name) => text.push_str(&format!("[{}]", quoted(name))),
            Step::Field(name) if text.is_empty() => text.push_str(name),
            Step::Field(name) => text.push_str(&format!(".{name}")),
        }
    }
    text
}

impl Mismatch {
    /// A value of another kind than expected: becomes a TypeError.
    #[cold]
    pub fn new(heap: &Heap, expected: impl Into<Cow<'static, str>>, found: Value) -> Mismatch {
        Mismatch::of(TypeId::TypeError, expected, describe(heap, found))
    }

    /// A value of the right kind that is not acceptable: becomes a ValueError.
    #[cold]
    pub fn value(heap: &Heap, expected: impl Into<Cow<'static, str>>, found: Value) -> Mismatch {
        Mismatch::of(TypeId::ValueError, expected, describe(heap, found))
    }

    /// Something that is not there.
    #[cold]
    pub fn missing(expected: impl Into<Cow<'static, str>>) -> Mismatch {
        Mismatch::of(TypeId::TypeError, expected, "nothing".to_string())
    }

    /// A struct or dict that lacks a field.
    #[cold]
    pub fn missing_field(field: impl Into<Cow<'static, str>>) -> Mismatch {
        Mismatch(Box::new(Kind::Lacks { path: Vec::new(), field: field.into(), near: None }))
    }

    /// The same, if that is what is wrong with the value itself, which has these fields: one of them may have been meant.
    fn among<'n>(mut self, fields: impl Iterator<Item = &'n str>) -> Mismatch {
        if let Kind::Lacks { path, field, near } = &mut *self.0
            && path.is_empty()
        {
            *near = suggestion(field, fields).map(String::from);
        }
        self
    }

    pub(crate) fn of(class: TypeId, expected: impl Into<Cow<'static, str>>, found: String) -> Mismatch {
        Mismatch(Box::new(Kind::Wrong { path: Vec::new(), expected: expected.into(), found, class }))
    }

    /// The same, with a hint behind it.
    pub(crate) fn adding(mut self, hint: &str) -> Mismatch {
        if let Kind::Wrong { found, .. } = &mut *self.0 {
            found.push_str(hint);
        }
        self
    }

    /// The same, found in item `index`.
    #[cold]
    pub fn at_index(self, index: usize) -> Mismatch {
        self.at(Step::Index(index))
    }

    /// The same, found in a field or under a parameter's name.
    #[cold]
    pub fn at_field(self, name: impl Into<Cow<'static, str>>) -> Mismatch {
        self.at(Step::Field(name.into()))
    }

    /// The same, found under a key of a dict.
    #[cold]
    pub fn at_key(self, heap: &Heap, key: Value) -> Mismatch {
        match heap.as_str(key) {
            Some(name) => self.at_field(name.to_string()),
            None => self.at(Step::Key(describe_short(heap, key))),
        }
    }

    /// A value of another kind was found than expected; otherwise one of the right kind was not acceptable, or
    /// something else was raised.
    pub fn is_kind(&self) -> bool {
        matches!(&*self.0, Kind::Wrong { class: TypeId::TypeError, .. })
    }

    /// What was raised on the way, if that is what it is.
    pub fn raised(&self) -> Option<Raise> {
        match &*self.0 {
            Kind::Raise(raise) => Some(*raise),
            Kind::Wrong { .. } | Kind::Lacks { .. } => None,
        }
    }

    fn at(mut self, step: Step) -> Mismatch {
        if let Kind::Wrong { path, .. } | Kind::Lacks { path, .. } = &mut *self.0 {
            path.push(step);
        }
        self
    }

    /// Where in the value it is, from the outside in; empty for the value itself.
    pub fn steps(&self) -> Vec<Step> {
        match &*self.0 {
            Kind::Wrong { path, .. } | Kind::Lacks { path, .. } => path.iter().rev().cloned().collect(),
            Kind::Raise(_) => Vec::new(),
        }
    }

    /// The same as text: `orders[3].price`.
    pub fn path(&self) -> String {
        path_text(&self.steps())
    }

    /// What is wrong there: `expected float, got str "12"`.
    pub fn problem(&self) -> String {
        match &*self.0 {
            Kind::Raise(_) => "an exception was raised".to_string(),
            Kind::Wrong { expected, found, .. } => format!("expected {expected}, got {found}"),
            Kind::Lacks { field, near: None, .. } => format!("missing field '{field}'"),
            Kind::Lacks { field, near: Some(near), .. } => {
                format!("missing field '{field}'; there is '{near}'")
            }
        }
    }

    /// As an exception; `function` is who was called, if anyone.
    #[cold]
    pub fn into_raise(self, ctx: &mut Ctx<'_>, function: Option<&str>) -> Raise {
        let class = match &*self.0 {
            Kind::Raise(raise) => return *raise,
            Kind::Wrong { class, .. } => *class,
            Kind::Lacks { .. } => TypeId::TypeError,
        };
        let message = match function {
            Some(function) if !function.is_empty() => format!("{function}(): {self}"),
            _ => self.to_string(),
        };
        ctx.error(class, message)
    }
}

impl std::fmt::Display for Mismatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (path, problem) = (self.path(), self.problem());
        let colon = if path.is_empty() { "" } else { ": " };
        write!(f, "{path}{colon}{problem}")
    }
}

impl std::error::Error for Mismatch {}

impl From<Raise> for Mismatch {
    fn from(raise: Raise) -> Mismatch {
        Mismatch(Box::new(Kind::Raise(raise)))
    }
}

/// Longest text that a message shows of a value.
const SHOWN: usize = 40;

/// A value as messages show it: `str "12"`, `int 300`, `list`.
fn describe(heap: &Heap, value: Value) -> String {
    match value {
        Value::Str(_) | Value::Int(_) | Value::Float(_) | Value::Bool(_) => {
            format!("{} {}", types::type_name(heap, value), describe_short(heap, value))
        }
        // The digits of more would take long.
        Value::BigInt(at) if heap[at].value.bits() <= 128 => format!("int {}", heap[at].value),
        Value::None => "None".to_string(),
        Value::Undef => "nothing".to_string(),
        _ => types::type_name(heap, value).to_string(),
    }
}

fn describe_short(heap: &Heap, value: Value) -> String {
    match value {
        Value::Str(at) => quoted(heap[at].as_str()),
        Value::Int(i) => i.to_string(),
        Value::Float(bits) => crate::text::float::repr_float(f64::from_bits(bits)),
        Value::Bool(b) => if b != 0 { "True" } else { "False" }.to_string(),
        _ => types::type_name(heap, value).to_string(),
    }
}

/// A text in double quotes, cut where it is long.
fn quoted(text: &str) -> String {
    let cut: String = text.chars().take(SHOWN).collect();
    let dots = if cut.len() < text.len() { "…" } else { "" };
    format!("{:?}{dots}", cut)
}
