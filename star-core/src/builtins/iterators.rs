//! iterators (stub until its owner's version is merged).

use crate::heap::{Args, Arity, Ctx, Native, NativeResult};

/// `iter`.
pub const ITER: Native = Native { name: "iter", owner: None, arity: Arity::Variadic, doc: "", call: later };

/// `next`.
pub const NEXT: Native = Native { name: "next", owner: None, arity: Arity::Variadic, doc: "", call: later };

/// `enumerate`.
pub const ENUMERATE: Native =
    Native { name: "enumerate", owner: None, arity: Arity::Variadic, doc: "", call: later };

/// `filter`.
pub const FILTER: Native =
    Native { name: "filter", owner: None, arity: Arity::Variadic, doc: "", call: later };

/// `map`.
pub const MAP: Native = Native { name: "map", owner: None, arity: Arity::Variadic, doc: "", call: later };

/// `reversed`.
pub const REVERSED: Native =
    Native { name: "reversed", owner: None, arity: Arity::Variadic, doc: "", call: later };

/// `zip`.
pub const ZIP: Native = Native { name: "zip", owner: None, arity: Arity::Variadic, doc: "", call: later };

fn later(_: &mut Ctx<'_>, _: Args<'_>) -> NativeResult {
    Ok(crate::value::Value::None.into())
}
