//! `format`, `getattr` and `hasattr` (stub until its owner's version is merged).

use crate::heap::{Args, Arity, Ctx, Native, NativeResult};

/// `format`.
pub const FORMAT: Native =
    Native { name: "format", owner: None, arity: Arity::Variadic, doc: "", call: later };

/// `getattr`.
pub const GETATTR: Native =
    Native { name: "getattr", owner: None, arity: Arity::Variadic, doc: "", call: later };

/// `hasattr`.
pub const HASATTR: Native =
    Native { name: "hasattr", owner: None, arity: Arity::Variadic, doc: "", call: later };

fn later(_: &mut Ctx<'_>, _: Args<'_>) -> NativeResult {
    Ok(crate::value::Value::None.into())
}
