//! functions (stub until its owner's version is merged).

use crate::heap::{Args, Arity, Ctx, Native, NativeResult};

/// `all`.
pub const ALL: Native = Native { name: "all", owner: None, arity: Arity::Variadic, doc: "", call: later };

/// `any`.
pub const ANY: Native = Native { name: "any", owner: None, arity: Arity::Variadic, doc: "", call: later };

/// `callable`.
pub const CALLABLE: Native =
    Native { name: "callable", owner: None, arity: Arity::Variadic, doc: "", call: later };

/// `hash`.
pub const HASH: Native = Native { name: "hash", owner: None, arity: Arity::Variadic, doc: "", call: later };

/// `id`.
pub const ID: Native = Native { name: "id", owner: None, arity: Arity::Variadic, doc: "", call: later };

/// `isinstance`.
pub const ISINSTANCE: Native =
    Native { name: "isinstance", owner: None, arity: Arity::Variadic, doc: "", call: later };

/// `len`.
pub const LEN: Native = Native { name: "len", owner: None, arity: Arity::Variadic, doc: "", call: later };

fn later(_: &mut Ctx<'_>, _: Args<'_>) -> NativeResult {
    Ok(crate::value::Value::None.into())
}
