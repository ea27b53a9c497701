//! Functions written in Rust, as the runtime holds them.

use std::borrow::Cow;

use super::host::{HostType, Signature};
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
    /// As a function that a script defines, for modules that CPython has in Python. The first `.positional` may be given
    /// by position, all but the first `.positional_only` by name; the first `.required` must be given:
    /// `f() missing 1 required positional argument: 'x'`.
    Script {
        /// Names.
        names: &'static [&'static str],
        /// How many can be given by position only.
        positional_only: u8,
        /// How many may be given by position; those after them are optional.
        positional: u8,
        /// How many must be given.
        required: u8,
    },
    /// Anything; the native checks. It sees keywords in `Args::names`.
    Variadic,
    /// Any number by position, no keywords: `f() takes no keyword arguments`
    VariadicPositional,
}

/// Whose method a native is.
#[derive(Clone, Copy, Debug)]
pub enum Owner {
    /// A built-in type's.
    Type(TypeId),
    /// A host type's.
    Host(&'static HostType),
}

impl Owner {
    /// The type's name.
    pub fn name(self) -> &'static str {
        match self {
            Owner::Type(class) => class.name(),
            Owner::Host(class) => class.name,
        }
    }

    /// The type's name where messages have it with its module.
    pub fn message_name(self) -> Cow<'static, str> {
        match self {
            Owner::Host(class) if class.hooks.full_name => format!("{}.{}", class.module, class.name).into(),
            _ => self.name().into(),
        }
    }
}

impl PartialEq for Owner {
    fn eq(&self, other: &Owner) -> bool {
        match (self, other) {
            (Owner::Type(a), Owner::Type(b)) => a == b,
            (Owner::Host(a), Owner::Host(b)) => std::ptr::eq(*a, *b),
            _ => false,
        }
    }
}

/// A built-in function or method.
#[derive(Clone, Copy, Debug)]
pub struct Native {
    /// `len`, `append`.
    pub name: &'static str,
    /// The type it is a method of.
    pub owner: Option<Owner>,
    /// How arguments are bound.
    pub arity: Arity,
    /// One line for `help`.
    pub doc: &'static str,
    /// The function.
    pub call: NativeFn,
    /// What it takes and gives, in full; the language's own functions say it in `doc`.
    pub signature: Option<&'static Signature>,
}

/// The natives of an isolate, in groups: the built-in functions, the methods of each built-in type, and what host
/// modules and types bring. `Value::Native(group << 16 | index)` names one.
#[derive(Clone)]
pub struct Natives {
    /// `builtins::GROUPS`: the language's own.
    own: &'static [&'static [Native]],
    /// Groups of the host, in order of first use; their numbers begin at [`HOST_GROUPS`].
    host: Vec<&'static [Native]>,
}

/// The first group number of a host's natives.
const HOST_GROUPS: usize = 1 << 12;

impl Natives {
    /// The language's own.
    pub const fn new(own: &'static [&'static [Native]]) -> Natives {
        Natives { own, host: Vec::new() }
    }

    /// The native that `Value::Native(number)` names.
    #[inline]
    pub fn get(&self, number: u64) -> &'static Native {
        &self.group((number >> 16) as usize)[number as usize & 0xFFFF]
    }

    #[inline]
    fn group(&self, group: usize) -> &'static [Native] {
        match group.checked_sub(HOST_GROUPS) {
            None => self.own[group],
            Some(host) => self.host[host],
        }
    }

    /// The native `name` of `group`, whose natives are sorted by name.
    pub fn find(&self, group: usize, name: &str) -> Option<Value> {
        let index = self.group(group).binary_search_by(|native| native.name.cmp(name)).ok()?;
        Some(Value::Native((group as u64) << 16 | index as u64))
    }

    /// The group of the methods of a built-in type.
    pub fn group_of(&self, class: TypeId) -> Option<usize> {
        let owner = Some(Owner::Type(class));
        self.own.iter().position(|natives| natives.first().is_some_and(|first| first.owner == owner))
    }

    /// The natives of `group`.
    pub fn of_group(&self, group: usize) -> &'static [Native] {
        self.group(group)
    }

    /// The number of a group that a host brings, if it has one.
    pub fn find_host_group(&self, natives: &'static [Native]) -> Option<usize> {
        let index = self.host.iter().position(|known| std::ptr::eq(*known, natives))?;
        Some(HOST_GROUPS + index)
    }

    /// The number of a group that a host brings; a new one if it has none yet.
    pub fn host_group(&mut self, natives: &'static [Native]) -> usize {
        self.find_host_group(natives).unwrap_or_else(|| {
            self.host.push(natives);
            HOST_GROUPS + self.host.len() - 1
        })
    }
}
