//! `bytes(…)` and the methods of bytes (stub until its owner's version is merged).

use crate::heap::{Args, Arity, Ctx, Native, NativeResult};

/// `bytes`.
pub const BYTES: Native = Native { name: "bytes", owner: None, arity: Arity::Variadic, doc: "", call: later };

/// Methods, sorted by name.
pub static METHODS: &[Native] = &[];

fn later(_: &mut Ctx<'_>, _: Args<'_>) -> NativeResult {
    Ok(crate::value::Value::None.into())
}
/// What `bytes(iterable)` would give, handed on.
pub fn of_iterable(
    _: &mut Ctx<'_>,
    _: crate::value::Value,
    _: fn(&mut Ctx<'_>, &[u8], [i64; 2]) -> NativeResult,
    _: [i64; 2],
) -> NativeResult {
    Ok(crate::value::Value::None.into())
}
