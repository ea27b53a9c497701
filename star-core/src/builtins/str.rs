//! `str(…)` and the methods of strs (stub until its owner's version is merged).

use crate::heap::{Args, Arity, Ctx, Native, NativeResult};

/// `str`.
pub const STR: Native = Native { name: "str", owner: None, arity: Arity::Variadic, doc: "", call: later };

/// Methods, sorted by name.
pub static METHODS: &[Native] = &[];

fn later(_: &mut Ctx<'_>, _: Args<'_>) -> NativeResult {
    Ok(crate::value::Value::None.into())
}
