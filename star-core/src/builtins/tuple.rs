//! tuple (stub until its owner's version is merged).

use crate::heap::{Args, Arity, Ctx, Native, NativeResult};

/// `tuple`.
pub const TUPLE: Native = Native { name: "tuple", owner: None, arity: Arity::Variadic, doc: "", call: later };

/// Methods, sorted by name.
pub static METHODS: &[Native] = &[];

fn later(_: &mut Ctx<'_>, _: Args<'_>) -> NativeResult {
    Ok(crate::value::Value::None.into())
}
