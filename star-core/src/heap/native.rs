//! Functions written in Rust, as the runtime holds them.

use super::{Args, Ctx, NativeResult};
use crate::object::types::TypeId;
use crate::value::Value;

/// The Rust side of a native.
pub type NativeFn = fn(&mut Ctx<'_>, Args<'_>) -> NativeResult;

/// How many arguments a native takes, and how CPython words it when they are wrong. Counts leave out the receiver
/// of a method.
#[derive(Clone, Copy, Debug)]
pub enum Arity {
    /// `f() takes no arguments (1 given)`
    None,
    /// `f() takes exactly one argument (2 given)`
    One,
    /// Positional only, from `.0` to `.1`: `f expected at least 1 argument, got 0`
    Positional(u8, u8),
    /// Named parameters: the first `.positional` may be given by position, all by name unless their name is empty,
    /// `.required` of them must be given: `f() missing required argument 'x' (pos 1)`.
    Named {
        /// Names; `""` for a positional-only parameter.
        names: &'static [&'static str],
        /// How many must be given.
        required: u8,
        /// How many may be given by position.
        positional: u8,
    },
    /// Anything; the native checks. It sees keywords in `Args::names`.
    Variadic,
    /// Any number by position, no keywords: `f() takes no keyword arguments`
    VariadicPositional,
}

/// A built-in function or method.
#[derive(Debug)]
pub struct Native {
    /// `len`, `append`.
    pub name: &'static str,
    /// The type it is a method of.
    pub owner: Option<TypeId>,
    /// How arguments are bound.
    pub arity: Arity,
    /// One line for `help`.
    pub doc: &'static str,
    /// The function.
    pub call: NativeFn,
}

/// The natives of an isolate, in groups: the built-in functions, and the methods of each type.
/// `Value::Native(group << 16 | index)` names one.
#[derive(Clone, Copy)]
pub struct Natives {
    /// The groups; `builtins::GROUPS` for the language's own.
    pub groups: &'static [&'static [Native]],
}

impl Natives {
    /// The native that `Value::Native(number)` names.
    #[inline]
    pub fn get(&self, number: u64) -> &'static Native {
        &self.groups[(number >> 16) as usize][number as usize & 0xFFFF]
    }

    /// The native `name` of `group`, whose natives are sorted by name.
    pub fn find(&self, group: usize, name: &str) -> Option<Value> {
        let index = self.groups[group].binary_search_by(|native| native.name.cmp(name)).ok()?;
        Some(Value::Native((group as u64) << 16 | index as u64))
    }
}
