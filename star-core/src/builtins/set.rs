//! set (stub until its owner's version is merged).

use crate::heap::{Args, Arity, Ctx, Native, NativeResult};

/// `set`.
pub const SET: Native = Native { name: "set", owner: None, arity: Arity::Variadic, doc: "", call: later };

/// `frozenset`.
pub const FROZENSET: Native =
    Native { name: "frozenset", owner: None, arity: Arity::Variadic, doc: "", call: later };

/// Methods, sorted by name.
pub static METHODS: &[Native] = &[];

/// Methods, sorted by name.
pub static FROZEN_METHODS: &[Native] = &[];

fn later(_: &mut Ctx<'_>, _: Args<'_>) -> NativeResult {
    Ok(crate::value::Value::None.into())
}
