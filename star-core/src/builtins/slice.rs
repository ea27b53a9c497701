//! slice (stub until its owner's version is merged).

use crate::heap::{Args, Arity, Ctx, Native, NativeResult};

/// `slice`.
pub const SLICE: Native = Native { name: "slice", owner: None, arity: Arity::Variadic, doc: "", call: later };

/// Methods, sorted by name.
pub static METHODS: &[Native] = &[];

fn later(_: &mut Ctx<'_>, _: Args<'_>) -> NativeResult {
    Ok(crate::value::Value::None.into())
}
