//! numbers (stub until its owner's version is merged).

use crate::heap::{Args, Arity, Ctx, Native, NativeResult};

/// `abs`.
pub const ABS: Native = Native { name: "abs", owner: None, arity: Arity::Variadic, doc: "", call: later };

/// `divmod`.
pub const DIVMOD: Native =
    Native { name: "divmod", owner: None, arity: Arity::Variadic, doc: "", call: later };

/// `pow`.
pub const POW: Native = Native { name: "pow", owner: None, arity: Arity::Variadic, doc: "", call: later };

/// `round`.
pub const ROUND: Native = Native { name: "round", owner: None, arity: Arity::Variadic, doc: "", call: later };

fn later(_: &mut Ctx<'_>, _: Args<'_>) -> NativeResult {
    Ok(crate::value::Value::None.into())
}
